"""Stages of the training of a captioner before the last: what is at each place, then captions with the encoder."""

import os
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from dlseq.data.scenes import Scene
from dlseq.errors import DataError
from dlseq.networks.image_classifier import PlaceClassifier
from dlseq.tasks.base import Task
from dlseq.tasks.captioning.places import PLACE_CLASSES, place_labels
from dlseq.training.config import TrainingConfig, TrainingRun
from dlseq.training.fit import fit
from dlseq.training.progress_bar import stage_bars

__all__ = ["check_stages", "joint_path", "learn_places", "learn_together", "places_path"]

BATCH_SIZE, LEARNING_RATE = 32, 0.003
TIME_SHARE = 0.6  # of a time limit
JOINT_BATCH_SIZE, JOINT_LEARNING_RATE, JOINT_TIME_SHARE = 32, 0.002, 0.2


def check_stages(place_epochs, joint_epochs, fixed_encoder, encoder_from, whole_image) -> None:
    """Check that each part of a captioner is trained in a stage; for the arguments see `Captioner`.

    Raises:
        DataError: The encoder is fixed before all of it was trained, or `joint_epochs` come before no other stage.
    """
    if joint_epochs and not (place_epochs and fixed_encoder):
        raise DataError(
            "Expected `place_epochs` and `fixed_encoder` with `joint_epochs`, the stage between them. "
            f"Received: place_epochs={place_epochs}, joint_epochs={joint_epochs}, fixed_encoder={fixed_encoder}."
        )
    if fixed_encoder and encoder_from is None and not (joint_epochs or (place_epochs and not whole_image)):
        raise DataError(
            "Expected an encoder that is trained before it is fixed: by `place_epochs`, for a whole image by "
            "`joint_epochs` too, or that of `encoder_from`. "
            f"Received: place_epochs={place_epochs}, joint_epochs={joint_epochs}, whole_image={whole_image}."
        )


def places_path(checkpoint: str | os.PathLike) -> Path:
    """Return the path of the first stage's checkpoint beside that of the run.

    Example:
        >>> places_path("scenes.checkpoint.keras").name
        'scenes.checkpoint.places.keras'
    """
    return Path(checkpoint).with_suffix(".places.keras")


def joint_path(checkpoint: str | os.PathLike) -> Path:
    """Return the path of the checkpoint of captions with all of the network, beside that of the run.

    Example:
        >>> joint_path("scenes.checkpoint.keras").name
        'scenes.checkpoint.joint.keras'
    """
    return Path(checkpoint).with_suffix(".joint.keras")


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

    An encoder that is not trainable is trained here all the same.

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
    trainable_later, places.trainable = places.trainable, True
    classifier = PlaceClassifier(places, PLACE_CLASSES)
    classifier.build((None, *train[0].image.shape))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    run = fit(
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
    places.trainable = trainable_later
    return run


def learn_together(
    captioner: Task,
    train: Sequence[Scene],
    validation: Sequence[Scene],
    config: TrainingConfig,
    *,
    epochs: int,
    checkpoint: str | os.PathLike | None = None,
    resume: bool = False,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> TrainingRun:
    """Train encoder and decoder with captions, and leave the encoder fixed; see `learn_places` for the arguments.

    Args:
        captioner: Captioner with a fixed encoder, whose `checkpoint` has a file of its own for this stage.
        config: As there; this stage has at most a fifth of a time limit.
    """
    encoder, metadata = captioner.network.encoder, captioner.network.metadata
    encoder.trainable, metadata["fixed_encoder"] = True, False
    run = fit(
        captioner.network,
        captioner.encode(train),
        captioner.encode(validation),
        config.stage(JOINT_TIME_SHARE, epochs=epochs, batch_size=JOINT_BATCH_SIZE, learning_rate=JOINT_LEARNING_RATE),
        monitor=captioner.monitor,
        mode=captioner.mode,
        compile_arguments=captioner.compile_arguments(),
        checkpoint=None if checkpoint is None else joint_path(checkpoint),
        resume=resume,
        callbacks=stage_bars(callbacks, "captions with the encoder", {captioner.monitor: captioner.monitor_label}),
    )
    encoder.trainable, metadata["fixed_encoder"] = False, True
    return run
