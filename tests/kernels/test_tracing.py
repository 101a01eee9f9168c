"""Tests of the detection of compilers without the kernel. A failure with a new release names what it has renamed."""

import importlib

import keras
import pytest
import tensorflow as tf

from dlseq.kernels.tracing import CONVERTERS, kernel_is_available

OPTIONAL = ("tf2onnx.",)  # installed with the extra `export`


def availability(**options):
    """Trace a function and return whether the kernel was available in it."""
    found = []

    @tf.function(**options)
    def traced():
        found.append(kernel_is_available())
        return tf.constant(0.0)

    traced()
    return found


def test_eager_code_and_graphs_have_the_kernel():
    assert kernel_is_available()
    assert availability() == availability(jit_compile=False) == [True]


def test_xla_has_no_kernel():
    """In a function compiled with XLA, in a function within it, and in the body of its loop."""
    assert availability(jit_compile=True) == [False]
    found = []

    @tf.function
    def inner():
        found.append(kernel_is_available())
        return tf.constant(1)

    @tf.function(jit_compile=True)
    def outer():
        def body(i):
            found.append(kernel_is_available())
            return i + inner()

        return tf.while_loop(lambda i: i < 2, body, [tf.constant(0)])

    outer()
    assert len(found) >= 2 and not any(found)


def test_conversion_to_lite_has_no_kernel():
    found = []

    class Recorder(keras.layers.Layer):
        def call(self, inputs):
            found.append(kernel_is_available())
            return inputs + 1

    model = keras.Sequential([keras.Input((2,), batch_size=1), Recorder()])
    assert found == [True]
    tf.lite.TFLiteConverter.from_keras_model(model).convert()
    assert len(found) >= 2 and not any(found[1:])


@pytest.mark.parametrize("name", CONVERTERS)
def test_modules_of_converters_exist(name):
    if name in OPTIONAL:
        pytest.importorskip(name.rstrip("."), reason=f"{name} is not installed")
    importlib.import_module(name.rstrip("."))
