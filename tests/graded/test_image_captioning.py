"""Graded tests of `image_captioning`. Models have random weights and small sizes, all of them different."""

from functools import partial

import numpy as np
import pytest

from dlseq.testing import check, close, equal, shaped, unchanged, unpack

TOY_WORDS, TOY_UNITS = 8, 3  # of toy_step
PLAYS = 40  # captions that are drawn until one has what a test needs


def softmax(values, axis=-1):
    """Return the softmax over an axis."""
    powers = np.exp(values - values.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def is_model(value, function):
    """Check that a function has returned a Keras model, and return it."""
    check(getattr(value, "kind", "") == "model", f"{function} does not return a Keras model", "Return Model(…).")
    return value


def give_weights(model, weights, hints):
    """Put weights into layers by name, after a check of their shapes."""
    names = [name for _, name in model.describe()["layers"]]
    for name, arrays in weights.items():
        check(name in names, f"there is no layer of the name {name}", f'Give the layer its name: name="{name}".')
        layer = model.invoke("layer", name)
        found = layer.describe()["weights"]
        check(found == [array.shape for array in arrays], f"the layer {name} does not have the right size", hints[name])
        layer.set_weights(arrays)
    return model


def draw_layers(rng, shapes):
    """Draw the weights of layers."""
    return {
        name: [rng.normal(0, 0.7, each).astype("float32") for each in of_layer] for name, of_layer in shapes.items()
    }


# --- memory_model

COORDINATES = "A place has its features, then y of its row, then x of its column: (2 i + 1) / H - 1, (2 j + 1) / W - 1."
CORNERS = "The coordinates are those of the corners. Take the centers: (2 i + 1) / H - 1."
WHOLE = "For the whole picture, one vector of all H W C features, place by place, goes through the layer: (B, 1, n)."
MEMORY_SIZE = "A place has C + 2 numbers, and the layer has n units. The whole picture has H W C numbers, one vector."


def draw_memory(rng, grid_shape, units, whole_image, B):
    """Draw features and the weights of the layer."""
    H, W, C = grid_shape
    width = H * W * C if whole_image else C + 2
    features = rng.normal(0, 1, (B, H, W, C)).astype("float32")
    return features, draw_layers(rng, {"memory": [(width, units), (units,)]})


def memory_mistakes(features, weights, is_whole):
    """Return known mistakes of the memory, by hint."""
    kernel, bias = weights["memory"]
    B, H, W, C = features.shape

    def dense(numbers):
        return numbers @ kernel + bias

    if is_whole:
        one = features.reshape(B, 1, -1)
        other = features.transpose(0, 2, 1, 3).reshape(B, 1, -1)
        apart = features.reshape(B, -1, C).transpose(0, 2, 1).reshape(B, 1, -1)
        order = "The features are written in another order. A plain reshape writes them place by place, row by row."
        return [
            ("For the whole picture the layer has no activation.", np.tanh(dense(one))),
            (order, dense(other)),
            (order, dense(apart)),
            ("The memory has an axis for its one place: (B, 1, n).", dense(one)[:, 0]),
        ]
    places = features.reshape(B, H * W, C)
    y, x = ((2 * np.arange(count) + 1 - count) / count for count in (H, W))

    def memory(y, x, order="ij", what=places):
        where = np.stack(np.meshgrid(y, x, indexing=order), axis=-1).reshape(1, -1, 2)
        return np.tanh(dense(np.concatenate([what, np.repeat(where, B, axis=0)], axis=-1)))

    where = np.stack(np.meshgrid(y, x, indexing="ij"), axis=-1).reshape(1, -1, 2).repeat(B, axis=0)
    flipped = features.transpose(0, 2, 1, 3).reshape(B, H * W, C)
    corners = np.linspace(-1, 1, H), np.linspace(-1, 1, W)
    upper_left = 2 * np.arange(H) / H - 1, 2 * np.arange(W) / W - 1
    return [
        ("The layer has a tanh.", dense(np.concatenate([places, where], axis=-1))),
        ("The coordinates come after the features.", np.tanh(dense(np.concatenate([where, places], axis=-1)))),
        ("y and x are exchanged: y comes first.", np.tanh(dense(np.concatenate([places, where[..., ::-1]], axis=-1)))),
        ("The coordinates are missing. " + COORDINATES, memory(0 * y, 0 * x)),
        *((CORNERS, memory(*edges)) for edges in (corners, upper_left)),
        (
            "The coordinates reach from 0 to 1. They reach from -1 to 1.",
            memory((np.arange(H) + 0.5) / H, (np.arange(W) + 0.5) / W),
        ),
        ("The coordinates are the numbers of row and column. " + COORDINATES, memory(np.arange(H), np.arange(W))),
        ("The rows are counted from below. The first row is the upper one.", memory(-y, x)),
        ("The places are numbered column by column. Number them row by row.", memory(y, x, what=flipped)),
        (
            "The coordinates belong to other places: np.meshgrid needs indexing='ij' for rows first.",
            np.tanh(
                dense(
                    np.concatenate(
                        [
                            places,
                            np.stack(np.meshgrid(y, x), axis=-1).reshape(1, -1, 2).repeat(B, axis=0),
                        ],
                        axis=-1,
                    )
                )
            ),
        ),
    ]


def check_memory(submission, reference, rng, grid_shape, units, whole_image, B):
    """Compare the memory of random features with random weights."""
    features, weights = draw_memory(rng, grid_shape, units, whole_image, B)
    hints = {"memory": MEMORY_SIZE}
    ask = (grid_shape, units) if not whole_image and B % 2 else (grid_shape, units, whole_image)

    def built(code):
        """Build a memory model with these weights."""
        return give_weights(is_model(code.call("memory_model", *ask), "memory_model"), weights, hints)

    expected = built(reference).invoke("call", features)
    known = memory_mistakes(features, weights, whole_image)
    hint = WHOLE if whole_image else COORDINATES
    value = built(submission).invoke("call", features)
    close(value, expected, "memory", "(B, 1, n)" if whole_image else "(B, P, n)", known, hint)


@pytest.mark.points(7, of="memory_model")
@pytest.mark.hint(COORDINATES)
def test_memory(submission, reference, rng):
    """The memory of a place is a dense layer with tanh over its features and its coordinates."""
    check_memory(submission, reference, rng, (2, 3, 4), 5, False, 3)


@pytest.mark.points(4, of="memory_model")
@pytest.mark.hint(WHOLE)
def test_memory_of_the_whole_picture(submission, reference, rng):
    """The whole picture is one vector, made from all features."""
    check_memory(submission, reference, rng, (3, 2, 4), 6, True, 2)


@pytest.mark.hidden
@pytest.mark.points(4, of="memory_model")
@pytest.mark.hint("All sizes come from the arguments; the grid need not be square.")
@pytest.mark.parametrize(
    "grid_shape, units, whole_image",
    [((1, 4, 2), 3, False), ((5, 3, 1), 2, False), ((1, 5, 2), 4, True)],
    ids=["one row", "tall", "whole"],
)
def test_other_memories(submission, reference, rng, grid_shape, units, whole_image):
    """The memory is right for other grids and widths."""
    check_memory(submission, reference, rng, grid_shape, units, whole_image, 2)


# --- attend


def draw_attention(rng, B, P, n, scale=1.0):
    """Draw queries and a memory."""
    return rng.normal(0, scale, (B, n)).astype("float32"), rng.normal(0, 1, (B, P, n)).astype("float32")


def wrong_weights(query, memory):
    """Return the weights of known mistakes, by hint."""
    products = np.einsum("bpn,bn->bp", memory.astype(float), query.astype(float))
    energies = products / query.shape[-1] ** 0.5
    return {
        "The energies are not divided by the square root of n.": softmax(products),
        "The energies are divided by n. Divide by its square root.": softmax(products / query.shape[-1]),
        "The energies are divided by the square root of P, not of n.": softmax(products / memory.shape[1] ** 0.5),
        "The softmax ran over the batch. It has to run over the places.": softmax(energies, axis=0),
        "These are energies. The softmax turns them into weights.": energies,
        "The energies have the wrong sign.": softmax(-energies),
    }


def check_attention(submission, reference, query, memory):
    """Check context and weights."""
    expected = reference.call("attend", query, memory)
    context, weights = unpack(submission.call("attend", query, memory), "context", "weights", of="attend")
    shapes, right = [getattr(value, "shape", ()) for value in (context, weights)], [value.shape for value in expected]
    is_swapped = shapes == right[::-1] != right
    hint = "context and weights are swapped: the context comes first." if is_swapped else None
    wrong = wrong_weights(query, memory)
    close(weights, expected[1], "weights", "(B, P)", wrong.items(), hint)
    largest = memory[np.arange(len(memory)), expected[1].argmax(axis=1)]
    known = [
        ("This is the mean of the memory without weights.", memory.mean(axis=1)),
        ("The context is divided by P. The weights sum to one already.", expected[0] / memory.shape[1]),
        ("The sum over the places is missing.", expected[1][..., None] * memory),
        ("The sum runs over the features. It has to run over the places.", expected[1] * memory.sum(axis=-1)),
        ("This is the place with the largest weight. Sum all, weighted.", largest),
        *((text, np.einsum("bp,bpn->bn", each, memory)) for text, each in wrong.items()),
    ]
    close(context, expected[0], "context", "(B, n)", known, hint)


@pytest.mark.points(7, of="attend")
@pytest.mark.hint("Energies are dot products of memory and query over the square root of n; a softmax over the places.")
def test_attention(submission, reference, rng):
    """The weights are the softmax of the scaled energies, and the context is a weighted mean."""
    check_attention(submission, reference, *draw_attention(rng, 3, 6, 4))


@pytest.mark.hidden
@pytest.mark.points(5, of="attend")
@pytest.mark.hint("All axes may have any length, and energies may be in the hundreds.")
@pytest.mark.parametrize("sizes", [(1, 1, 3), (4, 9, 2), (5, 2, 7, 300.0)], ids=["one place", "many", "large energies"])
def test_other_attention(submission, reference, rng, sizes):
    """Context and weights are right for other sizes, and for large energies."""
    check_attention(submission, reference, *draw_attention(rng, *sizes))


# --- step_model

STEP_SIZES = {
    "query": "query: n units, made from h.",
    "gate": "gate: n units, made from h.",
    "embedding": "embedding: vocab_size words of width n.",
    "cell": "cell: an LSTMCell of n units, which reads the embedded word and seen, 2 n numbers.",
    "logits": "logits: vocab_size units over the new h and seen, 2 n numbers.",
}


def draw_step(rng, V, n):
    """Draw the weights of the layers of a step."""
    return draw_layers(
        rng,
        {
            "query": [(n, n), (n,)],
            "gate": [(n, n), (n,)],
            "embedding": [(V, n)],
            "cell": [(2 * n, 4 * n), (n, 4 * n), (4 * n,)],
            "logits": [(2 * n, V), (V,)],
        },
    )


def changed_weights(weights):
    """Return weights with which the right step computes what known mistakes do, by hint."""
    kernel, bias = weights["logits"]
    n = len(kernel) // 2
    cell = weights["cell"]
    swapped = np.concatenate([kernel[n:], kernel[:n]])
    gate = weights["gate"]
    open_gate = [0 * gate[0], 0 * gate[1] + 50]
    return {
        "The gate has no influence. Multiply the context by it.": {"gate": open_gate},
        "query and gate are exchanged.": {"query": gate, "gate": weights["query"]},
        "The order of the input of logits is: the new h, then seen.": {"logits": [swapped, bias]},
        "The order of the input of the cell is: the embedded word, then seen.": {
            "cell": [np.concatenate([cell[0][n:], cell[0][:n]]), *cell[1:]]
        },
        "The cell does not read what was seen.": {"cell": [np.concatenate([cell[0][:n], 0 * cell[0][n:]]), *cell[1:]]},
        "The logits do not read what was seen.": {"logits": [np.concatenate([kernel[:n], 0 * kernel[n:]]), bias]},
    }


def step_mistakes(numbers, weights, given):
    """Return the outputs of known mistakes as functions, by hint."""
    ids, memory, h, c = given
    query, gate, kernel = weights["query"], weights["gate"], weights["logits"]
    n = h.shape[1]

    def parts(state):
        """Return context, weights and what is seen of a state."""
        asked = state @ query[0] + query[1]
        looked = softmax(np.einsum("bpn,bn->bp", memory, asked) / n**0.5)
        context = np.einsum("bp,bpn->bn", looked, memory)
        return context, looked, context / (1 + np.exp(-(state @ gate[0] + gate[1])))

    def cell(seen):
        """Return the states after a step of the LSTM."""
        x = np.concatenate([weights["embedding"][0][ids], seen], axis=1)
        gates = x @ weights["cell"][0] + h @ weights["cell"][1] + weights["cell"][2]
        i, f, g, o = np.split(gates, 4, axis=1)
        new_c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        return np.tanh(new_c) / (1 + np.exp(-o)), new_c

    def of(h_read, seen, looked, states):
        return [np.concatenate([h_read, seen], axis=1) @ kernel[0] + kernel[1], looked, *states]

    context, looked, seen = parts(h)
    states = cell(seen)
    context_of_c, looked_of_c, _ = parts(c)
    seen_of_c = context_of_c / (1 + np.exp(-(h @ gate[0] + gate[1])))
    of_word = context / (1 + np.exp(-(weights["embedding"][0][ids] @ gate[0] + gate[1])))
    from_cell = cell(seen_of_c)[0], seen_of_c, looked_of_c, cell(seen_of_c)
    later = parts(states[0])
    return {
        "The query is made from the cell state. Make it from h.": lambda: of(*from_cell),
        "The gate is made from the word. Make it from h.": lambda: of(cell(of_word)[0], of_word, looked, cell(of_word)),
        "The gate has no sigmoid.": lambda: of(
            *_with(states, context * (h @ gate[0] + gate[1]), looked, cell(context * (h @ gate[0] + gate[1])))
        ),
        "The logits are made from the h before the step. Take the new one.": lambda: of(h, seen, looked, states),
        "The logits are made from the cell state. Take the new h.": lambda: of(states[1], seen, looked, states),
        "The states are swapped: h comes first, then c.": lambda: of(states[0], seen, looked, states[::-1]),
        "The states that are returned are those before the step.": lambda: of(states[0], seen, looked, (h, c)),
        "The logits read the context without the gate.": lambda: of(states[0], context, looked, states),
        "These are probabilities. logits has no activation.": lambda: [softmax(numbers[0]), *numbers[1:]],
        "The new h asks. The h before the step has to ask.": lambda: of(states[0], later[2], later[1], states),
    }


def _with(states, seen, looked, new):
    return new[0], seen, looked, new


def check_step(submission, reference, rng, V, n, B, P):
    """Compare the outputs of a step with random weights."""
    weights = draw_step(rng, V, n)
    given = [
        rng.integers(0, V, B).astype("int32"),
        rng.normal(0, 1.2, (B, P, n)).astype("float32"),
        *rng.normal(0, 0.9, (2, B, n)).astype("float32"),
    ]

    def built(code, changes=()):
        """Build a step with these weights."""
        model = is_model(code.call("step_model", V, n), "step_model")
        return give_weights(model, weights | dict(changes), STEP_SIZES)

    expected = built(reference).invoke("call", given)
    names = ("logits", "weights", "h", "c")
    received = unpack(built(submission).invoke("call", given), *names, of="the step")

    def changed(text, changes, place):
        """Return a known mistake, computed at most once."""
        return text, lambda: reference.expected(text, lambda: built(reference, changes).invoke("call", given))[place]

    others = step_mistakes(expected, weights, given)
    for place in (1, 2, 3, 0):
        axes = {"logits": "(B, V)", "weights": "(B, P)"}.get(names[place], "(B, n)")
        known = [(text, lambda wrong=wrong, place=place: wrong()[place]) for text, wrong in others.items()]
        known += [changed(text, changes, place) for text, changes in changed_weights(weights).items()]
        close(received[place], expected[place], names[place], axes, known)


@pytest.mark.points(11, of="step_model")
@pytest.mark.hint("The old h asks; the cell reads word and seen; the new h and seen make the logits.")
def test_step(submission, reference, rng):
    """A step looks with its old state, reads the word and what it saw, and predicts from both."""
    check_step(submission, reference, rng, 7, 4, 3, 5)


@pytest.mark.hidden
@pytest.mark.points(7, of="step_model")
@pytest.mark.hint("All sizes come from the arguments. The memory may have any number of places, also one.")
@pytest.mark.parametrize("sizes", [(3, 2, 1, 1), (11, 5, 4, 9)], ids=["one place", "many"])
def test_other_steps(submission, reference, rng, sizes):
    """The outputs are right for other sizes of vocabulary, memory and batch."""
    check_step(submission, reference, rng, *sizes)


# --- training_model

STEPS = "Call the step that is passed in, once for each column of the words. Start from zeros and hand the states on."


def check_training_model(submission, reference, rng, B, T, P):
    """Compare the outputs of connected toy steps."""
    seed = int(rng.integers(1, 10**6))
    memory = rng.normal(0, 1, (B, P, TOY_UNITS)).astype("float32")
    ids = rng.integers(0, TOY_WORDS, (B, T)).astype("int32")
    toy = reference.call("toy_step", seed)
    expected = reference.call("training_model", toy, T).invoke("call", [memory, ids])
    zeros = np.zeros((B, TOY_UNITS), "float32")

    def loop(columns, carry=("h", "c"), swap=False, feed=False, start=0.0):
        """Return logits and weights of a loop with a mistake."""
        h = c = zeros + np.float32(start)
        outputs = []
        for t in range(T):
            read = outputs[-1][0].argmax(axis=-1).astype("int32") if feed and outputs else ids[:, columns(t)]
            logits, weights, new_h, new_c = toy.invoke("call", [read, memory, h, c])
            h, c = new_h if "h" in carry else h, new_c if "c" in carry else c
            h, c = (c, h) if swap else (h, c)
            outputs.append((logits, weights))
        return [np.stack(each, axis=1) for each in zip(*outputs, strict=True)]

    def same(t):
        return t

    wrong = {
        "The states are not handed on: each step starts from zeros.": partial(loop, same, carry=()),
        "The cell state is not handed on.": partial(loop, same, carry="h"),
        "The hidden state is not handed on.": partial(loop, same, carry="c"),
        "h and c change places from step to step.": partial(loop, same, swap=True),
        "Each step reads the first word. Step t reads column t.": partial(loop, lambda t: 0),
        "The words are read from the last to the first.": partial(loop, lambda t: T - 1 - t),
        "Step t reads the word of step t + 1.": partial(loop, lambda t: min(t + 1, T - 1)),
        "The steps read what the model has written. In training they read the given words.": partial(
            loop, same, feed=True
        ),
        "The first states are zeros.": partial(loop, same, start=1.0),
    }
    model = is_model(submission.call("training_model", submission.call("toy_step", seed), T), "training_model")
    check(len(model.describe()["inputs"]) == 2, "the model does not have two inputs", "Model([memory, ids], outputs)")
    received = unpack(model.invoke("call", [memory, ids]), "logits", "weights", of="the model")
    for place, name, axes in ((0, "logits", "(B, T, V)"), (1, "weights", "(B, T, P)")):
        known = [
            (text, lambda text=text, call=call, place=place: reference.expected(text, call)[place])
            for text, call in wrong.items()
        ]
        known += [
            ("The steps come first. Stack the outputs on axis 1.", expected[place].swapaxes(0, 1)),
            ("The outputs are swapped: logits first, then weights.", expected[1 - place]),
            ("These are the outputs of the last step. Stack those of all.", expected[place][:, -1]),
        ]
        close(received[place], expected[place], name, axes, known, STEPS)


@pytest.mark.points(8, of="training_model")
@pytest.mark.hint(STEPS)
def test_training_model(submission, reference, rng):
    """Step t reads column t and the states of the step before; the outputs are stacked."""
    check_training_model(submission, reference, rng, 3, 4, 5)


@pytest.mark.hidden
@pytest.mark.points(5, of="training_model")
@pytest.mark.hint("The number of steps is the argument `length`.")
@pytest.mark.parametrize("sizes", [(2, 1, 3), (1, 6, 1)], ids=["one step", "one place"])
def test_other_training_models(submission, reference, rng, sizes):
    """The outputs are right for one step, and for many over one place."""
    check_training_model(submission, reference, rng, *sizes)


# --- greedy_captions

GOES_ON = "The captions go on after end_id. Cut each of them off before its first one."


def draw_pictures(rng, B, P):
    """Draw the memory of pictures."""
    return rng.normal(0, 1.2, (B, P, TOY_UNITS)).astype("float32")


def draw_captions(rng, reference, B, P, max_length):
    """Draw a step and pictures whose captions end at different steps, one of them not at all."""
    for _ in range(PLAYS):
        seed, start = int(rng.integers(1, 10**6)), int(rng.integers(1, TOY_WORDS))
        memory = draw_pictures(rng, B, P)
        rows = reference.call("greedy_captions", reference.call("toy_step", seed), memory, start, -1, max_length)[0]
        for end in rng.permutation([word for word in range(1, TOY_WORDS) if word != start]).tolist():
            lengths = {row.index(end) if end in row else max_length for row in rows}
            if B == 1 or max_length == 1 or (max_length in lengths and len(lengths) > 2):
                return seed, memory, start, end
    return seed, memory, start, end


def greedy_loop(step, memory, start, steps, carry=("h", "c"), feed=True, choose=np.argmax):
    """Return the words of a loop with a mistake, as lists."""
    h = c = np.zeros((len(memory), TOY_UNITS), "float32")
    ids, words = np.full(len(memory), start), []
    for _ in range(steps):
        logits, _, new_h, new_c = step.invoke("call", [ids, memory, h, c])
        h, c = new_h if "h" in carry else h, new_c if "c" in carry else c
        words.append(choose(logits, axis=-1))
        ids = words[-1] if feed else ids
    return np.stack(words, axis=1).tolist()


def cut(rows, end):
    """Cut rows off before the end."""
    return [row[: row.index(end)] if end in row else row for row in rows]


def caption_mistakes(step, memory, start, end, steps, expected):
    """Yield known mistakes of the captions as (hint, captions): nothing is computed for a right answer."""
    loop = partial(greedy_loop, step, memory, start)
    rows = loop(steps)
    stuck = "The states never change: each step starts from the states that the last one returned."
    ended = max(row.index(end) + 1 if end in row else steps for row in rows)
    first = min(map(len, expected))
    yield from [
        (
            "end_id is part of the caption. Cut it off before it.",
            [r[: len(e) + 1] for r, e in zip(rows, expected, strict=True)],
        ),
        ("start_id is part of the caption. It is an input, and no word.", [[start, *words] for words in expected]),
        (GOES_ON, rows),
        (GOES_ON, [row[:ended] for row in rows]),
        (
            "The words after end_id are part of the caption, without end_id. Cut it off there.",
            [[word for word in row if word != end] for row in rows],
        ),
        *(
            ("The loop stops when the first caption ends. The others go on.", [words[:number] for words in expected])
            for number in (first, first + 1)
        ),
        ("There are more words than max_length allows.", lambda: cut(loop(steps + 1), end)),
        ("There are fewer words than max_length allows.", lambda: cut(loop(max(1, steps - 1)), end)),
        (stuck, lambda: cut(loop(steps, carry=()), end)),
        ("The cell state never changes.", lambda: cut(loop(steps, carry="h"), end)),
        ("The hidden state never changes.", lambda: cut(loop(steps, carry="c"), end)),
        (
            "Each step reads start_id. It has to read the word of the step before.",
            lambda: cut(loop(steps, feed=False), end),
        ),
        (
            "These are the least probable words. Take the largest logit.",
            lambda: cut(loop(steps, choose=np.argmin), end),
        ),
        ("Only the first caption is written.", expected[:1]),
        ("The rows are steps. Return a list for each picture.", np.array(rows).T.tolist()),
    ]


def check_greedy(submission, reference, rng, B, P, max_length):
    """Compare captions and maps of toy steps."""
    seed, memory, start, end = reference.expected("drawn", lambda: draw_captions(rng, reference, B, P, max_length))
    step = reference.call("toy_step", seed)
    captions, maps = reference.call("greedy_captions", step, memory, start, end, max_length)
    value = submission.call("greedy_captions", submission.call("toy_step", seed), memory, start, end, max_length)
    received, weights = unpack(value, "captions", "maps", of="greedy_captions")
    mistakes = caption_mistakes(step, memory, start, end, max_length, captions)
    equal(received, captions, "the list of captions", mistakes)
    check(
        type(weights) in (list, tuple), "maps is not a list", "Return a list with an array (words, P) for each picture."
    )
    check(len(weights) == B, "maps does not have an entry for each picture", "maps is a list of B arrays.")
    every = reference.call("greedy_captions", step, memory, start, -1, max_length + 1)[1]
    for each, expected, whole in zip(weights, maps, every, strict=True):
        next_maps = whole[1 : len(expected) + 1], expected[1:]
        known = [
            ("The maps go on after the caption. Cut them off with it.", whole[:max_length]),
            ("The map of the end is there too. Cut the maps off with the caption.", whole[: len(expected) + 1]),
            *(
                ("These are the maps of the next words. A map belongs to the step that wrote the word.", other)
                for other in next_maps
            ),
            ("The places come first. A map is a row.", expected.T),
        ]
        hint = "The map of a word is the weights that the step returned when it wrote the word."
        close(each, expected, "the array of maps of a caption", "(words, P)", known, hint)


@pytest.mark.points(9, of="greedy_captions")
@pytest.mark.hint("In each step: read the last words and the last states; the largest logit is the next word.")
def test_greedy(submission, reference, rng):
    """Each word is the most probable one after those before it, up to the end of the caption; maps go with words."""
    check_greedy(submission, reference, rng, 5, 4, 6)


@pytest.mark.hidden
@pytest.mark.points(5, of="greedy_captions")
@pytest.mark.hint("max_length counts the words of a caption; it may be 1, and there may be one picture.")
@pytest.mark.parametrize("sizes", [(1, 3, 7), (4, 2, 1), (6, 1, 5)], ids=["one picture", "one word", "one place"])
def test_other_greedy(submission, reference, rng, sizes):
    """Captions and maps are right for one picture, for one word and for one place."""
    check_greedy(submission, reference, rng, *sizes)


# --- beam_captions

DROPPED = "What is still live after max_length words counts as finished too."
CANDIDATES = "Of all beginnings with all words, keep the beam_width largest sums of log-probabilities."


def draw_beam(rng, reference, P, width, max_length):
    """Draw a step and a picture whose search has finished captions and live ones, and finds more than greedy search."""
    for _ in range(PLAYS):
        seed, start, end = int(rng.integers(1, 10**6)), *(int(w) for w in rng.permutation(np.arange(1, 8))[:2])
        memory = draw_pictures(rng, 1, P)[0]
        search = partial(reference.call, "beam_captions", reference.call("toy_step", seed), memory, start, end)
        lengths = [len(words) for words, _ in search(width, max_length)]
        ended = sum(length < max_length for length in lengths)
        is_varied = len(set(lengths)) > 2 and ended not in (width, len(lengths))
        if min(width, max_length) == 1 or (
            is_varied and search(width, max_length)[0][0] != search(1, max_length)[0][0]
        ):
            break
    return seed, memory, start, end


def split_captions(value, name):
    """Check that a list of captions has pairs of words and a number, and return both sides."""
    check(type(value) in (list, tuple), f"{name} is not a list", "Return a list of (word ids, log-probability).")
    for pair in value:
        unpack(pair, "word ids", "log-probability", of="an entry of the list")
    return [list(words) if type(words) in (list, tuple) else words for words, _ in value], [p for _, p in value]


def simple_beams(step, ask, right):
    """Return known mistakes of the list of captions that change the right one, as (hint, captions)."""
    width, max_length = ask[-2:]
    return [
        ("Return all finished captions, not only the best.", right[:1]),
        ("Return all finished captions, not only as many as the beam is wide.", right[:width]),
        ("The most probable caption comes first.", right[::-1]),
        (DROPPED, [pair for pair in right if len(pair[0]) < max_length]),
        ("Finished captions are lost.", [pair for pair in right if len(pair[0]) == max_length]),
        ("end_id is part of a caption.", [(w + [ask[2]] * (len(w) < max_length), p) for w, p in right]),
        ("start_id is part of a caption. It is an input, and no word.", [([ask[1], *w], p) for w, p in right]),
    ]


def check_beam(submission, reference, rng, P, width, max_length, mistakes):
    """Compare the captions of a beam search over a toy step."""
    seed, memory, start, end = reference.expected("drawn", lambda: draw_beam(rng, reference, P, width, max_length))
    step = reference.call("toy_step", seed)
    ask = (memory, start, end, width, max_length)
    right = [(list(words), total) for words, total in reference.call("beam_captions", step, *ask)]
    value, after = submission.call_with_inputs("beam_captions", submission.call("toy_step", seed), *ask)
    words, sums = split_captions(value, "the value of beam_captions")
    known = mistakes(step, ask, right)

    def side(pairs, part):
        """Return the words or the log-probabilities of captions, which may be a function."""
        pairs = pairs() if callable(pairs) else pairs
        return [list(pair[0]) for pair in pairs] if part == 0 else np.array([pair[1] for pair in pairs])

    of_words = [(text, lambda pairs=pairs: side(pairs, 0)) for text, pairs in known]
    equal(words, side(right, 0), "the list of captions", of_words, CANDIDATES)
    check(all(type(total) in (int, float) for total in sums), "a log-probability is not a number", "float(…)")
    of_sums = [(text, lambda pairs=pairs: side(pairs, 1)) for text, pairs in known]
    close(np.array(sums), side(right, 1), "the log-probabilities", known=of_sums, rtol=1e-4, atol=1e-4)
    unchanged(after[1], memory, "memory")


@pytest.mark.points(9, of="beam_captions")
@pytest.mark.hint(CANDIDATES)
def test_beam(submission, reference, rng):
    """The search keeps the best candidates of all beginnings, and returns all that are finished, the best first."""
    check_beam(submission, reference, rng, 4, 3, 5, simple_beams)


def log_softmax(logits):
    """Return the log-softmax over the last axis, in float64."""
    shifted = logits.astype(float) - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def beam_loop(step, memory, start, end, width, steps, **slips):
    """Return the captions of a beam search, with the mistakes that `slips` names."""
    h = c = np.zeros((1, TOY_UNITS), "float32")
    sums, live, finished = np.zeros(1), [[]], []
    for _ in range(steps):
        ids = np.array([path[-1] if path and "stuck" not in slips else start for path in live])
        logits, _, h, c = step.invoke("call", [ids, np.repeat(memory[None], len(live), axis=0), h, c])
        log_p = logits.astype(float) if "logits" in slips else log_softmax(logits)
        if "probabilities" in slips:
            log_p = np.exp(log_p)
        before = 0 * sums if "last" in slips else sums
        scores = before[:, None] + log_p
        if "each" in slips:
            per = [(row, word) for row in range(len(live)) for word in np.argsort(-scores[row])[:width]]
            kept = per
        else:
            flat = np.argsort(-scores.ravel(), kind="stable")[:width]
            kept = [divmod(int(at), scores.shape[1]) for at in flat]
        paths = [([*live[row], int(word)], float(scores[row, word]), row) for row, word in kept]
        done = [entry for entry in paths if entry[0][-1] == end]
        going = [entry for entry in paths if entry[0][-1] != end]
        if "forgets" not in slips:
            finished += [(path if "ending" in slips else path[:-1], total) for path, total, _ in done]
        if not going:
            live = []
            break
        rows = [row for _, _, row in going]
        if "order" in slips:
            rows = [min(place, len(h) - 1) for place in range(len(going))]
        live, sums = [path for path, _, _ in going], np.array([total for _, total, _ in going])
        h, c = h[rows], c[rows]
        if "first" in slips and done:
            break
        if "narrow" in slips:
            width -= len(done)
    if "drops" not in slips:
        finished += list(zip(live, map(float, sums), strict=False))
    if "length" in slips:
        finished = [(path, total / max(len(path) + 1, 1)) for path, total in finished]
    return sorted(finished, key=lambda caption: (1 if "worst" in slips else -1) * caption[1])


BEAM_SLIPS = {
    "The states stay where they were. Each path goes on from the states of the beginning that it came from.": "order",
    "Each beginning keeps its own best words. Compare the candidates of all beginnings together.": "each",
    "The sums forget the words before: add the log-probability of the word to that of the beginning.": "last",
    "The sums are made of logits. Take their log-softmax.": "logits",
    "The sums are made of probabilities. Take their logarithms.": "probabilities",
    "end_id is part of a caption.": "ending",
    "The search stops with the first finished caption. It goes on while anything is live.": "first",
    DROPPED: "drops",
    "Finished captions are lost.": "forgets",
    "The most probable caption comes first.": "worst",
    "The sums are divided by the length. There is no length normalization.": "length",
    "The beam gets narrower when a caption ends. Each step keeps beam_width candidates.": "narrow",
    "Each step reads start_id. It has to read the last word of each beginning.": "stuck",
}


def slipped_beams(step, ask, right):
    """Return known mistakes as (hint, captions): searches with a slip, and the simple ones."""
    slips = [(text, partial(beam_loop, step, *ask, **{slip: True})) for text, slip in BEAM_SLIPS.items()]
    return [*slips, *simple_beams(step, ask, right)]


@pytest.mark.hidden
@pytest.mark.points(7, of="beam_captions")
@pytest.mark.hint("The beam may have a width of one, and a caption one word.")
@pytest.mark.parametrize(
    "sizes", [(3, 1, 6), (2, 4, 1), (5, 2, 6), (3, 4, 5)], ids=["width 1", "one word", "width 2", "width 4"]
)
def test_other_beams(submission, reference, rng, sizes):
    """Captions and log-probabilities are right for other widths and lengths."""
    check_beam(submission, reference, rng, *sizes, slipped_beams)


# --- pointing_game

CLOSED = "A box ends before its right and lower edges: left <= x < right, upper <= y < lower."
CENTER = "The largest weight points at the center of its place: ((j + 1/2) size / W, (i + 1/2) size / H)."


def play(maps, boxes, size, finger, closed=False):
    """Count hits and tries of a finger, a function from the row and column of the largest weight to pixels."""
    found = [
        all(
            low <= at < high or (closed and at == high)
            for at, low, high in zip(finger(*divmod(int(each.argmax()), each.shape[1])), box[:2], box[2:], strict=True)
        )
        for each, box in zip(maps, boxes, strict=True)
        if box is not None
    ]
    return sum(found), len(found)


def pointing_mistakes(maps, boxes, size, expected):
    """Return known mistakes of the game."""
    rows, columns = maps.shape[1:]
    whole = [box if box is not None else (0, 0, size, size) for box in boxes]
    down, across = ((np.arange(count) + 0.5) * size / count for count in (rows, columns))
    shares = [
        each[np.ix_((down >= box[1]) & (down < box[3]), (across >= box[0]) & (across < box[2]))].sum() > 0.5
        for each, box in zip(maps, boxes, strict=True)
        if box is not None
    ]

    def exchanged(i, j):
        return (i + 0.5) * size / rows, (j + 0.5) * size / columns

    def turned(i, j):
        return (i + 0.5) * size / columns, (j + 0.5) * size / rows

    def corner(i, j):
        return j * size / columns, i * size / rows

    def center(i, j):
        return (j + 0.5) * size / columns, (i + 0.5) * size / rows

    def lower(i, j):
        return (j + 1) * size / columns, (i + 1) * size / rows

    return [
        ("x and y are exchanged: x belongs to the column, y to the row.", play(maps, boxes, size, exchanged)),
        ("Row and column are exchanged: the first index is the row.", play(maps, boxes, size, turned)),
        ("This is the upper left corner of the place. Take its center.", play(maps, boxes, size, corner)),
        ("This is the lower right corner of the place. Take its center.", play(maps, boxes, size, lower)),
        ("The smallest weight points. Take the largest.", play(-maps, boxes, size, center)),
        ("Words without a box do not play: they are no tries.", (expected[0], len(boxes))),
        ("Words without a box do not play: they are no tries and no hits.", play(maps, whole, size, center)),
        ("hits and tries are swapped.", expected[::-1]),
        ("This counts the misses.", (expected[1] - expected[0], expected[1])),
        ("Only the largest weight counts, not the sum of the weights inside.", (int(sum(shares)), expected[1])),
    ]


def draw_game(rng, T, H, W, size):
    """Draw maps and boxes near their largest weights, until known mistakes count differently."""
    while True:
        maps = softmax(rng.normal(0, 0.5, (T, H * W)))
        boxes = []
        for weights in maps:
            i, j = divmod(int(weights.argmax()), W)
            x, y = size / W * (j + 0.5), size / H * (i + 0.5)
            low, high = rng.uniform(-0.4, 1.1, (2, 2)) * (size / W, size / H)
            box = (x - low[0], y - low[1], x + abs(high[0]), y + abs(high[1]))
            boxes.append(None if rng.random() < 0.3 else tuple(float(edge) for edge in box))
        maps = maps.reshape(T, H, W).astype("float32")
        right = play(maps, boxes, size, lambda i, j: ((j + 0.5) * size / W, (i + 0.5) * size / H))
        wrong = [(int(hits), int(tries)) for _, (hits, tries) in pointing_mistakes(maps, boxes, size, right)]
        if None in boxes and right[0] > 1 and len({right, *wrong}) == 1 + len(wrong):
            return maps, boxes


def draw_edges(rng, size):
    """Draw boxes whose edges go through the center of one place, until known mistakes count differently."""
    for _ in range(PLAYS):
        H, W = (int(2 ** rng.integers(1, 4)) for _ in range(2))  # so that centers are exact
        i, j, count = int(rng.integers(H)), int(rng.integers(W)), int(rng.integers(8, 15))
        x, y = (j + 0.5) * size / W, (i + 0.5) * size / H
        far = float(size)
        sides = [(x, y, far, far), (0.0, 0.0, x, far), (0.0, 0.0, far, y), (0.0, 0.0, far, far)]
        sides += [(x, 0.0, far, far), (0.0, y, far, far)]
        boxes = [sides[at] for at in rng.permutation([*range(4), *rng.integers(0, len(sides), count - 4)])]
        maps = np.zeros((count, H, W), "float32")
        maps[:, i, j] = 1
        right = play(maps, boxes, size, lambda i, j, W=W, H=H: ((j + 0.5) * size / W, (i + 0.5) * size / H))
        wrong = [mistake for _, mistake in pointing_mistakes(maps, boxes, size, right) if mistake != right]
        if H != W and len(set(wrong)) == len(wrong):
            break
    return maps, boxes


def check_game(submission, reference, maps, boxes, size):
    """Compare hits and tries."""
    expected = tuple(int(number) for number in reference.call("pointing_game", maps, boxes, size))
    value, after = submission.call_with_inputs("pointing_game", maps, boxes, size)
    received = unpack(value, "hits", "tries", of="pointing_game")
    received = tuple(shaped(number, (), name) for number, name in zip(received, ("hits", "tries"), strict=True))
    rows, columns = maps.shape[1:]
    closed = play(maps, boxes, size, lambda i, j: ((j + 0.5) * size / columns, (i + 0.5) * size / rows), closed=True)
    mistakes = [*pointing_mistakes(maps, boxes, size, expected), (CLOSED, closed)]
    equal(tuple(float(number) for number in received), tuple(map(float, expected)), "hits and tries", mistakes, CENTER)
    unchanged(after[0], maps, "maps")


@pytest.mark.points(7, of="pointing_game")
@pytest.mark.hint(CENTER)
def test_pointing(submission, reference, rng):
    """A hit is a largest weight whose center lies in the box; words without a box do not play."""
    check_game(submission, reference, *draw_game(rng, 31, 4, 6, 48), 48)


@pytest.mark.hidden
@pytest.mark.points(5, of="pointing_game")
@pytest.mark.hint("A caption may have no word with a box, and grids may have any shape.")
@pytest.mark.parametrize("kind", ["no box", "one row", "edges"])
def test_other_pointing(submission, reference, rng, kind):
    """Hits and tries are right without boxes, for other grids, and at the edges of a box."""
    if kind == "edges":
        check_game(submission, reference, *draw_edges(rng, 64), 64)
        return
    if kind == "no box":
        check_game(submission, reference, *draw_game(rng, 31, 3, 4, 36), 36)  # not a constant
    H, W = {"no box": (3, 3), "one row": (1, 7)}[kind]
    maps = softmax(rng.normal(0, 0.5, (6, H * W))).reshape(6, H, W).astype("float32")
    boxes = [None if kind == "no box" or t == 2 else (5.0 * t, 3.0, 16.0 + 5 * t, 30.0) for t in range(6)]
    check_game(submission, reference, maps, boxes, 40)
