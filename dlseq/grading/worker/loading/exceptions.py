"""Description of an exception of a submission: kind, message and place."""

import re
from collections.abc import Collection

__all__ = ["describe_exception", "format_place"]

MAX_NAME_LENGTH = 80  # characters of the name of an exception
MAX_MESSAGE_LENGTH = 500  # characters of the message of an exception
TERMINAL_STYLE = re.compile(r"\x1b\[[\d;]*m")  # TensorFlow's messages have some


def describe_exception(error: BaseException, files: Collection[str]) -> dict:
    """Return {"kind": class name, "message": one line, "place": innermost place in the submission, or ""}.

    Args:
        error: the exception. Its methods may do anything.
        files: names of all pieces of the submission's code; with one alone, a place is a line without a name.

    Example:
        >>> describe_exception(ZeroDivisionError("division by zero"), ["a.py"])
        {'kind': 'ZeroDivisionError', 'message': 'division by zero', 'place': ''}
    """
    kind = type(error).__name__[:MAX_NAME_LENGTH]
    try:
        message = " ".join(TERMINAL_STYLE.sub("", str(error)).split())[:MAX_MESSAGE_LENGTH]
    except BaseException:
        message = ""
    return {"kind": kind, "message": message, "place": _innermost_place(error, files)}


def format_place(files: Collection[str], file: str, line: int) -> str:
    """Return "line 3", or "cell 2, line 3" where there are several pieces of code."""
    return f"line {line}" if len(files) == 1 else f"{file}, line {line}"


def _innermost_place(error, files):
    if isinstance(error, SyntaxError) and error.filename in files:
        return format_place(files, error.filename, error.lineno)
    place, entry = "", error.__traceback__
    while entry is not None:
        file = entry.tb_frame.f_code.co_filename
        if file in files:
            place = format_place(files, file, entry.tb_lineno)
        entry = entry.tb_next
    return place
