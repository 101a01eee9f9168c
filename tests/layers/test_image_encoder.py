"""Tests of the image encoder and its features: places, positions, the whole image, jitter, saved weights."""

import keras
import numpy as np
import pytest

from dlseq.layers import AttentionDecoder, ConvolutionalFeatures, ImageEncoder

IMAGES = np.random.default_rng(5).integers(0, 256, (2, 16, 24, 3), np.uint8)


def features(**options):
    return ConvolutionalFeatures(filters=(4, 6), strides=(4, 2), **options)


@pytest.fixture(scope="module")
def encoder():
    encoder = ImageEncoder(features(), units=5)
    encoder.build((None, 16, 24, 3))
    return encoder


def moved(layer, images, rows, columns):
    """The output for images that are moved, in a border of gray."""
    frame = np.full((len(images), 48, 48, 3), 127.5)  # zero after scaling, as beyond the border
    frame[:, 16 + rows : 32 + rows, 12 + columns : 36 + columns] = images
    return np.asarray(layer(frame))


def test_features_are_those_of_convolution_normalization_and_relu_in_numpy():
    layer = ConvolutionalFeatures(filters=(2,), strides=(2,))
    layer.build((None, 4, 4, 3))
    kernel = layer.convolutions[0].get_weights()[0]  # (3, 3, 3, 2)
    mean, variance, scale, offset = (
        np.array([0.3, -0.2]),
        np.array([0.5, 2.0]),
        np.array([1.5, -1.0]),
        np.array([0.1, 0.2]),
    )
    layer.normalizations[0].set_weights([scale, offset, mean, variance])
    image = IMAGES[:1, :4, :4] / 255 - 0.5
    padded = np.pad(image, [(0, 0), (0, 1), (0, 1), (0, 0)])  # "same" with stride 2 pads at the end
    expected = np.empty((1, 2, 2, 2))
    for row in range(2):
        for column in range(2):
            patch = padded[0, 2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
            expected[0, row, column] = np.einsum("hwc,hwcd->d", patch, kernel)
    expected = np.maximum((expected - mean) / np.sqrt(variance + layer.normalizations[0].epsilon) * scale + offset, 0)
    np.testing.assert_allclose(layer(IMAGES[:1, :4, :4]), expected, atol=1e-4)


def test_a_picture_that_moves_by_one_place_moves_its_features():
    layer = features()
    for rows, columns in ((8, 0), (0, 8), (-8, -8)):
        expected = np.roll(moved(layer, IMAGES, 0, 0), (rows // 8, columns // 8), axis=(1, 2))
        found = moved(layer, IMAGES, rows, columns)
        np.testing.assert_allclose(found[:, 1:-1, 1:-1], expected[:, 1:-1, 1:-1], atol=1e-5)


def test_the_memory_has_the_places_row_by_row_with_their_positions(encoder):
    memory = np.asarray(encoder(IMAGES))
    assert memory.shape == encoder.compute_output_shape(IMAGES.shape) == (2, 6, 5)
    assert encoder.grid_shape == (2, 3)
    grid = np.asarray(encoder.features(IMAGES))  # (2, 2, 3, 6)
    kernel, bias = encoder.projection.get_weights()
    positions = np.asarray(encoder.positions)
    for place in range(6):
        expected = grid[:, place // 3, place % 3] @ kernel + bias + positions[place]
        np.testing.assert_allclose(memory[:, place], expected, atol=1e-4)
    assert encoder.compute_mask(IMAGES) is None


def test_the_whole_image_is_one_vector_that_knows_positions():
    encoder = ImageEncoder(features(), units=5, whole_image=True, reduced_units=3)
    memory = np.asarray(encoder(IMAGES))
    assert memory.shape == encoder.compute_output_shape(IMAGES.shape) == (2, 1, 5)
    decoder = AttentionDecoder(7, 5)
    _, weights = decoder([np.array([[3, 4], [5, 6]]), memory], return_attention_scores=True)
    np.testing.assert_allclose(weights, np.ones((2, 2, 1)))


def test_the_vector_of_the_whole_image_knows_places():
    """A picture that moves by one place has the same features, and so the same mean of them."""
    encoder = ImageEncoder(features(), units=5, whole_image=True, reduced_units=3)
    here, there = moved(encoder, IMAGES, 0, 0), moved(encoder, IMAGES, 8, 8)
    means = [moved(encoder.features, IMAGES, *shift).mean(axis=(1, 2)) for shift in ((0, 0), (8, 8))]
    np.testing.assert_allclose(*means, atol=1e-5)
    assert np.abs(here - there).max() > 1e-2


def test_jitter_changes_channels_in_training_only_and_no_place():
    """Each channel of the jittered pixels is a line of its original ones, with one gain for all places."""
    layer = ConvolutionalFeatures(filters=(4,), strides=(4,), jitter=0.3, seed=1)
    plain = features()
    np.testing.assert_array_equal(layer(IMAGES), layer(IMAGES))
    assert (
        np.abs(np.asarray(layer(IMAGES, training=True)) - np.asarray(plain.convolutions[0](IMAGES / 255.0))).max() > 0
    )
    pixels = keras.ops.convert_to_tensor(IMAGES / 255.0 - 0.5, "float32")
    found = np.asarray(layer._jittered(pixels))
    gains = set()
    for row in range(2):
        for channel in range(3):
            gain, offset = np.polyfit(
                np.asarray(pixels)[row, ..., channel].ravel(), found[row, ..., channel].ravel(), 1
            )
            np.testing.assert_allclose(
                found[row, ..., channel], gain * np.asarray(pixels)[row, ..., channel] + offset, atol=1e-5
            )
            assert 0.7 <= gain <= 1.3 and abs(offset) <= 0.15
            gains.add(round(gain, 6))
    assert len(gains) == 6


@pytest.mark.parametrize("whole_image", [False, True])
def test_a_saved_encoder_gives_the_same_memory(tmp_path, whole_image):
    inputs = keras.Input((16, 24, 3))
    model = keras.Model(inputs, ImageEncoder(features(jitter=0.1), units=5, whole_image=whole_image)(inputs))
    model.save(tmp_path / "encoder.keras")
    loaded = keras.models.load_model(tmp_path / "encoder.keras")
    np.testing.assert_allclose(loaded(IMAGES), model(IMAGES), atol=1e-6)
    assert loaded.layers[1].grid_shape == (2, 3)


def test_one_step_of_fit_changes_all_trainable_weights(encoder):
    inputs = keras.Input((16, 24, 3))
    layer = ImageEncoder(features(), units=5)
    model = keras.Model(inputs, keras.layers.Dense(2)(keras.layers.GlobalMaxPooling1D()(layer(inputs))))
    model.compile("adam", "mse")
    before = [np.asarray(weight) for weight in layer.trainable_weights]
    model.fit(IMAGES, np.array([[1.0, 2.0], [-3.0, 4.0]]), verbose=0)
    changed = [not np.array_equal(old, weight) for old, weight in zip(before, layer.trainable_weights, strict=True)]
    assert all(changed)


def test_invalid_arguments_raise_value_error():
    with pytest.raises(ValueError, match="as many `strides` as `filters`"):
        ConvolutionalFeatures(filters=(4, 4), strides=(2,))
    with pytest.raises(ValueError, match="Expected an integer of at least 1"):
        ImageEncoder(features(), units=0)
    with pytest.raises(ValueError, match="images of one size"):
        ImageEncoder(features()).build((None, None, None, 3))
