"""Spoken words of synthetic voices, stored as log-mel features."""

import functools
from pathlib import Path

import numpy as np

from dlseq.data.speech.voices import voices
from dlseq.data.speech.words import WORDS, language_words

__all__ = ["recorded_word", "voice_names"]


def voice_names(split: str) -> list[str]:
    """Return the names of the voices of a part of the data.

    Example:
        >>> voice_names("validation")
        ['m2', 'Annie', 'Storm', 'pablo']
    """
    return [voice.name for voice in voices() if voice.split == split]


def recorded_word(voice: str, language: str, word: str) -> np.ndarray:
    """Return a word of a voice as `loudness_levels`, uint8 `(T, BANDS)`, read-only.

    Example:
        >>> recorded_word("f1", "en", "seven").shape[1]
        40
    """
    return _recordings()[voice, language, word]


@functools.cache
def _recordings():
    """Return the levels of each voice, language and word."""
    with np.load(Path(__file__).with_name("recordings.npz")) as file:
        lengths, changes = file["lengths"], file["changes"]
    levels = np.cumsum(changes, axis=1, dtype=np.uint8)  # (frames, BANDS)
    levels.flags.writeable = False
    parts = iter(np.split(levels, np.cumsum(lengths.ravel(), dtype=np.int64)[:-1]))
    words = [
        (language, word) for language in WORDS for kind in WORDS[language] for word in language_words(language, kind)
    ]
    return {(voice.name, *word): next(parts) for voice in voices() for word in words}
