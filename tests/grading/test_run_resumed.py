"""A grading run that is resumed in the folder of an interrupted one."""

import pytest

import dlseq.grading.run as running
from dlseq.errors import DlseqError
from dlseq.grading.judge import pool
from dlseq.grading.judge.client import JudgeProcessError
from dlseq.grading.plan import GradingOptions, make_plan, record_digest
from dlseq.grading.results import ExerciseResult, SubmissionResult, read_result, write_result

NAME = "recurrent_network"  # the small course of conftest.py has an exercise of this name
RIGHT, WRONG = ("", ""), ("* 2", "* 3")


@pytest.fixture
def graded_students(monkeypatch):
    """Students whose jobs have been graded, in order."""
    students = []

    def spy(job, *settings):
        students.append(job.name)
        return pool.grade_job(job, *settings)

    monkeypatch.setattr(running, "grade_job", spy)
    return students


def test_resumed_run_grades_new_and_changed_submissions_only(grade_class, hand_in, graded_students):
    folder = hand_in(ada=RIGHT, bob=WRONG, eve=WRONG)
    first = grade_class(folder, "out")
    assert sorted(graded_students) == ["ada", "bob", "eve"]
    assert grade_class(folder, "out", resume=True) == first and len(graded_students) == 3
    hand_in(bob=RIGHT, zoe=RIGHT)
    assert [result.earned for result in grade_class(folder, "out", resume=True, seed=None)] == [100, 100, 0, 100]
    assert sorted(graded_students[3:]) == ["bob", "zoe"]


def test_a_kept_result_is_of_the_same_person(small_course, hand_in, tmp_path):
    """Names are numbered afresh: a namesake with the same code was once taken for the one who has withdrawn it."""
    folder, out = hand_in(**{f"Ada_{number}_assignsubmission_file_": RIGHT for number in (1, 2)}), tmp_path / "out"
    options = GradingOptions((NAME,), seed=5, resume=True)
    for entry in make_plan([folder], options, out=out, course=small_course).submissions:
        path = out / "results" / f"{entry.student}.json"
        write_result(
            SubmissionResult(entry.student, "", "sandbox", (), files=entry.digests, identity=entry.identity), path
        )
        record_digest(path)
    assert len(make_plan([folder], options, out=out, course=small_course).finished) == 2
    (folder / "Ada_1_assignsubmission_file_").rename(tmp_path / "withdrawn")
    plan = make_plan([folder], options, out=out, course=small_course)
    assert [entry.identity.id for entry in plan.submissions] == ["2"] and plan.finished == ()


def test_interrupted_run_has_whole_results_and_can_be_resumed(
    grade_class, hand_in, graded_students, tmp_path, marks_of
):
    folder = hand_in(ada=RIGHT, bob=WRONG, eve=WRONG)

    def stop(result):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_class(folder, "out", progress=stop)
    (path,) = (tmp_path / "out/results").iterdir()
    done = read_result(path)
    (tmp_path / "out/results/.bob.x1.json").write_text('{"schema": "dlseq-res')  # as after SIGKILL
    before = list(graded_students)
    again = grade_class(folder, "out", resume=True)
    assert marks_of(again) == marks_of(grade_class(folder)) and done in again
    assert done.student not in graded_students[len(before) : -3]
    assert sorted(path.name for path in (tmp_path / "out/results").iterdir()) == ["ada.json", "bob.json", "eve.json"]


@pytest.mark.parametrize(
    "other, word",
    [
        ({"seed": 6}, "seed"),
        ({"isolation": "sandbox"}, "isolation"),
        ({"per_student": True}, "per_student"),
        ({"time_limit": 3.0}, "time_limit"),
        ({"memory_bytes": 2**29}, "memory"),
    ],
)
def test_run_is_not_resumed_with_other_options(finished, grade_class, other, word):
    folder, _ = finished
    with pytest.raises(DlseqError, match=f"made with another {word}: marks would not compare"):
        grade_class(folder, "out", resume=True, **other)


@pytest.fixture
def finished(hand_in, grade_class, tmp_path, monkeypatch):
    """A class and the folder of a finished run, in which no job ran."""
    folder = hand_in(ada=RIGHT)
    result = pool.JobResult(ExerciseResult(NAME, 0.0, 5), {})
    monkeypatch.setattr(running, "grade_job", lambda *job: result)
    grade_class(folder, "out")
    return folder, tmp_path / "out"


def test_run_is_not_resumed_after_a_change_of_the_course(finished, grade_class, small_course):
    small_course.tests(NAME).write_text(small_course.tests(NAME).read_text() + "\n")
    with pytest.raises(DlseqError, match="made with another course"):
        grade_class(finished[0], "out", resume=True)


def test_folder_with_other_files_is_refused(finished, grade_class, tmp_path):
    folder, out = finished
    with pytest.raises(DlseqError, match=r"holds the results of a run\. Go on with it by --resume"):
        grade_class(folder, "out")
    (tmp_path / "else/results").mkdir(parents=True)
    (tmp_path / "else/results/mine.csv").write_text("1")
    (tmp_path / "file").write_text("1")
    for name in ("else", "file"):
        with pytest.raises(DlseqError, match=r"expected .* to be a new or empty folder"):
            grade_class(folder, name)
    with pytest.raises(DlseqError, match=r"the folder .* does not exist\. Create it first"):
        grade_class(folder, "nowhere/out")
    (out / "run.json").write_text("[1]")
    with pytest.raises(DlseqError, match=r"Cannot read .*run\.json"):
        grade_class(folder, "out", resume=True)


def test_run_without_results_is_started_anew(finished, grade_class):
    folder, out = finished
    (out / "results/ada.json").unlink()
    assert len(grade_class(folder, "out", seed=6)) == 1


def test_notes_on_ignored_files_are_written(finished, grade_class):
    folder, out = finished
    assert not (out / "notes.txt").exists()
    (folder / "ada/thesis.pdf").write_text("x")
    grade_class(folder, "out", resume=True)
    assert (out / "notes.txt").read_text().startswith("ada: Ignored thesis.pdf: ")


def test_failure_of_the_grader_is_no_zero(grade_class, hand_in, tmp_path, monkeypatch):
    """Submissions without a result are graded by the resumed run."""

    def fail(job, *settings):
        if job.name == "bob":
            raise JudgeProcessError("the judge process ended")
        return pool.grade_job(job, *settings)

    monkeypatch.setattr(running, "grade_job", fail)
    folder = hand_in(ada=RIGHT, bob=RIGHT)
    with pytest.raises(
        DlseqError, match=r"1 of 2 submissions could not be graded and have no result.* of bob: the judge"
    ):
        grade_class(folder, "out")
    assert [path.name for path in (tmp_path / "out/results").iterdir()] == ["ada.json"]
    monkeypatch.undo()
    assert [result.earned for result in grade_class(folder, "out", resume=True)] == [100, 100]


def test_a_result_that_another_program_wrote_is_graded_again(grade_class, hand_in, tmp_path, graded_students):
    """A file with 100 points, put into the folder of a run, once went into the gradebook."""
    folder, out = hand_in(ada=WRONG, bob=RIGHT), tmp_path / "out"
    grade_class(folder, "out")
    (out / "results/ada.json").write_text((out / "results/ada.json").read_text().replace('"failed"', '"passed"'))
    graded_students.clear()
    assert [result.earned for result in grade_class(folder, "out", resume=True)] == [0, 100]
    assert graded_students == ["ada"]
    (out / ".digests").chmod(0o666)
    graded_students.clear()
    grade_class(folder, "out", resume=True)
    assert sorted(graded_students) == ["ada", "bob"]


def test_the_digests_are_readable_for_their_owner_alone(finished):
    assert (finished[1] / ".digests").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_others_can_write_to_is_refused(grade_class, hand_in, tmp_path, monkeypatch):
    folder = hand_in(ada=RIGHT)
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(DlseqError, match=r"which everybody can write to\. Name a new folder"):
        grade_class(folder, "open")
    (tmp_path / "open").chmod(0o755)
    monkeypatch.setattr("os.geteuid", lambda: 4711)
    with pytest.raises(DlseqError, match=r"which belongs to another user\. Name a new folder"):
        grade_class(folder, "open")


def test_a_course_within_a_submission_does_not_grade(grade_class, small_course):
    """In a folder that a student had handed in, its own tests ran as the user and decided."""
    for path in (small_course.root, small_course.root.parent):
        with pytest.raises(DlseqError, match=r"which lies in it. Change to the folder of your course"):
            grade_class(path, "out")
    with pytest.raises(DlseqError, match="which lies among the graded tests"):
        grade_class(small_course.tests(NAME), "out")
