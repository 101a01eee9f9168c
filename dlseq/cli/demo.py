"""`dlseq demo`: train a model and draw its attention."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.status import load_keras, status
from dlseq.cli.tasks.dates import draw_attention, show_reading
from dlseq.files import check_writable

TEXTS = ("July 20th 1969", "23 April, 1564", "Sunday, 21th of August 2016")


@app.command()
def demo(
    out: Path = typer.Option(Path("attention.png"), metavar="FILE", help="The figure to write: PNG, SVG or PDF."),
    seed: int = typer.Option(0, min=0, help="Seed of the data and the weights."),
) -> None:
    """Train a date model in half a minute, convert three dates, and draw the attention of the first."""
    from dlseq.checking.messages import command_translator
    from dlseq.plots import check_figure_path

    check_figure_path(out)
    check_writable(out)
    console, translate = Console(highlight=False), command_translator()
    console.print(translate("[bold]1[/]  Training a model on dates that Faker and Babel write …"))
    load_keras()
    from dlseq.tasks.dates.normalization import DateNormalizer
    from dlseq.tasks.registry import find_preset
    from dlseq.tasks.training import train
    from dlseq.training.progress_bar import TrainingProgress

    preset = find_preset("dates", "demo", training={"seed": seed})
    with TrainingProgress("dates", {DateNormalizer.monitor: DateNormalizer.monitor_label}) as progress:
        trained = train(DateNormalizer, preset, callbacks=[progress])
    tested, exact = len(trained.splits.test), trained.score["exact_match"]
    console.print(
        translate(
            f"[bold]2[/]  Exact match on {tested:,} held-out texts, whose dates were not trained on: "
            f"[bold green]{exact:.2%}[/]"
        )
    )
    with status("Drawing"):
        readings = trained.model.read(TEXTS)
        draw_attention(readings[:1], out)
    for text, reading in zip(TEXTS, readings, strict=True):
        show_reading(text, reading)
    console.print(translate(f"[bold]3[/]  Attention of the first one: [bold]{escape(str(out))}[/]"))
