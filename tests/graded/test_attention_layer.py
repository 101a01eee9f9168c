"""Graded tests of `attention_layer`. Sizes differ from each other, so that a mixed-up axis cannot fit by chance."""

import math

import numpy as np
import pytest

from dlseq.testing import check, close, equal, shaped, unpack
from dlseq.testing.assertions import DISCLOSE_VALUES
from dlseq.testing.rendered_figures import SAVEFIG_HINT, parse_rendered_figure
from dlseq.testing.submission import Remote, SubmissionError

SIZES = {"B": 3, "Tq": 4, "Dq": 6, "Tv": 5, "Dv": 7, "units": 8}
OTHERS = [
    {"B": 1, "Tq": 1, "Dq": 2, "Tv": 1, "Dv": 3, "units": 1},
    {"B": 4, "Tq": 1, "Dq": 3, "Tv": 6, "Dv": 2, "units": 5},
    {"B": 5, "Tq": 7, "Dq": 1, "Tv": 2, "Dv": 4, "units": 3},
]
FLOAT32 = {"rtol": 1e-4, "atol": 1e-5}
WEIGHTS, CONTEXT = "(B, Tq, Tv)", "(B, Tq, Dv)"

ACROSS = (
    "The weights of the queries sum to one for each value. For each query, those of the values have to: mind the axis."
)
NO_SOFTMAX = "The weights of a query do not sum to one. They are what the softmax gives."
UNMASKED = "Padding is looked at as if it were real. Where does the mask go?"
AFTERWARDS = "Masked after the softmax, what padding would have had is lost. It has to be out of the way before."
ONLY_PADDING = "Where nothing is real the weights are zeros. After the softmax, set those of padding to zero as well."
NAN = (
    "Minus infinity everywhere gives 0 / 0. Take a very low number, and set the weights of padding to zero afterwards."
)
THREE = "build makes query_kernel (Dq, units), key_kernel (Dv, units) and energy_kernel (units, 1), in this order."
NAMES = ["query_kernel", "key_kernel", "energy_kernel"]
RATE = 4.0  # of a step of training, long enough to be seen
LEARN = "Weights that self.add_weight makes, and nothing else, can learn; they do unless the layer is told otherwise."
USED = "Each kernel has its own use: see what project makes of key_kernel, and call of all three."
NAMED = "Each weight is told its own name: self.add_weight(name=…, shape=…)."


def numbers(rng, *shape):
    """Numbers of single precision, as layers compute with them."""
    return rng.normal(size=shape).astype("float32")


def some_real(rng, rows, columns):
    """A mask, (rows, columns): in each row the first few are real, at least one, and not all where that is possible."""
    return np.arange(columns) < rng.integers(1, max(columns, 2), (rows, 1))


def sums_of(weights):
    """What is wrong with the sums, if anything, as a known mistake: the weights that came back themselves."""
    if np.isnan(weights).any() or np.allclose(weights.sum(axis=2), 1, atol=1e-3):
        return []
    across = weights.shape[1] > 1 and np.allclose(weights.sum(axis=1), 1, atol=1e-3)
    return [(ACROSS if across else NO_SOFTMAX, weights)]


# --- masked_softmax


@pytest.mark.points(3, of="masked_softmax")
@pytest.mark.hint("Without a mask it is the softmax over the last axis.")
def test_softmax_over_the_values(submission, reference, rng):
    """Without a mask the weights of each query sum to one over the values."""
    energies = numbers(rng, 3, 4, 5)
    weights = shaped(submission.call("masked_softmax", energies), energies.shape, "weights", WEIGHTS)
    expected = reference.call("masked_softmax", energies)
    close(weights, expected, "weights", WEIGHTS, sums_of(weights), **FLOAT32)


@pytest.mark.points(5, of="masked_softmax")
@pytest.mark.hint(
    "Give the padding an energy so low that the softmax makes zero of it, and let the mask fit all queries."
)
def test_padding_receives_nothing(submission, reference, rng):
    """Padding has no weight, and the weights of what is real sum to one."""
    energies, mask = numbers(rng, 3, 4, 5), some_real(rng, 3, 5)
    weights = shaped(submission.call("masked_softmax", energies, mask), energies.shape, "weights", WEIGHTS)
    plain = reference.call("masked_softmax", energies)
    known = [
        (UNMASKED, plain),
        (AFTERWARDS, plain * mask[:, None]),
        (
            "The mask is upside down: True says that a position is real.",
            reference.call("masked_softmax", energies, ~mask),
        ),
        (
            "An energy of zero is no low energy: the softmax makes a one of it. It has to be far below all others.",
            reference.call("masked_softmax", np.where(mask[:, None], energies, 0).astype("float32")),
        ),
    ]
    close(weights, reference.call("masked_softmax", energies, mask), "weights", WEIGHTS, known, **FLOAT32)


@pytest.mark.points(4, of="masked_softmax")
@pytest.mark.hint(ONLY_PADDING)
def test_nothing_but_padding(submission, reference, rng):
    """An example that is all padding has zeros for weights, and the others are as if it were not there."""
    energies, mask = numbers(rng, 4, 2, 3), some_real(rng, 4, 3)
    mask[2] = False
    weights = shaped(submission.call("masked_softmax", energies, mask), energies.shape, "weights", WEIGHTS)
    check(not np.isnan(weights).any(), "the weights of an example that is all padding contain NaN", NAN)
    check(not weights[2].any(), "the weights of an example that is all padding are not zero", ONLY_PADDING)
    close(weights, reference.call("masked_softmax", energies, mask), "weights", WEIGHTS, **FLOAT32)


@pytest.mark.hidden
@pytest.mark.points(3, of="masked_softmax")
@pytest.mark.hint(
    "Only differences count. What takes the exponential of large numbers overflows; ops.softmax does not."
)
@pytest.mark.parametrize("offset", [512, -512, -30000], ids=["high", "low", "very low"])
def test_energies_far_from_zero(submission, reference, rng, offset):
    """The same number added to all energies changes nothing, however large it is."""
    energies, mask = np.round(numbers(rng, 2, 3, 6) * 32) / 32, some_real(rng, 2, 6)
    weights = submission.call("masked_softmax", energies + np.float32(offset), mask)
    close(weights, reference.call("masked_softmax", energies, mask), "weights", WEIGHTS, **FLOAT32)


@pytest.mark.hidden
@pytest.mark.points(3, of="masked_softmax")
@pytest.mark.hint("What is right for one size has to be right for all, wherever the padding stands.")
@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 6, 2), (4, 4, 4), (2, 1, 9)], ids=["one", "many", "same", "long"])
def test_masked_softmax_of_other_sizes(submission, reference, rng, shape):
    """The weights are right for all sizes, and for padding at the beginning or in the middle as well."""
    energies, mask = numbers(rng, *shape), rng.random((shape[0], shape[2])) < 0.6
    weights = submission.call("masked_softmax", energies, mask)
    close(weights, reference.call("masked_softmax", energies, mask), "weights", WEIGHTS, **FLOAT32)


# --- AttentionLayer


def draw(rng, B, Tq, Dq, Tv, Dv, units):
    """A query, a value, and the three weights of a layer for them."""
    return numbers(rng, B, Tq, Dq), numbers(rng, B, Tv, Dv), draw_weights(rng, Dq, Dv, units)


def draw_weights(rng, Dq, Dv, units):
    return [0.7 * numbers(rng, Dq, units), 0.7 * numbers(rng, Dv, units), 1.5 * numbers(rng, units, 1)]


def layer_with(where, query, value, weights):
    """A layer of `where`, built for the query and the value, that has these weights."""
    return with_weights(where.call("AttentionLayer", weights[2].shape[0]), query, value, weights)


def with_weights(layer, query, value, weights):
    """A layer that is new, built for the query and the value, with these weights."""
    layer.invoke("build", [query.shape, value.shape])
    equal(layer.describe()["weights"], [one.shape for one in weights], "the list of shapes of the weights", hint=THREE)
    layer.set_weights(weights)
    return layer


def look(layer, query, value, **keywords):
    """The context and the weights that a layer gives."""
    found = layer.invoke("call", [query, value], return_attention_scores=True, **keywords)
    return unpack(found, "context", "weights", of="AttentionLayer.call")


def context_of(layer, query, value):
    """The context that a layer gives by itself."""
    found = layer.invoke("call", [query, value])
    return shaped(found, (*query.shape[:2], value.shape[2]), "context", CONTEXT)


@pytest.mark.points(4, of="AttentionLayer")
@pytest.mark.hint(THREE)
@pytest.mark.parametrize("part", ["keys", "all three"])
def test_build(submission, reference, rng, part):
    """Building makes three weights, each with its name and the sizes that inputs and `units` say, and they learn."""
    widths = {} if part == "keys" else {"Dq": 6, "Dv": 6, "units": 6}  # equal ones: the names alone tell them apart
    query, value, weights = draw(rng, **{**SIZES, **widths})
    layer, asked = (where.call("AttentionLayer", weights[2].shape[0]) for where in (submission, reference))
    for one in (layer, asked):
        one.invoke("build", [query.shape, value.shape])
    check_weights(layer.describe(), weights)
    named = {NAMES[place]: weights[place] for place in rng.permutation(3).tolist()}
    for one in (layer, asked):
        one.invoke("assign", named)
    if part == "keys":
        expected = asked.invoke("project", value)
        close(
            layer.invoke("project", value), expected, "what key_kernel makes of the values", "(B, Tv, units)", hint=USED
        )
        return
    before = look(asked, query, value)[0]
    targets = numbers(rng, *before.shape)
    for one in (layer, asked):
        one.invoke("train", [query, value], targets, RATE)
    expected = look(asked, query, value)[0]
    context = look(layer, query, value)[0]
    close(context, expected, "the context after a step of training", CONTEXT, [(LEARN, before)], USED, **FLOAT32)


def check_weights(facts, weights):
    """What a layer says of its weights: this earns nothing by itself, and tells what is wrong before numbers do."""
    count = len(facts["weights"])
    if count > 3:
        check(False, f"the layer has {count} weights, expected 3", f"There are no biases. {THREE}")
    if count == 2:
        each = "Queries and values are projected each by a kernel of its own."
        check(False, "the layer has 2 weights, expected 3", each)
    equal(facts["weights"], [one.shape for one in weights], "the list of shapes of the weights", hint=THREE)
    equal(facts["names"], NAMES, "the list of names of the weights", hint=NAMED)
    equal(facts["trainable"], sum(one.size for one in weights), "the number of trainable values", hint=LEARN)


@pytest.mark.points(3, of="AttentionLayer")
@pytest.mark.hint("__init__ takes **kwargs for the parent class, and passes them on to it.")
def test_what_every_layer_takes(submission, rng):
    """What every Keras layer takes has its effect: a layer with `trainable=False` does not learn, and others do."""
    units = SIZES["units"]
    query, value, _ = draw(rng, **{**SIZES, "Dv": units})
    targets = numbers(rng, SIZES["B"], SIZES["Tq"], units)
    for learns in rng.permutation([True, True, False, False]).tolist():
        layer = submission.call("AttentionLayer", units, **({} if learns else {"trainable": False}))
        layer.invoke("build", [query.shape, value.shape])
        before = context_of(layer, query, value)
        layer.invoke("train", [query, value], targets, RATE)
        after = context_of(layer, query, value)
        if learns:
            check(not np.allclose(after, before, **FLOAT32), "a step of training leaves the layer as it was", LEARN)
        else:
            close(after, before, "the context of a layer made with trainable=False, after training", **FLOAT32)


@pytest.mark.points(5, of="AttentionLayer")
@pytest.mark.hint("The keys are the product of the value and key_kernel, and nothing else.")
def test_project(submission, reference, rng):
    """Keys are the projected values, one for each."""
    query, value, weights = draw(rng, **{**SIZES, "Dq": SIZES["Dv"]})
    keys = layer_with(submission, query, value, weights).invoke("project", value)
    asked = layer_with(reference, query, value, weights)
    expected = asked.invoke("project", value)
    asked.set_weights([weights[1], weights[0], weights[2]])
    known = [
        ("The values are projected with the kernel of the query.", asked.invoke("project", value)),
        ("The tanh comes later, around the sum of query and key.", np.tanh(expected)),
    ]
    close(keys, expected, "keys", "(B, Tv, units)", known, **FLOAT32)


@pytest.mark.points(8, of="AttentionLayer")
@pytest.mark.hint("Project the query, add it to every key, take the tanh, multiply by energy_kernel, then the softmax.")
def test_score(submission, reference, rng):
    """The weights come from the additive score, and sum to one for each query."""
    query, value, weights = draw(rng, **SIZES)
    seen = look(layer_with(submission, query, value, weights), query, value)[1]
    asked = layer_with(reference, query, value, weights)
    expected = look(asked, query, value)[1]

    def changed(query_by=1.0, key_by=1.0, energy_by=1.0):
        factors = np.array([query_by, key_by, energy_by], dtype="float32")
        asked.set_weights([one * by for one, by in zip(weights, factors, strict=True)])
        return look(asked, query, value)[1]

    known = [
        ("The tanh is missing: without it the query has no say in where to look.", changed(1e-3, 1e-3, 1e3)),
        ("The query has no influence on the weights.", changed(query_by=0.0)),
        ("The values have no influence on the weights.", changed(key_by=0.0)),
        ("The weights are all alike: energy_kernel is not used, or adds up to nothing.", changed(energy_by=0.0)),
        ("The key is taken away from the query. The score adds them.", changed(key_by=-1.0)),
    ]
    seen = shaped(seen, expected.shape, "weights", WEIGHTS)
    close(seen, expected, "weights", WEIGHTS, [*known, *sums_of(seen)], **FLOAT32)


@pytest.mark.points(5, of="AttentionLayer")
@pytest.mark.hint("The context of a query is the sum of the values, each times its weight: (B, Tq, Tv) @ (B, Tv, Dv).")
def test_context(submission, reference, rng):
    """The context is the values' sum, weighted."""
    query, value, weights = draw(rng, **SIZES)
    context, seen = look(layer_with(submission, query, value, weights), query, value)
    seen = shaped(seen, (SIZES["B"], SIZES["Tq"], SIZES["Tv"]), "weights", WEIGHTS)
    keys = layer_with(reference, query, value, weights).invoke("project", value)
    expected = seen @ value  # with the weights that came back: whether they are right is asked elsewhere
    known = [
        ("The context is made of values. Keys only say where to look.", seen @ keys),
        (
            "The context is an average of all values, whatever their weights.",
            0 * expected + value.mean(1, keepdims=True),
        ),
        ("A context for each query is needed: sum over the values, not over the queries.", expected.sum(axis=1)),
    ]
    close(context, expected, "context", CONTEXT, known, **FLOAT32)


@pytest.mark.points(3, of="AttentionLayer")
@pytest.mark.hint("return_attention_scores decides what is returned: the context alone, or context and weights.")
def test_weights_on_request(submission, rng):
    """Unless the weights are asked for, the context is returned alone."""
    query, value, weights = draw(rng, **SIZES)
    layer = layer_with(submission, query, value, weights)
    context = layer.invoke("call", [query, value])
    pair = "Return the weights only if return_attention_scores is true."
    check(type(context) not in (tuple, list), "several values were returned, and the context alone was asked for", pair)
    shaped(context, (SIZES["B"], SIZES["Tq"], SIZES["Dv"]), "context", CONTEXT)
    close(context, look(layer, query, value)[0], "the context without its weights", CONTEXT, **FLOAT32)


@pytest.mark.points(6, of="AttentionLayer")
@pytest.mark.hint("mask is a list: that of the query and that of the value. Pass the second to masked_softmax.")
def test_mask(submission, rng):
    """What is padding in the value has no weight and no influence on the context."""
    query, value, weights = draw(rng, **{**SIZES, "Tq": SIZES["Tv"]})
    mask, query_mask = some_real(rng, SIZES["B"], SIZES["Tv"]), rng.random((SIZES["B"], SIZES["Tv"])) < 0.7
    layer = layer_with(submission, query, value, weights)
    context, seen = look(layer, query, value, mask=[query_mask, mask])
    everywhere = shaped(look(layer, query, value)[1], (*query.shape[:2], value.shape[1]), "weights", WEIGHTS)
    known = [
        (UNMASKED, everywhere),
        (AFTERWARDS, everywhere * mask[:, None]),
        (
            "That is the mask of the query. The one of the value stands second in the list.",
            shared(everywhere, query_mask),
        ),
    ]
    close(seen, shared(everywhere, mask), "weights", WEIGHTS, known, **FLOAT32)
    context = shaped(context, (*query.shape[:2], value.shape[2]), "context", CONTEXT)
    # of queries that are padding the context may be anything
    close(context[query_mask], (seen @ value)[query_mask], "the context of real queries", "(any, Dv)", **FLOAT32)


def shared(weights, mask):
    """What the weights become where those of padding are handed to the others in proportion."""
    left = weights * mask[:, None]
    return left / np.maximum(left.sum(axis=2, keepdims=True), 1e-30)


@pytest.mark.points(5, of="AttentionLayer")
@pytest.mark.hint("Where keys are given, they are what the query is compared with; project only where there are none.")
def test_keys_are_projected_once(submission, reference, rng):
    """Keys that are given are used as they are, and the context still comes from the values."""
    query, value, weights = draw(rng, **SIZES)
    keys = numbers(rng, SIZES["B"], SIZES["Tv"], SIZES["units"])
    layer, asked = (layer_with(where, query, value, weights) for where in (submission, reference))
    context, seen = look(layer, query, value, keys=keys)
    expected_context, expected = look(asked, query, value, keys=keys)
    known = [
        ("The keys that were given are not looked at: the values are projected anew.", look(asked, query, value)[1])
    ]
    close(seen, expected, "weights", WEIGHTS, known, **FLOAT32)
    made_of_keys = [("The context is made of values. Keys only say where to look.", expected @ keys)]
    close(context, expected_context, "context", CONTEXT, made_of_keys, **FLOAT32)


@pytest.mark.points(3, of="AttentionLayer")
@pytest.mark.hint("mask is None, or the list of two. The context has a row for each query.")
def test_compute_mask(submission, rng):
    """The mask of the query goes on, if there is one."""
    query, value = numbers(rng, 2, 4, 3), numbers(rng, 2, 5, 3)
    layer, masks = submission.call("AttentionLayer", 2), [some_real(rng, 2, 4), some_real(rng, 2, 5)]
    known = [("That is the mask of the value. The context has a row for each query.", masks[1])]
    close(layer.invoke("compute_mask", [query, value], masks), masks[0], "the mask", "(B, Tq)", known)
    nothing = "Where there is no mask, there is none to go on: None."
    equal(layer.invoke("compute_mask", [query, value], [None, masks[1]]), None, "the mask", hint=nothing)
    equal(layer.invoke("compute_mask", [query, value]), None, "the mask", hint=nothing)


@pytest.mark.points(4, of="AttentionLayer")
@pytest.mark.hint("get_config returns a dict: all of super().get_config(), and whatever __init__ takes besides.")
def test_config(submission, rng):
    """The settings have all that is needed to make an equal layer elsewhere, which gives equal answers."""
    units, name = int(rng.integers(5, 12)), f"eye{rng.integers(1000)}"
    query, value, weights = draw(rng, **{**SIZES, "Dv": units, "units": units})
    layer = with_weights(submission.call("AttentionLayer", units, name=name), query, value, weights)
    settings = layer.invoke("get_config")
    check_settings(settings, units, name)
    contents, copy = submission.reload_file(layer.save_file())
    check_contents(contents, units, name, weights)
    check(type(copy) is Remote and copy.kind == "layer", "what is loaded from a file is no layer")
    seen = context_of(copy, query, value)  # before anybody there is told the weights

    def ask(weights):
        layer = with_weights(submission.call("AttentionLayer", **settings), query, value, weights)
        return context_of(layer, query, value)

    check_answers(rng, seen, ask, weights, "what the layer from a file gives")


def check_settings(settings, units, name):
    """The settings of a layer that was made with these."""
    check(type(settings) is dict, "get_config returned something else than a dict")
    missing = "__init__ cannot be called without it: add all that __init__ takes to what the parent class gives."
    check("units" in settings, "there is no units among the settings", missing)
    equal(settings["units"], units, "units")
    lost = "The settings of every layer, such as its name, are lost: begin with what super().get_config() gives."
    check("name" in settings and "trainable" in settings, "the settings that every layer has are missing", lost)
    equal(settings["name"], name, "name", hint=lost)


def check_contents(contents, units, name, weights):
    """The file holds a layer of these settings and these weights, for whoever reads it."""
    found = [settings for kind, settings in contents["layers"] if kind == "AttentionLayer"]
    check(len(found) == 1, "the file has not exactly one AttentionLayer")
    check_settings(found[0], units, name)
    held = [any(np.array_equal(one, kept) for kept in contents["weights"]) for one in weights]
    check(all(held), "the file does not hold the weights", "Keras writes what self.add_weight has made.")


def check_answers(rng, seen, ask, weights, name):
    """Whoever has the weights gives what was seen, and whoever has others does not. Who comes when is drawn."""
    for own in rng.permutation([True, True, False, False]).tolist():
        given = weights if own else [numbers(rng, *one.shape) for one in weights]
        found = shaped(ask(given), seen.shape, name)
        if own:
            close(seen, found, name, **FLOAT32)
        else:
            check(not np.allclose(seen, found, **FLOAT32), f"the weights have no influence on {name}", USED)


@pytest.mark.hidden
@pytest.mark.points(4, of="AttentionLayer")
@pytest.mark.hint("What is right for one size has to be right for all. Name the axes that you squeeze.")
@pytest.mark.parametrize("sizes", OTHERS, ids=["one", "single query", "wide"])
def test_layer_of_other_sizes(submission, reference, rng, sizes):
    """The layer is right for all sizes, with examples that are all padding among them."""
    query, value, weights = draw(rng, **sizes)
    mask = some_real(rng, sizes["B"], sizes["Tv"])
    layer, asked = (layer_with(where, query, value, weights) for where in (submission, reference))
    for chosen in (mask, mask & (np.arange(sizes["B"]) > 0)[:, None]):
        context, seen = look(layer, query, value, mask=[None, chosen])
        expected_context, expected = look(asked, query, value, mask=[None, chosen])
        close(seen, expected, "weights", WEIGHTS, **FLOAT32)
        close(context, expected_context, "context", CONTEXT, **FLOAT32)


@pytest.mark.hidden
@pytest.mark.points(2, of="AttentionLayer")
@pytest.mark.hint("Each input has a kernel of its own, and keys that are given have been through theirs already.")
def test_equal_widths(submission, reference, rng):
    """Where query, value and keys are equally wide, each still goes through its own kernel, and keys through none."""
    query, value, weights = draw(rng, **{**SIZES, "Dq": 6, "Dv": 6, "units": 6})
    layer, asked = (layer_with(where, query, value, weights) for where in (submission, reference))
    keys = asked.invoke("project", value)
    seen, seen_with_keys = look(layer, query, value)[1], look(layer, query, value, keys=keys)[1]
    expected = look(asked, query, value)[1]
    twice = look(asked, query, value, keys=asked.invoke("project", keys))[1]
    shared = "Query and value go through the same kernel. Each has its own."
    known = []
    for one in weights[:2]:
        asked.set_weights([one, one, weights[2]])
        known.append((shared, look(asked, query, value)[1]))
    asked.set_weights([weights[1], weights[0], weights[2]])
    known.append(("The two kernels are exchanged.", look(asked, query, value)[1]))
    close(seen, expected, "weights", WEIGHTS, known, **FLOAT32)
    again = [("Keys that are given were projected already. Do not project them again.", twice)]
    close(seen_with_keys, expected, "weights", WEIGHTS, again, **FLOAT32)


def reading_model(submission, units=5, name="eye"):
    """A model with a layer in it, and the shapes of its weights."""
    try:
        model = submission.call("reader", submission.call("AttentionLayer", units, name=name))
        shapes = model.describe()["weights"]
        check(sum(map(math.prod, shapes)) < 10_000, "the model has more weights than such a layer can have")
    except SubmissionError as error:
        graph = "A model is a graph of tensors without numbers, which NumPy cannot compute with. Use ops."
        check("symbolic" not in error.message, "the layer cannot be used in a model", graph)
        raise
    return model, shapes


@pytest.mark.hidden
@pytest.mark.points(3, of="AttentionLayer")
@pytest.mark.hint("In a model mask comes as a list of two. Use ops for all that is done to tensors.")
def test_padding_in_a_model(submission, rng):
    """In a model whose embeddings mark padding, zeros at the end of either row change nothing."""
    model, shapes = reading_model(submission)
    model.set_weights([numbers(rng, *shape) for shape in shapes])
    first, second = rng.integers(1, 20, (4, 3)), rng.integers(1, 20, (4, 5))
    answer = model.predict([first, second])
    close(model.predict([np.pad(first, ((0, 0), (0, 2))), second]), answer, "with a longer query", **FLOAT32)
    close(model.predict([first, np.pad(second, ((0, 0), (0, 3)))]), answer, "with a longer value", **FLOAT32)


@pytest.mark.hidden
@pytest.mark.points(3, of="AttentionLayer")
@pytest.mark.hint(
    "A model is read from a file by making each layer from its settings, and giving it its weights by name."
)
def test_a_file(submission, rng):
    """A model with the layer in it goes through a file to another process and gives the same answers there."""
    units, name = int(rng.integers(3, 9)), f"eye{rng.integers(1000)}"
    model, shapes = reading_model(submission, units, name)
    weights = [numbers(rng, *shape) for shape in shapes]
    rows = [rng.integers(1, 20, (4, 3)), rng.integers(0, 20, (4, 5))]
    query, value = numbers(rng, 2, 3, 4), numbers(rng, 2, 5, 6)
    model.set_weights(weights)

    def answers(model):
        """What the model gives, and the layer in it that has the name."""
        given = shaped(model.invoke("call", rows), (4, 6), "what the model gives")
        return np.concatenate([given.ravel(), context_of(model.invoke("layer", name), query, value).ravel()])

    def ask(weights):
        model, _ = reading_model(submission, units, name)
        model.set_weights(weights)
        return answers(model)

    contents, loaded = submission.reload_file(model.save_file())
    check_contents(contents, units, name, weights)
    check(type(loaded) is Remote and loaded.kind == "model", "what is loaded from a file is no model")
    seen = answers(loaded)  # before anybody there is told the weights
    check_answers(rng, seen, ask, weights, "what the loaded model gives")


# --- attention_heatmap


def draw_map(rng, Ty, Tx):
    """Attention weights, (Ty, Tx): rows that sum to one, none like another."""
    return rng.dirichlet(np.full(Tx, 0.5), Ty)


def panel_of(figure):
    """The one panel of a figure that has a map, and the map."""
    check(
        type(figure) is Remote and figure.kind == "figure",
        "attention_heatmap returned something else than a Matplotlib figure",
        "Return the figure that sheet gave, not its axes and not what plt.show() returns.",
    )
    panels = [one for one in figure.describe()["panels"] if one["maps"]]
    check(
        len(panels) == 1 and len(panels[0]["maps"]) == 1, "the figure has not exactly one map", "Draw it with imshow."
    )
    (drawn,) = panels[0]["maps"]
    check(
        drawn["values"].ndim == 2, "the map is a picture in colours already", "Pass the weights to imshow as they are."
    )
    return panels[0], drawn


def picture_of(figure):
    """The picture of a figure. What a figure says of itself tells what is wrong; what is right has to be seen."""
    return parse_rendered_figure(figure.render())


def check_seen(figure, weights):
    """The map is to be seen, in the colours of its weights."""
    check(
        bool(picture_of(figure).cells_match(weights).all()),
        "the colours of the map are not those of the weights",
        SAVEFIG_HINT,
    )


def as_seen(panel, drawn):
    """The values of a map from top to bottom and from left to right, and the middles of its rows and columns."""
    across, down = ((edges[1:] + edges[:-1]) / 2 for edges in (drawn["xedges"], drawn["yedges"]))
    columns = np.argsort(across if panel["xlim"][0] < panel["xlim"][1] else -across)
    rows = np.argsort(down if panel["ylim"][0] > panel["ylim"][1] else -down)
    return drawn["values"][rows][:, columns], down[rows], across[columns]


@pytest.mark.points(5, of="attention_heatmap")
@pytest.mark.hint("Pass the weights to imshow as they are, cut to the tokens that there are.")
def test_map(submission, rng):
    """The map shows the weights as they are, the first step written on top, the first step read on the left."""
    weights = draw_map(rng, 4, 6)
    figure = submission.call("attention_heatmap", weights, "abcdef", list("wxyz"))
    seen = as_seen(*panel_of(figure))[0]
    rescaled = "The weights are stretched. Show them as they are, and say with the colour bar what a colour means."
    known = [
        ("The map is transposed: a row for each step written, a column for each step read.", weights.T),
        ("The first step written stands at the bottom. One reads from the top: turn the axis round.", weights[::-1]),
        ("The first step read stands on the right.", weights[:, ::-1]),
        (rescaled, weights / weights.max()),
        (rescaled, weights / weights.max(axis=1, keepdims=True)),
        (rescaled, (weights - weights.min()) / np.ptp(weights)),
        ("These are logarithms. Show the weights as they are.", np.log(weights)),
    ]
    close(seen, weights, "the map", "(Ty, Tx)", known)
    check_seen(figure, weights)


@pytest.mark.points(4, of="attention_heatmap")
@pytest.mark.hint("set_xticks and set_yticks take positions and labels: one for each token, in the middle of its cell.")
def test_labels(submission, rng):
    """Each column is labelled with its token of the source, and each row with its token of the target."""
    source, target = ["five", "may", "of", "98"], ["05", "-", "1998"]
    check_labels(submission.call("attention_heatmap", draw_map(rng, 3, 4), source, target), source, target)


def check_labels(figure, source, target):
    """Tick labels: the tokens in order, each in the middle of its cell, and to be read in the picture."""
    panel, drawn = panel_of(figure)
    _, rows, columns = as_seen(panel, drawn)
    other = "The labels belong to the other axis: columns are the source, rows are the target."
    backwards = "The labels run against the map: they have to turn round with the rows."
    for name, axis, tokens, others, middles in (
        ("the columns", "x", source, target, columns),
        ("the rows", "y", target, source, rows),
    ):
        ticks = panel[f"{axis}ticks"]
        limits = panel[f"{axis}lim"]
        against = (limits[0] > limits[1]) != (axis == "y")
        ticks = sorted(ticks, reverse=against)
        known = [(other, list(others)), (backwards, list(tokens)[::-1])]
        equal([label for _, label in ticks], list(tokens), f"the list of labels of {name}", known)
        close(
            np.array([position for position, _ in ticks]),
            middles,
            f"the positions of the labels of {name}",
            hint="Each label stands in the middle of its cell. Cells of imshow have their middles at 0, 1, 2, …",
            atol=0.26,
        )
    picture = picture_of(figure)
    for name, axis, tokens in (("columns", "x", source), ("rows", "y", target)):
        check(
            all(picture.readable_labels(axis, list(tokens))),
            f"not all labels of the {name} are to be read",
            SAVEFIG_HINT,
        )


@pytest.mark.points(3, of="attention_heatmap")
@pytest.mark.hint("vmin and vmax fix the colours, figure.colorbar shows them, and the axes have names.")
def test_colours(submission, rng):
    """Colours run from 0 to 1, a bar tells what they mean, and both axes have names."""
    weights = 0.5 * np.eye(3) + 0.5 / 3
    figure = submission.call("attention_heatmap", weights, "abc", "xyz")
    panel, drawn = panel_of(figure)
    low, high = drawn["limits"]
    same = "Fix both ends of the colours, so that the same colour is the same weight in every picture: vmin, vmax."
    check(low == 0 and high == 1, "the colours do not run from 0 to 1", same)
    check(drawn["colorbar"], "there is no bar that tells what the colours mean", "figure.colorbar(…) draws one.")
    names = panel["xlabel"].strip(), panel["ylabel"].strip()
    unnamed = "the axes do not say which is which"
    told = all(names) and names[0] != names[1] and not set(names) & set("abcxyz")
    check(told, unnamed, "Name both: set_xlabel, set_ylabel.")
    picture = picture_of(figure)
    check(
        picture.has_axis_label("x", panel["xlabel"]) and picture.has_axis_label("y", panel["ylabel"]),
        unnamed,
        SAVEFIG_HINT,
    )
    check(
        bool(picture.cells_match_colorbar(weights).all()),
        "the colours of the map are not those of the bar",
        SAVEFIG_HINT,
    )
    numbers = picture.readable_numbers()
    check(len(numbers) > 1 and all(numbers), "no numbers at the bar say what the colours mean", SAVEFIG_HINT)


@pytest.mark.points(1, of="attention_heatmap")
@pytest.mark.hint("sheet(columns, rows) makes a figure that fits the map. Count the tokens: padding is not shown.")
def test_size(submission, rng):
    """More columns make the figure broader, more rows make it higher, and padding does neither."""

    def size_of(Ty, Tx, padding=0):
        weights = np.pad(draw_map(rng, Ty, Tx), (0, padding))
        shown = submission.call("attention_heatmap", weights, "abcdefghijkl"[:Tx], "zyxwvutsrqpo"[:Ty])
        panel_of(shown)
        height, width, _ = picture_of(shown).pixels.shape
        return width, height

    few, broad, high, padded = size_of(3, 4), size_of(3, 12), size_of(11, 4), size_of(3, 4, padding=5)
    check(broad[0] > few[0], "a map of more columns has no broader figure")
    check(high[1] > few[1], "a map of more rows has no higher figure")
    check(padded == few, "padding makes the figure larger, although it is not shown")


def check_refused(submission, weights, source, target, what):
    """The call has to end with a ValueError."""
    try:
        submission.call("attention_heatmap", weights, source, target)
    except SubmissionError as error:
        if error.kind in ("NotImplementedError", "Missing", "ImportFailed"):
            raise
        raised = error.kind if DISCLOSE_VALUES.get() else "something else"
        check(error.kind == "ValueError", f"{what}: raised {raised}, expected a ValueError", "Check before you draw.")
        return
    check(False, f"{what}: drawn, expected a ValueError", "What would be shown has to sum to one in each row.")


@pytest.mark.points(3, of="attention_heatmap")
@pytest.mark.hint("Before you draw, look whether each row of what would be shown sums to one.")
@pytest.mark.parametrize("what", ["energies", "too few rows"])
def test_refusal(submission, rng, what):
    """What cannot be the attention weights of these tokens is refused with a ValueError."""
    weights = draw_map(rng, 3, 5)
    drawn = {"energies": np.log(weights) + 9, "too few rows": weights}[what]
    check_refused(submission, drawn, "abcde", "xyz" if what == "energies" else "wxyz", what)


@pytest.mark.hidden
@pytest.mark.points(3, of="attention_heatmap")
@pytest.mark.hint("Cut the rows to the tokens of the target, and the columns to those of the source.")
@pytest.mark.parametrize("sizes", [[(1, 1), (1, 2)], [(2, 7)], [(9, 3)]], ids=["one", "broad", "tall"])
def test_padding_is_cut_off(submission, rng, sizes):
    """Rows and columns of padding are not shown, whatever the sizes are."""
    for Ty, Tx in sizes:
        weights = draw_map(rng, Ty, Tx)
        if Ty > 1:
            weights[-1] = np.eye(Tx)[0]  # a weight may be exactly zero
        padded = np.pad(weights, ((0, 2), (0, 3)))
        figure = submission.call("attention_heatmap", padded.tolist(), "abcdefgh"[:Tx], "zyxwvutsr"[:Ty])
        seen = as_seen(*panel_of(figure))[0]
        close(seen, weights, "the map", "(Ty, Tx)", [("Padding is shown. Cut the weights to the tokens.", padded)])
        check_seen(figure, weights)


@pytest.mark.hidden
@pytest.mark.points(2, of="attention_heatmap")
@pytest.mark.hint(
    "Label each cell with its own token, also where the same token comes twice, and where it is a string."
)
def test_labels_that_repeat(submission, rng):
    """Tokens may repeat, and a string counts as its letters."""
    source, target = "2/2/2022", "2022-02-02"
    value = submission.call("attention_heatmap", draw_map(rng, len(target), len(source)), source, target)
    check_labels(value, source, target)


@pytest.mark.hidden
@pytest.mark.points(3, of="attention_heatmap")
@pytest.mark.hint("Rows sum to one, nothing is negative, there are two axes, and no weight is left on what is cut off.")
@pytest.mark.parametrize("what", ["a sum of a half", "negative", "padding", "three axes", "too few columns"])
def test_other_refusals(submission, rng, what):
    """Negative weights, weights on padding, and other shapes are refused as well."""
    weights = draw_map(rng, 3, 5)
    negative = weights.copy()
    negative[1, :2] = -0.5, weights[1, :2].sum() + 0.5
    drawn = {
        "a sum of a half": np.concatenate([weights[:2], weights[2:] / 2]),
        "negative": negative,
        "padding": 0.9 * weights + 0.02,
        "three axes": np.repeat(weights[..., None], 5, axis=2),
        "too few columns": weights,
    }[what]
    source = {"padding": "abcd", "too few columns": "abcdef"}.get(what, "abcde")
    check_refused(submission, drawn, source, "xyz", what)
