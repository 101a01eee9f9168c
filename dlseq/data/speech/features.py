"""Log-mel features of sound: the loudness of frequency bands over time, as an ear hears them."""

import functools

import numpy as np

__all__ = [
    "BANDS",
    "FRAMES_PER_SECOND",
    "RANGE_DECIBELS",
    "RATE",
    "band_centers",
    "log_mel",
    "loudness_levels",
    "mel_filters",
]

RATE = 16_000
"""Samples a second."""
HOP, WINDOW, FFT = 160, 400, 512
FRAMES_PER_SECOND = RATE // HOP
BANDS = 40
LOWEST_HERTZ, HIGHEST_HERTZ = 60.0, 7_600.0
RANGE_DECIBELS = 80
SILENCE = 1e-10  # energy that the logarithm does not go below


def mel_filters() -> np.ndarray:
    """Return triangular filters at equal distances on the mel scale, `(BANDS, FFT / 2 + 1)`.

    1. `mel(f) = 2595 log10(1 + f / 700)`; the centers and the two ends are equally far apart in mel.
    2. A filter rises from 0 at the center before to 1 at its own, and falls to 0 at the next, linear in hertz.

    Reference:
        Davis and Mermelstein, 1980, "Comparison of parametric representations for monosyllabic word recognition".

    Example:
        >>> filters = mel_filters()
        >>> filters.shape, bool((filters.sum(axis=0) <= 1.0001).all())
        ((40, 257), True)
    """
    hertz = _points()
    bins = np.arange(FFT // 2 + 1) * RATE / FFT
    before, center, after = hertz[:-2, None], hertz[1:-1, None], hertz[2:, None]
    return np.maximum(0, np.minimum((bins - before) / (center - before), (after - bins) / (after - center)))


def _points():
    """Return frequencies at equal distances on the mel scale: centers of the filters and the two ends."""
    ends = 2595 * np.log10(1 + np.array([LOWEST_HERTZ, HIGHEST_HERTZ]) / 700)
    return 700 * (10 ** (np.linspace(*ends, BANDS + 2) / 2595) - 1)


def band_centers() -> np.ndarray:
    """Return the frequency of the center of each filter in hertz, `(BANDS,)`.

    Example:
        >>> band_centers()[[0, 13, 39]].round().tolist()
        [106.0, 1019.0, 7130.0]
    """
    return _points()[1:-1]


@functools.cache
def _filters():
    return mel_filters().T.astype(np.float32)


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Return the energy of each band in decibels, 100 frames a second.

    1. Frames of 25 ms, 10 ms apart, times a Hann window; the last one is filled with zeros.
    2. `energy = |FFT|² / 400` of each, summed by `mel_filters`.
    3. `10 log10(max(energy, 1e-10))`.

    Args:
        samples: Floats from -1 to 1, `(N,)`, 16,000 a second.

    Returns:
        float32 `(T, 40)`, at least one frame.

    Example:
        >>> tone = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000)
        >>> decibels = log_mel(tone)
        >>> decibels.shape, int(decibels[50].argmax())  # of the filter whose center is at 1,019 hertz
        ((99, 40), 13)
    """
    samples = np.asarray(samples, np.float32)
    frames = max(1, -(-(len(samples) - WINDOW) // HOP) + 1)
    padded = np.zeros((frames - 1) * HOP + WINDOW, np.float32)
    padded[: len(samples)] = samples
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]  # (T, WINDOW)
    spectrum = np.fft.rfft(windows * np.hanning(WINDOW + 1)[:-1].astype(np.float32), FFT)
    energy = np.square(np.abs(spectrum)).astype(np.float32) @ _filters() / WINDOW  # (T, BANDS)
    return 10 * np.log10(np.maximum(energy, SILENCE))


def loudness_levels(decibels: np.ndarray) -> np.ndarray:
    """Return whole decibels above a floor that is 80 below the loudest, as bytes.

    Loudness is relative, so that a recording far from the microphone has the same levels as one near to it.

    Args:
        decibels: Floats `(T, D)`.

    Returns:
        uint8 `(T, D)`, from 0 to 80; all 0 if no sound is above the lowest energy of `log_mel`.

    Example:
        >>> loudness_levels(np.array([[0.0, -10.0], [-79.4, -90.0]])).tolist()
        [[80, 70], [1, 0]]
    """
    loudest = decibels.max()
    if loudest <= 10 * np.log10(SILENCE):
        return np.zeros(decibels.shape, np.uint8)
    return np.rint(np.maximum(decibels - loudest + RANGE_DECIBELS, 0)).astype(np.uint8)
