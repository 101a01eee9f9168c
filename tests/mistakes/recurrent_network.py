"""Known mistakes in `recurrent_network`."""

from dlseq.authoring.mistakes import Mistake

RNN_CELL, RNN = "rnn_cell_forward", "rnn_forward"
LSTM_CELL, LSTM = "lstm_cell_forward", "lstm_forward"
RNN_CELL_BACK, RNN_BACK = "rnn_cell_backward", "rnn_backward"
LSTM_CELL_BACK, LSTM_BACK = "lstm_cell_backward", "lstm_backward"

C_NEXT, A_NEXT = "ft * c_prev + it * cct", "ot * np.tanh(c_next)"
PRODUCTS = [  # of matrices in the place of products of elements
    Mistake(name, LSTM_CELL, (LSTM_CELL, LSTM), hint, change)
    for name, hint, change in (
        ("multiplies ot and the transposed tanh as matrices", "element by element", (A_NEXT, "ot @ np.tanh(c_next).T")),
        ("multiplies ot and the tanh as matrices", "(`*`, not `@`", (A_NEXT, "np.dot(ot, np.tanh(c_next))")),
        ("multiplies ft and c_prev as matrices", "(`*`, not `@`", (C_NEXT, "ft @ c_prev + it * cct")),
        ("multiplies in c_next by np.dot", "(`*`, not `@`", (C_NEXT, "np.dot(ft, c_prev) + np.dot(it, cct)")),
        ("multiplies in c_next with transposes", "element by element", (C_NEXT, "ft @ c_prev.T + it @ cct.T")),
        ("multiplies it and the transposed cct as matrices", "where `*` is", (C_NEXT, "ft * c_prev + it @ cct.T")),
    )
]

TERM = "da_next * ot * (1 - np.tanh(c_next) ** 2)"
GATE_LINES = {"f": "{} * c_prev * ft * (1 - ft)", "i": "{} * cct * it * (1 - it)", "c": "{} * it * (1 - cct**2)"}
WITHOUT = {
    "f": f"dc_next * c_prev + {TERM} * c_prev * ft * (1 - ft)",
    "i": f"dc_next * cct + {TERM} * cct * it * (1 - it)",
    "c": f"dc_next * it + {TERM} * it * (1 - cct**2)",
}
ALL_LINES = ",\n        ".join(f'"{gate}": {line.format("dc")}' for gate, line in GATE_LINES.items())
ALL_WITHOUT = ",\n        ".join(f'"{gate}": {line}' for gate, line in WITHOUT.items())
BACK = (LSTM_CELL_BACK, (LSTM_CELL_BACK, LSTM_BACK))
BRACKETS = [
    *(
        Mistake(
            f"forgets the brackets of the {gate}",
            *BACK,
            f"Brackets are missing in the gradient of the {gate}",
            (GATE_LINES[letter].format("dc"), WITHOUT[letter]),
        )
        for letter, gate in {"f": "forget gate", "i": "update gate", "c": "candidate"}.items()
    ),
    Mistake("forgets all brackets", *BACK, "Brackets are missing", (ALL_LINES, ALL_WITHOUT)),
    Mistake(
        "multiplies the gradient of the output gate by c_next",
        *BACK,
        "and not c_next itself",
        ("da_next * np.tanh(c_next) * ot", "da_next * c_next * ot"),
    ),
    Mistake(
        "forgets the square of the tanh", *BACK, "the square is missing", ("np.tanh(c_next) ** 2", "np.tanh(c_next)")
    ),
]

SPLIT, CONCATENATION = '"dxt": dz[n_a:], "da_prev": dz[:n_a]', "np.concatenate([a_prev, xt], axis=0)"
SPLITS = [
    Mistake("does not split dz", *BACK, "This is the whole dz", (SPLIT, '"dxt": dz, "da_prev": dz')),
    Mistake("swaps dxt and da_prev", *BACK, "the wrong way round", (SPLIT, '"dxt": dz[:n_a], "da_prev": dz[n_a:]')),
    Mistake("transposes a list", *BACK, "A list is no array", (CONCATENATION, "[a_prev, xt]")),
    Mistake(
        "concatenates along the columns",
        *BACK,
        "look at the argument axis",
        (CONCATENATION, "np.concatenate([a_prev, xt], axis=1)"),
    ),
    Mistake(
        "concatenates the input first in the backward pass",
        *BACK,
        "The columns are those of [xt; a_prev]",
        (CONCATENATION, "np.concatenate([xt, a_prev], axis=0)"),
    ),
]

FILLED_RNN = """
    a_next, caches = a0, []
    a, y_pred = np.zeros((*a0.shape, x.shape[2])), np.zeros(({rows}, x.shape[1], x.shape[2]))
    for t in range(x.shape[2]):
        a_next, y_pred[:, :, t], cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        caches.append(cache)
    return a, y_pred, (caches, x)
"""
FILLED_LSTM = """
    a_next, c_next, caches = a0, np.zeros_like(a0), []
    a, c = np.zeros((*a0.shape, x.shape[2])), np.zeros((*a0.shape, x.shape[2]))
    y = np.zeros(({rows}, x.shape[1], x.shape[2]))
    for t in range(x.shape[2]):
        a_next, c_next, y[:, :, t], cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t], c[:, :, t] = a_next, c_next
        caches.append(cache)
    return a, y, c, (caches, x)
"""
ROOM = "Allocate the array with the sizes of what it will hold"
SIZES = [
    Mistake("allocates y_pred with n_a rows", RNN, (RNN,), ROOM, body=FILLED_RNN.format(rows="a0.shape[0]")),
    Mistake("allocates y with n_a rows", LSTM, (LSTM,), ROOM, body=FILLED_LSTM.format(rows="a0.shape[0]")),
    Mistake("allocates y with one row", LSTM, (LSTM,), ROOM, body=FILLED_LSTM.format(rows="1")),
]

ARRIVING, TIMES = "da[:, :, t] + da_prev", "reversed(range(da.shape[2]))"
ADDED = "gradients[name] = gradients.get(name, 0) + step[name]"
BIAS_ALONE = 'gradients[name] = step[name] + (0 if name[1] == "b" else gradients.get(name, 0))'
LOOPS = [
    *(
        Mistake(f"{name} in {function}", function, (function,), hint, change)
        for function in (RNN_BACK, LSTM_BACK)
        for name, hint, change in (
            ("forgets da", "da never enters", (ARRIVING, "da_prev")),
            ("leaves out the first step", "is left out of the loop", (TIMES, "reversed(range(1, da.shape[2]))")),
            ("runs forwards", "Gradients travel backwards", (TIMES, "range(da.shape[2])")),
            ("keeps the bias of one step only", "Only one time step is counted", (ADDED, BIAS_ALONE)),
        )
    ),
    Mistake(
        "adds da to da0", RNN_BACK, (RNN_BACK,), "is counted twice", ('"da0": da_prev', '"da0": da_prev + da[:, :, 0]')
    ),
]

MISTAKES = [
    Mistake("forgets ba", RNN_CELL, (RNN_CELL, RNN), "A bias is missing", (' + parameters["ba"]', "")),
    Mistake("forgets by", RNN_CELL, (RNN_CELL, RNN), "A bias is missing", (' + parameters["by"]', "")),
    Mistake("leaves out the tanh", RNN_CELL, (RNN_CELL, RNN), "never went through the tanh", ("np.tanh(", "(")),
    Mistake(
        "uses the sigmoid in place of the tanh", RNN_CELL, (RNN_CELL, RNN), "not the sigmoid", ("np.tanh(", "sigmoid(")
    ),
    Mistake("transposes Waa", RNN_CELL, (RNN_CELL, RNN), "is transposed and should not be", ('["Waa"]', '["Waa"].T')),
    Mistake(
        "normalizes along the rows",
        RNN_CELL,
        (RNN_CELL, RNN),
        "look at the axis",
        (
            'softmax(parameters["Wya"] @ a_next + parameters["by"])',
            'softmax((parameters["Wya"] @ a_next + parameters["by"]).T).T',
        ),
    ),
    Mistake(
        "predicts from the previous hidden state",
        RNN_CELL,
        (RNN_CELL, RNN),
        "uses the next hidden state",
        ('["Wya"] @ a_next', '["Wya"] @ a_prev'),
    ),
    Mistake(
        "returns the cache in another order",
        RNN_CELL,
        (RNN_CELL, RNN),
        "a_next, a_prev, xt",
        ("(a_next, a_prev, xt", "(a_prev, a_next, xt"),
    ),
    Mistake(
        "sums the bias over the units",
        RNN_CELL,
        (RNN_CELL, RNN),
        "a_next",
        ('parameters["ba"])', 'parameters["ba"].sum())'),
    ),
    Mistake(
        "passes a0 to every step", RNN, (RNN,), "Only the first one should", ("x[:, :, t], a_next", "x[:, :, t], a0")
    ),
    Mistake(
        "ignores a0",
        RNN,
        (RNN,),
        "a0 is ignored",
        ("a_next, hidden_states, predictions, caches = a0", "a_next, hidden_states, predictions, caches = 0 * a0"),
    ),
    Mistake("uses the first input at each step", RNN, (RNN,), "At step t the input is", ("x[:, :, t]", "x[:, :, 0]")),
    Mistake(
        "runs from the last step to the first",
        RNN,
        (RNN,),
        "from the last to the first",
        body="""
        a_next, caches = a0, []
        a = np.zeros((*a0.shape, x.shape[2]))
        y_pred = np.zeros((parameters["Wya"].shape[0], x.shape[1], x.shape[2]))
        for t in reversed(range(x.shape[2])):
            a_next, y_pred[:, :, t], cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
            a[:, :, t] = a_next
            caches.append(cache)
        return a, y_pred, (caches, x)
    """,
    ),
    Mistake(
        "returns the state before the step",
        RNN,
        (RNN,),
        "one after it",
        body="""
        a_next, caches = a0, []
        a = np.zeros((*a0.shape, x.shape[2]))
        y_pred = np.zeros((parameters["Wya"].shape[0], x.shape[1], x.shape[2]))
        for t in range(x.shape[2]):
            a[:, :, t] = a_next
            a_next, y_pred[:, :, t], cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
            caches.append(cache)
        return a, y_pred, (caches, x)
    """,
    ),
    Mistake(
        "stacks the steps along the first axis",
        RNN,
        (RNN,),
        "last axis",
        ("hidden_states, axis=2", "hidden_states, axis=0"),
    ),
    Mistake("forgets x in the caches", RNN, (RNN,), "caches", ("(caches, x)", "caches")),
    Mistake(
        "overwrites a0",
        RNN,
        (RNN,),
        "in place",
        ("        hidden_states.append(a_next)", "        a0[...] = a_next\n        hidden_states.append(a_next)"),
    ),
    Mistake(
        "swaps forget gate and update gate",
        LSTM_CELL,
        (LSTM_CELL, LSTM),
        "are swapped",
        ("ft * c_prev + it * cct", "it * c_prev + ft * cct"),
    ),
    Mistake(
        "concatenates the input first",
        LSTM_CELL,
        (LSTM_CELL, LSTM),
        "expect the hidden state first",
        ("[a_prev, xt], axis", "[xt, a_prev], axis"),
    ),
    Mistake(
        "uses the sigmoid for the candidate",
        LSTM_CELL,
        (LSTM_CELL, LSTM),
        "can be negative",
        ('np.tanh(parameters["Wc"]', 'sigmoid(parameters["Wc"]'),
    ),
    Mistake(
        "forgets the update gate",
        LSTM_CELL,
        (LSTM_CELL, LSTM),
        "The candidate is added whole",
        ("it * cct\n", "cct\n"),
    ),
    Mistake(
        "forgets the forget gate",
        LSTM_CELL,
        (LSTM_CELL, LSTM),
        "The previous cell state is kept whole",
        ("ft * c_prev", "c_prev"),
    ),
    Mistake(
        "forgets the tanh of the cell state",
        LSTM_CELL,
        (LSTM_CELL, LSTM),
        "goes through the tanh before",
        ("np.tanh(c_next)", "c_next"),
    ),
    Mistake(
        "computes the hidden state from the previous cell state",
        LSTM_CELL,
        (LSTM_CELL, LSTM),
        "not from the previous one",
        ("np.tanh(c_next)", "np.tanh(c_prev)"),
    ),
    Mistake(
        "forgets the output gate",
        LSTM_CELL,
        (LSTM_CELL, LSTM),
        "The output gate is missing",
        ("ot * np.tanh", "np.tanh"),
    ),
    Mistake("forgets bf", LSTM_CELL, (LSTM_CELL, LSTM), "A bias is missing", (' + parameters["bf"]', "")),
    Mistake(
        "loses the cell state between steps",
        LSTM,
        (LSTM,),
        "lost between the time steps",
        ("a_next, c_next, parameters", "a_next, 0 * a0, parameters"),
    ),
    Mistake(
        "initializes the cell state with a0", LSTM, (LSTM,), "The initial cell state is a0", ("np.zeros_like(a0)", "a0")
    ),
    Mistake(
        "returns c before y",
        LSTM,
        (LSTM,),
        "predictions come before",
        (
            "np.stack(predictions, axis=2), np.stack(cell_states, axis=2)",
            "np.stack(cell_states, axis=2), np.stack(predictions, axis=2)",
        ),
    ),
    Mistake(
        "forgets the derivative of the tanh",
        RNN_CELL_BACK,
        (RNN_CELL_BACK, RNN_BACK),
        "derivative of the tanh",
        ("(1 - a_next**2) * da_next", "da_next"),
    ),
    Mistake(
        "takes the mean over the batch", RNN_CELL_BACK, (RNN_CELL_BACK, RNN_BACK), "not a mean", ("du.sum(", "du.mean(")
    ),
    Mistake(
        "drops the axis of the bias", RNN_CELL_BACK, (RNN_CELL_BACK, RNN_BACK), "keep the axis", (", keepdims=True", "")
    ),
    Mistake(
        "drops the gradient from later steps",
        RNN_BACK,
        (RNN_BACK,),
        "The gradient from later steps is missing",
        ("da[:, :, t] + da_prev", "da[:, :, t]"),
    ),
    Mistake(
        "loops over the steps of x",
        RNN_BACK,
        (RNN_BACK,),
        "time steps is that of da",
        ("reversed(range(da.shape[2]))", "reversed(range(x.shape[2]))"),
    ),
    Mistake(
        "adds to da in place",
        RNN_BACK,
        (RNN_BACK,),
        "in place",
        (
            "        step = rnn_cell_backward(da[:, :, t] + da_prev,",
            "        da[:, :, t] += da_prev\n        step = rnn_cell_backward(da[:, :, t],",
        ),
    ),
    Mistake(
        "keeps the gradients of one step only",
        RNN_BACK,
        (RNN_BACK,),
        "Only one time step is counted",
        ("gradients.get(name, 0) + step[name]", "step[name]"),
    ),
    Mistake(
        "forgets the gradient through the hidden state",
        LSTM_CELL_BACK,
        (LSTM_CELL_BACK, LSTM_BACK),
        "through the hidden state is missing",
        ("dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)", "dc_next"),
    ),
    Mistake(
        "forgets dc_next",
        LSTM_CELL_BACK,
        (LSTM_CELL_BACK, LSTM_BACK),
        "dc_next is missing",
        ("dc_next + da_next", "da_next"),
    ),
    Mistake(
        "uses the derivative of the sigmoid for the candidate",
        LSTM_CELL_BACK,
        (LSTM_CELL_BACK, LSTM_BACK),
        "activation function of the candidate is the tanh",
        ("(1 - cct**2)", "cct * (1 - cct)"),
    ),
    Mistake(
        "splits dz the wrong way round",
        LSTM_CELL_BACK,
        (LSTM_CELL_BACK, LSTM_BACK),
        "split the wrong way round",
        ('{"dxt": dz[n_a:], "da_prev": dz[:n_a]', '{"dxt": dz[:-n_a], "da_prev": dz[-n_a:]'),
    ),
    Mistake(
        "drops the gradient of the hidden state from later steps",
        LSTM_BACK,
        (LSTM_BACK,),
        "The gradient from later steps is missing",
        ("da[:, :, t] + da_prev", "da[:, :, t]"),
    ),
    Mistake(
        "drops the gradient of the cell state from later steps",
        LSTM_BACK,
        (LSTM_BACK,),
        "gradient of the cell state from later steps is missing",
        ("+ da_prev, dc_prev, cell_caches[t]", "+ da_prev, 0 * dc_prev, cell_caches[t]"),
    ),
    Mistake(
        "adds the bias after the tanh",
        RNN_CELL,
        (RNN_CELL, RNN),
        "added after the tanh",
        ('@ a_prev + parameters["ba"])', '@ a_prev) + parameters["ba"]'),
    ),
    *(
        Mistake(
            f"takes the tanh of the {gate} gate",
            LSTM_CELL,
            (LSTM_CELL, LSTM),
            f"The {gate} gate is a share",
            (f'{letter}t = sigmoid(parameters["W{letter}"]', f'{letter}t = np.tanh(parameters["W{letter}"]'),
        )
        for letter, gate in {"f": "forget", "i": "update", "o": "output"}.items()
    ),
    Mistake(
        "squares the whole bracket",
        RNN_CELL_BACK,
        (RNN_CELL_BACK, RNN_BACK),
        "not (1 - a)**2",
        ("(1 - a_next**2)", "(1 - a_next) ** 2"),
    ),
    Mistake(
        "multiplies the gradient of the forget gate by c_next",
        *BACK,
        "contains c_prev, not c_next",
        ("dc * c_prev * ft", "dc * c_next * ft"),
    ),
    Mistake(
        "returns nothing from rnn_backward",
        RNN_BACK,
        (RNN_BACK,),
        "ends without a value",
        ('return {**gradients, "da0": da_prev}', "pass"),
    ),
    *PRODUCTS,
    *BRACKETS,
    *SPLITS,
    *SIZES,
    *LOOPS,
]

RNN_LISTS = "a_next, {} = a0, [], [], []"
LSTM_LISTS = "{} = [], [], [], []"
CONCAT = "concat = np.concatenate([a_prev, xt]{})"
SUM_LOOP = "for name in ({}):"
INITIAL_GRADIENTS = "{} = np.zeros(da.shape[:2]), np.zeros(da.shape[:2])"


def _changed(function, line, old, new):
    """Return the name of a mutant: a line with the old and with the new text in its placeholder."""
    return f"{function}: {line.format(old)} => {line.format(new)}"


REASONS = [
    (
        "all of them are empty lists",
        [
            _changed(RNN, RNN_LISTS, "hidden_states, predictions, caches", "predictions, hidden_states, caches"),
            _changed(RNN, RNN_LISTS, "hidden_states, predictions, caches", "hidden_states, caches, predictions"),
            _changed(
                LSTM,
                LSTM_LISTS,
                "hidden_states, cell_states, predictions, caches",
                "cell_states, hidden_states, predictions, caches",
            ),
            _changed(
                LSTM,
                LSTM_LISTS,
                "hidden_states, cell_states, predictions, caches",
                "hidden_states, predictions, cell_states, caches",
            ),
            _changed(
                LSTM,
                LSTM_LISTS,
                "hidden_states, cell_states, predictions, caches",
                "hidden_states, cell_states, caches, predictions",
            ),
        ],
    ),
    (
        "axis=0 is the default of np.concatenate",
        [
            _changed(LSTM_CELL, CONCAT + "  # (n_a + n_x, m)", ", axis=0", ""),
            _changed(LSTM_CELL_BACK, CONCAT, ", axis=0", ""),
        ],
    ),
    (
        "the order of a loop over a dict's keys has no effect",
        [
            _changed(RNN_BACK, SUM_LOOP, '"dWax", "dWaa", "dba"', '"dWaa", "dWax", "dba"'),
            _changed(RNN_BACK, SUM_LOOP, '"dWax", "dWaa", "dba"', '"dWax", "dba", "dWaa"'),
        ],
    ),
    (
        "both are zeros of one shape",
        [_changed(LSTM_BACK, INITIAL_GRADIENTS, "da_prev, dc_prev", "dc_prev, da_prev")],
    ),
]
EQUIVALENT = {change: reason for reason, changes in REASONS for change in changes}

NOT_NEEDED = "no gradient depends on it: a bias is added, and the prediction is no part of the loss"
UNREAD_ARGUMENTS = {
    **{f"rnn_cell_backward: cache[3]['{name}']": NOT_NEEDED for name in ("Wya", "ba", "by")},
    **{f"lstm_cell_backward: cache[9]['{name}']": NOT_NEEDED for name in ("bf", "bi", "bc", "bo", "Wy", "by")},
    "lstm_cell_backward: cache[0]": "a_next is the output, and no gradient is a function of it",
    **{f"{function}: caches[1]": "only its shape is needed" for function in (RNN_BACK, LSTM_BACK)},
}


STEP = 'a_next = np.tanh(parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"])'
FORGET = 'ft = sigmoid(parameters["Wf"] @ concat + parameters["bf"])'
EQUAL_SPELLINGS = {
    "einsum": [
        (
            "rnn_cell_forward",
            STEP,
            'products = (np.einsum("ij,jm->im", parameters[name], v) for name, v in (("Wax", xt), ("Waa", a_prev)))\n'
            '    a_next = np.tanh(parameters["ba"] + sum(products))',
        ),
        (
            "lstm_cell_forward",
            FORGET,
            'ft = sigmoid(np.einsum("ij,jm->im", parameters["Wf"], concat) + parameters["bf"])',
        ),
        ("rnn_cell_backward", '"dWaa": du @ a_prev.T', '"dWaa": np.einsum("im,jm->ij", du, a_prev)'),
        ("lstm_cell_backward", "du @ concat.T", 'np.einsum("im,jm->ij", du, concat)'),
    ],
    "sums of products and loops": [
        (
            "rnn_cell_forward",
            STEP,
            'product = (parameters["Wax"][:, :, None] * xt[None]).sum(axis=1) + parameters["Waa"] @ a_prev\n'
            '    a_next = np.tanh(product + parameters["ba"])',
        ),
        (
            "lstm_cell_forward",
            FORGET,
            'columns = [parameters["Wf"] @ column + parameters["bf"][:, 0] for column in concat.T]\n'
            "    ft = sigmoid(np.stack(columns, axis=1))",
        ),
        ("lstm_cell_backward", "1 - np.tanh(c_next) ** 2", "1 / np.cosh(c_next) ** 2"),
        ("rnn_cell_backward", "du = (1 - a_next**2) * da_next", "du = da_next - a_next * da_next * a_next"),
        ("rnn_backward", "reversed(range(da.shape[2]))", "range(da.shape[2] - 1, -1, -1)"),
    ],
}
