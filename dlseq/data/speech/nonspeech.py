"""Sounds that are no speech, drawn as waves: what a recognizer has to leave without a word."""

from collections.abc import Callable

import numpy as np

from dlseq.data.speech.augmentation import add_noise, noise
from dlseq.data.speech.features import RATE, log_mel, loudness_levels
from dlseq.errors import DataError

__all__ = ["NONSPEECH", "draw_nonspeech", "nonspeech_levels"]

MIN_SECONDS, MAX_SECONDS = 0.4, 3.0
HIGHEST_HERTZ = 7_000.0
SIGNAL_TO_NOISE = (15.0, 70.0)
SEMITONES = (0, 2, 4, 5, 7, 9, 11, 12)


def _pitch(low, high, random):
    return low * (high / low) ** random.random()


def _wave(hertz):
    """Return a sine whose frequency is that of each sample, `(N,)`."""
    return np.sin(2 * np.pi * np.cumsum(hertz) / RATE)


def _tone(seconds, random):
    found = _wave(np.full(len(seconds), _pitch(100, 5_000, random)))
    return found * (seconds % random.uniform(0.2, 1) < 0.15) if random.random() < 0.4 else found


def _glide(seconds, random):
    """Return a tone that moves over up to three octaves, once or again and again, with or without overtones."""
    part = seconds % random.uniform(0.3, 1) if random.random() < 0.4 else seconds
    octaves = random.choice([-1, 1]) * random.uniform(0.3, 3) * part / part.max()
    hertz = np.clip(_pitch(150, 3_000, random) * 2**octaves, 50, HIGHEST_HERTZ)
    overtones = random.integers(1, 4)
    return sum(_wave(np.where(n * hertz < HIGHEST_HERTZ, n * hertz, 0)) / n for n in range(1, overtones + 1))


def _chord(seconds, random):
    root = _pitch(80, 800, random)
    found = sum(np.sin(2 * np.pi * root * 2 ** (steps / 12) * seconds) for steps in random.choice(16, 3, replace=False))
    return found * (seconds % 0.6 < random.uniform(0.2, 0.6))


def _buzz(seconds, random):
    cycles = seconds * _pitch(40, 500, random)
    return np.sign(np.sin(2 * np.pi * cycles)) if random.random() < 0.5 else 2 * (cycles % 1) - 1


def _clicks(seconds, random):
    struck = (random.random(len(seconds)) < random.uniform(2, 40) / RATE).astype(float)
    decay = np.exp(-np.arange(800) / random.uniform(5, 200)) * np.sin(np.arange(800) * random.uniform(0.1, 2.5))
    return np.convolve(struck, decay)[: len(seconds)] + 1e-4 * random.normal(size=len(seconds))


def _melody(seconds, random):
    """Return notes of a major scale with overtones that fade."""
    length, root = random.uniform(0.12, 0.4), _pitch(150, 700, random)
    notes = root * 2 ** (random.choice(SEMITONES, int(seconds[-1] / length) + 1) / 12)
    hertz, age = notes[(seconds / length).astype(int)], seconds % length
    overtones = sum(_wave(np.where(n * hertz < HIGHEST_HERTZ, n * hertz, 0)) / n**1.5 for n in range(1, 7))
    return overtones * np.exp(-age / random.uniform(0.1, 0.5))


def _siren(seconds, random):
    swing = np.sin(2 * np.pi * random.uniform(0.4, 6) * seconds + random.uniform(0, 6))
    return _wave(_pitch(400, 2_000, random) * 2 ** (random.uniform(0.15, 1) * swing))


def _bell(seconds, random):
    root, every = _pitch(200, 1_200, random), random.uniform(0.3, 1.5)
    age = seconds % every
    partials = ((1.0, 1.0), (2.0, 0.7), (2.4, 0.6), (3.0, 0.4), (4.5, 0.3), (5.3, 0.2))
    return sum(
        share * np.sin(2 * np.pi * root * ratio * age) * np.exp(-age * ratio * 3)
        for ratio, share in partials
        if root * ratio < HIGHEST_HERTZ
    )


KINDS: dict[str, Callable] = {
    "tone": _tone,
    "glide": _glide,
    "chord": _chord,
    "buzz": _buzz,
    "clicks": _clicks,
    "melody": _melody,
    "siren": _siren,
    "bell": _bell,
}

NONSPEECH = {"train": ("tone", "glide", "chord", "buzz", "clicks"), "test": ("melody", "siren", "bell")}
"""Kinds of sounds that training and validation have, and kinds that the test alone has."""


def nonspeech_levels(kind: str, random: np.random.Generator) -> np.ndarray:
    """Return the levels of one sound of a kind in faint noise, uint8 `(T, BANDS)`.

    Raises:
        DataError: An unknown kind.

    Example:
        >>> levels = nonspeech_levels("bell", np.random.default_rng(0))
        >>> levels.dtype, levels.shape[1]
        (dtype('uint8'), 40)
    """
    if kind not in KINDS:
        raise DataError(f"Unknown kind of sound. Expected one of: {', '.join(KINDS)}. Received: {kind}.")
    seconds = np.arange(int(random.uniform(MIN_SECONDS, MAX_SECONDS) * RATE)) / RATE
    wave = KINDS[kind](seconds, random)
    decibels = log_mel(0.3 * wave / max(np.abs(wave).max(), 1e-9))
    return loudness_levels(add_noise(decibels, noise(len(decibels), random), random.uniform(*SIGNAL_TO_NOISE)))


def draw_nonspeech(count: int, seed: int, kinds: tuple[str, ...] = NONSPEECH["test"]) -> list[np.ndarray]:
    """Draw sounds that are no speech, of some kinds in turn.

    Args:
        count: Number of sounds.
        seed: Seed of the draw.
        kinds: Names of `NONSPEECH`. Defaults to those that no training has.

    Returns:
        Levels of each, uint8 `(T, BANDS)`.

    Raises:
        DataError: An unknown kind.

    Example:
        >>> len(draw_nonspeech(4, seed=0))
        4
    """
    random = np.random.default_rng([seed, 7])
    return [nonspeech_levels(kinds[number % len(kinds)], random) for number in range(count)]
