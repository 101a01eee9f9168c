"""Metrics of sequences: exact match, nats per symbol and perplexity."""

from collections.abc import Sequence

import numpy as np

from dlseq.errors import DlseqError

__all__ = ["exact_match", "nats_per_symbol", "perplexity"]

MAX_LOG_PROB = 1e-3
"""Largest log-probability that is accepted as a rounding error of float16 or float32."""


def exact_match(predicted: Sequence | np.ndarray, expected: Sequence | np.ndarray) -> float:
    """Return the fraction of predictions that equal the expected sequence in every symbol.

    Args:
        predicted: `B` texts, or an array of ids `(B, Ty)`.
        expected: the expected sequences, in the same order and of the same kind.

    Returns:
        A fraction between 0 and 1.

    Raises:
        DlseqError: the two differ in length or shape, are empty, or one of them is a single text.

    Example:
        >>> exact_match(["1969-07-20", "1564-04-23"], ["1969-07-20", "1564-04-26"])
        0.5
        >>> exact_match(np.array([[1, 2], [3, 4]]), np.array([[1, 2], [3, 5]]))
        0.5
    """
    if isinstance(predicted, str) or isinstance(expected, str):
        raise DlseqError("Expected two lists of texts. Received: one text. Put it into a list.")
    arrays = isinstance(predicted, np.ndarray) or isinstance(expected, np.ndarray)
    sizes = (np.shape(predicted), np.shape(expected)) if arrays else (len(predicted), len(expected))
    if sizes[0] != sizes[1]:
        raise DlseqError(
            "Arguments `predicted` and `expected` do not match. Expected the same number and shape. "
            f"Received: {sizes[0]} and {sizes[1]}"
        )
    if len(predicted) == 0:
        raise DlseqError(
            "Invalid value for argument `predicted`. Expected at least one prediction. Received: none. "
            "Check that the data is not empty."
        )
    if arrays:
        equal = np.asarray(predicted) == np.asarray(expected)  # (B, Ty)
        return float(equal.reshape(len(equal), -1).all(axis=1).mean())
    return sum(text == other for text, other in zip(predicted, expected, strict=True)) / len(predicted)


def nats_per_symbol(log_probs: Sequence | np.ndarray, lengths: Sequence | np.ndarray) -> float:
    """Return the mean negative log-probability of a symbol, `-sum(log_probs) / sum(lengths)`.

    Every symbol has the same weight, so a long sequence counts more than a short one. An end token counts if its
    log-probability is in `log_probs` and its position in `lengths`.

    Args:
        log_probs: natural log-probabilities of whole sequences `(B,)`, or of their symbols `(B, T)`. Entries from the
            length of a row on are padding and are ignored.
        lengths: number of symbols of each sequence, integers `(B,)`.

    Returns:
        Nats per symbol: 0 for a model that is certain and right, `log(V)` for a uniform one over `V` symbols.

    Raises:
        DlseqError: the shapes do not match, a length is negative, fractional or above `T`, all lengths are zero, or a
            log-probability is NaN or above zero.

    Example:
        >>> round(nats_per_symbol(np.log([0.5, 0.25]), [1, 2]), 6)  # three times log 2 for three symbols
        0.693147
        >>> padding = 7.0
        >>> nats_per_symbol([[-1.0, padding], [-2.0, -3.0]], [1, 2])
        2.0
    """
    try:
        log_probs, lengths = np.asarray(log_probs, dtype=np.float64), np.asarray(lengths)
    except ValueError as error:
        raise DlseqError(
            f"Expected log-probabilities and lengths as arrays of numbers. Received: {error}. Pad the rows."
        ) from error
    if log_probs.ndim not in (1, 2) or lengths.shape != log_probs.shape[:1]:
        raise DlseqError(
            "Arguments `log_probs` and `lengths` do not match. Expected shapes (B,) or (B, T), and (B,). "
            f"Received: {log_probs.shape} and {lengths.shape}"
        )
    max_length = log_probs.shape[1] if log_probs.ndim == 2 else np.inf
    is_integer = np.issubdtype(lengths.dtype, np.integer)
    if not (is_integer and np.all(lengths >= 0) and np.all(lengths <= max_length) and lengths.sum() > 0):
        limit = "" if np.isinf(max_length) else f" of at most {max_length}"
        raise DlseqError(
            f"Invalid value for argument `lengths`. Expected non-negative integers{limit}, not all zero. "
            f"Received: {lengths.tolist()[:5]}{' …' if len(lengths) > 5 else ''}"
        )
    if log_probs.ndim == 2:
        log_probs = log_probs[np.arange(max_length) < lengths[:, None]]  # (number of symbols,)
    if not np.all(log_probs <= MAX_LOG_PROB):
        worst = np.nan if np.isnan(log_probs).any() else log_probs.max()
        raise DlseqError(
            f"Invalid value for argument `log_probs`. Expected numbers of at most zero. Received: {worst:g}. "
            "Pass natural log-probabilities, not losses, logits or probabilities."
        )
    return float(max(0.0, -log_probs.sum() / lengths.sum()))


def perplexity(log_probs: Sequence | np.ndarray, lengths: Sequence | np.ndarray) -> float:
    """Return the perplexity `exp(nats_per_symbol)`, the equivalent number of equally likely symbols.

    Args:
        log_probs: as for `nats_per_symbol`.
        lengths: as for `nats_per_symbol`.

    Returns:
        A number of at least 1; infinite when a symbol has probability zero.

    Raises:
        DlseqError: as for `nats_per_symbol`.

    Example:
        >>> round(perplexity(np.log([0.5, 0.25]), [1, 2]), 6)
        2.0
    """
    with np.errstate(over="ignore"):
        return float(np.exp(nats_per_symbol(log_probs, lengths)))
