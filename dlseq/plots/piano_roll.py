"""Piano roll: the notes of a melody as bars, pitch over time."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlseq.data.music.melodies import TICKS_PER_BEAT, TONICS, Melody
from dlseq.errors import DlseqError
from dlseq.plots.fonts import printable
from dlseq.plots.style import GRID_COLOR, MUTED_COLOR, draw_text, figure_style, fit_figure, new_figure

__all__ = ["piano_roll", "piano_roll_svg"]

INCHES_PER_BEAT, INCHES_PER_SEMITONE, MAX_INCHES = 0.22, 0.14, 60
NOTE_COLOR, END_COLOR = "#3b7dbd", "#231f50"
BEATS_PER_LABEL = 4
END_CLASS = ' class="phrase-end"'


def piano_roll(melody: Melody, *, title: str | None = None) -> Figure:
    """Draw a melody as a piano roll; notes that end a phrase are darker.

    Args:
        melody: Melody with at least one note that is no rest.
        title: A line above the axes. Defaults to `None`.

    Returns:
        A figure for `save_figure`.

    Raises:
        DlseqError: There are only rests.

    Example:
        >>> from dlseq.data.music.melodies import parse_notes
        >>> figure = piano_roll(Melody("a", 0, "major", parse_notes("C4 r E4:2^")))
        >>> [float(bar.get_width()) for bar in figure.axes[0].patches]
        [1.0, 2.0]
    """
    low, high = _range(melody)
    pitches = {note.pitch for note in melody.notes if note.pitch is not None}
    starts = np.cumsum([0, *(note.ticks for note in melody.notes)]) / TICKS_PER_BEAT
    with figure_style():
        width = min(MAX_INCHES, max(2.0, INCHES_PER_BEAT * starts[-1]))
        figure, axes = new_figure(width, INCHES_PER_SEMITONE * (high - low))
        for start, note in zip(starts, melody.notes, strict=False):
            if note.pitch is not None:
                color = END_COLOR if note.ends_phrase else NOTE_COLOR
                axes.barh(
                    note.pitch, note.ticks / TICKS_PER_BEAT, left=start, height=0.8, color=color, edgecolor="white"
                )
        axes.set(xlim=(0, starts[-1]), ylim=(low, high))
        _label(axes, sorted(pitches), starts[-1])
        if title is not None:
            draw_text(axes, printable(title), (0, 1), size=13, offset=(0, 10), xycoords="axes fraction")
        fit_figure(figure)
    return figure


def piano_roll_svg(melody: Melody) -> str:
    """Draw a melody as an SVG element for the pages of `dlseq.plots.pages.step_page`: note i has `data-step="i"`.

    Args:
        melody: Melody with at least one note that is no rest.

    Raises:
        DlseqError: There are only rests.

    Example:
        >>> from dlseq.data.music.melodies import parse_notes
        >>> piano_roll_svg(Melody("a", 0, "major", parse_notes("C4 r E4:2^"))).count("<rect")
        2
    """
    low, high = _range(melody)
    starts = np.cumsum([0, *(note.ticks for note in melody.notes)]) / TICKS_PER_BEAT
    lines = [
        f'<line x1="0" x2="{starts[-1]:g}" y1="{high - pitch:g}" y2="{high - pitch:g}"/>'
        f'<text x="-2.6" y="{high - pitch + 0.35:g}">{_pitch_name(pitch)}</text>'
        for pitch in sorted({note.pitch for note in melody.notes if note.pitch is not None})
    ]
    bars = [
        f'<rect data-step="{place}"{END_CLASS * note.ends_phrase} x="{start + 0.04:g}" '
        f'y="{high - note.pitch - 0.4:g}" width="{note.ticks / TICKS_PER_BEAT - 0.08:g}" height="0.8" rx="0.15"/>'
        for place, (start, note) in enumerate(zip(starts, melody.notes, strict=False))
        if note.pitch is not None
    ]
    box = f"-3 -0.5 {starts[-1] + 3.5:g} {high - low + 0.5:g}"
    return f'<svg viewBox="{box}" aria-hidden="true">{"".join([*lines, *bars])}</svg>'


def _range(melody: Melody) -> tuple[int, int]:
    """Return the pitches just below and above all notes."""
    pitches = [note.pitch for note in melody.notes if note.pitch is not None]
    if not pitches:
        raise DlseqError("Expected a melody with notes to draw. Received: only rests.")
    return min(pitches) - 1, max(pitches) + 1


def _pitch_name(pitch: int) -> str:
    return f"{TONICS[pitch % 12]}{pitch // 12 - 1}"


def _label(axes, pitches: Sequence[int], beats: float) -> None:
    """Name the pitches and number the beats."""
    axes.set_yticks(pitches, [_pitch_name(pitch) for pitch in pitches])
    axes.set_xticks(np.arange(0, beats + 1, BEATS_PER_LABEL))
    axes.grid(color=GRID_COLOR, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=7, labelcolor=MUTED_COLOR, labelfontfamily=["Dlseq Latin"], length=0)
    draw_text(axes, "beat", (1, 0), size=8, offset=(0, -24), color=MUTED_COLOR, xycoords="axes fraction", ha="right")
