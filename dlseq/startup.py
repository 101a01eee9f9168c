"""Start of a process: import Keras quickly, without log lines on stderr, with fixed settings; count the CPUs."""

import contextlib
import gc
import os
import sys
import tempfile

from dlseq.errors import DlseqError

__all__ = ["BACKENDS", "available_cpus", "import_keras"]

BACKENDS = ("tensorflow", "jax", "torch")
FLOATX, IMAGE_DATA_FORMAT = "float32", "channels_last"


def import_keras() -> None:
    """Import Keras and its backend for a command, with standard error held back and the garbage collector stopped.

    The backend is that of `KERAS_BACKEND` or `keras.json`: TensorFlow, JAX or PyTorch. The other settings of
    `keras.json` do not hold: commands compute in float32, with the channels of images last.

    TensorFlow's C++ side writes log lines to standard error; they are shown only if the import fails. Without garbage
    collections among a million new objects the import takes three quarters of the time; these objects stay alive, so
    later collections skip them as well.

    Raises:
        DlseqError: the backend is another one, or not installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "keras" not in sys.modules:
        with _held_back_stderr(), _stopped_collector():
            _import_keras_with_backend()
            gc.freeze()
    import keras

    if keras.config.backend() not in BACKENDS:
        raise DlseqError(
            f"Invalid backend of Keras. Expected one of: {', '.join(BACKENDS)}. Received: {keras.config.backend()}. "
            "Change the environment variable KERAS_BACKEND or keras.json."
        )
    keras.config.set_floatx(FLOATX)
    keras.config.set_image_data_format(IMAGE_DATA_FORMAT)


def _import_keras_with_backend():
    try:
        import keras  # noqa: F401
    except (ImportError, ValueError) as error:
        if getattr(error, "name", None) == "keras":
            raise
        raise DlseqError(
            f"Cannot import the backend of Keras: {error}. Expected one of: {', '.join(BACKENDS)}, installed. Install "
            "one, by the extra `backends` of dlseq, or change the environment variable KERAS_BACKEND or keras.json."
        ) from error


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
