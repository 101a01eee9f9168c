"""The models that are shipped: small, made by a command, each with its score beside it."""

from pathlib import Path

from dlseq.errors import ModelFileError

__all__ = ["pretrained"]


def pretrained(name: str) -> Path:
    """Gives the path of a shipped model.

    Args:
        name: such as "dates-world".

    Raises:
        ModelFileError: there is no such model; the message names those that there are.

    Example:
        >>> pretrained("dates-world").suffix
        '.keras'
    """
    folder = Path(__file__).parent
    path = folder / f"{name}.keras"
    if not path.is_file():
        found = sorted(file.stem for file in folder.glob("*.keras"))
        raise ModelFileError(f"there is no shipped model {name!r}: expected one of {found}")
    return path
