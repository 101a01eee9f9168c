"""Start of a process: import Keras quickly, without log lines on stderr, with fixed settings; count the CPUs."""

import contextlib
import gc
import json
import os
import sys
import tempfile
from pathlib import Path

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
        with _without_jax() if _is_backend_tensorflow() else contextlib.nullcontext():
            import keras  # noqa: F401
    except (ImportError, ValueError) as error:
        if getattr(error, "name", None) == "keras":
            raise
        raise DlseqError(
            f"Cannot import the backend of Keras: {error}. Expected one of: {', '.join(BACKENDS)}, installed. Install "
            "one, by the extra `backends` of dlseq, or change the environment variable KERAS_BACKEND or keras.json."
        ) from error


def _is_backend_tensorflow():
    """Return True if Keras will choose TensorFlow, by the variable, the file, or by default; False if in doubt."""
    if name := os.environ.get("KERAS_BACKEND"):
        return name == "tensorflow"
    try:
        file = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras", "keras.json")
        return json.loads(file.read_text("utf-8")).get("backend", "tensorflow") == "tensorflow"
    except FileNotFoundError:
        return True
    except (OSError, ValueError, AttributeError, RuntimeError):  # the last: a user without a home
        return False


@contextlib.contextmanager
def _without_jax():
    """Have `import jax` fail in the block, as where it is not installed.

    TensorFlow's converter to Lite imports JAX where it can, which is a sixth of the import of Keras, and needs nothing
    of it unless a function of JAX is converted.
    """
    if "jax" in sys.modules:
        yield
        return
    sys.modules["jax"] = None
    try:
        yield
    finally:
        del sys.modules["jax"]


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
