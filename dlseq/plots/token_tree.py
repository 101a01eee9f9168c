"""Token tree: the next-token candidates of a language model at each step of a text."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from dlseq.errors import DlseqError
from dlseq.plots.fonts import is_one_letter, printable, visible
from dlseq.plots.style import MUTED_COLOR, TEXT_COLOR, draw_text, figure_style, fit_figure, new_figure

__all__ = ["next_token_tree"]

CHOSEN_COLOR, OTHER_COLOR = "#d1495b", "#9fb4cc"
STEP_INCHES, LEVEL_INCHES = 0.86, 0.66  # between two steps, and between two candidates
END_TOKENS = ("<eos>", "\n")


def next_token_tree(
    steps: Sequence[tuple[str, Sequence[tuple[str, float]]]],
    *,
    title: str | None = None,
    width: int = 5,
) -> Figure:
    """Plot the likeliest next tokens at each step of a text, and the path that the text takes through them.

    Each column is a step: its likeliest tokens from top to bottom, each joined to the token before by a branch whose
    thickness shows its probability. The path is red; where it dips, the model found the text improbable.

    Args:
        steps: for each token of the text, the token and its candidates `(token, probability)`, in any order, the token
            itself among them.
        title: a line above the tree. By default the text.
        width: number of candidates a step. The chosen token is always among them.

    Returns:
        A figure for `save_figure`. Its second line gives the probability of the whole text and its logarithm in nats.

    Raises:
        DlseqError: no steps, a chosen token that is not exactly once among its candidates, or probabilities that are
            not between 0 and 1 or sum to more than one.

    Example:
        >>> figure = next_token_tree([("a", [("a", 0.75), ("o", 0.25)]), ("<eos>", [("<eos>", 1.0)])])
        >>> [text.get_text() for text in figure.axes[0].texts if "probability" in text.get_text()]
        ['probability 0.75     −0.288 nats']
    """
    _check_steps(steps, width)
    levels = [_select_candidates(chosen, candidates, width) for chosen, candidates in steps]
    chosen_probabilities = [dict(candidates)[chosen] for chosen, candidates in steps]
    log_prob = sum(math.log(p) if p else -math.inf for p in chosen_probabilities)
    depth = max(len(level) for level in levels)
    with figure_style():
        figure, axes = new_figure((len(steps) + 0.6) * STEP_INCHES, depth * LEVEL_INCHES)
        axes.set(xlim=(-0.3, len(steps) + 0.3), ylim=(-depth + 0.5, 0.5), xticks=[], yticks=[])
        start = (0.0, 0.0)
        root = Ellipse(start, 0.12 / STEP_INCHES, 0.12 / LEVEL_INCHES, color=TEXT_COLOR, zorder=3, clip_on=False)
        axes.add_patch(root)
        for column, ((chosen, _), level) in enumerate(zip(steps, levels, strict=True), start=1):
            start = _draw_step(axes, column, start, chosen, level)
        text = "".join(token for token, _ in steps if token not in END_TOKENS)
        style = {"xycoords": "axes fraction", "va": "baseline"}
        draw_text(axes, printable(text if title is None else title), (0, 1), size=16, offset=(0, 46), **style)
        subtitle = f"probability {math.exp(log_prob):.3g}     {log_prob:.3f} nats".replace("-", "−")
        draw_text(axes, subtitle, (0, 1), size=11, offset=(0, 24), color=MUTED_COLOR, **style)
        fit_figure(figure)
    return figure


def _check_steps(steps, width: int) -> None:
    if not len(steps):
        raise DlseqError(
            "Invalid value for argument `steps`. Expected at least one step. Received: none. "
            "Pass (token, candidates) for each token of the text."
        )
    if width < 1:
        raise DlseqError(f"Invalid value for argument `width`. Expected an integer of at least 1. Received: {width}")
    for number, (chosen, candidates) in enumerate(steps, start=1):
        tokens = [token for token, _ in candidates]
        if tokens.count(chosen) != 1:
            raise DlseqError(
                f"Invalid candidates in step {number}. Expected the chosen token {chosen!r} once. "
                f"Received: {tokens.count(chosen)} times. Pass the whole distribution, or add the token."
            )
        values = [p for _, p in candidates]
        if not all(0 <= p <= 1 + 1e-3 for p in values) or sum(values) > 1 + 1e-3:
            raise DlseqError(
                f"Invalid probabilities in step {number}. Expected numbers from 0 to 1 that sum to at most 1. "
                f"Received: {min(values):.4g} to {max(values):.4g} with sum {sum(values):.4g}. "
                "Pass a softmax of the logits."
            )


def _select_candidates(chosen: str, candidates, width: int) -> list[tuple[str, float, int]]:
    """Return the likeliest candidates and the chosen one, each with its probability and its rank."""
    ranked = sorted(candidates, key=lambda pair: -pair[1])
    ranked = [(token, p, rank) for rank, (token, p) in enumerate(ranked, start=1)]
    selected = ranked[:width]
    if all(token != chosen for token, _, _ in selected):
        selected[-1] = next(entry for entry in ranked if entry[0] == chosen)
    return selected


def _draw_step(axes: Axes, column: int, start: tuple[float, float], chosen: str, level) -> tuple[float, float]:
    """Draw the candidates of one step, and return the position of the chosen one."""
    position = start
    for row, (token, p, rank) in enumerate(level):
        end, is_chosen = (float(column), -float(row)), token == chosen
        _draw_branch(axes, start, end, p, is_chosen)
        _draw_node(axes, end, token, is_chosen)
        label = "<1%" if p < 0.01 else ">99%" if 0.99 < p < 1 else f"{p:.0%}"
        label += f"  no. {rank}" if rank > len(level) else ""
        style = {"ha": "center", "va": "top", "zorder": 4, "color": CHOSEN_COLOR if is_chosen else MUTED_COLOR}
        outline = [withStroke(linewidth=2.2, foreground="white")]
        draw_text(axes, label, end, size=7.5, offset=(0, -16), path_effects=outline, **style)
        position = end if is_chosen else position
    return position


def _draw_branch(axes: Axes, start: tuple[float, float], end: tuple[float, float], p: float, is_chosen: bool) -> None:
    middle = (start[0] + end[0]) / 2
    curve = Path([start, (middle, start[1]), (middle, end[1]), end], [Path.MOVETO] + 3 * [Path.CURVE4])
    patch = PathPatch(
        curve,
        fill=False,
        edgecolor=CHOSEN_COLOR if is_chosen else OTHER_COLOR,
        linewidth=0.6 + 9 * min(p, 1.0),
        alpha=0.9 if is_chosen else 0.55,
        clip_on=False,
        zorder=2 if is_chosen else 1,
        capstyle="butt",
    )
    axes.add_patch(patch)


def _draw_node(axes: Axes, center: tuple[float, float], token: str, is_chosen: bool) -> None:
    color = CHOSEN_COLOR if is_chosen else OTHER_COLOR
    node = Ellipse(
        center,
        0.36 / STEP_INCHES,
        0.36 / LEVEL_INCHES,
        facecolor=color if is_chosen else "white",
        edgecolor=color,
        linewidth=1.4,
        zorder=3,
        clip_on=False,
    )
    axes.add_patch(node)
    label = "end" if token in END_TOKENS else visible(token)
    size = 14 if is_one_letter(label) else 8
    style = {"ha": "center", "va": "baseline", "zorder": 4, "color": "white" if is_chosen else TEXT_COLOR}
    draw_text(axes, label, center, size=size, offset=(0, -0.34 * size), **style)
