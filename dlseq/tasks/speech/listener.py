"""Base class of both ways from sound to words, with what they have in common."""

import abc
import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from dlseq.data.speech import BANDS, FRAMES_PER_SECOND
from dlseq.networks.network import Network
from dlseq.tasks.speech.transcript import HeardWord
from dlseq.text.vocabulary import Vocabulary

__all__ = ["Heard", "Listener"]

MAX_BATCH_ROWS, MAX_BATCH_FRAMES = 64, 16_384
MAX_CHOICES = 4


@dataclasses.dataclass(frozen=True, eq=False)
class Heard:
    """Texts that a network has heard in one recording.

    Args:
        texts: Each text with its language, `""` for none, and its probability, best first; at least one.
        words: The words of the first, with their places.
        attention: Weights of the encoder's steps for each of its words, `(words, S)`; `None` without attention.
    """

    texts: tuple[tuple[str, str, float], ...]
    words: tuple[HeardWord, ...]
    attention: np.ndarray | None = None


class Listener(abc.ABC):
    """A network of speech with its targets, its loss and its search.

    Args:
        network: Network with a `SpeechEncoder`, and with the words of each language in its metadata.
    """

    def __init__(self, network: Network):
        self.network = network
        self.vocabulary: Vocabulary = self.vocabulary_of(network)
        self.stride: int = network.encoder.stride

    @staticmethod
    @abc.abstractmethod
    def vocabulary_of(network: Network) -> Vocabulary:
        """Return the vocabulary of the words that the network writes."""

    @abc.abstractmethod
    def encode(self, recordings: Sequence[np.ndarray], rows: Sequence[Sequence[str]]) -> tuple:
        """Return inputs and targets of recordings with their words."""

    @abc.abstractmethod
    def steps_needed(self, words: Sequence[str]) -> int:
        """Return the number of steps that a recording with these words has at least."""

    @abc.abstractmethod
    def compile_arguments(self) -> dict:
        """Return the loss."""

    @abc.abstractmethod
    def log_probs(self, recordings: Sequence[np.ndarray], rows: Sequence[Sequence[str]]) -> list[float]:
        """Return the log-probability of the words of each recording."""

    @abc.abstractmethod
    def hear(self, recordings: Sequence[np.ndarray], language: str | None, beam_width: int) -> list[Heard]:
        """Return the texts heard in each recording, each with words of one language.

        Args:
            recordings: Features, uint8 `(T, BANDS)`.
            language: Code of the language that is spoken: probabilities are those among its words. `None` for any.
            beam_width: Texts that the search keeps at each step.
        """

    def steps(self, recording: np.ndarray) -> int:
        """Return the number of steps of a recording."""
        return -(-len(recording) // self.stride)

    def inputs(self, recordings: Sequence[np.ndarray]) -> dict:
        """Return features of several lengths as the input of a `SpeechEncoder`."""
        width = max(map(len, recordings))
        levels = np.zeros((len(recordings), width, BANDS), np.uint8)
        frames = np.zeros((len(recordings), width), np.int32)
        for row, features in enumerate(recordings):
            levels[row, : len(features)] = features
            frames[row, : len(features)] = 1
        return {"levels": levels, "frames": frames}

    def batches(self, recordings: Sequence[np.ndarray]) -> Iterator[list[int]]:
        """Yield positions of recordings of similar length, so that a batch has little padding and not many frames."""
        order = np.argsort([len(levels) for levels in recordings], kind="stable").tolist()
        while order:
            count = max(1, min(MAX_BATCH_ROWS, MAX_BATCH_FRAMES // len(recordings[order[0]])))
            while count > 1 and count * len(recordings[order[min(count, len(order)) - 1]]) > MAX_BATCH_FRAMES:
                count -= 1
            yield order[:count]
            order = order[count:]

    def languages_of(self, ids: Sequence[int]) -> list[str]:
        """Return the codes of the languages that have all of these words, none for no word."""
        words = {self.text([index]) for index in ids}
        return [code for code, known in self.network.metadata["languages"].items() if words and words <= set(known)]

    def kept_ids(self, language: str) -> list[int]:
        """Return the ids of the words of a language."""
        return self.vocabulary.encode_rows([self.network.metadata["languages"][language]])[0].tolist()

    def text(self, ids: Sequence[int]) -> str:
        """Return the text of ids."""
        return self.vocabulary.decode(ids) if len(ids) else ""

    def word(self, index: int, steps: tuple[int, int], chances: np.ndarray, recording: np.ndarray) -> HeardWord:
        """Return a word at its steps, with others by their probabilities `(V,)` there."""
        order = [index, *(other for other in np.argsort(-chances, kind="stable").tolist() if other != index)]
        choices = tuple((self.text([other]), float(chances[other])) for other in order[:MAX_CHOICES])
        start, end = (min(step * self.stride, len(recording)) / FRAMES_PER_SECOND for step in steps)
        return HeardWord(choices[0][0], start, end, choices)
