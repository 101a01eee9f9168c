"""Melodies as notes with a key, and the table format that they are read from."""

import csv
import dataclasses
import os
import re
from collections.abc import Iterable, Sequence

from dlseq.errors import DataError
from dlseq.files import read_utf8

__all__ = [
    "MODES",
    "TICKS_PER_BEAT",
    "TONICS",
    "Melody",
    "Note",
    "format_melodies",
    "parse_melodies",
    "parse_notes",
    "parse_tonic",
    "read_melodies",
]

TICKS_PER_BEAT = 8  # a beat is a quarter note
MODES = ("major", "minor")
TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
COLUMNS = ("name", "key", "meter", "tune", "notes")
MAX_BEATS = 16  # of a note
NOTE = re.compile(r"(?:(?P<letter>[A-Ga-g])(?P<sign>[#b]?)(?P<octave>[1-8])|r)(?::(?P<beats>[0-9.]+))?(?P<end>\^?)")
METER = re.compile(r"[1-9][0-9]?/(1|2|4|8|16)")
LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@dataclasses.dataclass(frozen=True)
class Note:
    """A note or rest.

    Args:
        pitch: MIDI number, 60 is C4; `None` for a rest.
        ticks: Duration in eighths of a quarter note, at least 1.
        ends_phrase: Whether a phrase ends here, a fermata in the score.
    """

    pitch: int | None
    ticks: int
    ends_phrase: bool = False

    def __str__(self):
        """Return the notation that `parse_notes` reads.

        Example:
            >>> str(Note(67, 12, True)), str(Note(None, 8))
            ('G4:1.5^', 'r:1')
        """
        name = "r" if self.pitch is None else f"{TONICS[self.pitch % 12]}{self.pitch // 12 - 1}"
        return f"{name}:{self.ticks / TICKS_PER_BEAT:g}{'^' if self.ends_phrase else ''}"


@dataclasses.dataclass(frozen=True)
class Melody:
    """A melody in a key.

    Args:
        name: Name, such as "bwv269".
        tonic: Pitch class of the tonic, 0 for C to 11 for B.
        mode: "major" or "minor".
        notes: Notes and rests.
        meter: Beats of a bar and their value. Defaults to "4/4".
        tune: Number of the tune, the same for variants of it, or `None`. Defaults to `None`.
    """

    name: str
    tonic: int
    mode: str
    notes: tuple[Note, ...]
    meter: str = "4/4"
    tune: int | None = None

    def transposed(self, semitones: int) -> "Melody":
        """Return the melody with all pitches and the tonic moved.

        Example:
            >>> Melody("a", 7, "major", (Note(67, 8), Note(None, 8))).transposed(2).notes
            (Note(pitch=69, ticks=8, ends_phrase=False), Note(pitch=None, ticks=8, ends_phrase=False))
        """
        notes = tuple(
            note if note.pitch is None else dataclasses.replace(note, pitch=note.pitch + semitones)
            for note in self.notes
        )
        return dataclasses.replace(self, tonic=(self.tonic + semitones) % 12, notes=notes)

    def in_key(self, tonic: int) -> "Melody":
        """Return the melody in the key of another tonic, by the shorter way: up to 5 semitones up, 6 down.

        Example:
            >>> Melody("a", 7, "major", (Note(67, 8),)).in_key(0).notes[0].pitch
            72
        """
        return self.transposed((tonic - self.tonic + 6) % 12 - 6)

    def relative(self) -> "Melody":
        """Return the melody in the key of C, as the network reads it."""
        return self.in_key(0)

    def from_relative(self, tonic: int) -> "Melody":
        """Return a melody in C in the key of another tonic, so that `relative` undoes it.

        `in_key` goes down from C to F# and from F# to C.

        Example:
            >>> Melody("a", 0, "major", (Note(60, 8),)).from_relative(6).notes[0].pitch
            66
        """
        return self.transposed((tonic + 5) % 12 - 5)


def parse_tonic(text: str) -> int:
    """Return the pitch class of a tonic, such as "G", "F#" or "Bb".

    Raises:
        DataError: It is no name of a note.

    Example:
        >>> parse_tonic("Bb"), parse_tonic("f#")
        (10, 6)
    """
    found = re.fullmatch(r"([A-Ga-g])([#b]?)", text)
    if not found:
        raise DataError(f"Invalid key. Expected a letter from A to G, with # or b if needed. Received: {text!r:.40}.")
    return _pitch_class(*found.groups())


def parse_notes(text: str) -> tuple[Note, ...]:
    """Return the notes of a text, such as `G4 A4:0.5 B4:0.5 r C5:2^`.

    A note is a letter with # or b, its octave, a colon and its beats, 1 if left out; `r` is a rest; `^` ends a phrase.

    Raises:
        DataError: A word is no note; the message names it.

    Example:
        >>> parse_notes("G4 r:0.5^")
        (Note(pitch=67, ticks=8, ends_phrase=False), Note(pitch=None, ticks=4, ends_phrase=True))
    """
    return tuple(_parse_note(word) for word in text.split())


def _parse_note(word):
    found = NOTE.fullmatch(word)
    if not found:
        raise DataError(f"Invalid note. Expected a note such as G4, Bb4:0.5 or r:2. Received: {word!r:.40}.")
    ticks = _parse_ticks(found["beats"] or "1")
    if ticks is None:
        raise DataError(
            f"Invalid duration of the note {word!r:.40}. Expected eighths of a beat, 0.125 to {MAX_BEATS} beats. "
            f"Received: {found['beats']!r:.40}."
        )
    pitch = None
    if found["letter"]:
        pitch = (
            12 * (int(found["octave"]) + 1) + LETTERS[found["letter"].upper()] + {"#": 1, "b": -1, "": 0}[found["sign"]]
        )
    return Note(pitch, ticks, bool(found["end"]))


def _parse_ticks(beats):
    try:
        ticks = float(beats) * TICKS_PER_BEAT
    except ValueError:
        return None
    return int(ticks) if ticks == int(ticks) and 1 <= ticks <= MAX_BEATS * TICKS_PER_BEAT else None


def _pitch_class(letter, sign):
    return (LETTERS[letter.upper()] + {"#": 1, "b": -1, "": 0}[sign]) % 12


def format_melodies(melodies: Iterable[Melody], tunes: Sequence[int]) -> str:
    """Return a table of melodies with the numbers of their tunes as tab-separated text."""
    lines = ["\t".join(COLUMNS)]
    for melody, tune in zip(melodies, tunes, strict=True):
        key = f"{TONICS[melody.tonic]} {melody.mode}"
        lines.append("\t".join([melody.name, key, melody.meter, str(tune), " ".join(map(str, melody.notes))]))
    return "\n".join(lines) + "\n"


def parse_melodies(text: str, source: str) -> list[Melody]:
    """Return the melodies of a tab-separated table with the columns name, key, meter, tune, notes.

    `meter` and `tune` may be left out; lines that begin with # are comments.

    Args:
        text: The table.
        source: Its name, for messages.

    Raises:
        DataError: A column, key or note is missing or wrong; the message names the line.

    Example:
        >>> [melody] = parse_melodies("key\\tnotes\\nG minor\\tG4 Bb4 G4:2^\\n", "mine.tsv")
        >>> melody.name, melody.mode, len(melody.notes)
        ('line 2', 'minor', 3)
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#"]
    header = lines[0][1].split("\t") if lines else []
    if not {"key", "notes"} <= set(header):
        raise DataError(
            f"{source}: Expected a header with the columns key and notes, separated by tabs. Received: "
            f"{', '.join(header) or 'an empty file'!r:.80}."
        )
    rows = csv.reader((line for _, line in lines[1:]), delimiter="\t", quoting=csv.QUOTE_NONE)
    melodies = []
    for (number, _), cells in zip(lines[1:], rows, strict=True):
        row = dict(zip(header, cells, strict=False))
        try:
            melodies.append(_melody(row, f"line {number}"))
        except DataError as error:
            raise DataError(f"{source}, line {number}: {error}") from error
    return melodies


def _melody(row, name):
    tonic, _, mode = row.get("key", "").strip().partition(" ")
    if mode not in MODES:
        raise DataError(
            f"Invalid key. Expected a tonic and major or minor, such as 'G minor'. Received: {row['key']!r:.40}."
        )
    notes = parse_notes(row.get("notes", ""))
    if not notes:
        raise DataError("Expected notes. Received: none.")
    tune = row.get("tune", "")
    if tune and not tune.isdecimal():
        raise DataError(f"Invalid tune. Expected a whole number. Received: {tune!r:.40}.")
    meter = row.get("meter") or "4/4"
    if not METER.fullmatch(meter):
        raise DataError(f"Invalid meter. Expected beats and their value, such as 3/4. Received: {meter!r:.40}.")
    return Melody(row.get("name") or name, parse_tonic(tonic), mode, notes, meter, int(tune) if tune else None)


def read_melodies(path: str | os.PathLike) -> list[Melody]:
    """Read a table of melodies in UTF-8, see `parse_melodies`.

    Raises:
        DataError: The file cannot be read, or a line is wrong.
    """
    return parse_melodies(read_utf8(path, "a table of melodies"), str(path))
