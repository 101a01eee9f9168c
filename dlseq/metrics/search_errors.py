"""Search errors against model errors: the part that is at fault when a search finds another output than a person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlseq.errors import DlseqError

__all__ = ["SearchErrors", "search_errors"]

TOLERANCE = 1e-4  # two scores that differ by less, relative to their size, are equal: both may come from float32


@dataclass(frozen=True)
class SearchErrors:
    """Report on the outputs of a search.

    Attributes:
        faults: for each output "none", "search" or "model".

    Example:
        >>> print(SearchErrors(("none", "search", "model", "model")))
        4 outputs: 1 right, 1 search error (33.3 % of the wrong ones), 2 model errors (66.7 %)
    """

    faults: tuple[str, ...]

    @property
    def search_fraction(self) -> float:
        """Fraction of the wrong outputs that are search errors; 0 if none is wrong."""
        return self._fraction("search")

    @property
    def model_fraction(self) -> float:
        """Fraction of the wrong outputs that are model errors; 0 if none is wrong."""
        return self._fraction("model")

    def _fraction(self, part):
        return self.faults.count(part) / max(1, len(self.faults) - self.faults.count("none"))

    def __str__(self):
        search, model = (self.faults.count(part) for part in ("search", "model"))
        return (
            f"{len(self.faults)} outputs: {self.faults.count('none')} right, "
            f"{search} search error{'' if search == 1 else 's'} ({self.search_fraction:.1%} of the wrong ones), "
            f"{model} model error{'' if model == 1 else 's'} ({self.model_fraction:.1%})"
        ).replace("%", " %")


def search_errors(
    human: Sequence, found: Sequence, *, human_scores: Sequence[float], found_scores: Sequence[float]
) -> SearchErrors:
    """Decide for each output of a search which part is at fault if it is not the right one.

    If the model gives the right output a higher score than the one found, the search has missed it: a wider beam
    helps. Otherwise the model prefers a wrong output, and no search helps.

    Args:
        human: the right outputs, `B` texts or lists of ids.
        found: the outputs of the search, of the same kind.
        human_scores: scores of the right outputs under the model, `(B,)`. Pass what the search maximizes: the
            log-probability, divided by its length penalty. -inf for an output that the model cannot produce.
        found_scores: scores of the outputs of the search `(B,)`, such as `Decoded.hypotheses.scores[:, 0]`.

    Raises:
        DlseqError: unequal numbers, no outputs, or scores that are NaN.

    Example:
        >>> human, found = ["Jane is visiting Africa.", "Hello."], ["Jane is going to Africa.", "Hello there."]
        >>> search_errors(human, found, human_scores=[-0.3, -0.7], found_scores=[-0.4, -0.5]).faults
        ('search', 'model')
    """
    right, wrong = np.asarray(human_scores, dtype=np.float64), np.asarray(found_scores, dtype=np.float64)
    count = len(human)
    if not (count == len(found) > 0 and right.shape == wrong.shape == (count,)):
        raise DlseqError(
            "Arguments `human`, `found` and their scores do not match. Expected one score for each output, at least "
            f"one output. Received: {count} and {len(found)} outputs, scores {right.shape} and {wrong.shape}"
        )
    if np.isnan(right).any() or np.isnan(wrong).any():
        raise DlseqError("Invalid scores. Expected numbers or -inf. Received: NaN. Check the logits of the model.")
    with np.errstate(invalid="ignore"):
        is_missed = (right > wrong) & ~np.isclose(right, wrong, rtol=TOLERANCE, atol=TOLERANCE)
    equal = [_plain(first) == _plain(second) for first, second in zip(human, found, strict=True)]
    return SearchErrors(
        tuple(
            "none" if same else "search" if missed else "model" for same, missed in zip(equal, is_missed, strict=True)
        )
    )


def _plain(output):
    return output if isinstance(output, str) else np.asarray(output).tolist()
