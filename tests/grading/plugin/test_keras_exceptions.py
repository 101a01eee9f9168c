"""Hints for exceptions that Keras raises, each raised here by Keras itself."""

import numpy as np
import pytest

from dlseq.grading.plugin.exception_hints import explain_exception


@pytest.fixture(scope="module")
def keras():
    from dlseq.startup import import_keras

    import_keras()
    import keras

    return keras


def call_twice(keras):
    layer = keras.layers.Dense(3, name="densor1")
    layer(np.ones((2, 5, 4)))
    layer(np.ones((2, 5, 7)))


CASES = {
    "concatenate": (
        lambda keras: keras.layers.Concatenate()([np.ones((2, 30, 8)), np.ones((2, 6))]),
        "the shapes here are (2, 30, 8), (2, 6)",
    ),
    "another width": (call_twice, "The layer densor1 was first called on inputs whose last axis has 4 numbers"),
    "two axes": (
        lambda keras: keras.layers.LSTM(3, name="lstm")(np.ones((2, 4))),
        "The layer lstm takes an input of 3 axes, and gets one of 2",
    ),
    "unknown argument": (lambda keras: keras.optimizers.Adam(rate=1), "does not know these arguments: {'rate': 1}"),
    "unknown argument of a layer": (
        lambda keras: keras.layers.Dense(3, size=4),
        "Dense does not take these arguments: {'size': 4}",
    ),
    "no input": (lambda keras: keras.layers.LSTM(3)(x=np.ones((2, 3, 4))), "pass its input as the first argument"),
    "symbolic": (lambda keras: np.tanh(keras.Input((3,))), "which only layers and keras.ops can compute with"),
    "symbolic if": (lambda keras: bool(keras.Input((3,)) > 0), "which only layers and keras.ops can compute with"),
    "product": (lambda keras: keras.ops.matmul(np.ones((2, 3)), np.ones((2, 3))), "(n, k) and (k, m)"),
    "sum": (lambda keras: keras.ops.add(np.ones((2, 3)), np.ones((2, 4))), "shapes [2,3] and [2,4] do not fit"),
}


@pytest.mark.parametrize("case", CASES)
def test_an_exception_of_keras_is_explained_by_its_kind(keras, case):
    call, words = CASES[case]
    with pytest.raises(Exception) as caught:
        call(keras)
    message = " ".join(str(caught.value).split())[:500]
    assert words in explain_exception(type(caught.value).__name__, message), (type(caught.value), message)
