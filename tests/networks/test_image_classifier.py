"""The classifier of images: the log-sum-exp over places, learning, and saved weights."""

import keras
import numpy as np

from dlseq.layers import ConvolutionalFeatures
from dlseq.networks.image_classifier import ImageClassifier

IMAGES = np.random.default_rng(6).integers(0, 256, (12, 16, 16, 3), np.uint8)


def network():
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
