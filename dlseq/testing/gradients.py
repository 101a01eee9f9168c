"""Gradients without calculus: move each input a little and see how far the result moves."""

from collections.abc import Callable

import numpy as np

__all__ = ["numerical_gradient"]


def numerical_gradient(function: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Central differences, `(f(x + h) - f(x - h)) / 2h`, one value at a time.

    Args:
        function: takes an array, returns a number.
        at: where the gradient is wanted.
        step: h. In float64, 1e-5 leaves an error of about 1e-10 for functions of size one.

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
