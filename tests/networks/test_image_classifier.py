"""Classifiers of images and of places: the log-sum-exp over places, learning, and saved weights."""

import keras
import numpy as np

from dlseq.layers import ConvolutionalFeatures, ImageEncoder
from dlseq.networks.image_classifier import ImageClassifier, PlaceClassifier

IMAGES = np.random.default_rng(6).integers(0, 256, (12, 16, 16, 3), np.uint8)


def network():
    keras.utils.set_random_seed(0)
    network = ImageClassifier(ConvolutionalFeatures(filters=(6,), strides=(8,)), classes=3, metadata={"seed": 1})
    network.build((None, 16, 16, 3))
    return network


def test_logits_are_the_log_sum_exp_of_all_places():
    classifier = network()
    kernel, bias = classifier.logits.get_weights()
    places = np.asarray(classifier.features(IMAGES)).reshape(12, 4, 6) @ kernel + bias
    np.testing.assert_allclose(classifier(IMAGES), np.log(np.exp(places).sum(axis=1)), atol=1e-4)


def test_fit_lowers_the_loss_and_changes_the_features():
    classifier = network()
    images, labels = IMAGES.copy(), np.arange(12) % 3
    images[:, 4:8, 4:8] = np.eye(3)[labels][:, None, None] * 255
    before = classifier.features.get_weights()
    classifier.compile(keras.optimizers.Adam(0.02), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    losses = classifier.fit(images, labels, epochs=12, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]
    assert any(not np.array_equal(*pair) for pair in zip(before, classifier.features.get_weights(), strict=True))


def test_a_saved_classifier_is_the_same(tmp_path):
    classifier = network()
    classifier.save(tmp_path / "classifier.keras")
    loaded = keras.models.load_model(tmp_path / "classifier.keras")
    np.testing.assert_allclose(loaded(IMAGES), classifier(IMAGES), atol=1e-6)
    assert loaded.metadata == {"seed": 1}


# places


def place_classifier(places):
    classifier = PlaceClassifier(places, {"name": 3, "size": 2}, metadata={"seed": 1})
    classifier.build((None, 16, 16, 3))
    return classifier


def test_each_place_has_logits_of_each_property():
    """A grid of features and a memory have the same places, row by row."""
    features = ConvolutionalFeatures(filters=(6,), strides=(8,))
    for places in (features, ImageEncoder(features, units=5)):
        classifier = place_classifier(places)
        memory = np.asarray(places(IMAGES)).reshape(12, 4, -1)
        for name, logits in classifier(IMAGES).items():
            kernel, bias = classifier.heads[name].get_weights()
            np.testing.assert_allclose(logits, memory @ kernel + bias, atol=1e-4)


def test_a_saved_classifier_of_places_is_the_same(tmp_path):
    classifier = place_classifier(ImageEncoder(ConvolutionalFeatures(filters=(6,), strides=(8,)), units=5))
    classifier.save(tmp_path / "places.keras")
    loaded = keras.models.load_model(tmp_path / "places.keras")
    for name, logits in classifier(IMAGES).items():
        np.testing.assert_allclose(loaded(IMAGES)[name], logits, atol=1e-6)
    assert loaded.metadata == {"seed": 1} and loaded.classes == {"name": 3, "size": 2}
