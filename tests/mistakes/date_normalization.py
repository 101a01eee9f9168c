"""Common mistakes in `date_normalization`.

The model calls `one_step_attention`, so a mistake there costs points of the model too; and where no model with the
reference's weights can be built, it costs those of the map as well. `loses` lists them all.
"""

from dlseq.authoring.mistakes import Mistake

ATTENTION, MODEL, MAP = "one_step_attention", "modelf", "attention_map"

MISTAKES = [
    Mistake(
        "runs the softmax along the last axis",
        ATTENTION,
        (ATTENTION, MODEL),
        "ran along an axis of length one",
        ("activator(energies)", "keras.ops.softmax(energies)"),
    ),
    Mistake(
        "runs the softmax over the batch",
        ATTENTION,
        (ATTENTION, MODEL),
        "do not sum to one over the Tx characters",
        ("activator(energies)", "keras.ops.softmax(energies, axis=0)"),
    ),
    Mistake(
        "uses energies as weights",
        ATTENTION,
        (ATTENTION, MODEL),
        "activator turns energies into weights",
        ("activator(energies)", "energies"),
    ),
    Mistake(
        "takes the dot product in the other order",
        ATTENTION,
        (ATTENTION, MODEL, MAP),
        "the weights come first in the list",
        ("dotor([activator(energies), a])", "dotor([a, activator(energies)])"),
    ),
    Mistake(
        "concatenates the state before a",
        ATTENTION,
        (ATTENTION, MODEL),
        "The hidden state stands before a",
        ("[a, repeator(s_prev)]", "[repeator(s_prev), a]"),
    ),
    Mistake(
        "does not repeat the state",
        ATTENTION,
        (ATTENTION, MODEL, MAP),
        "which of the layers makes Tx copies",
        ("repeator(s_prev)", "s_prev"),
    ),
    Mistake(
        "computes attention without the state",
        ATTENTION,
        (ATTENTION, MODEL),
        "s_prev has no influence",
        ("repeator(s_prev)", "repeator(0 * s_prev)"),
    ),
    Mistake(
        "makes new layers at each step",
        ATTENTION,
        (ATTENTION, MODEL, MAP),
        "has new weights at each call",
        body="""
        concat = Concatenate()([a, RepeatVector(Tx)(s_prev)])
        energies = Dense(1, activation="relu")(Dense(10, activation="tanh")(concat))
        return Dot(axes=1)([Softmax(axis=1)(energies), a])
        """,
    ),
    Mistake(
        "drops the axis of the step",
        ATTENTION,
        (ATTENTION, MODEL, MAP),
        "Keep the axis of length one",
        ("return dotor([activator(energies), a])", "return dotor([activator(energies), a])[:, 0]"),
    ),
    Mistake(
        "weights a and does not sum",
        ATTENTION,
        (ATTENTION, MODEL),
        "Weighted, but not summed",
        ("dotor([activator(energies), a])", "activator(energies) * a"),
    ),
    Mistake(
        "sums the state instead of a",
        ATTENTION,
        (ATTENTION, MODEL, MAP),
        "The state only takes part in the energies",
        ("(energies), a])", "(energies), repeator(s_prev)])"),
    ),
    Mistake(
        "sums a with the state concatenated to it",
        ATTENTION,
        (ATTENTION, MODEL, MAP),
        "without the state concatenated to it",
        ("(energies), a])", "(energies), concat])"),
    ),
    Mistake(
        "returns the weights for the context",
        ATTENTION,
        (ATTENTION, MODEL, MAP),
        "the sum of a that they weight",
        ("dotor([activator(energies), a])", "activator(energies)"),
    ),
    Mistake(
        "computes attention from s0 at each step",
        MODEL,
        (MODEL,),
        "computed from the same hidden state at each step",
        ("one_step_attention(a, s)", "one_step_attention(a, s0)"),
    ),
    Mistake(
        "computes attention from the cell state",
        MODEL,
        (MODEL,),
        "computed from the cell state c",
        ("one_step_attention(a, s)", "one_step_attention(a, c)"),
    ),
    Mistake(
        "starts the decoder from s0 at each step",
        MODEL,
        (MODEL,),
        "The decoder gets s0 at each step",
        ("=[s, c]", "=[s0, c]"),
    ),
    Mistake(
        "starts the decoder from c0 at each step",
        MODEL,
        (MODEL,),
        "The decoder gets c0 at each step",
        ("=[s, c]", "=[s, c0]"),
    ),
    Mistake(
        "exchanges hidden state and cell state", MODEL, (MODEL,), "s and c have changed places", ("=[s, c]", "=[c, s]")
    ),
    Mistake(
        "starts every step from s0 and c0",
        MODEL,
        (MODEL,),
        "Each output is the first one again",
        (
            "        s, _, c = post",
            "        s, c = s0, c0\n        context = one_step_attention(a, s)\n        s, _, c = post",
        ),
    ),
    Mistake(
        "leaves the first state to Keras",
        MODEL,
        (MODEL,),
        "have no influence",
        ("s, c, outputs = s0, c0, []", "s, c, outputs = 0 * s0, 0 * c0, []"),
    ),
    Mistake(
        "takes the hidden state for the cell state",
        MODEL,
        (MODEL,),
        "its output, its hidden state and its cell state",
        ("s, _, c = post", "s, c, _ = post"),
    ),
    Mistake(
        "passes the inputs in another order",
        MODEL,
        (MODEL,),
        "s and c have changed places",
        ("Model([X, s0, c0]", "Model([X, c0, s0]"),
    ),
    Mistake(
        "appends once, after the loop",
        MODEL,
        (MODEL, MAP),
        "append it to the list inside the loop",
        ("        outputs.append", "    outputs.append"),
    ),
    Mistake(
        "returns the last output alone",
        MODEL,
        (MODEL, MAP),
        "append it to the list inside the loop",
        ("c0], outputs)", "c0], outputs[-1:])"),
    ),
    Mistake("always decodes ten steps", MODEL, (MODEL, MAP), "outputs, expected Ty", ("range(Ty)", "range(10)")),
    Mistake(
        "makes the encoder return its last step alone",
        MODEL,
        (MODEL, MAP),
        "attention needs a vector for each",
        (", return_sequences=True", ""),
    ),
    Mistake(
        "gives the encoder the units of the decoder",
        MODEL,
        (MODEL, MAP),
        "The encoder has n_a units in each direction",
        ("LSTM(n_a", "LSTM(n_s"),
    ),
    Mistake(
        "divides the units between the directions",
        MODEL,
        (MODEL, MAP),
        "The encoder has n_a units in each direction",
        ("LSTM(n_a", "LSTM((n_a + 1) // 2"),
    ),
    Mistake(
        "encodes in one direction",
        MODEL,
        (MODEL, MAP),
        "does not have exactly one Bidirectional layer",
        ("Bidirectional(LSTM(n_a, return_sequences=True))", "LSTM(2 * n_a, return_sequences=True)"),
    ),
    Mistake(
        "makes a decoder for each step",
        MODEL,
        (MODEL, MAP),
        "post_activation_LSTM_cell was never called",
        ("post_activation_LSTM_cell(", "LSTM(n_s, return_state=True)("),
    ),
    Mistake(
        "makes an output layer for each step, without an activation",
        MODEL,
        (MODEL, MAP),
        "output_layer was never called",
        ("output_layer(s)", "Dense(machine_vocab_size)(s)"),
    ),
    Mistake(
        "applies output_layer to the context",
        MODEL,
        (MODEL, MAP),
        "is the hidden state of the decoder",
        ("output_layer(s)", "output_layer(context)"),
    ),
    Mistake(
        "outputs before the step",
        MODEL,
        (MODEL,),
        "The first output is wrong already",
        body="""
        a = Bidirectional(LSTM(n_a, return_sequences=True))(X)
        s, c, outputs = s0, c0, []
        for _ in range(Ty):
            outputs.append(output_layer(s))
            s, _, c = post_activation_LSTM_cell(one_step_attention(a, s), initial_state=[s, c])
        outputs.append(output_layer(s))
        return Model([X, s0, c0], [outputs[0], *outputs[2:]])
        """,
    ),
    Mistake(
        "returns energies for weights",
        MAP,
        (MAP,),
        "These are energies",
        (
            "activator(densor2(densor1(concatenator([a, repeator(s)]))))",
            "densor2(densor1(concatenator([a, repeator(s)])))",
        ),
    ),
    Mistake(
        "returns energies, and uses weights for the context",
        MAP,
        (MAP,),
        "These are energies",
        body="""
        rows = []
        for _ in range(steps):
            energies = densor2(densor1(concatenator([a, repeator(s)])))
            rows.append(keras.ops.convert_to_numpy(energies)[0, :, 0])
            s, _, c = post_activation_LSTM_cell(one_step_attention(a, s), initial_state=[s, c])
        return np.stack(rows)
        """,
    ),
    Mistake(
        "runs the softmax of the map along the last axis",
        MAP,
        (MAP,),
        "ran along an axis of length one",
        ("activator(densor2(", "keras.ops.softmax(densor2("),
    ),
    Mistake("transposes the map", MAP, (MAP,), "The map is transposed", ("np.stack(rows)", "np.stack(rows).T")),
    Mistake("keeps an axis of length one", MAP, (MAP,), "Axes of length one are left", (".ravel()", "[0]")),
    Mistake(
        "computes each row of the map from the same state",
        MAP,
        (MAP,),
        "Each row is the first again",
        ("s, _, c = post", "_ = post"),
    ),
    Mistake(
        "loses the cell state between the steps of the map",
        MAP,
        (MAP,),
        "carry both s and c",
        ("initial_state=[s, c]", "initial_state=[s, 0 * c]"),
    ),
    Mistake(
        "collects the weights after the step",
        MAP,
        (MAP,),
        "one step late",
        body="""
        rows = []
        for _ in range(steps):
            s, _, c = post_activation_LSTM_cell(one_step_attention(a, s), initial_state=[s, c])
            alphas = activator(densor2(densor1(concatenator([a, repeator(s)]))))
            rows.append(keras.ops.convert_to_numpy(alphas)[0, :, 0])
        return np.stack(rows)
        """,
    ),
    Mistake(
        "always maps ten characters", MAP, (MAP,), "A row for each output character", ("range(steps)", "range(10)")
    ),
]

LAST_OUTPUT = "the output of the last step of an LSTM is its hidden state"
EQUIVALENT = {
    "modelf: s, _, c = post_activation_LSTM_cell(context, initial_state=[s, c])"
    " => _, s, c = post_activation_LSTM_cell(context, initial_state=[s, c])": LAST_OUTPUT,
    "attention_map: s, _, c = post_activation_LSTM_cell(dotor([alphas, a]), initial_state=[s, c])"
    " => _, s, c = post_activation_LSTM_cell(dotor([alphas, a]), initial_state=[s, c])": LAST_OUTPUT,
}
UNREAD_ARGUMENTS = {
    "modelf: Tx = 30": "repeator, a layer of the whole file, has this size",
    "modelf: n_s = 64": "post_activation_LSTM_cell, a layer of the whole file, has this size",
    "modelf: machine_vocab_size = 11": "output_layer has this size; the docstring says that it need not be used",
}

CONTEXT_LINE = "return dotor([activator(energies), a])"
EQUAL_SPELLINGS = {
    "einsum": [
        (
            "one_step_attention",
            CONTEXT_LINE,
            'return keras.ops.einsum("mto,mtd->mod", activator(energies), a)',
        ),
    ],
    "sums of products": [
        (
            "one_step_attention",
            CONTEXT_LINE,
            "return keras.ops.sum(activator(energies) * a, axis=1, keepdims=True)",
        ),
        ("attention_map", "dotor([alphas, a])", "keras.ops.sum(alphas * a, axis=1, keepdims=True)"),
    ],
}
