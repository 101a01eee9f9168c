"""Recordings of the reference's values are the same, however many processes share the tests."""

import dataclasses

import pytest

from dlseq.course.exercises import get_exercise
from dlseq.errors import DlseqError
from dlseq.grading.judge.client import JudgeProcess, run_tests
from dlseq.grading.judge.recording import record_expected, record_in_process, recording_settings
from dlseq.testing.reference import read_recording

NAME = "recurrent_network"  # the small course of conftest.py has an exercise of this name


def record(course, path, processes):
    settings = dataclasses.replace(recording_settings(course, NAME), processes=processes)
    with JudgeProcess(settings) as judge:
        record_in_process(judge, path, 5)
    return read_recording(path)


def test_recording_is_the_same_with_more_processes_than_tests(small_course, tmp_path):
    (seed, values), (shared_seed, shared_values) = (
        record(small_course, tmp_path / f"{processes}.bin", processes) for processes in (1, 9)
    )
    assert seed == shared_seed == 5
    results = run_tests(small_course, get_exercise(NAME), small_course.solutions, visible_only=False, seed=5)
    assert values.keys() == shared_values.keys() == {result.test for result in results}
    assert all(str(values[test]) == str(shared_values[test]) for test in values)


def test_failing_solution_is_not_recorded(small_course, tmp_path):
    small_course.tests(NAME).write_text(small_course.tests(NAME).read_text() + FAILING)
    with pytest.raises(DlseqError, match="pass its own tests"):
        record_expected(small_course, get_exercise(NAME), tmp_path / "all.bin", 5)
    assert not (tmp_path / "all.bin").exists()


FAILING = """

@pytest.mark.points(1, of="double")
@pytest.mark.hint("Never.")
def test_that_fails(submission):
    assert submission.call("double", 1) == 3  # it is 2
"""
