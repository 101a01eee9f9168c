"""Command line: each command parses, calls one function and prints. TensorFlow is loaded only when it is needed."""

import sys

from rich.console import Console

from dlseq.cli import course, demo, doctor, gallery, grade, tasks, tour, train  # noqa: F401  (they add their commands)
from dlseq.cli.app import app
from dlseq.errors import DlseqError

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line. A user's error is one message on standard error and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a character that the terminal cannot show is escaped
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except DlseqError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]dlseq:[/] {_escaped(error)}")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)


def _escaped(error):
    from rich.markup import escape

    return escape(str(error))
