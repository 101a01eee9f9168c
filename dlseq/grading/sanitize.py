"""Sanitizers for names and texts out of submissions, one for each place where they are used."""

import json
import re
import unicodedata
from collections.abc import Iterable

__all__ = [
    "for_csv",
    "for_filename",
    "for_line",
    "for_message",
    "for_terminal",
    "printable_exhibit",
    "unique_filenames",
]

MAX_NAME_CHARACTERS = 80
MAX_NAME_BYTES = 180  # of the 255 that file systems allow
MAX_MESSAGE_CHARACTERS = 120
MAX_EXHIBIT_CHARACTERS = 200_000
MAX_MARKS = 4  # combining marks on one letter
INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5"
JOINERS = "\u200c\u200d"  # shape the letters beside them
BIDI_OVERRIDES = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}  # reverse the text after them
WINDOWS_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])[ ]*(\.|$)", re.IGNORECASE)
TERMINAL_CODE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # colors, cursor movements
    "|(?:\x1b[\\]P^_X]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"  # titles, links, strings
    "|\x1b[ -/]*[0-~]"
)
HARMLESS_LINE = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2018-\u201d]*")
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠|%]")
LATER_FORMULA = re.compile(
    r"([;\n]\s*[\"']?)(?=[=+\-@＝＋－＠|%])"
)  # begins a cell for programs that separate by semicolons
NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?")


def for_filename(name: str) -> str:
    r"""Make a student's name safe as a file name, in a terminal, on a page and in a spreadsheet.

    Letters and digits of any script stay, and `-`, `_`, `.` and single spaces between them. Invisible characters are
    removed, all others become a space. The result is in NFC, at most 80 characters long, no hidden file, no formula.

    Args:
        name: of a student or their file.

    Returns:
        The safe name, "unnamed" if nothing is left of it.

    Example:
        >>> for_filename("Ada Lovelace"), for_filename("../../etc/passwd"), for_filename("=1+1")
        ('Ada Lovelace', 'etc passwd', '_1 1')
    """
    is_formula = name.lstrip()[:1] in tuple("=+-@")
    name = "".join(_visible_letters(unicodedata.normalize("NFC", name)))
    name = " ".join(_limit_marks(unicodedata.normalize("NFC", name)).split()).strip(" .")
    while _is_mark(name[:1]):
        name = name[1:].strip(" .")
    if name and (is_formula or name[0] == "-" or WINDOWS_DEVICE.match(name)):
        name = "_" + name
    name = name[:MAX_NAME_CHARACTERS]
    while len(name.encode("utf-8")) > MAX_NAME_BYTES:
        name = name[:-1]
    return name.rstrip(" .") or "unnamed"


def unique_filenames(names: Iterable[str]) -> list[str]:
    """Apply `for_filename` and number names that would be the same file, also where a file system ignores case.

    Example:
        >>> unique_filenames(["ada", "Ada", "ada-2", "ada"])
        ['ada', 'Ada-3', 'ada-2', 'ada-4']
    """
    names = [for_filename(name) for name in names]
    wanted, used = {_file_key(name) for name in names}, set()
    unique, numbers = [], {}
    for name in names:
        numbered, key = name, _file_key(name)
        while key in used:
            numbers[_file_key(name)] = number = numbers.get(_file_key(name), 1) + 1
            numbered = f"{name}-{number}"
            key = _file_key(numbered) if _file_key(numbered) not in wanted else _file_key(name)
        used.add(key)
        unique.append(numbered)
    return unique


def for_message(path: str) -> str:
    """Make a path safe in a message: as `for_filename`, but with its slashes and the usual punctuation.

    Example:
        >>> for_message("work/date (1).py"), for_message("<b>\\x1b[31m.py")
        ('work/date (1).py', '_b__[31m.py')
    """
    path = unicodedata.normalize("NFC", path)
    kept = "".join(letter if _is_plain(letter) or letter in "()[],+#~/:" else "_" for letter in path)
    return kept if len(kept) <= MAX_MESSAGE_CHARACTERS else f"{kept[:40]}…{kept[-75:]}"


def for_line(text: str) -> str:
    """Make a text one line that shows everything in it.

    Terminal codes and invisible marks are removed; line ends and tabs become spaces; control characters, bidirectional
    overrides and surrogates are spelled as codes.

    Args:
        text: any text.

    Returns:
        Text that UTF-8, XML 1.0 and HTML can hold.

    Example:
        >>> for_line("\\x1b[31mred\\x1b[0m\\tade\\u202etxt\\udc80\\0")
        'red adeU+202EtxtU+DC80U+0000'
    """
    if HARMLESS_LINE.fullmatch(text):
        return text
    return "".join(_visible_character(character) for character in TERMINAL_CODE.sub("", text))


def for_terminal(text: str) -> str:
    """Replace each unprintable character, line ends included.

    Example:
        >>> for_terminal("\\x1b[31mred\\n")
        '�[31mred�'
    """
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def for_csv(cell: str) -> str:
    """Make a text a CSV cell that no spreadsheet takes for a formula, not even after a semicolon; line ends stay.

    Example:
        >>> for_csv("=1+1"), for_csv("-2.5"), for_csv("a; =1+1")
        ("'=1+1", '-2.5', "a; '=1+1")
    """
    cell = "\n".join(for_line(line) for line in cell.split("\n"))
    cell = LATER_FORMULA.sub(r"\1'", cell)
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def printable_exhibit(exhibit: dict | None) -> dict | None:
    """Return an exhibit, or None if it is not JSON or too large for a report; a submission supplies parts of it."""
    try:
        return exhibit if len(json.dumps(exhibit)) <= MAX_EXHIBIT_CHARACTERS else None
    except (TypeError, ValueError):
        return None


def _visible_letters(name):
    for letter in name:
        if _is_plain(letter):
            yield letter
        elif letter.isspace() or (letter not in INVISIBLE_LETTERS and unicodedata.category(letter)[0] != "C"):
            yield " "


def _visible_character(character):
    code, category = ord(character), unicodedata.category(character)
    if character.isspace():
        return " "
    if category in ("Cc", "Cs") or code in BIDI_OVERRIDES or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return f"U+{code:04X}"
    return "" if category == "Cf" and character not in JOINERS else character


def _is_plain(letter):
    return letter not in INVISIBLE_LETTERS and (letter.isalnum() or letter in "-_. " or _is_mark(letter))


def _is_mark(letter):
    return bool(letter) and unicodedata.category(letter) in ("Mn", "Mc") and not _is_variation_selector(letter)


def _is_variation_selector(letter):
    """Return True for variation selectors: marks that show nothing."""
    return "\ufe00" <= letter <= "\ufe0f" or "\u180b" <= letter <= "\u180f" or letter >= "\U000e0100"


def _limit_marks(name):
    kept, marks = [], 0
    for letter in name:
        marks = marks + 1 if _is_mark(letter) else 0
        if marks <= MAX_MARKS:
            kept.append(letter)
    return "".join(kept)


def _file_key(name):
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
