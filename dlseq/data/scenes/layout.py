"""Layout of scenes: places of sprites that make a statement true, with margins between the relations.

All lengths are pixels of a picture of 64 x 64; `scale` turns them into those of another size.
"""

import dataclasses
import random

from PIL import Image

from dlseq.data.scenes.sprites import draw_sprite
from dlseq.data.scenes.statements import Group, Phrase, Statement
from dlseq.data.scenes.words import COLORS, SIZES, THINGS

__all__ = ["Placed", "place"]

UNIT = 64
DEGREES = (-6, 0, 6)
NEXT_GAPS = (-2, 2)
LEFT_GAPS = (9, 24)
UNDER_GAPS = (4, 7)
NARROW = {"medium": (19, 19), "small": (13, 14), "big": (34, 36)}  # where two or three stand side by side
CUT = 0.12  # share of a lone thing that the border may cut off
CUT_SHARE = 0.2  # of lone things


@dataclasses.dataclass
class Placed:
    """Sprite at its place.

    Args:
        phrase: the phrase that names it.
        color: its color, or `None`.
        image: RGBA.
        left: of the sprite, in pixels.
        top: of the sprite, in pixels.
    """

    phrase: Phrase
    color: str | None
    image: Image.Image
    left: int = 0
    top: int = 0

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Box around the sprite, also outside the picture."""
        return self.left, self.top, self.left + self.image.width, self.top + self.image.height


def place(statement: Statement, rng: random.Random, style: str, size: int) -> list[Placed]:
    """Return the sprites of a statement at places where it is true, the one behind first."""
    return _Layout(rng, style, size).place(statement)


class _Layout:
    def __init__(self, rng, style, size):
        self.rng, self.style, self.size, self.scale = rng, style, size, size / UNIT

    def px(self, low, high=None):
        """Return a length between two in pixels of this picture."""
        return round(self.scale * (low if high is None else self.rng.uniform(low, high)))

    def place(self, statement):
        if statement.landmark is not None:
            return self.side_by_side(statement)
        group = statement.subject
        if group.landmark is None and group.subject.count > 1:
            return self.scattered(group.subject)
        sprites = self.column(group, is_narrow=group.subject.count > 1)
        width, height = extent(sprites)
        slack = CUT if len(sprites) == 1 and self.rng.random() < CUT_SHARE else 0.0
        shift(sprites, self.within(width, slack), self.within(height, slack))
        return sprites

    def within(self, length, slack=0.0):
        """Return a place for a length such that at most a share of it is outside the picture."""
        outside = int(slack * length)
        return self.rng.randint(-outside, max(-outside, self.size - length + outside))

    def sprites(self, phrase, is_narrow=False):
        """Return the sprites of a phrase, all of one color and nearly one size, at the origin."""
        low, high = (NARROW if is_narrow else SIZES)[phrase.size]
        pixels = self.px(low, high)
        color = self.rng.choice(list(COLORS)) if THINGS[phrase.name].colored else None
        made = []
        for _ in range(phrase.count):
            degrees = self.rng.choice(DEGREES)
            image = draw_sprite(self.style, phrase.name, color, pixels, self.rng.random() < 0.5, degrees)
            made.append(Placed(phrase, color, image))
        return made

    def scattered(self, phrase):
        """Return two to four sprites of a phrase, each in its quarter of the picture."""
        sprites, half = self.sprites(phrase), self.size // 2
        for sprite, quarter in zip(sprites, self.rng.sample(range(4), phrase.count), strict=True):
            sprite.left = quarter % 2 * half + self.rng.randint(0, max(0, half - sprite.image.width))
            sprite.top = quarter // 2 * half + self.rng.randint(0, max(0, half - sprite.image.height))
        return sprites

    def row(self, phrase, is_narrow):
        """Return the sprites of a phrase side by side, at the origin; three as a triangle."""
        sprites = self.sprites(phrase, is_narrow)
        left = 0
        for sprite in sprites[:2]:
            sprite.left, left = left, left + sprite.image.width + self.px(0, 1)
        lowest = max(sprite.image.height for sprite in sprites[:2])
        for sprite in sprites[:2]:
            sprite.top = lowest - sprite.image.height
        for sprite in sprites[2:]:
            sprite.left = (extent(sprites[:2])[0] - sprite.image.width) // 2
            sprite.top = -sprite.image.height - self.px(0, 1)
        return sprites

    def stack(self, phrase):
        """Return two sprites of a phrase, one above the other, at the origin."""
        sprites = self.sprites(phrase)
        sprites[1].top = sprites[0].image.height + self.px(1, 6)
        sprites[1].left = self.px(-2, 2)
        return sprites

    def column(self, group: Group, is_narrow=False):
        """Return the sprites of a group, at the origin."""
        if group.landmark is None:
            count = group.subject.count
            return self.stack(group.subject) if count == 2 else self.row(group.subject, is_narrow=count == 3)
        subjects = self.row(group.subject, is_narrow)
        [landmark] = self.sprites(group.landmark, is_narrow)
        width, height = extent(subjects)
        if group.relation == "under":
            middle = landmark.image.width // 2 + self.px(-3, 3)
            shift(subjects, middle - width // 2, landmark.image.height + self.px(*UNDER_GAPS))
        else:
            reach = max(0.0, (landmark.image.width - width) / 2 / self.scale) * 0.6
            middle = landmark.image.width // 2 + self.px(-reach, reach)
            surface = int(THINGS[group.landmark.name].surface * landmark.image.height)
            shift(subjects, middle - width // 2, surface + self.px(1) - height)
        return [landmark, *subjects]

    def side_by_side(self, statement):
        """Return the sprites of two groups, the first on the left."""
        is_narrow = any(phrase.count == 3 for phrase in statement.phrases)
        first, second = (self.column(group, is_narrow) for group in statement.groups)
        (width, height), (other_width, other_height) = extent(first), extent(second)
        room = self.size - width - other_width
        if statement.relation == "next to":
            low, high = NEXT_GAPS
        else:
            low, high = LEFT_GAPS
        gap = min(self.px(low, high), max(room, self.px(low)))
        left, top = self.within(width + gap + other_width), self.within(height)
        if statement.relation == "next to":
            other_top = top + height - other_height + self.px(-2, 2)
        else:
            slack = min(height, other_height) // 4
            other_top = top + (height - other_height) // 2 + self.rng.randint(-slack, slack)
        shift(first, left, top)
        shift(second, left + width + gap, max(0, min(other_top, self.size - other_height)))
        return first + second


def extent(sprites: list[Placed]) -> tuple[int, int]:
    """Return width and height of the box around sprites."""
    left, top, right, bottom = zip(*(sprite.box for sprite in sprites), strict=True)
    return max(right) - min(left), max(bottom) - min(top)


def shift(sprites: list[Placed], left: int, top: int) -> None:
    """Move sprites so that the box around them has its upper left corner at a place."""
    right = left - min(sprite.left for sprite in sprites)
    down = top - min(sprite.top for sprite in sprites)
    for sprite in sprites:
        sprite.left, sprite.top = sprite.left + right, sprite.top + down
