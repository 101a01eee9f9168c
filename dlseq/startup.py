"""Start of a process: import Keras quickly and without TensorFlow's log lines on stderr; count the CPUs."""

import contextlib
import gc
import os
import sys
import tempfile

__all__ = ["available_cpus", "import_keras"]


def import_keras() -> None:
    """Import Keras and TensorFlow with standard error held back and the garbage collector stopped.

    TensorFlow's C++ side writes log lines to standard error; they are shown only if the import fails. Without garbage
    collections among a million new objects the import takes three quarters of the time; these objects stay alive, so
    later collections skip them as well.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "tensorflow" in sys.modules:
        return
    with _held_back_stderr(), _stopped_collector():
        import keras  # noqa: F401

        gc.freeze()


@contextlib.contextmanager
def _held_back_stderr():
    sys.stderr.flush()
    stderr_copy = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(stderr_copy, held.read())
            raise
        finally:
            os.dup2(stderr_copy, 2)
            os.close(stderr_copy)


@contextlib.contextmanager
def _stopped_collector():
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def available_cpus() -> list[int]:
    """Return the ids of the CPUs that this process may run on, or of all CPUs where there is no CPU affinity.

    Example:
        >>> len(available_cpus()) > 0
        True
    """
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))
