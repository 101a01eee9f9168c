"""Helpers of the exercise `encoder_decoder`: sentences of a small grammar, and two models to test a loop with.

The grammar has about 70 words in each language and joins clauses by "and" and "but". A model learns it in seconds; the
whole corpus of `dlseq.data.translations` takes minutes.
"""

import zlib

import numpy as np

from dlseq.data.translations import TranslationPair, pair_of, split_words
from dlseq.data.translations.meanings import Clause, Join, NounPhrase, Person, Place, Predicate, Time

__all__ = ["lesson_pairs", "toy_models", "words_of"]

PEOPLE = ("Jane", "Mary", "Emma", "Paul", "David", "Victor")
PLACES = ("Africa", "Japan", "Canada", "France", "Seoul", "Paris")
OBJECTS = {"read": ("book", "letter"), "write": ("letter",), "buy": ("book", "car", "coat"), "sell": ("car", "coat")}
ADJECTIVES = {
    "book": ("old", "interesting", "strange"),
    "letter": ("old", "interesting", "strange"),
    "car": ("old", "small", "red", "green"),
    "coat": ("old", "small", "red", "green"),
}
TIMES = ("September", "January", "Monday", "Sunday", "summer", "winter")
TENSES = ("past", "present", "future")
WORDS_PER_CLAUSE = 7
SPLITS = ("train", "test")
HELD_OUT_MEANINGS = 5  # one of so many goes to test

TOY_VOCABULARY, TOY_UNITS = 8, 3


def lesson_pairs(
    n: int, split: str = "train", *, seed: int = 0, min_words: int = 4, max_words: int = 20
) -> list[TranslationPair]:
    """Draw different pairs of a French and an English sentence.

    No sentence is in both splits, whatever the seed.

    Args:
        n: number of pairs.
        split: "train" or "test".
        seed: of the draw.
        min_words, max_words: bounds on the words of the English sentence, punctuation included.

    Example:
        >>> pair = lesson_pairs(1, max_words=8)[0]
        >>> len(words_of(pair.target)) <= 8
        True
    """
    rng = np.random.default_rng([seed, SPLITS.index(split)])
    found: dict[str, TranslationPair] = {}
    while len(found) < n:
        words = int(rng.integers(min_words, max_words + 1))
        meaning = _draw_meaning(rng, max(1, round(words / WORDS_PER_CLAUSE)))
        is_test = zlib.crc32(repr(meaning).encode()) % HELD_OUT_MEANINGS == 0
        if is_test == (split == "test"):
            pair = pair_of(meaning)
            if min_words <= len(words_of(pair.target)) <= max_words:
                found.setdefault(pair.source, pair)
    return list(found.values())


def words_of(text: str) -> list[str]:
    """Split a sentence into words and punctuation marks.

    Example:
        >>> words_of("Jane visite l'Afrique.")
        ['Jane', 'visite', "l'", 'Afrique', '.']
    """
    return [text[start:end] for start, end in split_words(text)]


def toy_models(seed: int, with_memory: bool = False) -> list:
    """Make an encoder and a decoder with the inputs and outputs of this exercise, to test code that calls them.

    They have random weights and know no language: their states are sums of random vectors, one for each word. The
    vocabularies have 8 words, 0 is padding.

    Args:
        seed: of the weights.
        with_memory: True for models with attention, of which the encoder also returns a memory and a mask.

    Returns:
        encoder: Keras model from word ids (B, Tx) to [h, c], with a memory to [h, c, memory, mask].
        decoder: Keras model from [word ids (B, Ty), h, c] to [logits (B, Ty, 8), h, c], and with a memory from
            [word ids, h, c, memory, mask] to [logits, h, c, weights (B, Ty, Tx)].

    Example:
        >>> encoder, decoder = toy_models(seed=1)
        >>> [tuple(state.shape) for state in encoder(np.array([[5, 6, 7], [4, 0, 0]]))]
        [(2, 3), (2, 3)]
    """
    import keras
    from keras import Input, Model, ops

    rng = np.random.default_rng(seed)

    def table(rows, columns, scale):
        values = rng.normal(0, scale, (rows, columns)).astype("float32")
        layer = keras.layers.Embedding(rows, columns)
        layer.build()
        layer.set_weights([values])
        return layer

    def look_up(ids, scale):
        real = ops.cast(ops.expand_dims(ops.not_equal(ids, 0), -1), "float32")  # (B, T, 1)
        return table(TOY_VOCABULARY, TOY_UNITS, scale)(ids) * real  # (B, T, n)

    source = Input((None,), dtype="int32")
    vectors = look_up(source, 1.0), look_up(source, 1.0)
    memory, mask = ops.cumsum(vectors[0], axis=1), ops.not_equal(source, 0)
    states = [ops.tanh(ops.sum(part, axis=1)) for part in vectors]
    encoder = Model(source, [*states, memory, mask] if with_memory else states)

    ids, h, c = Input((None,), dtype="int32"), Input((TOY_UNITS,)), Input((TOY_UNITS,))
    rows = [
        ops.expand_dims(state, 1) + ops.cumsum(look_up(ids, scale), axis=1)
        for state, scale in ((h, 1.5), (c, 1.0))  # (B, Ty, n)
    ]
    features = [ops.sin(2 * rows[0]), ops.cos(3 * rows[1])]
    inputs, weights = [ids, h, c], []
    if with_memory:
        inputs += [Input((None, TOY_UNITS)), Input((None,), dtype="bool")]
        real = ops.cast(ops.expand_dims(inputs[4], 1), "float32")  # (B, 1, Tx)
        scores = ops.exp(ops.sin(ops.matmul(rows[0], ops.transpose(inputs[3], (0, 2, 1))))) * real
        weights = [scores / ops.sum(scores, axis=-1, keepdims=True)]
        features.append(ops.matmul(weights[0], inputs[3]))
    output = keras.layers.Dense(TOY_VOCABULARY)
    logits = output(ops.concatenate(features, axis=-1))
    kernel, bias = rng.normal(0, 3, output.kernel.shape), rng.normal(0, 1, TOY_VOCABULARY)
    bias[0] = -100  # padding is never written
    output.set_weights([kernel.astype("float32"), bias.astype("float32")])
    return [encoder, Model(inputs, [logits, rows[0][:, -1], rows[1][:, -1], *weights])]


def _pick(rng, options):
    return options[int(rng.integers(len(options)))]


def _draw_meaning(rng, clauses):
    meaning = _draw_clause(rng)
    for _ in range(clauses - 1):
        meaning = Join(_pick(rng, ("and", "but")), meaning, _draw_clause(rng))
    return meaning


def _draw_clause(rng):
    if rng.random() < 0.5:
        verb, thing = _pick(rng, ("visit", "leave", "explore")), Place(_pick(rng, PLACES))
    else:
        verb = _pick(rng, tuple(OBJECTS))
        noun = _pick(rng, OBJECTS[verb])
        adjectives = (_pick(rng, ADJECTIVES[noun]),) if rng.random() < 0.6 else ()
        thing = NounPhrase(noun, _pick(rng, ("a", "the", "this", "my")), adjectives=adjectives)
    time = Time(_pick(rng, TIMES), "in") if rng.random() < 0.5 else None
    predicate = Predicate(verb, object=thing, time=time)
    fronted = time is not None and rng.random() < 0.3
    return Clause(Person(_pick(rng, PEOPLE)), (predicate,), (_pick(rng, TENSES),), fronted=fronted)
