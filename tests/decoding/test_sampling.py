"""Tests of sampling against the exact distribution of sequences, and of its reproducibility."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.decoding import compiled, sample
from dlseq.errors import DlseqError

ROWS = [
    [0.05, 0.30, 0.25, 0.22, 0.18],
    [0.10, 0.15, 0.40, 0.05, 0.30],
    [0.35, 0.05, 0.10, 0.30, 0.20],
    [0.20, 0.20, 0.15, 0.05, 0.40],
    [0.20, 0.20, 0.20, 0.20, 0.20],
]
END = 4
DRAWS = 50_000


def reshaped(row, temperature=1.0, top_k=None, top_p=None):
    """Return the probabilities after temperature and truncation, computed by sorting in float64."""
    row = np.asarray(row, "float64") ** (1 / temperature)
    order = np.argsort(-row, kind="stable")
    kept = order[:top_k]
    if top_p is not None:
        shares = row[kept].cumsum() / row[kept].sum()
        kept = kept[: int((shares < top_p - 1e-9).sum()) + 1]
    result = np.zeros_like(row)
    result[kept] = row[kept] / row[kept].sum()
    return result


def distribution(rows, start, max_length):
    """Return the probability of every word of the chain."""
    found = {}
    for length in range(1, max_length + 1):
        for word in itertools.product(range(5), repeat=length):
            if END in word[:-1] or (word[-1] != END and length < max_length):
                continue
            steps = zip((start, *word[:-1]), word, strict=True)
            found[word] = float(np.prod([rows[present][following] for present, following in steps]))
    return found


def chi_squared_limit(freedom):
    """Return the 99.99th percentile of chi-squared (Wilson and Hilferty)."""
    spread = 2 / (9 * freedom)
    return freedom * (1 - spread + 3.719 * spread**0.5) ** 3


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"top_p": 0.6},
        {"temperature": 0.8, "top_k": 4, "top_p": 0.7},
        *(
            pytest.param(options, marks=pytest.mark.slow)
            for options in (
                {"temperature": 0.5},
                {"temperature": 2.0},
                {"top_k": 2},
                {"top_p": 1.0},
                {"temperature": 1.5, "top_k": 3},
            )
        ),
    ],
    ids=str,
)
def test_sampled_words_follow_the_exact_distribution(chain, words, options):
    expected = distribution([reshaped(row, **options) for row in ROWS], 0, 3)
    assert np.isclose(sum(expected.values()), 1)
    draw = compiled(lambda tokens: sample(chain(ROWS), None, tokens, max_length=3, end_id=END, seed=8, **options))
    drawn = words(draw(np.zeros(DRAWS, "int32")))
    counts = dict.fromkeys(expected, 0)
    for word in drawn:
        counts[word] += 1
    assert all(expected[word] > 0 for word in set(drawn)), "a truncated word was drawn"
    likely = [word for word in expected if expected[word] * DRAWS >= 5]
    observed = np.array([counts[word] for word in likely] + [sum(counts[word] for word in set(expected) - set(likely))])
    ideal = np.array([expected[word] for word in likely])
    ideal = np.append(ideal, 1 - ideal.sum()) * DRAWS
    used = ideal > 1e-3
    chi_squared = ((observed - ideal)[used] ** 2 / ideal[used]).sum()
    assert chi_squared < chi_squared_limit(used.sum() - 1)


@pytest.mark.parametrize("num_samples", [None, 20_000])  # in a graph, and with shared prefixes
def test_no_end_token_is_drawn_before_the_minimal_length(chain, words, num_samples):
    options = {"min_length": 2, "max_length": 4, "end_id": END, "seed": 8, "num_samples": num_samples}
    tokens = np.zeros(1 if num_samples else 20_000, "int32")
    decoded = sample(chain(ROWS), None, tokens, **options)
    drawn = words(decoded)
    assert all(END not in word[:2] for word in drawn)
    never = [[p / sum(row[:END]) for p in row[:END]] + [0.0] for row in ROWS]  # the rows given no end token
    for word in [(1, 2, END), (3, 0, END), (2, 1, 3, END)]:
        path = [0, *word]
        expected = np.prod([(never if t < 2 else ROWS)[path[t]][path[t + 1]] for t in range(len(word))])
        assert drawn.count(word) / len(drawn) == pytest.approx(expected, abs=5 * (expected / len(drawn)) ** 0.5)
        row = drawn.index(word)
        log_prob = sum(np.log(ROWS[a][b]) for a, b in zip(path, word, strict=False))
        assert float(decoded.log_probs[row]) == pytest.approx(log_prob, rel=1e-5)  # of the model itself


def test_log_probs_ignore_temperature_and_truncation(chain, words):
    options = {"temperature": 0.3, "top_k": 2, "top_p": 0.9}
    decoded = sample(chain(ROWS), None, [0] * 50, max_length=4, end_id=END, seed=3, **options)
    for word, log_prob in zip(words(decoded), np.asarray(decoded.log_probs), strict=True):
        steps = zip((0, *word[:-1]), word, strict=True)
        assert np.isclose(log_prob, sum(np.log(ROWS[a][b]) for a, b in steps), rtol=1e-5)


def test_integer_and_tensor_seeds_agree_without_retracing(chain):
    traces = []

    @compiled
    def draw(tokens, seed, temperature, top_p):
        traces.append(seed)
        options = {"temperature": temperature, "top_p": top_p, "seed": seed}
        return sample(chain(ROWS), None, tokens, max_length=6, end_id=END, **options).ids

    tokens = np.zeros(40, "int32")
    drawn = []
    for seed in (0, 1, 2**31 - 1, -5):
        options = {"max_length": 6, "end_id": END, "temperature": 0.7, "top_p": 0.9}
        eager = np.asarray(sample(chain(ROWS), None, tokens, seed=seed, **options).ids)
        graph = draw(tf.constant(tokens), tf.constant(seed), tf.constant(0.7), tf.constant(0.9))
        np.testing.assert_array_equal(eager, graph)
        drawn.append(eager.tobytes())
    assert len(set(drawn)) == 4
    assert len(traces) == 1


def test_a_row_does_not_depend_on_batch_size_or_max_length(chain):
    options = {"end_id": END, "seed": 4}
    large = np.asarray(sample(chain(ROWS), None, [0] * 200, max_length=8, **options).ids)
    small = np.asarray(sample(chain(ROWS), None, [0] * 10, max_length=5, **options).ids)
    np.testing.assert_array_equal(small, large[:10, :5])


def test_a_row_does_not_depend_on_finished_rows(chain):
    """Odd rows end at once in one batch and never in the other; even rows must be equal."""
    rows = [*ROWS[:2], [0, 0, 0, 0, 1.0], [0, 0.5, 0, 0.5, 0], ROWS[4]]
    rows[0] = [0.6, 0.2, 0.0, 0.0, 0.2]
    rows[1] = [0.4, 0.5, 0.0, 0.0, 0.1]
    options = {"max_length": 12, "end_id": END, "seed": 6}
    short = sample(chain(rows), None, [0, 2] * 50, **options)
    long = sample(chain(rows), None, [0, 3] * 50, **options)
    np.testing.assert_array_equal(np.asarray(short.ids)[::2], np.asarray(long.ids)[::2])
    assert (np.asarray(short.lengths)[1::2] == 1).all() and (np.asarray(long.lengths)[1::2] > 1).all()


def test_low_temperature_or_one_candidate_is_greedy_search(chain, words):
    expected = [(1, 2, 0, 1)] * 20
    for options in ({"temperature": 1e-30}, {"top_k": 1}, {"top_p": 1e-9}):
        decoded = sample(chain(ROWS), None, [0] * 20, max_length=4, end_id=END, seed=1, **options)
        assert words(decoded) == expected


def test_top_k_beyond_the_vocabulary_keeps_all_tokens(chain):
    """Sorting changes the draws, but every token remains possible."""
    decoded = sample(chain(ROWS), None, [0] * 2000, max_length=1, end_id=None, top_k=99, seed=1)
    assert set(np.asarray(decoded.ids)[:, 0].tolist()) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"temperature": 0}, "`temperature`. Expected a finite number above 0. Received: temperature=0"),
        ({"temperature": -1.0}, "`temperature`.*-1.0"),
        ({"temperature": float("inf")}, "`temperature`.*inf"),
        ({"top_k": 0}, "`top_k`. Expected an integer of at least 1. Received: top_k=0"),
        ({"top_k": 2.0}, "`top_k`.*Received: top_k=2.0"),
        ({"top_p": 0.0}, "`top_p`. Expected a finite number above 0 and of at most 1. Received: top_p=0.0"),
        ({"top_p": 1.1}, "`top_p`.*1.1"),
        ({"num_samples": 0}, "`num_samples`. Expected an integer of at least 1. Received: num_samples=0"),
        ({"suppress_ids": (0.5,)}, "`suppress_ids`.*Received: suppress_ids=0.5"),
        ({"seed": None}, "`seed`. Expected an integer.*Received: seed=None"),
        ({"seed": 1.5}, "`seed`.*Received: seed=1.5"),
        ({"seed": True}, "`seed`.*Received: seed=True"),
        ({"seed": np.zeros(2, "int32")}, "`seed`.*scalar tensor"),
    ],
    ids=str,
)
def test_invalid_arguments_raise_dlseq_error(chain, change, message):
    with pytest.raises(DlseqError, match=message):
        sample(chain(ROWS), None, [0], **{"max_length": 2, "end_id": END, "seed": 1, **change})


@pytest.mark.parametrize(
    "options", [{}, {"temperature": 0.7}, {"top_k": 3, "top_p": 0.8}, {"suppress_ids": (1,)}, {"end_id": None}], ids=str
)
@pytest.mark.parametrize("num_samples", [7, 60])  # eager and compiled draws
def test_num_samples_equals_sampling_repeated_rows(history_model, words, num_samples, options):
    model = history_model(3, size=5, max_length=6)
    state, starts = model.state(3), np.array([0, 1, 2], "int32")
    search = {"max_length": 6, "end_id": 4, "pad_id": 3, "seed": 5, **options}
    shared = sample(model.step, state, starts, num_samples=num_samples, **search)
    tiled = keras.tree.map_structure(lambda leaf: None if leaf is None else np.repeat(leaf, num_samples, 0), state)
    repeated = sample(model.step, tiled, np.repeat(starts, num_samples), **search)
    assert words(shared) == words(repeated)
    np.testing.assert_array_equal(shared.ids, repeated.ids)
    np.testing.assert_allclose(shared.log_probs, repeated.log_probs, rtol=1e-5)


def test_a_shared_prefix_is_processed_once(chain):
    read = []

    def step(tokens, state):
        read.append(np.asarray(tokens).tolist())
        return chain(ROWS)(tokens, state)

    decoded = sample(step, None, [0], num_samples=500, max_length=2, end_id=END, seed=1)
    assert read[1:] == [[0], sorted(set(decoded.ids[:, 0].tolist()) - {END})]  # the first call validates the step


def test_the_batch_limit_does_not_change_the_samples(chain, monkeypatch):
    options = {"num_samples": 100, "max_length": 5, "end_id": END, "seed": 2}
    whole = sample(chain(ROWS), None, [0], **options)
    monkeypatch.setattr("dlseq.decoding.draws.prefix_sharing.MAX_BATCH_ROWS", 30)
    np.testing.assert_array_equal(sample(chain(ROWS), None, [0], **options).ids, whole.ids)


@pytest.mark.parametrize("num_samples", [None, 200])
def test_suppressed_ids_are_not_drawn_and_keep_log_probs(chain, num_samples):
    options = {"max_length": 3, "end_id": END, "suppress_ids": (1, 2), "seed": 3, "num_samples": num_samples}
    decoded = sample(chain(ROWS), None, [0] * (200 if num_samples is None else 1), **options)
    ids, lengths = np.asarray(decoded.ids), np.asarray(decoded.lengths)
    assert not np.isin(ids, [1, 2]).any()
    paths = [(0, *row[:length]) for row, length in zip(ids.tolist(), lengths, strict=True)]
    expected = [sum(np.log(ROWS[a][b]) for a, b in itertools.pairwise(path)) for path in paths]
    np.testing.assert_allclose(decoded.log_probs, expected, rtol=1e-5)
