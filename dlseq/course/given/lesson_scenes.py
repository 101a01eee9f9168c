"""Pictures of the exercises about images: scenes of twelve things, and a network that has learned to name them."""

from collections.abc import Sequence

import numpy as np

from dlseq.data.scenes.scene import Scene

__all__ = ["GRID", "LESSON_THINGS", "PIXELS", "lesson_scenes", "picture_network"]

LESSON_THINGS = (
    *("cat", "dog", "pig", "horse", "car", "bus", "chair", "sofa", "bed"),  # the last seven can carry others
    *("apple", "banana", "balloon"),
)
COLORS = (None, "red", "yellow", "green", "blue")
PIXELS, GRID = 64, 8
"""Side of a picture in pixels, and of the grid of places in places."""

PATCH, SHIFT = 32, 4  # side of what the network learns from, and largest distance of a thing from its middle, in pixels
FILTERS, STRIDES = (16, 32, 64, 64), (2, 2, 2, 1)
EPOCHS, BATCH_SIZE, LEARNING_RATE = 4, 64, 0.004


def lesson_scenes(n: int, split: str = "train", *, seed: int = 0) -> list[Scene]:
    """Draw scenes of one to four of twelve things, 64 x 64 pixels, each with its caption.

    Args:
        n: number of scenes.
        split: "train", "validation", "test", or "pairs": scenes with two things that are together in no other split.
        seed: of the draw.

    Example:
        >>> [scene] = lesson_scenes(1)
        >>> scene.image.shape, {thing.name for thing in scene.things} <= {*LESSON_THINGS}
        ((64, 64, 3), True)
    """
    from dlseq.data.scenes import draw_scenes  # loads Pillow

    return draw_scenes(n, seed, split, names=LESSON_THINGS)


def picture_network(scenes: Sequence[Scene], seed: int = 0):
    """Train a small convolutional network to name single things and their colors, some seconds.

    It learns from patches of 32 x 32 pixels around the things of the scenes, and then reads whole pictures: each place
    of its grid sees its surroundings only.

    Args:
        scenes: to learn from, such as those of `lesson_scenes`.
        seed: of the weights and of the order of the patches.

    Returns:
        Keras model from pixels (B, 64, 64, 3), 0 to 255, to features (B, 8, 8, 64), zero or more.
    """
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    patches, names, colors = _patches(scenes, np.random.default_rng(seed))
    pixels = keras.Input((None, None, 3))
    grid = layers.Rescaling(1 / 255, -0.5)(pixels)
    for filters, stride in zip(FILTERS, STRIDES, strict=True):
        grid = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(grid)
        grid = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(grid))
    network = keras.Model(pixels, grid)
    patch = keras.Input((PATCH, PATCH, 3))
    middle = layers.GlobalAveragePooling2D()(network(patch)[:, 1:3, 1:3])
    heads = [layers.Dense(len(classes))(middle) for classes in (LESSON_THINGS, COLORS)]
    classifier = keras.Model(patch, heads)
    steps = EPOCHS * -(-len(patches) // BATCH_SIZE)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps))
    classifier.compile(optimizer, loss=[loss, loss], jit_compile=False)
    classifier.fit(patches, [names, colors], batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
    return network


def _patches(scenes, rng):
    """Return a patch around each thing of the scenes, the numbers of the names and those of the colors."""
    patches, names, colors = [], [], []
    half = PATCH // 2
    for scene in scenes:
        image = np.pad(scene.image, ((half, half), (half, half), (0, 0)), mode="edge")
        for thing in scene.things:
            left, top, right, bottom = thing.box
            x, y = np.array([left + right, top + bottom]) // 2 + rng.integers(-SHIFT, SHIFT + 1, size=2)
            x, y = np.clip([x, y], 0, PIXELS)
            patches.append(image[y : y + PATCH, x : x + PATCH])
            names.append(LESSON_THINGS.index(thing.name))
            colors.append(COLORS.index(thing.color))
    return np.stack(patches), np.array(names), np.array(colors)
