"""Plans of scenes: statements drawn at random, and the pairs of things that no training scene shows."""

import functools
import random
import zlib
from collections.abc import Sequence

from dlseq.data.scenes.observation import can_sit
from dlseq.data.scenes.statements import Group, Phrase, Statement
from dlseq.data.scenes.words import NAMES, THINGS
from dlseq.errors import DataError

__all__ = ["SPLITS", "check_names", "check_split", "draw_plan", "is_held_out"]

SPLITS = ("train", "validation", "test", "pairs")
PAIRS_PER_HELD_OUT = 5
MIN_NAMES = 4
KINDS = {"single": 12, "count": 13, "on": 22, "under": 12, "beside": 17, "groups": 24}
COLUMNS = {"single": 3, "two": 2, "three": 1, "on": 5, "under": 4}
"""Shares of the kinds of scenes, and of the kinds of groups where two stand side by side."""
PAIR_SIZES = {
    "on": {
        (1, "medium", "medium"): 50,
        (1, "small", "medium"): 8,
        (1, "medium", "small"): 4,
        (1, "medium", "big"): 10,
        (1, "big", "medium"): 8,
        (1, "small", "big"): 5,
        (2, "small", "medium"): 7,
        (2, "medium", "big"): 8,
    },
    "under": {
        (1, "medium", "medium"): 55,
        (1, "small", "medium"): 8,
        (1, "medium", "small"): 8,
        (1, "big", "small"): 6,
        (1, "small", "big"): 6,
        (2, "small", "medium"): 7,
        (2, "medium", "medium"): 10,
    },
}
"""Shares of numbers and sizes: of the upper or lower things, and of the one that they are on or under."""
BESIDE_SIZES = {
    "left of": {("medium", "medium"): 6, ("small", "medium"): 2, ("small", "big"): 2},
    "next to": {("medium", "medium"): 5, ("small", "medium"): 2, ("small", "big"): 1, ("medium", "big"): 2},
}


def check_split(split: str) -> str:
    """Return the name of a split.

    Raises:
        DataError: There is no such split.
    """
    if split not in SPLITS:
        raise DataError(f"Invalid value for argument `split`. Expected one of: {', '.join(SPLITS)}. Received: {split}.")
    return split


def is_held_out(first: str, second: str) -> bool:
    """Return whether two things are together in scenes of the split "pairs" only, by a hash of their names.

    Example:
        >>> is_held_out("cat", "dog") == is_held_out("dog", "cat")
        True
    """
    pair = " ".join(sorted((first, second)))
    return zlib.crc32(pair.encode()) % PAIRS_PER_HELD_OUT == 0


def check_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the things to draw.

    Raises:
        DataError: A name is unknown or there twice, there are fewer than four, or nothing can stand on any of them.
    """
    names = tuple(names)
    unknown = [name for name in names if name not in THINGS]
    if unknown or len({*names}) < max(MIN_NAMES, len(names)) or not _supports(names):
        raise DataError(
            "Invalid value for argument `names`. Expected at least four different names of things, such as cat, dog, "
            f"car and chair, one of which others can stand on. Received: {', '.join(map(str, unknown or names))}."
        )
    return names


def draw_plan(rng: random.Random, split: str, names: Sequence[str] = NAMES) -> Statement:
    """Draw the statement of a scene.

    Args:
        rng: source of randomness.
        split: one of `SPLITS`. No scene has a held-out pair of things, those of "pairs" have at least one.
        names: of the things to draw, see `check_names`.
    """
    while True:
        plan = _draw_statement(rng, names)
        drawn = [phrase.name for phrase in plan.phrases]
        held_out = sum(is_held_out(a, b) for index, a in enumerate(drawn) for b in drawn[index + 1 :])
        if len({*drawn}) == len(drawn) and (held_out > 0) == (split == "pairs"):
            return plan


def _draw(rng, weights):
    return rng.choices(list(weights), weights.values())[0]


def _draw_statement(rng, names):
    kind = _draw(rng, KINDS)
    if kind == "single":
        return Statement(Group(Phrase(rng.choice(names), 1, rng.choice(("small", "medium", "big")))))
    if kind == "count":
        return Statement(Group(Phrase(rng.choice(names), rng.choice((2, 3, 4)))))
    if kind in ("on", "under"):
        return Statement(_draw_pair(rng, names, kind, _draw(rng, PAIR_SIZES[kind])))
    if kind == "beside":
        relation = rng.choice(("left of", "next to"))
        sizes = list(_draw(rng, BESIDE_SIZES[relation]))
        rng.shuffle(sizes)
        first, second = (Group(Phrase(rng.choice(names), 1, size)) for size in sizes)
        return Statement(first, relation, second)
    return _draw_groups(rng, names)


def _draw_pair(rng, names, relation, sizes):
    """Draw a thing, or two, on or under another."""
    count, size, landmark_size = sizes
    landmark = rng.choice(_supports(names) if relation == "on" else names)
    subject = rng.choice(names)
    if relation == "on" and can_sit(subject, landmark):
        relation = "sitting on"
    return Group(Phrase(subject, count, size), relation, Phrase(landmark, 1, landmark_size))


def _draw_groups(rng, names):
    """Draw two groups side by side that have three or four things together."""
    while True:
        relation = rng.choice(("left of", "next to"))
        kinds = [_draw(rng, COLUMNS), _draw(rng, COLUMNS)]
        number = sum({"single": 1, "three": 3}.get(kind, 2) for kind in kinds)
        if number in (3, 4) and not (relation == "left of" and "three" in kinds):
            return Statement(_draw_column(rng, names, kinds[0]), relation, _draw_column(rng, names, kinds[1]))


def _draw_column(rng, names, kind):
    if kind in ("on", "under"):
        return _draw_pair(rng, names, kind, (1, "medium", "medium"))
    return Group(Phrase(rng.choice(names), {"single": 1, "two": 2, "three": 3}[kind]))


@functools.lru_cache
def _supports(names):
    """Return those things on which others stand."""
    return tuple(name for name in names if THINGS[name].surface is not None)
