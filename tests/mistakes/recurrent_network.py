"""What learners get wrong in `recurrent_network`."""

from dlseq.authoring.mistakes import Mistake

CELL, ROW = "rnn_cell_forward", "rnn_forward"
GATED_CELL, GATED_ROW = "lstm_cell_forward", "lstm_forward"
CELL_BACK, ROW_BACK = "rnn_cell_backward", "rnn_backward"
GATED_CELL_BACK, GATED_ROW_BACK = "lstm_cell_backward", "lstm_backward"

MISTAKES = [
    Mistake("forgets ba", CELL, (CELL, ROW), "A bias is missing", (' + parameters["ba"]', "")),
    Mistake("forgets by", CELL, (CELL, ROW), "A bias is missing", (' + parameters["by"]', "")),
    Mistake("leaves out the tanh", CELL, (CELL, ROW), "never went through the tanh", ("np.tanh(", "(")),
    Mistake("takes the sigmoid for the tanh", CELL, (CELL, ROW), "not through the sigmoid", ("np.tanh(", "sigmoid(")),
    Mistake("transposes Waa", CELL, (CELL, ROW), "is transposed that should not be", ('["Waa"]', '["Waa"].T')),
    Mistake(
        "normalises along the rows",
        CELL,
        (CELL, ROW),
        "look at the axis",
        (
            'softmax(parameters["Wya"] @ a_next + parameters["by"])',
            'softmax((parameters["Wya"] @ a_next + parameters["by"]).T).T',
        ),
    ),
    Mistake(
        "predicts from the old state", CELL, (CELL, ROW), "from the new state", ('["Wya"] @ a_next', '["Wya"] @ a_prev')
    ),
    Mistake(
        "caches in another order",
        CELL,
        (CELL, ROW),
        "new state, old state",
        ("(a_next, a_prev, xt", "(a_prev, a_next, xt"),
    ),
    Mistake(
        "takes the width for the number of examples and broadcasts the bias wrongly",
        CELL,
        (CELL, ROW),
        "a_next",
        ('parameters["ba"])', 'parameters["ba"].sum())'),
    ),
    Mistake(
        "begins every step with a0", ROW, (ROW,), "Only the first should", ("x[:, :, t], a_next", "x[:, :, t], a0")
    ),
    Mistake(
        "begins with zeros",
        ROW,
        (ROW,),
        "a0 is never looked at",
        ("a_next, states, predictions, caches = a0", "a_next, states, predictions, caches = 0 * a0"),
    ),
    Mistake("reads the first input at each step", ROW, (ROW,), "Which step of x", ("x[:, :, t]", "x[:, :, 0]")),
    Mistake(
        "goes from the last step to the first",
        ROW,
        (ROW,),
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
        "keeps the state before the step",
        ROW,
        (ROW,),
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
    Mistake("stacks the steps in front", ROW, (ROW,), "last axis", ("states, axis=2", "states, axis=0")),
    Mistake("forgets x in the caches", ROW, (ROW,), "caches", ("(caches, x)", "caches")),
    Mistake(
        "overwrites a0",
        ROW,
        (ROW,),
        "in place",
        ("        states.append(a_next)", "        a0[...] = a_next\n        states.append(a_next)"),
    ),
    Mistake(
        "swaps forget and update gate",
        GATED_CELL,
        (GATED_CELL, GATED_ROW),
        "do each other's work",
        ("ft * c_prev + it * cct", "it * c_prev + ft * cct"),
    ),
    Mistake(
        "puts the input on top",
        GATED_CELL,
        (GATED_CELL, GATED_ROW),
        "expect the state first",
        ("[a_prev, xt], axis", "[xt, a_prev], axis"),
    ),
    Mistake(
        "takes the sigmoid for the candidate",
        GATED_CELL,
        (GATED_CELL, GATED_ROW),
        "can be negative",
        ('np.tanh(parameters["Wc"]', 'sigmoid(parameters["Wc"]'),
    ),
    Mistake(
        "adds the whole candidate",
        GATED_CELL,
        (GATED_CELL, GATED_ROW),
        "The candidate is added whole",
        ("it * cct\n", "cct\n"),
    ),
    Mistake(
        "keeps the whole memory",
        GATED_CELL,
        (GATED_CELL, GATED_ROW),
        "The old memory is kept whole",
        ("ft * c_prev", "c_prev"),
    ),
    Mistake(
        "shows the memory without tanh",
        GATED_CELL,
        (GATED_CELL, GATED_ROW),
        "goes through the tanh before",
        ("np.tanh(c_next)", "c_next"),
    ),
    Mistake(
        "makes the state of the old memory",
        GATED_CELL,
        (GATED_CELL, GATED_ROW),
        "not of the old one",
        ("np.tanh(c_next)", "np.tanh(c_prev)"),
    ),
    Mistake(
        "forgets the output gate",
        GATED_CELL,
        (GATED_CELL, GATED_ROW),
        "whole memory is shown",
        ("ot * np.tanh", "np.tanh"),
    ),
    Mistake("forgets bf", GATED_CELL, (GATED_CELL, GATED_ROW), "A bias is missing", (' + parameters["bf"]', "")),
    Mistake(
        "loses the memory between steps",
        GATED_ROW,
        (GATED_ROW,),
        "lost between the steps",
        ("a_next, c_next, parameters", "a_next, 0 * a0, parameters"),
    ),
    Mistake("begins the memory with a0", GATED_ROW, (GATED_ROW,), "begins as a0", ("np.zeros_like(a0)", "a0")),
    Mistake(
        "returns c before y",
        GATED_ROW,
        (GATED_ROW,),
        "predictions come before",
        (
            "np.stack(predictions, axis=2), np.stack(memories, axis=2)",
            "np.stack(memories, axis=2), np.stack(predictions, axis=2)",
        ),
    ),
    Mistake(
        "forgets the derivative of the tanh",
        CELL_BACK,
        (CELL_BACK, ROW_BACK),
        "derivative of the tanh",
        ("(1 - a_next**2) * da_next", "da_next"),
    ),
    Mistake("takes the mean over the batch", CELL_BACK, (CELL_BACK, ROW_BACK), "not a mean", ("du.sum(", "du.mean(")),
    Mistake("drops the axis of the bias", CELL_BACK, (CELL_BACK, ROW_BACK), "keep the axis", (", keepdims=True", "")),
    Mistake(
        "drops what later steps send",
        ROW_BACK,
        (ROW_BACK,),
        "later steps send",
        ("da[:, :, t] + da_prev", "da[:, :, t]"),
    ),
    Mistake(
        "counts the steps of x",
        ROW_BACK,
        (ROW_BACK,),
        "steps of da",
        ("reversed(range(da.shape[2]))", "reversed(range(x.shape[2]))"),
    ),
    Mistake(
        "adds up in place",
        ROW_BACK,
        (ROW_BACK,),
        "in place",
        (
            "        step = rnn_cell_backward(da[:, :, t] + da_prev,",
            "        da[:, :, t] += da_prev\n        step = rnn_cell_backward(da[:, :, t],",
        ),
    ),
    Mistake(
        "counts the last step alone",
        ROW_BACK,
        (ROW_BACK,),
        "If the cell's backward is right",
        ("gradients.get(name, 0) + step[name]", "step[name]"),
    ),
    Mistake(
        "forgets what comes through the state",
        GATED_CELL_BACK,
        (GATED_CELL_BACK, GATED_ROW_BACK),
        "through the state is missing",
        ("dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)", "dc_next"),
    ),
    Mistake(
        "forgets what comes from later",
        GATED_CELL_BACK,
        (GATED_CELL_BACK, GATED_ROW_BACK),
        "dc_next is missing",
        ("dc_next + da_next", "da_next"),
    ),
    Mistake(
        "takes the derivative of a sigmoid for the candidate",
        GATED_CELL_BACK,
        (GATED_CELL_BACK, GATED_ROW_BACK),
        "gate by gate",
        ("(1 - cct**2)", "cct * (1 - cct)"),
    ),
    Mistake(
        "takes dz apart the wrong way",
        GATED_CELL_BACK,
        (GATED_CELL_BACK, GATED_ROW_BACK),
        "taken apart the wrong way",
        ('{"dxt": dz[n_a:], "da_prev": dz[:n_a]', '{"dxt": dz[:-n_a], "da_prev": dz[-n_a:]'),
    ),
    Mistake(
        "drops what later steps send to the state",
        GATED_ROW_BACK,
        (GATED_ROW_BACK,),
        "later steps send",
        ("da[:, :, t] + da_prev", "da[:, :, t]"),
    ),
    Mistake(
        "drops what later steps send to the memory",
        GATED_ROW_BACK,
        (GATED_ROW_BACK,),
        "look at what goes into it",
        ("+ da_prev, dc_prev, steps[t]", "+ da_prev, 0 * dc_prev, steps[t]"),
    ),
]

SIMPLE_BEGUN = "a_next, {} = a0, [], [], []"
GATED_BEGUN = "{} = [], [], [], []"
STACKED = "stacked = np.concatenate([a_prev, xt]{})"
SUMMED = "for name in ({}):"
BEGUN_BACK = "{} = np.zeros(da.shape[:2]), np.zeros(da.shape[:2])"


def _changed(function, line, old, new):
    """How a mutant of a line is called, from what stood in its gap and what stands there now."""
    return f"{function}: {line.format(old)} => {line.format(new)}"


REASONS = [
    (
        "all of them begin as empty lists",
        [
            _changed(ROW, SIMPLE_BEGUN, "states, predictions, caches", "predictions, states, caches"),
            _changed(ROW, SIMPLE_BEGUN, "states, predictions, caches", "states, caches, predictions"),
            _changed(
                GATED_ROW, GATED_BEGUN, "states, memories, predictions, caches", "memories, states, predictions, caches"
            ),
            _changed(
                GATED_ROW, GATED_BEGUN, "states, memories, predictions, caches", "states, predictions, memories, caches"
            ),
            _changed(
                GATED_ROW, GATED_BEGUN, "states, memories, predictions, caches", "states, memories, caches, predictions"
            ),
        ],
    ),
    (
        "np.concatenate joins along the first axis unless it is told otherwise",
        [
            _changed(GATED_CELL, STACKED + "  # (n_a + n_x, m)", ", axis=0", ""),
            _changed(GATED_CELL_BACK, STACKED, ", axis=0", ""),
        ],
    ),
    (
        "each gradient is added up by itself, and nothing depends on the order of a dict",
        [
            _changed(ROW_BACK, SUMMED, '"dWax", "dWaa", "dba"', '"dWaa", "dWax", "dba"'),
            _changed(ROW_BACK, SUMMED, '"dWax", "dWaa", "dba"', '"dWax", "dba", "dWaa"'),
        ],
    ),
    (
        "both begin as zeros of one shape",
        [_changed(GATED_ROW_BACK, BEGUN_BACK, "da_prev, dc_prev", "dc_prev, da_prev")],
    ),
]
EQUIVALENT = {change: reason for reason, changes in REASONS for change in changes}
