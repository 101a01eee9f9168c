"""Fixed settings of all grading processes: judge, sandbox process and worker, whatever settings their caller has.

Environment variables are the settings of a new process, so most of them are variables here. A judge keeps of its
caller's variables only those that locate programs and libraries.
"""

import os
import sys
from collections.abc import Mapping

__all__ = ["FIXED_VARIABLES", "configure_keras", "judge_environment", "keras_settings", "worker_environment"]

FLOATX = "float32"
IMAGE_DATA_FORMAT = "channels_last"
FIXED_VARIABLES = {
    "KERAS_BACKEND": "tensorflow",
    "CUDA_VISIBLE_DEVICES": "-1",  # a graphics card rounds differently, and sandboxed workers cannot reach one
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",  # more threads wait for work by spinning
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    "MATPLOTLIBRC": os.devnull,  # in the place of the caller's file, so that Matplotlib's defaults hold
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",  # fixes the order of sets of strings
}
INHERITED_VARIABLES = (  # by a judge
    "PATH",  # of bubblewrap
    "HOME",  # of packages that were installed with `pip install --user`
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
)


def worker_environment(folder: str) -> dict[str, str]:
    """Return all environment variables of a sandbox process or a worker.

    Args:
        folder: Scratch folder, without a Keras configuration in it.
    """
    return {**FIXED_VARIABLES, "PATH": "/usr/bin:/bin", "HOME": folder, **_folder_variables(folder)}


def judge_environment(folder: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return all environment variables of a judge process.

    Args:
        folder: Scratch folder, without a Keras configuration in it.
        environment: Variables of the caller.

    Example:
        >>> judge = judge_environment("/tmp/judge", {"PATH": "/bin", "KERAS_BACKEND": "jax", "PYTHONPATH": "/opt"})
        >>> judge["PATH"], judge["KERAS_BACKEND"], judge["KERAS_HOME"], "PYTHONPATH" in judge
        ('/bin', 'tensorflow', '/tmp/judge/.keras', False)
    """
    inherited = {name: environment[name] for name in INHERITED_VARIABLES if name in environment}
    return {**inherited, **FIXED_VARIABLES, **_folder_variables(folder)}


def _folder_variables(folder):
    return {"TMPDIR": folder, "KERAS_HOME": f"{folder}/.keras"}


def configure_keras() -> bool:
    """Set types, threads and the LSTM kernel of Keras, if it is imported, without running an operation.

    Returns:
        True if Keras's LSTM kernel is replaced by that of `dlseq.kernels.lstm`.
    """
    if "keras" not in sys.modules:
        return False
    import keras
    import tensorflow

    from dlseq.kernels.patch_keras_lstm import patch_keras_lstm

    keras.config.set_floatx(FLOATX)
    keras.config.set_image_data_format(IMAGE_DATA_FORMAT)
    tensorflow.config.threading.set_intra_op_parallelism_threads(1)  # the judge processes share the CPUs already
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    return patch_keras_lstm()


def keras_settings() -> dict[str, str]:
    """Return the backend and the default float type of Keras, by their names in results; nothing without Keras."""
    if "keras" not in sys.modules:
        return {}
    import keras

    return {"keras_backend": keras.config.backend(), "floatx": keras.config.floatx()}
