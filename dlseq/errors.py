"""What a user got wrong, said in a sentence.

Every error that a user can cause is a `DlseqError`: its message says what was expected, what was received and what
to do. The command line prints that sentence and leaves with status 2; a traceback is for our own mistakes.
"""

__all__ = ["DataError", "DlseqError", "ModelFileError"]


class DlseqError(ValueError):
    """Something the user typed, wrote or pointed at cannot be used as it is."""


class DataError(DlseqError):
    """A file, a row, a locale or a text that cannot serve as data."""


class ModelFileError(DlseqError):
    """A model file that is missing, is something else, or cannot be written."""
