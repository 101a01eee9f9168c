"""Interactive pages of attention over images: a word that is pointed at shows where the model looked."""

import base64
import io
import json
import os
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image

from dlseq.errors import DlseqError
from dlseq.files import check_writable
from dlseq.plots.html_page import escaped, frame, html_page, percent, save_page
from dlseq.plots.image_attention import ImageAttentionExample, check_image_weights

__all__ = ["image_attention_page", "notebook_image_frame", "save_image_attention_page"]

HELP = "Point at a word, tap it, or move with the arrow keys: the picture is bright where the model looked for it."
DECIMALS = 4  # of a weight
MAX_PNG_SIDE = 128  # pixels; larger pictures are embedded as JPEG
MAX_TABLE_PLACES = 3


def image_attention_page(examples: Iterable[ImageAttentionExample], title: str = "Attention over images") -> str:
    """Write an HTML page that shows the attention of captions interactively.

    A word that is pointed at, tapped or reached with the arrow keys darkens the picture where the model did not look,
    relative to the largest weight of the word. Behind each picture stands a table of the largest weights, for screen
    readers and for browsers without scripts.

    Args:
        examples: the examples, at least one.
        title: heading of the page.

    Returns:
        A complete HTML document.

    Raises:
        DlseqError: no example, or one that `image_attention` refuses.

    Example:
        >>> image = np.full((16, 16, 3), 200, np.uint8)
        >>> page = image_attention_page([ImageAttentionExample(image, np.full((2, 4, 4), 1 / 16), ["a", "cat"])])
        >>> page.startswith("<!doctype html>"), "data:image/png" in page
        (True, True)
    """
    examples = list(examples)
    if not examples:
        raise DlseqError("Invalid value for argument `examples`. Expected at least one example. Received: none.")
    articles = "\n".join(_article(number, example) for number, example in enumerate(examples))
    return html_page(title, HELP, "image_attention_page.js", index=_index(examples), articles=articles)


def save_image_attention_page(
    examples: Iterable[ImageAttentionExample], path: str | os.PathLike, title: str = "Attention over images"
) -> None:
    """Write the page of `image_attention_page` to a file, atomically.

    Args:
        examples: the examples, at least one.
        path: the file to create or replace, ending in `.html`.
        title: heading of the page.

    Raises:
        DlseqError: another suffix, a folder that cannot be written to, or an invalid example.
    """
    check_writable(path, ".html")
    save_page(image_attention_page(examples, title), path)


def notebook_image_frame(example: ImageAttentionExample, title: str = "Attention over images") -> str:
    """Return HTML that shows the page of one example in the output of a notebook cell, for `_repr_html_`."""
    return frame(image_attention_page([example], title), title)


def _index(examples: Sequence[ImageAttentionExample]) -> str:
    """Return links to the examples, if there are several."""
    if len(examples) == 1:
        return ""
    links = [
        f'<li><a href="#example-{number}">{escaped(example.title)}</a></li>' for number, example in enumerate(examples)
    ]
    return f'<nav aria-label="Examples"><ol>{"".join(links)}</ol></nav>'


def _article(number: int, example: ImageAttentionExample) -> str:
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
            f'<img src="{_data_address(image)}" alt="{escaped(example.title)}" width="{width}" height="{height}">',
            "<canvas></canvas></div>",
            f'<div class="row target"><div role="toolbar" aria-label="Words of the caption">{buttons}</div></div>',
            "</div>",
            '<p class="status" role="status"></p>',
            _table(weights, example),
            f'<script type="application/json">{data}</script>',
            "</article>",
        ]
    )


def _data_address(image: np.ndarray) -> str:
    kind, options = ("png", {}) if max(image.shape) <= MAX_PNG_SIDE else ("jpeg", {"quality": 88})
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind, **options)
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def _table(weights: np.ndarray, example: ImageAttentionExample) -> str:
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
        f'<th scope="col">word</th><th scope="col">largest weights in a grid of {height} rows and {width} columns</th>'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></details>"
    )
