"""Task of sentiment classification: the stars of a review, with the attention over its words."""

from collections import Counter
from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.reviews import Review
from dlseq.decoding.batching import padded_batches
from dlseq.errors import DataError
from dlseq.networks.classifier import Classifier
from dlseq.tasks.base import Task
from dlseq.tasks.preset import Splits
from dlseq.tasks.sentiment.informative import informative_words
from dlseq.tasks.sentiment.presets import ReviewData
from dlseq.tasks.sentiment.reading import StarReading, WordAttention
from dlseq.text.normalize import compose_text
from dlseq.text.vocabulary import Vocabulary, split_words

__all__ = ["SentimentClassifier"]

STARS = ("1", "2", "3", "4", "5")
MIN_COUNT = 2  # of a word in training; a rarer one is unknown
MAX_WORDS = 500  # of a review


class SentimentClassifier(Task):
    """Classifier of reviews into 1 to 5 stars: a recurrent network over words with attention.

    Only words that say something about the stars get attention (`informative_words`), if a text has any; so the weights
    name words such as *not* and *bad*, and not *is*, at which a recurrent memory knows its neighbors just as well.

    `SentimentClassifier.build` takes the sizes of `Classifier`. Texts without an opinion are learned as five equal
    probabilities.

    Args:
        network: A `Classifier`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.data.reviews import reviews
        >>> classifier = SentimentClassifier.build(reviews(60), units=8)  # classifier.fit(…) trains it
        >>> round(sum(classifier.read(["The plot is not bad."])[0].probabilities), 4)
        1.0
    """

    network_class = Classifier
    monitor, mode, monitor_label = "val_exact_match", "max", "exact match"

    @classmethod
    def load_data(cls, data: ReviewData, *, seed: int) -> Splits:
        return data.load(seed)

    @classmethod
    def build_network(cls, examples: Sequence[Review], **sizes) -> Classifier:
        rows = [_words(review.text) for review in examples]
        counts = Counter(word for row in rows for word in row)
        words = sorted(word for word, count in counts.items() if count >= MIN_COUNT)
        rated = [(row, review.stars) for row, review in zip(rows, examples, strict=True) if review.stars is not None]
        informative = informative_words([row for row, _ in rated], [stars for _, stars in rated])
        unattended = ["<unk>", *(word for word in words if word not in informative)] if informative else []
        vocabulary = Vocabulary(words, level="word")
        return Classifier({"word": vocabulary.to_config()}, list(STARS), unattended=unattended, **sizes)

    def encode(self, examples: Sequence[Review]) -> tuple:
        """Return ids `{"word": (N, T)}`, and the probabilities of the stars `(N, 5)`."""
        stars = np.full((len(examples), len(STARS)), 1 / len(STARS), np.float32)
        for row, review in enumerate(examples):
            if review.stars is not None:
                if review.stars not in range(1, 6):
                    raise DataError(f"Expected stars from 1 to 5. Received: {review.stars} for {review.text!r:.60}.")
                stars[row] = np.eye(len(STARS))[review.stars - 1]
        return self._inputs([review.text for review in examples]), stars

    def compile_arguments(self) -> dict:
        return {
            "loss": keras.losses.CategoricalCrossentropy(from_logits=True),
            "metrics": [keras.metrics.CategoricalAccuracy(name="exact_match")],
        }

    def score(self, examples: Sequence[Review]) -> dict[str, float]:
        """Return `exact_match`, the share of reviews whose stars are right."""
        readings = self.read([review.text for review in examples])
        return {
            "exact_match": metrics.exact_match(
                np.array([reading.stars for reading in readings]), np.array([review.stars for review in examples])
            )
        }

    def read(self, texts: Sequence[str]) -> list[StarReading]:
        """Read the stars of texts.

        Args:
            texts: N texts of at most 500 words, none of them empty.

        Returns:
            A `StarReading` for each text.

        Raises:
            DataError: A text is empty or longer.
        """
        texts = [compose_text(text) for text in texts]
        inputs = self._inputs(texts)
        lengths = (inputs["word"] != Vocabulary.pad_id).sum(axis=1)
        readings = [None] * len(texts)
        for rows, batch in padded_batches(inputs, lengths):
            logits, weights = self.network(batch, return_attention_scores=True)
            probabilities, weights = (ops.convert_to_numpy(array) for array in (ops.softmax(logits), weights))
            for row, chances, attention in zip(rows, probabilities, weights, strict=True):
                best = int(chances.argmax())
                words = tuple(_word_attention(texts[row], attention))
                readings[row] = StarReading(
                    texts[row], best + 1, float(chances[best]), tuple(map(float, chances)), words
                )
        return readings

    def _inputs(self, texts):
        """Return the ids of the words `(N, T)`; refuse an empty or overlong text."""
        rows = [_words(text) for text in texts]
        for row, text in zip(rows, texts, strict=True):
            if not row:
                raise DataError(
                    "Expected a review. Received: an empty text. Write a sentence, such as: Not bad at all."
                )
            if len(row) > MAX_WORDS:
                raise DataError(
                    f"Expected a review of at most {MAX_WORDS} words. Received: {len(row)}, {text[:40]!r}…. "
                    "Write one review per text."
                )
        return {"word": self.network.vocabularies["word"].encode_rows(rows)}


def _words(text):
    return split_words(compose_text(text).lower().replace("’", "'"))


def _word_attention(text, weights):
    """Yield the words of a composed text with their places and weights."""
    end = 0
    for word, weight in zip(split_words(text), weights, strict=False):
        start = text.index(word, end)
        end = start + len(word)
        yield WordAttention(start, end, word, float(weight))
