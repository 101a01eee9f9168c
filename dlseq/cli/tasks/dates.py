"""`dlseq dates`: read dates with a trained model."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.status import bar, load_keras, status
from dlseq.cli.tasks.texts import check_map_path, is_page, print_json, printable, read_texts, short_percent
from dlseq.errors import DlseqError
from dlseq.files import check_writable

CONFIDENT = 0.5  # a date below this probability is printed as a guess


@app.command()
def dates(
    texts: list[str] = typer.Argument(
        None,
        metavar="[TEXT]...",
        show_default=False,
        help="Dates as people write them. Default: stdin, one per line.",
    ),
    plot: Path = typer.Option(
        None, metavar="FILE", help="Draw the attention map of one text (PNG, SVG or PDF), or of all (an HTML page)."
    ),
    model: Path = typer.Option(None, metavar="FILE", help="Your own model, instead of the shipped one."),
    beam_width: int = typer.Option(1, min=1, help="Width of the beam search; 1 is greedy search."),
    day_first: bool = typer.Option(
        None, "--day-first/--month-first", help="Order of dates such as 5/4/2009. Default: both are shown."
    ),
    min_confidence: float = typer.Option(
        None,
        min=0.0,
        max=1.0,
        metavar="P",
        show_default=False,
        help="Refuse dates below this probability. Default: none, and 0.5 with --csv.",
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object per text, attention included."),
    csv: Path = typer.Option(None, metavar="FILE", help="CSV file with a column of dates; needs --out."),
    column: str = typer.Option("date", metavar="NAME", help="Column of the dates in the CSV file."),
    out: Path = typer.Option(None, metavar="FILE", help="CSV file to write: all columns, and those of the dates."),
) -> None:
    """Convert dates as they are written in 54 locales to YYYY-MM-DD.

    Each date is printed with the model's probability of it, and with the second reading if that is below one half. The
    exit status is 2 if a text was refused. With --csv it is 0 when the file is written; dates below --min-confidence
    are left empty in it.
    """
    order = None if day_first is None else "day" if day_first else "month"
    _check_options(texts, plot, as_json, csv, out)
    lines = [] if csv is not None else read_texts(texts, "date", "3 May 1979")
    if plot is not None:
        check_map_path(plot, lines)
    load_keras()
    from dlseq.tasks.dates.normalization import DateNormalizer
    from dlseq.tasks.pretrained import pretrained

    with status("Loading the model"):
        normalizer = DateNormalizer.load(model or pretrained("dates-world"))
    options = {"beam_width": beam_width, "first": order}
    if csv is not None:
        convert_file(normalizer, csv, column, out, CONFIDENT if min_confidence is None else min_confidence, options)
        return
    with status("Reading"):
        readings = normalizer.read(lines, **options)
        if plot is not None:
            draw_attention(readings, plot)
    for text, reading in zip(lines, readings, strict=True):
        show_reading(text, reading, min_confidence or 0.0, as_json)
    if any(reading.probability < (min_confidence or 0.0) for reading in readings):
        raise typer.Exit(2)


def _check_options(texts, plot, as_json, csv, out):
    if (csv is None) != (out is None):
        missing, given = ("--out", "--csv") if out is None else ("--csv", "--out")
        raise DlseqError(f"Expected {missing} together with {given}: a CSV file to read and one to write.")
    if csv is not None:
        others = [name for name, value in (("TEXT", texts), ("--plot", plot), ("--json", as_json)) if value]
        if others:
            raise DlseqError(f"Expected --csv without {' and '.join(others)}: the dates come from the file.")
        check_writable(out)


def show_reading(text: str, reading, min_confidence: float = 0.0, as_json: bool = False) -> None:
    """Print one reading as date, probability and text, or as one JSON object."""
    refused = reading.probability < min_confidence
    if as_json:
        fields = {"text": text, "iso": None if refused else reading.iso, "probability": round(reading.probability, 6)}
        second = None if reading.second is None else dict(zip(("iso", "probability"), reading.second, strict=True))
        fields |= {"sure": reading.sure, "second": second}
        fields |= {"read": reading.text, "attention": reading.attention.round(5).tolist()}
        print_json(fields)
        return
    console = Console(soft_wrap=True, highlight=False)
    iso = "----------" if refused else reading.iso
    style = "bold" if reading.probability >= max(CONFIDENT, min_confidence) else "yellow"
    notes = [f"refused: below {min_confidence:.1%}"] if refused else ["a guess"] * (not reading.sure)
    if reading.second is not None and not reading.sure:
        notes.append(f"or {reading.second[0]}, {short_percent(reading.second[1])}")
    note = f"   ({'; '.join(notes)})" if notes else ""
    console.print(
        f"[{style}]{iso}[/]  {short_percent(reading.probability):>6}  {escape(printable(text))}[dim]{note}[/]"
    )


def convert_file(normalizer, csv: Path, column: str, out: Path, min_confidence: float, options: dict) -> None:
    """Convert the dates of a CSV file with a progress bar, and print their number."""
    from dlseq.tasks.dates.table import convert_table, read_table

    table = read_table(csv, column)
    with bar("Reading dates", len(table.rows)) as show:
        for counts in convert_table(normalizer, table, out, min_confidence=min_confidence, **options):
            show(counts.converted + counts.refused + counts.empty)
    print(
        f"{out}: {counts.converted:,} of {len(table.rows):,} dates; {counts.refused:,} left out, below "
        f"{min_confidence:.1%}; {counts.empty:,} empty fields"
    )


def draw_attention(readings, path: Path) -> None:
    """Draw the attention maps of readings into a page, or that of a single one into a figure."""
    from dlseq.plots import attention_heatmap, attention_page, save_figure

    if is_page(path):
        attention_page([reading.example() for reading in readings], "Attention of a date model").save(path)
        return
    (reading,) = readings
    figure = attention_heatmap(reading.attention, reading.text, reading.iso, probability=reading.probability)
    save_figure(figure, path)
