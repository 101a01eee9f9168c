"""Attention over an image: the picture once per word, bright where the model looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from dlseq.errors import DlseqError
from dlseq.plots.attention import check_probability
from dlseq.plots.fonts import printable
from dlseq.plots.style import MUTED_COLOR, draw_text, figure_style, fit_figure, new_figure

__all__ = ["ImageAttentionExample", "brightened", "check_image_weights", "image_attention"]

TOLERANCE = 1e-3  # of the sum of a map
PANEL_INCHES = 1.5
COLUMNS = 5  # panels in a row
DARK = 0.28  # lightness of a place without weight
GLOW = 0.22  # white that is added at the place with the largest weight


@dataclass(frozen=True, eq=False)
class ImageAttentionExample:
    """Caption of an image with the attention of each word over a grid of places.

    Args:
        image: pixels `(H, W, 3)`, uint8; the grid spans all of it.
        weights: softmaxed weights, array-like of shape `(Ty, H', W')`.
        words: the Ty words of the caption.
        probability: probability of the caption, between 0 and 1. Defaults to `None`, unknown.
        text: the caption as it is written. Defaults to `None`, the words with spaces between them.
        alternatives: other captions or answers with their probabilities, for pages. Defaults to none.
    """

    image: Any
    weights: Any
    words: Sequence[str]
    probability: float | None = None
    text: str | None = None
    alternatives: Sequence[tuple[str, float]] = ()

    @property
    def title(self) -> str:
        """Return the caption as it is written."""
        return " ".join(self.words) if self.text is None else self.text


def image_attention(example: ImageAttentionExample) -> Figure:
    """Plot the attention of a caption: the picture, then the picture once per word, bright where the model looked.

    The brightness of a word's picture is relative to its largest weight, which is written beside the word. Between the
    centers of the grid's places, weights are interpolated.

    Args:
        example: image, weights and words.

    Returns:
        A figure for `save_figure`.

    Raises:
        DlseqError: the image is no array `(H, W, 3)` of uint8, or the weights do not fit the words, are negative or not
            finite, or do not sum to one for a word.

    Reference:
        Xu et al., 2015, "Show, attend and tell", arXiv:1502.03044, figure 2.

    Example:
        >>> image = np.full((16, 16, 3), 200, np.uint8)
        >>> figure = image_attention(ImageAttentionExample(image, np.full((2, 4, 4), 1 / 16), ["a", "cat"]))
        >>> len(figure.axes[0].images)
        3
    """
    image, weights = check_image_weights(example)
    panels = [image, *(brightened(image, grid) for grid in weights)]
    labels = ["", *(f"{grid.max():.0%}" for grid in weights)]
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    gap, line = 0.06, 0.2  # of a panel
    height, width = np.array(image.shape[:2]) / max(image.shape[:2])
    with figure_style():
        figure, axes = new_figure(
            PANEL_INCHES * (columns * (width + gap) - gap), PANEL_INCHES * rows * (height + gap + line)
        )
        axes.set(xticks=[], yticks=[])
        for number, (panel, word, label) in enumerate(zip(panels, ["", *example.words], labels, strict=True)):
            left = (number % columns) * (width + gap)
            bottom = -(number // columns + 1) * (height + gap + line)
            axes.imshow(panel, extent=(left, left + width, bottom, bottom + height), interpolation="nearest")
            if number:
                top = (left, bottom + height)
                draw_text(axes, printable(word), top, size=11, offset=(1, 4), va="baseline")
                right = (left + width, bottom + height)
                draw_text(axes, label, right, size=8, offset=(-1, 4), color=MUTED_COLOR, va="baseline", ha="right")
        axes.set_xlim(0, columns * (width + gap) - gap)
        axes.set_ylim(-rows * (height + gap + line), 0)
        axes.set_aspect("equal")
        style = {"xycoords": "axes fraction", "va": "baseline"}
        subtitle = "share of the attention on the brightest place of the grid"
        if example.probability is not None:
            number = "> 0.999" if example.probability > 0.9995 else f"{example.probability:.3g}"
            subtitle = f"probability {number}     {subtitle}"
        draw_text(axes, printable(example.title), (0, 1), size=15, offset=(1, 28), **style)
        draw_text(axes, subtitle, (0, 1), size=9, offset=(1, 10), color=MUTED_COLOR, **style)
        fit_figure(figure)
    return figure


def brightened(image: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return an image that is bright where weights are large, and dark elsewhere.

    Args:
        image: pixels `(H, W, 3)`, uint8.
        weights: zero or more, `(H', W')`.

    Returns:
        Pixels `(H, W, 3)`, uint8.

    Example:
        >>> image = np.full((8, 8, 3), 200, np.uint8)
        >>> found = brightened(image, np.array([[1.0, 0.0], [0.0, 0.0]]))
        >>> bool(found[0, 0, 0] > 200), bool(found[7, 7, 0] < 100)
        (True, True)
    """
    share = weights / max(weights.max(), 1e-12)
    for axis, pixels in enumerate(image.shape[:2]):
        places = share.shape[axis]
        centers = (np.arange(pixels) + 0.5) * places / pixels - 0.5  # of pixels, in places
        below = np.clip(np.floor(centers).astype(int), 0, places - 1)
        above = np.minimum(below + 1, places - 1)
        part = np.clip(centers - below, 0, 1).reshape(-1, *[1] * (1 - axis))
        share = np.take(share, below, axis) * (1 - part) + np.take(share, above, axis) * part
    share = share[..., None]  # (H, W, 1)
    pixels = image * (DARK + (1 - DARK) * share)
    return (pixels + (255 - pixels) * GLOW * share).round().astype(np.uint8)


def check_image_weights(example: ImageAttentionExample) -> tuple[np.ndarray, np.ndarray]:
    """Check an example and return its image `(H, W, 3)` and its weights `(Ty, H', W')` as arrays.

    Raises:
        DlseqError: image or weights cannot be shown; the message says why.
    """
    image = np.asarray(example.image)
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
        raise DlseqError(
            "Invalid value for argument `image`. Expected pixels (H, W, 3) of uint8. "
            f"Received: {image.dtype} of shape {image.shape}."
        )
    weights = np.asarray(example.weights, dtype=np.float64)
    words = len(example.words)
    if weights.ndim != 3 or not words or len(weights) != words or 0 in weights.shape:
        raise DlseqError(
            f"Invalid shape of argument `weights`. Expected (Ty, H', W') with a map for each of {words} words. "
            f"Received: shape={weights.shape}. Pass the weights of one caption, reshaped to the encoder's grid."
        )
    sums = weights.sum(axis=(1, 2))
    if not np.isfinite(weights).all() or weights.min() < 0 or np.abs(sums - 1).max() > TOLERANCE:
        raise DlseqError(
            "Invalid value for argument `weights`. Expected numbers of zero or more that sum to 1 for each word. "
            f"Received: from {weights.min():.4g} to {weights.max():.4g}, with sums from {sums.min():.4g} to "
            f"{sums.max():.4g}."
        )
    if example.probability is not None:
        check_probability(example.probability)
    return image, weights
