"""Graded tests of `attention_layer`. All sizes differ, so that exchanged axes cannot fit by chance."""

import math

import numpy as np
import pytest

from dlseq.testing import check, close, equal, shaped, unpack
from dlseq.testing.assertions import DISCLOSE_VALUES
from dlseq.testing.rendered_figures import SAVEFIG_HINT, parse_rendered_figure
from dlseq.testing.submission import Remote, SubmissionError

SIZES = {"B": 3, "Tq": 4, "Dq": 6, "Tv": 5, "Dv": 7, "units": 8}
OTHER_SIZES = [
    {"B": 1, "Tq": 1, "Dq": 2, "Tv": 1, "Dv": 3, "units": 1},
    {"B": 4, "Tq": 1, "Dq": 3, "Tv": 6, "Dv": 2, "units": 5},
    {"B": 5, "Tq": 7, "Dq": 1, "Tv": 2, "Dv": 4, "units": 3},
]
FLOAT32 = {"rtol": 1e-4, "atol": 1e-5}
WEIGHTS, CONTEXT = "(B, Tq, Tv)", "(B, Tq, Dv)"

ACROSS = (
    "The weights sum to one over the queries. They have to sum to one over the values, for each query: mind the axis."
)
NO_SOFTMAX = "The weights of a query do not sum to one. They are the output of the softmax."
UNMASKED = "Padding gets weight, as if it were real. Where is the mask applied?"
AFTERWARDS = "The share of padding is lost when it is masked after the softmax: mask before the softmax."
ONLY_PADDING = "Where nothing is real, all weights are zero. After the softmax, set those of padding to zero as well."
INDIFFERENT = (
    "The score adds the projected query to each key and takes the tanh of the sum: each query has its weights."
)
NAN = "Minus infinity everywhere gives 0 / 0. Use a very low finite number, then set the weights of padding to zero."
THREE = "build makes query_kernel (Dq, units), key_kernel (Dv, units) and energy_kernel (units, 1), in this order."
NAMES = ["query_kernel", "key_kernel", "energy_kernel"]
LEARNING_RATE = 4.0  # one step has a visible effect
LEARN = "Weights made by self.add_weight are trainable by default; nothing else is."
USED = "Each kernel has its own use: project uses key_kernel, and call uses all three."
NAMED = "Each weight needs a name of its own: self.add_weight(name=…, shape=…)."


def numbers(rng, *shape):
    """Draw normal numbers in float32, the precision of the layers."""
    return rng.normal(size=shape).astype("float32")


def some_real(rng, rows, columns):
    """Draw a mask, (rows, columns): in each row the first few are real, at least one, and if possible not all."""
    return np.arange(columns) < rng.integers(1, max(columns, 2), (rows, 1))


def sums_of(weights):
    """Return a known mistake if the weights do not sum to one over the values."""
    if np.isnan(weights).any() or np.allclose(weights.sum(axis=2), 1, atol=1e-3):
        return []
    across = weights.shape[1] > 1 and np.allclose(weights.sum(axis=1), 1, atol=1e-3)
    return [(ACROSS if across else NO_SOFTMAX, weights)]


def check_depends(weights):
    """Check that weights sum to one over the values and differ from query to query.

    Before weights of a submission are compared with others of it: zeros would fit zeros.
    """
    known = sums_of(weights)
    check(not known, "the weights of a query do not sum to one over the values", known[0][0] if known else None)
    check(not np.allclose(weights, weights[:, :1], **FLOAT32), "all queries have the same weights", INDIFFERENT)


# --- masked_softmax


@pytest.mark.points(3, of="masked_softmax")
@pytest.mark.hint("Without a mask it is the softmax over the last axis.")
def test_softmax_over_the_values(submission, reference, rng):
    """Without a mask the weights of each query sum to one over the values."""
    energies = numbers(rng, 3, 4, 5)
    weights = shaped(submission.call("masked_softmax", energies), energies.shape, "weights", WEIGHTS)
    expected = reference.call("masked_softmax", energies)
    close(weights, expected, "weights", WEIGHTS, sums_of(weights))


@pytest.mark.points(5, of="masked_softmax")
@pytest.mark.hint("Give padding an energy so low that its weight is zero, and broadcast the mask over the queries.")
def test_padding_has_no_weight(submission, reference, rng):
    """Padding has no weight, and the weights of real positions sum to one."""
    energies, mask = numbers(rng, 3, 4, 5), some_real(rng, 3, 5)
    weights = shaped(submission.call("masked_softmax", energies, mask), energies.shape, "weights", WEIGHTS)
    plain = reference.call("masked_softmax", energies)
    known = [
        (UNMASKED, plain),
        (AFTERWARDS, plain * mask[:, None]),
        (
            "The mask is inverted: True means that a position is real.",
            reference.call("masked_softmax", energies, ~mask),
        ),
        (
            "An energy of zero is not a low energy: its exponential is one. It has to be far below all others.",
            reference.call("masked_softmax", np.where(mask[:, None], energies, 0).astype("float32")),
        ),
    ]
    close(weights, reference.call("masked_softmax", energies, mask), "weights", WEIGHTS, known)


@pytest.mark.points(4, of="masked_softmax")
@pytest.mark.hint(ONLY_PADDING)
def test_all_padding(submission, reference, rng):
    """An example that is all padding has zeros for weights, and does not change the others."""
    energies, mask = numbers(rng, 4, 2, 3), some_real(rng, 4, 3)
    mask[2] = False
    weights = shaped(submission.call("masked_softmax", energies, mask), energies.shape, "weights", WEIGHTS)
    check(not np.isnan(weights).any(), "the weights of an example that is all padding contain NaN", NAN)
    check(not weights[2].any(), "the weights of an example that is all padding are not zero", ONLY_PADDING)
    close(weights, reference.call("masked_softmax", energies, mask), "weights", WEIGHTS)


@pytest.mark.hidden
@pytest.mark.points(3, of="masked_softmax")
@pytest.mark.hint(
    "Only differences of energies count. The exponential of a large number overflows; ops.softmax does not."
)
@pytest.mark.parametrize("offset", [512, -512, -30000], ids=["high", "low", "very low"])
def test_energies_far_from_zero(submission, reference, rng, offset):
    """Adding the same number to all energies changes nothing, however large it is."""
    energies, mask = np.round(numbers(rng, 2, 3, 6) * 32) / 32, some_real(rng, 2, 6)
    weights = submission.call("masked_softmax", energies + np.float32(offset), mask)
    close(weights, reference.call("masked_softmax", energies, mask), "weights", WEIGHTS)


@pytest.mark.hidden
@pytest.mark.points(3, of="masked_softmax")
@pytest.mark.hint("The function has to be right for all sizes, wherever the padding stands.")
@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 6, 2), (4, 4, 4), (2, 1, 9)], ids=["one", "many", "same", "long"])
def test_masked_softmax_of_other_sizes(submission, reference, rng, shape):
    """The weights are right for all sizes, and for padding at the beginning or in the middle as well."""
    energies, mask = numbers(rng, *shape), rng.random((shape[0], shape[2])) < 0.6
    weights = submission.call("masked_softmax", energies, mask)
    close(weights, reference.call("masked_softmax", energies, mask), "weights", WEIGHTS)


# --- AttentionLayer


def draw(rng, B, Tq, Dq, Tv, Dv, units):
    """Draw a query, a value, and the three weights of a layer for them."""
    return numbers(rng, B, Tq, Dq), numbers(rng, B, Tv, Dv), draw_weights(rng, Dq, Dv, units)


def draw_weights(rng, Dq, Dv, units):
    return [0.7 * numbers(rng, Dq, units), 0.7 * numbers(rng, Dv, units), 1.5 * numbers(rng, units, 1)]


def layer_with(where, query, value, weights):
    """Make a layer in `where`, build it for the query and the value, and set its weights."""
    return with_weights(where.call("AttentionLayer", weights[2].shape[0]), query, value, weights)


def with_weights(layer, query, value, weights):
    """Build a new layer for the query and the value, and set its weights."""
    layer.invoke("build", [query.shape, value.shape])
    equal(
        layer.describe()["weights"],
        [kernel.shape for kernel in weights],
        "the list of shapes of the weights",
        hint=THREE,
    )
    layer.set_weights(weights)
    return layer


def attend(layer, query, value, **keywords):
    """Return the context and the weights of a layer."""
    found = layer.invoke("call", [query, value], return_attention_scores=True, **keywords)
    return unpack(found, "context", "weights", of="AttentionLayer.call")


def context_of(layer, query, value):
    """Return the context of a layer that is called without return_attention_scores."""
    found = layer.invoke("call", [query, value])
    return shaped(found, (*query.shape[:2], value.shape[2]), "context", CONTEXT)


@pytest.mark.points(4, of="AttentionLayer")
@pytest.mark.hint(THREE)
@pytest.mark.parametrize("part", ["keys", "all three"])
def test_build(submission, reference, rng, part):
    """build makes three trainable weights, each with its name and the shape that inputs and `units` determine."""
    widths = {} if part == "keys" else {"Dq": 6, "Dv": 6, "units": 6}  # equal widths: only the names differ
    query, value, weights = draw(rng, **{**SIZES, **widths})
    layer, expected_layer = (where.call("AttentionLayer", weights[2].shape[0]) for where in (submission, reference))
    for each_layer in (layer, expected_layer):
        each_layer.invoke("build", [query.shape, value.shape])
    check_weights(layer.describe(), weights)
    named = {NAMES[place]: weights[place] for place in rng.permutation(3).tolist()}
    for each_layer in (layer, expected_layer):
        each_layer.invoke("assign", named)
    if part == "keys":
        expected = expected_layer.invoke("project", value)
        close(
            layer.invoke("project", value),
            expected,
            "the product of the values and key_kernel",
            "(B, Tv, units)",
            hint=USED,
        )
        return
    before = attend(expected_layer, query, value)[0]
    targets = numbers(rng, *before.shape)
    for each_layer in (layer, expected_layer):
        each_layer.invoke("train", [query, value], targets, LEARNING_RATE)
    expected = attend(expected_layer, query, value)[0]
    context = attend(layer, query, value)[0]
    close(context, expected, "the context after a step of training", CONTEXT, [(LEARN, before)], USED)


def check_weights(facts, weights):
    """Check the weights that a layer reports: no points, but a clearer message than wrong numbers give."""
    count = len(facts["weights"])
    if count > 3:
        check(False, f"the layer has {count} weights, expected 3", f"There are no biases. {THREE}")
    if count == 2:
        each = "Queries and values have a kernel each."
        check(False, "the layer has 2 weights, expected 3", each)
    equal(facts["weights"], [kernel.shape for kernel in weights], "the list of shapes of the weights", hint=THREE)
    equal(facts["names"], NAMES, "the list of names of the weights", hint=NAMED)
    equal(facts["trainable"], sum(kernel.size for kernel in weights), "the number of trainable values", hint=LEARN)


@pytest.mark.points(3, of="AttentionLayer")
@pytest.mark.hint("__init__ takes **kwargs and passes them to the parent class.")
def test_keras_arguments(submission, rng):
    """Keyword arguments of every Keras layer have an effect: with `trainable=False` a layer does not learn."""
    units = SIZES["units"]
    query, value, _ = draw(rng, **{**SIZES, "Dv": units})
    targets = numbers(rng, SIZES["B"], SIZES["Tq"], units)
    for learns in rng.permutation([True, True, False, False]).tolist():
        layer = submission.call("AttentionLayer", units, **({} if learns else {"trainable": False}))
        layer.invoke("build", [query.shape, value.shape])
        before = context_of(layer, query, value)
        layer.invoke("train", [query, value], targets, LEARNING_RATE)
        after = context_of(layer, query, value)
        if learns:
            check(not np.allclose(after, before, **FLOAT32), "a step of training does not change the layer", LEARN)
        else:
            close(after, before, "the context of a layer made with trainable=False, after training")


@pytest.mark.points(5, of="AttentionLayer")
@pytest.mark.hint("The keys are the product of the value and key_kernel, and nothing else.")
def test_project(submission, reference, rng):
    """Keys are the projected values, one key for each value."""
    query, value, weights = draw(rng, **{**SIZES, "Dq": SIZES["Dv"]})
    keys = layer_with(submission, query, value, weights).invoke("project", value)
    expected_layer = layer_with(reference, query, value, weights)
    expected = expected_layer.invoke("project", value)
    expected_layer.set_weights([weights[1], weights[0], weights[2]])
    known = [
        ("The values are projected with query_kernel.", expected_layer.invoke("project", value)),
        ("The tanh is applied later, to the sum of query and key.", np.tanh(expected)),
    ]
    close(keys, expected, "keys", "(B, Tv, units)", known)


@pytest.mark.points(8, of="AttentionLayer")
@pytest.mark.hint("Project the query, add it to every key, take the tanh, multiply by energy_kernel, then the softmax.")
def test_score(submission, reference, rng):
    """The weights come from the additive score, and sum to one for each query."""
    query, value, weights = draw(rng, **SIZES)
    received = attend(layer_with(submission, query, value, weights), query, value)[1]
    expected_layer = layer_with(reference, query, value, weights)
    expected = attend(expected_layer, query, value)[1]

    def changed(query_by=1.0, key_by=1.0, energy_by=1.0):
        factors = np.array([query_by, key_by, energy_by], dtype="float32")
        expected_layer.set_weights([kernel * factor for kernel, factor in zip(weights, factors, strict=True)])
        return attend(expected_layer, query, value)[1]

    known = [
        ("The tanh is missing: without it the query has no influence on the weights.", changed(1e-3, 1e-3, 1e3)),
        ("The query has no influence on the weights.", changed(query_by=0.0)),
        ("The values have no influence on the weights.", changed(key_by=0.0)),
        ("The weights are all equal: energy_kernel is not used, or is multiplied by zero.", changed(energy_by=0.0)),
        ("The key is subtracted from the query. The score adds them.", changed(key_by=-1.0)),
    ]
    received = shaped(received, expected.shape, "weights", WEIGHTS)
    close(received, expected, "weights", WEIGHTS, [*known, *sums_of(received)])


@pytest.mark.points(5, of="AttentionLayer")
@pytest.mark.hint("The context of a query is the sum of the values, each times its weight: (B, Tq, Tv) @ (B, Tv, Dv).")
def test_context(submission, reference, rng):
    """The context is the weighted sum of the values."""
    query, value, weights = draw(rng, **SIZES)
    context, received = attend(layer_with(submission, query, value, weights), query, value)
    received = shaped(received, (SIZES["B"], SIZES["Tq"], SIZES["Tv"]), "weights", WEIGHTS)
    check_depends(received)
    keys = layer_with(reference, query, value, weights).invoke("project", value)
    expected = received @ value  # with the weights of the submission, which other tests grade
    known = [
        ("The context is a weighted sum of the values. Keys only determine the weights.", received @ keys),
        (
            "The context is an average of all values, whatever their weights.",
            0 * expected + value.mean(1, keepdims=True),
        ),
        ("There is a context for each query: sum over the values, not over the queries.", expected.sum(axis=1)),
    ]
    close(context, expected, "context", CONTEXT, known)


@pytest.mark.points(3, of="AttentionLayer")
@pytest.mark.hint("return_attention_scores=True returns context and weights, otherwise return the context alone.")
def test_weights_on_request(submission, rng):
    """Without return_attention_scores the context is returned alone."""
    query, value, weights = draw(rng, **SIZES)
    layer = layer_with(submission, query, value, weights)
    context = layer.invoke("call", [query, value])
    pair = "Return the weights only if return_attention_scores is true."
    check(type(context) not in (tuple, list), "several values were returned, expected the context alone", pair)
    context = shaped(context, (SIZES["B"], SIZES["Tq"], SIZES["Dv"]), "context", CONTEXT)
    check(not np.allclose(context, context[:, :1], **FLOAT32), "all queries have the same context", INDIFFERENT)
    close(context, attend(layer, query, value)[0], "the context without its weights", CONTEXT)


@pytest.mark.points(6, of="AttentionLayer")
@pytest.mark.hint("mask is a list: mask of the query, mask of the value. Pass the second to masked_softmax.")
def test_mask(submission, rng):
    """Padding of the value has no weight and no influence on the context."""
    query, value, weights = draw(rng, **{**SIZES, "Tq": SIZES["Tv"]})
    mask, query_mask = some_real(rng, SIZES["B"], SIZES["Tv"]), rng.random((SIZES["B"], SIZES["Tv"])) < 0.7
    layer = layer_with(submission, query, value, weights)
    context, received = attend(layer, query, value, mask=[query_mask, mask])
    everywhere = shaped(attend(layer, query, value)[1], (*query.shape[:2], value.shape[1]), "weights", WEIGHTS)
    check_depends(everywhere)
    known = [
        (UNMASKED, everywhere),
        (AFTERWARDS, everywhere * mask[:, None]),
        (
            "That is the mask of the query. The mask of the value is second in the list.",
            renormalized(everywhere, query_mask),
        ),
    ]
    close(received, renormalized(everywhere, mask), "weights", WEIGHTS, known)
    context = shaped(context, (*query.shape[:2], value.shape[2]), "context", CONTEXT)
    # the context of a query that is padding may be anything
    close(context[query_mask], (received @ value)[query_mask], "the context of real queries", "(any, Dv)")


def renormalized(weights, mask):
    """Return the weights without those of padding, scaled to a sum of one."""
    left = weights * mask[:, None]
    return left / np.maximum(left.sum(axis=2, keepdims=True), 1e-30)


PASSED_KEYS = "Compare the query with the keys that are passed; project only where there are none."


@pytest.mark.points(5, of="AttentionLayer")
@pytest.mark.hint(PASSED_KEYS, exception=PASSED_KEYS)
def test_keys_are_projected_once(submission, reference, rng):
    """Keys that are passed are used as they are, and the context is still a sum of the values."""
    query, value, weights = draw(rng, **SIZES)
    keys = numbers(rng, SIZES["B"], SIZES["Tv"], SIZES["units"])
    layer, expected_layer = (layer_with(where, query, value, weights) for where in (submission, reference))
    context, received = attend(layer, query, value, keys=keys)
    expected_context, expected = attend(expected_layer, query, value, keys=keys)
    known = [
        (
            "The keys that are passed are ignored: the values are projected again.",
            attend(expected_layer, query, value)[1],
        )
    ]
    close(received, expected, "weights", WEIGHTS, known)
    made_of_keys = [("The context is a weighted sum of the values. Keys only determine the weights.", expected @ keys)]
    close(context, expected_context, "context", CONTEXT, made_of_keys)


@pytest.mark.points(3, of="AttentionLayer")
@pytest.mark.hint("mask is None, or a list of two. The context has a row for each query.")
def test_compute_mask(submission, rng):
    """The mask of the context is the mask of the query, if there is one."""
    query, value = numbers(rng, 2, 4, 3), numbers(rng, 2, 5, 3)
    layer, masks = submission.call("AttentionLayer", 2), [some_real(rng, 2, 4), some_real(rng, 2, 5)]
    known = [("That is the mask of the value. The context has a row for each query.", masks[1])]
    close(layer.invoke("compute_mask", [query, value], masks), masks[0], "the mask", "(B, Tq)", known)
    nothing = "Where the query has no mask, return None."
    equal(layer.invoke("compute_mask", [query, value], [None, masks[1]]), None, "the mask", hint=nothing)
    equal(layer.invoke("compute_mask", [query, value]), None, "the mask", hint=nothing)


@pytest.mark.points(4, of="AttentionLayer")
@pytest.mark.hint("get_config returns a dict: all of super().get_config(), and the other arguments of __init__.")
def test_config(submission, rng):
    """An equal layer with equal outputs can be made from the settings."""
    units, name = int(rng.integers(5, 12)), f"attention_{rng.integers(1000)}"
    query, value, weights = draw(rng, **{**SIZES, "Dv": units, "units": units})
    layer = with_weights(submission.call("AttentionLayer", units, name=name), query, value, weights)
    settings = layer.invoke("get_config")
    check_settings(settings, units, name)
    contents, copy = submission.reload_file(layer.save_file())
    check_contents(contents, units, name, weights)
    check(type(copy) is Remote and copy.kind == "layer", "the loaded object is not a layer")
    received = context_of(copy, query, value)  # before the weights are sent there

    def ask(weights):
        layer = with_weights(submission.call("AttentionLayer", **settings), query, value, weights)
        return context_of(layer, query, value)

    check_answers(rng, received, ask, weights, "the output of the loaded layer")


def check_settings(settings, units, name):
    """Check the settings of a layer that was made with these arguments."""
    check(type(settings) is dict, "get_config did not return a dict")
    missing = "__init__ cannot be called without it: add all arguments of __init__ to the dict of the parent class."
    check("units" in settings, "the settings have no units", missing)
    equal(settings["units"], units, "units")
    lost = "The settings of every layer, such as its name, are missing: begin with the result of super().get_config()."
    check("name" in settings and "trainable" in settings, "the settings that every layer has are missing", lost)
    equal(settings["name"], name, "name", hint=lost)


def check_contents(contents, units, name, weights):
    """Check that a file holds a layer with these settings and these weights."""
    found = [settings for kind, settings in contents["layers"] if kind == "AttentionLayer"]
    check(len(found) == 1, "the file does not have exactly one AttentionLayer")
    check_settings(found[0], units, name)
    held = [any(np.array_equal(kernel, saved) for saved in contents["weights"]) for kernel in weights]
    check(all(held), "the file does not hold the weights", "Keras saves the weights that self.add_weight has made.")


def check_answers(rng, received, ask, weights, name):
    """Check that the same weights give the same output and other weights do not, in random order."""
    for own in rng.permutation([True, True, False, False]).tolist():
        given = weights if own else [numbers(rng, *kernel.shape) for kernel in weights]
        found = shaped(ask(given), received.shape, name)
        if own:
            close(received, found, name)
        else:
            check(not np.allclose(received, found, **FLOAT32), f"the weights have no influence on {name}", USED)


@pytest.mark.hidden
@pytest.mark.points(4, of="AttentionLayer")
@pytest.mark.hint("The layer has to be right for all sizes. Name the axes that you squeeze.")
@pytest.mark.parametrize("sizes", OTHER_SIZES, ids=["one", "single query", "wide"])
def test_layer_of_other_sizes(submission, reference, rng, sizes):
    """The layer is right for other sizes, also with an example that is all padding."""
    query, value, weights = draw(rng, **sizes)
    mask = some_real(rng, sizes["B"], sizes["Tv"])
    layer, expected_layer = (layer_with(where, query, value, weights) for where in (submission, reference))
    for chosen in (mask, mask & (np.arange(sizes["B"]) > 0)[:, None]):
        context, received = attend(layer, query, value, mask=[None, chosen])
        expected_context, expected = attend(expected_layer, query, value, mask=[None, chosen])
        close(received, expected, "weights", WEIGHTS)
        close(context, expected_context, "context", CONTEXT)


@pytest.mark.hidden
@pytest.mark.points(2, of="AttentionLayer")
@pytest.mark.hint("Query and value have a kernel each, and keys that are passed are projected already.")
def test_equal_widths(submission, reference, rng):
    """With equal widths, query and value are still projected by their own kernels, and keys by none."""
    query, value, weights = draw(rng, **{**SIZES, "Dq": 6, "Dv": 6, "units": 6})
    layer, expected_layer = (layer_with(where, query, value, weights) for where in (submission, reference))
    keys = expected_layer.invoke("project", value)
    received, received_with_keys = attend(layer, query, value)[1], attend(layer, query, value, keys=keys)[1]
    expected = attend(expected_layer, query, value)[1]
    twice = attend(expected_layer, query, value, keys=expected_layer.invoke("project", keys))[1]
    shared = "Query and value are projected by the same kernel. Each has its own."
    known = []
    for kernel in weights[:2]:
        expected_layer.set_weights([kernel, kernel, weights[2]])
        known.append((shared, attend(expected_layer, query, value)[1]))
    expected_layer.set_weights([weights[1], weights[0], weights[2]])
    known.append(("The two kernels are exchanged.", attend(expected_layer, query, value)[1]))
    close(received, expected, "weights", WEIGHTS, known)
    again = [("Keys that are passed are projected already. Do not project them again.", twice)]
    close(received_with_keys, expected, "weights", WEIGHTS, again)


def small_model(submission, units=5, name="attention"):
    """Return a model with the layer in it, and the shapes of its weights."""
    try:
        model = submission.call("tiny_model", submission.call("AttentionLayer", units, name=name))
        shapes = model.describe()["weights"]
        check(sum(map(math.prod, shapes)) < 10_000, "the model has more weights than such a layer can have")
    except SubmissionError as error:
        graph = "A model is a graph of symbolic tensors, which NumPy cannot compute with. Use ops."
        check("symbolic" not in error.message, "the layer cannot be used in a model", graph)
        raise
    return model, shapes


@pytest.mark.hidden
@pytest.mark.points(3, of="AttentionLayer")
@pytest.mark.hint("In a model, mask is a list of two. Use ops for all operations on tensors.")
def test_padding_in_a_model(submission, rng):
    """In a model with masking embeddings, zeros at the end of either row change nothing."""
    model, shapes = small_model(submission)
    model.set_weights([numbers(rng, *shape) for shape in shapes])
    first, second = rng.integers(1, 20, (4, 3)), rng.integers(1, 20, (4, 5))
    answer = model.predict([first, second])
    check(not np.allclose(answer, answer[:1], **FLOAT32), "the output of a model does not depend on its inputs", USED)
    close(model.predict([np.pad(first, ((0, 0), (0, 2))), second]), answer, "with a longer query")
    close(model.predict([first, np.pad(second, ((0, 0), (0, 3)))]), answer, "with a longer value")


@pytest.mark.hidden
@pytest.mark.points(3, of="AttentionLayer")
@pytest.mark.hint("Keras loads a model by making each layer from its settings and setting its weights by name.")
def test_model_from_a_file(submission, rng):
    """A model with the layer in it, loaded from a file in another process, has the same outputs."""
    units, name = int(rng.integers(3, 9)), f"attention_{rng.integers(1000)}"
    model, shapes = small_model(submission, units, name)
    weights = [numbers(rng, *shape) for shape in shapes]
    rows = [rng.integers(1, 20, (4, 3)), rng.integers(0, 20, (4, 5))]
    query, value = numbers(rng, 2, 3, 4), numbers(rng, 2, 5, 6)
    model.set_weights(weights)

    def answers(model):
        """Return the outputs of the model, and of the layer in it with this name."""
        given = shaped(model.invoke("call", rows), (4, 6), "the output of the model")
        return np.concatenate([given.ravel(), context_of(model.invoke("layer", name), query, value).ravel()])

    def ask(weights):
        model, _ = small_model(submission, units, name)
        model.set_weights(weights)
        return answers(model)

    contents, loaded = submission.reload_file(model.save_file())
    check_contents(contents, units, name, weights)
    check(type(loaded) is Remote and loaded.kind == "model", "the loaded object is not a model")
    received = answers(loaded)  # before the weights are sent there
    check_answers(rng, received, ask, weights, "the output of the loaded model")


# --- attention_heatmap


def draw_map(rng, Ty, Tx):
    """Draw attention weights, (Ty, Tx): different rows, each with a sum of one."""
    return rng.dirichlet(np.full(Tx, 0.5), Ty)


def panel_of(figure):
    """Return the one panel of a figure that has a map, and the map."""
    check(
        type(figure) is Remote and figure.kind == "figure",
        "attention_heatmap did not return a Matplotlib figure",
        "Return the figure that new_figure made, not its axes and not what plt.show() returns.",
    )
    panels = [panel for panel in figure.describe()["panels"] if panel["maps"]]
    check(
        len(panels) == 1 and len(panels[0]["maps"]) == 1,
        "the figure does not have exactly one map",
        "Draw it with imshow.",
    )
    (drawn,) = panels[0]["maps"]
    check(
        drawn["values"].ndim == 2,
        "the map is an array of colors, expected weights",
        "Pass the weights to imshow as they are.",
    )
    return panels[0], drawn


def picture_of(figure):
    """Render a figure. Its description only explains errors: points depend on the pixels."""
    return parse_rendered_figure(figure.render())


def check_pixels(figure, weights):
    """Check that the pixels of the map have the colors of its weights."""
    check(
        bool(picture_of(figure).cells_match(weights).all()),
        "the colors of the map are not those of the weights",
        SAVEFIG_HINT,
    )


def as_displayed(panel, drawn):
    """Return the values of a map as displayed, from top left, and the centers of its rows and columns."""
    across, down = ((edges[1:] + edges[:-1]) / 2 for edges in (drawn["xedges"], drawn["yedges"]))
    columns = np.argsort(across if panel["xlim"][0] < panel["xlim"][1] else -across)
    rows = np.argsort(down if panel["ylim"][0] > panel["ylim"][1] else -down)
    return drawn["values"][rows][:, columns], down[rows], across[columns]


@pytest.mark.points(5, of="attention_heatmap")
@pytest.mark.hint("Pass the weights to imshow unchanged, cut to the number of tokens.")
def test_map(submission, rng):
    """The map shows the weights unchanged, the first output step on top, the first input step on the left."""
    weights = draw_map(rng, 4, 6)
    figure = submission.call("attention_heatmap", weights, "abcdef", list("wxyz"))
    received = as_displayed(*panel_of(figure))[0]
    rescaled = "The weights are stretched. Plot them unchanged: the color bar tells what a color means."
    known = [
        ("The map is transposed: a row for each output step, a column for each input step.", weights.T),
        ("The first output step is at the bottom. It belongs on top: turn the axis around.", weights[::-1]),
        ("The first input step is on the right. It belongs on the left.", weights[:, ::-1]),
        (rescaled, weights / weights.max()),
        (rescaled, weights / weights.max(axis=1, keepdims=True)),
        (rescaled, (weights - weights.min()) / np.ptp(weights)),
        ("These are logarithms. Plot the weights unchanged.", np.log(weights)),
    ]
    close(received, weights, "the map", "(Ty, Tx)", known)
    check_pixels(figure, weights)


@pytest.mark.points(4, of="attention_heatmap")
@pytest.mark.hint("set_xticks and set_yticks take positions and labels: one for each token, in the middle of its cell.")
def test_labels(submission, rng):
    """Each column is labeled with its token of the source, and each row with its token of the target."""
    source, target = ["five", "may", "of", "98"], ["05", "-", "1998"]
    check_labels(submission.call("attention_heatmap", draw_map(rng, 3, 4), source, target), source, target)


def check_labels(figure, source, target):
    """Check the tick labels: the tokens in order, each in the middle of its cell, and legible."""
    panel, drawn = panel_of(figure)
    _, rows, columns = as_displayed(panel, drawn)
    other = "The labels belong to the other axis: columns are the source, rows are the target."
    backwards = "The labels run in the opposite direction to the map: reverse them with the rows."
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
            all(picture.readable_labels(axis, list(tokens))), f"not all labels of the {name} are legible", SAVEFIG_HINT
        )


@pytest.mark.points(3, of="attention_heatmap")
@pytest.mark.hint("vmin and vmax fix the colors, figure.colorbar draws a color bar, and both axes have names.")
def test_colors(submission, rng):
    """Colors run from 0 to 1, there is a color bar with numbers, and both axes have names."""
    weights = 0.5 * np.eye(3) + 0.5 / 3
    figure = submission.call("attention_heatmap", weights, "abc", "xyz")
    panel, drawn = panel_of(figure)
    low, high = drawn["limits"]
    same = "Fix both ends of the colors, so that the same color is the same weight in every map: vmin, vmax."
    check(low == 0 and high == 1, "the colors do not run from 0 to 1", same)
    check(drawn["colorbar"], "there is no color bar", "figure.colorbar(…) draws one.")
    names = panel["xlabel"].strip(), panel["ylabel"].strip()
    unnamed = "the axes do not have two different names"
    named = all(names) and names[0] != names[1] and not set(names) & set("abcxyz")
    check(named, unnamed, "Name both axes: set_xlabel, set_ylabel.")
    picture = picture_of(figure)
    check(
        picture.has_axis_label("x", panel["xlabel"]) and picture.has_axis_label("y", panel["ylabel"]),
        unnamed,
        SAVEFIG_HINT,
    )
    check(
        bool(picture.cells_match_colorbar(weights).all()),
        "the colors of the map are not those of the color bar",
        SAVEFIG_HINT,
    )
    numbers = picture.readable_numbers()
    check(len(numbers) > 1 and all(numbers), "the color bar has no legible numbers", SAVEFIG_HINT)


@pytest.mark.points(1, of="attention_heatmap")
@pytest.mark.hint("new_figure(columns, rows) makes a figure that fits the map. Count the tokens: padding is not drawn.")
def test_size(submission, rng):
    """More columns make the figure wider, more rows make it higher, and padding does neither."""

    def size_of(Ty, Tx, padding=0):
        weights = np.pad(draw_map(rng, Ty, Tx), (0, padding))
        shown = submission.call("attention_heatmap", weights, "abcdefghijkl"[:Tx], "zyxwvutsrqpo"[:Ty])
        panel_of(shown)
        height, width, _ = picture_of(shown).pixels.shape
        return width, height

    few, wide, high, padded = size_of(3, 4), size_of(3, 12), size_of(11, 4), size_of(3, 4, padding=5)
    check(wide[0] > few[0], "a map of more columns does not have a wider figure")
    check(high[1] > few[1], "a map of more rows does not have a higher figure")
    check(padded == few, "padding makes the figure larger, although it is not drawn")


def check_refused(submission, weights, source, target, what):
    """Check that a call raises a ValueError."""
    try:
        submission.call("attention_heatmap", weights, source, target)
    except SubmissionError as error:
        if error.kind in ("NotImplementedError", "Missing", "ImportFailed"):
            raise
        raised = error.kind if DISCLOSE_VALUES.get() else "something else"
        check(error.kind == "ValueError", f"{what}: raised {raised}, expected a ValueError", "Check before you draw.")
        return
    check(False, f"{what}: drawn, expected a ValueError", "Each row of the map has to sum to one in its visible part.")


@pytest.mark.points(3, of="attention_heatmap")
@pytest.mark.hint("Before you draw, check that each row of the map sums to one.")
@pytest.mark.parametrize("what", ["energies", "too few rows"])
def test_refusal(submission, rng, what):
    """An array that cannot be attention weights of these tokens raises a ValueError."""
    weights = draw_map(rng, 3, 5)
    drawn = {"energies": np.log(weights) + 9, "too few rows": weights}[what]
    check_refused(submission, drawn, "abcde", "xyz" if what == "energies" else "wxyz", what)


@pytest.mark.hidden
@pytest.mark.points(3, of="attention_heatmap")
@pytest.mark.hint("Cut the rows to the tokens of the target, and the columns to those of the source.")
@pytest.mark.parametrize("sizes", [[(1, 1), (1, 2)], [(2, 7)], [(9, 3)]], ids=["one", "broad", "tall"])
def test_padding_is_cut_off(submission, rng, sizes):
    """Rows and columns of padding are not drawn, for all sizes."""
    for Ty, Tx in sizes:
        weights = draw_map(rng, Ty, Tx)
        if Ty > 1:
            weights[-1] = np.eye(Tx)[0]  # a weight may be exactly zero
        padded = np.pad(weights, ((0, 2), (0, 3)))
        figure = submission.call("attention_heatmap", padded.tolist(), "abcdefgh"[:Tx], "zyxwvutsr"[:Ty])
        received = as_displayed(*panel_of(figure))[0]
        close(
            received,
            weights,
            "the map",
            "(Ty, Tx)",
            [("Padding is drawn. Cut the weights to the number of tokens.", padded)],
        )
        check_pixels(figure, weights)


@pytest.mark.hidden
@pytest.mark.points(2, of="attention_heatmap")
@pytest.mark.hint("Label each cell with its own token, also where a token repeats, and where the tokens are a string.")
def test_labels_that_repeat(submission, rng):
    """Tokens may repeat, and a string is a list of characters."""
    source, target = "2/2/2022", "2022-02-02"
    value = submission.call("attention_heatmap", draw_map(rng, len(target), len(source)), source, target)
    check_labels(value, source, target)


@pytest.mark.hidden
@pytest.mark.points(3, of="attention_heatmap")
@pytest.mark.hint("Rows sum to one, nothing is negative, there are two axes, and padding has no weight.")
@pytest.mark.parametrize("what", ["a sum of a half", "negative", "padding", "three axes", "too few columns"])
def test_other_refusals(submission, rng, what):
    """Negative weights, weights on padding, and other shapes raise a ValueError as well."""
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
