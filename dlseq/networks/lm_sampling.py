"""Batched sampling from a language model."""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops

from dlseq.decoding.categorical import cumulate, draw
from dlseq.decoding.compiled import compiled_for_any_batch
from dlseq.networks.language_model import LanguageModel
from dlseq.text.vocabulary import Vocabulary

__all__ = ["DrawnSequences", "SequenceSampler"]

ROWS_AT_ONCE = 10_000
LARGEST_TABLE = 2_000_000  # entries; above that sorting is quicker
FEW_ROWS = 32  # so few are done before a graph would have been made
FIRST_DRAWN = Vocabulary.eos_id  # padding and the unknown symbol stand before it


class DrawnSequences(NamedTuple):
    """Sequences that a model wrote after a prefix."""

    ids: np.ndarray  # (N, T) int32, T the greatest length, without the prefix, the end token included, padded after it
    log_probs: np.ndarray  # (N,) float64, the model's own, of the prefix and of `ids`
    ended: np.ndarray  # (N,) bool, whether the end token was drawn before `T` was reached


class SequenceSampler:
    """Draws sequences from a model; the unknown symbol is never drawn.

    Sequences drawn together share their beginnings. So the model reads each beginning once, however many rows have it,
    and rows that have ended are left behind. A number that is drawn belongs to a row's place among those that go on,
    which no later row changes: the first of many sequences are the sequences of few.

    One graph is kept for each `top_k`, with a temperature or a `top_p` and without; their values, the numbers that are
    drawn and the number of rows are its arguments.

    Args:
        network: The `LanguageModel`.

    Example:
        >>> network = LanguageModel(Vocabulary("ab").to_config(), embedding_units=2, units=3)
        >>> drawn = SequenceSampler(network).draw(5, np.array([3]), max_length=4, seed=1)
        >>> drawn.ids.shape, drawn.log_probs.shape
        ((5, 4), (5,))
    """

    def __init__(self, network: LanguageModel):
        self.network = network
        self._compiled = {}

    def draw(self, n, prefix, *, max_length, temperature=1.0, top_k=None, top_p=None, seed=0) -> DrawnSequences:
        """Draws `n` sequences that begin alike.

        Args:
            n: how many.
            prefix: integers `(P,)` that the model reads first; may be empty.
            max_length: the most symbols after the prefix, the end token included.
            temperature: above 0.
            top_k: an int, or None.
            top_p: a number in (0, 1], or None.
            seed: an int of 0 or more, of which the lower 64 bits count.

        Returns:
            `DrawnSequences`.
        """
        token, state, read = self._after(prefix)
        options = {"temperature": None if temperature == 1 else temperature, "top_p": top_p}
        options = {name: ops.convert_to_tensor(x, "float32") for name, x in options.items() if x is not None}
        take_step = self._step(n, top_k, tuple(options))
        drawn = DrawnSequences(np.zeros((n, max_length), np.int32), np.full(n, read), np.zeros(n, bool))
        size = len(self.network.vocabulary)
        for first in range(0, n, ROWS_AT_ONCE):
            rows = np.arange(first, min(n, first + ROWS_AT_ONCE))
            before, tokens, states = np.zeros(len(rows), np.int64), np.full(len(rows), token), state
            for time in range(max_length):
                # A beginning is a state and the symbol read in it: each once, and for each row which it is.
                keys, beginnings = _distinct(before * size + tokens)
                *parents, symbols = _parents(*np.divmod(keys, size))
                given = (part.astype(np.int32) for part in (*parents, symbols, beginnings))
                numbers = _numbers(seed, first, time, len(rows))
                following, gains, states = take_step(states, *given, numbers, *options.values())
                tokens = ops.convert_to_numpy(following)
                drawn.ids[rows, time] = tokens
                drawn.log_probs[rows] += ops.convert_to_numpy(gains)
                going = tokens != Vocabulary.eos_id
                drawn.ended[rows[~going]] = True
                rows, before, tokens = rows[going], beginnings[going], tokens[going]
                if not len(rows):
                    break
        return drawn

    def _after(self, prefix):
        """The token to read next, the state before it `(1, ...)`, and the log-probability of the prefix."""
        token, state, log_prob = self.network.start_id, self.network.initial_state(1), 0.0
        for following in map(int, prefix):
            logits, state = self.network.step(np.array([token], "int32"), state)
            log_prob += float(ops.log_softmax(logits)[0, following])
            token = following
        return token, state, log_prob

    def _step(self, count, top_k, names):
        """One symbol for each row, with options of these names; compiled, unless a few rows would wait longer."""
        if (top_k, names) in self._compiled:
            return self._compiled[top_k, names]

        def take_step(states, parents, parent_of, symbols, beginnings, numbers, *options):
            """The symbols drawn `(B,)`, what they add to the log-probabilities, and the states of the beginnings."""
            states = keras.tree.map_structure(lambda leaf: ops.take(leaf, parents, axis=0), states)
            logits, states = self.network.prepared_step()(symbols, states, parent_of)  # a row for each beginning
            log_probs = ops.log_softmax(logits, axis=-1)  # (beginnings, V)
            size = log_probs.shape[-1]
            known = log_probs[:, FIRST_DRAWN:]
            cumulated = cumulate(known, top_k=top_k, **dict(zip(names, options, strict=True)))
            drawn = FIRST_DRAWN + draw(cumulated, numbers, beginnings)
            return drawn, ops.take(ops.reshape(log_probs, (-1,)), beginnings * size + drawn), states

        if count <= FEW_ROWS:
            return take_step
        return self._compiled.setdefault((top_k, names), compiled_for_any_batch(take_step))


def _distinct(keys):
    """What `np.unique` gives with `return_inverse`; from a table of all numbers up to the greatest, if it is not too
    large, instead of by sorting."""
    bound = int(keys.max()) + 1
    if bound > LARGEST_TABLE:
        return np.unique(keys, return_inverse=True)
    there = np.zeros(bound, bool)
    there[keys] = True
    distinct = np.flatnonzero(there)
    places = np.empty(bound, np.int64)
    places[distinct] = np.arange(len(distinct))
    return distinct, places[keys]


def _parents(before, symbols):
    """Names each state once, though several symbols are read in it.

    Args:
        before: the state in which each symbol is read, in ascending order.
        symbols: the symbols.

    Returns:
        The states that are read in, for each symbol which of them, and the symbols.
    """
    new = np.append(True, before[1:] != before[:-1])
    return before[new], np.cumsum(new) - 1, symbols


def _numbers(seed, first, time, count):
    """A number in [0, 1) for each row at a step, float32 multiples of 2⁻²⁴: of more rows, the first are the same."""
    bits = np.random.Philox(key=[seed & (2**64 - 1), first << 32 | time]).random_raw(count)
    return (bits >> 40).astype(np.float32) * np.float32(2.0**-24)
