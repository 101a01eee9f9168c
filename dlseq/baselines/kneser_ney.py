"""Interpolated n-gram model with modified Kneser-Ney smoothing.

Source: S. F. Chen and J. Goodman, "An empirical study of smoothing techniques for language modeling", TR-10-98, 1998.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from dlseq.baselines.ngram import NGram

__all__ = ["KneserNey"]

MIN_DISCOUNT = 0.05


class KneserNey(NGram):
    """N-gram model in which the counts of shorter contexts are numbers of different continuations.

    With `c(h, s)` for how often `s` followed `h`, below the highest order for how many different symbols stood before
    `h s`, and `h'` for the context without its first symbol:

    1. `P(s | h) = (max(c(h, s) - D, 0) + sum of discounts of h · P(s | h')) / c(h)`;
    2. the discount `D` is one of three, for counts of 1, 2 and more, from the counts of counts of the order;
    3. below the empty context the distribution is uniform; an unseen context has weight 0.

    Args:
        order: Length of the longest n-gram, 1 or more.

    Raises:
        DlseqError: `order` is below 1.

    Example:
        >>> from dlseq.baselines.ngram import END
        >>> model = KneserNey(2).fit([["a", "b"], ["a", "a", "b"]])
        >>> symbols = ["a", "b", END, "unseen"]
        >>> round(sum(model.probability(symbol, ("a",)) for symbol in symbols), 6)
        1.0
    """

    def fit(self, sequences: Iterable[Sequence[str]]) -> "KneserNey":
        """Count n-grams and continuations, and return the model."""
        counts = [defaultdict(Counter) for _ in range(self.order)]  # by length of the context
        for sequence in sequences:
            for symbol, history in self.steps(sequence):
                counts[-1][history][symbol] += 1
        for width in range(self.order - 1, 0, -1):
            for history, followers in counts[width].items():
                for symbol in followers:
                    counts[width - 1][history[1:]][symbol] += 1
        self.counts = [dict(each) for each in counts]
        self.discounts = [_discounts(each) for each in counts]
        self.vocabulary_size = len(counts[0][()]) + 1  # with one unknown symbol
        return self

    def probability(self, symbol: str, history: Sequence[str]) -> float:
        probability = 1 / self.vocabulary_size
        for width in range(self.order):
            followers = self.counts[width].get(tuple(history[len(history) - width :]))
            if followers is None:
                break
            discounts = self.discounts[width]
            left = sum(min(discounts[min(count, 3)], count) for count in followers.values())
            kept = max(followers[symbol] - discounts[min(followers[symbol], 3)], 0)
            probability = (kept + left * probability) / followers.total()
        return probability


def _discounts(counts):
    """Return the discounts of counts 0, 1, 2 and more."""
    of_counts = Counter(count for followers in counts.values() for count in followers.values())
    n = [max(of_counts[count], 1) for count in range(1, 5)]
    y = n[0] / (n[0] + 2 * n[1])
    raw = [count - (count + 1) * y * n[count] / n[count - 1] for count in (1, 2, 3)]
    return (0, *(min(max(value, MIN_DISCOUNT), count) for count, value in enumerate(raw, 1)))
