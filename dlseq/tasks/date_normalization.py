"""Dates as people write them to ISO dates, with a look at where the model looked."""

import dataclasses
import functools
import os
from collections.abc import Iterable, Sequence

import numpy as np

from dlseq.data.dates import DatePair
from dlseq.decoding import beam_search, compiled, greedy_search
from dlseq.errors import DataError
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.text.normalize import compose_text, normalize_text
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.batching import even_steps, paired_batches
from dlseq.training.checkpoint import resumable
from dlseq.training.fit import StopWhen, TrainingRun, adam, run
from dlseq.training.losses_metrics import ExactMatch
from dlseq.training.saving import load_network, save_network

__all__ = ["DateNormalizer", "DateReading", "batches_by_width"]

ISO_LENGTH = 10  # YYYY-MM-DD
MAX_LENGTH = 80  # characters of a text; the longest written form of any locale has about 50
ROWS_AT_ONCE = 2000
ENOUGH_ROWS = 40  # a batch of so many gains more from its own width than another call costs
FEW_TEXTS = 16  # so few are read before a graph would have been made
WIDTH_STEP = 8  # texts are padded to a multiple of this, so that few graphs serve all lengths


@dataclasses.dataclass(frozen=True)
class DateReading:
    """What the model made of one text."""

    text: str
    """The text, composed; the model reads it in small letters, see `dlseq.text.normalize`."""
    iso: str
    """The date, YYYY-MM-DD."""
    probability: float
    """The model's probability of the whole string `iso`, between 0 and 1."""
    attention: np.ndarray
    """The attention weights `(len(iso), len(text))`: where it looked while it wrote each character."""


class DateNormalizer:
    """Reads dates in the forms that it was trained on and writes them as YYYY-MM-DD.

    Args:
        network: The `EncoderDecoder` that does the work; `DateNormalizer.build` makes a fresh one,
            `DateNormalizer.load` reads one from a file.

    Example:
        >>> from dlseq.data.dates import date_pairs
        >>> pairs = date_pairs(200, "course", seed=1)
        >>> normalizer = DateNormalizer.build(pairs, units=16, decoder_units=16)
        >>> done = normalizer.train(pairs, pairs[:50], epochs=1)
        >>> texts, attention = normalizer.normalize(["3 may 1979"])
        >>> len(texts[0]), attention.shape
        (10, (1, 10, 10))
    """

    def __init__(self, network: EncoderDecoder):
        self.network = network
        self._searches = {}

    @classmethod
    def build(cls, pairs: Iterable[DatePair], *, seed: int = 0, **sizes) -> "DateNormalizer":
        """Makes an untrained model whose vocabulary is what the texts of `pairs` are written in.

        Args:
            pairs: what it will be trained on.
            seed: of the initial weights.
            **sizes: those of `EncoderDecoder`: `units`, `depth`, `kernel_size`, `recurrent_units`, `decoder_units`,
                `score`, `dropout`.
        """
        import keras

        keras.utils.set_random_seed(seed)
        source = Vocabulary.from_texts(normalize_text(pair.text) for pair in pairs)
        target = Vocabulary("-0123456789")
        return cls(EncoderDecoder(source.to_config(), target.to_config(), **sizes))

    def train(
        self,
        pairs: Sequence[DatePair],
        validation: Sequence[DatePair],
        *,
        epochs: int = 10,
        batch_size: int = 50,
        learning_rate: float = 0.01,
        seconds: float | None = None,
        reached: float | None = None,
        patience: int | None = None,
        seed: int = 0,
        checkpoint: str | os.PathLike | None = None,
        resume: bool = False,
        callbacks: Sequence = (),
    ) -> TrainingRun:
        """Trains by teacher forcing and keeps the weights of the epoch that did best on `validation`.

        Args:
            pairs: what is learned, at least one.
            validation: what decides which epoch was best, at least one.
            epochs: passes over `pairs`, over which the learning rate falls to zero.
            batch_size: pairs a step.
            learning_rate: the highest rate.
            seconds: ends after so long, wherever it is.
            reached: ends when this share of `validation` is right, between 0 and 1.
            patience: ends after so many epochs without a better one.
            seed: of the order of the batches.
            checkpoint: a `.keras` file that is written after each epoch, optimizer included; the best epoch so far
                stands beside it.
            resume: goes on from `checkpoint` if it is there; with the same other arguments the run then ends as it
                would have ended undisturbed.
            callbacks: Keras callbacks, a progress display for one.

        Returns:
            What was done. Ctrl-C ends the run as `seconds` does: the best epoch so far is kept.

        Raises:
            DataError: nothing to train or to validate on, or an ISO date that is none.
            ModelFileError: the checkpoint is something else.
        """
        source, target = self._encode_pairs(pairs, "train")
        held_out, answers = self._encode_pairs(validation, "validate")
        steps, at_once = even_steps(max(len(source) // batch_size, 1))
        state = resumable(self.network, checkpoint, resume, monitor="val_exact_match", mode="max")
        if state.network is self.network:
            self._compile(adam(learning_rate, epochs * steps), at_once)
        self.network, self._searches = state.network, {}
        first_epoch = int(self.network.optimizer.iterations) // steps
        return run(
            self.network,
            paired_batches(source, target, batch_size, steps, seed, first_epoch),
            steps,
            ({"source": held_out, "target": answers}, answers),
            epochs=epochs,
            first_epoch=first_epoch,
            keep_best=state.keep_best,
            stop_when=StopWhen("val_exact_match", "max", reached=reached, patience=patience, seconds=seconds),
            callbacks=[*callbacks, *state.callbacks],
        )

    def _compile(self, optimizer, at_once):
        import keras

        self.network.compile(
            optimizer=optimizer,
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=[ExactMatch()],
            jit_compile=False,
            steps_per_execution=at_once,
        )

    def evaluate(self, pairs: Sequence[DatePair]) -> float:
        """Gives the share of pairs that a greedy search gets right, every character of it."""
        texts, _ = self.normalize([pair.text for pair in pairs])
        return float(np.mean([text == pair.iso for text, pair in zip(texts, pairs, strict=True)]))

    def normalize(self, texts: Sequence[str], *, beam_width: int = 1) -> tuple[list[str], np.ndarray]:
        """Reads dates.

        Args:
            texts: dates as written, none of them empty.
            beam_width: 1 for a greedy search; more for a beam search.

        Returns:
            The ISO dates, and the attention weights `(N, 10, Tx)`: `weights[i, t]` is where the model looked in text
            `i` after `normalize_text` while it wrote character `t`; they sum to one, and padding has none of them.

        Raises:
            DataError: a text that is empty or longer than 80 characters.
        """
        ids, _, attention = self._decode([self._checked(text) for text in texts], beam_width)
        return self.network.target_vocabulary.decode_batch(ids), attention

    def read(self, texts: Sequence[str], *, beam_width: int = 1) -> list[DateReading]:
        """Reads dates, and says how sure it is of each: `normalize` with probabilities, an object a text."""
        ids, log_probs, attention = self._decode([self._checked(text) for text in texts], beam_width)
        answers = self.network.target_vocabulary.decode_batch(ids)
        return [
            DateReading(text, iso, float(np.exp(log_prob)), weights[:, : len(text)])
            for text, iso, log_prob, weights in zip(
                map(compose_text, texts), answers, log_probs, attention, strict=True
            )
        ]

    def save(self, path: str | os.PathLike) -> None:
        """Writes one `.keras` file with everything in it: weights, vocabularies, metadata of the training.

        Raises:
            ModelFileError: the name does not end in `.keras`.
            DlseqError: nothing can be written there.
        """
        save_network(self.network, path)

    @classmethod
    def load(cls, path: str | os.PathLike) -> "DateNormalizer":
        """Reads what `save` wrote.

        Raises:
            ModelFileError: the file is missing, damaged or something else.
        """
        return cls(load_network(path, EncoderDecoder))

    def _encode_pairs(self, pairs, purpose):
        if not pairs:
            raise DataError(f"expected at least one pair to {purpose} on, received none")
        network = self.network
        source = network.source_vocabulary.encode_batch([self._checked(pair.text) for pair in pairs])
        target = network.target_vocabulary.encode_batch([pair.iso for pair in pairs], length=ISO_LENGTH)
        return source, target

    def _checked(self, text):
        read = normalize_text(text)
        if not read:
            raise DataError("expected a date, received an empty text; write one, such as '3 May 1979'")
        if len(read) > MAX_LENGTH:
            raise DataError(
                f"expected a date of at most {MAX_LENGTH} characters, received {len(read)}: '{read[:40]}…'; "
                "write one date a text"
            )
        return read

    def _decode(self, texts, beam_width):
        """Ids (N, 10), log-probabilities (N,) and weights (N, 10, Tx) of texts as read, the short ones first."""
        longest = max(map(len, texts), default=0)
        ids = np.zeros((len(texts), ISO_LENGTH), np.int32)
        log_probs = np.zeros(len(texts), np.float32)
        attention = np.zeros((len(texts), ISO_LENGTH, longest), np.float32)
        search = self._search(beam_width, len(texts))
        for rows, width in batches_by_width(texts):
            source = self.network.source_vocabulary.encode_batch([texts[row] for row in rows], length=width)
            decoded = search(source)
            ids[rows], log_probs[rows] = decoded.ids, decoded.log_probs
            kept = min(width, longest)
            attention[rows, :, :kept] = np.asarray(decoded.attention)[:, :, :kept]
        return ids, log_probs, attention

    def _search(self, beam_width, count):
        """A search as a function of source ids; compiled, unless a few texts would wait longer for that."""
        if beam_width in self._searches:
            return self._searches[beam_width]
        search = greedy_search if beam_width == 1 else functools.partial(beam_search, beam_width=beam_width)
        search = functools.partial(search, end_id=None)

        def decode(source):
            return self.network.decode(source, search, ISO_LENGTH)

        if count <= FEW_TEXTS:
            return decode
        return self._searches.setdefault(beam_width, compiled(decode))


def batches_by_width(texts):
    """Deals texts into batches of like length, the short ones first.

    Args:
        texts: N texts as they are read.

    Yields:
        The positions in `texts` of a batch, and its width: the length of its longest text, rounded up to a multiple
        of 8. Wider texts begin a new batch once a batch has `ENOUGH_ROWS`, and none has more than `ROWS_AT_ONCE`.

    Example:
        >>> list(batches_by_width(["a longer one", "short"]))
        [([1, 0], 16)]
    """
    batch = []
    for row in sorted(range(len(texts)), key=lambda row: len(texts[row])):
        wider = batch and _width(texts[row]) > _width(texts[batch[-1]])
        if len(batch) == ROWS_AT_ONCE or (wider and len(batch) >= ENOUGH_ROWS):
            yield batch, _width(texts[batch[-1]])
            batch = []
        batch.append(row)
    if batch:
        yield batch, _width(texts[batch[-1]])


def _width(text):
    return -(-len(text) // WIDTH_STEP) * WIDTH_STEP
