"""Stars of reviews as a classifier returns them."""

import dataclasses

__all__ = ["PAGE_TITLE", "PAGE_WORDS", "StarReading", "WordAttention"]

SURE = 0.5
PAGE_TITLE = "Attention of a sentiment classifier"
PAGE_WORDS = {"target": "Stars", "alternatives": "Other stars"}
"""Arguments of `dlseq.plots.PageWords`, which loads Matplotlib."""


@dataclasses.dataclass(frozen=True)
class WordAttention:
    """Word of a text with its attention.

    Args:
        start, end: half-open range of characters.
        text: the characters.
        weight: attention weight; those of a text sum to one.
    """

    start: int
    end: int
    text: str
    weight: float


@dataclasses.dataclass(frozen=True)
class StarReading:
    """Stars of a text as a model reads them.

    Args:
        text: the text, composed and with single spaces.
        stars: the most probable number.
        probability: of these stars.
        probabilities: of 1 to 5 stars.
        words: the words with their attention, in order.
    """

    text: str
    stars: int
    probability: float
    probabilities: tuple[float, ...]
    words: tuple[WordAttention, ...]

    @property
    def sure(self) -> bool:
        """Return whether the probability is at least one half."""
        return self.probability >= SURE

    def example(self):
        """Return the reading as the example of an attention page: the words, and the stars as one token."""
        from dlseq.plots import AttentionExample  # loads Matplotlib

        stars = [f"{number} star{'s' * (number != 1)}" for number in range(1, len(self.probabilities) + 1)]
        others = sorted(zip(stars, self.probabilities, strict=True), key=lambda pair: -pair[1])
        source, weights = [word.text for word in self.words], [[word.weight for word in self.words]]
        own = stars[self.stars - 1]
        alternatives = [pair for pair in others if pair[0] != own]
        return AttentionExample(weights, source, [own], self.probability, alternatives, f"{self.text} → {own}")

    def reasons(self, n: int = 3) -> list[WordAttention]:
        """Return the `n` words with the largest attention, largest first."""
        return sorted(self.words, key=lambda word: -word.weight)[:n]

    def _repr_html_(self) -> str:
        """Show the stars with the attention over the words as the output of a notebook cell."""
        from dlseq.plots import PageWords, attention_page

        return attention_page([self.example()], PAGE_TITLE, PageWords(**PAGE_WORDS))._repr_html_()
