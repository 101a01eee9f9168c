"""TensorFlow without its greeting, and sooner."""

import contextlib
import functools
import gc
import os
import sys
import tempfile
import typing

__all__ = ["available_cpus", "import_keras"]

OPTIONAL = ("jax", "matplotlib")  # what TensorFlow and Keras import if it is there, for parts that nothing here uses


def import_keras() -> None:
    """Imports Keras and TensorFlow, whose C++ side writes several lines to standard error as it starts.

    The lines are held back; if the import fails they are shown, and the error goes its way. It takes two thirds of the
    usual time: a million new objects are not searched for garbage again and again, nor later, since they stay; and what
    is optional to them is left out, until somebody else imports it. (`keras.visualization` does not draw after that.)
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "tensorflow" in sys.modules:
        return
    _remember_protocols()
    with _standard_error_held_back(), _collector_stopped(), _absent(OPTIONAL):
        import keras  # noqa: F401

        gc.freeze()


def _remember_protocols():
    """Python before 3.12 works out anew what a protocol asks for at each `isinstance`: thousands of times a model."""
    if sys.version_info < (3, 12):
        typing._get_protocol_attrs = functools.cache(typing._get_protocol_attrs)


@contextlib.contextmanager
def _standard_error_held_back():
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


@contextlib.contextmanager
def _collector_stopped():
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextlib.contextmanager
def _absent(names):
    """Lets imports of modules fail that have not been imported yet."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def available_cpus() -> list[int]:
    """Return the ids of the CPUs that this process may run on, or of all CPUs where there is no CPU affinity.

    Example:
        >>> len(available_cpus()) > 0
        True
    """
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))
