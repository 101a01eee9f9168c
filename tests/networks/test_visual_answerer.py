"""Network of visual questions: the shift of the second look, padding, and the baseline without a picture."""

import numpy as np
import pytest
from keras import ops

from dlseq.layers import ConvolutionalFeatures
from dlseq.networks.visual_answerer import VisualAnswerer
from dlseq.text.vocabulary import Vocabulary

WORDS = Vocabulary(["what", "is", "on", "the", "cat", "chair"], level="word")
SIDE = 3  # of the grid


def make(**sizes):
    features = ConvolutionalFeatures(filters=(4,), strides=(8,))
    return VisualAnswerer(
        {"word": WORDS.to_config()}, features, 24, ["yes", "no", "cat"], ["on"], units=5, embedding_units=6, **sizes
    )


@pytest.fixture(scope="module")
def network():
    return make()


@pytest.fixture(scope="module")
def inputs():
    rng = np.random.default_rng(0)
    ids = WORDS.encode_batch(["what is on the chair", "is the cat", "what"])[None]
    return {"image": rng.integers(0, 256, (1, 24, 24, 3), np.uint8), "question": ids}


def test_looks_are_distributions_over_the_grid(network, inputs):
    found = network(inputs)
    assert tuple(found["answer"].shape) == (1, 3, 3 + 2)
    assert tuple(found["looks"].shape) == (1, 3, 2, SIDE * SIDE)
    np.testing.assert_allclose(ops.sum(found["looks"], axis=-1), 1, rtol=1e-5)


@pytest.mark.parametrize(("down", "right"), [(-1, 0), (0, 1), (2, -2)])
def test_second_look_is_the_first_one_moved(inputs, down, right):
    """With a kernel that knows one offset, and keys that say nothing, every weight moves by it."""
    network = make()
    network.second_query.set_weights([0 * weight for weight in network.second_query.get_weights()])
    weights, bias = network.kernel.get_weights()
    bias = np.full((2 * SIDE - 1, 2 * SIDE - 1), -50.0)
    bias[SIDE - 1 + down, SIDE - 1 + right] = 50.0
    network.kernel.set_weights([0 * weights, bias.ravel()])
    first, second = np.asarray(network(inputs)["looks"])[0, 0].reshape(2, SIDE, SIDE)
    expected = np.zeros((SIDE, SIDE))
    for row in range(SIDE):
        for column in range(SIDE):
            if 0 <= row + down < SIDE and 0 <= column + right < SIDE:
                expected[row + down, column + right] = first[row, column]
    np.testing.assert_allclose(second, (expected + 1e-5) / (expected + 1e-5).sum(), rtol=1e-4)


def test_padding_and_other_questions_change_no_answer(network, inputs):
    ids = inputs["question"]
    alone = network({"image": inputs["image"], "question": ids[:, 1:2, :3]})
    together = network({"image": inputs["image"], "question": np.pad(ids, [(0, 0), (0, 1), (0, 4)])})
    for key in ("answer", "looks"):
        np.testing.assert_allclose(alone[key][:, 0], together[key][:, 1], atol=1e-5)


def test_question_only_sees_no_picture(inputs):
    network = make(question_only=True)
    other = {**inputs, "image": 255 - inputs["image"]}
    np.testing.assert_array_equal(network(inputs)["answer"], network(other)["answer"])
    seeing = make()
    assert np.abs(np.asarray(seeing(inputs)["answer"]) - np.asarray(seeing(other)["answer"])).max() > 1e-4


def test_configuration_makes_the_same_network(network, inputs):
    copy = VisualAnswerer.from_config(network.get_config())
    copy.set_weights(network.get_weights())
    np.testing.assert_allclose(copy(inputs)["answer"], network(inputs)["answer"], atol=1e-6)
