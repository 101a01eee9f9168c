"""Helpers of `encoder_decoder`: splits and bounds of the sentences, properties of the toy models."""

import numpy as np
import pytest

from dlseq.course.given.encoder_decoder import TOY_VOCABULARY, lesson_pairs, toy_models, words_of


@pytest.fixture(scope="module")
def train():
    return lesson_pairs(800, seed=0)


@pytest.fixture(scope="module")
def held_out():
    return lesson_pairs(150, "test", seed=0) + lesson_pairs(150, "test", seed=1)


def test_a_seed_gives_the_same_pairs_and_another_one_others(train):
    assert lesson_pairs(20, seed=0) == train[:20]
    assert lesson_pairs(20, seed=1) != train[:20]


def test_no_test_sentence_is_learned_whatever_the_seed(train, held_out):
    assert not {pair.source for pair in train} & {pair.source for pair in held_out}


def test_sentences_have_the_lengths_asked_for():
    lengths = {len(words_of(pair.target)) for pair in lesson_pairs(60, "test", min_words=9, max_words=12)}
    assert lengths == {9, 10, 11, 12}


@pytest.mark.parametrize("side", ["source", "target"])
def test_all_words_of_the_test_sentences_are_learned(train, held_out, side):
    learned = {word for pair in train for word in words_of(getattr(pair, side))}
    assert {word for pair in held_out for word in words_of(getattr(pair, side))} <= learned


def test_no_source_has_two_translations(train):
    assert len({pair.source for pair in train}) == len(train)


SOURCE = np.array([[5, 6, 7, 3], [4, 3, 0, 0]])
IDS = np.array([[1, 4, 7], [1, 3, 2]])


@pytest.mark.parametrize("with_memory", [False, True])
def test_toy_models_ignore_padding(with_memory):
    encoder, decoder = toy_models(7, with_memory)
    logits = decoder([IDS, *map(np.asarray, encoder(SOURCE))])[0]
    padded = decoder([IDS, *map(np.asarray, encoder(np.pad(SOURCE, ((0, 0), (0, 3)))))])[0]
    alone = decoder([IDS[1:], *map(np.asarray, encoder(SOURCE[1:, :2]))])[0]
    np.testing.assert_allclose(padded, logits, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(alone, logits[1:], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("with_memory", [False, True])
def test_toy_decoders_go_on_from_their_states(with_memory):
    encoder, decoder = toy_models(8, with_memory)
    h, c, *rest = map(np.asarray, encoder(SOURCE))
    whole = decoder([IDS, h, c, *rest])[0]
    for step in range(IDS.shape[1]):
        logits, h, c, *_ = map(np.asarray, decoder([IDS[:, step : step + 1], h, c, *rest]))
        np.testing.assert_allclose(logits[:, 0], whole[:, step], rtol=1e-4, atol=1e-4)


def test_toy_weights_are_attention_weights():
    encoder, decoder = toy_models(9, with_memory=True)
    weights = np.asarray(decoder([IDS, *map(np.asarray, encoder(SOURCE))])[3])
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-5)
    assert (weights[1, :, 2:] == 0).all() and (weights[0] > 0).all()


@pytest.mark.parametrize("part", ["h", "c", "memory"])
def test_toy_logits_depend_on_all_that_the_encoder_returns(part):
    encoder, decoder = toy_models(10, with_memory=True)
    parts = dict(zip(("h", "c", "memory", "mask"), map(np.asarray, encoder(SOURCE)), strict=True))
    logits = decoder([IDS, *parts.values()])[0]
    changed = decoder([IDS, *(parts | {part: 0 * parts[part]}).values()])[0]
    assert np.abs(np.asarray(changed) - np.asarray(logits)).max() > 0.1


def test_toy_decoders_write_no_padding():
    for seed in range(5):
        encoder, decoder = toy_models(seed)
        logits = np.asarray(decoder([IDS, *map(np.asarray, encoder(SOURCE))])[0])
        assert logits.shape == (2, 3, TOY_VOCABULARY) and (logits.argmax(axis=-1) != 0).all()
