"""WAV files of all widths and rates, resampling, and files that are none."""

import wave

import numpy as np
import pytest

from dlseq.data.speech import RATE, read_wav, resample, write_wav
from dlseq.errors import DataError


def tone(rate, seconds=0.5, hertz=440):
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def wav(path, frames, width=2, channels=1, rate=RATE):
    with wave.open(str(path), "wb") as writer:
        writer.setparams((channels, width, rate, 0, "NONE", ""))
        writer.writeframes(frames)
    return path


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_all_widths_of_samples_are_the_same_sound(tmp_path, width):
    values = np.round(tone(RATE) * (2 ** (8 * width - 1) - 1)).astype(int).tolist()
    signed = width > 1
    frames = b"".join((value + 128 * (not signed)).to_bytes(width, "little", signed=signed) for value in values)
    found = read_wav(wav(tmp_path / "a.wav", frames, width))
    np.testing.assert_allclose(found, tone(RATE), atol=1.2 / 2 ** (8 * width - 1) + 1e-4)


def test_channels_are_averaged_and_an_offset_is_taken_off(tmp_path):
    left, right = 0.8 * tone(RATE) + 0.1, np.zeros(RATE // 2)
    frames = np.round(np.stack([left, right], axis=1) * 32_767).astype("<i2").tobytes()
    np.testing.assert_allclose(read_wav(wav(tmp_path / "a.wav", frames, channels=2)), 0.4 * tone(RATE), atol=1e-4)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 47_999])
def test_another_rate_is_the_same_tone(tmp_path, rate):
    write_wav(tmp_path / "a.wav", tone(rate), rate)
    found = read_wav(tmp_path / "a.wav")
    assert len(found) == RATE // 2 or abs(len(found) - RATE / 2) <= 1
    np.testing.assert_allclose(found[800:-800], tone(RATE)[800 : len(found) - 800], atol=2e-3)


def test_frequencies_above_half_the_lower_rate_are_filtered_off():
    """Without a filter, 9 kHz would be heard as 7 kHz."""
    assert np.abs(resample(tone(44_100, hertz=9_000), 44_100)[800:-800]).max() < 2e-3


def test_read_and_written_sound_is_the_same(tmp_path):
    write_wav(tmp_path / "a.wav", tone(RATE))
    np.testing.assert_allclose(read_wav(tmp_path / "a.wav"), tone(RATE), atol=1e-4)


def cut(path):
    write_wav(path, tone(RATE))
    path.write_bytes(path.read_bytes()[:-1_000])


def floats(path):
    content = bytearray(wav(path, tone(RATE).astype("<f4").tobytes(), 4).read_bytes())
    content[20] = 3  # the code of IEEE floats
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "No such file"),
        (lambda path: path.mkdir(), "Is a directory"),
        (lambda path: path.write_bytes(b""), "another kind of file"),
        (lambda path: path.write_text("no sound"), "another kind of file"),
        (lambda path: path.write_bytes(b"RI"), r"a damaged one \(it ends too early\)"),
        (lambda path: path.write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt "), "another kind of file"),
        (floats, "unknown format: 3"),
        (cut, "Expected 8,000 samples. Received: 7,500"),
        (lambda path: wav(path, b""), "Received: 0.000 seconds"),
        (lambda path: wav(path, bytes(400)), "Received: 0.013 seconds"),
        (lambda path: wav(path, bytes(16_000)), "Received: silence"),
        (lambda path: wav(path, b"\x10\x01" * 8_000), "Received: silence"),  # a constant is none
        (lambda path: wav(path, bytes(2 * 61 * 8_000), rate=8_000), "at most 60 seconds. Received: 61"),
        (lambda path: wav(path, bytes(16_000), rate=100), "Received: 100"),
    ],
)
def test_other_files_are_refused(tmp_path, make, message):
    path = tmp_path / "a.wav"
    make(path)
    with pytest.raises(DataError, match=message) as error:
        read_wav(path)
    assert str(path) in str(error.value)
