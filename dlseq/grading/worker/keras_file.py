"""What stands in a `.keras` file, read without Keras: no class that it names is looked for, and none is made.

The file comes from a submission. It is read where nothing else is, in a worker that has run no code of anybody.
"""

import io
import json
import zipfile

import numpy as np

__all__ = ["LARGEST", "contents"]

LARGEST = 16 * 2**20  # bytes of a file, and of each part of it when it is unpacked


def contents(content: np.ndarray) -> dict:
    """Reads the settings of all layers and all weights.

    Args:
        content: the bytes of the file, uint8.

    Returns:
        "layers": a list of (class name, settings), outermost first; "weights": a list of arrays.

    Raises:
        ValueError: it is no such file, or too large.

    Example:
        >>> import keras
        >>> from dlseq.grading.worker.keras_saving import saved
        >>> layer = keras.layers.Dense(2, name="out")
        >>> layer.build((None, 3))
        >>> found = contents(saved(layer))
        >>> [(kind, settings["name"]) for kind, settings in found["layers"] if kind == "Dense"]
        [('Dense', 'out')]
        >>> [weight.shape for weight in found["weights"]]
        [(3, 2), (2,)]
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content.tobytes())) as archive:
            settings = json.loads(_part(archive, "config.json"))
            weights = _arrays(_part(archive, "model.weights.h5"))
        return {"layers": list(_layers(settings)), "weights": weights}
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, json.JSONDecodeError, RecursionError, OSError) as error:
        raise ValueError(f"expected a .keras file, received something else: {error}") from None


def _part(archive, name):
    if archive.getinfo(name).file_size > LARGEST:
        raise ValueError(f"expected at most {LARGEST:,} bytes of {name}, received more")
    return archive.read(name)


def _layers(node):
    if type(node) is dict:
        if type(node.get("class_name")) is str and type(node.get("config")) is dict:
            yield node["class_name"], node["config"]
        node = list(node.values())
    if type(node) is list:
        for one in node:
            yield from _layers(one)


def _arrays(weights):
    import h5py

    arrays = []

    def note(name, node):
        if isinstance(node, h5py.Dataset) and node.dtype.kind == "f" and node.nbytes <= LARGEST:
            arrays.append(np.asarray(node))

    with h5py.File(io.BytesIO(weights), "r") as file:
        file.visititems(note)
    return arrays
