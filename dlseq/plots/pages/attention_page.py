"""Interactive attention pages: one HTML file that needs no network and no other file."""

import itertools
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlseq.errors import DlseqError
from dlseq.plots.attention import check_probability, check_weights
from dlseq.plots.fonts import visible
from dlseq.plots.pages.html_page import alternatives_list, escaped, example_index, html_page, percent
from dlseq.plots.pages.page import Page

__all__ = ["AttentionExample", "PageWords", "attention_page"]

DECIMALS = 4  # of a weight
MIN_TABLE_WEIGHT = 0.01  # weights below it are left out of the table of an example
JOINER = "\N{ZERO WIDTH JOINER}"


@dataclass(frozen=True)
class AttentionExample:
    """One output with its attention over one input.

    Args:
        weights: softmaxed weights, array-like of shape `(Ty, Tx)`; padding beyond source and target is cut.
        source: the input text, or its tokens.
        target: the output text, or its tokens.
        probability: probability of the output, between 0 and 1. Defaults to `None`, unknown.
        alternatives: other outputs with their probabilities, such as those of a beam search. Defaults to none.
        heading: heading of the example. Defaults to `None`, source and target.

    Example:
        >>> example = AttentionExample([[0.9, 0.1], [0.2, 0.8]], "5월", "05", probability=0.97)
        >>> example.source
        '5월'
    """

    weights: Any
    source: str | Sequence[str]
    target: str | Sequence[str]
    probability: float | None = None
    alternatives: Sequence[tuple[str, float]] = ()
    heading: str | None = None


@dataclass(frozen=True)
class PageWords:
    """Words of a page, for weights that are not attention.

    Args:
        help: sentence below the heading of the page.
        target: name of the output, whose tokens are the rows of the weights.
        source: name of the input.
        looks_at: verb between an output token and the input tokens of largest weight.
        looked_at: verb of the other direction.
        alternatives: heading of the alternatives.
    """

    help: str = "Point at a token, tap it, or move with the arrow keys: its weights light up on the other side."
    target: str = "Output"
    source: str = "Input"
    looks_at: str = "looks at"
    looked_at: str = "is looked at by"
    alternatives: str = "Other readings"


def attention_page(
    examples: Iterable[AttentionExample], title: str = "Attention", words: PageWords = PageWords()
) -> Page:
    """Return a page that shows attention weights interactively.

    A token of the output that is pointed at, tapped or reached with the arrow keys lights up the input tokens by their
    weight, and the other way round. Behind each example stands a table with the same weights, for screen readers and
    for browsers without scripts. The page follows the light or dark setting of its reader and can be printed.

    Args:
        examples: the examples, at least one.
        title: heading of the page.
        words: words of the page, if the weights are not attention.

    Returns:
        The page: `save(path)` writes it to a file, and a notebook shows it.

    Raises:
        DlseqError: no example, a probability outside 0 to 1, or weights that do not fit source and target, see
            `attention_heatmap`.

    Example:
        >>> page = attention_page([AttentionExample([[0.9, 0.1], [0.2, 0.8]], "5월", "05")], title="One date")
        >>> page.html.startswith("<!doctype html>"), "<h1>One date</h1>" in page.html
        (True, True)
    """
    examples = list(examples)
    if not examples:
        raise DlseqError("Invalid value for argument `examples`. Expected at least one example. Received: none.")
    articles = [_article(number, example, words) for number, example in enumerate(examples)]
    return html_page(
        title,
        words.help,
        "attention_page.js",
        index=example_index([_heading(example, " → ") for example in examples]),
        articles="\n".join(articles),
    )


def _heading(example: AttentionExample, arrow: str) -> str:
    if example.heading is not None:
        return f"<bdi>{escaped(example.heading)}</bdi>"
    return f"<bdi>{escaped(_text(example.source))}</bdi>{arrow}<bdi>{escaped(_text(example.target))}</bdi>"


def _article(number: int, example: AttentionExample, words: PageWords) -> str:
    weights = check_weights(example.weights, example.source, example.target)  # (Ty, Tx)
    arrow = ' <span class="arrow">→</span> '
    data = {"weights": np.round(weights, DECIMALS).tolist(), "verbs": [words.looks_at, words.looked_at]}
    if example.probability is not None:
        check_probability(example.probability)
    facts = [] if example.probability is None else [f"probability {percent(example.probability)}"]
    return "\n".join(
        [
            f'<article id="example-{number}" aria-labelledby="heading-{number}">',
            f'<h2 id="heading-{number}">{_heading(example, arrow)}</h2>',
            f'<p class="facts">{", ".join(facts)}</p>' if facts else "",
            '<div class="map">',
            _row(words.target, "target", example.target),
            '<svg class="links" aria-hidden="true"></svg>',
            _row(words.source, "source", example.source),
            '<p class="status" role="status"></p>',
            "</div>",
            alternatives_list(words.alternatives, example.alternatives),
            _table(weights, example, words),
            f'<script type="application/json">{json.dumps(data)}</script>',
            "</article>",
        ]
    )


def _row(label: str, side: str, tokens: str | Sequence[str]) -> str:
    """Return the tokens of one side as a toolbar of buttons."""
    labels = _labels(tokens)
    whole = " letters" if all(len(token) <= 1 for token in tokens) else ""
    buttons = [
        f'<button type="button" tabindex="{0 if place == 0 else -1}" aria-pressed="false" aria-label="{_named(token)}">'
        f"<span>{escaped(label)}</span><b></b></button>"
        for place, (token, label) in enumerate(zip(tokens, labels, strict=True))
    ]
    content = ""
    for is_number, pairs in itertools.groupby(zip(tokens, buttons, strict=True), lambda pair: _is_number(pair[0])):
        run = "".join(button for _, button in pairs)
        content += f'<span class="number" dir="ltr">{run}</span>' if is_number else run  # so written in any script
    return (
        f'<div class="row {side}{whole}"><span class="label">{escaped(label)}</span>'
        f'<div role="toolbar" aria-label="{escaped(label)} tokens" dir="{_direction(tokens)}">{content}</div></div>'
    )


def _table(weights: np.ndarray, example: AttentionExample, words: PageWords) -> str:
    rows = []
    for token, row in zip(example.target, weights, strict=True):
        order = [place for place in np.argsort(-row, kind="stable") if row[place] >= MIN_TABLE_WEIGHT]
        seen = ", ".join(
            f"<bdi>{_named(example.source[place])}</bdi> (number {place + 1}) {percent(row[place])}" for place in order
        )
        rows.append(f'<tr><th scope="row"><bdi>{_named(token)}</bdi></th><td>{seen}</td></tr>')
    return (
        "<details><summary>Table of the weights</summary><table><thead><tr>"
        f'<th scope="col">{escaped(words.target)}</th>'
        f'<th scope="col">{escaped(words.source)} tokens of at least 1 %, by weight</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></details>"
    )


def _labels(tokens: str | Sequence[str]) -> list[str]:
    """Return visible labels; letters of a script that joins them keep the form that they have within the word."""
    labels = [visible(token) for token in tokens]
    if not isinstance(tokens, str):
        return labels
    for place, token in enumerate(tokens):
        if _joins(token):
            before = JOINER if place and _joins(tokens[place - 1]) else ""
            after = JOINER if place + 1 < len(tokens) and _joins(tokens[place + 1]) else ""
            labels[place] = f"{before}{labels[place]}{after}"
    return labels


def _joins(token: str) -> bool:
    return len(token) == 1 and unicodedata.bidirectional(token) == "AL" and unicodedata.category(token) == "Lo"


def _direction(tokens: str | Sequence[str]) -> str:
    """Return "rtl" if the first letter with a direction is written from right to left."""
    for sign in "".join(tokens):
        if unicodedata.bidirectional(sign) in ("L", "R", "AL"):
            return "ltr" if unicodedata.bidirectional(sign) == "L" else "rtl"
    return "ltr"


def _is_number(token: str) -> bool:
    return len(token) == 1 and unicodedata.bidirectional(token) in ("EN", "AN")


def _text(tokens: str | Sequence[str]) -> str:
    return tokens if isinstance(tokens, str) else " ".join(tokens)


def _named(token: str) -> str:
    return "space" if token == " " else escaped(visible(token))
