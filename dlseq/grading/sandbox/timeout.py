"""The time limit of a test: a signal that ends it, wherever it is, but in the middle of an order."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Collection

from dlseq.grading.worker.executor import TimeLimit
from dlseq.grading.worker.procfs import busy, queued

__all__ = ["PATIENCE", "undisturbed", "within"]

AGAIN = 0.02  # seconds after which a limit that fell into the middle of an order is looked at again
PATIENCE = 3.0  # times the limit, by which it is put off at most

_orders: list[None] = []  # one for each block that is not to be disturbed


@contextlib.contextmanager
def within(seconds: float, helpers: Callable[[], Collection[int]] = tuple):
    """Raises `TimeLimit` in the block when it has taken too long; in the main thread, where the system has timers.

    On a machine that is busy with other things, the time that this process waited for a processor does not count, nor
    does that of those that work for it, until they have used so many seconds of processors; `PATIENCE` times the limit
    at most.

    Args:
        seconds: that it may take.
        helpers: numbers of the processes that work for this one, asked for at the beginning and when time is over.

    Example:
        >>> with within(0.05):
        ...     while True:
        ...         pass
        Traceback (most recent call last):
        dlseq.grading.worker.executor.TimeLimit
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    begun, given = _Times(helpers()), 0.0

    def ring(number, frame):
        nonlocal given
        if _orders:
            signal.setitimer(signal.ITIMER_REAL, AGAIN)
            return
        used, waited = _Times(helpers()).since(begun)
        more = min(waited, PATIENCE * seconds) - given if used < seconds else 0.0
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


class _Times:
    """What this process and its helpers have used and waited for, since they began."""

    def __init__(self, helpers):
        self.used = {process: busy(process) for process in (os.getpid(), *helpers)}
        self.waited = {process: queued(process) for process in self.used}

    def since(self, before):
        """Seconds used by all of them together, and waited for by this one and by the helper that waited longest."""
        used = sum(max(0.0, now - before.used.get(process, 0.0)) for process, now in self.used.items())
        waited = {process: now - before.waited.get(process, 0.0) for process, now in self.waited.items()}
        return used, waited.pop(os.getpid()) + max(waited.values(), default=0.0)
