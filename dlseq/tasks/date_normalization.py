"""Task of date normalization: dates as people write them to ISO dates, with the attention of each character."""

import dataclasses
import functools
from collections.abc import Sequence

import keras
import numpy as np

from dlseq import metrics
from dlseq.data.dates import DatePair, ambiguous_pairs, date_pairs, read_date_csv, split_by_date
from dlseq.decoding import beam_search, compiled, greedy_search
from dlseq.decoding.batching import batches_by_length
from dlseq.errors import DataError
from dlseq.layers import TextEncoder
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.tasks.base import Task
from dlseq.tasks.date_presets import DateData
from dlseq.tasks.preset import Splits
from dlseq.text.normalize import compose_text, normalize_text
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.losses_metrics import ExactMatch

__all__ = ["DateNormalizer", "DateReading"]

ISO_LENGTH = 10  # YYYY-MM-DD
ENCODER_SIZES = ("units", "depth", "kernel_size", "recurrent_units")
ENCODER_UNITS = 32  # unless the sizes say otherwise
MAX_TEXT_LENGTH = 80  # characters; the longest written form of any locale has about 50
MIN_COMPILED_TEXTS = 17  # fewer texts are decoded before a graph would have been traced
MIN_HELD_OUT, MAX_HELD_OUT = 500, 5_000  # pairs each for validation and test


@dataclasses.dataclass(frozen=True)
class DateReading:
    """ISO date that the model reads in a text, with its probability and attention."""

    text: str
    """The text in composed form; the network reads it in lower case, see `dlseq.text.normalize`."""
    iso: str
    """The date, YYYY-MM-DD."""
    probability: float
    """The model's probability of the whole string `iso`, between 0 and 1."""
    attention: np.ndarray
    """Attention weights `(len(iso), len(text))`, a row for each character of `iso`."""


class DateNormalizer(Task):
    """Model that reads dates in the forms it was trained on and writes them as YYYY-MM-DD.

    `DateNormalizer.build` takes as sizes the arguments of `TextEncoder`: `units`, `depth`, `kernel_size`,
    `recurrent_units`; and of `EncoderDecoder`: `decoder_units`, `score`, `dropout`.

    Args:
        network: An `EncoderDecoder`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.training.config import TrainingConfig
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
    def load_data(cls, data: DateData, *, seed: int) -> Splits:
        """Draw date pairs, or read them from a file and split them by date, so that no date is in two parts.

        Raises:
            DataError: An unknown source or locale, no source and no file, or a file that cannot be used.
        """
        if data.file is not None:
            return Splits(*split_by_date(read_date_csv(data.file)))
        if data.source is None:
            raise DataError(
                "Expected a CSV file with the columns text,iso for the preset file. Received: none. "
                "Give one with --data."
            )
        held_out = max(MIN_HELD_OUT, min(MAX_HELD_OUT, data.examples // 5))
        sizes = {"train": data.examples, "validation": held_out, "test": held_out}
        splits = Splits(
            *(
                date_pairs(size, data.source, split=split, seed=seed, locales=data.locales or None)
                for split, size in sizes.items()
            )
        )
        ambiguous = ambiguous_pairs(round(data.examples * data.ambiguous_share), seed=seed, split="train")
        return splits._replace(train=splits.train + ambiguous)

    @classmethod
    def build_network(cls, examples: Sequence[DatePair], **sizes) -> EncoderDecoder:
        source = Vocabulary.from_texts(normalize_text(pair.text) for pair in examples)
        target = Vocabulary("-0123456789")
        encoder_sizes = {name: sizes.pop(name) for name in ENCODER_SIZES if name in sizes}
        encoder = TextEncoder(len(source), **{"units": ENCODER_UNITS, **encoder_sizes}, name="encoder")
        encoder.build((None, None))
        return EncoderDecoder(encoder, target.to_config(), source=source.to_config(), **sizes)

    def encode(self, examples: Sequence[DatePair]) -> tuple:
        """Return `{"source": (N, Tx), "target": (N, 10)}` and the target again, for teacher forcing."""
        texts = [_network_text(pair.text) for pair in examples]
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
        ids, _, attention = self._decode([_network_text(text) for text in texts], beam_width)
        return self.network.target_vocabulary.decode_batch(ids), attention

    def read(self, texts: Sequence[str], *, beam_width: int = 1) -> list[DateReading]:
        """Convert dates to ISO dates with probabilities: `normalize` with an object for each text."""
        ids, log_probs, attention = self._decode([_network_text(text) for text in texts], beam_width)
        isos = self.network.target_vocabulary.decode_batch(ids)
        return [
            DateReading(text, iso, float(np.exp(log_prob)), weights[:, : len(text)])
            for text, iso, log_prob, weights in zip(map(compose_text, texts), isos, log_probs, attention, strict=True)
        ]

    def _decode(self, texts, beam_width):
        """Return ids `(N, 10)`, log-probabilities `(N,)` and attention `(N, 10, Tx)` of texts in normal form."""
        lengths = [len(text) for text in texts]
        longest = max(lengths, default=0)
        ids = np.zeros((len(texts), ISO_LENGTH), np.int32)
        log_probs = np.zeros(len(texts), np.float32)
        attention = np.zeros((len(texts), ISO_LENGTH, longest), np.float32)
        search = self._search(beam_width, len(texts))
        for rows, width in batches_by_length(lengths):
            source = self.network.source_vocabulary.encode_batch([texts[row] for row in rows], length=width)
            decoded = search(source)
            ids[rows], log_probs[rows] = decoded.ids, decoded.log_probs
            kept = min(width, longest)
            attention[rows, :, :kept] = np.asarray(decoded.attention)[:, :, :kept]
        return ids, log_probs, attention

    def _search(self, beam_width, count):
        """Return a search as a function of source ids, compiled where there are enough texts to pay for tracing."""
        if beam_width in self._compiled_searches:
            return self._compiled_searches[beam_width]
        search = greedy_search if beam_width == 1 else functools.partial(beam_search, beam_width=beam_width)
        search = functools.partial(search, end_id=None)

        def decode(source):
            return self.network.decode(source, search, ISO_LENGTH)

        if count < MIN_COMPILED_TEXTS:
            return decode
        return self._compiled_searches.setdefault(beam_width, compiled(decode))


def _network_text(text):
    """Return a text in the normal form that the network reads; refuse an empty or overlong one."""
    normal = normalize_text(text)
    if not normal:
        raise DataError("Expected a date. Received: an empty text. Write one, such as '3 May 1979'.")
    if len(normal) > MAX_TEXT_LENGTH:
        raise DataError(
            f"Expected a date of at most {MAX_TEXT_LENGTH} characters. Received: {len(normal)} characters, "
            f"'{normal[:40]}…'. Write one date per text."
        )
    return normal
