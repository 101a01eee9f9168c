"""BLEU of translations grouped by the length of their sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlseq.errors import DlseqError
from dlseq.metrics.translations import TranslationScore, bleu

__all__ = ["LengthScore", "bleu_by_length"]


@dataclass(frozen=True)
class LengthScore:
    """BLEU of the sentences whose length lies in one range.

    Attributes:
        min_length, max_length: the range, both included.
        count: number of sentences.
        score: their BLEU, as one corpus.

    Example:
        >>> print(LengthScore(1, 10, 200, TranslationScore(97.31, "BLEU", "nrefs:1|case:mixed|tok:13a")))
        1 to 10 words, 200 sentences: BLEU 97.3
    """

    min_length: int
    max_length: int
    count: int
    score: TranslationScore

    def __str__(self):
        sentences = f"{self.count:,} sentence{'' if self.count == 1 else 's'}"
        return f"{self.min_length} to {self.max_length} words, {sentences}: {self.score.metric} {self.score.value:.1f}"


def bleu_by_length(
    hypotheses: Sequence[str],
    references: Sequence[str | Sequence[str]],
    lengths: Sequence[int],
    upper_bounds: Sequence[int],
    *,
    tokenize: str = "13a",
    lowercase: bool = False,
) -> list[LengthScore]:
    """Return the BLEU score of translations for each range of lengths (as in Bahdanau et al., 2015, figure 2).

    Each range is a corpus of its own: a mean of the scores is not the score of all translations.

    Args:
        hypotheses: `B` translations, as for `bleu`.
        references: the right translation of each, or a list of them.
        lengths: the length of each sentence, of its source or its reference, at least 1.
        upper_bounds: largest lengths of the ranges, increasing: 10, 20 and 30 for 1 to 10, 11 to 20 and 21 to 30.
        tokenize, lowercase: as for `bleu`.

    Returns:
        One score for each range in which there are sentences, in the order of the ranges.

    Raises:
        DlseqError: as for `bleu`, or lengths or bounds that are no such integers, or a length above the last bound.

    Example:
        >>> hypotheses, references = ["I run .", "I eat an pear today ."], ["I run .", "I eat a pear today ."]
        >>> for score in bleu_by_length(hypotheses, references, [3, 6], upper_bounds=[5, 10], tokenize="none"):
        ...     print(score)
        1 to 5 words, 1 sentence: BLEU 100.0
        6 to 10 words, 1 sentence: BLEU 38.0
    """
    lengths, bounds = _integers("lengths", lengths), _integers("upper_bounds", upper_bounds)
    if not len(hypotheses) == len(references) == len(lengths) > 0:
        raise DlseqError(
            "Arguments `hypotheses`, `references` and `lengths` do not match. Expected the same number, at least one. "
            f"Received: {len(hypotheses)}, {len(references)} and {len(lengths)}"
        )
    if len(bounds) == 0 or np.any(np.diff(bounds) <= 0):
        raise DlseqError(
            "Invalid value for argument `upper_bounds`. Expected increasing lengths, at least one. "
            f"Received: {bounds.tolist()}"
        )
    if lengths.max() > bounds[-1]:
        raise DlseqError(
            f"Invalid value for argument `lengths`. Expected at most {bounds[-1]}, the last upper bound. "
            f"Received: {lengths.max()}. Add a bound, or leave the longer sentences out."
        )
    ranges = np.searchsorted(bounds, lengths)  # (B,)
    lowest = [1, *(bounds[:-1] + 1).tolist()]
    scores = []
    for number, (least, most) in enumerate(zip(lowest, bounds.tolist(), strict=True)):
        chosen = np.flatnonzero(ranges == number)
        if len(chosen):
            texts = [hypotheses[index] for index in chosen], [references[index] for index in chosen]
            scores.append(LengthScore(least, most, len(chosen), bleu(*texts, tokenize=tokenize, lowercase=lowercase)))
    return scores


def _integers(name, values):
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu") or np.any(array < 1):
        raise DlseqError(
            f"Invalid value for argument `{name}`. Expected a list of integers of at least 1. Received: {values!r:.60}"
        )
    return array.astype(int)
