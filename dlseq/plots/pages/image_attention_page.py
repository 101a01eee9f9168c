"""Interactive pages of attention over images: a word that is pointed at shows where the model looked."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dlseq.errors import DlseqError
from dlseq.plots.image_attention import ImageAttentionExample, check_image_weights
from dlseq.plots.pages.html_page import (
    alternatives_list,
    data_address,
    escaped,
    example_index,
    html_page,
    percent,
)
from dlseq.plots.pages.page import Page

__all__ = ["ImagePageWords", "image_attention_page"]

DECIMALS = 4  # of a weight
MAX_TABLE_PLACES = 3


@dataclass(frozen=True)
class ImagePageWords:
    """Words of a page.

    Args:
        help: sentence below the heading of the page.
        words: name of the row of words.
        word: noun for one of them.
        alternatives: heading of the alternatives.
    """

    help: str = (
        "Point at a word, tap it, or move with the arrow keys: the picture is bright where the model looked for it."
    )
    words: str = "Words of the caption"
    word: str = "word"
    alternatives: str = "Other captions"


def image_attention_page(
    examples: Iterable[ImageAttentionExample],
    title: str = "Attention over images",
    words: ImagePageWords = ImagePageWords(),
) -> Page:
    """Return a page that shows the attention of captions interactively.

    A word that is pointed at, tapped or reached with the arrow keys darkens the picture where the model did not look,
    relative to the largest weight of the word. Behind each picture stands a table of the largest weights, for screen
    readers and for browsers without scripts.

    Args:
        examples: the examples, at least one.
        title: heading of the page.
        words: words of the page, if the texts are not captions.

    Returns:
        The page: `save(path)` writes it to a file, and a notebook shows it.

    Raises:
        DlseqError: no example, or one that `image_attention` refuses.

    Example:
        >>> image = np.full((16, 16, 3), 200, np.uint8)
        >>> page = image_attention_page([ImageAttentionExample(image, np.full((2, 4, 4), 1 / 16), ["a", "cat"])])
        >>> page.html.startswith("<!doctype html>"), "data:image/png" in page.html
        (True, True)
    """
    examples = list(examples)
    if not examples:
        raise DlseqError("Invalid value for argument `examples`. Expected at least one example. Received: none.")
    articles = "\n".join(_article(number, example, words) for number, example in enumerate(examples))
    return html_page(
        title,
        words.help,
        "image_attention_page.js",
        index=example_index([escaped(example.title) for example in examples]),
        articles=articles,
    )


def _article(number: int, example: ImageAttentionExample, words: ImagePageWords) -> str:
    image, weights = check_image_weights(example)  # (H, W, 3), (Ty, H', W')
    facts = "" if example.probability is None else f"probability {percent(example.probability)}"
    buttons = "".join(
        f'<button type="button" tabindex="{0 if place == 0 else -1}" aria-pressed="false"><span>{escaped(word)}</span>'
        "<b></b></button>"
        for place, word in enumerate(example.words)
    )
    height, width = image.shape[:2]
    data = json.dumps({"weights": np.round(weights, DECIMALS).tolist()})
    return "\n".join(
        [
            f'<article id="example-{number}" aria-labelledby="heading-{number}">',
            f'<h2 id="heading-{number}">{escaped(example.title)}</h2>',
            f'<p class="facts">{facts}</p>',
            '<div class="seen">',
            f'<div class="picture" style="aspect-ratio: {width} / {height}">',
            f'<img src="{data_address(image)}" alt="{escaped(example.title)}" width="{width}" height="{height}">',
            "<canvas></canvas></div>",
            f'<div class="row target"><div role="toolbar" aria-label="{escaped(words.words)}">{buttons}</div></div>',
            "</div>",
            '<p class="status" role="status"></p>',
            alternatives_list(words.alternatives, example.alternatives),
            _table(weights, example, words),
            f'<script type="application/json">{data}</script>',
            "</article>",
        ]
    )


def _table(weights: np.ndarray, example: ImageAttentionExample, words: ImagePageWords) -> str:
    """Return the largest weights of each word, with rows and columns of the grid counted from 1."""
    rows = []
    for word, grid in zip(example.words, weights, strict=True):
        best = np.argsort(-grid, axis=None, kind="stable")[:MAX_TABLE_PLACES]
        places = [divmod(int(place), grid.shape[1]) for place in best]
        seen = ", ".join(f"row {row + 1}, column {column + 1}: {percent(grid[row, column])}" for row, column in places)
        rows.append(f'<tr><th scope="row">{escaped(word)}</th><td>{seen}</td></tr>')
    height, width = weights.shape[1:]
    return (
        "<details><summary>Table of the weights</summary><table><thead><tr>"
        f'<th scope="col">{escaped(words.word)}</th><th scope="col">largest weights in a grid of '
        f"{height} rows and {width} columns</th></tr></thead><tbody>{''.join(rows)}</tbody></table></details>"
    )
