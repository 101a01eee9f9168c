"""Encoder of sound: steps, mask and padding; `tests/networks/test_ctc_network.py` tests it below a network too."""

import keras
import numpy as np
import pytest
from keras import ops

from dlseq.layers import SpeechEncoder


@pytest.fixture(scope="module")
def encoder():
    """An encoder whose steps are six frames, with distinct weights."""
    encoder = SpeechEncoder(bands=3, strides=(2, 1, 3), filters=6, units=5, depth=2, dropout=0.5)
    encoder.build({"levels": (None, None, 3), "frames": (None, None)})
    random = np.random.default_rng(0)
    for weight in encoder.trainable_weights:
        weight.assign(0.7 * random.normal(size=weight.shape))
    return encoder


def sound(lengths, width):
    random = np.random.default_rng(1)
    frames = (np.arange(width) < np.array(lengths)[:, None]).astype(np.int32)
    return {"levels": random.integers(0, 81, (len(lengths), width, 3)).astype(np.uint8), "frames": frames}


@pytest.mark.parametrize("frames", [1, 5, 6, 7, 12, 13])
def test_memory_and_mask_have_a_step_for_each_begun_stride(encoder, frames):
    inputs = sound([frames, 1], frames)
    steps = -(-frames // 6)
    assert encoder.stride == 6 and tuple(encoder(inputs).shape) == (2, steps, 10)
    assert encoder.compute_output_shape({"levels": (2, frames, 3), "frames": (2, frames)}) == (2, steps, 10)
    np.testing.assert_array_equal(encoder.compute_mask(inputs), [[True] * steps, [True] + [False] * (steps - 1)])


def test_levels_of_padding_are_not_read(encoder):
    inputs = sound([14, 9], 20)
    other = {**inputs, "levels": np.where(inputs["frames"][..., None] == 1, inputs["levels"], 80).astype(np.uint8)}
    mask = np.asarray(encoder.compute_mask(inputs))[..., None]
    np.testing.assert_allclose(encoder(inputs) * mask, encoder(other) * mask, atol=1e-5)


def test_dropout_is_of_training_alone(encoder):
    inputs = sound([14], 14)
    np.testing.assert_array_equal(encoder(inputs), encoder(inputs))
    assert float(ops.max(ops.abs(encoder(inputs, training=True) - encoder(inputs, training=True)))) > 0


def test_configuration_makes_the_same_encoder(encoder):
    other = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(encoder))
    other.set_weights(encoder.get_weights())
    np.testing.assert_allclose(other(sound([14], 14)), encoder(sound([14], 14)), atol=1e-6)


@pytest.mark.parametrize("sizes", [{"bands": 0}, {"strides": (2, 0)}, {"units": -1}, {"depth": 1.5}, {"dropout": 1}])
def test_invalid_sizes_are_refused(sizes):
    with pytest.raises(ValueError, match=f"argument `{next(iter(sizes))}`"):
        SpeechEncoder(**sizes)
