"""The time limit of a test: a signal that ends it, wherever it is, but in the middle of an order."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Collection

from dlseq.grading.executor import TimeLimit
from dlseq.grading.processes import queued

__all__ = ["PATIENCE", "undisturbed", "within"]

AGAIN = 0.02  # seconds after which a limit that fell into the middle of an order is looked at again
PATIENCE = 3.0  # times the limit, by which it is put off at most

_orders: list[None] = []  # one for each block that is not to be disturbed


@contextlib.contextmanager
def within(seconds: float, helpers: Callable[[], Collection[int]] = tuple):
    """Raises `TimeLimit` in the block when it has taken too long; in the main thread, where the system has timers.

    On a machine that is busy with other things, the time that this process waited for a processor does not count, nor
    does that of those that work for it; `PATIENCE` times the limit at most.

    Args:
        seconds: that it may take.
        helpers: numbers of the processes that work for this one, asked for at the beginning and when time is over.

    Example:
        >>> with within(0.05):
        ...     while True:
        ...         pass
        Traceback (most recent call last):
        dlseq.grading.executor.TimeLimit
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    queues = {process: queued(process) for process in (os.getpid(), *helpers())}
    given = 0.0

    def ring(number, frame):
        nonlocal given
        if _orders:
            signal.setitimer(signal.ITIMER_REAL, AGAIN)
            return
        waited = {process: queued(process) - queues.get(process, 0.0) for process in (os.getpid(), *helpers())}
        own = waited.pop(os.getpid())
        more = min(own + max(waited.values(), default=0.0), PATIENCE * seconds) - given
        if more < AGAIN:
            raise TimeLimit
        given += more
        signal.setitimer(signal.ITIMER_REAL, more)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def undisturbed():
    """Lets no time limit end the block: half a conversation would spoil all that follow."""
    _orders.append(None)
    try:
        yield
    finally:
        _orders.pop()
