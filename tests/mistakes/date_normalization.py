"""What learners get wrong in `date_normalization`.

A wrong look makes the model wrong that looks, and where no model with the right weights can be built, there is no map
of it either: such mistakes declare all that they cost.
"""

from dlseq.authoring.mistakes import Mistake

LOOK, MODEL, MAP = "one_step_attention", "modelf", "attention_map"

MISTAKES = [
    Mistake(
        "runs the softmax along the last axis",
        LOOK,
        (LOOK, MODEL),
        "ran along an axis of length one",
        ("activator(energies)", "keras.ops.softmax(energies)"),
    ),
    Mistake(
        "runs the softmax over the batch",
        LOOK,
        (LOOK, MODEL),
        "do not sum to one over the Tx characters",
        ("activator(energies)", "keras.ops.softmax(energies, axis=0)"),
    ),
    Mistake(
        "takes the energies for weights",
        LOOK,
        (LOOK, MODEL),
        "energies become weights in activator",
        ("activator(energies)", "energies"),
    ),
    Mistake(
        "puts the state before a",
        LOOK,
        (LOOK, MODEL),
        "The state stands before a",
        ("[a, repeator(s_prev)]", "[repeator(s_prev), a]"),
    ),
    Mistake(
        "does not copy the state",
        LOOK,
        (LOOK, MODEL, MAP),
        "which of the layers makes Tx copies",
        ("repeator(s_prev)", "s_prev"),
    ),
    Mistake(
        "looks without the state",
        LOOK,
        (LOOK, MODEL),
        "s_prev has no influence",
        ("repeator(s_prev)", "repeator(0 * s_prev)"),
    ),
    Mistake(
        "makes new layers at each look",
        LOOK,
        (LOOK, MODEL, MAP),
        "begins anew each time",
        body="""
        beside = Concatenate()([a, RepeatVector(Tx)(s_prev)])
        energies = Dense(1, activation="relu")(Dense(10, activation="tanh")(beside))
        return Dot(axes=1)([Softmax(axis=1)(energies), a])
        """,
    ),
    Mistake(
        "drops the axis of the step",
        LOOK,
        (LOOK, MODEL, MAP),
        "Keep the axis of length one",
        ("return dotor([activator(energies), a])", "return dotor([activator(energies), a])[:, 0]"),
    ),
    Mistake(
        "weighs and does not add up",
        LOOK,
        (LOOK, MODEL),
        "Weighted, but not added up",
        ("dotor([activator(energies), a])", "activator(energies) * a"),
    ),
    Mistake(
        "weighs the state",
        LOOK,
        (LOOK, MODEL, MAP),
        "The weights weigh a. The state only helps",
        ("(energies), a])", "(energies), repeator(s_prev)])"),
    ),
    Mistake(
        "weighs a with the state beside it",
        LOOK,
        (LOOK, MODEL, MAP),
        "without the state beside it",
        ("(energies), a])", "(energies), beside])"),
    ),
    Mistake(
        "returns the weights for the context",
        LOOK,
        (LOOK, MODEL, MAP),
        "The context is what they make of a",
        ("dotor([activator(energies), a])", "activator(energies)"),
    ),
    Mistake(
        "looks from s0 at each step",
        MODEL,
        (MODEL,),
        "Each look starts from the same state",
        ("one_step_attention(a, s)", "one_step_attention(a, s0)"),
    ),
    Mistake(
        "looks from the memory",
        MODEL,
        (MODEL,),
        "Attention asks the memory c",
        ("one_step_attention(a, s)", "one_step_attention(a, c)"),
    ),
    Mistake("writes from s0 at each step", MODEL, (MODEL,), "The writer gets s0 at each step", ("=[s, c]", "=[s0, c]")),
    Mistake("writes from c0 at each step", MODEL, (MODEL,), "The writer gets c0 at each step", ("=[s, c]", "=[s, c0]")),
    Mistake(
        "hands over the memory as the state", MODEL, (MODEL,), "s and c have changed places", ("=[s, c]", "=[c, s]")
    ),
    Mistake(
        "begins every step anew",
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
        "takes the state for the memory",
        MODEL,
        (MODEL,),
        "its output, its state and its memory",
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
        "append its output to the list inside the loop",
        ("        outputs.append", "    outputs.append"),
    ),
    Mistake(
        "returns the last output alone",
        MODEL,
        (MODEL, MAP),
        "append its output to the list inside the loop",
        ("c0], outputs)", "c0], outputs[-1:])"),
    ),
    Mistake("always writes ten characters", MODEL, (MODEL, MAP), "outputs, expected Ty", ("range(Ty)", "range(10)")),
    Mistake(
        "lets the reader return its last step alone",
        MODEL,
        (MODEL, MAP),
        "attention needs one a for each",
        (", return_sequences=True", ""),
    ),
    Mistake(
        "gives the reader the units of the writer",
        MODEL,
        (MODEL, MAP),
        "The reader has n_a units in each direction",
        ("LSTM(n_a", "LSTM(n_s"),
    ),
    Mistake(
        "divides the units between the directions",
        MODEL,
        (MODEL, MAP),
        "The reader has n_a units in each direction",
        ("LSTM(n_a", "LSTM((n_a + 1) // 2"),
    ),
    Mistake(
        "reads in one direction",
        MODEL,
        (MODEL, MAP),
        "does not have exactly one Bidirectional layer",
        ("Bidirectional(LSTM(n_a, return_sequences=True))", "LSTM(2 * n_a, return_sequences=True)"),
    ),
    Mistake(
        "makes a writer for each step",
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
        "writes from the context",
        MODEL,
        (MODEL, MAP),
        "reads the state of the writer",
        ("output_layer(s)", "output_layer(context)"),
    ),
    Mistake(
        "writes before the step",
        MODEL,
        (MODEL,),
        "Already the first character is wrong",
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
        "draws energies for weights",
        MAP,
        (MAP,),
        "These are energies",
        (
            "activator(densor2(densor1(concatenator([a, repeator(s)]))))",
            "densor2(densor1(concatenator([a, repeator(s)])))",
        ),
    ),
    Mistake(
        "draws energies, and looks with weights",
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
        "looks from the same state at each step",
        MAP,
        (MAP,),
        "Each row is the first again",
        ("s, _, c = post", "_ = post"),
    ),
    Mistake(
        "loses the memory between the steps of the map",
        MAP,
        (MAP,),
        "both s and c run on",
        ("initial_state=[s, c]", "initial_state=[s, 0 * c]"),
    ),
    Mistake(
        "keeps where it looks after the step",
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
        "builds a model when the file is read",
        MAP,
        (LOOK, MODEL, MAP),
        "Keep your own calls under",
        ("return np.stack(rows)", "return np.stack(rows)\n\n\nmodel = modelf(Tx, Ty, n_a, n_s, 37, 11)"),
    ),
    Mistake(
        "always maps ten characters", MAP, (MAP,), "A row for each character written", ("range(steps)", "range(10)")
    ),
]

LAST_OUTPUT = "what an LSTM gives of its last step is its state"
EQUIVALENT = {
    "modelf: s, _, c = post_activation_LSTM_cell(context, initial_state=[s, c])"
    " => _, s, c = post_activation_LSTM_cell(context, initial_state=[s, c])": LAST_OUTPUT,
    "attention_map: s, _, c = post_activation_LSTM_cell(dotor([alphas, a]), initial_state=[s, c])"
    " => _, s, c = post_activation_LSTM_cell(dotor([alphas, a]), initial_state=[s, c])": LAST_OUTPUT,
}
