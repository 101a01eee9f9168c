"""Pieces of a rendered sentence: text with the parts of the meaning that it expresses."""

import dataclasses
from collections.abc import Iterable

__all__ = ["Piece", "Rendered", "assemble"]


@dataclasses.dataclass(frozen=True)
class Piece:
    """A word, particle or punctuation mark.

    Attributes:
        text: the characters.
        keys: names of the parts of the meaning, such as "0.object.noun"; renderers of all languages share them.
        glue: "left" or "right" where no space separates the piece from its neighbor, "both" or "".
    """

    text: str
    keys: frozenset[str] = frozenset()
    glue: str = ""


@dataclasses.dataclass(frozen=True)
class Rendered:
    """A sentence in one language.

    Attributes:
        text: the sentence.
        spans: (start, end, keys) of each piece that expresses something.
    """

    text: str
    spans: tuple[tuple[int, int, frozenset[str]], ...]


def assemble(pieces: Iterable[Piece], capitalize: bool = True) -> Rendered:
    """Join pieces with single spaces, except where a piece is glued to its neighbor.

    Example:
        >>> assemble([Piece("l'", glue="right"), Piece("Afrique", frozenset(["place"])), Piece(".", glue="left")])
        Rendered(text="L'Afrique.", spans=((2, 9, frozenset({'place'})),))
    """
    text, spans, glued = "", [], True
    for piece in pieces:
        if not piece.text:
            continue
        if not glued and piece.glue not in ("left", "both"):
            text += " "
        start = len(text)
        text += piece.text
        if piece.keys:
            spans.append((start, len(text), piece.keys))
        glued = piece.glue in ("right", "both")
    if capitalize and text:
        text = text[0].upper() + text[1:]
    return Rendered(text, tuple(spans))
