"""Graded tests of `date_normalization`. Random weights are set on the layers by name; all sizes differ."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from dlseq.testing import check, close, shaped

TRAINED = Path(__file__).parent / "weights" / "date_normalization.npz"  # by weights/make_date_normalization.py
TX, N_S, WRITTEN = 30, 64, 11  # the shared layers have these sizes
LEARNING_RATE = 10.0  # one step has a visible effect
GATES = ("input", "forget", "candidate", "output")  # as Keras orders them in the weights of an LSTM

SHARED = "Call the shared layers from the top of the file: a layer made inside a function has new weights at each call."
ONES = "Each weight is one: that softmax ran along an axis of length one. It has to run over the Tx characters."
NO_SOFTMAX = "The weights do not sum to one over the Tx characters: activator turns energies into weights."
ORDER = "The hidden state stands before a. Concatenate a first, then the state, as in the formula of section 2."
UNIFORM = "The weights depend on the energies, which differ from character to character."
NO_STATE = "s_prev has no influence: repeat it for each of the Tx characters and concatenate it with a."
COPY = "s_prev is (m, n_s) and a is (m, Tx, 2 * n_a): which of the layers makes Tx copies?"
SEQUENCES = (
    "Check the output of the encoder: attention needs a vector for each of the Tx characters (return_sequences)."
)
INPUTS = "Model([X, s0, c0], outputs): three inputs, in this order, in the sizes that the arguments give."
APPEND = "Each decoder step has one output: append it to the list inside the loop."
AGAIN = "Each output is the first one again: the loop starts from s0 and c0 at every step."
FIRST = "The first output is wrong already: look at encoder, attention, one step of the decoder, output_layer."
ASKS_CELL_STATE = "Attention is computed from the cell state c. Its input is the hidden state s."
UNUSED = "The inputs s0 and c0 have no influence: they are the initial states of the first step."
EXCHANGED = "s and c have changed places: the hidden state comes first, then the cell state."
CARRY = "The first output is right and a later one is not: look at what goes from one step to the next."
PROBABILITIES = "Each output is probabilities: output_layer applied to the hidden state."
UNITS = {
    "encoder": "The encoder has n_a units in each direction.",
    "densor1": "The input of densor1 is a and the copies of s_prev, concatenated: (m, Tx, 2 * n_a + n_s).",
    "densor2": "The input of densor2 is the output of densor1.",
    "post_activation_LSTM_cell": "The input of the decoder is the context, 2 * n_a numbers, and nothing else.",
    "output_layer": "The input of output_layer is the hidden state of the decoder, n_s numbers, not the context.",
}
OUTSIDE = 'Keep your own calls under `if __name__ == "__main__":`. A layer keeps the sizes of its first input.'
PATHS = {
    "attention": (
        "Attention is computed from the same hidden state at each step: use that of the step before, not s0.",
        "Attention is computed from the hidden state s of the decoder, the one of the step before.",
    ),
    "state": (
        "The decoder gets s0 at each step: it continues from the hidden state of the step before.",
        "The hidden state of a step is the first of the two initial states of the next.",
    ),
    "cell state": (
        "The decoder gets c0 at each step: it continues from the cell state of the step before.",
        "An LSTM with return_state returns its output, its hidden state and its cell state, in this order.",
    ),
}


def draw_inputs(rng, m, n_a, n_s):
    """Draw the memory `a`, the state `s_prev`, and weights of the two layers that compute energies."""
    a = rng.normal(size=(m, TX, 2 * n_a)).astype("float32")
    return a, rng.normal(size=(m, n_s)).astype("float32"), draw_energy(rng, 2 * n_a, n_s)


def draw_energy(rng, width, n_s):
    """Draw weights of densor1 and densor2 whose energies differ and are all positive, so that the ReLU passes them."""
    of_a, of_state = rng.normal(0, 2 / np.sqrt(width), (width, 10)), rng.normal(0, 2 / np.sqrt(n_s), (n_s, 10))
    kernel = rng.uniform(0.5, 1.5, (10, 1)) * rng.choice([-1, 1], (10, 1))
    drawn = {
        "densor1": [np.concatenate([of_a, of_state]), rng.normal(0, 0.5, 10)],
        "densor2": [kernel, np.abs(kernel).sum(axis=0)],  # tanh is between -1 and 1
    }
    return {name: [value.astype("float32") for value in values] for name, values in drawn.items()}


def draw_model(rng, n_a, vocabulary):
    """Draw weights of all layers of a model, by layer name."""
    shapes = {
        "encoder": 2 * [(vocabulary, 4 * n_a), (n_a, 4 * n_a), (4 * n_a,)],
        "post_activation_LSTM_cell": [(2 * n_a, 4 * N_S), (N_S, 4 * N_S), (4 * N_S,)],
        "output_layer": [(N_S, WRITTEN), (WRITTEN,)],
    }
    weights = {
        name: [rng.normal(0, 0.3, shape).astype("float32") for shape in of_layer] for name, of_layer in shapes.items()
    }
    weights["encoder"] = [3 * value for value in weights["encoder"]]
    return weights | draw_energy(rng, 2 * n_a, N_S)


def draw_texts(rng, m, vocabulary):
    """Draw one-hot texts of random characters, with an initial hidden state and cell state."""
    X = np.eye(vocabulary, dtype="float32")[rng.integers(0, vocabulary, (m, TX))]
    return [X, *rng.uniform(-0.9, 0.9, (2, m, N_S)).astype("float32")]


def give(source, weights, model=None):
    """Set weights on layers, which must have been called before."""
    for name, values in weights.items():
        layer = encoder_of(model) if name == "encoder" else source.get(name)
        shapes = [weight.shape for weight in layer.get_weights()]
        check(shapes != [], f"{name} was never called", SHARED)
        check(
            shapes == [value.shape for value in values], f"{name} was called on an input of another width", UNITS[name]
        )
        layer.set_weights(values)


def encoder_of(model):
    """Return the bidirectional layer of a model."""
    names = [name for kind, name in model.describe()["layers"] if kind == "Bidirectional"]
    check(
        len(names) == 1,
        "the model does not have exactly one Bidirectional layer",
        "The encoder is one Bidirectional layer, made once.",
    )
    return model.invoke("layer", names[0])


def context_of(source, a, s_prev, weights):
    """Return the context with the given weights: a first call builds the layers, the second one counts."""
    source.call("one_step_attention", a, s_prev)
    give(source, weights)
    return source.call("one_step_attention", a, s_prev)


def build(source, Ty, n_a, vocabulary, weights):
    """Build a model that has the given weights."""
    model = source.call("modelf", TX, Ty, n_a, N_S, vocabulary, WRITTEN)
    give(source, weights, model)
    return model


def check_new(source):
    """Check that no shared layer was called while the file was imported."""
    for name in UNITS:
        if name != "encoder":
            check(source.get(name).get_weights() == [], f"{name} was called before the tests began", OUTSIDE)


def run(model, inputs):
    """Return the outputs of a model, always as a list."""
    outputs = model.invoke("call", inputs)
    return list(outputs) if type(outputs) in (list, tuple) else [outputs]


# --- one_step_attention


@pytest.mark.points(5, of="one_step_attention")
@pytest.mark.hint(COPY, exception=COPY)
def test_context_shape(submission, rng):
    """The context is one vector for each date, with an axis of length one for the step: (m, 1, 2 * n_a)."""
    m, n_a, n_s = 3, 4, 6
    a, s_prev, _ = draw_inputs(rng, m, n_a, n_s)
    check_new(submission)
    context = submission.call("one_step_attention", a, s_prev)
    shape = getattr(context, "shape", ())
    hints = {
        (m, 2 * n_a): "Keep the axis of length one: the decoder takes a sequence, of one step.",
        (m, TX, 2 * n_a): "Weighted, but not summed: the context is one sum over the Tx characters.",
        (m, 1, n_s): "The context is the weighted sum of a. The state only takes part in the energies.",
        (m, 1, 2 * n_a + n_s): "The context is the weighted sum of a alone, without the state concatenated to it.",
        (m, 2 * n_a, 1): "The axes are exchanged: the weights come first in the list that dotor gets, then a.",
        (m, TX, 1): "These are the weights. The context is the sum of a that they weight.",
    }
    shaped(context, (m, 1, 2 * n_a), "context", "(m, 1, 2 * n_a)", hints.get(shape))


@pytest.mark.points(5, of="one_step_attention")
@pytest.mark.hint(SHARED)
def test_context_shared(submission, rng):
    """Both Dense layers are the shared ones: the context depends on their weights and on no others."""
    a, s_prev, weights = draw_inputs(rng, 2, 3, 5)
    first = context_of(submission, a, s_prev, weights)
    close(submission.call("one_step_attention", a, s_prev), first, "the context of a second call")
    hint = ONES if np.allclose(first, a.sum(axis=1, keepdims=True), atol=1e-4) else SHARED
    for name in ("densor1", "densor2"):
        changed = {**weights, name: [-value[::-1] for value in weights[name]]}
        after = context_of(submission, a, s_prev, changed)
        check(not np.allclose(after, first, rtol=1e-3, atol=1e-4), f"the weights of {name} have no influence", hint)


@pytest.mark.points(6, of="one_step_attention")
@pytest.mark.hint(NO_SOFTMAX)
def test_context_of_equal_vectors(submission, rng):
    """Where all vectors of the memory are equal, the context equals them: the weights sum to one."""
    a, s_prev, weights = draw_inputs(rng, 3, 2, 7)
    a[:] = a[:, :1]
    context = context_of(submission, a, s_prev, weights)
    close(context, a[:, :1], "context", "(m, 1, 2 * n_a)", [(ONES, TX * a[:, :1])])


@pytest.mark.points(4, of="one_step_attention")
@pytest.mark.hint("Where one energy is far above all others, the softmax gives nearly all weight to that character.")
def test_context_at_one_place(submission, rng):
    """Where the energy of one character is far above the others, the context is its vector of the memory."""
    m, n_a, n_s = 4, 2, 3
    a, s_prev, weights = draw_inputs(rng, m, n_a, n_s)
    place = rng.integers(0, TX, m)
    a[:, :, 0] = -1
    a[np.arange(m), place, 0] = 1  # the first number of a marks the place
    kernel = np.zeros_like(weights["densor1"][0])
    kernel[0] = 3
    energy = {"densor1": [kernel, np.zeros(10, "float32")], "densor2": [np.full((10, 1), 9, "float32"), np.zeros(1)]}
    context = context_of(submission, a, s_prev, energy)
    known = [(ONES, a.sum(axis=1, keepdims=True))]
    close(context, a[np.arange(m), place][:, np.newaxis], "context", "(m, 1, 2 * n_a)", known)


def check_context(submission, reference, rng, m, n_a, n_s):
    """Compare the context of random inputs and weights."""
    a, s_prev, weights = draw_inputs(rng, m, n_a, n_s)
    context = context_of(submission, a, s_prev, weights)
    kernel, bias = weights["densor1"]
    turned = {**weights, "densor1": [np.roll(kernel, -n_s, axis=0), bias]}
    known = [
        (ONES, a.sum(axis=1, keepdims=True)),
        (ORDER, lambda: context_of(reference, a, s_prev, turned)),
        (NO_STATE, lambda: context_of(reference, a, 0 * s_prev, weights)),
    ]
    expected = context_of(reference, a, s_prev, weights)
    close(context, expected, "context", "(m, 1, 2 * n_a)", known)


@pytest.mark.points(10, of="one_step_attention")
@pytest.mark.hint("Compare with the formulas of section 2, from the energy of one character to the context.")
def test_context(submission, reference, rng):
    """The context is the sum of a over the characters, weighted by the softmax of the energies."""
    check_context(submission, reference, rng, 3, 4, 6)


@pytest.mark.hidden
@pytest.mark.points(10, of="one_step_attention")
@pytest.mark.hint(
    "The function has to be right for all sizes: take them from the arguments, not from the top of the file."
)
@pytest.mark.parametrize("m, n_a, n_s", [(1, 1, 1), (5, 3, 2), (2, 6, 64)], ids=["one", "many", "wide"])
def test_context_of_other_sizes(submission, reference, rng, m, n_a, n_s):
    """The context is right for other numbers of dates and other widths."""
    check_context(submission, reference, rng, m, n_a, n_s)


# --- modelf


@pytest.mark.points(6, of="modelf")
@pytest.mark.hint(SEQUENCES, exception=SEQUENCES)
def test_model_shape(submission, rng):
    """The model takes a text, a hidden state and a cell state, and returns Ty outputs (m, machine_vocab_size)."""
    m, Ty, n_a, vocabulary = 3, 4, 3, 7
    check_new(submission)
    model = submission.call("modelf", TX, Ty, n_a, N_S, vocabulary, WRITTEN)
    check(
        getattr(model, "kind", "") == "model",
        "modelf does not return a Keras model",
        "Return a Model(inputs, outputs).",
    )
    check_description(model.describe(), Ty, vocabulary)
    bias = rng.normal(size=WRITTEN).astype("float32")
    give(submission, {"output_layer": [np.zeros((N_S, WRITTEN), "float32"), bias]})
    outputs = run(model, draw_texts(rng, m, vocabulary))
    check(len(outputs) == Ty, f"the model has {len(outputs)} outputs, expected Ty = {Ty}", APPEND)
    expected = np.tile(np.exp(bias) / np.exp(bias).sum(), (m, 1))  # whatever the state is
    for t, output in enumerate(outputs):
        close(output, expected, f"output {t}", "(m, machine_vocab_size)", hint=PROBABILITIES)


def check_description(description, Ty, vocabulary):
    """Check the shapes that a model reports: no points, but a clearer message than wrong numbers give."""
    inputs, outputs = description["inputs"], description["outputs"]
    check(inputs == [(None, TX, vocabulary), (None, N_S), (None, N_S)], "the inputs are not X, s0 and c0", INPUTS)
    check(len(outputs) == Ty, f"the model has {len(outputs)} outputs, expected Ty = {Ty}", APPEND)
    shape = "an output does not have the shape (m, machine_vocab_size)"
    check(outputs[0] == (None, WRITTEN), shape, UNITS["output_layer"])


@pytest.mark.points(6, of="modelf")
@pytest.mark.hint(SHARED)
def test_model_layers(submission, reference, rng):
    """The model consists of one encoder and the shared layers: it is right before and after a step of training."""
    n_a, vocabulary = 3, 5
    weights, inputs = draw_model(rng, n_a, vocabulary), draw_texts(rng, 2, vocabulary)
    model = build(submission, 2, n_a, vocabulary, weights)
    expected_count = sum(value.size for values in weights.values() for value in values)
    others = "the model has weights besides those of the encoder and the shared layers"
    check(model.describe()["parameters"] == expected_count, others)
    targets = [np.eye(WRITTEN, dtype="float32")[rng.integers(0, WRITTEN, 2)] for _ in range(2)]
    expected_model = build(reference, 2, n_a, vocabulary, weights)
    expected = run(expected_model, inputs)
    outputs = run(model, inputs)
    check(len(outputs) == 2, "the model does not have Ty outputs", APPEND)
    close(outputs[0], expected[0], "output 0", "(m, machine_vocab_size)", hint=FIRST)
    second = np.shape(outputs[1]) == expected[1].shape and np.allclose(outputs[1], expected[1], rtol=1e-3, atol=1e-4)
    hint = others if second else CARRY  # a wrong second output trains the weights of the first one otherwise
    trained = reference.expected("trained", lambda: outputs_after_training(expected_model, inputs, targets))
    received = outputs_after_training(model, inputs, targets)
    for t, (output, wanted) in enumerate(zip(received, trained, strict=True)):
        close(output, wanted, f"output {t} after a step of training", "(m, machine_vocab_size)", hint=hint)


def outputs_after_training(model, inputs, targets):
    """Return the outputs of a model after one step of training."""
    optimizer = {"class_name": "SGD", "config": {"learning_rate": LEARNING_RATE}}
    model.invoke("compile", optimizer=optimizer, loss=2 * ["mse"], run_eagerly=True)
    model.invoke("train_on_batch", inputs, targets)
    return run(model, inputs)


def check_outputs(submission, reference, rng, m, Ty, n_a, vocabulary):
    """Compare each output of a model with random weights."""
    weights, inputs = draw_model(rng, n_a, vocabulary), draw_texts(rng, m, vocabulary)
    model = build(reference, Ty, n_a, vocabulary, weights)
    expected = run(model, inputs)
    without = cache(lambda: run(model, [inputs[0], 0 * inputs[1], 0 * inputs[2]]))
    exchanged = cache(lambda: run(model, [inputs[0], inputs[2], inputs[1]]))
    outputs = run(build(submission, Ty, n_a, vocabulary, weights), inputs)
    check(len(outputs) == Ty, "the model does not have Ty outputs", APPEND)
    for t, (output, wanted) in enumerate(zip(outputs, expected, strict=True)):
        known = [
            (AGAIN, expected[0] if t else wanted + 1),
            (UNUSED, lambda t=t: without()[t]),
            (EXCHANGED, lambda t=t: exchanged()[t]),
        ]
        name, hint = f"output {t}", CARRY if t else None
        check_probabilities(output, wanted.shape, name)
        close(output, wanted, name, "(m, machine_vocab_size)", known, hint)


def check_probabilities(output, shape, name):
    """Check the shape of an output and that its rows sum to one."""
    output = shaped(output, shape, name, "(m, machine_vocab_size)", UNITS["output_layer"])
    check(np.allclose(output.sum(axis=-1), 1, atol=1e-3), f"{name} does not sum to one", PROBABILITIES)


@pytest.mark.points(10, of="modelf")
@pytest.mark.hint(FIRST)
def test_model_outputs(submission, reference, rng):
    """With the same weights, each of the Ty outputs equals that of the reference."""
    check_outputs(submission, reference, rng, m=2, Ty=3, n_a=4, vocabulary=6)


@pytest.mark.points(9, of="modelf")
@pytest.mark.hint("Follow s and c from one step to the next: which state goes where?")
@pytest.mark.parametrize("path", PATHS)
def test_model_path(submission, reference, rng, path):
    """With weights that cut all paths between two steps but one, the second output shows that this one exists."""
    Ty, n_a, vocabulary = 2, 3, 4
    weights, inputs = draw_model(rng, n_a, vocabulary), draw_texts(rng, 3, vocabulary)
    if path != "attention":
        weights["densor1"][0][2 * n_a :] = 0  # attention without the state
    kernel, recurrent, bias = weights["post_activation_LSTM_cell"]
    if path != "state":
        recurrent[:] = 0  # decoder without the state
    if path != "cell state":
        forget = GATES.index("forget")
        bias[forget * N_S : (forget + 1) * N_S] = kernel[:, forget * N_S : (forget + 1) * N_S] = 0
        recurrent[:, forget * N_S : (forget + 1) * N_S] = 0
        bias[forget * N_S : (forget + 1) * N_S] = -100  # the forget gate is closed
    model = build(reference, Ty, n_a, vocabulary, weights)
    expected = run(model, inputs)
    lost, hint = PATHS[path]
    mixed = ASKS_CELL_STATE if path == "attention" else EXCHANGED
    known = [(mixed, lambda: run(model, [inputs[0], inputs[2], inputs[1]])[0])]
    outputs = run(build(submission, Ty, n_a, vocabulary, weights), inputs)
    check(len(outputs) == Ty, "the model does not have Ty outputs", APPEND)
    check_probabilities(outputs[1], expected[1].shape, "output 1")
    close(outputs[0], expected[0], "output 0", "(m, machine_vocab_size)", known, FIRST, 1e-4, 1e-5)
    close(outputs[1], expected[1], "output 1", "(m, machine_vocab_size)", [(lost, expected[0])], hint, 1e-4, 1e-5)


@pytest.mark.hidden
@pytest.mark.points(9, of="modelf")
@pytest.mark.hint("Take Ty, n_a and human_vocab_size from the arguments, not from the top of the file.")
@pytest.mark.parametrize("m, Ty, n_a, vocabulary", [(3, 1, 2, 4), (1, 5, 3, 9)], ids=["one step", "more steps"])
def test_model_of_other_sizes(submission, reference, rng, m, Ty, n_a, vocabulary):
    """The outputs are right for other numbers of steps and other sizes of encoder and vocabulary."""
    check_outputs(submission, reference, rng, m, Ty, n_a, vocabulary)


# --- attention_map


def map_of(source, weights, x, Ty, n_a):
    """Return the attention map of one text by a model with given weights."""
    return source.call("attention_map", build(source, Ty, n_a, x.shape[1], weights), x)


def check_weights(weights, Ty):
    """Check that a map has Ty rows of Tx weights that sum to one."""
    shape = getattr(weights, "shape", ())
    hint = "A row for each output character, a column for each character of the text."
    if shape in ((1, Ty, TX), (Ty, TX, 1), (Ty, 1, TX), (Ty, 1, TX, 1)):
        hint = "Axes of length one are left: the weights of a step are (1, Tx, 1), a row of the map is (Tx,)."
    if shape == (TX, Ty):
        hint = "The map is transposed: rows are output characters, columns are characters of the text."
    weights = shaped(weights, (Ty, TX), "the map", "(Ty, Tx)", hint)
    check(not np.allclose(weights, 1), "every weight of the map is one", ONES)
    check(not np.allclose(weights, weights[0, 0]), "all weights of the map are the same", UNIFORM)
    sums = np.allclose(weights.sum(axis=1), 1, atol=1e-3)
    check(sums, "the rows of the map do not sum to one", "These are energies. activator turns them into weights.")


@pytest.mark.points(6, of="attention_map")
@pytest.mark.hint("A row for each output character, a column for each character of the text, and each row sums to one.")
def test_map_rows(submission, rng):
    """The map is (Ty, Tx), and each of its rows sums to one."""
    Ty, n_a, vocabulary = 3, 2, 5
    x, weights = draw_texts(rng, 1, vocabulary)[0][0], draw_model(rng, n_a, vocabulary)
    check_weights(map_of(submission, weights, x, Ty, n_a), Ty)


def check_map(submission, reference, rng, Ty, n_a, vocabulary):
    """Compare the map of a random text by a model with random weights."""
    x, weights = draw_texts(rng, 1, vocabulary)[0][0], draw_model(rng, n_a, vocabulary)
    longer = map_of(reference, weights, x, Ty + 1, n_a)
    expected = longer[:-1]
    answer = map_of(submission, weights, x, Ty, n_a)
    check_weights(answer, Ty)
    known = [
        (
            "Each row is the first again: the hidden state has to change from step to step.",
            np.repeat(longer[:1], Ty, axis=0),
        ),
        ("Row t is the attention before output character t; these rows are one step late.", longer[1:]),
        ("The rows stand in reverse order.", expected[::-1]),
    ]
    close(answer, expected, "the map", "(Ty, Tx)", known)


@pytest.mark.points(7, of="attention_map")
@pytest.mark.hint(
    "The loop is that of the model: carry both s and c from step to step, and collect the weights of each step."
)
def test_map(submission, reference, rng):
    """Row t holds the attention weights of decoder step t."""
    check_map(submission, reference, rng, Ty=4, n_a=3, vocabulary=6)


@pytest.mark.hidden
@pytest.mark.points(7, of="attention_map")
@pytest.mark.hint("Take the number of steps and the sizes from the model that is passed.")
@pytest.mark.parametrize("Ty, n_a, vocabulary", [(3, 5, 4), (6, 2, 8)], ids=["short", "long"])
def test_map_of_other_sizes(submission, reference, rng, Ty, n_a, vocabulary):
    """The map is right for other numbers of steps and other sizes of the model."""
    check_map(submission, reference, rng, Ty, n_a, vocabulary)


@pytest.mark.hidden
@pytest.mark.points(0, of="attention_map")
@pytest.mark.hint("Your instructor sees your map of a trained model beside that of the reference.")
def test_exhibit(submission, reference, exhibit):
    """With the weights of a trained model, the map of a date can be drawn."""
    with np.load(TRAINED) as archive:
        x, text, iso = archive["x"], str(archive["text"]), str(archive["iso"])
        names = dict.fromkeys(name.rpartition(".")[0] for name in archive.files if "." in name)
        weights = {name: [archive[f"{name}.{n}"] for n in range(6) if f"{name}.{n}" in archive.files] for name in names}
    Ty, n_a = len(iso), weights["encoder"][1].shape[0]
    parts = {"title": "Attention of a trained model", "source": text + "·" * (TX - len(text)), "target": iso}
    expected = map_of(reference, weights, x, Ty, n_a)
    exhibit(**parts, submission=None, reference=expected.tolist())
    answer = shaped(map_of(submission, weights, x, Ty, n_a), (Ty, TX), "the map", "(Ty, Tx)")
    exhibit(**parts, submission=np.nan_to_num(answer.astype(float)).tolist(), reference=expected.tolist())
