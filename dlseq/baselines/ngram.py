"""N-gram models, and the interpolation of Witten and Bell.

An n-gram model predicts a symbol from the n - 1 before it by the counts of its successors in training. Counts of rare
contexts are unreliable, so they are interpolated with those of the context that is one symbol shorter, and so on down
to a uniform distribution. In Witten and Bell's interpolation, a context `h` that was followed `c(h)` times by `t(h)`
different symbols has weight `c(h) / (c(h) + t(h))`, as if one in every `c(h) + t(h)` occurrences were a new symbol.

Source: I. H. Witten and T. C. Bell, "The zero-frequency problem", IEEE Transactions on Information Theory 37(4), 1991.
"""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from dlseq.errors import DlseqError

__all__ = ["BestOrder", "NGram", "WittenBell", "best_of_orders"]

START, END, UNKNOWN = "<s>", "</s>", "<unk>"  # longer than any character, so no name contains them


class NGram:
    """Base class of n-gram models: sequences with start and end tokens, and their cross-entropy.

    A sequence begins after `order - 1` start tokens, which are never predicted.

    Args:
        order: Length of the longest n-gram, 1 or more; the context is one shorter.

    Raises:
        DlseqError: `order` is below 1.
    """

    def __init__(self, order: int):
        if order < 1:
            raise DlseqError(f"Invalid value for argument `order`. Expected 1 or more. Received: order={order}")
        self.order = order

    def probability(self, symbol: str, history: Sequence[str]) -> float:
        """Return `P(symbol | history)`; of `history`, the last `order - 1` symbols count.

        Args:
            symbol: A symbol, `END` or `UNKNOWN`. One that is not in training is `UNKNOWN`.
            history: Symbols before it, oldest first, start tokens included.
        """
        raise NotImplementedError

    def nats_per_symbol(self, sequences: Collection[Sequence[str]], skip: int = 0) -> float:
        """Return the cross-entropy in nats per symbol, end tokens included.

        Args:
            sequences: Sequences to score.
            skip: Number of first symbols of each that are given, and not scored. Defaults to `0`.

        Raises:
            DlseqError: There is nothing to score.
        """
        steps = (step for sequence in sequences for step in itertools.islice(self.steps(sequence), skip, None))
        log_probs = [math.log(self.probability(*step)) for step in steps]
        if not log_probs:
            raise DlseqError("Expected at least one sequence to score. Received: none.")
        return -math.fsum(log_probs) / len(log_probs)

    def steps(self, sequence: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each symbol of a sequence and its end, with the `order - 1` symbols before it."""
        width = self.order - 1
        padded = (*[START] * width, *sequence, END)
        for place in range(width, len(padded)):
            yield padded[place], padded[place - width : place]


class WittenBell(NGram):
    """Interpolated n-gram model of sequences of symbols, such as the characters of a name, with an end token.

    With `h'` for the context `h` without its first symbol, and `c(h, s)` for how often `s` followed `h` in training:

    1. `P(s | h) = w(h) c(h, s) / c(h) + (1 - w(h)) P(s | h')`, with `w(h) = c(h) / (c(h) + t(h))`;
    2. below the empty context, the distribution is uniform, `1 / V`, where the `V` symbols are the symbols of
       training, the end token and one unknown symbol;
    3. an unseen context has weight 0.

    Args:
        order: Length of the longest n-gram, 1 or more; the context is one shorter.

    Raises:
        DlseqError: `order` is below 1.

    Example:
        >>> model = WittenBell(2).fit(["ab", "aab"])
        >>> round(model.probability("b", ("a",)), 4)  # 3/5 · 2/3 + 2/5 · (7/10 · 2/7 + 3/10 · 1/4)
        0.51
    """

    def __init__(self, order: int):
        super().__init__(order)
        self.vocabulary: tuple[str, ...] = ()
        self.followers: dict[tuple[str, ...], Counter[str]] = {}

    def fit(self, sequences: Iterable[Sequence[str]]) -> "WittenBell":
        """Count all n-grams up to `order`, and return the model."""
        followers = defaultdict(Counter)
        for sequence in sequences:
            for symbol, history in self.steps(sequence):
                for start in range(self.order):
                    followers[history[start:]][symbol] += 1
        if not followers:
            raise DlseqError("Expected at least one sequence to count. Received: none.")
        self.followers = dict(followers)
        self.vocabulary = (*sorted(self.followers[()]), UNKNOWN)  # the empty context is followed by all of them
        return self

    def probability(self, symbol: str, history: Sequence[str]) -> float:
        probability = 1 / len(self.vocabulary)
        for start in range(len(history), max(-1, len(history) - self.order), -1):  # the shortest context first
            followers = self.followers.get(tuple(history[start:]))
            if followers is None:
                break  # longer contexts are unseen too
            kinds, count = len(followers), followers.total()
            probability = (followers[symbol] + kinds * probability) / (count + kinds)
        return probability


class BestOrder(NamedTuple):
    """Order with the lowest cross-entropy on held-out sequences, and the cross-entropy of each order."""

    order: int
    nats_per_symbol: float
    by_order: dict[int, float]


def best_of_orders(
    train: Collection[Sequence[str]],
    held_out: Collection[Sequence[str]],
    orders: Iterable[int] = range(1, 7),
    skip: int = 0,
    model: type[NGram] = WittenBell,
) -> BestOrder:
    """Train a model of each order and return the best on the held-out sequences that it is reported on.

    This favors the baseline: a lower cross-entropy than its best order is lower than that of every order.

    Args:
        train: Sequences to count.
        held_out: Sequences to score.
        orders: Lengths of the longest n-gram. Defaults to 1 to 6.
        skip: Number of first symbols of each held-out sequence that are given, and not scored. Defaults to `0`.
        model: Class of the models. Defaults to `WittenBell`.

    Example:
        >>> best_of_orders(["ab", "aab"], ["ab"], orders=[1, 2]).order
        2
    """
    by_order = {order: model(order).fit(train).nats_per_symbol(held_out, skip) for order in orders}
    order = min(by_order, key=by_order.get)
    return BestOrder(order, by_order[order], by_order)
