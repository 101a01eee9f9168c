"""How far a grading run is: a bar in a terminal, and now and then a line in a log."""

import contextlib
import time
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

__all__ = ["grading_progress"]

EVERY = 30.0  # seconds between two lines in a log; what is sooner over has none


@contextlib.contextmanager
def grading_progress(
    console: Console, total: int, standing: Collection[str], clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable]:
    """Shows counts, rate and time left.

    Args:
        console: where; a bar is drawn if it is a terminal.
        total: submissions of the run.
        standing: students who had their results before.
        clock: seconds.

    Yields:
        What is to be called with each result.
    """
    with (_bar if console.is_terminal else _lines)(console, total, len(standing), clock) as advance:
        yield lambda result: None if result.student in standing else advance()


class _Rate(ProgressColumn):
    """Submissions a minute."""

    def render(self, task):
        return Text(f"{60 * task.speed:.0f} a minute" if task.speed else "warming up")


@contextlib.contextmanager
def _bar(console, total, done, clock):
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("graded"), _Rate(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("left"), console=console, transient=True, get_time=clock) as progress:
        task = progress.add_task("", total=total, completed=done)
        yield lambda: progress.advance(task)


@contextlib.contextmanager
def _lines(console, total, before, clock):
    begun = told = clock()
    done = before

    def advance():
        nonlocal done, told
        done, now = done + 1, clock()
        if now - told >= EVERY and done < total:
            told, each = now, (now - begun) / (done - before)
            left = timedelta(seconds=round(each * (total - done)))
            console.print(f"{done} of {total} graded, {60 / each:.0f} a minute, {left} left")

    yield advance
