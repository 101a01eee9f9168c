"""The time limit of a test: a signal that ends it, wherever it is, but in the middle of an order."""

import contextlib
import signal
import threading

from dlseq.grading.executor import TimeLimit

__all__ = ["undisturbed", "within"]

AGAIN = 0.02  # seconds after which a limit that fell into the middle of an order is looked at again

_orders: list[None] = []  # one for each block that is not to be disturbed


@contextlib.contextmanager
def within(seconds: float):
    """Raises `TimeLimit` in the block when it has taken too long; in the main thread, where the system has timers.

    Args:
        seconds: that it may take.

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
    before = signal.signal(signal.SIGALRM, _ring)
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


def _ring(number, frame):
    if _orders:
        signal.setitimer(signal.ITIMER_REAL, AGAIN)
    else:
        raise TimeLimit
