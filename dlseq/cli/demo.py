"""`dlseq demo`: from nothing to a picture of attention."""

from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from dlseq.cli.app import app
from dlseq.cli.dates import draw_attention, show_reading
from dlseq.files import check_writable
from dlseq.startup import import_keras

TEXTS = ("July 20th 1969", "23 April, 1564", "Sunday, 21th of August 2016")


@app.command()
def demo(
    out: Path = typer.Option(Path("attention.png"), metavar="FILE", help="Where the picture goes: PNG, SVG or PDF."),
    seed: int = typer.Option(0, min=0, help="Of the data and the weights."),
) -> None:
    """Train a model on dates in half a minute, read some, and draw where it looked."""
    from dlseq.plots import check_figure_path

    check_figure_path(out)
    check_writable(out)
    console = Console(highlight=False)
    console.print("[bold]1[/]  Faker and Babel write dates, and a model learns to read them …")
    import_keras()
    from dlseq.tasks.date_presets import recipe_for, train_dates
    from dlseq.training.progress_bar import TrainingProgress

    recipe = recipe_for("demo", seed=seed)
    progress = TrainingProgress("dates", {"val_exact_match": "exact match"})
    result = train_dates(recipe, callbacks=[progress])
    console.print(
        f"[bold]2[/]  Exact match on {result.tested:,} held-out texts, none of whose dates it has seen: "
        f"[bold green]{result.exact_match:.2%}[/]"
    )
    readings = result.normalizer.read(TEXTS)
    for text, reading in zip(TEXTS, readings, strict=True):
        show_reading(text, reading)
    draw_attention(readings[0], out)
    console.print(f"[bold]3[/]  Where it looked while it read the first one: [bold]{escape(str(out))}[/]")
