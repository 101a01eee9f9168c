"""Base class of the networks of ids: export, and quantization that a saved network keeps."""

import warnings

import keras

from dlseq.errors import DlseqError, ModelFileError
from dlseq.extras import require
from dlseq.files import atomic_write

__all__ = ["Network"]

RESTORABLE_MODES = ("int8", "int4", "float8")
OTHER = "other"


class Network(keras.Model):
    """A Keras model of ids that can be exported before and after its first call, and quantized and then saved.

    A subclass has an `input_signature`, calls `get_config` of this class, whose result has the quantization, and makes
    itself in `from_arguments`.
    """

    quantization = None
    """Serialized settings of `quantize`, `"other"` for settings that cannot be saved, or `None`."""

    def input_signature(self):
        """Return the specifications of the inputs, a list with one for each positional argument."""
        raise NotImplementedError

    def export(self, filepath, format="tf_saved_model", verbose=None, input_signature=None, **kwargs):
        """Export the forward pass of the network; see `keras.Model.export`.

        ONNX and LiteRT have no fused LSTM kernel; for both, the graph is traced with Keras's loop. A LiteRT file needs
        fixed sizes to run without TensorFlow's own operations (Flex).

        Args:
            filepath: The file or, for a SavedModel, the folder to write.
            format: `"tf_saved_model"`, `"onnx"`, `"litert"` (a name that ends in `.tflite`), or another format of
                Keras. Defaults to `"tf_saved_model"`.
            verbose: Boolean, prints a message. Defaults to `None`, the default of Keras.
            input_signature: The specifications of the inputs. Defaults to `None`, which is
                `network.input_signature()`: open sizes.
            **kwargs: The options of `keras.Model.export` for the format.

        Raises:
            DlseqError: the network is not built yet, or its graph has an operation that ONNX does not have. Then no
                file is written.
        """
        if not self.built:
            raise DlseqError(
                f"{type(self).__name__}.export needs the network's weights, and they are made at the first call. "
                "Call the network once before network.export(filepath)."
            )
        signature = self.input_signature() if input_signature is None else input_signature
        options = {"format": format, "verbose": verbose, "input_signature": signature, **kwargs}
        if format != "onnx":
            super().export(filepath, **options)
            return
        for package in ("onnx", "tf2onnx") if keras.config.backend() == "tensorflow" else ("onnx",):
            require(package, "export", "export the network as ONNX")
        with atomic_write(filepath) as partial:
            super().export(str(partial), **{**options, "verbose": False})
            _check_onnx(partial)
        if verbose is not False:
            print(f"Saved artifact at '{filepath}'.")

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


def _check_onnx(path) -> None:
    """Check that each operation of an ONNX file is one of ONNX: the converter writes all others as they are."""
    import onnx

    try:
        onnx.checker.check_model(str(path))
    except onnx.checker.ValidationError as error:
        reason = str(error).strip().splitlines()[0]
        raise DlseqError(
            f"Cannot export the network as ONNX: {reason}. Expected operations of ONNX only. Write the layer that uses "
            "it with other operations, or export a SavedModel."
        ) from error
