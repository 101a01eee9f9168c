"""The command line: it parses, calls one function and prints. No command loads TensorFlow before it has to."""

import sys

from rich.console import Console

from dlseq.cli import course, dates, demo, grade, names  # noqa: F401  (each adds its commands to `app`)
from dlseq.cli.app import app
from dlseq.errors import DlseqError

__all__ = ["app", "main"]


def main() -> None:
    """Runs the command line. What a user got wrong is a sentence on standard error and exit status 2."""
    try:
        app()
    except DlseqError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]dlseq:[/] {_plain(error)}")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)


def _plain(error):
    from rich.markup import escape

    return escape(str(error))
