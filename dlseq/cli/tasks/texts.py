"""Texts as arguments or on standard input, as they are printed, and the file that their maps are drawn into."""

import codecs
import json
import re
import sys
from pathlib import Path

from dlseq.errors import DlseqError
from dlseq.files import check_writable

__all__ = [
    "PAGE_SUFFIX",
    "check_map_path",
    "check_plot_path",
    "is_page",
    "print_json",
    "printable",
    "read_texts",
    "short_percent",
]

PAGE_SUFFIX = ".html"
LINE_SEPARATOR = re.compile("[\x7f-\x9f\u2028\u2029]")


def read_texts(arguments: list[str] | None, kind: str, example: str) -> list[str]:
    """Return the arguments of a command, or the lines of standard input.

    Args:
        arguments: texts of the command line, or none.
        kind: noun for one text, for the messages.
        example: such a text.

    Raises:
        DlseqError: there is no text, a line is empty, or a text is no UTF-8; the message says which.
    """
    if arguments:
        return [_checked(text, f"text {number}") for number, text in enumerate(arguments, 1)]
    if sys.stdin.isatty():
        raise DlseqError(
            f"Expected a {kind}, such as '{example}', as an argument or on standard input. Received: none."
        )
    lines = sys.stdin.buffer.read().removeprefix(codecs.BOM_UTF8).split(b"\n")
    lines = lines if lines[-1] else lines[:-1]
    if not lines:
        raise DlseqError(
            f"Invalid standard input. Expected one {kind} per line, such as '{example}'. Received: nothing."
        )
    texts = []
    for number, line in enumerate(lines, 1):
        text = _checked(line.removesuffix(b"\r").decode("utf-8", "surrogateescape"), f"line {number} of standard input")
        if not text.strip():
            raise DlseqError(f"Invalid line {number} of standard input. Expected one {kind}. Received: an empty line.")
        texts.append(text)
    return texts


def _checked(text, place):
    """Return a text, or name the place of a byte in it that is no UTF-8."""
    for character in text:
        if "\udc80" <= character <= "\udcff":
            raise DlseqError(f"Invalid {place}. Expected UTF-8. Received: the byte 0x{ord(character) - 0xDC00:02x}.")
    return text


def check_plot_path(path: Path) -> None:
    """Check that a page or a figure can be written to a file.

    Raises:
        DlseqError: another suffix, or a folder that cannot be written to.
    """
    from dlseq.plots import check_figure_path  # loads Matplotlib

    if is_page(path):
        check_writable(path)
    else:
        check_figure_path(path, others=(PAGE_SUFFIX,))


def is_page(path: Path) -> bool:
    """Return whether a file is an interactive page by its name, rather than a figure.

    Example:
        >>> is_page(Path("map.html")), is_page(Path("map.png"))
        (True, False)
    """
    return path.suffix == PAGE_SUFFIX


def check_map_path(path: Path, inputs: list, noun: str = "text") -> None:
    """Check that the maps of some inputs can be drawn into a file: a page, or a figure for one input.

    Args:
        path: the file.
        inputs: the inputs.
        noun: word for one of them. Defaults to "text".

    Raises:
        DlseqError: another suffix, a folder that cannot be written to, or several inputs for one figure.
    """
    check_plot_path(path)
    if not is_page(path) and len(inputs) != 1:
        raise DlseqError(
            f"Invalid option --plot. Expected one {noun} to draw, or the name of an {PAGE_SUFFIX} page for several. "
            f"Received: {len(inputs)}."
        )


def print_json(fields: dict) -> None:
    """Print an object as one line of JSON, which no character of a text breaks, in any encoding of standard output."""
    line = json.dumps(fields, ensure_ascii=not _is_unicode(sys.stdout))
    print(LINE_SEPARATOR.sub(lambda sign: f"\\u{ord(sign[0]):04x}", line))


def printable(text: str) -> str:
    """Return a text in one line: line separators and control characters are escaped."""
    return "".join(
        sign.encode("unicode_escape").decode() if sign < " " or LINE_SEPARATOR.match(sign) else sign for sign in text
    )


def short_percent(probability: float) -> str:
    """Return a probability as a percentage.

    Example:
        >>> short_percent(0.457), short_percent(0.99991)
        ('45.7%', '>99.9%')
    """
    return ">99.9%" if probability > 0.9995 else f"{probability:.1%}"


def _is_unicode(stream):
    """Return True if a stream can encode any character."""
    return codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name.startswith("utf")
