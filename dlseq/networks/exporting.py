"""Export of networks of ids as SavedModel, ONNX and LiteRT."""

import keras

from dlseq.errors import DlseqError
from dlseq.extras import require
from dlseq.files import atomic_write
from dlseq.networks.network import Network

__all__ = ["ExportableModel"]


class ExportableModel(Network):
    """A network that knows the signature of its inputs, and can be exported before and after its first call."""

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
