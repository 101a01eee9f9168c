"""Helpers of the exercise `sentiment`: reviews of few words, word vectors from counts, and pairs that need word order.

A sentence is a text of words with spaces between them, without punctuation. Stars 1 to 5 are the classes 0 to 4.
"""

import re
from collections import Counter

import numpy as np

from dlseq.data.reviews import reviews
from dlseq.data.reviews.generator import is_held_out
from dlseq.data.reviews.lexicon import ADJECTIVES, NOT
from dlseq.data.reviews.meanings import Opinion, combine_contrast, stars_of

__all__ = ["MAX_LEN", "negation_pairs", "review_data", "swapped_pairs", "toy_embedding", "word_vectors"]

MAX_LEN = 12
SHARE = 3  # about one review in so many has at most MAX_LEN words
WORD = re.compile(r"[\w']+")
SMALLEST_COUNT = 3
WINDOW = 4
TOPICS = ("plot", "ending", "food", "service", "room", "view", "screen", "battery")


def review_data(n: int = 4000, split: str = "train"):
    """Draw reviews of at most twelve words.

    No review has a negation and a word together that `negation_pairs` has.

    Args:
        n: number of reviews.
        split: "train" or "test".

    Returns:
        X: the sentences, a list.
        Y: their classes, stars minus one, integers (m,).

    Example:
        >>> X, Y = review_data(3)
        >>> X[0], Y.tolist()
        ('I think the battery is messy', [1, 2, 4])
    """
    found = [(" ".join(WORD.findall(text)), stars) for text, stars in reviews(SHARE * n + 100, split)]
    found = [(sentence, stars) for sentence, stars in found if len(sentence.split()) <= MAX_LEN][:n]
    return [sentence for sentence, _ in found], np.array([stars - 1 for _, stars in found])


def word_vectors(X, Y, n_e: int = 50):
    """Make word vectors from counts: what stands near a word, and how many stars its reviews have.

    Row w, column c of a table counts how often c stands within four words of w; five more columns count the stars of
    the reviews that have w. The positive pointwise mutual information, the maximum of 0 and
    `log p(w, c) / (p(w) p(c))`, is large where both come together more often than by chance. A singular value
    decomposition keeps the `n_e` directions in which the rows differ most (Levy and Goldberg, 2014).

    Args:
        X: sentences, a list.
        Y: their classes (m,).
        n_e: width of a vector.

    Returns:
        word_to_vec_map: dict from a word in small letters to its vector (n_e,), for words that come three times.
        word_to_index: dict from a word to its index, from 1 on in the order of the alphabet.
    """
    rows = [sentence.lower().split() for sentence in X]
    counts = Counter(word for row in rows for word in row)
    words = sorted(word for word, count in counts.items() if count >= SMALLEST_COUNT)
    place = {word: number for number, word in enumerate(words)}
    table = np.zeros((len(words), len(words) + 5))
    for row, label in zip(rows, Y, strict=True):
        for t, word in enumerate(row):
            if word in place:
                near = row[max(0, t - WINDOW) : t] + row[t + 1 : t + 1 + WINDOW]
                table[place[word], [place[other] for other in near if other in place]] += 1
                table[place[word], len(words) + label] += 1
    p = table / table.sum()
    by_chance = p.sum(axis=1, keepdims=True) * p.sum(axis=0)
    pmi = np.log(np.divide(p, by_chance, out=np.ones_like(p), where=p > 0))
    U, S, _ = np.linalg.svd(np.maximum(pmi, 0), full_matrices=False)
    vectors = U[:, :n_e] * np.sqrt(S[:n_e])
    vectors *= np.where(vectors.sum(axis=0) < 0, -1, 1) / vectors.std()  # an SVD leaves the signs open
    return {word: vectors[place[word]] for word in words}, {word: place[word] + 1 for word in words}


def negation_pairs():
    """Write each opinion word without a negation and with one: "the plot is good", "the plot is not good".

    The negation and the word are together in no review of `review_data`; each for itself is in many.

    Returns:
        sentences: pairs of texts, a list.
        classes: stars minus one of both, integers (n, 2).
    """
    sentences, classes = [], []
    for value, words in ADJECTIVES.items():
        for word in words.split():
            for negation in NOT:
                negated = Opinion(word, value, "", negation, "not")
                if is_held_out(negated):
                    topic = TOPICS[len(sentences) % len(TOPICS)]
                    sentences.append((f"the {topic} is {word}", f"the {topic} is {negation} {word}"))
                    classes.append((stars_of([value]) - 1, stars_of([negated.total]) - 1))
    return sentences, np.array(classes)


def swapped_pairs():
    """Write praise and blame of two things, and the same with both words exchanged.

    What follows *but* counts more: "the plot is good but the ending is bad" has two stars, and "the plot is bad but the
    ending is good" has four. Both have the same words.

    Returns:
        sentences: pairs of texts, a list.
        classes: stars minus one of both, integers (n, 2).
    """
    sentences, classes = [], []
    for praise, blame in zip(ADJECTIVES[1].split(), ADJECTIVES[-1].split(), strict=True):
        first, second = TOPICS[len(sentences) % 4 * 2 :][:2]
        form = "the {} is {} but the {} is {}"
        sentences.append((form.format(first, praise, second, blame), form.format(first, blame, second, praise)))
        classes.append((stars_of([combine_contrast(1, -1)]) - 1, stars_of([combine_contrast(-1, 1)]) - 1))
    return sentences, np.array(classes)


def toy_embedding(seed: int, words: int, n_e: int):
    """Make an embedding layer as `pretrained_embedding_layer` does, to test code that calls it.

    Args:
        seed: of the vectors.
        words: number of words; index 0 is padding.
        n_e: width of a vector.

    Returns:
        Keras `Embedding` layer with `words + 1` rows, frozen, which masks index 0.

    Example:
        >>> layer = toy_embedding(seed=0, words=4, n_e=2)
        >>> layer(np.array([[1, 4, 0]])).shape, layer.compute_mask(np.array([[1, 4, 0]])).numpy().tolist()
        (TensorShape([1, 3, 2]), [[True, True, False]])
    """
    from keras.layers import Embedding

    vectors = np.random.default_rng(seed).normal(size=(words + 1, n_e))
    vectors[0] = 0
    layer = Embedding(words + 1, n_e, mask_zero=True, trainable=False)
    layer.build()
    layer.set_weights([vectors])
    return layer
