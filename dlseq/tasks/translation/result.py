"""Translations as a translator returns them."""

import dataclasses
import html

import numpy as np

from dlseq.errors import DlseqError

__all__ = ["PAGE_TITLE", "Translation"]

PAGE_TITLE = "Attention of a translator"


@dataclasses.dataclass(frozen=True)
class Translation:
    """Translation of a sentence, with its probability and attention."""

    source: str
    """The sentence as given."""
    target: str
    """The translation."""
    probability: float
    """The model's probability of the whole translation, between 0 and 1. A word that was copied counts with the
    probability that something is copied there."""
    source_words: tuple[str, ...]
    """The words that the network has read."""
    target_words: tuple[str, ...]
    """The words of the translation, end token left out."""
    attention: np.ndarray | None
    """Attention weights `(len(target_words), len(source_words))`; each row sums to one. `None` for a model without
    attention."""
    unknown_words: tuple[str, ...] = ()
    """Words of the source that the model does not know. They are copied where the attention finds their place."""
    alternatives: tuple[tuple[str, float], ...] = ()
    """Other translations with their probabilities, best first, if a beam has found them."""
    is_complete: bool = True
    """False if the search reached its maximal length before the end of the sentence."""

    def example(self):
        """Return the translation as the example of an attention page.

        Raises:
            DlseqError: The model has no attention, or the translation has no words.
        """
        from dlseq.plots import AttentionExample  # loads Matplotlib

        if self.attention is None or not self.target_words:
            missing = "attention" if self.attention is None else "words in the translation"
            raise DlseqError(
                f"Cannot show where the model looked. Expected a map of attention. Received: no {missing}."
            )
        words = list(self.source_words), list(self.target_words)
        return AttentionExample(self.attention, *words, self.probability, self.alternatives)

    def _repr_html_(self) -> str:
        """Show the interactive attention map as the output of a notebook cell."""
        from dlseq.plots import attention_page

        if self.attention is None or not self.target_words:
            return f"<p>{html.escape(self.target)}</p>"
        return attention_page([self.example()], PAGE_TITLE)._repr_html_()
