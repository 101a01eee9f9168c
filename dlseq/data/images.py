"""Image files as arrays of pixels."""

import contextlib
import os
import struct
import warnings
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from dlseq.errors import DataError

__all__ = ["FORMATS", "MAX_PIXELS", "opened_image", "read_image", "square_pixels"]

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 64_000_000  # of a file, before it is decoded
PAPER = (255, 255, 255)  # behind transparent pixels
DEEP_MODES = ("I", "I;16", "I;16B", "I;16L", "I;16N")  # gray with 16 bits
DECODING_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    TypeError,
    KeyError,
    struct.error,
    zlib.error,
)


def read_image(path: str | os.PathLike, size: int) -> np.ndarray:
    """Read a PNG, JPEG or WebP file as a square image.

    The picture is turned as its EXIF orientation says, transparent pixels become white, and it is resized so that its
    longer side has `size` pixels. Bars of its mean color fill the square, so that nothing is cut and nothing distorted.
    Of an animation, the first frame is read.

    Args:
        path: the file.
        size: width and height of the result, in pixels.

    Returns:
        The pixels, uint8 `(size, size, 3)`, red, green and blue.

    Raises:
        DataError: the file is missing, of another kind, damaged, or has more than 64 million pixels.

    Example:
        >>> import pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "red.png"
        >>> Image.new("RGB", (40, 20), "red").save(path)
        >>> read_image(path, 8)[4, 4].tolist()
        [255, 0, 0]
    """
    with opened_image(path, FORMATS) as image:
        image.draft("RGB", (size, size))  # JPEG: decoded at a fraction of its size
        return square_pixels(image, size)


@contextlib.contextmanager
def opened_image(
    path: str | os.PathLike, formats: Sequence[str], kind: str = "PNG, JPEG or WebP"
) -> Iterator[Image.Image]:
    """Open an image file; all that can be wrong with it, also while it is decoded, becomes a `DataError`.

    Args:
        path: the file.
        formats: names of Pillow's formats.
        kind: the same for the messages.

    Raises:
        DataError: the file is missing, of another kind, damaged, or has more than 64 million pixels.
    """
    path = Path(path)
    if not path.is_file():
        received = "a folder" if path.is_dir() else "no such file"
        raise DataError(f"Cannot read image {path}. Expected a {kind} file. Received: {received}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about sizes that are refused below, and about odd metadata
            with Image.open(path, formats=formats) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise Image.DecompressionBombError
                yield image
    except DataError:
        raise
    except Image.DecompressionBombError:
        raise DataError(
            f"Cannot read image {path}. Expected at most {MAX_PIXELS:,} pixels. Received: more. Make it smaller first."
        ) from None
    except UnidentifiedImageError:
        raise DataError(
            f"Cannot read image {path}. Expected a {kind} file. Received: another kind of file, or a damaged one."
        ) from None
    except PermissionError as error:
        raise DataError(f"Cannot read image {path}: {error.strerror}.") from None
    except DECODING_ERRORS as error:
        reason = str(error).strip().rstrip(".") or type(error).__name__
        raise DataError(
            f"Cannot read image {path}. Expected a whole image. Received: a damaged one ({reason})."
        ) from None


def _rgb(image: Image.Image) -> Image.Image:
    """Return an image of any mode in RGB, transparent pixels over white."""
    if image.mode in DEEP_MODES:
        return Image.fromarray((np.asarray(image).astype(np.int64).clip(0, 65_535) >> 8).astype(np.uint8)).convert(
            "RGB"
        )
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, PAPER)
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def square_pixels(image: Image.Image, size: int) -> np.ndarray:
    """Return the pixels of an image as `read_image` does: turned, over white, and fitted into a square.

    Args:
        image: an image of any mode.
        size: width and height of the result, in pixels.

    Returns:
        The pixels, uint8 `(size, size, 3)`.

    Example:
        >>> square_pixels(Image.new("L", (4, 2), 80), 4)[0, 0].tolist()
        [80, 80, 80]
    """
    image = _rgb(ImageOps.exif_transpose(image))
    scale = size / max(image.size)
    width, height = (max(1, round(scale * side)) for side in image.size)
    fitted = np.asarray(
        image.resize((width, height), Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BICUBIC)
    )
    square = np.empty((size, size, 3), np.uint8)
    square[:] = fitted.reshape(-1, 3).mean(axis=0).round()
    left, top = (size - width) // 2, (size - height) // 2
    square[top : top + height, left : left + width] = fitted
    return square
