"""Status line and progress bar on standard error while a command computes; nothing where it is no terminal."""

import contextlib
import dataclasses
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from dlseq.startup import import_keras

__all__ = ["bar", "counted", "keras_status", "load_keras", "status", "waited"]


@contextlib.contextmanager
def status(text: str) -> Iterator[Callable[[str], None]]:
    """Show what is done, and for how long.

    The line disappears at the end of the block. Print nothing within it.

    Args:
        text: what is done, such as "Drawing clips".

    Yields:
        A function to call with the next text. Its time begins again.
    """
    with _progress(SpinnerColumn(), TextColumn("{task.description} …"), TimeElapsedColumn()) as progress:
        task = progress.add_task(_translated(text), total=None)

        def show(next_text):
            progress.reset(task, description=_translated(next_text), total=None)

        yield show


def load_keras() -> None:
    """Import Keras with a status line, see `dlseq.startup.import_keras`."""
    with status("Loading Keras"):
        import_keras()


@contextlib.contextmanager
def keras_status(text: str) -> Iterator[Callable[[str], None]]:
    """Import Keras, then do what the text says, with a status line for both.

    Args:
        text: what is done after the import.

    Yields:
        A function to call with the next text.

    Raises:
        DlseqError: the backend of Keras is not installed, see `dlseq.startup.import_keras`.
    """
    with status("Loading Keras") as show:
        import_keras()
        show(text)
        yield show


def counted(items: Iterable, text: str, total: int) -> Collection:
    """Return items as a collection that shows a bar of their number while it is iterated over.

    Args:
        items: so many items as `total` says.
        text: what is done, such as "Writing clips".
        total: number of items.

    Example:
        >>> list(counted(range(3), "Counting", 3))
        [0, 1, 2]
    """
    return _Counted(items, text, total)


@dataclasses.dataclass(frozen=True)
class _Counted:
    items: Iterable
    text: str
    total: int

    def __len__(self):
        return self.total

    def __iter__(self):
        with bar(self.text, self.total) as show:
            for count, item in enumerate(self.items, 1):
                yield item
                show(count)


def waited(items: Iterable, text: str) -> Iterator:
    """Yield items, with a status line while the next one is computed, so that each can be printed.

    Args:
        items: the items.
        text: what is done, such as "Proving".

    Example:
        >>> list(waited(iter("ab"), "Waiting"))
        ['a', 'b']
    """
    iterator, end = iter(items), object()
    while True:
        with status(text):
            item = next(iterator, end)
        if item is end:
            return
        yield item


@contextlib.contextmanager
def bar(text: str, total: int) -> Iterator[Callable[..., None]]:
    """Show how many of a number of items are done.

    Args:
        text: what is done, such as "Reading dates".
        total: number of items.

    Yields:
        A function to call with the number so far, and with the next text where it changes.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with _progress(*columns) as progress:
        task = progress.add_task(_translated(text), total=total)
        yield lambda count, next_text=None: progress.update(task, completed=count, description=_translated(next_text))


def _translated(text):
    """Return a text in the language of the hand-out or of the locale, where it is shown."""
    if text is None or not sys.stderr.isatty():
        return text
    from dlseq.checking.messages import command_translator

    return command_translator()(text)


@contextlib.contextmanager
def _progress(*columns):
    """A transient progress display on a descriptor of its own, since the import of Keras holds that of stderr back."""
    with contextlib.ExitStack() as stack:
        file = sys.stderr
        if file.isatty():
            with contextlib.suppress(OSError, ValueError):  # a stream without a descriptor, as in a notebook
                file = stack.enter_context(os.fdopen(os.dup(file.fileno()), "w", encoding=file.encoding))
        console = Console(file=file)
        with Progress(
            *columns,
            console=console,
            transient=True,
            disable=not sys.stderr.isatty(),
            redirect_stdout=False,
            redirect_stderr=False,
        ) as progress:
            yield progress
