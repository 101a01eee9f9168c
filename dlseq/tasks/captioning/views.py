"""Views of an image: copies moved by a few pixels, whose predictions are averaged."""

import numpy as np

__all__ = ["SHIFTS", "shifted_views"]

SHIFTS = ((0, 0), (2, 1), (-1, 2), (-2, -1), (1, -2))
"""Rows and columns by which each view is moved. The places of the shipped encoders lie 8 pixels apart, so each view
cuts the image into other places."""


def shifted_views(pixels: np.ndarray, count: int) -> np.ndarray:
    """Return the first `count` views of each image, next to each other.

    Pixels that move in from outside are those of the nearest border.

    Args:
        pixels: Images `(N, H, W, C)`.
        count: From 1 to `len(SHIFTS)`; 1 is the images themselves.

    Returns:
        Images `(N * count, H, W, C)`.

    Example:
        >>> image = np.arange(9).reshape(1, 3, 3, 1)
        >>> shifted_views(image, 2)[1, :, :, 0].tolist()  # two rows down, one column to the right
        [[0, 0, 1], [0, 0, 1], [0, 0, 1]]
    """
    border = max(abs(offset) for shift in SHIFTS for offset in shift)
    height, width = pixels.shape[1:3]
    padded = np.pad(pixels, ((0, 0), (border, border), (border, border), (0, 0)), mode="edge")
    corners = [(border - down, border - right) for down, right in SHIFTS[:count]]
    views = [padded[:, top : top + height, left : left + width] for top, left in corners]
    return np.stack(views, axis=1).reshape(-1, *pixels.shape[1:])
