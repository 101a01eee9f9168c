"""Readings of the date normalizer."""

import dataclasses

import numpy as np

from dlseq.data.dates.reading.normalization import NormalizedDate

__all__ = ["DateReading"]

SURE = 0.5  # readings below this probability are guesses


@dataclasses.dataclass(frozen=True)
class DateReading:
    """ISO date that the model reads in a text, with its probability and attention."""

    text: str
    """The text as typed, without invisible characters and with single spaces. The network reads its normal form, see
    `dlseq.data.dates.reading.normalization`."""
    iso: str
    """The date, YYYY-MM-DD, a day that exists."""
    probability: float
    """The model's probability of the whole string `iso`, between 0 and 1. The search takes days that exist only; what
    the model gives to other strings is missing from it. It is lowered if the text names another weekday, or another
    calendar that cannot be converted."""
    attention: np.ndarray
    """Attention weights `(len(iso), len(text))`, a row for each character of `iso`. Characters that the network does
    not read, such as brackets around the date, have weight 0."""
    second: tuple[str, float] | None = None
    """The second reading and its probability, if a beam has searched for one."""

    @classmethod
    def of_normalized(
        cls,
        date: NormalizedDate,
        iso: str,
        probability: float,
        weights: np.ndarray,
        second: tuple[str, float] | None = None,
    ) -> "DateReading":
        """Return a reading whose attention lies over the text as typed.

        Args:
            date: the text.
            iso, probability, second: fields of the reading.
            weights: attention weights `(10, Tx)` over the normal form of the text; padding is cut.
        """
        weights = weights[:, : len(date.text)]
        if not isinstance(date.positions, range):  # else the normal form is as long as the text
            weights, normal = np.zeros((len(weights), len(date.shown)), weights.dtype), weights
            np.add.at(weights, (slice(None), np.asarray(date.positions)), normal)
        return cls(date.shown, iso, probability, weights, second)

    @property
    def sure(self) -> bool:
        """True if the probability is at least one half."""
        return self.probability >= SURE

    def example(self):
        """Return the reading as the example of an attention page."""
        from dlseq.plots import AttentionExample  # loads Matplotlib

        alternatives = () if self.second is None else (self.second,)
        return AttentionExample(self.attention, self.text, self.iso, self.probability, alternatives)

    def _repr_html_(self) -> str:
        """Show the interactive attention map as the output of a notebook cell."""
        from dlseq.plots import attention_page

        return attention_page([self.example()], "Attention of a date model")._repr_html_()
