"""Base class of the networks: quantization that a saved network keeps."""

import warnings

import keras

from dlseq.errors import ModelFileError

__all__ = ["Network"]

RESTORABLE_MODES = ("int8", "int4", "float8")
OTHER = "other"


class Network(keras.Model):
    """A Keras model whose configuration has its quantization, so that a quantized network can be saved and loaded.

    A subclass calls `get_config` of this class and makes itself in `from_arguments`.
    """

    quantization = None
    """Serialized settings of `quantize`, `"other"` for settings that cannot be saved, or `None`."""

    def quantize(self, mode=None, config=None, filters=None, **kwargs):
        """Quantize the weights in place, see `keras.Model.quantize`.

        Embeddings and dense layers are quantized, recurrent layers are not. A network that is quantized once, in one of
        the modes `"int8"`, `"int4"` and `"float8"` and without `filters`, can be saved and loaded.
        """
        super().quantize(mode, config=config, filters=filters, **kwargs)
        is_restorable = mode in RESTORABLE_MODES and filters is None and self.quantization is None
        self.quantization = keras.saving.serialize_keras_object(config) if is_restorable else OTHER

    def get_config(self):
        if self.quantization == OTHER:
            raise ModelFileError(
                "Cannot save this quantized network. Expected one call of quantize, with one of the modes "
                f"{', '.join(RESTORABLE_MODES)}, without filters. Received: another. Save it before it is quantized."
            )
        quantization = {} if self.quantization is None else {"quantization": self.quantization}
        return {**super().get_config(), **quantization}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        quantization = config.pop("quantization", None)
        network = cls.from_arguments(config)
        if quantization is not None:
            with warnings.catch_warnings():  # about layers that are not quantized
                warnings.simplefilter("ignore")
                network.quantize(config=keras.saving.deserialize_keras_object(quantization), filters=_is_unquantized)
            network.quantization = quantization
        return network

    @classmethod
    def from_arguments(cls, arguments):
        """Return a network of serialized arguments."""
        return cls(**arguments)


def _is_unquantized(layer):
    """Return whether a layer is not quantized: one that Keras serializes by itself is, from its own configuration."""
    return getattr(layer, "quantization_mode", None) is None
