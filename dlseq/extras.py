"""Optional packages and the extras that install them."""

import importlib.metadata
import importlib.util
import json
import urllib.parse
import urllib.request
from pathlib import Path

from dlseq.errors import DlseqError

__all__ = ["install_command", "require"]


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
        raise DlseqError(f"Cannot {purpose}: the package {package} is not installed. Run: {install_command(extra)}")


def install_command(extra: str = "") -> str:
    """Return the command that installs dlseq again, with an extra: from its checkout or wheel, if it came from one.

    Args:
        extra: name of the extra, such as "grade". Defaults to none.

    Example:
        >>> install_command("grade")
        'pip install ...[grade]...'
    """
    extra = f"[{extra}]" if extra else ""
    checkout = Path(__file__).resolve().parents[1]
    if (checkout / "setup.cfg").is_file():
        return f'pip install -e "{checkout}{extra}"'
    origin = _installed_from()
    return f'pip install "{origin}{extra}"' if origin else f"pip install 'dlseq{extra}'"


def _installed_from() -> Path | None:
    """Return the file or folder that pip installed this package from, if pip recorded one and it is still there."""
    try:
        recorded = importlib.metadata.distribution("dlseq").read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return None
    url = urllib.parse.urlsplit(json.loads(recorded)["url"] if recorded else "")
    path = Path(urllib.request.url2pathname(url.path))
    return path if url.scheme == "file" and path.exists() else None
