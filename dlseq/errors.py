"""Errors that a user can cause.

The message of a `DlseqError` names the argument or file, what was expected, what was received and, if it is not
obvious, what to do. The command line prints the message and exits with status 2; a traceback means a bug in `dlseq`.
"""

__all__ = ["DataError", "DlseqError", "ModelFileError"]


class DlseqError(ValueError):
    """An argument, file or command that cannot be used as it is."""


class DataError(DlseqError):
    """A file, row, locale or text that cannot be used as data."""


class ModelFileError(DlseqError):
    """A model file that is missing, has another format, or cannot be written."""
