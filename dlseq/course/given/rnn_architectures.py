"""Helpers of the exercise `rnn_architectures`: the cell, described problems, and small data for each type of network.

The five types are named in `TYPES`, the problems in `PROBLEMS`. Data are one-hot arrays with the batch first.
"""

import numpy as np

__all__ = [
    "PROBLEMS",
    "TYPES",
    "entity_data",
    "name_data",
    "note_data",
    "number_data",
    "parameters_of",
    "rnn_output",
    "rnn_step",
    "sentence_data",
]

TYPES = ("one-to-one", "one-to-many", "many-to-one", "many-to-many, equal", "many-to-many, different")

PROBLEMS = {
    "digit": "A photo shows one handwritten digit. Say which of the ten it is.",
    "caption": "A picture is given. Write a sentence about it.",
    "stars": "Read a review, and say how many stars its author gave, one to five.",
    "entities": "Find the names in a sentence: say of each word if it belongs to a person, a place, or to neither.",
    "translation": "A sentence is given in French. Write it in English.",
    "tune": "A genre is given, such as waltz. Write a melody.",
    "price": "Size, age and distance to the center of a flat are given, three numbers. Predict its price.",
    "speech": "A recording has 100 sound frames per second. Write down the words that are said in it.",
    "genes": "A piece of DNA is given, as a text of the letters A, C, G and T. Say of each letter if it is in a gene.",
    "activity": "A clip of twelve frames shows an animal. Say if it walks, jumps or turns.",
    "next word": "While somebody types, predict after each word the word that comes next.",
    "summary": "Read an article, and write down in three sentences what it says.",
    "alarm": "A machine reports its temperature once a second. Say after each report if it has to be stopped.",
    "date": "A date is given as people write it, such as 3 May 1979. Write it in ISO form, always ten characters.",
}
"""Problems by name, without their types."""

SMALL_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
HELD_OUT = 5  # one number or name in so many

LANGUAGES = {"Finnish": "fi_FI", "Italian": "it_IT", "Turkish": "tr_TR"}
NAMES_PER_LANGUAGE = 360
MAX_LETTERS = 10

ENTITY_LABELS = ("outside", "person", "company", "place", "date", "amount", "email")
MAX_TOKENS = 16
N_FEATURES = 300


def rnn_step(xt, a_prev, parameters):
    """Compute the next state of an RNN, `tanh(xt Wx + a_prev Wa + b)`.

    Args:
        xt: inputs of this step, (m, n_x).
        a_prev: states before it, (m, n_a).
        parameters: dict with "Wx" (n_x, n_a), "Wa" (n_a, n_a) and "b" (n_a,).

    Returns:
        States after the step, (m, n_a).

    Example:
        >>> rnn_step(np.ones((2, 3)), np.zeros((2, 1)), {"Wx": np.zeros((3, 1)), "Wa": np.ones((1, 1)), "b": [0.0]})
        array([[0.],
               [0.]])
    """
    return np.tanh(xt @ parameters["Wx"] + a_prev @ parameters["Wa"] + parameters["b"])


def rnn_output(a, parameters):
    """Compute the output of a step from its state, `softmax(a Wy + by)`.

    Args:
        a: states, (m, n_a).
        parameters: dict with "Wy" (n_a, n_y) and "by" (n_y,).

    Returns:
        Probabilities, (m, n_y).

    Example:
        >>> rnn_output(np.zeros((1, 3)), {"Wy": np.ones((3, 4)), "by": np.zeros(4)})
        array([[0.25, 0.25, 0.25, 0.25]])
    """
    z = a @ parameters["Wy"] + parameters["by"]
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def parameters_of(model) -> list[dict]:
    """Return the weights of a Keras model as parameters of NumPy functions: a dict for each `SimpleRNN`.

    A dense layer belongs to the RNN before it.
    """
    weights, found = model.get_weights(), []
    while weights:
        if len(weights) == 2:
            found[-1] |= dict(zip(("Wy", "by"), weights, strict=True))
            break
        found.append(dict(zip(("Wx", "Wa", "b"), weights[:3], strict=True)))
        weights = weights[3:]
    return found


def _one_hot_rows(sequences, size):
    """Return sequences of indices as one-hot rows (m, T, size) with rows of zeros behind the end."""
    rows = np.zeros((len(sequences), max(map(len, sequences)), size), "float32")
    for row, sequence in zip(rows, sequences, strict=True):
        row[np.arange(len(sequence)), sequence] = 1
    return rows


def note_data(split: str = "train"):
    """Cut Bach's chorales into pairs of a note and the note that follows.

    Args:
        split: "train", "validation" or "test".

    Returns:
        x: one-hot notes, (m, 90).
        y: indices of the notes that follow, (m,).
        values: the note of each index, pitch and duration such as "G4:1".
    """
    from dlseq.course.given.music_generation import chorale_data

    X, Y, values = chorale_data(split, stride=29)
    return X[:, 1:].reshape(-1, len(values)), Y.argmax(axis=-1).T[:, 1:].ravel(), values


def number_data(split: str = "train"):
    """Put the numbers below 1000 into words.

    Args:
        split: "train", or "test" for a fifth of the numbers.

    Returns:
        x: three digits, one-hot one behind the other, (m, 30).
        y: indices of words, (m, 5), the end behind them, then 0.
        lengths: numbers of words with the end, (m,).
        words: the word of each index; index 0 is "<end>".

    Example:
        >>> x, y, lengths, words = number_data()
        >>> x[341].reshape(3, 10).argmax(axis=1), [words[index] for index in y[341, : lengths[341]]]
        (array([4, 2, 8]), ['four', 'hundred', 'twenty', 'eight', '<end>'])
    """
    is_test = np.random.default_rng(0).permutation(1000) % HELD_OUT == 0
    numbers = [n for n in range(1000) if is_test[n] == (split == "test")]
    words = ["<end>", "hundred", *SMALL_NUMBERS.split(), *TENS.split()]
    sentences = [[*_say(n), "<end>"] for n in numbers]
    y = np.zeros((len(numbers), 5), int)
    for row, sentence in zip(y, sentences, strict=True):
        row[: len(sentence)] = [words.index(word) for word in sentence]
    digits = np.array([[n // 100, n // 10 % 10, n % 10] for n in numbers])
    return np.eye(10, dtype="float32")[digits].reshape(-1, 30), y, np.array([*map(len, sentences)]), words


def _say(n):
    """Return the words of a number below 1000."""
    small, tens = SMALL_NUMBERS.split(), TENS.split()
    if n >= 100:
        return [small[n // 100], "hundred", *(_say(n % 100) if n % 100 else ())]
    if n >= len(small):
        return [tens[n // 10 - 2], *(_say(n % 10) if n % 10 else ())]
    return [small[n]]


def name_data(split: str = "train"):
    """Draw first names of three languages, at most ten letters from a to z. Names of two languages are left out.

    Args:
        split: "train" or "test".

    Returns:
        x: one-hot letters, (m, 10, 26), with zeros behind a name.
        y: indices of languages, (m,).
        names: the names.
        languages: the language of each index.
    """
    from dlseq.data.names import load_names

    sets = [
        {name for name in load_names(corpus, lower=True) if name.isascii() and name.isalpha()}
        for corpus in LANGUAGES.values()
    ]
    chosen = []
    for number, names in enumerate(sets):
        others = set().union(*(other for other in sets if other is not names))
        own = sorted(name for name in names - others if len(name) <= MAX_LETTERS)
        drawn = np.random.default_rng(0).permutation(own)[:NAMES_PER_LANGUAGE].tolist()
        chosen += [(name, number) for place, name in enumerate(drawn) if (place % HELD_OUT == 0) == (split == "test")]
    x = _one_hot_rows([[ord(letter) - ord("a") for letter in name] for name, _ in chosen], 26)
    return x, np.array([number for _, number in chosen]), [name for name, _ in chosen], list(LANGUAGES)


def entity_data(n: int = 1000, split: str = "train"):
    """Draw sentences of at most 16 words, with the kind of entity that each word belongs to.

    A word is a vector of zeros and ones: is it this frequent word, does it begin and end with these letters, has it
    capitals or digits. Names never seen still look like names.

    Args:
        n: number of sentences.
        split: "train", or "names" for sentences with names that are in no training sentence.

    Returns:
        x: features of words, (m, 16, 301), with zeros behind a sentence.
        y: indices of labels, (m, 16), 0 behind a sentence.
        words: lists of words.
        labels: the label of each index; index 0 is "outside".
    """
    from collections import Counter

    from dlseq.data.entities import split_tokens, tagged_texts, tags_of
    from dlseq.data.entities.features import token_features

    def draw(n, split):
        """Return lists of words and of labels."""
        texts = tagged_texts(2 * n + 100, split, seed=0, locales=["en_US"])
        texts = [text for text in texts if len(split_tokens(text.text)) <= MAX_TOKENS][:n]
        words = [[text.text[start:end] for start, end in split_tokens(text.text)] for text in texts]
        return words, [[tag.partition("-")[2] or ENTITY_LABELS[0] for tag in tags_of(text)] for text in texts]

    def features(word):
        """Return the features of a word, each with its kind."""
        return list(enumerate(token_features(word)))

    counts = Counter(feature for words in draw(1000, "train")[0] for word in words for feature in features(word))
    index = {feature: number for number, (feature, _) in enumerate(counts.most_common(N_FEATURES), start=1)}
    words, labels = draw(n, split)
    x, y = np.zeros((len(words), MAX_TOKENS, N_FEATURES + 1), "float32"), np.zeros((len(words), MAX_TOKENS), int)
    for row, sentence in enumerate(words):
        y[row, : len(sentence)] = [ENTITY_LABELS.index(label) for label in labels[row]]
        for t, word in enumerate(sentence):
            x[row, t, [0, *(index[feature] for feature in features(word) if feature in index)]] = 1
    return x, y, words, list(ENTITY_LABELS)


def sentence_data(n: int = 2000, split: str = "train"):
    """Draw French sentences of a small grammar with their English translations of at most eight words.

    Args:
        n: number of pairs.
        split: "train" or "test".

    Returns:
        x: one-hot words of the French sentences, (m, Tx, n_x), with zeros behind a sentence.
        decoder_x: one-hot words that the decoder reads, (m, Ty, n_y): `<start>` and the English words.
        y: indices of the words that it has to predict, (m, Ty): the English words and `<end>`, then 0.
        pairs: pairs of texts.
        words: the English word of each index; `<start>` is 0, `<end>` is 1.
    """
    from dlseq.course.given.encoder_decoder import lesson_pairs, words_of

    known = lesson_pairs(2000, max_words=8)
    french = sorted({word for pair in known for word in words_of(pair.source)})
    words = ["<start>", "<end>", *sorted({word for pair in known for word in words_of(pair.target)})]
    pairs = lesson_pairs(n, split, max_words=8)
    sources = [[french.index(word) for word in words_of(pair.source)] for pair in pairs]
    targets = [[words.index(word) for word in words_of(pair.target)] for pair in pairs]
    y = np.zeros((len(pairs), 1 + max(map(len, targets))), int)
    for row, target in zip(y, targets, strict=True):
        row[: len(target) + 1] = [*target, 1]
    decoder_x = _one_hot_rows([[0, *target] for target in targets], len(words))
    texts = [(pair.source, pair.target) for pair in pairs]
    return _one_hot_rows(sources, len(french)), decoder_x, y, texts, words
