"""Tests of the networks of keras.applications as features: weights of a file, none from the network."""

import keras
import numpy as np
import pytest

from dlseq.layers import ApplicationFeatures, ImageEncoder

pytestmark = pytest.mark.slow
IMAGES = np.random.default_rng(5).integers(0, 256, (2, 64, 64, 3), np.uint8)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A network of keras.applications with random weights, and the file of these."""
    network = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(64, 64, 3))
    path = tmp_path_factory.mktemp("weights") / "mobile.weights.h5"
    network.save_weights(path)
    return network, path


def test_features_are_those_of_the_network_with_the_weights_of_the_file(original):
    network, path = original
    layer = ApplicationFeatures("MobileNetV2", weights=path)
    expected = network(keras.applications.mobilenet_v2.preprocess_input(IMAGES.astype("float32")))
    assert tuple(expected.shape) == layer.compute_output_shape(IMAGES.shape)
    np.testing.assert_allclose(layer(IMAGES), expected, atol=1e-5)


def test_a_saved_encoder_needs_the_weights_file_no_more(original, tmp_path):
    _, path = original
    copy = tmp_path / "copy.weights.h5"
    copy.write_bytes(path.read_bytes())
    inputs = keras.Input((64, 64, 3))
    model = keras.Model(inputs, ImageEncoder(ApplicationFeatures("MobileNetV2", weights=copy), units=4)(inputs))
    model.save(tmp_path / "encoder.keras")
    copy.unlink()
    loaded = keras.models.load_model(tmp_path / "encoder.keras")
    np.testing.assert_allclose(loaded(IMAGES), model(IMAGES), atol=1e-5)


def test_weights_that_are_not_trainable_stay(original):
    layer = ApplicationFeatures("MobileNetV2", weights=original[1], trainable=False)
    layer.build((None, 64, 64, 3))
    assert layer.trainable_weights == [] and len(layer.weights) > 100


def test_other_names_and_files_raise_value_error(tmp_path):
    with pytest.raises(ValueError, match=r"one of .*MobileNetV2.* Received: network='mobilenet_v2'"):
        ApplicationFeatures("mobilenet_v2")
    with pytest.raises(ValueError, match="expected `weights` to be a file"):
        ApplicationFeatures("MobileNetV2", weights=tmp_path / "missing.h5")
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]).save_weights(tmp_path / "other.weights.h5")
    with pytest.raises(ValueError, match="without its classifier"):
        ApplicationFeatures("MobileNetV2", weights=tmp_path / "other.weights.h5").build((None, 64, 64, 3))
