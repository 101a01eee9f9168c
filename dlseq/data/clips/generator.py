"""Generator of clips, reproducible by seed."""

import dataclasses
import math
import random
import zlib

import numpy as np
from PIL import Image

from dlseq.data.clips.activities import ACTIVITIES, Pose, draw_motion
from dlseq.data.scenes.backgrounds import add_backdrops, draw_background, noise_bank
from dlseq.data.scenes.sprites import draw_sprite
from dlseq.data.scenes.words import COLORS, NAMES, THINGS
from dlseq.errors import DataError

__all__ = ["FRAMES", "PIXELS", "SPLITS", "Clip", "draw_clips"]

FRAMES, PIXELS = 12, 32
SPLITS = ("train", "validation", "test")
THING_PIXELS = (8.0, 12.5)
TILT = 15  # degrees
MAX_THING_PIXELS, MIN_THING_PIXELS = 20, 5  # pixels of a thing that grows or shrinks
MARGIN = 0.14  # of the picture, between its border and the middle of a thing
MIN_GAP, MAX_GAP = 0.42, 0.7  # between the middles of both things, at the frame of the common pose
MAX_MOTIONS = 20
MIN_APPROACH = 0.2  # widths by which both things together come nearer when they meet
SHAKE_SHARE = 0.2  # of clips: the camera is moved by a pixel from frame to frame
NOISE_LEVELS = (1.0, 5.0)
THINGS_PER_HELD_OUT = 5  # one thing in so many is in the test alone


@dataclasses.dataclass(frozen=True, eq=False)
class Clip:
    """Clip of a thing that does something.

    Args:
        frames: `(FRAMES, PIXELS, PIXELS, 3)` uint8, RGB.
        activity: one of `ACTIVITIES`, or a label of the user's.
        thing: name of the thing, or "" if it is not known.
    """

    frames: np.ndarray
    activity: str
    thing: str = ""


def draw_clips(n: int, seed: int, split: str = "train", style: str = "noto") -> list[Clip]:
    """Draw clips of equal numbers of all activities, in random order.

    In each clip there is a second thing, which stands still unless both meet or leave each other. The pose of both
    things at a random frame does not depend on the activity, nor does the background.

    Args:
        n: number of clips.
        seed: of the draw; the same seed gives the same clips on any day.
        split: "train", "validation" or "test". The things of the test (one in five) are in no other clip.
        style: of the drawings, "noto" or "fluent".

    Raises:
        DataError: An argument is not one of those.

    Example:
        >>> [clip] = draw_clips(1, seed=4)
        >>> clip.frames.shape, clip.activity in ACTIVITIES
        ((12, 32, 32, 3), True)
    """
    if n < 0:
        raise DataError(f"Invalid value for argument `n`. Expected 0 or more. Received: {n}.")
    if split not in SPLITS:
        raise DataError(f"Invalid value for argument `split`. Expected one of: {', '.join(SPLITS)}. Received: {split}.")
    rng = random.Random(f"{seed} {split} clips")
    names = [name for name in NAMES if _is_held_out(name) == (split == "test")]
    activities = [ACTIVITIES[index % len(ACTIVITIES)] for index in range(n)]
    rng.shuffle(activities)
    bank = noise_bank(seed, PIXELS)
    return [_draw_clip(activity, rng, names, style, bank) for activity in activities]


def _is_held_out(name):
    return zlib.crc32(name.encode()) % THINGS_PER_HELD_OUT == 0


def _draw_clip(activity, rng, names, style, bank) -> Clip:
    """Return a clip whose things stay inside the picture in all frames."""
    sprites = [_draw_thing(rng, name) for name in rng.sample(names, 2)]
    poses = None
    while poses is None:
        places = [(rng.uniform(MARGIN, 1 - MARGIN), rng.uniform(MARGIN, 1 - MARGIN)) for _ in sprites]
        if MIN_GAP <= abs(places[0][0] - places[1][0]) <= MAX_GAP:
            poses = _draw_poses(activity, rng, places, [sprite["pixels"] for sprite in sprites])
    background = draw_background(rng, PIXELS)
    add_backdrops(background, rng, style, [])
    shakes, noise = rng.random() < SHAKE_SHARE, rng.uniform(*NOISE_LEVELS)
    in_front = rng.random() < 0.5
    frames = np.empty((FRAMES, PIXELS, PIXELS, 3), np.uint8)
    for frame, pair in enumerate(poses):
        image = background.copy()
        drawn = list(zip(sprites, pair, strict=True))
        for sprite, pose in drawn if in_front else drawn[::-1]:
            _paste(image, sprite, pose, style)
        pixels = np.asarray(image)
        if shakes:
            pixels = np.roll(pixels, (rng.randint(-1, 1), rng.randint(-1, 1)), axis=(0, 1))
        pixels = pixels + np.float32(noise) * bank[rng.randrange(len(bank))] + np.float32(0.5)
        frames[frame] = pixels.clip(0, 255)
    return Clip(frames, activity, sprites[0]["name"])


def _draw_thing(rng, name):
    color = rng.choice(list(COLORS)) if THINGS[name].colored else None
    return {
        "name": name,
        "color": color,
        "pixels": rng.uniform(*THING_PIXELS),
        "mirrored": rng.random() < 0.5,
        "tilt": rng.uniform(-TILT, TILT),
    }


def _draw_poses(activity, rng, places, sizes):
    """Return the poses of both things in each frame, or `None` if no motion keeps them in the picture.

    Only the motion is drawn again, so that the places of the common frame stay those of all activities.
    """
    for _ in range(MAX_MOTIONS):
        poses = _poses(draw_motion(activity, rng), rng.randrange(FRAMES), places, sizes)
        ways = [pair[1].x for pair in poses]
        moved = 2 * (max(ways) - min(ways))
        zooms = [sizes[0] * math.exp(pair[0].zoom) for pair in poses]
        if (
            all(MARGIN <= value <= 1 - MARGIN for pair in poses for pose in pair for value in pose[:2])
            and min(zooms) >= MIN_THING_PIXELS
            and max(zooms) <= MAX_THING_PIXELS
            and (moved == 0 or moved >= MIN_APPROACH)
        ):
            return poses
    return None


def _poses(motion, fixed, places, sizes):
    """Return the poses of both things in each frame: the middle, zoom and tilt; those of one frame are given."""
    times = [frame / (FRAMES - 1) for frame in range(FRAMES)]
    origin = motion.thing(times[fixed])
    apart = [0.0] * FRAMES
    if motion.approach is not None:  # both move by the same way, so that they touch at the narrowest gap
        touch = sum(sizes) / 2 / PIXELS
        gap = abs(places[0][0] - places[1][0])
        narrowest = motion.approach(times[fixed])
        if narrowest == 0 or gap <= touch:
            return [(Pose(math.inf), Pose())] * FRAMES  # outside of the picture
        scale = (gap - touch) / narrowest
        sign = math.copysign(0.5, places[0][0] - places[1][0])
        apart = [sign * scale * (motion.approach(time) - narrowest) for time in times]
    poses = []
    for time, shift in zip(times, apart, strict=True):
        now = motion.thing(time)
        first = Pose(
            places[0][0] + now.x - origin.x + shift,
            places[0][1] + now.y - origin.y,
            now.zoom - origin.zoom,
            now.degrees - origin.degrees,
        )
        poses.append((first, Pose(places[1][0] - shift, places[1][1])))
    return poses


def _paste(image: Image.Image, sprite: dict, pose: Pose, style: str) -> None:
    pixels = max(3, round(sprite["pixels"] * math.exp(pose.zoom)))
    degrees = 2 * round((sprite["tilt"] + pose.degrees) / 2)
    drawn = draw_sprite(style, sprite["name"], sprite["color"], pixels, sprite["mirrored"], degrees)
    left, top = (round(PIXELS * middle - side / 2) for middle, side in zip(pose, drawn.size, strict=False))
    image.paste(drawn, (left, top), drawn)
