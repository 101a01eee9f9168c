"""Batched scoring of sequences with a language model."""

import numpy as np
from keras import ops

from dlseq.decoding.batching import padded_batches
from dlseq.decoding.compiled import compiled
from dlseq.networks.language_model import LanguageModel
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.losses_metrics import sequence_nats

__all__ = ["SequenceScorer"]

MAX_BATCH_ROWS = 10_000
MAX_EAGER_ROWS = 32  # so few rows are scored faster than a graph is traced


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
        if self._compiled is None and len(ids) > MAX_EAGER_ROWS:
            self._compiled = compiled(self._score)
        score = self._compiled or self._score
        log_probs = np.zeros(len(ids), np.float32)
        for rows, batch in padded_batches(ids, lengths, min_rows=MAX_BATCH_ROWS, max_rows=MAX_BATCH_ROWS):
            log_probs[rows] = ops.convert_to_numpy(score(batch))
        return log_probs

    def _score(self, ids):
        return -sequence_nats(ids, self.network(ids))[0]
