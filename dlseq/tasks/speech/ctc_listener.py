"""From sound to words by connectionist temporal classification."""

import itertools

import keras
import numpy as np
from keras import ops

from dlseq.decoding.ctc import ctc_alignment, ctc_beam_search, ctc_log_prob
from dlseq.tasks.speech.listener import Heard, Listener
from dlseq.text.vocabulary import Vocabulary

__all__ = ["CTCListener"]


class CTCListener(Listener):
    """A `CTCNetwork` with prefix beam search among the words of each language."""

    @staticmethod
    def vocabulary_of(network):
        return network.vocabulary

    def encode(self, recordings, rows):
        return self.inputs(recordings), self.vocabulary.encode_rows(rows)

    def steps_needed(self, words):
        return len(words) + sum(word == following for word, following in itertools.pairwise(words))

    def compile_arguments(self):
        return {"loss": keras.losses.CTC()}

    def log_probs(self, recordings, rows):
        found = zip(self._step_log_probs(recordings), rows, strict=True)
        return [ctc_log_prob(step_log_probs, self.vocabulary.encode_rows([row])[0]) for step_log_probs, row in found]

    def hear(self, recordings, language, beam_width):
        return [
            self._heard(recording, log_probs, language, beam_width)
            for recording, log_probs in zip(recordings, self._step_log_probs(recordings), strict=True)
        ]

    def _heard(self, recording, log_probs, language, beam_width):
        """Return what is heard in a recording by its log-probabilities `(S, V)`."""
        found = self._search(log_probs, beam_width, language)
        _, best, rows = found[0]
        words = []
        for index, (start, end) in zip(best.ids, ctc_alignment(rows, best.ids), strict=True):
            chances = np.exp((log_probs if language is None else rows)[start:end].max(axis=0))
            chances[Vocabulary.pad_id] = 0
            words.append(self.word(index, (start, end), chances, recording))
        texts = [
            (self.text(other.ids), code if other.ids else "", min(1.0, float(np.exp(other.log_prob))))
            for code, other, _ in found
        ]
        return Heard(tuple(texts), tuple(words))

    def _search(self, log_probs, beam_width, language):
        """Return language and hypothesis of the texts found, best first, and the log-probabilities of that language."""
        found = []
        for code in self.network.metadata["languages"]:
            if language not in (None, code):
                continue
            kept = np.full(len(self.vocabulary), -np.inf)
            kept[[Vocabulary.pad_id, *self.kept_ids(code)]] = 0
            rows = log_probs + kept
            if language is not None:
                rows = rows - np.logaddexp.reduce(rows, axis=1, keepdims=True)
            found += [(code, hypothesis, rows) for hypothesis in ctc_beam_search(rows, beam_width)]
        best = {}
        for code, hypothesis, rows in sorted(found, key=lambda entry: -entry[1].log_prob):
            best.setdefault(hypothesis.ids, (code, hypothesis, rows))
        return list(best.values())

    def _step_log_probs(self, recordings):
        """Return the log-probabilities `(S, V)` of each recording."""
        found = [None] * len(recordings)
        for rows in self.batches(recordings):
            logits = self.network(self.inputs([recordings[row] for row in rows]))
            for row, values in zip(rows, ops.convert_to_numpy(ops.log_softmax(logits)), strict=True):
                found[row] = values[: self.steps(recordings[row])]
        return found
