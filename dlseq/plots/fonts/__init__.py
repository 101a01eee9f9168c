"""Fonts of the package: glyphs of any script, independent of the machine.

Matplotlib's own font has no Hangul, no kanji and no Devanagari: it draws boxes. This folder has one small font a
script, under family names of its own, and `families` returns those that a text needs. A font is registered with
Matplotlib on first use; no setting of Matplotlib changes.
"""

import functools
import threading
import unicodedata
from pathlib import Path

import matplotlib
from matplotlib import ft2font
from matplotlib.font_manager import fontManager

__all__ = ["families", "font_files", "is_one_letter", "printable", "visible"]

DOTTED_CIRCLE = "\N{DOTTED CIRCLE}"
FALLBACK_FONT = "DejaVuSans"  # comes with Matplotlib: arrows and symbols
_REGISTRY_LOCK = threading.Lock()
VISIBLE_SIGNS = {" ": "␣", "\u3000": "␣", "\n": "↵", "\r": "↵", "\t": "⇥", "": "∅"}
INVISIBLE_CATEGORIES = {"Cc", "Cf", "Zl", "Zp", "Zs"}
INVISIBLE_NAMES = {
    "\u00a0": "NBSP",
    "\u00ad": "SHY",
    "\u061c": "ALM",
    "\u115f": "HCF",
    "\u1160": "HJF",
    "\u180e": "MVS",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u202f": "NNBSP",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\u2800": "blank",
    "\u3164": "HF",
    "\ufeff": "BOM",
    "\uffa0": "HHF",
}


@functools.cache
def font_files() -> dict[str, Path]:
    """Return the font files by family name, in the order in which they are searched for a character.

    Returns:
        Family name -> file: Latin, Greek and Cyrillic first, then one font a script, Matplotlib's own last.

    Example:
        >>> {"Dlseq Latin", "Dlseq Hangul", "Dlseq Arabic"} <= set(font_files())
        True
    """
    shipped = sorted(Path(__file__).parent.glob("*.?tf"), key=lambda path: (path.stem != "Latin", path.stem))
    fallback = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{FALLBACK_FONT}.ttf"
    return {f"Dlseq {path.stem}": path for path in shipped} | {"DejaVu Sans": fallback}


@functools.cache
def _characters(family: str) -> frozenset[int]:
    return frozenset(ft2font.FT2Font(str(font_files()[family])).get_charmap())


@functools.lru_cache(4096)
def _family_of(character: str) -> str | None:
    return next((family for family in font_files() if ord(character) in _characters(family)), None)


@functools.cache
def _register(family: str) -> None:
    path = str(font_files()[family])
    with _REGISTRY_LOCK:
        if not any(entry.fname == path for entry in fontManager.ttflist):
            fontManager.addfont(path)


def families(text: str) -> list[str]:
    """Return the font families that a text needs, for Matplotlib's `family`.

    The font of the script comes before that of Latin: a space or a joiner between two Hindi letters then stays in the
    Hindi font, where the letters can join across it.

    Args:
        text: the text to draw. Characters without a glyph in any font are ignored; see `printable`.

    Returns:
        Family names, at least one.

    Example:
        >>> families("2016년"), families("29 août")
        (['Dlseq Hangul', 'Dlseq Latin'], ['Dlseq Latin'])
    """
    needed = {_family_of(character) for character in text} - {None} or {"Dlseq Latin"}
    last = ("Dlseq Latin", "DejaVu Sans")
    ordered = sorted(needed, key=lambda family: (last.index(family) if family in last else -1, family))
    for family in ordered:
        _register(family)
    return ordered


def printable(text: str) -> str:
    """Make a text drawable in one line: no control characters, and a code where no font has a glyph.

    Args:
        text: any text.

    Returns:
        The text, with line ends and tabs as spaces.

    Example:
        >>> print(printable("3\\tMay 🦕"))
        3 May U+1F995
    """
    kept = []
    for character in text:
        if character.isspace() and character not in "\u00a0\u202f\u3000":
            kept.append(" ")
        elif unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"} or _family_of(character) is None:
            kept.append(f"U+{ord(character):04X}")
        else:
            kept.append(character)
    return "".join(kept)


def visible(token: str) -> str:
    """Make a visible label of a token: signs for spaces, short names for invisible characters.

    Args:
        token: a character or a word.

    Returns:
        The label. A space is `␣`, a combining mark is placed on a dotted circle, U+200F is `RLM`, a character without
        a glyph in any font is `U+` and its code.

    Example:
        >>> print(visible(" "), visible("\\u200f"), visible("é"), visible("New York"))
        ␣ RLM é New␣York
    """
    if token in VISIBLE_SIGNS:
        return VISIBLE_SIGNS[token]
    if all(
        character in INVISIBLE_NAMES or unicodedata.category(character) in INVISIBLE_CATEGORIES for character in token
    ):
        return " ".join(INVISIBLE_NAMES.get(character, f"U+{ord(character):04X}") for character in token)
    label = "".join(_inside_word(character) for character in token)
    if not unicodedata.category(label[0]).startswith("M"):
        return label
    has_circle = ord(DOTTED_CIRCLE) in _characters(_family_of(label[0]))  # a mark and its base need one font
    return (DOTTED_CIRCLE if has_circle else "\u00a0") + label


def is_one_letter(label: str) -> bool:
    """Return True if a label of `visible` is a single letter, with or without a dotted circle.

    Args:
        label: the label.

    Returns:
        False for words and for names of invisible characters.

    Example:
        >>> is_one_letter(visible("\\u0301")), is_one_letter(visible("\\u200f"))
        (True, False)
    """
    return len(label) == 1 or (len(label) == 2 and unicodedata.category(label[1]).startswith("M"))


def _inside_word(character: str) -> str:
    category = unicodedata.category(character)
    if character in VISIBLE_SIGNS or category in {"Zs", "Zl", "Zp"}:
        return VISIBLE_SIGNS.get(character, VISIBLE_SIGNS[" "])
    if category == "Cf" and character not in "\u200c\u200d":  # the joiners shape the letters beside them
        return ""
    return printable(character)
