"""Pointing game: the place of the largest attention weight against the box of the thing that is named."""

import numpy as np

from dlseq.errors import DlseqError

__all__ = ["pointing_hits"]


def pointing_hits(weights, boxes, image_size: int, margin: float = 0.5) -> np.ndarray:
    """Return for each map whether its largest weight lies within the box of its thing.

    A place of the grid counts if its center is in the box, or no more than `margin` places outside: with half a place,
    if place and box have a common pixel or edge. Of equal weights, the first place of the grid counts.

    Args:
        weights: attention maps, array-like `(N, H', W')`. Use the map that produced the word, not that of the word
            after it.
        boxes: `(left, top, right, bottom)` in pixels, array-like `(N, 4)`.
        image_size: width and height of the image in pixels, which the grid spans.
        margin: in places. Defaults to `0.5`.

    Returns:
        Booleans `(N,)`; their mean is the score of the pointing game.

    Raises:
        DlseqError: the shapes do not fit each other.

    Reference:
        Zhang et al., 2016, "Top-down neural attention by excitation backprop", arXiv:1608.00507.

    Example:
        >>> maps = [[[0.1, 0.6], [0.2, 0.1]], [[0.1, 0.6], [0.2, 0.1]]]
        >>> pointing_hits(maps, [(34, 0, 60, 20), (2, 40, 20, 60)], image_size=64).tolist()
        [True, False]
    """
    weights, boxes = np.asarray(weights, dtype=np.float64), np.asarray(boxes, dtype=np.float64)
    if weights.ndim != 3 or boxes.shape != (len(weights), 4):
        raise DlseqError(
            "Invalid shapes of arguments `weights` and `boxes`. Expected (N, H', W') and (N, 4). "
            f"Received: {weights.shape} and {boxes.shape}."
        )
    rows, columns = weights.shape[1:]
    row, column = np.unravel_index(weights.reshape(len(weights), -1).argmax(axis=1), (rows, columns))
    hits = np.ones(len(weights), bool)
    for place, count, low, high in ((column, columns, 0, 2), (row, rows, 1, 3)):
        pixels = image_size / count
        center = (place + 0.5) * pixels
        hits &= (boxes[:, low] - margin * pixels <= center) & (center <= boxes[:, high] + margin * pixels)
    return hits
