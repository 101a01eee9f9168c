"""Per-test timeout by SIGALRM, deferred during a command to the sandbox."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Collection

from dlseq.grading.worker.executor import TimeLimitExceeded
from dlseq.grading.worker.procfs import cpu_seconds, runqueue_wait

__all__ = ["MAX_EXTENSION_FACTOR", "defer_timeout", "timeout"]

RETRY_SECONDS = 0.02  # delay before a deferred timeout is tried again
MAX_EXTENSION_FACTOR = 3.0  # maximum extension on a busy machine, as a multiple of the time limit

_deferrals: list[None] = []  # one entry per active `defer_timeout` block


@contextlib.contextmanager
def timeout(
    seconds: float,
    helpers: Callable[[], Collection[int]] = tuple,
    all_helpers: Callable[[], Collection[int]] = tuple,
):
    """Raise `TimeLimitExceeded` in the block after a time limit.

    Works in the main thread of systems with interval timers, elsewhere the block runs without a limit. Time that this
    process and its helpers spend in the run queue of a busy machine is added to the limit, by at most
    `MAX_EXTENSION_FACTOR` times the limit, unless they have used the limit in CPU time or started further processes,
    for which they wait then.

    Args:
        seconds: The time limit.
        helpers: Function that returns the process ids that work for this process; called at the start and at each
            alarm.
        all_helpers: Function that returns these and all processes that they have started; called at each alarm.

    Yields:
        A function that returns the seconds since the start which count: without waiting in the run queue, but at least
        the CPU time of this process and its helpers.

    Example:
        >>> with timeout(0.05):
        ...     while True:
        ...         pass
        Traceback (most recent call last):
        dlseq.grading.worker.loading.time_limits.TimeLimitExceeded
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        began = time.monotonic()
        yield lambda: time.monotonic() - began
        return
    start, extension = _ProcessTimes(helpers()), 0.0

    def counted_seconds():
        used, waited = _ProcessTimes(helpers()).since(start)
        return max(used, time.monotonic() - start.time - waited)

    def on_alarm(signal_number, frame):
        nonlocal extension
        if _deferrals:
            signal.setitimer(signal.ITIMER_REAL, RETRY_SECONDS)
            return
        used, waited = _ProcessTimes(helpers()).since(start)
        busy_with_others = used < seconds and set(all_helpers()) <= set(helpers())
        remaining = min(waited, MAX_EXTENSION_FACTOR * seconds) - extension if busy_with_others else 0.0
        if remaining < RETRY_SECONDS:
            raise TimeLimitExceeded
        extension += remaining
        signal.setitimer(signal.ITIMER_REAL, remaining)

    previous_handler = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield counted_seconds
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous_handler)


@contextlib.contextmanager
def defer_timeout():
    """Defer timeouts until the end of the block, e.g. a request and its reply that must stay together."""
    _deferrals.append(None)
    try:
        yield
    finally:
        _deferrals.pop()


class _ProcessTimes:
    """CPU time and run-queue wait of this process and its helpers, in seconds since they started."""

    def __init__(self, helpers):
        self.time = time.monotonic()
        self.used = {process: cpu_seconds(process) for process in (os.getpid(), *helpers)}
        self.waited = {process: runqueue_wait(process) for process in self.used}

    def since(self, start):
        """Return the CPU time of all processes since `start`, and the wait of this one plus the longest of a helper."""
        used = sum(max(0.0, now - start.used.get(process, 0.0)) for process, now in self.used.items())
        waited = {process: now - start.waited.get(process, 0.0) for process, now in self.waited.items()}
        return used, waited.pop(os.getpid()) + max(waited.values(), default=0.0)
