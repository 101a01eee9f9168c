"""Classifier of the counts of words, which does not know their order."""

from collections import Counter
from collections.abc import Sequence

import keras
import numpy as np

from dlseq.data.reviews import Review
from dlseq.text.vocabulary import split_words

__all__ = ["BagOfWords"]

STARS = 5
MIN_COUNT = 5  # of a word in training
EPOCHS, PATIENCE, BATCH_SIZE, LEARNING_RATE = 200, 5, 128, 0.01


class BagOfWords:
    """Logistic regression on the counts of the words of a review, with Adam and the weights of its best epoch.

    Training ends where none of five epochs is better on the validation reviews. Words of fewer than five training
    reviews are left out.

    Args:
        train: Reviews to train on, with stars.
        validation: Reviews that choose the epoch.
        seed: Seed of weights and batches. Defaults to `0`.
        callbacks: Further Keras callbacks, such as a time limit. Defaults to none.

    Example:
        >>> train = [Review("good", 5), Review("bad", 1)] * 300
        >>> BagOfWords(train, train).predict(["bad", "good"]).tolist()
        [1, 5]
    """

    def __init__(
        self,
        train: Sequence[Review],
        validation: Sequence[Review],
        *,
        seed: int = 0,
        callbacks: Sequence[keras.callbacks.Callback] = (),
    ):
        counts = Counter(word for review in train for word in set(_words(review.text)))
        known = [word for word, count in counts.items() if count >= MIN_COUNT]
        self.columns = {word: index for index, word in enumerate(known)}
        keras.utils.set_random_seed(seed)
        self.model = keras.Sequential([keras.layers.Input((len(self.columns),)), keras.layers.Dense(STARS)])
        self.model.compile(
            keras.optimizers.Adam(LEARNING_RATE),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
        )
        stop = keras.callbacks.EarlyStopping("val_accuracy", patience=PATIENCE, restore_best_weights=True, mode="max")
        self.model.fit(
            *self._arrays(train),
            validation_data=self._arrays(validation),
            epochs=EPOCHS,
            batch_size=BATCH_SIZE,
            verbose=0,
            callbacks=[stop, *callbacks],
        )

    def predict(self, texts: Sequence[str]) -> np.ndarray:
        """Return the stars of texts, `(N,)`."""
        return self.model.predict(self._counts(texts), verbose=0).argmax(axis=1) + 1

    def exact_match(self, reviews: Sequence[Review]) -> float:
        """Return the share of reviews whose stars are right."""
        return float((self.predict([review.text for review in reviews]) == [review.stars for review in reviews]).mean())

    def _arrays(self, reviews):
        return self._counts([review.text for review in reviews]), np.array([review.stars - 1 for review in reviews])

    def _counts(self, texts):
        counts = np.zeros((len(texts), len(self.columns)), np.float32)
        for row, text in enumerate(texts):
            for word in _words(text):
                if word in self.columns:
                    counts[row, self.columns[word]] += 1
        return counts


def _words(text):
    return split_words(text.lower())
