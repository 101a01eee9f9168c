"""Known mistakes in `rnn_architectures`. No graded function calls another."""

from dlseq.authoring.mistakes import mistakes_in

ENCODE = "np.where(mask[:, t, None], rnn_step(x[:, t], a, encoder), a)"
FEED = "np.eye(x.shape[1])[outputs[-1].argmax(axis=1)]"
BATCH, STEPS = "x and mask have the same batch", "x and mask have the same steps"
COLUMN, AT_LEAST_ONE = "an index and a new axis make a column in either order", "a length is at least 1"
DECODE = "np.eye(start.shape[1])[outputs[-1].argmax(axis=1)]"
TIME_DENSE = 'TimeDistributed(Dense(n_y, activation="softmax"))'
P = "np.take_along_axis(y, targets[..., None], axis=-1)[..., 0]"

MISTAKES = [
    *mistakes_in(
        "one_to_one",
        [
            (
                "returns the state",
                "rnn_output makes the output",
                "return rnn_output(rnn_step(x, a0, parameters), parameters)",
                "return rnn_step(x, a0, parameters)",
            ),
            ("starts from ones", "The state before the step is zero", "np.zeros(", "np.ones("),
            ("has a state of one row too many", "do not fit", "len(x), len", "len(x) + 1, len"),
        ],
    ),
    *mistakes_in(
        "many_to_many",
        [
            ("starts each step from a0", "Each step starts from the first state", "x[:, t], a, ", "x[:, t], a0, "),
            ("ignores a0", "The first state has no influence", "a, outputs = a0", "a, outputs = 0 * a0"),
            ("stacks on the first axis", "np.stack(outputs, axis=1)", "axis=1", "axis=0"),
            ("joins on the second axis", "stand beside one another", "np.stack", "np.concatenate"),
            (
                "returns the states",
                "These are states",
                "outputs.append(rnn_output(a, parameters))",
                "outputs.append(a)",
            ),
            (
                "returns the last output",
                "This is the output of the last step alone",
                "return np.stack(outputs, axis=1)",
                "return outputs[-1]",
            ),
            ("returns a list", "expected an array", "return np.stack(outputs, axis=1)", "return outputs"),
            ("reads backwards", "from the last to the first", "x[:, t]", "x[:, -1 - t]"),
            ("loops over the batch", "indices begin at 0", "range(x.shape[1])", "range(x.shape[0] + x.shape[1])"),
            (
                "computes the output after the loop",
                "call rnn_output inside the loop",
                """
                a = a0
                for t in range(x.shape[1]):
                    a = rnn_step(x[:, t], a, parameters)
                return np.stack([rnn_output(a, parameters)] * x.shape[1], axis=1)
                """,
            ),
        ],
    ),
    *mistakes_in(
        "many_to_one",
        [
            (
                "reads padding",
                "Padding is read like any other step",
                "a = np.where(mask[:, t, None], a_next, a)",
                "a = a_next",
            ),
            (
                "sets the state to zero",
                "Padding sets the state to zero",
                "np.where(mask[:, t, None], a_next, a)",
                "a_next * mask[:, t, None]",
            ),
            (
                "masks the inputs",
                "The mask is multiplied with the inputs",
                "a_next = rnn_step(x[:, t], a, parameters)\n        a = np.where(mask[:, t, None], a_next, a)",
                "a = rnn_step(x[:, t] * mask[:, t, None], a, parameters)",
            ),
            ("inverts the mask", "The mask is the wrong way round", "a_next, a)", "a, a_next)"),
            ("forgets the axis of the mask", "do not fit", "mask[:, t, None]", "mask[:, t]"),
            ("returns the state", "These are states", "return rnn_output(a, parameters)", "return a"),
            (
                "starts each step from zero",
                "Each step starts from the first state",
                "rnn_step(x[:, t], a,",
                "rnn_step(x[:, t], 0 * a,",
            ),
            ("reads backwards", "from the last to the first", "range(x.shape[1])", "reversed(range(x.shape[1]))"),
            (
                "takes the mean of the states",
                "This is a mean over steps",
                """
                a, states = np.zeros((len(x), len(parameters["b"]))), []
                for t in range(x.shape[1]):
                    a = np.where(mask[:, t, None], rnn_step(x[:, t], a, parameters), a)
                    states.append(a * mask[:, t, None])
                return rnn_output(sum(states) / mask.sum(axis=1, keepdims=True), parameters)
                """,
            ),
            (
                "returns in the loop",
                "after the first step",
                """
                a = np.zeros((len(x), len(parameters["b"])))
                for t in range(x.shape[1]):
                    a = np.where(mask[:, t, None], rnn_step(x[:, t], a, parameters), a)
                    return rnn_output(a, parameters)
                """,
            ),
        ],
    ),
    *mistakes_in(
        "one_to_many",
        [
            ("reads x in each step", "Each step reads the first input", FEED, "x"),
            ("feeds probabilities back", "The next step reads probabilities", FEED, "outputs[-1]"),
            ("feeds zeros", "zeros are read", FEED, "0 * x"),
            ("feeds the least probable", "the least probable", "argmax", "argmin"),
            ("loses the state", "Each step starts from the first state", "rnn_step(x, a, ", "rnn_step(x, 0 * a, "),
            ("stacks on the first axis", "np.stack(outputs, axis=1)", "np.stack(outputs, axis=1)", "np.stack(outputs)"),
            (
                "returns the choices",
                "Return the probabilities",
                "return np.stack(outputs, axis=1)",
                "y = np.stack(outputs, axis=1)\n    return np.eye(y.shape[2])[y.argmax(axis=2)]",
            ),
            ("writes one step too few", "expected", "range(Ty)", "range(max(1, Ty - 1))"),
        ],
    ),
    *mistakes_in(
        "encoder_decoder",
        [
            (
                "forgets the source",
                "The source has no influence",
                "read, outputs = start, []",
                "read, outputs, a = start, [], 0 * a",
            ),
            ("ignores start", "start has no influence", "read, outputs = start", "read, outputs = 0 * start"),
            ("reads padding", "Padding is read like any other step", ENCODE, "rnn_step(x[:, t], a, encoder)"),
            (
                "sets the state to zero",
                "Padding sets the state to zero",
                ENCODE,
                "rnn_step(x[:, t], a, encoder) * mask[:, t, None]",
            ),
            (
                "inverts the mask",
                "The mask is the wrong way round",
                "rnn_step(x[:, t], a, encoder), a)",
                "a, rnn_step(x[:, t], a, encoder))",
            ),
            ("reads start in each step", "Each step reads the first input", DECODE, "start"),
            ("feeds probabilities back", "The next step reads probabilities", DECODE, "outputs[-1]"),
            ("feeds the least probable", "the least probable", "argmax", "argmin"),
            (
                "decodes with the encoder",
                "mismatch in its core dimension",
                "rnn_step(read, a, decoder)",
                "rnn_step(read, a, encoder)",
            ),
            ("writes as many steps as it reads", "expected", "range(Ty)", "range(x.shape[1])"),
            (
                "starts each step from the encoder's state",
                "Each step of the decoder starts from the encoder's state",
                """
                a = np.zeros((len(x), len(encoder["b"])))
                for t in range(x.shape[1]):
                    a = np.where(mask[:, t, None], rnn_step(x[:, t], a, encoder), a)
                read, outputs = start, []
                for _ in range(Ty):
                    outputs.append(rnn_output(rnn_step(read, a, decoder), decoder))
                    read = np.eye(start.shape[1])[outputs[-1].argmax(axis=1)]
                return np.stack(outputs, axis=1)
                """,
            ),
        ],
    ),
    *mistakes_in(
        "type_from_lengths",
        [
            (
                "asks for any equal length",
                "equal in every example",
                "(source == target).all()",
                "(source == target).any()",
            ),
            ("compares sums", "equal in every example", "(source == target).all()", "source.sum() == target.sum()"),
            (
                "compares the longest",
                "equal in every example",
                "(source == target).all()",
                "source.max() == target.max()",
            ),
            (
                "compares the first example",
                "equal in every example",
                "(source == target).all()",
                "source[0] == target[0]",
            ),
            (
                "takes any source of one step",
                "if all its lengths are 1",
                "if (source == 1).all()",
                "if (source == 1).any()",
            ),
            (
                "exchanges both sides",
                "if all its lengths are 1",
                "np.array(source_lengths), np.array(target_lengths)",
                "np.array(target_lengths), np.array(source_lengths)",
            ),
            ("has names of its own", "one of the names in TYPES", "return MANY_TO_ONE", "return 'many to one'"),
        ],
    ),
    *mistakes_in(
        "choose_type",
        [
            (
                "takes three numbers for a sequence",
                "Are three numbers about one flat a sequence",
                'ONE_TO_ONE: {"digit", "price"},\n        ONE_TO_MANY: {"caption", "tune"},\n        MANY_TO_ONE: {',
                'ONE_TO_ONE: {"digit"},\n        ONE_TO_MANY: {"caption", "tune"},\n        MANY_TO_ONE: {"price", ',
            ),
            (
                "labels a sentence once",
                "How many labels come out for a sentence",
                'MANY_TO_ONE: {"stars",',
                'MANY_TO_ONE: {"stars", "entities",',
            ),
            (
                "predicts one word",
                "one at its end, or one after each word",
                'MANY_TO_ONE: {"stars",',
                'MANY_TO_ONE: {"stars", "next word",',
            ),
            (
                "raises one alarm",
                "one at the end, or one after each",
                'MANY_TO_ONE: {"stars",',
                'MANY_TO_ONE: {"stars", "alarm",',
            ),
            (
                "takes a picture for a sequence",
                "Is a sentence one output",
                'ONE_TO_MANY: {"caption", "tune"},\n        MANY_TO_ONE: {',
                'ONE_TO_MANY: {"tune"},\n        MANY_TO_ONE: {"caption", ',
            ),
            ("translates word by word", "Has each English word its place", "EQUAL: {", 'EQUAL: {"translation", '),
            ("writes ten characters from ten", "Has the input ten as well", "EQUAL: {", 'EQUAL: {"date", '),
            ("hears a word in each frame", "Is there one per frame", "EQUAL: {", 'EQUAL: {"speech", '),
        ],
    ),
    *mistakes_in(
        "padding_mask",
        [
            ("marks padding", "The mask is the wrong way round", "max(lengths)) <", "max(lengths)) >="),
            ("has one real step too many", "One step too many is real", "max(lengths)) <", "max(lengths)) <="),
            (
                "has one step too many",
                "There is one step too many",
                "np.arange(max(lengths))",
                "np.arange(max(lengths) + 1)",
            ),
            (
                "returns numbers",
                "A comparison gives True and False",
                "return np.arange(max(lengths)) < np.array(lengths)[:, None]",
                "return (np.arange(max(lengths)) < np.array(lengths)[:, None]).astype(int)",
            ),
            (
                "pads on the left",
                "Padding stands on the right",
                """
                mask = np.arange(max(lengths)) < np.array(lengths)[:, None]
                return mask[:, ::-1]
                """,
            ),
            (
                "has examples in columns",
                "Rows are examples",
                "return np.arange(max(lengths)) < np.array(lengths)[:, None]",
                "return np.arange(max(lengths))[:, None] < np.array(lengths)",
            ),
        ],
    ),
    *mistakes_in(
        "masked_cross_entropy",
        [
            ("counts padding", "Padding counts", "np.log(p[mask])", "np.log(p)"),
            (
                "divides by all steps",
                "divided by the number of all steps",
                "-np.log(p[mask]).mean()",
                "-np.log(p[mask]).sum() / mask.size",
            ),
            (
                "takes the mean of sequences",
                "This is a mean over sequences",
                "-np.log(p[mask]).mean()",
                "-np.mean([np.log(row[real]).mean() for row, real in zip(p, mask)])",
            ),
            (
                "divides by the batch",
                "divided by the number of sequences",
                "-np.log(p[mask]).mean()",
                "-np.log(p[mask]).sum() / len(p)",
            ),
            ("returns the sum", "This is the sum", ".mean()", ".sum()"),
            ("forgets the sign", "wrong sign", "-np.log", "np.log"),
            ("takes base 2", "The logarithm has base 2", "np.log(", "np.log2("),
            (
                "takes the logarithm of the mean",
                "not the logarithm of a mean",
                "-np.log(p[mask]).mean()",
                "-np.log(p[mask].mean())",
            ),
            ("forgets the logarithm", "The logarithm is missing", "-np.log(p[mask]).mean()", "-p[mask].mean()"),
            ("inverts the mask", "The mask is the wrong way round", "p[mask]", "p[~mask] if not mask.all() else p"),
            (
                "masks after the logarithm",
                "Select the real outputs before the logarithm",
                "-np.log(p[mask]).mean()",
                "-(np.log(p) * mask).sum() / mask.sum()",
            ),
        ],
    ),
    *mistakes_in(
        "one_to_one_model",
        [
            ("has no tanh", "The first layer has the activation tanh", 'Dense(n_a, activation="tanh")', "Dense(n_a)"),
            ("has a relu", "The first layer has the activation tanh", '"tanh"', '"relu"'),
            ("has no softmax", "The outputs are no probabilities", 'Dense(n_y, activation="softmax")', "Dense(n_y)"),
            ("has one layer", "Two dense layers", "(a))", "(x))"),
            (
                "returns the outputs",
                "a symbolic Keras tensor",
                'return Model(x, Dense(n_y, activation="softmax")(a))',
                'return Dense(n_y, activation="softmax")(a)',
            ),
        ],
    ),
    *mistakes_in(
        "one_to_many_model",
        [
            (
                "returns the last state",
                "There is no output for each step",
                """
                x = Input((n_x,))
                a = SimpleRNN(n_a)(RepeatVector(Ty)(x))
                return Model(x, Dense(n_y, activation="softmax")(a))
                """,
            ),
            ("has no softmax", "The outputs are no probabilities", TIME_DENSE, "TimeDistributed(Dense(n_y))"),
            ("uses an LSTM", "Use one SimpleRNN", "SimpleRNN(", "keras.layers.LSTM("),
            (
                "reads the input once",
                "The first step alone reads the input",
                "RepeatVector(Ty)(x)",
                "keras.ops.pad(RepeatVector(1)(x), ((0, 0), (0, Ty - 1), (0, 0)))",
            ),
            (
                "repeats the state",
                "RepeatVector comes before the RNN",
                "SimpleRNN(n_a, return_sequences=True)(RepeatVector(Ty)(x))",
                "RepeatVector(Ty)(SimpleRNN(n_a)(RepeatVector(1)(x)))",
            ),
            (
                "repeats one time too many",
                "RepeatVector(Ty) makes Ty steps",
                "RepeatVector(Ty)",
                "RepeatVector(Ty + 1)",
            ),
            (
                "has the softmax over the steps",
                "The softmax ran over the steps",
                TIME_DENSE,
                "(lambda a: keras.ops.softmax(Dense(n_y)(a), axis=1))",
            ),
        ],
    ),
    *mistakes_in(
        "many_to_one_model",
        [
            ("has no mask", "Padding is read like any other step", "Masking()(x)", "x"),
            (
                "returns all states",
                "There is an output for each step",
                "SimpleRNN(n_a)",
                "SimpleRNN(n_a, return_sequences=True)",
            ),
            ("has no softmax", "The outputs are no probabilities", 'Dense(n_y, activation="softmax")', "Dense(n_y)"),
            ("reads backwards", "from the last to the first", "SimpleRNN(n_a)", "SimpleRNN(n_a, go_backwards=True)"),
            ("uses a GRU", "Use one SimpleRNN", "SimpleRNN(", "keras.layers.GRU("),
            ("has five steps", "any number of steps is None", "Input((None, n_x))", "Input((5, n_x))"),
        ],
    ),
    *mistakes_in(
        "many_to_many_model",
        [
            ("has no mask", "Padding is read like any other step", "Masking()(x)", "x"),
            (
                "returns the last state",
                "There is no output for each step",
                """
                x = Input((None, n_x))
                a = SimpleRNN(n_a)(Masking()(x))
                return Model(x, Dense(n_y, activation="softmax")(a))
                """,
            ),
            ("has no softmax", "The outputs are no probabilities", TIME_DENSE, "TimeDistributed(Dense(n_y))"),
            (
                "has the softmax over the steps",
                "The softmax ran over the steps",
                TIME_DENSE,
                "(lambda a: keras.ops.softmax(Dense(n_y)(a), axis=1))",
            ),
        ],
    ),
    *mistakes_in(
        "encoder_decoder_model",
        [
            (
                "does not pass the state",
                "The source has no influence",
                "initial_state=state)",
                "initial_state=0 * state)",
            ),
            ("has no mask on the source", "The encoder reads padding", "Masking()(source)", "source"),
            ("has no softmax", "The outputs are no probabilities", TIME_DENSE, "TimeDistributed(Dense(n_y))"),
            ("swaps the inputs", "in its order", "Model([source, decoder_inputs]", "Model([decoder_inputs, source]"),
            (
                "reads the source backwards",
                "from the last step to the first",
                "return_state=True)",
                "return_state=True, go_backwards=True)",
            ),
            (
                "returns the last output",
                "There is no output for each step",
                """
                source, decoder_inputs = Input((None, n_x)), Input((None, n_y))
                _, state = SimpleRNN(n_a, return_state=True)(Masking()(source))
                a = SimpleRNN(n_a)(decoder_inputs, initial_state=state)
                return Model([source, decoder_inputs], Dense(n_y, activation="softmax")(a))
                """,
            ),
            (
                "uses an LSTM for the encoder",
                "too many values",
                "SimpleRNN(n_a, return_state=True)",
                "keras.layers.LSTM(n_a, return_state=True)",
            ),
            (
                "returns the state too",
                "The outputs are the probabilities alone",
                TIME_DENSE + "(a))",
                "[" + TIME_DENSE + "(a), state])",
            ),
        ],
    ),
]
EQUIVALENT = {
    'many_to_one: a = np.zeros((len(x), len(parameters["b"]))) => '
    'a = np.zeros((len(mask), len(parameters["b"])))': BATCH,
    "many_to_one: for t in range(x.shape[1]): => for t in range(mask.shape[1]):": STEPS,
    "many_to_one: a = np.where(mask[:, t, None], a_next, a) => a = np.where(mask[:, None, t], a_next, a)": COLUMN,
    'encoder_decoder: a = np.zeros((len(x), len(encoder["b"]))) => a = np.zeros((len(mask), len(encoder["b"])))': BATCH,
    'encoder_decoder: a = np.zeros((len(x), len(encoder["b"]))) => a = np.zeros((len(x), len(decoder["b"])))': (
        "both cells have states of one width"
    ),
    "encoder_decoder: for t in range(x.shape[1]): => for t in range(mask.shape[1]):": STEPS,
    "encoder_decoder: a = np.where(mask[:, t, None], rnn_step(x[:, t], a, encoder), a) => "
    "a = np.where(mask[:, None, t], rnn_step(x[:, t], a, encoder), a)": COLUMN,
    "type_from_lengths: if (source == 1).all(): => if (source <= 1).all():": AT_LEAST_ONE,
    "type_from_lengths: return ONE_TO_ONE if (target == 1).all() else ONE_TO_MANY => "
    "return ONE_TO_ONE if (target <= 1).all() else ONE_TO_MANY": AT_LEAST_ONE,
    "type_from_lengths: if (target == 1).all(): => if (target <= 1).all():": AT_LEAST_ONE,
    f"masked_cross_entropy: p = {P}  # (m, T) => "
    "p = np.take_along_axis(y, targets[..., None])[..., 0]  # (m, T)": "the last axis is the default of newer NumPy",
    f"masked_cross_entropy: p = {P}  # (m, T) => "
    "p = np.take_along_axis(y, targets[..., None], axis=-1)[..., -1]  # (m, T)": "the last axis has one entry",
    "encoder_decoder_model: _, state = SimpleRNN(n_a, return_state=True)(Masking()(source))  # (m, n_a) => "
    "state, _ = SimpleRNN(n_a, return_state=True)(Masking()(source))  # (m, n_a)": "output and state are the same",
}
UNREAD_ARGUMENTS = {"one_to_one: parameters['Wa']": "the state before the step is zero"}
EQUAL_SPELLINGS = {
    "other axes and gathers": [
        ("many_to_many", "return np.stack(outputs, axis=1)", "return np.array(outputs).transpose(1, 0, 2)"),
        ("many_to_one", "np.where(mask[:, t, None], a_next, a)", "a_next * mask[:, [t]] + a * (1 - mask[:, [t]])"),
        ("one_to_many", FEED, "np.array([row == row.max() for row in outputs[-1]], float)"),
        ("encoder_decoder", DECODE, "(outputs[-1] == outputs[-1].max(axis=1, keepdims=True)).astype(float)"),
        ("masked_cross_entropy", P, "np.einsum('bty,bty->bt', y, np.eye(y.shape[-1])[targets])"),
        ("one_to_many_model", TIME_DENSE, "Dense(n_y, activation='softmax')"),
        ("many_to_many_model", TIME_DENSE, "Dense(n_y, activation='softmax')"),
        ("encoder_decoder_model", TIME_DENSE, "Dense(n_y, activation='softmax')"),
    ],
    "float32 inside": [
        ("one_to_one", 'np.zeros((len(x), len(parameters["b"])))', "np.zeros((x.shape[0], parameters['Wa'].shape[0]))"),
        ("padding_mask", "np.array(lengths)[:, None]", "np.reshape(lengths, (-1, 1))"),
        ("masked_cross_entropy", "-np.log(p[mask]).mean()", "-np.log(np.where(mask, p, 1)).sum() / mask.sum()"),
    ],
}
