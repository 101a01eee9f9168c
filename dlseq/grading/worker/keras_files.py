"""Keras files in the worker: save a model or layer, load it with a submission's classes, or read it without Keras.

`read_keras_file` looks up no class that the file names and creates none. It runs in a worker that has not yet run any
code of the submission, so what it reports is what the file says.
"""

import io
import json
import tempfile
import zipfile
from pathlib import Path

import numpy as np

__all__ = ["MAX_FILE_BYTES", "load_keras_file", "read_keras_file", "save_keras_file"]

MAX_FILE_BYTES = 16 * 2**20  # of a file, and of each of its unpacked members


def save_keras_file(target) -> np.ndarray:
    """Save a Keras model or layer as the bytes of a `.keras` file.

    A layer is saved within a model that does nothing but hold it.

    Args:
        target: A `keras.Model` or a `keras.Layer`, built or not.

    Returns:
        The bytes of the file, uint8.

    Raises:
        Exception: Errors of Keras or of the `get_config` methods of the submission.

    Example:
        >>> import keras
        >>> layer = keras.layers.Dense(2)
        >>> layer.build((None, 3))
        >>> copy = load_keras_file(save_keras_file(layer))
        >>> copy.units, bool((copy.get_weights()[0] == layer.get_weights()[0]).all())
        (2, True)
    """
    import keras

    model = target if isinstance(target, keras.Model) else _holder_class()(target)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.keras"
        model.save(path)
        return np.frombuffer(path.read_bytes(), np.uint8)


def load_keras_file(content: np.ndarray, namespace: dict | None = None):
    """Load a model or layer from the bytes of a `.keras` file.

    The layer classes of `namespace` come before those that are registered with Keras: the code of another submission
    may have registered a class of the same name.

    Args:
        content: The bytes of the file, uint8.
        namespace: Names of the module whose classes may be in the file.

    Returns:
        The model, or the layer.

    Raises:
        Exception: Errors of Keras or of the classes of the submission.
    """
    import keras

    namespace = namespace or {}
    classes = [value for value in namespace.values() if isinstance(value, type) and issubclass(value, keras.Layer)]
    classes = [value for value in classes if value.__module__ == namespace.get("__name__")]
    holder_class = _holder_class()
    registered = keras.saving.get_custom_objects()  # Keras looks here first at every depth
    before = dict(registered)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.keras"
        path.write_bytes(content.tobytes())
        registered.update({keras.saving.get_registered_name(value): value for value in classes})
        registered[holder_class.__name__] = holder_class
        try:
            model = keras.saving.load_model(path)
        finally:
            registered.clear()
            registered.update(before)
    return model.held if isinstance(model, holder_class) else model


def _holder_class():
    import keras

    class Holder(keras.Model):
        def __init__(self, held, **kwargs):
            super().__init__(**kwargs)
            self.held = held
            self.built = True

        def get_config(self):
            return {**super().get_config(), "held": keras.saving.serialize_keras_object(self.held)}

        @classmethod
        def from_config(cls, config):
            return cls(**{**config, "held": keras.saving.deserialize_keras_object(config["held"])})

    return Holder


def read_keras_file(content: np.ndarray) -> dict:
    """Read the configuration of all layers and all weights of a `.keras` file as data.

    Args:
        content: The bytes of the file, uint8.

    Returns:
        "layers": a list of (class name, config), outermost first; "weights": a list of arrays.

    Raises:
        ValueError: The bytes are no `.keras` file, or too large.

    Example:
        >>> import keras
        >>> layer = keras.layers.Dense(2, name="out")
        >>> layer.build((None, 3))
        >>> found = read_keras_file(save_keras_file(layer))
        >>> [(name, config["name"]) for name, config in found["layers"] if name == "Dense"]
        [('Dense', 'out')]
        >>> [weight.shape for weight in found["weights"]]
        [(3, 2), (2,)]
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content.tobytes())) as archive:
            config = json.loads(_read_member(archive, "config.json"))
            weights = _read_weights(_read_member(archive, "model.weights.h5"))
        return {"layers": list(_layers(config)), "weights": weights}
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, json.JSONDecodeError, RecursionError, OSError) as error:
        raise ValueError(f"Cannot read the bytes of a model. Expected a .keras file. Received: {error}") from None


def _read_member(archive, name):
    size = archive.getinfo(name).file_size
    if size > MAX_FILE_BYTES:
        raise ValueError(f"Member {name} is too large. Expected at most {MAX_FILE_BYTES:,} bytes. Received: {size:,}")
    return archive.read(name)


def _layers(node):
    if type(node) is dict:
        if type(node.get("class_name")) is str and type(node.get("config")) is dict:
            yield node["class_name"], node["config"]
        node = list(node.values())
    if type(node) is list:
        for child in node:
            yield from _layers(child)


def _read_weights(content):
    import h5py

    arrays = []

    def visit(name, node):
        if isinstance(node, h5py.Dataset) and node.dtype.kind == "f" and node.nbytes <= MAX_FILE_BYTES:
            arrays.append(np.asarray(node))

    with h5py.File(io.BytesIO(content), "r") as file:
        file.visititems(visit)
    return arrays
