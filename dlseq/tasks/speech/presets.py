"""Presets of the task of transcribing speech."""

import dataclasses
import os
import random

from dlseq.errors import DataError
from dlseq.tasks.preset import Preset, Splits
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "SpeechData", "default_preset"]

HELD_OUT = 1_000  # utterances for validation, and for the test
TRAINED_DIGITS, TESTED_DIGITS = (1, 5), (2, 5)
MIN_FILES = 6


@dataclasses.dataclass(frozen=True)
class SpeechData:
    """Source of utterances.

    Args:
        examples: Number of utterances to draw for training. Defaults to `16_000`.
        file: CSV file with the columns `file,text` that replaces the drawn utterances: WAV files relative to its
            folder, and their words. Defaults to `None`.
    """

    examples: int = 16_000
    file: str | os.PathLike | None = None

    def load(self, seed: int) -> Splits:
        """Return utterances for training, for validation, and for the test, whose voices are in no other utterance.

        A file is split at random: two thirds, one sixth, one sixth. Each word is in the first part.

        Raises:
            DataError: A file that cannot be used, or too few recordings.

        Example:
            >>> [len(part) for part in SpeechData(examples=20).load(seed=0)]
            [20, 20, 20]
        """
        from dlseq.data.speech import draw_utterances, read_speech_csv

        if self.file is None:
            count = min(HELD_OUT, self.examples)
            return Splits(
                draw_utterances(self.examples, seed, "train", digits=TRAINED_DIGITS),
                draw_utterances(count, seed, "validation", digits=TESTED_DIGITS),
                draw_utterances(count, seed, "test", digits=TESTED_DIGITS, noise_share=0.0),
            )
        utterances = read_speech_csv(self.file)
        random.Random(seed).shuffle(utterances)
        train, others, known = [], [], set()
        for utterance in utterances:  # so that training has all words
            words = set(utterance.text.split())
            (others if words <= known else train).append(utterance)
            known |= words
        if len(utterances) < MIN_FILES or len(others) < 2:
            raise DataError(
                f"{self.file}: Expected at least {MIN_FILES} recordings, and each word in several of them. "
                f"Received: {len(utterances)} recordings, {len(others)} of them with words of others only."
            )
        held_out = max(1, min(len(utterances) // 6, len(others) // 2))
        train += others[2 * held_out :]
        return Splits(train, others[:held_out], others[held_out : 2 * held_out])


PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "words",
            "digits and commands in English, French and Korean by synthetic voices, eight of which the test alone has",
            SpeechData(),
            sizes={"dropout": 0.1, "frequency_masks": 1, "channels": (16, 20)},
            training=TrainingConfig(epochs=7, batch_size=32, learning_rate=0.008, short_first=1),
        ),
        Preset(
            "attention",
            "the same utterances, by a decoder with attention over the encoder of the shipped model with CTC",
            SpeechData(examples=12_000),
            sizes={"decoder": "attention", "encoder_from": "speech-words", "dropout": 0.2},
            training=TrainingConfig(epochs=4, batch_size=32, learning_rate=0.004),
        ),
        Preset(
            "file",
            "a CSV file of your own with the columns file,text",
            SpeechData(),
            training=TrainingConfig(epochs=60, batch_size=8, learning_rate=0.004),
        ),
    )
}


def default_preset(**options) -> str:
    """Return the name of the preset for data options that are given without one.

    Example:
        >>> default_preset(), default_preset(file="mine.csv")
        ('words', 'file')
    """
    return "file" if "file" in options else "words"
