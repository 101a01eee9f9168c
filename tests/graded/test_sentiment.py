"""Graded tests of `sentiment`: small made-up vocabularies, and NumPy computes what comes out, right and wrong."""

import numpy as np
import pytest

from dlseq.testing import check, close, equal, shaped, unchanged, unpack

MAX_DRAWS = 100
SYLLABLES = ("ba", "do", "fi", "ku", "le", "mo", "ni", "pa", "ru", "so")


def draw_words(rng, n):
    """Draw n different made-up words in small letters."""
    words = [first + second for first in SYLLABLES for second in SYLLABLES]
    return [words[place] for place in rng.permutation(len(words))[:n]]


def draw_vectors(rng, words, n_e):
    """Draw a vector for each word, far from zero."""
    return {word: rng.normal(0.5, 1, n_e) for word in words}


def with_capitals(rng, words):
    """Return words as a text, some of them with a capital."""
    capital = rng.permutation(len(words)) % 2 == 0
    return " ".join(word.capitalize() if up else word for word, up in zip(words, capital, strict=True))


def softmax(values, axis=-1):
    """Return the softmax over an axis."""
    powers = np.exp(values - values.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


# --- sentence_to_avg

CAPITALS = "Words with capitals are left out. The dict has words in small letters: sentence.lower()."
UNKNOWN = "Unknown words count as zeros. They are left out, of the sum and of the number of words."
NONE_KNOWN = "A sentence without a known word is a vector of zeros. A mean of nothing is no number."


def check_average(submission, sentence, vectors):
    """Compare the mean of a sentence."""
    words = sentence.lower().split()
    rows = np.array([vectors[word] for word in words if word in vectors])
    small = np.array([vectors[word] for word in sentence.split() if word in vectors])
    width = len(next(iter(vectors.values())))
    expected = rows.mean(axis=0) if len(rows) else np.zeros(width)
    different = [vectors[word] for word in dict.fromkeys(words) if word in vectors]
    known = [("Letters are looked up. Split the sentence into words: split().", np.zeros(width))]
    if len(rows):
        known += [
            (UNKNOWN, rows.sum(axis=0) / len(words)),
            ("This is the sum. Divide by the number of known words.", rows.sum(axis=0)),
            (CAPITALS, small.mean(axis=0) if len(small) else np.zeros(width)),
            ("A word that comes twice counts twice.", np.mean(different, axis=0)),
            ("The mean is divided by the number of words once more.", rows.mean(axis=0) / len(rows)),
            ("This is the vector of one word. Take the mean of all.", rows[-1]),
            ("This is the vector of one word. Take the mean of all.", rows[0]),
            ("This is the largest number of each direction. Take the mean.", rows.max(axis=0)),
            ("This is one number: take the mean over the words alone, axis=0.", rows.mean()),
        ]
    hint = NONE_KNOWN if not len(rows) else None
    close(submission.call("sentence_to_avg", sentence, vectors), expected, "avg", "(n_e,)", known, hint)


@pytest.mark.points(8, of="sentence_to_avg")
@pytest.mark.hint("Small letters, split, the vectors of the known words, their mean over the words.")
@pytest.mark.parametrize("case", ["words", "capitals", "a word twice"])
def test_average(submission, rng, case):
    """The mean is that of all words, each as often as it comes, in small letters or capitals."""
    words = draw_words(rng, 6)
    vectors = draw_vectors(rng, words, 4)
    chosen = [*words[:4], words[1]] if case == "a word twice" else words[:5]
    check_average(submission, with_capitals(rng, chosen) if case == "capitals" else " ".join(chosen), vectors)


@pytest.mark.hidden
@pytest.mark.points(6, of="sentence_to_avg")
@pytest.mark.hint("Words without a vector are left out; there may be no other.")
@pytest.mark.parametrize("case", ["unknown words", "no known word", "one word"])
def test_special_averages(submission, rng, case):
    """Unknown words have no influence, and a sentence of them alone is a vector of zeros."""
    words = draw_words(rng, 8)
    vectors = draw_vectors(rng, words[:5], 3)
    chosen = {"unknown words": words[3:], "no known word": words[6:], "one word": words[2:3]}[case]
    check_average(submission, " ".join(chosen), vectors)


# --- softmax_forward


def check_forward(submission, rng, m, n_e, n_y, scale):
    """Compare probabilities."""
    X, W, b = rng.normal(size=(m, n_e)), rng.normal(0, scale, (n_y, n_e)), rng.normal(0, scale, n_y)
    scores = X @ W.T + b
    with np.errstate(all="ignore"):
        sigmoid = 1 / (1 + np.exp(-scores))
    known = [
        ("The softmax ran over the sentences. It runs over the classes, axis=1.", softmax(scores, axis=0)),
        (
            "The whole array sums to one. Each row has to: axis=1, keepdims=True.",
            softmax(scores.ravel()).reshape(scores.shape),
        ),
        ("b has no influence.", softmax(scores - b)),
        ("These are the numbers before the softmax.", scores),
        ("This is a sigmoid of each number. The softmax divides by the sum of a row.", sigmoid),
        ("The softmax has the wrong sign.", softmax(-scores)),
        ("These are logarithms of probabilities.", np.log(softmax(scores))),
        ("The rows are classes. They are sentences: X @ W.T.", softmax(scores).T),
    ]
    hint = "Subtract the maximum of each row before the exponential, which overflows." if scale > 10 else None
    close(submission.call("softmax_forward", X, W, b), softmax(scores), "A", "(m, n_y)", known, hint)


@pytest.mark.points(6, of="softmax_forward")
@pytest.mark.hint("Z = X W^T + b; exponentials, divided by the sum of their row.")
def test_forward(submission, rng):
    """Each row has the probabilities of the classes of a sentence."""
    check_forward(submission, rng, 4, 3, 5, scale=1)


@pytest.mark.hidden
@pytest.mark.points(4, of="softmax_forward")
@pytest.mark.hint("Any sizes, and numbers in the thousands.")
@pytest.mark.parametrize("sizes", [(1, 4, 2, 1), (3, 2, 6, 1), (5, 4, 3, 2000)], ids=["one", "wide", "large numbers"])
def test_other_forwards(submission, rng, sizes):
    """The probabilities are right for one sentence, other sizes, and numbers in the thousands."""
    check_forward(submission, rng, *sizes[:3], scale=sizes[3])


# --- gradient_step

SUMMED = "The {} is a sum over the sentences. It is a mean: divide by m."
OLD_LOSS = "The loss is that of the new weights. Return the one of the weights that were passed in."


def loss_of(X, Y, W, b):
    """Return the probabilities and the mean cross-entropy."""
    A = softmax(X @ W.T + b)
    return A, -np.log(A[np.arange(len(Y)), Y]).mean()


OTHER_BASE = "The logarithm has another base. Take the natural one, np.log."
MEAN_OF_ALL = "The gradient is divided by the number of all probabilities. Divide by m."


def check_step(submission, rng, m, n_e, n_y, learning_rate, scale=1):
    """Compare loss and weights after one step."""
    X, Y = rng.normal(size=(m, n_e)), rng.integers(0, n_y, m)
    X = X * np.linspace(1, scale, m)[:, None]  # some rows with large numbers
    W, b = rng.normal(size=(n_y, n_e)), rng.normal(size=n_y)
    if scale > 1:
        Y = (X @ W.T + b).argmax(axis=1)  # no probability of a right class is 0
    A, loss = loss_of(X, Y, W, b)
    T = np.eye(n_y)[Y]
    dZ = (A - T) / m
    dW, db = dZ.T @ X, dZ.sum(axis=0)
    new_W, new_b = W - learning_rate * dW, b - learning_rate * db
    value, inputs = submission.call_with_inputs("gradient_step", X, Y, W, b, learning_rate)
    found_loss, found_W, found_b = unpack(value, "loss", "W", "b", of="gradient_step")
    for after, before, name in zip(inputs[:4], (X, Y, W, b), ("X", "Y", "W", "b"), strict=True):
        unchanged(after, before, name, "Make new arrays: W = W - …, and not W -= …, which changes the old one.")
    known = [
        (SUMMED.format("loss"), loss * m),
        ("The loss has the wrong sign.", -loss),
        (OLD_LOSS, loss_of(X, Y, new_W, new_b)[1]),
        ("The loss is divided by the number of all probabilities. Divide by m.", loss / n_y),
        ("The logarithm is missing.", -A[np.arange(m), Y].mean()),
        *((OTHER_BASE, loss / np.log(base)) for base in (2, 10)),
        ("This is a squared error. The loss is the cross-entropy.", ((A - T) ** 2).sum(axis=1).mean()),
        ("The loss takes the most probable class. It takes the right one, Y.", -np.log(A.max(axis=1)).mean()),
    ]
    overflow = "Subtract the maximum of each row before the exponential, which overflows." if scale > 1 else None
    close(found_loss, loss, "the loss", known=known, hint=overflow)

    def known_steps(old, gradient, sums):
        """Return known mistakes of a step."""
        return [
            ("The step goes uphill. Subtract the gradient.", old + learning_rate * gradient),
            (SUMMED.format("gradient"), old - learning_rate * m * gradient),
            ("The learning rate has no influence.", old - gradient),
            (MEAN_OF_ALL, old - learning_rate * gradient / n_y),
            ("This is the gradient. Return the new weights.", gradient),
            ("The weights have not changed.", old),
            ("The gradient lacks the right classes: dZ = (A - T) / m.", old - learning_rate * sums),
        ]

    close(found_W, new_W, "W", "(n_y, n_e)", known_steps(W, dW, A.T @ X / m))
    close(found_b, new_b, "b", "(n_y,)", known_steps(b, db, A.mean(axis=0)))


@pytest.mark.points(10, of="gradient_step")
@pytest.mark.hint("dZ = (A - T) / m, dW = dZ^T X, db = sum of dZ over the sentences.")
def test_step(submission, rng):
    """Loss and new weights are those of one step of gradient descent."""
    check_step(submission, rng, 6, 4, 3, 0.7)


@pytest.mark.hidden
@pytest.mark.points(8, of="gradient_step")
@pytest.mark.hint("Any sizes and learning rates; a class may be missing in the batch.")
@pytest.mark.parametrize(
    "sizes", [(1, 3, 4, 0.1), (9, 2, 5, 2.5), (5, 3, 4, 0.3, 2000)], ids=["one sentence", "many", "large numbers"]
)
def test_other_steps(submission, rng, sizes):
    """Loss and weights are right for one sentence, for many, and for numbers in the thousands."""
    check_step(submission, rng, *sizes)


# --- bag_of_words_ceiling


def with_more_sentences(rng, sentences, Y):
    """Add sentences of two other bags with drawn classes, and shuffle all: the ceiling is another in each run."""
    for _ in range(MAX_DRAWS):
        count = int(rng.integers(5, 12))
        bags = [["zuzu", "wawa"], ["wawa", "zuzu"], ["zuzu"]]  # no words of draw_words
        more = [" ".join(bags[kind]) for kind in rng.integers(0, 3, count)]
        texts, classes = [*sentences, *more], np.array([*Y, *rng.integers(0, 3, count)])
        order = rng.permutation(len(texts))
        texts, classes = [texts[place] for place in order], classes[order]
        expected, mistakes = ceilings(texts, classes)
        others = {round(value, 6) for _, value in mistakes if not np.isclose(value, expected)}
        if len(others) == sum(not np.isclose(value, expected) for _, value in mistakes):
            break
    return texts, classes


def ceilings(sentences, Y):
    """Return the ceiling, and those of known mistakes by hint."""

    def bags_of(key):
        """Return the classes of sentences with the same key."""
        bags = {}
        for text, y in zip(sentences, Y, strict=True):
            bags.setdefault(key(text), []).append(y)
        return [(labels, max(labels.count(label) for label in labels)) for labels in bags.values()]

    def ceiling(key):
        """Return the ceiling if sentences with the same key are one bag."""
        return sum(most for _, most in bags_of(key)) / len(sentences)

    def words(sentence):
        return sentence.lower().split()

    bags = bags_of(lambda sentence: tuple(sorted(words(sentence))))
    expected = sum(most for _, most in bags) / len(sentences)
    first = "A bag gets the class of its first sentence. It gets the most frequent one."
    alike = "Bags with sentences of several classes count as well: the most frequent class is right there."
    return expected, [
        ("Capitals do not matter: sentence.lower().", ceiling(lambda text: tuple(sorted(text.split())))),
        ("The order of the words counts here. A bag has none: sort the words.", ceiling(str.lower)),
        ("Words count as often as they come. A set forgets that.", ceiling(lambda text: frozenset(words(text)))),
        (
            "These are bags of letters. Split the sentence into words.",
            ceiling(lambda text: tuple(sorted(text.lower()))),
        ),
        ("All sentences are one bag here.", ceiling(lambda _: 0)),
        ("This is a number of sentences. Divide by all of them.", expected * len(sentences)),
        (first, sum(labels.count(labels[0]) for labels, _ in bags) / len(sentences)),
        (alike, sum(most for labels, most in bags if most == len(labels)) / len(sentences)),
        (
            "This is a mean over the bags. Divide by the number of sentences.",
            float(np.mean([most / len(labels) for labels, most in bags])),
        ),
        ("This is the share of the sentences that are wrong.", 1 - expected),
    ]


def check_ceiling(submission, sentences, Y):
    """Compare a ceiling with counts."""
    expected, known = ceilings(sentences, Y)
    close(submission.call("bag_of_words_ceiling", sentences, Y), expected, "the ceiling", known=known)


@pytest.mark.points(5, of="bag_of_words_ceiling")
@pytest.mark.hint("Collect the classes of each tuple(sorted(words)); count the most frequent class of each.")
def test_ceiling(submission, rng):
    """Each bag of words gets the class that is most frequent in it."""
    a, b, c, d = draw_words(rng, 4)
    sentences = [f"{a} {b} {c}", f"{c} {a} {b}", f"{b} {a} {c}", f"{d} {a}", f"{a} {d}", f"{d}", f"{a} {d}"]
    check_ceiling(submission, *with_more_sentences(rng, sentences, [3, 1, 1, 0, 2, 4, 4]))


@pytest.mark.hidden
@pytest.mark.points(3, of="bag_of_words_ceiling")
@pytest.mark.hint("Words count as often as they come; capitals do not matter; bags have any number of sentences.")
@pytest.mark.parametrize("case", ["a word twice", "capitals", "one bag", "letters"])
def test_other_ceilings(submission, rng, case):
    """A word that comes twice makes another bag, a capital does not."""
    a, b, c, d = draw_words(rng, 4)
    sentences, Y = {
        "a word twice": ([f"{a} {b}", f"{a} {a} {b}", f"{b} {a} {a}", f"{a} {b} {b}"], [0, 1, 2, 3]),
        "capitals": ([f"{a.capitalize()} {b}", f"{b} {a}", f"{a} {c}", f"{d.upper()} {c}"], [1, 0, 2, 2]),
        "one bag": ([f"{a} {b}"] * 3 + [f"{b} {a}"] * 4, [2, 2, 1, 0, 0, 1, 0]),
        "letters": ([f"{a}{b} {c}", f"{a} {b}{c}", f"{c}{a} {b}"], [1, 2, 2]),
    }[case]
    check_ceiling(submission, *with_more_sentences(rng, sentences, Y))


# --- sentences_to_indices

LEFT_OUT = "An unknown word leaves a gap. It is left out, and the next word moves up."
LAST_WORDS = "A long sentence lost its beginning. Cut it off at its end."


def check_indices(submission, sentences, word_to_index, max_len):
    """Compare rows of indices."""

    def rows(words_of, unknown=None, cut_first=False, last=False, left=False):
        """Return the rows, or those of a mistake."""
        array = np.zeros((len(sentences), max_len), int)
        for row, sentence in zip(array, sentences, strict=True):
            words = words_of(sentence)[:max_len] if cut_first else words_of(sentence)
            ids = [word_to_index.get(word, unknown) for word in words]
            ids = [index for index in ids if index is not None]
            ids = ids[-max_len:] if last else ids[:max_len]
            row[len(row) - len(ids) if left else 0 :][: len(ids)] = ids
        return array

    def words(sentence):
        return sentence.lower().split()

    expected = rows(words)
    known = [
        (LEFT_OUT, rows(words, unknown=0)),
        (CAPITALS, rows(str.split)),
        (LAST_WORDS, rows(words, last=True)),
        ("A long sentence is cut off before its unknown words are left out.", rows(words, cut_first=True)),
        ("Padding stands in front. It stands behind the end.", rows(words, left=True)),
        ("The sentences are read backwards.", rows(lambda sentence: words(sentence)[::-1])),
        ("All indices are one too small: 0 is padding.", expected - (expected > 0)),
        ("Letters are looked up. Split the sentence into words: split().", np.zeros_like(expected)),
    ]
    value = submission.call("sentences_to_indices", sentences, word_to_index, max_len)
    width = getattr(value, "shape", (0,))[-1]
    close(
        value, expected, "indices", "(m, max_len)", known, None if width == max_len else "All rows have max_len steps."
    )


def draw_index(rng, words):
    """Give words the indices from 1 on, in any order."""
    return {word: int(index) for word, index in zip(words, 1 + rng.permutation(len(words)), strict=True)}


@pytest.mark.points(8, of="sentences_to_indices")
@pytest.mark.hint("A row of zeros for each sentence; write the indices of its known words from the left.")
@pytest.mark.parametrize("case", ["words", "capitals", "unknown words"])
def test_indices(submission, rng, case):
    """A row has the indices of the known words in their order, and zeros behind them."""
    words = draw_words(rng, 9)
    word_to_index = draw_index(rng, words[:7])
    known = [words[:3], words[2:7], words[5:6]]
    chosen = [[words[7], *words[:2], words[8], words[3]], words[4:8]] if case == "unknown words" else known
    sentences = [with_capitals(rng, row) if case == "capitals" else " ".join(row) for row in chosen]
    check_indices(submission, sentences, word_to_index, 6)


@pytest.mark.hidden
@pytest.mark.points(8, of="sentences_to_indices")
@pytest.mark.hint("A sentence may be longer than max_len, or have no known word.")
@pytest.mark.parametrize("case", ["long", "long with unknown words", "no known word", "full"])
def test_special_indices(submission, rng, case):
    """Long sentences are cut off at their ends, after unknown words are left out."""
    words = draw_words(rng, 9)
    word_to_index = draw_index(rng, words[:6])
    rows = {
        "long": [words[:6], words[1:3]],
        "long with unknown words": [[words[6], *words[:3], words[7], *words[3:6]], words[:1]],
        "no known word": [words[6:], words[2:5]],
        "full": [words[:4], words[2:6]],
    }[case]
    check_indices(submission, [" ".join(row) for row in rows], word_to_index, 4)


# --- pretrained_embedding_layer

ORDER = "The rows are in the order of the dict. The vector of a word belongs in the row of its index."
MATRIX = "A matrix with V + 1 rows, the vector of each word in the row of its index, and row 0 of zeros."
NO_ROW = "Row 0 is kept for padding, so there are V + 1 rows."
FROZEN = "The vectors would be learned anew: trainable=False."
MASK = "Index 0 is padding, which the LSTM should skip: mask_zero=True."


def build_layer(submission, rng, V, n_e):
    """Return a layer of drawn vectors, and its right matrix."""
    words = draw_words(rng, V)
    vectors, word_to_index = draw_vectors(rng, words, n_e), draw_index(rng, [words[i] for i in rng.permutation(V)])
    matrix = np.zeros((V + 1, n_e))
    for name, place in word_to_index.items():
        matrix[place] = vectors[name]
    embedding = submission.call("pretrained_embedding_layer", vectors, word_to_index)
    kind = getattr(embedding, "kind", "")
    check(kind == "layer", "pretrained_embedding_layer does not return a Keras layer", "Return the Embedding layer.")
    weights = embedding.get_weights()
    check(len(weights) > 0, "the layer has no weights yet", "layer.build() makes them, layer.set_weights fills them.")
    check(len(weights) == 1, "the layer has other weights than one matrix", "Return an Embedding layer alone.")
    in_order = np.concatenate([np.zeros((1, n_e)), np.array(list(vectors.values()))])
    by_index = np.concatenate([np.zeros((1, n_e)), np.array([vectors[word] for word in word_to_index])])
    shifted = np.concatenate([matrix[1:], matrix[:1]])
    known = [(ORDER, in_order), (ORDER, by_index), ("All rows are one too early: index 0 is padding.", shifted)]
    shape = getattr(weights[0], "shape", ())
    filled = np.abs(weights[0]).max() > 0.1 if shape == matrix.shape else True
    hint = NO_ROW if shape == (V, n_e) else None if filled else "The weights were not set: layer.set_weights([matrix])."
    close(weights[0], matrix, "the matrix", "(V + 1, n_e)", known, hint)
    return embedding, matrix


@pytest.mark.points(6, of="pretrained_embedding_layer")
@pytest.mark.hint(MATRIX, exception=MATRIX)
def test_embedding(submission, rng):
    """The layer returns the vector of each index."""
    layer, matrix = build_layer(submission, rng, 7, 4)
    indices = rng.integers(0, 8, (2, 5))
    close(layer.invoke("call", indices), matrix[indices], "the vectors", "(m, T, n_e)")


@pytest.mark.points(4, of="pretrained_embedding_layer")
@pytest.mark.hint(FROZEN, exception=MATRIX)
def test_embedding_is_frozen(submission, rng):
    """Training leaves the vectors as they are."""
    layer, _ = build_layer(submission, rng, 5, 3)
    check(layer.describe()["trainable"] == 0, "the layer is trainable", FROZEN)


@pytest.mark.hidden
@pytest.mark.points(4, of="pretrained_embedding_layer")
@pytest.mark.hint(MASK)
@pytest.mark.parametrize("V, n_e", [(1, 6), (12, 2)], ids=["one word", "many words"])
def test_embedding_masks_padding(submission, rng, V, n_e):
    """Steps of index 0 are masked, for vocabularies of any size."""
    layer, _ = build_layer(submission, rng, V, n_e)
    indices = np.array([[V, 1, 0], [1, 0, 0]])
    mask = layer.invoke("compute_mask", indices)
    check(type(mask) is np.ndarray, "the layer has no mask", MASK)
    equal(mask.astype(int).tolist(), (indices > 0).astype(int).tolist(), "the mask", hint=MASK)


# --- sentiment_model

LAYERS = "Call embedding_layer, one LSTM(units) and one Dense(n_y), and no other layer with weights."


def sigmoid(values):
    """Return the logistic function."""
    return 1 / (1 + np.exp(-values))


def lstm(x, mask, weights, wrong=""):
    """Return the hidden states after all steps, (m, T, units)."""
    kernel, recurrent, bias = weights
    h = c = np.zeros((len(x), recurrent.shape[0]))
    states = []
    for t in range(x.shape[1])[:: -1 if wrong == "backwards" else 1]:
        i, f, g, o = np.split(x[:, t] @ kernel + h @ recurrent + bias, 4, axis=-1)
        new_c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        new_h = sigmoid(o) * np.tanh(new_c)
        real = np.ones_like(mask[:, [t]]) if wrong == "padding" else mask[:, [t]]
        h, c = np.where(real, new_h, h), np.where(real, new_c, c)
        states.append(h)
    return np.stack(states, axis=1)


def check_sentiment_model(submission, reference, rng, lengths, max_len, V, n_e, units, n_y):
    """Compare the network with an LSTM in NumPy."""
    seed = int(rng.integers(1, 10**6))
    matrix = reference.call("toy_embedding", seed, V, n_e).get_weights()[0]
    model = submission.call("sentiment_model", max_len, submission.call("toy_embedding", seed, V, n_e), units, n_y)
    kind = getattr(model, "kind", "")
    check(kind == "model", "sentiment_model does not return a Keras model", "Return Model(inputs, outputs).")
    described = model.describe()
    inputs = [tuple(shape) for shape in described["inputs"]]
    check(
        inputs == [(None, max_len)], "the model does not take indices (m, max_len)", "Input((max_len,), dtype='int32')"
    )
    shapes = [(n_e, 4 * units), (units, 4 * units), (4 * units,), (units, n_y), (n_y,)]
    found = model.get_weights()
    check(sorted(w.shape for w in found) == sorted([matrix.shape, *shapes]), "the model has other weights", LAYERS)
    same = any(w.shape == matrix.shape and np.allclose(w, matrix, atol=1e-6) for w in found)
    check(same, "the model has other word vectors", "Call the layer that is passed in; a new one has other vectors.")
    drawn = {shape: rng.normal(0, 1, shape).astype("float32") for shape in shapes}
    model.set_weights([drawn.get(weight.shape, weight) for weight in found])

    indices = np.zeros((len(lengths), max_len), "int32")
    for row, length in zip(indices, lengths, strict=True):
        row[:length] = rng.integers(1, V + 1, length)
    *cell, kernel, bias = (drawn[shape].astype(float) for shape in shapes)
    mask = indices > 0

    def logits(states):
        return states @ kernel + bias

    states = lstm(matrix[indices], mask, cell)
    unmasked = softmax(logits(lstm(matrix[indices], mask, cell, "padding")[:, -1]))
    backwards = softmax(logits(lstm(matrix[indices], mask, cell, "backwards")[:, -1]))
    mean = (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
    known = [
        ("Padding is read as if it were words: the mask of the embedding got lost.", unmasked),
        ("There is no softmax.", logits(states[:, -1])),
        ("Each output is a sigmoid. The classes exclude each other: softmax.", sigmoid(logits(states[:, -1]))),
        ("The sentence is read backwards.", backwards),
        ("This is a mean over the states. Take the last one.", softmax(logits(mean))),
        ("The softmax ran over the batch.", softmax(logits(states[:, -1]), axis=0)),
    ]
    value = model.invoke("call", indices)
    hint = None
    if getattr(value, "ndim", 2) == 3:
        hint = "There is an output for each step. LSTM(units) without return_sequences returns the last state."
    shaped(value, (len(lengths), n_y), "y", "(m, n_y)", hint)
    close(value, softmax(logits(states[:, -1])), "y", "(m, n_y)", known, rtol=1e-3, atol=1e-4)


@pytest.mark.points(10, of="sentiment_model")
@pytest.mark.hint("Input, embedding_layer, LSTM(units), Dense with a softmax.")
def test_sentiment_model(submission, reference, rng):
    """The probabilities follow from the last state of an LSTM, which skips padding."""
    check_sentiment_model(submission, reference, rng, [6, 2, 4], 6, 9, 3, 5, 4)


@pytest.mark.hidden
@pytest.mark.points(6, of="sentiment_model")
@pytest.mark.hint("Take all sizes from the arguments; the width of the vectors comes from the layer.")
@pytest.mark.parametrize(
    "lengths, sizes", [([3, 3], (3, 4, 2, 3, 5)), ([1, 5, 2, 7], (8, 12, 5, 4, 2))], ids=["no padding", "much padding"]
)
def test_other_sentiment_models(submission, reference, rng, lengths, sizes):
    """The probabilities are right for other sizes, without padding and with much of it."""
    check_sentiment_model(submission, reference, rng, lengths, *sizes)


# --- pairs_right


def check_pairs(submission, predicted, classes):
    """Compare the share of pairs."""
    right = predicted == classes
    known = [
        ("This is the share of the sentences. A pair counts if both of its sentences are right.", right.mean()),
        ("A pair counts if both of its sentences are right, not one of them.", right.any(axis=1).mean()),
        ("This is a number of pairs. Divide by all of them.", right.all(axis=1).sum()),
        ("This is the share of the other pairs.", 1 - right.all(axis=1).mean()),
        ("The first sentences alone are compared.", right[:, 0].mean()),
        ("The second sentences alone are compared.", right[:, 1].mean()),
        ("This is 1 if all pairs are right. Take the share of the pairs.", float(right.all())),
    ]
    close(submission.call("pairs_right", predicted, classes), right.all(axis=1).mean(), "the share", known=known)


@pytest.mark.points(2, of="pairs_right")
@pytest.mark.hint("Compare, all over each pair, then the mean.")
def test_pairs(submission, rng):
    """A pair counts if both of its sentences are right."""
    classes = rng.integers(0, 5, (9, 2))
    wrong = np.array([[0, 0], [1, 0], [0, 0], [0, 1], [1, 1], [0, 0], [1, 0], [1, 1], [0, 0]])[rng.permutation(9)]
    check_pairs(submission, (classes + wrong) % 5, classes)


@pytest.mark.hidden
@pytest.mark.points(2, of="pairs_right")
@pytest.mark.hint("There may be one pair, or none that is right.")
@pytest.mark.parametrize("case", ["none", "all", "one pair"])
def test_other_pairs(submission, rng, case):
    """The share is right for no right pair, for all, and for one pair."""
    classes = rng.integers(0, 5, (1 if case == "one pair" else 4, 2))
    wrong = np.array([[1, 0], [0, 1], [1, 1], [2, 0]])[: len(classes)] * (case != "all")
    check_pairs(submission, (classes + wrong) % 5, classes)
