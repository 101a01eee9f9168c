"""Names of students that are safe as names of files, in a terminal, on a page and in a spreadsheet."""

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["clean_name", "shown", "unique_names"]

LONGEST = 80  # characters
HEAVIEST = 180  # bytes, of the 255 that file systems allow
UNSEEN = "\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5"  # letters and marks that show nothing
RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])[ ]*(\.|$)", re.IGNORECASE)  # devices of Windows
_MARKS = 4  # above one letter


def clean_name(name: str) -> str:
    r"""Makes a name safe.

    Letters and digits of any script stay, and `-`, `_`, `.` and single spaces between them. What cannot be seen goes,
    anything else becomes a space. The result is NFC, at most 80 characters, hides no file and begins no formula.

    Args:
        name: what somebody called themselves, or their file.

    Returns:
        The name, "unnamed" if nothing is left of it.

    Example:
        >>> clean_name("Ada Lovelace"), clean_name("../../etc/passwd"), clean_name("=1+1"), clean_name("CON.txt")
        ('Ada Lovelace', 'etc passwd', '_1 1', '_CON.txt')
    """
    formula = name.lstrip()[:1] in tuple("=+-@")
    name = "".join(_letters(unicodedata.normalize("NFC", name)))
    name = " ".join(_few_marks(unicodedata.normalize("NFC", name)).split()).strip(" .")
    while _is_mark(name[:1]):
        name = name[1:].strip(" .")
    if name and (formula or name[0] == "-" or RESERVED.match(name)):
        name = "_" + name
    name = name[:LONGEST]
    while len(name.encode("utf-8")) > HEAVIEST:
        name = name[:-1]
    return name.rstrip(" .") or "unnamed"


def unique_names(names: Iterable[str]) -> list[str]:
    """Cleans names and numbers those that would be the same file, be it in capitals.

    Example:
        >>> unique_names(["ada", "Ada", "ada-2", "ada"])
        ['ada', 'Ada-3', 'ada-2', 'ada-4']
    """
    names = [clean_name(name) for name in names]
    taken, given = {_key(name) for name in names}, set()
    unique, numbers = [], {}
    for name in names:
        one, key = name, _key(name)
        while key in given:
            numbers[_key(name)] = number = numbers.get(_key(name), 1) + 1
            one = f"{name}-{number}"
            key = _key(one) if _key(one) not in taken else _key(name)
        given.add(key)
        unique.append(one)
    return unique


def shown(path: str) -> str:
    """A path for a sentence: as `clean_name`, but with its slashes and the usual punctuation.

    Example:
        >>> shown("work/date (1).py"), shown("<b>\\x1b[31m.py")
        ('work/date (1).py', '_b__[31m.py')
    """
    path = unicodedata.normalize("NFC", path)
    kept = "".join(letter if _plain(letter) or letter in "()[],+#~/:" else "_" for letter in path)
    return kept if len(kept) <= 120 else f"{kept[:40]}…{kept[-75:]}"


def _letters(name):
    for letter in name:
        if _plain(letter):
            yield letter
        elif letter.isspace() or (letter not in UNSEEN and unicodedata.category(letter)[0] != "C"):
            yield " "


def _plain(letter):
    return letter not in UNSEEN and (letter.isalnum() or letter in "-_. " or _is_mark(letter))


def _is_mark(letter):
    return bool(letter) and unicodedata.category(letter) in ("Mn", "Mc") and not _selects(letter)


def _selects(letter):
    """Variation selectors are marks that show nothing."""
    return "\ufe00" <= letter <= "\ufe0f" or "\u180b" <= letter <= "\u180f" or letter >= "\U000e0100"


def _few_marks(name):
    kept, marks = [], 0
    for letter in name:
        marks = marks + 1 if _is_mark(letter) else 0
        if marks <= _MARKS:
            kept.append(letter)
    return "".join(kept)


def _key(name):
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
