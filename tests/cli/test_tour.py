"""`dlseq tour`: what cannot be written is refused before a model is loaded; the page and the objects."""

import pytest

from dlseq.tasks.tour import TourResult, stops
from dlseq.tasks.tour.demonstration import Demonstration


@pytest.fixture
def made_tour(monkeypatch):
    """A tour of one stop, which needs no model."""
    import dlseq.tasks.tour

    shown = Demonstration("exact match", 0.9, 0.5, "coin", 10, "heads", "<p>coin</p>")

    def run_tour(seed):
        yield TourResult(stops.TOUR[0], shown, float(seed))

    monkeypatch.setattr(dlseq.tasks.tour, "run_tour", run_tour)
    monkeypatch.setattr(dlseq.tasks.tour, "TOUR", stops.TOUR[:1])


def test_a_file_that_is_no_page_is_refused_at_once(dlseq_command, tmp_path):
    status, out, error = dlseq_command("tour", "--out", tmp_path / "tour.png")
    assert (status, out) == (2, "") and ".html" in error
    assert list(tmp_path.iterdir()) == []


def test_the_page_is_written_and_named(made_tour, dlseq_command, tmp_path):
    path = tmp_path / "tour.html"
    status, out, _ = dlseq_command("tour", "--out", path, "--seed", 4)
    assert status == 0 and out.splitlines()[-1] == f"Page: {path}" and "90.0 %" in out and "4 s" in out
    assert "<p>coin</p>" in path.read_text("utf-8")


def test_objects_stand_alone_on_standard_output(made_tour, dlseq_command, tmp_path):
    status, out, error = dlseq_command("tour", "--out", tmp_path / "tour.html", "--json")
    assert status == 0 and out.count("\n") == 1 and "Page:" in error
