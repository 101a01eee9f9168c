"""Optional packages and the extras that install them."""

import importlib.util

from dlseq.errors import DlseqError

__all__ = ["require"]


def require(package: str, extra: str, purpose: str) -> None:
    """Check that an optional package is installed.

    Args:
        package: the name under which it is imported.
        extra: the extra of dlseq that installs it.
        purpose: the action that needs it, such as "run graded tests".

    Raises:
        DlseqError: it is not installed; the message has the command that installs it.

    Example:
        >>> require("json", "course", "read notebooks")
        >>> require("no_such_package", "grade", "write the report")
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: Cannot write the report: the package no_such_package is not installed. Run: pip ...
    """
    if importlib.util.find_spec(package) is None:
        raise DlseqError(f"Cannot {purpose}: the package {package} is not installed. Run: pip install 'dlseq[{extra}]'")
