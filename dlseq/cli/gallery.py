"""`dlseq gallery`: pages of the shipped models."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.completion import complete_model
from dlseq.cli.status import counted, load_keras
from dlseq.files import check_new_folder


@app.command()
def gallery(
    out: Path = typer.Option(..., "--out", metavar="DIR", show_default=False, help="A new folder for the pages."),
    names: list[str] = typer.Option(
        None, "--model", metavar="NAME", help="Only this shipped model; repeatable.", autocompletion=complete_model
    ),
) -> None:
    """Write interactive pages of the shipped models on examples of their own, and an index page.

    Each page is one file that needs no network: attention that lights up under the pointer, entities in their text,
    letters and notes that a generator expected, clips frame by frame.
    """
    from dlseq.tasks.gallery import gallery_entries, write_gallery

    check_new_folder(out)
    entries = gallery_entries(names or ())
    load_keras()
    written = [file for _, file in counted(write_gallery(out, entries), "Drawing", len(entries)) if file]
    console = Console(highlight=False, soft_wrap=True)
    for file in ("index.html", *written):
        console.print(escape(str(out / file)))
