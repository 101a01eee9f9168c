"""Sampling baselines: one name at a time, one model call per character.

Both use the weights of the measured model:

- `NumpySampler`: the classic teaching loop in float64: a one-hot column as input, one step of the recurrent cell with
  a matrix per gate, a softmax, a new random seed for each character and `np.random.choice` over a list, until the end
  token.
- `PredictSampler`: Keras's `predict` of a single-step model for each character.

Imported by sampling_speed.py.
"""

import keras
import numpy as np

from dlseq.networks.language_model import LanguageModel
from dlseq.text.vocabulary import Vocabulary

__all__ = ["NumpySampler", "PredictSampler"]


class NumpySampler:
    """A NumPy sampler of names, one character at a time, with column vectors.

    Args:
        network: Language model with a single LSTM.

    Example:
        >>> network = LanguageModel(Vocabulary("ab").to_config(), embedding_units=2, units=3)
        >>> set(NumpySampler(network).name(0, max_length=5)) <= {3, 4}
        True
    """

    def __init__(self, network: LanguageModel):
        kernel, recurrent, bias = (weight.astype("float64") for weight in network.lstms[0].get_weights())
        self.embedding = network.embedding.get_weights()[0].T.astype("float64")  # (D, V)
        gates = np.split(np.concatenate([recurrent, kernel]).T, 4)  # each (units, units + D)
        self.gates = [
            (np.ascontiguousarray(gate), b[:, None]) for gate, b in zip(gates, np.split(bias, 4), strict=True)
        ]
        output, output_bias = (weight.astype("float64") for weight in network.logits.get_weights())
        self.output, self.output_bias = np.ascontiguousarray(output.T), without_specials(output_bias)[:, None]
        self.units, self.vocabulary_size = recurrent.shape[0], len(output_bias)

    def name(self, seed: int, max_length: int) -> list[int]:
        """Sample the ids of one name, without the end token."""
        state = (np.zeros((self.units, 1)), np.zeros((self.units, 1)))
        token, ids = Vocabulary.eos_id, []
        while len(ids) < max_length:
            probabilities, state = self.step(token, state)
            np.random.seed(seed + len(ids))  # noqa: NPY002  (part of the baseline)
            token = np.random.choice(list(range(self.vocabulary_size)), p=probabilities)  # noqa: NPY002
            if token == Vocabulary.eos_id:
                break
            ids.append(token)
        return ids

    def step(self, token: int, state: tuple) -> tuple[np.ndarray, tuple]:
        """Return the probabilities `(V,)` of the next token, and the new state."""
        one_hot = np.zeros((self.vocabulary_size, 1))
        one_hot[token] = 1
        hidden, cell = state
        inputs = np.concatenate([hidden, self.embedding @ one_hot])  # (units + D, 1)
        input_, forget, candidate, output = (weights @ inputs + bias for weights, bias in self.gates)
        cell = sigmoid(forget) * cell + sigmoid(input_) * np.tanh(candidate)
        hidden = sigmoid(output) * np.tanh(cell)
        logits = self.output @ hidden + self.output_bias
        weights = np.exp(logits - logits.max())
        return (weights / weights.sum()).ravel(), (hidden, cell)


def without_specials(bias: np.ndarray) -> np.ndarray:
    """Return the bias of the logits `(V,)` with padding and the unknown character suppressed."""
    return np.where(np.arange(len(bias)) < 2, -1e9, bias)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


class PredictSampler:
    """A Keras sampler of names with one `predict` call per character.

    Args:
        network: Language model.
    """

    def __init__(self, network: LanguageModel):
        token = keras.Input((), dtype="int32")
        width = network.sizes["units"]
        states = [(keras.Input((width,)), keras.Input((width,))) for _ in network.lstms]
        features, new_states = network.embedding(token), []
        for lstm, (hidden, cell) in zip(network.lstms, states, strict=True):
            features, (hidden, cell) = lstm.cell(features, [hidden, cell])
            new_states += [hidden, cell]
        probabilities = keras.layers.Softmax()(network.logits(features))
        self.model = keras.Model([token, *(leaf for pair in states for leaf in pair)], [probabilities, *new_states])
        self.width, self.leaves = width, 2 * len(states)

    def name(self, seed: int, max_length: int) -> list[int]:
        """Sample the ids of one name, without the end token."""
        generator = np.random.default_rng(seed)
        state = [np.zeros((1, self.width), "float32")] * self.leaves
        token, ids = Vocabulary.eos_id, []
        while len(ids) < max_length:
            probabilities, *state = self.model.predict([np.array([token]), *state], verbose=0)
            weights = probabilities[0].astype("float64")
            weights[:2] = 0  # padding and the unknown character
            token = int(generator.choice(len(weights), p=weights / weights.sum()))
            if token == Vocabulary.eos_id:
                break
            ids.append(token)
        return ids
