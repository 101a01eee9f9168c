"""Files that are no script or notebook: one sentence for each kind, with a remedy."""

import json
import re

__all__ = ["no_code_reason", "no_notebook_reason"]

SCRIPT = re.compile(rb"^(?:import|from|def|class|print)\b|^# %%", re.MULTILINE)
CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
BEGINNINGS = (  # lower case
    (
        b"version https://git-lfs",
        "a pointer of Git LFS and not the file. Run `git lfs pull`, and hand in the file itself.",
    ),
    (b"<!doctype html", "a web page, perhaps that of a login. Log in, and download the file itself."),
    (b"<html", "a web page, perhaps that of a login. Log in, and download the file itself."),
    (b"%pdf-", "a PDF. Hand in the notebook or script that it was made from."),
    (b"pk\x03\x04", "a zip archive. Unpack it, or give it a name that ends in .zip."),
    (b"\x89png", "a picture. Hand in the notebook or script itself."),
)


def no_code_reason(data: bytes) -> str:
    """Return what a file is that holds no code, and what to do; empty for others.

    Example:
        >>> no_code_reason(b"<!DOCTYPE html><html>")
        'a web page, perhaps that of a login. Log in, and download the file itself.'
    """
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((reason for beginning, reason in BEGINNINGS if start.startswith(beginning)), "")


def no_notebook_reason(data: bytes, error: Exception) -> str:
    """Return why the bytes of a file are no notebook, and what to do.

    Args:
        data: of a file with the suffix .ipynb.
        error: that reading it has raised.

    Example:
        >>> no_notebook_reason(b"", ValueError())
        'it is empty. Save it in Jupyter, and look at its size before you hand it in.'
    """
    if not data.strip():
        return "it is empty. Save it in Jupyter, and look at its size before you hand it in."
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        return "it is in UTF-16. Save it in UTF-8, as Jupyter does."
    if CONFLICT.search(data):
        return "it holds the marks of a merge conflict (<<<<<<<). Resolve it, and save the notebook in Jupyter."
    if isinstance(error, json.JSONDecodeError):
        if error.msg == "Extra data":
            return "it holds a second text behind the notebook. Save it again in Jupyter."
        if data.lstrip()[:1] != b"{" and SCRIPT.search(data):
            return "it is a script. Give it a name that ends in .py."
        if error.pos >= len(error.doc.rstrip()) - 1 or error.msg.startswith("Unterminated"):
            return "it is cut off. Save it in Jupyter, and hand it in again."
    if isinstance(error, KeyError | TypeError):
        return "it has no list of cells. Save it again in Jupyter."
    return "it is damaged. Save it again in Jupyter."
