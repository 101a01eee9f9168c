"""Melodies: Bach's chorales, their notation, and files of sound."""

from dlseq.data.music.chorales import load_chorales, split_by_tune
from dlseq.data.music.melodies import MODES, TONICS, Melody, Note, parse_notes, parse_tonic, read_melodies
from dlseq.data.music.midi import midi_bytes
from dlseq.data.music.sound import wave_bytes
from dlseq.data.music.statistics import longest_copy, share_in_key, tonic_endings

__all__ = [
    "MODES",
    "TONICS",
    "Melody",
    "Note",
    "load_chorales",
    "longest_copy",
    "midi_bytes",
    "parse_notes",
    "parse_tonic",
    "read_melodies",
    "share_in_key",
    "split_by_tune",
    "tonic_endings",
    "wave_bytes",
]
