"""A file of a submission is read as data: what stands in it comes out, and nothing that it names is run."""

import io
import json
import zipfile

import numpy as np
import pytest

from dlseq.grading.worker.keras_file import LARGEST, contents
from dlseq.grading.worker.keras_saving import saved


def packed(**parts):
    """The bytes of an archive of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "."), part)
    return np.frombuffer(buffer.getvalue(), np.uint8)


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content.tobytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def model():
    """The bytes of a model of two layers, and its weights."""
    import keras

    x = keras.Input((3,))
    made = keras.Model(x, keras.layers.Dense(1, name="last")(keras.layers.Dense(2, name="first")(x)))
    made.set_weights([np.full(one.shape, n, "float32") for n, one in enumerate(made.get_weights())])
    return saved(made), made.get_weights()


def test_settings_and_weights_of_all_layers_come_out(model):
    content, weights = model
    found = contents(content)
    units = {settings["name"]: settings["units"] for kind, settings in found["layers"] if kind == "Dense"}
    assert units == {"first": 2, "last": 1}
    assert sorted(one.tolist() for one in found["weights"] if one.ndim == 1) == [
        weights[1].tolist(),
        weights[3].tolist(),
    ]
    assert sum(one.size for one in found["weights"]) == 11


def test_a_class_that_a_file_names_is_not_looked_for(model):
    """Keras imports the module that a file names."""
    parts = parts_of(model[0])
    hostile = {"module": "this.is.nowhere", "class_name": "Evil", "config": {"name": "x"}, "registered_name": "Evil"}
    content = packed(config__json=json.dumps(hostile), model__weights__h5=parts["model.weights.h5"])
    assert contents(content)["layers"] == [("Evil", {"name": "x"})]


@pytest.mark.parametrize(
    "parts",
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
def test_other_archives_are_refused(parts):
    with pytest.raises(ValueError, match=r"expected a \.keras file"):
        contents(packed(**parts))


@pytest.mark.parametrize("part", ["config__json", "model__weights__h5"])
def test_a_part_that_would_become_too_large_is_not_unpacked(part):
    with pytest.raises(ValueError, match="expected at most"):
        contents(packed(**{"config__json": "{}", part: b"{}" + b" " * LARGEST}))
