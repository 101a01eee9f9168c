"""Batched scoring of sequences with a language model."""

import numpy as np
from keras import ops

from dlseq.decoding.compiled import compiled
from dlseq.networks.language_model import LanguageModel
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.losses_metrics import sequence_nats

__all__ = ["SequenceScorer"]

MAX_BATCH_ROWS = 10_000
MAX_EAGER_ROWS = 32  # so few rows are scored faster than a graph is traced
WIDTH_STEP = 8  # widths are padded to a multiple of this, so that few graphs serve all lengths


class SequenceScorer:
    """A scorer of sequences: their log-probabilities under a language model.

    Sequences are scored in batches of similar length. Above 32 rows the computation is compiled.

    Args:
        network: The `LanguageModel`.

    Example:
        >>> network = LanguageModel(Vocabulary("ab").to_config(), embedding_units=2, units=3)
        >>> SequenceScorer(network)(np.array([[3, 4, 2], [2, 0, 0]])).shape
        (2,)
    """

    def __init__(self, network: LanguageModel):
        self.network = network
        self._compiled = None

    def __call__(self, ids):
        """Return the log-probability of each sequence.

        Args:
            ids: integers `(N, T)`, each row with its end token, padded.

        Returns:
            float32 `(N,)`, in nats.
        """
        lengths = (ids != Vocabulary.pad_id).sum(axis=1)
        widest = _padded_width(lengths.max(initial=1))
        padded = np.zeros((len(ids), widest), np.int32)
        padded[:, : min(widest, ids.shape[1])] = ids[:, :widest]
        if self._compiled is None and len(ids) > MAX_EAGER_ROWS:
            self._compiled = compiled(self._score)
        score = self._compiled or self._score
        log_probs = np.zeros(len(ids), np.float32)
        by_length = np.argsort(lengths, kind="stable")
        for first in range(0, len(ids), MAX_BATCH_ROWS):
            rows = by_length[first : first + MAX_BATCH_ROWS]
            width = _padded_width(lengths[rows[-1]])
            log_probs[rows] = ops.convert_to_numpy(score(padded[rows, :width]))
        return log_probs

    def _score(self, ids):
        return -sequence_nats(ids, self.network(ids))[0]


def _padded_width(length):
    return -(-int(length) // WIDTH_STEP) * WIDTH_STEP
