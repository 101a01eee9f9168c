"""Presets of the task of sentiment classification."""

import dataclasses
import os

from dlseq.tasks.preset import Preset, Splits
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "ReviewData", "default_preset"]

HELD_OUT_REVIEWS = 3_000  # for validation, and for the test
DOUBTFUL_SHARE = 0.1  # of training texts, beside the reviews


@dataclasses.dataclass(frozen=True)
class ReviewData:
    """Source of reviews.

    Args:
        examples: Number of reviews to draw for training. Defaults to `30_000`.
        file: CSV file with the columns `text,stars` that replaces the drawn reviews. Defaults to `None`.
    """

    examples: int = 30_000
    file: str | os.PathLike | None = None

    def load(self, seed: int) -> Splits:
        """Return reviews for training, to which texts without an opinion are added, for validation and for the test.

        Raises:
            DataError: A file that cannot be used.

        Example:
            >>> [len(part) for part in ReviewData(examples=20).load(seed=0)]
            [22, 20, 20]
        """
        from dlseq.data.reviews import doubtful_texts, read_review_csv, reviews, split_reviews  # loads Faker

        if self.file is not None:
            return Splits(*split_reviews(read_review_csv(self.file)))
        held_out = min(HELD_OUT_REVIEWS, self.examples)
        train = reviews(self.examples, "train", seed=seed)
        train += doubtful_texts(int(DOUBTFUL_SHARE * self.examples), seed=seed)
        return Splits(train, reviews(held_out, "validation", seed=seed), reviews(held_out, "test", seed=seed))


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "grammar",
            "English reviews from a grammar with negation, intensity, contrast and scope",
            ReviewData(),
            sizes={"units": 48, "embedding_units": 32, "dropout": 0.2, "unknown_rate": 0.03},
            training=TrainingConfig(epochs=7, batch_size=64, learning_rate=0.01),
        ),
        Preset(
            "file",
            "a CSV file of your own with the columns text,stars",
            ReviewData(),
            sizes={"units": 48, "embedding_units": 32, "dropout": 0.4, "unknown_rate": 0.05},
            training=TrainingConfig(epochs=20, batch_size=32, learning_rate=0.005),
        ),
    )
}


def default_preset(**options) -> str:
    """Return the name of the preset for data options that are given without one.

    Example:
        >>> default_preset(), default_preset(file="mine.csv")
        ('grammar', 'file')
    """
    return "file" if "file" in options else "grammar"
