"""The tree of next tokens along a text: what a language model expected at every step, and what came."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from dlseq.errors import DlseqError
from dlseq.plots.fonts import is_one_letter, printable, visible
from dlseq.plots.style import INK, SOFT, fit, house_style, sheet, write

__all__ = ["next_token_tree"]

CHOSEN, OTHER = "#d1495b", "#9fb4cc"
STEP, LEVEL = 0.86, 0.66  # inches between two steps, and between two candidates
END = ("<eos>", "\n")


def next_token_tree(
    steps: Sequence[tuple[str, Sequence[tuple[str, float]]]],
    *,
    title: str | None = None,
    width: int = 5,
) -> Figure:
    """Draws what a model held for likely at each step of a text, and the way that the text took.

    Each column is a step: its likeliest tokens from top to bottom, each joined to the token before by a branch as thick
    as it is probable. The way taken is red; where it dips, the text surprised the model.

    Args:
        steps: for each token of the text, the token and the candidates `(token, probability)` that it was chosen from,
            in any order, itself among them.
        title: a line above the tree. By default the text.
        width: how many candidates to show a step. The chosen token is always among them.

    Returns:
        A figure for `save_figure`. Its second line gives the probability of the whole text and its logarithm in nats.

    Raises:
        DlseqError: no steps, a chosen token that is not among its candidates or is there twice, or probabilities that
            are not between 0 and 1 or sum to more than one.

    Example:
        >>> figure = next_token_tree([("a", [("a", 0.75), ("o", 0.25)]), ("<eos>", [("<eos>", 1.0)])])
        >>> [text.get_text() for text in figure.axes[0].texts if "probability" in text.get_text()]
        ['probability 0.75     −0.288 nats']
    """
    _check(steps, width)
    shown = [_shown(chosen, candidates, width) for chosen, candidates in steps]
    chosen_probabilities = [dict(candidates)[chosen] for chosen, candidates in steps]
    nats = sum(math.log(p) if p else -math.inf for p in chosen_probabilities)
    deepest = max(len(level) for level in shown)
    with house_style():
        figure, axes = sheet((len(steps) + 0.6) * STEP, deepest * LEVEL)
        axes.set(xlim=(-0.3, len(steps) + 0.3), ylim=(-deepest + 0.5, 0.5), xticks=[], yticks=[])
        start = (0.0, 0.0)
        axes.add_patch(Ellipse(start, 0.12 / STEP, 0.12 / LEVEL, color=INK, zorder=3, clip_on=False))
        for column, ((chosen, _), level) in enumerate(zip(steps, shown, strict=True), start=1):
            start = _grow(axes, column, start, chosen, level)
        text = "".join(token for token, _ in steps if token not in END)
        for line, size, up, colour in (
            (printable(text if title is None else title), 16, 46, INK),
            (f"probability {math.exp(nats):.3g}     {nats:.3f} nats".replace("-", "−"), 11, 24, SOFT),
        ):
            write(axes, line, (0, 1), size=size, offset=(0, up), colour=colour, xycoords="axes fraction", va="baseline")
        fit(figure)
    return figure


def _check(steps, width: int) -> None:
    if not len(steps):
        raise DlseqError(
            "expected at least one step to draw, got none; pass (token, candidates) for each token of the text"
        )
    if width < 1:
        raise DlseqError(f"expected a width of at least one candidate a step, got {width}")
    for number, (chosen, candidates) in enumerate(steps, start=1):
        tokens = [token for token, _ in candidates]
        if tokens.count(chosen) != 1:
            raise DlseqError(
                f"expected the chosen token {chosen!r} once among the candidates of step {number}, "
                f"got it {tokens.count(chosen)} times; pass the whole distribution, or add the token to what you pass"
            )
        values = [p for _, p in candidates]
        if not all(0 <= p <= 1 + 1e-3 for p in values) or sum(values) > 1 + 1e-3:
            raise DlseqError(
                f"expected probabilities between 0 and 1 that sum to at most 1 in step {number}, "
                f"got {min(values):.4g} to {max(values):.4g} with sum {sum(values):.4g}; pass a softmax of the logits"
            )


def _shown(chosen: str, candidates, width: int) -> list[tuple[str, float, int]]:
    """The likeliest candidates and the chosen one, each with its probability and its rank."""
    ranked = sorted(candidates, key=lambda pair: -pair[1])
    ranked = [(token, p, rank) for rank, (token, p) in enumerate(ranked, start=1)]
    first = ranked[:width]
    if all(token != chosen for token, _, _ in first):
        first[-1] = next(entry for entry in ranked if entry[0] == chosen)
    return first


def _grow(axes: Axes, column: int, start: tuple[float, float], chosen: str, level) -> tuple[float, float]:
    """Draws one step; returns where the chosen token stands."""
    place = start
    for row, (token, p, rank) in enumerate(level):
        here, taken = (float(column), -float(row)), token == chosen
        colour = CHOSEN if taken else OTHER
        middle = (start[0] + here[0]) / 2
        curve = Path([start, (middle, start[1]), (middle, here[1]), here], [Path.MOVETO] + 3 * [Path.CURVE4])
        thick = 0.6 + 9 * min(p, 1.0)
        axes.add_patch(
            PathPatch(
                curve,
                fill=False,
                edgecolor=colour,
                linewidth=thick,
                alpha=0.9 if taken else 0.55,
                clip_on=False,
                zorder=2 if taken else 1,
                capstyle="butt",
            )
        )
        axes.add_patch(
            Ellipse(
                here,
                0.36 / STEP,
                0.36 / LEVEL,
                facecolor=colour if taken else "white",
                edgecolor=colour,
                linewidth=1.4,
                zorder=3,
                clip_on=False,
            )
        )
        label = "end" if token in END else visible(token)
        size = 14 if is_one_letter(label) else 8
        write(
            axes,
            label,
            here,
            size=size,
            offset=(0, -0.34 * size),
            ha="center",
            va="baseline",
            zorder=4,
            colour="white" if taken else INK,
        )
        number = "<1%" if p < 0.01 else ">99%" if 0.99 < p < 1 else f"{p:.0%}"
        number += f"  no. {rank}" if rank > len(level) else ""
        write(
            axes,
            number,
            here,
            size=7.5,
            offset=(0, -16),
            colour=CHOSEN if taken else SOFT,
            ha="center",
            va="top",
            zorder=4,
            path_effects=[withStroke(linewidth=2.2, foreground="white")],
        )
        place = here if taken else place
    return place
