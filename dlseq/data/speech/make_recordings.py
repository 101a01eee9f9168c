"""Make `recordings.npz`, spoken words of synthetic voices as log-mel features, with the program espeak-ng.

    apt install espeak-ng
    python -m dlseq.data.speech.make_recordings

1. Each voice of `voices` speaks each word of `words` alone.
2. The sound becomes `log_mel` features; silence before and after the word, 45 decibels below its loudest frame, is cut.
3. Features are stored as `loudness_levels`, whole decibels in bytes, each as the change from the band below.
"""

import io
import subprocess
import wave
import zipfile
from pathlib import Path

import numpy as np

from dlseq.data.speech.features import log_mel, loudness_levels
from dlseq.data.speech.sound import resample
from dlseq.data.speech.voices import Voice, voices
from dlseq.data.speech.words import WORDS, language_words
from dlseq.files import atomic_write

TRIM_DECIBELS = 45


def speak(text: str, voice: Voice, language: str) -> np.ndarray:
    """Return a text as espeak-ng speaks it, 16,000 samples a second, `(N,)`."""
    command = ["espeak-ng", *voice.arguments(language), "--stdout", text]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(spoken)) as reader:
        samples = np.frombuffer(reader.readframes(1 << 24), "<i2") / 32_768  # the header of a stream states no length
        return resample(samples, reader.getframerate())


def word_levels(samples: np.ndarray) -> np.ndarray:
    """Return the levels of a word without the silence around it, uint8 `(T, BANDS)`."""
    decibels = log_mel(samples)
    loud = np.flatnonzero(decibels.max(axis=1) > decibels.max() - TRIM_DECIBELS)
    return loudness_levels(decibels[max(loud[0] - 1, 0) : loud[-1] + 2])


def main() -> None:
    """Write `recordings.npz` beside this module."""
    words = [
        (language, word) for language in WORDS for kind in WORDS[language] for word in language_words(language, kind)
    ]
    spoken = [[word_levels(speak(word, voice, language)) for language, word in words] for voice in voices()]
    lengths = np.array([[len(levels) for levels in row] for row in spoken], np.uint8)  # (voices, words)
    levels = np.concatenate([levels for row in spoken for levels in row])  # (frames, BANDS)
    changes = np.diff(levels, axis=1, prepend=np.uint8(0))  # modulo 256; packs better
    path = Path(__file__).with_name("recordings.npz")
    with atomic_write(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_LZMA) as archive:
        for name, array in (("lengths", lengths), ("changes", changes)):
            member = zipfile.ZipInfo(f"{name}.npy")  # without the time, for the same bytes again
            member.compress_type = zipfile.ZIP_LZMA
            with archive.open(member, "w") as file:
                np.lib.format.write_array(file, array)
    print(f"{path}: {len(spoken)} voices, {len(words)} words, {len(levels) / 100:.0f} seconds")


if __name__ == "__main__":
    main()
