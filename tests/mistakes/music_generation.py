"""Known mistakes in `music_generation`. No graded function calls another."""

from dlseq.authoring.mistakes import mistakes_in

CALL = "LSTM_cell(x, initial_state=[a, c])"
FEED = "x = RepeatVector(1)(ops.one_hot(ops.argmax(out, axis=-1), n_values))"

MISTAKES = [
    *mistakes_in(
        "djmodel",
        [
            ("starts each step from a0 and c0", "Each step starts from a0 and c0", "=[a, c]", "=[a0, c0]"),
            ("hands on the hidden state alone", "The cell state of each step is c0", "=[a, c]", "=[a, c0]"),
            ("hands on the cell state alone", "The hidden state of each step is a0", "=[a, c]", "=[a0, c]"),
            (
                "exchanges the initial states",
                "The initial states are exchanged",
                "a, c, outputs = a0",
                "c, a, outputs = a0",
            ),
            (
                "starts from zeros",
                "a0 and c0 have no influence",
                "a, c, outputs = a0, c0, []",
                "a, c, outputs = ops.zeros_like(a0), ops.zeros_like(c0), []",
            ),
            ("makes the output from the cell state", "made from the cell state", "densor(a)", "densor(c)"),
            ("reads the first note", "Each step reads the first note", "X[:, t, :]", "X[:, 0, :]"),
            ("reads the notes backwards", "from the last to the first", "X[:, t, :]", "X[:, Tx - 1 - t, :]"),
            (
                "reads one note ahead",
                "Step t reads the note of step t + 1",
                "X[:, t, :]",
                "X[:, min(t + 1, Tx - 1), :]",
            ),
            (
                "reads its own predictions",
                "The steps read what the network has predicted",
                "reshaper(X[:, t, :])",
                "reshaper(outputs[-1] if outputs else X[:, t, :])",
            ),
            (
                "makes an LSTM in each step",
                "never called",
                CALL,
                "LSTM(n_a, return_state=True)(x, initial_state=[a, c])",
            ),
            (
                "makes a dense layer of its own",
                "never called",
                "outputs.append(densor(a))",
                "outputs.append(Dense(n_values, activation='softmax')(a))",
            ),
            ("returns the last output alone", "append it to the list", "c0], outputs)", "c0], outputs[-1:])"),
            (
                "repeats the last output",
                "apply densor inside the loop",
                "c0], outputs)",
                "c0], [outputs[-1] + 0 * o for o in outputs])",
            ),
            ("swaps the inputs", "in the order of the docstring", "Model([X, a0, c0]", "Model([a0, c0, X]"),
            ("applies a softmax again", "densor has a softmax already", "densor(a)", "ops.softmax(densor(a))"),
            ("builds one step too few", "append it to the list", "range(Tx)", "range(max(1, Tx - 1))"),
            (
                "swaps the states",
                "change places",
                """
                a, c, outputs = a0, c0, []
                for t in range(Tx):
                    _, a, c = LSTM_cell(reshaper(X[:, t, :]), initial_state=[a, c])
                    outputs.append(densor(a))
                    a, c = c, a
                return Model([X, a0, c0], outputs)
                """,
            ),
            ("returns the outputs", "Return Model(inputs, outputs)", "return Model", "outputs = "),
        ],
    ),
    *mistakes_in(
        "music_inference_model",
        [
            ("reads x0 in each step", "Each step reads x0", FEED, "x = x0"),
            (
                "feeds probabilities back",
                "The next step reads probabilities",
                "ops.one_hot(ops.argmax(out, axis=-1), n_values)",
                "out",
            ),
            ("feeds the least probable note back", "reads the least probable note", "ops.argmax(", "ops.argmin("),
            ("composes each note from a0 and c0", "Each step starts from a0 and c0", "=[a, c]", "=[a0, c0]"),
            ("composes without the cell state", "The cell state of each step is c0", "=[a, c]", "=[a, c0]"),
            ("composes from the cell state", "made from the cell state", "densor(a)", "densor(c)"),
            (
                "composes with exchanged states",
                "The initial states are exchanged",
                "x, a, c, outputs = x0",
                "x, c, a, outputs = x0",
            ),
            (
                "composes from zeros",
                "a0 and c0 have no influence",
                "a0, c0, []",
                "ops.zeros_like(a0), ops.zeros_like(c0), []",
            ),
            ("writes five notes always", "append it to the list", "range(Ty)", "range(5)"),
            (
                "composes with a layer of its own",
                "never called",
                CALL,
                "LSTM(n_a, return_state=True)(x, initial_state=[a, c])",
            ),
            (
                "applies a softmax while composing",
                "densor has a softmax already",
                "append(out)",
                "append(ops.softmax(out))",
            ),
            ("takes the largest of the batch", "do not fit element by element", "axis=-1", "axis=0"),
            (
                "appends after the choice",
                "append it before the next note is chosen",
                """
                _, a, c = LSTM_cell(x0, initial_state=[a0, c0])
                x, outputs = RepeatVector(1)(ops.one_hot(ops.argmax(densor(a), axis=-1), n_values)), []
                for _ in range(Ty):
                    _, a, c = LSTM_cell(x, initial_state=[a, c])
                    outputs.append(densor(a))
                    x = RepeatVector(1)(ops.one_hot(ops.argmax(outputs[-1], axis=-1), n_values))
                return Model([x0, a0, c0], outputs)
                """,
            ),
        ],
    ),
    *mistakes_in(
        "predict_and_sample",
        [
            (
                "takes the maximum over the steps",
                "over the notes",
                "np.argmax(outputs, axis=-1)",
                "np.resize(np.argmax(outputs, axis=0), (len(outputs), 1))",
            ),
            ("takes the argmax along the steps", "not over the steps", "(outputs, axis=-1)", "(outputs, axis=0)"),
            ("takes the smallest", "least probable", "np.argmax(", "np.argmin("),
            ("returns the indices first", "are swapped", "return results, indices", "return indices, results"),
            ("drops the axis of the indices", "(Ty, 1)", "return results, indices", "return results, indices[:, 0]"),
            ("returns the indices alone", "expected 2", "return results, indices", "return indices"),
            (
                "returns probabilities",
                "These are probabilities",
                "np.eye(x_initializer.shape[-1])[indices[:, 0]]",
                "np.array(outputs)[:, 0]",
            ),
            (
                "keeps the axis of the batch",
                "no axis of the batch",
                "[indices[:, 0]]",
                "[indices]",
            ),
            (
                "takes the number of values from the file",
                "from the top of the file",
                "np.eye(x_initializer.shape[-1])",
                "np.eye(n_values)",
            ),
            (
                "exchanges the states",
                "are exchanged",
                "[x_initializer, a_initializer, c_initializer]",
                "[x_initializer, c_initializer, a_initializer]",
            ),
            (
                "passes zeros",
                "have no influence",
                "[x_initializer, a_initializer, c_initializer]",
                "[0 * x_initializer, 0 * a_initializer, 0 * c_initializer]",
            ),
        ],
    ),
]
EQUIVALENT = {}
EQUAL_SPELLINGS = {
    "layers and slices": [
        ("djmodel", "x = reshaper(X[:, t, :])", "x = X[:, t : t + 1, :]"),
        ("djmodel", "_, a, c = LSTM_cell", "a, _, c = LSTM_cell"),
        ("music_inference_model", FEED, "x = ops.one_hot(ops.argmax(out, axis=-1), n_values)[:, None]"),
        (
            "predict_and_sample",
            "np.eye(x_initializer.shape[-1])[indices[:, 0]]",
            "keras.utils.to_categorical(indices, outputs[0].shape[1])",
        ),
    ],
    "functions instead of layers": [
        ("djmodel", "reshaper(X[:, t, :])", "ops.expand_dims(ops.take(X, t, axis=1), 1)"),
        (
            "music_inference_model",
            FEED,
            "x = ops.cast(ops.expand_dims(ops.equal(out, ops.max(out, axis=-1, keepdims=True)), 1), 'float32')",
        ),
        (
            "predict_and_sample",
            "indices = np.argmax(outputs, axis=-1)",
            "indices = np.stack([o.argmax(1) for o in outputs])",
        ),
    ],
}
