"""Helpers of the exercise `music_generation`: Bach's chorales as one-hot sequences, and toys to test code with.

A value is a note with its duration. The toys are untrained layers of any size, and a model that knows no music.
"""

from collections import Counter

import numpy as np

from dlseq.data.music import Melody, load_chorales, parse_notes, split_by_tune

__all__ = ["N_VALUES", "chorale_data", "to_melody", "toy_composer", "toy_layers"]

N_VALUES = 90  # the most frequent notes of the chorales in major; the others are 2 in 100
TONIC, MODE = 0, "major"
SPLITS = ("train", "validation", "test")


def chorale_data(split: str = "train", Tx: int = 30, stride: int = 10) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Cut the sopranos of Bach's chorales in major into pieces of `Tx` notes.

    All melodies are moved to C. A value is a note with its duration, such as "G4:1.5"; pieces with a note outside of
    the 90 most frequent ones are left out. Variants of a tune are in the same split.

    Args:
        split: "train", "validation" or "test".
        Tx: Notes of a piece.
        stride: Notes between the beginnings of two pieces.

    Returns:
        X: One-hot pieces (m, Tx, n_values); the first step is zeros, since no note has been played.
        Y: The notes that follow, steps first (Tx, m, n_values): `Y[t]` follows `X[:, t]`, and is `X[:, t + 1]`.
        values: The note of each index.

    Example:
        >>> X, Y, values = chorale_data(Tx=20)
        >>> X.shape[1:], Y.shape[0], len(values), bool((X[:, 1:] == Y[:-1].swapaxes(0, 1)).all())
        ((20, 90), 20, 90, True)
    """
    melodies = [melody for melody in load_chorales() if melody.mode == MODE]
    counts = Counter(note for melody in melodies for note in _notes(melody))
    values = sorted(sorted(counts, key=lambda note: (-counts[note], note))[:N_VALUES])
    index = {note: number for number, note in enumerate(values)}
    chosen = map(_notes, split_by_tune(melodies, seed=0)[SPLITS.index(split)])
    pieces = [notes[at : at + Tx] for notes in chosen for at in range(0, len(notes) - Tx + 1, stride)]
    ids = np.array([[index[note] for note in piece] for piece in pieces if index.keys() >= set(piece)])  # (m, Tx)
    one_hot = np.eye(N_VALUES, dtype="float32")[ids]  # (m, Tx, n_values)
    X = np.concatenate([np.zeros_like(one_hot[:, :1]), one_hot[:, :-1]], axis=1)
    return X, one_hot.swapaxes(0, 1), values


def _notes(melody):
    """Return the notes of a melody in C as texts, without ends of phrases."""
    return [str(note).removesuffix("^") for note in melody.relative().notes]


def to_melody(indices, values: list[str]) -> Melody:
    """Turn indices of values into a melody, for `dlseq.data.music.midi_bytes` and `wave_bytes`.

    Example:
        >>> to_melody([[1], [0]], ["C4:1", "G4:2"]).notes[0].pitch
        67
    """
    text = " ".join(values[int(index)] for index in np.ravel(indices))
    return Melody("generated", TONIC, MODE, parse_notes(text))


def toy_layers(n_values: int, n_a: int) -> list:
    """Make the three shared layers in other sizes, to test code that calls them.

    Args:
        n_values: Different notes.
        n_a: Units of the LSTM.

    Returns:
        LSTM_cell, densor, reshaper, which have not been called yet.

    Example:
        >>> LSTM_cell, densor, reshaper = toy_layers(n_values=5, n_a=3)
        >>> LSTM_cell.units, densor.units, reshaper.target_shape
        (3, 5, (1, 5))
    """
    from keras.layers import LSTM, Dense, Reshape

    return [LSTM(n_a, return_state=True, unroll=True), Dense(n_values, activation="softmax"), Reshape((1, n_values))]


def toy_composer(seed: int, Ty: int, n_values: int, n_a: int):
    """Make a model with the inputs and outputs of `music_inference_model`, to test code that calls it.

    It knows no music: its outputs are a random function of its three inputs.

    Args:
        seed: Seed of the weights.
        Ty: Notes of a melody.
        n_values: Different notes.
        n_a: Width of the states.

    Returns:
        Keras model from [x0 (m, 1, n_values), a0 (m, n_a), c0 (m, n_a)] to a list of Ty outputs (m, n_values).

    Example:
        >>> model = toy_composer(seed=0, Ty=2, n_values=5, n_a=3)
        >>> [tuple(output.shape) for output in model([np.zeros((1, 1, 5)), np.zeros((1, 3)), np.zeros((1, 3))])]
        [(1, 5), (1, 5)]
    """
    from keras import Input, Model, ops
    from keras.layers import Dense

    rng = np.random.default_rng(seed)
    inputs = [Input((1, n_values)), Input((n_a,)), Input((n_a,))]
    layer = Dense(Ty * n_values)
    logits = ops.reshape(layer(ops.concatenate([inputs[0][:, 0], *inputs[1:]], axis=-1)), (-1, Ty, n_values))
    layer.set_weights([rng.normal(0, 2, weight.shape).astype("float32") for weight in layer.weights])
    probabilities = ops.softmax(logits, axis=-1)  # (m, Ty, n_values)
    model = Model(inputs, [probabilities[:, t] for t in range(Ty)])
    model.compile(run_eagerly=True)  # a graph takes longer to build than to run once
    return model
