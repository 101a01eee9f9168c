"""Letters of any script, from fonts that ship with the package.

Matplotlib's own font has no Hangul, no kanji and no Devanagari: it draws boxes. `dlseq/fonts/` has one small font a
script, under family names of its own, and this module says which of them a text needs. Nothing depends on the fonts of
the machine. Matplotlib is told of a font the first time that a text needs it; no setting of it changes.
"""

import functools
import threading
import unicodedata
from pathlib import Path

import matplotlib
from matplotlib import ft2font
from matplotlib.font_manager import fontManager

__all__ = ["families", "font_files", "is_one_letter", "printable", "visible"]

CIRCLE = "\N{DOTTED CIRCLE}"
FALLBACK = "DejaVuSans"  # comes with Matplotlib: arrows and symbols
REGISTERING = threading.Lock()
SIGNS = {" ": "␣", "\u3000": "␣", "\n": "↵", "\r": "↵", "\t": "⇥", "": "∅"}
UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}
INVISIBLE = {
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
    """The fonts at hand, by family name, in the order in which they are asked for a character.

    Returns:
        Family name -> file: Latin, Greek and Cyrillic first, then one font a script, at last Matplotlib's own.

    Example:
        >>> {"Dlseq Latin", "Dlseq Hangul", "Dlseq Arabic"} <= set(font_files())
        True
    """
    ours = sorted(Path(__file__).parent.glob("*.?tf"), key=lambda path: (path.stem != "Latin", path.stem))
    own = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{FALLBACK}.ttf"
    return {f"Dlseq {path.stem}": path for path in ours} | {"DejaVu Sans": own}


@functools.cache
def _characters(family: str) -> frozenset[int]:
    return frozenset(ft2font.FT2Font(str(font_files()[family])).get_charmap())


@functools.lru_cache(4096)
def _family_of(character: str) -> str | None:
    return next((family for family in font_files() if ord(character) in _characters(family)), None)


@functools.cache
def _register(family: str) -> None:
    path = str(font_files()[family])
    with REGISTERING:
        if not any(entry.fname == path for entry in fontManager.ttflist):
            fontManager.addfont(path)


def families(text: str) -> list[str]:
    """The font families that draw a text, ready for Matplotlib's `family`.

    The font of the script comes before that of Latin: a space or a joiner between two Hindi letters then stays in the
    Hindi font, where the letters can join across it.

    Args:
        text: what is to be drawn. Characters that no font has are left out of account; see `printable`.

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
    """A text as it can be drawn in one line: no control characters, and a code where no font has the letter.

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
    """A token as a label that can be read: spaces and marks become visible, what cannot be seen gets its short name.

    Args:
        token: a character or a word.

    Returns:
        The label. A space is `␣`, a combining mark stands on a dotted circle, U+200F is `RLM`, a character that has no
        letter in any font is `U+` and its code.

    Example:
        >>> print(visible(" "), visible("\\u200f"), visible("é"), visible("New York"))
        ␣ RLM é New␣York
    """
    if token in SIGNS:
        return SIGNS[token]
    if all(character in INVISIBLE or unicodedata.category(character) in UNSEEN for character in token):
        return " ".join(INVISIBLE.get(character, f"U+{ord(character):04X}") for character in token)
    label = "".join(_inside_word(character) for character in token)
    if not unicodedata.category(label[0]).startswith("M"):
        return label
    has_circle = ord(CIRCLE) in _characters(_family_of(label[0]))  # a mark and what it stands on need one font
    return (CIRCLE if has_circle else "\u00a0") + label


def is_one_letter(label: str) -> bool:
    """Whether a label of `visible` is a single letter, with or without what it stands on.

    Args:
        label: the label.

    Returns:
        False for words and for the names of what cannot be seen.

    Example:
        >>> is_one_letter(visible("\\u0301")), is_one_letter(visible("\\u200f"))
        (True, False)
    """
    return len(label) == 1 or (len(label) == 2 and unicodedata.category(label[1]).startswith("M"))


def _inside_word(character: str) -> str:
    category = unicodedata.category(character)
    if character in SIGNS or category in {"Zs", "Zl", "Zp"}:
        return SIGNS.get(character, SIGNS[" "])
    if category == "Cf" and character not in "\u200c\u200d":  # the joiners shape the letters beside them
        return ""
    return printable(character)
