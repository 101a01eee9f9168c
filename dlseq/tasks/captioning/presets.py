"""Presets of the task of image captioning."""

import dataclasses
import os

from dlseq.errors import DataError
from dlseq.tasks.preset import Preset, Splits
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "CaptionData", "default_preset"]

VALIDATION, TEST = 1_000, 2_000  # scenes


@dataclasses.dataclass(frozen=True)
class CaptionData:
    """Source of images with captions.

    Args:
        language: Language of the captions of scenes, "en" or "ko", or `None` for images of `file` only.
        examples: Number of scenes to train on. Defaults to `120_000`.
        image_size: Width and height of the images in pixels. Defaults to `64`.
        file: CSV file with the columns `file,caption` that replaces the drawn scenes, see
            `dlseq.data.scenes.read_caption_csv`. Defaults to `None`.
    """

    language: str | None
    examples: int = 120_000
    image_size: int = 64
    file: str | os.PathLike | None = None

    def load(self, seed: int) -> Splits:
        """Return scenes, or the images of the file, in three parts.

        Raises:
            DataError: An unknown language, no language and no file, or a file that cannot be used.
        """
        from dlseq.data.scenes import draw_scenes  # loads Pillow
        from dlseq.tasks.captioning.files import load_captioned_images

        if self.file is not None:
            return load_captioned_images(self.file, self.image_size)
        if self.language is None:
            raise DataError(
                "Expected a CSV file with the columns file,caption for the preset file. Received: none. Give one with "
                "--data."
            )
        sizes = {
            "train": self.examples,
            "validation": max(1, min(VALIDATION, self.examples // 10)),
            "test": max(1, min(TEST, self.examples // 10)),
        }
        drawn = {"seed": seed, "size": self.image_size, "language": self.language}
        return Splits(*(draw_scenes(size, split=split, **drawn) for split, size in sizes.items()))


DECODER = {"decoder_units": 144, "feeding": "aligned", "guidance": 1.0, "fixed_encoder": True}
SIZES = {
    "filters": [24, 48, 64, 96, 96],
    "strides": [2, 2, 2, 1, 1],  # a place sees 47 of 64 pixels
    "jitter": 0.1,
    "units": 96,
    "context_layers": 2,
    "place_epochs": 4,
    "joint_epochs": 3,
    **DECODER,
}
TRAINING = TrainingConfig(epochs=10, batch_size=64, learning_rate=0.004)
FILE_SIZES = {"filters": [32, 64, 96, 128, 128], "units": 128, "decoder_units": 192, "jitter": 0.1, "dropout": 0.3}

PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "scenes",
            "drawn scenes with English captions",
            CaptionData("en"),
            SIZES,
            TRAINING,
        ),
        Preset(
            "scenes-ko",
            "drawn scenes with Korean captions, with the image encoder of the English model",
            CaptionData("ko"),
            {"encoder_from": "captioning-scenes", **DECODER},
            TRAINING,
        ),
        Preset(
            "file",
            "sizes for images and captions of your own, given with --data",
            CaptionData(None, image_size=96),
            FILE_SIZES,
            TrainingConfig(epochs=30, batch_size=32, learning_rate=0.002, patience=6),
        ),
    )
}


def default_preset(file=None, **options) -> str:
    """Return the name of the preset for data options that are given without one.

    Example:
        >>> default_preset(), default_preset(file="mine.csv")
        ('scenes', 'file')
    """
    return "scenes" if file is None else "file"
