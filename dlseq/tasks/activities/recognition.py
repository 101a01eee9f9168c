"""Task of recognizing activities in clips: what a thing does, which no single frame shows."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.clips import Clip, stabilize
from dlseq.errors import DataError
from dlseq.networks.clip_classifier import ClipClassifier
from dlseq.tasks.activities.presets import ClipData
from dlseq.tasks.activities.reading import ActivityReading
from dlseq.tasks.base import Task
from dlseq.tasks.preset import Splits

__all__ = ["ActivityRecognizer"]

MAX_BATCH_ROWS = 200


class ActivityRecognizer(Task):
    """Recognizer of activities: a convolutional network over frames and their differences, and an LSTM over time.

    `recognize` undoes small motions of the camera (`dlseq.data.clips.stabilize`); the network is trained with them.

    `ActivityRecognizer.build` takes the sizes of `ClipClassifier`.

    Args:
        network: A `ClipClassifier`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.data.clips import draw_clips
        >>> clips = draw_clips(20, seed=0)
        >>> recognizer = ActivityRecognizer.build(clips, filters=(4, 4), units=8)  # recognizer.fit(…) trains it
        >>> recognizer.recognize([clips[0].frames])[0].probabilities.shape
        (12, 10)
    """

    network_class = ClipClassifier
    monitor, mode, monitor_label = "val_exact_match", "max", "exact match"

    @classmethod
    def load_data(cls, data: ClipData, *, seed: int) -> Splits:
        return data.load(seed)

    @classmethod
    def build_network(cls, examples: Sequence[Clip], **sizes) -> ClipClassifier:
        classes = sorted({clip.activity for clip in examples})
        if len(classes) < 2:
            raise DataError(f"Expected clips of at least 2 activities. Received: {', '.join(classes)} alone.")
        return ClipClassifier(classes, examples[0].frames.shape[1:3], **sizes)

    def encode(self, examples: Sequence[Clip]) -> tuple:
        """Return pixels `(N, T, H, W, 3)` uint8, and the positions of the activities `(N,)`."""
        positions = {name: position for position, name in enumerate(self.network.classes)}
        unknown = next((clip.activity for clip in examples if clip.activity not in positions), None)
        if unknown is not None and not unknown.strip():
            raise DataError("Expected the activity of each clip. Received: an empty text.")
        if unknown is not None:
            raise DataError(f"Unknown activity. Expected one of: {', '.join(positions)}. Received: {unknown}.")
        activities = np.array([positions[clip.activity] for clip in examples], np.int32)
        return self._pixels([clip.frames for clip in examples]), activities

    def compile_arguments(self) -> dict:
        return {
            "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            "metrics": [keras.metrics.SparseCategoricalAccuracy(name="exact_match")],
        }

    def score(self, examples: Sequence[Clip]) -> dict[str, float]:
        """Return `exact_match`, the share of clips whose activity is right."""
        readings = self.recognize([clip.frames for clip in examples])
        found = np.array([reading.activity for reading in readings])
        return {"exact_match": metrics.exact_match(found, np.array([clip.activity for clip in examples]))}

    def recognize(self, clips: Sequence[np.ndarray]) -> list[ActivityReading]:
        """Recognize the activities of clips.

        Args:
            clips: pixels of each, uint8 `(T, H, W, 3)`, all of one length and of the model's height and width.

        Returns:
            An `ActivityReading` for each clip.

        Raises:
            DataError: A clip has another shape.
        """
        if not len(clips):
            return []
        pixels, readings = stabilize(self._pixels(clips)), []
        for first in range(0, len(pixels), MAX_BATCH_ROWS):
            logits = self.network(pixels[first : first + MAX_BATCH_ROWS], each_frame=True)
            for frames, probabilities in zip(pixels[first:], ops.convert_to_numpy(ops.softmax(logits)), strict=False):
                best = int(probabilities[-1].argmax())
                readings.append(
                    ActivityReading(
                        self.network.classes[best],
                        float(probabilities[-1, best]),
                        tuple(self.network.classes),
                        probabilities,
                        frames,
                    )
                )
        return readings

    def _pixels(self, clips):
        """Return the pixels of clips of one shape, `(N, T, H, W, 3)`."""
        expected = (clips[0].shape[0], *self.network.frame_shape, 3)
        for clip in clips:
            if clip.shape != expected or not len(clip):
                raise DataError(f"Expected clips of the shape {expected}. Received: {clip.shape}.")
        return np.stack(clips)
