"""Shipped models, each with its score, settings and training command in a JSON file of the same name."""

from pathlib import Path

from dlseq.errors import ModelFileError

__all__ = ["pretrained"]


def pretrained(name: str) -> Path:
    """Return the path of a shipped model.

    Args:
        name: Name of the model, such as "dates-world".

    Raises:
        ModelFileError: There is no such model; the message lists the shipped ones.

    Example:
        >>> pretrained("dates-world").suffix
        '.keras'
    """
    folder = Path(__file__).parent
    path = folder / f"{name}.keras"
    if not path.is_file():
        names = sorted(file.stem for file in folder.glob("*.keras"))
        raise ModelFileError(f"Unknown shipped model. Expected one of: {', '.join(names)}. Received: {name}.")
    return path
