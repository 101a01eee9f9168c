"""`dlseq dates` and `dlseq train dates`."""

import shlex
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app, train
from dlseq.errors import DlseqError
from dlseq.startup import import_keras

SURE = 0.5  # below this, an answer is shown as a doubtful one


@app.command()
def dates(
    texts: list[str] = typer.Argument(
        None, metavar="[TEXT]...", show_default=False, help="Dates as people write them. None: one a line from stdin."
    ),
    plot: Path = typer.Option(
        None, metavar="FILE", help="Draw where the model looked: PNG, SVG or PDF. Takes one text."
    ),
    model: Path = typer.Option(None, metavar="FILE", help="A model of your own, instead of the one that is shipped."),
    beam_width: int = typer.Option(1, min=1, help="Hypotheses that the search follows; 1 is a greedy search."),
    min_confidence: float = typer.Option(
        0.0, min=0.0, max=1.0, metavar="P", help="Refuse to answer below this probability."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object a text, attention included."),
) -> None:
    """Read dates as they are written in 54 locales, and write them as YYYY-MM-DD.

    Every answer stands with the probability that the model gives the whole of it. Exit status 2 where one was refused.
    """
    lines = _texts(texts)
    if plot is not None and len(lines) != 1:
        raise DlseqError(f"--plot draws one text, received {len(lines)}; call dlseq dates once for each")
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


@train.command("dates")
def train_dates_command(
    preset: str = typer.Option("course", help="What to draw: 'course' (24 English forms) or 'world' (54 locales)."),
    locale: list[str] = typer.Option(None, metavar="NAME", help="Write in this locale, such as fr_FR; repeatable."),
    examples: int = typer.Option(
        None, min=10, help=r"Pairs to train on. \[default: 10,000 for course, more for world]"
    ),
    csv: Path = typer.Option(None, metavar="FILE", help="Train on a file with the columns text,iso instead."),
    epochs: int = typer.Option(None, min=1, help="Passes over the pairs at the most."),
    seconds: float = typer.Option(None, min=0, help="End after so many seconds, with the best so far."),
    seed: int = typer.Option(0, min=0, help="Of the data, the weights and the order of the batches."),
    out: Path = typer.Option(Path("dates.keras"), metavar="FILE", help="Where the model goes."),
    resume: bool = typer.Option(False, "--resume", help="Go on with the run that was cut short while making --out."),
) -> None:
    """Train a date normaliser. Ctrl-C keeps the best so far."""
    from dlseq.data.dates import read_date_csv
    from dlseq.files import check_writable

    check_writable(out, ".keras")
    import_keras()
    from dlseq.tasks.date_presets import recipe_for, train_dates
    from dlseq.training.progress_bar import TrainingProgress

    recipe = recipe_for(
        preset if csv is None else "csv", locales=tuple(locale or ()), examples=examples, epochs=epochs, seed=seed
    )
    pairs = None if csv is None else read_date_csv(csv)
    asked = {"preset": preset, "examples": examples, "epochs": epochs, "seconds": seconds, "seed": seed}
    asked |= {"csv": csv, "out": out.name}
    options = [word for name, value in asked.items() if value is not None for word in (f"--{name}", str(value))]
    options += [word for name in recipe.locales for word in ("--locale", name)]
    progress = TrainingProgress(f"dates ({recipe.preset})", {"val_exact_match": "exact match"})
    result = train_dates(
        recipe,
        pairs,
        out=out,
        seconds=seconds,
        resume=resume,
        command=shlex.join(["dlseq", "train", "dates", *options]),
        callbacks=[progress],
    )

    console = Console()
    console.print(
        f"{result.training.stopped} after {result.training.seconds:.0f} s; best epoch: {result.training.best_epoch}",
        highlight=False,
    )
    console.print(
        f"exact match on {result.tested:,} held-out texts: [bold]{result.exact_match:.2%}[/]", highlight=False
    )
    console.print(f"saved as {escape(str(out))}, score in {escape(str(out.with_suffix('.json')))}", highlight=False)


def _texts(arguments):
    if arguments:
        return list(arguments)
    if sys.stdin.isatty():
        raise DlseqError("expected a date, as an argument or one a line on standard input, for example '3 May 1979'")
    lines = sys.stdin.read().splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            raise DlseqError(f"line {number} of standard input is empty: expected one date a line; remove the line")
    if not lines:
        raise DlseqError("standard input is empty: expected one date a line, for example '3 May 1979'")
    return lines


def show_reading(text: str, reading, min_confidence: float = 0.0, as_json: bool = False) -> None:
    """Prints one answer: date, probability, text; or one JSON object."""
    import json

    refused = reading.probability < min_confidence
    if as_json:
        record = {"text": text, "iso": None if refused else reading.iso, "probability": round(reading.probability, 6)}
        record |= {"read": reading.text, "attention": reading.attention.round(5).tolist()}
        print(json.dumps(record, ensure_ascii=False))
        return
    console = Console(soft_wrap=True, highlight=False)
    iso = "----------" if refused else reading.iso
    style = "bold" if reading.probability >= max(SURE, min_confidence) else "yellow"
    note = "" if reading.probability >= SURE else "   (a guess)"
    note = f"   (refused: below {min_confidence:.1%})" if refused else note
    share = ">99.9%" if reading.probability > 0.9995 else f"{reading.probability:.1%}"
    console.print(f"[{style}]{iso}[/]  {share:>6}  {escape(text)}[dim]{note}[/]")


def draw_attention(reading, path: Path) -> None:
    """Writes the attention map of one answer."""
    from dlseq.plots import attention_heatmap, save_figure

    figure = attention_heatmap(reading.attention, reading.text, reading.iso, probability=reading.probability)
    save_figure(figure, path)
