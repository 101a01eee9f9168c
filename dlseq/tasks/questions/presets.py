"""Presets of the task of visual question answering."""

import dataclasses

from dlseq.tasks.preset import Preset, Splits
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "QuestionData", "default_preset"]

VALIDATION, TEST = 1_500, 3_000  # questions
PER_SCENE = 4


@dataclasses.dataclass(frozen=True)
class QuestionData:
    """Source of questions about scenes.

    Args:
        examples: Number of questions to train on. Defaults to `80_000`.
    """

    examples: int = 80_000

    def load(self, seed: int) -> Splits:
        """Return questions about different scenes for training, for validation and for the test.

        Example:
            >>> [len(part) for part in QuestionData(examples=30).load(seed=0)]
            [30, 3, 3]
        """
        from dlseq.data.scenes import draw_questions  # loads Pillow

        sizes = {
            "train": self.examples,
            "validation": max(1, min(VALIDATION, self.examples // 10)),
            "test": max(1, min(TEST, self.examples // 10)),
        }
        return Splits(*(draw_questions(size, seed, split, per_scene=PER_SCENE) for split, size in sizes.items()))


SIZES = {
    "filters": [24, 48, 64, 96],
    "strides": [2, 2, 2, 1],
    "jitter": 0.1,
    "sprites": 16_000,
    "embedding_units": 48,
    "units": 48,
}

PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "scenes",
            "questions about drawn scenes",
            QuestionData(),
            SIZES,
            TrainingConfig(epochs=7, batch_size=32, learning_rate=0.003),
        ),
        Preset(
            "question-only",
            "the same with a gray image: the baseline that must guess",
            QuestionData(),
            {**SIZES, "question_only": True, "filters": [8], "strides": [8], "sprites": 0},
            TrainingConfig(epochs=4, batch_size=32, learning_rate=0.003),
        ),
    )
}


def default_preset(**options) -> str:
    """Return the name of the preset for data options that are given without one.

    Example:
        >>> default_preset()
        'scenes'
    """
    return "scenes"
