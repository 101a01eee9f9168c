"""One to one: a drawing and its name, by a network that the tour trains."""

import keras
import numpy as np

from dlseq.data.scenes import draw_sprites
from dlseq.layers import ConvolutionalFeatures
from dlseq.networks.image_classifier import ImageClassifier
from dlseq.plots.pages.html_page import data_address, escaped
from dlseq.tasks.tour.demonstration import Demonstration
from dlseq.training.config import TrainingConfig
from dlseq.training.fit import fit

__all__ = ["demonstrate"]

NAMES = ("cat", "dog", "rabbit", "horse", "elephant", "car", "bus", "train", "chair", "bed", "apple", "banana")
TRAINED, VALIDATED, TESTED, SHOWN = 6_000, 500, 1_000, 12
FILTERS, STRIDES = (24, 48, 96), (2, 2, 2)
CONFIG = TrainingConfig(epochs=6, batch_size=64, learning_rate=0.005)
POOLED = 4  # pixels of a side that the baseline averages


def demonstrate(model, seed: int) -> Demonstration:
    """Train a convolutional network on single drawings, and score it beside the nearest drawing of the training."""
    train, validation, (images, labels) = (
        draw_sprites(count, seed=3 * seed + part, names=NAMES)
        for part, count in enumerate((TRAINED, VALIDATED, TESTED))
    )
    network = ImageClassifier(ConvolutionalFeatures(FILTERS, STRIDES), classes=len(NAMES))
    network.build((None, *images.shape[1:]))
    fit(
        network,
        train,
        validation,
        CONFIG,
        monitor="val_match",
        mode="max",
        compile_arguments={
            "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "metrics": [keras.metrics.SparseCategoricalAccuracy(name="match")],
        },
    )
    answers = network.predict(images, verbose=0).argmax(axis=1)
    nearest = train[1][_nearest(images, train[0])]
    return Demonstration(
        "exact match",
        float((answers == labels).mean()),
        float((nearest == labels).mean()),
        "nearest drawing",
        TESTED,
        f"{SHOWN} drawings and the names that the network gives them",
        _contact_sheet(images[:SHOWN], answers[:SHOWN], labels[:SHOWN]),
    )


def _nearest(images, known):
    """Return for each image the position of the nearest known one, by squared distance of averaged pixels."""
    images, known = _averaged(images), _averaged(known)
    distances = (known**2).sum(axis=1) - 2 * images @ known.T  # the square of the image itself is the same for all
    return distances.argmin(axis=1)


def _averaged(images):
    count, height, width, channels = images.shape
    blocks = images.reshape(count, height // POOLED, POOLED, width // POOLED, POOLED, channels)
    return blocks.mean(axis=(2, 4), dtype=np.float32).reshape(count, -1)


def _contact_sheet(images, answers, labels):
    figures = []
    for image, answer, label in zip(images, answers, labels, strict=True):
        name = escaped(NAMES[answer])
        note = name if answer == label else f"{name} (is a {escaped(NAMES[label])})"
        figures.append(
            f'<figure><img src="{data_address(image)}" alt="a {escaped(NAMES[label])}">'
            f"<figcaption>{note}</figcaption></figure>"
        )
    return f'<div class="sheet">{"".join(figures)}</div>'
