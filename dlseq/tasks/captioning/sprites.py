"""First stage of training a captioner: its features learn to name single drawings."""

import dataclasses
from collections.abc import Sequence

import keras

from dlseq.data.scenes import draw_sprites, sprite_names
from dlseq.networks.image_classifier import ImageClassifier
from dlseq.training.config import TrainingConfig, TrainingRun
from dlseq.training.fit import fit
from dlseq.training.progress_bar import TrainingProgress

__all__ = ["learn_sprites"]

EPOCHS, BATCH_SIZE, LEARNING_RATE = 3, 64, 0.003
MAX_VALIDATION = 1_000  # drawings
TIME_SHARE = 0.4  # of a time limit


def learn_sprites(
    features: keras.layers.Layer,
    count: int,
    config: TrainingConfig,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> TrainingRun:
    """Train features of images as part of a classifier of drawings.

    Args:
        features: Layer of an `ImageEncoder`, left with the weights of the best epoch.
        count: Number of drawings to train on.
        config: Settings of the whole training, of which the seed and the time limit serve: at most two fifths of it.
        callbacks: Callbacks of the whole training; a progress bar among them has one of its own here.

    Returns:
        The run of this stage.
    """
    train = draw_sprites(count, seed=config.seed)
    validation = draw_sprites(max(1, min(MAX_VALIDATION, count // 10)), seed=config.seed + 1)
    classifier = ImageClassifier(features, classes=len(sprite_names()))
    classifier.build((None, *train[0].shape[1:]))
    shown = any(isinstance(callback, TrainingProgress) for callback in callbacks)
    return fit(
        classifier,
        train,
        validation,
        dataclasses.replace(
            TrainingConfig(epochs=EPOCHS, batch_size=BATCH_SIZE, learning_rate=LEARNING_RATE, seed=config.seed),
            seconds=None if config.seconds is None else TIME_SHARE * config.seconds,
        ),
        monitor="val_match",
        mode="max",
        compile_arguments={
            "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "metrics": [keras.metrics.SparseCategoricalAccuracy(name="match")],
        },
        callbacks=[TrainingProgress("single drawings", {"val_match": "right"})] if shown else [],
    )
