"""Tests of beam search against brute force over all sequences."""

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest
from keras import ops

from dlseq.decoding import beam_search, greedy_search
from dlseq.decoding.beams.extensions import best_extensions
from dlseq.errors import DlseqError

STARTS = np.array([0, 1, 2, 3], "int32")


def ranked(decoded, row):
    """Return `(score, ids)` of all hypotheses of a row."""
    found = decoded.hypotheses
    entries = zip(*(np.asarray(field)[row].tolist() for field in (found.scores, found.ids, found.lengths)), strict=True)
    return [(score, tuple(ids[:length])) for score, ids, length in entries if score > -np.inf]


def assert_same_ranking(found, expected):
    """Compare sequences exactly and scores up to rounding."""
    assert [ids for _, ids in found] == [ids for _, ids in expected]
    np.testing.assert_allclose([score for score, _ in found], [score for score, _ in expected], rtol=1e-6)


@hypothesis.settings(max_examples=25, deadline=None, derandomize=True)
@hypothesis.given(
    seed=st.integers(0, 10**6),
    size=st.integers(2, 4),
    max_length=st.integers(1, 4),
    alpha=st.sampled_from([0.0, 0.3, 0.6, 1.0, 2.5]),
    penalty=st.sampled_from(["gnmt", "power"]),
    ends=st.booleans(),
)
def test_a_wide_beam_ranks_all_sequences_like_brute_force(history_model, seed, size, max_length, alpha, penalty, ends):
    model = history_model(seed, size=size, max_length=max_length)
    starts = STARTS % size
    end_id = size - 1 if ends else None
    width = size**max_length
    decoded = beam_search(
        model.step,
        model.state(4),
        starts,
        max_length=max_length,
        end_id=end_id,
        beam_width=width,
        length_penalty=alpha,
        penalty=penalty,
        hypotheses=6,
    )
    for row, start in enumerate(starts):
        expected = model.every_sequence(row % 3, start, end_id, alpha, penalty)
        scores = {ids: score for score, ids in expected}
        found = ranked(decoded, row)
        # equal scores (`0 1 0 0` and `1 0 0 0` may have the same transitions) can be in either order
        np.testing.assert_allclose([score for score, _ in found], [score for score, _ in expected[:6]], rtol=1e-4)
        np.testing.assert_allclose([scores[ids] for _, ids in found], [score for score, _ in found], rtol=1e-4)
        assert len({ids for _, ids in found}) == len(found)


def test_early_stopping_does_not_change_the_hypotheses(history_model):
    """The reference search returns 100 hypotheses, which prevents early stopping."""
    for seed, length_penalty in enumerate((0.0, 0.7, 2.0)):
        model = history_model(seed, size=5, max_length=6, sharpness=3.0)
        arguments = {"max_length": 6, "end_id": 4, "beam_width": 4, "length_penalty": length_penalty}
        arguments["penalty"] = ["gnmt", "power"][seed % 2]
        late = beam_search(model.step, model.state(4), STARTS, hypotheses=100, **arguments)
        for hypotheses in (1, 3):
            early = beam_search(model.step, model.state(4), STARTS, hypotheses=hypotheses, **arguments)
            for row in range(4):
                assert_same_ranking(ranked(early, row), ranked(late, row)[:hypotheses])


def test_search_stops_when_no_live_path_can_win(chain):
    """After one step the end has .9, and any longer sequence at most .1."""
    calls = []
    rows = chain([[0.0, 0.1, 0.9], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])

    def counted(tokens, state):
        calls.append(tokens)
        return rows(tokens, state)

    arguments = {"max_length": 9, "end_id": 2, "beam_width": 2, "hypotheses": 1}
    beam_search(counted, None, [0], **arguments)
    assert len(calls) == 1
    # with a strong penalty the long sequence wins: log .1 / (14/6)**5 > log .9 / 1
    decoded = beam_search(counted, None, [0], length_penalty=5.0, **arguments)
    assert len(calls) == 1 + 9
    assert np.asarray(decoded.ids).tolist() == [[1] * 9]


def test_the_power_of_the_length_is_another_penalty_than_gnmts(chain, words):
    """`1 end` has .5 and `2 2 end` .4. Divided by length ** .5: -.693 / 1.41 > -.916 / 1.73, but not with ** 1."""
    step = chain([[0, 0.5, 0.5, 0], [0, 0, 0, 1.0], [0, 0, 0.8, 0.2], [1.0, 0, 0, 0]])
    found = {}
    for penalty, alpha in (("power", 0.5), ("power", 1.0), ("gnmt", 1.0)):
        decoded = beam_search(
            step, None, [0], max_length=9, end_id=3, beam_width=8, length_penalty=alpha, penalty=penalty
        )
        (found[penalty, alpha],) = words(decoded)
        length = len(found[penalty, alpha])
        divisor = length**alpha if penalty == "power" else ((5 + length) / 6) ** alpha
        np.testing.assert_allclose(decoded.hypotheses.scores[0, 0], decoded.log_probs[0] / divisor, rtol=1e-5)
    assert len(found["power", 1.0]) > len(found["power", 0.5]) == len(found["gnmt", 1.0]) == 2


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3))])
def test_width_one_without_length_penalty_is_greedy_search(history_model, words, seed):
    model = history_model(seed, size=5, sources=4, max_length=6)
    starts = np.arange(12, dtype="int32") % 5
    for end_id, alpha in [(0, 0.0), (4, 0.0), (None, 0.0), (None, 1.3)]:
        greedy = greedy_search(model.step, model.state(12), starts, max_length=6, end_id=end_id)
        beam = beam_search(
            model.step, model.state(12), starts, max_length=6, end_id=end_id, beam_width=1, length_penalty=alpha
        )
        assert words(beam) == words(greedy)
        np.testing.assert_allclose(beam.log_probs, greedy.log_probs, rtol=1e-6, atol=1e-6)
        np.testing.assert_array_equal(beam.state["past"][1], greedy.state["past"][1])


def test_width_one_does_not_prefer_an_improbable_end(chain, words):
    """With width 1 the greedy path (.6, then .35) is returned, although the end after one step has .4."""
    step = chain([[0.0, 0.6, 0.4, 0.0], [0.0, 0.0, 0.35 / 0.6, 0.25 / 0.6], [1, 0, 0, 0], [0, 0, 1.0, 0]])
    assert words(beam_search(step, None, [0], max_length=5, end_id=2, beam_width=1)) == [(1, 2)]
    assert words(beam_search(step, None, [0], max_length=5, end_id=2, beam_width=2)) == [(2,)]


def test_a_finished_path_is_never_extended(chain, words):
    """Transitions: start -> A .55 | B .45, A -> A .9 | end .1, B -> end 1. The expected result is `B end`.

    A search that extends finished paths loses `B end` from its beam and returns `A A A A A`.
    """
    step = chain([[0, 0.55, 0.45, 0], [0, 0.9, 0, 0.1], [0, 0, 0, 1.0], [0, 0.5, 0.5, 0]])
    decoded = beam_search(step, None, [0], max_length=5, end_id=3, beam_width=2)
    assert words(decoded) == [(2, 3)]
    np.testing.assert_allclose(decoded.log_probs, [np.log(0.45)], rtol=1e-6)
    np.testing.assert_allclose(np.exp(ranked(decoded, 0)[1][0]), 0.55 * 0.9**4, rtol=1e-5)


def test_finished_paths_do_not_displace_live_paths(chain):
    """After one step both live paths end with .6, but both must also be continued."""
    step = chain([[0, 0.5, 0.5, 0], [0, 0.4, 0, 0.6], [0, 0, 0.4, 0.6], [1.0, 0, 0, 0]])
    decoded = beam_search(step, None, [0], max_length=3, end_id=3, beam_width=2, hypotheses=6)
    found = {ids for _, ids in ranked(decoded, 0)}
    assert found == {(1, 3), (2, 3), (1, 1, 3), (2, 2, 3), (1, 1, 1), (2, 2, 2)}


@pytest.mark.parametrize("width", [2, 3, 7, 40])
def test_hypotheses_are_distinct_sorted_and_correctly_scored(history_model, width):
    model = history_model(width, size=4, max_length=5)
    decoded = beam_search(
        model.step, model.state(4), STARTS, max_length=5, end_id=3, beam_width=width, length_penalty=0.6
    )
    found = decoded.hypotheses
    assert tuple(found.ids.shape) == (4, width, 5) and tuple(found.scores.shape) == (4, width)
    for row in range(4):
        sequences = ranked(decoded, row)
        assert len({ids for _, ids in sequences}) == len(sequences)
        assert [score for score, _ in sequences] == sorted((score for score, _ in sequences), reverse=True)
        for rank, (score, ids) in enumerate(sequences):
            log_prob = model.log_prob(row % 3, STARTS[row], ids)
            assert np.isclose(found.log_probs[row, rank], log_prob, rtol=1e-4)
            assert np.isclose(score, log_prob / ((5 + len(ids)) / 6) ** 0.6, rtol=1e-4)
            assert 3 not in ids[:-1] and (ids[-1] == 3 or len(ids) == 5)


def test_missing_hypotheses_have_score_minus_infinity(chain):
    step = chain([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    found = beam_search(step, None, [0], max_length=4, end_id=2, pad_id=1, beam_width=3).hypotheses
    np.testing.assert_array_equal(found.scores, [[0.0, -np.inf, -np.inf]])
    np.testing.assert_array_equal(found.lengths, [[2, 0, 0]])
    np.testing.assert_array_equal(found.ids[0, 1:], np.ones((2, 4)))


@pytest.mark.parametrize("end_id", [0, None])
def test_a_vocabulary_of_one_token_is_supported(chain, words, end_id):
    decoded = beam_search(chain([[1.0]]), None, [0, 0], max_length=3, end_id=end_id, beam_width=4)
    assert words(decoded) == [(0,) if end_id == 0 else (0, 0, 0)] * 2


@pytest.mark.parametrize("alpha", [0.0, pytest.param(0.9, marks=pytest.mark.slow)])
def test_a_row_does_not_depend_on_other_rows(history_model, alpha):
    """Rows that end late must not change rows that have finished."""
    model = history_model(21, size=5, sources=6, max_length=7, sharpness=3.0)
    starts = np.arange(6, dtype="int32") % 5
    arguments = {"max_length": 7, "end_id": 4, "beam_width": 3, "length_penalty": alpha}
    together = beam_search(model.step, model.state(6), starts, **arguments)
    for row in range(6):
        state = model.state(6)
        state = {"memory": (state["memory"][0][row : row + 1], None), "past": [x[row : row + 1] for x in state["past"]]}
        alone = beam_search(model.step, state, starts[row : row + 1], **arguments)
        assert_same_ranking(ranked(alone, 0), ranked(together, row))
        np.testing.assert_array_equal(alone.state["past"][1][0], together.state["past"][1][row])


@pytest.mark.parametrize("idle", [(), (0, 1), (3, 4, 5), (0, 2, 4)], ids=str)
def test_only_changed_state_tensors_are_reordered(history_model, idle):
    """In the calls `idle`, `step` returns `history` unchanged; entries of other calls must still follow their path."""
    model = history_model(13, size=5, max_length=6)
    memories = []

    def step(tokens, state):
        memories.append(state["memory"][0])
        logits, after = model.step(tokens, state)
        if len(memories) - 1 in idle:
            after["past"] = (after["past"][0], state["past"][1], after["past"][2])
        return logits, after

    decoded = beam_search(step, model.state(4), STARTS, max_length=6, end_id=None, beam_width=4)
    assert all(memory is memories[0] for memory in memories)
    expected = np.concatenate([STARTS[:, None], np.asarray(decoded.ids)[:, :-1]], axis=1)
    expected[:, list(idle)] = 0
    np.testing.assert_array_equal(decoded.state["past"][1], expected)


def test_unused_paths_get_padding_and_no_extensions(chain, words):
    """Only one path exists at first. Logits for the unused paths, even NaN, are ignored."""
    table = np.log(np.array([[1e-9, 0.6, 0.4], [0.2, 0.2, 0.6], [np.nan] * 3], "float32"))
    calls = []

    def step(tokens, state):
        calls.append(np.asarray(tokens).tolist())
        return ops.take(ops.convert_to_tensor(table), tokens, axis=0), state

    decoded = beam_search(step, None, [0], max_length=2, end_id=2, pad_id=1, beam_width=3)
    assert calls == [[0, 0, 0], [1, 0, 1]]
    np.testing.assert_allclose(decoded.log_probs, [np.log(0.4)], rtol=1e-6)
    unused = np.array([[0.0, -np.inf]], "float32"), np.array([[-1.0, -2.0], [np.nan, np.nan]], "float32")
    found = best_extensions(*unused, np.zeros(2, "float32"), 4)
    np.testing.assert_array_equal(found.log_probs, [[-1.0, -2.0, -np.inf, -np.inf]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"beam_width": 0}, "`beam_width`. Expected an integer of at least 1. Received: beam_width=0"),
        ({"beam_width": 1.5}, "`beam_width`.*Received: beam_width=1.5"),
        ({"hypotheses": 0}, "`hypotheses`.*at least 1. Received: hypotheses=0"),
        (
            {"length_penalty": -0.1},
            "`length_penalty`. Expected a finite number of at least 0. Received: .*-0.1",
        ),
        ({"length_penalty": float("nan")}, "`length_penalty`.*Received: length_penalty=nan"),
        ({"penalty": "short"}, "`penalty`. Expected one of: gnmt, power. Received: 'short'"),
        ({"length_penalty": "much"}, "`length_penalty`.*Received: length_penalty='much'"),
    ],
    ids=str,
)
def test_invalid_arguments_raise_dlseq_error(chain, change, message):
    with pytest.raises(DlseqError, match=message):
        beam_search(chain([[0.5, 0.5]] * 2), None, [0], max_length=2, end_id=1, **change)
