"""Interactive pages of predictions along a sequence: the frames of a clip, the notes of a melody."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlseq.errors import DlseqError
from dlseq.plots.attention import check_probability
from dlseq.plots.pages.html_page import data_address, escaped, example_index, html_page, percent
from dlseq.plots.pages.page import Page

__all__ = ["StepExample", "StepWords", "step_page"]

DECIMALS = 4  # of a probability
MIN_TABLE_PROBABILITY = 0.01  # choices below it are left out of the table of an example
THUMBNAIL_REM = 2.75


@dataclass(frozen=True, eq=False)
class StepExample:
    """Sequence with the probabilities of some choices at each of its steps.

    Args:
        heading: heading of the example.
        steps: T labels.
        choices: for each step, pairs of a choice and its probability, in the order in which they are shown.
        chosen: T labels: at each step the choice to be marked, such as the note that was drawn.
        probability: probability of the whole, between 0 and 1. Defaults to `None`, unknown.
        frames: pictures of the steps, `(T, H, W, 3)` uint8. Defaults to `None`, no pictures.
        drawing: SVG of the whole sequence, whose elements with `data-step="0"` and so on belong to the steps, see
            `dlseq.plots.piano_roll.piano_roll_svg`. Defaults to none.
        note: a sentence about the example. Defaults to none.
    """

    heading: str
    steps: Sequence[str]
    choices: Sequence[Sequence[tuple[str, float]]]
    chosen: Sequence[str]
    probability: float | None = None
    frames: Any = None
    drawing: str = ""
    note: str = ""


@dataclass(frozen=True)
class StepWords:
    """Words of a page.

    Args:
        help: sentence below the heading of the page.
        step: noun for a step.
        choices: heading of the choices.
    """

    help: str = "Point at a step, tap it, or move with the arrow keys: the bars show the probabilities there."
    step: str = "Step"
    choices: str = "Probabilities"


def step_page(examples: Iterable[StepExample], title: str = "Steps", words: StepWords = StepWords()) -> Page:
    """Return a page that shows the probabilities at each step of a sequence interactively.

    A step that is pointed at, tapped or reached with the arrow keys shows its picture and its choices as bars. Behind
    each example stands a table with the same probabilities, for screen readers and for browsers without scripts.

    Args:
        examples: the examples, at least one.
        title: heading of the page.
        words: words of the page.

    Returns:
        The page: `save(path)` writes it to a file, and a notebook shows it.

    Raises:
        DlseqError: no example, or lengths, frames or probabilities that do not fit.

    Example:
        >>> choices = [[("left", 0.5), ("right", 0.5)], [("left", 0.9), ("right", 0.1)]]
        >>> page = step_page([StepExample("left", ["1", "2"], choices, ["left", "left"])], title="One clip")
        >>> page.html.startswith("<!doctype html>"), "<h1>One clip</h1>" in page.html
        (True, True)
    """
    examples = list(examples)
    if not examples:
        raise DlseqError("Invalid value for argument `examples`. Expected at least one example. Received: none.")
    articles = [_article(number, example, words) for number, example in enumerate(examples)]
    index = example_index([escaped(example.heading) for example in examples])
    return html_page(title, words.help, "step_page.js", index=index, articles="\n".join(articles))


def _article(number: int, example: StepExample, words: StepWords) -> str:
    frames = _checked(example)
    facts = [] if example.probability is None else [f"probability {percent(example.probability)}"]
    facts += [escaped(example.note)] if example.note else []
    data = {
        "choices": [[[text, round(float(chance), DECIMALS)] for text, chance in row] for row in example.choices],
        "chosen": list(example.chosen),
        "step": words.step,
    }
    return "\n".join(
        [
            f'<article id="example-{number}" aria-labelledby="heading-{number}"{_strip(frames)}>',
            f'<h2 id="heading-{number}">{escaped(example.heading)}</h2>',
            f'<p class="facts">{", ".join(facts)}</p>',
            f'<div class="drawing" role="group" aria-label="Drawing" tabindex="0">{example.drawing}</div>'
            if example.drawing
            else "",
            '<div class="seen">',
            _picture(frames),
            f'<div class="chances"><h3>{escaped(words.choices)}</h3><ol></ol></div>',
            "</div>",
            f'<div class="steps"><div role="toolbar" aria-label="{escaped(words.step)} by {escaped(words.step)}">',
            *(_button(place, label, frames, words) for place, label in enumerate(example.steps)),
            "</div></div>",
            '<p class="status" role="status"></p>',
            _table(example, words),
            f'<script type="application/json">{_json(data)}</script>',
            "</article>",
        ]
    )


def _checked(example: StepExample) -> np.ndarray | None:
    """Check an example and return its frames."""
    count = len(example.steps)
    if not count or len(example.choices) != count or len(example.chosen) != count:
        raise DlseqError(
            "Invalid example. Expected at least one step, and choices and a chosen one for each. "
            f"Received: {count} steps, {len(example.choices)} choices and {len(example.chosen)} chosen."
        )
    for chance in [example.probability] * (example.probability is not None):
        check_probability(chance)
    for row in example.choices:
        for _, chance in row:
            check_probability(chance)
    if example.frames is None:
        return None
    frames = np.asarray(example.frames)
    if frames.ndim != 4 or frames.shape[0] != count or frames.shape[3] != 3 or frames.dtype != np.uint8:
        raise DlseqError(
            f"Invalid value for argument `frames`. Expected uint8 ({count}, H, W, 3). "
            f"Received: {frames.dtype} of shape {frames.shape}."
        )
    return frames


def _strip(frames: np.ndarray | None) -> str:
    """Return a style with all frames side by side as one picture, of which each button shows a part."""
    if frames is None:
        return ""
    address = data_address(np.concatenate(list(frames), axis=1))
    return f' style="--strip: url({address}); --frames: {len(frames)}"'


def _picture(frames: np.ndarray | None) -> str:
    if frames is None:
        return ""
    height, width = frames.shape[1:3]
    return f'<div class="picture film" style="aspect-ratio: {width} / {height}" aria-hidden="true"></div>'


def _button(place: int, label: str, frames: np.ndarray | None, words: StepWords) -> str:
    attributes = f'type="button" tabindex="{0 if place == 0 else -1}" aria-pressed="false"'
    if frames is None:
        return f"<button {attributes}><span>{escaped(label)}</span></button>"
    height, width = frames.shape[1:3]
    style = f"--frame: {place}; aspect-ratio: {width} / {height}; width: {THUMBNAIL_REM}rem"
    return (
        f'<button {attributes} class="thumbnail" aria-label="{escaped(words.step)} {escaped(label)}">'
        f'<i class="film" style="{style}"></i><span>{escaped(label)}</span></button>'
    )


def _table(example: StepExample, words: StepWords) -> str:
    rows = []
    for label, chosen, row in zip(example.steps, example.chosen, example.choices, strict=True):
        order = sorted((pair for pair in row if pair[1] >= MIN_TABLE_PROBABILITY), key=lambda pair: -pair[1])
        seen = ", ".join(f"{escaped(text)} {percent(chance)}" for text, chance in order)
        cells = f"<td>{escaped(chosen)}</td><td>{seen}</td>"
        rows.append(f'<tr><th scope="row">{escaped(label)}</th>{cells}</tr>')
    return (
        "<details><summary>Table of the probabilities</summary><table><thead><tr>"
        f'<th scope="col">{escaped(words.step)}</th><th scope="col">marked</th>'
        f'<th scope="col">{escaped(words.choices)} of at least 1 %, by size</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></details>"
    )


def _json(data: dict) -> str:
    """Return JSON that ends no script element."""
    return json.dumps(data).replace("<", "\\u003c")
