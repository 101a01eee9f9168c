"""A scene: a picture, the things in it and its caption."""

import dataclasses

import numpy as np

from dlseq.data.scenes import observation
from dlseq.data.scenes.languages import caption_text
from dlseq.data.scenes.statements import Phrase, Statement
from dlseq.data.scenes.things import Box, Thing

__all__ = ["Scene", "is_right"]


@dataclasses.dataclass(frozen=True, eq=False)
class Scene:
    """Picture with its canonical caption.

    Args:
        image: `(size, size, 3)` uint8, RGB.
        caption: its words.
        regions: for each word the box of the things that it names, `(left, top, right, bottom)` in pixels, or `None`.
        things: the things in it.
        language: of the caption, "en" or "ko".
    """

    image: np.ndarray
    caption: tuple[str, ...]
    regions: tuple[Box | None, ...]
    things: tuple[Thing, ...]
    language: str = "en"

    @property
    def text(self) -> str:
        """The caption as it is written."""
        return caption_text(self.caption, self.language)

    @property
    def statement(self) -> Statement:
        """Canonical statement, read from the boxes of the things."""
        return observation.observe(self.things, self.image.shape[0])

    @property
    def references(self) -> tuple[tuple[str, ...], ...]:
        """Other true and complete captions: a chair under a cat, a dog right of a cat."""
        return tuple(
            words for words in observation.true_captions(self.statement, self.language) if words != self.caption
        )


def is_right(scene: Scene, caption_tokens) -> bool:
    """Return whether a caption is true of a scene and names all of it.

    It must name each thing once with its number, say of small and big things that they are so, and relate all of them.
    A color need not be said, but must be right.

    Args:
        scene: the scene.
        caption_tokens: words in the scene's language.

    Example:
        >>> from dlseq.data.scenes import draw_scenes
        >>> [scene] = draw_scenes(1, seed=3)
        >>> is_right(scene, scene.caption), is_right(scene, scene.caption[:-1])
        (True, False)
    """
    return observation.is_true(scene.things, scene.image.shape[0], caption_tokens, scene.language)


def named_regions(words: list[tuple[str, Phrase | None]], things: tuple[Thing, ...]) -> tuple[Box | None, ...]:
    """Return for each word of a rendered caption the box around the things that it names, or `None`."""
    return tuple(
        None if phrase is None else observation.union(thing.box for thing in things if thing.name == phrase.name)
        for _, phrase in words
    )
