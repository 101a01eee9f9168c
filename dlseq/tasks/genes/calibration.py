"""Calibration of the probabilities of genes on held-out sequences."""

from collections.abc import Sequence

import numpy as np

__all__ = ["calibrated", "fit_calibration"]

STEPS = 25  # of Newton's method
PRIOR = 1.0  # strength of the pull toward slope 1 and offset 0, in examples


def fit_calibration(log_products: Sequence[float], is_exact: Sequence[bool]) -> tuple[float, float]:
    """Return slope and offset of the logistic regression of being exact on a log-probability (Platt scaling).

    1. `p = 1 / (1 + exp(-(slope * x + offset)))`
    2. The sum of `-log p` of the exact genes and `-log (1 - p)` of the others, with a weak prior, is least.

    Args:
        log_products: for each found gene, the log of the product of the probabilities of its bounds.
        is_exact: for each, whether it is a true gene.

    Reference:
        Platt, 1999, "Probabilistic outputs for support vector machines and comparisons to regularized likelihood
        methods".

    Example:
        >>> slope, offset = fit_calibration([-4.0] * 50 + [-0.1] * 50, [False, True] * 25 + [True] * 50)
        >>> round(calibrated(-4.0, slope, offset), 1), calibrated(-0.1, slope, offset) > 0.9
        (0.5, True)
    """
    x = np.stack([np.asarray(log_products, np.float64), np.ones(len(log_products))], axis=1)  # (N, 2)
    y = np.asarray(is_exact, np.float64)
    start = weights = np.array([1.0, 0.0])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (p - y) + PRIOR * (weights - start)
        curvature = (x * (p * (1 - p))[:, None]).T @ x + PRIOR * np.eye(2)
        weights = weights - np.clip(np.linalg.solve(curvature, gradient), -1, 1)
    return float(max(weights[0], 0.0)), float(weights[1])


def calibrated(log_product: float, slope: float, offset: float) -> float:
    """Return the probability of a gene by its log-probability and a calibration, see `fit_calibration`.

    Example:
        >>> calibrated(-3.0, 0.5, 1.5)
        0.5
    """
    return float(1 / (1 + np.exp(-np.clip(slope * log_product + offset, -30, 30))))
