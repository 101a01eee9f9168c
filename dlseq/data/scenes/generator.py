"""Generator of scenes and of single sprites, reproducible by seed."""

import itertools
import random
from collections.abc import Iterator, Sequence

import numpy as np

from dlseq.data.scenes.backgrounds import add_backdrops, add_noise, cover_a_part, draw_background, noise_bank
from dlseq.data.scenes.languages import check_language, render
from dlseq.data.scenes.layout import DEGREES, place
from dlseq.data.scenes.plans import check_names, check_split, draw_plan
from dlseq.data.scenes.scene import Scene, named_regions
from dlseq.data.scenes.sprites import check_style, draw_sprite
from dlseq.data.scenes.statements import Statement
from dlseq.data.scenes.things import Thing
from dlseq.data.scenes.words import COLORS, NAMES, SIZES, THINGS
from dlseq.errors import DataError

__all__ = ["draw_scenes", "draw_sprites", "iterate_scenes"]

MIN_PIXELS, MAX_PIXELS = 32, 512
SPRITE_PIXELS = 32


def draw_scenes(
    n: int,
    seed: int,
    split: str = "train",
    style: str = "noto",
    size: int = 64,
    language: str = "en",
    names: Sequence[str] = NAMES,
) -> list[Scene]:
    """Draw scenes of one to four things, with their captions.

    Args:
        n: number of scenes.
        seed: of the draw; the same seed gives the same scenes on any day.
        split: "train", "validation", "test", or "pairs": each scene of "pairs" has two things that are together in no
            scene of the others.
        style: of the drawings, "noto" or "fluent".
        size: side of the pictures in pixels, 32 to 512.
        language: of the captions, "en" or "ko".
        names: English names of the things to draw, at least four. Defaults to all of `sprite_names()`.

    Raises:
        DataError: An argument is not one of those.

    Example:
        >>> [scene] = draw_scenes(1, seed=5)
        >>> scene.image.shape, len(scene.regions) == len(scene.caption)
        ((64, 64, 3), True)
    """
    _check_numbers(n, size)
    return list(itertools.islice(iterate_scenes(seed, split, style, size, language, names), n))


def iterate_scenes(
    seed: int,
    split: str = "train",
    style: str = "noto",
    size: int = 64,
    language: str = "en",
    names: Sequence[str] = NAMES,
) -> Iterator[Scene]:
    """Yield the scenes of `draw_scenes` without end."""
    check_split(split), check_style(style), check_language(language), _check_numbers(0, size)
    names = check_names(names)
    rng = random.Random(f"{seed} {split}")
    bank = noise_bank(seed, size)
    while True:
        yield _compose(draw_plan(rng, split, names), rng, style, size, language, bank)


def _compose(statement: Statement, rng, style, size, language, bank) -> Scene:
    """Return the scene of a statement."""
    sprites = place(statement, rng, style, size)
    boxes = [_clip(sprite.box, size) for sprite in sprites]
    image = draw_background(rng, size)
    add_backdrops(image, rng, style, boxes)
    for sprite in sprites:
        image.paste(sprite.image, (sprite.left, sprite.top), sprite.image)
    cover_a_part(image, rng, boxes)
    things = tuple(
        Thing(sprite.phrase.name, THINGS[sprite.phrase.name].kind, box, sprite.phrase.size, sprite.color)
        for sprite, box in zip(sprites, boxes, strict=True)
    )
    words = render(statement, language)
    caption = tuple(word for word, _ in words)
    return Scene(add_noise(image, rng, bank), caption, named_regions(words, things), things, language)


def draw_sprites(
    n: int, seed: int, style: str = "noto", size: int = SPRITE_PIXELS, names: Sequence[str] = NAMES
) -> tuple[np.ndarray, np.ndarray]:
    """Draw pictures of one thing each, of any size in which scenes show it, at any place.

    Args:
        n: number of pictures.
        seed: of the draw.
        style: of the drawings, "noto" or "fluent".
        size: side of the pictures in pixels, 32 to 512. A thing has the pixels that it has in a scene of 64.

        names: English names of the things to draw. Defaults to all of `sprite_names()`.

    Returns:
        Images `(n, size, size, 3)` uint8, and labels `(n,)` int32, positions in `names`.

    Raises:
        DataError: An argument is not one of those.

    Example:
        >>> images, labels = draw_sprites(2, seed=1)
        >>> images.shape, labels.shape
        ((2, 32, 32, 3), (2,))
    """
    check_style(style), _check_numbers(n, size)
    names = check_names(names)
    rng = random.Random(f"{seed} sprites")
    bank = noise_bank(seed, size)
    images, labels = np.empty((n, size, size, 3), np.uint8), np.empty(n, np.int32)
    for index in range(n):
        label = rng.randrange(len(names))
        color = rng.choice(list(COLORS)) if THINGS[names[label]].colored else None
        pixels = min(rng.randint(*SIZES[rng.choice(("small", "medium", "medium", "big"))]), size)
        degrees = rng.choice(DEGREES)
        sprite = draw_sprite(style, names[label], color, pixels, rng.random() < 0.5, degrees)
        image = draw_background(rng, size)
        left, top = rng.randint(0, size - sprite.width), rng.randint(0, size - sprite.height)
        image.paste(sprite, (left, top), sprite)
        cover_a_part(image, rng, [(left, top, left + sprite.width, top + sprite.height)])
        images[index], labels[index] = add_noise(image, rng, bank), label
    return images, labels


def _clip(box, size):
    left, top, right, bottom = box
    return max(0, left), max(0, top), min(size, right), min(size, bottom)


def _check_numbers(n, size):
    if n < 0:
        raise DataError(f"Invalid value for argument `n`. Expected 0 or more. Received: {n}.")
    if not MIN_PIXELS <= size <= MAX_PIXELS:
        raise DataError(
            f"Invalid value for argument `size`. Expected {MIN_PIXELS} to {MAX_PIXELS} pixels. Received: {size}."
        )
