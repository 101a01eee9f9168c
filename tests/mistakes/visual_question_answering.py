"""Known mistakes in `visual_question_answering`.

`answer_model` is tested with `toy_question_encoder`, so that a wrong encoder costs its own points alone. It calls two
other graded functions, `look` and `move_look`.
"""

from dlseq.authoring.mistakes import Mistake

ENCODER = ("question_encoder",)
LOOK = ("look", "answer_model")
MOVE = ("move_look", "answer_model")
MODEL = ("answer_model",)
LOSS = ("look_loss",)
BASELINE = ("question_only_baseline",)
BOX = ("places_in_box",)
FAULT = ("find_fault",)

ENERGIES = 'ops.einsum("bpk,bk->bp", keys, query) / keys.shape[-1] ** 0.5'
PRIOR = "energies = energies + ops.log(prior + SMALLEST)"
SOFTMAX = "weights = ops.softmax(energies, axis=-1)"
CONTEXT = 'ops.einsum("bp,bpd->bd", weights, values)'
OFFSETS = "offsets = (down + H - 1) * (2 * W - 1) + right + W - 1"
CONCATENATED = "ops.concatenate([q, first_seen, second_seen], axis=-1)"
MOST_FREQUENT = "return min(counts, key=lambda answer: (-counts[answer], answer))"
RESULT = "most_frequent(by_question.get(question, train_answers)) for question in questions"
INSIDE = "inside = (x >= left) & (x < right) & (y >= top) & (y < bottom)"
HIT = "not box[np.unravel_index(weights.argmax(), weights.shape)]"

FIRST_LOOK_TO_QUERY = """first_context, first = look(keys, values, Dense(key_units, name="first_query")(q))
    offsets = (2 * H - 1, 2 * W - 1)
    kernel = Dense(offsets[0] * offsets[1], activation="softmax", name="kernel")(q)
    first = ops.reshape(first, (-1, H, W))
    moved = move_look(first, ops.reshape(kernel, (-1, *offsets)))  # (B, H, W)
    query = Dense(key_units, name="second_query")(q)"""
FIRST_LOOK_TO_QUERY_SHARED = """query = Dense(key_units, name="first_query")(q)
    first_context, first = look(keys, values, query)
    offsets = (2 * H - 1, 2 * W - 1)
    kernel = Dense(offsets[0] * offsets[1], activation="softmax", name="kernel")(q)
    first = ops.reshape(first, (-1, H, W))
    moved = move_look(first, ops.reshape(kernel, (-1, *offsets)))
    query = query + 0 * Dense(key_units, name="second_query")(q)"""

MISTAKES = [
    # --- question_encoder
    Mistake("reads padding", "question_encoder", ENCODER, "Padding is read as if", (", mask_zero=True", "")),
    Mistake(
        "reads the question backwards",
        "question_encoder",
        ENCODER,
        "read backwards",
        ("LSTM(units)", "LSTM(units, go_backwards=True)"),
    ),
    Mistake(
        "returns the states of all words",
        "question_encoder",
        ENCODER,
        "the last one alone",
        ("LSTM(units)", "LSTM(units, return_sequences=True)"),
    ),
    Mistake(
        "returns the states of the LSTM too",
        "question_encoder",
        ENCODER,
        "one output, q alone",
        ("LSTM(units)", "LSTM(units, return_state=True)"),
    ),
    Mistake(
        "gives the LSTM the width of the words",
        "question_encoder",
        ENCODER,
        "then LSTM(units), and no other layer",
        ("LSTM(units)", "LSTM(width)"),
    ),
    Mistake(
        "adds a dense layer to the question",
        "question_encoder",
        ENCODER,
        "then LSTM(units), and no other layer",
        (
            "LSTM(units)(Embedding(vocab_size, width, mask_zero=True)(ids))",
            "Dense(units)(LSTM(units)(Embedding(vocab_size, width, mask_zero=True)(ids)))",
        ),
    ),
    # --- look
    Mistake(
        "does not scale the energies", "look", LOOK, "not divided by the square root", (" / keys.shape[-1] ** 0.5", "")
    ),
    Mistake("divides by K", "look", LOOK, "Divide by its square root", (" ** 0.5", "")),
    Mistake("takes the softmax over the batch", "look", LOOK, "over the batch", ("axis=-1", "axis=0")),
    Mistake("ignores the prior", "look", LOOK, "The prior is left out", (PRIOR, "pass")),
    Mistake(
        "multiplies the prior after the softmax",
        "look",
        LOOK,
        "multiplied after the softmax",
        body="""
        weights = ops.softmax(ops.einsum("bpk,bk->bp", keys, query) / keys.shape[-1] ** 0.5, axis=-1)
        if prior is not None:
            weights = weights * prior
        return ops.einsum("bp,bpd->bd", weights, values), weights
    """,
    ),
    Mistake("adds the prior itself", "look", LOOK, "Add its logarithm", ("ops.log(prior + SMALLEST)", "prior")),
    Mistake(
        "multiplies energies and prior",
        "look",
        LOOK,
        "multiplied with the energies",
        (PRIOR, "energies = energies * prior"),
    ),
    Mistake(
        "subtracts the logarithm",
        "look",
        LOOK,
        "is subtracted",
        (PRIOR, "energies = energies - ops.log(prior + SMALLEST)"),
    ),
    Mistake("excludes places without prior", "look", LOOK, "SMALLEST", ("prior + SMALLEST", "prior + 1e-30")),
    Mistake(
        "adds the logarithm before the division",
        "look",
        LOOK,
        "before the division",
        (PRIOR, "energies = energies + ops.log(prior + SMALLEST) / keys.shape[-1] ** 0.5"),
    ),
    Mistake(
        "swaps context and weights",
        "look",
        LOOK,
        "swapped",
        (f"return {CONTEXT}, weights", f"return weights, {CONTEXT}"),
    ),
    Mistake(
        "sums without weights",
        "look",
        LOOK,
        "without weights",
        (CONTEXT, "ops.mean(values, axis=1) + 0 * ops.sum(weights)"),
    ),
    Mistake(
        "returns energies",
        "look",
        LOOK,
        "These are energies",
        ("values), weights", "values), energies"),
    ),
    Mistake("divides the context by P", "look", LOOK, "divided by P", (CONTEXT, f"{CONTEXT} / keys.shape[1]")),
    # --- move_look
    Mistake(
        "moves the other way",
        "move_look",
        MOVE,
        "moves the wrong way",
        (OFFSETS, "offsets = (H - 1 - down) * (2 * W - 1) + W - 1 - right"),
    ),
    Mistake(
        "exchanges up and down", "move_look", MOVE, "Up and down are exchanged", ("(down + H - 1)", "(H - 1 - down)")
    ),
    Mistake(
        "exchanges left and right",
        "move_look",
        MOVE,
        "Left and right are exchanged",
        ("right + W - 1\n", "W - 1 - right\n"),
    ),
    Mistake(
        "uses the kernel of the first picture",
        "move_look",
        MOVE,
        "Each picture has its own kernel",
        ("kernel = ops.take", "kernel = kernel[0] + 0 * kernel\n    kernel = ops.take"),
    ),
    Mistake(
        "brings back what leaves the picture",
        "move_look",
        MOVE,
        "comes back on the other side",
        body="""
        H, W = weights.shape[1:]
        moved = 0 * weights
        for down in range(1 - H, H):
            for right in range(1 - W, W):
                factor = kernel[:, down + H - 1, right + W - 1][:, None, None]
                moved = moved + factor * ops.roll(weights, (down, right), axis=(1, 2))
        return moved
    """,
    ),
    Mistake(
        "has the middle of the kernel a row too low",
        "move_look",
        MOVE,
        "one row too far",
        (
            "kernel = ops.take",
            "kernel = ops.pad(kernel[:, 1:], ((0, 0), (0, 1), (0, 0)))\n    kernel = ops.take",
        ),
    ),
    Mistake(
        "has the middle of the kernel a column too far",
        "move_look",
        MOVE,
        "one column too far",
        (
            "kernel = ops.take",
            "kernel = ops.pad(kernel[:, :, 1:], ((0, 0), (0, 0), (0, 1)))\n    kernel = ops.take",
        ),
    ),
    Mistake(
        "divides by the sum",
        "move_look",
        MOVE,
        "divided by its sum",
        (
            "return ops.reshape(moved, (-1, H, W))",
            "return ops.reshape(moved / ops.sum(moved, axis=-1, keepdims=True), (-1, H, W))",
        ),
    ),
    Mistake(
        "does not move",
        "move_look",
        MOVE,
        "The look has not moved",
        ("return ops.reshape(moved, (-1, H, W))", "return weights + 0 * ops.sum(kernel)"),
    ),
    Mistake(
        "returns places",
        "move_look",
        ("move_look",),
        "moved has shape",
        ("return ops.reshape(moved, (-1, H, W))", "return moved"),
    ),
    # --- answer_model
    Mistake(
        "asks twice with one query",
        "answer_model",
        MODEL,
        "Both looks have the same query",
        (FIRST_LOOK_TO_QUERY, FIRST_LOOK_TO_QUERY_SHARED),
    ),
    Mistake(
        "has no prior",
        "answer_model",
        MODEL,
        "The second look has no prior",
        (
            "query, ops.reshape(moved, (-1, H * W)))",
            "query)\n    second = second + 0 * ops.reshape(moved, (-1, H * W))",
        ),
    ),
    Mistake(
        "takes the first look for the prior",
        "answer_model",
        MODEL,
        "which has not moved",
        ("ops.reshape(moved, (-1, H * W))", "ops.reshape(first + 0 * moved, (-1, H * W))"),
    ),
    Mistake(
        "forgets the softmax of the kernel",
        "answer_model",
        MODEL,
        "The kernel has no softmax",
        ('activation="softmax", name="kernel"', 'name="kernel"'),
    ),
    Mistake(
        "forgets the relu", "answer_model", MODEL, "The hidden layer has no relu", ('activation="relu", name', "name")
    ),
    Mistake(
        "returns probabilities",
        "answer_model",
        MODEL,
        "These are probabilities",
        ('Dense(answers, name="logits")', 'Dense(answers, activation="softmax", name="logits")'),
    ),
    Mistake(
        "forgets the gates",
        "answer_model",
        MODEL,
        "The gates have no influence",
        (
            CONCATENATED,
            CONCATENATED.replace(
                "first_seen, second_seen", "first_context + 0 * first_seen, second_context + 0 * second_seen"
            ),
        ),
    ),
    Mistake(
        "exchanges the gates",
        "answer_model",
        MODEL,
        "The gates are exchanged",
        (
            'second_seen = Dense(value_units, activation="tanh", name="second_gate")(q) * second_context',
            'gate = Dense(value_units, activation="tanh", name="second_gate")(q)\n'
            "    first_seen, second_seen = gate * first_context, first_seen / first_context * second_context",
        ),
    ),
    Mistake(
        "forgets the tanh of the gates",
        "answer_model",
        MODEL,
        "The gates have no tanh",
        (
            'first_seen = Dense(value_units, activation="tanh", name="first_gate")(q) * first_context  # (B, D)\n'
            '    second_seen = Dense(value_units, activation="tanh", name="second_gate")(q) * second_context',
            'first_seen = Dense(value_units, name="first_gate")(q) * first_context\n'
            '    second_seen = Dense(value_units, name="second_gate")(q) * second_context',
        ),
    ),
    Mistake(
        "puts the question last",
        "answer_model",
        MODEL,
        "The question stands last",
        ("[q, first_seen, second_seen]", "[first_seen, second_seen, q]"),
    ),
    Mistake(
        "exchanges the contexts",
        "answer_model",
        MODEL,
        "The order of the hidden layer's input is",
        ("[q, first_seen, second_seen]", "[q, second_seen, first_seen]"),
    ),
    Mistake(
        "uses the first context twice",
        "answer_model",
        MODEL,
        "Both contexts are the first one",
        ("[q, first_seen, second_seen]", "[q, first_seen, first_seen + 0 * second_seen]"),
    ),
    Mistake(
        "forgets the question",
        "answer_model",
        MODEL,
        "n + 2 D numbers",
        ("[q, first_seen, second_seen]", "[first_seen, second_seen]"),
    ),
    Mistake(
        "forgets a name",
        "answer_model",
        MODEL,
        "Give each Dense layer its name",
        (', name="values"', ""),
    ),
    Mistake(
        "swaps logits and looks",
        "answer_model",
        MODEL,
        "The outputs are swapped",
        ('[Dense(answers, name="logits")(hidden), looks]', '[looks, Dense(answers, name="logits")(hidden)]'),
    ),
    Mistake(
        "returns the moved look",
        "answer_model",
        MODEL,
        "The second map is the moved look",
        (
            "ops.stack([first, ops.reshape(second, (-1, H, W))], axis=1)",
            "ops.stack([first, moved + 0 * ops.reshape(second, (-1, H, W))], axis=1)",
        ),
    ),
    Mistake(
        "exchanges the looks",
        "answer_model",
        MODEL,
        "The looks are exchanged",
        ("[first, ops.reshape(second, (-1, H, W))]", "[ops.reshape(second, (-1, H, W)), first]"),
    ),
    Mistake(
        "stacks the looks at the end",
        "answer_model",
        MODEL,
        "Stack the two maps on axis 1",
        ("(-1, H, W))], axis=1)", "(-1, H, W))], axis=-1)"),
    ),
    # --- look_loss
    Mistake(
        "counts looks without a box",
        "look_loss",
        LOSS,
        "Looks without a box count",
        (
            "-ops.sum(told * ops.log(share + SMALLEST)) / ops.maximum(ops.sum(told), 1)",
            "-ops.mean(ops.log(share + SMALLEST))",
        ),
    ),
    Mistake(
        "divides by all looks",
        "look_loss",
        LOSS,
        "divided by all looks",
        (
            "-ops.sum(told * ops.log(share + SMALLEST)) / ops.maximum(ops.sum(told), 1)",
            "-ops.mean(told * ops.log(share + SMALLEST))",
        ),
    ),
    Mistake("sums the losses", "look_loss", LOSS, "This is the sum", (" / ops.maximum(ops.sum(told), 1)", "")),
    Mistake("has the wrong sign", "look_loss", LOSS, "The sign is wrong", ("return -ops", "return ops")),
    Mistake(
        "forgets the logarithm",
        "look_loss",
        LOSS,
        "Take its negative logarithm",
        ("-ops.sum(told * ops.log(share + SMALLEST))", "ops.sum(told * share)"),
    ),
    Mistake(
        "takes logarithms of single weights",
        "look_loss",
        LOSS,
        "The logarithm is taken of each weight",
        ("told * ops.log(share + SMALLEST)", "boxes * ops.log(looks + SMALLEST)"),
    ),
    Mistake(
        "divides by zero",
        "look_loss",
        LOSS,
        "NaN",
        ("ops.maximum(ops.sum(told), 1)", "ops.sum(told)"),
    ),
    Mistake(
        "returns a loss for each look",
        "look_loss",
        LOSS,
        "Return one number",
        (
            "-ops.sum(told * ops.log(share + SMALLEST)) / ops.maximum(ops.sum(told), 1)",
            "-told * ops.log(share + SMALLEST)",
        ),
    ),
    # --- places_in_box
    Mistake(
        "exchanges horizontal and vertical",
        "places_in_box",
        BOX,
        "Horizontal and vertical are exchanged",
        ("left, top, right, bottom = box", "top, left, bottom, right = box"),
    ),
    Mistake(
        "takes corners for centers",
        "places_in_box",
        BOX,
        "upper left corner",
        (
            "np.meshgrid((np.arange(W) + 0.5) * size / W, (np.arange(H) + 0.5) * size / H)",
            "np.meshgrid(np.arange(W) * size / W, np.arange(H) * size / H)",
        ),
    ),
    Mistake(
        "takes right and bottom for width and height",
        "places_in_box",
        BOX,
        "not width and height",
        (INSIDE, "inside = (x >= left) & (x < left + right) & (y >= top) & (y < top + bottom)"),
    ),
    Mistake(
        "loses tiny boxes",
        "places_in_box",
        BOX,
        "A box that holds no center",
        ("inside = distance == distance.min()", "pass"),
    ),
    Mistake(
        "counts all places that the box touches",
        "places_in_box",
        BOX,
        "as soon as the box touches it",
        (
            INSIDE,
            "right_of, above = x + size / W / 2 > left, y - size / H / 2 < bottom\n"
            "    inside = right_of & above & (x - size / W / 2 < right) & (y + size / H / 2 > top)",
        ),
    ),
    Mistake("returns numbers", "places_in_box", BOX, "Return booleans", ("return inside", "return inside.astype(int)")),
    # --- question_only_baseline
    Mistake(
        "gives all questions one answer",
        "question_only_baseline",
        BASELINE,
        "All questions have the same answer",
        (RESULT, "most_frequent(train_answers) for question in questions"),
    ),
    Mistake(
        "takes the answer that came first of several",
        "question_only_baseline",
        BASELINE,
        "the first in the alphabet",
        (MOST_FREQUENT, "return counts.most_common(1)[0][0]"),
    ),
    Mistake(
        "takes the last answer",
        "question_only_baseline",
        BASELINE,
        "the answer that a question had last",
        (MOST_FREQUENT, "return answers[-1]"),
    ),
    Mistake(
        "takes the rarest answer",
        "question_only_baseline",
        BASELINE,
        "take the most frequent",
        ("-counts[answer]", "counts[answer]"),
    ),
    Mistake(
        "knows no new questions",
        "question_only_baseline",
        BASELINE,
        "A question that was never asked",
        (
            f"[{RESULT}]",
            "[most_frequent(by_question[question]) if question in by_question else '' for question in questions]",
        ),
    ),
    Mistake(
        "looks at the first word",
        "question_only_baseline",
        BASELINE,
        "first word alone",
        body="""
        def most_frequent(answers):
            counts = collections.Counter(answers)
            return min(counts, key=lambda answer: (-counts[answer], answer))

        by_question = collections.defaultdict(list)
        for question, answer in zip(train_questions, train_answers, strict=True):
            by_question[question.split()[0]].append(answer)
        return [most_frequent(by_question.get(question.split()[0], train_answers)) for question in questions]
    """,
    ),
    # --- find_fault
    Mistake(
        "judges the looks of right answers",
        "find_fault",
        FAULT,
        "A right answer has no fault",
        body="""
        for name, weights, box in (("first look", looks[0], named), ("second look", looks[1], about)):
            if box is not None and not box[np.unravel_index(weights.argmax(), weights.shape)]:
                return name
        return "none" if answer == expected else "answer"
    """,
    ),
    Mistake(
        "begins with the second look",
        "find_fault",
        FAULT,
        "Go through the steps in order",
        (
            '("first look", looks[0], named), ("second look", looks[1], about)',
            '("second look", looks[1], about), ("first look", looks[0], named)',
        ),
    ),
    Mistake(
        "exchanges the boxes",
        "find_fault",
        FAULT,
        "The boxes are exchanged",
        ('looks[0], named), ("second look", looks[1], about)', 'looks[0], about), ("second look", looks[1], named)'),
    ),
    Mistake(
        "judges a look by the sum inside",
        "find_fault",
        FAULT,
        "not by the sum of the weights inside",
        (HIT, "weights[box].sum() <= 0.5"),
    ),
    Mistake(
        "takes a hit for a miss", "find_fault", FAULT, "misses its box is the fault", (HIT, HIT.removeprefix("not "))
    ),
    Mistake(
        "lets a look miss what is not there",
        "find_fault",
        FAULT,
        "There is nothing to look at",
        (f"if box is not None and {HIT}", f"if box is None or {HIT}"),
    ),
    Mistake(
        "blames the answer alone",
        "find_fault",
        FAULT,
        "only if both looks are right",
        (f"box is not None and {HIT}", "False"),
    ),
]

EQUIVALENT = {}
UNREAD_ARGUMENTS = {}

EQUAL_SPELLINGS = {
    "sums of products": [
        ("look", ENERGIES, "ops.sum(keys * ops.expand_dims(query, 1), axis=-1) / keys.shape[-1] ** 0.5"),
        ("look", CONTEXT, "ops.sum(ops.expand_dims(weights, -1) * values, axis=1)"),
        (
            "find_fault",
            HIT,
            "not box.ravel()[weights.ravel().tolist().index(weights.max())]",
        ),
    ],
    "matrix products": [
        (
            "look",
            ENERGIES,
            "ops.matmul(keys, ops.expand_dims(query, -1))[..., 0] / np.sqrt(keys.shape[-1]).astype('float32')",
        ),
        ("look", CONTEXT, "ops.matmul(ops.expand_dims(weights, 1), values)[:, 0]"),
        (
            "move_look",
            'ops.einsum("bp,bpr->br", ops.reshape(weights, (-1, H * W)), kernel)',
            "ops.matmul(ops.reshape(weights, (-1, 1, H * W)), kernel)[:, 0]",
        ),
    ],
    "a factor and a sum": [
        (
            "look",
            SOFTMAX,
            "weights = ops.softmax(energies - ops.max(energies, axis=-1, keepdims=True), axis=-1)",
        ),
        (
            "look_loss",
            "told = ops.max(boxes, axis=(2, 3))",
            "told = ops.cast(ops.any(boxes > 0, axis=(2, 3)), looks.dtype)",
        ),
    ],
    "a loop over offsets": [
        (
            "move_look",
            "moved = ops.einsum",
            "padded = ops.pad(weights, ((0, 0), (H - 1, H - 1), (W - 1, W - 1)))\n"
            "    moved = 0\n"
            "    for down in range(2 * H - 1):\n"
            "        for right in range(2 * W - 1):\n"
            "            start = 2 * H - 2 - down, 2 * W - 2 - right\n"
            "            shifted = padded[:, start[0] : start[0] + H, start[1] : start[1] + W]\n"
            "            moved = moved + shifted * whole[:, down, right][:, None, None]\n"
            "    return moved\n"
            "    moved = ops.einsum",
        ),
        ("move_look", "    H, W = weights.shape[1:]\n", "    whole = kernel\n    H, W = weights.shape[1:]\n"),
    ],
}
