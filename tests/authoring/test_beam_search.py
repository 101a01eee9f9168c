"""The solution of `beam_search` against all sentences of a decoder, by brute force, and against sacrebleu."""

import itertools

import numpy as np
import pytest

LENGTH, V, S = 4, 4, 300


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.fixture
def decoder(rng):
    return {"log_probs": np.log(rng.dirichlet(np.ones(V), S)), "next_state": rng.integers(S, size=(S, V))}


def all_sentences(decoder):
    """Return all sentences with their probabilities: they end in word 0, or have the full length."""
    found = {}
    for ids in itertools.product(range(V), repeat=LENGTH):
        state, product, sentence = 0, 1.0, ()
        for word in ids:
            product *= np.exp(decoder["log_probs"][state, word])
            state, sentence = decoder["next_state"][state, word], (*sentence, word)
            if word == 0:
                break
        found[sentence] = product
    return found


def test_a_wide_beam_finds_all_sentences(solution, decoder):
    expected = all_sentences(decoder)
    assert sum(expected.values()) == pytest.approx(1)
    found = solution.beam_search(decoder, V**LENGTH, LENGTH, 0)
    assert [tuple(ids) for ids, _ in found] == sorted(expected, key=lambda ids: -expected[ids])
    np.testing.assert_allclose(np.exp([value for _, value in found]), sorted(expected.values(), reverse=True))


def test_one_path_is_greedy_search(solution, rng):
    for _ in range(20):
        decoder = {"log_probs": np.log(rng.dirichlet(np.ones(V), S)), "next_state": rng.integers(S, size=(S, V))}
        [(ids, log_prob)] = solution.beam_search(decoder, 1, 6, 0.7)
        assert (ids, pytest.approx(log_prob)) == solution.greedy_search(decoder, 6)
        assert solution.sequence_log_prob(decoder, ids) == pytest.approx(log_prob)


def test_the_tree_of_the_exercise_shows_all_three_outcomes(solution):
    text = [
        solution.to_text(solution.beam_search(solution.jane, *ask)[0][0])
        for ask in ((2, 12, 1), (3, 12, 0), (3, 12, 1))
    ]
    assert text[0].startswith("Jane is going") and text[0] == solution.to_text(
        solution.greedy_search(solution.jane, 12)[0]
    )
    assert text[1:] == ["Jane visits Africa <eos>", "Jane is visiting Africa in September <eos>"]


def test_bleu_by_hand(solution):
    """Precisions 4/5, 3/4, 2/3, 1/2, and five words of six."""
    score = solution.bleu([["a", "b", "c", "d", "a"]], [[["a", "b", "c", "d", "e", "f"]]])
    assert score == pytest.approx(np.exp(1 - 6 / 5) * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25)


def test_bleu_equals_sacrebleu(solution, rng):
    metrics = pytest.importorskip("sacrebleu.metrics")
    for _ in range(20):
        references = [
            [[f"w{n}" for n in rng.integers(3, size=size)] for size in rng.integers(8, 15, 3)] for _ in range(3)
        ]
        hypotheses = [[f"w{n}" for n in rng.integers(3, size=size)] for size in rng.integers(6, 15, 3)]
        streams = [[" ".join(choices[place]) for choices in references] for place in range(3)]
        expected = metrics.BLEU(tokenize="none", smooth_method="none", force=True).corpus_score(
            [" ".join(words) for words in hypotheses], streams
        )
        assert 100 * solution.bleu(hypotheses, references) == pytest.approx(expected.score)
