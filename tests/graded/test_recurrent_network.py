"""Graded tests of `recurrent_network`. Sizes differ from each other, so that a mixed-up axis cannot fit by chance."""

import numpy as np
import pytest

from dlseq.testing.assertions import check, close, shaped, unchanged, unpack
from dlseq.testing.gradients import numerical_gradient

SIZES = {"n_x": 3, "n_a": 5, "n_y": 2, "m": 4, "T_x": 6}
OTHERS = [
    {"n_x": 1, "n_a": 2, "n_y": 3, "m": 1, "T_x": 1},
    {"n_x": 6, "n_a": 4, "n_y": 5, "m": 2, "T_x": 7},
    {"n_x": 4, "n_a": 6, "n_y": 1, "m": 8, "T_x": 2},
]
SIMPLE = ("dWax", "dWaa", "dba")
GATED = ("dWf", "dWi", "dWc", "dWo", "dbf", "dbi", "dbc", "dbo")

BIAS = "A bias is missing: it is added to the products before the squeeze."
NO_TANH = "The sum is right, but it never went through the tanh."
FROM_OLD_STATE = "The prediction is made from the new state, the one that this step has just computed."
ROWS = (
    "The probabilities sum to one along the rows. Examples stand in columns, so each column has to: look at the axis."
)


def draw_simple(rng, n_x, n_a, n_y, m, T_x):
    """Inputs `x`, `a0` and the parameters of a simple cell."""
    shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "ba": (n_a, 1), "by": (n_y, 1)}
    parameters = {name: rng.normal(0, 0.6, shape) for name, shape in shapes.items()}
    return rng.normal(size=(n_x, m, T_x)), rng.uniform(-0.8, 0.8, (n_a, m)), parameters


def draw_gated(rng, n_x, n_a, n_y, m, T_x):
    """Inputs `x`, `a0`, a memory `c0` and the parameters of an LSTM."""
    shapes = {f"W{gate}": (n_a, n_a + n_x) for gate in "fico"} | {f"b{gate}": (n_a, 1) for gate in "fico"}
    shapes |= {"Wy": (n_y, n_a), "by": (n_y, 1)}
    parameters = {name: rng.normal(0, 0.6, shape) for name, shape in shapes.items()}
    return rng.normal(size=(n_x, m, T_x)), rng.uniform(-0.8, 0.8, (n_a, m)), rng.normal(size=(n_a, m)), parameters


def without(parameters, *names):
    """The parameters with some of them zero: what a mistake that leaves them out would compute with."""
    return {name: np.zeros_like(value) if name in names else value for name, value in parameters.items()}


def swapped(parameters, one, other):
    """The parameters with the weights and biases of two gates exchanged."""
    exchange = {one: other, other: one}
    gates = {f"{kind}{gate}": parameters[f"{kind}{exchange.get(gate, gate)}"] for kind in "Wb" for gate in "fico"}
    return {**parameters, **gates}


def check_probabilities(value, expected, name, axes, known=()):
    """Predictions: shape, then columns that sum to one, then values."""
    value = shaped(value, expected.shape, name, axes)
    if value.shape[0] > 1 and not np.allclose(value.sum(axis=0), 1):
        across = value.shape[1] > 1 and np.allclose(value.sum(axis=1), 1)
        check(False, f"the columns of {name} do not sum to one", ROWS if across else f"{name} goes through softmax.")
    close(value, expected, name, axes, known)


# --- rnn_cell_forward


@pytest.mark.points(2, of="rnn_cell_forward")
@pytest.mark.hint("Write the shape of each product beside it: (n_a, n_x) @ (n_x, m) is (n_a, m).")
def test_cell_shapes(submission, rng):
    """Three values come back: the state (n_a, m), the probabilities (n_y, m), and the cache."""
    x, a0, parameters = draw_simple(rng, **SIZES)
    value = submission.call("rnn_cell_forward", x[:, :, 0], a0, parameters)
    a_next, yt_pred, _ = unpack(value, "a_next", "yt_pred", "cache", of="rnn_cell_forward")
    shaped(a_next, a0.shape, "a_next", "(n_a, m)")
    shaped(yt_pred, (SIZES["n_y"], SIZES["m"]), "yt_pred", "(n_y, m)")


@pytest.mark.points(4, of="rnn_cell_forward")
@pytest.mark.hint("Compare your line with the formula of section 1, term by term.")
def test_cell_state(submission, reference, rng):
    """The new state is the tanh of what the old state, the input and the bias add up to."""
    x, a0, parameters = draw_simple(rng, **SIZES)
    xt = x[:, :, 0]
    a_next = unpack(submission.call("rnn_cell_forward", xt, a0, parameters), "a_next", "yt_pred", "cache")[0]

    def state(**changes):
        return reference.call("rnn_cell_forward", xt, changes.get("a0", a0), changes.get("p", parameters))[0]

    known = [
        (NO_TANH, np.arctanh(state())),
        (BIAS, state(p=without(parameters, "ba"))),
        ("The old state has no influence: a product with it is missing.", state(p=without(parameters, "Waa"))),
        ("The input has no influence: a product with it is missing.", state(p=without(parameters, "Wax"))),
        ("A matrix is transposed that should not be.", state(p={**parameters, "Waa": parameters["Waa"].T.copy()})),
        ("The state goes through the tanh, not through the sigmoid.", 1 / (1 + np.exp(-np.arctanh(state())))),
    ]
    close(a_next, state(), "a_next", "(n_a, m)", known)


@pytest.mark.points(3, of="rnn_cell_forward")
@pytest.mark.hint("Compare your line with the second formula of section 1.")
def test_cell_prediction(submission, reference, rng):
    """The prediction is a softmax over what the new state says, one distribution in each column."""
    x, a0, parameters = draw_simple(rng, **SIZES)
    ask = ("rnn_cell_forward", x[:, :, 0], a0)
    yt_pred = unpack(submission.call(*ask, parameters), "a_next", "yt_pred", "cache")[1]
    keeps_state = {**without(parameters, "Wax", "ba"), "Waa": np.eye(SIZES["n_a"])}
    known = [
        (BIAS, reference.call(*ask, without(parameters, "by"))[1]),
        (FROM_OLD_STATE, reference.call("rnn_cell_forward", x[:, :, 0], np.arctanh(a0), keeps_state)[1]),
    ]
    check_probabilities(yt_pred, reference.call(*ask, parameters)[1], "yt_pred", "(n_y, m)", known)


@pytest.mark.points(1, of="rnn_cell_forward")
@pytest.mark.hint("The order is: new state, old state, input, parameters.")
def test_cell_cache(submission, reference, rng):
    """The cache keeps the new state, the old state, the input and the parameters, in this order."""
    x, a0, parameters = draw_simple(rng, **SIZES)
    ask = ("rnn_cell_forward", x[:, :, 0], a0, parameters)
    cache = unpack(submission.call(*ask), "a_next", "yt_pred", "cache", of="rnn_cell_forward")[2]
    check_cache(cache, reference.call(*ask)[2], ("a_next", "a_prev", "xt", "parameters"))


def check_cache(cache, expected, names):
    """A cache as a tuple or a list: arrays in order, the parameters last."""
    cache = unpack(cache, *names, of="the cache of the cell")
    for value, wanted, name in zip(cache[:-1], expected[:-1], names[:-1], strict=True):
        close(value, wanted, f"{name} in the cache")
    check(type(cache[-1]) is dict, "the last thing in the cache is not the dict of parameters")
    for name, wanted in expected[-1].items():
        close(cache[-1].get(name), wanted, f"{name} in the cache")


@pytest.mark.hidden
@pytest.mark.points(4, of="rnn_cell_forward")
@pytest.mark.hint("What is right for one size has to be right for all: take sizes from the shapes of the arguments.")
@pytest.mark.parametrize("sizes", OTHERS, ids=["one", "long", "wide"])
def test_cell_of_other_sizes(submission, reference, rng, sizes):
    """A step gives the right state and prediction whatever the sizes are."""
    x, a0, parameters = draw_simple(rng, **sizes)
    ask = ("rnn_cell_forward", x[:, :, 0], a0, parameters)
    a_next, yt_pred, _ = unpack(submission.call(*ask), "a_next", "yt_pred", "cache", of="rnn_cell_forward")
    close(a_next, reference.call(*ask)[0], "a_next", "(n_a, m)")
    check_probabilities(yt_pred, reference.call(*ask)[1], "yt_pred", "(n_y, m)")


# --- rnn_forward


@pytest.mark.points(2, of="rnn_forward")
@pytest.mark.hint("The steps are the last axis of all three: x, a and y_pred.")
def test_loop_shapes(submission, rng):
    """Three values come back: all states (n_a, m, T_x), all predictions (n_y, m, T_x), and the caches."""
    x, a0, parameters = draw_simple(rng, **SIZES)
    value = submission.call("rnn_forward", x, a0, parameters)
    a, y_pred, _ = unpack(value, "a", "y_pred", "caches", of="rnn_forward")
    shaped(a, (*a0.shape, SIZES["T_x"]), "a", "(n_a, m, T_x)")
    shaped(y_pred, (SIZES["n_y"], SIZES["m"], SIZES["T_x"]), "y_pred", "(n_y, m, T_x)")


@pytest.mark.points(4, of="rnn_forward")
@pytest.mark.hint("If rnn_cell_forward is right, look at what goes into it at each step, and where its answer is put.")
def test_loop_states(submission, reference, rng):
    """The state that comes out of one step goes in at the next."""
    x, a0, parameters = draw_simple(rng, **SIZES)
    a = unpack(submission.call("rnn_forward", x, a0, parameters), "a", "y_pred", "caches", of="rnn_forward")[0]

    def states(x=x, a0=a0):
        return reference.call("rnn_forward", x, a0, parameters)[0]

    each = [reference.call("rnn_cell_forward", x[:, :, t], a0, parameters)[0] for t in range(SIZES["T_x"])]
    shifted = np.concatenate([a0[:, :, None], states()[:, :, :-1]], axis=2)
    known = [
        ("Every step begins with a0. Only the first should; the others go on from the step before.", np.stack(each, 2)),
        ("The first step begins with zeros, and a0 is never looked at.", states(a0=np.zeros_like(a0))),
        (
            "Every step reads the first input. Which step of x is it that belongs to t?",
            states(np.repeat(x[:, :, :1], 6, 2)),
        ),
        ("a holds the state before each step. It should hold the one after it.", shifted),
        ("The steps are taken from the last to the first.", states(x[:, :, ::-1].copy())[:, :, ::-1]),
    ]
    close(a, states(), "a", "(n_a, m, T_x)", known)


@pytest.mark.points(2, of="rnn_forward")
@pytest.mark.hint("y_pred[:, :, t] is what the cell predicts at step t.")
def test_loop_predictions(submission, reference, rng):
    """The predictions of all steps are kept."""
    x, a0, parameters = draw_simple(rng, **SIZES)
    value = submission.call("rnn_forward", x, a0, parameters)
    y_pred = unpack(value, "a", "y_pred", "caches", of="rnn_forward")[1]
    check_probabilities(y_pred, reference.call("rnn_forward", x, a0, parameters)[1], "y_pred", "(n_y, m, T_x)")


@pytest.mark.points(2, of="rnn_forward")
@pytest.mark.hint("caches is (list of what the cell kept at each step, x).")
def test_loop_caches(submission, reference, rng):
    """The caches of all steps are kept in order, together with x."""
    x, a0, parameters = draw_simple(rng, **SIZES)
    value = submission.call("rnn_forward", x, a0, parameters)
    check_caches(value[-1], reference.call("rnn_forward", x, a0, parameters)[-1], x)


def check_caches(caches, expected, x):
    """(one cache a step, x): the first array in each cache tells which step it is of."""
    steps, kept = unpack(caches, "the caches of the steps", "x", of="caches")
    check(type(steps) in (list, tuple), "the caches of the steps are not a list")
    check(
        len(steps) == len(expected[0]), "there are not as many caches as steps", "Append one in each round of the loop."
    )
    close(kept, x, "x in the caches")
    for step, wanted in zip(steps, expected[0], strict=True):
        check(type(step) in (list, tuple) and len(step) == len(wanted), "the cache of a step is not that of the cell")
        close(step[0], wanted[0], "a_next in a cache")


@pytest.mark.hidden
@pytest.mark.points(4, of="rnn_forward")
@pytest.mark.hint("Take the number of steps from x, and leave x, a0 and the parameters as they were.")
@pytest.mark.parametrize("sizes", OTHERS, ids=["one", "long", "wide"])
def test_loop_of_other_sizes(submission, reference, rng, sizes):
    """Rows of any length give the right states and predictions, and the arguments stay as they were."""
    x, a0, parameters = draw_simple(rng, **sizes)
    value, after = submission.call_with_inputs("rnn_forward", x, a0, parameters)
    a, y_pred, _ = unpack(value, "a", "y_pred", "caches", of="rnn_forward")
    expected = reference.call("rnn_forward", x, a0, parameters)
    close(a, expected[0], "a", "(n_a, m, T_x)")
    check_probabilities(y_pred, expected[1], "y_pred", "(n_y, m, T_x)")
    for changed, before, name in zip(after, (x, a0, parameters), ("x", "a0", "parameters"), strict=True):
        unchanged(changed, before, name)


# --- lstm_cell_forward

LSTM_CELL = ("a_next", "c_next", "yt_pred", "cache")


@pytest.mark.points(2, of="lstm_cell_forward")
@pytest.mark.hint("The state stands on top of the input: (n_a + n_x, m). Each gate is (n_a, m).")
def test_lstm_cell_shapes(submission, rng):
    """Four values come back: the state and the memory (n_a, m), the probabilities (n_y, m), and the cache."""
    x, a0, c0, parameters = draw_gated(rng, **SIZES)
    value = submission.call("lstm_cell_forward", x[:, :, 0], a0, c0, parameters)
    a_next, c_next, yt_pred, _ = unpack(value, *LSTM_CELL, of="lstm_cell_forward")
    shaped(a_next, a0.shape, "a_next", "(n_a, m)")
    shaped(c_next, a0.shape, "c_next", "(n_a, m)")
    shaped(yt_pred, (SIZES["n_y"], SIZES["m"]), "yt_pred", "(n_y, m)")


@pytest.mark.points(5, of="lstm_cell_forward")
@pytest.mark.hint("Compare the gates with the table of section 3, and then the line that makes the new memory.")
def test_lstm_cell_memory(submission, reference, rng):
    """The new memory is what the forget gate leaves of the old one and what the update gate lets in."""
    x, a0, c0, parameters = draw_gated(rng, **SIZES)
    xt, n_a = x[:, :, 0], SIZES["n_a"]
    c_next = unpack(submission.call("lstm_cell_forward", xt, a0, c0, parameters), *LSTM_CELL)[1]

    def memory(p=parameters, c=c0):
        return reference.call("lstm_cell_forward", xt, a0, c, p)[1]

    cache = reference.call("lstm_cell_forward", xt, a0, c0, parameters)[3]
    ft, it, cct = cache[4:7]
    columns = np.r_[n_a : n_a + SIZES["n_x"], :n_a]  # where the columns of the weights would have to be
    order = np.argsort(columns)
    input_first = {**parameters, **{f"W{gate}": parameters[f"W{gate}"][:, order] for gate in "fico"}}
    swap = "The {} do each other's work. Which of them multiplies the old memory, and which the candidate?"
    known = [
        (swap.format("forget gate and the update gate"), memory(swapped(parameters, "f", "i"))),
        (swap.format("update gate and the candidate"), memory(swapped(parameters, "i", "c"))),
        ("The input stands on top of the state. The weights expect the state first.", memory(input_first)),
        ("The old memory has no influence on the new one.", it * cct),
        ("Nothing new is written to the memory.", ft * c0),
        ("The candidate is added whole. The update gate decides how much of it goes in.", ft * c0 + cct),
        ("The old memory is kept whole. The forget gate decides how much of it stays.", c0 + it * cct),
        (
            "The candidate can be negative: it goes through the tanh, not through the sigmoid.",
            ft * c0 + it * as_sigmoid(cct),
        ),
        (BIAS, memory(without(parameters, "bf", "bi", "bc", "bo"))),
    ]
    known += [(BIAS, memory(without(parameters, f"b{gate}"))) for gate in "fic"]
    close(c_next, memory(), "c_next", "(n_a, m)", known)


def as_sigmoid(value):
    """What the sigmoid gives where the tanh gave `value`."""
    return 1 / (1 + np.exp(-np.arctanh(value)))


@pytest.mark.points(4, of="lstm_cell_forward")
@pytest.mark.hint("The new state is a part of the new memory: see the second formula below the table of section 3.")
def test_lstm_cell_state(submission, reference, rng):
    """The new state is what the output gate shows of the new memory."""
    x, a0, c0, parameters = draw_gated(rng, **SIZES)
    ask = ("lstm_cell_forward", x[:, :, 0], a0, c0)
    a_next = unpack(submission.call(*ask, parameters), *LSTM_CELL, of="lstm_cell_forward")[0]
    expected, c_next, _, cache = reference.call(*ask, parameters)
    ot = cache[7]
    known = [
        ("The memory goes through the tanh before the output gate shows it.", ot * c_next),
        ("The state is made of the new memory, not of the old one.", ot * np.tanh(c0)),
        ("The whole memory is shown. The output gate decides how much of it is.", np.tanh(c_next)),
        (BIAS, reference.call(*ask, without(parameters, "bo"))[0]),
    ]
    close(a_next, expected, "a_next", "(n_a, m)", known)


@pytest.mark.points(2, of="lstm_cell_forward")
@pytest.mark.hint("Compare your line with the last formula of section 3.")
def test_lstm_cell_prediction(submission, reference, rng):
    """The prediction is a softmax over what the new state says, one distribution in each column."""
    x, a0, c0, parameters = draw_gated(rng, **SIZES)
    ask = ("lstm_cell_forward", x[:, :, 0], a0, c0)
    yt_pred = unpack(submission.call(*ask, parameters), *LSTM_CELL, of="lstm_cell_forward")[2]
    known = [(BIAS, reference.call(*ask, without(parameters, "by"))[2])]
    check_probabilities(yt_pred, reference.call(*ask, parameters)[2], "yt_pred", "(n_y, m)", known)


@pytest.mark.points(3, of="lstm_cell_forward")
@pytest.mark.hint("The order is: a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters.")
def test_lstm_cell_cache(submission, reference, rng):
    """The cache keeps ten things in the order that the docstring gives."""
    x, a0, c0, parameters = draw_gated(rng, **SIZES)
    ask = ("lstm_cell_forward", x[:, :, 0], a0, c0, parameters)
    cache = unpack(submission.call(*ask), *LSTM_CELL, of="lstm_cell_forward")[3]
    names = ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt", "parameters")
    check_cache(cache, reference.call(*ask)[3], names)


@pytest.mark.hidden
@pytest.mark.points(4, of="lstm_cell_forward")
@pytest.mark.hint("What is right for one size has to be right for all: take sizes from the shapes of the arguments.")
@pytest.mark.parametrize("sizes", OTHERS, ids=["one", "long", "wide"])
def test_lstm_cell_of_other_sizes(submission, reference, rng, sizes):
    """A step gives the right state, memory and prediction whatever the sizes are."""
    x, a0, c0, parameters = draw_gated(rng, **sizes)
    ask = ("lstm_cell_forward", x[:, :, 0], a0, c0, parameters)
    a_next, c_next, yt_pred, _ = unpack(submission.call(*ask), *LSTM_CELL, of="lstm_cell_forward")
    expected = reference.call(*ask)
    close(c_next, expected[1], "c_next", "(n_a, m)")
    close(a_next, expected[0], "a_next", "(n_a, m)")
    check_probabilities(yt_pred, expected[2], "yt_pred", "(n_y, m)")


# --- lstm_forward

LSTM = ("a", "y", "c", "caches")


@pytest.mark.points(2, of="lstm_forward")
@pytest.mark.hint("The steps are the last axis, and the order of what comes back is a, y, c, caches.")
def test_lstm_shapes(submission, rng):
    """Four values come back: states (n_a, m, T_x), predictions (n_y, m, T_x), memories, and the caches."""
    x, a0, _, parameters = draw_gated(rng, **SIZES)
    a, y, c, _ = unpack(submission.call("lstm_forward", x, a0, parameters), *LSTM, of="lstm_forward")
    shaped(a, (*a0.shape, SIZES["T_x"]), "a", "(n_a, m, T_x)")
    order = "The predictions come before the memories." if np.shape(y) == np.shape(a) else None
    shaped(y, (SIZES["n_y"], SIZES["m"], SIZES["T_x"]), "y", "(n_y, m, T_x)", order)
    shaped(c, (*a0.shape, SIZES["T_x"]), "c", "(n_a, m, T_x)")


@pytest.mark.points(5, of="lstm_forward")
@pytest.mark.hint("If lstm_cell_forward is right, look at what goes into it at each step, and where its answer is put.")
def test_lstm_states(submission, reference, rng):
    """State and memory both travel from step to step, beginning with a0 and with zeros."""
    x, a0, _, parameters = draw_gated(rng, **SIZES)
    a = unpack(submission.call("lstm_forward", x, a0, parameters), *LSTM, of="lstm_forward")[0]
    expected = reference.call("lstm_forward", x, a0, parameters)[0]
    a = shaped(a, expected.shape, "a", "(n_a, m, T_x)")

    def first(a, c):
        return reference.call("lstm_cell_forward", x[:, :, 0], a, c, parameters)[0]

    zeros = np.zeros_like(a0)
    begun = [
        ("The memory begins as a0. It should begin as zeros.", first(a0, a0)),
        ("The first step begins with zeros, and a0 is never looked at.", first(zeros, zeros)),
    ]
    close(a[:, :, 0], expected[:, :, 0], "a[:, :, 0]", "(n_a, m)", begun)
    known = [
        (
            "The memory is lost between the steps. What comes out of one goes in at the next.",
            reference.call("lstm_forward", x, a0, forgetful(parameters))[0],
        ),
        (
            "Every step begins with a0. Only the first should; the others go on from the step before.",
            reference.call("lstm_forward", *begins_anew(x, a0, parameters))[0],
        ),
    ]
    close(a, expected, "a", "(n_a, m, T_x)", known)


def forgetful(parameters):
    """The parameters with a forget gate that is shut."""
    return {**without(parameters, "Wf"), "bf": np.full_like(parameters["bf"], -500.0)}


def begins_anew(x, a0, parameters):
    """What to ask the reference so that each step reads a0 for its state: a0 becomes a part of the input."""
    n_a = a0.shape[0]
    wide = np.concatenate([x, np.repeat(a0[:, :, None], x.shape[2], axis=2)], axis=0)
    gates = {f"W{gate}": parameters[f"W{gate}"] for gate in "fico"}
    blind = {name: np.concatenate([0 * w[:, :n_a], w[:, n_a:], w[:, :n_a]], axis=1) for name, w in gates.items()}
    return wide, a0, {**parameters, **blind}


@pytest.mark.points(4, of="lstm_forward")
@pytest.mark.hint("c[:, :, t] is the memory after step t, and y[:, :, t] what the cell predicts there.")
def test_lstm_memories_and_predictions(submission, reference, rng):
    """The memories and the predictions of all steps are kept, the predictions first."""
    x, a0, _, parameters = draw_gated(rng, **SIZES)
    _, y, c, _ = unpack(submission.call("lstm_forward", x, a0, parameters), *LSTM, of="lstm_forward")
    _, expected_y, expected_c, _ = reference.call("lstm_forward", x, a0, parameters)
    check_probabilities(y, expected_y, "y", "(n_y, m, T_x)")
    close(c, expected_c, "c", "(n_a, m, T_x)")


@pytest.mark.points(1, of="lstm_forward")
@pytest.mark.hint("caches is (list of what the cell kept at each step, x).")
def test_lstm_caches(submission, reference, rng):
    """The caches of all steps are kept in order, together with x."""
    x, a0, _, parameters = draw_gated(rng, **SIZES)
    value = submission.call("lstm_forward", x, a0, parameters)
    check_caches(value[-1], reference.call("lstm_forward", x, a0, parameters)[-1], x)


@pytest.mark.hidden
@pytest.mark.points(4, of="lstm_forward")
@pytest.mark.hint("Take the number of steps from x, and leave x, a0 and the parameters as they were.")
@pytest.mark.parametrize("sizes", OTHERS, ids=["one", "long", "wide"])
def test_lstm_of_other_sizes(submission, reference, rng, sizes):
    """Rows of any length give the right states, memories and predictions, and the arguments stay as they were."""
    x, a0, _, parameters = draw_gated(rng, **sizes)
    value, after = submission.call_with_inputs("lstm_forward", x, a0, parameters)
    a, y, c, _ = unpack(value, *LSTM, of="lstm_forward")
    expected = reference.call("lstm_forward", x, a0, parameters)
    close(a, expected[0], "a", "(n_a, m, T_x)")
    check_probabilities(y, expected[1], "y", "(n_y, m, T_x)")
    close(c, expected[2], "c", "(n_a, m, T_x)")
    for changed, before, name in zip(after, (x, a0, parameters), ("x", "a0", "parameters"), strict=True):
        unchanged(changed, before, name)


# --- backward: gradients are compared with what moving each input by a hair does to the result


def check_gradient(gradients, expected, name, known=(), of="the function"):
    """One entry of the dict of gradients."""
    check(type(gradients) is dict, f"{of} returned something else than a dict of gradients")
    check(name in gradients, f"there is no {name} in what {of} returned", "The docstring lists the names.")
    close(gradients[name], expected, name, known=known, rtol=1e-5, atol=1e-7)


def moved(arguments, parameters, name, value):
    """The arguments and parameters with one of them replaced."""
    if name in arguments:
        return {**arguments, name: value}, parameters
    return arguments, {**parameters, name: value}


def cell_gradient(reference, rng, sizes, name):
    """The gradient of sum(a_next * da_next) with respect to one thing, and what the cell kept."""
    x, a0, parameters = draw_simple(rng, **sizes)
    arguments = {"xt": x[:, :, 0], "a_prev": a0}
    da_next = rng.normal(size=a0.shape)

    def loss(value):
        inputs, weights = moved(arguments, parameters, name, value)
        return float((reference.call("rnn_cell_forward", *inputs.values(), weights)[0] * da_next).sum())

    at = {**arguments, **parameters}[name]
    cache = reference.call("rnn_cell_forward", *arguments.values(), parameters)[2]
    return da_next, cache, reference.expected(name, lambda: numerical_gradient(loss, at))


@pytest.mark.points(5, of="rnn_cell_backward")
@pytest.mark.hint(
    "Begin with du, the gradient before the tanh; the others follow from it with the two rules of section 5."
)
@pytest.mark.parametrize("name", ["dxt", "da_prev", *SIMPLE])
def test_cell_gradient(submission, reference, rng, name):
    """Each gradient of the cell is what the result does when the input moves by a hair."""
    da_next, cache, expected = cell_gradient(reference, rng, SIZES, name[1:])
    gradients = submission.call("rnn_cell_backward", da_next, cache)
    known = [("Multiply da_next by the derivative of the tanh first.", lambda: undamped(da_next, cache, name))]
    if name == "dba":
        known.append(("A bias has one gradient for each row: sum over the columns, and keep the axis.", expected[:, 0]))
        known.append(("The bias is added to every column: its gradient is a sum, not a mean.", expected / SIZES["m"]))
    check_gradient(gradients, expected, name, known, of="rnn_cell_backward")


def undamped(da_next, cache, name):
    """The gradient where the derivative of the tanh is left out."""
    _, a_prev, xt, parameters = cache
    left = {"dxt": parameters["Wax"].T, "da_prev": parameters["Waa"].T}
    right = {"dWax": xt.T, "dWaa": a_prev.T, "dba": np.ones((da_next.shape[1], 1))}
    return left[name] @ da_next if name in left else da_next @ right[name]


@pytest.mark.hidden
@pytest.mark.points(3, of="rnn_cell_backward")
@pytest.mark.hint("What is right for one size has to be right for all.")
@pytest.mark.parametrize("sizes", OTHERS[:2], ids=["one", "long"])
@pytest.mark.parametrize("name", ["dxt", "da_prev", *SIMPLE])
def test_cell_gradient_of_other_sizes(submission, reference, rng, sizes, name):
    """The gradients of the cell are right whatever the sizes are, and the cache stays as it was."""
    da_next, cache, expected = cell_gradient(reference, rng, sizes, name[1:])
    gradients, after = submission.call_with_inputs("rnn_cell_backward", da_next, cache)
    check_gradient(gradients, expected, name, of="rnn_cell_backward")
    unchanged(after[0], da_next, "da_next")
    unchanged(after[1], cache, "the cache")


def row_gradient(reference, rng, draw, function, sizes, name, steps=None):
    """The gradient of sum(a * da) over the first steps, and what the forward pass kept."""
    x, a0, *_, parameters = draw(rng, **sizes)
    arguments = {"x": x, "a0": a0}
    da = rng.normal(size=(*a0.shape, steps or x.shape[2]))

    def loss(value):
        inputs, weights = moved(arguments, parameters, name, value)
        return float((reference.call(function, *inputs.values(), weights)[0][:, :, : da.shape[2]] * da).sum())

    at = {**arguments, **parameters}[name]
    caches = reference.call(function, x, a0, parameters)[-1]
    expected = reference.expected(name, lambda: numerical_gradient(loss, at))
    return da, caches, expected[:, :, : da.shape[2]] if name == "x" else expected


ROW = "If the cell's backward is right, look at what goes into it: the gradient from this step plus the one from later."
ALONE = "What the later steps send back is missing: add da_prev of step t + 1 to da[:, :, t]."
LAST_ONLY = "Only one step is counted. The weights were used at every step, so their gradients add up."


def row_mistakes(submission, backward, da, caches, name):
    """What known mistakes would make of the submission's own cell."""
    cell = backward.replace("_backward", "_cell_backward")
    kept = {"dx": "dxt", "da0": "da_prev"}.get(name, name)

    def step(t):
        memory = (np.zeros_like(da[:, :, t]),) if backward == "lstm_backward" else ()
        return submission.call(cell, da[:, :, t], *memory, caches[0][t])[kept]

    def alone():
        steps = [step(t) for t in range(da.shape[2])]
        return np.stack(steps, axis=2) if name == "dx" else steps[0] if name == "da0" else sum(steps)

    return [(ALONE, alone)]


@pytest.mark.points(5, of="rnn_backward")
@pytest.mark.hint(ROW)
@pytest.mark.parametrize("name", ["dx", "da0", *SIMPLE])
def test_row_gradient(submission, reference, rng, name):
    """Each gradient of the whole row is what the result does when the input moves by a hair."""
    da, caches, expected = row_gradient(reference, rng, draw_simple, "rnn_forward", SIZES, name[1:])
    gradients = submission.call("rnn_backward", da, caches)
    check_gradient(
        gradients, expected, name, row_mistakes(submission, "rnn_backward", da, caches, name), "rnn_backward"
    )


@pytest.mark.hidden
@pytest.mark.points(3, of="rnn_backward")
@pytest.mark.hint("Count the steps of da, not those of x, and work on copies.")
@pytest.mark.parametrize("sizes, steps", [(OTHERS[0], 1), (OTHERS[1], 4)], ids=["one", "first steps"])
@pytest.mark.parametrize("name", ["dx", "da0", *SIMPLE])
def test_row_gradient_of_other_sizes(submission, reference, rng, sizes, steps, name):
    """The gradients are right where the loss looks at the first steps only, and the arguments stay as they were."""
    da, caches, expected = row_gradient(reference, rng, draw_simple, "rnn_forward", sizes, name[1:], steps)
    gradients, after = submission.call_with_inputs("rnn_backward", da, caches)
    check_gradient(gradients, expected, name, of="rnn_backward")
    unchanged(after[0], da, "da")
    unchanged(after[1], caches, "caches")


def lstm_cell_gradients(reference, rng, sizes):
    """Gradients that arrive, what the cell kept, and a function from a name to the gradient with respect to it."""
    x, a0, c0, parameters = draw_gated(rng, **sizes)
    arguments = {"xt": x[:, :, 0], "a_prev": a0, "c_prev": c0}
    da_next, dc_next = rng.normal(size=a0.shape), rng.normal(size=a0.shape)

    def gradient(name):
        def loss(value):
            inputs, weights = moved(arguments, parameters, name, value)
            a_next, c_next, _, _ = reference.call("lstm_cell_forward", *inputs.values(), weights)
            return float((a_next * da_next + c_next * dc_next).sum())

        at = {**arguments, **parameters}[name]
        return reference.expected(name, lambda: numerical_gradient(loss, at))

    return da_next, dc_next, reference.call("lstm_cell_forward", *arguments.values(), parameters)[3], gradient


@pytest.mark.points(6, of="lstm_cell_backward")
@pytest.mark.hint("Collect all that arrives at the memory first (dc in section 7); the rest follows gate by gate.")
@pytest.mark.parametrize("name", ["dxt", "da_prev", "dc_prev", *GATED])
def test_lstm_cell_gradient(submission, reference, rng, name):
    """Each gradient of the LSTM cell is what the result does when the input moves by a hair."""
    da_next, dc_next, cache, gradient = lstm_cell_gradients(reference, rng, SIZES)
    expected, known = gradient(name[1:]), []
    gradients = submission.call("lstm_cell_backward", da_next, dc_next, cache)
    if name == "dc_prev":
        later = dc_next * cache[4]
        known.append(("What reaches the memory through the state is missing.", later))
        known.append(("dc_next is missing: later steps send something to the memory as well.", expected - later))
    if name in ("dxt", "da_prev"):
        upside_down = (
            "dz is taken apart the wrong way round: the first n_a rows belong to a_prev, as in the forward pass."
        )
        dz, n_x = np.concatenate([gradient("a_prev"), gradient("xt")]), SIZES["n_x"]
        known.append((upside_down, dz[:n_x] if name == "dxt" else dz[n_x:]))
    if name.startswith("db"):
        known.append(("A bias has one gradient for each row: sum over the columns, and keep the axis.", expected[:, 0]))
    check_gradient(gradients, expected, name, known, of="lstm_cell_backward")


@pytest.mark.hidden
@pytest.mark.points(4, of="lstm_cell_backward")
@pytest.mark.hint("What is right for one size has to be right for all.")
@pytest.mark.parametrize("sizes", OTHERS[:2], ids=["one", "long"])
@pytest.mark.parametrize("name", ["dxt", "da_prev", "dc_prev", *GATED])
def test_lstm_cell_gradient_of_other_sizes(submission, reference, rng, sizes, name):
    """The gradients of the LSTM cell are right whatever the sizes are, and the cache stays as it was."""
    da_next, dc_next, cache, gradient = lstm_cell_gradients(reference, rng, sizes)
    gradients, after = submission.call_with_inputs("lstm_cell_backward", da_next, dc_next, cache)
    check_gradient(gradients, gradient(name[1:]), name, of="lstm_cell_backward")
    for changed, before, what in zip(
        after, (da_next, dc_next, cache), ("da_next", "dc_next", "the cache"), strict=True
    ):
        unchanged(changed, before, what)


@pytest.mark.points(6, of="lstm_backward")
@pytest.mark.hint(ROW)
@pytest.mark.parametrize("name", ["dx", "da0", *GATED])
def test_lstm_gradient(submission, reference, rng, name):
    """Each gradient of the whole row is what the result does when the input moves by a hair."""
    da, caches, expected = row_gradient(reference, rng, draw_gated, "lstm_forward", SIZES, name[1:])
    gradients = submission.call("lstm_backward", da, caches)
    check_gradient(
        gradients, expected, name, row_mistakes(submission, "lstm_backward", da, caches, name), "lstm_backward"
    )


@pytest.mark.hidden
@pytest.mark.points(4, of="lstm_backward")
@pytest.mark.hint("Count the steps of da, not those of x, and work on copies.")
@pytest.mark.parametrize("sizes, steps", [(OTHERS[0], 1), (OTHERS[1], 4)], ids=["one", "first steps"])
@pytest.mark.parametrize("name", ["dx", "da0", *GATED])
def test_lstm_gradient_of_other_sizes(submission, reference, rng, sizes, steps, name):
    """The gradients are right where the loss looks at the first steps only, and the arguments stay as they were."""
    da, caches, expected = row_gradient(reference, rng, draw_gated, "lstm_forward", sizes, name[1:], steps)
    gradients, after = submission.call_with_inputs("lstm_backward", da, caches)
    check_gradient(gradients, expected, name, of="lstm_backward")
    unchanged(after[0], da, "da")
    unchanged(after[1], caches, "caches")
