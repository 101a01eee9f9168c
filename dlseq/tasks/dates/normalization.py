"""Task of date normalization: dates as people write them to ISO dates, with the attention of each character."""

import functools
from collections.abc import Sequence
from typing import Literal, NamedTuple

import keras
import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.dates import DatePair
from dlseq.data.dates.presets import WORLD_LOCALES
from dlseq.data.dates.reading.normalization import NormalizedDate, normalize_date, trace_date
from dlseq.data.dates.reading.numeric_order import is_order_open, open_orders, open_separators
from dlseq.data.dates.reading.weekdays import contradicts_weekday
from dlseq.data.dates.typed import REFUSAL
from dlseq.decoding import beam_search, compiled, greedy_search
from dlseq.decoding.batching import batches_by_length
from dlseq.errors import DataError
from dlseq.layers import TextEncoder
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.tasks.base import Task
from dlseq.tasks.dates.iso_dates import iso_date_automaton
from dlseq.tasks.dates.presets import DateData
from dlseq.tasks.dates.reading import SURE, DateReading
from dlseq.tasks.dates.splits import load_date_splits
from dlseq.tasks.preset import Splits
from dlseq.text.normalize import compose_text, normalize_text
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.losses_metrics import ExactMatch

__all__ = ["DateNormalizer"]

ISO_LENGTH = 10  # YYYY-MM-DD
NORMALIZATION = "typed"  # name of the normalization of new networks, in their metadata
ENCODER_SIZES = ("units", "depth", "kernel_size", "recurrent_units")
ENCODER_UNITS = 32  # unless the sizes say otherwise
MAX_TEXT_LENGTH = 80  # characters; the longest written form of any locale has about 50
MIN_COMPILED_TEXTS = 17  # fewer texts are decoded before a graph would have been traced
UNSURE_BEAM_WIDTH = 4  # of the search for a second reading
OTHER_CALENDAR_FACTOR = 0.02  # on the probability of a Gregorian reading of a date of another calendar
MAX_OPEN_PROBABILITY = 0.499  # of either reading where the order is open: never sure
WRONG_WEEKDAY_FACTOR = 1 / 3  # on the probability of a day whose weekday is not the one in the text


class _Paths(NamedTuple):
    """The best sequences of a search for each text."""

    ids: np.ndarray  # (N, P, 10), best first
    log_probs: np.ndarray  # (N, P)
    attention: np.ndarray  # (N, 10, Tx), of the best


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
        self._compiled_searches = {}

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
        paths = self._decode([date.text for date in self._normalized(texts)], beam_width)
        return self.network.target_vocabulary.decode_batch(paths.ids[:, 0]), paths.attention

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
        done = self._share_orders(dates, readings) if first is None else self._settle_orders(dates, readings, first)
        unsure = [
            row
            for row, reading in enumerate(readings)
            if not reading.sure and reading.second is None and row not in done
        ]
        for row, reading in zip(unsure, self._read([dates[row] for row in unsure], UNSURE_BEAM_WIDTH), strict=True):
            readings[row] = reading
        return readings

    def _read(self, dates, beam_width) -> list[DateReading]:
        paths = self._decode([date.text for date in dates], beam_width)
        count = paths.ids.shape[1]
        isos = self.network.target_vocabulary.decode_batch(paths.ids.reshape(-1, ISO_LENGTH))
        readings = []
        for row, date in enumerate(dates):
            found = [
                (iso, float(np.exp(log_prob)) * _trust(date, iso))
                for iso, log_prob in zip(isos[row * count : (row + 1) * count], paths.log_probs[row], strict=True)
            ]
            (iso, probability), *others = sorted(found, key=lambda pair: -pair[1])  # stable: ties keep their order
            weights = paths.attention[row]
            if iso != isos[row * count]:  # the weekday spoke for another than the best path
                weights = self._score([date.text], [iso])[1][0]
            readings.append(
                DateReading(date.shown, iso, probability, _over_shown(weights, date), others[0] if others else None)
            )
        return readings

    def _share_orders(self, dates, readings) -> set[int]:
        """Give both readings of a date of numbers whose order is open the same probability; return the rows of these.

        A network that was trained on either order has learned it at random, and leans to the one that it saw by
        chance. Only a weekday in the text tells the two apart.
        """
        separators = self.network.metadata.get("open_separators", ())
        orders = {row: open_orders(date.text) for row, date in enumerate(dates) if is_order_open(date.text, separators)}
        texts = [dates[row].text for row in orders]
        scored = {name: self._score(texts, [both[name] for both in orders.values()]) for name in ("day", "month")}
        for index, (row, both) in enumerate(orders.items()):
            masses = {name: float(probabilities[index]) for name, (probabilities, _) in scored.items()}
            trusts = {name: _trust(dates[row], iso) for name, iso in both.items()}
            best, other = sorted(both, key=lambda name: (-trusts[name], -masses[name]))
            probability = sum(masses.values()) * trusts[best]
            second = (both[other], masses[other] * trusts[other])
            if trusts[best] == trusts[other]:
                probability = min(probability / 2, MAX_OPEN_PROBABILITY)
                second = (both[other], probability)
            weights = _over_shown(scored[best][1][index], dates[row])
            second = None if probability >= SURE else second
            readings[row] = DateReading(dates[row].shown, both[best], probability, weights, second)
        return set(orders)

    def _settle_orders(self, dates, readings, first) -> set[int]:
        """Replace readings of dates of numbers by those with a given order; return the rows of these.

        The probability of such a date is the model's for both orders together: the reader has excluded one of them.
        """
        orders = {row: both for row, date in enumerate(dates) if (both := open_orders(date.text)) is not None}
        texts = [dates[row].text for row in orders]
        chosen, attention = self._score(texts, [both[first] for both in orders.values()])
        other, _ = self._score(texts, [both["month" if first == "day" else "day"] for both in orders.values()])
        for index, (row, both) in enumerate(orders.items()):
            date, iso = dates[row], both[first]
            probability = float(chosen[index] + other[index]) * _trust(date, iso)
            weights = _over_shown(attention[index], date)
            readings[row] = DateReading(date.shown, iso, probability, weights, None)
        return set(orders)

    def _score(self, texts, isos) -> tuple[np.ndarray, np.ndarray]:
        """Return the probabilities `(N,)` of given outputs and their attention weights `(N, 10, Tx)`."""
        lengths = [len(text) for text in texts]
        probabilities = np.zeros(len(texts), np.float32)
        attention = np.zeros((len(texts), ISO_LENGTH, max(lengths, default=0)), np.float32)
        for rows, width in batches_by_length(lengths):
            source = self.network.source_vocabulary.encode_batch([texts[row] for row in rows], length=width)
            target = self.network.target_vocabulary.encode_batch([isos[row] for row in rows])
            logits, weights = self.network({"source": source, "target": target}, return_attention_scores=True)
            log_probs = keras.ops.convert_to_numpy(keras.ops.log_softmax(logits, axis=-1))  # (B, 10, V)
            probabilities[rows] = np.exp(np.take_along_axis(log_probs, target[..., None], axis=2).sum(axis=(1, 2)))
            kept = min(width, attention.shape[2])
            attention[rows, :, :kept] = keras.ops.convert_to_numpy(weights)[:, :, :kept]
        return probabilities, attention

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

    def _decode(self, texts, beam_width) -> _Paths:
        """Decode texts in normal form in batches of similar length."""
        lengths = [len(text) for text in texts]
        longest = max(lengths, default=0)
        count = 1 if beam_width == 1 else 2
        ids = np.zeros((len(texts), count, ISO_LENGTH), np.int32)
        log_probs = np.zeros((len(texts), count), np.float32)
        attention = np.zeros((len(texts), ISO_LENGTH, longest), np.float32)
        search = self._search(beam_width, len(texts))
        for rows, width in batches_by_length(lengths):
            source = self.network.source_vocabulary.encode_batch([texts[row] for row in rows], length=width)
            decoded = search(source)
            if beam_width == 1:
                ids[rows, 0], log_probs[rows, 0] = map(ops.convert_to_numpy, (decoded.ids, decoded.log_probs))
            else:
                best = decoded.hypotheses
                ids[rows], log_probs[rows] = map(ops.convert_to_numpy, (best.ids, best.log_probs))
            kept = min(width, longest)
            attention[rows, :, :kept] = ops.convert_to_numpy(decoded.attention)[:, :, :kept]
        return _Paths(ids, log_probs, attention)

    def _search(self, beam_width, count):
        """Return a search as a function of source ids, compiled where there are enough texts to pay for tracing."""
        if beam_width in self._compiled_searches:
            return self._compiled_searches[beam_width]
        search = (
            greedy_search if beam_width == 1 else functools.partial(beam_search, beam_width=beam_width, hypotheses=2)
        )
        search = functools.partial(search, end_id=None, constraint=iso_date_automaton(self.network.target_vocabulary))

        def decode(source):
            return self.network.decode(source, search, ISO_LENGTH)

        if count < MIN_COMPILED_TEXTS:
            return decode
        return self._compiled_searches.setdefault(beam_width, compiled(decode))


def _trust(date, iso) -> float:
    """Return the factor on the model's probability by which facts in the text lower it."""
    factor = OTHER_CALENDAR_FACTOR if date.doubt else 1.0
    return factor * (WRONG_WEEKDAY_FACTOR if contradicts_weekday(date.shown, iso, WORLD_LOCALES) else 1.0)


def _lower_case(text) -> NormalizedDate:
    """Return a text as networks read it that were trained before dates had a normalization of their own."""
    normal = normalize_text(text)
    return NormalizedDate(normal, compose_text(text), range(len(normal)), trace_date(text).doubt)


def _over_shown(weights, date) -> np.ndarray:
    """Move attention weights `(10, Tx)` over the normal form of a date to `(10, len(date.shown))`."""
    if isinstance(date.positions, range):
        return weights[:, : len(date.text)]
    shown = np.zeros((len(weights), len(date.shown)), weights.dtype)
    np.add.at(shown, (slice(None), np.asarray(date.positions)), weights[:, : len(date.text)])
    return shown
