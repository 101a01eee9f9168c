"""Images with captions of a user's CSV file as examples of captioning."""

import dataclasses
import os

import numpy as np

from dlseq.data.images import read_image
from dlseq.data.scenes import read_caption_csv
from dlseq.errors import DataError
from dlseq.tasks.preset import Splits

__all__ = ["CaptionedImage", "caption_words", "load_captioned_images"]

HELD_OUT_IMAGES = 10  # one image of so many goes to validation, one to test
MIN_IMAGES = 3
PUNCTUATION = '.,;:!?"()[]…。'


@dataclasses.dataclass(frozen=True, eq=False)
class CaptionedImage:
    """Image with one of its captions.

    Args:
        image: pixels `(size, size, 3)`, uint8.
        caption: words in lower case, punctuation left out.
    """

    image: np.ndarray
    caption: tuple[str, ...]


def load_captioned_images(path: str | os.PathLike, size: int) -> Splits:
    """Read the images and captions that a CSV file names, split by image, about 8 : 1 : 1.

    An example is an image with one caption. An image with several captions, as in Flickr8k, is in one part only.

    Args:
        path: CSV file with the columns `file,caption`, see `dlseq.data.scenes.read_caption_csv`.
        size: width and height of the images in pixels, see `dlseq.data.images.read_image`.

    Raises:
        DataError: the file or an image cannot be used, a caption has no words, or there are fewer than three images.
    """
    splits = Splits([], [], [])
    files = read_caption_csv(path)
    if len(files) < MIN_IMAGES:
        raise DataError(
            f"{path}: Expected at least {MIN_IMAGES} different images, to train, validate and test on. "
            f"Received: {len(files)}. Add images."
        )
    for position, file in enumerate(files):
        image = read_image(file.path, size)
        part = {1: splits.validation, 2: splits.test}.get(position % HELD_OUT_IMAGES, splits.train)
        for text in file.captions:
            words = caption_words(text)
            if not words:
                raise DataError(f"{path}: Expected words as a caption of {file.path.name}. Received: {text!r:.40}.")
            part.append(CaptionedImage(image, words))
    return splits


def caption_words(text: str) -> tuple[str, ...]:
    """Return the words of a caption in lower case, without punctuation.

    Example:
        >>> caption_words("A dog's ball , on the grass .")
        ('a', "dog's", 'ball', 'on', 'the', 'grass')
    """
    words = (word.strip(PUNCTUATION) for word in text.lower().replace("’", "'").split())
    return tuple(word for word in words if word)
