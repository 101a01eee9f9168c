"""Sound files: WAV of any rate and sample width to 16,000 samples a second, and back."""

import os
import wave
from pathlib import Path

import numpy as np

from dlseq.data.speech.features import RATE
from dlseq.errors import DataError
from dlseq.files import atomic_write

__all__ = ["MAX_SECONDS", "read_wav", "resample", "write_wav"]

MAX_SECONDS = 60
MIN_SECONDS = 0.05
LOWEST_RATE, HIGHEST_RATE = 6_000, 192_000
FAINTEST = 1e-4  # of full scale: below it, a recording is silence
EXPECTED = "a WAV file of 8, 16, 24 or 32-bit PCM"


def read_wav(path: str | os.PathLike) -> np.ndarray:
    """Read a WAV file as one channel of 16,000 samples a second.

    Channels are averaged, and a constant offset is taken off.

    Args:
        path: The file, of 8, 16, 24 or 32 bits, 6,000 to 192,000 samples a second, 0.05 to 60 seconds.

    Returns:
        Floats from -1 to 1, float32 `(N,)`.

    Raises:
        DataError: The file is missing, of another kind, damaged, empty, silent, too short or too long.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "tone.wav"
        >>> write_wav(path, 0.5 * np.sin(np.arange(8_000)), rate=8_000)
        >>> read_wav(path).shape
        (16000,)
    """
    frames, channels, width, rate = _read_frames(path)
    values = _integers(frames, width).reshape(-1, channels).mean(axis=1) / 2 ** (8 * width - 1)
    if len(values) < MIN_SECONDS * rate:
        raise DataError(
            f"Cannot read {path}. Expected at least {MIN_SECONDS} seconds of sound. "
            f"Received: {len(values) / rate:.3f} seconds."
        )
    values -= values.mean()
    if np.abs(values).max() < FAINTEST:
        raise DataError(f"Cannot read {path}. Expected sound. Received: silence. Was the microphone on?")
    return resample(values, rate).astype(np.float32)


def _read_frames(path):
    """Return the bytes of the samples, the channels, the bytes of a sample, and the samples a second."""
    try:
        with Path(path).open("rb") as file, wave.open(file) as reader:
            channels, width, rate, count = reader.getparams()[:4]
            if not LOWEST_RATE <= rate <= HIGHEST_RATE:
                raise DataError(
                    f"Cannot read {path}. Expected {LOWEST_RATE:,} to {HIGHEST_RATE:,} samples a second. "
                    f"Received: {rate:,}."
                )
            if count > MAX_SECONDS * rate:
                raise DataError(
                    f"Cannot read {path}. Expected at most {MAX_SECONDS} seconds. Received: {count / rate:,.0f} "
                    "seconds. Cut it into parts first."
                )
            frames = reader.readframes(count)
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}. Expected {EXPECTED}.") from error
    except (wave.Error, EOFError, RuntimeError) as error:
        raise DataError(
            f"Cannot read {path}. Expected {EXPECTED}. Received: another kind of file, or a damaged one "
            f"({str(error) or 'it ends too early'})."
        ) from error
    if not channels or width not in (1, 2, 3, 4):
        raise DataError(f"Cannot read {path}. Expected {EXPECTED}. Received: {channels} channels of {8 * width} bits.")
    if len(frames) < count * channels * width:
        raise DataError(
            f"Cannot read {path}. Expected {count:,} samples. Received: {len(frames) // (channels * width):,}. "
            "The file is cut off; copy it again."
        )
    return frames, channels, width, rate


def _integers(frames, width):
    """Return signed samples as float64 `(N,)`."""
    if width == 1:
        return np.frombuffer(frames, np.uint8) - 128.0
    if width == 3:
        parts = np.frombuffer(frames, np.uint8).reshape(-1, 3)
        return (np.pad(parts, [(0, 0), (1, 0)]).view("<i4")[:, 0] >> 8).astype(np.float64)
    return np.frombuffer(frames, f"<i{width}").astype(np.float64)


def resample(samples: np.ndarray, rate: int, new_rate: int = RATE) -> np.ndarray:
    """Return sound at another number of samples a second; what the lower rate cannot hold is filtered off.

    The spectrum of the whole is cut, or filled with zeros, at the lower of both highest frequencies.

    Args:
        samples: Floats `(N,)`.
        rate: Their number a second.
        new_rate: The wanted number. Defaults to 16,000.

    Returns:
        Floats `(round(N new_rate / rate),)`.

    Example:
        >>> slow = np.sin(2 * np.pi * 440 * np.arange(800) / 8_000)
        >>> fast = np.sin(2 * np.pi * 440 * np.arange(1_600) / 16_000)
        >>> bool(np.abs(resample(slow, 8_000) - fast)[100:-100].max() < 0.01)
        True
    """
    if rate == new_rate:
        return np.asarray(samples, np.float64)
    count = round(len(samples) * new_rate / rate)
    period = rate // np.gcd(rate, new_rate)
    padded = np.pad(samples, (0, -len(samples) % period + period))  # whole periods, so that both lengths are whole
    length = len(padded) * new_rate // rate
    bins = min(len(padded), length) // 2  # without the highest frequency itself
    spectrum = np.zeros(length // 2 + 1, np.complex128)
    spectrum[:bins] = np.fft.rfft(padded)[:bins]
    return np.fft.irfft(spectrum, length)[:count] * (length / len(padded))


def write_wav(path: str | os.PathLike, samples: np.ndarray, rate: int = RATE) -> None:
    """Write one channel of 16 bits.

    Args:
        path: The file to create or replace.
        samples: Floats `(N,)`; those outside of -1 to 1 are cut.
        rate: Samples a second. Defaults to 16,000.
    """
    values = np.rint(np.clip(samples, -1, 1) * 32_767).astype("<i2")
    with atomic_write(path) as partial, wave.open(str(partial), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(values.tobytes())
