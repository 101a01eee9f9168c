"""Fixtures for decoders: small models with probabilities that NumPy can compute."""

import itertools

import numpy as np
import pytest
from keras import ops


class HistoryModel:
    """A second-order Markov model: the next token depends on the source and on the last two tokens.

    Its nested state contains the input tokens of the row, so that a wrong reordering is visible:
    `{"memory": (sources, None), "past": [previous, history, count]}`.
    """

    def __init__(self, logits, max_length):
        self.logits = logits  # (sources, V, V, V)
        self.max_length = max_length
        self.size = self.logits.shape[-1]

    def state(self, batch):
        sources = (np.arange(batch) % len(self.logits)).astype("int32")
        past = [np.zeros(batch, "int32"), np.zeros((batch, self.max_length), "int32"), np.zeros((batch, 1), "int32")]
        return {"memory": (sources, None), "past": past}

    def step(self, tokens, state):
        (sources, _), (previous, history, count) = state["memory"], state["past"]
        rows = ((sources * self.size) + previous) * self.size + tokens
        logits = ops.take(ops.convert_to_tensor(self.logits.reshape(-1, self.size)), rows, axis=0)
        is_current = ops.arange(self.max_length, dtype="int32") == count
        past = (tokens, ops.where(is_current, tokens[:, None], history), count + 1)
        return logits, {"memory": state["memory"], "past": past}

    def log_prob(self, source, start, ids):
        """Return the log-probability of `ids`, computed token by token in float64."""
        logits = self.logits[source].astype("float64")
        table = (logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))).tolist()
        path = (0, start, *ids)
        return sum(table[a][b][c] for a, b, c in zip(path, path[1:], path[2:], strict=False))

    def every_sequence(self, source, start, end_id, alpha=0.0, penalty="gnmt"):
        """Return `(score, ids)` of all sequences of up to `max_length` tokens, best first."""
        divisors = {"gnmt": lambda length: ((5 + length) / 6) ** alpha, "power": lambda length: length**alpha}
        others = [token for token in range(self.size) if token != end_id]
        found = list(itertools.product(others, repeat=self.max_length))
        if end_id is not None:
            for length in range(self.max_length):
                found += [(*head, end_id) for head in itertools.product(others, repeat=length)]
        scored = [(self.log_prob(source, start, ids) / divisors[penalty](len(ids)), ids) for ids in found]
        return sorted(scored, reverse=True)


@pytest.fixture(scope="session")
def history_model():
    """A factory of random models: `history_model(seed, size=4, sources=3, max_length=4)`."""

    def make(seed, size=4, sources=3, max_length=4, dtype="float32", sharpness=1.5):
        random = np.random.default_rng(seed)
        return HistoryModel((sharpness * random.normal(size=(sources, size, size, size))).astype(dtype), max_length)

    return make


@pytest.fixture(scope="session")
def chain():
    """A factory of stateless Markov chain steps: `chain(transition_probabilities)`."""

    def make(rows):
        with np.errstate(divide="ignore"):
            table = np.log(np.asarray(rows, "float32"))
        return lambda tokens, state: (ops.take(ops.convert_to_tensor(table), tokens, axis=0), state)

    return make


@pytest.fixture(scope="session")
def words():
    """A function `words(decoded)` that returns the ids of each row up to its length, as tuples."""

    def truncate(decoded):
        ids, lengths = np.asarray(decoded.ids), np.asarray(decoded.lengths)
        return [tuple(row[:length].tolist()) for row, length in zip(ids, lengths, strict=True)]

    return truncate
