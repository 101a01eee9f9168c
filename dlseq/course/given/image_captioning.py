"""Helpers of the exercise `image_captioning`: scenes with short captions, and a toy step of a decoder."""

import itertools

import numpy as np

from dlseq.course.given.lesson_scenes import LESSON_THINGS, PIXELS, picture_network
from dlseq.data.scenes.scene import Scene

__all__ = ["captioned_scenes", "picture_network", "toy_step"]

TOY_WORDS, TOY_UNITS = 8, 3


def captioned_scenes(n: int, split: str = "train", *, seed: int = 0) -> list[Scene]:
    """Draw scenes of one to four of twelve things, no two of a name and none small or big, each with its caption.

    Args:
        n: number of scenes.
        split: "train", "validation" or "test".
        seed: of the draw.

    Example:
        >>> [scene] = captioned_scenes(1)
        >>> scene.image.shape, len(scene.caption) == len(scene.regions)
        ((64, 64, 3), True)
    """
    from dlseq.data.scenes.generator import iterate_scenes  # loads Pillow

    scenes = iterate_scenes(seed, split, size=PIXELS, names=LESSON_THINGS)
    return list(itertools.islice(filter(_is_plain, scenes), n))


def _is_plain(scene):
    return all(phrase.count == 1 and phrase.size == "medium" for phrase in scene.statement.phrases)


def toy_step(seed: int):
    """Make one step of a caption decoder with random weights, to test code that calls one.

    The vocabulary has 8 words; padding, id 0, is never the best one.

    Args:
        seed: of the weights.

    Returns:
        Keras model from [word ids (B,), memory (B, P, 3), h (B, 3), c (B, 3)] to
        [logits (B, 8), weights (B, P), h (B, 3), c (B, 3)].

    Example:
        >>> states = np.zeros((2, 1, 3)), np.zeros((2, 3)), np.zeros((2, 3))
        >>> logits, weights, h, c = toy_step(seed=1)([np.array([1, 1]), *states])
        >>> tuple(logits.shape), tuple(weights.shape), tuple(h.shape)
        ((2, 8), (2, 1), (2, 3))
    """
    import keras
    from keras import Input, Model, ops

    rng = np.random.default_rng(seed)
    ids, memory = Input((), dtype="int32"), Input((None, TOY_UNITS))
    h, c = Input((TOY_UNITS,)), Input((TOY_UNITS,))
    embedding = keras.layers.Embedding(TOY_WORDS, TOY_UNITS)
    embedding.build()
    embedding.set_weights([rng.normal(0, 1.5, (TOY_WORDS, TOY_UNITS)).astype("float32")])
    output = keras.layers.Dense(TOY_WORDS)
    output.build((None, 3 * TOY_UNITS))
    bias = rng.normal(0, 1, TOY_WORDS)
    bias[0] = -100
    output.set_weights([rng.normal(0, 2, (3 * TOY_UNITS, TOY_WORDS)).astype("float32"), bias.astype("float32")])
    weights = ops.softmax(2 * ops.sum(memory * ops.expand_dims(ops.sin(h + 1), 1), axis=-1))  # (B, P)
    context = ops.sum(memory * ops.expand_dims(weights, -1), axis=1)
    new_h = ops.sin(1.3 * h + embedding(ids) + context)
    new_c = ops.cos(0.9 * c + 2 * embedding(ids)) - 0.5 * c
    logits = output(ops.concatenate([new_h, new_c, context], axis=-1))
    return Model([ids, memory, h, c], [logits, weights, new_h, new_c])
