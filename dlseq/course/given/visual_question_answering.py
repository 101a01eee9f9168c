"""Helpers of the exercise `visual_question_answering`: questions about scenes of twelve things, and a toy encoder."""

import numpy as np

from dlseq.course.given.lesson_scenes import GRID, LESSON_THINGS, PIXELS, picture_network
from dlseq.data.scenes.questions import Question

__all__ = ["GRID", "PIXELS", "lesson_questions", "picture_network", "toy_question_encoder"]

KINDS = ("presence", "what", "color")
PER_SCENE = 4
TOY_WORDS, TOY_UNITS = 8, 3


def lesson_questions(n: int, split: str = "train", *, seed: int = 0) -> list[Question]:
    """Draw questions about scenes: is there a …, what is on (under, above, left of, right of, next to) …, what color.

    Args:
        n: number of questions, up to three about one scene.
        split: of the scenes, see `lesson_scenes`.
        seed: of the draw.

    Example:
        >>> [question] = lesson_questions(1)
        >>> question.kind in KINDS, question.scene.image.shape
        (True, (64, 64, 3))
    """
    import itertools

    from dlseq.data.scenes.generator import iterate_scenes  # loads Pillow
    from dlseq.data.scenes.questions import ask_questions

    scenes = iterate_scenes(seed, split, size=PIXELS, names=LESSON_THINGS)
    asked = ask_questions(scenes, f"{seed} {split}", PER_SCENE, LESSON_THINGS)
    return list(itertools.islice((question for question in asked if question.kind in KINDS), n))


def toy_question_encoder(seed: int):
    """Make an encoder of questions with random weights, to test code that calls one.

    Args:
        seed: of the weights.

    Returns:
        Keras model from word ids (B, T), 0 to 7, to vectors (B, 3): the sine of a sum over the words. Padding, id 0,
        adds nothing.

    Example:
        >>> toy_question_encoder(seed=1)(np.array([[5, 6, 7], [4, 0, 0]])).shape
        TensorShape([2, 3])
    """
    import keras
    from keras import ops

    table = np.random.default_rng(seed).normal(0, 1, (TOY_WORDS, TOY_UNITS)).astype("float32")
    table[0] = 0
    ids = keras.Input((None,), dtype="int32")
    embedding = keras.layers.Embedding(TOY_WORDS, TOY_UNITS)
    vectors = embedding(ids)
    embedding.set_weights([table])
    return keras.Model(ids, ops.sin(2 * ops.sum(vectors, axis=1)))
