"""Requests of tests for models, layers and figures of a submission, beyond methods of their own."""

import sys

import numpy as np

from dlseq.grading.worker.figures import describe_figure, render_figure
from dlseq.grading.worker.keras_files import save_keras_file

__all__ = ["METHODS", "OWN_METHODS", "RequestError", "is_figure"]

SHARED_METHODS = ("call", "get_weights", "set_weights", "count_params", "describe", "get_config", "save_file")
METHODS = {
    "model": (*SHARED_METHODS, "predict", "fit", "train_on_batch", "compile", "layer"),
    "layer": (*SHARED_METHODS, "build", "compute_mask", "compute_output_shape", "project", "assign", "train"),
    "figure": ("describe", "render"),
}


class RequestError(Exception):
    """An error of the request, not of the submission's code: kind, message, place."""


def _call_object(target, *arguments, **keywords):
    return target(*arguments, **keywords)


def is_figure(value) -> bool:
    """Return True for a figure of Matplotlib."""
    matplotlib = sys.modules.get("matplotlib.figure")
    return matplotlib is not None and isinstance(value, matplotlib.Figure)


def _project(layer, value):
    """Call `project` with a tensor, as Keras does: functions of an older Keras take nothing else."""
    import keras

    return layer.project(keras.ops.convert_to_tensor(value))


def _describe(target):
    if is_figure(target):
        return describe_figure(target)
    structure = {"inputs": [], "outputs": [], "layers": []}
    if hasattr(target, "layers"):
        structure["layers"] = [(type(layer).__name__, layer.name) for layer in target.layers]
        structure["inputs"] = [tuple(tensor.shape) for tensor in target.inputs or ()]
        structure["outputs"] = [tuple(tensor.shape) for tensor in target.outputs or ()]
    trainable = sum(int(np.prod(weight.shape)) for weight in target.trainable_weights)
    return {
        **structure,
        "weights": [tuple(weight.shape) for weight in target.weights],
        "names": [weight.name for weight in target.weights],
        "trainable": trainable,
        "parameters": target.count_params(),
    }


def _get_layer(target, name):
    return target.get_layer(name)


def _assign_weights(target, values):
    weights = {weight.name: weight for weight in target.weights}
    if absent := [name for name in values if name not in weights]:
        raise RequestError("Missing", f"there is no weight of the name {absent[0]}", "")
    for name, value in values.items():
        weights[name].assign(value)


def _train_step(layer, inputs, targets, learning_rate):
    """Train a built layer by one SGD step on the mean squared error, and return the error before the step."""
    import keras

    class LayerModel(keras.Model):
        def __init__(self):
            super().__init__()
            self.layer = layer

        def call(self, inputs):
            return self.layer(inputs)

    model = LayerModel()
    model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mse", run_eagerly=True)
    return float(model.train_on_batch(inputs, targets))


OWN_METHODS = {
    "assign": _assign_weights,
    "call": _call_object,
    "describe": _describe,
    "layer": _get_layer,
    "project": _project,
    "render": render_figure,
    "save_file": save_keras_file,
    "train": _train_step,
}
