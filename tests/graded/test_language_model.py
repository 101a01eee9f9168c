"""Graded tests of `language_model`. Indices of `<eos>` and `<unk>` are drawn wherever a vocabulary is an argument."""

import numpy as np
import pytest

from dlseq.data.homophones import HOMOPHONES, homophone_sentences
from dlseq.testing import check, close, equal, shaped, unchanged, unpack

WORDS = ["amber", "brook", "cedar", "delta", "ember", "fjord", "grove", "heron", "islet", "jetty", "knoll", "lark"]
WORDS += ["marsh", "nettle", "otter", "pine", "quail", "reed"]
STRANGE = ["zeppelin", "yodel", "xylophone"]  # never in a vocabulary that is drawn
MARKS = [",", ";", ":", "!", "?", "."]
SIZES = {"V": 7, "n_a": 4, "T": 5}
OTHERS = [{"V": 3, "n_a": 1, "T": 1}, {"V": 9, "n_a": 5, "T": 12}, {"V": 4, "n_a": 6, "T": 2}]
OTHER_IDS = ["one", "long", "wide"]

BIAS = "A bias is missing: it is added to the products."
ANY_SIZE = "What is right for one size has to be right for all: take sizes from the arguments."
CHAIN = "If the functions above are right, look at what you pass from one to the next."
COPIES = "x is not shifted: the network reads the very word that it has to predict. It may read only the ones before."


def draw_words(rng, count):
    """Different words."""
    return [str(word) for word in rng.permutation(WORDS)[:count]]


def draw_vocabulary(rng, words):
    """A vocabulary whose indices are shuffled, `<eos>` and `<unk>` among them."""
    order = rng.permutation(len(words) + 2)
    return {name: int(index) for name, index in zip(["<eos>", "<unk>", *words], order, strict=True)}


def draw_parameters(rng, V, n_a, scale=0.8, **_):
    """Parameters of the network."""
    shapes = {"Wax": (n_a, V), "Waa": (n_a, n_a), "Wya": (V, n_a), "ba": (n_a, 1), "by": (V, 1)}
    return {name: rng.normal(0, scale, shape) for name, shape in shapes.items()}


def draw_sentence(rng, V, T, **_):
    """Indices of a sentence."""
    return [int(index) for index in rng.integers(V, size=T)]


def draw_text(rng, words, length):
    """A text of capitals, small letters and punctuation."""
    drawn = [str(rng.choice(words)) for _ in range(length)]
    return " ".join([drawn[0].title() + ",", *drawn[1:]]) + str(rng.choice(["!", "?", "."]))


def without(parameters, *names):
    """The parameters with some of them zero: what a mistake that leaves them out would compute with."""
    return {name: np.zeros_like(value) if name in names else value for name, value in parameters.items()}


# --- tokenize


def draw_marked(rng):
    """A text with capitals, an apostrophe within a word, digits, and marks that touch words."""
    one, two, three, four = draw_words(rng, 4)
    first, second = (str(mark) for mark in rng.permutation(MARKS)[:2])
    return f"{one.title()}'s {two.upper()}{first}  {three} {rng.integers(2, 99)}{second} ({four})"


@pytest.mark.points(3, of="tokenize")
@pytest.mark.hint("Words are runs of letters and digits; an apostrophe between letters belongs to the word.")
def test_words(submission, reference, rng):
    """Words come back in lower case, and punctuation is dropped."""
    text = draw_marked(rng)
    expected = reference.call("tokenize", text)
    bare = text.translate({ord(mark): None for mark in ",;:!?.()"})
    known = [
        ("Capitals are still there: the text becomes lower case first.", bare.split()),
        ("Punctuation sticks to the words: splitting at white space is not enough.", text.lower().split()),
        ("Capitals are still there, and punctuation sticks to the words.", text.split()),
        ("Punctuation is dropped unless it was asked for.", reference.call("tokenize", text, True)),
        ("An apostrophe between letters belongs to its word.", reference.call("tokenize", text.replace("'", " "))),
        ("An apostrophe between letters belongs to its word.", reference.call("tokenize", text.replace("'", ""))),
    ]
    equal(submission.call("tokenize", text), expected, "words", known)


@pytest.mark.points(2, of="tokenize")
@pytest.mark.hint("Every mark is a word of its own, at the place where it stood.")
def test_words_and_punctuation(submission, reference, rng):
    """Where punctuation is kept, each mark is a word of its own."""
    text = draw_marked(rng)
    known = [
        ("Punctuation was asked for, and it is not there.", reference.call("tokenize", text)),
        ("Punctuation sticks to the words: splitting at white space is not enough.", text.lower().split()),
        ("Capitals are still there, and punctuation sticks to the words.", text.split()),
    ]
    value = submission.call("tokenize", text, keep_punctuation=True)
    equal(value, reference.call("tokenize", text, keep_punctuation=True), "words", known)


ODD = ["in a row", "quoted", "two apostrophes", "accents", "hyphen", "lines", "marks only", "empty"]


@pytest.mark.hidden
@pytest.mark.points(3, of="tokenize")
@pytest.mark.hint("Think of marks in a row, of quotes around a word, of letters with accents, of a text without words.")
@pytest.mark.parametrize("kind", ODD)
def test_words_of_odd_texts(submission, reference, rng, kind):
    """Odd texts are split by the same rules, with and without punctuation."""
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


def numbered(words):
    """The words numbered as a vocabulary would be that lists them in this order."""
    return {word: number for number, word in enumerate(["<eos>", "<unk>", *words])}


def draw_corpus(rng, counts):
    """Shuffled sentences in which each word stands as often as `counts` says."""
    row = [word for word, count in counts.items() for _ in range(count)]
    row = [str(word) for word in rng.permutation(row)]
    cut = int(rng.integers(2, len(row) - 2))
    return [row[:cut], row[cut:]]


@pytest.mark.points(3, of="build_vocabulary")
@pytest.mark.hint("Count all words of all sentences; the most frequent comes first, after <eos> and <unk>.")
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
        ("The words that come first are taken. It should be the most frequent ones.", numbered(seen[:4])),
        (
            "The alphabet decides everything. It should decide only between equally frequent words.",
            numbered(sorted(words)[:4]),
        ),
        ("The rarest words are taken. It should be the most frequent ones.", numbered(words[:4])),
        ("max_size does not count <eos> and <unk>.", smaller),
        ("There are more words than max_size allows.", larger),
        ("Every word has an index: max_size is never looked at.", reference.call("build_vocabulary", sentences, 99)),
        ("<eos> has index 0, and <unk> has index 1.", {**expected, "<eos>": 1, "<unk>": 0}),
        ("<eos> and <unk> come before the words.", after_the_words(expected)),
        (
            "The words are right, their order is not: the most frequent comes first.",
            numbered(sorted(list(expected)[2:])),
        ),
    ]
    equal(submission.call("build_vocabulary", sentences, 4), expected, "the vocabulary", known)


def after_the_words(vocabulary):
    """The same with <eos> and <unk> at the end."""
    return {word: (index - 2) % len(vocabulary) for word, index in vocabulary.items()}


@pytest.mark.points(3, of="build_vocabulary")
@pytest.mark.hint("Of words that are equally frequent, those come first that do so in the alphabet.")
def test_vocabulary_of_equally_frequent_words(submission, reference, rng):
    """Between equally frequent words the alphabet decides."""
    words = draw_words(rng, 6)
    while words[:3] == sorted(words[:-1])[:3]:
        words = draw_words(rng, 6)
    sentences = [[words[-1], *words], [words[-1], *words]]
    kept = [words[-1], *words[:-1]]
    backwards = [words[-1], *sorted(words[:-1], reverse=True)]
    first = "Of equally frequent words the ones that come first are taken. The alphabet should decide."
    known = [
        (first, numbered(kept[:4])),
        ("Of equally frequent words the last of the alphabet are taken.", numbered(backwards[:4])),
    ]
    value = submission.call("build_vocabulary", sentences, 4)
    equal(value, reference.call("build_vocabulary", sentences, 4), "the vocabulary", known)


@pytest.mark.hidden
@pytest.mark.points(3, of="build_vocabulary")
@pytest.mark.hint("There may be fewer words than max_size, or none; and the sentences stay as they were.")
@pytest.mark.parametrize("size", [0, 1, 5, 50], ids=["none", "one", "some", "all"])
def test_vocabulary_of_other_sizes(submission, reference, rng, size):
    """Any max_size is right, and the sentences stay as they were."""
    counts = {word: int(count) for word, count in zip(draw_words(rng, 9), rng.integers(1, 4, 9), strict=True)}
    sentences = [*draw_corpus(rng, counts), []]
    value, after = submission.call_with_inputs("build_vocabulary", sentences, size)
    equal(value, reference.call("build_vocabulary", sentences, size), "the vocabulary")
    unchanged(after[0], sentences, "sentences")


# --- encode


@pytest.mark.points(4, of="encode")
@pytest.mark.hint("One index for each word, and one more for <eos>.")
def test_indices(submission, reference, rng):
    """Known words become their index, unknown ones that of <unk>, and <eos> comes last."""
    known_words = draw_words(rng, 5)
    vocabulary = draw_vocabulary(rng, known_words)
    words = [known_words[0], STRANGE[0], *known_words[1:4], STRANGE[1]]
    expected = reference.call("encode", words, vocabulary)
    eos, unk = vocabulary["<eos>"], vocabulary["<unk>"]
    dropped = reference.call("encode", [word for word in words if word in vocabulary], vocabulary)
    known = [
        ("<eos> is missing: it comes after the last word.", expected[:-1]),
        ("Unknown words are dropped. Each of them should become <unk>.", dropped),
        ("Unknown words are dropped. Each of them should become <unk>.", dropped[:-1]),
        ("<eos> stands in front. It comes after the last word.", [eos, *expected[:-1]]),
        ("Unknown words became <eos>. Each of them should become <unk>.", [eos if i == unk else i for i in expected]),
    ]
    equal(submission.call("encode", words, vocabulary), expected, "indices", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="encode")
@pytest.mark.hint("Look <eos> and <unk> up in the vocabulary, and leave the words as they were.")
@pytest.mark.parametrize("length", [0, 1, 9], ids=["none", "one", "long"])
def test_indices_of_other_sentences(submission, reference, rng, length):
    """Sentences of any length are right, one without words too, and the arguments stay as they were."""
    words = draw_words(rng, 12)
    vocabulary = draw_vocabulary(rng, words[:6])
    value, after = submission.call_with_inputs("encode", words[:length], vocabulary)
    equal(value, reference.call("encode", words[:length], vocabulary), "indices")
    unchanged(after[0], words[:length], "words")
    unchanged(after[1], vocabulary, "word_to_ix")


# --- shift_right


@pytest.mark.points(5, of="shift_right")
@pytest.mark.hint("Column t of x has its 1 in the row of the word that stands before word t.")
def test_inputs(submission, reference, rng):
    """The first column is zero, each other one is the one-hot vector of the word before."""
    V, y = SIZES["V"], [int(index) for index in rng.permutation(SIZES["V"])[: SIZES["T"]]]
    expected = reference.call("shift_right", y, V)
    unshifted = reference.call("shift_right", [*y, 0], V)[:, 1:]
    wrapped = expected + unshifted[:, -1:] * np.eye(1, len(y))
    known = [
        (COPIES, unshifted),
        ("Columns and rows are exchanged: steps stand in columns.", expected.T),
        (
            "x is shifted to the wrong side: it shows the word after the one that is predicted.",
            np.pad(unshifted[:, 1:], ((0, 0), (0, 1))),
        ),
        ("The first column is the last word of the sentence. It should be zero.", wrapped),
        (
            "x has one column too many: nothing is left to predict after <eos>.",
            reference.call("shift_right", [*y, 0], V),
        ),
        ("x has one column too few: the first step reads a column of zeros.", expected[:, 1:]),
        (
            "The first column is the one-hot vector of index 0. It should be zero.",
            reference.call("shift_right", [0, *y], V)[:, 1:],
        ),
    ]
    close(submission.call("shift_right", y, V), expected, "x", "(V, T)", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="shift_right")
@pytest.mark.hint("A word may occur more than once in a sentence, and a sentence may be as short as <eos>.")
@pytest.mark.parametrize("sizes", OTHERS, ids=OTHER_IDS)
def test_inputs_of_other_sizes(submission, reference, rng, sizes):
    """Sentences of any length are right, and y stays as it was."""
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
            "All columns share one sum. Each should have its own: look at the axis.",
            reference.call("log_softmax", z.reshape(-1, 1)).reshape(z.shape),
        ),
        ("These are probabilities. Their logarithms are asked for.", np.exp(expected)),
        ("This is the logarithm to another base. np.log is the natural one.", expected / np.log(2)),
        ("This is the logarithm to another base. np.log is the natural one.", expected / np.log(10)),
        ("The sign is wrong: the logarithm of a probability is 0 or less.", -expected),
    ]
    close(submission.call("log_softmax", z), expected, "the logarithms", "(V, T)", known)


@pytest.mark.points(1, of="log_softmax")
@pytest.mark.hint("Section 5 tells what to do about large scores.")
def test_logarithms_of_large_scores(submission, reference, rng):
    """Scores in the thousands give finite numbers."""
    z = rng.uniform(-1, 1, (SIZES["V"], SIZES["T"])) * 5000
    expected = reference.call("log_softmax", z)
    value = submission.call("log_softmax", z)
    value = shaped(value, expected.shape, "the logarithms", "(V, T)")
    finite = np.isfinite(value)
    overflow = "The exponential of a large score overflows: subtract the largest of the column first."
    check(finite.any(axis=0).all() and not np.isnan(value).any(), "large scores give no finite numbers", overflow)
    lost = "A probability became 0 before its logarithm was taken. Take the logarithm of the sum only."
    check(finite.all(), "large scores give minus infinity", lost)
    close(value, expected, "the logarithms", "(V, T)")


@pytest.mark.hidden
@pytest.mark.points(2, of="log_softmax")
@pytest.mark.hint("Each column has its own largest score, and z stays as it was.")
@pytest.mark.parametrize("sizes", OTHERS, ids=OTHER_IDS)
def test_logarithms_of_other_sizes(submission, reference, rng, sizes):
    """Any shape is right, columns may lie far from each other, and z stays as it was."""
    z = rng.normal(size=(sizes["V"], sizes["T"])) + 3000 * np.arange(-1, sizes["T"] - 1)
    value, after = submission.call_with_inputs("log_softmax", z)
    close(value, reference.call("log_softmax", z), "the logarithms", "(V, T)")
    unchanged(after[0], z, "z")


# --- lm_step


@pytest.mark.points(3, of="lm_step")
@pytest.mark.hint("Compare your line with the first formula of section 6, term by term.")
def test_step_state(submission, reference, rng):
    """The new state is the tanh of what the word, the old state and the bias add up to."""
    parameters = draw_parameters(rng, **SIZES)
    xt, a_prev = np.eye(SIZES["V"])[:, [2]], rng.uniform(-0.8, 0.8, (SIZES["n_a"], 1))
    a_next = unpack(submission.call("lm_step", xt, a_prev, parameters), "a_next", "log_yt", of="lm_step")[0]

    def state(*zero):
        return reference.call("lm_step", xt, a_prev, without(parameters, *zero))[0]

    known = [
        ("The sum is right, but it never went through the tanh.", np.arctanh(state())),
        (BIAS, state("ba")),
        ("The old state has no influence: a product with it is missing.", state("Waa")),
        ("The word has no influence: a product with it is missing.", state("Wax")),
    ]
    close(a_next, state(), "a_next", "(n_a, 1)", known)


@pytest.mark.points(2, of="lm_step")
@pytest.mark.hint("Compare your line with the second formula of section 6.")
def test_step_prediction(submission, reference, rng):
    """The prediction is the log-softmax of what the new state says."""
    parameters = draw_parameters(rng, **SIZES)
    xt, a_prev = np.eye(SIZES["V"])[:, [1]], rng.uniform(-0.8, 0.8, (SIZES["n_a"], 1))
    log_yt = unpack(submission.call("lm_step", xt, a_prev, parameters), "a_next", "log_yt", of="lm_step")[1]
    expected = reference.call("lm_step", xt, a_prev, parameters)[1]
    keeps_state = {**without(parameters, "Wax", "ba"), "Waa": np.eye(SIZES["n_a"])}
    old = reference.call("lm_step", xt, np.arctanh(a_prev), keeps_state)[1]
    known = [
        (BIAS, reference.call("lm_step", xt, a_prev, without(parameters, "by"))[1]),
        ("The prediction is made from the new state, the one that this step has just computed.", old),
        ("These are probabilities. Their logarithms are asked for.", np.exp(expected)),
    ]
    close(log_yt, expected, "log_yt", "(V, 1)", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="lm_step")
@pytest.mark.hint(ANY_SIZE)
@pytest.mark.parametrize("sizes", OTHERS, ids=OTHER_IDS)
def test_step_of_other_sizes(submission, reference, rng, sizes):
    """A step is right whatever the sizes are, with zeros for the word too, and the arguments stay as they were."""
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


def draw_row(rng, sizes):
    """Inputs of a sentence, one-hot but for the first, and parameters."""
    x = np.eye(sizes["V"])[:, draw_sentence(rng, **sizes)]
    x[:, 0] = 0
    return x, draw_parameters(rng, **sizes)


@pytest.mark.points(3, of="lm_forward")
@pytest.mark.hint("If lm_step is right, look at what goes into it at each step, and where its answer is put.")
def test_states(submission, reference, rng):
    """The state begins as zeros and is handed from step to step."""
    x, parameters = draw_row(rng, SIZES)
    a = unpack(submission.call("lm_forward", x, parameters), "a", "log_y", of="lm_forward")[0]
    expected = reference.call("lm_forward", x, parameters)[0]
    before = np.pad(expected[:, :-1], ((0, 0), (1, 0)))
    known = [
        (
            "Every step begins with zeros. Only the first should.",
            reference.call("lm_forward", x, without(parameters, "Waa"))[0],
        ),
        ("a holds the state before each step. It should hold the one after it.", before),
        ("Every step reads the first column of x.", reference.call("lm_forward", np.zeros_like(x), parameters)[0]),
        ("Steps stand in columns: exchange the axes of a.", expected.T),
    ]
    close(a, expected, "a", "(n_a, T)", known)


@pytest.mark.points(3, of="lm_forward")
@pytest.mark.hint("Column t of log_y is what the network predicts at step t, when it has read column t of x.")
def test_predictions(submission, reference, rng):
    """The predictions of all steps are kept."""
    x, parameters = draw_row(rng, SIZES)
    log_y = unpack(submission.call("lm_forward", x, parameters), "a", "log_y", of="lm_forward")[1]
    expected = reference.call("lm_forward", x, parameters)[1]
    known = [
        ("Steps stand in columns: exchange the axes of log_y.", expected.T),
        ("These are probabilities. Their logarithms are asked for.", np.exp(expected)),
    ]
    close(log_y, expected, "log_y", "(V, T)", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="lm_forward")
@pytest.mark.hint(ANY_SIZE)
@pytest.mark.parametrize("sizes", OTHERS, ids=OTHER_IDS)
def test_forward_of_other_sizes(submission, reference, rng, sizes):
    """Sentences of any length give the right states and predictions, and the arguments stay as they were."""
    x, parameters = draw_row(rng, sizes)
    value, after = submission.call_with_inputs("lm_forward", x, parameters)
    a, log_y = unpack(value, "a", "log_y", of="lm_forward")
    expected = reference.call("lm_forward", x, parameters)
    close(a, expected[0], "a", "(n_a, T)")
    close(log_y, expected[1], "log_y", "(V, T)")
    unchanged(after[0], x, "x")
    unchanged(after[1], parameters, "parameters")


# --- sequence_loss


@pytest.mark.points(5, of="sequence_loss")
@pytest.mark.hint("Of each column one value counts, that of the word that was there; the loss adds them up.")
def test_loss(submission, reference, rng):
    """The loss is the sum over the steps of minus the logarithm of what the right word got."""
    V, T = SIZES["V"], SIZES["T"]
    log_y = np.log(rng.dirichlet(np.ones(V), T).T)
    y = draw_sentence(rng, V, T)
    expected = reference.call("sequence_loss", log_y, y)
    mean = "This is the mean over the steps. The loss is their sum."
    known = [
        (mean, expected / T),
        (mean, -expected / T),
        ("The sign is wrong: a loss is 0 or more.", -expected),
        (
            "This is the logarithm to another base; the logarithms in log_y are natural ones already.",
            expected / np.log(2),
        ),
        (
            "This is the logarithm to another base; the logarithms in log_y are natural ones already.",
            expected / np.log(10),
        ),
        ("All words count, whether they were there or not. Only one in each column should.", -log_y.sum()),
        ("The most probable word counts. It should be the one that was really there.", -log_y.max(axis=0).sum()),
        (
            "The last step is missing: <eos> has to be predicted as well.",
            reference.call("sequence_loss", log_y[:, :-1], y[:-1]),
        ),
        (
            "The first step is missing: the first word has to be predicted as well.",
            reference.call("sequence_loss", log_y[:, 1:], y[1:]),
        ),
    ]
    close(submission.call("sequence_loss", log_y, y), expected, "the loss", known=known)


@pytest.mark.hidden
@pytest.mark.points(2, of="sequence_loss")
@pytest.mark.hint("Stay with logarithms: a product of probabilities becomes 0.")
@pytest.mark.parametrize("length", [1, 3, 900], ids=["one", "short", "long"])
def test_loss_of_other_sentences(submission, reference, rng, length):
    """Sentences of any length are right, long and improbable ones too, and the arguments stay as they were."""
    log_y = rng.uniform(-900, -1, (4, length))
    y = draw_sentence(rng, 4, length)
    value, after = submission.call_with_inputs("sequence_loss", log_y, y)
    close(value, reference.call("sequence_loss", log_y, y), "the loss")
    unchanged(after[0], log_y, "log_y")
    unchanged(after[1], y, "y")


# --- log_probability


def draw_judge(rng, words=6, n_a=4):
    """Words, a vocabulary of them, and parameters."""
    words = draw_words(rng, words)
    return words, draw_vocabulary(rng, words), draw_parameters(rng, len(words) + 2, n_a)


@pytest.mark.points(5, of="log_probability")
@pytest.mark.hint(CHAIN)
def test_sentence(submission, reference, rng):
    """The logarithm of the probability of a sentence is the sum over all its words and <eos>."""
    words, vocabulary, parameters = draw_judge(rng)
    text = f"{words[0].title()}, {words[1]} {STRANGE[0]} {words[2]} {words[3]}!"
    expected = reference.call("log_probability", text, vocabulary, parameters)
    y = reference.call("encode", reference.call("tokenize", text), vocabulary)
    x = reference.call("shift_right", [*y, 0], len(vocabulary))

    def judged(x, y):
        return -reference.call("sequence_loss", reference.call("lm_forward", x, parameters)[1], y)

    known = [
        (
            "<eos> does not count. That the sentence ends here is a part of what was said.",
            judged(x[:, : len(y) - 1], y[:-1]),
        ),
        ("This is the loss. The logarithm of a probability is 0 or less.", -expected),
        (
            "This is the mean over the words. The chain rule multiplies, so the logarithms are added up.",
            expected / len(y),
        ),
        ("This is the probability. Its logarithm is asked for.", np.exp(expected)),
        (
            "Unknown words are dropped. Each of them counts as <unk>.",
            reference.call("log_probability", text.replace(STRANGE[0], ""), vocabulary, parameters),
        ),
        (COPIES, judged(x[:, 1:], y)),
        (
            "Punctuation is dropped here: with it, the marks count as unknown words.",
            reference.call(
                "log_probability",
                f"{words[0]} {STRANGE[1]} {words[1]} {STRANGE[0]} {words[2]} {words[3]} {STRANGE[1]}",
                vocabulary,
                parameters,
            ),
        ),
        ("This is the logarithm to another base. np.log is the natural one.", expected / np.log(2)),
    ]
    close(submission.call("log_probability", text, vocabulary, parameters), expected, "the logarithm", known=known)


@pytest.mark.hidden
@pytest.mark.points(3, of="log_probability")
@pytest.mark.hint("The product of many probabilities becomes 0: stay with logarithms to the end.")
@pytest.mark.parametrize("length", [0, 1, 1000], ids=["empty", "one", "long"])
def test_other_sentences(submission, reference, rng, length):
    """Sentences of any length are right, also one of a thousand words, and the arguments stay as they were."""
    words, vocabulary, parameters = draw_judge(rng, 4, 3)
    ask = (" ".join(str(word) for word in rng.choice([*words, *STRANGE], length)), vocabulary, parameters)
    value, after = submission.call_with_inputs("log_probability", *ask)
    close(value, reference.call("log_probability", *ask), "the logarithm")
    unchanged(after[1], vocabulary, "word_to_ix")
    unchanged(after[2], parameters, "parameters")


# --- perplexity


@pytest.mark.points(5, of="perplexity")
@pytest.mark.hint("The sum of all logarithms, by the number of all predicted words; then the exponential.")
def test_perplexity(submission, reference, rng):
    """Perplexity is per word, over all sentences together, and counts each <eos>."""
    words, vocabulary, parameters = draw_judge(rng)
    texts = [draw_text(rng, words, length) for length in (2, 8, 4)]
    texts[1] = f"{STRANGE[0]} {texts[1]}"
    expected = reference.call("perplexity", texts, vocabulary, parameters)
    total = sum(reference.call("log_probability", text, vocabulary, parameters) for text in texts)
    each = [reference.call("perplexity", [text], vocabulary, parameters) for text in texts]
    sentence = "This is per sentence. Perplexity is per word: divide by the number of predicted words."
    known = [
        (sentence, np.exp(-total / 3)),
        ("N is the number of words without <eos>. Each <eos> was predicted as well.", np.exp(-total / 15)),
        ("This is the mean of the perplexities of the sentences. A long sentence has to weigh more.", np.mean(each)),
        ("This is the mean over the sentences, so a word in a short one weighs more.", np.exp(np.mean(np.log(each)))),
        ("The exponential has to fit the logarithm: e for natural ones.", 2 ** np.log(expected)),
        ("This is the mean loss of a word. Its exponential is asked for.", np.log(expected)),
        ("The sign is wrong: a perplexity is 1 or more.", 1 / expected),
        ("The losses are added up, but never divided by the number of words.", np.exp(-total)),
    ]
    close(submission.call("perplexity", texts, vocabulary, parameters), expected, "the perplexity", known=known)


@pytest.mark.hidden
@pytest.mark.points(2, of="perplexity")
@pytest.mark.hint("A model that knows nothing hesitates among V words, whatever the sentences are.")
@pytest.mark.parametrize("count", [1, 7], ids=["one", "many"])
def test_perplexity_of_other_sentences(submission, reference, rng, count):
    """Any number of sentences is right, and a model whose parameters are all zero hesitates among V words."""
    words, vocabulary, parameters = draw_judge(rng, 3 + count)
    texts = [draw_text(rng, words, int(length)) for length in rng.integers(1, 30, count)]
    value = submission.call("perplexity", texts, vocabulary, parameters)
    close(value, reference.call("perplexity", texts, vocabulary, parameters), "the perplexity")
    nothing = without(parameters, *parameters)
    close(
        submission.call("perplexity", texts, vocabulary, nothing), len(vocabulary), "the perplexity of knowing nothing"
    )


# --- draw_word

NO_DRAW = "The most probable word comes each time. It has to be the one whose piece of the line was hit by u."


@pytest.mark.points(4, of="draw_word")
@pytest.mark.hint("The first index at which the running sum of the probabilities is greater than u.")
def test_draw(submission, reference, rng):
    """The word is the one whose piece of the line from 0 to 1 the dart hits."""
    p = np.sort(rng.dirichlet(np.ones(6)))[[1, 0, 5, 3, 2, 4]]  # the largest neither first nor last
    log_yt = np.log(p)[:, None]
    darts = [0.0, *(float(u) for u in rng.random(30))]
    expected = [reference.call("draw_word", log_yt, u) for u in darts]
    upside_down = [5 - reference.call("draw_word", log_yt[::-1].copy(), u) for u in darts]
    sorted_first = np.argsort(-log_yt[:, 0])
    largest_first = [int(sorted_first[reference.call("draw_word", log_yt[sorted_first], u)]) for u in darts]
    known = [
        (NO_DRAW, [int(log_yt.argmax())] * len(darts)),
        ("This is the index before the piece that was hit.", [index - 1 for index in expected]),
        ("This is the index after the piece that was hit.", [min(index + 1, 5) for index in expected]),
        ("The pieces lie in the order of their indices, from 0 on.", upside_down),
        ("The pieces lie in the order of their indices, not of their sizes.", largest_first),
        ("These are logarithms: probabilities are their exponentials.", [0] * len(darts)),
        ("These are logarithms: probabilities are their exponentials.", [5] * len(darts)),
    ]
    equal([submission.call("draw_word", log_yt, u) for u in darts], expected, "the words", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="draw_word")
@pytest.mark.hint("Think of a word of probability 0, and of a running sum that ends a hair below 1.")
@pytest.mark.parametrize("edge", ["impossible first", "impossible between", "last", "single"])
def test_draw_at_the_edges(submission, reference, rng, edge):
    """A word of probability 0 is never drawn, and a dart beyond the last sum means the last word."""
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


def draw_speaker(rng, count=10, n_a=5, rows=6, length=12):
    """A vocabulary, parameters that end a sentence now and then, and rows of darts."""
    words = draw_words(rng, count)
    vocabulary, parameters = draw_vocabulary(rng, words), draw_parameters(rng, count + 2, n_a, scale=1.0)
    parameters["by"] = 0.3 * parameters["by"]
    parameters["by"][vocabulary["<eos>"]] += 0.5
    return vocabulary, parameters, [[float(u) for u in rng.random(length)] for _ in range(rows)]


def all_of(who, darts, vocabulary, parameters):
    """A sentence for each row of darts."""
    return [who.call("sample_sentence", row, vocabulary, parameters) for row in darts]


def speaking_mistakes(reference, darts, vocabulary, parameters):
    """What known mistakes would say in place of a sentence."""
    sharp = {**parameters, "Wya": 1e6 * parameters["Wya"], "by": 1e6 * parameters["by"]}
    mute = "The word that was drawn is not read at the next step. Its one-hot vector should be."
    return [
        (NO_DRAW, all_of(reference, darts, vocabulary, sharp)),
        (mute, all_of(reference, darts, vocabulary, without(parameters, "Wax"))),
        ("The state is lost between the steps.", all_of(reference, darts, vocabulary, without(parameters, "Waa"))),
    ]


@pytest.mark.points(3, of="sample_sentence")
@pytest.mark.hint("If lm_step and draw_word are right, look at what goes into lm_step at each step.")
def test_sentence_that_ends(submission, reference, rng):
    """Words are drawn until <eos>, and each is read at the next step."""
    vocabulary, parameters, darts = draw_speaker(rng)
    expected = all_of(reference, darts, vocabulary, parameters)
    while not 40 < sum(map(len, expected)) < 70:  # of 72 words: long sentences, and some that end early
        vocabulary, parameters, darts = draw_speaker(rng)
        expected = all_of(reference, darts, vocabulary, parameters)
    endless = {word: index for word, index in vocabulary.items() if word != "<eos>"}
    eos = vocabulary["<eos>"]
    known = [
        ("The sentence goes on after <eos>. It should stop there.", all_of(reference, darts, endless, parameters)),
        (
            "<eos> is missing: where the sentence ended, it is the last index.",
            [[i for i in row if i != eos] for row in expected],
        ),
        *speaking_mistakes(reference, darts, vocabulary, parameters),
    ]
    equal(all_of(submission, darts, vocabulary, parameters), expected, "the sentences", known)


@pytest.mark.points(2, of="sample_sentence")
@pytest.mark.hint("Where there is no <eos> in the vocabulary, there are as many words as there are darts.")
def test_sentence_without_end(submission, reference, rng):
    """Without an <eos> in the vocabulary, every dart is thrown."""
    vocabulary, parameters, darts = draw_speaker(rng)
    del vocabulary["<eos>"]
    value = all_of(submission, darts, vocabulary, parameters)
    expected = all_of(reference, darts, vocabulary, parameters)
    known = speaking_mistakes(reference, darts, vocabulary, parameters)
    equal(value, expected, "the sentences", known)


@pytest.mark.hidden
@pytest.mark.points(3, of="sample_sentence")
@pytest.mark.hint("Take all sizes from the arguments; no darts, no words; and leave the arguments as they were.")
@pytest.mark.parametrize("length", [0, 1, 60], ids=["none", "one", "long"])
def test_other_sentences_said(submission, reference, rng, length):
    """Any number of darts is right, and the arguments stay as they were."""
    vocabulary, parameters, darts = draw_speaker(rng, 6, 3, 2, length)
    for row in darts:
        value, after = submission.call_with_inputs("sample_sentence", row, vocabulary, parameters)
        equal(value, reference.call("sample_sentence", row, vocabulary, parameters), "the sentence")
        for changed, before, name in zip(
            after, (row, vocabulary, parameters), ("uniforms", "word_to_ix", "parameters"), strict=True
        ):
            unchanged(changed, before, name)


# --- train


def draw_lesson(rng, V=6, n_a=3):
    """A few sentences, parameters to begin with, and a learning rate."""
    sequences = [draw_sentence(rng, V, int(length)) for length in rng.permutation([2, 4, 5])]
    return sequences, draw_parameters(rng, V, n_a, 0.5), float(rng.uniform(0.05, 0.2))


def taught(value, expected, known):
    """Parameters by name, with known mistakes as dicts of parameters."""
    check(type(value) is dict, "parameters is not a dict")
    for name, wanted in expected.items():
        close(value.get(name), wanted, name, known=[(hint, wrong[name]) for hint, wrong in known], rtol=1e-5)


@pytest.mark.points(3, of="train")
@pytest.mark.hint("Section 13 tells what happens for each sentence, and in which order.")
def test_training(submission, reference, rng):
    """After each sentence every parameter moves a step against its gradient; the losses of each epoch are added up."""
    sequences, parameters, rate = draw_lesson(rng)
    ask = ("train", sequences, parameters)
    value = submission.call(*ask, rate, 3)
    new, losses = unpack(value, "parameters", "losses", of="train")
    expected, expected_losses = reference.call(*ask, rate, 3)
    still = reference.call(*ask, 0.0, 1)[0]
    known = [
        ("The parameters move with the gradient. They should move against it.", reference.call(*ask, -rate, 3)[0]),
        ("Only one epoch was read.", reference.call(*ask, rate, 1)[0]),
        ("The parameters have not moved at all.", still),
        (
            "Each epoch begins with the parameters that were given. It should go on with those of the epoch before.",
            reference.call(*ask, rate, 1)[0],
        ),
        (
            "The sentences are read from the last to the first.",
            reference.call("train", sequences[::-1], parameters, rate, 3)[0],
        ),
    ]
    taught(new, expected, known)
    before = "The loss is that of the prediction that the step was made from, before the step."
    steady = reference.call(*ask, 0.0, 3)[1]
    words = sum(len(y) for y in sequences)
    known_losses = [
        (
            "losses has one number for each epoch: the sum over its sentences, not their mean.",
            np.array(expected_losses) / 3,
        ),
        (
            "losses has one number for each epoch: the sum over its sentences, not the mean of their words.",
            np.array(expected_losses) / words,
        ),
        ("The losses of all epochs are added up. Each epoch begins anew.", np.cumsum(expected_losses)),
        (before, np.array(steady)),
    ]
    check(type(losses) is list and len(losses) == 3, "losses is not a list of one number for each epoch")
    check(all(type(loss) in (int, float) for loss in losses), "losses holds something that is no number")
    close(np.array(losses), np.array(expected_losses), "losses", "(epochs,)", known_losses, rtol=1e-5)


@pytest.mark.hidden
@pytest.mark.points(2, of="train")
@pytest.mark.hint("Make new arrays: `W -= …` changes the arrays that the caller still holds.")
@pytest.mark.parametrize("epochs", [0, 1, 2], ids=["none", "one", "two"])
def test_training_leaves_its_arguments(submission, reference, rng, epochs):
    """Any number of epochs is right, and the arguments stay as they were."""
    ask = (*draw_lesson(rng, 5 + epochs, 4), epochs)
    value, after = submission.call_with_inputs("train", *ask)
    new, losses = unpack(value, "parameters", "losses", of="train")
    unchanged(after[0], ask[0], "sequences")
    unchanged(after[1], ask[1], "parameters")
    expected, expected_losses = reference.call("train", *ask)
    taught(new, expected, [])
    close(np.array(losses, dtype=float), np.array(expected_losses, dtype=float), "losses", "(epochs,)", rtol=1e-5)


LEARNT = 20  # width of the state in that lesson


def draw_homophone_lesson(rng, reference):
    """A vocabulary, and what `train` takes to learn it: sentences, parameters, learning rate, epochs."""
    tokens = [sentence.split() for sentence in homophone_sentences(300, rng)]
    vocabulary = reference.call("build_vocabulary", tokens, 60)
    sequences = [[vocabulary[word] for word in [*words, "<eos>"]] for words in tokens]
    return vocabulary, (sequences, draw_parameters(rng, len(vocabulary), LEARNT, 0.1), 0.05, 5)


def judged(sentence, vocabulary, parameters):
    """The logarithm of the probability of a sentence of known words, whatever else the submission can or cannot do."""
    check(type(parameters) is dict, "parameters is not a dict")
    V, n_a = len(vocabulary), LEARNT
    shapes = {"Wax": (n_a, V), "Waa": (n_a, n_a), "Wya": (V, n_a), "ba": (n_a, 1), "by": (V, 1)}
    Wax, Waa, Wya, ba, by = (shaped(parameters.get(name), shape, name) for name, shape in shapes.items())
    a, read, total = np.zeros((n_a, 1)), np.zeros((V, 1)), 0.0
    for word in [*sentence.split(), "<eos>"]:
        a = np.tanh(Wax @ read + Waa @ a + ba)
        scores = Wya @ a + by
        total += scores[vocabulary[word], 0] - scores.max() - np.log(np.exp(scores - scores.max()).sum())
        read = np.eye(V)[:, [vocabulary[word]]]
    return total


@pytest.mark.hidden
@pytest.mark.points(2, of="train")
@pytest.mark.hint("The training runs, but what it teaches does not tell homophones apart.")
def test_training_tells_homophones_apart(submission, reference, rng):
    """A model that your training has taught finds the right spelling far likelier than the wrong one."""
    vocabulary, lesson = draw_homophone_lesson(rng, reference)
    parameters = unpack(submission.call("train", *lesson), "parameters", "losses", of="train")[0]
    margins = []
    for wrong, right in HOMOPHONES:
        low, high = (judged(one, vocabulary, parameters) for one in (wrong, right))
        check(high - low > np.log(2), f"{right!r} is not much likelier than {wrong!r}")
        margins.append(high - low)
    check(sum(margins) > 10, "the right spellings together are not far likelier than the wrong ones")


# --- likeliest_reading


@pytest.mark.points(4, of="likeliest_reading")
@pytest.mark.hint(CHAIN)
def test_homophones(submission, reference, rng):
    """A model that has learnt the toy grammar hears "pear" in "the apple and pear salad", not "pair"."""
    vocabulary, lesson = draw_homophone_lesson(rng, reference)
    parameters = reference.call("train", *lesson)[0]
    for wrong, right in HOMOPHONES:
        candidates = [wrong, right] if rng.random() < 0.5 else [right, wrong]
        value = submission.call("likeliest_reading", candidates, vocabulary, parameters)
        best, shares = unpack(value, "best", "shares", of="likeliest_reading")
        least = "This is the least likely candidate: a logarithm close to 0 is the larger one."
        equal(best, right, "best", [(least, wrong), ("best is the text, not its index.", candidates.index(right))])
        expected = reference.call("likeliest_reading", candidates, vocabulary, parameters)[1]
        logs = [reference.call("log_probability", one, vocabulary, parameters) for one in candidates]
        known = [
            ("These are the logarithms. The shares are probabilities.", np.array(logs)),
            ("The shares have to sum to one: divide by the sum over all candidates.", np.exp(logs)),
            (
                "These are logarithms divided by their sum. It is the probabilities that are divided.",
                logs / np.sum(logs),
            ),
            ("The shares have to sum to one over the candidates: look at the axis.", np.ones(2)),
        ]
        close(shares, expected, "shares", "(number of candidates,)", known)
        check(shares[candidates.index(right)] > 2 / 3, "the right spelling is not much likelier")


@pytest.mark.hidden
@pytest.mark.points(2, of="likeliest_reading")
@pytest.mark.hint("The probability of a long sentence is 0 for a computer: divide as section 5 does.")
@pytest.mark.parametrize("length, count", [(3, 5), (1, 1), (600, 3)], ids=["many", "one", "long"])
def test_other_readings(submission, reference, rng, length, count):
    """Any number of candidates is right, and so are candidates of hundreds of words."""
    words, vocabulary, parameters = draw_judge(rng, 5, 3)
    start = [str(word) for word in rng.choice(words, length)]
    candidates = [" ".join([*start, word]) for word in words[:count]]
    value = submission.call("likeliest_reading", candidates, vocabulary, parameters)
    best, shares = unpack(value, "best", "shares", of="likeliest_reading")
    expected = reference.call("likeliest_reading", candidates, vocabulary, parameters)
    close(shares, expected[1], "shares", "(number of candidates,)", rtol=1e-5)
    equal(best, expected[0], "best")
