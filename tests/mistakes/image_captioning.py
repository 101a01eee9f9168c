"""Known mistakes in `image_captioning`. `training_model` and the searches are tested with `toy_step`."""

from dlseq.authoring.mistakes import mistakes_in

FIRST_WORD = 'h = c = np.zeros((len(memory), memory.shape[-1]), "float32")'
BEST = 'best = np.argsort(-candidates, kind="stable")[:beam_width]'
KEPT = "sums, h, c = candidates[best[~ended]], h[parents[~ended]], c[parents[~ended]]"
REST = "finished += [(path, float(total)) for path, total in zip(live, sums, strict=True)]"
SORTED = "sorted(finished, key=lambda caption: -caption[1])"
IDS = "ids = np.array([path[-1] if path else start_id for path in live])"

MISTAKES = [
    *mistakes_in(
        "memory_model",
        [
            ("leaves the coordinates out", "The coordinates are missing", ":1]) + where", ":1]) + 0 * where"),
            (
                "puts the coordinates first",
                "come after the features",
                "[what, ops.zeros_like(what[..., :1]) + where]",
                "[ops.zeros_like(what[..., :1]) + where, what]",
            ),
            (
                "exchanges y and x",
                "y comes first",
                'np.meshgrid(y, x, indexing="ij"), axis=-1)',
                'np.meshgrid(y, x, indexing="ij")[::-1], axis=-1)',
            ),
            (
                "takes corners",
                "Take the centers",
                "(np.arange(H) * 2 + 1) / H - 1, (np.arange(W) * 2 + 1) / W - 1",
                "np.linspace(-1, 1, H), np.linspace(-1, 1, W)",
            ),
            (
                "takes upper left corners",
                "Take the centers",
                "(np.arange(H) * 2 + 1) / H - 1, (np.arange(W) * 2 + 1) / W - 1",
                "2 * np.arange(H) / H - 1, 2 * np.arange(W) / W - 1",
            ),
            (
                "counts from 0 to 1",
                "reach from -1 to 1",
                "(np.arange(H) * 2 + 1) / H - 1, (np.arange(W) * 2 + 1) / W - 1",
                "(np.arange(H) + 0.5) / H, (np.arange(W) + 0.5) / W",
            ),
            (
                "counts rows from below",
                "The first row is the upper one",
                "y, x = (np",
                "y, x = 1 - (np.arange(H) * 2 + 1) / H, (np.arange(W) * 2 + 1) / W - 1\n        _ = (np",
            ),
            (
                "numbers rows and columns",
                "numbers of row and column",
                "(np.arange(H) * 2 + 1) / H - 1, (np.arange(W) * 2 + 1) / W - 1",
                "np.arange(H), np.arange(W)",
            ),
            (
                "numbers places by column",
                "column by column",
                "ops.reshape(features, (-1, H * W, C))",
                "ops.reshape(ops.transpose(features, (0, 2, 1, 3)), (-1, H * W, C))",
            ),
            ("forgets indexing", "needs indexing='ij'", ', indexing="ij"', ""),
            (
                "forgets the tanh",
                "The layer has a tanh",
                'Dense(units, activation="tanh", name="memory")',
                'Dense(units, name="memory")',
            ),
            (
                "has a tanh for the whole picture",
                "no activation",
                'Dense(units, name="memory")(vector)',
                'Dense(units, activation="tanh", name="memory")(vector)',
            ),
            (
                "averages the whole picture",
                "H W C numbers",
                "ops.reshape(features, (-1, 1, H * W * C))",
                "ops.mean(ops.reshape(features, (-1, H * W, C)), axis=1, keepdims=True)",
            ),
            (
                "returns the whole picture without an axis",
                "an axis for its one place",
                'Dense(units, name="memory")(vector)',
                'Dense(units, name="memory")(vector)[:, 0]',
            ),
            (
                "writes the whole picture column by column",
                "another order",
                "ops.reshape(features, (-1, 1, H * W * C))",
                "ops.reshape(ops.transpose(features, (0, 2, 1, 3)), (-1, 1, H * W * C))",
            ),
            (
                "forgets the name",
                "Give the layer its name",
                'Dense(units, activation="tanh", name="memory")',
                'Dense(units, activation="tanh")',
            ),
        ],
    ),
    *mistakes_in(
        "attend",
        loses=("attend", "step_model"),
        rows=[
            ("does not scale the energies", "not divided by the square root", " / memory.shape[-1] ** 0.5", ""),
            ("divides by n", "Divide by its square root", " ** 0.5", ""),
            ("divides by the number of places", "of P, not of n", "memory.shape[-1]", "memory.shape[1]"),
            ("takes the softmax over the batch", "over the batch", "axis=-1", "axis=0"),
            ("returns energies", "These are energies", "memory), weights", "memory), energies"),
            (
                "sums over the features",
                "The sum runs over the features",
                'ops.einsum("bp,bpn->bn", weights, memory)',
                'ops.einsum("bp,bpn->bp", weights, memory)',
            ),
            (
                "swaps context and weights",
                "swapped",
                'return ops.einsum("bp,bpn->bn", weights, memory), weights',
                'return weights, ops.einsum("bp,bpn->bn", weights, memory)',
            ),
            (
                "averages without weights",
                "without weights",
                'ops.einsum("bp,bpn->bn", weights, memory)',
                "ops.mean(memory, axis=1)",
            ),
            (
                "divides the context by P",
                "divided by P",
                "weights, memory), weights",
                "weights, memory) / memory.shape[1], weights",
            ),
            ("has the wrong sign", "wrong sign", "ops.softmax(energies", "ops.softmax(-energies"),
        ],
    ),
    *mistakes_in(
        "step_model",
        [
            ("leaves the gate open", "The gate has no influence", " * context\n", " * 0 + context\n"),
            ("forgets the sigmoid", "The gate has no sigmoid", 'activation="sigmoid", ', ""),
            (
                "asks with the cell state",
                "made from the cell state. Make it from h",
                'name="query")(h)',
                'name="query")(c)',
            ),
            ("exchanges seen and h", "the new h, then seen", "[new_h, seen]", "[seen, new_h]"),
            ("exchanges seen and word", "the embedded word, then seen", "[embedded, seen]", "[seen, embedded]"),
            ("predicts from the old state", "Take the new one", "[new_h, seen]", "[h, seen]"),
            ("predicts from the cell state", "Take the new h", "[new_h, seen]", "[new_c, seen]"),
            ("predicts without the gate", "without the gate", "[new_h, seen]", "[new_h, context]"),
            ("predicts without the picture", "The logits do not read", "[new_h, seen]", "[new_h, 0 * seen]"),
            (
                "does not show the cell the picture",
                "The cell does not read",
                "[embedded, seen]",
                "[embedded, 0 * seen]",
            ),
            ("swaps the states", "h comes first", "weights, new_h, new_c]", "weights, new_c, new_h]"),
            ("returns the old states", "before the step", "weights, new_h, new_c]", "weights, h, c]"),
            (
                "returns probabilities",
                "These are probabilities",
                'Dense(vocab_size, name="logits")',
                'Dense(vocab_size, activation="softmax", name="logits")',
            ),
            (
                "gives the cell the wrong width",
                "LSTMCell of n units",
                "ops.concatenate([embedded, seen], axis=-1)",
                "embedded + seen",
            ),
            (
                "asks with the new state",
                "The new h asks",
                """
                embedded = Embedding(vocab_size, units, name="embedding")(ids)
                query, gate = Dense(units, name="query"), Dense(units, activation="sigmoid", name="gate")
                context, weights = attend(query(h), memory)
                seen = gate(h) * context
                _, (new_h, new_c) = LSTMCell(units, name="cell")(ops.concatenate([embedded, seen], axis=-1), [h, c])
                context, weights = attend(query(new_h), memory)
                seen = gate(new_h) * context
                logits = Dense(vocab_size, name="logits")(ops.concatenate([new_h, seen], axis=-1))
                return Model([ids, memory, h, c], [logits, weights, new_h, new_c])
                """,
            ),
        ],
    ),
    *mistakes_in(
        "training_model",
        [
            (
                "starts each step from zeros",
                "each step starts from zeros",
                "logits, weights, h, c = step(",
                "logits, weights, _, _ = step(",
            ),
            (
                "hands on the hidden state alone",
                "The cell state is not handed on",
                "logits, weights, h, c = step(",
                "logits, weights, h, _ = step(",
            ),
            (
                "hands on the cell state alone",
                "The hidden state is not handed on",
                "logits, weights, h, c = step(",
                "logits, weights, _, c = step(",
            ),
            (
                "swaps the states from step to step",
                "change places",
                "logits, weights, h, c = step(",
                "logits, weights, c, h = step(",
            ),
            ("reads the first word", "Each step reads the first word", "ids[:, t]", "ids[:, 0]"),
            ("reads the words backwards", "from the last to the first", "ids[:, t]", "ids[:, length - 1 - t]"),
            ("reads one word ahead", "the word of step t + 1", "ids[:, t]", "ids[:, min(t + 1, length - 1)]"),
            ("starts from ones", "The first states are zeros", "ops.zeros_like", "ops.ones_like"),
            ("stacks the steps first", "The steps come first", "axis=1", "axis=0"),
            (
                "reads what it has written",
                "what the model has written",
                "step([ids[:, t],",
                "step([ops.argmax(steps[-1][0], axis=-1) if steps else ids[:, t],",
            ),
            (
                "returns the last step alone",
                "Stack those of all",
                "[ops.stack(outputs, axis=1) for outputs in zip(*steps, strict=True)]",
                "list(steps[-1])",
            ),
            (
                "swaps the outputs",
                "logits first, then weights",
                "steps.append((logits, weights))",
                "steps.append((weights, logits))",
            ),
        ],
    ),
    *mistakes_in(
        "greedy_captions",
        [
            ("keeps the end", "Cut it off before it", "row[: row.index(end_id)] if", "row[: row.index(end_id) + 1] if"),
            (
                "goes on after the end",
                "go on after end_id",
                "row[: row.index(end_id)] if end_id in row else row",
                "row",
            ),
            (
                "filters the end",
                "without end_id",
                "row[: row.index(end_id)] if end_id in row else row for",
                "[word for word in row if word != end_id] for",
            ),
            (
                "stops with the first caption",
                "when the first caption ends",
                "        maps.append(weights)\n",
                "        maps.append(weights)\n        if (ids == end_id).any():\n            break\n",
            ),
            (
                "adds the start",
                "start_id is part of the caption",
                "    return captions, [",
                "    return [[start_id, *caption] for caption in captions], [",
            ),
            ("writes one word more", "more words than max_length", "range(max_length)", "range(max_length + 1)"),
            (
                "writes one word less",
                "fewer words than max_length",
                "range(max_length)",
                "range(max(1, max_length - 1))",
            ),
            (
                "never changes the states",
                "The states never change",
                "logits, weights, h, c = (np.array(output) for output in step([ids, memory, h, c]))",
                "logits, weights, _, _ = (np.array(output) for output in step([ids, memory, h, c]))",
            ),
            (
                "never changes the cell state",
                "The cell state never changes",
                "logits, weights, h, c = (np",
                "logits, weights, h, _ = (np",
            ),
            (
                "never changes the hidden state",
                "The hidden state never changes",
                "logits, weights, h, c = (np",
                "logits, weights, _, c = (np",
            ),
            (
                "reads the start in each step",
                "Each step reads start_id",
                "step([ids,",
                "step([np.full(len(memory), start_id),",
            ),
            ("writes the least probable words", "least probable", "logits.argmax", "logits.argmin"),
            (
                "keeps the map of the end",
                "The map of the end is there too",
                "weights[: len(caption)]",
                "weights[: len(caption) + 1]",
            ),
            ("keeps all maps", "The maps go on", "weights[: len(caption)]", "weights"),
            (
                "takes the maps of the next words",
                "maps of the next words",
                "weights[: len(caption)]",
                "weights[1 : len(caption) + 1]",
            ),
        ],
    ),
    *mistakes_in(
        "beam_captions",
        [
            (
                "leaves the states where they were",
                "The states stay where they were",
                KEPT,
                "sums, h, c = candidates[best[~ended]], *(np.resize(each, (len(live), 3)) for each in (h, c))",
            ),
            (
                "keeps the best of each beginning",
                "Each beginning keeps its own",
                BEST,
                "best = np.concatenate([8 * row + np.argsort(-p)[:beam_width] for row, p in enumerate(log_p)])",
            ),
            ("forgets the words before", "The sums forget", "(sums[:, None] + log_p)", "(0 * sums[:, None] + log_p)"),
            ("sums logits", "The sums are made of logits", "np.array(ops.log_softmax(logits))", "np.array(logits)"),
            (
                "sums probabilities",
                "The sums are made of probabilities",
                "ops.log_softmax(logits)",
                "ops.softmax(logits)",
            ),
            ("keeps the end in the words", "end_id is part of a caption", "path[:-1]", "path"),
            (
                "stops with the first end",
                "The search stops with the first",
                "if not live:",
                "if ended.any():",
            ),
            ("drops what is live at the end", "counts as finished too", REST, "pass"),
            (
                "loses finished captions",
                "Finished captions are lost",
                "finished += [(path[:-1], float",
                "_ = [(path[:-1], float",
            ),
            ("returns the worst first", "most probable caption comes first", "-caption[1]", "caption[1]"),
            (
                "normalizes the length",
                "no length normalization",
                f"return {SORTED}",
                f"finished = [(path, total / (len(path) + 1)) for path, total in finished]\n    return {SORTED}",
            ),
            ("narrows the beam", "The beam gets narrower", KEPT, f"{KEPT}\n        beam_width -= int(ended.sum())"),
            (
                "reads the start in each step of the beam",
                "Each step reads start_id",
                IDS,
                "ids = np.array([start_id for path in live])",
            ),
            ("returns the best alone", "not only the best", f"return {SORTED}", f"return {SORTED}[:1]"),
            (
                "returns as many as the beam is wide",
                "as the beam is wide",
                f"return {SORTED}",
                f"return {SORTED}[:beam_width]",
            ),
        ],
    ),
    *mistakes_in(
        "pointing_game",
        [
            (
                "exchanges x and y of the place",
                "x and y are exchanged",
                "x, y = (j + 0.5) * size / W, (i + 0.5) * size / H",
                "y, x = (j + 0.5) * size / W, (i + 0.5) * size / H",
            ),
            (
                "takes the corner of the place",
                "upper left corner",
                "x, y = (j + 0.5) * size / W, (i + 0.5) * size / H",
                "x, y = j * size / W, i * size / H",
            ),
            ("takes the smallest weight", "The smallest weight points", "argmax", "argmin"),
            (
                "counts words without a box as tries",
                "they are no tries",
                "        if box is None:\n",
                "        if box is None:\n            tries += 1\n",
            ),
            ("swaps hits and tries", "hits and tries are swapped", "return hits, tries", "return tries, hits"),
            ("counts misses", "This counts the misses", "int(left", "1 - int(left"),
        ],
    ),
]
EQUIVALENT = {}

EQUAL_SPELLINGS = {
    "sums of products": [
        (
            "attend",
            'ops.einsum("bpn,bn->bp", memory, query) / memory.shape[-1] ** 0.5',
            "ops.sum(memory * ops.expand_dims(query, 1), axis=-1) / memory.shape[-1] ** 0.5",
        ),
        (
            "attend",
            'ops.einsum("bp,bpn->bn", weights, memory)',
            "ops.sum(ops.expand_dims(weights, -1) * memory, axis=1)",
        ),
    ],
    "matrix products": [
        (
            "attend",
            'ops.einsum("bpn,bn->bp", memory, query) / memory.shape[-1] ** 0.5',
            "ops.matmul(memory, ops.expand_dims(query / memory.shape[-1] ** 0.5, -1))[..., 0]",
        ),
        (
            "attend",
            'ops.einsum("bp,bpn->bn", weights, memory)',
            "ops.matmul(ops.expand_dims(weights, 1), memory)[:, 0]",
        ),
    ],
}
"""Spellings that earn all points: the same formula in another order of operations."""
