"""The command line: it parses, calls one function and prints. No command loads TensorFlow before it has to."""

import sys

import typer
from rich.console import Console

import dlseq
from dlseq.errors import DlseqError

__all__ = ["app", "main"]

app = typer.Typer(
    name="dlseq",
    help="Sequence models with attention: a course that can be executed.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
train = typer.Typer(help="Train a model and save it as one .keras file.", no_args_is_help=True)
app.add_typer(train, name="train")


def show_version(wanted: bool) -> None:
    """Prints the version and leaves, if that is what was asked for."""
    if wanted:
        print(f"dlseq {dlseq.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", callback=show_version, is_eager=True, help="Print the version and leave."
    ),
) -> None:
    """Sequence models with attention: a course that can be executed."""


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


from dlseq.cli import course, dates, demo, grade, names  # noqa: E402, F401  (each adds its commands to `app`)
