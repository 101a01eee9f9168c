"""First stage of the training of a captioner: what is at each place of a scene."""

import os
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from dlseq.data.scenes import Scene
from dlseq.networks.image_classifier import PlaceClassifier
from dlseq.tasks.captioning.places import PLACE_CLASSES, place_labels
from dlseq.training.config import TrainingConfig, TrainingRun
from dlseq.training.fit import fit
from dlseq.training.progress_bar import stage_bars

__all__ = ["learn_places", "places_path"]

BATCH_SIZE, LEARNING_RATE = 32, 0.003
TIME_SHARE = 0.6  # of a time limit


def places_path(checkpoint: str | os.PathLike) -> Path:
    """Return the path of the first stage's checkpoint beside that of the run.

    Example:
        >>> places_path("scenes.checkpoint.keras").name
        'scenes.checkpoint.places.keras'
    """
    return Path(checkpoint).with_suffix(".places.keras")


def learn_places(
    places: keras.layers.Layer,
    grid_shape: tuple[int, int],
    train: Sequence[Scene],
    validation: Sequence[Scene],
    config: TrainingConfig,
    *,
    epochs: int,
    checkpoint: str | os.PathLike | None = None,
    resume: bool = False,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> TrainingRun:
    """Train an image encoder as part of a classifier of places, with the properties of `PLACE_CLASSES`.

    Args:
        places: Layer from images to a memory or to a grid of features, left with the weights of the best epoch.
        grid_shape: Rows and columns of its places.
        train: Scenes to train on.
        validation: Scenes that decide which epoch is best.
        config: Settings of the whole training, of which the seed and the time limit serve: at most three fifths of it.
        epochs: Maximal number of passes over the scenes in this stage.
        checkpoint: `.keras` file of this stage, see `dlseq.training.fit.fit`. Defaults to `None`.
        resume: Whether to continue from it if it exists. Defaults to `False`.
        callbacks: Callbacks of the whole training; a progress bar among them has one of its own here.

    Returns:
        The run of this stage.
    """
    classifier = PlaceClassifier(places, PLACE_CLASSES)
    classifier.build((None, *train[0].image.shape))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return fit(
        classifier,
        *((np.stack([scene.image for scene in part]), place_labels(part, grid_shape)) for part in (train, validation)),
        config.stage(TIME_SHARE, epochs=epochs, batch_size=BATCH_SIZE, learning_rate=LEARNING_RATE),
        monitor="val_loss",
        mode="min",
        compile_arguments={"loss": dict.fromkeys(PLACE_CLASSES, loss)},
        checkpoint=checkpoint,
        resume=resume,
        callbacks=stage_bars(callbacks, "places of scenes", {"val_loss": "loss"}),
    )
