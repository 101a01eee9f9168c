"""Typer application, to which each module of the command line adds its commands."""

import typer
from typer.core import TyperCommand, TyperGroup

import dlseq
from dlseq.errors import DlseqError

__all__ = ["TranslatedCommand", "app", "remember_language"]

LANGUAGE_KEY = "dlseq.language"


def remember_language(context: typer.Context, language: str) -> str:
    """Keep the value of an option `--language`, for errors of the command."""
    context.meta[LANGUAGE_KEY] = language
    return language


class TranslatedCommand(TyperCommand):
    """A command whose help is in the language of the hand-out, or of the locale. The English help is the message."""

    def format_help(self, ctx, formatter):
        """Write the help, each paragraph and each option translated."""
        from dlseq.checking.messages import command_translator

        translate = command_translator()
        for part in (self, *self.params):
            paragraphs = (getattr(part, "help", None) or "").split("\n\n")
            part.help = "\n\n".join(translate(" ".join(paragraph.split())) for paragraph in paragraphs)
        super().format_help(ctx, formatter)


class TranslatedGroup(TyperGroup):
    """Commands whose errors are in the language of `--language`, of the hand-out, or of the locale."""

    def invoke(self, ctx):
        """Run a command; raise its error again with a translated message."""
        try:
            return super().invoke(ctx)
        except DlseqError as error:
            from dlseq.checking.messages import command_translator

            message = command_translator(ctx.meta.get(LANGUAGE_KEY))(str(error))
            if message == str(error):
                raise
            raise type(error)(message) from error


app = typer.Typer(
    name="dlseq",
    cls=TranslatedGroup,
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
