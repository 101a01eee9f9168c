"""Places of attention in training, from gold alignments."""

import numpy as np
import pytest

from dlseq.data.translations import TranslationPair, split_words, translation_pairs
from dlseq.errors import DataError
from dlseq.tasks.translation.alignments import aligned_positions
from dlseq.tasks.translation.translator import Translator
from dlseq.tasks.translation.words import source_words

SIZES = {"units": 4, "recurrent_units": 4, "decoder_units": 4, "feeding": "aligned", "guidance": 0.5}


@pytest.mark.parametrize("language", ["fr", "ko"])
def test_each_aligned_word_looks_at_a_word_of_its_alignment(language):
    pairs = translation_pairs(60, language, seed=5, max_words=30)
    inputs, targets = Translator.build(pairs, **SIZES).encode(pairs)
    np.testing.assert_array_equal(inputs["positions"] > 0, targets > 0)
    for row, pair in enumerate(pairs):
        spans = split_words(pair.source)
        links = dict.fromkeys(target for target, _ in pair.alignment)
        for target in links:
            start = source_words(pair.source)[inputs["positions"][row, target] - 1].start
            word = next(number for number, (first, last) in enumerate(spans) if first <= start < last)
            assert (target, word) in pair.alignment


def test_the_rarest_of_several_words_is_the_place_and_others_look_ahead():
    pair = TranslationPair("A b c.", "X y z w.", frozenset({(1, 0), (1, 1), (3, 2), (4, 3)}))
    sources, targets = np.array([[5, 9, 7, 3]]), np.array([[4, 5, 6, 7, 8, 2, 0]])
    assert aligned_positions([pair], sources, targets).tolist() == [[2, 2, 3, 3, 4, 4, 0]]
    unknown = np.array([[1, 9, 7, 3]])
    assert aligned_positions([pair], unknown, targets)[0, 1] == 1


def test_pairs_without_alignment_cannot_train_a_decoder_that_is_told_places():
    pairs = [TranslationPair("Il dort.", "He sleeps.")]
    with pytest.raises(DataError, match=r"Expected pairs with word alignment.*at position 0. Train without `guidance`"):
        Translator.build(pairs, **SIZES).encode(pairs)
