"""Graded tests of `visual_question_answering`. Models have random weights and small sizes, all of them different."""

from functools import partial

import numpy as np
import pytest

from dlseq.testing import check, close, equal, shaped, unchanged, unpack

SMALLEST = 1e-5
TOY_WORDS, TOY_UNITS = 8, 3  # of toy_question_encoder


def softmax(values, axis=-1):
    """Return the softmax over an axis."""
    powers = np.exp(values - values.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def is_model(value, function):
    """Check that a function has returned a Keras model, and return it."""
    check(getattr(value, "kind", "") == "model", f"{function} does not return a Keras model", "Return Model(…).")
    return value


def draw_ids(rng, lengths, vocab_size):
    """Draw word ids with padding on the right."""
    rows = np.zeros((len(lengths), max(lengths)), dtype="int32")
    for row, length in zip(rows, lengths, strict=True):
        row[:length] = rng.integers(1, vocab_size, size=length)
    return rows


# --- question_encoder

NO_MASK = "Padding is read as if it were words. The embedding can attach a mask: mask_zero=True."
LAST = "q is the hidden state of the LSTM after the last word: what LSTM(units) returns."


def build_encoder(code, sizes, weights):
    """Build an encoder, and give it weights after a check of its layers."""
    vocab_size, width, units = sizes
    model = is_model(code.call("question_encoder", *sizes), "question_encoder")
    shapes = [(vocab_size, width), (width, 4 * units), (units, 4 * units), (4 * units,)]
    found = model.describe()["weights"]
    hint = "Embedding(vocab_size, width, mask_zero=True), then LSTM(units), and no other layer with weights."
    check(len(found) == len(shapes), "the encoder does not have the weights of one embedding and one LSTM", hint)
    check(found == shapes, "a layer of the encoder does not have the right size", hint)
    model.set_weights(weights)
    return model


def check_question_encoder(submission, reference, rng, sizes, lengths):
    """Compare the vectors of questions with random weights."""
    vocab_size, width, units = sizes
    shapes = [(vocab_size, width), (width, 4 * units), (units, 4 * units), (4 * units,)]
    weights = [rng.normal(0, 0.7, shape).astype("float32") for shape in shapes]
    ids = draw_ids(rng, lengths, vocab_size)
    model = build_encoder(reference, sizes, weights)
    expected = model.invoke("call", ids)
    larger = [np.concatenate([weights[0][:1], weights[0]]), *weights[1:]]  # padding as a word

    def unmasked():
        """Compute the vectors of an encoder that reads padding."""
        return build_encoder(reference, (vocab_size + 1, width, units), larger).invoke("call", ids + 1)

    def backwards():
        """Compute the vectors of the reversed questions."""
        rows = np.array([[*row[row > 0][::-1], *row[row == 0]] for row in ids], dtype="int32")
        return model.invoke("call", rows)

    value = build_encoder(submission, sizes, weights).invoke("call", ids)
    hint = LAST
    if type(value) in (list, tuple):
        hint = "The encoder has one output, q alone, and no states beside it."
    elif getattr(value, "ndim", 2) == 3:
        hint = "These are the states after each word. q is the last one alone."
    close(value, expected, "q", "(B, n)", [(NO_MASK, unmasked), ("The question is read backwards.", backwards)], hint)


@pytest.mark.points(7, of="question_encoder")
@pytest.mark.hint(LAST)
def test_question_encoder(submission, reference, rng):
    """q is the hidden state of the LSTM after the last real word of each question."""
    check_question_encoder(submission, reference, rng, (9, 4, 3), [5, 2, 4])


@pytest.mark.hidden
@pytest.mark.points(4, of="question_encoder")
@pytest.mark.hint("All sizes come from the arguments, and a question may have any number of words.")
@pytest.mark.parametrize("sizes, lengths", [((5, 3, 2), [1]), ((12, 6, 5), [7, 1, 3, 8])], ids=["one word", "many"])
def test_other_question_encoders(submission, reference, rng, sizes, lengths):
    """q is right for other sizes of vocabulary, embedding, LSTM and batch."""
    check_question_encoder(submission, reference, rng, sizes, lengths)


# --- look

PRIOR = "With a prior, add log(prior + SMALLEST) to the energies before the softmax."


def draw_look(rng, B, P, K, D, scale=1.0):
    """Draw keys, values and queries."""
    return (
        rng.normal(0, 1, (B, P, K)).astype("float32"),
        rng.normal(0, 1, (B, P, D)).astype("float32"),
        rng.normal(0, scale, (B, K)).astype("float32"),
    )


def draw_prior(rng, B, P):
    """Draw a prior that excludes about half of the places."""
    prior = rng.gamma(1.0, 1.0, (B, P)) * (rng.random((B, P)) < 0.5)
    prior[np.arange(B), rng.integers(P, size=B)] += 0.3
    return (0.8 * prior / prior.sum(axis=1, keepdims=True)).astype("float32")


def wrong_weights(keys, query, prior):
    """Return the weights of known mistakes, by hint."""
    K = keys.shape[-1]
    products = np.einsum("bpk,bk->bp", keys.astype(float), query.astype(float))
    energies, log_prior = products / K**0.5, 0.0
    found = {}
    if type(prior) is np.ndarray:
        log_prior = np.log(prior + SMALLEST)
        plain = softmax(energies)
        factor = plain * prior
        found = {
            "The prior is left out. " + PRIOR: plain,
            "The prior is multiplied after the softmax, so that the weights do not sum to one. " + PRIOR: factor,
            "The prior itself is added to the energies. Add its logarithm: exp(log p) is the factor p.": softmax(
                energies + prior
            ),
            "The prior is multiplied with the energies. It is a factor of their exponential: add its logarithm.": (
                softmax(energies * prior)
            ),
            "The logarithm of the prior is subtracted. Add it.": softmax(energies - log_prior),
            "SMALLEST is not added to the prior: no place may be excluded.": factor / factor.sum(axis=1, keepdims=True),
            "The prior is added after the softmax. " + PRIOR: plain + prior,
            "The logarithm is added before the division by the square root of K.": softmax(
                (products + log_prior) / K**0.5
            ),
        }
    return found | {
        "The energies are not divided by the square root of K.": softmax(products + log_prior),
        "The energies are divided by K. Divide by its square root.": softmax(products / K + log_prior),
        "The softmax ran over the batch. It has to run over the places.": softmax(energies + log_prior, axis=0),
        "These are energies. The softmax turns them into weights.": energies + log_prior,
        "The energies have the wrong sign.": softmax(-energies + log_prior),
    }


def check_look(value, keys, values, query, prior, expected):
    """Check context and weights."""
    context, weights = unpack(value, "context", "weights", of="look")
    shapes, right = [getattr(value, "shape", ()) for value in (context, weights)], [value.shape for value in expected]
    is_swapped = shapes == right[::-1] != right
    hint = "context and weights are swapped: the context comes first." if is_swapped else None
    wrong = wrong_weights(keys, query, prior)
    close(weights, expected[1], "weights", "(B, P)", wrong.items(), hint)
    known = [
        ("The context is a sum of the keys. Sum the values.", np.einsum("bp,bpk->bk", expected[1], keys)),
        ("This is the mean of the values without weights.", values.mean(axis=1)),
        ("The context is divided by P. The weights sum to one already.", expected[0] / keys.shape[1]),
        ("The sum over the places is missing.", expected[1][..., None] * values),
        ("This is the value of the place with the largest weight. Sum all, weighted.", _best(expected[1], values)),
        *((text, np.einsum("bp,bpd->bd", each, values)) for text, each in wrong.items()),
    ]
    close(context, expected[0], "context", "(B, D)", known, hint)


def _best(weights, values):
    return values[np.arange(len(values)), weights.argmax(axis=1)]


@pytest.mark.points(7, of="look")
@pytest.mark.hint("Energies are dot products of keys and query over the square root of K; a softmax over the places.")
def test_look(submission, reference, rng):
    """Without a prior, the weights are the softmax of the scaled energies and the context a weighted sum."""
    ask = draw_look(rng, 3, 6, 5, 4)
    check_look(submission.call("look", *ask), *ask, None, reference.call("look", *ask))


@pytest.mark.points(5, of="look")
@pytest.mark.hint(PRIOR)
def test_look_with_a_prior(submission, reference, rng):
    """A prior counts as a factor of each place, and the weights still sum to one."""
    ask = (*draw_look(rng, 2, 7, 3, 5, scale=1.5), draw_prior(rng, 2, 7))
    check_look(submission.call("look", *ask), *ask, reference.call("look", *ask))


@pytest.mark.hidden
@pytest.mark.points(5, of="look")
@pytest.mark.hint("All axes may have any length.")
@pytest.mark.parametrize("sizes", [(1, 1, 2, 3), (4, 9, 6, 2), (5, 3, 1, 7)], ids=["one place", "many", "K = 1"])
def test_other_looks(submission, reference, rng, sizes):
    """Context and weights are right for other sizes, without a prior and with one."""
    ask = draw_look(rng, *sizes)
    check_look(submission.call("look", *ask), *ask, None, reference.call("look", *ask))
    prior = draw_prior(rng, *sizes[:2])
    check_look(submission.call("look", *ask, prior), *ask, prior, reference.call("look", *ask, prior))


@pytest.mark.hidden
@pytest.mark.points(3, of="look")
@pytest.mark.hint("Let ops.softmax compute the exponentials: they overflow for energies in the hundreds.")
@pytest.mark.parametrize("kind", ["large energies", "prior of zeros"])
def test_extreme_looks(submission, reference, rng, kind):
    """Energies in the hundreds, and a prior that is 0 everywhere, give weights that sum to one."""
    ask = draw_look(rng, 2, 5, 4, 3, scale=300.0 if kind == "large energies" else 1.0)
    prior = draw_prior(rng, 2, 5) if kind == "large energies" else np.zeros((2, 5), "float32")
    check_look(submission.call("look", *ask, prior), *ask, prior, reference.call("look", *ask, prior))


# --- move_look

OFFSET = "From a place (y', x') to (y, x) the kernel has the entry [y - y' + H - 1, x - x' + W - 1]."


def moving_mistakes(reference, weights, kernel):
    """Return known mistakes of moving: the right move of other arrays."""
    B, H, W = weights.shape

    def moved(other_weights, other_kernel):
        """Return a function that moves other looks."""
        return lambda: reference.call("move_look", other_weights, np.ascontiguousarray(other_kernel))

    def around():
        """Move looks on a picture of three by three, and lay its parts on each other."""
        large, wide = np.pad(weights, ((0, 0), (H, H), (W, W))), np.pad(kernel, ((0, 0), (2 * H,) * 2, (2 * W,) * 2))
        return moved(large, wide)().reshape(B, 3, H, 3, W).sum(axis=(1, 3))

    def normalized():
        """Divide the moved look by its sum."""
        expected = moved(weights, kernel)()
        with np.errstate(all="ignore"):
            return expected / expected.sum(axis=(1, 2), keepdims=True)

    far = "The middle of the kernel is [H - 1, W - 1]: it means no step. This is one {} too far."
    return [
        ("The look has not moved.", weights),
        (
            "The look moves the wrong way: the offset is from the first look to the new place, not back.",
            moved(weights, kernel[:, ::-1, ::-1]),
        ),
        (
            "Up and down are exchanged. Rows count downwards: a place below has a larger y.",
            moved(weights, kernel[:, ::-1]),
        ),
        ("Left and right are exchanged.", moved(weights, kernel[:, :, ::-1])),
        ("Each picture has its own kernel. This is the kernel of the first.", moved(weights, kernel[[0] * B])),
        ("What leaves the picture comes back on the other side. It is lost.", around),
        (far.format("row"), moved(weights, np.pad(kernel[:, 1:], ((0, 0), (0, 1), (0, 0))))),
        (far.format("column"), moved(weights, np.pad(kernel[:, :, 1:], ((0, 0), (0, 0), (0, 1))))),
        ("The moved look is divided by its sum. What leaves the picture is lost.", normalized),
    ]


def draw_moving(rng, B, H, W):
    """Draw looks and kernels, most of the weight of a kernel on few offsets."""
    weights = softmax(rng.normal(0, 1.5, (B, H * W))).reshape(B, H, W)
    kernel = softmax(rng.normal(0, 2.0, (B, (2 * H - 1) * (2 * W - 1)))).reshape(B, 2 * H - 1, 2 * W - 1)
    return weights.astype("float32"), kernel.astype("float32")


def check_moving(submission, reference, weights, kernel):
    """Check a moved look."""
    expected = reference.call("move_look", weights, kernel)
    value = submission.call("move_look", weights, kernel)
    close(value, expected, "moved", "(B, H, W)", moving_mistakes(reference, weights, kernel))


@pytest.mark.points(6, of="move_look")
@pytest.mark.hint(OFFSET)
def test_one_step(submission, reference, rng):
    """A look at one place and a kernel of one offset give a look at one place."""
    B, H, W = 3, 3, 5
    weights, kernel = np.zeros((B, H, W), "float32"), np.zeros((B, 2 * H - 1, 2 * W - 1), "float32")
    expected = np.zeros_like(weights)
    steps = rng.permutation([(1, 0), (0, -2), (-1, 1)])
    for b, (down, right) in enumerate(steps):
        y = rng.integers(max(0, -down), H - max(0, down))
        x = rng.integers(max(0, -right), W - max(0, right))
        weights[b, y, x] = kernel[b, down + H - 1, right + W - 1] = expected[b, y + down, x + right] = 1
    known = moving_mistakes(reference, weights, kernel)
    close(submission.call("move_look", weights, kernel), expected, "moved", "(B, H, W)", known)


@pytest.mark.points(6, of="move_look")
@pytest.mark.hint("Each place gets a sum over all places of the first look. " + OFFSET)
def test_moved_look(submission, reference, rng):
    """The moved look is the sum over all places of weight times kernel."""
    check_moving(submission, reference, *draw_moving(rng, 2, 4, 3))


@pytest.mark.hidden
@pytest.mark.points(5, of="move_look")
@pytest.mark.hint("There may be one row, one column, or one place, and any number of pictures.")
@pytest.mark.parametrize("sizes", [(1, 1, 4), (3, 5, 1), (2, 1, 1), (4, 3, 6)], ids=["row", "column", "place", "many"])
def test_other_moved_looks(submission, reference, rng, sizes):
    """The moved look is right for grids of other shapes."""
    check_moving(submission, reference, *draw_moving(rng, *sizes))


@pytest.mark.hidden
@pytest.mark.points(3, of="move_look")
@pytest.mark.hint("What leaves the picture is lost. It neither comes back on the other side nor is it shared out.")
def test_lost_look(submission, reference, rng):
    """Weight that leaves the picture is lost."""
    weights, kernel = draw_moving(rng, 3, 3, 4)
    kernel[0, :2] = 0  # down, or stay
    kernel[1, :, 4:] = 0  # left, or stay
    weights[2], kernel[2] = 0, 0
    weights[2, 0, 1], kernel[2, 1, 3] = 1, 1  # up from the first row
    check_moving(submission, reference, weights, kernel)


# --- answer_model

SIZES = {
    "keys": "keys: K units over the places (B, P, C).",
    "values": "values: D units over the places (B, P, C).",
    "first_query": "first_query: K units, made from q.",
    "kernel": "kernel: (2 H - 1)(2 W - 1) units, made from q.",
    "second_query": "second_query: K units, made from q.",
    "first_gate": "first_gate: D units, made from q.",
    "second_gate": "second_gate: D units, made from q.",
    "hidden": "The input of hidden is the concatenation of q and both gated contexts: n + 2 D numbers.",
    "logits": "logits: a unit for each answer, over the hidden layer.",
}


def layer_shapes(H, W, C, K, D, hidden, answers):
    """Return the shapes of the kernels of the dense layers, by name."""
    return {
        "keys": (C, K),
        "values": (C, D),
        "first_query": (TOY_UNITS, K),
        "kernel": (TOY_UNITS, (2 * H - 1) * (2 * W - 1)),
        "second_query": (TOY_UNITS, K),
        "first_gate": (TOY_UNITS, D),
        "second_gate": (TOY_UNITS, D),
        "hidden": (TOY_UNITS + 2 * D, hidden),
        "logits": (hidden, answers),
    }


def build_answer_model(code, seed, sizes, weights):
    """Build an answer model, and give its layers weights after a check of their shapes."""
    H, W, C, *rest = sizes
    encoder = code.call("toy_question_encoder", seed)
    model = is_model(code.call("answer_model", encoder, (H, W, C), *rest), "answer_model")
    names = [name for _, name in model.describe()["layers"]]
    for name, arrays in weights.items():
        check(name in names, f"there is no layer of the name {name}", "Give each Dense layer its name: name=…")
        layer = model.invoke("layer", name)
        found = layer.describe()["weights"]
        check(found == [array.shape for array in arrays], f"the layer {name} does not have the right size", SIZES[name])
        layer.set_weights(arrays)
    return model


def draw_answer_weights(rng, sizes):
    """Draw kernels and biases of the dense layers."""
    return {
        name: [rng.normal(0, scale, each).astype("float32") for scale, each in ((0.8, shape), (0.3, shape[1:]))]
        for name, shape in layer_shapes(*sizes).items()
    }


def changed_weights(weights):
    """Return weights with which the right model computes what known mistakes do, by hint."""
    W, b = weights["hidden"]
    n, D = TOY_UNITS, (len(W) - TOY_UNITS) // 2
    of_q, of_first, of_second = W[:n], W[n : n + D], W[n + D :]

    def hidden(*blocks):
        return {"hidden": [np.concatenate(blocks), b]}

    def scaled(name, factor, bias=None):
        return {
            name: [
                weights[name][0] * factor,
                weights[name][1] * factor if bias is None else 0 * weights[name][1] + bias,
            ]
        }

    gates, shift = ("first_gate", "second_gate"), 50.0  # the tanh of which is 1
    output = weights["logits"]
    return {
        "Both looks have the same query. The second one has a layer of its own, second_query.": {
            "second_query": weights["first_query"]
        },
        "The queries are exchanged: first_query belongs to the first look.": {
            "first_query": weights["second_query"],
            "second_query": weights["first_query"],
        },
        "The gates have no influence. Multiply each context by its gate.": scaled(gates[0], 0, shift)
        | scaled(gates[1], 0, shift),
        "The gates are exchanged: first_gate belongs to the first context.": {
            "first_gate": weights["second_gate"],
            "second_gate": weights["first_gate"],
        },
        "The gates have no tanh.": scaled(gates[0], 1e-3)
        | scaled(gates[1], 1e-3)
        | hidden(of_q, 1e3 * of_first, 1e3 * of_second),
        "The hidden layer has no relu.": {
            "hidden": [W, b + shift],
            "logits": [output[0], output[1] - shift * output[0].sum(axis=0)],
        },
        "The order of the hidden layer's input is: question, first context, second context.": hidden(
            of_q, of_second, of_first
        ),
        "The question stands last. The hidden layer reads question, first context, second context.": hidden(
            W[2 * D :], W[: 2 * D]
        ),
        "Both contexts are the first one. The last part of the hidden layer's input is the second.": hidden(
            of_q, of_first + of_second, 0 * of_second
        ),
    }


def wrong_looks(reference, weights, q, features, looks):
    """Return the looks of known mistakes, by hint."""
    B, H, W, C = features.shape
    keys, values = (features.reshape(B, H * W, C) @ weights[name][0] + weights[name][1] for name in ("keys", "values"))
    kernel, query = (q @ weights[name][0] + weights[name][1] for name in ("kernel", "second_query"))
    first = looks[:, 0].astype("float32")

    def second(*prior):
        """Compute the second look with another prior, or without one."""
        weights = reference.call("look", keys, values, query.astype("float32"), *prior)[1]
        return np.stack([first, weights.reshape(B, H, W)], axis=1)

    def moved():
        """Compute the prior."""
        offsets = softmax(kernel).reshape(B, 2 * H - 1, 2 * W - 1).astype("float32")
        return np.stack([first, reference.call("move_look", first, offsets)], axis=1)

    return {
        "The second look has no prior: pass the moved look to `look`.": second,
        "The prior of the second look is the first one, which has not moved. Move it by the kernel.": lambda: second(
            first.reshape(B, -1)
        ),
        "The looks are exchanged: the first one comes first.": lambda: looks[:, ::-1],
        "Both maps are the first look.": lambda: looks[:, [0, 0]],
        "The second map is the moved look. It is the prior: return the weights of the second look.": moved,
    }


def check_answer_model(submission, reference, rng, sizes, lengths):
    """Compare the outputs of an answer model with random weights."""
    H, W, C = sizes[:3]
    seed = int(rng.integers(1, 10**6))
    weights, ids = draw_answer_weights(rng, sizes), draw_ids(rng, lengths, TOY_WORDS)
    features = rng.normal(0, 1.2, (len(lengths), H, W, C)).astype("float32")
    q = reference.call("toy_question_encoder", seed).invoke("call", ids)
    expected = build_answer_model(reference, seed, sizes, weights).invoke("call", [features, ids])
    model = build_answer_model(submission, seed, sizes, weights)
    received = unpack(model.invoke("call", [features, ids]), "logits", "looks", of="the model")

    def outputs(changes):
        """Compute the outputs with other weights."""
        other = {name: [np.float32(array) for array in arrays] for name, arrays in (weights | changes).items()}
        return build_answer_model(reference, seed, sizes, other).invoke("call", [features, ids])

    def mistake(text, changes, place):
        """Return a known mistake, computed at most once."""
        return text, lambda: reference.expected(text, lambda: outputs(changes)[place])

    hint = None
    if np.shape(received[0]) == expected[1].shape:
        hint = "The outputs are swapped: logits first, then looks."
    shape, stack = (len(lengths), 2, H, W), "Stack the two maps on axis 1, each as a grid (B, H, W)."
    looks = shaped(received[1], shape, "looks", "(B, 2, H, W)", hint or stack)
    if np.isnan(looks).any():
        hint = "The kernel has no softmax: its weights have to be positive and to sum to one."
    changed = changed_weights(weights)
    shared = list(changed.items())
    known = [mistake(text, changes, 1) for text, changes in shared[:2]]
    known += [
        (text, partial(reference.expected, text, compute))
        for text, compute in wrong_looks(reference, weights, q, features, expected[1]).items()
    ]
    close(looks, expected[1], "looks", "(B, 2, H, W)", known, hint)
    known = [mistake(text, changes, 0) for text, changes in shared[2:]]
    known.append(("These are probabilities. logits has no activation.", softmax(expected[0])))
    close(received[0], expected[0], "logits", "(B, A)", known, hint)


@pytest.mark.points(11, of="answer_model")
@pytest.mark.hint("q asks the first look; the moved map is the prior of the second one; all three make the answer.")
def test_answer_model(submission, reference, rng):
    """The second look starts from the moved first one, and the logits follow from the question and both contexts."""
    check_answer_model(submission, reference, rng, (2, 3, 4, 5, 6, 7, 8), [4, 2, 3])


@pytest.mark.hidden
@pytest.mark.points(7, of="answer_model")
@pytest.mark.hint("All sizes come from the arguments; the grid need not be square.")
@pytest.mark.parametrize(
    "sizes, lengths",
    [((1, 4, 2, 3, 2, 5, 6), [2]), ((4, 3, 5, 2, 4, 9, 3), [3, 1, 5, 2])],
    ids=["one row", "four rows"],
)
def test_other_answer_models(submission, reference, rng, sizes, lengths):
    """Logits and looks are right for other sizes of grid, layers and batch."""
    check_answer_model(submission, reference, rng, sizes, lengths)


# --- question_only_baseline

UNSEEN = "A question that was never asked gets the most frequent answer of all training questions."
TIES = "Of answers that are equally frequent, take the first in the alphabet."


def baseline_mistakes(reference, train_questions, train_answers, questions, expected):
    """Return known mistakes of the baseline: the right baseline of other data, or of other names of the answers."""
    call = partial(reference.call, "question_only_baseline")
    alphabet = sorted({*train_answers})
    backwards = dict(zip(alphabet, alphabet[::-1], strict=True))
    first, last = (dict(zip(train_questions[::step], train_answers[::step], strict=True)) for step in (-1, 1))
    known = [text in last for text in questions]
    unseen = [
        [answer if is_known else other for answer, is_known in zip(expected, known, strict=True)]
        for other in ("", None)
    ]
    return [
        (
            "All questions have the same answer. Count the answers of each question apart.",
            call(train_questions, train_answers, ["?"] * len(questions)),
        ),
        (
            TIES,
            [
                backwards[answer]
                for answer in call(train_questions, [backwards[answer] for answer in train_answers], questions)
            ],
        ),
        (
            "This is the answer that a question had last. Take the most frequent one.",
            [last.get(text, train_answers[-1]) for text in questions],
        ),
        (
            "This is the answer that a question had first. Take the most frequent one.",
            [first.get(text, train_answers[0]) for text in questions],
        ),
        (
            "The questions are told apart by their first word alone. Compare the whole text.",
            call(first_words(train_questions), train_answers, first_words(questions)),
        ),
        *((UNSEEN, other) for other in unseen),
        (UNSEEN, [answer for answer, is_known in zip(expected, known, strict=True) if is_known]),
    ]


def first_words(questions):
    """Return the first word of each question."""
    return [question.split()[0] for question in questions]


def check_baseline(submission, reference, *ask):
    """Compare the answers of a baseline."""
    expected = reference.call("question_only_baseline", *ask)
    known = baseline_mistakes(reference, *ask, expected)
    equal(submission.call("question_only_baseline", *ask), expected, "the list of answers", known)


def draw_baseline(rng, asked, extra):
    """Draw training questions with answers, among them ties, and questions of which some are new."""
    kinds = ["is there a", "what is on the", "what color is the"]
    names = rng.permutation(["cat", "dog", "car", "bed", "sofa", "pig", "bus"]).tolist()
    words = rng.permutation(["yes", "no", "red", "blue", "horse", "apple"]).tolist()
    texts = [f"{kinds[place % 3]} {name}" for place, name in enumerate(names)]
    known, new = texts[:asked], texts[asked : asked + extra]
    questions, answers = [], []
    for place, text in enumerate(known):
        first, second, third = rng.permutation(words)[:3].tolist()
        if place % 2:
            counts = {max(first, second): 2, min(first, second): 2, third: 1}  # a tie
        else:
            counts = {first: 3, second: 1, third: 1}
        drawn = [answer for answer, count in counts.items() for _ in range(count)]
        if place % 2 == 0:
            middle = rng.permutation([first, first, second]).tolist()
            drawn = [second, *[each for each in middle if each == first], first, third]
        questions += [text] * len(drawn)
        answers += drawn
    asks = [*known, *new]
    return questions, answers, [asks[place] for place in rng.permutation(len(asks))]


@pytest.mark.points(6, of="question_only_baseline")
@pytest.mark.hint(
    "Count the answers of each training question; take the most frequent, the first in the alphabet of ties."
)
def test_baseline(submission, reference, rng):
    """A question gets its most frequent answer of the training, and a new one the most frequent of all."""
    check_baseline(submission, reference, *draw_baseline(rng, 4, 2))


@pytest.mark.hidden
@pytest.mark.points(4, of="question_only_baseline")
@pytest.mark.hint("A question may be asked several times, never, or alone.")
@pytest.mark.parametrize("asked, extra", [(1, 0), (2, 3), (5, 1)], ids=["one", "mostly new", "many"])
def test_other_baselines(submission, reference, rng, asked, extra):
    """Answers are right for one question and for many, of which some are new or asked twice."""
    train_questions, train_answers, questions = draw_baseline(rng, asked, extra)
    check_baseline(submission, reference, train_questions, train_answers, questions + questions[:2])


# --- look_loss

INSIDE = "Of each look, add up the weights inside its box, and take the negative logarithm."


def draw_boxes(rng, told, H, W):
    """Draw boxes as maps of 0 and 1: none where `told` is False."""
    boxes = np.zeros((*told.shape, H, W), "float32")
    for b, which in np.argwhere(told):
        top, left = rng.integers(H), rng.integers(W)
        boxes[b, which, top : rng.integers(top + 1, H + 1), left : rng.integers(left + 1, W + 1)] = 1
    return boxes


def loss_mistakes(boxes, looks):
    """Return known mistakes of the loss of the looks."""
    boxes, looks = boxes.astype(float), looks.astype(float)
    inside = (boxes * looks).sum(axis=(2, 3))
    told = boxes.max(axis=(2, 3)) > 0
    losses, count = -np.log(inside + SMALLEST), max(told.sum(), 1)
    logs = -(boxes * np.log(looks + SMALLEST)).sum(axis=(2, 3))
    with np.errstate(all="ignore"):
        means = logs / boxes.sum(axis=(2, 3))
    every = "Looks without a box count. Leave them out: there is no place where they should look."
    return [
        (every, losses.mean()),
        (
            "The sum is divided by all looks. Divide by the number of those that have a box.",
            (losses * told).sum() / told.size,
        ),
        ("The sum is divided by the number of questions, not of looks.", (losses * told).sum() / len(told)),
        ("This is the sum. Divide by the number of looks that have a box.", (losses * told).sum()),
        ("The sign is wrong: a loss is 0 or more.", -(losses * told).sum() / count),
        ("This is the share inside the box. Take its negative logarithm.", (inside * told).sum() / count),
        (
            "This is the share outside the box. Take the negative logarithm of the share inside.",
            ((1 - inside) * told).sum() / count,
        ),
        (
            "The logarithm is taken of each weight. First add up the weights inside, then take the logarithm.",
            (logs * told).sum() / count,
        ),
        (
            "The logarithm is taken of each weight. First add up the weights inside, then take the logarithm.",
            np.nansum(means * told) / count,
        ),
        ("Only the first look counts.", (losses * told)[:, 0].sum() / max(told[:, 0].sum(), 1)),
        ("Only the second look counts.", (losses * told)[:, 1].sum() / max(told[:, 1].sum(), 1)),
        ("The looks of the whole batch are added up before the logarithm.", -np.log((inside * told).sum() / count)),
        ("This is a loss for each look. Return one number, their mean.", losses * told),
    ]


def check_look_loss(submission, reference, boxes, looks):
    """Check the loss of the looks."""
    expected = reference.call("look_loss", boxes, looks)
    value = submission.call("look_loss", boxes, looks)
    close(value, expected, "the loss", known=loss_mistakes(boxes, looks), hint=INSIDE)


@pytest.mark.points(4, of="look_loss")
@pytest.mark.hint(INSIDE)
def test_look_loss(submission, reference, rng):
    """The loss is the mean of -log(share inside the box) over the looks that have a box."""
    told = np.array([[True, True], [True, False], [False, True], [False, False], [True, True]])
    looks = softmax(rng.normal(0, 1.5, (5, 2, 12))).reshape(5, 2, 3, 4).astype("float32")
    check_look_loss(submission, reference, draw_boxes(rng, told, 3, 4), looks)


@pytest.mark.hidden
@pytest.mark.points(3, of="look_loss")
@pytest.mark.hint(
    "A share may be 0, and no look of a batch may have a box: SMALLEST, and a number of looks of at least 1."
)
@pytest.mark.parametrize("kind", ["no box", "far away", "many"])
def test_other_look_losses(submission, reference, rng, kind):
    """The loss is finite where nothing is inside and 0 where no look has a box."""
    B, H, W = {"no box": (2, 2, 3), "far away": (3, 2, 2), "many": (7, 5, 3)}[kind]
    looks = softmax(rng.normal(0, 1.5, (B, 2, H * W))).reshape(B, 2, H, W).astype("float32")
    told = rng.random((B, 2)) < 0.6
    told[0] = True
    boxes = draw_boxes(rng, told & (kind != "no box"), H, W)
    if kind == "far away":
        looks[0, 0], boxes[0, 0] = 0, 0
        looks[0, 0, 0, 0], boxes[0, 0, 1, 1] = 1, 1
    check_look_loss(submission, reference, boxes, looks)


# --- places_in_box

CENTER = "The center of place (y, x) is at ((x + 1/2) size / W, (y + 1/2) size / H) pixels."


def draw_edges(rng, count, size, first, last):
    """Draw edges of a box around the centers of places, `first` to `last` of `count`."""
    low, high = (np.array([place, place + 1]) - 0.5 for place in (first, last + 1))
    return tuple(float(size / count * (edge + 0.5 + rng.uniform(0.05, 0.95))) for edge in (low[0] - 0.5, high[0] - 0.5))


def box_mistakes(reference, box, grid_shape, size, expected):
    """Return known mistakes of the map of a box: the right maps of other boxes."""
    (left, top), (right, bottom) = box[:2], box[2:]
    down, across = (size / count / 2 for count in grid_shape)
    others = {
        "Horizontal and vertical are exchanged: a box is (left, top, right, bottom), a map has rows first.": (
            *(top, left, bottom, right),
        ),
        "A place counts by its upper left corner. Take its center. " + CENTER: (
            *(left + across, top + down, right + across, bottom + down),
        ),
        "A place counts as soon as the box touches it. Only its center matters.": (
            *(left - across, top - down, right + across, bottom + down),
        ),
        "The last two numbers of a box are its right and bottom edges, not width and height.": (
            *(left, top, left + right, top + bottom),
        ),
    }
    empty = "A box that holds no center has one place, the nearest to its middle."
    return [
        (empty, 0 * expected),
        ("The map is the wrong way around: True is inside.", 1 - expected),
        *(
            (text, lambda other=other: reference.call("places_in_box", other, grid_shape, size).astype(int))
            for text, other in others.items()
        ),
    ]


def check_box(submission, reference, grid_shape, size, rows, columns, box):
    """Check the map of a box, which holds the centers of rows and columns."""
    expected = np.zeros(grid_shape, int)
    expected[rows[0] : rows[1] + 1, columns[0] : columns[1] + 1] = 1
    value = submission.call("places_in_box", box, grid_shape, size)
    value = shaped(value, grid_shape, "the map", "(H, W)", "The map has a row for each row of the grid.")
    known = box_mistakes(reference, box, grid_shape, size, expected)
    close(value.astype(int), expected, "the map", "(H, W)", known, CENTER)
    check(value.dtype == bool, "the map does not hold booleans", "Return booleans: a comparison of arrays gives them.")


def draw_box(rng, grid_shape, size):
    """Draw first and last row, first and last column, and a box around their centers."""
    spans = [tuple(np.sort(rng.integers(count, size=2)).tolist()) for count in grid_shape]
    (top, bottom), (left, right) = (
        draw_edges(rng, count, size, *span) for count, span in zip(grid_shape, spans, strict=True)
    )
    return *spans, (left, top, right, bottom)


@pytest.mark.points(4, of="places_in_box")
@pytest.mark.hint(CENTER)
@pytest.mark.parametrize("case", range(3))
def test_places_in_a_box(submission, reference, rng, case):
    """A place is inside if the box holds its center."""
    check_box(submission, reference, (4, 6), 48, *draw_box(rng, (4, 6), 48))


@pytest.mark.hidden
@pytest.mark.points(3, of="places_in_box")
@pytest.mark.hint("A box that holds no center has one place, the nearest to its middle.")
@pytest.mark.parametrize("kind", ["tiny", "square grid", "one row"])
def test_other_boxes(submission, reference, rng, kind):
    """Tiny boxes have one place, and grids may have any shape."""
    grid_shape = {"tiny": (3, 4), "square grid": (8, 8), "one row": (1, 5)}[kind]
    size = int(rng.integers(56, 72))
    if kind != "tiny":
        check_box(submission, reference, grid_shape, size, *draw_box(rng, grid_shape, size))
        return
    row, column = (int(rng.integers(count)) for count in grid_shape)
    left, top = ((place + rng.uniform(0.55, 0.7)) * size / count for place, count in ((column, 4), (row, 3)))
    box = float(left), float(top), float(left + 2.5), float(top + 2.5)
    check_box(submission, reference, grid_shape, size, (row, row), (column, column), box)


# --- find_fault

ORDER = "Go through the steps in order: first look, second look, answer. The first one that is wrong is the fault."
STEPS = {  # by the hits of the first and of the second look
    (True, True): "answer",
    (True, False): "second look",
    (False, True): "first look",
    (False, False): "first look",
}
CASES = {  # a wrong answer, hits of both looks, the largest weight is outside of most of the weight
    "right": (False, True, True, False),
    "right by luck": (False, False, False, False),
    "first look": (True, False, True, False),
    "second look": (True, True, False, False),
    "both looks": (True, False, False, True),
    "answer": (True, True, True, False),
    "a single place": (True, True, True, True),
    "a single place outside": (True, True, False, True),
}


def hits(weights, box):
    """Return True for a largest weight in a box, or for no box."""
    return True if box is None else bool(box[weights == weights.max()].all())


def fault_mistakes(is_wrong, looks, named, about):
    """Return known mistakes of the diagnosis."""
    found = [hits(looks[0], named), hits(looks[1], about)]
    shares = [box is None or bool(weights[box].sum() > 0.5) for weights, box in zip(looks, (named, about), strict=True)]
    boxes = [box is not None for box in (named, about)]
    step = STEPS[tuple(found)]
    if not is_wrong:
        return [("A right answer has no fault, whatever its looks were.", step)]
    return [
        ("The answer is at fault only if both looks are right.", "answer"),
        (
            "There is nothing to look at if the box is None: no look can miss it.",
            STEPS[tuple(np.logical_and(found, boxes))],
        ),
        (
            "A look that misses its box is the fault, not one that hits it.",
            STEPS[tuple(not hit for hit in found)] if found == shares else None,
        ),
        (
            "A look is judged by the place with the largest weight alone, not by the sum of the weights inside.",
            STEPS[tuple(shares)],
        ),
        (ORDER, "second look" if not found[1] else step),
        (
            "The boxes are exchanged: `named` belongs to the first look.",
            STEPS[hits(looks[0], about), hits(looks[1], named)],
        ),
    ]


def draw_fault(rng, is_wrong, first_hits, second_hits, is_single, H=3, W=4, absent=()):
    """Draw answers, looks whose largest weights hit or miss boxes, and the boxes."""
    boxes, looks = [], np.zeros((2, H, W))
    for which, hit in enumerate((first_hits, second_hits)):
        box = np.zeros(H * W, bool)
        box[rng.permutation(H * W)[: H * W // 2]] = True
        weights = rng.uniform(0.5, 1.0, H * W) * np.where((box == hit) == is_single, 0.1, 1.0)
        weights[rng.choice(np.flatnonzero(box == hit))] = 1.2
        looks[which] = (weights / weights.sum()).reshape(H, W)
        boxes.append(None if which in absent else box.reshape(H, W))
    answers = rng.permutation(["yes", "no", "cat", "blue"]).tolist()
    return answers[0], answers[int(is_wrong)], looks, *boxes


def check_fault(submission, is_wrong, ask):
    """Check a diagnosis, and that the arguments are left as they were."""
    value, after = submission.call_with_inputs("find_fault", *ask)
    looks, named, about = ask[2:]
    expected = STEPS[hits(looks[0], named), hits(looks[1], about)] if is_wrong else "none"
    equal(value, expected, "the fault", fault_mistakes(is_wrong, looks, named, about), ORDER)
    unchanged(after[2], looks, "looks")


@pytest.mark.points(4, of="find_fault")
@pytest.mark.hint(ORDER)
@pytest.mark.parametrize("case", CASES)
def test_fault(submission, rng, case):
    """The fault of a wrong answer is the first look that misses its box, or else the answer."""
    check_fault(submission, CASES[case][0], draw_fault(rng, *CASES[case]))


@pytest.mark.hidden
@pytest.mark.points(3, of="find_fault")
@pytest.mark.hint("A box may be None: then the look is not judged.")
@pytest.mark.parametrize("absent", [(0,), (1,), (0, 1)], ids=["first", "second", "both"])
def test_faults_without_boxes(submission, rng, absent):
    """A look without a box is not judged, and grids may have any shape."""
    for found in ((False, False), (True, False), (False, True)):
        check_fault(submission, True, draw_fault(rng, True, *found, True, H=2, W=5, absent=absent))
