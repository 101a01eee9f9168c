"""Graded tests of `music_generation`: random weights are set on the shared layers, and NumPy computes what follows."""

import numpy as np
import pytest

from dlseq.testing import check, close, shaped, unpack

SHARED = "Call the layers that are passed in: a layer made inside the function has weights of its own."
NEVER_CALLED = "The layers that are passed in are never called: a layer made inside the function has other weights."
AGAIN = "Each step starts from a0 and c0. It has to go on from the states of the step before."
LOST_CELL = "The cell state of each step is c0. Hand both states on, a and c."
LOST_HIDDEN = "The hidden state of each step is a0. Hand both states on, a and c."
SWAPPED = "Hidden state and cell state change places from step to step: LSTM_cell returns its output, a and c."
EXCHANGED = "The initial states are exchanged: initial_state=[a0, c0] in the first step."
UNUSED = "a0 and c0 have no influence. They are the initial states of the first step."
CELL_STATE = "The outputs are made from the cell state c. densor takes the hidden state a."
FIRST_NOTE = "Each step reads the first note. Step t reads X[:, t, :]."
BACKWARDS = "The notes are read from the last to the first."
LATE = "Step t reads the note of step t + 1. X has the right note for each step already: X[:, t, :]."
OWN_NOTES = "The steps read what the network has predicted. In training they read the notes of X."
LAST_STEP = "Each output is that of the last step: apply densor inside the loop."
NO_FEEDBACK = "Each step reads x0. From the second step on, it reads the note that the step before has chosen."
SOFT_FEEDBACK = "The next step reads probabilities. It reads one note: the one-hot vector of the largest probability."
LEAST_FEEDBACK = "The next step reads the least probable note. Take the largest probability."
SKIPPED = "The first output belongs to the note x0: append it before the next note is chosen."
SOFTMAX_TWICE = "densor has a softmax already. Append what it returns."
APPEND = "There is one output a step: append it to the list inside the loop."
INPUTS = "The model has three inputs, in the order of the docstring and in the sizes of the layers."
MIN_MARGIN = 0.02  # between the two largest probabilities of a step, far above any rounding
MAX_DRAWS = 200


def draw_weights(rng, n_values, n_a):
    """Draw weights of the LSTM and the dense layer, such that notes depend on notes and states."""
    shapes = {"LSTM_cell": [(n_values, 4 * n_a), (n_a, 4 * n_a), (4 * n_a,)], "densor": [(n_a, n_values), (n_values,)]}
    scales = {"LSTM_cell": (1.2, 1.2 / np.sqrt(n_a), 0.5), "densor": (5 / np.sqrt(n_a), 0.3)}
    return {
        name: [
            rng.normal(0, scale, shape).astype("float32") for scale, shape in zip(scales[name], of_layer, strict=True)
        ]
        for name, of_layer in shapes.items()
    }


def draw_states(rng, m, n_a):
    """Draw a hidden state and a cell state."""
    return list(rng.uniform(-0.9, 0.9, (2, m, n_a)).astype("float32"))


def draw_notes(rng, n_values, *shape):
    """Draw one-hot notes; two that follow each other differ."""
    ids = (rng.integers(0, n_values, (*shape[:-1], 1)) + np.cumsum(rng.integers(1, n_values, shape), -1)) % n_values
    return np.eye(n_values, dtype="float32")[ids]


def give(layers, weights):
    """Set weights on the shared layers, which the model must have called."""
    for layer, (name, values) in zip(layers[:2], weights.items(), strict=True):
        received = [weight.shape for weight in layer.get_weights()]
        check(received != [], f"{name} was never called", NEVER_CALLED)
        check(received == [value.shape for value in values], f"{name} was called on an input of another width", SHARED)
        layer.set_weights(values)


def softmax(values):
    """Return the softmax over the last axis."""
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def dense(state, weights):
    """Return the probabilities that densor makes of a state."""
    kernel, bias = weights["densor"]
    return softmax(state @ kernel.astype(float) + bias)


def lstm(x, a, c, weights):
    """Return the states after one step of an LSTM."""
    kernel, recurrent, bias = (value.astype(float) for value in weights["LSTM_cell"])
    i, f, g, o = np.split(x @ kernel + a @ recurrent + bias, 4, axis=-1)
    c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    return np.tanh(c) / (1 + np.exp(-o)), c


def carry(states, first, wrong):
    """Return the states that go to the next step, or what a mistake hands on."""
    (a, c), (a0, c0) = states, first
    return {AGAIN: (a0, c0), LOST_CELL: (a, c0), LOST_HIDDEN: (a0, c), SWAPPED: (c, a)}.get(wrong, (a, c))


def first_states(a, c, wrong):
    """Return the states of the first step, or those of a mistake."""
    return {EXCHANGED: (c, a), UNUSED: (0 * a, 0 * c)}.get(wrong, (a, c))


def output(a, c, weights, wrong):
    """Return the probabilities of a step, or those of a mistake."""
    values = dense(c if wrong == CELL_STATE else a, weights)
    return softmax(values) if wrong == SOFTMAX_TWICE else values


def read(X, a, c, weights, wrong=""):
    """Compute the outputs of the network for training, or those of a known mistake."""
    Tx, outputs = X.shape[1], []
    states = first = first_states(a, c, wrong)
    for t in np.arange(Tx):
        step = {FIRST_NOTE: 0, BACKWARDS: Tx - 1 - t, LATE: min(t + 1, Tx - 1)}.get(wrong, t)
        x = outputs[-1] if wrong == OWN_NOTES and t else X[:, step]
        states = lstm(x, *states, weights)
        outputs.append(output(*states, weights, wrong))
        states = carry(states, first, wrong)
    return outputs if wrong != LAST_STEP else [outputs[-1]] * Tx


def write(x, a, c, weights, steps, wrong=""):
    """Compute the outputs of the network that composes, or those of a known mistake."""
    x0, outputs = x, []
    states = first = first_states(a, c, wrong)
    for _ in range(steps + (wrong == SKIPPED)):
        states = lstm(x, *states, weights)
        outputs.append(output(*states, weights, wrong))
        one_hot = np.eye(outputs[-1].shape[-1])
        chosen, least = one_hot[outputs[-1].argmax(axis=-1)], one_hot[outputs[-1].argmin(axis=-1)]
        x = {NO_FEEDBACK: x0, SOFT_FEEDBACK: outputs[-1], LEAST_FEEDBACK: least}.get(wrong, chosen)
        states = carry(states, first, wrong)
    return outputs[wrong == SKIPPED :]


def run(model, inputs):
    """Return the outputs of a model, always as a list."""
    outputs = model.invoke("call", inputs)
    return list(outputs) if type(outputs) in (list, tuple) else [outputs]


def check_model(model, function, steps, shapes, weights):
    """Check kind, inputs, number of outputs and number of weights of a model."""
    kind = getattr(model, "kind", "")
    check(kind == "model", f"{function} does not return a Keras model", "Return Model(inputs, outputs).")
    described = model.describe()
    check(described["inputs"] == shapes, "the inputs have other shapes", INPUTS)
    check(len(described["outputs"]) == steps, "the model does not have an output for each step", APPEND)
    count = sum(value.size for of_layer in weights.values() for value in of_layer)
    check(described["parameters"] == count, "the model has other weights than those of the two layers", SHARED)


def compare(received, expected, mistakes):
    """Compare the outputs of all steps; a mistake is named only if it explains all of them."""
    stacked = np.array(expected)
    for place, value in enumerate(received):
        shaped(value, expected[0].shape, f"output {place}", "(m, n_values)")
    hint = None
    for text, outputs in mistakes.items():
        if hint is None and np.allclose(np.array(received, dtype=float), np.array(outputs), rtol=1e-3, atol=1e-4):
            hint = text
    close(np.array(received), stacked, "the outputs, one below the other,", "(steps, m, n_values)", hint=hint)


# --- djmodel

READING_MISTAKES = (AGAIN, LOST_CELL, LOST_HIDDEN, SWAPPED, EXCHANGED, UNUSED, CELL_STATE, FIRST_NOTE, BACKWARDS, LATE)
READING_MISTAKES += (OWN_NOTES, LAST_STEP, SOFTMAX_TWICE)


def check_djmodel(submission, rng, m, Tx, n_values, n_a):
    """Compare the network for training with NumPy."""
    X, states, weights = draw_notes(rng, n_values, m, Tx), draw_states(rng, m, n_a), draw_weights(rng, n_values, n_a)
    layers = submission.call("toy_layers", n_values, n_a)
    model = submission.call("djmodel", Tx, *layers)
    check_model(model, "djmodel", Tx, [(None, Tx, n_values), (None, n_a), (None, n_a)], weights)
    give(layers, weights)
    mistakes = {wrong: read(X, *states, weights, wrong) for wrong in READING_MISTAKES}
    compare(run(model, [X, *states]), read(X, *states, weights), mistakes)


@pytest.mark.points(18, of="djmodel")
@pytest.mark.hint("For each step: the note of the step, the LSTM from the last states, the dense layer.")
@pytest.mark.parametrize("n_values, n_a", [(7, 5), (90, 64)], ids=["small", "of 90 values and 64 units"])
def test_training_model(submission, rng, n_values, n_a):
    """Each output is the probabilities of the next note after the notes so far."""
    check_djmodel(submission, rng, 3, 4, n_values, n_a)


@pytest.mark.points(8, of="djmodel")
@pytest.mark.hint("Output t is made of the notes 0 to t and the initial states.")
def test_later_notes_have_no_influence(submission, rng):
    """An output changes with each earlier note and its own, and with no later one."""
    Tx, n_values, n_a = 4, 6, 4
    X, states, weights = draw_notes(rng, n_values, 1, Tx), draw_states(rng, 1, n_a), draw_weights(rng, n_values, n_a)
    layers = submission.call("toy_layers", n_values, n_a)
    model = submission.call("djmodel", Tx, *layers)
    check_model(model, "djmodel", Tx, [(None, Tx, n_values), (None, n_a), (None, n_a)], weights)
    give(layers, weights)
    before = run(model, [X, *states])
    first = shaped(before[0], (1, n_values), "output 0", "(m, n_values)")
    possible = [read(X, *states, weights, wrong)[0] for wrong in ("", *READING_MISTAKES)]
    if not any(np.allclose(first.astype(float), output, rtol=1e-3, atol=1e-4) for output in possible):
        close(first, possible[0], "output 0", "(m, n_values)", rtol=1e-3, atol=1e-4)  # not a sum of the notes so far
    other = X.copy()
    other[:, 2] = np.roll(X[:, 2], 1, axis=-1)
    after = run(model, [other, *states])
    for t in range(len(before)):
        shaped(before[t], (1, n_values), f"output {t}", "(m, n_values)")
        changed = not np.allclose(before[t], after[t], rtol=1e-4, atol=1e-5)
        text = f"output {t} {'changes' if changed else 'does not change'} with note 2"
        check(changed == (t >= 2), text, AGAIN if t > 2 else None)


@pytest.mark.hidden
@pytest.mark.points(14, of="djmodel")
@pytest.mark.hint("Take the number of steps from the argument, and the sizes from the layers.")
@pytest.mark.parametrize("m, Tx, n_values, n_a", [(1, 1, 4, 3), (2, 7, 6, 8)], ids=["one note", "many notes"])
def test_other_training_models(submission, rng, m, Tx, n_values, n_a):
    """The outputs are right for one note and for many, and for layers of other sizes."""
    check_djmodel(submission, rng, m, Tx, n_values, n_a)


# --- music_inference_model

WRITING_MISTAKES = (AGAIN, LOST_CELL, LOST_HIDDEN, SWAPPED, EXCHANGED, UNUSED, CELL_STATE, NO_FEEDBACK, SOFT_FEEDBACK)
WRITING_MISTAKES += (LEAST_FEEDBACK, SKIPPED, SOFTMAX_TWICE)


def draw_melody(rng, m, Ty, n_values, n_a):
    """Draw weights and a beginning whose most probable notes are clear in each step."""
    for _ in range(MAX_DRAWS):
        weights = draw_weights(rng, n_values, n_a)
        x, states = draw_notes(rng, n_values, m, 1), draw_states(rng, m, n_a)
        outputs = np.array(write(x[:, 0], *states, weights, Ty))  # (Ty, m, n_values)
        ordered = np.sort(outputs, axis=-1)
        if (ordered[..., -1] - ordered[..., -2]).min() > MIN_MARGIN:
            break
    return x, states, weights


def check_inference(submission, rng, m, Ty, n_values, n_a):
    """Compare the network that composes with NumPy."""
    x, states, weights = draw_melody(rng, m, Ty, n_values, n_a)
    layers = submission.call("toy_layers", n_values, n_a)
    model = submission.call("music_inference_model", *layers[:2], Ty)
    check_model(model, "music_inference_model", Ty, [(None, 1, n_values), (None, n_a), (None, n_a)], weights)
    give(layers, weights)
    mistakes = {wrong: write(x[:, 0], *states, weights, Ty, wrong) for wrong in WRITING_MISTAKES}
    compare(run(model, [x, *states]), write(x[:, 0], *states, weights, Ty), mistakes)


@pytest.mark.points(18, of="music_inference_model")
@pytest.mark.hint("The loop of djmodel, but the note of the next step is the one-hot argmax of this output.")
@pytest.mark.parametrize("n_values, n_a", [(8, 5), (90, 64)], ids=["small", "of 90 values and 64 units"])
def test_composing_model(submission, rng, n_values, n_a):
    """From the second step on, each step reads the most probable note of the step before."""
    check_inference(submission, rng, 2, 4, n_values, n_a)


@pytest.mark.points(8, of="music_inference_model")
@pytest.mark.hint("The melody is a function of the first note and of both states.")
def test_a_longer_melody_begins_like_a_shorter_one(submission, rng):
    """A network for more notes writes the same notes first."""
    n_values, n_a = 6, 7
    x, states, weights = draw_melody(rng, 2, 5, n_values, n_a)
    layers, melodies = submission.call("toy_layers", n_values, n_a), []
    for Ty in (2, 5):
        model = submission.call("music_inference_model", *layers[:2], Ty)
        check_model(model, "music_inference_model", Ty, [(None, 1, n_values), (None, n_a), (None, n_a)], weights)
        give(layers, weights)
        melodies.append(run(model, [x, *states]))
    for t, (short, long) in enumerate(zip(*melodies, strict=False)):
        shaped(short, (2, n_values), f"output {t}", "(m, n_values)")
        close(long, short, f"output {t} of five", "(m, n_values)", rtol=1e-3, atol=1e-4)
    alone = write(x[:, 0], *states, weights, 1)[0]
    close(
        melodies[0][0], alone, "output 0", "(m, n_values)", [(UNUSED, write(x[:, 0], *states, weights, 1, UNUSED)[0])]
    )


@pytest.mark.hidden
@pytest.mark.points(14, of="music_inference_model")
@pytest.mark.hint("Take the number of steps from the argument, and the sizes from the layers.")
@pytest.mark.parametrize("m, Ty, n_values, n_a", [(1, 1, 5, 4), (3, 6, 9, 6)], ids=["one note", "many notes"])
def test_other_composing_models(submission, rng, m, Ty, n_values, n_a):
    """The outputs are right for one note and for many, and for layers of other sizes."""
    check_inference(submission, rng, m, Ty, n_values, n_a)


# --- predict_and_sample

OVER_STEPS = "The largest probability is taken over the notes, the last axis, not over the steps."
LEAST = "These are the least probable notes."
PROBABILITIES = "These are probabilities. A row of results is one-hot."
KEEP_AXIS = "indices keeps the axis of the batch: (Ty, 1)."
DROP_AXIS = "results has no axis of the batch: (Ty, n_values)."
OTHER_SIZE = "Take the number of values from x_initializer, not from the top of the file."
SWITCHED = "results and indices are swapped: results come first."


def check_sample(submission, reference, rng, Ty, n_values, n_a):
    """Compare notes and one-hot rows with those of a toy model."""
    seed = int(rng.integers(1, 10**6))
    inputs = [draw_notes(rng, n_values, 1, 1), *draw_states(rng, 1, n_a)]
    toy = reference.call("toy_composer", seed, Ty, n_values, n_a)
    outputs = np.array(toy.invoke("call", inputs))  # (Ty, 1, n_values)
    value = submission.call("predict_and_sample", submission.call("toy_composer", seed, Ty, n_values, n_a), *inputs)
    results, indices = unpack(value, "results", "indices", of="predict_and_sample")
    expected = outputs.argmax(axis=-1)  # (Ty, 1)
    rows = np.eye(n_values)[expected[:, 0]]

    def notes_of(*changed):
        """Return the notes for other inputs."""
        return lambda: np.array(toy.invoke("call", list(changed))).argmax(axis=-1)

    x, a, c = inputs
    size = DROP_AXIS if getattr(results, "ndim", 0) == 3 else OTHER_SIZE
    switched = SWITCHED if getattr(results, "shape", ()) == (Ty, 1) else None
    known = [
        (OVER_STEPS, outputs.argmax(axis=0)[:, :Ty].T),
        (OVER_STEPS, outputs.argmax(axis=0)),
        (LEAST, outputs.argmin(axis=-1)),
        ("a_initializer and c_initializer are exchanged.", notes_of(x, c, a)),
        ("The initializers have no influence: pass all three to the model.", notes_of(0 * x, 0 * a, 0 * c)),
        ("The notes are in reverse order.", expected[::-1]),
    ]
    close(indices, expected, "indices", "(Ty, 1)", known, switched or KEEP_AXIS)
    check(indices.dtype.kind in "iu", "indices are not integers", "An index is an integer.")
    close(results, rows, "results", "(Ty, n_values)", [(PROBABILITIES, outputs[:, 0])], switched or size)


@pytest.mark.points(12, of="predict_and_sample")
@pytest.mark.hint("predict, then argmax over the notes, then a one-hot row for each index.")
def test_sample(submission, reference, rng):
    """The indices are the most probable notes, and the results are the same notes as one-hot rows."""
    check_sample(submission, reference, rng, Ty=6, n_values=8, n_a=3)


@pytest.mark.hidden
@pytest.mark.points(8, of="predict_and_sample")
@pytest.mark.hint("Take the number of values from the arguments, not from the top of the file.")
@pytest.mark.parametrize("Ty, n_values, n_a", [(2, 90, 64), (9, 5, 4)], ids=["two notes", "many notes"])
def test_other_samples(submission, reference, rng, Ty, n_values, n_a):
    """Notes and rows are right for other numbers of notes and values."""
    check_sample(submission, reference, rng, Ty, n_values, n_a)
