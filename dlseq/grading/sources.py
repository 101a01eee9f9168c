"""Where a submission's code is read from: a script, a notebook, or a folder of either. Nothing is run here."""

import json
from pathlib import Path

from dlseq.errors import DataError, DlseqError

__all__ = ["find_source", "read_cells"]

LARGEST = 5_000_000  # bytes of one file


def find_source(folder: Path, exercise: str) -> Path:
    """Finds the file of an exercise in a folder: the script, or else the notebook.

    Args:
        folder: where the submission is; a file itself is taken as it is.
        exercise: name of the exercise.

    Returns:
        The path.

    Raises:
        DlseqError: there is neither.

    Example:
        >>> find_source(Path("nowhere"), "recurrent_network")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: expected recurrent_network.py or recurrent_network.ipynb in nowhere, found neither
    """
    folder = Path(folder)
    if folder.is_file():
        return folder
    for suffix in (".py", ".ipynb"):
        path = folder / f"{exercise}{suffix}"
        if path.is_file():
            return path
    raise DlseqError(f"expected {exercise}.py or {exercise}.ipynb in {folder}, found neither")


def read_cells(path: Path) -> list[tuple[str, str]]:
    """Reads the code of a file.

    Args:
        path: a script or a notebook.

    Returns:
        (name, text) of each piece: the path and the whole text of a script; for a notebook "cell 3" and its text, with
        shell lines and magics left out.

    Raises:
        DataError: the file cannot be read, is not text, or is not a notebook.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise DataError(f"expected {path} to be at most {LARGEST:,} bytes; is it the right file?")
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot read {path}: {error}") from None
    if path.suffix != ".ipynb":
        return [(str(path), text)]
    try:
        cells = json.loads(text)["cells"]
        code = [
            (number, "".join(cell["source"])) for number, cell in enumerate(cells, 1) if cell["cell_type"] == "code"
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataError(f"expected {path} to be a notebook, and it cannot be read as one; save it again") from None
    return [(f"cell {number}", _without_magics(source)) for number, source in code]


def _without_magics(source):
    if source.startswith("%%"):
        return ""
    lines = source.split("\n")
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)
