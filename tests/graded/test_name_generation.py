"""Graded tests of `name_generation`. Weights are large enough that every term can be seen in the result."""

import numpy as np
import pytest

from dlseq.course.given.name_generation import initialize_parameters, rnn_backward, rnn_forward, softmax
from dlseq.testing import check, close, equal, shaped, unchanged, unpack

FIVE = ("dWaa", "dWax", "dWya", "db", "dby")
LEARNED = ("Wax", "Waa", "Wya", "b", "by")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def draw_parameters(rng, V, n_a, scale=1.0):
    """Parameters of the NumPy network."""
    shapes = {"Wax": (n_a, V), "Waa": (n_a, n_a), "Wya": (V, n_a), "b": (n_a, 1), "by": (V, 1)}
    return {name: rng.normal(0, scale, shape) for name, shape in shapes.items()}


def draw_gradients(rng, V, n_a):
    """Gradients, half of whose values are beyond 1."""
    return {f"d{name}": value for name, value in draw_parameters(rng, V, n_a, 1.5).items()}


def alphabet(V, newline=0):
    """Dicts from characters to indices and back, with the newline where one wants it."""
    characters = list(LETTERS[: V - 1])
    characters.insert(newline, "\n")
    return {letter: index for index, letter in enumerate(characters)}, dict(enumerate(characters))


def without(parameters, *names):
    """The parameters with some of them zero: what a mistake that leaves them out would compute with."""
    return {name: np.zeros_like(value) if name in names else value for name, value in parameters.items()}


# --- clip


def check_clipped(clipped, expected, known=None):
    """A dict with the five gradients."""
    check(type(clipped) is dict, "clip returned something else than a dict of gradients")
    for name in FIVE:
        check(name in clipped, f"{name} is missing in what clip returned", "There are five gradients: name them all.")
        close(clipped[name], expected[name], name, known=(known or {}).get(name, ()))


@pytest.mark.points(5, of="clip")
@pytest.mark.hint("np.clip takes an array, the smallest and the largest value that may remain.")
def test_clip_values(submission, reference, rng):
    """Numbers beyond maxValue become maxValue, those below -maxValue become -maxValue, the others stay."""
    gradients = draw_gradients(rng, 7, 4)
    clipped = submission.call("clip", gradients, 0.25)
    norm = np.sqrt(sum(float((value**2).sum()) for value in gradients.values()))
    known = {
        name: [
            (f"{name} was left out: nothing in it is clipped.", value),
            ("Only one side is clipped. Large negative numbers are as dangerous.", np.minimum(value, 0.25)),
            ("The gradients are scaled by their norm. Here every number is clipped by itself.", value * 0.25 / norm),
        ]
        for name, value in gradients.items()
    }
    check_clipped(clipped, reference.call("clip", gradients, 0.25), known)


@pytest.mark.points(3, of="clip")
@pytest.mark.hint("Fill a new dict with new arrays.")
def test_clip_leaves_its_argument(submission, rng):
    """The gradients that were passed in stay as they were."""
    gradients = draw_gradients(rng, 5, 3)
    _, after = submission.call_with_inputs("clip", gradients, 0.5)
    unchanged(after[0], gradients, "gradients", "np.clip with out= or [...] = writes into the caller's arrays.")


@pytest.mark.hidden
@pytest.mark.points(4, of="clip")
@pytest.mark.hint("Take the limit from the argument, whatever it is, for each of the five gradients.")
@pytest.mark.parametrize("limit", [0.1, 2.5, 100.0], ids=["small", "middle", "large"])
def test_clip_at_other_values(submission, reference, rng, limit):
    """Any limit is kept to, in all five gradients."""
    gradients = draw_gradients(rng, 3, 6)
    check_clipped(submission.call("clip", gradients, limit), reference.call("clip", gradients, limit))


# --- sample


def begun(name):
    """The first 50 indices, whatever comes after them: that has a test of its own."""
    return name[:50] if type(name) is list else name


def drawn_alone(by, seeds):
    """What a network whose biases decide everything gives when the draws use these seeds."""
    chances = softmax(by)[:, 0]
    return [int(np.random.RandomState(seed).choice(len(chances), p=chances)) for seed in seeds]


def seed_of_a_first(rng, step):
    """A seed for which draw number `step` of a name falls lower than all those before it, and a bar between them."""
    while True:
        seed = int(rng.integers(100_000))
        *before, last = [np.random.RandomState(seed + 2 * number).random_sample() for number in range(step)]
        if last < min(before):
            return seed, (last + min(before)) / 2


@pytest.mark.points(4, of="sample")
@pytest.mark.hint("See the last paragraph of section 2: what is seeded, with what, and when.")
def test_sample_seeds(submission, rng):
    """Before each draw the generator is seeded with counter + seed, and both have grown by one since the last."""
    parameters = without(draw_parameters(rng, 9, 4), "Wax", "Waa", "Wya")
    by = parameters["by"]
    by[0] = -60.0
    seed = int(rng.integers(1000))
    indices = submission.call("sample", parameters, alphabet(9)[0], seed)
    once = [int(one) for one in np.random.RandomState(seed).choice(9, 50, p=softmax(by)[:, 0])]
    both = "The generator is seeded with a number that grows too slowly: after a draw counter AND seed grow by one."
    known = [
        (both, drawn_alone(by, range(seed, seed + 50))),
        ("Seed the generator before each draw, not once.", once),
        (
            "Each draw uses the same seed. After a draw counter and seed grow by one.",
            drawn_alone(by, [seed] * 50),
        ),
        (
            "The largest probability is taken. Draw from the distribution instead.",
            [int(by.argmax())] * 50,
        ),
    ]
    equal(begun(indices), drawn_alone(by, range(seed, seed + 100, 2)), "indices", known)


@pytest.mark.points(5, of="sample")
@pytest.mark.hint("Compare the two formulas of section 2 with your lines, term by term.")
def test_sample_characters(submission, reference, rng):
    """Each character is drawn from what the network says after the one before."""
    char_to_ix, _ = alphabet(11)
    parameters = draw_parameters(rng, 11, 6)
    parameters["by"][0] = -9.0
    seed = int(rng.integers(1000))

    def ask(changed):
        return begun(reference.call("sample", changed, char_to_ix, seed))

    sharp = {**parameters, "Wya": 1e6 * parameters["Wya"], "by": 1e6 * parameters["by"]}
    known = [
        (
            "The character that was drawn has no influence on the next: hand it back as the next x.",
            ask(without(parameters, "Wax")),
        ),
        (
            "The state is lost: what comes out of one step goes in at the next.",
            ask(without(parameters, "Waa")),
        ),
        ("The largest probability is taken. Draw from the distribution instead.", ask(sharp)),
        ("A bias is missing.", ask(without(parameters, "b"))),
        ("A bias is missing.", ask(without(parameters, "by"))),
    ]
    equal(begun(submission.call("sample", parameters, char_to_ix, seed)), ask(parameters), "indices", known)


@pytest.mark.points(3, of="sample")
@pytest.mark.hint("Stop after 50 characters, and append the newline then.")
def test_sample_stops_at_fifty(submission, rng):
    """A model that never draws the newline gives 50 characters, and a newline after them."""
    parameters = draw_parameters(rng, 6, 3)
    parameters["by"][2] = -500.0
    indices = submission.call("sample", parameters, alphabet(6, 2)[0], int(rng.integers(1000)))
    check(type(indices) is list, "sample returned something else than a list of indices")
    check(len(indices) != 50, "there is no newline after the 50 characters", "After 50 characters append a newline.")
    check(len(indices) == 51, "there are not 50 characters and a newline")
    check(indices[-1] == 2 and 2 not in indices[:-1], "the newline stands somewhere else than at the end")


@pytest.mark.hidden
@pytest.mark.points(3, of="sample")
@pytest.mark.hint("Take the sizes from the parameters and the newline from char_to_ix; stop once it was drawn.")
@pytest.mark.parametrize("V, n_a, newline", [(4, 7, 0), (8, 3, 5), (27, 12, 26)], ids=["few", "moved", "last"])
def test_sample_of_other_sizes(submission, reference, rng, V, n_a, newline):
    """Any vocabulary and width will do, the newline may have any index, and the parameters stay as they were."""
    char_to_ix, _ = alphabet(V, newline)
    parameters = draw_parameters(rng, V, n_a)
    for seed in (0, int(rng.integers(1000))):
        indices, after = submission.call_with_inputs("sample", parameters, char_to_ix, seed)
        equal(begun(indices), begun(reference.call("sample", parameters, char_to_ix, seed)), "indices")
        unchanged(after[0], parameters, "parameters")
    parameters["by"][newline] = 500.0
    equal(submission.call("sample", parameters, char_to_ix, 1), [newline], "indices")


@pytest.mark.hidden
@pytest.mark.points(2, of="sample")
@pytest.mark.hint("A name that ends by itself has one newline, however long it is.")
@pytest.mark.parametrize("length", [2, 49], ids=["short", "almost fifty"])
def test_sample_ends_once(submission, rng, length):
    """A newline that was drawn before the fiftieth character is the only one."""
    seed, chance = seed_of_a_first(rng, length)
    parameters = without(draw_parameters(rng, 3, 2), *LEARNED)
    parameters["by"][0] = np.log(2 * chance / (1 - chance))  # the two other characters are equally likely
    indices = submission.call("sample", parameters, alphabet(3)[0], seed)
    check(type(indices) is list and 0 in indices, "there is no newline")
    check(indices.index(0) == length - 1, "the newline was not drawn when it should be")
    check(len(indices) == length, "something comes after the newline that was drawn")


# --- optimize

STEP = ("loss", "gradients", "the last state")


def draw_name(rng, V, n_a, length):
    """What goes in and what should come out, with one character that is seldom expected and often comes; a state."""
    wanted = [int(index) for index in rng.integers(1, V, length)]
    wanted[length // 3 :] = [1] * (length - length // 3)
    parameters = draw_parameters(rng, V, n_a)
    parameters["by"][1] = -4.0
    return [None, *wanted], [*wanted, 0], rng.uniform(-0.8, 0.8, (n_a, 1)), parameters


def before_clipping(X, Y, a_prev, parameters):
    """The loss, the gradients and the states, from the helpers that the exercise is given."""
    surprise, kept = rnn_forward(X, Y, a_prev, parameters)
    return surprise, *rnn_backward(X, Y, parameters, kept)


@pytest.mark.points(3, of="optimize")
@pytest.mark.hint("The loss is what rnn_forward gives; the state is the one after the last step, a[len(X) - 1].")
def test_optimize_loss_and_state(submission, rng):
    """The loss before the step and the state after the last character come back."""
    X, Y, a_prev, parameters = draw_name(rng, 8, 5, 12)
    loss, _, state = unpack(submission.call("optimize", X, Y, a_prev, parameters), *STEP, of="optimize")
    surprise, _, a = before_clipping(X, Y, a_prev, parameters)
    close(loss, surprise, "loss")
    known = [
        ("This is the state before the last step. The last one is a[len(X) - 1].", a[len(X) - 2]),
        ("This is the state after the first step. The last one is a[len(X) - 1].", a[0]),
        ("This is the state that came in. The last one is a[len(X) - 1].", a[-1]),
    ]
    close(state, a[max(a)], "the last state", "(n_a, 1)", known)


@pytest.mark.points(6, of="optimize")
@pytest.mark.hint("Four calls in order: forward, backward, clip, update.")
def test_optimize_step(submission, reference, rng):
    """The gradients are clipped at 5, and the parameters take a step against them, in place."""
    X, Y, a_prev, before = draw_name(rng, 8, 5, 24)
    value, after = submission.call_with_inputs("optimize", X, Y, a_prev, before)
    _, gradients, _ = unpack(value, *STEP, of="optimize")
    _, raw, _ = before_clipping(X, Y, a_prev, before)
    value, expected = reference.call_with_inputs("optimize", X, Y, a_prev, before)
    wanted = value[1]
    unclipped = "The step was made with gradients that were not clipped. Clip before the update."
    for name, old in before.items():
        slope = wanted[f"d{name}"]
        known = [
            ("The parameters did not change: call update_parameters.", old),
            ("The step goes uphill: the loss grows along the gradient, so go against it.", old + 0.01 * slope),
            (unclipped, old - 0.01 * raw[f"d{name}"]),
        ]
        close(after[3][name], expected[3][name], f"{name} after the step", known=known)
    for name in FIVE:
        known = [("These gradients are not clipped. Clip at 5, and return what the step was made with.", raw[name])]
        check(type(gradients) is dict and name in gradients, f"{name} is missing in the gradients")
        close(gradients[name], wanted[name], name, known=known)


@pytest.mark.hidden
@pytest.mark.points(4, of="optimize")
@pytest.mark.hint("Use the learning rate of the argument, and leave a_prev as it was.")
@pytest.mark.parametrize("rate", [0.1, 0.002], ids=["fast", "slow"])
def test_optimize_at_other_rates(submission, reference, rng, rate):
    """The step is as long as the learning rate says, and the state that came in stays as it was."""
    ask = draw_name(rng, 5, 4, 17)
    value, after = submission.call_with_inputs("optimize", *ask, learning_rate=rate)
    wanted, expected = reference.call_with_inputs("optimize", *ask, learning_rate=rate)
    loss, _, state = unpack(value, *STEP, of="optimize")
    close(loss, wanted[0], "loss")
    close(state, wanted[2], "the last state", "(n_a, 1)")
    for name in ask[3]:
        close(after[3][name], expected[3][name], f"{name} after the step")
    unchanged(after[2], ask[2], "a_prev")


# --- model


def draw_names(rng, count, V, shortest=3, longest=8):
    """Different names, and their indices."""
    char_to_ix, _ = alphabet(V)
    names = set()
    while len(names) < count:
        names.add("".join(rng.choice(list(LETTERS[: V - 1]), rng.integers(shortest, longest + 1))))
    return sorted(names), char_to_ix


def trained(who, names, V, iterations, n_a, **more):
    """The parameters and the last name of a short training."""
    there, back = alphabet(V)
    more = {"dino_names": 3, **more}
    return who.call("model", names, back, there, num_iterations=iterations, n_a=n_a, vocab_size=V, **more)


def check_learned(value, expected, known=None):
    """The parameters after a training."""
    parameters, _ = unpack(value, "parameters", "last_name", of="model")
    check(type(parameters) is dict, "model returned something else than a dict of parameters")
    for name in LEARNED:
        check(name in parameters, f"{name} is missing in the parameters")
        more = [(hint, made[name]) for hint, made in (known or [])]
        close(parameters[name], expected[name], f"{name} after training", known=more, rtol=1e-7, atol=1e-12)


@pytest.mark.points(4, of="model")
@pytest.mark.hint("Write X and Y of one short name on paper, as in the table of section 4.")
def test_model_first_step(submission, reference, rng):
    """The first step reads a name with nothing before it, and expects it with a newline after it."""
    (name,), char_to_ix = draw_names(rng, 1, 8)
    value = trained(submission, [f"  {name}\n"], 8, 1, 5)
    ids = [char_to_ix[letter] for letter in name]

    def after(X, Y):
        begin = initialize_parameters(5, 8, 8)
        return reference.call_with_inputs("optimize", X, Y, np.zeros((5, 1)), begin)[1][3]

    known = [
        ("Y is the same as X. It has to be one step ahead.", after([None, *ids], [ids[0], *ids])),
        ("X is not shifted: it should be one step behind Y, and begin with None.", after([*ids, 0], [*ids, 0])),
        (
            "The newline at the end of Y is missing: the model has to learn where a name ends.",
            after([None, *ids[:-1]], ids),
        ),
        ("The white space around the name was not stripped.", after([None, *ids, 0], [*ids, 0, 0])),
        ("Nothing was learned.", initialize_parameters(5, 8, 8)),
    ]
    check_learned(value, trained(reference, [name], 8, 1, 5)[0], known)


@pytest.mark.points(3, of="model")
@pytest.mark.hint("Look at what goes in as a_prev with the second name.")
def test_model_carries_the_state(submission, reference, rng):
    """The state after one name is the state that the next begins with."""
    (name,), char_to_ix = draw_names(rng, 1, 7, 6)
    value = trained(submission, [name], 7, 2, 6)
    ids = [char_to_ix[letter] for letter in name]
    once = trained(reference, [name], 7, 1, 6)[0]
    afresh = reference.call_with_inputs("optimize", [None, *ids], [*ids, 0], np.zeros((6, 1)), once)[1][3]
    lost = "Every name begins with a state of zeros. Hand on what optimize gave back."
    check_learned(value, trained(reference, [name], 7, 2, 6)[0], [(lost, afresh)])


@pytest.mark.points(4, of="model")
@pytest.mark.hint("If one name is learned rightly, look at which name comes when: the shuffle, and j % len(examples).")
def test_model_order(submission, reference, rng):
    """The names are shuffled with seed 0, and come one after the other, again and again."""
    names, _ = draw_names(rng, 6, 9)
    value = trained(submission, names, 9, 15, 4)
    places = list(range(len(names)))
    np.random.RandomState(0).shuffle(places)
    unshuffled = [names[places.index(place)] for place in range(len(names))]
    known = [
        ("The names are not shuffled.", trained(reference, unshuffled, 9, 15, 4)[0]),
        ("The same name is learned again and again.", trained(reference, [names[places[0]]], 9, 15, 4)[0]),
    ]
    check_learned(value, trained(reference, names, 9, 15, 4)[0], known)


@pytest.mark.hidden
@pytest.mark.points(3, of="model")
@pytest.mark.hint("If a few steps are right and many are not, something goes wrong once all names have had their turn.")
def test_model_learns(submission, rng):
    """After some hundred names their characters are less surprising than to somebody who knows nothing."""
    names, char_to_ix = draw_names(rng, 5, 12, 4, 6)
    parameters, last_name = unpack(trained(submission, names, 12, 600, 8), "parameters", "last_name", of="model")
    check(type(last_name) is str and last_name != "", "last_name is not a name")
    surprise = count = 0
    for name in names:
        ids = [char_to_ix[letter] for letter in name]
        surprise += rnn_forward([None, *ids], [*ids, 0], np.zeros((8, 1)), parameters)[0]
        count += len(ids) + 1
    check(surprise / count < np.log(12), "the loss is not below that of guessing")


@pytest.mark.hidden
@pytest.mark.points(2, of="model")
@pytest.mark.hint("Use the arguments for every size, and leave the list of names as it was.")
def test_model_of_other_sizes(submission, reference, rng):
    """Other names, sizes and numbers of iterations give the right parameters, and the list stays as it was."""
    names, char_to_ix = draw_names(rng, 7, 14, 1, 5)
    padded = [f"{name} \n" for name in names]
    back = alphabet(14)[1]
    ask = (padded, back, char_to_ix, 40, 9, 2, 14)
    value, after = submission.call_with_inputs("model", *ask)
    check_learned(value, reference.call("model", *ask)[0])
    unchanged(after[0], padded, "data_x")


# --- name_batch

BATCH = ("x", "y", "weights")


@pytest.mark.points(4, of="name_batch")
@pytest.mark.hint("Fill in the two tables of section 5 for two short names, and compare.")
def test_batch_targets(submission, reference, rng):
    """y holds the names, each followed by newlines, and weights count up to the first of these."""
    names, char_to_ix = draw_names(rng, 5, 9, 2, 6)
    names[2] = "headache"  # longer than the others
    _, y, weights = unpack(submission.call("name_batch", names, char_to_ix), *BATCH, of="name_batch")
    _, wanted, expected = reference.call("name_batch", names, char_to_ix)
    close(
        y,
        wanted,
        "y",
        "(m, T)",
        [("T is the length of the longest name and one more, for the newline.", wanted[:, :-1])],
    )
    short = np.pad(expected[:, 1:], ((0, 0), (0, 1)))
    known = [
        ("The newlines that only fill a row count as well. Their weight is 0.", np.ones_like(expected)),
        ("The newline at the end of a name does not count. Without it the model never learns to stop.", short),
    ]
    close(weights, expected, "weights", "(m, T)", known)


@pytest.mark.points(3, of="name_batch")
@pytest.mark.hint("x[:, 0] is zero, and x[:, t] is the one-hot vector of y[:, t - 1].")
def test_batch_inputs(submission, reference, rng):
    """x is one step behind y, as one-hot vectors, and begins with zeros."""
    names, char_to_ix = draw_names(rng, 4, 6, 2, 7)
    x = unpack(submission.call("name_batch", names, char_to_ix), *BATCH, of="name_batch")[0]
    wanted = reference.call("name_batch", names, char_to_ix)
    ahead = np.eye(6)[wanted[1]]
    known = [
        ("x is not shifted: the model would see the character that it has to guess.", ahead),
        ("x goes round: its first step holds the last character. It should be zero.", np.roll(ahead, 1, axis=1)),
    ]
    close(x, wanted[0], "x", "(m, T, V)", known)


@pytest.mark.hidden
@pytest.mark.points(3, of="name_batch")
@pytest.mark.hint("Take the newline from char_to_ix and the number of steps from the names.")
@pytest.mark.parametrize("count, V, newline", [(1, 5, 0), (6, 10, 4)], ids=["one", "moved"])
def test_batch_of_other_sizes(submission, reference, rng, count, V, newline):
    """One name or many, a newline with any index: the arrays are right."""
    names, _ = draw_names(rng, count, V, 1, 9)
    char_to_ix, _ = alphabet(V, newline)
    value = unpack(submission.call("name_batch", names, char_to_ix), *BATCH, of="name_batch")
    for one, wanted, name in zip(value, reference.call("name_batch", names, char_to_ix), BATCH, strict=True):
        close(one, wanted, name)


# --- name_model


def check_model(built):
    """A Keras model came back."""
    check(getattr(built, "kind", None) == "model", "name_model returned something else than a Keras model")
    return built.describe()


def draw_weights(rng, V, n_a, scale=0.8):
    """Weights of an LSTM and a Dense layer, as Keras orders them."""
    shapes = [(V, 4 * n_a), (n_a, 4 * n_a), (4 * n_a,), (n_a, V), (V,)]
    return [rng.normal(0, scale, shape).astype("float32") for shape in shapes]


def filled(who, weights, V, n_a):
    """A model with these weights."""
    built = who.call("name_model", V, n_a)
    check([*map(tuple, check_model(built)["weights"])] == [one.shape for one in weights], WRONG_WEIGHTS, LAYERS)
    built.set_weights(weights)
    return built


WRONG_WEIGHTS = "the weights have other shapes than those of one LSTM layer and one Dense layer"
LAYERS = "One LSTM of n_a units, then one Dense layer with V outputs, both with their biases."


def draw_rows(rng, V, count=3, steps=5):
    """One-hot rows."""
    return np.eye(V, dtype="float32")[rng.integers(V, size=(count, steps))]


@pytest.mark.points(4, of="name_model")
@pytest.mark.hint(LAYERS)
def test_model_logits(submission, reference, rng):
    """From one-hot rows of any length to a logit for each character, at every step."""
    weights, x = draw_weights(rng, 6, 4), draw_rows(rng, 6)
    built = submission.call("name_model", 6, 4)
    outputs = check_model(built)["outputs"]
    last = "A prediction is wanted after every character: let the LSTM return its sequences."
    check([len(one) for one in outputs] != [2], "the model predicts once for the whole row", last)
    check(built.describe()["inputs"] == [(None, None, 6)], "the model does not take inputs of shape (m, T, V)")
    check([*map(tuple, built.describe()["weights"])] == [one.shape for one in weights], WRONG_WEIGHTS, LAYERS)
    built.set_weights(weights)
    expected = filled(reference, weights, 6, 4).invoke("call", x)
    powers = np.exp(expected)
    known = [("These are probabilities. Leave the softmax out.", powers / powers.sum(axis=-1, keepdims=True))]
    close(built.invoke("call", x), expected, "the logits", "(m, T, V)", known, rtol=1e-4, atol=1e-5)
    longer = draw_rows(rng, 6, 2, 8)
    expected = filled(reference, weights, 6, 4).invoke("call", longer)
    close(built.invoke("call", longer), expected, "the logits of longer rows", "(m, T, V)", rtol=1e-4, atol=1e-5)


@pytest.mark.points(3, of="name_model")
@pytest.mark.hint("Compile with Adam, a learning rate of 0.01, and the loss that section 6 names.")
def test_model_training(submission, reference, rng):
    """Two steps of training give the right losses."""
    weights, x = draw_weights(rng, 5, 3), draw_rows(rng, 5)
    y, counts = rng.integers(5, size=(3, 5)), rng.integers(2, size=(3, 5)).astype("float32")
    counts[0] = 1

    def losses(who):
        built = filled(who, weights, 5, 3)
        return [float(np.ravel(built.invoke("train_on_batch", x, y, counts))[0]) for _ in range(2)]

    expected = reference.expected("losses", lambda: losses(reference))
    received = losses(submission)
    unaware = "The loss takes the logits for probabilities: tell it that they are logits."
    close(received[0], expected[0], "the first loss", rtol=1e-3, hint=unaware)
    close(received[1], expected[1], "the loss after a step", rtol=1e-4, hint="Adam, with a learning rate of 0.01.")


@pytest.mark.hidden
@pytest.mark.points(3, of="name_model")
@pytest.mark.hint("Take V and n_a from the arguments.")
def test_model_of_other_width(submission, reference, rng):
    """Other sizes give the right logits."""
    weights, x = draw_weights(rng, 9, 2), draw_rows(rng, 9, 2, 7)
    value = filled(submission, weights, 9, 2).invoke("call", x)
    expected = filled(reference, weights, 9, 2).invoke("call", x)
    close(value, expected, "the logits", "(m, T, V)", rtol=1e-4, atol=1e-5)


# --- next_probabilities


@pytest.mark.points(4, of="next_probabilities")
@pytest.mark.hint("Divide the logits by the temperature first; then the softmax.")
@pytest.mark.parametrize("temperature", [0.5, 2.0], ids=["timid", "daring"])
def test_temperature(submission, reference, rng, temperature):
    """A low temperature makes the likely likelier, a high one makes all alike."""
    logits = rng.normal(0, 2, 9)
    plain = reference.call("next_probabilities", logits)
    late = "The temperature is applied to the probabilities. It divides the logits, before the softmax."
    known = [
        ("The temperature has no effect. It divides the logits, before the softmax.", plain),
        (late, plain / temperature),
        (late, reference.call("next_probabilities", plain, temperature)),
        (
            "Likely and unlikely react the wrong way round: divide by the temperature.",
            reference.call("next_probabilities", logits, 1 / temperature),
        ),
    ]
    value = submission.call("next_probabilities", logits, temperature)
    close(value, reference.call("next_probabilities", logits, temperature), "the probabilities", "(V,)", known)


@pytest.mark.points(4, of="next_probabilities")
@pytest.mark.hint("The k largest logits stay; the others get probability 0; what is left sums to one.")
def test_top_k(submission, reference, rng):
    """Only the k likeliest characters can be drawn."""
    logits = rng.normal(0, 2, 8)

    def ask(k=None, logits=logits):
        return reference.call("next_probabilities", logits, 1.0, k)

    expected, order = ask(3), np.argsort(logits)
    worst = ask(3, -logits) > 0
    kept = np.where(worst, ask(), 0)
    known = [
        ("The k unlikeliest are kept. Keep the k largest logits.", kept / kept.sum()),
        ("After the cut the probabilities have to sum to one again.", np.where(expected > 0, ask(), 0)),
        ("One too many is kept.", ask(4)),
        ("One too few is kept.", ask(2)),
        ("top_k has no effect.", ask()),
        (
            "A logit of 0 is not a probability of 0: exp(0) is 1. Leave the others out altogether.",
            ask(None, np.where(np.isin(np.arange(8), order[-3:]), logits, 0.0)),
        ),
    ]
    close(submission.call("next_probabilities", logits, 1.0, 3), expected, "the probabilities", "(V,)", known)


@pytest.mark.points(1, of="next_probabilities")
@pytest.mark.hint("A model answers in single precision. Go over to double precision first, and compute in that.")
def test_probabilities_in_double_precision(submission, reference, rng):
    """Logits in single precision, which is what a model gives, become probabilities in double precision."""
    logits = rng.normal(0, 2, 7).astype("float32")
    value = shaped(submission.call("next_probabilities", logits, 1.5), (7,), "the probabilities", "(V,)")
    check(value.dtype == "float64", "the probabilities are not float64")
    close(value, reference.call("next_probabilities", logits, 1.5), "the probabilities", "(V,)")


@pytest.mark.hidden
@pytest.mark.points(2, of="next_probabilities")
@pytest.mark.hint("Think of logits far from 0, of both knobs together, and of a k beyond V.")
@pytest.mark.parametrize(
    "shift, temperature, k",
    [(0, 0.7, 4), (0, 3.0, 1), (5000, 1.0, None), (-5000, 1.0, None), (0, 1.3, 60)],
    ids=["both", "one", "huge", "deep", "beyond"],
)
def test_probabilities_in_corners(submission, reference, rng, shift, temperature, k):
    """Both knobs together, huge logits and a k beyond the vocabulary give probabilities that sum to one."""
    logits = rng.normal(0, 2, 6) + shift
    value, after = submission.call_with_inputs("next_probabilities", logits, temperature, k)
    close(value, reference.call("next_probabilities", logits, temperature, k), "the probabilities", "(V,)")
    unchanged(after[0], logits, "logits")


# --- sample_name


@pytest.mark.points(5, of="sample_name")
@pytest.mark.hint("Zeros first; then the whole row so far goes in, and what the model says at its last step counts.")
def test_sample_name_characters(submission, reference, rng):
    """Each character is drawn from what the model says after all those before it."""
    V, n_a = 9, 5
    char_to_ix, _ = alphabet(V)
    weights = draw_weights(rng, V, n_a, 2.0)
    weights[3] *= 2
    weights[4][0] = -200.0
    ask, more = (char_to_ix, int(rng.integers(1000)), 4.0, 3), {"max_length": 15}
    built = filled(submission, weights, V, n_a)
    indices = submission.call("sample_name", built, *ask, **more)
    theirs = filled(reference, weights, V, n_a)

    def said(changed=weights, temperature=4.0, k=3):
        theirs.set_weights(changed)
        return reference.call("sample_name", theirs, char_to_ix, ask[1], temperature, k, **more)

    known = [
        ("The largest probability is taken. Draw from the distribution instead.", lambda: said(k=1)),
        ("The temperature is not passed on.", lambda: said(temperature=1.0)),
        ("top_k is not passed on.", lambda: said(k=None)),
        (
            "What was drawn is not fed back: add it to the row as a one-hot step.",
            lambda: said([0 * weights[0], *weights[1:]]),
        ),
    ]
    equal(indices, said(), "indices", known)


@pytest.mark.points(3, of="sample_name")
@pytest.mark.hint("A newline ends the name and belongs to the list; max_length ends it without one.")
def test_sample_name_end(submission, rng):
    """The newline ends a name, and so does the greatest length."""
    char_to_ix, _ = alphabet(6, 2)
    weights = [0 * one for one in draw_weights(rng, 6, 2)]
    weights[4][2] = 60.0
    built = filled(submission, weights, 6, 2)
    indices = submission.call("sample_name", built, char_to_ix, 0, max_length=4)
    on = [("The model drew the newline and the loop went on. It ends the name.", [2, 2, 2, 2])]
    on += [("The newline belongs to the list: it says that the model had finished.", [])]
    equal(indices, [2], "indices", on)
    weights[4][2] = -60.0
    built.set_weights(weights)
    indices = submission.call("sample_name", built, char_to_ix, 0, max_length=4)
    check(
        type(indices) is list and 2 not in indices, "a newline stands in a name that was cut", "Append nothing there."
    )
    check(len(indices) == 4, "the name is not as long as max_length allows")


@pytest.mark.hidden
@pytest.mark.points(3, of="sample_name")
@pytest.mark.hint("One generator for the whole name, made from the seed; sizes from char_to_ix.")
def test_sample_name_of_other_sizes(submission, reference, rng):
    """Other sizes and seeds give the right names."""
    char_to_ix, _ = alphabet(7, 3)
    weights = draw_weights(rng, 7, 3)
    built, theirs = (filled(who, weights, 7, 3) for who in (submission, reference))
    for seed in range(3):
        ask = (char_to_ix, seed + int(rng.integers(1000)))
        value = submission.call("sample_name", built, *ask, max_length=5)
        equal(value, reference.call("sample_name", theirs, *ask, max_length=5), "indices")
