"""Keras files are written and loaded like Keras's own, and read as data without importing what they name."""

import io
import json
import zipfile

import numpy as np
import pytest

from dlseq.grading.worker.keras_files import MAX_FILE_BYTES, read_keras_file, save_keras_file
from dlseq.testing.submission import SubmissionError

LAYER = """
import keras

class Twice(keras.layers.Layer):
    factor = 2

    def __init__(self, names=None, **kwargs):
        super().__init__(**kwargs)
        self.names = names

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(shape[-1], 1), initializer="ones")

    def call(self, x):
        return self.factor * keras.ops.matmul(x, self.kernel)

    def get_config(self):
        return {**super().get_config(), "names": self.names}

def build(layer):
    x = keras.Input((3,))
    return keras.Model(x, layer(x))
"""
COUNTING_LAYER = """
import keras
seen = []

class Counting(keras.layers.Layer):
    def call(self, x):
        seen.append(1)
        return x + len(seen)
"""
X = np.array([[1, 2, 3]], "float32")


def test_an_unregistered_layer_keeps_config_and_weights(submit):
    submission = submit(LAYER)
    layer = submission.call("Twice", name="twin")
    layer.invoke("build", (None, 3))
    layer.set_weights([np.array([[1], [10], [100]], "float32")])
    content = layer.save_file()
    layer.set_weights([np.zeros((3, 1), "float32")])
    _, copy = submission.reload_file(content)
    assert copy.invoke("call", X).tolist() == [[642]] and copy.invoke("get_config")["name"] == "twin"


def test_an_unbuilt_layer_is_loaded_unbuilt(submit):
    submission = submit(LAYER)
    _, copy = submission.reload_file(submission.call("Twice").save_file())
    assert copy.get_weights() == [] and copy.invoke("call", X).tolist() == [[12]]


def test_loading_a_file_runs_the_code_afresh(submit):
    submission = submit(COUNTING_LAYER)
    layer = submission.call("Counting")
    assert layer.invoke("call", X).tolist() == [[2, 3, 4]] and layer.invoke("call", X).tolist() == [[3, 4, 5]]
    _, copy = submission.reload_file(layer.save_file())
    assert copy.invoke("call", X).tolist() == [[2, 3, 4]]


def test_a_config_that_no_file_can_hold_is_an_error(submit):
    """A copy made by get_config and from_config alone, without a file, had kept such values."""
    layer = submit(LAYER.replace('"names": self.names', '"names": object()')).call("Twice")
    with pytest.raises(SubmissionError):
        layer.save_file()


def test_classes_of_the_submission_come_before_registered_ones(submit):
    """The reference and a submission registered one name, and the class registered last replaced both."""
    registered = LAYER.replace("class Twice", '@keras.saving.register_keras_serializable("both")\nclass Twice')
    first = submit(registered)
    content = first.call("build", first.call("Twice")).save_file()
    submit(registered.replace("factor = 2", "factor = 3")).call("Twice")
    assert first.reload_file(content)[1].invoke("call", X).tolist() == [[12]]
    layer_file = first.call("Twice").save_file()
    submit(registered.replace("factor = 2", "factor = 3")).call("Twice")
    assert first.reload_file(layer_file)[1].invoke("call", X).tolist() == [[12]]


@pytest.mark.parametrize("content", [None, "PK", np.zeros(3), np.zeros(2**24 + 1, "uint8"), np.zeros(9, "uint8")])
def test_content_that_is_no_file_is_an_error(submit, content):
    with pytest.raises(SubmissionError):
        submit(LAYER).reload_file(content)


def pack(**members):
    """Return the bytes of an archive; `__` in a name stands for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name.replace("__", "."), member)
    return np.frombuffer(buffer.getvalue(), np.uint8)


def unpack(content):
    with zipfile.ZipFile(io.BytesIO(content.tobytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def saved_model():
    """The bytes of a model of two layers, and its weights."""
    import keras

    x = keras.Input((3,))
    model = keras.Model(x, keras.layers.Dense(1, name="last")(keras.layers.Dense(2, name="first")(x)))
    model.set_weights([np.full(weight.shape, n, "float32") for n, weight in enumerate(model.get_weights())])
    return save_keras_file(model), model.get_weights()


def test_configs_and_weights_of_all_layers_are_read(saved_model):
    content, weights = saved_model
    found = read_keras_file(content)
    units = {config["name"]: config["units"] for kind, config in found["layers"] if kind == "Dense"}
    assert units == {"first": 2, "last": 1}
    biases = sorted(weight.tolist() for weight in found["weights"] if weight.ndim == 1)
    assert biases == [weights[1].tolist(), weights[3].tolist()]
    assert sum(weight.size for weight in found["weights"]) == 11


def test_reading_looks_up_no_class_that_the_file_names(saved_model):
    """Keras imports the module that a file names."""
    members = unpack(saved_model[0])
    hostile = {"module": "this.is.nowhere", "class_name": "Evil", "config": {"name": "x"}, "registered_name": "Evil"}
    content = pack(config__json=json.dumps(hostile), model__weights__h5=members["model.weights.h5"])
    assert read_keras_file(content)["layers"] == [("Evil", {"name": "x"})]


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"config__json": "{}"},
        {"config__json": "{", "model__weights__h5": b""},
        {"config__json": b"\xff", "model__weights__h5": b""},
        {"config__json": "[" * 100_000, "model__weights__h5": b""},
        {"config__json": "{}", "model__weights__h5": b"no weights"},
    ],
    ids=["empty", "no weights", "half a config", "no text", "deep", "other weights"],
)
def test_other_archives_are_refused(members):
    with pytest.raises(ValueError, match=r"Expected a \.keras file"):
        read_keras_file(pack(**members))


@pytest.mark.parametrize("member", ["config__json", "model__weights__h5"])
def test_a_member_of_a_too_large_size_is_not_unpacked(member):
    with pytest.raises(ValueError, match="too large"):
        read_keras_file(pack(**{"config__json": "{}", member: b"{}" + b" " * MAX_FILE_BYTES}))
