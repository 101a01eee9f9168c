"""Sprites: drawings of things in two styles, cut from an atlas and drawn in any size, mirrored or turned."""

import functools
import json
from pathlib import Path

from PIL import Image

from dlseq.errors import DataError

__all__ = ["STYLES", "check_style", "draw_sprite", "load_atlas"]

STYLES = ("noto", "fluent")
OPAQUE = [255 * (level > 96) for level in range(256)]  # paler pixels do not count for the outline of a thing
CACHED_SPRITES = 16_384  # of 2 kB: all variants that scenes of one style and size show


def check_style(style: str) -> str:
    """Return the name of a style.

    Raises:
        DataError: There is no such style.
    """
    if style not in STYLES:
        raise DataError(f"Invalid value for argument `style`. Expected one of: {', '.join(STYLES)}. Received: {style}.")
    return style


@functools.lru_cache(maxsize=len(STYLES))
def load_atlas(style: str) -> dict[tuple[str, str | None], Image.Image]:
    """Return the drawings of a style, RGBA images of at most 48 x 48 pixels, by name and color.

    Args:
        style: one of `STYLES`.

    Example:
        >>> load_atlas("noto")["cat", None].mode
        'RGBA'
    """
    folder = Path(__file__).parent
    with Image.open(folder / f"{check_style(style)}.png") as image:
        atlas = image.convert("RGBA")
    entries = json.loads((folder / f"{style}.json").read_text(encoding="utf-8"))
    return {(entry["name"], entry["color"]): atlas.crop(entry["box"]) for entry in entries}


@functools.lru_cache(maxsize=CACHED_SPRITES)
def draw_sprite(
    style: str, name: str, color: str | None, pixels: int, mirrored: bool = False, degrees: int = 0
) -> Image.Image:
    """Return a thing without a margin, an RGBA image whose longer side has a number of pixels.

    Args:
        style: one of `STYLES`.
        name: English name of the thing.
        color: its color, or `None` for things that come in one.
        pixels: longer side of the result.
        mirrored: left and right are exchanged.
        degrees: rotation, counterclockwise.

    Example:
        >>> max(draw_sprite("noto", "car", "red", 20).size)
        20
    """
    image = load_atlas(style)[name, color]
    if mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    image = image.convert("RGBa")
    if degrees:
        image = image.rotate(degrees, Image.Resampling.BILINEAR, expand=True)
        image = image.crop(_outline(image))
    scale = pixels / max(image.size)
    size = [max(1, round(side * scale)) for side in image.size]
    return image.resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def _outline(image):
    """Return the box of the pixels that are nearly opaque."""
    return image.getchannel("a").point(OPAQUE).getbbox()
