"""Baseline of the name generator: interpolated n-gram models.

An n-gram model predicts a character from the n - 1 before it by the counts of its successors in training. Counts of
rare contexts are unreliable, so they are interpolated with those of the context that is one character shorter, and so
on down to a uniform distribution. In Witten and Bell's interpolation, a context `h` that was followed `c(h)` times by
`t(h)` different symbols has weight `c(h) / (c(h) + t(h))`, as if one in every `c(h) + t(h)` occurrences were a new
symbol.

    python benchmarks/ngram.py                     # English first names, three seeds, orders 1 to 6
    python benchmarks/ngram.py fr_FR --seeds 0

Source: I. H. Witten and T. C. Bell, "The zero-frequency problem", IEEE Transactions on Information Theory 37(4), 1991.
"""

import argparse
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from dlseq.data.names import load_names, split_names
from dlseq.errors import DlseqError

START, END, UNKNOWN = "<s>", "</s>", "<unk>"  # longer than any character, so no name contains them


class WittenBell:
    """Interpolated n-gram model of names, character by character, with an end token.

    With `h'` for the context `h` without its first symbol, and `c(h, s)` for how often `s` followed `h` in training:

    1. `P(s | h) = w(h) c(h, s) / c(h) + (1 - w(h)) P(s | h')`, with `w(h) = c(h) / (c(h) + t(h))`;
    2. below the empty context, the distribution is uniform, `1 / V`, where the `V` symbols are the characters of
       training, the end token and one unknown symbol;
    3. an unseen context has weight 0.

    A name begins after `order - 1` start tokens, which are never predicted.

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
        if order < 1:
            raise DlseqError(f"Invalid value for argument `order`. Expected 1 or more. Received: order={order}")
        self.order = order
        self.vocabulary: tuple[str, ...] = ()
        self.followers: dict[tuple[str, ...], Counter[str]] = {}

    def fit(self, names: Iterable[str]) -> "WittenBell":
        """Count all n-grams up to `order`, and return the model."""
        followers = defaultdict(Counter)
        for name in names:
            for symbol, history in self._steps(name):
                for start in range(self.order):
                    followers[history[start:]][symbol] += 1
        if not followers:
            raise DlseqError("Expected at least one name to count. Received: none.")
        self.followers = dict(followers)
        self.vocabulary = (*sorted(self.followers[()]), UNKNOWN)  # the empty context is followed by all of them
        return self

    def probability(self, symbol: str, history: Sequence[str]) -> float:
        """Return `P(symbol | history)`; of `history`, the last `order - 1` symbols count.

        Args:
            symbol: A character, `END` or `UNKNOWN`. A character that is not in training is `UNKNOWN`.
            history: Symbols before it, oldest first, start tokens included.
        """
        probability = 1 / len(self.vocabulary)
        for start in range(len(history), max(-1, len(history) - self.order), -1):  # the shortest context first
            followers = self.followers.get(tuple(history[start:]))
            if followers is None:
                break  # longer contexts are unseen too
            kinds, count = len(followers), followers.total()
            probability = (followers[symbol] + kinds * probability) / (count + kinds)
        return probability

    def nats_per_character(self, names: Collection[str]) -> float:
        """Return the cross-entropy in nats per character, end tokens included."""
        log_probs = [math.log(self.probability(*step)) for name in names for step in self._steps(name)]
        if not log_probs:
            raise DlseqError("Expected at least one name to score. Received: none.")
        return -math.fsum(log_probs) / len(log_probs)

    def _steps(self, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each symbol of a name and its end, with the `order - 1` symbols before it."""
        width = self.order - 1
        padded = (*[START] * width, *name, END)
        for place in range(width, len(padded)):
            yield padded[place], padded[place - width : place]


class BestOrder(NamedTuple):
    """Order with the lowest cross-entropy on held-out names, and the cross-entropy of each order."""

    order: int
    nats_per_character: float
    by_order: dict[int, float]


def best_of_orders(train: Collection[str], held_out: Collection[str], orders: Iterable[int] = range(1, 7)) -> BestOrder:
    """Train a model of each order and return the best on the held-out names that it is reported on.

    This favors the baseline: a lower cross-entropy than its best order is lower than that of every order.
    """
    by_order = {order: WittenBell(order).fit(train).nats_per_character(held_out) for order in orders}
    order = min(by_order, key=by_order.get)
    return BestOrder(order, by_order[order], by_order)


def main() -> None:
    """Print nats per character on held-out test names: a row for each seed, a column for each order."""
    parser = argparse.ArgumentParser(description="Witten-Bell n-grams on a corpus of names.")
    parser.add_argument("corpus", nargs="?", default="english", help="a corpus, or a file with one name per line")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="one split for each (default: 0 1 2)")
    arguments = parser.parse_args()
    try:
        names = load_names(arguments.corpus)
        results = {}
        for seed in arguments.seeds:
            split = split_names(names, seed=seed)
            results[seed] = best_of_orders(split.train, split.test)
    except DlseqError as error:
        sys.exit(f"{parser.prog}: {error}")
    orders = list(next(iter(results.values())).by_order)
    print(f"{arguments.corpus}: {len(names)} names, nats per character on the test names, end token included")
    print("seed  " + "  ".join(f"{order}-gram" for order in orders) + "  best")
    for seed, best in results.items():
        print(f"{seed:4}  " + "  ".join(f"{best.by_order[order]:6.4f}" for order in orders) + f"  {best.order}-gram")


if __name__ == "__main__":
    main()
