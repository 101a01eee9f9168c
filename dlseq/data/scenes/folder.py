"""Folders of pictures with a CSV file of captions, as Flickr8k has them: read, and written from scenes."""

import csv
import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from dlseq.data.labeled_files import read_labeled_files, write_labeled_files
from dlseq.data.scenes.questions import Question
from dlseq.data.scenes.scene import Scene
from dlseq.files import atomic_folder, atomic_write

__all__ = ["CaptionedFile", "read_caption_csv", "write_questions", "write_scenes"]


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
    found = {}
    for file, caption in read_labeled_files(path, "caption", "a picture"):
        found.setdefault(file, []).append(caption)
    return [CaptionedFile(file, tuple(captions)) for file, captions in found.items()]


def write_scenes(folder: str | os.PathLike, scenes: Sequence[Scene]) -> Path:
    """Write scenes as PNG files and their captions as `captions.csv` into a folder, completely or not at all.

    Args:
        folder: a new or empty folder.
        scenes: at least one.

    Returns:
        The path of the CSV file, which `read_caption_csv` reads.

    Raises:
        DlseqError: the folder has other contents or cannot be created.
    """
    rows = [(name, scene.text) for name, scene in _named(scenes)]
    with atomic_folder(folder) as new:
        for name, scene in _named(scenes):
            Image.fromarray(scene.image).save(new / name)
        name = write_labeled_files(new / "captions.csv", "caption", rows).name
    return Path(folder) / name


def write_questions(folder: str | os.PathLike, scenes: Sequence[Scene], questions: Sequence[Question]) -> Path:
    """Write `questions.csv` with the columns file, question, answer beside scenes that `write_scenes` has written."""
    names = {id(scene): name for name, scene in _named(scenes)}
    rows = [(names[id(question.scene)], question.text, question.answer) for question in questions]
    path = Path(folder) / "questions.csv"
    with atomic_write(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("file", "question", "answer"), *rows])
    return path


def _named(scenes):
    digits = len(str(len(scenes)))
    return [(f"scene-{number:0{digits}}.png", scene) for number, scene in enumerate(scenes, 1)]
