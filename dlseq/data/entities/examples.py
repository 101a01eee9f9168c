"""Texts with entities, and their BIO tags."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from dlseq.data.entities.tokens import split_tokens
from dlseq.errors import DataError

__all__ = ["LABELS", "Entity", "TaggedText", "spans_of_tags", "tags_of"]

LABELS = ("person", "company", "place", "date", "amount", "email")
"""Kinds of entities that the generator draws."""
OUTSIDE = "O"
TAG = re.compile(r"O|[BIES]-\S+")


class Entity(NamedTuple):
    """Part of a text that names something.

    Args:
        start, end: half-open range of characters.
        label: kind, such as "person".
    """

    start: int
    end: int
    label: str


class TaggedText(NamedTuple):
    """Text with its entities, in order and without overlap.

    Args:
        text: the text.
        entities: tuple of `Entity`.
        locale: such as "fr_FR", or "" for a row of a file.
    """

    text: str
    entities: tuple[Entity, ...]
    locale: str = ""


def tags_of(example: TaggedText) -> list[str]:
    """Return the BIO tag of each token of a text: `B-person` begins an entity, `I-person` continues it, `O` is outside.

    Raises:
        DataError: An entity does not begin and end where tokens do, or two overlap.

    Example:
        >>> tags_of(TaggedText("Ada Lovelace lived in London.", (Entity(0, 12, "person"), Entity(22, 28, "place"))))
        ['B-person', 'I-person', 'O', 'O', 'B-place', 'O']
    """
    spans = split_tokens(example.text)
    tags = [OUTSIDE] * len(spans)
    starts = {start: index for index, (start, _) in enumerate(spans)}
    ends = {end: index for index, (_, end) in enumerate(spans)}
    for start, end, label in example.entities:
        first, last = starts.get(start), ends.get(end)
        if first is None or last is None or last < first or set(tags[first : last + 1]) != {OUTSIDE}:
            raise DataError(
                f"Expected entities that consist of whole tokens and do not overlap. Received: characters {start} to "
                f"{end} of {example.text!r:.100}."
            )
        tags[first : last + 1] = [f"B-{label}", *[f"I-{label}"] * (last - first)]
    return tags


def spans_of_tags(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return the entities of a row of tags as (first token, token behind the last, label).

    The definition is that of the CoNLL scorer and of `seqeval`'s default mode, for the schemes IOB1, IOB2 and BIOES: an
    entity begins at `B-` or `S-`, and at an `I-` or `E-` that no tag of the same label precedes.

    Raises:
        DataError: A tag has another form.

    Example:
        >>> spans_of_tags(["B-place", "I-place", "O", "I-person", "B-person"])
        [(0, 2, 'place'), (3, 4, 'person'), (4, 5, 'person')]
    """
    found, start, label, previous = [], 0, "", OUTSIDE
    for index, tag in enumerate([*tags, OUTSIDE]):
        if not TAG.fullmatch(tag):
            raise DataError(f"Expected a tag O, or B-, I-, E- or S- with a label. Received: {tag!r}.")
        prefix, _, kind = tag.partition("-")
        continues = prefix in ("I", "E") and kind == label and previous not in ("E", "S", OUTSIDE)
        if label and not continues:
            found.append((start, index, label))
        if not continues:
            start, label = index, kind
        previous = prefix
    return found
