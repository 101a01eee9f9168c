"""Task of date normalization: dates as people write them to ISO dates, with the attention of each character."""

from collections.abc import Sequence
from typing import Literal

import keras
import numpy as np

from dlseq import metrics
from dlseq.data.dates import DatePair
from dlseq.data.dates.reading.normalization import NormalizedDate, normalize_date, trace_date
from dlseq.data.dates.reading.numeric_order import open_separators
from dlseq.data.dates.typed import REFUSAL
from dlseq.errors import DataError
from dlseq.layers import TextEncoder
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.tasks.base import Task
from dlseq.tasks.dates.iso_search import ISO_LENGTH, IsoSearch
from dlseq.tasks.dates.orders import settled_readings, shared_readings
from dlseq.tasks.dates.presets import DateData
from dlseq.tasks.dates.reading import DateReading
from dlseq.tasks.dates.splits import load_date_splits
from dlseq.tasks.dates.trust import trust
from dlseq.tasks.preset import Splits
from dlseq.text.normalize import compose_text, normalize_text
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.losses_metrics import ExactMatch

__all__ = ["DateNormalizer"]

NORMALIZATION = "typed"  # name of the normalization of new networks, in their metadata
ENCODER_SIZES = ("units", "depth", "kernel_size", "recurrent_units")
ENCODER_UNITS = 32  # unless the sizes say otherwise
MAX_TEXT_LENGTH = 80  # characters; the longest written form of any locale has about 50
UNSURE_BEAM_WIDTH = 4  # of the search for a second reading


class DateNormalizer(Task):
    """Model that reads dates in the forms it was trained on and writes them as YYYY-MM-DD.

    `DateNormalizer.build` takes as sizes the arguments of `TextEncoder`: `units`, `depth`, `kernel_size`,
    `recurrent_units`; and of `EncoderDecoder`: `decoder_units`, `score`, `dropout`.

    Args:
        network: An `EncoderDecoder`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.training.config import TrainingConfig
        >>> from dlseq.data.dates import date_pairs
        >>> pairs = date_pairs(200, "course", seed=1)
        >>> normalizer = DateNormalizer.build(pairs, units=16, decoder_units=16)
        >>> run = normalizer.fit(pairs, pairs[:50], TrainingConfig(epochs=1))
        >>> texts, attention = normalizer.normalize(["3 may 1979"])
        >>> len(texts[0]), attention.shape
        (10, (1, 10, 10))
    """

    network_class = EncoderDecoder
    monitor, mode, monitor_label = "val_exact_match", "max", "exact match"

    def __init__(self, network: EncoderDecoder):
        super().__init__(network)
        self._search = IsoSearch(network)

    @classmethod
    def accepts(cls, network):
        return network.source_vocabulary is not None and network.source_vocabulary.level == "char"

    @classmethod
    def load_data(cls, data: DateData, *, seed: int) -> Splits:
        return load_date_splits(data, seed=seed)

    @classmethod
    def build_network(cls, examples: Sequence[DatePair], **sizes) -> EncoderDecoder:
        # Characters of refused texts alone are unknown ones, so that an unknown character means doubt.
        dates = [(normalize_date(pair.text), pair.iso) for pair in examples if pair.iso != REFUSAL]
        source = Vocabulary.from_texts(text for text, _ in dates)
        target = Vocabulary("-0123456789")
        encoder_sizes = {name: sizes.pop(name) for name in ENCODER_SIZES if name in sizes}
        encoder = TextEncoder(len(source), **{"units": ENCODER_UNITS, **encoder_sizes}, name="encoder")
        encoder.build((None, None))
        metadata = {"normalization": NORMALIZATION, "open_separators": open_separators(dates)}
        return EncoderDecoder(encoder, target.to_config(), source=source.to_config(), metadata=metadata, **sizes)

    def encode(self, examples: Sequence[DatePair]) -> tuple:
        """Return `{"source": (N, Tx), "target": (N, 10)}` and the target again, for teacher forcing."""
        texts = [date.text for date in self._normalized(pair.text for pair in examples)]
        source = self.network.source_vocabulary.encode_batch(texts)
        target = self.network.target_vocabulary.encode_batch([pair.iso for pair in examples], length=ISO_LENGTH)
        return {"source": source, "target": target}, target

    def compile_arguments(self) -> dict:
        return {"loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True), "metrics": [ExactMatch()]}

    def score(self, examples: Sequence[DatePair]) -> dict[str, float]:
        """Return `exact_match`, the share of pairs that greedy search gets right in every character."""
        texts, _ = self.normalize([pair.text for pair in examples])
        return {"exact_match": metrics.exact_match(texts, [pair.iso for pair in examples])}

    def normalize(self, texts: Sequence[str], *, beam_width: int = 1) -> tuple[list[str], np.ndarray]:
        """Convert dates to ISO dates.

        Args:
            texts: N dates as written, none of them empty.
            beam_width: 1 for greedy search, more for beam search.

        Returns:
            The ISO dates, and the attention weights `(N, 10, Tx)`: `weights[i, t]` are those of character `t` over
            the characters of text `i` in its normal form. They sum to one; padding has weight zero.

        Raises:
            DataError: A text is empty or longer than 80 characters.
        """
        paths = self._search.decode([date.text for date in self._normalized(texts)], beam_width)
        return [best for best, *_ in paths.isos], paths.attention

    def read(
        self, texts: Sequence[str], *, beam_width: int = 1, first: Literal["day", "month"] | None = None
    ) -> list[DateReading]:
        """Convert dates to ISO dates with probabilities: `normalize` with an object for each text.

        A text whose reading is below one half is searched again with a beam, for its second reading. Where the model
        was trained on either order of day and month, each of the two readings has half of the probability of both,
        less than one half; a weekday in the text settles it.

        Args:
            texts: N dates as written, none of them empty.
            beam_width: 1 for greedy search, more for beam search.
            first: "day" or "month" settles the order of dates such as 5/4/2009. Defaults to `None`.

        Returns:
            A `DateReading` for each text.

        Raises:
            DataError: A text is empty or longer than 80 characters, or `first` is none of these.
        """
        if first not in (None, "day", "month"):
            raise DataError(f"Invalid argument `first`. Expected 'day', 'month' or None. Received: {first!r}.")
        dates = self._normalized(texts)
        readings = self._read(dates, beam_width)
        if first is None:
            ordered = shared_readings(self._search, dates, self.network.metadata.get("open_separators", ()))
        else:
            ordered = settled_readings(self._search, dates, first)
        for row, reading in ordered.items():
            readings[row] = reading
        unsure = [
            row
            for row, reading in enumerate(readings)
            if not reading.sure and reading.second is None and row not in ordered
        ]
        for row, reading in zip(unsure, self._read([dates[row] for row in unsure], UNSURE_BEAM_WIDTH), strict=True):
            readings[row] = reading
        return readings

    def _read(self, dates, beam_width) -> list[DateReading]:
        """Return the readings by search alone, lowered by what the texts say."""
        paths = self._search.decode([date.text for date in dates], beam_width)
        readings = []
        for date, isos, log_probs, weights in zip(dates, *paths, strict=True):
            found = [
                (iso, float(np.exp(log_prob)) * trust(date, iso)) for iso, log_prob in zip(isos, log_probs, strict=True)
            ]
            (iso, probability), *others = sorted(found, key=lambda pair: -pair[1])  # stable: ties keep their order
            if iso != isos[0]:  # the weekday spoke for another than the best path
                weights = self._search.score([date.text], [iso])[1][0]
            second = others[0] if others else None
            readings.append(DateReading.of_normalized(date, iso, probability, weights, second))
        return readings

    def _normalized(self, texts) -> list[NormalizedDate]:
        """Return the texts in the normal form of the network's training; refuse an empty or overlong one."""
        normalize = trace_date if self.network.metadata.get("normalization") == NORMALIZATION else _lower_case
        dates = [normalize(text) for text in texts]
        for date in dates:
            if not date.text:
                raise DataError("Expected a date. Received: an empty text. Write one, such as '3 May 1979'.")
            if len(date.text) > MAX_TEXT_LENGTH:
                raise DataError(
                    f"Expected a date of at most {MAX_TEXT_LENGTH} characters. Received: {len(date.text)} characters, "
                    f"'{date.text[:40]}…'. Write one date per text."
                )
        return dates


def _lower_case(text) -> NormalizedDate:
    """Return a text as networks read it that were trained before dates had a normalization of their own."""
    normal = normalize_text(text)
    return NormalizedDate(normal, compose_text(text), range(len(normal)), trace_date(text).doubt)
