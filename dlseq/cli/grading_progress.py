"""Progress of a grading run: a bar in a terminal, a line now and then in a log."""

import contextlib
import time
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

__all__ = ["grading_progress"]

LOG_INTERVAL_SECONDS = 30.0


@contextlib.contextmanager
def grading_progress(
    console: Console, total: int, finished: Collection[str], clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable]:
    """Display counts, rate and remaining time.

    Args:
        console: for output; a terminal gets a bar.
        total: number of submissions of the run.
        finished: students with a result of an earlier run.
        clock: returns seconds.

    Yields:
        A function to call with each result.
    """
    with (_progress_bar if console.is_terminal else _log_lines)(console, total, len(finished), clock) as advance:
        yield lambda result: None if result.student in finished else advance()


class _RateColumn(ProgressColumn):
    """Submissions a minute."""

    def render(self, task):
        return Text(f"{60 * task.speed:.0f} a minute" if task.speed else "warming up")


@contextlib.contextmanager
def _progress_bar(console, total, finished, clock):
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("graded"), _RateColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("left"), console=console, transient=True, get_time=clock) as progress:
        task = progress.add_task("", total=total, completed=finished)
        yield lambda: progress.advance(task)


@contextlib.contextmanager
def _log_lines(console, total, finished, clock):
    started = last_line = clock()
    count = finished

    def advance():
        nonlocal count, last_line
        count, now = count + 1, clock()
        if now - last_line >= LOG_INTERVAL_SECONDS and count < total:
            last_line, seconds_each = now, (now - started) / (count - finished)
            left = timedelta(seconds=round(seconds_each * (total - count)))
            console.print(f"{count} of {total} graded, {60 / seconds_each:.0f} a minute, {left} left")

    yield advance
