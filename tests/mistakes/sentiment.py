"""Known mistakes in `sentiment`. No graded function calls another."""

from dlseq.authoring.mistakes import mistakes_in

VECTORS = "[word_to_vec_map[word] for word in sentence.lower().split() if word in word_to_vec_map]"
SOFTMAX = "return powers / powers.sum(axis=1, keepdims=True)"
STATE = "state = LSTM(units)(embedding_layer(indices))  # (m, units)"
KNOWN = "[word_to_index[word] for word in sentence.lower().split() if word in word_to_index][:max_len]"
BATCH = "both have one entry for each sentence"
PAIRED = "for sentence, label in zip(sentences, Y"
ROWS = "for row, sentence in zip(indices, X"
SHARE = "return sum(max(map(labels.count, labels)) for labels in labels_of.values())"
WIDTH = "n_e = next(iter(word_to_vec_map.values())).shape"
BAG = "tuple(sorted(sentence.lower().split()))"

MISTAKES = [
    *mistakes_in(
        "sentence_to_avg",
        [
            ("forgets capitals", "Words with capitals are left out", "sentence.lower().split()", "sentence.split()"),
            ("stops at an unknown word", "Words without a vector are left out", " if word in word_to_vec_map", ""),
            (
                "adds zeros for unknown words",
                "Unknown words count as zeros",
                """
                zeros = 0 * next(iter(word_to_vec_map.values()))
                return np.mean([word_to_vec_map.get(word, zeros) for word in sentence.lower().split()], axis=0)
                """,
            ),
            (
                "divides by all words",
                "Unknown words count as zeros",
                "np.mean(vectors, axis=0)",
                "np.sum(vectors, axis=0) / len(sentence.split())",
            ),
            ("returns the sum", "This is the sum", "np.mean(", "np.sum("),
            (
                "has no case for no word",
                "A mean of nothing is no number",
                "if not vectors:\n        return np.zeros(next(iter(word_to_vec_map.values())).shape)",
                "pass",
            ),
            (
                "returns zero for no word",
                "A mean of nothing is no number",
                "np.zeros(next(iter(word_to_vec_map.values())).shape)",
                "0.0",
            ),
            (
                "has vectors of 50 numbers",
                "A mean of nothing is no number",
                "np.zeros(next(iter(word_to_vec_map.values())).shape)",
                "np.zeros(50)",
            ),
            ("takes letters for words", "Letters are looked up", "sentence.lower().split()", "sentence.lower()"),
            (
                "counts words once",
                "A word that comes twice",
                "in sentence.lower().split()",
                "in dict.fromkeys(sentence.lower().split())",
            ),
            (
                "takes the mean of all numbers",
                "over the words alone, axis=0",
                "np.mean(vectors, axis=0)",
                "np.mean(vectors)",
            ),
            ("takes the largest", "Take the mean", "np.mean(", "np.max("),
        ],
    ),
    *mistakes_in(
        "softmax_forward",
        [
            (
                "normalizes over the sentences",
                "over the sentences",
                SOFTMAX,
                "powers = np.exp(Z - Z.max(axis=0))\n    return powers / powers.sum(axis=0)",
            ),
            (
                "normalizes the whole array",
                "The whole array sums to one",
                SOFTMAX,
                "powers = np.exp(Z - Z.max())\n    return powers / powers.sum()",
            ),
            ("overflows", "Subtract the maximum of each row", "np.exp(Z - Z.max(axis=1, keepdims=True))", "np.exp(Z)"),
            (
                "subtracts one maximum",
                "Subtract the maximum of each row",
                "np.exp(Z - Z.max(axis=1, keepdims=True))",
                "np.exp(Z - Z.max())",
            ),
            ("forgets b", "b has no influence", "X @ W.T + b", "X @ W.T"),
            ("returns logits", "before the softmax", SOFTMAX, "return Z"),
            ("uses sigmoids", "This is a sigmoid", SOFTMAX, "return 1 / (1 + np.exp(-Z))"),
            ("does not transpose W", "mismatch in its core dimension", "W.T", "W"),
            (
                "has classes in rows",
                "The rows are classes",
                SOFTMAX,
                "return (powers / powers.sum(axis=1, keepdims=True)).T",
            ),
        ],
    ),
    *mistakes_in(
        "gradient_step",
        [
            ("sums the loss", "The loss is a sum", "-np.sum(T * log_A) / len(X)", "-np.sum(T * log_A)"),
            (
                "sums the gradient",
                "The gradient is a sum",
                "dZ = (np.exp(log_A) - T) / len(X)",
                "dZ = np.exp(log_A) - T",
            ),
            (
                "goes uphill",
                "The step goes uphill",
                "W - learning_rate * dZ.T @ X, b - learning_rate",
                "W + learning_rate * dZ.T @ X, b + learning_rate",
            ),
            ("forgets the sign of the loss", "The loss has the wrong sign", "loss = -np", "loss = np"),
            (
                "takes the mean over all probabilities",
                "divided by the number of all probabilities",
                "-np.sum(T * log_A) / len(X)",
                "-np.mean(T * log_A)",
            ),
            (
                "forgets the learning rate",
                "The learning rate has no influence",
                "W - learning_rate * dZ.T @ X, b - learning_rate * dZ",
                "W - dZ.T @ X, b - dZ",
            ),
            ("forgets the classes", "The gradient lacks the right classes", "(np.exp(log_A) - T)", "np.exp(log_A)"),
            (
                "changes W in place",
                "W = W - ",
                """
                A = softmax_forward(X, W, b)
                loss = -np.log(A[np.arange(len(X)), Y]).mean()
                dZ = (A - np.eye(len(b))[Y]) / len(X)
                W -= learning_rate * dZ.T @ X
                b -= learning_rate * dZ.sum(axis=0)
                return loss, W, b
                """,
            ),
            ("leaves b as it is", "The weights have not changed", "b - learning_rate * dZ.sum(axis=0)", "b"),
            (
                "returns the gradient",
                "This is the gradient",
                "W - learning_rate * dZ.T @ X, b - learning_rate * dZ.sum(axis=0)",
                "dZ.T @ X, dZ.sum(axis=0)",
            ),
            (
                "returns the loss after the step",
                "The loss is that of the new weights",
                """
                dZ = (softmax_forward(X, W, b) - np.eye(len(b))[Y]) / len(X)
                W, b = W - learning_rate * dZ.T @ X, b - learning_rate * dZ.sum(axis=0)
                return -np.log(softmax_forward(X, W, b)[np.arange(len(X)), Y]).mean(), W, b
                """,
            ),
            (
                "has a squared error",
                "This is a squared error",
                "-np.sum(T * log_A) / len(X)",
                "np.sum((np.exp(log_A) - T) ** 2) / len(X)",
            ),
            (
                "returns the loss last",
                "loss, W, b",
                "return loss, W - learning_rate * dZ.T @ X, b - learning_rate * dZ.sum(axis=0)",
                "return W - learning_rate * dZ.T @ X, b - learning_rate * dZ.sum(axis=0)",
            ),
        ],
    ),
    *mistakes_in(
        "bag_of_words_ceiling",
        [
            ("keeps the order", "The order of the words counts here", BAG, "tuple(sentence.lower().split())"),
            ("takes sets", "A set forgets that", BAG, "frozenset(sentence.lower().split())"),
            ("forgets capitals", "Capitals do not matter", "sentence.lower()", "sentence"),
            ("takes letters for words", "These are bags of letters", "sentence.lower().split()", "sentence.lower()"),
            ("returns a number of sentences", "Divide by all of them", " / len(sentences)", ""),
            ("takes all sentences for one bag", "All sentences are one bag", BAG, "0"),
            ("returns the wrong share", "are wrong", "return sum", "return 1 - sum"),
        ],
    ),
    *mistakes_in(
        "sentences_to_indices",
        [
            (
                "leaves gaps",
                "An unknown word leaves a gap",
                KNOWN,
                "[word_to_index.get(word, 0) for word in sentence.lower().split()][:max_len]",
            ),
            ("forgets capitals", "Words with capitals are left out", "sentence.lower()", "sentence"),
            ("keeps the last words", "A long sentence lost its beginning", "[:max_len]", "[-max_len:]"),
            (
                "cuts off before unknown words are left out",
                "before its unknown words",
                "sentence.lower().split() if word in word_to_index][:max_len]",
                "sentence.lower().split()[:max_len] if word in word_to_index]",
            ),
            ("does not cut off", "A sentence may be longer than max_len", "[:max_len]", ""),
            (
                "pads in front",
                "Padding stands in front",
                "row[: len(known)] = known",
                "row[max_len - len(known) :] = known",
            ),
            ("counts from zero", "one too small", "[word_to_index[word] for", "[word_to_index[word] - 1 for"),
            ("stops at an unknown word", "raised KeyError", " if word in word_to_index", ""),
            ("takes letters for words", "Letters are looked up", "sentence.lower().split()", "sentence.lower()"),
            (
                "has rows as long as the longest sentence",
                "All rows have max_len steps",
                "return indices",
                "return indices[:, : (indices > 0).sum(axis=1).max()]",
            ),
            ("reads backwards", "read backwards", "sentence.lower().split()", "sentence.lower().split()[::-1]"),
        ],
    ),
    *mistakes_in(
        "pretrained_embedding_layer",
        [
            (
                "writes rows in the order of the dict",
                "The rows are in the order of the dict",
                "    matrix[index] = word_to_vec_map[word]",
                "    matrix[1:] = list(word_to_vec_map.values())",
            ),
            (
                "has no row for padding",
                "Row 0 is kept for padding",
                """
                matrix = np.stack([word_to_vec_map[word] for word in sorted(word_to_index, key=word_to_index.get)])
                layer = Embedding(*matrix.shape, trainable=False, mask_zero=True)
                layer.build()
                layer.set_weights([matrix])
                return layer
                """,
            ),
            ("has V rows", "V + 1 rows", "len(word_to_index) + 1, n_e", "len(word_to_index), n_e"),
            ("writes each row one too early", "All rows are one too early", "matrix[index] =", "matrix[index - 1] ="),
            ("learns the vectors anew", "trainable=False", "trainable=False, ", ""),
            ("has no mask", "mask_zero=True", ", mask_zero=True", ""),
            ("does not set the weights", "The weights were not set", "layer.set_weights([matrix])", "pass"),
            ("does not build", "build", "layer.build()\n    layer.set_weights([matrix])", "pass"),
            ("returns the matrix", "does not return a Keras layer", "return layer", "return matrix"),
        ],
    ),
    *mistakes_in(
        "sentiment_model",
        [
            (
                "returns all states",
                "There is an output for each step",
                "LSTM(units)",
                "LSTM(units, return_sequences=True)",
            ),
            ("has no softmax", "There is no softmax", ', activation="softmax"', ""),
            ("has sigmoids", "Each output is a sigmoid", '"softmax"', '"sigmoid"'),
            (
                "drops the mask",
                "Padding is read as if it were words",
                "embedding_layer(indices)",
                "keras.ops.multiply(embedding_layer(indices), 1.0)",
            ),
            ("reads backwards", "The sentence is read backwards", "LSTM(units)", "LSTM(units, go_backwards=True)"),
            (
                "makes an embedding of its own",
                "other word vectors",
                "embedding_layer(indices)",
                "Embedding(embedding_layer.input_dim, embedding_layer.output_dim, mask_zero=True)(indices)",
            ),
            (
                "takes the mean of the words",
                "the model has other weights",
                STATE,
                "state = keras.layers.GlobalAveragePooling1D()(embedding_layer(indices))",
            ),
            (
                "takes the mean of the states",
                "This is a mean over the states",
                """
                indices = Input((max_len,), dtype="int32")
                states = LSTM(units, return_sequences=True)(embedding_layer(indices))
                state = keras.layers.GlobalAveragePooling1D()(states)
                return Model(indices, Dense(n_y, activation="softmax")(state))
                """,
            ),
            ("uses a GRU", "the model has other weights", "LSTM(units)", "keras.layers.GRU(units)"),
            ("has one class", "the model has other weights", "Dense(n_y,", "Dense(1,"),
            ("takes any number of steps", "Input((max_len,)", "Input((max_len,), dtype", "Input((None,), dtype"),
            (
                "returns the outputs",
                "a symbolic Keras tensor",
                'return Model(indices, Dense(n_y, activation="softmax")(state))',
                'return Dense(n_y, activation="softmax")(state)',
            ),
        ],
    ),
    *mistakes_in(
        "pairs_right",
        [
            ("counts sentences", "This is the share of the sentences", ".all(axis=1).mean()", ".mean()"),
            ("counts one of two", "not one of them", ".all(axis=1)", ".any(axis=1)"),
            ("returns a number of pairs", "This is a number of pairs", ".mean()", ".sum()"),
            ("asks for all pairs", "This is 1 if all pairs are right", ".all(axis=1).mean()", ".all()"),
            (
                "compares over the pairs",
                "A pair counts if both of its sentences are right",
                ".all(axis=1)",
                ".all(axis=0)",
            ),
        ],
    ),
]
EQUIVALENT = {
    "gradient_step: loss = -np.sum(T * log_A) / len(X) => loss = -np.sum(T * log_A) / len(Y)": BATCH,
    "gradient_step: dZ = (np.exp(log_A) - T) / len(X) => dZ = (np.exp(log_A) - T) / len(Y)": BATCH,
    f"bag_of_words_ceiling: {PAIRED}, strict=True): => {PAIRED}):": BATCH,
    f"bag_of_words_ceiling: {PAIRED}, strict=True): => {PAIRED}, strict=False):": BATCH,
    f"bag_of_words_ceiling: {SHARE} / len(sentences) => {SHARE} / len(Y)": BATCH,
    'sentences_to_indices: indices = np.zeros((len(X), max_len), dtype="int32") => '
    "indices = np.zeros((len(X), max_len))": "floats are accepted, which the well-known course returns",
    f"sentences_to_indices: {ROWS}, strict=True): => {ROWS}):": BATCH,
    f"sentences_to_indices: {ROWS}, strict=True): => {ROWS}, strict=False):": BATCH,
    f"pretrained_embedding_layer: {WIDTH}[0] => {WIDTH}[ -1]": "a vector has one axis",
    "pretrained_embedding_layer: matrix = np.zeros((len(word_to_index) + 1, n_e)) => "
    "matrix = np.zeros((len(word_to_vec_map) + 1, n_e))": "both dicts have the same words",
    'sentiment_model: indices = Input((max_len,), dtype="int32") => indices = Input((max_len,))': (
        "the embedding turns floats into integers"
    ),
}
EQUAL_SPELLINGS = {
    "loops and einsum": [
        ("sentence_to_avg", "np.mean(vectors, axis=0)", "sum(vectors) / len(vectors)"),
        ("softmax_forward", "X @ W.T + b", "np.einsum('me,ye->my', X, W) + b"),
        ("softmax_forward", SOFTMAX, "return np.stack([row / row.sum() for row in powers])"),
        ("gradient_step", "dZ.T @ X", "np.einsum('my,me->ye', dZ, X)"),
        ("gradient_step", "-np.sum(T * log_A) / len(X)", "-np.mean(log_A[np.arange(len(X)), Y])"),
        (
            "pairs_right",
            "float((predicted == classes).all(axis=1).mean())",
            "float(np.mean([list(a) == list(b) for a, b in zip(predicted, classes)]))",
        ),
        ("sentiment_model", 'Dense(n_y, activation="softmax")(state)', "keras.ops.softmax(Dense(n_y)(state))"),
    ],
}
