"""Networks to files and back, with a sentence for every file that is something else."""

import json
import os
import zipfile
from pathlib import Path

import keras

from dlseq.errors import ModelFileError
from dlseq.files import atomic_write

__all__ = ["load_network", "save_network"]


def save_network(network: keras.Model, path: str | os.PathLike, *, optimizer: bool = False) -> None:
    """Writes a network as one `.keras` file, whole or not at all.

    Args:
        network: A network whose class is registered with Keras.
        path: The file; its name must end in `.keras`, and its folder must exist.
        optimizer: Whether the state of the optimizer is kept, so that training can go on. Defaults to `False`.

    Raises:
        ModelFileError: the name has another ending.
        DlseqError: nothing can be written there.
    """
    path = Path(path)
    if path.suffix != ".keras":
        raise ModelFileError(f"cannot save a model as {path}: expected a file name that ends in .keras")
    if not optimizer:
        network = _without_optimizer(network)
    with atomic_write(path) as partial:
        network.save(partial)


def _without_optimizer(network):
    """A copy that has never been compiled: the optimizer's state is twice as large as the weights."""
    copy = type(network).from_config(network.get_config())
    copy.set_weights(network.get_weights())
    return copy


def load_network(path: str | os.PathLike, expected: type[keras.Model], *, optimizer: bool = False) -> keras.Model:
    """Reads a network that `save_network` wrote.

    Args:
        path: The file.
        expected: The class that the network must have.
        optimizer: Whether to bring the optimizer back too. Defaults to `False`.

    Returns:
        The network.

    Raises:
        ModelFileError: there is no such file, it is no `.keras` file, it is damaged, or it holds another network.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelFileError(f"there is no model file {path}; train one first, or check the name")
    try:
        with zipfile.ZipFile(path) as archive:
            found = json.loads(archive.read("config.json")).get("class_name")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ModelFileError(f"{path} is not a model file: expected one that dlseq has saved (.keras)") from error
    if found != expected.__name__:
        raise ModelFileError(f"{path} holds another kind of model: expected {expected.__name__}, found {found}")
    try:
        return keras.models.load_model(path, compile=optimizer)
    except Exception as error:
        raise ModelFileError(f"{path} cannot be read: the file is damaged or from another release ({error})") from error
