"""Graded tests of `name_generation`. Weights are large enough that every term affects the result."""

import numpy as np
import pytest

from dlseq.course.given.name_generation import (
    initialize_parameters,
    rnn_backward,
    rnn_forward,
    rnn_step_forward,
    softmax,
)
from dlseq.testing import check, close, equal, shaped, unchanged, unpack

GRADIENT_NAMES = ("dWaa", "dWax", "dWya", "db", "dby")
PARAMETER_NAMES = ("Wax", "Waa", "Wya", "b", "by")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CAPITALS = LETTERS.upper()


def draw_parameters(rng, V, n_a, scale=1.0):
    """Draw parameters of the NumPy network."""
    shapes = {"Wax": (n_a, V), "Waa": (n_a, n_a), "Wya": (V, n_a), "b": (n_a, 1), "by": (V, 1)}
    return {name: rng.normal(0, scale, shape) for name, shape in shapes.items()}


def draw_gradients(rng, V, n_a):
    """Draw gradients, about half of whose absolute values exceed 1."""
    return {f"d{name}": value for name, value in draw_parameters(rng, V, n_a, 1.5).items()}


def make_vocabulary(V, newline=0):
    """Return dicts from characters to indices and back, with the given index of the newline."""
    characters = list(LETTERS[: V - 1])
    characters.insert(newline, "\n")
    return {letter: index for index, letter in enumerate(characters)}, dict(enumerate(characters))


def draw_vocabulary(rng, V, newline=0, letters=LETTERS):
    """Draw a vocabulary of V - 1 random letters, with the given index of the newline."""
    characters = [str(letter) for letter in rng.permutation(list(letters))[: V - 1]]
    characters.insert(newline, "\n")
    return {character: index for index, character in enumerate(characters)}


def without(parameters, *names):
    """Return the parameters with some of them zero, as if a submission left them out."""
    return {name: np.zeros_like(value) if name in names else value for name, value in parameters.items()}


# --- clip


def check_clipped(clipped, expected, known=None):
    """Check a dict of the five clipped gradients."""
    check(type(clipped) is dict, "clip did not return a dict of gradients")
    for name in GRADIENT_NAMES:
        check(
            name in clipped,
            f"{name} is missing from the dict that clip returned",
            "Return all five gradients.",
        )
        close(clipped[name], expected[name], name, known=(known or {}).get(name, ()))


@pytest.mark.points(5, of="clip")
@pytest.mark.hint("np.clip takes an array, the minimum and the maximum.")
def test_clip_values(submission, reference, rng):
    """Values above maxValue become maxValue, values below -maxValue become -maxValue, the others stay."""
    gradients = draw_gradients(rng, 7, 4)
    clipped = submission.call("clip", gradients, 0.25)
    norm = np.sqrt(sum(float((value**2).sum()) for value in gradients.values()))
    known = {
        name: [
            (f"{name} is not clipped.", value),
            ("Only one side is clipped. Clip large negative values as well.", np.minimum(value, 0.25)),
            ("The gradients are scaled by their norm. Clip element by element here.", value * 0.25 / norm),
        ]
        for name, value in gradients.items()
    }
    check_clipped(clipped, reference.call("clip", gradients, 0.25), known)


@pytest.mark.points(3, of="clip")
@pytest.mark.hint("Return a new dict of new arrays.")
def test_clip_is_not_in_place(submission, reference, rng):
    """All five gradients are returned clipped, and the argument `gradients` is unchanged."""
    gradients = draw_gradients(rng, 5, 3)
    clipped, after = submission.call_with_inputs("clip", gradients, 0.5)
    check_clipped(clipped, reference.call("clip", gradients, 0.5))
    unchanged(
        after[0],
        gradients,
        "gradients",
        "np.clip with out= changes the caller's arrays in place. Older versions of the well-known assignment did so: "
        "here copy the gradients first.",
    )


@pytest.mark.hidden
@pytest.mark.points(4, of="clip")
@pytest.mark.hint("Take the limit from the argument, for each of the five gradients.")
@pytest.mark.parametrize("limit", [0.1, 2.5, 100.0], ids=["small", "middle", "large"])
def test_clip_at_other_values(submission, reference, rng, limit):
    """All five gradients are clipped at any limit."""
    gradients = draw_gradients(rng, 3, 6)
    check_clipped(submission.call("clip", gradients, limit), reference.call("clip", gradients, limit))


# --- sample


def first_50(name):
    """Return the first 50 indices; the end of a longer name has a test of its own."""
    return name[:50] if type(name) is list else name


def draw_from_bias(by, seeds):
    """Return the draws of a network with a constant distribution softmax(by), one for each seed."""
    probabilities = softmax(by)[:, 0]
    return [int(np.random.RandomState(seed).choice(len(probabilities), p=probabilities)) for seed in seeds]


def draw_from_squares(parameters, seed):
    """Return 50 draws from the first column, if zero vectors of one axis are broadcast to squares."""
    x, a, draws = np.zeros(len(parameters["by"])), np.zeros(len(parameters["b"])), []
    for number in range(50):
        a, y = rnn_step_forward(parameters, a, x)
        draws.append(int(np.random.RandomState(seed + 2 * number).choice(len(y), p=y[:, 0])))
        x = np.eye(len(y))[draws[-1]]
    return draws


def find_seed(rng, step):
    """Return a seed whose uniform draw number `step` is below all earlier ones, and a threshold between them."""
    while True:
        seed = int(rng.integers(100_000))
        *before, last = [np.random.RandomState(seed + 2 * number).random_sample() for number in range(step)]
        if last < min(before):
            return seed, (last + min(before)) / 2


@pytest.mark.points(4, of="sample")
@pytest.mark.hint("See the last paragraph of section 2 for the seed of each draw.")
def test_sample_seeds(submission, rng):
    """The seed of each draw is counter + seed; both grow by one after each draw."""
    parameters = without(draw_parameters(rng, 9, 4), "Wax", "Waa", "Wya")
    by = parameters["by"]
    by[0] = -60.0
    seed = int(rng.integers(1000))
    indices = submission.call("sample", parameters, draw_vocabulary(rng, 9), seed)
    once = [int(index) for index in np.random.RandomState(seed).choice(9, 50, p=softmax(by)[:, 0])]
    both = "The seed of the generator grows too slowly: after a draw increment counter AND seed by one."
    known = [
        (both, draw_from_bias(by, range(seed, seed + 50))),
        ("Seed the generator before each draw, not once.", once),
        (
            "Each draw uses the same seed. After a draw increment counter and seed by one.",
            draw_from_bias(by, [seed] * 50),
        ),
        (
            "The index is the argmax. Draw from the distribution instead.",
            [int(by.argmax())] * 50,
        ),
    ]
    equal(first_50(indices), draw_from_bias(by, range(seed, seed + 100, 2)), "indices", known)


@pytest.mark.points(5, of="sample")
@pytest.mark.hint("Compare your lines with the two formulas of section 2, term by term.")
def test_sample_characters(submission, reference, rng):
    """Each character is drawn from the prediction after the previous character."""
    char_to_ix = draw_vocabulary(rng, 11, 4)
    parameters = draw_parameters(rng, 11, 6)
    parameters["by"][4] = -9.0
    seed = int(rng.integers(1000))

    def ask(changed):
        return first_50(reference.call("sample", changed, char_to_ix, seed))

    square = draw_from_squares(parameters, seed)
    sharp = {**parameters, "Wya": 1e6 * parameters["Wya"], "by": 1e6 * parameters["by"]}
    known = [
        (
            "The drawn character has no influence on the next one: feed it back as the next x.",
            ask(without(parameters, "Wax")),
        ),
        (
            "The hidden state is lost: pass it from one time step to the next.",
            ask(without(parameters, "Waa")),
        ),
        ("The index is the argmax. Draw from the distribution instead.", ask(sharp)),
        ("The zero vectors have one axis. (n,) plus a bias (n, 1) is a square: give them the shape (n, 1).", square),
        ("A bias is missing.", ask(without(parameters, "b"))),
        ("A bias is missing.", ask(without(parameters, "by"))),
    ]
    equal(first_50(submission.call("sample", parameters, char_to_ix, seed)), ask(parameters), "indices", known)


@pytest.mark.points(3, of="sample")
@pytest.mark.hint("Stop after 50 characters, and append the newline then.")
def test_sample_stops_at_fifty(submission, rng):
    """If the newline is never drawn, the name has 50 characters and then a newline."""
    parameters = draw_parameters(rng, 6, 3)
    parameters["by"][2] = -500.0
    indices = submission.call("sample", parameters, draw_vocabulary(rng, 6, 2, CAPITALS), int(rng.integers(1000)))
    check(type(indices) is list, "sample did not return a list of indices")
    check(len(indices) != 50, "the newline after 50 characters is missing", "After 50 characters append a newline.")
    check(len(indices) == 51, "expected 50 characters and a newline")
    check(indices[-1] == 2 and 2 not in indices[:-1], "the newline is not at the end")


@pytest.mark.hidden
@pytest.mark.points(3, of="sample")
@pytest.mark.hint("Take the sizes from the parameters and the newline from char_to_ix; stop after it was drawn.")
@pytest.mark.parametrize("V, n_a, newline", [(4, 7, 0), (8, 3, 5), (27, 12, 26)], ids=["few", "moved", "last"])
def test_sample_of_other_sizes(submission, reference, rng, V, n_a, newline):
    """Samples are right for other sizes and any index of the newline; the parameters are unchanged."""
    char_to_ix = draw_vocabulary(rng, V, newline)
    parameters = draw_parameters(rng, V, n_a)
    for seed in (0, int(rng.integers(1000))):
        indices, after = submission.call_with_inputs("sample", parameters, char_to_ix, seed)
        equal(first_50(indices), first_50(reference.call("sample", parameters, char_to_ix, seed)), "indices")
        unchanged(after[0], parameters, "parameters")
    parameters["by"][newline] = 500.0
    equal(submission.call("sample", parameters, char_to_ix, 1), [newline], "indices")


@pytest.mark.hidden
@pytest.mark.points(2, of="sample")
@pytest.mark.hint("A name whose end token was drawn has one newline.")
@pytest.mark.parametrize("length", [2, 49], ids=["short", "almost fifty"])
def test_sample_ends_once(submission, rng, length):
    """A newline that is drawn before the fiftieth character is the only one."""
    seed, probability = find_seed(rng, length)
    parameters = without(draw_parameters(rng, 3, 2), *PARAMETER_NAMES)
    parameters["by"][0] = np.log(2 * probability / (1 - probability))  # the two other characters are equally likely
    indices = submission.call("sample", parameters, draw_vocabulary(rng, 3), seed)
    check(type(indices) is list and 0 in indices, "the newline is missing")
    check(indices.index(0) == length - 1, "the newline was not drawn at the right step")
    check(len(indices) == length, "there are indices after the newline")


# --- optimize

OUTPUTS = ("loss", "gradients", "the last hidden state")


def draw_name(rng, V, n_a, length):
    """Draw X, Y, a_prev and parameters, each independent of the others.

    Clipping acts: one target is frequent, and the parameters make it unlikely. Y is no shifted X and does not end in 0.
    """
    inputs, targets = ([int(index) for index in rng.integers(V, size=length)] for _ in range(2))
    targets[length // 3 :] = [1] * (length - length // 3)
    parameters = draw_parameters(rng, V, n_a)
    parameters["by"][1] = -4.0
    return [None, *inputs], [*targets, 2], rng.uniform(-0.8, 0.8, (n_a, 1)), parameters


def before_clipping(X, Y, a_prev, parameters):
    """Return loss, unclipped gradients and hidden states from the exercise's helpers."""
    loss, activations = rnn_forward(X, Y, a_prev, parameters)
    return loss, *rnn_backward(X, Y, parameters, activations)


@pytest.mark.points(3, of="optimize")
@pytest.mark.hint("The loss comes from rnn_forward; the hidden state after the last time step is a[len(X) - 1].")
def test_optimize_loss_and_state(submission, rng):
    """Returns the loss before the update and the hidden state after the last time step."""
    X, Y, a_prev, parameters = draw_name(rng, 8, 5, 12)
    loss, _, state = unpack(submission.call("optimize", X, Y, a_prev, parameters), *OUTPUTS, of="optimize")
    expected_loss, _, a = before_clipping(X, Y, a_prev, parameters)
    known = [
        ("Y is computed from X. Use the argument Y.", before_clipping(X, [*X[1:], 0], a_prev, parameters)[0]),
        ("X is computed from Y. Use the argument X.", before_clipping([None, *Y[:-1]], Y, a_prev, parameters)[0]),
        (
            "The first hidden state is zero. Use the argument a_prev.",
            before_clipping(X, Y, np.zeros_like(a_prev), parameters)[0],
        ),
    ]
    close(loss, expected_loss, "loss", known=known)
    known = [
        ("This is the hidden state before the last time step. The last one is a[len(X) - 1].", a[len(X) - 2]),
        ("This is the hidden state after the first time step. The last one is a[len(X) - 1].", a[0]),
        ("This is the initial hidden state. The last one is a[len(X) - 1].", a[-1]),
    ]
    close(state, a[max(a)], "the last hidden state", "(n_a, 1)", known)


@pytest.mark.points(6, of="optimize")
@pytest.mark.hint("Four calls in order: forward, backward, clip, update.")
def test_optimize_step(submission, reference, rng):
    """The gradients are clipped at 5, and the parameters are updated in place."""
    X, Y, a_prev, before = draw_name(rng, 8, 5, 24)
    value, after = submission.call_with_inputs("optimize", X, Y, a_prev, before)
    _, gradients, _ = unpack(value, *OUTPUTS, of="optimize")
    _, raw, _ = before_clipping(X, Y, a_prev, before)
    value, expected = reference.call_with_inputs("optimize", X, Y, a_prev, before)
    targets = value[1]
    unclipped = "The update used unclipped gradients. Clip before the update."
    for name, old in before.items():
        gradient = targets[f"d{name}"]
        known = [
            ("The parameters did not change: call update_parameters.", old),
            (
                "The update has the wrong sign: subtract the gradient.",
                old + 0.01 * gradient,
            ),
            (unclipped, old - 0.01 * raw[f"d{name}"]),
        ]
        close(after[3][name], expected[3][name], f"{name} after the update", known=known)
    for name in GRADIENT_NAMES:
        known = [("These gradients are not clipped. Clip at 5, and return the clipped gradients.", raw[name])]
        check(type(gradients) is dict and name in gradients, f"{name} is missing from the gradients")
        close(gradients[name], targets[name], name, known=known)


@pytest.mark.hidden
@pytest.mark.points(4, of="optimize")
@pytest.mark.hint("Use the argument learning_rate, and do not change a_prev in place.")
@pytest.mark.parametrize("rate", [0.1, 0.002], ids=["fast", "slow"])
def test_optimize_at_other_rates(submission, reference, rng, rate):
    """The update scales with the learning rate, and a_prev is unchanged."""
    ask = draw_name(rng, 5, 4, 17)
    value, after = submission.call_with_inputs("optimize", *ask, learning_rate=rate)
    targets, expected = reference.call_with_inputs("optimize", *ask, learning_rate=rate)
    loss, _, state = unpack(value, *OUTPUTS, of="optimize")
    close(loss, targets[0], "loss")
    close(state, targets[2], "the last hidden state", "(n_a, 1)")
    for name in ask[3]:
        close(after[3][name], expected[3][name], f"{name} after the update")
    unchanged(after[2], ask[2], "a_prev")


# --- model


def draw_names(rng, count, V, shortest=3, longest=8, newline=0):
    """Draw distinct names and return them with the vocabulary."""
    char_to_ix, _ = make_vocabulary(V, newline)
    names = set()
    while len(names) < count:
        names.add("".join(rng.choice(list(LETTERS[: V - 1]), rng.integers(shortest, longest + 1))))
    return sorted(names), char_to_ix


def lay_out(code, names):
    """Put the names into the working folder too: older versions of the assignment read them from dinos.txt."""
    code.files["dinos.txt"] = "".join(f"{name.strip()}\n" for name in names)


def train(code, names, V, iterations, n_a, newline=0, **options):
    """Return parameters and last name of a short training, of the submission or the reference."""
    char_to_ix, ix_to_char = make_vocabulary(V, newline)
    options = {"dino_names": 3, **options}
    lay_out(code, names)
    return code.call(
        "model", names, ix_to_char, char_to_ix, num_iterations=iterations, n_a=n_a, vocab_size=V, **options
    )


def check_trained(value, expected, known=None):
    """Check the parameters after a training."""
    parameters, _ = unpack(value, "parameters", "last_name", of="model")
    check(type(parameters) is dict, "model did not return a dict of parameters")
    for name in PARAMETER_NAMES:
        check(name in parameters, f"{name} is missing from the parameters")
        known_values = [(hint, wrong[name]) for hint, wrong in (known or [])]
        close(parameters[name], expected[name], f"{name} after training", known=known_values, rtol=1e-7, atol=1e-12)


@pytest.mark.points(4, of="model")
@pytest.mark.hint("Write X and Y of one short name on paper, as in the table of section 4.")
def test_model_first_step(submission, reference, rng):
    """The first training step uses X = [None] + ids and Y = ids + [newline]."""
    newline = 3
    char_to_ix, _ = make_vocabulary(8, newline)
    name = "".join(rng.permutation(list(LETTERS[:7])))  # every letter
    value = train(submission, [f"  {name}\n"], 8, 1, 5, newline)
    ids = [char_to_ix[letter] for letter in name]

    def after(X, Y):
        initial = initialize_parameters(5, 8, 8)
        return reference.call_with_inputs("optimize", X, Y, np.zeros((5, 1)), initial)[1][3]

    known = [
        ("Y is the same as X. It has to be one time step ahead.", after([None, *ids], [ids[0], *ids])),
        (
            "X is not shifted: it should be one time step behind Y, and start with None.",
            after([*ids, newline], [*ids, newline]),
        ),
        ("The end of Y is index 0. Take the index of the newline from char_to_ix.", after([None, *ids], [*ids, 0])),
        (
            "The newline at the end of Y is missing: the model has to learn where a name ends.",
            after([None, *ids[:-1]], ids),
        ),
        ("The white space around the name was not stripped.", after([None, *ids, newline], [*ids, newline, newline])),
        ("The parameters did not change.", initialize_parameters(5, 8, 8)),
    ]
    check_trained(value, train(reference, [name], 8, 1, 5, newline)[0], known)


@pytest.mark.points(3, of="model")
@pytest.mark.hint("Look at the a_prev of the second name.")
def test_model_carries_the_state(submission, reference, rng):
    """The hidden state after one name is the initial hidden state of the next."""
    newline = 2
    (name,), char_to_ix = draw_names(rng, 1, 7, 6, newline=newline)
    value = train(submission, [name], 7, 2, 6, newline)
    ids = [char_to_ix[letter] for letter in name]
    once = train(reference, [name], 7, 1, 6, newline)[0]
    zeros = np.zeros((6, 1))
    from_zeros = reference.call_with_inputs("optimize", [None, *ids], [*ids, newline], zeros, once)[1][3]
    lost = "Every name starts with a hidden state of zeros. Pass on the state that optimize returned."
    check_trained(value, train(reference, [name], 7, 2, 6, newline)[0], [(lost, from_zeros)])


@pytest.mark.points(4, of="model")
@pytest.mark.hint("If training on one name is right, look at the order of names: the shuffle, and j % len(examples).")
def test_model_order(submission, reference, rng):
    """The names are shuffled with seed 0 and used in turn."""
    names, _ = draw_names(rng, 6, 9)
    value = train(submission, names, 9, 15, 4)
    places = list(range(len(names)))
    np.random.RandomState(0).shuffle(places)
    unshuffled = [names[places.index(place)] for place in range(len(names))]
    known = [
        ("The names are not shuffled.", train(reference, unshuffled, 9, 15, 4)[0]),
        ("Every training step uses the same name.", train(reference, [names[places[0]]], 9, 15, 4)[0]),
    ]
    check_trained(value, train(reference, names, 9, 15, 4)[0], known)


@pytest.mark.hidden
@pytest.mark.points(3, of="model")
@pytest.mark.hint("If the first training steps are right, look at the steps after all names have been used once.")
def test_model_learns(submission, rng):
    """After 600 training steps the loss is below that of a uniform distribution."""
    names, char_to_ix = draw_names(rng, 5, 12, 4, 6)
    parameters, last_name = unpack(train(submission, names, 12, 600, 8), "parameters", "last_name", of="model")
    check(type(last_name) is str and last_name != "", "last_name is not a name")
    loss = count = 0
    for name in names:
        ids = [char_to_ix[letter] for letter in name]
        loss += rnn_forward([None, *ids], [*ids, 0], np.zeros((8, 1)), parameters)[0]
        count += len(ids) + 1
    check(loss / count < np.log(12), "the loss is not below that of a uniform distribution")


@pytest.mark.hidden
@pytest.mark.points(2, of="model")
@pytest.mark.hint("Take every size from the arguments, and do not change the list of names in place.")
def test_model_of_other_sizes(submission, reference, rng):
    """Trained parameters are right for other sizes and iterations; data_x is unchanged."""
    names, char_to_ix = draw_names(rng, 7, 14, 1, 5, newline=9)
    padded = [f"{name} \n" for name in names]
    back = make_vocabulary(14, 9)[1]
    ask = (padded, back, char_to_ix, 40, 9, 2, 14)
    lay_out(submission, names)
    value, after = submission.call_with_inputs("model", *ask)
    check_trained(value, reference.call("model", *ask)[0])
    unchanged(after[0], padded, "data_x")


# --- name_batch

BATCH = ("x", "y", "weights")


@pytest.mark.points(4, of="name_batch")
@pytest.mark.hint("Write the two tables of section 5 for two short names, and compare.")
def test_batch_targets(submission, reference, rng):
    """y holds the names padded with newlines; weights are 1 up to the first newline."""
    names, char_to_ix = draw_names(rng, 5, 9, 2, 6, newline=6)
    names[2] = "headache"  # longer than the others
    _, y, weights = unpack(submission.call("name_batch", names, char_to_ix), *BATCH, of="name_batch")
    _, targets, expected = reference.call("name_batch", names, char_to_ix)
    short = np.pad(expected[:, 1:], ((0, 0), (0, 1)))
    known = [
        ("T is the length of the longest name plus one, for the newline.", targets[:, :-1]),
        ("The names end in index 0. Take the index of the newline from char_to_ix.", np.where(short, targets, 0)),
    ]
    close(y, targets, "y", "(m, T)", known)
    known = [
        ("The padding has weight 1. Its weight is 0.", np.ones_like(expected)),
        ("The end token of a name has weight 0. With that the model never learns to stop.", short),
    ]
    close(weights, expected, "weights", "(m, T)", known)


@pytest.mark.points(3, of="name_batch")
@pytest.mark.hint("x[:, 0] is zero, and x[:, t] is the one-hot vector of y[:, t - 1].")
def test_batch_inputs(submission, reference, rng):
    """x holds one-hot vectors, one time step behind y, with zeros at the first step."""
    names, char_to_ix = draw_names(rng, 4, 6, 2, 7, newline=1)
    x = unpack(submission.call("name_batch", names, char_to_ix), *BATCH, of="name_batch")[0]
    expected = reference.call("name_batch", names, char_to_ix)
    unshifted = np.eye(6)[expected[1]]
    known = [
        ("x is not shifted: the input would be the target itself.", unshifted),
        ("The first time step of x is the last character. It should be zero.", np.roll(unshifted, 1, axis=1)),
    ]
    close(x, expected[0], "x", "(m, T, V)", known)


@pytest.mark.hidden
@pytest.mark.points(3, of="name_batch")
@pytest.mark.hint("Take the newline from char_to_ix and the number of time steps from the names.")
@pytest.mark.parametrize("count, V, newline", [(1, 5, 0), (6, 10, 4)], ids=["one", "moved"])
def test_batch_of_other_sizes(submission, reference, rng, count, V, newline):
    """The arrays are right for any number of names and any index of the newline."""
    names, _ = draw_names(rng, count, V, 1, 9)
    char_to_ix, _ = make_vocabulary(V, newline)
    value = unpack(submission.call("name_batch", names, char_to_ix), *BATCH, of="name_batch")
    for array, target, name in zip(value, reference.call("name_batch", names, char_to_ix), BATCH, strict=True):
        close(array, target, name)


# --- name_model


def check_model(built):
    """Check that a Keras model was returned, and describe it."""
    check(getattr(built, "kind", None) == "model", "name_model did not return a Keras model")
    return built.describe()


def draw_weights(rng, V, n_a, scale=0.8):
    """Draw weights of an LSTM and a Dense layer, in the order of Keras."""
    shapes = [(V, 4 * n_a), (n_a, 4 * n_a), (4 * n_a,), (n_a, V), (V,)]
    return [rng.normal(0, scale, shape).astype("float32") for shape in shapes]


def build_model(code, weights, V, n_a):
    """Build a model with given weights, of the submission or the reference."""
    built = code.call("name_model", V, n_a)
    check([*map(tuple, check_model(built)["weights"])] == [array.shape for array in weights], WRONG_WEIGHTS, LAYERS)
    built.set_weights(weights)
    return built


WRONG_WEIGHTS = "the shapes of the weights are not those of one LSTM layer and one Dense layer"
LAYERS = "One LSTM of n_a units, then one Dense layer with V outputs, both with their biases."


def draw_one_hot(rng, V, count=3, steps=5):
    """Draw one-hot inputs, (count, steps, V)."""
    return np.eye(V, dtype="float32")[rng.integers(V, size=(count, steps))]


@pytest.mark.points(4, of="name_model")
@pytest.mark.hint(LAYERS)
def test_model_logits(submission, reference, rng):
    """The model maps one-hot inputs of any length to V logits at every time step."""
    weights, x = draw_weights(rng, 6, 4), draw_one_hot(rng, 6)
    built = submission.call("name_model", 6, 4)
    outputs = check_model(built)["outputs"]
    last = "The model needs a prediction at every time step: set return_sequences=True in the LSTM."
    check([len(shape) for shape in outputs] != [2], "the model has one prediction for the whole sequence", last)
    check(built.describe()["inputs"] == [(None, None, 6)], "the model does not take inputs of shape (m, T, V)")
    check([*map(tuple, built.describe()["weights"])] == [array.shape for array in weights], WRONG_WEIGHTS, LAYERS)
    built.set_weights(weights)
    expected = build_model(reference, weights, 6, 4).invoke("call", x)
    exponentials = np.exp(expected)
    known = [
        ("These are probabilities. Leave the softmax out.", exponentials / exponentials.sum(axis=-1, keepdims=True))
    ]
    close(built.invoke("call", x), expected, "the logits", "(m, T, V)", known)
    longer = draw_one_hot(rng, 6, 2, 8)
    expected = build_model(reference, weights, 6, 4).invoke("call", longer)
    close(built.invoke("call", longer), expected, "the logits of longer sequences", "(m, T, V)")


@pytest.mark.points(3, of="name_model")
@pytest.mark.hint("Compile with Adam, a learning rate of 0.01, and the loss of section 6.")
def test_model_training(submission, reference, rng):
    """Two training steps have the right losses."""
    weights, x = draw_weights(rng, 5, 3), draw_one_hot(rng, 5)
    y, counts = rng.integers(5, size=(3, 5)), rng.integers(2, size=(3, 5)).astype("float32")
    counts[0] = 1

    def losses(code):
        built = build_model(code, weights, 5, 3)
        return [float(np.ravel(built.invoke("train_on_batch", x, y, counts))[0]) for _ in range(2)]

    expected = reference.expected("losses", lambda: losses(reference))
    received = losses(submission)
    unaware = "The loss treats the logits as probabilities: set from_logits=True."
    close(received[0], expected[0], "the first loss", rtol=1e-3, hint=unaware)
    close(received[1], expected[1], "the loss after one update", rtol=1e-4, hint="Adam, with a learning rate of 0.01.")


@pytest.mark.hidden
@pytest.mark.points(3, of="name_model")
@pytest.mark.hint("Take V and n_a from the arguments.")
def test_model_of_other_width(submission, reference, rng):
    """The logits are right for other sizes."""
    weights, x = draw_weights(rng, 9, 2), draw_one_hot(rng, 9, 2, 7)
    value = build_model(submission, weights, 9, 2).invoke("call", x)
    expected = build_model(reference, weights, 9, 2).invoke("call", x)
    close(value, expected, "the logits", "(m, T, V)")


# --- next_probabilities


@pytest.mark.points(4, of="next_probabilities")
@pytest.mark.hint("Divide the logits by the temperature first, then apply the softmax.")
@pytest.mark.parametrize("temperature", [0.5, 2.0], ids=["timid", "daring"])
def test_temperature(submission, reference, rng, temperature):
    """A low temperature sharpens the distribution, a high one flattens it."""
    logits = rng.normal(0, 2, 9)
    plain = reference.call("next_probabilities", logits)
    late = "The temperature is applied to the probabilities. Divide the logits by it, before the softmax."
    known = [
        ("The temperature has no effect. Divide the logits by it, before the softmax.", plain),
        (late, plain / temperature),
        (late, reference.call("next_probabilities", plain, temperature)),
        (
            "The temperature works the wrong way round: divide by it.",
            reference.call("next_probabilities", logits, 1 / temperature),
        ),
    ]
    value = submission.call("next_probabilities", logits, temperature)
    close(value, reference.call("next_probabilities", logits, temperature), "the probabilities", "(V,)", known)


@pytest.mark.points(4, of="next_probabilities")
@pytest.mark.hint("Keep the k largest logits; the others get probability 0; the kept ones sum to one.")
def test_top_k(submission, reference, rng):
    """Only the k most likely characters have a probability above 0."""
    logits = rng.normal(0, 2, 8)

    def ask(k=None, logits=logits):
        return reference.call("next_probabilities", logits, 1.0, k)

    expected, order = ask(3), np.argsort(logits)
    least_likely = ask(3, -logits) > 0
    kept = np.where(least_likely, ask(), 0)
    known = [
        ("The k smallest logits are kept. Keep the k largest.", kept / kept.sum()),
        ("After top-k the probabilities have to sum to one again.", np.where(expected > 0, ask(), 0)),
        ("One character too many is kept.", ask(4)),
        ("One character too few is kept.", ask(2)),
        ("top_k has no effect.", ask()),
        (
            "A logit of 0 is not a probability of 0: exp(0) is 1. Use -inf for the other logits.",
            ask(None, np.where(np.isin(np.arange(8), order[-3:]), logits, 0.0)),
        ),
    ]
    close(submission.call("next_probabilities", logits, 1.0, 3), expected, "the probabilities", "(V,)", known)


@pytest.mark.points(1, of="next_probabilities")
@pytest.mark.hint("The logits of a model are float32. Convert them to double precision first.")
def test_probabilities_in_double_precision(submission, reference, rng):
    """float32 logits, as a model returns them, become float64 probabilities."""
    logits = rng.normal(0, 2, 7).astype("float32")
    value = shaped(submission.call("next_probabilities", logits, 1.5), (7,), "the probabilities", "(V,)")
    check(value.dtype == "float64", "the probabilities are not float64")
    close(value, reference.call("next_probabilities", logits, 1.5), "the probabilities", "(V,)")


@pytest.mark.hidden
@pytest.mark.points(2, of="next_probabilities")
@pytest.mark.hint("Consider logits far from 0, temperature and top_k together, and a top_k above V.")
@pytest.mark.parametrize(
    "shift, temperature, k",
    [(0, 0.7, 4), (0, 3.0, 1), (5000, 1.0, None), (-5000, 1.0, None), (0, 1.3, 60)],
    ids=["both", "one", "huge", "deep", "beyond"],
)
def test_probabilities_in_edge_cases(submission, reference, rng, shift, temperature, k):
    """Temperature and top_k together, huge logits and a top_k above V are handled."""
    logits = rng.normal(0, 2, 6) + shift
    value, after = submission.call_with_inputs("next_probabilities", logits, temperature, k)
    close(value, reference.call("next_probabilities", logits, temperature, k), "the probabilities", "(V,)")
    unchanged(after[0], logits, "logits")


# --- sample_name


@pytest.mark.points(5, of="sample_name")
@pytest.mark.hint("The first input is zero; then pass the whole prefix, and use the logits of its last time step.")
def test_sample_name_characters(submission, reference, rng):
    """Each character is drawn from the prediction after the whole prefix."""
    V, n_a = 9, 5
    char_to_ix = draw_vocabulary(rng, V, 5)
    weights = draw_weights(rng, V, n_a, 2.0)
    weights[3] *= 2
    weights[4][5] = -200.0
    ask, more = (char_to_ix, int(rng.integers(1000)), 4.0, 3), {"max_length": 15}
    built = build_model(submission, weights, V, n_a)
    indices = submission.call("sample_name", built, *ask, **more)
    reference_model = build_model(reference, weights, V, n_a)

    def expected(changed=weights, temperature=4.0, k=3):
        reference_model.set_weights(changed)
        return reference.call("sample_name", reference_model, char_to_ix, ask[1], temperature, k, **more)

    known = [
        ("The index is the argmax. Draw from the distribution instead.", lambda: expected(k=1)),
        ("The temperature is not passed on.", lambda: expected(temperature=1.0)),
        ("top_k is not passed on.", lambda: expected(k=None)),
        (
            "The drawn character is not fed back: append its one-hot vector to the input.",
            lambda: expected([0 * weights[0], *weights[1:]]),
        ),
    ]
    equal(indices, expected(), "indices", known)


@pytest.mark.points(3, of="sample_name")
@pytest.mark.hint("A drawn newline ends the name and is in the list; at max_length no newline is appended.")
def test_sample_name_end(submission, rng):
    """A name ends with the drawn newline, or at max_length without one."""
    char_to_ix = draw_vocabulary(rng, 6, 2, CAPITALS)
    weights = [0 * array for array in draw_weights(rng, 6, 2)]
    weights[4][2] = 60.0
    built = build_model(submission, weights, 6, 2)
    indices = submission.call("sample_name", built, char_to_ix, 0, max_length=4)
    known = [("The loop continues after the drawn newline. Stop there.", [2, 2, 2, 2])]
    known += [("The drawn newline belongs in the list: it shows that the name is complete.", [])]
    equal(indices, [2], "indices", known)
    weights[4][2] = -60.0
    built.set_weights(weights)
    indices = submission.call("sample_name", built, char_to_ix, 0, max_length=4)
    check(type(indices) is list and 2 not in indices, "a truncated name contains a newline", "Append nothing there.")
    check(len(indices) == 4, "the name does not have max_length characters")


@pytest.mark.hidden
@pytest.mark.points(3, of="sample_name")
@pytest.mark.hint("Make one generator from the seed for the whole name; take sizes from char_to_ix.")
def test_sample_name_of_other_sizes(submission, reference, rng):
    """Samples are right for other sizes and seeds."""
    char_to_ix = draw_vocabulary(rng, 7, 3)
    weights = draw_weights(rng, 7, 3)
    built, reference_model = (build_model(code, weights, 7, 3) for code in (submission, reference))
    for seed in range(3):
        ask = (char_to_ix, seed + int(rng.integers(1000)))
        value = submission.call("sample_name", built, *ask, max_length=5)
        equal(value, reference.call("sample_name", reference_model, *ask, max_length=5), "indices")
