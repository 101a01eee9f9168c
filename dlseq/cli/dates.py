"""`dlseq dates`: read dates with a trained model."""

import json
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.errors import DlseqError
from dlseq.startup import import_keras

CONFIDENT = 0.5  # a date below this probability is printed as a guess


@app.command()
def dates(
    texts: list[str] = typer.Argument(
        None,
        metavar="[TEXT]...",
        show_default=False,
        help="Dates as people write them. Default: stdin, one per line.",
    ),
    plot: Path = typer.Option(None, metavar="FILE", help="Draw the attention map of one text: PNG, SVG or PDF."),
    model: Path = typer.Option(None, metavar="FILE", help="Your own model, instead of the shipped one."),
    beam_width: int = typer.Option(1, min=1, help="Width of the beam search; 1 is greedy search."),
    min_confidence: float = typer.Option(
        0.0, min=0.0, max=1.0, metavar="P", help="Refuse dates below this probability."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object per text, attention included."),
) -> None:
    """Convert dates as they are written in 54 locales to YYYY-MM-DD.

    Each date is printed with the model's probability of it. The exit status is 2 if a date was refused.
    """
    lines = _texts(texts)
    if plot is not None and len(lines) != 1:
        raise DlseqError(f"Invalid option --plot. Expected one text to draw. Received: {len(lines)}.")
    if plot is not None:
        from dlseq.plots import check_figure_path

        check_figure_path(plot)
    import_keras()
    from dlseq.tasks.date_normalization import DateNormalizer
    from dlseq.tasks.pretrained import pretrained

    normalizer = DateNormalizer.load(model or pretrained("dates-world"))
    readings = normalizer.read(lines, beam_width=beam_width)
    if plot is not None:
        draw_attention(readings[0], plot)
    for text, reading in zip(lines, readings, strict=True):
        show_reading(text, reading, min_confidence, as_json)
    if any(reading.probability < min_confidence for reading in readings):
        raise typer.Exit(2)


def _texts(arguments):
    if arguments:
        return list(arguments)
    if sys.stdin.isatty():
        raise DlseqError("Expected a date, such as '3 May 1979', as an argument or on standard input. Received: none.")
    lines = sys.stdin.read().splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            raise DlseqError(f"Invalid line {number} of standard input. Expected one date. Received: an empty line.")
    if not lines:
        raise DlseqError("Invalid standard input. Expected one date per line, such as '3 May 1979'. Received: nothing.")
    return lines


def show_reading(text: str, reading, min_confidence: float = 0.0, as_json: bool = False) -> None:
    """Print one reading as date, probability and text, or as one JSON object."""
    refused = reading.probability < min_confidence
    if as_json:
        fields = {"text": text, "iso": None if refused else reading.iso, "probability": round(reading.probability, 6)}
        fields |= {"read": reading.text, "attention": reading.attention.round(5).tolist()}
        print(json.dumps(fields, ensure_ascii=False))
        return
    console = Console(soft_wrap=True, highlight=False)
    iso = "----------" if refused else reading.iso
    style = "bold" if reading.probability >= max(CONFIDENT, min_confidence) else "yellow"
    note = "" if reading.probability >= CONFIDENT else "   (a guess)"
    note = f"   (refused: below {min_confidence:.1%})" if refused else note
    share = ">99.9%" if reading.probability > 0.9995 else f"{reading.probability:.1%}"
    console.print(f"[{style}]{iso}[/]  {share:>6}  {escape(text)}[dim]{note}[/]")


def draw_attention(reading, path: Path) -> None:
    """Draw the attention map of one reading into a file."""
    from dlseq.plots import attention_heatmap, save_figure

    figure = attention_heatmap(reading.attention, reading.text, reading.iso, probability=reading.probability)
    save_figure(figure, path)
