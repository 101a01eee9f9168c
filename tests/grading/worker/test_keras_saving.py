"""What is saved goes through a file: its settings as text, its weights by name, its class by what it is."""

import numpy as np
import pytest

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
COUNTING = """
import keras
seen = []

class Counting(keras.layers.Layer):
    def call(self, x):
        seen.append(1)
        return x + len(seen)
"""
X = np.array([[1, 2, 3]], "float32")


def reopened(submission, target):
    return submission.reopen(target.saved())


def test_a_layer_that_nobody_registered_keeps_its_settings_and_weights(submit):
    submission = submit(LAYER)
    layer = submission.call("Twice", name="twin")
    layer.invoke("build", (None, 3))
    layer.set_weights([np.array([[1], [10], [100]], "float32")])
    content = layer.saved()
    layer.set_weights([np.zeros((3, 1), "float32")])
    _, copy = submission.reopen(content)
    assert copy.invoke("call", X).tolist() == [[642]] and copy.invoke("get_config")["name"] == "twin"


def test_a_layer_that_was_never_called_comes_back_as_such(submit):
    submission = submit(LAYER)
    _, copy = reopened(submission, submission.call("Twice"))
    assert copy.get_weights() == [] and copy.invoke("call", X).tolist() == [[12]]


def test_what_the_code_had_noted_is_gone_when_a_file_is_loaded(submit):
    submission = submit(COUNTING)
    layer = submission.call("Counting")
    assert layer.invoke("call", X).tolist() == [[2, 3, 4]] and layer.invoke("call", X).tolist() == [[3, 4, 5]]
    _, copy = reopened(submission, layer)
    assert copy.invoke("call", X).tolist() == [[2, 3, 4]]


def test_settings_that_no_file_can_hold_are_an_error_of_the_submission(submit):
    """A copy that was made from the settings alone, without a file, kept them."""
    layer = submit(LAYER.replace('"names": self.names', '"names": object()')).call("Twice")
    with pytest.raises(SubmissionError):
        layer.saved()


def test_a_class_is_not_mistaken_for_a_registered_one_of_the_same_name(submit):
    """The reference and a submission register one name, and what was registered last took the place of both."""
    registered = LAYER.replace("class Twice", '@keras.saving.register_keras_serializable("both")\nclass Twice')
    first = submit(registered)
    content = first.call("build", first.call("Twice")).saved()
    submit(registered.replace("factor = 2", "factor = 3")).call("Twice")
    assert first.reopen(content)[1].invoke("call", X).tolist() == [[12]]
    alone = first.call("Twice").saved()
    submit(registered.replace("factor = 2", "factor = 3")).call("Twice")
    assert first.reopen(alone)[1].invoke("call", X).tolist() == [[12]]


@pytest.mark.parametrize("content", [None, "PK", np.zeros(3), np.zeros(2**24 + 1, "uint8"), np.zeros(9, "uint8")])
def test_what_is_no_file_is_an_error_of_the_submission(submit, content):
    with pytest.raises(SubmissionError):
        submit(LAYER).reopen(content)
