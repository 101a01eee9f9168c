"""Classifier of clips: a convolutional network for each frame, a recurrent one over them."""

import keras
import numpy as np
from keras import ops

from dlseq.layers import LSTM, ConvolutionalFeatures
from dlseq.networks.network import Network

__all__ = ["ClipClassifier"]

MIDDLE_LEVEL = 127.5
CHANNELS = 5


@keras.saving.register_keras_serializable(package="dlseq")
class ClipClassifier(Network):
    """A network from clips to classes, many-to-one: what moves is read frame by frame.

    1. Each frame is joined with the changes of its lightness since the frame before and since the first,
       `(B, T, H, W, 5)`.
    2. `ConvolutionalFeatures` of each; the mean place of each of `keypoints` softmaxes over the grid and the mean
       features (Finn et al., 2016, arXiv:1509.06113), and one dense layer: `(B, T, frame_units)`.
    3. `LSTM`, and logits of its state after each frame, `(B, T, K)`; those after the last frame are the answer.

    Args:
        classes: List of the names of the classes.
        frame_shape: Height and width of a frame. Defaults to `(32, 32)`.
        filters: Features after each convolution; all but the last have stride 2. Defaults to `(16, 24, 32)`.
        keypoints: Number of mean places of a frame. Defaults to `24`.
        frame_units: Width of the vector of a frame. Defaults to `48`.
        units: Units of the LSTM. Defaults to `64`.
        jitter: See `ConvolutionalFeatures`. Defaults to `0.1`.
        dropout: Fraction of the frame vectors dropped in training. Defaults to `0.1`.
        metadata: Plain data about the model. Defaults to `None`, which is `{}`.

    Call arguments:
        inputs: Pixels from 0 to 255, `(B, T, H, W, 3)`, at least one frame.
        each_frame: Boolean, returns the logits after each frame, `(B, T, K)`. Defaults to `False`.

    Returns:
        Logits `(B, K)`.

    Raises:
        ValueError: fewer than two classes.

    Example:
        >>> network = ClipClassifier(["left", "right"], (8, 8), filters=(4, 4))
        >>> tuple(network(ops.zeros((2, 5, 8, 8, 3))).shape)
        (2, 2)
    """

    def __init__(
        self,
        classes,
        frame_shape=(32, 32),
        filters=(16, 24, 32),
        keypoints=24,
        frame_units=48,
        units=64,
        jitter=0.1,
        dropout=0.1,
        metadata=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if len(classes) < 2:
            raise ValueError(f"ClipClassifier expected at least two `classes`. Received: classes={classes}")
        self.classes, self.frame_shape = list(classes), tuple(frame_shape)
        self.metadata = dict(metadata or {})
        self.sizes = {
            "filters": list(filters),
            "keypoints": keypoints,
            "frame_units": frame_units,
            "units": units,
            "jitter": jitter,
            "dropout": dropout,
        }
        options = {"dtype": self.dtype_policy}
        self.features = ConvolutionalFeatures(
            filters, [2] * (len(filters) - 1) + [1], jitter, name="features", **options
        )
        self.keypoints = keras.layers.Dense(keypoints, name="keypoints", **options)
        self.projection = keras.layers.Dense(frame_units, activation="relu", name="projection", **options)
        self.dropping = keras.layers.Dropout(dropout, name="dropping", **options)
        self.recurrent = LSTM(units, return_sequences=True, name="recurrent", **options)
        wide = "float64" if self.compute_dtype == "float64" else "float32"
        self.logits = keras.layers.Dense(len(self.classes), dtype=wide, name="logits")
        grid = self.features.compute_output_shape((None, *self.frame_shape, CHANNELS))
        self.features.build((None, *self.frame_shape, CHANNELS))
        self.keypoints.build(grid)
        self.projection.build((None, 2 * keypoints + grid[-1]))
        self.recurrent.build((None, None, frame_units))
        self.logits.build((None, units))
        self.built = True

    def call(self, inputs, training=False, each_frame=False):
        frames = ops.cast(inputs, self.compute_dtype)  # (B, T, H, W, 3)
        gray = ops.mean(frames, axis=-1, keepdims=True)
        before = ops.concatenate([gray[:, :1], gray[:, :-1]], axis=1)
        changes = [gray - other + MIDDLE_LEVEL for other in (before, gray[:, :1])]
        frames = ops.reshape(ops.concatenate([frames, *changes], axis=-1), (-1, *self.frame_shape, CHANNELS))
        grid = self.features(frames, training=training)
        vectors = self.projection(ops.concatenate([*self._keypoints(grid), ops.mean(grid, axis=(1, 2))], axis=-1))
        steps = ops.shape(inputs)[1]
        vectors = ops.reshape(self.dropping(vectors, training=training), (-1, steps, vectors.shape[-1]))
        logits = self.logits(self.recurrent(vectors))  # (B, T, K)
        return logits if each_frame else logits[:, -1]

    def _keypoints(self, grid):
        """Return the mean place of each keypoint, horizontal and vertical, from -1 to 1, `(N, keypoints)` each."""
        _, rows, columns, _ = grid.shape
        weights = self.keypoints(grid)  # (N, H', W', P)
        weights = ops.softmax(ops.reshape(weights, (-1, rows * columns, weights.shape[-1])), axis=1)
        for places in (np.tile(np.linspace(-1, 1, columns), rows), np.repeat(np.linspace(-1, 1, rows), columns)):
            yield ops.sum(weights * ops.cast(places[:, None], weights.dtype), axis=1)

    def input_signature(self, batch_size=None, length=None):
        """Return the specification of the input, for `export`; a size of `None` stays open."""
        return [keras.InputSpec(shape=(batch_size, length, *self.frame_shape, 3), dtype="float32", name="frames")]

    def get_config(self):
        return {
            **super().get_config(),
            "classes": list(self.classes),
            "frame_shape": list(self.frame_shape),
            "metadata": dict(self.metadata),
            **self.sizes,
        }
