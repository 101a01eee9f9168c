"""Search for ISO dates with a network: greedy or by beam, and the probability of a given date."""

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from keras import ops

from dlseq.decoding import beam_search, compiled, greedy_search
from dlseq.decoding.batching import batches_by_length
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.tasks.dates.iso_dates import iso_date_automaton

__all__ = ["ISO_LENGTH", "IsoPaths", "IsoSearch"]

ISO_LENGTH = 10  # YYYY-MM-DD
MIN_COMPILED_TEXTS = 17  # fewer texts are decoded before a graph would have been traced


class IsoPaths(NamedTuple):
    """The best dates of a search for each of N texts."""

    isos: list[list[str]]
    """P dates for each text, best first: one by greedy search, two by a beam."""
    log_probs: np.ndarray
    """Their log-probabilities `(N, P)`."""
    attention: np.ndarray
    """Attention weights `(N, 10, Tx)` of the best."""


class IsoSearch:
    """Search for the ISO dates that a network gives to texts in normal form, in batches of similar length.

    Only days that exist are found. Searches of many texts are compiled and kept.

    Args:
        network: an `EncoderDecoder` from characters to ISO dates.
    """

    def __init__(self, network: EncoderDecoder):
        self.network = network
        self._compiled_searches = {}

    def decode(self, texts: Sequence[str], beam_width: int) -> IsoPaths:
        """Return the best dates.

        Args:
            texts: N texts in normal form.
            beam_width: 1 for greedy search, more for beam search.
        """
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
        isos = self.network.target_vocabulary.decode_batch(ids.reshape(-1, ISO_LENGTH))
        return IsoPaths([isos[row : row + count] for row in range(0, len(isos), count)], log_probs, attention)

    def score(self, texts: Sequence[str], isos: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return the probabilities `(N,)` of given dates, and their attention weights `(N, 10, Tx)`.

        Args:
            texts: N texts in normal form.
            isos: a date for each.
        """
        lengths = [len(text) for text in texts]
        probabilities = np.zeros(len(texts), np.float32)
        attention = np.zeros((len(texts), ISO_LENGTH, max(lengths, default=0)), np.float32)
        for rows, width in batches_by_length(lengths):
            source = self.network.source_vocabulary.encode_batch([texts[row] for row in rows], length=width)
            target = self.network.target_vocabulary.encode_batch([isos[row] for row in rows])
            logits, weights = self.network({"source": source, "target": target}, return_attention_scores=True)
            log_probs = ops.convert_to_numpy(ops.log_softmax(logits, axis=-1))  # (B, 10, V)
            probabilities[rows] = np.exp(np.take_along_axis(log_probs, target[..., None], axis=2).sum(axis=(1, 2)))
            kept = min(width, attention.shape[2])
            attention[rows, :, :kept] = ops.convert_to_numpy(weights)[:, :, :kept]
        return probabilities, attention

    def _search(self, beam_width, count) -> Callable:
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
