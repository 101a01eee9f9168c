"""A grading run that goes on where another ended, in the same folder."""

import pytest

import dlseq.grading.run as running
from dlseq.errors import DlseqError
from dlseq.grading.judge import pool as fleet
from dlseq.grading.results import read_result

NAME = "recurrent_network"  # by this name, a small course of its own: see conftest.py
RIGHT, WRONG = ("", ""), ("* 2", "* 3")


@pytest.fixture
def spied(monkeypatch):
    """Who has been judged, in order."""
    judged = []

    def spy(job):
        judged.append(job.student)
        return fleet.do_job(job)

    monkeypatch.setattr(running, "do_job", spy)
    return judged


def test_resuming_grades_nobody_twice_and_whoever_has_changed_again(marked, hand_in, spied):
    folder = hand_in(ada=RIGHT, bob=WRONG, eve=WRONG)
    first = marked(folder, "out")
    assert sorted(spied) == ["ada", "bob", "eve"]
    assert marked(folder, "out", resume=True) == first and len(spied) == 3
    hand_in(bob=RIGHT, zoe=RIGHT)
    assert [one.earned for one in marked(folder, "out", resume=True, seed=None)] == [100, 100, 0, 100]
    assert sorted(spied[3:]) == ["bob", "zoe"]


def test_a_run_that_ends_in_the_middle_leaves_whole_results_and_goes_on(marked, hand_in, spied, tmp_path, told):
    folder = hand_in(ada=RIGHT, bob=WRONG, eve=WRONG)

    def stop(result):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        marked(folder, "out", progress=stop)
    (path,) = (tmp_path / "out/results").iterdir()
    done = read_result(path)
    (tmp_path / "out/results/.bob.x1.json").write_text('{"schema": "dlseq-res')  # what SIGKILL leaves of a file
    judged = list(spied)
    again = marked(folder, "out", resume=True)
    assert told(again) == told(marked(folder)) and done in again
    assert done.student not in spied[len(judged) : -3]
    assert sorted(path.name for path in (tmp_path / "out/results").iterdir()) == ["ada.json", "bob.json", "eve.json"]


@pytest.mark.parametrize(
    "other, word",
    [
        ({"seed": 6}, "seed"),
        ({"isolation": "sandbox"}, "isolation"),
        ({"per_student": True}, "per_student"),
        ({"time_limit": 3.0}, "time_limit"),
        ({"memory": 2**29}, "memory"),
    ],
)
def test_a_run_is_not_resumed_with_other_settings(finished, marked, other, word):
    folder, _ = finished
    with pytest.raises(DlseqError, match=f"made with another {word}, and marks would not compare"):
        marked(folder, "out", resume=True, **other)


@pytest.fixture
def finished(hand_in, marked, tmp_path, monkeypatch):
    """A class and the folder of a run that is over; nobody was judged for it."""
    folder = hand_in(ada=RIGHT)
    judged = fleet.Judged((), 0.0, 0, {}, None)
    monkeypatch.setattr(running, "do_job", lambda job: judged)
    marked(folder, "out")
    return folder, tmp_path / "out"


def test_a_run_is_not_resumed_when_the_course_has_changed(finished, marked, small_course):
    small_course.tests(NAME).write_text(small_course.tests(NAME).read_text() + "\n")
    with pytest.raises(DlseqError, match="made with another course"):
        marked(finished[0], "out", resume=True)


def test_a_folder_with_results_or_anything_else_in_it_is_not_taken(finished, marked, tmp_path):
    folder, out = finished
    with pytest.raises(DlseqError, match="holds the results of a run; --resume goes on with it"):
        marked(folder, "out")
    (tmp_path / "else/results").mkdir(parents=True)
    (tmp_path / "else/results/mine.csv").write_text("1")
    (tmp_path / "file").write_text("1")
    for name in ("else", "file"):
        with pytest.raises(DlseqError, match=r"expected .* to be a new or empty folder"):
            marked(folder, name)
    with pytest.raises(DlseqError, match=r"the folder .* does not exist; make it first"):
        marked(folder, "nowhere/out")
    (out / "run.json").write_text("[1]")
    with pytest.raises(DlseqError, match=r"cannot read .*run\.json"):
        marked(folder, "out", resume=True)


def test_a_run_that_had_no_result_yet_is_begun_anew_in_its_folder(finished, marked):
    folder, out = finished
    (out / "results/ada.json").unlink()
    assert len(marked(folder, "out", seed=6)) == 1


def test_what_was_ignored_is_written_down(finished, marked):
    folder, out = finished
    assert not (out / "notes.txt").exists()
    (folder / "ada/thesis.pdf").write_text("x")
    marked(folder, "out", resume=True)
    assert (out / "notes.txt").read_text().startswith("ada: Ignored thesis.pdf: ")


def test_a_fault_of_ours_is_no_zero(marked, hand_in, tmp_path, monkeypatch):
    """Whoever can be graded is; the others have no result, and the next run goes on with them."""

    def fail(job):
        if job.student == "bob":
            raise fleet.LaneLost("the process that judges ended")
        return fleet.do_job(job)

    monkeypatch.setattr(running, "do_job", fail)
    folder = hand_in(ada=RIGHT, bob=RIGHT)
    with pytest.raises(
        DlseqError, match=r"1 of 2 submissions could not be graded and have no result.* of bob: the pro"
    ):
        marked(folder, "out")
    assert [path.name for path in (tmp_path / "out/results").iterdir()] == ["ada.json"]
    monkeypatch.undo()
    assert [one.earned for one in marked(folder, "out", resume=True)] == [100, 100]
