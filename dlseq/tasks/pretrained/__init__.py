"""Shipped models, each with its score, settings and training command in a JSON file of the same name."""

from pathlib import Path

from dlseq.errors import ModelFileError

__all__ = ["pretrained", "shipped_models"]


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
    path = Path(__file__).parent / f"{name}.keras"
    if not path.is_file():
        raise ModelFileError(
            f"Unknown shipped model. Expected one of: {', '.join(shipped_models())}. Received: {name}."
        )
    return path


def shipped_models() -> list[str]:
    """Return the names of the shipped models.

    Example:
        >>> "dates-world" in shipped_models()
        True
    """
    return sorted(file.stem for file in Path(__file__).parent.glob("*.keras"))
