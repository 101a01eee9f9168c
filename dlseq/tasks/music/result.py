"""Melodies as a generator returns them."""

import dataclasses
import html

from dlseq.data.music import Melody

__all__ = ["END", "PAGE_TITLE", "PAGE_WORDS", "GeneratedMelody"]

END = "end"
PAGE_TITLE = "A generated melody"
PAGE_WORDS = {
    "help": "Point at a note, tap it, or move with the arrow keys: the bars show the notes that the model expected in "
    "its place. A note is its pitch and its beats; ^ ends a phrase.",
    "step": "Note",
    "choices": "Expected here",
}
"""Arguments of `dlseq.plots.StepWords`, which loads Matplotlib."""


@dataclasses.dataclass(frozen=True)
class GeneratedMelody:
    """A melody that a model has drawn.

    Args:
        melody: The melody, in the requested key.
        log_prob: Log-probability in nats of its notes, the given ones included, and of its end.
        ended: Whether the model has ended it; otherwise it was cut.
        expected: The notes that the model expected at each step, see `MelodyGenerator.expectations`.
    """

    melody: Melody
    log_prob: float
    ended: bool
    expected: list[list[tuple[str, float]]] = dataclasses.field(repr=False)

    def example(self, heading: str = PAGE_TITLE):
        """Return the melody as the example of a page: note by note, with the notes that the model expected there.

        Raises:
            DlseqError: The melody has only rests.
        """
        from dlseq.plots import StepExample  # loads Matplotlib
        from dlseq.plots.piano_roll import piano_roll_svg

        notes = [*map(str, self.melody.notes), *[END] * self.ended]
        note = f"{len(self.melody.notes)} notes, {-self.log_prob / max(len(notes), 1):.2f} nats per note"
        return StepExample(heading, notes, self.expected, notes, drawing=piano_roll_svg(self.melody), note=note)

    def _repr_html_(self) -> str:
        """Show the melody with the notes that the model expected as the output of a notebook cell."""
        from dlseq.plots import StepWords, step_page

        if all(note.pitch is None for note in self.melody.notes):
            return f"<p>{html.escape(' '.join(map(str, self.melody.notes)))}</p>"
        return step_page([self.example()], PAGE_TITLE, StepWords(**PAGE_WORDS))._repr_html_()
