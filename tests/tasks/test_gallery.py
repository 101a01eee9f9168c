"""Gallery of the shipped models: pages, index and the hook by which a task joins."""

import json
import os
import re
import sys
import types
from pathlib import Path

import pytest

from dlseq.errors import DlseqError
from dlseq.plots import AttentionExample, PageWords, attention_page
from dlseq.plots.pages.html_page import html_page
from dlseq.tasks import gallery
from dlseq.tasks.gallery import GalleryEntry, _score, gallery_entries, index_page, write_gallery
from dlseq.tasks.pretrained import pretrained, shipped_models
from dlseq.tasks.registry import TASKS, TaskEntry

MAX_BYTES = 300_000


@pytest.fixture
def task(monkeypatch):
    """A task with a hook that shows the name of its model."""
    made = types.ModuleType("made_gallery")
    made.gallery_page = lambda model, name: html_page(f"{model} {name}", "", articles="<article>한</article>")
    monkeypatch.setitem(sys.modules, "made_gallery", made)
    monkeypatch.setitem(TASKS, "made", TaskEntry("m", "Made", "p", "a made task", "made_gallery"))
    monkeypatch.setitem(TASKS, "plain", TaskEntry("m", "Plain", "p", "a task without pages"))
    monkeypatch.setattr(gallery, "load_task", lambda name: types.SimpleNamespace(load=lambda path: f"model of {name}"))
    monkeypatch.setattr(gallery, "pretrained", Path)
    return [
        GalleryEntry("made-one", "made", "exact match 1 %", "dlseq train made", True),
        GalleryEntry("plain-one", "plain", "exact match 2 %", "dlseq train plain", False),
    ]


def test_a_task_joins_by_a_module_in_its_row(task, tmp_path):
    assert [(entry.name, file) for entry, file in write_gallery(tmp_path / "out", task)] == [
        ("made-one", "made-one.html"),
        ("plain-one", ""),
    ]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"index.html", "made-one.html"}
    page = (tmp_path / "out/made-one.html").read_text("utf-8")
    assert "<h1>model of made made-one</h1>" in page and 'class="back"><a href="index.html">' in page
    index = (tmp_path / "out/index.html").read_text("utf-8")
    assert re.findall(r'href="([\w-]+\.html)"', index) == ["made-one.html"]
    assert "plain-one" in index and "a task without pages" in index and "exact match 2 %" in index


def test_a_page_that_fails_leaves_no_folder(task, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["made_gallery"], "gallery_page", lambda model, name: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        list(write_gallery(tmp_path / "out", task))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_and_an_empty_gallery_are_refused(task, tmp_path):
    (tmp_path / "mine").write_text("")
    with pytest.raises(DlseqError, match="new or empty folder"):
        next(write_gallery(tmp_path, task))
    with pytest.raises(DlseqError, match="at least one model"):
        next(write_gallery(tmp_path / "out", []))


def test_an_unknown_model_is_refused_with_a_list():
    with pytest.raises(DlseqError, match=r"Unknown shipped model. Expected one of: .*dates-world, .* Received: mars"):
        gallery_entries(["mars"])


def test_every_shipped_model_is_in_the_gallery_with_its_score():
    entries = {entry.name: entry for entry in gallery_entries()}
    assert list(entries) == shipped_models()
    for name, entry in entries.items():
        record = json.loads(pretrained(name).with_suffix(".json").read_text())
        assert entry.command == record["command"] and f" {entry.task} " in record["command"]
        assert f"on {record['tested']:,} held-out" in entry.score
    assert entries["sentiment-grammar"].score.startswith("exact match 99.1 % on")
    assert entries["names-english"].score.startswith("nats per character 1.958 on")


@pytest.mark.parametrize(("tested", "expected"), [(1, "1 held-out example"), (2000, "2,000 held-out examples")])
def test_one_example_is_singular(tested, expected):
    assert _score({"exact_match": 0.5, "tested": tested}) == f"exact match 50.0 % on {expected}"


def test_words_of_a_page_replace_those_of_attention():
    words = PageWords("Help & more", "Name", "Next letter", "came after", "was expected", "Others")
    example = AttentionExample([[1.0]], "a", "b", alternatives=[("c", 0.1)], heading="Anna")
    page = attention_page([example], words=words).html
    assert "Help &amp; more" in page and "<h2" in page and ">Others</h3>" in page
    assert re.findall(r'class="label">(.*?)<', page) == ["Name", "Next letter"]
    assert '"verbs": ["came after", "was expected"]' in page and "<bdi>Anna</bdi></h2>" in page


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The gallery of all shipped models."""
    folder = tmp_path_factory.mktemp("gallery") / "out"
    return folder, [file for _, file in write_gallery(folder, gallery_entries())]


@pytest.mark.slow
def test_the_pages_of_all_models_are_small_and_need_nothing_else(shipped):
    folder, files = shipped
    assert {"dates-world.html", "sentiment-grammar.html", "translation-ko-en.html"} <= set(files)
    assert {path.name for path in folder.iterdir()} == {"index.html", *filter(None, files)}
    for path in folder.iterdir():
        page = path.read_text("utf-8")
        assert len(page.encode()) < MAX_BYTES
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", page)
        links = set(re.findall(r'href="(?!data:)([^"#]+)"', page))
        assert links == ({"index.html"} if path.name != "index.html" else set(filter(None, files)))


@pytest.mark.slow
def test_the_maps_of_the_pages_are_those_of_the_models(shipped):
    """An oracle: the same texts, read again with the model."""
    from dlseq.tasks.dates.gallery import TEXTS
    from dlseq.tasks.dates.normalization import DateNormalizer

    page = (shipped[0] / "dates-world.html").read_text("utf-8")
    maps = [json.loads(data)["weights"] for data in re.findall(r'application/json">(.*?)</script>', page)]
    readings = DateNormalizer.load(pretrained("dates-world")).read(TEXTS)
    for weights, reading in zip(maps, readings, strict=True):
        assert reading.iso in page
        assert abs(reading.attention - weights).max() < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_the_pages_fit_a_phone(shipped, browser, open_page, scheme):
    axe = os.environ.get("DLSEQ_AXE")
    if not axe:
        pytest.skip("needs axe-core: npm pack axe-core, and DLSEQ_AXE=package/axe.min.js")
    script = "const done = arguments[0]; axe.run().then(found => done(found.violations.map(v => [v.id, v.help])))"
    browser.set_script_timeout(600)
    features = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    try:
        for path in sorted(shipped[0].iterdir()):
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", features)
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            open_page(path)
            assert browser.execute_script("return document.documentElement.scrollWidth") <= size["width"], path.name
            browser.execute_script(Path(axe).read_text("utf-8"))
            assert browser.execute_async_script(script) == [], path.name
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_index_escapes_and_links(task):
    page = index_page([GalleryEntry("<b>", "made", "<i>", "a & b", True)]).html
    assert 'href="&lt;b&gt;.html"' in page and "<i>" not in page and "a &amp; b" in page
