"""Sound of melodies: a small additive synthesizer that writes WAV files."""

import io
import wave

import numpy as np

from dlseq.data.music.melodies import TICKS_PER_BEAT, Melody

__all__ = ["wave_bytes"]

SAMPLES_PER_SECOND = 22_050
PARTIALS = (1.0, 0.5, 0.25, 0.12)  # amplitudes of the fundamental and its overtones
ATTACK_SECONDS, RELEASE_SECONDS = 0.02, 0.06
VOLUME = 0.5
LOUDEST = 32_767  # of 16 bits
A4, A4_HERTZ = 69, 440.0


def wave_bytes(melody: Melody, *, beats_per_minute: float = 90.0) -> bytes:
    """Return the content of a WAV file: 22,050 samples a second, 16 bits, one channel.

    Args:
        melody: The melody.
        beats_per_minute: Tempo in quarter notes. Defaults to 90.

    Example:
        >>> from dlseq.data.music.melodies import parse_notes
        >>> content = wave_bytes(Melody("a", 0, "major", parse_notes("A4")), beats_per_minute=60)
        >>> content[:4], len(content)  # a second of two bytes a sample, after a header of 44
        (b'RIFF', 44144)
    """
    seconds_per_tick = 60 / beats_per_minute / TICKS_PER_BEAT
    ticks = np.cumsum([0, *(note.ticks for note in melody.notes)])
    bounds = np.round(ticks * seconds_per_tick * SAMPLES_PER_SECOND).astype(int)  # no rounding adds up
    parts = [_tone(note.pitch, count) for note, count in zip(melody.notes, np.diff(bounds).tolist(), strict=True)]
    samples = np.round(np.concatenate(parts) * VOLUME * LOUDEST).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(SAMPLES_PER_SECOND)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def _tone(pitch, count):
    """Return the samples of a note, at most 1, that begin and end softly."""
    if pitch is None:
        return np.zeros(count)
    hertz = A4_HERTZ * 2 ** ((pitch - A4) / 12)
    seconds = np.arange(count) / SAMPLES_PER_SECOND
    sound = sum(size * np.sin(2 * np.pi * hertz * (n + 1) * seconds) for n, size in enumerate(PARTIALS))
    rise = np.minimum(1, seconds / ATTACK_SECONDS)
    fall = np.minimum(1, (count / SAMPLES_PER_SECOND - seconds) / RELEASE_SECONDS)
    return sound / sum(PARTIALS) * rise * fall
