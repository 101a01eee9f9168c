"""Backgrounds of scenes, small parts of them that no caption names, and the noise of a camera."""

import colorsys
import io
import random

import numpy as np
from PIL import Image, ImageDraw

from dlseq.data.scenes.sprites import draw_sprite
from dlseq.data.scenes.words import BACKDROPS

__all__ = ["add_backdrops", "add_noise", "cover_a_part", "draw_background", "noise_bank"]

KINDS = ("color", "gradient", "texture", "room")
BACKDROP_SHARE, MAX_BACKDROPS = 0.35, 2
COVERED_SHARE = 0.15
JPEG_SHARE, JPEG_QUALITIES = 0.15, (50, 90)
NOISE_SHARE, NOISE_LEVELS = 0.5, (1.0, 6.0)
PALER = [level * 2 // 3 for level in range(256)]  # alpha of a backdrop
BANK = 32  # pictures of noise that all scenes of a draw choose from


def draw_background(rng: random.Random, size: int) -> Image.Image:
    """Return a background of one color, a gradient, a texture or a room with a floor, RGB."""
    kind = rng.choice(KINDS)
    first, second = _color(rng), _color(rng)
    if kind == "color":
        return Image.new("RGB", (size, size), first)
    if kind == "room":
        return _room(rng, size, first, second)
    if kind == "gradient":
        ends = Image.new("RGB", (2, 1) if rng.random() < 0.5 else (1, 2), first)
        ends.putpixel((ends.width - 1, ends.height - 1), second)
        return ends.resize((size, size), Image.Resampling.BILINEAR)
    side = rng.choice((4, 6, 8, 12))
    spread = rng.randint(8, 28)
    noise = np.frombuffer(rng.randbytes(3 * side * side), np.uint8).reshape(side, side, 3) / np.float32(127.5) - 1
    image = Image.fromarray(np.clip(first + spread * noise, 0, 255).astype(np.uint8))
    return image.resize((size, size), rng.choice((Image.Resampling.BICUBIC, Image.Resampling.NEAREST)))


def _color(rng):
    """Return a pale or grayish color, so that things stand out."""
    red, green, blue = colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.03, 0.42), rng.uniform(0.55, 0.95))
    return round(255 * red), round(255 * green), round(255 * blue)


def _room(rng, size, wall, floor):
    """Return a wall and a floor, some with stripes of wallpaper or boards."""
    image = Image.new("RGB", (size, size), wall)
    draw = ImageDraw.Draw(image)
    horizon = round(size * rng.uniform(0.5, 0.85))
    if rng.random() < 0.4:
        step = rng.randint(size // 12, size // 5)
        stripe = tuple(max(0, level - 14) for level in wall)
        for left in range(rng.randint(0, step), size, step):
            draw.rectangle((left, 0, left + step // 2 - 1, horizon), fill=stripe)
    draw.rectangle((0, horizon, size, size), fill=floor)
    edge = tuple(level // 2 + 40 for level in floor)
    if rng.random() < 0.6:
        draw.line((0, horizon, size, horizon), fill=edge)
    if rng.random() < 0.4:
        for place in range(-1, 6):
            draw.line((size * place // 4, size, size * (place + 1) // 6 + size // 8, horizon), fill=edge)
    return image


def add_backdrops(image: Image.Image, rng: random.Random, style: str, boxes) -> None:
    """Paste up to two small clouds, stars, windows, … at places that no thing covers."""
    if rng.random() >= BACKDROP_SHARE:
        return
    size = image.width
    for _ in range(rng.randint(1, MAX_BACKDROPS)):
        pixels = max(4, round(size / 64 * rng.randint(6, 9)))
        sprite = draw_sprite(style, rng.choice(tuple(BACKDROPS)), None, pixels)
        for _ in range(4):
            left, top = rng.randint(0, size - pixels), rng.randint(0, size - pixels)
            if not any(_overlap((left, top, left + pixels, top + pixels), box) for box in boxes):
                image.paste(sprite, (left, top), sprite.getchannel("A").point(PALER))
                break


def _overlap(box, other):
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def cover_a_part(image: Image.Image, rng: random.Random, boxes) -> None:
    """Paint a patch over a corner of one thing, at most a fifth of it, in a share of scenes."""
    if rng.random() >= COVERED_SHARE:
        return
    left, top, right, bottom = rng.choice(boxes)
    width, height = (right - left) * rng.uniform(0.25, 0.42), (bottom - top) * rng.uniform(0.25, 0.42)
    x, y = rng.choice((left - width / 2, right - width)), rng.choice((top - height / 2, bottom - height))
    draw = ImageDraw.Draw(image)
    shape = rng.choice((draw.ellipse, draw.rectangle))
    shape((x, y, x + width * 1.5, y + height * 1.5), fill=_color(rng))


def noise_bank(seed: int, size: int) -> np.ndarray:
    """Return pictures of noise of mean 0 and deviation 1, `(BANK, size, size, 3)` float32."""
    return np.random.default_rng(seed).standard_normal((BANK, size, size, 3), np.float32)


def add_noise(image: Image.Image, rng: random.Random, bank: np.ndarray) -> np.ndarray:
    """Return a picture `(size, size, 3)` uint8, some with noise, and some as a JPEG file of low quality shows them."""
    if rng.random() < JPEG_SHARE:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=rng.randint(*JPEG_QUALITIES), subsampling=0)
        image = Image.open(file)
    pixels = np.asarray(image)
    if rng.random() < NOISE_SHARE:
        noise = bank[rng.randrange(len(bank))] * np.float32(rng.uniform(*NOISE_LEVELS))
        pixels = np.clip(pixels + noise + 0.5, 0, 255).astype(np.uint8)
    return pixels
