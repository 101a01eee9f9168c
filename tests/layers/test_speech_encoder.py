"""Encoder of sound: steps, mask and padding; `tests/networks/test_ctc_network.py` tests it below a network too."""

import keras
import numpy as np
import pytest
from keras import ops

from dlseq.layers import SpeechEncoder


@pytest.fixture(scope="module", params=[(), (4, 2)], ids=["over time", "over bands first"])
def encoder(request):
    """An encoder whose steps are six frames, with distinct weights."""
    more = {"channels": request.param, "frequency_masks": len(request.param), "mean_normalization": bool(request.param)}
    encoder = SpeechEncoder(bands=3, strides=(2, 1, 3), filters=6, units=5, depth=2, dropout=0.5, **more)
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


MORE = [{"frequency_masks": -1}, {"channels": (0,)}, {"channels": (4, 4, 4)}]


@pytest.mark.parametrize(
    "sizes", [{"bands": 0}, {"strides": (2, 0)}, {"units": -1}, {"depth": 1.5}, {"dropout": 1}, *MORE]
)
def test_invalid_sizes_are_refused(sizes):
    with pytest.raises(ValueError, match=f"argument `{next(iter(sizes))}`"):
        SpeechEncoder(**sizes)


def test_mean_normalization_takes_away_what_a_microphone_adds_to_a_band():
    inputs, color = sound([14, 9], 20), np.array([9.0, -4.0, 30.0])
    colored = {**inputs, "levels": inputs["levels"] + np.where(inputs["frames"][..., None] == 1, color, 80)}
    for is_normalized in (False, True):
        encoder = SpeechEncoder(bands=3, filters=6, units=5, mean_normalization=is_normalized)
        mask = np.asarray(encoder.compute_mask(inputs))[..., None]
        assert np.allclose(encoder(inputs) * mask, encoder(colored) * mask, atol=1e-5) == is_normalized


@pytest.mark.parametrize("masks", [1, 3])
def test_each_band_is_masked_in_some_recordings_in_training_alone(masks):
    """A recording is silent but for one band, and masked exactly if it has the memory of the first one, of silence."""
    keras.utils.set_random_seed(0)
    encoder = SpeechEncoder(bands=20, filters=6, units=5, dropout=0.0, frequency_masks=masks)
    shares = []
    for band in range(20):
        levels = np.full((300, 8, 20), 40.0)
        levels[1:, :, band] = 80
        inputs = {"levels": levels, "frames": np.ones((300, 8), "int32")}
        silent, *others = np.asarray(encoder(inputs, training=True))
        shares.append(np.mean([np.allclose(memory, silent, atol=1e-6) for memory in others]))
        silent, *others = np.asarray(encoder(inputs))
        assert not any(np.allclose(memory, silent, atol=1e-6) for memory in others)
    assert min(shares) > 0 and max(shares) < 0.2 * masks
    assert np.mean(shares) == pytest.approx(1 - 0.9**masks, abs=0.03)  # a mask has a tenth of the bands on average
