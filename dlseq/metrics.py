"""How well a model did, as one number: one way to score each task.

A translator of dates is scored by exact match, a language model by the nats that it needs for a symbol. All of it is
plain NumPy on results, whichever model they came from.
"""

from collections.abc import Sequence

import numpy as np

from dlseq.errors import DlseqError

__all__ = ["exact_match", "nats_per_symbol", "perplexity"]

ROUNDING = 1e-3
"""How far above zero a log-probability may come out of float32 or float16 arithmetic before it counts as a mistake."""


def exact_match(predicted: Sequence | np.ndarray, expected: Sequence | np.ndarray) -> float:
    """Returns the share of predictions that are right from their first symbol to their last.

    Args:
        predicted: `B` texts, or an array of ids `(B, Ty)`.
        expected: the right answers, in the same order and of the same kind.

    Returns:
        A share between 0 and 1.

    Raises:
        DlseqError: the two differ in number or shape, there are none, or one of them is a single text.

    Example:
        >>> exact_match(["1969-07-20", "1564-04-23"], ["1969-07-20", "1564-04-26"])
        0.5
        >>> exact_match(np.array([[1, 2], [3, 4]]), np.array([[1, 2], [3, 5]]))
        0.5
    """
    if isinstance(predicted, str) or isinstance(expected, str):
        raise DlseqError("expected a list of texts on either side, received one text; put it in a list")
    arrays = isinstance(predicted, np.ndarray) or isinstance(expected, np.ndarray)
    sizes = (np.shape(predicted), np.shape(expected)) if arrays else (len(predicted), len(expected))
    if sizes[0] != sizes[1]:
        raise DlseqError(
            f"expected as many predictions as answers and of the same shape, received {sizes[0]} and {sizes[1]}; "
            "give each answer one prediction"
        )
    if len(predicted) == 0:
        raise DlseqError("expected at least one prediction to score, received none; check that the data is not empty")
    if arrays:
        same = np.asarray(predicted) == np.asarray(expected)  # (B, Ty)
        return float(same.reshape(len(same), -1).all(axis=1).mean())
    return sum(one == other for one, other in zip(predicted, expected, strict=True)) / len(predicted)


def nats_per_symbol(log_probs: Sequence | np.ndarray, lengths: Sequence | np.ndarray) -> float:
    """Returns the mean negative log-probability of a symbol, `-sum(log_probs) / sum(lengths)`.

    Every symbol weighs the same, so a long sequence weighs more than a short one. Whether the end token counts
    is the caller's to say: it counts when its log-probability is in `log_probs` and its place in `lengths`.

    Args:
        log_probs: natural logarithms of probabilities: of whole sequences `(B,)`, or of their symbols `(B, T)`, where
            what stands at or after the length of a row is padding and is not read.
        lengths: the symbols of each sequence, integers `(B,)`.

    Returns:
        Nats per symbol: 0 for a model that is always certain and right, `log(V)` for one that guesses.

    Raises:
        DlseqError: the shapes do not fit together, a length is negative, fractional or above `T`, all are
            zero, or a log-probability is NaN or above zero.

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
            f"expected log-probabilities and lengths as arrays of numbers: {error}; pad the rows"
        ) from error
    if log_probs.ndim not in (1, 2) or lengths.shape != log_probs.shape[:1]:
        raise DlseqError(
            "expected log-probabilities of shape (B,) or (B, T) and lengths of shape (B,), "
            f"received {log_probs.shape} and {lengths.shape}; give each sequence one length"
        )
    longest = log_probs.shape[1] if log_probs.ndim == 2 else np.inf
    whole = np.issubdtype(lengths.dtype, np.integer)
    if not (whole and np.all(lengths >= 0) and np.all(lengths <= longest) and lengths.sum() > 0):
        limit = "" if np.isinf(longest) else f" of at most {longest}"
        raise DlseqError(
            f"expected whole numbers of symbols as lengths{limit}, not all zero, received {lengths.tolist()[:5]}"
            f"{' …' if len(lengths) > 5 else ''}; count the symbols that each row scores"
        )
    if log_probs.ndim == 2:
        log_probs = log_probs[np.arange(longest) < lengths[:, None]]  # (number of symbols,)
    if not np.all(log_probs <= ROUNDING):
        worst = np.nan if np.isnan(log_probs).any() else log_probs.max()
        raise DlseqError(
            f"expected natural logarithms of probabilities, none above zero, received {worst:g}; "
            "pass log-probabilities, not losses, logits or probabilities"
        )
    return float(max(0.0, -log_probs.sum() / lengths.sum()))


def perplexity(log_probs: Sequence | np.ndarray, lengths: Sequence | np.ndarray) -> float:
    """Returns `exp(nats_per_symbol)`: among how many equally likely symbols the model might as well have guessed.

    Args:
        log_probs: as for `nats_per_symbol`.
        lengths: as for `nats_per_symbol`.

    Returns:
        A number from 1 up; infinite when something that happened had probability zero.

    Raises:
        DlseqError: as for `nats_per_symbol`.

    Example:
        >>> round(perplexity(np.log([0.5, 0.25]), [1, 2]), 6)
        2.0
    """
    with np.errstate(over="ignore"):
        return float(np.exp(nats_per_symbol(log_probs, lengths)))
