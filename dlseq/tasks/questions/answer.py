"""Answers as a model of visual questions returns them."""

import dataclasses

import numpy as np

__all__ = ["SURE", "Answer"]

SURE = 0.5  # an answer below this probability is a guess


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
