"""Captions as a captioner returns them."""

import dataclasses
import html

import numpy as np

from dlseq.errors import DlseqError

__all__ = ["PAGE_TITLE", "SURE", "Caption"]

PAGE_TITLE = "Attention of an image captioner"
SURE = 0.5  # a caption below this probability is a guess


@dataclasses.dataclass(frozen=True, eq=False)
class Caption:
    """Caption of an image, with its probability and attention."""

    image: np.ndarray
    """The image as the network has read it, uint8 `(size, size, 3)`."""
    text: str
    """The caption."""
    words: tuple[str, ...]
    """Its words, end token left out."""
    probability: float
    """The model's probability of the whole caption, between 0 and 1."""
    attention: np.ndarray | None
    """Attention weights over the grid of places, `(len(words), H', W')`; each map sums to one. The map of a word is
    the one that produced it. `None` for a model without attention."""
    alternatives: tuple[tuple[str, float], ...] = ()
    """Other captions with their probabilities, best first, if a beam has found them."""
    is_complete: bool = True
    """False if the search reached its maximal length before the end of the caption."""

    @property
    def is_sure(self) -> bool:
        """Return whether the probability is at least one half."""
        return self.probability >= SURE

    def example(self, image=None):
        """Return the caption as the example of an attention plot.

        Args:
            image: The same picture with more pixels, square, to be shown instead of `self.image`. Defaults to `None`.

        Raises:
            DlseqError: The model has no attention, or the caption has no words.
        """
        from dlseq.plots import ImageAttentionExample  # loads Matplotlib

        if self.attention is None or not self.words:
            missing = "attention" if self.attention is None else "words in the caption"
            raise DlseqError(
                f"Cannot show where the model looked. Expected a map of attention. Received: no {missing}."
            )
        shown = self.image if image is None else image
        return ImageAttentionExample(
            shown, self.attention, list(self.words), self.probability, self.text, self.alternatives
        )

    def _repr_html_(self) -> str:
        """Show the caption with the maps of its words as the output of a notebook cell."""
        from dlseq.plots import image_attention_page

        if self.attention is None or not self.words:
            return f"<p>{html.escape(self.text)}</p>"
        return image_attention_page([self.example()], PAGE_TITLE)._repr_html_()
