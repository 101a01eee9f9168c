"""Counts, rate and time left, in a terminal and in a log."""

import io
import types

import pytest
from rich.console import Console

from dlseq.cli.grading_progress import grading_progress


def shown(terminal, count, seconds, standing=()):
    """What stands there after `count` results that took so many seconds each."""
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, highlight=False)
    now = [0.0]
    with grading_progress(console, 40, standing, lambda: now[0]) as told:
        for name in standing:
            told(types.SimpleNamespace(student=name))
        for number in range(count):
            now[0] += seconds
            told(types.SimpleNamespace(student=f"s{number}"))
    return console.file.getvalue()


def test_a_log_has_a_line_every_half_minute():
    lines = shown(False, 39, 10).splitlines()
    assert lines[0] == "3 of 40 graded, 6 a minute, 0:06:10 left"
    assert lines[1] == "6 of 40 graded, 6 a minute, 0:05:40 left"
    assert len(lines) == 13


def test_a_log_has_no_line_of_what_is_soon_over():
    assert shown(False, 40, 0.5) == ""


def test_results_that_stood_before_count_as_done_and_take_no_time():
    [line] = shown(False, 3, 10, ("ada", "bob")).splitlines()
    assert line == "5 of 40 graded, 6 a minute, 0:05:50 left"


@pytest.mark.parametrize("part", ["12/40", "graded", "a minute", "left"])
def test_a_terminal_has_a_bar(part):
    assert part in shown(True, 12, 1)
