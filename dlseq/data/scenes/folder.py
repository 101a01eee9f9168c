"""Folders of pictures with a CSV file of captions, as Flickr8k has them: read, and written from scenes."""

import csv
import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from dlseq.data.scenes.questions import Question
from dlseq.data.scenes.scene import Scene
from dlseq.errors import DataError
from dlseq.files import atomic_write, check_new_folder, read_csv_rows

__all__ = ["CaptionedFile", "read_caption_csv", "write_questions", "write_scenes"]

HEADER = ["file", "caption"]


@dataclasses.dataclass(frozen=True)
class CaptionedFile:
    """File of a picture with its captions.

    Args:
        path: the file.
        captions: one text or more, in the order of the rows.
    """

    path: Path
    captions: tuple[str, ...]


def read_caption_csv(path: str | os.PathLike) -> list[CaptionedFile]:
    """Read a CSV file of captions: UTF-8, header `file,caption`, RFC 4180 quoting.

    A file may have several rows. Blank lines and repeated rows are skipped. The pictures are not opened.

    Args:
        path: the CSV file. The names in it are relative to its folder.

    Returns:
        A `CaptionedFile` for each picture, in the order of their first rows.

    Raises:
        DataError: the file cannot be read, has another header or no rows; or a row is badly quoted, has not two
            columns, an empty cell, or a file that does not exist. The message names the line.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "dog.png").write_bytes(b"")
        >>> _ = (folder / "captions.csv").write_text("file,caption\\ndog.png,a dog\\n")
        >>> [read.captions for read in read_caption_csv(folder / "captions.csv")]
        [('a dog',)]
    """
    path = Path(path)
    rows = read_csv_rows(path, "a CSV file with the columns file,caption")
    if not rows or rows[0][1] != HEADER:
        received = f"{','.join(rows[0][1])!r:.60}" if rows else "an empty file"
        raise DataError(f"{path}, line 1: Expected the header 'file,caption'. Received: {received}.")
    found = {}
    for line, row in rows[1:]:
        file, caption = _check_row(path, line, row)
        found.setdefault(file, {})[caption] = None
    if not found:
        raise DataError(f"{path}: Expected rows below the header. Received: none. Add one row for each caption.")
    return [CaptionedFile(file, tuple(captions)) for file, captions in found.items()]


def _check_row(path, line, row):
    """Return the file and the caption of a row, or raise a DataError."""
    if len(row) != len(HEADER):
        raise DataError(
            f"{path}, line {line}: Expected 2 columns (file,caption). Received: {len(row)}. "
            "Quote a caption that contains a comma."
        )
    name, caption = row[0].strip(), " ".join(row[1].split())
    for value, kind in ((name, "the name of a picture"), (caption, "a caption")):
        if not value:
            raise DataError(f"{path}, line {line}: Expected {kind}. Received: an empty cell.")
    file = path.parent / name
    try:
        is_there = file.is_file()
    except (OSError, ValueError):
        is_there = False
    if not is_there:
        raise DataError(
            f"{path}, line {line}: Expected a picture in the folder {path.parent}. Received: {name!r:.80}, which is "
            "not there."
        )
    return file, caption


def write_scenes(folder: str | os.PathLike, scenes: Sequence[Scene]) -> Path:
    """Write scenes as PNG files and their captions as `captions.csv`, which is written last.

    Args:
        folder: a new or empty folder.
        scenes: at least one.

    Returns:
        The path of the CSV file, which `read_caption_csv` reads.

    Raises:
        DlseqError: the folder has other contents or cannot be created.
    """
    folder = check_new_folder(folder)
    folder.mkdir(exist_ok=True)
    rows = [(name, scene.text) for name, scene in _named(scenes)]
    for name, scene in _named(scenes):
        Image.fromarray(scene.image).save(folder / name)
    return _write_csv(folder / "captions.csv", HEADER, rows)


def write_questions(folder: str | os.PathLike, scenes: Sequence[Scene], questions: Sequence[Question]) -> Path:
    """Write `questions.csv` with the columns file, question, answer beside scenes that `write_scenes` has written."""
    names = {id(scene): name for name, scene in _named(scenes)}
    rows = [(names[id(question.scene)], question.text, question.answer) for question in questions]
    return _write_csv(Path(folder) / "questions.csv", ["file", "question", "answer"], rows)


def _named(scenes):
    digits = len(str(len(scenes)))
    return [(f"scene-{number:0{digits}}.png", scene) for number, scene in enumerate(scenes, 1)]


def _write_csv(path, header, rows):
    with atomic_write(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *rows])
    return path
