"""Graded tests of `recurrent_network`. All sizes differ, so that a swapped axis never fits by chance."""

from functools import partial

import numpy as np
import pytest

from dlseq.testing import check, close, shaped, unchanged, unpack
from dlseq.testing.assertions import NO_RETURN
from dlseq.testing.gradients import numerical_gradient

SIZES = {"n_x": 3, "n_a": 5, "n_y": 2, "m": 4, "T_x": 6}
OTHER_SIZES = [
    {"n_x": 1, "n_a": 2, "n_y": 3, "m": 1, "T_x": 1},
    {"n_x": 6, "n_a": 4, "n_y": 5, "m": 2, "T_x": 7},
    {"n_x": 4, "n_a": 6, "n_y": 1, "m": 8, "T_x": 2},
]
RNN_WEIGHTS = ("dWax", "dWaa", "dba")
LSTM_WEIGHTS = ("dWf", "dWi", "dWc", "dWo", "dbf", "dbi", "dbc", "dbo")

BIAS = "A bias is missing: add it to the products, inside the activation function."
BIAS_OUTSIDE = "The bias was added after the tanh. It is a part of the sum that goes through the tanh."
SQUARE_OUTSIDE = "The square belongs to the value alone: 1 - a**2, and not (1 - a)**2."
NO_TANH = "The sum is right, but it never went through the tanh."
FROM_OLD_STATE = "The prediction uses the next hidden state, a_next, not the previous one."
MATRIX_PRODUCT = (
    "Every gate acts element by element: multiply by it with `*`, not by a product of matrices (`@`, np.dot)."
)
GATE_TANH = "The {} is a share between 0 and 1: its activation function is the sigmoid, not the tanh."
ROWS = "The probabilities sum to one along the rows. Examples are columns, so each column has to: look at the axis."


def draw_rnn(rng, n_x, n_a, n_y, m, T_x):
    """Draw inputs `x`, `a0` and the parameters of an RNN cell."""
    shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "ba": (n_a, 1), "by": (n_y, 1)}
    parameters = {name: rng.normal(0, 0.6, shape) for name, shape in shapes.items()}
    return rng.normal(size=(n_x, m, T_x)), rng.uniform(-0.8, 0.8, (n_a, m)), parameters


def draw_lstm(rng, n_x, n_a, n_y, m, T_x):
    """Draw inputs `x`, `a0`, a cell state `c0` and the parameters of an LSTM cell."""
    shapes = {f"W{gate}": (n_a, n_a + n_x) for gate in "fico"} | {f"b{gate}": (n_a, 1) for gate in "fico"}
    shapes |= {"Wy": (n_y, n_a), "by": (n_y, 1)}
    parameters = {name: rng.normal(0, 0.6, shape) for name, shape in shapes.items()}
    return rng.normal(size=(n_x, m, T_x)), rng.uniform(-0.8, 0.8, (n_a, m)), rng.normal(size=(n_a, m)), parameters


def without(parameters, *names):
    """Return the parameters with some of them zero, as if a submission left them out."""
    return {name: np.zeros_like(value) if name in names else value for name, value in parameters.items()}


def swap_gates(parameters, first, second):
    """Return the parameters with the weights and biases of two gates exchanged."""
    exchange = {first: second, second: first}
    gates = {f"{kind}{gate}": parameters[f"{kind}{exchange.get(gate, gate)}"] for kind in "Wb" for gate in "fico"}
    return {**parameters, **gates}


def check_probabilities(value, expected, name, axes, known=()):
    """Check predictions: shape, then columns that sum to one, then values."""
    value = shaped(value, expected.shape, name, axes)
    if value.shape[0] > 1 and not np.allclose(value.sum(axis=0), 1):
        across = value.shape[1] > 1 and np.allclose(value.sum(axis=1), 1)
        check(False, f"the columns of {name} do not sum to one", ROWS if across else f"Apply softmax to {name}.")
    close(value, expected, name, axes, known)


# --- rnn_cell_forward


@pytest.mark.points(2, of="rnn_cell_forward")
@pytest.mark.hint("Write the shape of each product beside it: (n_a, n_x) @ (n_x, m) is (n_a, m).")
def test_cell_shapes(submission, rng):
    """Returns three values: the hidden state (n_a, m), the probabilities (n_y, m), and the cache."""
    x, a0, parameters = draw_rnn(rng, **SIZES)
    value = submission.call("rnn_cell_forward", x[:, :, 0], a0, parameters)
    a_next, yt_pred, _ = unpack(value, "a_next", "yt_pred", "cache", of="rnn_cell_forward")
    shaped(a_next, a0.shape, "a_next", "(n_a, m)")
    shaped(yt_pred, (SIZES["n_y"], SIZES["m"]), "yt_pred", "(n_y, m)")


@pytest.mark.points(4, of="rnn_cell_forward")
@pytest.mark.hint("Compare your line with the formula of section 1, term by term.")
def test_cell_state(submission, reference, rng):
    """The next hidden state is tanh(Waa a_prev + Wax xt + ba)."""
    x, a0, parameters = draw_rnn(rng, **SIZES)
    xt = x[:, :, 0]
    a_next = unpack(submission.call("rnn_cell_forward", xt, a0, parameters), "a_next", "yt_pred", "cache")[0]

    def state(**changes):
        return reference.call("rnn_cell_forward", xt, changes.get("a0", a0), changes.get("p", parameters))[0]

    known = [
        (NO_TANH, np.arctanh(state())),
        (BIAS, state(p=without(parameters, "ba"))),
        (BIAS_OUTSIDE, state(p=without(parameters, "ba")) + parameters["ba"]),
        (
            "The previous hidden state has no influence: its product with Waa is missing.",
            state(p=without(parameters, "Waa")),
        ),
        ("The input has no influence: its product with Wax is missing.", state(p=without(parameters, "Wax"))),
        ("Waa is transposed and should not be.", state(p={**parameters, "Waa": parameters["Waa"].T.copy()})),
        (
            "The activation function of the hidden state is the tanh, not the sigmoid.",
            1 / (1 + np.exp(-np.arctanh(state()))),
        ),
    ]
    close(a_next, state(), "a_next", "(n_a, m)", known)


@pytest.mark.points(3, of="rnn_cell_forward")
@pytest.mark.hint("Compare your line with the second formula of section 1.")
def test_cell_prediction(submission, reference, rng):
    """The prediction is the softmax of the logits from the next hidden state, one distribution per column."""
    x, a0, parameters = draw_rnn(rng, **SIZES)
    ask = ("rnn_cell_forward", x[:, :, 0], a0)
    yt_pred = unpack(submission.call(*ask, parameters), "a_next", "yt_pred", "cache")[1]
    keeps_state = {**without(parameters, "Wax", "ba"), "Waa": np.eye(SIZES["n_a"])}
    known = [
        (BIAS, reference.call(*ask, without(parameters, "by"))[1]),
        (FROM_OLD_STATE, reference.call("rnn_cell_forward", x[:, :, 0], np.arctanh(a0), keeps_state)[1]),
    ]
    check_probabilities(yt_pred, reference.call(*ask, parameters)[1], "yt_pred", "(n_y, m)", known)


@pytest.mark.points(1, of="rnn_cell_forward")
@pytest.mark.hint("The order is: a_next, a_prev, xt, parameters.")
def test_cell_cache(submission, reference, rng):
    """The cache is (a_next, a_prev, xt, parameters)."""
    x, a0, parameters = draw_rnn(rng, **SIZES)
    ask = ("rnn_cell_forward", x[:, :, 0], a0, parameters)
    cache = unpack(submission.call(*ask), "a_next", "yt_pred", "cache", of="rnn_cell_forward")[2]
    check_cache(cache, reference.call(*ask)[2], ("a_next", "a_prev", "xt", "parameters"))


def check_cache(cache, expected, names):
    """Check a cache, a tuple or a list: arrays in order, the parameters last."""
    cache = unpack(cache, *names, of="the cache of the cell")
    for value, target, name in zip(cache[:-1], expected[:-1], names[:-1], strict=True):
        close(value, target, f"{name} in the cache")
    check(type(cache[-1]) is dict, "the last item of the cache is not the dict of parameters")
    for name, target in expected[-1].items():
        close(cache[-1].get(name), target, f"{name} in the cache")


@pytest.mark.hidden
@pytest.mark.points(4, of="rnn_cell_forward")
@pytest.mark.hint("The function has to work for all shapes: take every size from the shapes of the arguments.")
@pytest.mark.parametrize("sizes", OTHER_SIZES, ids=["one", "long", "wide"])
def test_cell_of_other_sizes(submission, reference, rng, sizes):
    """Hidden state and prediction are right for other shapes."""
    x, a0, parameters = draw_rnn(rng, **sizes)
    ask = ("rnn_cell_forward", x[:, :, 0], a0, parameters)
    a_next, yt_pred, _ = unpack(submission.call(*ask), "a_next", "yt_pred", "cache", of="rnn_cell_forward")
    close(a_next, reference.call(*ask)[0], "a_next", "(n_a, m)")
    check_probabilities(yt_pred, reference.call(*ask)[1], "yt_pred", "(n_y, m)")


# --- rnn_forward


@pytest.mark.points(2, of="rnn_forward")
@pytest.mark.hint("The time steps are the last axis of x, a and y_pred.")
def test_loop_shapes(submission, rng):
    """Returns three values: hidden states (n_a, m, T_x), predictions (n_y, m, T_x), and the caches."""
    x, a0, parameters = draw_rnn(rng, **SIZES)
    value = submission.call("rnn_forward", x, a0, parameters)
    a, y_pred, _ = unpack(value, "a", "y_pred", "caches", of="rnn_forward")
    shaped(a, (*a0.shape, SIZES["T_x"]), "a", "(n_a, m, T_x)")
    shaped(y_pred, (SIZES["n_y"], SIZES["m"], SIZES["T_x"]), "y_pred", "(n_y, m, T_x)")


@pytest.mark.points(4, of="rnn_forward")
@pytest.mark.hint(
    "If rnn_cell_forward is right, look at its arguments at each time step, and where its return values are stored."
)
def test_loop_states(submission, reference, rng):
    """The hidden state of one time step is passed to the next."""
    x, a0, parameters = draw_rnn(rng, **SIZES)
    a = unpack(submission.call("rnn_forward", x, a0, parameters), "a", "y_pred", "caches", of="rnn_forward")[0]

    def states(x=x, a0=a0):
        return reference.call("rnn_forward", x, a0, parameters)[0]

    each = [reference.call("rnn_cell_forward", x[:, :, t], a0, parameters)[0] for t in range(SIZES["T_x"])]
    shifted = np.concatenate([a0[:, :, None], states()[:, :, :-1]], axis=2)
    known = [
        (
            "Every time step gets a0. Only the first one should; the others get the hidden state of the step before.",
            np.stack(each, 2),
        ),
        ("The initial hidden state is zero, and a0 is ignored.", states(a0=np.zeros_like(a0))),
        (
            "Every time step gets the first input. At step t the input is x[:, :, t].",
            states(np.repeat(x[:, :, :1], 6, 2)),
        ),
        ("a holds the hidden state before each time step. It should hold the one after it.", shifted),
        ("The time steps run from the last to the first.", states(x[:, :, ::-1].copy())[:, :, ::-1]),
    ]
    close(a, states(), "a", "(n_a, m, T_x)", known)


@pytest.mark.points(2, of="rnn_forward")
@pytest.mark.hint("y_pred[:, :, t] is the prediction of the cell at time step t.")
def test_loop_predictions(submission, reference, rng):
    """The predictions of all time steps are returned."""
    x, a0, parameters = draw_rnn(rng, **SIZES)
    value = submission.call("rnn_forward", x, a0, parameters)
    y_pred = unpack(value, "a", "y_pred", "caches", of="rnn_forward")[1]
    check_probabilities(y_pred, reference.call("rnn_forward", x, a0, parameters)[1], "y_pred", "(n_y, m, T_x)")


@pytest.mark.points(2, of="rnn_forward")
@pytest.mark.hint("caches is (list of the cell's caches, one per time step, x).")
def test_loop_caches(submission, reference, rng):
    """The caches of all time steps are returned in order, together with x."""
    x, a0, parameters = draw_rnn(rng, **SIZES)
    value = submission.call("rnn_forward", x, a0, parameters)
    check_caches(value[-1], reference.call("rnn_forward", x, a0, parameters)[-1], x)


def check_caches(caches, expected, x):
    """Check (list of caches, x); the first array of each cache identifies its time step."""
    steps, kept = unpack(caches, "the caches of the steps", "x", of="caches")
    check(type(steps) in (list, tuple), "the caches of the steps are not a list")
    check(
        len(steps) == len(expected[0]),
        "the number of caches is not the number of time steps",
        "Append one cache in each iteration of the loop.",
    )
    close(kept, x, "x in the caches")
    for step, target in zip(steps, expected[0], strict=True):
        check(
            type(step) in (list, tuple) and len(step) == len(target),
            "the cache of a time step is not the cache of the cell",
        )
        close(step[0], target[0], "a_next in a cache")


@pytest.mark.hidden
@pytest.mark.points(4, of="rnn_forward")
@pytest.mark.hint("Take the number of time steps from x, and do not change x, a0 or the parameters in place.")
@pytest.mark.parametrize("sizes", OTHER_SIZES, ids=["one", "long", "wide"])
def test_loop_of_other_sizes(submission, reference, rng, sizes):
    """Hidden states and predictions are right for other shapes, and the arguments are unchanged."""
    x, a0, parameters = draw_rnn(rng, **sizes)
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
@pytest.mark.hint("The hidden state comes first, then the input: (n_a + n_x, m). Each gate is (n_a, m).")
def test_lstm_cell_shapes(submission, rng):
    """Returns four values: hidden state and cell state (n_a, m), probabilities (n_y, m), and the cache."""
    x, a0, c0, parameters = draw_lstm(rng, **SIZES)
    value = submission.call("lstm_cell_forward", x[:, :, 0], a0, c0, parameters)
    a_next, c_next, yt_pred, _ = unpack(value, *LSTM_CELL, of="lstm_cell_forward")
    for state, name in ((c_next, "c_next"), (a_next, "a_next")):
        square = np.shape(state) in ((SIZES["n_a"], SIZES["n_a"]), (SIZES["m"], SIZES["m"]))
        shaped(state, a0.shape, name, "(n_a, m)", MATRIX_PRODUCT if square else None)
    shaped(yt_pred, (SIZES["n_y"], SIZES["m"]), "yt_pred", "(n_y, m)")


@pytest.mark.points(5, of="lstm_cell_forward")
@pytest.mark.hint("Compare the gates with the table of section 3, then the line that computes the next cell state.")
def test_lstm_cell_cell_state(submission, reference, rng):
    """The next cell state is forget gate * previous cell state + update gate * candidate."""
    x, a0, c0, parameters = draw_lstm(rng, **SIZES)
    xt, n_a = x[:, :, 0], SIZES["n_a"]
    c_next = unpack(submission.call("lstm_cell_forward", xt, a0, c0, parameters), *LSTM_CELL)[1]

    def cell_state(p=parameters, c=c0):
        return reference.call("lstm_cell_forward", xt, a0, c, p)[1]

    cache = reference.call("lstm_cell_forward", xt, a0, c0, parameters)[3]
    ft, it, cct = cache[4:7]
    columns = np.r_[n_a : n_a + SIZES["n_x"], :n_a]  # of the weights, for z = [xt; a_prev]
    order = np.argsort(columns)
    input_first = {**parameters, **{f"W{gate}": parameters[f"W{gate}"][:, order] for gate in "fico"}}
    swap = "The {} are swapped. Which of them multiplies the previous cell state, and which the candidate?"
    known = [
        (swap.format("forget gate and the update gate"), cell_state(swap_gates(parameters, "f", "i"))),
        (swap.format("update gate and the candidate"), cell_state(swap_gates(parameters, "i", "c"))),
        (
            "The input comes before the hidden state in z. The weights expect the hidden state first.",
            cell_state(input_first),
        ),
        ("The previous cell state has no influence on the next one.", it * cct),
        ("The candidate is not added to the cell state.", ft * c0),
        ("The candidate is added whole. Multiply it by the update gate first.", ft * c0 + cct),
        ("The previous cell state is kept whole. Multiply it by the forget gate first.", c0 + it * cct),
        (
            "The candidate can be negative: its activation function is the tanh, not the sigmoid.",
            ft * c0 + it * as_sigmoid(cct),
        ),
        (BIAS, cell_state(without(parameters, "bf", "bi", "bc", "bo"))),
        (GATE_TANH.format("forget gate"), as_tanh(ft) * c0 + it * cct),
        (GATE_TANH.format("update gate"), ft * c0 + as_tanh(it) * cct),
    ]
    known += [(BIAS, cell_state(without(parameters, f"b{gate}"))) for gate in "fic"]
    close(c_next, cell_state(), "c_next", "(n_a, m)", known)


def as_tanh(value):
    """Return the tanh of the number whose sigmoid is `value`."""
    return np.tanh(np.log(value / (1 - value)))


def as_sigmoid(value):
    """Return the sigmoid of the number whose tanh is `value`."""
    return 1 / (1 + np.exp(-np.arctanh(value)))


@pytest.mark.points(4, of="lstm_cell_forward")
@pytest.mark.hint(
    "The next hidden state is computed from the next cell state: see the second formula below the table of section 3."
)
def test_lstm_cell_hidden_state(submission, reference, rng):
    """The next hidden state is output gate * tanh(next cell state)."""
    x, a0, c0, parameters = draw_lstm(rng, **SIZES)
    ask = ("lstm_cell_forward", x[:, :, 0], a0, c0)
    a_next = unpack(submission.call(*ask, parameters), *LSTM_CELL, of="lstm_cell_forward")[0]
    expected, c_next, _, cache = reference.call(*ask, parameters)
    ot = cache[7]
    known = [
        ("The cell state goes through the tanh before it is multiplied by the output gate.", ot * c_next),
        ("The hidden state is computed from the next cell state, not from the previous one.", ot * np.tanh(c0)),
        ("The output gate is missing. Multiply tanh(c_next) by it.", np.tanh(c_next)),
        (GATE_TANH.format("output gate"), as_tanh(ot) * np.tanh(c_next)),
        (BIAS, reference.call(*ask, without(parameters, "bo"))[0]),
    ]
    close(a_next, expected, "a_next", "(n_a, m)", known)


@pytest.mark.points(2, of="lstm_cell_forward")
@pytest.mark.hint("Compare your line with the last formula of section 3.")
def test_lstm_cell_prediction(submission, reference, rng):
    """The prediction is the softmax of the logits from the next hidden state, one distribution per column."""
    x, a0, c0, parameters = draw_lstm(rng, **SIZES)
    ask = ("lstm_cell_forward", x[:, :, 0], a0, c0)
    yt_pred = unpack(submission.call(*ask, parameters), *LSTM_CELL, of="lstm_cell_forward")[2]
    known = [(BIAS, reference.call(*ask, without(parameters, "by"))[2])]
    check_probabilities(yt_pred, reference.call(*ask, parameters)[2], "yt_pred", "(n_y, m)", known)


@pytest.mark.points(3, of="lstm_cell_forward")
@pytest.mark.hint("The order is: a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters.")
def test_lstm_cell_cache(submission, reference, rng):
    """The cache holds ten items in the order of the docstring."""
    x, a0, c0, parameters = draw_lstm(rng, **SIZES)
    ask = ("lstm_cell_forward", x[:, :, 0], a0, c0, parameters)
    cache = unpack(submission.call(*ask), *LSTM_CELL, of="lstm_cell_forward")[3]
    names = ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt", "parameters")
    check_cache(cache, reference.call(*ask)[3], names)


@pytest.mark.hidden
@pytest.mark.points(4, of="lstm_cell_forward")
@pytest.mark.hint("The function has to work for all shapes: take every size from the shapes of the arguments.")
@pytest.mark.parametrize("sizes", OTHER_SIZES, ids=["one", "long", "wide"])
def test_lstm_cell_of_other_sizes(submission, reference, rng, sizes):
    """Hidden state, cell state and prediction are right for other shapes."""
    x, a0, c0, parameters = draw_lstm(rng, **sizes)
    ask = ("lstm_cell_forward", x[:, :, 0], a0, c0, parameters)
    a_next, c_next, yt_pred, _ = unpack(submission.call(*ask), *LSTM_CELL, of="lstm_cell_forward")
    expected = reference.call(*ask)
    close(c_next, expected[1], "c_next", "(n_a, m)")
    close(a_next, expected[0], "a_next", "(n_a, m)")
    check_probabilities(yt_pred, expected[2], "yt_pred", "(n_y, m)")


# --- lstm_forward

LSTM = ("a", "y", "c", "caches")


@pytest.mark.points(2, of="lstm_forward")
@pytest.mark.hint("The time steps are the last axis, and the order of the return values is a, y, c, caches.")
def test_lstm_shapes(submission, rng):
    """Returns four values: hidden states (n_a, m, T_x), predictions (n_y, m, T_x), cell states, and the caches."""
    x, a0, _, parameters = draw_lstm(rng, **SIZES)
    a, y, c, _ = unpack(submission.call("lstm_forward", x, a0, parameters), *LSTM, of="lstm_forward")
    shaped(a, (*a0.shape, SIZES["T_x"]), "a", "(n_a, m, T_x)")
    order = (
        "The predictions come before the cell states: return a, y, c, caches." if np.shape(y) == np.shape(a) else None
    )
    shaped(y, (SIZES["n_y"], SIZES["m"], SIZES["T_x"]), "y", "(n_y, m, T_x)", order)
    shaped(c, (*a0.shape, SIZES["T_x"]), "c", "(n_a, m, T_x)")


@pytest.mark.points(5, of="lstm_forward")
@pytest.mark.hint(
    "If lstm_cell_forward is right, look at its arguments at each time step, and where its return values are stored."
)
def test_lstm_states(submission, reference, rng):
    """Hidden state and cell state are passed from step to step; the initial ones are a0 and zero."""
    x, a0, _, parameters = draw_lstm(rng, **SIZES)
    a = unpack(submission.call("lstm_forward", x, a0, parameters), *LSTM, of="lstm_forward")[0]
    expected = reference.call("lstm_forward", x, a0, parameters)[0]
    a = shaped(a, expected.shape, "a", "(n_a, m, T_x)")

    def first(a, c):
        return reference.call("lstm_cell_forward", x[:, :, 0], a, c, parameters)[0]

    zeros = np.zeros_like(a0)
    initial = [
        ("The initial cell state is a0. It should be zero.", first(a0, a0)),
        ("The initial hidden state is zero, and a0 is ignored.", first(zeros, zeros)),
    ]
    close(a[:, :, 0], expected[:, :, 0], "a[:, :, 0]", "(n_a, m)", initial)
    known = [
        (
            "The cell state is lost between the time steps. Pass c_next of one step to the next.",
            reference.call("lstm_forward", x, a0, with_closed_forget_gate(parameters))[0],
        ),
        (
            "Every time step gets a0. Only the first one should; the others get the hidden state of the step before.",
            reference.call("lstm_forward", *with_a0_as_input(x, a0, parameters))[0],
        ),
    ]
    close(a, expected, "a", "(n_a, m, T_x)", known)


def with_closed_forget_gate(parameters):
    """Return the parameters with a bias that closes the forget gate."""
    return {**without(parameters, "Wf"), "bf": np.full_like(parameters["bf"], -500.0)}


def with_a0_as_input(x, a0, parameters):
    """Return arguments with which each time step uses a0 as its hidden state: a0 becomes a part of the input."""
    n_a = a0.shape[0]
    extended = np.concatenate([x, np.repeat(a0[:, :, None], x.shape[2], axis=2)], axis=0)
    gates = {f"W{gate}": parameters[f"W{gate}"] for gate in "fico"}
    weights = {name: np.concatenate([0 * w[:, :n_a], w[:, n_a:], w[:, :n_a]], axis=1) for name, w in gates.items()}
    return extended, a0, {**parameters, **weights}


@pytest.mark.points(4, of="lstm_forward")
@pytest.mark.hint("c[:, :, t] is the cell state after time step t, and y[:, :, t] the prediction of the cell.")
def test_lstm_cell_states_and_predictions(submission, reference, rng):
    """The predictions and the cell states of all time steps are returned, the predictions first."""
    x, a0, _, parameters = draw_lstm(rng, **SIZES)
    _, y, c, _ = unpack(submission.call("lstm_forward", x, a0, parameters), *LSTM, of="lstm_forward")
    _, expected_y, expected_c, _ = reference.call("lstm_forward", x, a0, parameters)
    check_probabilities(y, expected_y, "y", "(n_y, m, T_x)")
    close(c, expected_c, "c", "(n_a, m, T_x)")


@pytest.mark.points(1, of="lstm_forward")
@pytest.mark.hint("caches is (list of the cell's caches, one per time step, x).")
def test_lstm_caches(submission, reference, rng):
    """The caches of all time steps are returned in order, together with x."""
    x, a0, _, parameters = draw_lstm(rng, **SIZES)
    value = submission.call("lstm_forward", x, a0, parameters)
    check_caches(value[-1], reference.call("lstm_forward", x, a0, parameters)[-1], x)


@pytest.mark.hidden
@pytest.mark.points(4, of="lstm_forward")
@pytest.mark.hint("Take the number of time steps from x, and do not change x, a0 or the parameters in place.")
@pytest.mark.parametrize("sizes", OTHER_SIZES, ids=["one", "long", "wide"])
def test_lstm_of_other_sizes(submission, reference, rng, sizes):
    """Hidden states, cell states and predictions are right for other shapes; the arguments are unchanged."""
    x, a0, _, parameters = draw_lstm(rng, **sizes)
    value, after = submission.call_with_inputs("lstm_forward", x, a0, parameters)
    a, y, c, _ = unpack(value, *LSTM, of="lstm_forward")
    expected = reference.call("lstm_forward", x, a0, parameters)
    close(a, expected[0], "a", "(n_a, m, T_x)")
    check_probabilities(y, expected[1], "y", "(n_y, m, T_x)")
    close(c, expected[2], "c", "(n_a, m, T_x)")
    for changed, before, name in zip(after, (x, a0, parameters), ("x", "a0", "parameters"), strict=True):
        unchanged(changed, before, name)


# --- backward: gradients are compared with finite differences of the forward pass


def check_gradient(gradients, expected, name, known=(), of="the function"):
    """Check one entry of the dict of gradients."""
    hint = NO_RETURN if gradients is None else "Return a dict; the docstring lists the names of its entries."
    check(type(gradients) is dict, f"{of} did not return a dict of gradients", hint)
    check(name in gradients, f"{name} is missing from the dict that {of} returned", "The docstring lists the names.")
    close(gradients[name], expected, name, known=known, rtol=1e-5, atol=1e-7)


def replaced(arguments, parameters, name, value):
    """Return the arguments and parameters with one of them replaced."""
    if name in arguments:
        return {**arguments, name: value}, parameters
    return arguments, {**parameters, name: value}


def cell_gradient(reference, rng, sizes, name):
    """Return da_next, the cache, and the numerical gradient of sum(a_next * da_next) for one variable."""
    x, a0, parameters = draw_rnn(rng, **sizes)
    arguments = {"xt": x[:, :, 0], "a_prev": a0}
    da_next = rng.normal(size=a0.shape)

    def loss(value):
        inputs, weights = replaced(arguments, parameters, name, value)
        return float((reference.call("rnn_cell_forward", *inputs.values(), weights)[0] * da_next).sum())

    at = {**arguments, **parameters}[name]
    cache = reference.call("rnn_cell_forward", *arguments.values(), parameters)[2]
    return da_next, cache, reference.expected(name, lambda: numerical_gradient(loss, at))


@pytest.mark.points(5, of="rnn_cell_backward")
@pytest.mark.hint(
    "Begin with du, the gradient before the tanh; the others follow from du by the two rules of section 5."
)
@pytest.mark.parametrize("name", ["dxt", "da_prev", *RNN_WEIGHTS])
def test_cell_gradient(submission, reference, rng, name):
    """Each gradient of the RNN cell matches the numerical gradient."""
    da_next, cache, expected = cell_gradient(reference, rng, SIZES, name[1:])
    gradients = submission.call("rnn_cell_backward", da_next, cache)
    known = [
        (
            "Multiply da_next by the derivative of the tanh first.",
            lambda: without_tanh_derivative(da_next, cache, name),
        ),
        (SQUARE_OUTSIDE, lambda: without_tanh_derivative(da_next * (1 - cache[0]) ** 2, cache, name)),
    ]
    if name == "da_prev":
        waa = cache[3]["Waa"]
        known.append(
            (
                "Waa is not transposed: u = Waa @ a_prev takes its gradient back through Waa.T.",
                lambda: waa @ np.linalg.solve(waa.T, expected),
            )
        )
    if name == "dba":
        known.append(
            (
                "A bias has one gradient for each row: sum over the columns, and keep the axis (keepdims=True).",
                expected[:, 0],
            )
        )
        known.append(
            ("The bias is broadcast to every column: its gradient is a sum, not a mean.", expected / SIZES["m"])
        )
    check_gradient(gradients, expected, name, known, of="rnn_cell_backward")


def without_tanh_derivative(da_next, cache, name):
    """Return the gradient without the derivative of the tanh."""
    _, a_prev, xt, parameters = cache
    left = {"dxt": parameters["Wax"].T, "da_prev": parameters["Waa"].T}
    right = {"dWax": xt.T, "dWaa": a_prev.T, "dba": np.ones((da_next.shape[1], 1))}
    return left[name] @ da_next if name in left else da_next @ right[name]


@pytest.mark.hidden
@pytest.mark.points(3, of="rnn_cell_backward")
@pytest.mark.hint("The function has to work for all shapes: take every size from the shapes of the arguments.")
@pytest.mark.parametrize("sizes", OTHER_SIZES[:2], ids=["one", "long"])
@pytest.mark.parametrize("name", ["dxt", "da_prev", *RNN_WEIGHTS])
def test_cell_gradient_of_other_sizes(submission, reference, rng, sizes, name):
    """The gradients of the RNN cell are right for other shapes, and the cache is unchanged."""
    da_next, cache, expected = cell_gradient(reference, rng, sizes, name[1:])
    gradients, after = submission.call_with_inputs("rnn_cell_backward", da_next, cache)
    check_gradient(gradients, expected, name, of="rnn_cell_backward")
    unchanged(after[0], da_next, "da_next")
    unchanged(after[1], cache, "the cache")


def sequence_gradient(reference, rng, draw, function, sizes, name, steps=None):
    """Return da, the caches, and the numerical gradient of sum(a * da) over the first time steps."""
    x, a0, *_, parameters = draw(rng, **sizes)
    arguments = {"x": x, "a0": a0}
    da = rng.normal(size=(*a0.shape, steps or x.shape[2]))

    def loss(value):
        inputs, weights = replaced(arguments, parameters, name, value)
        return float((reference.call(function, *inputs.values(), weights)[0][:, :, : da.shape[2]] * da).sum())

    at = {**arguments, **parameters}[name]
    caches = reference.call(function, x, a0, parameters)[-1]
    expected = reference.expected(name, lambda: numerical_gradient(loss, at))
    return da, caches, expected[:, :, : da.shape[2]] if name == "x" else expected


SEQUENCE = (
    "If the backward pass of the cell is right, look at its arguments: add the gradient of this time step "
    "and the gradient from later steps."
)
NO_LATER_STEPS = (
    "The gradient from later steps is missing: add da_prev of step t + 1 to da[:, :, t]. (Older versions of the "
    "well-known assignment left it out, and the values that they expected were wrong.)"
)
NO_CELL_STATE = "The gradient of the cell state from later steps is missing: pass on dc_prev of step t + 1 as dc_next."
NO_DA = "All gradients are zero: da never enters. Step t gets da[:, :, t] and, added to it, da_prev of step t + 1."
FORWARD = "The loop runs from the first time step to the last. Gradients travel backwards: begin with the last step."
NO_FIRST_STEP = "The first time step, t = 0, is left out of the loop."
ONE_STEP = "Only one time step is counted: {} is shared by all steps, so add its gradients up in the loop."
DA_TWICE = "da[:, :, 0] is counted twice: da0 is the da_prev that step 0 returned, and nothing is added to it."


def sequence_mistakes(reference, backward, da, caches, name, expected):
    """Return known mistakes. To ask the submission's own cell for them would tell it that it was wrong."""
    is_lstm, T = backward == "lstm_backward", da.shape[2]
    cell = backward.replace("_backward", "_cell_backward")
    kept = {"dx": "dxt", "da0": "da_prev"}.get(name, name)

    def loop(times, later=1, later_cell=1):
        """Return the gradients of a loop that sends a share of the gradients on, by time step in its own order."""
        by_step, passed = {}, {"da_prev": np.zeros(da.shape[:2]), "dc_prev": np.zeros(da.shape[:2])}
        for t in times:
            arriving = [da[:, :, t] + later * passed["da_prev"], later_cell * passed.get("dc_prev", 0)]
            passed = reference.call(cell, *arriving[: 1 + is_lstm], caches[0][t])
            by_step[t] = passed[kept]
        return by_step

    def whole(gradients):
        """Return a gradient of the sequence from those of its time steps."""
        if name == "dx":
            return np.stack([gradients.get(t, np.zeros(expected.shape[:2])) for t in range(T)], axis=2)
        return [*gradients.values()][-1] if name == "da0" else sum(gradients.values())

    backwards = range(T - 1, -1, -1)
    known = [(ONE_STEP.format(name), lambda t=t: loop(backwards)[t]) for t in (0, T - 1) if name not in ("dx", "da0")]
    known += [
        (NO_DA, np.zeros_like(expected)),
        (NO_LATER_STEPS, lambda: whole(loop(backwards, later=0))),
        (FORWARD, lambda: whole(loop(range(T)))),
        (NO_FIRST_STEP, lambda: whole(loop(backwards[:-1]))),
    ]
    if is_lstm:
        known.append((NO_LATER_STEPS, lambda: whole(loop(backwards, later=0, later_cell=0))))
        known.append((NO_CELL_STATE, lambda: whole(loop(backwards, later_cell=0))))
    if name == "da0":
        known.append((DA_TWICE, expected + da[:, :, 0]))
    return [
        (hint, partial(reference.expected, f"known mistake {number}", value) if callable(value) else value)
        for number, (hint, value) in enumerate(known)
    ]


@pytest.mark.points(5, of="rnn_backward")
@pytest.mark.hint(SEQUENCE)
@pytest.mark.parametrize("name", ["dx", "da0", *RNN_WEIGHTS])
def test_rnn_gradient(submission, reference, rng, name):
    """Each gradient of the whole sequence matches the numerical gradient."""
    da, caches, expected = sequence_gradient(reference, rng, draw_rnn, "rnn_forward", SIZES, name[1:])
    gradients = submission.call("rnn_backward", da, caches)
    known = sequence_mistakes(reference, "rnn_backward", da, caches, name, expected)
    check_gradient(gradients, expected, name, known, of="rnn_backward")


@pytest.mark.hidden
@pytest.mark.points(3, of="rnn_backward")
@pytest.mark.hint("The number of time steps is that of da, not of x. Do not change the arguments in place.")
@pytest.mark.parametrize("sizes, steps", [(OTHER_SIZES[0], 1), (OTHER_SIZES[1], 4)], ids=["one", "first steps"])
@pytest.mark.parametrize("name", ["dx", "da0", *RNN_WEIGHTS])
def test_rnn_gradient_of_other_sizes(submission, reference, rng, sizes, steps, name):
    """The gradients are right if the loss depends on the first time steps only; the arguments are unchanged."""
    da, caches, expected = sequence_gradient(reference, rng, draw_rnn, "rnn_forward", sizes, name[1:], steps)
    gradients, after = submission.call_with_inputs("rnn_backward", da, caches)
    check_gradient(gradients, expected, name, of="rnn_backward")
    unchanged(after[0], da, "da")
    unchanged(after[1], caches, "caches")


def lstm_cell_gradients(reference, rng, sizes):
    """Return da_next, dc_next, the cache, and a function from a variable's name to its numerical gradient."""
    x, a0, c0, parameters = draw_lstm(rng, **sizes)
    arguments = {"xt": x[:, :, 0], "a_prev": a0, "c_prev": c0}
    da_next, dc_next = rng.normal(size=a0.shape), rng.normal(size=a0.shape)

    def gradient(name):
        def loss(value):
            inputs, weights = replaced(arguments, parameters, name, value)
            a_next, c_next, _, _ = reference.call("lstm_cell_forward", *inputs.values(), weights)
            return float((a_next * da_next + c_next * dc_next).sum())

        at = {**arguments, **parameters}[name]
        return reference.expected(name, lambda: numerical_gradient(loss, at))

    return da_next, dc_next, reference.call("lstm_cell_forward", *arguments.values(), parameters)[3], gradient


GATES = {"f": "forget gate", "i": "update gate", "c": "candidate", "o": "output gate"}
CACHE_NAMES = ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt")
OTHER_STATE = "The forget gate multiplies the previous cell state: its gradient contains c_prev, not c_next."
NO_SQUARE = "The derivative of the tanh is one minus its square, and the square is missing."
UPSIDE_DOWN = "dz is split the wrong way round: the first n_a rows belong to a_prev, as in the forward pass."
NOT_SPLIT = "This is the whole dz, n_a + n_x rows from the whole W.T. Its rows belong to a_prev first, then to xt."
OTHER_COLUMNS = (
    "The columns are those of [xt; a_prev]. In the forward pass the hidden state comes first, then the input."
)
BRACKETS = (
    "Brackets are missing in the gradient of the {}: dc is a sum, and every other factor multiplies both of its terms."
)
NO_TANH_OF_CANDIDATE = (
    "The activation function of the candidate is the tanh: its derivative is not that of the sigmoid."
)
TWICE = "The tanh of the candidate is taken twice: cct is a tanh already, so its derivative is 1 - cct**2."
GATE_GRADIENT = "dft is the gradient of the forget gate; the cell state passes through the gate itself, ft."
NO_TANH_OF_C = "The output gate multiplies tanh(c_next), so its gradient contains tanh(c_next), and not c_next itself."


def by_name(cache):
    """Return the arrays of an LSTM cell's cache by name."""
    return dict(zip(CACHE_NAMES, cache, strict=False))


def gate_mistakes(reference, da_next, dc_next, cache, name):
    """Return known mistakes in the gradient of one gate's weights or bias."""
    values, gate = by_name(cache), name[-1]
    if gate == "o":
        stretched = da_next * values["c_next"] / np.tanh(values["c_next"])
        return [(NO_TANH_OF_C, reference.call("lstm_cell_backward", stretched, dc_next, cache)[name])]
    known = []
    if gate == "f":
        other = values["c_next"] / values["c_prev"]
        known.append((OTHER_STATE, reference.call("lstm_cell_backward", other * da_next, other * dc_next, cache)[name]))
    if gate == "c":
        twice = (1 - np.tanh(values["cct"]) ** 2) / (1 - values["cct"] ** 2)
        known.append((TWICE, reference.call("lstm_cell_backward", twice * da_next, twice * dc_next, cache)[name]))
        share = values["cct"] / (1 + values["cct"])
        sigmoid = reference.call("lstm_cell_backward", share * da_next, share * dc_next, cache)[name]
        known.append((NO_TANH_OF_CANDIDATE, sigmoid))
    first_term = dc_next * values[{"f": "c_prev", "i": "cct", "c": "it"}[gate]]
    rows = np.vstack((values["a_prev"], values["xt"])) if name[1] == "W" else np.ones((1, SIZES["m"]))
    second_term = reference.call("lstm_cell_backward", da_next, 0 * dc_next, cache)[name]
    return [*known, (BRACKETS.format(GATES[gate]), second_term + np.inner(first_term, rows))]


@pytest.mark.points(6, of="lstm_cell_backward")
@pytest.mark.hint("Compute dc, the whole gradient of the cell state, first (section 7); the rest follows gate by gate.")
@pytest.mark.parametrize("name", ["dc_prev", *LSTM_WEIGHTS, "dxt", "da_prev"])
def test_lstm_cell_gradient(submission, reference, rng, name):
    """Each gradient of the LSTM cell matches the numerical gradient."""
    da_next, dc_next, cache, gradient = lstm_cell_gradients(reference, rng, SIZES)
    expected, known = gradient(name[1:]), []
    gradients = submission.call("lstm_cell_backward", da_next, dc_next, cache)
    if name == "dc_prev":
        later = dc_next * cache[4]
        known.append(("The gradient of the cell state through the hidden state is missing.", later))
        known.append(("dc_next is missing: add the gradient of the cell state from later steps.", expected - later))
        no_square = da_next / (1 + np.tanh(by_name(cache)["c_next"]))
        dc = expected / cache[4]
        dft = dc * by_name(cache)["c_prev"] * cache[4] * (1 - cache[4])
        known += [(GATE_GRADIENT, dc * dft), (GATE_GRADIENT, expected + dc_next * (dft - cache[4]))]
        known.append((NO_SQUARE, reference.call("lstm_cell_backward", no_square, dc_next, cache)[name]))
    if name in ("dxt", "da_prev"):
        dz, n_x = np.concatenate([gradient("a_prev"), gradient("xt")]), SIZES["n_x"]
        known.append((UPSIDE_DOWN, dz[:n_x] if name == "dxt" else dz[n_x:]))
        known.append((UPSIDE_DOWN, gradient("a_prev" if name == "dxt" else "xt")))
        known.append((NOT_SPLIT, dz))
    if name in LSTM_WEIGHTS:
        known += gate_mistakes(reference, da_next, dc_next, cache, name)
    if name.startswith("dW"):
        known.append((OTHER_COLUMNS, np.roll(expected, SIZES["n_x"], axis=1)))
    if name.startswith("db"):
        known.append(
            (
                "A bias has one gradient for each row: sum over the columns, and keep the axis (keepdims=True).",
                expected[:, 0],
            )
        )
    check_gradient(gradients, expected, name, known, of="lstm_cell_backward")


@pytest.mark.hidden
@pytest.mark.points(4, of="lstm_cell_backward")
@pytest.mark.hint("The function has to work for all shapes: take every size from the shapes of the arguments.")
@pytest.mark.parametrize("sizes", OTHER_SIZES[:2], ids=["one", "long"])
@pytest.mark.parametrize("name", ["dxt", "da_prev", "dc_prev", *LSTM_WEIGHTS])
def test_lstm_cell_gradient_of_other_sizes(submission, reference, rng, sizes, name):
    """The gradients of the LSTM cell are right for other shapes, and the cache is unchanged."""
    da_next, dc_next, cache, gradient = lstm_cell_gradients(reference, rng, sizes)
    gradients, after = submission.call_with_inputs("lstm_cell_backward", da_next, dc_next, cache)
    check_gradient(gradients, gradient(name[1:]), name, of="lstm_cell_backward")
    for changed, before, what in zip(
        after, (da_next, dc_next, cache), ("da_next", "dc_next", "the cache"), strict=True
    ):
        unchanged(changed, before, what)


@pytest.mark.points(6, of="lstm_backward")
@pytest.mark.hint(SEQUENCE)
@pytest.mark.parametrize("name", ["dx", "da0", *LSTM_WEIGHTS])
def test_lstm_gradient(submission, reference, rng, name):
    """Each gradient of the whole sequence matches the numerical gradient."""
    da, caches, expected = sequence_gradient(reference, rng, draw_lstm, "lstm_forward", SIZES, name[1:])
    gradients = submission.call("lstm_backward", da, caches)
    known = sequence_mistakes(reference, "lstm_backward", da, caches, name, expected)
    check_gradient(gradients, expected, name, known, of="lstm_backward")


@pytest.mark.hidden
@pytest.mark.points(4, of="lstm_backward")
@pytest.mark.hint("The number of time steps is that of da, not of x. Do not change the arguments in place.")
@pytest.mark.parametrize("sizes, steps", [(OTHER_SIZES[0], 1), (OTHER_SIZES[1], 4)], ids=["one", "first steps"])
@pytest.mark.parametrize("name", ["dx", "da0", *LSTM_WEIGHTS])
def test_lstm_gradient_of_other_sizes(submission, reference, rng, sizes, steps, name):
    """The gradients are right if the loss depends on the first time steps only; the arguments are unchanged."""
    if name[1:] in ("Wf", "bf"):  # at first the forget gate multiplies c0 = 0, so that zeros were right for one step
        sizes, steps = {**sizes, "T_x": max(sizes["T_x"], 2)}, max(steps, 2)
    da, caches, expected = sequence_gradient(reference, rng, draw_lstm, "lstm_forward", sizes, name[1:], steps)
    gradients, after = submission.call_with_inputs("lstm_backward", da, caches)
    check_gradient(gradients, expected, name, of="lstm_backward")
    unchanged(after[0], da, "da")
    unchanged(after[1], caches, "caches")
