"""Graded tests of `rnn_architectures`: NumPy computes what each network returns, and what known mistakes return."""

import numpy as np
import pytest

from dlseq.course.given.rnn_architectures import TYPES
from dlseq.testing import check, close, equal, shaped, unchanged

AGAIN = "Each step starts from the first state. It has to go on from the state of the step before."
OTHER_START = "The first state has no influence: the first step starts from a0."
FIRST_AXIS = "The steps are the first axis. They are the second: np.stack(outputs, axis=1)."
SIDE_BY_SIDE = "The outputs stand beside one another. The steps are an axis of their own: np.stack(outputs, axis=1)."
STATES = "These are states. rnn_output makes the output of a state."
BACKWARDS = "The steps are read from the last to the first."
READS_PADDING = "Padding is read like any other step. It has to leave the state as it was."
RESETS = "Padding sets the state to zero. It has to leave the state as it was."
ZERO_INPUT = (
    "The mask is multiplied with the inputs, and the cell still makes a step at padding: choose between states."
)
INVERTED = "The mask is the wrong way round: True is a real step."
FIRST_OUTPUT = "This is the output after the first step. Read all of them first."
MEAN_OUTPUT = "This is a mean over steps. The output belongs to the last real step alone."
SAME_INPUT = "Each step reads the first input. From the second step on, it reads what the step before has chosen."
ZERO_FEEDBACK = "From the second step on, zeros are read. Read what the step before has chosen."
SOFT = "The next step reads probabilities. It reads one choice: the one-hot vector of the largest probability."
LEAST = "The next step reads the least probable index. Take the largest probability."
CHOICES = "These are the choices, as one-hot vectors. Return the probabilities."
NO_ENCODER = "The source has no influence: the decoder's first state is the last state of the encoder."
ENCODER_AGAIN = "Each step of the decoder starts from the encoder's state. Only the first one does."
NO_START = "start has no influence. The first step of the decoder reads it."
MIN_MARGIN = 0.02  # between the two largest probabilities of a step, far above any rounding
MAX_DRAWS = 200


def draw_weights(rng, n_x, n_a, n_y=None):
    """Draw the weights of a cell, with an output if it has a width, such that states depend on those before."""
    weights = {
        "Wx": rng.normal(0, 1, (n_x, n_a)),
        "Wa": rng.normal(0, 1.3 / np.sqrt(n_a), (n_a, n_a)),
        "b": rng.normal(0, 0.5, n_a),
    }
    if n_y:
        weights |= {"Wy": rng.normal(0, 3 / np.sqrt(n_a), (n_a, n_y)), "by": rng.normal(0, 0.3, n_y)}
    return weights


def softmax(values, axis=-1):
    """Return the softmax over an axis."""
    powers = np.exp(values - values.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def step(x, a, weights):
    """Return the next state."""
    return np.tanh(x @ weights["Wx"] + a @ weights["Wa"] + weights["b"])


def output(a, weights):
    """Return the probabilities of a state."""
    return softmax(a @ weights["Wy"] + weights["by"])


def zeros(x, weights):
    """Return the state before the first step."""
    return np.zeros((len(x), len(weights["b"])))


def read(x, mask, a, weights, wrong=""):
    """Return the states after all steps, (m, T, n_a), or those of a known mistake."""
    states, first = [], a
    mask = {READS_PADDING: np.ones_like(mask), ZERO_INPUT: np.ones_like(mask), INVERTED: ~mask}.get(wrong, mask)
    for t in range(x.shape[1])[:: -1 if wrong == BACKWARDS else 1]:
        a_next = step(x[:, t], first if wrong == AGAIN else a, weights)
        a = np.where(mask[:, t, None], a_next, 0 * a if wrong == RESETS else a)
        states.append(a)
    return np.stack(states, axis=1)


def write(x, a, weights, steps, wrong=""):
    """Return the outputs of a network that reads its choices, (m, steps, n_y), or those of a known mistake."""
    outputs, first_input, first_state = [], x, a
    for _ in range(steps):
        a = step(x, first_state if wrong in (AGAIN, ENCODER_AGAIN) else a, weights)
        outputs.append(output(a, weights))
        one_hot = np.eye(outputs[-1].shape[1])
        chosen, least = one_hot[outputs[-1].argmax(axis=1)], one_hot[outputs[-1].argmin(axis=1)]
        feedback = {SAME_INPUT: first_input, ZERO_FEEDBACK: 0 * chosen, SOFT: outputs[-1], LEAST: least}
        x = feedback.get(wrong, chosen)
    stacked = np.stack(outputs, axis=1)
    return np.eye(stacked.shape[2])[stacked.argmax(axis=2)] if wrong == CHOICES else stacked


def draw_lengths(rng, m, T):
    """Draw m lengths, one of them T, the others less."""
    return rng.permutation([T, *rng.integers(1, max(2, T), m - 1)])


def draw_sequences(rng, lengths, width, padding=True):
    """Draw inputs (m, T, width) with numbers or zeros at padding, and their mask (m, T)."""
    mask = np.arange(max(lengths)) < np.array(lengths)[:, None]
    x = rng.normal(size=(*mask.shape, width))
    return x if padding else x * mask[..., None], mask


def is_clear(y):
    """Return True if the most probable index of each step is clear."""
    ordered = np.sort(y, axis=-1)
    return (ordered[..., -1] - ordered[..., -2]).min() > MIN_MARGIN


def one_hot_inputs(rng, m, width):
    """Draw one-hot rows."""
    return np.eye(width)[rng.integers(width, size=m)]


# --- one_to_one


def check_one_to_one(submission, rng, m, n_x, n_a, n_y):
    """Compare outputs of one step."""
    x, weights = rng.normal(size=(m, n_x)), draw_weights(rng, n_x, n_a, n_y)
    a = step(x, np.zeros((m, n_a)), weights)
    known = [
        (STATES, a),
        ("The state before the step is zero, here it is one.", output(step(x, np.ones((m, n_a)), weights), weights)),
        ("This is the output after two steps. Make one.", output(step(x, a, weights), weights)),
        ("The state has a tanh: call rnn_step.", output(x @ weights["Wx"] + weights["b"], weights)),
    ]
    close(submission.call("one_to_one", x, weights), output(a, weights), "y", "(m, n_y)", known)


@pytest.mark.points(2, of="one_to_one")
@pytest.mark.hint("One step from a state of zeros (m, n_a), then the output.")
def test_one_to_one(submission, rng):
    """The output is that of one step from a state of zeros."""
    check_one_to_one(submission, rng, 3, 4, 5, 2)


@pytest.mark.hidden
@pytest.mark.points(2, of="one_to_one")
@pytest.mark.hint("Take the sizes from the arguments: m from x, n_a from the parameters.")
@pytest.mark.parametrize("sizes", [(1, 2, 3, 4), (5, 1, 2, 6)], ids=["one example", "one input"])
def test_other_one_to_one(submission, rng, sizes):
    """The output is right for other sizes."""
    check_one_to_one(submission, rng, *sizes)


# --- many_to_many


def wrong_axes(outputs):
    """Return known mistakes of the axes of outputs (m, T, n_y)."""
    return [(FIRST_AXIS, outputs.swapaxes(0, 1)), (SIDE_BY_SIDE, outputs.reshape(len(outputs), -1))]


def check_many_to_many(submission, rng, m, T, n_x, n_a, n_y):
    """Compare the outputs of all steps."""
    x, weights, a0 = rng.normal(size=(m, T, n_x)), draw_weights(rng, n_x, n_a, n_y), rng.uniform(-0.9, 0.9, (m, n_a))
    mask = np.ones((m, T), bool)
    states = read(x, mask, a0, weights)
    expected = output(states, weights)
    known = [
        (AGAIN, output(read(x, mask, a0, weights, AGAIN), weights)),
        (OTHER_START, output(read(x, mask, 0 * a0, weights), weights)),
        *wrong_axes(expected),
        (STATES, states),
        ("This is the output of the last step alone. Collect all of them.", expected[:, -1]),
        (BACKWARDS, output(read(x, mask, a0, weights, BACKWARDS), weights)),
        ("The outputs are in reverse order.", expected[:, ::-1]),
        (
            "The output is made from the state before the step. Step first, then the output.",
            output(np.concatenate([a0[:, None], states[:, :-1]], axis=1), weights),
        ),
        ("Each output is that of the last step: call rnn_output inside the loop.", expected[:, [-1] * T]),
    ]
    close(submission.call("many_to_many", x, a0, weights), expected, "y", "(m, T, n_y)", known)


@pytest.mark.points(4, of="many_to_many")
@pytest.mark.hint("For each step: the next state from the last one, and its output.")
def test_many_to_many(submission, rng):
    """There is an output after each step, made of all inputs so far and the first state."""
    check_many_to_many(submission, rng, 2, 6, 4, 5, 3)


@pytest.mark.hidden
@pytest.mark.points(3, of="many_to_many")
@pytest.mark.hint("Take the number of steps from x, its second axis.")
@pytest.mark.parametrize("sizes", [(3, 1, 2, 5, 4), (1, 7, 3, 2, 6)], ids=["one step", "one example"])
def test_other_many_to_many(submission, rng, sizes):
    """The outputs are right for one step, one example and other sizes."""
    check_many_to_many(submission, rng, *sizes)


# --- many_to_one


def check_many_to_one(submission, rng, lengths, n_x, n_a, n_y):
    """Compare the outputs after the last real steps."""
    (x, mask), weights = draw_sequences(rng, lengths, n_x), draw_weights(rng, n_x, n_a, n_y)
    a0 = zeros(x, weights)
    states = read(x, mask, a0, weights)
    real = mask[..., None]

    def last(wrong):
        """Return the output of a mistake while reading."""
        return output(read(x * real if wrong == ZERO_INPUT else x, mask, a0, weights, wrong)[:, -1], weights)

    known = [(wrong, last(wrong)) for wrong in (READS_PADDING, RESETS, ZERO_INPUT, INVERTED, AGAIN, BACKWARDS)]
    known += [
        (STATES, states[:, -1]),
        (FIRST_OUTPUT, output(states[:, 0], weights)),
        (MEAN_OUTPUT, output((states * real).sum(axis=1) / real.sum(axis=1), weights)),
        (MEAN_OUTPUT, (output(states, weights) * real).sum(axis=1) / real.sum(axis=1)),
        ("These are the outputs of all steps. Return the last one of each sequence.", output(states, weights)),
    ]
    close(submission.call("many_to_one", x, mask, weights), output(states[:, -1], weights), "y", "(m, n_y)", known)


@pytest.mark.points(5, of="many_to_one")
@pytest.mark.hint("np.where(mask[:, t, None], new state, old state) in each step; one output after the last.")
def test_many_to_one(submission, rng):
    """The output follows from the real steps of each sequence, in their order, and padding has no influence."""
    check_many_to_one(submission, rng, draw_lengths(rng, 4, 6), 3, 5, 2)


@pytest.mark.hidden
@pytest.mark.points(3, of="many_to_one")
@pytest.mark.hint("Sequences may have one step, and there may be no padding at all.")
@pytest.mark.parametrize("lengths", [[1], [4, 4], [1, 7, 3, 1, 2]], ids=["one step", "no padding", "many"])
def test_other_many_to_one(submission, rng, lengths):
    """The output is right without padding, with much of it, and for one step."""
    check_many_to_one(submission, rng, lengths, 4, 3, 6)


# --- one_to_many


def check_one_to_many(submission, rng, m, Ty, n_y, n_a):
    """Compare the outputs of a network that reads its choices."""
    for _ in range(MAX_DRAWS):
        x, weights = one_hot_inputs(rng, m, n_y) * rng.uniform(0.7, 1.3, (m, 1)), draw_weights(rng, n_y, n_a, n_y)
        expected = write(x, zeros(x, weights), weights, Ty)
        if is_clear(expected):
            break
    known = [
        (wrong, write(x, zeros(x, weights), weights, Ty, wrong))
        for wrong in (SAME_INPUT, ZERO_FEEDBACK, SOFT, LEAST, AGAIN, CHOICES)
    ]
    value = submission.call("one_to_many", x, Ty, weights)
    close(value, expected, "y", "(m, Ty, n_y)", [*known, *wrong_axes(expected)])


@pytest.mark.points(5, of="one_to_many")
@pytest.mark.hint("A step, its output, and the one-hot vector of the most probable index for the next step.")
def test_one_to_many(submission, rng):
    """From the second step on, each step reads the one-hot argmax of the output before."""
    check_one_to_many(submission, rng, 2, 5, 4, 6)


@pytest.mark.hidden
@pytest.mark.points(4, of="one_to_many")
@pytest.mark.hint("Take the number of steps from the argument Ty.")
@pytest.mark.parametrize("sizes", [(3, 1, 5, 2), (1, 8, 3, 7)], ids=["one step", "many steps"])
def test_other_one_to_many(submission, rng, sizes):
    """The outputs are right for one step and for many."""
    check_one_to_many(submission, rng, *sizes)


# --- encoder_decoder


def check_encoder_decoder(submission, rng, lengths, Ty, n_x, n_a, n_y):
    """Compare what a decoder writes after an encoder has read."""
    for _ in range(MAX_DRAWS):
        x, mask = draw_sequences(rng, lengths, n_x)
        encoder, decoder = draw_weights(rng, n_x, n_a), draw_weights(rng, n_y, n_a, n_y)
        start = one_hot_inputs(rng, len(x), n_y)
        a = read(x, mask, zeros(x, encoder), encoder)[:, -1]
        expected = write(start, a, decoder, Ty)
        if is_clear(expected):
            break
    real = mask[..., None]

    def after(wrong):
        """Return what is written after a mistake while reading."""
        inputs = x * real if wrong == ZERO_INPUT else x
        return write(start, read(inputs, mask, zeros(x, encoder), encoder, wrong)[:, -1], decoder, Ty)

    known = [(NO_ENCODER, write(start, 0 * a, decoder, Ty)), (NO_START, write(0 * start, a, decoder, Ty))]
    mixed = "The decoder steps with weights of the encoder. It has its own: rnn_step(…, decoder)."
    known += [(mixed, write(start, a, {**decoder, name: encoder[name]}, Ty)) for name in ("Wa", "b")]
    known += [(mixed, write(start, a, {**decoder, "Wa": encoder["Wa"], "b": encoder["b"]}, Ty))]
    known += [(wrong, after(wrong)) for wrong in (READS_PADDING, RESETS, ZERO_INPUT, INVERTED, AGAIN, BACKWARDS)]
    known += [
        (wrong, write(start, a, decoder, Ty, wrong))
        for wrong in (SAME_INPUT, ZERO_FEEDBACK, SOFT, LEAST, ENCODER_AGAIN, CHOICES)
    ]
    value = submission.call("encoder_decoder", x, mask, start, Ty, encoder, decoder)
    close(value, expected, "y", "(m, Ty, n_y)", [*known, *wrong_axes(expected)])


@pytest.mark.points(7, of="encoder_decoder")
@pytest.mark.hint("The encoder's loop is that of many_to_one, the decoder's that of one_to_many, from its state.")
def test_encoder_decoder(submission, rng):
    """The decoder starts from the last state of the encoder and reads its own choices."""
    check_encoder_decoder(submission, rng, draw_lengths(rng, 3, 6), 4, 5, 7, 3)


@pytest.mark.hidden
@pytest.mark.points(5, of="encoder_decoder")
@pytest.mark.hint("Source and target may have any lengths, and the two cells differ in the width of their inputs.")
@pytest.mark.parametrize(
    "lengths, Ty, sizes",
    [([3], 1, (2, 4, 5)), ([2, 5, 1, 5], 6, (3, 6, 4))],
    ids=["one written step", "more written steps"],
)
def test_other_encoder_decoder(submission, rng, lengths, Ty, sizes):
    """The outputs are right for shorter and longer targets than sources."""
    check_encoder_decoder(submission, rng, lengths, Ty, *sizes)


# --- type_from_lengths

EVERY = "Lengths are equal if they are equal in every example. Compare example by example."
ONES = "A side is 'one' if all its lengths are 1. Look at the ones first, then compare both sides."


def check_lengths(submission, source, target, expected):
    """Check the type of some lengths; lists come in the order of the examples."""
    value = submission.call("type_from_lengths", [int(n) for n in source], [int(n) for n in target])
    check(value in TYPES, "this is none of the five names in TYPES", "Return one of the names in TYPES.")
    hint = ONES if value in TYPES[:3] or expected in TYPES[:3] else EVERY
    equal(value, expected, "the type", hint=hint)


@pytest.mark.points(4, of="type_from_lengths")
@pytest.mark.hint("Look at the ones first, then compare both lists.")
@pytest.mark.parametrize("kind", range(5), ids=[name.replace(", ", " ") for name in TYPES])
def test_type_from_lengths(submission, rng, kind):
    """Each of the five types is found from the lengths of six examples."""
    ones, lengths = np.ones(6, int), rng.integers(2, 9, 6)
    pairs = [(ones, ones), (ones, lengths), (lengths, ones), (lengths, lengths), (lengths, lengths + 1)]
    check_lengths(submission, *pairs[kind], TYPES[kind])


@pytest.mark.hidden
@pytest.mark.points(2, of="type_from_lengths")
@pytest.mark.hint(EVERY)
@pytest.mark.parametrize(
    "case",
    ["one differs", "the last differs", "same lengths in another order", "a target of 1", "a source of 1", "equal 1"],
)
def test_types_of_special_lengths(submission, rng, case):
    """One example with other lengths is enough for another type."""
    ones, lengths = np.ones(5, int), rng.permutation([2, 9, 4, 3, 7])
    one, last, mixed = (lengths.copy() for _ in range(3))
    one[1] += 1
    last[-1] += 2
    mixed[0] = 1
    source, target, expected = {
        "one differs": (lengths, one, TYPES[4]),
        "the last differs": (last, lengths, TYPES[4]),
        "same lengths in another order": (lengths, lengths[::-1], TYPES[4]),
        "a target of 1": (ones, mixed, TYPES[1]),
        "a source of 1": (mixed, ones, TYPES[2]),
        "equal 1": (mixed, mixed, TYPES[3]),
    }[case]
    check_lengths(submission, source, target, expected)


# --- choose_type

QUESTIONS = {
    "digit": "One picture goes in. How many digits come out?",
    "caption": "One picture goes in. Is a sentence one output, or a sequence of words?",
    "stars": "A review is a sequence. How many numbers of stars come out?",
    "entities": "How many labels come out for a sentence of ten words, and where does each belong?",
    "translation": "Has each English word its place under one French word?",
    "tune": "A genre is one input. Is a melody one output?",
    "price": "Are three numbers about one flat a sequence: have they an order in time, may there be more of them?",
    "speech": "How many words are said in 100 frames? Is there one per frame?",
    "genes": "How many labels come out for a thousand letters, and where does each belong?",
    "activity": "Is a clip of frames one input? How many activities come out?",
    "next word": "How many predictions come out for a text of ten words: one at its end, or one after each word?",
    "summary": "Is a summary as long as the article?",
    "alarm": "How many decisions come out for ten reports: one at the end, or one after each?",
    "date": "The output has always ten characters. Has the input ten as well, and does each belong to one of them?",
}
VISIBLE = ("digit", "caption", "stars", "entities", "translation", "tune")


def check_problem(submission, reference, problem):
    """Check the type of a problem, and ask a question if it is wrong."""
    value = submission.call("choose_type", problem)
    check(value in TYPES, "this is none of the five names in TYPES", "Return one of the names in TYPES.")
    expected = reference.call("choose_type", problem)
    check(value == expected, f"{problem}: another type is right", f"{problem}: {QUESTIONS[problem]}")


@pytest.mark.points(6, of="choose_type")
@pytest.mark.hint("Ask the three questions of the text.")
@pytest.mark.parametrize("problem", VISIBLE)
def test_choose_type(submission, reference, problem):
    """The problem gets its type."""
    check_problem(submission, reference, problem)


@pytest.mark.hidden
@pytest.mark.points(6, of="choose_type")
@pytest.mark.hint("Ask the three questions of the text.")
@pytest.mark.parametrize("problem", [problem for problem in QUESTIONS if problem not in VISIBLE])
def test_choose_other_types(submission, reference, problem):
    """The other problems get their types."""
    check_problem(submission, reference, problem)


# --- padding_mask


def check_padding_mask(submission, lengths):
    """Check the mask of lengths."""
    steps, column = np.arange(max(lengths)), np.array(lengths)[:, None]
    value, expected = submission.call("padding_mask", lengths), steps < column
    hint = None
    if getattr(value, "shape", ()) == (len(lengths), max(lengths) + 1):
        hint = "There is one step too many: the longest sequence sets the number of steps."
    elif getattr(value, "shape", ()) == expected.T.shape:
        hint = "Rows are examples, columns are steps."
    array = shaped(value, expected.shape, "mask", "(m, T)", hint)
    check(array.dtype == bool, "the mask does not consist of booleans", "A comparison gives True and False.")
    known = [
        ("The mask is the wrong way round: True is a real step.", ~expected),
        ("One step too many is real: the steps are 0 to length - 1.", steps <= column),
        ("Padding stands on the right.", expected[:, ::-1]),
        ("One step too few is real: the steps are 0 to length - 1.", steps + 1 < column),
    ]
    close(array.astype(float), expected.astype(float), "mask", "(m, T)", known)


@pytest.mark.points(2, of="padding_mask")
@pytest.mark.hint("Compare np.arange(T) with the lengths as a column.")
def test_padding_mask(submission, rng):
    """As many steps are real, from the left, as the length says."""
    check_padding_mask(submission, [*map(int, draw_lengths(rng, 5, 7)), 3])


@pytest.mark.hidden
@pytest.mark.points(2, of="padding_mask")
@pytest.mark.hint("There may be one sequence, and lengths may come as an array.")
@pytest.mark.parametrize("lengths", [[4], [1, 1, 1], np.array([2, 6])], ids=["one sequence", "one step", "an array"])
def test_other_padding_masks(submission, lengths):
    """The mask is right for one sequence, for single steps, and for an array of lengths."""
    check_padding_mask(submission, lengths)


# --- masked_cross_entropy

OVER_ALL = "The sum is divided by the number of all steps. Divide by the number of real outputs."
OF_SEQUENCES = "This is a mean over sequences. Divide once, by the number of real outputs of the batch."
BEFORE_LOG = "Select the real outputs before the logarithm: at padding p may be 0."


def draw_loss_inputs(rng, lengths, n_y):
    """Draw probabilities, targets with 0 at padding, and the mask."""
    mask = np.arange(max(lengths)) < np.array(lengths)[:, None]
    y = softmax(rng.normal(0, 1.5, (*mask.shape, n_y)))
    return y, rng.integers(0, n_y, mask.shape) * mask, mask


def check_loss(submission, y, targets, mask):
    """Compare a loss with the formula."""
    p = np.take_along_axis(y, targets[..., None], axis=-1)[..., 0]
    losses = -np.log(np.where(mask, p, 1))
    with np.errstate(divide="ignore"):
        all_losses = -np.log(p)
        inverted = all_losses[~mask].sum() / max(1, (~mask).sum())
    expected = losses.sum() / mask.sum()
    known = [
        (OVER_ALL, losses.sum() / mask.size),
        ("Padding counts. Take the outputs alone where the mask is True.", all_losses.mean()),
        ("The loss has the wrong sign.", -expected),
        ("This is the sum. Divide by the number of real outputs.", losses.sum()),
        (OF_SEQUENCES, (losses.sum(axis=1) / mask.sum(axis=1)).mean()),
        ("The sum is divided by the number of sequences. " + OVER_ALL.split(". ")[1], losses.sum() / len(mask)),
        ("The logarithm is missing.", -p[mask].mean()),
        ("The logarithm is missing.", p[mask].mean()),
        ("The loss is the mean of logarithms, not the logarithm of a mean.", -np.log(p[mask].mean())),
        ("The logarithm has base 2. The loss takes the natural one.", expected / np.log(2)),
        ("The mask is the wrong way round: True is a real output.", inverted),
    ]
    value, inputs = submission.call_with_inputs("masked_cross_entropy", y, targets, mask)
    close(value, expected, "the loss", known=known, hint=BEFORE_LOG if (p == 0).any() else None)
    unchanged(inputs[0], y, "y")


@pytest.mark.points(5, of="masked_cross_entropy")
@pytest.mark.hint("-log of the probability of each real target; their mean.")
def test_loss(submission, rng):
    """The loss is the mean of -log p over the real outputs of the batch."""
    check_loss(submission, *draw_loss_inputs(rng, draw_lengths(rng, 4, 6), 5))


@pytest.mark.hidden
@pytest.mark.points(3, of="masked_cross_entropy")
@pytest.mark.hint(BEFORE_LOG)
@pytest.mark.parametrize("case", ["no padding", "one step", "probability 0 at padding"])
def test_other_losses(submission, rng, case):
    """The loss is right without padding, for one step, and for impossible targets at padding."""
    lengths = {"no padding": [3, 3], "one step": [1]}.get(case, [4, 1, 2])
    y, targets, mask = draw_loss_inputs(rng, lengths, 4)
    if case == "probability 0 at padding":
        y[~mask] = [0, 0.5, 0.25, 0.25]
    check_loss(submission, y, targets, mask)


# --- Keras

NO_SOFTMAX = "The outputs are no probabilities: the last dense layer has a softmax."
NO_MASKING = "Padding is read like any other step: call Masking() on the inputs."
CELL_LAYERS = "Use one SimpleRNN(n_a) and one Dense(n_y), and no other layer with weights."
LAST_STATE = "There is no output for each step: SimpleRNN(n_a, return_sequences=True)."
ALL_STATES = "There is an output for each step. SimpleRNN(n_a) returns the last state alone."


def keras_weights(weights):
    """Return the weights of NumPy functions in the order of Keras."""
    return [value.astype("float32") for value in weights.values()]


def run(submission, function, sizes, inputs, weights, hint=CELL_LAYERS):
    """Build a model, check its inputs and weights, and return its outputs for some inputs."""
    model = submission.call(function, *sizes)
    check(getattr(model, "kind", "") == "model", f"{function} does not return a Keras model", "Return Model(x, y).")
    described, values = model.describe(), keras_weights(weights)
    inputs = inputs if type(inputs) is list else [inputs]
    shapes = [(None, *([None] if value.ndim == 3 else []), value.shape[-1]) for value in inputs]
    order = "The model has the inputs of the docstring, in its order; any number of steps is None."
    check([tuple(shape) for shape in described["inputs"]] == shapes, "the inputs have other shapes", order)
    found = [tuple(shape) for shape in described["weights"]]
    check(len(found) == len(values), "the model has another number of weights", hint)
    check(found == [value.shape for value in values], "a layer does not have the right size", hint)
    model.set_weights(values)
    inputs = [value.astype("float32") for value in inputs]
    value = model.invoke("call", inputs if len(inputs) > 1 else inputs[0])
    check(type(value) is np.ndarray, "the model has more than one output", "The outputs are the probabilities alone.")
    return value


def logits_of(weights, states):
    """Return what the dense layer gives without a softmax."""
    return states @ weights["Wy"] + weights["by"]


def check_one_to_one_model(submission, rng, m, n_x, n_a, n_y):
    """Compare a network without recurrence."""
    x, weights = rng.normal(size=(m, n_x)), draw_weights(rng, n_x, n_a, n_y)
    hint = "Two dense layers, of n_a units and of n_y units."
    value = run(submission, "one_to_one_model", (n_x, n_a, n_y), x, {k: weights[k] for k in weights if k != "Wa"}, hint)
    a = step(x, np.zeros((m, n_a)), weights)
    z = x @ weights["Wx"] + weights["b"]
    tanh = "The first layer has the activation tanh."
    known = [(NO_SOFTMAX, logits_of(weights, a))]
    known += [(tanh, output(other, weights)) for other in (z, np.maximum(z, 0), 1 / (1 + np.exp(-z)))]
    close(value, output(a, weights), "y", "(m, n_y)", known)


@pytest.mark.points(2, of="one_to_one_model")
@pytest.mark.hint("Dense(n_a, tanh), then Dense(n_y, softmax).")
def test_one_to_one_model(submission, rng):
    """The model is a cell without a state before it, and an output."""
    check_one_to_one_model(submission, rng, 3, 4, 5, 2)


@pytest.mark.hidden
@pytest.mark.points(2, of="one_to_one_model")
@pytest.mark.hint("Take all sizes from the arguments.")
def test_other_one_to_one_model(submission, rng):
    """The model is right for other sizes."""
    check_one_to_one_model(submission, rng, 2, 3, 1, 6)


def check_one_to_many_model(submission, rng, m, Ty, n_x, n_a, n_y):
    """Compare a network that reads its input in each step."""
    x, weights = rng.normal(size=(m, n_x)), draw_weights(rng, n_x, n_a, n_y)
    value = run(submission, "one_to_many_model", (n_x, n_a, n_y, Ty), x, weights)
    repeated, mask = np.repeat(x[:, None], Ty, axis=1), np.ones((m, Ty), bool)
    once = repeated * (np.arange(Ty) == 0)[:, None]
    a0 = zeros(x, weights)
    states = read(repeated, mask, a0, weights)
    known = [
        (NO_SOFTMAX, logits_of(weights, states)),
        ("The first step alone reads the input: RepeatVector(Ty).", output(read(once, mask, a0, weights), weights)),
        ("The softmax ran over the steps. It runs over the last axis.", softmax(logits_of(weights, states), axis=1)),
        (
            "All steps have the state of the first: RepeatVector comes before the RNN.",
            output(states[:, [0] * Ty], weights),
        ),
    ]
    hint = LAST_STATE if value.ndim == 2 else "RepeatVector(Ty) makes Ty steps."
    close(value, output(states, weights), "y", "(m, Ty, n_y)", known, hint)


@pytest.mark.points(4, of="one_to_many_model")
@pytest.mark.hint("RepeatVector, SimpleRNN with all its states, TimeDistributed(Dense).")
def test_one_to_many_model(submission, rng):
    """Each step reads the input again, and has an output."""
    check_one_to_many_model(submission, rng, 2, 5, 3, 4, 6)


@pytest.mark.hidden
@pytest.mark.points(2, of="one_to_many_model")
@pytest.mark.hint("Take all sizes from the arguments.")
def test_other_one_to_many_model(submission, rng):
    """The model is right for other sizes."""
    check_one_to_many_model(submission, rng, 3, 2, 5, 6, 4)


def check_reader(submission, rng, function, lengths, n_x, n_a, n_y):
    """Compare the many-to-one or the many-to-many network, with padding of zeros."""
    (x, mask), weights = draw_sequences(rng, lengths, n_x, padding=False), draw_weights(rng, n_x, n_a, n_y)
    value = run(submission, function, (n_x, n_a, n_y), x, weights)
    a0 = zeros(x, weights)
    chosen = slice(None) if function == "many_to_many_model" else -1
    states, unmasked, backwards = (
        read(x, mask, a0, weights, wrong)[:, chosen] for wrong in ("", READS_PADDING, BACKWARDS)
    )
    logits = logits_of(weights, states)
    known = [(NO_SOFTMAX, logits), (NO_MASKING, output(unmasked, weights)), (BACKWARDS, output(backwards, weights))]
    if chosen == -1:
        hint, axes = ALL_STATES if value.ndim == 3 else None, "(m, n_y)"
        mean = (read(x, mask, a0, weights) * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        known.append((MEAN_OUTPUT, output(mean, weights)))
    else:
        hint, axes = LAST_STATE if value.ndim == 2 else None, "(m, T, n_y)"
        known.append(("The softmax ran over the steps. It runs over the last axis.", softmax(logits, axis=1)))
    close(value, output(states, weights), "y", axes, known, hint)


@pytest.mark.points(4, of="many_to_one_model")
@pytest.mark.hint("Masking, SimpleRNN(n_a), Dense with a softmax.")
def test_many_to_one_model(submission, rng):
    """The output follows from the last state of each sequence, and padding has no influence."""
    check_reader(submission, rng, "many_to_one_model", draw_lengths(rng, 3, 5), 4, 6, 2)


@pytest.mark.hidden
@pytest.mark.points(2, of="many_to_one_model")
@pytest.mark.hint("Take all sizes from the arguments; there may be any number of steps.")
@pytest.mark.parametrize("lengths", [[2, 2], [1, 7]], ids=["no padding", "much padding"])
def test_other_many_to_one_models(submission, rng, lengths):
    """The output is right for other sizes, without padding and with much of it."""
    check_reader(submission, rng, "many_to_one_model", lengths, 3, 5, 4)


@pytest.mark.points(4, of="many_to_many_model")
@pytest.mark.hint("Masking, SimpleRNN with all its states, TimeDistributed(Dense).")
def test_many_to_many_model(submission, rng):
    """There is an output after each step, and padding repeats the last one."""
    check_reader(submission, rng, "many_to_many_model", draw_lengths(rng, 3, 5), 4, 6, 2)


@pytest.mark.hidden
@pytest.mark.points(2, of="many_to_many_model")
@pytest.mark.hint("Take all sizes from the arguments; there may be any number of steps.")
@pytest.mark.parametrize("lengths", [[2, 2], [1, 7]], ids=["no padding", "much padding"])
def test_other_many_to_many_models(submission, rng, lengths):
    """The outputs are right for other sizes, without padding and with much of it."""
    check_reader(submission, rng, "many_to_many_model", lengths, 3, 5, 4)


# --- encoder_decoder_model

TWO_CELLS = "Use two SimpleRNN layers, the encoder first, and one Dense(n_y). Each cell has weights of its own."
SOURCE_PADDING = "The encoder reads padding: call Masking() on the source."


def check_encoder_decoder_model(submission, rng, lengths, Ty, n_x, n_a, n_y):
    """Compare the network for training, with padding in the source."""
    x, mask = draw_sequences(rng, lengths, n_x, padding=False)
    inputs, target_mask = draw_sequences(rng, [Ty] * len(lengths), n_y)
    encoder, decoder = draw_weights(rng, n_x, n_a), draw_weights(rng, n_y, n_a, n_y)
    weights = {f"encoder {name}": value for name, value in encoder.items()} | decoder
    value = run(submission, "encoder_decoder_model", (n_x, n_a, n_y), [x, inputs], weights, TWO_CELLS)

    def states(wrong="", factor=1):
        """Return the states of the decoder, or those of a mistake of the encoder."""
        a = factor * read(x, mask, zeros(x, encoder), encoder, wrong)[:, -1]
        return read(inputs, target_mask, a, decoder)

    known = [
        ("The source has no influence: pass the encoder's state as initial_state.", output(states(factor=0), decoder)),
        (SOURCE_PADDING, output(states(READS_PADDING), decoder)),
        (NO_SOFTMAX, logits_of(decoder, states())),
        ("The source is read from the last step to the first.", output(states(BACKWARDS), decoder)),
    ]
    close(value, output(states(), decoder), "y", "(m, Ty, n_y)", known, LAST_STATE if value.ndim == 2 else None)


@pytest.mark.points(5, of="encoder_decoder_model")
@pytest.mark.hint("return_state in the encoder, initial_state and return_sequences in the decoder.")
def test_encoder_decoder_model(submission, rng):
    """The decoder starts from the encoder's last state, and padding of the source has no influence."""
    check_encoder_decoder_model(submission, rng, draw_lengths(rng, 3, 5), 4, 2, 6, 5)


@pytest.mark.hidden
@pytest.mark.points(3, of="encoder_decoder_model")
@pytest.mark.hint("Take all sizes from the arguments; source and target may have any lengths.")
@pytest.mark.parametrize("lengths, Ty", [([3, 3], 2), ([1, 4], 6)], ids=["no padding", "much padding"])
def test_other_encoder_decoder_models(submission, rng, lengths, Ty):
    """The outputs are right for other sizes, without padding and with much of it."""
    check_encoder_decoder_model(submission, rng, lengths, Ty, 4, 5, 3)
