"""Transcripts of speech as a recognizer returns them."""

import dataclasses

import numpy as np

__all__ = ["NOTHING", "PAGE_TITLE", "PAGE_WORDS", "HeardWord", "Transcript"]

SURE = 0.75
NOTHING = "(nothing heard)"
PAGE_TITLE = "Transcripts of speech"
PAGE_WORDS = {
    "help": "Point at a word, tap it, or move with the arrow keys: the bars show what else it could have been.",
    "step": "Word",
    "choices": "At this place",
}
"""Arguments of `dlseq.plots.StepWords`, which loads Matplotlib."""


@dataclasses.dataclass(frozen=True)
class HeardWord:
    """Word of a transcript.

    Args:
        word: The word.
        start: Seconds from the beginning of the recording to the first step of the word in the best path.
        end: Seconds to the end of its last step.
        choices: The word, then others, best first, each with its largest probability at any of these steps.
    """

    word: str
    start: float
    end: float
    choices: tuple[tuple[str, float], ...]


@dataclasses.dataclass(frozen=True, eq=False)
class Transcript:
    """Text of a recording as a model hears it.

    Args:
        text: The most probable text; empty if the model has heard no word.
        probability: Of the whole text, the sum over all its alignments.
        language: Code of its language; empty if the model has heard no word, or its recordings named no languages.
        words: The words with their places in time.
        alternatives: Other texts with their probabilities, best first.
        levels: The features that the network has read, uint8 `(T, BANDS)`.
        attention: Weights of each word over steps of the sound, `(words, S)`, each row of sum 1. Defaults to `None`,
            of a network without attention.
        step_seconds: Seconds of a step. Defaults to `0.08`.
    """

    text: str
    probability: float
    language: str
    words: tuple[HeardWord, ...]
    alternatives: tuple[tuple[str, float], ...]
    levels: np.ndarray
    attention: np.ndarray | None = None
    step_seconds: float = 0.08

    @property
    def sure(self) -> bool:
        """Return whether there is a text, and its probability is at least three quarters."""
        return bool(self.text) and self.probability >= SURE

    def example(self):
        """Return the transcript as the example of a page: word by word, above its place in the spectrogram."""
        from dlseq.plots import StepExample, spectrogram_svg  # loads Matplotlib

        words = self.words or (HeardWord(NOTHING, 0.0, 0.0, ((NOTHING, self.probability),)),)
        spans = [(word.start, word.end) for word in words]
        return StepExample(
            self.text or NOTHING,
            [word.word for word in words],
            [list(word.choices) for word in words],
            [word.word for word in words],
            self.probability,
            drawing=spectrogram_svg(
                self.levels,
                spans,
                attention=self.attention if self.words else None,
                step_seconds=self.step_seconds,
            ),
        )

    def _repr_html_(self) -> str:
        """Show the spectrogram with the words at their places as the output of a notebook cell."""
        from dlseq.plots import StepWords, step_page

        return step_page([self.example()], PAGE_TITLE, StepWords(**PAGE_WORDS))._repr_html_()
