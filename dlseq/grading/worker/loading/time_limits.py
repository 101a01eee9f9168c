"""Time limits within a process: that of a test, and that of one statement of a submission's file."""

import contextlib
import signal
import threading
import time

__all__ = ["StatementTimeout", "TimeLimitExceeded", "statement_limit"]

MAX_EXTENSION_FACTOR = 2.0  # of the limit, for a statement that waits for a busy machine
RETRY_SECONDS = 0.2  # until a statement that has caught the exception gets it again


class TimeLimitExceeded(BaseException):
    """The time limit of a test is over. Not an `Exception`: `except Exception` in a submission must not catch it."""


class StatementTimeout(BaseException):
    """The time limit of a statement is over."""


@contextlib.contextmanager
def statement_limit(seconds: float | None):
    """Raise `StatementTimeout` in the block after a time limit.

    Works in the main thread of systems with interval timers, elsewhere the block runs without a limit. A timer that
    was set before goes on afterwards. A block that has used less CPU time than the limit gets up to
    `MAX_EXTENSION_FACTOR` times as long: the machine may be busy.

    Args:
        seconds: the limit; None for none.

    Example:
        >>> try:
        ...     with statement_limit(0.02):
        ...         while True:
        ...             pass
        ... except StatementTimeout:
        ...     print("interrupted")
        interrupted
    """
    if seconds is None or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    started, cpu_started = time.monotonic(), time.process_time()

    def on_alarm(signal_number, frame):
        waited = time.process_time() - cpu_started < seconds
        if waited and time.monotonic() - started < MAX_EXTENSION_FACTOR * seconds - RETRY_SECONDS:
            signal.setitimer(signal.ITIMER_REAL, max(RETRY_SECONDS, seconds / 4), RETRY_SECONDS)
            return
        raise StatementTimeout

    previous_handler = signal.signal(signal.SIGALRM, on_alarm)
    remaining, interval = signal.setitimer(signal.ITIMER_REAL, seconds, RETRY_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous_handler)
        if remaining:
            signal.setitimer(signal.ITIMER_REAL, max(remaining - (time.monotonic() - started), 1e-3), interval)
