"""Base class of networks over tokens that have one or several features."""

import keras

from dlseq.networks.network import Network
from dlseq.networks.recurrent_encoder import RecurrentEncoder
from dlseq.text.vocabulary import Vocabulary

__all__ = ["TokenNetwork"]


class TokenNetwork(Network):
    """A network that begins with a `RecurrentEncoder`, and has the vocabularies of its features in its configuration.

    Args:
        features: Dict of `Vocabulary.to_config()` for each feature of a token.
        sizes: Dict of the arguments of `RecurrentEncoder`.
        metadata: Plain data about the model, or `None` for `{}`.
        **kwargs: The arguments of `keras.Model`.
    """

    def __init__(self, features, sizes, metadata=None, **kwargs):
        super().__init__(**kwargs)
        self.vocabularies = {feature: Vocabulary.from_config(config) for feature, config in features.items()}
        self.sizes = dict(sizes)
        self.metadata = dict(metadata or {})
        counts = {feature: len(vocabulary) for feature, vocabulary in self.vocabularies.items()}
        self.encoder = RecurrentEncoder(counts, name="encoder", dtype=self.dtype_policy, **sizes)

    def logits_layer(self, count, width):
        """Return a built dense layer from `width` features to the logits of `count` classes, at least in float32."""
        wide = "float64" if self.compute_dtype == "float64" else "float32"
        layer = keras.layers.Dense(count, dtype=wide, name="logits")
        layer.build((None, width))
        return layer

    def input_signature(self, batch_size=None, length=None):
        """Return the specifications of the inputs, for `export`; a size of `None` stays open."""
        shape = (batch_size, length)
        return [{name: keras.InputSpec(shape=shape, dtype="int32", name=name) for name in self.vocabularies}]

    def get_config(self):
        return {
            **super().get_config(),
            "features": {name: vocabulary.to_config() for name, vocabulary in self.vocabularies.items()},
            "metadata": dict(self.metadata),
            **self.sizes,
        }
