"""Activities: how a thing moves, as a function of time.

A motion is drawn once per clip. It moves a thing relative to a pose that does not depend on the activity: so one frame
alone says nothing about it.
"""

import math
import random
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["ACTIVITIES", "Motion", "Pose", "draw_motion"]


class Pose(NamedTuple):
    """Change of a thing's place, size and tilt.

    Args:
        x: to the right, in widths of the picture.
        y: downwards, in heights of the picture.
        zoom: natural logarithm of the factor of its size.
        degrees: counterclockwise.
    """

    x: float = 0.0
    y: float = 0.0
    zoom: float = 0.0
    degrees: float = 0.0


class Motion(NamedTuple):
    """Motion of a thing, and of the other thing in the picture, over a time from 0 to 1.

    Args:
        thing: function of the time that returns the `Pose` of the thing.
        approach: function of the time: by how much the gap between both is wider than at its narrowest, in widths of
            the picture; `None` if the other thing stands still.
    """

    thing: Callable[[float], Pose]
    approach: Callable[[float], float] | None = None


def _still(rng):
    return Motion(lambda time: Pose())


def _walk(direction):
    def draw(rng):
        way, steps, bob = rng.uniform(0.3, 0.5), rng.uniform(2, 4), rng.uniform(0.0, 0.02)
        return Motion(lambda time: Pose(direction * way * time, -bob * abs(math.sin(math.pi * steps * time))))

    return draw


def _jump(rng):
    height, seconds = rng.uniform(0.25, 0.4), rng.uniform(0.5, 0.8)
    start = rng.uniform(0.05, 0.95 - seconds)

    def pose(time):
        part = min(max((time - start) / seconds, 0.0), 1.0)
        return Pose(y=-height * 4 * part * (1 - part))

    return Motion(pose)


def _bounce(rng):
    height, hops, shift = rng.uniform(0.18, 0.3), rng.uniform(2.5, 4.0), rng.random()
    return Motion(lambda time: Pose(y=-height * abs(math.sin(math.pi * (hops * time + shift)))))


def _rock(rng):
    degrees, swings, shift = rng.uniform(22, 38), rng.uniform(1.0, 2.2), rng.random()
    return Motion(lambda time: Pose(degrees=degrees * math.sin(2 * math.pi * (swings * time + shift))))


def _zoom(direction):
    def draw(rng):
        zoom = math.log(rng.uniform(1.8, 2.4))
        return Motion(lambda time: Pose(zoom=direction * zoom * time))

    return draw


def _meet(rng):
    end, gap = rng.uniform(0.7, 0.95), rng.uniform(0.3, 0.45)
    return Motion(lambda time: Pose(), lambda time: gap * max(0.0, 1 - time / end))


def _leave(rng):
    meet = _meet(rng)
    return Motion(meet.thing, lambda time: meet.approach(1 - time))


_DRAW = {
    "stands still": _still,
    "walks left": _walk(-1),
    "walks right": _walk(1),
    "jumps": _jump,
    "bounces": _bounce,
    "rocks": _rock,
    "grows": _zoom(1),
    "shrinks": _zoom(-1),
    "meets another": _meet,
    "leaves another": _leave,
}

ACTIVITIES: tuple[str, ...] = tuple(_DRAW)
"""The activities; played backwards, *walks left* is *walks right*, *grows* is *shrinks*, *meets* is *leaves*."""


def draw_motion(activity: str, rng: random.Random) -> Motion:
    """Draw a motion of an activity: how far, how fast, and when.

    Example:
        >>> motion = draw_motion("walks left", random.Random(1))
        >>> motion.thing(0.0).x > motion.thing(1.0).x
        True
    """
    return _DRAW[activity](rng)
