"""Gallery of the shipped models: a page for each of them on examples of its own, and an index page."""

import importlib
import json
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dlseq.errors import DlseqError
from dlseq.files import atomic_folder
from dlseq.plots.pages.html_page import escaped, html_page, link_back, percent
from dlseq.plots.pages.page import Page
from dlseq.tasks.pretrained import pretrained, shipped_models
from dlseq.tasks.registry import TASKS, load_task

__all__ = ["GalleryEntry", "gallery_entries", "index_page", "write_gallery"]

HELP = "Models that come with dlseq, each on a few examples. A page shows where the model looked, or what it expected."


@dataclass(frozen=True)
class GalleryEntry:
    """A shipped model in the gallery.

    Attributes:
        name: name of the model, such as "dates-world".
        task: name of its task.
        score: its score on held-out examples, in words.
        command: the command that trained it.
        has_page: True if its task has pages.
    """

    name: str
    task: str
    score: str
    command: str
    has_page: bool


def gallery_entries(names: Iterable[str] = ()) -> list[GalleryEntry]:
    """Return the entries of shipped models, without loading them.

    Args:
        names: names of models. Defaults to all.

    Raises:
        ModelFileError: there is no such model.

    Example:
        >>> [entry.task for entry in gallery_entries(["dates-world"])]
        ['dates']
    """
    return [_entry(name, pretrained(name)) for name in names or shipped_models()]


def _entry(name, path):
    record = json.loads(path.with_suffix(".json").read_text("utf-8"))
    task = shlex.split(record["command"])[2]
    return GalleryEntry(name, task, _score(record), record["command"], bool(TASKS[task].gallery))


def _score(record):
    """Return the first score of a record in words: the others are losses, or more detailed."""
    metric, value = next(iter(record.items()))
    number = percent(value) if 0 <= value <= 1 and "nats" not in metric else f"{value:.4g}"
    examples = f"{record['tested']:,} held-out example{'s' * (record['tested'] != 1)}"
    return f"{metric.replace('_', ' ')} {number} on {examples}"


def write_gallery(folder: Path, entries: Iterable[GalleryEntry]) -> Iterator[tuple[GalleryEntry, str]]:
    """Write the pages of some models and their index into a new folder, completely or not at all.

    Args:
        folder: the folder to create; it must be new or empty.
        entries: the models, see `gallery_entries`.

    Yields:
        An entry and the name of its file, "" for a model without a page, as each page is made. The folder is there
        when the last one has been taken.

    Raises:
        DlseqError: a folder that is not empty, or no entry.
    """
    entries = list(entries)
    if not entries:
        raise DlseqError("Invalid value for argument `entries`. Expected at least one model. Received: none.")
    with atomic_folder(folder) as new:
        for entry in entries:
            file = f"{entry.name}.html" if entry.has_page else ""
            if file:
                link_back(_page(entry), "index.html", "All models").save(new / file)
            yield entry, file
        index_page(entries).save(new / "index.html")


def _page(entry):
    module = importlib.import_module(TASKS[entry.task].gallery)
    return module.gallery_page(load_task(entry.task).load(pretrained(entry.name)), entry.name)


def index_page(entries: Iterable[GalleryEntry]) -> Page:
    """Return the index page of a gallery.

    Args:
        entries: the models, each with a page beside the index if its task has pages.

    Example:
        >>> page = index_page([GalleryEntry("dates-world", "dates", "exact", "dlseq train dates", True)])
        >>> 'href="dates-world.html"' in page.html
        True
    """
    cards = []
    for entry in entries:
        heading = escaped(entry.name)
        if entry.has_page:
            heading = f'<a href="{heading}.html">{heading}</a>'
        cards.append(
            f"<li><h2>{heading}</h2><p>{escaped(TASKS[entry.task].description)}</p>"
            f'<p class="facts">{escaped(entry.score)}</p><p><code>{escaped(entry.command)}</code></p></li>'
        )
    return html_page("Gallery of dlseq", HELP, articles=f'<ul class="cards">\n{chr(10).join(cards)}\n</ul>')
