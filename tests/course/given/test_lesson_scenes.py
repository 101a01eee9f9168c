"""Given pictures and questions of the exercises about images."""

import collections

import numpy as np
import pytest

from dlseq.course.given.lesson_scenes import COLORS, LESSON_THINGS, PATCH, _patches, lesson_scenes
from dlseq.course.given.visual_question_answering import lesson_questions, toy_question_encoder


@pytest.fixture(scope="module")
def questions():
    return lesson_questions(300)


def test_scenes_show_the_twelve_things_alone():
    names = {thing.name for scene in lesson_scenes(150) for thing in scene.things}
    assert names == {*LESSON_THINGS}


def test_questions_are_of_three_kinds_and_name_the_twelve_things_alone(questions):
    assert {question.kind for question in questions} == {"presence", "what", "color"}
    absent = {question.words[-1] for question in questions if question.answer == "no"}
    present = {question.words[-1] for question in questions if question.answer == "yes"}
    assert absent <= {*LESSON_THINGS} and len(absent & present) > 8


def test_yes_and_no_are_equally_frequent(questions):
    counts = collections.Counter(question.answer for question in questions if question.kind == "presence")
    assert abs(counts["yes"] - counts["no"]) <= 2


def test_same_seed_same_questions(questions):
    again, other = lesson_questions(20), lesson_questions(20, seed=1)
    assert [question.text for question in again] == [question.text for question in questions[:20]]
    assert [question.text for question in other] != [question.text for question in again]


def test_patches_show_each_thing_in_the_middle():
    scenes = lesson_scenes(20)
    patches, names, colors = _patches(scenes, np.random.default_rng(0))
    things = [thing for scene in scenes for thing in scene.things]
    assert patches.shape == (len(things), PATCH, PATCH, 3)
    assert [(LESSON_THINGS[name], COLORS[color]) for name, color in zip(names, colors, strict=True)] == [
        (thing.name, thing.color) for thing in things
    ]
    scene = next(scene for scene in scenes if all(min(thing.box[:2]) > 20 for thing in scene.things))
    left, top, right, bottom = scene.things[0].box
    patch = patches[next(row for row, thing in enumerate(things) if thing is scene.things[0])]
    middle = scene.image[(top + bottom) // 2, (left + right) // 2]
    assert (patch == middle).all(axis=-1)[12:21, 12:21].any()


def test_toy_encoders_ignore_padding_and_differ_by_seed():
    ids = np.array([[5, 6, 7], [4, 0, 0]])
    q = np.asarray(toy_question_encoder(3)(ids))
    np.testing.assert_allclose(np.asarray(toy_question_encoder(3)(ids[1:, :1]))[0], q[1], atol=1e-6)
    assert np.abs(np.asarray(toy_question_encoder(4)(ids)) - q).max() > 0.1
