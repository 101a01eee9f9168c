"""Classifiers of images and of their places, over the features of an image encoder."""

import keras
from keras import ops

from dlseq.networks.network import Network

__all__ = ["ImageClassifier", "PlaceClassifier"]


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


@keras.saving.register_keras_serializable(package="dlseq")
class PlaceClassifier(Network):
    """Dense layers over the places of an image, which say what is at each of them.

    Trained on images of which the places of things are known, the layer below learns in minutes what the words of
    captions teach in hours: one caption names a few things, a grid has a label at each place.

    Args:
        places: A Keras layer from images to a memory `(B, P, D)` or a grid of features `(B, H', W', D)`, such as an
            `ImageEncoder`.
        classes: Dict of the number of classes of each property, such as `{"name": 80, "size": 4}`.
        metadata: Plain data about the model. Defaults to `None`, which is `{}`.

    Call arguments:
        inputs: Images `(B, H, W, 3)`.

    Returns:
        Dict of the logits of each property, `(B, P, classes)`.

    Example:
        >>> from dlseq.layers import ConvolutionalFeatures
        >>> network = PlaceClassifier(ConvolutionalFeatures(filters=(4,), strides=(4,)), {"name": 5})
        >>> tuple(network(ops.ones((2, 16, 16, 3)))["name"].shape)
        (2, 16, 5)
    """

    def __init__(self, places, classes, metadata=None, **kwargs):
        super().__init__(**kwargs)
        self.places = places
        self.classes = dict(classes)
        self.metadata = dict(metadata or {})
        self.heads = {
            name: keras.layers.Dense(count, name=f"{name}_logits", dtype=self.dtype_policy)
            for name, count in self.classes.items()
        }
        shape = (places.get_build_config() or {}).get("input_shape") if places.built else None
        if shape is not None:
            self.build(tuple(shape))

    def build(self, input_shape):
        if not self.places.built:
            self.places.build(input_shape)
        width = self.places.compute_output_shape(input_shape)[-1]
        for head in self.heads.values():
            if not head.built:
                head.build((None, None, width))
        self.built = True

    def call(self, inputs, training=False):
        memory = self.places(inputs, training=training)
        if len(memory.shape) == 4:
            _, rows, columns, width = memory.shape
            memory = ops.reshape(memory, (-1, rows * columns, width))
        return {name: head(memory) for name, head in self.heads.items()}

    def input_signature(self, batch_size=None, height=64, width=64):
        """Return the specification of the images, for `export`."""
        return [keras.InputSpec(shape=(batch_size, height, width, 3), dtype="uint8", name="images")]

    def get_config(self):
        return {
            **super().get_config(),
            "places": keras.saving.serialize_keras_object(self.places),
            "classes": self.classes,
            "metadata": dict(self.metadata),
        }

    @classmethod
    def from_arguments(cls, arguments):
        return cls(**{**arguments, "places": keras.saving.deserialize_keras_object(arguments["places"])})
