"""Piano roll: the notes of a melody as bars, pitch over time."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlseq.data.music.melodies import TICKS_PER_BEAT, TONICS, Melody
from dlseq.errors import DlseqError
from dlseq.plots.fonts import printable
from dlseq.plots.style import GRID_COLOR, MUTED_COLOR, draw_text, figure_style, fit_figure, new_figure

__all__ = ["piano_roll"]

INCHES_PER_BEAT, INCHES_PER_SEMITONE, MAX_INCHES = 0.22, 0.14, 60
NOTE_COLOR, END_COLOR = "#3b7dbd", "#231f50"
BEATS_PER_LABEL = 4


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
    pitches = [note.pitch for note in melody.notes if note.pitch is not None]
    if not pitches:
        raise DlseqError("Expected a melody with notes to draw. Received: only rests.")
    starts = np.cumsum([0, *(note.ticks for note in melody.notes)]) / TICKS_PER_BEAT
    low, high = min(pitches) - 1, max(pitches) + 1
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
        _label(axes, sorted(set(pitches)), starts[-1])
        if title is not None:
            draw_text(axes, printable(title), (0, 1), size=13, offset=(0, 10), xycoords="axes fraction")
        fit_figure(figure)
    return figure


def _label(axes, pitches: Sequence[int], beats: float) -> None:
    """Name the pitches and number the beats."""
    axes.set_yticks(pitches, [f"{TONICS[pitch % 12]}{pitch // 12 - 1}" for pitch in pitches])
    axes.set_xticks(np.arange(0, beats + 1, BEATS_PER_LABEL))
    axes.grid(color=GRID_COLOR, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=7, labelcolor=MUTED_COLOR, labelfontfamily=["Dlseq Latin"], length=0)
    draw_text(axes, "beat", (1, 0), size=8, offset=(0, -24), color=MUTED_COLOR, xycoords="axes fraction", ha="right")
