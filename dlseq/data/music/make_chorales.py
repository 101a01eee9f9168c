"""Make `chorales.tsv`, the soprano melodies of Bach's four-part chorales, from the corpus of music21.

The scores are read as MusicXML out of the package's file; music21 itself is not installed:

    pip download --no-deps music21==10.5.1
    python -m dlseq.data.music.make_chorales music21-10.5.1-py3-none-any.whl

1. Chorales for soprano, alto, tenor and bass are kept, those with instruments left out; tied notes are joined.
2. The tonic is the last bass note; the mode is minor if the scale of the signature has a minor third above it. A last
   note outside of the scale leaves the key as notated.
3. Of chorales with the same notes, relative to the tonic, the first is kept.
4. Bach set many tunes several times. Two chorales belong to the same tune if they share three tenths of the sequences
   of six intervals of one of them, and so do all that are linked in this way.
"""

import io
import itertools
import sys
import zipfile
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from dlseq.data.music.melodies import TICKS_PER_BEAT, Melody, Note, format_melodies
from dlseq.files import atomic_write

PARTS = ["Soprano", "Alto", "Tenor", "Bass"]
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
MODES = {0: "major", 2: "minor", 4: "minor", 5: "major", 7: "major", 9: "minor"}
"""Mode of a scale by its first note, in semitones above the first note of the major scale of the same signature."""
INTERVALS, MIN_SHARE = 6, 0.3
HEADER = "# Soprano melodies of chorales by J. S. Bach; provenance in PROVENANCE.md. Made by make_chorales.py."


def read_scores(wheel: str | Path) -> dict[str, ElementTree.Element]:
    """Return the MusicXML of the chorales in the package's file, by name."""
    scores = {}
    with zipfile.ZipFile(wheel) as package:
        for name in sorted(package.namelist()):
            if "/corpus/bach/" in name and name.endswith(".mxl"):
                with zipfile.ZipFile(io.BytesIO(package.read(name))) as score:
                    [file] = [file for file in score.namelist() if file.endswith("xml") and "META-INF" not in file]
                    scores[Path(name).stem] = ElementTree.fromstring(score.read(file))
    return scores


def parts_of(score: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """Return the parts of a score by their names."""
    names = {part.get("id"): part.findtext("part-name") for part in score.iter("score-part")}
    return {names[part.get("id")]: part for part in score.findall("part")}


def read_notes(part: ElementTree.Element) -> list[Note]:
    """Return the notes of a part, tied ones joined, without grace notes; voices that go apart are not read."""
    divisions, notes = 1, []
    for element in itertools.chain.from_iterable(part.findall("measure")):
        divisions = int(element.findtext("divisions") or divisions) if element.tag == "attributes" else divisions
        if element.tag != "note" or element.find("grace") is not None or element.find("chord") is not None:
            continue
        ticks = Fraction(int(element.findtext("duration")), divisions) * TICKS_PER_BEAT
        if ticks.denominator != 1:
            raise ValueError(f"Expected durations in 1/{TICKS_PER_BEAT} beat. Received: {ticks} of them.")
        is_end = element.find(".//fermata") is not None
        pitch = read_pitch(element.find("pitch"))
        if notes and notes[-1].pitch == pitch and any(tie.get("type") == "stop" for tie in element.findall("tie")):
            last = notes.pop()
            notes.append(Note(pitch, last.ticks + int(ticks), last.ends_phrase or is_end))
        else:
            notes.append(Note(pitch, int(ticks), is_end))
    return notes


def read_pitch(pitch: ElementTree.Element | None) -> int | None:
    """Return the MIDI number of a pitch, `None` for a rest."""
    if pitch is None:
        return None
    octave, alter = int(pitch.findtext("octave")), int(float(pitch.findtext("alter") or 0))
    return 12 * (octave + 1) + STEPS[pitch.findtext("step")] + alter


def read_key(part: ElementTree.Element, last: int) -> tuple[int, str]:
    """Return tonic and mode of a part whose bass ends on a pitch."""
    fifths, mode = int(part.findtext(".//key/fifths")), part.findtext(".//key/mode")
    degree = (last - 7 * fifths) % 12
    if degree in MODES:
        return last % 12, MODES[degree]
    return (7 * fifths + (9 if mode == "minor" else 0)) % 12, "minor" if mode == "minor" else "major"


def number_tunes(melodies: list[Melody]) -> list[int]:
    """Return the number of the tune of each melody, see step 4 above."""
    grams = []
    for melody in melodies:
        pitches = [note.pitch for note in melody.notes if note.pitch is not None]
        steps = [following - pitch for pitch, following in itertools.pairwise(pitches)]
        grams.append({tuple(steps[start : start + INTERVALS]) for start in range(len(steps) - INTERVALS + 1)})
    tunes = list(range(len(melodies)))
    for second, first in itertools.product(range(len(melodies)), repeat=2):
        if first < second and tunes[first] != tunes[second]:
            shared = len(grams[first] & grams[second])
            if shared >= MIN_SHARE * min(len(grams[first]), len(grams[second])):
                old, new = tunes[second], tunes[first]
                tunes = [new if tune == old else tune for tune in tunes]
    numbers = {tune: number for number, tune in enumerate(dict.fromkeys(tunes), start=1)}
    return [numbers[tune] for tune in tunes]


def make_table(wheel: str | Path) -> str:
    """Return the table as text."""
    melodies: dict[tuple, Melody] = {}
    for name, score in read_scores(wheel).items():
        parts = parts_of(score)
        if list(parts) != PARTS:
            continue
        bass = [note.pitch for note in read_notes(parts["Bass"]) if note.pitch is not None]
        tonic, mode = read_key(parts["Soprano"], bass[-1])
        meter = f"{parts['Soprano'].findtext('.//time/beats')}/{parts['Soprano'].findtext('.//time/beat-type')}"
        melody = Melody(name, tonic, mode, tuple(read_notes(parts["Soprano"])), meter)
        melodies.setdefault(tuple((note.pitch, note.ticks) for note in melody.relative().notes), melody)
    tunes = number_tunes(list(melodies.values()))
    return f"{HEADER}\n{format_melodies(melodies.values(), tunes)}"


if __name__ == "__main__":
    with atomic_write(Path(__file__).with_name("chorales.tsv")) as partial:
        partial.write_text(make_table(sys.argv[1]), encoding="utf-8")
