"""Typer application, to which each module of the command line adds its commands."""

import contextlib
import functools
import itertools

import typer
from rich.columns import Columns
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

import dlseq
from dlseq.errors import DlseqError

__all__ = ["TranslatedCommand", "app", "remember_language"]

LANGUAGE_KEY = "dlseq.language"
UsageError = typer.BadParameter.__base__  # of Click, or of the copy of Click within Typer


class FoldedTable(Table):
    """A table whose lines lose no letter: with another overflow, Rich counts the wide ones at their ends once."""

    def add_row(self, *cells, **options):
        """Add a row."""
        super().add_row(*cells, **options)
        for column in self.columns:
            column.overflow = "fold"


class FoldedColumns(Columns):
    """Columns whose texts lose no letter, see `FoldedTable`."""

    def __init__(self, renderables=None, *arguments, **options):
        texts = list(renderables or ())
        for text in texts:
            if isinstance(text, Text):
                text.overflow = "fold"
        super().__init__(texts, *arguments, **options)


@functools.cache
def _typer_words():
    """Return names and texts of Typer's own words, which it reads from a module that takes long to import."""
    from typer import rich_utils

    names = [name for name in dir(rich_utils) if name.endswith(("_PANEL_TITLE", "_TEXT"))]
    names += ["DEFAULT_STRING", "REQUIRED_LONG_STRING", "RICH_HELP"]
    return rich_utils, {name: getattr(rich_utils, name) for name in names if hasattr(rich_utils, name)}


def remember_language(context: typer.Context, language: str) -> str:
    """Keep the value of an option `--language`, for errors of the command."""
    context.meta[LANGUAGE_KEY] = language
    return language


@contextlib.contextmanager
def _translated(parts, translate):
    """Translate the helps of commands and parameters, paragraph by paragraph, and Typer's own words, for a while."""
    helps = [(part, part.help) for part in parts if getattr(part, "help", None)]
    for part, text in helps:
        part.help = "\n\n".join(_paragraph(paragraph, translate) for paragraph in text.split("\n\n"))
    _set_typer_words(translate)
    try:
        yield
    finally:
        for part, text in helps:
            part.help = text
        _set_typer_words(str)


def _set_typer_words(translate):
    module, words = _typer_words()
    for name, text in words.items():
        setattr(module, name, translate(text))
    module.Table, module.Columns = (Table, Columns) if translate is str else (FoldedTable, FoldedColumns)


def _paragraph(text, translate):
    indent = text[: len(text) - len(text.lstrip())]
    translation = translate(" ".join(text.split()))
    return text if translation == text.strip() else indent + translation


class _Translated:
    """Mixin of commands: help, usage and errors in the language of `--language`, of the hand-out, or of the locale.

    English is the source: helps and errors are messages of the catalogues.
    """

    def format_help(self, ctx, formatter):
        """Write the help, with all words translated."""
        parts = [self, *self.get_params(ctx), *getattr(self, "commands", {}).values()]
        with _translated(parts, _translator(ctx)):
            super().format_help(ctx, formatter)

    def get_usage(self, ctx):
        """Return the line of usage, its words translated."""
        usage, translate = super().get_usage(ctx), _translator(ctx)
        for word in ("Usage:", "[OPTIONS]", "COMMAND [ARGS]..."):
            usage = usage.replace(word, translate(word), 1)
        return usage

    def parse_args(self, ctx, args):
        """Parse arguments; raise an error of usage again with a translated message."""
        if any(param.name == "language" and param.is_eager for param in self.params):  # not that of captions or speech
            remember_language(ctx, _option_value(args, "--language"))  # an unknown option ends the parsing before it
        with _translated_errors(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx):
        """Run the command; raise its error again with a translated message."""
        with _translated_errors(ctx):
            return super().invoke(ctx)


class TranslatedCommand(_Translated, TyperCommand):
    """A command in the reader's language."""


class TranslatedGroup(_Translated, TyperGroup):
    """Commands in the reader's language."""

    def main(self, *args, **options):
        """Run a command line, and print its error of usage."""
        try:
            return super().main(*args, **options)
        finally:
            if _typer_words.cache_info().currsize:
                _set_typer_words(str)


class _TranslatedTyper(typer.Typer):
    """A Typer application whose commands are translated."""

    def command(self, name=None, *, cls=TranslatedCommand, **options):
        """Add a command."""
        return super().command(name, cls=cls, **options)


def _option_value(args, name):
    """Return the value of an option among unparsed arguments, or `None`."""
    values = [value for option, value in itertools.pairwise(args) if option == name]
    values += [arg.partition("=")[2] for arg in args if arg.startswith(f"{name}=")]
    return values[-1] if values else None


def _translator(ctx):
    from dlseq.checking.messages import command_translator

    return command_translator(ctx.meta.get(LANGUAGE_KEY))


@contextlib.contextmanager
def _translated_errors(ctx):
    try:
        yield
    except (DlseqError, UsageError) as error:
        is_usage, translate = isinstance(error, UsageError), _translator(ctx)
        text = error.format_message() if is_usage else str(error)
        message = translate(text)
        if message == text:
            raise
        _set_typer_words(translate)  # until the error is printed, see `TranslatedGroup.main`
        raise (UsageError(message, error.ctx) if is_usage else type(error)(message)) from error


app = _TranslatedTyper(
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
