"""From sound to words by a decoder with attention."""

import functools

import numpy as np
from keras import ops

from dlseq.decoding import Automaton, beam_search
from dlseq.tasks.speech.listener import Heard, Listener
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.losses_metrics import MaskedCrossEntropy, sequence_nats

__all__ = ["AttentionListener", "language_automaton"]

MAX_TEXTS = 4  # that a search ranks: it is over sooner
NEVER = -1e9  # logit of a word of another language
MAX_WORDS = 128  # of a text; the same for all recordings, so that none depends on others of its batch
EDGE_SHARE = 0.1  # share of a word's attention before its place, and after it


class AttentionListener(Listener):
    """An `EncoderDecoder` of a `SpeechEncoder`, with beam search among the words of one language."""

    @staticmethod
    def vocabulary_of(network):
        return network.target_vocabulary

    def encode(self, recordings, rows):
        ids = self.vocabulary.encode_rows(rows, eos=True)
        return {"source": self.inputs(recordings), "target": ids}, ids

    def steps_needed(self, words):
        return len(words)

    def compile_arguments(self):
        return {"loss": MaskedCrossEntropy()}

    def log_probs(self, recordings, rows):
        found = [0.0] * len(recordings)
        for batch in self.batches(recordings):
            x, ids = self.encode([recordings[row] for row in batch], [rows[row] for row in batch])
            nats, _ = sequence_nats(ids, self.network(x))
            for row, value in zip(batch, ops.convert_to_numpy(nats), strict=True):
                found[row] = -float(value)
        return found

    def hear(self, recordings, language, beam_width):
        found = [None] * len(recordings)
        for batch in self.batches(recordings):
            for row, heard in zip(
                batch, self._hear([recordings[row] for row in batch], language, beam_width), strict=True
            ):
                found[row] = heard
        return found

    def _hear(self, recordings, language, beam_width):
        """Return what is heard in each recording of a batch."""
        source = self.inputs(recordings)
        best = self.network.decode(source, self._search(language, beam_width), MAX_WORDS + 1).hypotheses
        ids, log_probs = (ops.convert_to_numpy(x) for x in (best.ids, best.log_probs))  # (B, K, MAX_WORDS + 1), (B, K)
        steps = max(1, int(ops.max(best.lengths[:, 0])))  # T, of the longest text; all others are padding
        target = ids[:, 0, :steps]
        logits, weights = self.network({"source": source, "target": target}, return_attention_scores=True)
        logits = logits + self._bias(language)
        chances, weights = (ops.convert_to_numpy(x) for x in (ops.softmax(logits), weights))  # (B, T, V), (B, T, S)
        return [
            self._heard(recording, *rows, language)
            for recording, *rows in zip(recordings, ids, log_probs, chances, weights, strict=True)
        ]

    def _heard(self, recording, ids, log_probs, chances, weights, language):
        """Return what is heard in one recording: ids `(K, T)`, chances `(T, V)`, weights `(T, S)`."""
        texts, words, attention = [], [], None
        for row, log_prob in zip(ids, log_probs, strict=True):
            if not np.isfinite(log_prob):
                continue
            kept = row[(row != Vocabulary.eos_id) & (row != Vocabulary.pad_id)].tolist()
            codes = [language] if language is not None and kept else self.languages_of(kept)
            if not texts:
                attention = weights[: len(kept), : self.steps(recording)]
                words = [
                    self.word(index, place(attention[step]), _words_alone(chances[step]), recording)
                    for step, index in enumerate(kept)
                ]
            texts.append((self.text(kept), codes[0] if codes else "", min(1.0, float(np.exp(log_prob)))))
        return Heard(tuple(texts), tuple(words), attention)

    def _search(self, language, beam_width):
        """Return the search of `EncoderDecoder.decode` among the words of a language, or of any one."""
        codes = self.network.metadata["languages"] if language is None else [language]
        automaton = language_automaton([self.kept_ids(code) for code in codes], len(self.vocabulary))
        search = functools.partial(
            beam_search,
            end_id=Vocabulary.eos_id,
            beam_width=beam_width,
            hypotheses=min(beam_width, MAX_TEXTS),
            constraint=automaton,
        )
        bias = self._bias(language)

        def search_among_words(step, state, start, max_length):
            def biased(tokens, state):
                logits, *others = step(tokens, state)
                return (logits + bias, *others)

            return search(biased, state, start, max_length=max_length)

        return search_among_words

    def _bias(self, language):
        """Return what is added to the logits `(V,)`: nothing, or nearly minus infinity for words of other languages."""
        bias = np.zeros(len(self.vocabulary), np.float32)
        if language is not None:
            bias += NEVER
            bias[[Vocabulary.eos_id, *self.kept_ids(language)]] = 0
        return bias


def language_automaton(languages, size: int) -> Automaton:
    """Return the automaton of texts whose words all belong to one language.

    A state is the set of languages that have all words so far; an end token is allowed in each.

    Args:
        languages: Ids of the words of each language.
        size: Number of ids, `V`.

    Example:
        >>> automaton = language_automaton([[3, 4], [4, 5]], size=6)  # 4 is a word of both
        >>> automaton.transitions[:, 3:].tolist()
        [[1, 0, 2], [1, 1, -1], [-1, 2, 2]]
    """
    languages = [set(ids) for ids in languages]
    states = {frozenset(range(len(languages))): 0}
    rows = []
    for possible in (queue := list(states)):
        row = np.full(size, -1)
        row[Vocabulary.eos_id] = states[possible]
        for index in sorted(set().union(*(languages[number] for number in possible))):
            left = frozenset(number for number in possible if index in languages[number])
            if left not in states:
                states[left] = len(states)
                queue.append(left)
            row[index] = states[left]
        rows.append(row)
    return Automaton(np.array(rows))


def place(weights: np.ndarray) -> tuple[int, int]:
    """Return the steps `(first, after the last)` between which all but a tenth at each end of the weights `(S,)` lies.

    Example:
        >>> place(np.array([0.05, 0.05, 0.1, 0.7, 0.1]))
        (2, 4)
    """
    covered = np.cumsum(weights, dtype=np.float64) / weights.sum()
    start = int(np.searchsorted(covered, EDGE_SHARE + 1e-6, side="left"))
    return start, max(start, int(np.searchsorted(covered, 1 - EDGE_SHARE - 1e-6, side="left"))) + 1


def _words_alone(chances):
    """Return probabilities with 0 for padding, unknown words and the end."""
    chances = chances.copy()
    chances[: Vocabulary.eos_id + 1] = 0
    return chances
