"""Melodies as MIDI and WAV files."""

import io
import wave

import numpy as np
import pytest

from dlseq.data.music import Melody, midi_bytes, parse_notes, wave_bytes


def test_midi_has_the_bytes_of_the_specification():
    """Oracle: written by hand after the Standard MIDI-File Format 1.1; 960 is 87 40 in groups of seven bits."""
    melody = Melody("a", 0, "major", parse_notes("C4 r:2 D4:2"), meter="3/4")
    header = "4d546864 00000006 0000 0001 01e0"
    tempo, meter, program = "00 ff5103 07a120", "00 ff5804 03 02 18 08", "00 c0 13"
    first, second = "00 903c50 8360 803c00", "8740 903e50 8740 803e00"
    track = bytes.fromhex(f"{tempo} {meter} {program} {first} {second} 00 ff2f00")
    expected = bytes.fromhex(header) + b"MTrk" + len(track).to_bytes(4, "big") + track
    assert midi_bytes(melody, beats_per_minute=120) == expected


def test_a_rest_at_the_end_delays_the_end_of_the_track():
    assert midi_bytes(Melody("a", 0, "major", parse_notes("C4 r")))[-5:] == bytes.fromhex("8360 ff2f00")


@pytest.mark.parametrize(("note", "hertz"), [("A4", 440.0), ("A3", 220.0), ("C5", 523.25)])
def test_the_loudest_frequency_is_that_of_the_note(note, hertz):
    samples, rate = read_wave(wave_bytes(Melody("a", 0, "major", parse_notes(f"{note}:4")), beats_per_minute=60))
    spectrum = np.abs(np.fft.rfft(samples))
    assert spectrum.argmax() * rate / len(samples) == pytest.approx(hertz, abs=0.3)


def test_sound_lasts_as_long_as_the_notes_and_is_silent_in_rests():
    samples, rate = read_wave(wave_bytes(Melody("a", 0, "major", parse_notes("A4 r:0.5 C5:1.5")), beats_per_minute=90))
    assert len(samples) == 2 * rate
    rest = samples[round(2 / 3 * rate) + 1 : rate]
    assert np.abs(rest).max() == 0
    assert 0.2 < np.abs(samples).max() <= 1
    assert np.abs(np.diff(samples)).max() < 0.2, "a click"


def read_wave(content):
    """Return samples from -1 to 1 and their number a second."""
    with wave.open(io.BytesIO(content)) as reader:
        assert (reader.getnchannels(), reader.getsampwidth()) == (1, 2)
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2") / 32767, reader.getframerate()
