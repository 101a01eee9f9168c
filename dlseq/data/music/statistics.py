"""Measures of melodies that need no model: notes in key, ends of phrases, copied runs."""

from collections.abc import Iterable, Sequence

from dlseq.data.music.melodies import Melody

__all__ = ["longest_copy", "share_in_key", "tonic_endings"]

SCALES = {"major": {0, 2, 4, 5, 7, 9, 11}, "minor": {0, 2, 3, 5, 7, 8, 9, 10, 11}}
"""Semitones above the tonic; minor is the natural, harmonic and melodic scale together."""


def share_in_key(melodies: Iterable[Melody]) -> float:
    """Return the share of the notes whose pitch is in the scale of their melody, rests left out.

    Example:
        >>> from dlseq.data.music.melodies import parse_notes
        >>> share_in_key([Melody("a", 0, "major", parse_notes("C4 Eb4 E4 r G4"))])
        0.75
    """
    inside = [
        (note.pitch - melody.tonic) % 12 in SCALES[melody.mode]
        for melody in melodies
        for note in melody.notes
        if note.pitch is not None
    ]
    return sum(inside) / len(inside) if inside else 0.0


def tonic_endings(melodies: Iterable[Melody]) -> float:
    """Return the share of the phrases that end on the tonic; a phrase ends where the score has a fermata.

    Example:
        >>> from dlseq.data.music.melodies import parse_notes
        >>> tonic_endings([Melody("a", 0, "major", parse_notes("D4 E4:2^ D4 C4:2^"))])
        0.5
    """
    ends = [
        note.pitch % 12 == melody.tonic
        for melody in melodies
        for note in melody.notes
        if note.ends_phrase and note.pitch is not None
    ]
    return sum(ends) / len(ends) if ends else 0.0


def longest_copy(melody: Melody, corpus: Sequence[Melody]) -> tuple[int, str | None]:
    """Return the longest run of notes that a melody shares with one of a corpus, in any key, and the other's name.

    Notes are equal if distance to the tonic and duration are.

    Args:
        melody: The melody.
        corpus: Melodies to compare with.

    Returns:
        The number of notes and the name of the first melody with such a run, `None` if no note is shared.

    Example:
        >>> from dlseq.data.music.melodies import parse_notes
        >>> ours, theirs = (parse_notes(text) for text in ("C4 D4 E4 C4:2", "F4 D4 E4 C4:2 G4"))
        >>> longest_copy(Melody("a", 0, "major", ours), [Melody("b", 0, "major", theirs)])
        (3, 'b')
    """
    ours = _events(melody)
    best, name = 0, None
    for other in corpus:
        theirs = _events(other)
        ends = [0] * (len(theirs) + 1)  # length of the common run that ends here
        for event in ours:
            ends = [0, *(run + 1 if event == note else 0 for run, note in zip(ends, theirs, strict=False))]
            if (longest := max(ends)) > best:
                best, name = longest, other.name
    return best, name


def _events(melody):
    return [(note.pitch, note.ticks) for note in melody.relative().notes]
