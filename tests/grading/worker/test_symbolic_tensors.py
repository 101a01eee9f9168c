"""TensorFlow functions on symbolic Keras tensors, against the same functions on numbers."""

import importlib

import numpy as np
import pytest

from dlseq.grading.worker.loading.older_spellings import accept_older_spellings
from dlseq.grading.worker.loading.symbolic_tensors import accept_symbolic_tensors
from dlseq.startup import import_keras

FUNCTIONS = {
    "one_hot of argmax": lambda tf, x, v, i: tf.one_hot(tf.math.argmax(v, axis=-1), 4),
    "softmax": lambda tf, x, v, i: tf.nn.softmax(x, axis=1),
    "sum": lambda tf, x, v, i: tf.reduce_sum(x * tf.expand_dims(v, 1), axis=1, keepdims=True),
    "concat of tile": lambda tf, x, v, i: tf.concat([x, tf.tile(v[:, None, :], [1, 5, 1])], axis=-1),
    "matmul": lambda tf, x, v, i: tf.squeeze(tf.matmul(x, tf.expand_dims(v, -1)), -1) / tf.sqrt(float(x.shape[-1])),
    "zeros of shape": lambda tf, x, v, i: tf.zeros((tf.shape(x)[0], 7)),
    "stack": lambda tf, x, v, i: tf.stack([v, tf.zeros_like(v)], axis=1),
    "einsum": lambda tf, x, v, i: tf.einsum("bij,bj->bi", x, v),
    "where": lambda tf, x, v, i: tf.where(x > 0, x, tf.zeros_like(x)),
    "split": lambda tf, x, v, i: tf.split(x, 2, axis=-1)[1],
    "top_k": lambda tf, x, v, i: tf.math.top_k(v, 2)[1],
    "mask": lambda tf, x, v, i: tf.sequence_mask(i, 5),
    "loss": lambda tf, x, v, i: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=i, logits=v),
    "backend": lambda tf, x, v, i: tf.keras.backend.sum(tf.keras.backend.exp(x), axis=1),
    "backend, by rank": lambda tf, x, v, i: tf.keras.backend.softmax(tf.keras.backend.concatenate([v, v])),
}


@pytest.fixture(scope="module")
def frameworks():
    """Keras and TensorFlow, with Keras tensors accepted."""
    import_keras()
    import keras

    if keras.backend.backend() != "tensorflow":
        pytest.skip("needs TensorFlow")
    import tensorflow

    accept_symbolic_tensors()
    accept_symbolic_tensors()
    return keras, tensorflow


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_in_a_model_is_that_on_numbers(frameworks, name):
    """The newest music assignment says `tf.one_hot(tf.math.argmax(out, axis=-1), n)`: 0 of 40 points."""
    keras, tf = frameworks
    inputs = [keras.Input((5, 4)), keras.Input((4,)), keras.Input((), dtype="int32")]
    output = FUNCTIONS[name](tf, *inputs)
    rng = np.random.default_rng(0)
    values = [rng.normal(size=(3, 5, 4)).astype("float32"), rng.normal(size=(3, 4)).astype("float32")]
    values.append(np.array([1, 0, 3], "int32"))
    expected = FUNCTIONS[name](tf, *map(tf.constant, values)).numpy()
    found = np.asarray(keras.Model(inputs, output)(values))
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert found.dtype == expected.dtype and tuple(output.shape)[1:] == expected.shape[1:]


def test_functions_of_the_older_backend_take_arrays(frameworks):
    """`K.repeat` of an array, with which a test calls a function of layers: 'tuple' object has no attribute 'rank'."""
    array = np.arange(6, dtype="float32").reshape(2, 3)
    imported = importlib.import_module("tensorflow.keras.backend")  # another module than `tf.keras.backend` before
    accept_symbolic_tensors()
    for backend in (imported, frameworks[1].keras.backend):
        np.testing.assert_array_equal(backend.repeat(array, 4), np.repeat(array[:, None], 4, axis=1))
        np.testing.assert_allclose(backend.dot(array, array.T), array @ array.T)


def test_the_name_of_a_weight_may_come_first(frameworks):
    """Keras 2 had it before the shape."""
    keras, _ = frameworks
    accept_older_spellings()
    weight = keras.layers.Layer().add_weight("kernel", shape=(2, 3), initializer="ones")
    same = keras.layers.Layer().add_weight((2, 3), "ones", name="kernel")
    assert weight.name == same.name == "kernel" and tuple(weight.shape) == tuple(same.shape) == (2, 3)


def test_errors_of_functions_remain(frameworks):
    _, tf = frameworks
    with pytest.raises(ValueError):
        tf.convert_to_tensor([[1], [1, 2]])
    with pytest.raises(TypeError):
        tf.concat(1, 2, 3, 4)
