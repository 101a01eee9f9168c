"""Typer application, to which each module of the command line adds its commands."""

import typer

import dlseq

__all__ = ["app"]

app = typer.Typer(
    name="dlseq",
    help="Sequence models with attention: a course that can be executed.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(requested: bool) -> None:
    """Print the version and exit, if `--version` is given."""
    if requested:
        print(f"dlseq {dlseq.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", callback=show_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Sequence models with attention: a course that can be executed."""
