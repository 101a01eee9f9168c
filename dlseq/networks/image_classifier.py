"""A classifier of images over the features of an image encoder."""

import keras
from keras import ops

from dlseq.networks.network import Network

__all__ = ["ImageClassifier"]


@keras.saving.register_keras_serializable(package="dlseq")
class ImageClassifier(Network):
    """Features of an image and one dense layer, which names the thing that is somewhere in it.

    The dense layer reads each place of the grid; the logits of the image are the log-sum-exp over the places. So one
    place is enough to know a thing, and the features of the place where it is say what it is (Pinheiro and Collobert,
    2015, arXiv:1411.6228). Trained on pictures of single things, the features then serve an `ImageEncoder`.

    Args:
        features: A Keras layer from images to a grid of features, such as `ConvolutionalFeatures`.
        classes: Positive integer, the number of classes.
        metadata: Plain data about the model. Defaults to `None`, which is `{}`.

    Call arguments:
        inputs: Images `(B, H, W, 3)`.

    Returns:
        Logits `(B, classes)`.

    Example:
        >>> from dlseq.layers import ConvolutionalFeatures
        >>> network = ImageClassifier(ConvolutionalFeatures(filters=(4,), strides=(4,)), classes=5)
        >>> tuple(network(ops.ones((2, 16, 16, 3))).shape)
        (2, 5)
    """

    def __init__(self, features, classes, metadata=None, **kwargs):
        super().__init__(**kwargs)
        self.features = features
        self.classes = classes
        self.metadata = dict(metadata or {})
        self.logits = keras.layers.Dense(classes, name="logits", dtype=self.dtype_policy)

    def build(self, input_shape):
        if not self.features.built:
            self.features.build(input_shape)
        self.logits.build(self.features.compute_output_shape(input_shape))
        self.built = True

    def call(self, inputs, training=False):
        places = self.logits(self.features(inputs, training=training))  # (B, H', W', classes)
        return ops.logsumexp(places, axis=(1, 2))

    def input_signature(self, batch_size=None, height=64, width=64):
        """Return the specification of the images, for `export`."""
        return [keras.InputSpec(shape=(batch_size, height, width, 3), dtype="uint8", name="images")]

    def get_config(self):
        return {
            **super().get_config(),
            "features": keras.saving.serialize_keras_object(self.features),
            "classes": self.classes,
            "metadata": dict(self.metadata),
        }

    @classmethod
    def from_arguments(cls, arguments):
        return cls(**{**arguments, "features": keras.saving.deserialize_keras_object(arguments["features"])})
