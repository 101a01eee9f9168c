"""Graded tests of `date_normalization`. Weights are drawn and given to the layers by their names; sizes differ."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from dlseq.testing import check, close, shaped

TRAINED = Path(__file__).parent / "weights" / "date_normalization.npz"  # by weights/make_date_normalization.py
TX, N_S, WRITTEN = 30, 64, 11  # the shared layers have these sizes
GATES = ("input", "forget", "candidate", "output")  # as Keras orders them in the weights of an LSTM

SHARED = (
    "Call the layers that are made at the top of the file: a layer that is made in a function begins anew each time."
)
ONES = "Each weight is one: that softmax ran along an axis of length one. It has to run over the Tx characters."
NO_SOFTMAX = "The weights do not sum to one over the Tx characters: energies become weights in activator."
ORDER = "The state stands before a. Side by side means a first, then the state, as in the formula of section 2."
NO_STATE = "s_prev has no influence: copy it to each of the Tx places and put it beside a."
COPY = "s_prev is (m, n_s) and a is (m, Tx, 2 * n_a): which of the layers makes Tx copies?"
SEQUENCES = "Check what the reader returns: attention needs one a for each of the Tx characters (return_sequences)."
INPUTS = "Model([X, s0, c0], outputs): three inputs, in this order, in the sizes that the arguments say."
APPEND = "Each step writes one character: append its output to the list inside the loop."
AGAIN = "Each output is the first one again: the loop starts from s0 and c0 at every step."
FIRST = "Already the first character is wrong: look at reader, attention, one step of the writer, output_layer."
ASKS_MEMORY = "Attention asks the memory c: it is the state s that knows what has been written."
UNUSED = "The inputs s0 and c0 have no influence: the first step begins with them."
EXCHANGED = "s and c have changed places: the state comes first, then the memory."
CARRY = "The first character is right and a later one is not: look at what goes from one step to the next."
PROBABILITIES = "An output is probabilities, which output_layer makes of the state."
UNITS = {
    "reader": "The reader has n_a units in each direction.",
    "densor1": "densor1 reads a and the copies of the state side by side, 2 * n_a + n_s numbers for each character.",
    "densor2": "densor2 reads what densor1 has made.",
    "post_activation_LSTM_cell": "The writer reads the context, 2 * n_a numbers, and nothing else.",
    "output_layer": "output_layer reads the state of the writer, n_s numbers, not the context.",
}
OUTSIDE = 'Keep your own calls under `if __name__ == "__main__":`. A layer keeps the sizes it was first called with.'
THREADS = {
    "attention": (
        "Each look starts from the same state: attention asks the state of the step before, not s0.",
        "Attention asks the state s of the writer, the one of the step before.",
    ),
    "state": (
        "The writer gets s0 at each step: it goes on from the state that the step before left.",
        "The state that a step leaves is the first of the two that go into the next.",
    ),
    "memory": (
        "The writer gets c0 at each step: it goes on from the memory that the step before left.",
        "An LSTM with return_state gives its output, its state and its memory, in this order.",
    ),
}


def draw_look(rng, m, n_a, n_s):
    """Inputs `a`, `s_prev` of one look, and weights for the two layers that make energies of them."""
    a = rng.normal(size=(m, TX, 2 * n_a)).astype("float32")
    return a, rng.normal(size=(m, n_s)).astype("float32"), draw_energy(rng, 2 * n_a, n_s)


def draw_energy(rng, width, n_s):
    """Weights of densor1 and densor2: energies that differ, and all are above zero, where a relu lets them through."""
    of_a, of_state = rng.normal(0, 2 / np.sqrt(width), (width, 10)), rng.normal(0, 2 / np.sqrt(n_s), (n_s, 10))
    kernel = rng.uniform(0.5, 1.5, (10, 1)) * rng.choice([-1, 1], (10, 1))
    drawn = {
        "densor1": [np.concatenate([of_a, of_state]), rng.normal(0, 0.5, 10)],
        "densor2": [kernel, np.abs(kernel).sum(axis=0)],  # tanh is between -1 and 1
    }
    return {name: [value.astype("float32") for value in values] for name, values in drawn.items()}


def draw_model(rng, n_a, vocabulary):
    """Weights of all layers of a model, by their names."""
    shapes = {
        "reader": 2 * [(vocabulary, 4 * n_a), (n_a, 4 * n_a), (4 * n_a,)],
        "post_activation_LSTM_cell": [(2 * n_a, 4 * N_S), (N_S, 4 * N_S), (4 * N_S,)],
        "output_layer": [(N_S, WRITTEN), (WRITTEN,)],
    }
    weights = {name: [rng.normal(0, 0.3, shape).astype("float32") for shape in of] for name, of in shapes.items()}
    weights["reader"] = [3 * one for one in weights["reader"]]
    return weights | draw_energy(rng, 2 * n_a, N_S)


def draw_texts(rng, m, vocabulary):
    """Texts of random characters, one-hot, with a state and a memory to begin with."""
    X = np.eye(vocabulary, dtype="float32")[rng.integers(0, vocabulary, (m, TX))]
    return [X, *rng.uniform(-0.9, 0.9, (2, m, N_S)).astype("float32")]


def give(source, weights, model=None):
    """Gives weights to layers that were called before, and makes sure that they were."""
    for name, values in weights.items():
        layer = reader_of(model) if name == "reader" else source.get(name)
        shapes = [weight.shape for weight in layer.get_weights()]
        check(shapes != [], f"{name} was never called", SHARED)
        check(shapes == [value.shape for value in values], f"{name} was called on something else", UNITS[name])
        layer.set_weights(values)


def reader_of(model):
    """The bidirectional layer of a model."""
    names = [name for kind, name in model.describe()["layers"] if kind == "Bidirectional"]
    check(len(names) == 1, "the model does not have exactly one Bidirectional layer", "One reader, made once.")
    return model.invoke("layer", names[0])


def look(source, a, s_prev, weights):
    """The context: a first call makes the weights, so that others can be given, and the second is what counts."""
    source.call("one_step_attention", a, s_prev)
    give(source, weights)
    return source.call("one_step_attention", a, s_prev)


def build(source, Ty, n_a, vocabulary, weights):
    """A model that has the given weights."""
    model = source.call("modelf", TX, Ty, n_a, N_S, vocabulary, WRITTEN)
    give(source, weights, model)
    return model


def check_new(source):
    """No shared layer has been called by the time that the file has been read."""
    for name in UNITS:
        if name != "reader":
            check(source.get(name).get_weights() == [], f"{name} was called before the tests began", OUTSIDE)


def run(model, inputs):
    """What a model returns, always as a list."""
    outputs = model.invoke("call", inputs)
    return list(outputs) if type(outputs) in (list, tuple) else [outputs]


# --- one_step_attention


@pytest.mark.points(5, of="one_step_attention")
@pytest.mark.hint(COPY)
def test_look_shape(submission, rng):
    """The context is one vector for each date, with an axis of length one for the step: (m, 1, 2 * n_a)."""
    m, n_a, n_s = 3, 4, 6
    a, s_prev, _ = draw_look(rng, m, n_a, n_s)
    check_new(submission)
    context = submission.call("one_step_attention", a, s_prev)
    shape = getattr(context, "shape", ())
    hints = {
        (m, 2 * n_a): "Keep the axis of length one: the writer reads a sequence, of one step.",
        (m, TX, 2 * n_a): "Weighted, but not added up: the context is one sum over the Tx characters.",
        (m, 1, n_s): "The weights weigh a. The state only helps to find them.",
        (m, 1, 2 * n_a + n_s): "The weights weigh a alone, without the state beside it.",
        (m, TX, 1): "These are the weights. The context is what they make of a.",
    }
    shaped(context, (m, 1, 2 * n_a), "context", "(m, 1, 2 * n_a)", hints.get(shape))


@pytest.mark.points(5, of="one_step_attention")
@pytest.mark.hint(SHARED)
def test_look_shared(submission, rng):
    """Both Dense layers are the shared ones: with their weights the context changes, and without them it stays."""
    a, s_prev, weights = draw_look(rng, 2, 3, 5)
    first = look(submission, a, s_prev, weights)
    close(submission.call("one_step_attention", a, s_prev), first, "the context of a second call", rtol=1e-4, atol=1e-5)
    hint = ONES if np.allclose(first, a.sum(axis=1, keepdims=True), atol=1e-4) else SHARED
    for name in ("densor1", "densor2"):
        changed = {**weights, name: [-value[::-1] for value in weights[name]]}
        after = look(submission, a, s_prev, changed)
        check(not np.allclose(after, first, rtol=1e-3, atol=1e-4), f"the weights of {name} have no influence", hint)


@pytest.mark.points(6, of="one_step_attention")
@pytest.mark.hint(NO_SOFTMAX)
def test_look_shares(submission, rng):
    """Where all places of a text say the same, so does the context: the weights sum to one."""
    a, s_prev, weights = draw_look(rng, 3, 2, 7)
    a[:] = a[:, :1]
    context = look(submission, a, s_prev, weights)
    close(context, a[:, :1], "context", "(m, 1, 2 * n_a)", [(ONES, TX * a[:, :1])], rtol=1e-4, atol=1e-5)


@pytest.mark.points(4, of="one_step_attention")
@pytest.mark.hint("Where the energy is far above all others, the softmax gives nearly all weight to that place.")
def test_look_at_one_place(submission, rng):
    """Where the energy of one place is far above the others, the context is what is said there."""
    m, n_a, n_s = 4, 2, 3
    a, s_prev, weights = draw_look(rng, m, n_a, n_s)
    place = rng.integers(0, TX, m)
    a[:, :, 0] = -1
    a[np.arange(m), place, 0] = 1  # the first number of a says: here
    kernel = np.zeros_like(weights["densor1"][0])
    kernel[0] = 3
    energy = {"densor1": [kernel, np.zeros(10, "float32")], "densor2": [np.full((10, 1), 9, "float32"), np.zeros(1)]}
    context = look(submission, a, s_prev, energy)
    known = [(ONES, a.sum(axis=1, keepdims=True))]
    close(context, a[np.arange(m), place][:, np.newaxis], "context", "(m, 1, 2 * n_a)", known, rtol=1e-4, atol=1e-5)


def check_context(submission, reference, rng, m, n_a, n_s):
    """The context of drawn inputs and weights."""
    a, s_prev, weights = draw_look(rng, m, n_a, n_s)
    context = look(submission, a, s_prev, weights)
    kernel, bias = weights["densor1"]
    turned = {**weights, "densor1": [np.roll(kernel, -n_s, axis=0), bias]}
    known = [
        (ONES, a.sum(axis=1, keepdims=True)),
        (ORDER, lambda: look(reference, a, s_prev, turned)),
        (NO_STATE, lambda: look(reference, a, 0 * s_prev, weights)),
    ]
    expected = look(reference, a, s_prev, weights)
    close(context, expected, "context", "(m, 1, 2 * n_a)", known, rtol=1e-4, atol=1e-5)


@pytest.mark.points(10, of="one_step_attention")
@pytest.mark.hint("Compare with the formulas of section 2, from the energy of one place to the context.")
def test_look(submission, reference, rng):
    """The context is the sum of a over the places, weighted by the softmax of the energies."""
    check_context(submission, reference, rng, 3, 4, 6)


@pytest.mark.hidden
@pytest.mark.points(10, of="one_step_attention")
@pytest.mark.hint(
    "What is right for one size has to be right for all: sizes come from the arguments, not from the file."
)
@pytest.mark.parametrize("m, n_a, n_s", [(1, 1, 1), (5, 3, 2), (2, 6, 64)], ids=["one", "many", "wide"])
def test_look_of_other_sizes(submission, reference, rng, m, n_a, n_s):
    """The context is right whatever the number of dates and the widths are."""
    check_context(submission, reference, rng, m, n_a, n_s)


# --- modelf


@pytest.mark.points(6, of="modelf")
@pytest.mark.hint(SEQUENCES)
def test_model_shape(submission, rng):
    """The model takes a text, a state and a memory, and returns a list of Ty outputs (m, machine_vocab_size)."""
    m, Ty, n_a, vocabulary = 3, 4, 3, 7
    check_new(submission)
    model = submission.call("modelf", TX, Ty, n_a, N_S, vocabulary, WRITTEN)
    check(
        getattr(model, "kind", "") == "model",
        "modelf does not return a Keras model",
        "Return a Model(inputs, outputs).",
    )
    check_told(model.describe(), Ty, vocabulary)
    bias = rng.normal(size=WRITTEN).astype("float32")
    give(submission, {"output_layer": [np.zeros((N_S, WRITTEN), "float32"), bias]})
    outputs = run(model, draw_texts(rng, m, vocabulary))
    check(len(outputs) == Ty, f"the model has {len(outputs)} outputs, expected Ty = {Ty}", APPEND)
    expected = np.tile(np.exp(bias) / np.exp(bias).sum(), (m, 1))  # whatever the state is
    for t, output in enumerate(outputs):
        close(output, expected, f"output {t}", "(m, machine_vocab_size)", hint=PROBABILITIES, rtol=1e-4, atol=1e-5)


def check_told(told, Ty, vocabulary):
    """What a model says of itself: this earns nothing by itself, and tells what is wrong before numbers do."""
    inputs, outputs = told["inputs"], told["outputs"]
    check(inputs == [(None, TX, vocabulary), (None, N_S), (None, N_S)], "the inputs are not X, s0 and c0", INPUTS)
    check(len(outputs) == Ty, f"the model has {len(outputs)} outputs, expected Ty = {Ty}", APPEND)
    shape = "an output does not have the shape (m, machine_vocab_size)"
    check(outputs[0] == (None, WRITTEN), shape, UNITS["output_layer"])


@pytest.mark.points(6, of="modelf")
@pytest.mark.hint(SHARED)
def test_model_layers(submission, reference, rng):
    """The model consists of one reader and the shared layers: with their weights, they alone write the first output."""
    n_a, vocabulary = 3, 5
    weights, inputs = draw_model(rng, n_a, vocabulary), draw_texts(rng, 2, vocabulary)
    model = build(submission, 2, n_a, vocabulary, weights)
    told = sum(value.size for values in weights.values() for value in values)
    others = "the model has weights besides those of the reader and the shared layers"
    check(model.describe()["parameters"] == told, others)
    expected = run(build(reference, 2, n_a, vocabulary, weights), inputs)[0]
    outputs = run(model, inputs)
    check(len(outputs) == 2, "the model does not have Ty outputs", APPEND)
    close(outputs[0], expected, "output 0", "(m, machine_vocab_size)", hint=FIRST, rtol=1e-4, atol=1e-5)


def check_outputs(submission, reference, rng, m, Ty, n_a, vocabulary):
    """The outputs of a model with drawn weights, one after the other."""
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
        close(output, wanted, name, "(m, machine_vocab_size)", known, hint, rtol=1e-4, atol=1e-5)


def check_probabilities(output, shape, name):
    """An output: its shape, then rows that sum to one."""
    output = shaped(output, shape, name, "(m, machine_vocab_size)", UNITS["output_layer"])
    check(np.allclose(output.sum(axis=-1), 1, atol=1e-3), f"{name} does not sum to one", PROBABILITIES)


@pytest.mark.points(10, of="modelf")
@pytest.mark.hint(FIRST)
def test_model_outputs(submission, reference, rng):
    """With the same weights, each of the Ty outputs is what the reference writes."""
    check_outputs(submission, reference, rng, m=2, Ty=3, n_a=4, vocabulary=6)


@pytest.mark.points(9, of="modelf")
@pytest.mark.hint("Follow s and c from one step to the next.")
@pytest.mark.parametrize("thread", THREADS)
def test_model_thread(submission, reference, rng, thread):
    """With weights that cut all threads from step to step but one, the second output shows that this one is there."""
    Ty, n_a, vocabulary = 2, 3, 4
    weights, inputs = draw_model(rng, n_a, vocabulary), draw_texts(rng, 3, vocabulary)
    if thread != "attention":
        weights["densor1"][0][2 * n_a :] = 0  # looks without asking the state
    kernel, recurrent, bias = weights["post_activation_LSTM_cell"]
    if thread != "state":
        recurrent[:] = 0  # the writer does not ask it either
    if thread != "memory":
        forget = GATES.index("forget")
        bias[forget * N_S : (forget + 1) * N_S] = kernel[:, forget * N_S : (forget + 1) * N_S] = 0
        recurrent[:, forget * N_S : (forget + 1) * N_S] = 0
        bias[forget * N_S : (forget + 1) * N_S] = -100  # forgets all of it
    model = build(reference, Ty, n_a, vocabulary, weights)
    expected = run(model, inputs)
    lost, hint = THREADS[thread]
    mixed = ASKS_MEMORY if thread == "attention" else EXCHANGED
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
    """The outputs are right whatever the number of steps and the sizes of reader and vocabulary are."""
    check_outputs(submission, reference, rng, m, Ty, n_a, vocabulary)


# --- attention_map


def map_of(source, weights, x, Ty, n_a):
    """The attention map of one text, of a model with drawn weights."""
    return source.call("attention_map", build(source, Ty, n_a, x.shape[1], weights), x)


def check_shares(weights, Ty):
    """Ty rows of Tx weights that sum to one."""
    shape = getattr(weights, "shape", ())
    hint = "A row for each character written, a column for each character read."
    if shape in ((1, Ty, TX), (Ty, TX, 1), (Ty, 1, TX), (Ty, 1, TX, 1)):
        hint = "Axes of length one are left: take the one date and the one weight out of (1, Tx, 1)."
    if shape == (TX, Ty):
        hint = "The map is transposed: rows are what is written, columns what is read."
    weights = shaped(weights, (Ty, TX), "the map", "(Ty, Tx)", hint)
    check(not np.allclose(weights, 1), "every weight of the map is one", ONES)
    sums = np.allclose(weights.sum(axis=1), 1, atol=1e-3)
    check(
        sums, "the rows of the map do not sum to one", "These are energies. Weights are what activator makes of them."
    )


@pytest.mark.points(6, of="attention_map")
@pytest.mark.hint("A row for each character written, a column for each character read, and each row sums to one.")
def test_map_shares(submission, rng):
    """The map is (Ty, Tx), and each of its rows sums to one."""
    Ty, n_a, vocabulary = 3, 2, 5
    x, weights = draw_texts(rng, 1, vocabulary)[0][0], draw_model(rng, n_a, vocabulary)
    check_shares(map_of(submission, weights, x, Ty, n_a), Ty)


def check_map(submission, reference, rng, Ty, n_a, vocabulary):
    """The map of a drawn text by a model with drawn weights."""
    x, weights = draw_texts(rng, 1, vocabulary)[0][0], draw_model(rng, n_a, vocabulary)
    longer = map_of(reference, weights, x, Ty + 1, n_a)
    expected = longer[:-1]
    answer = map_of(submission, weights, x, Ty, n_a)
    check_shares(answer, Ty)
    known = [
        ("Each row is the first again: the state has to go on from step to step.", np.repeat(longer[:1], Ty, axis=0)),
        ("Row t is where it looked before it wrote character t; these rows are one step late.", longer[1:]),
        ("The rows stand in reverse order.", expected[::-1]),
    ]
    close(answer, expected, "the map", "(Ty, Tx)", known, rtol=1e-4, atol=1e-5)


@pytest.mark.points(7, of="attention_map")
@pytest.mark.hint("The loop is that of the model: both s and c run on, and the look of each step is kept.")
def test_map(submission, reference, rng):
    """Row t is where the model looks before it writes character t."""
    check_map(submission, reference, rng, Ty=4, n_a=3, vocabulary=6)


@pytest.mark.hidden
@pytest.mark.points(7, of="attention_map")
@pytest.mark.hint("The number of steps and the sizes are those of the model that is passed.")
@pytest.mark.parametrize("Ty, n_a, vocabulary", [(3, 5, 4), (6, 2, 8)], ids=["short", "long"])
def test_map_of_other_sizes(submission, reference, rng, Ty, n_a, vocabulary):
    """The map is right whatever the number of steps and the sizes of the model are."""
    check_map(submission, reference, rng, Ty, n_a, vocabulary)


@pytest.mark.hidden
@pytest.mark.points(0, of="attention_map")
@pytest.mark.hint("The map of a trained model shows where yours looks; your instructor sees it beside the reference's.")
def test_exhibit(submission, reference, exhibit):
    """With the weights of a trained model, the map of a date can be shown."""
    with np.load(TRAINED) as kept:
        x, text, iso = kept["x"], str(kept["text"]), str(kept["iso"])
        names = dict.fromkeys(name.rpartition(".")[0] for name in kept.files if "." in name)
        weights = {name: [kept[f"{name}.{n}"] for n in range(6) if f"{name}.{n}" in kept.files] for name in names}
    Ty, n_a = len(iso), weights["reader"][1].shape[0]
    parts = {"title": "Where a trained model looks", "source": text + "·" * (TX - len(text)), "target": iso}
    expected = map_of(reference, weights, x, Ty, n_a)
    exhibit(**parts, submission=None, reference=expected.tolist())
    answer = shaped(map_of(submission, weights, x, Ty, n_a), (Ty, TX), "the map", "(Ty, Tx)")
    exhibit(**parts, submission=np.nan_to_num(answer.astype(float)).tolist(), reference=expected.tolist())
