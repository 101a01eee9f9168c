"""A small model whose every probability NumPy can work out, for all decoders."""

import itertools

import numpy as np
import pytest
from keras import ops


class HistoryModel:
    """The next token depends on the row's source, on the token before and on the present one.

    Its state is a nest that spells what the row has read, so that a wrong reordering can be read off:
    `{"memory": (sources, None), "past": [previous, spelled, count]}`.
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
        (sources, _), (previous, spelled, count) = state["memory"], state["past"]
        place = ((sources * self.size) + previous) * self.size + tokens
        logits = ops.take(ops.convert_to_tensor(self.logits.reshape(-1, self.size)), place, axis=0)
        here = ops.arange(self.max_length, dtype="int32") == count
        past = (tokens, ops.where(here, tokens[:, None], spelled), count + 1)
        return logits, {"memory": state["memory"], "past": past}

    def log_prob(self, source, start, ids):
        """The log-probability of `ids`, token by token in float64."""
        logits = self.logits[source].astype("float64")
        table = (logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))).tolist()
        read = (0, start, *ids)
        return sum(table[a][b][c] for a, b, c in zip(read, read[1:], read[2:], strict=False))

    def every_sequence(self, source, start, end_id, alpha=0.0):
        """All `(score, ids)` that end within `max_length` tokens or have that many, best first."""
        others = [token for token in range(self.size) if token != end_id]
        found = list(itertools.product(others, repeat=self.max_length))
        if end_id is not None:
            for length in range(self.max_length):
                found += [(*head, end_id) for head in itertools.product(others, repeat=length)]
        scored = [(self.log_prob(source, start, ids) / ((5 + len(ids)) / 6) ** alpha, ids) for ids in found]
        return sorted(scored, reverse=True)


@pytest.fixture(scope="session")
def history_model():
    """`history_model(seed, size=4, sources=3, max_length=4)` makes a random one."""

    def make(seed, size=4, sources=3, max_length=4, dtype="float32", sharpness=1.5):
        random = np.random.default_rng(seed)
        return HistoryModel((sharpness * random.normal(size=(sources, size, size, size))).astype(dtype), max_length)

    return make


@pytest.fixture(scope="session")
def chain():
    """`chain(rows)` is the step of a Markov chain with these transition probabilities and no state."""

    def make(rows):
        with np.errstate(divide="ignore"):
            table = np.log(np.asarray(rows, "float32"))
        return lambda tokens, state: (ops.take(ops.convert_to_tensor(table), tokens, axis=0), state)

    return make


@pytest.fixture(scope="session")
def words():
    """`words(decoded)` gives each row's ids up to its length, as tuples."""

    def read(decoded):
        ids, lengths = np.asarray(decoded.ids), np.asarray(decoded.lengths)
        return [tuple(row[:length].tolist()) for row, length in zip(ids, lengths, strict=True)]

    return read
