"""Networks of `keras.applications` from an image to a grid of features."""

import inspect
import os
from pathlib import Path

import keras

__all__ = ["ApplicationFeatures"]


@keras.saving.register_keras_serializable(package="dlseq")
class ApplicationFeatures(keras.layers.Layer):
    """A network of `keras.applications` from pixels `(B, H, W, 3)` to the grid of its last features `(B, H', W', D)`.

    The network comes without its classifier, with the preprocessing of pixels that it was trained with. Its weights are
    random, or those of a file: nothing is downloaded. A saved model has its weights, and needs the file no more.

    Args:
        network: Name of a function of `keras.applications`, such as `"MobileNetV3Small"`.
        weights: Path of a weights file for the network without its classifier (`include_top=False`), or `None` for
            random weights. Defaults to `None`.
        trainable: Boolean. Defaults to `True`; `False` keeps the weights of the file.

    Call arguments:
        inputs: Pixels `(B, H, W, 3)` from 0 to 255. `H` and `W` are known, and at least 32 for most networks.
        training: Boolean, passed on to the network, unless it is not trainable.

    Returns:
        Features `(B, H', W', D)`.

    Raises:
        ValueError: there is no such network, no such file, or its weights do not fit.

    Example:
        >>> ApplicationFeatures("MobileNetV2").module.__name__
        'keras.applications.mobilenet_v2'
    """

    def __init__(self, network, weights=None, trainable=True, **kwargs):
        super().__init__(trainable=trainable, **kwargs)
        self.network = network
        self.module = _module_of(network)
        self.weights_path = weights
        if weights is not None and not Path(weights).is_file():
            raise ValueError(
                "ApplicationFeatures expected `weights` to be a file of weights or None. "
                f"Received: {os.fspath(weights)!r}"
            )
        self.model = None

    def build(self, input_shape):
        function = getattr(keras.applications, self.network)
        options = {"include_preprocessing": True} if "include_preprocessing" in _parameters(function) else {}
        shape = tuple(input_shape)[1:]
        self.model = function(include_top=False, weights=None, input_shape=shape, **options)
        if self.weights_path is not None:
            try:
                self.model.load_weights(self.weights_path)
            except (ValueError, OSError) as error:
                raise ValueError(
                    f"ApplicationFeatures expected weights of {self.network} without its classifier. Received: "
                    f"{os.fspath(self.weights_path)!r}, which does not fit ({str(error).strip().splitlines()[0]})"
                ) from error
        self.model.trainable = self.trainable

    def call(self, inputs, training=False):
        pixels = keras.ops.cast(inputs, self.compute_dtype)
        return self.model(self.module.preprocess_input(pixels), training=training and self.trainable)

    def compute_output_shape(self, input_shape):
        if self.model is None:
            self.build(input_shape)
        return (input_shape[0], *self.model.output_shape[1:])

    def get_config(self):
        return {**super().get_config(), "network": self.network}


def _module_of(network):
    """Return the module of `keras.applications` with a network and its `preprocess_input`."""
    modules = [module for _, module in inspect.getmembers(keras.applications, inspect.ismodule)]
    for module in modules:
        if isinstance(network, str) and hasattr(module, network) and hasattr(module, "preprocess_input"):
            return module
    names = sorted(name for name, value in inspect.getmembers(keras.applications, callable) if name[0].isupper())
    raise ValueError(
        f"ApplicationFeatures expected `network` to be one of {', '.join(names)}. Received: network={network!r}"
    )


def _parameters(function):
    return inspect.signature(function).parameters
