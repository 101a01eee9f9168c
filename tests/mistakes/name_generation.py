"""Known mistakes in `name_generation`."""

from dlseq.authoring.mistakes import Mistake

CLIP, SAMPLE, OPTIMIZE, MODEL = "clip", "sample", "optimize", "model"
BATCH, NETWORK, PROBABILITIES, NAME = "name_batch", "name_model", "next_probabilities", "sample_name"

ZEROS = 'x, a = np.zeros_like(parameters["by"]), np.zeros_like(parameters["b"])'
DRAWN = "int(np.random.choice(len(y), p=y.ravel()))"
FIRST_COLUMN = """
    x, a = np.zeros(len(char_to_ix)), np.zeros(parameters["b"].shape[0])
    indices, newline = [], char_to_ix["\\n"]
    for counter in range(50):
        a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a + parameters["b"])
        y = softmax(parameters["Wya"] @ a + parameters["by"])
        np.random.seed(counter + seed)
        indices.append(int(np.random.choice(len(y), p=y[:, 0])))
        seed += 1
        if indices[-1] == newline:
            break
        x = np.zeros_like(x)
        x[indices[-1]] = 1
    return indices if len(indices) < 50 else [*indices, newline]
"""
FROM_SHAPES, ONE_AXIS = "Take every size from the shapes of the arguments", "A column of zeros has the shape (n, 1)"
COLUMNS = [  # zero vectors of other shapes; `model` calls `sample`, and loses points where that raises an exception
    Mistake(
        "types the sizes of columns",
        SAMPLE,
        (SAMPLE, MODEL),
        FROM_SHAPES,
        (ZEROS, "x, a = np.zeros((27, 1)), np.zeros((100, 1))"),
    ),
    Mistake(
        "types the sizes of a vector and a square",
        SAMPLE,
        (SAMPLE, MODEL),
        FROM_SHAPES,
        (ZEROS, "x, a = np.zeros(27), np.zeros((100, 100))"),
    ),
    Mistake(
        "begins with vectors of one axis",
        SAMPLE,
        (SAMPLE, MODEL),
        ONE_AXIS,
        (ZEROS, 'x, a = np.zeros(len(char_to_ix)), np.zeros(len(parameters["b"]))'),
    ),
    Mistake(
        "begins with a square state",
        SAMPLE,
        (SAMPLE, MODEL),
        ONE_AXIS,
        (ZEROS, 'x, a = np.zeros_like(parameters["by"]), np.zeros_like(parameters["Waa"])'),
    ),
    Mistake(
        "takes the column of the counter",
        SAMPLE,
        (SAMPLE, MODEL),
        "does not exist on axis 1, which has the size 1",
        (DRAWN, "int(np.random.choice(len(y), p=y[:, counter]))"),
    ),
    Mistake(
        "takes the first column of a square", SAMPLE, (SAMPLE,), "The zero vectors have one axis", body=FIRST_COLUMN
    ),
]

MISTAKES = [
    *COLUMNS,
    Mistake(
        "ends Y with the first input",
        MODEL,
        (MODEL,),
        "A single number is needed",
        ('Y = [*X[1:], char_to_ix["\\n"]]', "Y = X[1:] + X[:1]"),
    ),
    Mistake(
        "types 10 for the newline of a target",
        MODEL,
        (MODEL,),
        "The index 10 does not exist",
        ('char_to_ix["\\n"]', "10"),
    ),
    Mistake(
        "clips in place",
        CLIP,
        (CLIP,),
        "in place",
        body="""
        for gradient in gradients.values():
            np.clip(gradient, -maxValue, maxValue, out=gradient)
        return gradients
    """,
    ),
    Mistake(
        "returns nothing, and leaves its argument as it is",
        CLIP,
        (CLIP, OPTIMIZE, MODEL),
        "did not return a dict",
        body="clipped = {name: np.clip(value, -maxValue, maxValue) for name, value in gradients.items()}",
    ),
    Mistake(
        "forgets to clip dby",
        CLIP,
        (CLIP, OPTIMIZE),
        "dby is not clipped",
        body="""
        names = ("dWaa", "dWax", "dWya", "db")
        return {**gradients, **{name: np.clip(gradients[name], -maxValue, maxValue) for name in names}}
    """,
    ),
    Mistake("loses dby", CLIP, (CLIP, OPTIMIZE, MODEL), "Return all five gradients", (', "dby")', ")")),
    Mistake(
        "clips one side only",
        CLIP,
        (CLIP, OPTIMIZE),
        "Only one side",
        ("np.clip(gradients[name], -maxValue, maxValue)", "np.minimum(gradients[name], maxValue)"),
    ),
    Mistake(
        "scales by the norm",
        CLIP,
        (CLIP, OPTIMIZE, MODEL),
        "scaled by their norm",
        body="""
        norm = np.sqrt(sum((gradients[name] ** 2).sum() for name in ("dWaa", "dWax", "dWya", "db", "dby")))
        return {name: gradients[name] * maxValue / norm for name in ("dWaa", "dWax", "dWya", "db", "dby")}
    """,
    ),
    Mistake(
        "takes the argmax",
        SAMPLE,
        (SAMPLE,),
        "The index is the argmax",
        ("int(np.random.choice(len(y), p=y.ravel()))", "int(np.argmax(y))"),
    ),
    Mistake(
        "forgets the newline after 50 characters",
        SAMPLE,
        (SAMPLE,),
        "After 50 characters append",
        ("indices if len(indices) < 50 else [*indices, newline]", "indices"),
    ),
    Mistake("stops after 49 characters", SAMPLE, (SAMPLE,), "Stop after 50", ("range(50)", "range(49)")),
    Mistake("does not feed back the character", SAMPLE, (SAMPLE,), "feed it back", ("x[indices[-1]] = 1", "pass")),
    Mistake(
        "loses the hidden state",
        SAMPLE,
        (SAMPLE,),
        "The hidden state is lost",
        ('parameters["Waa"] @ a ', 'parameters["Waa"] @ np.zeros_like(a) '),
    ),
    Mistake("increments the counter only", SAMPLE, (SAMPLE,), "counter AND seed", ("        seed += 1\n", "")),
    Mistake(
        "seeds once",
        SAMPLE,
        (SAMPLE,),
        "not once",
        ("        np.random.seed(counter + seed)", "        counter or np.random.seed(seed)"),
    ),
    Mistake(
        "continues after the newline",
        SAMPLE,
        (SAMPLE,),
        "stop after it was drawn",
        ("            break", "            pass"),
    ),
    Mistake(
        "takes index 0 for the newline", SAMPLE, (SAMPLE,), "the newline from char_to_ix", ('char_to_ix["\\n"]', "0")
    ),
    Mistake("forgets by", SAMPLE, (SAMPLE,), "A bias is missing", (' + parameters["by"])', ")")),
    Mistake(
        "does not clip before the update",
        OPTIMIZE,
        (OPTIMIZE,),
        "Clip before the update",
        body="""
        loss, cache = rnn_forward(X, Y, a_prev, parameters)
        gradients, a = rnn_backward(X, Y, parameters, cache)
        update_parameters(parameters, gradients, learning_rate)
        return loss, clip(gradients, 5), a[len(X) - 1]
    """,
    ),
    Mistake(
        "discards the clipped gradients",
        OPTIMIZE,
        (OPTIMIZE,),
        "Clip before the update",
        ("    gradients = clip(", "    clip("),
    ),
    Mistake(
        "adds the gradient",
        OPTIMIZE,
        (OPTIMIZE, MODEL),
        "The update has the wrong sign",
        ("gradients, learning_rate", "gradients, -learning_rate"),
    ),
    Mistake(
        "forgets the update",
        OPTIMIZE,
        (OPTIMIZE, MODEL),
        "call update_parameters",
        ("    update_parameters(parameters, gradients, learning_rate)\n", ""),
    ),
    Mistake(
        "fixes the learning rate",
        OPTIMIZE,
        (OPTIMIZE,),
        "argument learning_rate",
        ("gradients, learning_rate", "gradients, 0.01"),
    ),
    Mistake(
        "returns the first hidden state",
        OPTIMIZE,
        (OPTIMIZE, MODEL),
        "after the first time step",
        ("a[len(X) - 1]", "a[0]"),
    ),
    Mistake(
        "computes Y from X",
        OPTIMIZE,
        (OPTIMIZE, MODEL),
        "Use the argument Y",
        ("loss, cache = rnn_forward(", "Y = [*X[1:], 0]\n    loss, cache = rnn_forward("),
    ),
    Mistake(
        "computes X from Y",
        OPTIMIZE,
        (OPTIMIZE,),
        "Use the argument X",
        ("loss, cache = rnn_forward(", "X = [None, *Y[:-1]]\n    loss, cache = rnn_forward("),
    ),
    Mistake(
        "begins with zeros in optimize",
        OPTIMIZE,
        (OPTIMIZE, MODEL),
        "Use the argument a_prev",
        ("rnn_forward(X, Y, a_prev, parameters)", "rnn_forward(X, Y, np.zeros_like(a_prev), parameters)"),
    ),
    Mistake(
        "types 0 for the newline of a target",
        MODEL,
        (MODEL,),
        "index of the newline from char_to_ix",
        ('char_to_ix["\\n"]', "0"),
    ),
    Mistake(
        "starts every name with zeros",
        MODEL,
        (MODEL,),
        "Pass on the state that optimize returned",
        ("curr_loss, _, a_prev = ", "curr_loss, _, _ = "),
    ),
    Mistake(
        "does not shift X and Y",
        MODEL,
        (MODEL,),
        "X is not shifted",
        ('Y = [*X[1:], char_to_ix["\\n"]]', 'X = Y = [*X[1:], char_to_ix["\\n"]]'),
    ),
    Mistake(
        "forgets the newline in Y",
        MODEL,
        (MODEL,),
        "where a name ends",
        ('Y = [*X[1:], char_to_ix["\\n"]]', "X, Y = X[:-1], X[1:]"),
    ),
    Mistake("does not strip line breaks", MODEL, (MODEL,), "was not stripped", ("name.strip()", 'name.strip(" ")')),
    Mistake(
        "does not shuffle",
        MODEL,
        (MODEL,),
        "not shuffled",
        ("    np.random.shuffle(examples)", "    list(examples)"),
    ),
    Mistake(
        "trains on one name only", MODEL, (MODEL,), "uses the same name", ("examples[j % len(examples)]", "examples[0]")
    ),
    Mistake(
        "gives padding weight 1",
        BATCH,
        (BATCH,),
        "Its weight is 0",
        ("weights[row, : len(name) + 1] = 1", "weights[row] = 1"),
    ),
    Mistake(
        "gives the end token weight 0",
        BATCH,
        (BATCH,),
        "never learns to stop",
        ("weights[row, : len(name) + 1] = 1", "weights[row, : len(name)] = 1"),
    ),
    Mistake(
        "does not shift the inputs",
        BATCH,
        (BATCH,),
        "x is not shifted",
        ("x[:, 1:] = np.eye(len(char_to_ix))[y[:, :-1]]", "x[:] = np.eye(len(char_to_ix))[y]"),
    ),
    Mistake(
        "rolls the inputs",
        BATCH,
        (BATCH,),
        "The first time step of x is the last character",
        ("x[:, 1:] = np.eye(len(char_to_ix))[y[:, :-1]]", "x[:] = np.eye(len(char_to_ix))[np.roll(y, 1, axis=1)]"),
    ),
    Mistake(
        "types 0 for the newline of a batch",
        BATCH,
        (BATCH,),
        "index of the newline from char_to_ix",
        ('char_to_ix["\\n"]', "0"),
    ),
    Mistake(
        "predicts once for the whole sequence",
        NETWORK,
        (NETWORK, NAME),
        "return_sequences=True",
        (", return_sequences=True", ""),
    ),
    Mistake(
        "puts a softmax at the end",
        NETWORK,
        (NETWORK, NAME),
        "Leave the softmax out",
        ("Dense(vocab_size)", 'Dense(vocab_size, activation="softmax")'),
    ),
    Mistake(
        "forgets from_logits=True",
        NETWORK,
        (NETWORK,),
        "set from_logits=True",
        ("from_logits=True", "from_logits=False"),
    ),
    Mistake("learns at another rate", NETWORK, (NETWORK,), "learning rate of 0.01", ("Adam(0.01)", "Adam()")),
    Mistake(
        "applies the temperature to probabilities",
        PROBABILITIES,
        (PROBABILITIES, NAME),
        "applied to the probabilities",
        (
            'np.asarray(logits, "float64") / temperature',
            'softmax(np.asarray(logits, "float64")) / temperature',
        ),
    ),
    Mistake(
        "multiplies by the temperature",
        PROBABILITIES,
        (PROBABILITIES, NAME),
        "the wrong way round",
        (" / temperature", " * temperature"),
    ),
    Mistake(
        "stays in float32",
        PROBABILITIES,
        (PROBABILITIES,),
        "double precision first",
        ('np.asarray(logits, "float64") / temperature', "logits / temperature"),
    ),
    Mistake("ignores the temperature", PROBABILITIES, (PROBABILITIES, NAME), "has no effect", (" / temperature", "")),
    Mistake(
        "keeps the k smallest logits",
        PROBABILITIES,
        (PROBABILITIES, NAME),
        "The k smallest logits are kept",
        body="""
        scaled = np.asarray(logits, "float64") / temperature
        if top_k is not None:
            scaled = np.where(scaled <= np.sort(scaled)[min(top_k, len(scaled)) - 1], scaled, -np.inf)
        return softmax(scaled)
    """,
    ),
    Mistake(
        "does not normalize after top-k",
        PROBABILITIES,
        (PROBABILITIES, NAME),
        "sum to one again",
        body="""
        probabilities = softmax(np.asarray(logits, "float64") / temperature)
        if top_k is not None:
            threshold = np.sort(probabilities)[-min(top_k, len(probabilities))]
            probabilities = np.where(probabilities >= threshold, probabilities, 0)
        return probabilities
    """,
    ),
    Mistake(
        "sets the other logits to zero",
        PROBABILITIES,
        (PROBABILITIES, NAME),
        "exp(0) is 1",
        ("scaled, -np.inf", "scaled, 0.0"),
    ),
    Mistake(
        "does not stop at the end token",
        NAME,
        (NAME,),
        "loop continues after",
        ("            break", "            pass"),
    ),
    Mistake(
        "takes index 0 for the end token",
        NAME,
        (NAME,),
        "loop continues after",
        ('char_to_ix["\\n"]', "0"),
    ),
    Mistake(
        "drops the end token",
        NAME,
        (NAME,),
        "belongs in the list",
        (
            "        indices.append(index)\n        if index == newline:\n            break\n",
            "        if index == newline:\n            break\n        indices.append(index)\n",
        ),
    ),
    Mistake(
        "takes the argmax of the logits",
        NAME,
        (NAME,),
        "The index is the argmax",
        ("int(rng.choice(vocab_size, p=next_probabilities(logits, temperature, top_k)))", "int(np.argmax(logits))"),
    ),
    Mistake(
        "does not feed back",
        NAME,
        (NAME,),
        "not fed back",
        ('np.eye(vocab_size, dtype="float32")[None, [index]]', "np.zeros_like(x[:, :1])"),
    ),
    Mistake(
        "does not pass top_k on", NAME, (NAME,), "top_k is not passed on", ("temperature, top_k))", "temperature))")
    ),
    Mistake(
        "does not pass the temperature on",
        NAME,
        (NAME,),
        "temperature is not passed on",
        ("logits, temperature, top_k", "logits, 1.0, top_k"),
    ),
]


def _changed(function, line, *changes):
    """Return the names of mutants of a line, for (old, new) texts in it."""
    return [f"{function}: {line} => {line.replace(old, new)}" for old, new in changes]


CLIP_LINE = "return {name: np.clip(gradients[name], -maxValue, maxValue) for name in "
CLIP_LINE += '("dWaa", "dWax", "dWya", "db", "dby")}'
RETURN_LINE = "return indices if len(indices) < 50 else [*indices, newline]"
LOGITS = "logits = ops.convert_to_numpy(model(x, training=False))[0, -1]  # (V,)"
FEEDBACK_LINE = 'x = np.concatenate([x, np.eye(vocab_size, dtype="float32")[None, [index]]], axis=1)'
REASONS = [
    (
        "the order of a dict has no effect",
        _changed(
            CLIP,
            CLIP_LINE,
            ('"dWaa", "dWax"', '"dWax", "dWaa"'),
            ('"dWax", "dWya"', '"dWya", "dWax"'),
            ('"dWya", "db"', '"db", "dWya"'),
            ('"db", "dby"', '"dby", "db"'),
        ),
    ),
    (
        "the median of three values does not depend on their order",
        _changed(CLIP, CLIP_LINE, ("gradients[name], -maxValue", "-maxValue, gradients[name]")),
    ),
    (
        "CPython keeps one object for each small integer",
        _changed(SAMPLE, "if indices[-1] == newline:", ("==", "is"))
        + _changed(NAME, "if index == newline:", ("==", "is")),
    ),
    ("the loop ends at 50", _changed(SAMPLE, RETURN_LINE, ("<", "!="))),
    (
        "X is as long as Y, and rnn_backward needs its length alone",
        _changed(OPTIMIZE, "gradients, a = rnn_backward(X, Y, parameters, cache)", ("(X", "(Y"))
        + _changed(OPTIMIZE, "return loss, gradients, a[len(X) - 1]", ("(X", "(Y")),
    ),
    (
        "no layer of the model behaves differently in training",
        _changed(NAME, LOGITS, ("False", "True"), (", training=False", "")),
    ),
    ("there is one row in the batch", _changed(NAME, LOGITS, ("[0,", "[ -1,"))),
    (
        "0.01 is the default of optimize",
        _changed(
            MODEL,
            "curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)",
            (", learning_rate=0.01", ""),
        ),
    ),
    (
        "the smaller of two integers does not depend on their order",
        _changed(
            PROBABILITIES,
            "threshold = np.sort(scaled)[-min(top_k, len(scaled))]",
            ("top_k, len(scaled)", "len(scaled), top_k"),
        ),
    ),
    ("Keras converts inputs to float32", _changed(NAME, FEEDBACK_LINE, (', dtype="float32"', ""))),
    ("both have the shape (1, 1, V)", _changed(NAME, FEEDBACK_LINE, ("[None, [index]]", "[[index], None]"))),
]
EQUIVALENT = {change: reason for reason, changes in REASONS for change in changes}

SIZE = "by definition the number of characters"
INVERSE = "by definition each vocabulary is the inverse of the other"
UNREAD_ARGUMENTS = {
    "model: ix_to_char = {value: key for key, value in char_to_ix.items()}": INVERSE,
    "model: char_to_ix = {value: key for key, value in ix_to_char.items()}": INVERSE,
    "model: vocab_size = len(ix_to_char)": SIZE,
    "model: vocab_size = len(char_to_ix)": SIZE,
    "model: dino_names = 3": "the given part of the function draws names with `sample`, which has tests of its own",
    "model: verbose": "for printing only",
    **{f"model: ix_to_char[{index}]": "the given part of the function decodes names with it" for index in range(7)},
}

EQUAL_SPELLINGS = {
    "einsum": [
        (SAMPLE, 'parameters["Wax"] @ x', 'np.einsum("ij,jm->im", parameters["Wax"], x)'),
        (SAMPLE, 'softmax(parameters["Wya"] @ a', 'softmax(np.einsum("ij,jm->im", parameters["Wya"], a)'),
        (
            CLIP,
            "np.clip(gradients[name], -maxValue, maxValue)",
            "np.maximum(np.minimum(gradients[name], maxValue), -maxValue)",
        ),
        (PROBABILITIES, "np.exp(scaled - np.max(scaled))", "np.exp(scaled - np.logaddexp.reduce(scaled))"),
    ],
    "powers": [
        (PROBABILITIES, "np.exp(scaled - np.max(scaled))", "2.0 ** ((scaled - np.max(scaled)) / np.log(2))"),
        (SAMPLE, 'parameters["Wax"] @ x', '(parameters["Wax"] * x.T).sum(axis=1, keepdims=True)'),
    ],
}
