"""Progress of a grading run in a terminal and in a log."""

import io
import types

import pytest
from rich.console import Console

from dlseq.cli.grading_progress import grading_progress


def output(terminal, count, seconds, finished=()):
    """Console output after `count` results at so many seconds each."""
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, highlight=False)
    now = [0.0]
    with grading_progress(console, 40, finished, lambda: now[0]) as progress:
        for name in finished:
            progress(types.SimpleNamespace(student=name))
        for number in range(count):
            now[0] += seconds
            progress(types.SimpleNamespace(student=f"s{number}"))
    return console.file.getvalue()


def test_log_has_a_line_every_half_minute():
    lines = output(False, 39, 10).splitlines()
    assert lines[0] == "3 of 40 graded, 6 a minute, 0:06:10 left"
    assert lines[1] == "6 of 40 graded, 6 a minute, 0:05:40 left"
    assert len(lines) == 13


def test_log_of_a_short_run_is_empty():
    assert output(False, 40, 0.5) == ""


def test_earlier_results_count_as_done_and_not_for_the_rate():
    [line] = output(False, 3, 10, ("ada", "bob")).splitlines()
    assert line == "5 of 40 graded, 6 a minute, 0:05:50 left"


@pytest.mark.parametrize("part", ["12/40", "graded", "a minute", "left"])
def test_terminal_has_a_bar(part):
    assert part in output(True, 12, 1)
