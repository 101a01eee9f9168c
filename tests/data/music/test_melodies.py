"""Melodies: notation, table, splits and measures."""

import pytest

from dlseq.data.music import (
    Melody,
    Note,
    load_chorales,
    longest_copy,
    parse_notes,
    parse_tonic,
    read_melodies,
    share_in_key,
    split_by_tune,
    tonic_endings,
)
from dlseq.data.music.make_chorales import read_key
from dlseq.errors import DataError


@pytest.fixture(scope="module")
def chorales():
    return load_chorales()


def test_notes_are_read_as_midi_numbers():
    """Oracle: the numbers of the MIDI specification, in which 60 is middle C."""
    expected = (Note(60, 8), Note(58, 4), Note(66, 16, True), Note(None, 1))
    assert parse_notes("C4 Bb3:0.5 f#4:2^ r:0.125") == expected


def test_the_notation_of_each_chorale_is_read_back(chorales):
    for melody in chorales:
        assert parse_notes(" ".join(map(str, melody.notes))) == melody.notes


@pytest.mark.parametrize("word", ["H4", "C", "C9", "C4:", "C4:0.1", "C4:0", "C4:17", "C4:1.2.3", "C4^^", "c##4", "60"])
def test_a_word_that_is_no_note_is_named(word):
    with pytest.raises(DataError, match=r"Expected .*\. Received: "):
        parse_notes(f"C4 {word}")


@pytest.mark.parametrize("text", ["H", "", "C##", "C major", "G4"])
def test_a_wrong_tonic_is_refused(text):
    with pytest.raises(DataError, match="Expected a letter from A to G"):
        parse_tonic(text)


def test_a_melody_moves_to_another_key_by_the_shorter_way():
    melody = Melody("a", 9, "minor", parse_notes("A4 E5:2"))
    assert [note.pitch for note in melody.relative().notes] == [72, 79]
    assert melody.relative().in_key(9) == melody


def test_variants_of_a_tune_are_in_one_part(chorales):
    for seed in range(3):
        parts = split_by_tune(chorales, seed=seed)
        assert sorted(melody.name for part in parts for melody in part) == sorted(melody.name for melody in chorales)
        tunes = [{melody.tune for melody in part} for part in parts]
        assert not (tunes[0] & tunes[1] or tunes[0] & tunes[2] or tunes[1] & tunes[2])
        assert parts == split_by_tune(chorales, seed=seed) != split_by_tune(chorales, seed=seed + 1)


def test_a_well_known_tune_has_its_variants_together(chorales):
    """Oracle: Herzlich tut mich verlangen, five times in the St Matthew Passion (BWV 244.15, 17, 44, 54, 62)."""
    tunes = {melody.name: melody.tune for melody in chorales}
    assert len({tunes[f"bwv{name}"] for name in ("244.15", "244.17", "244.44", "244.54", "244.62", "135.6")}) == 1


def test_no_melody_is_there_twice(chorales):
    found = [tuple((note.pitch, note.ticks) for note in melody.relative().notes) for melody in chorales]
    assert len(set(found)) == len(found) == 356


def test_too_few_tunes_are_refused(chorales):
    with pytest.raises(DataError, match="at least 10 different tunes"):
        split_by_tune([melody for melody in chorales if melody.tune == 2], seed=0)


@pytest.mark.parametrize(
    ("fifths", "last", "key"),
    [
        (0, 48, (0, "major")),
        (0, 50, (2, "minor")),  # Dorian
        (0, 52, (4, "minor")),  # Phrygian
        (-1, 50, (2, "minor")),
        (2, 57, (9, "major")),  # Mixolydian
        (1, 49, (7, "major")),  # C# is not in the scale: as notated
    ],
)
def test_the_key_is_that_of_the_last_bass_note(fifths, last, key):
    from xml.etree import ElementTree

    part = ElementTree.fromstring(f"<part><key><fifths>{fifths}</fifths><mode>major</mode></key></part>")
    assert read_key(part, last) == key


def test_most_notes_of_the_chorales_are_in_their_keys(chorales):
    assert share_in_key(chorales) > 0.95
    wrong = [Melody("a", (melody.tonic + 6) % 12, melody.mode, melody.notes) for melody in chorales]
    assert share_in_key(wrong) < 0.6
    assert 0.3 < tonic_endings(chorales) < 0.8


def test_the_longest_copy_is_found_in_another_key():
    """Oracle: all runs, by brute force."""
    corpus = load_chorales()[:6]
    ours = Melody("x", 4, "major", (*corpus[3].in_key(4).notes[5:14], Note(30, 8)))

    def events(melody):
        return [(note.pitch, note.ticks) for note in melody.relative().notes]

    theirs = [events(other) for other in corpus]

    def has(run, other):
        return any(other[at : at + len(run)] == run for at in range(len(other)))

    runs = [events(ours)[first:last] for first in range(10) for last in range(first + 1, 11)]
    expected = max(len(run) for run in runs if any(has(run, other) for other in theirs))
    assert expected >= 9
    assert longest_copy(ours, corpus)[0] == expected
    assert longest_copy(Melody("y", 0, "major", (Note(20, 1),)), corpus) == (0, None)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "an empty file"),
        ("name\tkey\na\tG major\n", "columns key and notes"),
        ("key\tnotes\nG\tG4\n", "line 2: Invalid key"),
        ("key\tnotes\n# a comment\nG major\tG4 H4\n", "line 3: Invalid note"),
        ("key\tnotes\nG major\t\n", "line 2: Expected notes"),
        ("key\tnotes\nG major\n", "line 2: Expected notes"),
        ("key\ttune\tnotes\nG major\tx\tG4\n", "line 2: Invalid tune"),
        ("key\tmeter\tnotes\nG major\t4:4\tG4\n", "line 2: Invalid meter"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path, text, part):
    (tmp_path / "mine.tsv").write_text(text)
    with pytest.raises(DataError, match=part):
        read_melodies(tmp_path / "mine.tsv")


@pytest.mark.parametrize("tonic", range(12))
def test_relative_undoes_from_relative(tonic):
    """In F# the way down was taken in both directions, and generated notes stood an octave below the given ones."""
    melody = Melody("a", 0, "major", parse_notes("C4 r E4"))
    there = melody.from_relative(tonic)
    assert there.tonic == tonic and there.relative() == melody
