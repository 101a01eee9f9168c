"""Saving and loading networks as `.keras` files, with an error message for every file that is something else."""

import json
import os
import zipfile
from pathlib import Path

import keras

from dlseq.errors import ModelFileError
from dlseq.files import atomic_write

__all__ = ["load_network", "save_network"]


def save_network(network: keras.Model, path: str | os.PathLike, *, optimizer: bool = False) -> None:
    """Save a network as one `.keras` file, atomically.

    Args:
        network: A network whose class is registered with Keras.
        path: The file; its name must end in `.keras`, and its folder must exist.
        optimizer: Whether to save the optimizer state too, so that training can be resumed. Defaults to `False`.

    Raises:
        ModelFileError: The file name has another suffix.
        DlseqError: The file cannot be written.
    """
    path = Path(path)
    if path.suffix != ".keras":
        raise ModelFileError(f"Cannot write model file {path}: expected a file name that ends in .keras.")
    if not optimizer:
        network = _without_optimizer(network)
    with atomic_write(path) as partial:
        network.save(partial)


def _without_optimizer(network):
    """Return an uncompiled copy: the optimizer state is twice as large as the weights."""
    copy = type(network).from_config(network.get_config())
    copy.set_weights(network.get_weights())
    return copy


def load_network(path: str | os.PathLike, *expected: type[keras.Model], optimizer: bool = False) -> keras.Model:
    """Load a network that `save_network` has written.

    Args:
        path: The file.
        *expected: Class of the network, or several.
        optimizer: Whether to load the optimizer state too. Defaults to `False`.

    Returns:
        The network.

    Raises:
        ModelFileError: The file is missing, damaged, no `.keras` file, or holds a network of another class.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelFileError(f"Cannot read model file {path}: no such file. Train a model first, or check the name.")
    try:
        with zipfile.ZipFile(path) as archive:
            found = json.loads(archive.read("config.json")).get("class_name")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ModelFileError(f"Cannot read model file {path}: expected a .keras file that dlseq has saved.") from error
    names = [network_class.__name__ for network_class in expected]
    if found not in names:
        raise ModelFileError(
            f"Cannot use model file {path}: expected a network of class {' or '.join(names)}. Received: {found}."
        )
    try:
        return keras.models.load_model(path, compile=optimizer)
    except Exception as error:
        raise ModelFileError(f"Cannot read model file {path}: damaged or from another release ({error}).") from error
