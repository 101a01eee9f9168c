"""The Typer application to which each module of the command line adds its commands."""

import typer

import dlseq

__all__ = ["app", "train"]

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
