"""Standard MIDI files of melodies.

Source: Standard MIDI-File Format Specification 1.1, MIDI Manufacturers Association, 1996.
"""

import struct

from dlseq.data.music.melodies import TICKS_PER_BEAT, Melody

__all__ = ["midi_bytes"]

TICK_FACTOR = 60  # MIDI ticks per tick of ours: 480 per beat, as most programs have it
VELOCITY = 80
NOTE_ON, NOTE_OFF, PROGRAM_CHANGE = 0x90, 0x80, 0xC0
MICROSECONDS_PER_MINUTE = 60_000_000


def midi_bytes(melody: Melody, *, beats_per_minute: float = 90.0, program: int = 19) -> bytes:
    """Return the content of a Standard MIDI file, format 0, with one track.

    Args:
        melody: The melody.
        beats_per_minute: Tempo in quarter notes. Defaults to 90.
        program: Instrument of General MIDI, counted from 0. Defaults to 19, a church organ.

    Example:
        >>> from dlseq.data.music.melodies import parse_notes
        >>> midi_bytes(Melody("a", 0, "major", parse_notes("C4")))[:4]
        b'MThd'
    """
    tempo = round(MICROSECONDS_PER_MINUTE / beats_per_minute)
    beats, value = (int(part) for part in melody.meter.split("/"))
    events = [
        (0, b"\xff\x51\x03" + tempo.to_bytes(3, "big")),
        (0, bytes([0xFF, 0x58, 4, beats, value.bit_length() - 1, 24, 8])),
        (0, bytes([PROGRAM_CHANGE, program])),
    ]
    pause = 0
    for note in melody.notes:
        ticks = note.ticks * TICK_FACTOR
        if note.pitch is None:
            pause += ticks
            continue
        events += [
            (pause, bytes([NOTE_ON, note.pitch, VELOCITY])),
            (ticks, bytes([NOTE_OFF, note.pitch, 0])),
        ]
        pause = 0
    events.append((pause, b"\xff\x2f\x00"))  # end of the track
    track = b"".join(_variable_length(delta) + event for delta, event in events)
    header = struct.pack(">4sIHHH", b"MThd", 6, 0, 1, TICKS_PER_BEAT * TICK_FACTOR)
    return header + struct.pack(">4sI", b"MTrk", len(track)) + track


def _variable_length(number):
    """Return a number in groups of seven bits, highest first, all but the last with their top bit set."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))
