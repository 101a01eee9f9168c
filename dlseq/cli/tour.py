"""`dlseq tour`: the types of recurrent networks and their applications, in a table and a page."""

import itertools
import json
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from dlseq.cli.app import app
from dlseq.cli.status import bar, load_keras
from dlseq.files import check_writable

PAGE_SUFFIX = ".html"
COLUMNS = ((25, "left"), (15, "left"), (7, "right"), (8, "right"), (15, "left"), (5, "right"))
"""Width and justification of each column, the same in all tables: 80 with the spaces between."""


@app.command()
def tour(
    out: Path = typer.Option(Path("tour.html"), metavar="FILE", help="The page to write, with a picture of each."),
    seed: int = typer.Option(0, min=0, help="Seed of the held-out examples, and of what is trained."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object per application."),
) -> None:
    """Run the five types of recurrent networks and seven applications, each beside a baseline, in a few minutes.

    One network is trained; the others are the shipped models. All are scored on held-out examples that are drawn or
    kept back, together with a simple baseline.
    """
    check_writable(out, PAGE_SUFFIX)
    load_keras()
    from dlseq.tasks.tour import TOUR, run_tour, tour_page

    texts, results = [*(stop.application for stop in TOUR), "drawing the page"], []
    with bar(texts[0], len(TOUR)) as show:
        for result in run_tour(seed=seed):
            results.append(result)
            show(len(results), texts[len(results)])
        tour_page(results).save(out)
    show_tour(results, as_json)
    Console(stderr=as_json, highlight=False, soft_wrap=True).print(f"Page: {out}", markup=False)


def show_tour(results, as_json: bool = False) -> None:
    """Print the results, a table for each type, or one JSON object for each."""
    if as_json:
        for result in results:
            print(json.dumps(_fields(result)))
        return
    console = Console(highlight=False)
    console.print(_table([("application", "score", "model", "baseline", "", "time")]), style="dim")
    for sequence_type, group in itertools.groupby(results, key=lambda result: result.stop.sequence_type):
        console.print(sequence_type, style="bold")
        console.print(_table(map(_row, group)))


def _table(rows):
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    for width, justify in COLUMNS:
        table.add_column(width=width, justify=justify)
    for row in rows:
        table.add_row(*row)
    return table


def _row(result):
    shown = result.demonstration
    scores = shown.show(shown.score), shown.show(shown.baseline), shown.baseline_name
    return f" {result.stop.application}", shown.metric, *scores, f"{result.seconds:.0f} s"


def _fields(result):
    stop, shown = result.stop, result.demonstration
    return {
        "type": stop.sequence_type,
        "application": stop.application,
        "metric": shown.metric,
        "score": round(shown.score, 6),
        "baseline": round(shown.baseline, 6),
        "baseline_name": shown.baseline_name,
        "tested": shown.tested,
        "seconds": round(result.seconds, 1),
    }
