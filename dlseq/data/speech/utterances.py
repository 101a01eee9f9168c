"""Utterances: words of one synthetic voice with pauses, changed at random; and recordings that a CSV file lists."""

import dataclasses
import os

import numpy as np

from dlseq.data.labeled_files import read_labeled_files
from dlseq.data.speech.augmentation import (
    FAR_COLOR,
    FAR_TRACT,
    OWN_VOICE,
    Augmentation,
    bent,
    degrade,
    noise,
    stretch,
    warp_bands,
)
from dlseq.data.speech.features import BANDS, FRAMES_PER_SECOND, log_mel, loudness_levels
from dlseq.data.speech.nonspeech import NONSPEECH, nonspeech_levels
from dlseq.data.speech.recordings import recorded_word, voice_names
from dlseq.data.speech.sound import read_wav
from dlseq.data.speech.voices import SPLITS
from dlseq.data.speech.words import WORDS, language_words
from dlseq.errors import DataError

__all__ = ["Utterance", "draw_utterances", "read_speech", "read_speech_csv"]

DIGIT_SHARE, NOISE_SHARE = 0.45, 0.08
SOUND_SHARE = 0.5  # of what is no speech: sounds such as tones and glides, the others are noise
MAX_COMMANDS = 3
WORD_SPEED = (0.9, 1.15)  # of a word, beside that of the utterance
LOST_END = 0.3  # of a word, at most, where the next one follows without a pause
PAUSE_SECONDS, EDGE_SECONDS = (0.02, 0.4), (0.02, 0.5)


@dataclasses.dataclass(frozen=True, eq=False)
class Utterance:
    """Sound with what is said in it.

    Args:
        levels: `loudness_levels`, uint8 `(T, BANDS)`.
        text: Words with a space between two; empty for a sound without speech.
        voice: Name of the voice. Defaults to none.
        language: Code of the language. Defaults to none.
    """

    levels: np.ndarray
    text: str
    voice: str = ""
    language: str = ""


def draw_utterances(
    count: int,
    seed: int,
    split: str = "train",
    *,
    languages=tuple(WORDS),
    digits: tuple[int, int] = (2, 5),
    digit_share: float = DIGIT_SHARE,
    noise_share: float = NOISE_SHARE,
    augmentation: Augmentation | None = None,
) -> list[Utterance]:
    """Draw utterances of the voices of a part of the data: strings of digits, one to three commands, or no speech.

    Args:
        count: Number of utterances.
        seed: Seed of the draw.
        split: `"train"`, `"validation"`, `"test"` or `"stylized"`, whose voices are different ones.
        languages: Codes of languages; an utterance is in one of them.
        digits: Least and largest number of digits in a string.
        digit_share: Share of strings of digits among utterances of speech.
        noise_share: Share of what is no speech, whose text is empty: one half noise, one half sounds of `NONSPEECH`;
            those of the test are of other kinds than those of training and validation.
        augmentation: Ranges of changes. Defaults to `Augmentation()` for training, and to `OWN_VOICE` otherwise.

    Raises:
        DataError: An unknown part of the data, or language.

    Example:
        >>> utterance = draw_utterances(1, seed=4, digit_share=1, noise_share=0)[0]
        >>> utterance.language, utterance.text, utterance.levels.dtype
        ('ko', '일 팔', dtype('uint8'))
    """
    if split not in SPLITS:
        raise DataError(f"Invalid value for argument `split`. Expected one of: {', '.join(SPLITS)}. Received: {split}.")
    ranges, names = augmentation or (Augmentation() if split == "train" else OWN_VOICE), voice_names(split)
    random = np.random.default_rng([seed, *map(ord, split)])
    utterances = []
    for _ in range(count):
        if random.random() < noise_share:
            utterances.append(Utterance(_no_speech(split, random), ""))
            continue
        language, voice = str(random.choice(languages)), str(random.choice(names))
        if random.random() < digit_share:
            kind, number = "digits", random.integers(digits[0], digits[1] + 1)
        else:
            kind, number = "commands", random.integers(1, MAX_COMMANDS + 1)
        words = random.choice(language_words(language, kind), number).tolist()
        levels = _speak(words, voice, language, ranges, random)
        utterances.append(Utterance(levels, " ".join(words), voice, language))
    return utterances


def _no_speech(split, random):
    """Return the levels of noise, or of another sound that is no speech."""
    if random.random() < SOUND_SHARE:
        kinds = NONSPEECH["train" if split in ("train", "validation") else "test"]
        return nonspeech_levels(kinds[random.integers(len(kinds))], random)
    return loudness_levels(noise(int(random.uniform(0.3, 3) * FRAMES_PER_SECOND), random))


def _speak(words, voice, language, ranges, random):
    """Return the levels of words of one voice, one after another."""
    is_far = ranges.far > 0 and random.random() < ranges.far
    tract_range, color = (FAR_TRACT, FAR_COLOR) if is_far else (ranges.tract, ranges.color)
    speed, tract = random.uniform(*ranges.speed), random.uniform(*tract_range)
    tract = tract * bent(1 - ranges.formants, 1 + ranges.formants, random)  # (BANDS,)
    loudness = bent(-color, color, random)

    def silence(seconds):
        return np.full((round(random.uniform(*seconds) * FRAMES_PER_SECOND), BANDS), -60.0)

    parts = [silence(EDGE_SECONDS)]
    for index, word in enumerate(words):
        decibels = recorded_word(voice, language, word).astype(np.float64)
        decibels = warp_bands(stretch(decibels, speed * random.uniform(*WORD_SPEED)), tract)
        if index and random.random() < ranges.connected:
            parts[-1] = parts[-1][: len(parts[-1]) - int(random.uniform(0, LOST_END) * len(parts[-1]))]
        elif index:
            parts.append(silence(PAUSE_SECONDS))
        parts.append(decibels + loudness + random.uniform(-0.5, 0.5) * ranges.level)
    parts.append(silence(EDGE_SECONDS))
    return degrade(np.concatenate(parts), ranges, random)


def read_speech(path: str | os.PathLike) -> np.ndarray:
    """Read a WAV file as `loudness_levels`, uint8 `(T, BANDS)`; see `read_wav`.

    Raises:
        DataError: The file cannot be used.
    """
    return loudness_levels(log_mel(read_wav(path)))


def read_speech_csv(path: str | os.PathLike) -> list[Utterance]:
    """Read recordings that a CSV file lists: UTF-8, header `file,text`, WAV files relative to its folder.

    Raises:
        DataError: The file cannot be read, has another header or no rows, or a row is wrong; the message names the
            line. Or a recording cannot be read.
    """
    return [Utterance(read_speech(file), text) for file, text in read_labeled_files(path, "text", "a recording")]
