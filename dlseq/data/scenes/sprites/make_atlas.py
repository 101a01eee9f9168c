"""Make the atlases of sprites: `python dlseq/data/scenes/sprites/make_atlas.py FLUENT_FOLDER` writes this folder.

The package never imports this file. It is here so that anyone can make the atlases again, or add a thing: put a row
into `dlseq/data/scenes/words.py` and run it. The README beside it gives the command line.

An atlas is one PNG with a drawing of at most 48 x 48 pixels a cell, and a JSON file that says which cell shows what.
A thing in several colors has a cell for each: its saturated pixels are given another hue.
"""

import io
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from dlseq.data.scenes.words import BACKDROPS, THINGS

__all__ = ["noto_drawings", "recolor", "write_atlas"]

CELL_PIXELS = 48
COLUMNS = 16
NOTO = Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
HUES = {"red": 0.0, "yellow": 0.135, "green": 0.34, "blue": 0.6}
SATURATED = 60  # of 255: grays keep their color below it
PALE = {"shirt": 12}  # things whose own color is paler
OPAQUE = 24  # of 255: paler pixels do not count for the outline of a drawing


def noto_drawings(path: Path):
    """Return a function from a code point to the drawing of Noto Color Emoji, an RGBA image of 136 x 128 pixels."""
    from fontTools.ttLib import TTFont

    font = TTFont(path)
    characters = font.getBestCmap()
    bitmaps = {name: glyph for strike in font["CBDT"].strikeData for name, glyph in strike.items()}

    def draw(code_point, _):
        return Image.open(io.BytesIO(bitmaps[characters[code_point]].imageData)).convert("RGBA")

    return draw


def fluent_drawings(folder: Path):
    """Return a function from a name to the drawing of Fluent Emoji Flat, an RGBA image of 192 x 192 pixels."""
    import resvg_py

    icons = json.loads((folder / "icons.json").read_text(encoding="utf-8"))["icons"]

    def draw(_, name):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{icons[name]["body"]}</svg>'
        png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=192, height=192))
        return Image.open(io.BytesIO(png)).convert("RGBA")

    return draw


def recolor(image: Image.Image, color: str, saturated: int = SATURATED) -> Image.Image:
    """Return a drawing whose saturated pixels have the hue of a color."""
    alpha = image.getchannel("A")
    hue, saturation, value = (np.asarray(part).copy() for part in image.convert("RGB").convert("HSV").split())
    chosen = saturation >= saturated
    hue[chosen] = round(HUES[color] * 255)
    brightest = np.percentile(value[chosen & (np.asarray(alpha) > OPAQUE)], 75)
    value[chosen] = np.clip(value[chosen] * (225.0 if color == "yellow" else 200.0) / brightest, 0, 255)
    saturation[chosen] = np.clip(saturation[chosen] * 0.5 + 110, 0, 255)
    parts = [Image.fromarray(part) for part in (hue, saturation, value)]
    colored = Image.merge("HSV", parts).convert("RGB")
    return Image.merge("RGBA", (*colored.split(), alpha))


def fit(image: Image.Image) -> Image.Image:
    """Return a drawing without its transparent margin, its longer side as long as a cell."""
    image = image.crop(image.getchannel("A").point(lambda level: 255 if level > OPAQUE else 0).getbbox())
    scale = CELL_PIXELS / max(image.size)
    size = [max(1, round(side * scale)) for side in image.size]
    premultiplied = image.convert("RGBa").resize(size, Image.Resampling.LANCZOS)
    return premultiplied.convert("RGBA")


def write_atlas(style: str, draw, folder: Path) -> None:
    """Write the PNG and the JSON index of a style."""
    cells = []
    for name, word in THINGS.items():
        drawing = draw(word.noto, word.fluent)
        if word.colored:
            cells += [(name, color, fit(recolor(drawing, color, PALE.get(name, SATURATED)))) for color in HUES]
        else:
            cells.append((name, None, fit(drawing)))
    cells += [(name, None, fit(draw(*source))) for name, source in BACKDROPS.items()]
    rows = -(-len(cells) // COLUMNS)
    atlas, index = Image.new("RGBA", (COLUMNS * CELL_PIXELS, rows * CELL_PIXELS)), []
    for number, (name, color, image) in enumerate(cells):
        left, top = number % COLUMNS * CELL_PIXELS, number // COLUMNS * CELL_PIXELS
        atlas.paste(image, (left, top))
        index.append({"name": name, "color": color, "box": [left, top, left + image.width, top + image.height]})
    atlas.save(folder / f"{style}.png", optimize=True)
    lines = ",\n".join(json.dumps(entry) for entry in index)
    (folder / f"{style}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    here = Path(__file__).parent
    write_atlas("noto", noto_drawings(NOTO), here)
    write_atlas("fluent", fluent_drawings(Path(sys.argv[1])), here)
