"""Task of transcribing speech: sound to words, many-to-many of different lengths."""

import itertools
from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.speech import BANDS, FRAMES_PER_SECOND, Utterance
from dlseq.decoding.ctc import ctc_alignment, ctc_beam_search, ctc_log_prob
from dlseq.errors import DataError
from dlseq.networks.ctc_network import CTCNetwork
from dlseq.tasks.base import Task
from dlseq.tasks.preset import Splits
from dlseq.tasks.speech.presets import SpeechData
from dlseq.tasks.speech.transcript import HeardWord, Transcript
from dlseq.text.vocabulary import Vocabulary

__all__ = ["SpeechRecognizer"]

MAX_BATCH_ROWS, BEAM_WIDTH = 64, 8
MOST_CHOICES, MOST_ALTERNATIVES = 4, 3


class SpeechRecognizer(Task):
    """Recognizer of spoken words: convolutions and bidirectional LSTMs over log-mel features, trained with CTC.

    `SpeechRecognizer.build` takes the sizes of `CTCNetwork`.

    Args:
        network: A `CTCNetwork`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.data.speech import draw_utterances
        >>> utterances = draw_utterances(20, seed=0)
        >>> recognizer = SpeechRecognizer.build(utterances, filters=4, units=4)  # recognizer.fit(…) trains it
        >>> 0 <= recognizer.transcribe([utterances[0].levels])[0].probability <= 1
        True
    """

    network_class = CTCNetwork
    monitor, mode, monitor_label = "val_loss", "min", "loss"

    @classmethod
    def load_data(cls, data: SpeechData, *, seed: int) -> Splits:
        return data.load(seed)

    @classmethod
    def build_network(cls, examples: Sequence[Utterance], **sizes) -> CTCNetwork:
        words = {word for example in examples for word in example.text.split()}
        if not words:
            raise DataError("Expected at least one word in the texts. Received: none.")
        languages = {}
        for example in examples:
            languages.setdefault(example.language, set()).update(example.text.split())
        metadata = {"languages": {code: sorted(found) for code, found in sorted(languages.items()) if found}}
        return CTCNetwork(Vocabulary(sorted(words), level="word").to_config(), BANDS, metadata=metadata, **sizes)

    def encode(self, examples: Sequence[Utterance]) -> tuple:
        """Return levels `(N, T, BANDS)` uint8 with the frames that are sound `(N, T)`, and ids `(N, L)`."""
        rows = [example.text.split() for example in examples]
        for example, words in zip(examples, rows, strict=True):
            self._check(example, words)
        return self._inputs([example.levels for example in examples]), self.network.vocabulary.encode_rows(rows)

    def _check(self, example, words):
        """Raise a DataError for a text that cannot be the transcript of its recording."""
        unknown = next((word for word in words if word not in self.network.vocabulary), None)
        if unknown is not None:
            raise DataError(f"Expected words that the model knows. Received: {unknown!r} in {example.text!r:.60}.")
        if not len(example.levels):
            raise DataError("Expected recordings of at least one frame. Received: an empty one.")
        steps = -(-len(example.levels) // self.network.stride)
        needed = len(words) + sum(one == other for one, other in itertools.pairwise(words))
        if needed > steps:
            raise DataError(
                f"Expected at most one word in {self.network.stride / FRAMES_PER_SECOND} seconds, with a step between "
                f"two that are equal. Received: {len(words)} words in {len(example.levels) / FRAMES_PER_SECOND:.2f} "
                f"seconds: {example.text!r:.60}."
            )

    def compile_arguments(self) -> dict:
        return {"loss": keras.losses.CTC()}

    def score(self, examples: Sequence[Utterance]) -> dict[str, float]:
        """Return `word_error_rate`, `exact_match`, and `nats_per_utterance`, of the probability of the right text."""
        _, ids = self.encode(examples)
        found = self._log_probs([example.levels for example in examples])
        texts = [example.text for example in examples]
        heard = [self._text(self._search(rows, BEAM_WIDTH, None)[0][1].ids) for rows in found]
        nats = [ctc_log_prob(rows, row[row != Vocabulary.pad_id]) for rows, row in zip(found, ids, strict=True)]
        return {
            "word_error_rate": metrics.word_error_rate(heard, texts),
            "exact_match": metrics.exact_match(heard, texts),
            "nats_per_utterance": metrics.nats_per_symbol(nats, [1] * len(nats)),
        }

    @property
    def languages(self) -> list[str]:
        """Return the codes of the languages whose words the model knows; none if its recordings named none."""
        return [code for code in self.network.metadata["languages"] if code]

    def transcribe(
        self, recordings: Sequence[np.ndarray], *, language: str | None = None, beam_width: int = BEAM_WIDTH
    ) -> list[Transcript]:
        """Transcribe recordings, each in one language.

        1. `dlseq.decoding.ctc.ctc_beam_search` among the words of each language.
        2. The most probable of all texts found. Words of two languages can sound alike, such as French *oui* and Korean
           *위*, so a single word may be taken for one of another language if the language is not given.

        Args:
            recordings: features of each, `dlseq.data.speech.read_speech` of a file, uint8 `(T, BANDS)`.
            language: code of the language that is spoken; probabilities are those of its words alone then. Defaults to
                `None`, any that the model knows.
            beam_width: texts that the search keeps at each step. Defaults to `8`.

        Returns:
            A `Transcript` for each recording.

        Raises:
            DataError: A recording has another shape, or the model does not know the language.
        """
        if language is not None and language not in self.languages:
            known = (
                f"one of: {', '.join(self.languages)}" if self.languages else "none, as this model knows no languages"
            )
            raise DataError(f"Unknown language. Expected {known}. Received: {language}.")
        for levels in recordings:
            if levels.ndim != 2 or levels.shape[1] != BANDS or not len(levels):
                raise DataError(f"Expected features of the shape (T, {BANDS}). Received: {levels.shape}.")
        return [
            self._transcript(levels, rows, beam_width, language)
            for levels, rows in zip(recordings, self._log_probs(recordings), strict=True)
        ]

    def _search(self, log_probs, beam_width, language):
        """Return language and hypothesis of the texts found, best first, and the log-probabilities of that language."""
        found = []
        for code, words in self.network.metadata["languages"].items():
            if language not in (None, code):
                continue
            kept = np.full(len(self.network.vocabulary), -np.inf)
            kept[[Vocabulary.pad_id, *self.network.vocabulary.encode_rows([words])[0]]] = 0
            rows = log_probs + kept
            if language is not None:
                rows = rows - np.logaddexp.reduce(rows, axis=1, keepdims=True)
            found += [(code, hypothesis, rows) for hypothesis in ctc_beam_search(rows, beam_width)]
        best = {}
        for code, hypothesis, rows in sorted(found, key=lambda one: -one[1].log_prob):
            best.setdefault(self._text(hypothesis.ids), (code, hypothesis, rows))
        return list(best.values())

    def _transcript(self, levels, log_probs, beam_width, language):
        """Return the transcript of one recording by its log-probabilities `(S, V)`."""
        (code, best, rows), *others = self._search(log_probs, beam_width, language)
        words = []
        for index, (start, end) in zip(best.ids, ctc_alignment(rows, best.ids), strict=True):
            chances = np.exp((log_probs if language is None else rows)[start:end].max(axis=0))
            chances[Vocabulary.pad_id] = 0
            order = [index, *(other for other in np.argsort(-chances, kind="stable").tolist() if other != index)]
            choices = tuple((self._text([other]), float(chances[other])) for other in order[:MOST_CHOICES])
            bounds = [min(step * self.network.stride, len(levels)) / FRAMES_PER_SECOND for step in (start, end)]
            words.append(HeardWord(choices[0][0], *bounds, choices))
        alternatives = tuple(
            (self._text(other.ids), float(np.exp(other.log_prob))) for _, other, _ in others[:MOST_ALTERNATIVES]
        )
        return Transcript(
            self._text(best.ids),
            min(1.0, float(np.exp(best.log_prob))),
            code if best.ids else "",
            tuple(words),
            alternatives,
            levels,
        )

    def _text(self, ids):
        return self.network.vocabulary.decode(ids) if len(ids) else ""

    def _log_probs(self, recordings):
        """Return the log-probabilities `(S, V)` of each recording."""
        found = [None] * len(recordings)
        order = np.argsort([len(levels) for levels in recordings], kind="stable").tolist()  # little padding
        for first in range(0, len(order), MAX_BATCH_ROWS):
            rows = order[first : first + MAX_BATCH_ROWS]
            logits = self.network(self._inputs([recordings[row] for row in rows]))
            for row, values in zip(rows, ops.convert_to_numpy(ops.log_softmax(logits)), strict=True):
                found[row] = values[: -(-len(recordings[row]) // self.network.stride)]
        return found

    def _inputs(self, recordings):
        """Return the inputs of the network for features of several lengths."""
        width = max(map(len, recordings))
        levels = np.zeros((len(recordings), width, BANDS), np.uint8)
        frames = np.zeros((len(recordings), width), np.int32)
        for row, features in enumerate(recordings):
            levels[row, : len(features)] = features
            frames[row, : len(features)] = 1
        return {"levels": levels, "frames": frames}
