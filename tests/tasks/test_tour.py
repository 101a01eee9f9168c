"""Tour of the types of networks: stops, diagrams, page and command."""

import json
import os
import re
import sys
import types
from pathlib import Path

import pytest

from dlseq.cli.tour import show_tour
from dlseq.plots.pages.html_page import figure_picture
from dlseq.plots.style import new_figure
from dlseq.tasks.pretrained import shipped_models
from dlseq.tasks.registry import TASKS
from dlseq.tasks.tour import TOUR, Demonstration, TourResult, TourStop, run_tour, tour_page
from dlseq.tasks.tour.demonstration import most_frequent_share
from dlseq.tasks.tour.diagrams import CELLS, type_diagram
from dlseq.tasks.tour.stops import SEQUENCE_TYPES

STOP = TourStop("many to one", "reading of <DNA>", "", "", "made_stop")
SHOWN = Demonstration("nats per note", 2.5, 3.25, "trigram & more", 1200, "a < b", '<p class="picture"></p>')
MAX_BYTES = 900_000


def test_every_type_is_visited_in_the_order_of_the_lecture():
    visited = list(dict.fromkeys(stop.sequence_type for stop in TOUR))
    assert visited == list(SEQUENCE_TYPES) == list(CELLS)


def test_stops_are_tasks_with_shipped_models():
    for stop in TOUR:
        assert bool(stop.task) == bool(stop.model)
        if stop.task:
            assert stop.task in TASKS and stop.model in shipped_models() and stop.model.startswith(stop.task)


def test_a_stop_gets_the_seed_and_its_seconds(monkeypatch):
    module = types.ModuleType("made_stop")
    module.demonstrate = lambda model, seed: (model, seed)
    monkeypatch.setitem(sys.modules, "made_stop", module)
    [result] = run_tour([STOP], seed=7)
    assert result.stop is STOP and result.demonstration == (None, 7) and 0 <= result.seconds < 60


@pytest.mark.parametrize("sequence_type", CELLS)
def test_a_diagram_has_a_state_a_step_and_arrows_up_and_on(sequence_type):
    cells, svg = CELLS[sequence_type], type_diagram(sequence_type)
    inputs, outputs = (sum(column) for column in zip(*cells, strict=True))
    assert [svg.count(f'<rect class="{row}"') for row in ("input", "state", "output")] == [inputs, len(cells), outputs]
    assert svg.count('<line class="arrow"') == inputs + outputs + len(cells) - 1
    is_generator = sequence_type in ("one to many", "many to many, different lengths")
    assert svg.count("fed-back") == (outputs - 1 if is_generator else 0)


def test_a_page_escapes_what_it_shows_and_needs_no_network():
    page = tour_page([TourResult(STOP, SHOWN, 12.4)]).html
    assert "Reading of &lt;DNA&gt;" in page and "a &lt; b" in page and "3.250 trigram &amp; more" in page
    assert '<p class="picture"></p>' in page and "1,200 held-out" in page and "<td>12</td>" in page
    assert page.count("<svg") == 1 and not re.search(r'(src|href)="(?!data:)', page)


def test_a_share_is_a_percentage_and_nats_are_a_number():
    assert SHOWN.show(0.5) == "0.500"
    assert Demonstration("exact match", 0.9876, 0, "", 1, "", "").show(0.9876) == "98.8 %"
    assert most_frequent_share(iter("aab")) == pytest.approx(2 / 3)


def test_a_figure_becomes_an_image_with_a_description():
    figure, _ = new_figure(2, 1)
    picture = figure_picture(figure, 'a "map"')
    assert picture.startswith('<img class="figure"') and 'alt="a &quot;map&quot;"' in picture
    assert 'src="data:image/png;base64,iVBOR' in picture


def test_a_table_fits_80_columns_and_json_has_the_numbers(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    stop = TourStop("many to many, different lengths", "sentiment classification", "", "", "")
    results = [TourResult(stop, SHOWN, 3.0), TourResult(STOP, SHOWN, 3.0)]
    show_tour(results)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[0] for line in lines] == ["application", "many", "sentiment", "many", "reading"]
    show_tour(results, as_json=True)
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["type"] == stop.sequence_type and second["application"] == STOP.application
    assert (first["score"], first["baseline"], first["tested"]) == (2.5, 3.25, 1200)


@pytest.fixture(scope="module")
def results():
    """The whole tour with the shipped models."""
    return list(run_tour())


@pytest.mark.slow
def test_each_model_is_ahead_of_its_baseline(results):
    for result in results:
        shown = result.demonstration
        less_is_better = shown.metric.startswith("nats") or shown.metric.endswith("error rate")
        ahead = shown.baseline - shown.score if less_is_better else shown.score - shown.baseline
        assert ahead > 0.1, result.stop.application
        assert shown.tested >= 60 and shown.example


@pytest.mark.slow
def test_axe_finds_nothing_and_the_page_fits_a_phone(results, tmp_path, browser, open_page):
    path = tmp_path / "tour.html"
    tour_page(results).save(path)
    assert path.stat().st_size < MAX_BYTES
    axe = os.environ.get("DLSEQ_AXE")
    if not axe:
        pytest.skip("needs axe-core: npm pack axe-core, and DLSEQ_AXE=package/axe.min.js")
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    try:
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        open_page(path)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= size["width"]
        browser.execute_script(Path(axe).read_text("utf-8"))
        script = "const done = arguments[0]; axe.run().then(found => done(found.violations.map(v => [v.id, v.help])))"
        assert browser.execute_async_script(script) == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
