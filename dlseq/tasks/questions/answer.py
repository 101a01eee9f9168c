"""Answers as a model of visual questions returns them."""

import dataclasses

import numpy as np

__all__ = ["LOOKS", "PAGE_TITLE", "PAGE_WORDS", "SURE", "Answer"]

SURE = 0.5  # an answer below this probability is a guess
LOOKS = ("first look", "second look")
PAGE_TITLE = "Looks of a model that answers questions"
PAGE_WORDS = {
    "help": "Point at a look, tap it, or move with the arrow keys: the picture is bright where the model looked. The "
    "first look finds what the question names, the second one moves from there to what the answer is about.",
    "words": "Looks at the picture",
    "word": "look",
    "alternatives": "Other answers",
}
"""Arguments of `dlseq.plots.ImagePageWords`, which loads Matplotlib."""


@dataclasses.dataclass(frozen=True, eq=False)
class Answer:
    """Answer to a question about an image, with its probability and the two looks."""

    question: str
    """The question."""
    text: str
    """The answer: a word, or a relation and a thing such as "on the chair"."""
    probability: float
    """The model's probability of the answer, between 0 and 1."""
    alternatives: tuple[tuple[str, float], ...]
    """The most probable other answers with their probabilities, best first."""
    looks: np.ndarray
    """Attention weights `(2, H', W')` over the grid of places: the first look finds what the question names, the second
    moves from there. Each sums to one."""
    image: np.ndarray
    """The image as the network has read it, uint8 `(size, size, 3)`."""

    @property
    def is_sure(self) -> bool:
        """Return whether the probability is at least one half."""
        return self.probability >= SURE

    def example(self, image=None):
        """Return the answer as the example of an attention plot, with its two looks.

        Args:
            image: The same picture with more pixels, square, to be shown instead of `self.image`. Defaults to `None`.
        """
        from dlseq.plots import ImageAttentionExample  # loads Matplotlib

        shown = self.image if image is None else image
        text = f"{self.question} {self.text}"
        return ImageAttentionExample(
            shown, self.looks, LOOKS, self.probability, text=text, alternatives=self.alternatives
        )

    def _repr_html_(self) -> str:
        """Show the answer with both looks as the output of a notebook cell."""
        from dlseq.plots import ImagePageWords, image_attention_page

        return image_attention_page([self.example()], PAGE_TITLE, ImagePageWords(**PAGE_WORDS))._repr_html_()
