"""Given scenes and the toy step of `image_captioning`."""

import numpy as np

from dlseq.course.given.image_captioning import captioned_scenes, toy_step
from dlseq.course.given.lesson_scenes import LESSON_THINGS


def test_scenes_have_single_things_of_medium_size():
    scenes = captioned_scenes(40)
    words = {word for scene in scenes for word in scene.caption}
    assert {thing.name for scene in scenes for thing in scene.things} <= {*LESSON_THINGS}
    assert not words & {"two", "three", "four", "small", "big"}
    assert all({thing.size for thing in scene.things} == {"medium"} for scene in scenes)


def test_same_seed_same_scenes_and_other_splits_have_others():
    texts = [[scene.text for scene in captioned_scenes(12, split, seed=3)] for split in ("train", "train", "test")]
    assert texts[0] == texts[1] != texts[2]


def test_each_input_of_a_toy_step_changes_its_logits_and_padding_is_never_best():
    rng = np.random.default_rng(0)
    ids, memory = np.array([3, 4]), rng.normal(size=(2, 5, 3))
    inputs = [ids, memory, *rng.normal(size=(2, 2, 3))]
    step = toy_step(3)
    logits, weights, *_ = (np.asarray(output) for output in step(inputs))
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)
    assert (logits.argmin(axis=1) == 0).all()
    for place, value in enumerate(inputs):
        others = [value - 1 if each is value else each for each in inputs]
        assert np.abs(np.asarray(step(others)[0]) - logits).max() > 0.1, place
    assert np.abs(np.asarray(toy_step(4)(inputs)[0]) - logits).max() > 0.1
