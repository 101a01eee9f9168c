"""Base class of the tasks that read images: image files, and a first stage of training on single drawings."""

import abc
import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from dlseq.data.images import read_image
from dlseq.data.scenes import draw_sprites, sprite_names
from dlseq.errors import DataError
from dlseq.networks.image_classifier import ImageClassifier
from dlseq.tasks.base import Task
from dlseq.training.config import TrainingConfig, TrainingRun
from dlseq.training.fit import fit
from dlseq.training.progress_bar import stage_bars

__all__ = ["ImageTask", "learn_sprites"]

EPOCHS, BATCH_SIZE, LEARNING_RATE = 3, 64, 0.003
MAX_VALIDATION = 1_000  # drawings
TIME_SHARE = 0.4  # of a time limit


class ImageTask(Task):
    """A task whose network reads square images of one size.

    If the metadata of the network have a number of `sprites`, its features learn to name so many single drawings before
    all of it is trained: that takes seconds, and shows the rest of the network what is where.
    """

    @property
    @abc.abstractmethod
    def image_features(self) -> keras.layers.Layer:
        """Layer from images to a grid of features, which the first stage trains."""

    @property
    @abc.abstractmethod
    def image_size(self) -> int:
        """Width and height of the images that the network reads, in pixels."""

    def fit(
        self,
        train: Sequence,
        validation: Sequence,
        config: TrainingConfig | None = None,
        *,
        checkpoint: str | os.PathLike | None = None,
        resume: bool = False,
        callbacks: Sequence[keras.callbacks.Callback] = (),
    ) -> TrainingRun:
        """Train the network after its first stage, if it was built with one; see `first_stage` and `Task.fit`.

        A resumed run does not repeat the first stage, if its checkpoint is there. Both stages share a time limit.
        """
        config, first = config or TrainingConfig(), None
        if len(train) and len(validation) and not (resume and checkpoint and Path(checkpoint).exists()):
            first = self.first_stage(
                train, validation, config, checkpoint=checkpoint, resume=resume, callbacks=callbacks
            )
        if first is not None and first.stopped == "interrupted":
            return first
        past = 0.0 if first is None else first.seconds
        if config.seconds is not None:
            config = dataclasses.replace(config, seconds=max(0.0, config.seconds - past))
        run = super().fit(train, validation, config, checkpoint=checkpoint, resume=resume, callbacks=callbacks)
        return dataclasses.replace(run, seconds=past + run.seconds)

    def first_stage(self, train, validation, config, *, checkpoint=None, resume=False, callbacks=()):
        """Train the features on single drawings, if the network was built with `sprites`; arguments as of `fit`.

        Returns:
            The `TrainingRun` of this stage, or `None` without one.
        """
        count = self.network.metadata.get("sprites", 0)
        if not count:
            return None
        self.encode(train[:1])  # refused before the first stage
        return learn_sprites(self.image_features, count, config, callbacks)

    def read(self, path: str | os.PathLike) -> np.ndarray:
        """Read an image file in the size of the network, see `dlseq.data.images.read_image`."""
        return read_image(path, self.image_size)

    def pixels(self, images: Sequence[np.ndarray]) -> np.ndarray:
        """Return images as one array, uint8 `(N, size, size, 3)`.

        Raises:
            DataError: An image has another shape.
        """
        shape = (self.image_size, self.image_size, 3)
        for position, image in enumerate(images):
            if np.shape(image) != shape:
                raise DataError(
                    f"Invalid image at position {position}. Expected pixels of shape {shape}. "
                    f"Received: {np.shape(image)}. Read image files with the model's read(path)."
                )
        return (
            np.stack([np.asarray(image, np.uint8) for image in images])
            if len(images)
            else np.empty((0, *shape), np.uint8)
        )


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
    return fit(
        classifier,
        train,
        validation,
        config.stage(TIME_SHARE, epochs=EPOCHS, batch_size=BATCH_SIZE, learning_rate=LEARNING_RATE),
        monitor="val_match",
        mode="max",
        compile_arguments={
            "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "metrics": [keras.metrics.SparseCategoricalAccuracy(name="match")],
        },
        callbacks=stage_bars(callbacks, "single drawings", {"val_match": "right"}),
    )
