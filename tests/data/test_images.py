"""Image files as arrays: kinds, modes, orientation, shape, and files that cannot be read."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from dlseq.data.images import MAX_PIXELS, read_image
from dlseq.errors import DataError

QUADRANTS = np.zeros((40, 40, 3), np.uint8)  # red, green / blue, white
QUADRANTS[:20, :20], QUADRANTS[:20, 20:], QUADRANTS[20:, :20], QUADRANTS[20:][:, 20:] = (
    (220, 20, 20),
    (20, 200, 20),
    (20, 20, 220),
    (240, 240, 240),
)
CENTERS = QUADRANTS[[10, 10, 30, 30], [10, 30, 10, 30]].astype(int)


def centers(pixels):
    """The colors in the middle of the four quadrants."""
    quarter = len(pixels) // 4
    places = np.array([quarter, 3 * quarter])
    return pixels[np.ix_(places, places)].reshape(4, 3).astype(int)


def png_header(width, height):
    """A PNG file of a given size that has no pixels."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("name", "options"), [("a.png", {}), ("a.jpg", {"quality": 95}), ("a.webp", {"quality": 95})])
def test_each_kind_of_file_has_the_pixels_that_were_saved(tmp_path, name, options):
    Image.fromarray(QUADRANTS).save(tmp_path / name, **options)
    pixels = read_image(tmp_path / name, 40)
    assert pixels.shape == (40, 40, 3) and pixels.dtype == np.uint8
    assert np.abs(centers(pixels) - CENTERS).max() < 16


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "RGBA", "1", "I;16"])
def test_each_mode_becomes_rgb_of_the_same_lightness(tmp_path, mode):
    gray = np.where(np.arange(40) < 20, 0, 255).astype(np.uint8)[None].repeat(40, axis=0)
    image = Image.fromarray(gray.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(gray).convert(mode)
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    image.save(path)
    assert np.abs(read_image(path, 40).astype(int) - gray[..., None]).max() < 12


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_pixels_are_white(tmp_path, mode):
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 10, 20))
    image = image.convert("LA").convert("RGBA").convert("P") if mode == "P" else image.convert(mode)
    image.save(tmp_path / "a.png")
    pixels = read_image(tmp_path / "a.png", 20)
    assert pixels[10, 5].max() < 30 and pixels[10, 15].min() > 225


def test_the_exif_orientation_turns_the_picture(tmp_path):
    turned = Image.fromarray(QUADRANTS).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    turned.save(tmp_path / "a.jpg", exif=exif, quality=95)
    assert np.abs(centers(read_image(tmp_path / "a.jpg", 40)) - CENTERS).max() < 16


@pytest.mark.parametrize(("width", "height"), [(80, 40), (40, 80), (3, 2), (1000, 1)])
def test_the_aspect_is_kept_between_bars_of_the_mean_color(tmp_path, width, height):
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2] = (200, 0, 0)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    square = read_image(tmp_path / "a.png", 64)
    inner_height = max(1, round(64 * height / max(width, height)))
    inner_width = max(1, round(64 * width / max(width, height)))
    top, left = (64 - inner_height) // 2, (64 - inner_width) // 2
    inner = square[top : top + inner_height, left : left + inner_width]
    bars = np.ones((64, 64), bool)
    bars[top : top + inner_height, left : left + inner_width] = False
    if inner_width > 4:
        assert inner[:, 1].min(axis=0)[0] > 180 and inner[:, -2].max() < 20
    assert np.abs(square[bars].astype(float) - pixels.reshape(-1, 3).mean(axis=0)).max(initial=0) < 8


def test_an_animation_gives_its_first_frame(tmp_path):
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], lossless=True)
    assert read_image(tmp_path / "a.webp", 20)[10, 10].tolist() == [254, 0, 0] or read_image(tmp_path / "a.webp", 20)[
        10, 10
    ].tolist() == [255, 0, 0]


def test_files_that_cannot_be_read_are_refused_in_one_sentence(tmp_path):
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)).save(tmp_path / "whole.jpg")
    whole = (tmp_path / "whole.jpg").read_bytes()
    Image.fromarray(QUADRANTS).save(tmp_path / "whole.png")
    flipped = bytearray((tmp_path / "whole.png").read_bytes())
    flipped[60] ^= 255
    contents = {
        "empty.png": (b"", "another kind of file"),
        "notes.png": (b"my notes", "another kind of file"),
        "page.jpg": (b"<html>", "another kind of file"),
        "moving.gif": (b"GIF89a" + bytes(20), "another kind of file"),
        "cut.jpg": (whole[: len(whole) // 2], "a damaged one"),
        "flipped.png": (bytes(flipped), "damaged"),
        "bomb.png": (png_header(8_001, 8_000), f"at most {MAX_PIXELS:,} pixels"),
        "huge.png": (png_header(60_000, 60_000), f"at most {MAX_PIXELS:,} pixels"),
    }
    for name, (content, message) in contents.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=message) as error:
            read_image(tmp_path / name, 64)
        assert str(tmp_path / name) in str(error.value) and "\n" not in str(error.value), name
    for path in (tmp_path / "missing.png", tmp_path):
        with pytest.raises(DataError, match="Expected a PNG, JPEG or WebP file"):
            read_image(path, 64)


def test_gray_with_16_bits_keeps_its_middle(tmp_path):
    """Pillow clips at 255 of 65,535, so that nearly all of such a picture would be white."""
    levels = np.array([0, 30, 100, 255], np.uint16)
    Image.fromarray(np.kron(levels, np.full((40, 10), 257, np.uint16)).astype(np.uint16)).save(tmp_path / "a.png")
    assert np.abs(read_image(tmp_path / "a.png", 40)[20, 5::10, 0].astype(int) - levels).max() <= 1
