"""`dlseq entities`: find names, dates and amounts in texts with a trained model."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from dlseq.cli.app import app
from dlseq.cli.status import keras_status
from dlseq.cli.tasks.texts import PAGE_SUFFIX, print_json, printable, read_texts, short_percent
from dlseq.files import check_writable

STYLES = {
    "person": "bold magenta",
    "company": "bold blue",
    "place": "bold green",
    "date": "bold cyan",
    "amount": "bold yellow",
    "email": "bold red",
}
OTHER_STYLE = "bold underline"  # of kinds that a model of one's own finds


@app.command()
def entities(
    texts: list[str] = typer.Argument(
        None, metavar="[TEXT]...", show_default=False, help="Sentences. Default: stdin, one text per line."
    ),
    model: Path = typer.Option(
        None, metavar="FILE", help="Your own model, made by dlseq train entities, instead of the shipped one."
    ),
    plot: Path = typer.Option(None, metavar="FILE", help="Mark the entities of all texts in an HTML page."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object per text, with character offsets."),
) -> None:
    """Find persons, companies, places, dates, amounts and e-mail addresses in texts.

    Each entity is printed with the probability that exactly these words are one of its kind; below one half it is a
    guess. A text of which fewer than half of the words are known is marked as doubtful.
    """
    lines = read_texts(texts, "text", "Ada Lovelace lived in London.")
    if plot is not None:
        check_writable(plot, PAGE_SUFFIX)
    with keras_status("Finding entities"):
        from dlseq.tasks.entities.recognition import EntityRecognizer
        from dlseq.tasks.pretrained import pretrained

        recognizer = EntityRecognizer.load(model or pretrained("entities-world"))
        texts_found = recognizer.find(lines)
        if plot is not None:
            save_marked_texts(texts_found, plot)
    for found in texts_found:
        show_entities(found, as_json)


def save_marked_texts(texts_found, path: Path) -> None:
    """Write a page of texts with their entities marked."""
    from dlseq.plots.pages.span_page import span_page
    from dlseq.tasks.entities.recognition import PAGE_TITLE

    span_page([found.marked() for found in texts_found], PAGE_TITLE).save(path)


def show_entities(found, as_json: bool = False) -> None:
    """Print a text with its entities in color and a line for each of them, or one JSON object."""
    if as_json:
        entities = [
            {
                "start": entity.start,
                "end": entity.end,
                "label": entity.label,
                "text": entity.text,
                "probability": round(entity.probability, 6),
                "sure": entity.sure,
            }
            for entity in found.entities
        ]
        print_json({"text": found.text, "entities": entities, "known": round(found.known, 4), "sure": found.sure})
        return
    console = Console(soft_wrap=True, highlight=False)
    colored, end = Text(), 0
    for entity in found.entities:
        colored.append(printable(found.text[end : entity.start]))
        colored.append(printable(entity.text), STYLES.get(entity.label, OTHER_STYLE))
        end = entity.end
    console.print(colored.append(printable(found.text[end:])))
    width = max((len(entity.label) for entity in found.entities), default=0)
    for entity in found.entities:
        style = STYLES.get(entity.label, OTHER_STYLE)
        label = f"[{style}]{escape(entity.label)}[/]{' ' * (width - len(entity.label))}"
        note = "" if entity.sure else "[dim]   (a guess)[/]"
        percent = short_percent(entity.probability)
        console.print(f"  {label}  {percent:>6}  {escape(printable(entity.text))}{note}")
    if not found.sure:
        console.print(f"  [dim]in doubt: the model knows {found.known:.0%} of the words of this text[/]")
    elif not found.entities:
        console.print("  [dim]nothing found[/]")
