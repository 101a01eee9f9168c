"""Page of the tour: the table of scores, and a picture of each application."""

from collections.abc import Sequence

from dlseq.plots.pages.html_page import escaped, html_page
from dlseq.plots.pages.page import Page
from dlseq.tasks.tour.diagrams import type_diagram
from dlseq.tasks.tour.stops import SEQUENCE_TYPES, TourResult

__all__ = ["tour_page"]

TITLE = "Types of recurrent networks and their applications"
HELP = (
    "Boxes are inputs (below), states and outputs (above). Each score is on held-out examples, beside a baseline on "
    "the same ones. Nats are cross-entropies: less is better."
)
COLUMNS = ("type", "application", "score", "model", "baseline", "seconds")


def tour_page(results: Sequence[TourResult]) -> Page:
    """Return the page of a tour.

    Args:
        results: results of the stops, see `run_tour`.

    Example:
        >>> "<table" in tour_page([]).html
        True
    """
    types = {name: [result for result in results if result.stop.sequence_type == name] for name in SEQUENCE_TYPES}
    articles = [_table(results), *(_article(name, found) for name, found in types.items() if found)]
    return html_page(TITLE, HELP, articles="\n".join(articles))


def _table(results):
    head = "".join(f'<th scope="col">{column}</th>' for column in COLUMNS)
    rows = "".join(f"<tr>{''.join(f'<td>{escaped(cell)}</td>' for cell in _row(result))}</tr>" for result in results)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scores" role="region" tabindex="0" aria-label="Scores">{table}</div>'


def _row(result):
    stop, shown = result.stop, result.demonstration
    baseline = f"{shown.show(shown.baseline)} {shown.baseline_name}"
    scores = shown.metric, shown.show(shown.score), baseline, f"{result.seconds:.0f}"
    return stop.sequence_type, stop.application, *scores


def _article(sequence_type, results):
    parts = [
        f"<h2>{escaped(sequence_type.capitalize())}</h2>",
        f'<p class="facts">{escaped(SEQUENCE_TYPES[sequence_type])}</p>',
        type_diagram(sequence_type),
    ]
    for result in results:
        shown = result.demonstration
        score = (
            f"{shown.metric} {shown.show(shown.score)} on {shown.tested:,} held-out examples; "
            f"{shown.baseline_name}: {shown.show(shown.baseline)}"
        )
        parts += [
            f"<h3>{escaped(_sentence_case(result.stop.application))}</h3>",
            f'<p class="facts">{escaped(score)}</p>',
            f"<p><bdi>{escaped(shown.example)}</bdi></p>",
            shown.picture,
        ]
    return f"<article>{''.join(parts)}</article>"


def _sentence_case(text):
    """Return a text with a capital first letter; abbreviations stay as they are."""
    return text[:1].upper() + text[1:]
