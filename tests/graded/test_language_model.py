"""Graded tests of `language_model`. If a vocabulary is an argument, its indices of `<eos>` and `<unk>` are random."""

import numpy as np
import pytest

from dlseq.data.homophones import HOMOPHONES, homophone_sentences
from dlseq.testing import check, close, equal, shaped, unchanged, unpack

WORDS = ["amber", "brook", "cedar", "delta", "ember", "fjord", "grove", "heron", "islet", "jetty", "knoll", "lark"]
WORDS += ["marsh", "nettle", "otter", "pine", "quail", "reed"]
UNKNOWN_WORDS = ["zeppelin", "yodel", "xylophone"]  # never in a drawn vocabulary
MARKS = [",", ";", ":", "!", "?", "."]
SIZES = {"V": 7, "n_a": 4, "T": 5}
OTHER_SIZES = [{"V": 3, "n_a": 1, "T": 1}, {"V": 9, "n_a": 5, "T": 12}, {"V": 4, "n_a": 6, "T": 2}]
OTHER_IDS = ["one", "long", "wide"]

BIAS = "A bias is missing: add it to the products."
ANY_SIZE = "The function has to work for all shapes: take every size from the shapes of the arguments."
PIPELINE = "If the functions above are right, look at the arguments that you pass from one to the next."
NOT_SHIFTED = "x is not shifted: the input at step t is the target itself. It should be the previous word."


def draw_words(rng, count):
    """Draw distinct words."""
    return [str(word) for word in rng.permutation(WORDS)[:count]]


def draw_vocabulary(rng, words):
    """Draw a vocabulary with shuffled indices, `<eos>` and `<unk>` included."""
    order = rng.permutation(len(words) + 2)
    return {name: int(index) for name, index in zip(["<eos>", "<unk>", *words], order, strict=True)}


def draw_parameters(rng, V, n_a, scale=0.8, **_):
    """Draw parameters of the network."""
    shapes = {"Wax": (n_a, V), "Waa": (n_a, n_a), "Wya": (V, n_a), "ba": (n_a, 1), "by": (V, 1)}
    return {name: rng.normal(0, scale, shape) for name, shape in shapes.items()}


def draw_sentence(rng, V, T, **_):
    """Draw the indices of a sentence."""
    return [int(index) for index in rng.integers(V, size=T)]


def draw_text(rng, words, length):
    """Draw a text with capitals and punctuation."""
    drawn = [str(rng.choice(words)) for _ in range(length)]
    return " ".join([drawn[0].title() + ",", *drawn[1:]]) + str(rng.choice(["!", "?", "."]))


def without(parameters, *names):
    """Return the parameters with some of them zero, as if a submission left them out."""
    return {name: np.zeros_like(value) if name in names else value for name, value in parameters.items()}


# --- tokenize


def draw_marked(rng):
    """Draw a text with capitals, an apostrophe within a word, digits, and marks beside words."""
    first_word, second_word, third_word, fourth_word = draw_words(rng, 4)
    first, second = (str(mark) for mark in rng.permutation(MARKS)[:2])
    start = f"{first_word.title()}'s {second_word.upper()}{first}"
    return f"{start}  {third_word} {rng.integers(2, 99)}{second} ({fourth_word})"


@pytest.mark.points(3, of="tokenize")
@pytest.mark.hint("Words are sequences of letters and digits; an apostrophe between letters belongs to the word.")
def test_words(submission, reference, rng):
    """Words are in lower case, and punctuation is dropped."""
    text = draw_marked(rng)
    expected = reference.call("tokenize", text)
    bare = text.translate({ord(mark): None for mark in ",;:!?.()"})
    known = [
        ("Capitals remain: convert the text to lower case first.", bare.split()),
        ("Punctuation is still attached to the words: splitting at white space is not enough.", text.lower().split()),
        ("Capitals remain, and punctuation is still attached to the words.", text.split()),
        ("Punctuation should be dropped unless keep_punctuation is true.", reference.call("tokenize", text, True)),
        ("An apostrophe between letters belongs to its word.", reference.call("tokenize", text.replace("'", " "))),
        ("An apostrophe between letters belongs to its word.", reference.call("tokenize", text.replace("'", ""))),
    ]
    equal(submission.call("tokenize", text), expected, "words", known)


@pytest.mark.points(2, of="tokenize")
@pytest.mark.hint("Every punctuation mark is a word of its own, in its place.")
def test_words_and_punctuation(submission, reference, rng):
    """With keep_punctuation, each mark is a word of its own."""
    text = draw_marked(rng)
    known = [
        ("Punctuation is missing although keep_punctuation is true.", reference.call("tokenize", text)),
        ("Punctuation is still attached to the words: splitting at white space is not enough.", text.lower().split()),
        ("Capitals remain, and punctuation is still attached to the words.", text.split()),
    ]
    value = submission.call("tokenize", text, keep_punctuation=True)
    equal(value, reference.call("tokenize", text, keep_punctuation=True), "words", known)


EDGE_CASES = ["in a row", "quoted", "two apostrophes", "accents", "hyphen", "lines", "marks only", "empty"]


@pytest.mark.hidden
@pytest.mark.points(3, of="tokenize")
@pytest.mark.hint("Consider several marks in a row, quotes around a word, letters with accents, a text without words.")
@pytest.mark.parametrize("kind", EDGE_CASES)
def test_words_of_unusual_texts(submission, reference, rng, kind):
    """Unusual texts are split by the same rules, with and without punctuation."""
    one, two = draw_words(rng, 2)
    text = {
        "in a row": f"{one}?!... {two}!!",
        "quoted": f"'{one}' \"{two}\"",
        "two apostrophes": f"{one}'n't {two}''{one}",
        "accents": f"ÉTÉ{one} Ünter{two}",
        "hyphen": f"{one}-{two} {one} - {two}",
        "lines": f"{one}\n\t{two}\r\n",
        "marks only": "?! ...",
        "empty": "",
    }[kind]
    equal(submission.call("tokenize", text), reference.call("tokenize", text), "words")
    equal(submission.call("tokenize", text, True), reference.call("tokenize", text, True), "words with punctuation")


# --- build_vocabulary


def make_vocabulary(words):
    """Return the vocabulary with the words in this order."""
    return {word: number for number, word in enumerate(["<eos>", "<unk>", *words])}


def draw_corpus(rng, counts):
    """Draw two sentences in which each word occurs as often as in `counts`."""
    row = [word for word, count in counts.items() for _ in range(count)]
    row = [str(word) for word in rng.permutation(row)]
    cut = int(rng.integers(2, len(row) - 2))
    return [row[:cut], row[cut:]]


@pytest.mark.points(3, of="build_vocabulary")
@pytest.mark.hint("Count the words of all sentences; sort by frequency, after <eos> and <unk>.")
def test_vocabulary(submission, reference, rng):
    """The most frequent words get an index, after <eos> and <unk>."""
    words = draw_words(rng, 7)
    while sorted(words)[:4] == words[:2:-1]:
        words = draw_words(rng, 7)
    counts = {word: 2 * count for count, word in enumerate(words, 1)}
    seen = [words[number] for number in (2, 0, 5, 1, 6, 3, 4)]
    sentences = [seen, *draw_corpus(rng, counts)]
    expected = reference.call("build_vocabulary", sentences, 4)
    larger, smaller = (reference.call("build_vocabulary", sentences, size) for size in (6, 2))
    known = [
        ("These are the first words of the text. Select the most frequent ones.", make_vocabulary(seen[:4])),
        (
            "The words are sorted alphabetically only. Sort by frequency first.",
            make_vocabulary(sorted(words)[:4]),
        ),
        ("These are the rarest words. Select the most frequent ones.", make_vocabulary(words[:4])),
        ("max_size does not count <eos> and <unk>.", smaller),
        ("There are more words than max_size allows.", larger),
        ("Every word has an index: max_size is ignored.", reference.call("build_vocabulary", sentences, 99)),
        ("<eos> has index 0, and <unk> has index 1.", {**expected, "<eos>": 1, "<unk>": 0}),
        ("<eos> and <unk> come before the words.", special_tokens_last(expected)),
        (
            "The words are right, but not their order: the most frequent comes first.",
            make_vocabulary(sorted(list(expected)[2:])),
        ),
    ]
    equal(submission.call("build_vocabulary", sentences, 4), expected, "the vocabulary", known)


def special_tokens_last(vocabulary):
    """Return the vocabulary with <eos> and <unk> at the end."""
    return {word: (index - 2) % len(vocabulary) for word, index in vocabulary.items()}


@pytest.mark.points(3, of="build_vocabulary")
@pytest.mark.hint("Sort equally frequent words alphabetically.")
def test_vocabulary_of_equally_frequent_words(submission, reference, rng):
    """Equally frequent words are sorted alphabetically."""
    words = draw_words(rng, 6)
    while words[:3] == sorted(words[:-1])[:3]:
        words = draw_words(rng, 6)
    sentences = [[words[-1], *words], [words[-1], *words]]
    kept = [words[-1], *words[:-1]]
    backwards = [words[-1], *sorted(words[:-1], reverse=True)]
    first = "Equally frequent words are in the order of the text. Sort them alphabetically."
    known = [
        (first, make_vocabulary(kept[:4])),
        ("Equally frequent words are in reverse alphabetical order.", make_vocabulary(backwards[:4])),
    ]
    value = submission.call("build_vocabulary", sentences, 4)
    equal(value, reference.call("build_vocabulary", sentences, 4), "the vocabulary", known)


@pytest.mark.hidden
@pytest.mark.points(3, of="build_vocabulary")
@pytest.mark.hint("There may be fewer words than max_size, or none. Do not change the sentences in place.")
@pytest.mark.parametrize("size", [0, 1, 5, 50], ids=["none", "one", "some", "all"])
def test_vocabulary_of_other_sizes(submission, reference, rng, size):
    """The vocabulary is right for any max_size, and the sentences are unchanged."""
    counts = {word: int(count) for word, count in zip(draw_words(rng, 9), rng.integers(1, 4, 9), strict=True)}
    sentences = [*draw_corpus(rng, counts), []]
    value, after = submission.call_with_inputs("build_vocabulary", sentences, size)
    equal(value, reference.call("build_vocabulary", sentences, size), "the vocabulary")
    unchanged(after[0], sentences, "sentences")


# --- encode


@pytest.mark.points(4, of="encode")
@pytest.mark.hint("One index for each word, and one more for <eos>.")
def test_indices(submission, reference, rng):
    """Known words become their index, unknown ones that of <unk>, and <eos> is appended."""
    known_words = draw_words(rng, 5)
    vocabulary = draw_vocabulary(rng, known_words)
    words = [known_words[0], UNKNOWN_WORDS[0], *known_words[1:4], UNKNOWN_WORDS[1]]
    expected = reference.call("encode", words, vocabulary)
    eos, unk = vocabulary["<eos>"], vocabulary["<unk>"]
    dropped = reference.call("encode", [word for word in words if word in vocabulary], vocabulary)
    known = [
        ("<eos> is missing: append it after the last word.", expected[:-1]),
        ("Unknown words are dropped. Each of them should become <unk>.", dropped),
        ("Unknown words are dropped. Each of them should become <unk>.", dropped[:-1]),
        ("<eos> is at the start. Append it after the last word.", [eos, *expected[:-1]]),
        ("Unknown words became <eos>. Each of them should become <unk>.", [eos if i == unk else i for i in expected]),
    ]
    equal(submission.call("encode", words, vocabulary), expected, "indices", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="encode")
@pytest.mark.hint("Look <eos> and <unk> up in the vocabulary, and do not change the words in place.")
@pytest.mark.parametrize("length", [0, 1, 9], ids=["none", "one", "long"])
def test_indices_of_other_sentences(submission, reference, rng, length):
    """Indices are right for sentences of any length, also without words; the arguments are unchanged."""
    words = draw_words(rng, 12)
    vocabulary = draw_vocabulary(rng, words[:6])
    value, after = submission.call_with_inputs("encode", words[:length], vocabulary)
    equal(value, reference.call("encode", words[:length], vocabulary), "indices")
    unchanged(after[0], words[:length], "words")
    unchanged(after[1], vocabulary, "word_to_ix")


# --- shift_right


@pytest.mark.points(5, of="shift_right")
@pytest.mark.hint("Column t of x has its 1 in the row of the previous word, y[t - 1].")
def test_inputs(submission, reference, rng):
    """The first column is zero, each other one is the one-hot vector of the previous word."""
    V, y = SIZES["V"], [int(index) for index in rng.permutation(SIZES["V"])[: SIZES["T"]]]
    expected = reference.call("shift_right", y, V)
    unshifted = reference.call("shift_right", [*y, 0], V)[:, 1:]
    rolled = expected + unshifted[:, -1:] * np.eye(1, len(y))
    known = [
        (NOT_SHIFTED, unshifted),
        ("The axes are swapped: time steps are columns.", expected.T),
        (
            "x is shifted to the wrong side: the input at step t is the word after the target.",
            np.pad(unshifted[:, 1:], ((0, 0), (0, 1))),
        ),
        ("The first column is the last word of the sentence. It should be zero.", rolled),
        (
            "x has one column too many: there is no target after <eos>.",
            reference.call("shift_right", [*y, 0], V),
        ),
        ("x has one column too few: the first input is a column of zeros.", expected[:, 1:]),
        (
            "The first column is the one-hot vector of index 0. It should be zero.",
            reference.call("shift_right", [0, *y], V)[:, 1:],
        ),
    ]
    close(submission.call("shift_right", y, V), expected, "x", "(V, T)", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="shift_right")
@pytest.mark.hint("A word may occur more than once in a sentence, and a sentence may be as short as <eos>.")
@pytest.mark.parametrize("sizes", OTHER_SIZES, ids=OTHER_IDS)
def test_inputs_of_other_sizes(submission, reference, rng, sizes):
    """The inputs are right for sentences of any length, and y is unchanged."""
    y = draw_sentence(rng, **sizes)
    value, after = submission.call_with_inputs("shift_right", y, sizes["V"])
    close(value, reference.call("shift_right", y, sizes["V"]), "x", "(V, T)")
    unchanged(after[0], y, "y")


# --- log_softmax


@pytest.mark.points(3, of="log_softmax")
@pytest.mark.hint("Compare your line with the formula of section 5.")
def test_logarithms(submission, reference, rng):
    """The exponentials of each column sum to one."""
    z = rng.normal(size=(SIZES["V"], SIZES["T"]))
    expected = reference.call("log_softmax", z)
    known = [
        (
            "The rows are distributions. The columns should be: look at the axis.",
            reference.call("log_softmax", z.T.copy()).T,
        ),
        (
            "All columns share one sum. Each column has its own: look at the axis.",
            reference.call("log_softmax", z.reshape(-1, 1)).reshape(z.shape),
        ),
        ("These are probabilities. Return their logarithms.", np.exp(expected)),
        ("This is a logarithm to another base. Use the natural one, np.log.", expected / np.log(2)),
        ("This is a logarithm to another base. Use the natural one, np.log.", expected / np.log(10)),
        ("The sign is wrong: a log-probability is 0 or less.", -expected),
    ]
    close(submission.call("log_softmax", z), expected, "the log-probabilities", "(V, T)", known)


@pytest.mark.points(1, of="log_softmax")
@pytest.mark.hint("See section 5 for overflow and underflow.")
def test_logarithms_of_large_logits(submission, reference, rng):
    """Logits in the thousands have finite log-probabilities."""
    z = rng.uniform(-1, 1, (SIZES["V"], SIZES["T"])) * 5000
    expected = reference.call("log_softmax", z)
    value = submission.call("log_softmax", z)
    value = shaped(value, expected.shape, "the log-probabilities", "(V, T)")
    finite = np.isfinite(value)
    overflow = "The exponential of a large logit overflows: subtract the maximum of each column first."
    check(finite.any(axis=0).all() and not np.isnan(value).any(), "large logits overflow", overflow)
    underflow = "A probability underflowed to 0 before its logarithm was taken. Take the logarithm of the sum only."
    check(finite.all(), "large logits give minus infinity", underflow)
    close(value, expected, "the log-probabilities", "(V, T)")


@pytest.mark.hidden
@pytest.mark.points(2, of="log_softmax")
@pytest.mark.hint("Each column has its own maximum. Do not change z in place.")
@pytest.mark.parametrize("sizes", OTHER_SIZES, ids=OTHER_IDS)
def test_logarithms_of_other_sizes(submission, reference, rng, sizes):
    """Log-probabilities are right for any shape and very different columns; z is unchanged."""
    z = rng.normal(size=(sizes["V"], sizes["T"])) + 3000 * np.arange(-1, sizes["T"] - 1)
    value, after = submission.call_with_inputs("log_softmax", z)
    close(value, reference.call("log_softmax", z), "the log-probabilities", "(V, T)")
    unchanged(after[0], z, "z")


# --- lm_step


@pytest.mark.points(3, of="lm_step")
@pytest.mark.hint("Compare your line with the first formula of section 6, term by term.")
def test_step_state(submission, reference, rng):
    """The next hidden state is tanh(Wax xt + Waa a_prev + ba)."""
    parameters = draw_parameters(rng, **SIZES)
    xt, a_prev = np.eye(SIZES["V"])[:, [2]], rng.uniform(-0.8, 0.8, (SIZES["n_a"], 1))
    a_next = unpack(submission.call("lm_step", xt, a_prev, parameters), "a_next", "log_yt", of="lm_step")[0]

    def state(*zero):
        return reference.call("lm_step", xt, a_prev, without(parameters, *zero))[0]

    known = [
        ("The sum is right, but it never went through the tanh.", np.arctanh(state())),
        (BIAS, state("ba")),
        ("The previous hidden state has no influence: its product with Waa is missing.", state("Waa")),
        ("The input has no influence: its product with Wax is missing.", state("Wax")),
    ]
    close(a_next, state(), "a_next", "(n_a, 1)", known)


@pytest.mark.points(2, of="lm_step")
@pytest.mark.hint("Compare your line with the second formula of section 6.")
def test_step_prediction(submission, reference, rng):
    """The prediction is the log-softmax of the logits from the next hidden state."""
    parameters = draw_parameters(rng, **SIZES)
    xt, a_prev = np.eye(SIZES["V"])[:, [1]], rng.uniform(-0.8, 0.8, (SIZES["n_a"], 1))
    log_yt = unpack(submission.call("lm_step", xt, a_prev, parameters), "a_next", "log_yt", of="lm_step")[1]
    expected = reference.call("lm_step", xt, a_prev, parameters)[1]
    keeps_state = {**without(parameters, "Wax", "ba"), "Waa": np.eye(SIZES["n_a"])}
    old = reference.call("lm_step", xt, np.arctanh(a_prev), keeps_state)[1]
    known = [
        (BIAS, reference.call("lm_step", xt, a_prev, without(parameters, "by"))[1]),
        ("The prediction uses the next hidden state, a_next, not the previous one.", old),
        ("These are probabilities. Return their logarithms.", np.exp(expected)),
    ]
    close(log_yt, expected, "log_yt", "(V, 1)", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="lm_step")
@pytest.mark.hint(ANY_SIZE)
@pytest.mark.parametrize("sizes", OTHER_SIZES, ids=OTHER_IDS)
def test_step_of_other_sizes(submission, reference, rng, sizes):
    """A time step is right for other shapes and a zero input; the arguments are unchanged."""
    parameters = draw_parameters(rng, **sizes)
    ask = (np.zeros((sizes["V"], 1)), rng.uniform(-0.8, 0.8, (sizes["n_a"], 1)), parameters)
    value, after = submission.call_with_inputs("lm_step", *ask)
    a_next, log_yt = unpack(value, "a_next", "log_yt", of="lm_step")
    expected = reference.call("lm_step", *ask)
    close(a_next, expected[0], "a_next", "(n_a, 1)")
    close(log_yt, expected[1], "log_yt", "(V, 1)")
    for changed, before, name in zip(after, ask, ("xt", "a_prev", "parameters"), strict=True):
        unchanged(changed, before, name)


# --- lm_forward


def draw_inputs(rng, sizes):
    """Draw inputs of a sentence, one-hot except for the first, and parameters."""
    x = np.eye(sizes["V"])[:, draw_sentence(rng, **sizes)]
    x[:, 0] = 0
    return x, draw_parameters(rng, **sizes)


@pytest.mark.points(3, of="lm_forward")
@pytest.mark.hint("If lm_step is right, look at its arguments, and where its return values are stored.")
def test_states(submission, reference, rng):
    """The initial hidden state is zero, and it is passed from step to step."""
    x, parameters = draw_inputs(rng, SIZES)
    a = unpack(submission.call("lm_forward", x, parameters), "a", "log_y", of="lm_forward")[0]
    expected = reference.call("lm_forward", x, parameters)[0]
    before = np.pad(expected[:, :-1], ((0, 0), (1, 0)))
    known = [
        (
            "Every time step gets a hidden state of zeros. Only the first one should.",
            reference.call("lm_forward", x, without(parameters, "Waa"))[0],
        ),
        ("a holds the hidden state before each time step. It should hold the one after it.", before),
        ("Every time step gets the first column of x.", reference.call("lm_forward", np.zeros_like(x), parameters)[0]),
        ("Time steps are columns: swap the axes of a.", expected.T),
    ]
    close(a, expected, "a", "(n_a, T)", known)


@pytest.mark.points(3, of="lm_forward")
@pytest.mark.hint("Column t of log_y is the prediction of lm_step for column t of x.")
def test_predictions(submission, reference, rng):
    """The predictions of all time steps are returned."""
    x, parameters = draw_inputs(rng, SIZES)
    log_y = unpack(submission.call("lm_forward", x, parameters), "a", "log_y", of="lm_forward")[1]
    expected = reference.call("lm_forward", x, parameters)[1]
    known = [
        ("Time steps are columns: swap the axes of log_y.", expected.T),
        ("These are probabilities. Return their logarithms.", np.exp(expected)),
    ]
    close(log_y, expected, "log_y", "(V, T)", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="lm_forward")
@pytest.mark.hint(ANY_SIZE)
@pytest.mark.parametrize("sizes", OTHER_SIZES, ids=OTHER_IDS)
def test_forward_of_other_sizes(submission, reference, rng, sizes):
    """Hidden states and predictions are right for other shapes; the arguments are unchanged."""
    x, parameters = draw_inputs(rng, sizes)
    value, after = submission.call_with_inputs("lm_forward", x, parameters)
    a, log_y = unpack(value, "a", "log_y", of="lm_forward")
    expected = reference.call("lm_forward", x, parameters)
    close(a, expected[0], "a", "(n_a, T)")
    close(log_y, expected[1], "log_y", "(V, T)")
    unchanged(after[0], x, "x")
    unchanged(after[1], parameters, "parameters")


# --- sequence_loss


@pytest.mark.points(5, of="sequence_loss")
@pytest.mark.hint("Of each column one value counts, the log-probability of the target; the loss is their sum.")
def test_loss(submission, reference, rng):
    """The loss is the sum over the time steps of minus the log-probability of the target."""
    V, T = SIZES["V"], SIZES["T"]
    log_y = np.log(rng.dirichlet(np.ones(V), T).T)
    y = draw_sentence(rng, V, T)
    expected = reference.call("sequence_loss", log_y, y)
    mean = "This is the mean over the time steps. The loss is their sum."
    known = [
        (mean, expected / T),
        (mean, -expected / T),
        ("The sign is wrong: a loss is 0 or more.", -expected),
        (
            "This is a logarithm to another base; log_y holds natural logarithms already.",
            expected / np.log(2),
        ),
        (
            "This is a logarithm to another base; log_y holds natural logarithms already.",
            expected / np.log(10),
        ),
        ("All words count. Only the target of each column should.", -log_y.sum()),
        ("The most probable word counts. It should be the target.", -log_y.max(axis=0).sum()),
        (
            "The last time step is missing: <eos> is a target as well.",
            reference.call("sequence_loss", log_y[:, :-1], y[:-1]),
        ),
        (
            "The first time step is missing: the first word is a target as well.",
            reference.call("sequence_loss", log_y[:, 1:], y[1:]),
        ),
    ]
    close(submission.call("sequence_loss", log_y, y), expected, "the loss", known=known)


@pytest.mark.hidden
@pytest.mark.points(2, of="sequence_loss")
@pytest.mark.hint("Add log-probabilities: a product of probabilities underflows to 0.")
@pytest.mark.parametrize("length", [1, 3, 900], ids=["one", "short", "long"])
def test_loss_of_other_sentences(submission, reference, rng, length):
    """The loss is right for sentences of any length and tiny probabilities; the arguments are unchanged."""
    log_y = rng.uniform(-900, -1, (4, length))
    y = draw_sentence(rng, 4, length)
    value, after = submission.call_with_inputs("sequence_loss", log_y, y)
    close(value, reference.call("sequence_loss", log_y, y), "the loss")
    unchanged(after[0], log_y, "log_y")
    unchanged(after[1], y, "y")


# --- log_probability


def draw_model(rng, words=6, n_a=4):
    """Draw words, a vocabulary of them, and parameters."""
    words = draw_words(rng, words)
    return words, draw_vocabulary(rng, words), draw_parameters(rng, len(words) + 2, n_a)


@pytest.mark.points(5, of="log_probability")
@pytest.mark.hint(PIPELINE)
def test_sentence(submission, reference, rng):
    """The log-probability of a sentence is the sum over all its words and <eos>."""
    words, vocabulary, parameters = draw_model(rng)
    text = f"{words[0].title()}, {words[1]} {UNKNOWN_WORDS[0]} {words[2]} {words[3]}!"
    expected = reference.call("log_probability", text, vocabulary, parameters)
    y = reference.call("encode", reference.call("tokenize", text), vocabulary)
    x = reference.call("shift_right", [*y, 0], len(vocabulary))

    def score(x, y):
        return -reference.call("sequence_loss", reference.call("lm_forward", x, parameters)[1], y)

    known = [
        (
            "<eos> does not count. It is a target like every word.",
            score(x[:, : len(y) - 1], y[:-1]),
        ),
        ("This is the loss. A log-probability is 0 or less.", -expected),
        (
            "This is the mean over the words. The chain rule multiplies, so add the logarithms.",
            expected / len(y),
        ),
        ("This is the probability. Return its logarithm.", np.exp(expected)),
        (
            "Unknown words are dropped. Each of them counts as <unk>.",
            reference.call("log_probability", text.replace(UNKNOWN_WORDS[0], ""), vocabulary, parameters),
        ),
        (NOT_SHIFTED, score(x[:, 1:], y)),
        (
            "Punctuation counts as unknown words. Drop it: call tokenize(sentence).",
            reference.call(
                "log_probability",
                f"{words[0]} {UNKNOWN_WORDS[1]} {words[1]} {UNKNOWN_WORDS[0]} {words[2]} {words[3]} {UNKNOWN_WORDS[1]}",
                vocabulary,
                parameters,
            ),
        ),
        ("This is a logarithm to another base. Use the natural one, np.log.", expected / np.log(2)),
    ]
    close(
        submission.call("log_probability", text, vocabulary, parameters), expected, "the log-probability", known=known
    )


@pytest.mark.hidden
@pytest.mark.points(3, of="log_probability")
@pytest.mark.hint("The product of many probabilities underflows to 0: add log-probabilities.")
@pytest.mark.parametrize("length", [0, 1, 1000], ids=["empty", "one", "long"])
def test_other_sentences(submission, reference, rng, length):
    """Log-probabilities are right for 0, 1 and 1,000 words; the arguments are unchanged."""
    words, vocabulary, parameters = draw_model(rng, 4, 3)
    ask = (" ".join(str(word) for word in rng.choice([*words, *UNKNOWN_WORDS], length)), vocabulary, parameters)
    value, after = submission.call_with_inputs("log_probability", *ask)
    close(value, reference.call("log_probability", *ask), "the log-probability")
    unchanged(after[1], vocabulary, "word_to_ix")
    unchanged(after[2], parameters, "parameters")


# --- perplexity


@pytest.mark.points(5, of="perplexity")
@pytest.mark.hint("Divide the sum of log-probabilities by the number of predicted words, then take the exponential.")
def test_perplexity(submission, reference, rng):
    """Perplexity is per word, over all sentences together, and counts each <eos>."""
    words, vocabulary, parameters = draw_model(rng)
    texts = [draw_text(rng, words, length) for length in (2, 8, 4)]
    texts[1] = f"{UNKNOWN_WORDS[0]} {texts[1]}"
    expected = reference.call("perplexity", texts, vocabulary, parameters)
    total = sum(reference.call("log_probability", text, vocabulary, parameters) for text in texts)
    each = [reference.call("perplexity", [text], vocabulary, parameters) for text in texts]
    sentence = "This is per sentence. Perplexity is per word: divide by the number of predicted words."
    known = [
        (sentence, np.exp(-total / 3)),
        ("N does not count <eos>. Each <eos> is a predicted word as well.", np.exp(-total / 15)),
        ("This is the mean of the sentences' perplexities. A long sentence has more weight.", np.mean(each)),
        ("This is the mean over the sentences. Every word has the same weight.", np.exp(np.mean(np.log(each)))),
        ("The base of the exponential has to match the logarithm: e for natural ones.", 2 ** np.log(expected)),
        ("This is the mean loss per word. Return its exponential.", np.log(expected)),
        ("The sign is wrong: a perplexity is 1 or more.", 1 / expected),
        ("The sum of the losses is not divided by the number of words.", np.exp(-total)),
    ]
    close(submission.call("perplexity", texts, vocabulary, parameters), expected, "the perplexity", known=known)


@pytest.mark.hidden
@pytest.mark.points(2, of="perplexity")
@pytest.mark.hint("The perplexity of a uniform model is V, for any sentences.")
@pytest.mark.parametrize("count", [1, 7], ids=["one", "many"])
def test_perplexity_of_other_sentences(submission, reference, rng, count):
    """Perplexity is right for any number of sentences, and V if all parameters are zero."""
    words, vocabulary, parameters = draw_model(rng, 3 + count)
    texts = [draw_text(rng, words, int(length)) for length in rng.integers(1, 30, count)]
    value = submission.call("perplexity", texts, vocabulary, parameters)
    close(value, reference.call("perplexity", texts, vocabulary, parameters), "the perplexity")
    zeros = without(parameters, *parameters)
    close(
        submission.call("perplexity", texts, vocabulary, zeros), len(vocabulary), "the perplexity with zero parameters"
    )


# --- draw_word

ARGMAX = "This is the most probable word each time. Draw the one whose interval contains u."


@pytest.mark.points(4, of="draw_word")
@pytest.mark.hint("Return the first index at which the cumulative sum of the probabilities is greater than u.")
def test_draw(submission, reference, rng):
    """The drawn word is the one whose interval of the cumulative distribution contains u."""
    p = np.sort(rng.dirichlet(np.ones(6)))[[1, 0, 5, 3, 2, 4]]  # the largest neither first nor last
    log_yt = np.log(p)[:, None]
    uniforms = [0.0, *(float(u) for u in rng.random(30))]
    expected = [reference.call("draw_word", log_yt, u) for u in uniforms]
    reversed_order = [5 - reference.call("draw_word", log_yt[::-1].copy(), u) for u in uniforms]
    sorted_first = np.argsort(-log_yt[:, 0])
    largest_first = [int(sorted_first[reference.call("draw_word", log_yt[sorted_first], u)]) for u in uniforms]
    known = [
        (ARGMAX, [int(log_yt.argmax())] * len(uniforms)),
        ("This is the index before the interval that contains u.", [index - 1 for index in expected]),
        ("This is the index after the interval that contains u.", [min(index + 1, 5) for index in expected]),
        ("The order of the intervals is reversed. Use the order of the indices.", reversed_order),
        ("The intervals are sorted by size. Use the order of the indices.", largest_first),
        ("log_yt holds log-probabilities: take the exponential first.", [0] * len(uniforms)),
        ("log_yt holds log-probabilities: take the exponential first.", [5] * len(uniforms)),
    ]
    equal([submission.call("draw_word", log_yt, u) for u in uniforms], expected, "the words", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="draw_word")
@pytest.mark.hint("Consider a word of probability 0, and a cumulative sum that ends slightly below 1.")
@pytest.mark.parametrize("edge", ["impossible first", "impossible between", "last", "single"])
def test_draw_at_the_edges(submission, reference, rng, edge):
    """A word of probability 0 is never drawn, and a u beyond the last sum means the last word."""
    p = rng.dirichlet(np.ones(4))
    p = {
        "impossible first": np.array([0.0, *p]),
        "impossible between": np.array([p[0], 0.0, *p[1:]]),
        "last": p * (1 - 1e-9),
        "single": np.ones(1),
    }[edge]
    with np.errstate(divide="ignore"):
        log_yt = np.log(p)[:, None]
    u = 0.0 if edge == "impossible first" else 1 - 1e-12 if edge == "last" else float(rng.random())
    equal(submission.call("draw_word", log_yt, u), reference.call("draw_word", log_yt, u), "the word")


# --- sample_sentence

NO_END = "Without <eos> in the vocabulary, draw one word for each number in uniforms."


def draw_generator(rng, count=10, n_a=5, rows=6, length=12):
    """Draw a vocabulary, parameters that end a sentence now and then, and rows of uniforms."""
    words = draw_words(rng, count)
    vocabulary, parameters = draw_vocabulary(rng, words), draw_parameters(rng, count + 2, n_a, scale=1.0)
    parameters["by"] = 0.3 * parameters["by"]
    parameters["by"][vocabulary["<eos>"]] += 0.5
    return vocabulary, parameters, [[float(u) for u in rng.random(length)] for _ in range(rows)]


def sample_all(code, uniforms, vocabulary, parameters):
    """Sample a sentence for each row of uniforms, by the submission or the reference."""
    return [code.call("sample_sentence", row, vocabulary, parameters) for row in uniforms]


def sampling_mistakes(reference, uniforms, vocabulary, parameters):
    """Return the sentences of known mistakes."""
    sharp = {**parameters, "Wya": 1e6 * parameters["Wya"], "by": 1e6 * parameters["by"]}
    no_feedback = "The drawn word is not fed back. Its one-hot vector is the next input."
    return [
        (ARGMAX, sample_all(reference, uniforms, vocabulary, sharp)),
        (no_feedback, sample_all(reference, uniforms, vocabulary, without(parameters, "Wax"))),
        (
            "The hidden state is lost between the time steps.",
            sample_all(reference, uniforms, vocabulary, without(parameters, "Waa")),
        ),
    ]


@pytest.mark.points(3, of="sample_sentence")
@pytest.mark.hint("If lm_step and draw_word are right, look at the arguments of lm_step at each time step.")
def test_sentence_that_ends(submission, reference, rng):
    """Words are drawn until <eos>, and each is fed back as the next input."""
    vocabulary, parameters, uniforms = draw_generator(rng)
    expected = sample_all(reference, uniforms, vocabulary, parameters)
    while not 40 < sum(map(len, expected)) < 70:  # of 72 words: long sentences, and some that end early
        vocabulary, parameters, uniforms = draw_generator(rng)
        expected = sample_all(reference, uniforms, vocabulary, parameters)
    endless = {word: index for word, index in vocabulary.items() if word != "<eos>"}
    eos = vocabulary["<eos>"]
    known = [
        (
            "The sentence continues after <eos>. Stop there.",
            sample_all(reference, uniforms, endless, parameters),
        ),
        (
            "<eos> is missing: if it was drawn, it is the last index.",
            [[i for i in row if i != eos] for row in expected],
        ),
        *sampling_mistakes(reference, uniforms, vocabulary, parameters),
    ]
    equal(sample_all(submission, uniforms, vocabulary, parameters), expected, "the sentences", known)


@pytest.mark.points(2, of="sample_sentence")
@pytest.mark.hint(NO_END, exception=NO_END)
def test_sentence_without_end(submission, reference, rng):
    """Without <eos> in the vocabulary, all uniforms are used."""
    vocabulary, parameters, uniforms = draw_generator(rng)
    del vocabulary["<eos>"]
    value = sample_all(submission, uniforms, vocabulary, parameters)
    expected = sample_all(reference, uniforms, vocabulary, parameters)
    known = sampling_mistakes(reference, uniforms, vocabulary, parameters)
    equal(value, expected, "the sentences", known)


@pytest.mark.hidden
@pytest.mark.points(3, of="sample_sentence")
@pytest.mark.hint("Take all sizes from the arguments; uniforms may be empty. Do not change the arguments in place.")
@pytest.mark.parametrize("length", [0, 1, 60], ids=["none", "one", "long"])
def test_other_sampled_sentences(submission, reference, rng, length):
    """Sentences are right for any number of uniforms; the arguments are unchanged."""
    vocabulary, parameters, uniforms = draw_generator(rng, 6, 3, 2, length)
    for row in uniforms:
        value, after = submission.call_with_inputs("sample_sentence", row, vocabulary, parameters)
        equal(value, reference.call("sample_sentence", row, vocabulary, parameters), "the sentence")
        for changed, before, name in zip(
            after, (row, vocabulary, parameters), ("uniforms", "word_to_ix", "parameters"), strict=True
        ):
            unchanged(changed, before, name)


# --- train


def draw_training(rng, V=6, n_a=3):
    """Draw a few sentences, initial parameters, and a learning rate."""
    sequences = [draw_sentence(rng, V, int(length)) for length in rng.permutation([2, 4, 5])]
    return sequences, draw_parameters(rng, V, n_a, 0.5), float(rng.uniform(0.05, 0.2))


def check_parameters(value, expected, known):
    """Check parameters by name, with known mistakes as dicts of parameters."""
    check(type(value) is dict, "parameters is not a dict")
    for name, target in expected.items():
        close(value.get(name), target, name, known=[(hint, wrong[name]) for hint, wrong in known], rtol=1e-5)


@pytest.mark.points(3, of="train")
@pytest.mark.hint("See section 13 for the order of the computations for each sentence.")
def test_training(submission, reference, rng):
    """Each sentence updates every parameter against its gradient; each epoch has the sum of its losses."""
    sequences, parameters, rate = draw_training(rng)
    ask = ("train", sequences, parameters)
    value = submission.call(*ask, rate, 3)
    new, losses = unpack(value, "parameters", "losses", of="train")
    expected, expected_losses = reference.call(*ask, rate, 3)
    still = reference.call(*ask, 0.0, 1)[0]
    known = [
        ("The update has the wrong sign: subtract the gradient.", reference.call(*ask, -rate, 3)[0]),
        ("Only one epoch was run.", reference.call(*ask, rate, 1)[0]),
        ("The parameters did not change.", still),
        (
            "Each epoch starts with the initial parameters. It should continue with those of the epoch before.",
            reference.call(*ask, rate, 1)[0],
        ),
        (
            "The sentences are used in reverse order.",
            reference.call("train", sequences[::-1], parameters, rate, 3)[0],
        ),
    ]
    check_parameters(new, expected, known)
    before = "The loss does not fall. Compute it with the current parameters, before each update."
    steady = reference.call(*ask, 0.0, 3)[1]
    words = sum(len(y) for y in sequences)
    known_losses = [
        (
            "losses has one number per epoch: the sum over its sentences, not their mean.",
            np.array(expected_losses) / 3,
        ),
        (
            "losses has one number per epoch: the sum over its sentences, not the mean over their words.",
            np.array(expected_losses) / words,
        ),
        ("The losses of all epochs are added up. Each epoch starts at 0.", np.cumsum(expected_losses)),
        (before, np.array(steady)),
    ]
    check(type(losses) is list and len(losses) == 3, "losses is not a list of one number per epoch")
    check(all(type(loss) in (int, float) for loss in losses), "losses contains a value that is not a number")
    close(np.array(losses), np.array(expected_losses), "losses", "(epochs,)", known_losses, rtol=1e-5)


@pytest.mark.hidden
@pytest.mark.points(2, of="train")
@pytest.mark.hint("Make new arrays: `W -= …` changes the caller's arrays in place.")
@pytest.mark.parametrize("epochs", [0, 1, 2], ids=["none", "one", "two"])
def test_training_is_not_in_place(submission, reference, rng, epochs):
    """Training is right for any number of epochs, and the arguments are unchanged."""
    ask = (*draw_training(rng, 5 + epochs, 4), epochs)
    value, after = submission.call_with_inputs("train", *ask)
    new, losses = unpack(value, "parameters", "losses", of="train")
    unchanged(after[0], ask[0], "sequences")
    unchanged(after[1], ask[1], "parameters")
    expected, expected_losses = reference.call("train", *ask)
    check_parameters(new, expected, [])
    close(np.array(losses, dtype=float), np.array(expected_losses, dtype=float), "losses", "(epochs,)", rtol=1e-5)


HOMOPHONE_UNITS = 20  # size of the hidden state in that training


def draw_homophone_training(rng, reference):
    """Draw a vocabulary and the arguments of `train`: sentences, parameters, learning rate, epochs."""
    tokens = [sentence.split() for sentence in homophone_sentences(300, rng)]
    vocabulary = reference.call("build_vocabulary", tokens, 60)
    sequences = [[vocabulary[word] for word in [*words, "<eos>"]] for words in tokens]
    return vocabulary, (sequences, draw_parameters(rng, len(vocabulary), HOMOPHONE_UNITS, 0.1), 0.05, 5)


def sentence_log_probability(sentence, vocabulary, parameters):
    """Compute the log-probability of a sentence of known words, independently of the submission and the reference."""
    check(type(parameters) is dict, "parameters is not a dict")
    V, n_a = len(vocabulary), HOMOPHONE_UNITS
    shapes = {"Wax": (n_a, V), "Waa": (n_a, n_a), "Wya": (V, n_a), "ba": (n_a, 1), "by": (V, 1)}
    Wax, Waa, Wya, ba, by = (shaped(parameters.get(name), shape, name) for name, shape in shapes.items())
    a, x, total = np.zeros((n_a, 1)), np.zeros((V, 1)), 0.0
    for word in [*sentence.split(), "<eos>"]:
        a = np.tanh(Wax @ x + Waa @ a + ba)
        logits = Wya @ a + by
        total += logits[vocabulary[word], 0] - logits.max() - np.log(np.exp(logits - logits.max()).sum())
        x = np.eye(V)[:, [vocabulary[word]]]
    return total


@pytest.mark.hidden
@pytest.mark.points(2, of="train")
@pytest.mark.hint("The training runs, but the trained model does not distinguish homophones.")
def test_training_distinguishes_homophones(submission, reference, rng):
    """A model that `train` has trained finds the right spelling far more probable than the wrong one."""
    vocabulary, training = draw_homophone_training(rng, reference)
    parameters = unpack(submission.call("train", *training), "parameters", "losses", of="train")[0]
    margins = []
    for wrong, right in HOMOPHONES:
        low, high = (sentence_log_probability(text, vocabulary, parameters) for text in (wrong, right))
        check(high - low > np.log(2), f"{right!r} is not much more probable than {wrong!r}")
        margins.append(high - low)
    check(sum(margins) > 10, "the right spellings together are not far more probable than the wrong ones")


# --- likeliest_reading


@pytest.mark.points(4, of="likeliest_reading")
@pytest.mark.hint(PIPELINE)
def test_homophones(submission, reference, rng):
    """A model of the toy grammar chooses "the apple and pear salad", not "the apple and pair salad"."""
    vocabulary, training = draw_homophone_training(rng, reference)
    parameters = reference.call("train", *training)[0]
    for wrong, right in HOMOPHONES:
        candidates = [wrong, right] if rng.random() < 0.5 else [right, wrong]
        value = submission.call("likeliest_reading", candidates, vocabulary, parameters)
        best, posteriors = unpack(value, "best", "posteriors", of="likeliest_reading")
        least = "This is the least probable candidate: a log-probability closer to 0 is larger."
        equal(best, right, "best", [(least, wrong), ("best is the text, not its index.", candidates.index(right))])
        expected = reference.call("likeliest_reading", candidates, vocabulary, parameters)[1]
        logs = [reference.call("log_probability", text, vocabulary, parameters) for text in candidates]
        known = [
            ("These are log-probabilities. Return probabilities.", np.array(logs)),
            ("The posteriors have to sum to one: divide by the sum over all candidates.", np.exp(logs)),
            (
                "These are log-probabilities divided by their sum. Divide probabilities instead.",
                logs / np.sum(logs),
            ),
            ("The posteriors have to sum to one over the candidates: look at the axis.", np.ones(2)),
        ]
        close(posteriors, expected, "posteriors", "(number of candidates,)", known)
        check(posteriors[candidates.index(right)] > 2 / 3, "the right spelling is not much more probable")


@pytest.mark.hidden
@pytest.mark.points(2, of="likeliest_reading")
@pytest.mark.hint("The probability of a long sentence underflows to 0: normalize log-probabilities, as in section 5.")
@pytest.mark.parametrize("length, count", [(3, 5), (1, 1), (600, 3)], ids=["many", "one", "long"])
def test_other_readings(submission, reference, rng, length, count):
    """Posteriors are right for any number of candidates, and for candidates of hundreds of words."""
    words, vocabulary, parameters = draw_model(rng, 5, 3)
    start = [str(word) for word in rng.choice(words, length)]
    start.append(str(rng.choice(UNKNOWN_WORDS)))
    candidates = [" ".join([*start, word]) for word in words[:count]]
    value = submission.call("likeliest_reading", candidates, vocabulary, parameters)
    best, posteriors = unpack(value, "best", "posteriors", of="likeliest_reading")
    expected = reference.call("likeliest_reading", candidates, vocabulary, parameters)
    close(posteriors, expected[1], "posteriors", "(number of candidates,)", rtol=1e-5)
    equal(best, expected[0], "best")
