"""Changes of recorded sound in the log-mel domain: speed, length of the vocal tract, noise, room and telephone."""

import dataclasses

import numpy as np

from dlseq.data.speech.features import BANDS, FRAMES_PER_SECOND, loudness_levels

__all__ = ["CLEAN", "OWN_VOICE", "Augmentation", "add_noise", "bent", "noise", "stretch", "warp_bands"]

BENDS = 5
TELEPHONE_BAND = 30
"""First band whose center is above 3,800 hertz, half the samples of a telephone line."""

FAR_TRACT, FAR_COLOR = (0.82, 1.32), 20.0


@dataclasses.dataclass(frozen=True)
class Augmentation:
    """Ranges that changes are drawn from, uniformly.

    Args:
        speed: Factor of the speed of each utterance.
        tract: Factor of the frequencies of formants, 1 / length of the vocal tract.
        connected: Share of words that follow the one before without a pause, whose end is shorter then.
        formants: Largest share by which single formants move besides.
        level: Largest change of the loudness of a word in decibels.
        color: Largest change of the loudness of a part of the bands in decibels, as by a microphone or a wall.
        signal_to_noise: Decibels from the loudest sound to the noise.
        echo: Share of utterances in a room with an echo.
        telephone: Share of utterances without the highest frequencies.
        far: Share of utterances with `FAR_TRACT` and `FAR_COLOR` instead, as if by a voice unlike all others.
    """

    speed: tuple[float, float] = (0.85, 1.2)
    tract: tuple[float, float] = (0.88, 1.14)
    connected: float = 0.2
    formants: float = 0.06
    level: float = 5.0
    color: float = 12.0
    signal_to_noise: tuple[float, float] = (12.0, 70.0)
    echo: float = 0.2
    telephone: float = 0.1
    far: float = 0.25


OWN_VOICE = Augmentation(tract=(1.0, 1.0), connected=0.0, formants=0.0, color=5.0, far=0.0)
"""Ranges that leave the formants of a voice where they are, and a pause between two words, for voices held out."""

CLEAN = Augmentation((1.0, 1.0), (1.0, 1.0), 0.0, 0.0, 0.0, 0.0, (70.0, 80.0), 0.0, 0.0, 0.0)
"""Ranges that leave the recordings as they are, but for noise that nobody hears."""


def stretch(decibels: np.ndarray, speed: float) -> np.ndarray:
    """Return sound at another speed and the same pitch: frames between two are their mean, weighted by distance.

    Args:
        decibels: Floats `(T, D)`.
        speed: Factor; 2 halves the number of frames.

    Example:
        >>> stretch(np.array([[0.0], [2.0], [4.0]]), 0.5).ravel().round(3).tolist()
        [0.0, 0.8, 1.6, 2.4, 3.2, 4.0]
    """
    places = np.linspace(0, len(decibels) - 1, max(1, round(len(decibels) / speed)))
    return _rows_between(decibels, places)


def warp_bands(decibels: np.ndarray, factor) -> np.ndarray:
    """Return sound with formants at `factor` times their place on the mel scale.

    Args:
        decibels: Floats `(T, D)`.
        factor: Above 1 for a shorter vocal tract; a number, or one for each band.

    Example:
        >>> warp_bands(np.array([[0.0, 0.0, 9.0, 0.0, 0.0]]), 1.5).round(3).tolist()
        [[0.0, 0.0, 3.0, 9.0, 3.0]]
    """
    places = np.clip(np.arange(decibels.shape[1]) / factor, 0, decibels.shape[1] - 1)
    return _rows_between(decibels.T, places).T


def bent(low: float, high: float, random: np.random.Generator) -> np.ndarray:
    """Return a curve over the bands through five values between `low` and `high`, `(BANDS,)`."""
    return np.interp(np.arange(BANDS), np.linspace(0, BANDS - 1, BENDS), random.uniform(low, high, BENDS))


def _rows_between(rows, places):
    """Return rows `(N, D)` at fractional places by linear interpolation."""
    below = np.minimum(places.astype(int), max(len(rows) - 2, 0))
    share = (places - below)[:, None]
    return rows[below] * (1 - share) + rows[np.minimum(below + 1, len(rows) - 1)] * share


def noise(frames: int, random: np.random.Generator) -> np.ndarray:
    """Return noise of a random color, steady, swelling or in bursts, in decibels, `(frames, BANDS)`.

    The energy of a band fluctuates as that of Gaussian noise does. Some noises have a hum or a tone in them.
    """
    bends = random.uniform(-25, 10, random.integers(2, 6))
    color = np.interp(np.linspace(0, 1, BANDS), np.linspace(0, 1, len(bends)), bends)
    found = color + 10 * np.log10(random.gamma(1 + np.arange(BANDS) / 6, size=(frames, BANDS)) + 1e-3)
    kind = random.random()
    seconds = np.arange(frames) / FRAMES_PER_SECOND
    if kind < 0.2:
        found += 12 * np.sin(2 * np.pi * random.uniform(0.2, 4) * seconds + random.uniform(0, 6))[:, None]
    elif kind < 0.4:
        found -= 40 * (random.random((frames, 1)) > random.uniform(0.02, 0.2))
    if random.random() < 0.3:
        place, steps = random.uniform(0, BANDS - 1), random.normal(0, random.choice([0, 0.3]), frames)
        found = np.maximum(found, 15 - 12 * np.abs(np.arange(BANDS) - (place + np.cumsum(steps))[:, None]))
    return found


def add_noise(decibels: np.ndarray, sound: np.ndarray, signal_to_noise: float) -> np.ndarray:
    """Return the sum of speech and noise, which is that of their energies.

    Args:
        decibels: Speech, floats `(T, D)`.
        sound: Noise, floats `(T, D)`.
        signal_to_noise: Decibels between the loudest places of both.

    Example:
        >>> add_noise(np.array([[0.0]]), np.array([[7.0]]), 0.0).round(2).tolist()  # twice the energy
        [[3.01]]
    """
    shifted = sound - sound.max() + decibels.max() - signal_to_noise
    return np.logaddexp2(decibels * _BITS, shifted * _BITS) / _BITS


_BITS = np.log2(10) / 10  # powers of two in a decibel


def echo(decibels: np.ndarray, frames: float, share: float) -> np.ndarray:
    """Return sound in a room: after it, `share` of its energy is left, which halves in `frames`."""
    energy = np.exp2(decibels * _BITS)
    tail, decay = np.zeros(decibels.shape[1]), 0.5 ** (1 / frames)
    found = np.empty_like(energy)
    for index, row in enumerate(energy):
        found[index] = row + tail
        tail = decay * (tail + share * row)
    return np.log2(np.maximum(found, 1e-12)) / _BITS


def degrade(decibels: np.ndarray, ranges: Augmentation, random: np.random.Generator) -> np.ndarray:
    """Return the levels of an utterance after room, telephone and noise, uint8 `(T, BANDS)`."""
    if random.random() < ranges.echo:
        decibels = echo(decibels, random.uniform(2, 12), random.uniform(0.02, 0.2))
    decibels = add_noise(decibels, noise(len(decibels), random), random.uniform(*ranges.signal_to_noise))
    if random.random() < ranges.telephone:
        decibels = decibels.copy()
        decibels[:, TELEPHONE_BAND:] = -np.inf
    return loudness_levels(decibels)
