"""What the reference answered is the same, however many processes share the tests."""

import dataclasses

import pytest

from dlseq.course.exercises import exercise
from dlseq.errors import DlseqError
from dlseq.grading.judge.client import Lane, mark
from dlseq.grading.judge.recording import record_expected, record_in, recording_lane
from dlseq.testing.reference import read_recording

NAME = "recurrent_network"  # by this name, a small course of its own: see conftest.py


def record(course, path, jobs):
    with Lane(dataclasses.replace(recording_lane(course, NAME), jobs=jobs)) as lane:
        record_in(lane, path, 5)
    return read_recording(path)


def test_shared_tests_are_recorded_as_by_one(small_course, tmp_path):
    """Also where there are more processes than tests."""
    alone, shared = (
        record(small_course, tmp_path / f"{jobs}.bin", jobs) for jobs in (1, 9)
    )  # nine have more than there is
    assert alone[0] == shared[0] == 5
    records = mark(small_course, exercise(NAME), small_course.solutions, visible=False, seed=5)
    assert alone[1].keys() == shared[1].keys() == {record.test for record in records}
    assert all(str(alone[1][test]) == str(shared[1][test]) for test in alone[1])


def test_a_solution_that_fails_is_not_recorded(small_course, tmp_path):
    small_course.tests(NAME).write_text(small_course.tests(NAME).read_text() + FAILING)
    with pytest.raises(DlseqError, match="pass its own tests"):
        record_expected(small_course, exercise(NAME), tmp_path / "all.bin", 5)
    assert not (tmp_path / "all.bin").exists()


FAILING = """

@pytest.mark.points(1, of="double")
@pytest.mark.hint("Never.")
def test_that_fails(submission):
    assert submission.call("double", 1) == 3  # it is 2
"""
