"""Tests of the classifier of clips."""

import keras
import numpy as np
import pytest

from dlseq.networks.clip_classifier import ClipClassifier


@pytest.fixture(scope="module")
def network():
    """A network whose logits are distinct."""
    network = ClipClassifier(["left", "right", "up"], (16, 16), filters=[4, 6], units=5, keypoints=3, frame_units=7)
    random = np.random.default_rng(0)
    for weight in network.trainable_weights:
        weight.assign(0.7 * random.normal(size=weight.shape))
    return network


@pytest.fixture
def clips():
    return np.random.default_rng(1).integers(0, 256, (2, 6, 16, 16, 3)).astype("uint8")


def test_the_answer_is_that_after_the_last_frame(network, clips):
    each = np.asarray(network(clips, each_frame=True))
    assert each.shape == (2, 6, 3)
    np.testing.assert_allclose(network(clips), each[:, -1], atol=1e-6)
    assert np.abs(np.diff(each, axis=1)).max() > 0.01


def test_logits_do_not_depend_on_later_frames(network, clips):
    each = np.asarray(network(clips, each_frame=True))
    np.testing.assert_allclose(network(clips[:, :4], each_frame=True), each[:, :4], atol=1e-5)


@pytest.mark.parametrize("frame", [0, 2])
def test_logits_depend_on_the_frame_before_and_on_the_first(network, clips, frame):
    """A network that sees frame 3 alone, after an LSTM that forgets, tells clips apart by what moved."""
    changed = clips.copy()
    changed[:, frame] = 255 - changed[:, frame]
    vectors = []
    for given in (clips, changed):
        seen = []
        original = network.recurrent.call
        network.recurrent.call = lambda x, *args, seen=seen, original=original, **options: (
            seen.append(np.asarray(x)) or original(x, *args, **options)
        )
        network(given)
        del network.recurrent.call
        vectors.append(seen[0])
    differs = np.abs(vectors[0] - vectors[1]).max(axis=(0, 2)) > 1e-4
    assert differs.tolist() == ([True] * 6 if frame == 0 else [False, False, True, True, False, False])


@pytest.mark.parametrize(("row", "column"), [(0, 0), (0, 3), (2, 1), (3, 0)])
def test_a_keypoint_is_the_place_of_what_it_looks_for(network, row, column):
    grid = np.zeros((1, 4, 4, 6), "float32")
    grid[0, row, column, 2] = 1
    before = network.keypoints.get_weights()
    kernel = np.zeros_like(before[0])
    kernel[2] = 100
    network.keypoints.set_weights([kernel, 0 * before[1]])
    x, y = network._keypoints(keras.ops.convert_to_tensor(grid))
    network.keypoints.set_weights(before)
    places = np.linspace(-1, 1, 4)
    np.testing.assert_allclose(x[0], [places[column]] * 3, atol=1e-5)
    np.testing.assert_allclose(y[0], [places[row]] * 3, atol=1e-5)


def test_one_class_is_refused():
    with pytest.raises(ValueError, match="at least two `classes`"):
        ClipClassifier(["left"])
