"""Numerical gradients by central differences, to test analytical ones."""

from collections.abc import Callable

import numpy as np

__all__ = ["numerical_gradient"]


def numerical_gradient(function: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Approximate a gradient by central differences, `(f(x + h) - f(x - h)) / 2h`, one entry at a time.

    Args:
        function: Takes an array, returns a number.
        at: Point of the gradient.
        step: h. In float64, 1e-5 leaves an error of about 1e-10 for functions of order one.

    Returns:
        An array of the shape of `at`.

    Example:
        >>> numerical_gradient(lambda x: float((x**2).sum()), np.array([1.0, -3.0])).round(6)
        array([ 2., -6.])
    """
    gradient = np.zeros_like(at, dtype=np.float64)
    for index in np.ndindex(at.shape):
        ahead, behind = at.astype(np.float64), at.astype(np.float64)
        ahead[index] += step
        behind[index] -= step
        gradient[index] = (function(ahead) - function(behind)) / (2 * step)
    return gradient
