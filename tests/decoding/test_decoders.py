"""Tests of properties that all decoders share."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from dlseq.decoding import beam_search, compiled, greedy_search, sample
from dlseq.errors import DlseqError

DECODERS = {
    "greedy": greedy_search,
    "sample": functools.partial(sample, seed=5),
    "sample, truncated": functools.partial(sample, seed=5, temperature=1.4, top_k=3, top_p=0.9),
    "beam": functools.partial(beam_search, beam_width=5, length_penalty=0.8, hypotheses=2),
}
STARTS = np.array([0, 1, 2, 3, 1, 0, 2], "int32")


@pytest.fixture(params=DECODERS, ids=str)
def decode(request):
    return DECODERS[request.param]


def values(decoded):
    return [np.asarray(leaf) for leaf in keras.tree.flatten(decoded) if leaf is not None]


def assert_same(left, right):
    for a, b in zip(values(left), values(right), strict=True):
        if a.dtype.kind == "f":
            np.testing.assert_allclose(a, b, rtol=1e-5)
        else:
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("end_id", [3, None])
@pytest.mark.parametrize("seed", range(2))
def test_log_probs_equal_the_scores_of_the_ids(decode, history_model, words, seed, end_id):
    model = history_model(seed, max_length=6)
    decoded = decode(model.step, model.state(7), STARTS, max_length=6, end_id=end_id)
    expected = [model.log_prob(row % 3, STARTS[row], word) for row, word in enumerate(words(decoded))]
    np.testing.assert_allclose(decoded.log_probs, expected, rtol=1e-5)


@pytest.mark.parametrize("end_id", [3, None])
def test_final_state_has_the_input_tokens_of_each_row(decode, history_model, words, end_id):
    """A finished row that was not frozen would have more input tokens and a higher count."""
    model = history_model(11, max_length=6)
    decoded = decode(model.step, model.state(7), STARTS, max_length=6, end_id=end_id)
    assert list(decoded.state) == ["memory", "past"]
    (sources, nothing), (_, history, count) = decoded.state["memory"], decoded.state["past"]
    assert nothing is None
    np.testing.assert_array_equal(sources, np.arange(7) % 3)
    np.testing.assert_array_equal(np.asarray(count)[:, 0], decoded.lengths)
    if end_id is not None:
        assert len(set(np.asarray(decoded.lengths).tolist())) > 1, "the rows should end at different times"
    for start, word, row in zip(STARTS, words(decoded), np.asarray(history), strict=True):
        assert tuple(row[: len(word)]) == (start, *word[:-1])
        assert not row[len(word) :].any()


def test_only_padding_follows_the_end_token(decode, history_model, words):
    model = history_model(3, max_length=6)
    decoded = decode(model.step, model.state(7), STARTS, max_length=6, end_id=1, pad_id=2)
    ids = np.asarray(decoded.ids)
    assert ids.dtype == np.int32 and ids.shape == (7, 6)
    for row, word in zip(ids, words(decoded), strict=True):
        assert 1 not in word[:-1]
        assert word[-1] == 1 or len(word) == 6
        assert (row[len(word) :] == 2).all()


def test_eager_and_compiled_results_agree(decode, history_model):
    model = history_model(2, max_length=5)
    search = functools.partial(decode, model.step, max_length=5, end_id=3)
    eager = search(model.state(7), STARTS)
    graph = compiled(lambda tokens, state: search(state, tokens))(STARTS, model.state(7))
    assert_same(eager, graph)


@pytest.mark.slow
def test_autograph_conversion_keeps_the_results(history_model):
    model = history_model(2, max_length=5)
    search = functools.partial(beam_search, model.step, start_tokens=STARTS, max_length=5, end_id=3)
    assert_same(search(state=model.state(7)), tf.function(lambda state: search(state=state))(model.state(7)))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("sample, truncated", "state"),
        ("beam", "tokens"),
        *(pytest.param(name, "neither", marks=pytest.mark.slow) for name in ("sample, truncated", "beam")),
    ],
)
def test_graphs_support_an_unknown_batch_size(name, history_model, known):
    decode = DECODERS[name]
    model = history_model(2, max_length=5)

    def relaxed(leaf, batch):
        return tf.TensorSpec((batch, *leaf.shape[1:]), leaf.dtype)

    tokens = relaxed(STARTS, 7 if known == "tokens" else None)
    leaves = [leaf for leaf in keras.tree.flatten(model.state(7)) if leaf is not None]
    signature = [tokens, *(relaxed(leaf, 7 if known == "state" else None) for leaf in leaves)]

    @tf.function(input_signature=signature)
    def search(tokens, sources, previous, history, count):
        state = {"memory": (sources, None), "past": [previous, history, count]}
        return decode(model.step, state, tokens, max_length=5, end_id=3)

    for batch in (7,) if known != "neither" else (7, 1):
        state = model.state(batch)
        eager = decode(model.step, state, STARTS[:batch], max_length=5, end_id=3)
        assert_same(eager, search(STARTS[:batch], *(x for x in keras.tree.flatten(state) if x is not None)))


def test_the_batch_size_of_the_tokens_comes_from_the_state(chain, words):
    """A state with a static batch size must not lose it in the loop when that of the tokens is unknown.

    TensorFlow rejects such a graph. Here the logits do not depend on the state, so they cannot restore its shape.
    """
    rows = chain([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])

    def step(tokens, state):
        return rows(tokens, state)[0], ops.take(state, ops.argsort(tokens * 0), axis=0) + 1

    @tf.function(input_signature=[tf.TensorSpec((None,), "int32")])
    def search(tokens):
        return beam_search(step, tf.zeros((3, 2)), tokens, max_length=4, end_id=2)

    decoded = search(np.array([0, 1, 0], "int32"))
    assert words(decoded) == [(1, 2), (2,), (1, 2)]
    np.testing.assert_array_equal(decoded.state[:, 0], decoded.lengths)


@pytest.mark.parametrize("name", [pytest.param("sample, truncated", marks=pytest.mark.slow), "beam"])
def test_xla_results_agree_with_eager(name, history_model):
    decode = DECODERS[name]
    model = history_model(2, max_length=4)
    search = functools.partial(decode, model.step, max_length=4, end_id=3)
    jitted = tf.function(lambda tokens, state: search(state, tokens), jit_compile=True)
    assert_same(search(model.state(7), STARTS), jitted(STARTS, model.state(7)))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_logits_give_float32_log_probs(decode, history_model, words, dtype):
    model = history_model(4, max_length=5)
    rounded = history_model(4, max_length=5)
    rounded.logits = np.asarray(ops.cast(ops.cast(model.logits, dtype), "float32"))

    def half(tokens, state):
        logits, state = model.step(tokens, state)
        return ops.cast(logits, dtype), state

    decoded = decode(half, model.state(7), STARTS, max_length=5, end_id=3)
    assert np.asarray(decoded.log_probs).dtype == np.float32
    expected = [rounded.log_prob(row % 3, STARTS[row], word) for row, word in enumerate(words(decoded))]
    np.testing.assert_allclose(decoded.log_probs, expected, rtol=1e-5)


def test_impossible_tokens_are_not_chosen_and_give_no_nan(decode, history_model, words):
    model = history_model(6, size=5, max_length=5)
    model.logits[..., 2] = -np.inf
    model.logits[:, :, 1, 3:] = -np.inf
    decoded = decode(model.step, model.state(7), STARTS, max_length=5, end_id=4)
    with np.errstate(divide="ignore"):
        expected = [model.log_prob(row % 3, STARTS[row], word) for row, word in enumerate(words(decoded))]
    assert np.isfinite(expected).all()
    np.testing.assert_allclose(decoded.log_probs, expected, rtol=1e-5)
    assert not any(2 in word for word in words(decoded))


def test_all_tokens_impossible_gives_minus_infinity(decode, chain):
    decoded = decode(chain([[0.0, 0.0], [0.5, 0.5]]), None, [0, 1], max_length=1, end_id=None)
    log_probs = np.asarray(decoded.log_probs)
    assert log_probs[0] == -np.inf and np.isclose(log_probs[1], np.log(0.5))


@pytest.mark.parametrize("state", [None, [], {}, (None, {"a": None})], ids=str)
def test_models_without_state_are_supported(decode, chain, words, state):
    step = chain([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    decoded = decode(step, state, [0, 1], max_length=4, end_id=2)
    assert words(decoded) == [(1, 2), (2,)]
    assert decoded.state == state


def test_an_empty_batch_gives_an_empty_result(decode, history_model):
    model = history_model(0)
    decoded = decode(model.step, model.state(0), np.zeros(0, "int32"), max_length=4, end_id=3)
    assert tuple(decoded.ids.shape) == (0, 4) and tuple(decoded.log_probs.shape) == (0,)


def test_decoding_stops_when_all_rows_have_ended(decode, chain):
    calls = []
    rows = chain([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])

    def counted(tokens, state):
        calls.append(np.asarray(tokens))
        return rows(tokens, state)

    decode(counted, None, [0, 1], max_length=50, end_id=2)
    assert len(calls) == 2


def test_finished_rows_get_padding_as_input():
    read = []

    def step(tokens, state):
        read.append(np.asarray(tokens).tolist())
        return ops.one_hot(tokens + 1, 6) * 100.0, state

    greedy_search(step, None, [0, 2, 3], max_length=5, end_id=4, pad_id=5)
    assert read == [[0, 2, 3], [1, 3, 5], [2, 5, 5], [3, 5, 5]]


@pytest.mark.parametrize(("end_id", "graph"), [(3, False), (None, False), (3, True)])
def test_step_outputs_are_stacked_along_the_path(decode, history_model, end_id, graph):
    """The outputs of a step are its input token and a pair; their stack has the inputs of the path, then zeros."""
    model = history_model(11, max_length=6)

    def step(tokens, state):
        logits, state = model.step(tokens, state)
        return logits, state, {"token": tokens + 1, "nest": [ops.stack([tokens, -tokens], axis=1), None]}

    search = functools.partial(decode, step, max_length=6, end_id=end_id)
    run = compiled(search) if graph else search
    decoded = run(model.state(7), STARTS)
    ids, lengths = np.asarray(decoded.ids), np.asarray(decoded.lengths)
    read = np.concatenate([STARTS[:, None], ids[:, :-1]], axis=1)
    counted = np.arange(6) < lengths[:, None]
    np.testing.assert_array_equal(decoded.outputs["token"], np.where(counted, read + 1, 0))
    pair, nothing = decoded.outputs["nest"]
    assert nothing is None
    np.testing.assert_array_equal(pair, np.where(counted[..., None], np.stack([read, -read], axis=2), 0))


def test_steps_without_outputs_give_none(decode, chain):
    decoded = decode(chain([[0.5, 0.5]] * 2), None, [0, 1], max_length=2, end_id=None)
    assert decoded.outputs is None


def broken(change):
    """Return a step over a state `{"h": (B, 2)}` with a modified result."""

    def step(tokens, state):
        logits, state = ops.one_hot(tokens, 3), {"h": ops.convert_to_tensor(state["h"])}
        return change(logits, state)

    return step


WRONG = {
    "tokens of rank 2": ({"start_tokens": [[0, 1]]}, r"Expected \(B,\).*Received: \(1, 2\).*list of one token"),
    "a single token": ({"start_tokens": 0}, r"Expected \(B,\).*Received: \(\)"),
    "state of another batch": ({"state": {"h": np.zeros((3, 2))}}, r"Invalid batch size.*\[2, 3\]"),
    "scalar state": ({"state": {"h": np.float32(1)}}, r"batch as the first axis.*scalar"),
    "zero length": ({"max_length": 0}, r"`max_length`. Expected an integer of at least 1. Received: max_length=0"),
    "fractional length": ({"max_length": 2.5}, r"`max_length`.*Received: max_length=2\.5"),
    "boolean length": ({"max_length": True}, r"`max_length`.*Received: max_length=True"),
    "end outside": ({"end_id": 3}, r"`end_id`. Expected an id from 0 to 2.* 3 logits .*Received: end_id=3"),
    "negative end": ({"end_id": -1}, r"`end_id`.*Received: end_id=-1"),
    "logits with time": (
        {"step": broken(lambda x, s: (x[:, None], s))},
        r"the logits.*Expected \(B, V\).*, 1, 3\)",
    ),
    "logits of one row": ({"step": broken(lambda x, s: (x[:1], s))}, r"shape of the logits"),
    "structure": ({"step": broken(lambda x, s: (x, [s["h"]]))}, r"structure.*\('h',\).*\(0,\)"),
    "a single value": (
        {"step": lambda tokens, state: ops.one_hot(tokens, 3)},
        r"\(logits, state\) or .*outputs",
    ),
    "four values": ({"step": broken(lambda x, s: (x, s, None, None))}, r"Received: tuple of 4"),
    "scalar outputs": ({"step": broken(lambda x, s: (x, s, np.float32(1)))}, r"`outputs`.*Received: a scalar"),
    "lost state": ({"step": broken(lambda x, s: (x, None))}, r"structure.*no path"),
    "type": (
        {"step": broken(lambda x, s: (x, {"h": ops.cast(s["h"], "float16")}))},
        r"\('h',\).*float32.*float16.*Cast",
    ),
    "shape": (
        {"step": broken(lambda x, s: (x, {"h": s["h"][:, :1]}))},
        r"float32 \(\d+, 2\).*Received: float32 \(\d+, 1\)",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_invalid_arguments_raise_dlseq_error(wrong):
    change, message = WRONG[wrong]
    arguments = {
        "step": broken(lambda logits, state: (logits, state)),
        "state": {"h": np.zeros((2, 2), "float32")},
        "start_tokens": [0, 1],
        "max_length": 3,
        "end_id": None,
    }
    for decode in (DECODERS["sample"], DECODERS["beam"]):
        decode(**arguments)
        with pytest.raises(DlseqError, match=message):
            decode(**{**arguments, **change})
