"""TensorFlow without its greeting."""

import contextlib
import os
import sys
import tempfile

__all__ = ["load_keras"]


def load_keras() -> None:
    """Imports Keras and TensorFlow, whose C++ side writes several lines to standard error as it starts.

    The lines are held back; if the import fails they are shown, and the error goes its way.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "tensorflow" in sys.modules:
        return
    with _standard_error_held_back():
        import keras  # noqa: F401


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
