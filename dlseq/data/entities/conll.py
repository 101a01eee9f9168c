"""Entities from a CoNLL file: a token and its tag a line, an empty line between sentences."""

import os
import re

from dlseq.data.entities.examples import TAG, Entity, TaggedText, spans_of_tags
from dlseq.errors import DataError
from dlseq.files import read_utf8

__all__ = ["read_conll", "split_sentences"]

MIN_SENTENCES = 10


def read_conll(path: str | os.PathLike) -> list[TaggedText]:
    """Read a file in a CoNLL format: columns separated by tabs or spaces, the token first and its tag last.

    Tags are `O`, and `B-`, `I-`, `E-` or `S-` before a label (IOB1, IOB2 or BIOES). Lines `-DOCSTART-` and comments
    (`#` at the beginning, no tag at the end) are skipped.

    Args:
        path: a UTF-8 file, with or without a byte-order mark.

    Returns:
        A `TaggedText` for each sentence, its tokens joined by spaces.

    Raises:
        DataError: the file cannot be read, has no sentence or no entity, or a line is no token with a tag or has
            another number of columns than the first. The message names the line.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "mine.conll"
        >>> _ = path.write_text("Ada B-PER\\nLovelace I-PER\\nwrote O\\n", encoding="utf-8")
        >>> read_conll(path)
        [TaggedText(text='Ada Lovelace wrote', entities=(Entity(start=0, end=12, label='PER'),), locale='')]
    """
    lines = [*read_utf8(path, "a CoNLL file: a token and its tag a line").split("\n"), ""]
    sentences, tokens, tags, columns = [], [], [], None
    for number, line in enumerate(lines, 1):
        fields = [field.strip() for field in re.split(r"\t" if "\t" in line else r"\s+", line.strip())]
        if fields == [""] or fields[0] == "-DOCSTART-":
            if tokens:
                sentences.append(_sentence(tokens, tags))
            tokens, tags = [], []
            continue
        if fields[0].startswith("#") and not TAG.fullmatch(fields[-1]):
            continue
        columns = columns or len(fields)
        _check_line(path, number, fields, columns)
        tokens.append(fields[0])
        tags.append(fields[-1])
    if not any(sentence.entities for sentence in sentences):
        raise DataError(
            f"{path}: Expected sentences with entities. Received: {len(sentences)} sentences without one. "
            "Write a token and its tag on each line, such as: Paris B-place"
        )
    return sentences


def split_sentences(examples: list[TaggedText]) -> tuple[list[TaggedText], list[TaggedText], list[TaggedText]]:
    """Split sentences into train, validation and test, about 8 : 1 : 1, by position; of equal texts, the first counts.

    Raises:
        DataError: There are fewer than 10 different texts.

    Example:
        >>> [len(part) for part in split_sentences([TaggedText(f"row {row}", ()) for row in range(30)])]
        [24, 3, 3]
    """
    distinct = list({example.text: example for example in reversed(examples)}.values())[::-1]
    if len(distinct) < MIN_SENTENCES:
        raise DataError(
            f"Expected at least {MIN_SENTENCES} different sentences for three splits. Received: {len(distinct)}."
        )
    held_out = distinct[8::10], distinct[9::10]
    train = [example for index, example in enumerate(distinct) if index % 10 < 8]
    return train, *held_out


def _check_line(path, number, fields, columns):
    if len(fields) < 2 or len(fields) != columns:
        expected = f"{columns} columns, as on the first line" if columns > 1 else "a token, a space or tab, and its tag"
        raise DataError(
            f"{path}, line {number}: Expected {expected}. Received: {len(fields)}, {' '.join(fields)!r:.60}."
        )
    if not fields[0]:
        raise DataError(f"{path}, line {number}: Expected a token in the first column. Received: an empty one.")
    if not TAG.fullmatch(fields[-1]):
        raise DataError(
            f"{path}, line {number}: Expected a tag in the last column, O or such as B-place. Received: {fields[-1]!r}."
        )


def _sentence(tokens, tags):
    starts, length = [], 0
    for token in tokens:
        starts.append(length)
        length += len(token) + 1
    entities = tuple(
        Entity(starts[first], starts[end - 1] + len(tokens[end - 1]), label)
        for first, end, label in spans_of_tags(tags)
    )
    return TaggedText(" ".join(tokens), entities)
