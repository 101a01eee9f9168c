"""Helpers of the assignment on date normalization: dates with their vocabularies, and a softmax along any axis."""

import random

import numpy as np

__all__ = [
    "EXAMPLES",
    "create_dataset",
    "int_to_string",
    "load_dataset",
    "load_date",
    "np",
    "plot_attention_map",
    "preprocess_data",
    "random",
    "run_example",
    "run_examples",
    "softmax",
    "string_to_int",
    "to_categorical",  # noqa: F822  (imported by __getattr__)
]

EXAMPLES = ["21 August 1998", "tuesday march 5 2013", "7/4/76", "11 nov 2004", "friday june 2 1989"]
UNKNOWN, PADDING = "<unk>", "<pad>"
OUTPUT_CHARACTERS = "-0123456789"


def __getattr__(name):
    if name == "to_categorical":  # keras takes seconds to import, and numbers alone need none of it
        from keras.utils import to_categorical

        return to_categorical
    raise AttributeError(f"module 'nmt_utils' has no attribute '{name}'")


def load_date():
    """Return one date as a text, in ISO form, and as a `datetime.date`.

    Example:
        >>> text, iso, date = load_date()
        >>> iso == date.isoformat()
        True
    """
    import datetime

    ((text, iso),) = create_dataset(1)
    return text, iso, datetime.date.fromisoformat(iso)


def create_dataset(m):
    """Return m pairs of a text and its ISO date.

    Example:
        >>> [len(iso) for _, iso in create_dataset(3)]
        [10, 10, 10]
    """
    from dlseq.data.dates import date_pairs

    return [(pair.text, pair.iso) for pair in date_pairs(m, "course", split="train", seed=0)]


def load_dataset(m):
    """Return dates with the vocabularies of both sides.

    Args:
        m: number of examples.

    Returns:
        dataset: list of (text, ISO date).
        human_vocab: dict from the characters of the texts to indices, with <unk> and <pad> last.
        machine_vocab: dict from the characters of ISO dates to indices.
        inv_machine_vocab: dict from those indices to characters.

    Example:
        >>> dataset, human_vocab, machine_vocab, inv_machine_vocab = load_dataset(50)
        >>> len(dataset), inv_machine_vocab[machine_vocab["7"]], max(human_vocab.values()) == human_vocab["<pad>"]
        (50, '7', True)
    """
    dataset = create_dataset(m)
    characters = sorted({character for text, _ in dataset for character in text})
    human = {symbol: index for index, symbol in enumerate([*characters, UNKNOWN, PADDING])}
    inverse = dict(enumerate(OUTPUT_CHARACTERS))
    return dataset, human, {character: index for index, character in inverse.items()}, inverse


def string_to_int(string, length, vocab):
    """Encode a text as a list of `length` indices, padded or cut off.

    Example:
        >>> string_to_int("A,b", 3, {"a": 0, "b": 1, "<unk>": 2, "<pad>": 3})
        [0, 1, 3]
    """
    text = string.lower().replace(",", "")[:length]
    indices = [vocab.get(character, vocab.get(UNKNOWN)) for character in text]
    return indices + [vocab[PADDING]] * (length - len(indices)) if len(indices) < length else indices


def int_to_string(ints, inv_vocab):
    """Decode indices to a list of characters.

    Example:
        >>> int_to_string([1, 0], {0: "a", 1: "b"})
        ['b', 'a']
    """
    return [inv_vocab[index] for index in ints]


def preprocess_data(dataset, human_vocab, machine_vocab, Tx, Ty):
    """Encode pairs of texts and ISO dates.

    Returns:
        X: indices of the texts, (m, Tx).
        Y: indices of the dates, (m, Ty).
        Xoh: one-hot texts, (m, Tx, len(human_vocab)).
        Yoh: one-hot dates, (m, Ty, len(machine_vocab)).

    Example:
        >>> dataset, human, machine, _ = load_dataset(4)
        >>> [part.shape[:2] for part in preprocess_data(dataset, human, machine, 30, 10)]
        [(4, 30), (4, 10), (4, 30), (4, 10)]
    """
    X = np.array([string_to_int(text, Tx, human_vocab) for text, _ in dataset])  # (m, Tx)
    Y = np.array([[machine_vocab[character] for character in iso][:Ty] for _, iso in dataset])  # (m, Ty)
    return X, Y, np.eye(len(human_vocab))[X], np.eye(len(machine_vocab))[Y]


def softmax(x, axis=1):
    """Softmax of a tensor along an axis; the default is the second one.

    Example:
        >>> np.asarray(softmax(np.zeros((1, 4, 1), "float32"))).ravel().tolist()
        [0.25, 0.25, 0.25, 0.25]
    """
    from keras import ops

    return ops.softmax(x, axis=axis)


def plot_attention_map(*arguments, **keywords):
    """Draw nothing: a file that is graded has no screen."""


def run_example(*arguments, **keywords):
    """Translate nothing: a file that is graded is not trained."""


run_examples = run_example
