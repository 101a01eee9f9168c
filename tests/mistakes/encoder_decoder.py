"""Known mistakes in `encoder_decoder`.

`training_model` and `translate` are tested with `toy_models`, so that a wrong encoder or decoder costs its own points
alone. Only `attention_decoder_model` calls another graded function, `attend`.
"""

from dlseq.authoring.mistakes import Mistake

TARGETS = ("training_targets",)
LOSS = ("masked_loss",)
ENCODER = ("encoder_model",)
DECODER = ("decoder_model",)
MODEL = ("training_model",)
TRANSLATE = ("translate",)
REVERSE = ("reverse_source",)
ATTEND = ("attend", "attention_decoder_model")
ATTENTION_ENCODER = ("attention_encoder_model",)
ATTENTION_DECODER = ("attention_decoder_model",)

MISTAKES = [
    # --- training_targets
    Mistake(
        "leaves the end out of the targets",
        "training_targets",
        TARGETS,
        "the model has to learn where a sentence ends",
        ("[*sentence, end_id]", "[*sentence, 0]"),
    ),
    Mistake(
        "has no step for the end",
        "training_targets",
        TARGETS,
        "the model has to learn where a sentence ends",
        body="""
        Ty = max(1, *(len(sentence) for sentence in sentences), 1)
        decoder_inputs, targets = np.zeros((2, len(sentences), Ty), dtype="int32")
        for row, sentence in enumerate(sentences):
            decoder_inputs[row, : len(sentence)] = [start_id, *sentence][: len(sentence)]
            targets[row, : len(sentence)] = sentence
        return decoder_inputs, targets
    """,
    ),
    Mistake(
        "does not shift the inputs",
        "training_targets",
        TARGETS,
        "The inputs equal the targets",
        ("[start_id, *sentence]", "[*sentence, end_id]"),
    ),
    Mistake(
        "gives the inputs for targets",
        "training_targets",
        TARGETS,
        "The targets have to be shifted",
        ("[*sentence, end_id]", "[start_id, *sentence]"),
    ),
    Mistake(
        "returns the targets first",
        "training_targets",
        TARGETS,
        "The two arrays are swapped",
        ("return decoder_inputs, targets", "return targets, decoder_inputs"),
    ),
    Mistake(
        "begins with the end",
        "training_targets",
        TARGETS,
        "start_id and end_id are swapped",
        body="""
        start_id, end_id = end_id, start_id
        Ty = max(len(sentence) for sentence in sentences) + 1
        decoder_inputs, targets = np.zeros((2, len(sentences), Ty), dtype="int32")
        for row, sentence in enumerate(sentences):
            decoder_inputs[row, : len(sentence) + 1] = [start_id, *sentence]
            targets[row, : len(sentence) + 1] = [*sentence, end_id]
        return decoder_inputs, targets
    """,
    ),
    Mistake(
        "feeds the end to the decoder",
        "training_targets",
        TARGETS,
        "end_id is no input",
        body="""
        whole = [[start_id, *sentence, end_id] for sentence in sentences]
        rows = np.zeros((len(whole), max(map(len, whole))), dtype="int32")
        for row, sentence in zip(rows, whole):
            row[: len(sentence)] = sentence
        return rows[:, :-1], rows[:, 1:]
    """,
    ),
    Mistake(
        "has one step too many",
        "training_targets",
        TARGETS,
        "There is one step too many",
        body="""
        whole = [[start_id, *sentence, end_id] for sentence in sentences]
        rows = np.zeros((len(whole), max(map(len, whole))), dtype="int32")
        for row, sentence in zip(rows, whole):
            row[: len(sentence)] = sentence
        return rows, np.pad(rows[:, 1:], ((0, 0), (0, 1)))
    """,
    ),
    Mistake(
        "has the start in the targets",
        "training_targets",
        TARGETS,
        "The targets do not contain start_id",
        body="""
        whole = [[start_id, *sentence, end_id] for sentence in sentences]
        rows = np.zeros((len(whole), max(map(len, whole))), dtype="int32")
        for row, sentence in zip(rows, whole):
            row[: len(sentence)] = sentence
        inputs = np.where(rows == end_id, 0, rows)
        return inputs[:, :-1], rows[:, :-1]
    """,
    ),
    Mistake(
        "pads on the left",
        "training_targets",
        TARGETS,
        "Padding stands on the right",
        body="""
        Ty = max(len(sentence) for sentence in sentences) + 1
        decoder_inputs, targets = np.zeros((2, len(sentences), Ty), dtype="int32")
        for row, sentence in enumerate(sentences):
            decoder_inputs[row, Ty - len(sentence) - 1 :] = [start_id, *sentence]
            targets[row, Ty - len(sentence) - 1 :] = [*sentence, end_id]
        return decoder_inputs, targets
    """,
    ),
    Mistake(
        "fills up with the end",
        "training_targets",
        TARGETS,
        "Padding is 0, not end_id",
        (
            "return decoder_inputs, targets",
            "return decoder_inputs, np.where(targets == 0, end_id, targets).astype('int32')",
        ),
    ),
    Mistake(
        "appends the end to the caller's sentences",
        "training_targets",
        TARGETS,
        "changed in place",
        (
            "    return decoder_inputs, targets",
            "    for sentence in sentences:\n        sentence.append(end_id)\n    return decoder_inputs, targets",
        ),
    ),
    Mistake(
        "returns arrays of floats",
        "training_targets",
        TARGETS,
        "not an array of integers",
        (', dtype="int32"', ""),
    ),
    # --- masked_loss
    Mistake(
        "counts padding",
        "masked_loss",
        LOSS,
        "Padding counts",
        body="""
        return ops.mean(keras.losses.sparse_categorical_crossentropy(targets, logits, from_logits=True))
    """,
    ),
    Mistake(
        "divides by all steps",
        "masked_loss",
        LOSS,
        "Divide by the number of real ones",
        ("return ops.sum(losses * real) / ops.sum(real)", "return ops.mean(losses * real)"),
    ),
    Mistake("sums", "masked_loss", LOSS, "This is the sum", (" / ops.sum(real)", "")),
    Mistake(
        "divides by the number of sentences",
        "masked_loss",
        LOSS,
        "by the number of sentences",
        ("/ ops.sum(real)", "/ targets.shape[0]"),
    ),
    Mistake(
        "takes a mean over sentences",
        "masked_loss",
        LOSS,
        "This is a mean over sentences",
        (
            "ops.sum(losses * real) / ops.sum(real)",
            "ops.mean(ops.sum(losses * real, axis=1) / ops.sum(real, axis=1))",
        ),
    ),
    Mistake(
        "takes logits for probabilities",
        "masked_loss",
        LOSS,
        "The loss takes the logits for probabilities",
        (", from_logits=True", ""),
    ),
    Mistake(
        "takes the softmax twice",
        "masked_loss",
        LOSS,
        "The softmax is taken twice",
        (
            "keras.losses.sparse_categorical_crossentropy(targets, logits, from_logits=True)",
            "-ops.sum(ops.one_hot(targets, logits.shape[-1]) * ops.log_softmax(ops.softmax(logits)), axis=-1)",
        ),
    ),
    Mistake(
        "averages probabilities",
        "masked_loss",
        LOSS,
        "This is a mean of probabilities",
        ("ops.sum(losses * real)", "ops.sum(ops.exp(-losses) * real)"),
    ),
    Mistake(
        "rounds probabilities before the logarithm",
        "masked_loss",
        LOSS,
        "Softmax and logarithm belong in one operation",
        body="""
        chosen = ops.take_along_axis(ops.softmax(logits), ops.expand_dims(targets, -1), axis=-1)[..., 0]
        real = ops.cast(ops.not_equal(targets, 0), "float32")
        return -ops.sum(ops.where(real > 0, ops.log(chosen), 0)) / ops.sum(real)
    """,
    ),
    Mistake("has the wrong sign", "masked_loss", LOSS, "The sign is wrong", ("return ops.sum", "return -ops.sum")),
    Mistake(
        "masks the real words",
        "masked_loss",
        LOSS,
        "The mask is the wrong way around",
        (
            "real = ops.cast(ops.not_equal(targets, 0), losses.dtype)",
            "real = ops.cast(ops.equal(targets, 0), 'float32') + 1e-9",
        ),
    ),
    Mistake(
        "returns a loss for each step",
        "masked_loss",
        LOSS,
        "Return one number",
        ("return ops.sum(losses * real) / ops.sum(real)", "return losses * real"),
    ),
    Mistake(
        "takes a logarithm to base 2",
        "masked_loss",
        LOSS,
        "a logarithm to base 2",
        ("/ ops.sum(real)", "/ ops.sum(real) / np.log(2)"),
    ),
    # --- encoder_model
    Mistake(
        "reads padding",
        "encoder_model",
        ENCODER,
        "Padding is read as if it were words",
        (", mask_zero=True", ""),
    ),
    Mistake(
        "swaps the states of the encoder", "encoder_model", ENCODER, "The two states are swapped", ("[h, c]", "[c, h]")
    ),
    Mistake(
        "takes the output for h and h for c",
        "encoder_model",
        ENCODER,
        "returns its output, h and c, in this order",
        ("_, h, c = LSTM", "h, c, _ = LSTM"),
    ),
    Mistake(
        "returns the outputs of all steps",
        "encoder_model",
        ENCODER,
        "not the outputs of all steps",
        ("_, h, c = LSTM(units, return_state=True)", "h, _, c = LSTM(units, return_sequences=True, return_state=True)"),
    ),
    Mistake(
        "returns all three outputs of the LSTM",
        "encoder_model",
        ENCODER,
        "expected 2: h, c",
        ("Model(source, [h, c])", "Model(source, [_, h, c])"),
    ),
    Mistake(
        "returns the output alone",
        "encoder_model",
        ENCODER,
        "expected 2: h, c",
        ("Model(source, [h, c])", "Model(source, h)"),
    ),
    Mistake(
        "reads the source backwards",
        "encoder_model",
        ENCODER,
        "The sentence is read backwards",
        ("return_state=True", "return_state=True, go_backwards=True"),
    ),
    Mistake(
        "swaps width and units",
        "encoder_model",
        ENCODER,
        "The embedding is Embedding(vocab_size, width)",
        body="""
        source = Input((None,), dtype="int32")
        _, h, c = LSTM(width, return_state=True)(Embedding(vocab_size, units, mask_zero=True)(source))
        return Model(source, [h, c])
    """,
    ),
    Mistake(
        "gives the LSTM the width of the words",
        "encoder_model",
        ENCODER,
        "The LSTM has `units` units",
        ("LSTM(units,", "LSTM(width,"),
    ),
    Mistake(
        "encodes in both directions",
        "encoder_model",
        ENCODER,
        "It consists of one embedding and one LSTM",
        body="""
        source = Input((None,), dtype="int32")
        embedded = Embedding(vocab_size, width, mask_zero=True)(source)
        _, h, c, _, _ = keras.layers.Bidirectional(LSTM(units, return_state=True))(embedded)
        return Model(source, [h, c])
    """,
    ),
    Mistake(
        "returns tensors instead of a model",
        "encoder_model",
        ENCODER,
        "Return Model(inputs, outputs)",
        body="""
        return "encoder"
    """,
    ),
    # --- decoder_model
    Mistake(
        "starts the decoder from zeros",
        "decoder_model",
        DECODER,
        "The states that are passed in have no influence",
        (", initial_state=[h0, c0]", ""),
    ),
    Mistake(
        "swaps the initial states",
        "decoder_model",
        DECODER,
        "The initial states are swapped",
        ("initial_state=[h0, c0]", "initial_state=[c0, h0]"),
    ),
    Mistake(
        "passes the hidden state alone",
        "decoder_model",
        DECODER,
        "The initial cell state has no influence",
        ("initial_state=[h0, c0]", "initial_state=[h0, ops.zeros_like(c0)]"),
    ),
    Mistake(
        "returns probabilities",
        "decoder_model",
        DECODER,
        "These are probabilities",
        ("Dense(vocab_size)", "Dense(vocab_size, activation='softmax')"),
    ),
    Mistake(
        "returns the logits of the last word alone",
        "decoder_model",
        DECODER,
        "There is one row of logits for each word",
        ("return_sequences=True, ", ""),
    ),
    Mistake(
        "swaps the states of the decoder",
        "decoder_model",
        DECODER,
        "The two states are swapped",
        ("(outputs), h, c])", "(outputs), c, h])"),
    ),
    Mistake(
        "does not return the states",
        "decoder_model",
        DECODER,
        "expected 3: logits, h, c",
        ("[Dense(vocab_size)(outputs), h, c])", "Dense(vocab_size)(outputs))"),
    ),
    Mistake(
        "returns the states first",
        "decoder_model",
        DECODER,
        "logits has shape",
        ("[Dense(vocab_size)(outputs), h, c])", "[h, c, Dense(vocab_size)(outputs)])"),
    ),
    Mistake(
        "returns the initial states",
        "decoder_model",
        DECODER,
        "These are the states that were passed in",
        ("(outputs), h, c])", "(outputs), h0 + 0, c0 + 0])"),
    ),
    Mistake(
        "makes logits from the words",
        "decoder_model",
        DECODER,
        "The last dense layer has vocab_size units",
        ("Dense(vocab_size)(outputs)", "Dense(vocab_size)(embedded)"),
    ),
    Mistake(
        "has a logit for each unit",
        "decoder_model",
        DECODER,
        "The last dense layer has vocab_size units",
        ("Dense(vocab_size)", "Dense(units)"),
    ),
    # --- training_model
    Mistake(
        "does not pass the states",
        "training_model",
        MODEL,
        "The decoder starts from zeros",
        (
            "decoder([ids, *encoder(source)])",
            "decoder([ids, *[0 * state for state in encoder(source)[:2]], *encoder(source)[2:]])",
        ),
    ),
    Mistake(
        "swaps the inputs",
        "training_model",
        MODEL,
        "The inputs are swapped",
        ("Model([source, ids]", "Model([ids, source]"),
    ),
    Mistake(
        "swaps the states on the way",
        "training_model",
        MODEL,
        "The two states are swapped",
        ("*encoder(source)]", "*encoder(source)[1::-1], *encoder(source)[2:]]"),
    ),
    Mistake(
        "unpacks two states",
        "training_model",
        MODEL,
        "names stand left of `=`",
        body="""
        source, ids = Input((None,), dtype="int32"), Input((None,), dtype="int32")
        h, c = encoder(source)
        return Model([source, ids], decoder([ids, h, c])[0])
    """,
    ),
    Mistake(
        "drops the memory",
        "training_model",
        MODEL,
        "pass all of it to the decoder",
        ("*encoder(source)]", "*encoder(source)[:2]]"),
    ),
    Mistake(
        "keeps all outputs of the decoder",
        "training_model",
        MODEL,
        "Keep the logits alone",
        ("logits, *_ = decoder", "logits = decoder"),
    ),
    Mistake(
        "lets the decoder read the source",
        "training_model",
        MODEL,
        "The decoder reads the source",
        ("decoder([ids,", "decoder([source + 0 * ops.max(ids),"),
    ),
    Mistake(
        "lets the encoder read the target",
        "training_model",
        MODEL,
        "The encoder reads the decoder inputs",
        ("encoder(source)", "encoder(ids)"),
    ),
    Mistake(
        "applies a softmax to the logits",
        "training_model",
        MODEL,
        "These are probabilities",
        ("ids], logits)", "ids], ops.softmax(logits))"),
    ),
    Mistake(
        "trains copies",
        "training_model",
        MODEL,
        "trains both",
        (
            "logits, *_ = decoder",
            "copies = [keras.models.clone_model(part) for part in (encoder, decoder)]\n"
            "    for copy, part in zip(copies, (encoder, decoder)):\n"
            "        copy.set_weights(part.get_weights())\n"
            "    encoder, decoder = copies\n"
            "    logits, *_ = decoder",
        ),
    ),
    # --- translate
    Mistake(
        "keeps the end",
        "translate",
        TRANSLATE,
        "end_id is part of the translation",
        ("row[: row.index(end_id)]", "row[: row.index(end_id) + 1]"),
    ),
    Mistake(
        "keeps the start",
        "translate",
        TRANSLATE,
        "start_id is part of the translation",
        (
            "words = np.full((len(source_ids), 1), start_id), []",
            "words = np.full((len(source_ids), 1), start_id), [np.full((len(source_ids), 1), start_id)]",
        ),
    ),
    Mistake(
        "does not cut the sentences off",
        "translate",
        TRANSLATE,
        "The sentences go on after end_id",
        ("return [row[: row.index(end_id)] if end_id in row else row for row in rows]", "return rows"),
    ),
    Mistake(
        "drops the end and keeps what follows",
        "translate",
        TRANSLATE,
        "The words after end_id are part of the translation",
        (
            "return [row[: row.index(end_id)] if end_id in row else row for row in rows]",
            "return [[word for word in row if word != end_id] for row in rows]",
        ),
    ),
    Mistake(
        "stops when one sentence has ended",
        "translate",
        TRANSLATE,
        "The loop stops when the first sentence ends",
        ("if np.all(np.any(np.hstack(words) == end_id, axis=1)):", "if np.any(ids == end_id):"),
    ),
    Mistake(
        "reads the start in each step",
        "translate",
        TRANSLATE,
        "Each step reads start_id",
        body="""
        h, c, *rest = encoder(ops.convert_to_tensor(source_ids))
        first, words = ops.convert_to_tensor(np.full((len(source_ids), 1), start_id)), []
        for _ in range(max_length):
            logits, h, c, *_ = decoder([first, h, c, *rest])
            words.append(np.argmax(logits, axis=-1))
        rows = np.hstack(words).tolist()
        return [row[: row.index(end_id)] if end_id in row else row for row in rows]
    """,
    ),
    Mistake(
        "forgets the states of the decoder",
        "translate",
        TRANSLATE,
        "The states never change",
        ("logits, h, c, *_ = decoder", "logits, *_ = decoder"),
    ),
    Mistake(
        "forgets the cell state",
        "translate",
        TRANSLATE,
        "The cell state never changes",
        ("logits, h, c, *_ = decoder", "logits, h, *_ = decoder"),
    ),
    Mistake(
        "forgets the hidden state",
        "translate",
        TRANSLATE,
        "The hidden state never changes",
        ("logits, h, c, *_ = decoder", "logits, _, c, *_ = decoder"),
    ),
    Mistake(
        "takes the smallest logit",
        "translate",
        TRANSLATE,
        "These are the least probable words",
        ("np.argmax", "np.argmin"),
    ),
    Mistake(
        "writes one word too many in translate",
        "translate",
        TRANSLATE,
        "more words than max_length",
        ("range(max_length)", "range(max_length + 1)"),
    ),
    Mistake(
        "writes one word too few",
        "translate",
        TRANSLATE,
        "fewer words than max_length",
        ("range(max_length)", "range(max(1, max_length - 1))"),
    ),
    Mistake(
        "does not pass the memory",
        "translate",
        TRANSLATE,
        "pass all of it to the decoder",
        ("[ops.convert_to_tensor(ids), h, c, *rest]", "[ops.convert_to_tensor(ids), h, c]"),
    ),
    Mistake(
        "unpacks two states in translate",
        "translate",
        TRANSLATE,
        "names stand left of `=`",
        (
            "h, c, *rest = encoder(ops.convert_to_tensor(source_ids))",
            "(h, c), rest = encoder(ops.convert_to_tensor(source_ids)), []",
        ),
    ),
    Mistake(
        "translates the first sentence",
        "translate",
        TRANSLATE,
        "Only the first sentence is translated",
        ("for row in rows]", "for row in rows[:1]]"),
    ),
    Mistake(
        "returns a list for each step",
        "translate",
        TRANSLATE,
        "The rows are steps",
        ("rows = np.hstack(words).tolist()", "return np.hstack(words).T.tolist()\n    rows = []"),
    ),
    Mistake(
        "mixes arrays and tensors",
        "translate",
        TRANSLATE,
        "either arrays or tensors",
        ("ops.convert_to_tensor(ids), h", "ids, h"),
    ),
    # --- reverse_source
    Mistake(
        "reverses the padding",
        "reverse_source",
        REVERSE,
        "The padding is reversed with the words",
        body="return source_ids[:, ::-1]",
    ),
    Mistake(
        "reverses the batch",
        "reverse_source",
        REVERSE,
        "The order of the sentences is reversed",
        body="return source_ids[::-1]",
    ),
    Mistake(
        "reverses in place",
        "reverse_source",
        REVERSE,
        "changed in place",
        ("reversed_ids = np.zeros_like(source_ids)", "reversed_ids = source_ids"),
    ),
    Mistake(
        "copies without reversing",
        "reverse_source",
        REVERSE,
        "Nothing is reversed",
        ("words[::-1]", "words"),
    ),
    Mistake(
        "sorts the words",
        "reverse_source",
        REVERSE,
        "The words are sorted",
        ("words[::-1]", "np.sort(words)[::-1]"),
    ),
    Mistake(
        "returns floats",
        "reverse_source",
        REVERSE,
        "not an array of integers",
        ("np.zeros_like(source_ids)", "np.zeros(source_ids.shape)"),
    ),
    # --- attend
    Mistake(
        "attends to padding",
        "attend",
        ATTEND,
        "Padding gets weight",
        ("ops.where(ops.expand_dims(mask, axis=1), energies, -1e9)", "energies"),
    ),
    Mistake(
        "masks after the softmax",
        "attend",
        ATTEND,
        "The mask is applied after the softmax",
        (
            "weights = ops.softmax(ops.where(ops.expand_dims(mask, axis=1), energies, -1e9), axis=-1)",
            "weights = ops.where(ops.expand_dims(mask, axis=1), ops.softmax(energies, axis=-1), 0.0)",
        ),
    ),
    Mistake(
        "sets the energies of padding to 0",
        "attend",
        ATTEND,
        "exp(0) is 1",
        ("-1e9", "0.0"),
    ),
    Mistake(
        "masks the words",
        "attend",
        ATTEND,
        "The mask is the wrong way around",
        ("energies, -1e9)", "ops.full_like(energies, -1e9), energies)"),
    ),
    Mistake(
        "runs the softmax over the steps of the decoder",
        "attend",
        ATTEND,
        "ran over the steps of the decoder",
        ("axis=-1)", "axis=1)"),
    ),
    Mistake("runs the softmax over the batch", "attend", ATTEND, "ran over the batch", ("axis=-1)", "axis=0)")),
    Mistake(
        "scales the energies",
        "attend",
        ATTEND,
        "divided by the square root of n",
        ("(memory, (0, 2, 1)))", "(memory, (0, 2, 1))) / queries.shape[-1] ** 0.5"),
    ),
    Mistake(
        "returns energies",
        "attend",
        ATTEND,
        "These are energies",
        ("return ops.matmul(weights, memory), weights", "return ops.matmul(weights, memory), energies"),
    ),
    Mistake(
        "returns the weights first",
        "attend",
        ATTEND,
        "context and weights are swapped",
        ("return ops.matmul(weights, memory), weights", "return weights, ops.matmul(weights, memory)"),
    ),
    Mistake(
        "returns the weights transposed",
        "attend",
        ATTEND,
        "The weights are transposed",
        ("memory), weights", "memory), ops.transpose(weights, (0, 2, 1))"),
    ),
    Mistake(
        "returns the context alone",
        "attend",
        ATTEND,
        "expected 2: context, weights",
        ("memory), weights", "memory)"),
    ),
    # --- attention_encoder_model
    Mistake(
        "reads padding in the encoder with memory",
        "attention_encoder_model",
        ATTENTION_ENCODER,
        "Padding is read as if it were words",
        (", mask_zero=True", ""),
    ),
    Mistake(
        "inverts the mask",
        "attention_encoder_model",
        ATTENTION_ENCODER,
        "The mask is True for padding",
        ("ops.not_equal", "ops.equal"),
    ),
    Mistake(
        "has a memory of the last step",
        "attention_encoder_model",
        ATTENTION_ENCODER,
        "with return_sequences=True",
        ("return_sequences=True, ", ""),
    ),
    Mistake(
        "returns the memory first",
        "attention_encoder_model",
        ATTENTION_ENCODER,
        "expected (3, 6, 4)",
        ("[h, c, memory,", "[memory, h, c,"),
    ),
    Mistake(
        "returns the words for the memory",
        "attention_encoder_model",
        ATTENTION_ENCODER,
        "The memory is what the LSTM returns first",
        ("[h, c, memory,", "[h, c, embedded,"),
    ),
    Mistake(
        "swaps the states of the encoder with memory",
        "attention_encoder_model",
        ATTENTION_ENCODER,
        "The two states are swapped",
        ("[h, c, memory,", "[c, h, memory,"),
    ),
    Mistake(
        "does not return the mask",
        "attention_encoder_model",
        ATTENTION_ENCODER,
        "expected 4: h, c, memory, mask",
        (", ops.not_equal(source, 0)]", "]"),
    ),
    # --- attention_decoder_model
    Mistake(
        "puts the output before the context",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "The output stands before the context",
        ("[context, outputs]", "[outputs, context]"),
    ),
    Mistake(
        "has no tanh",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "The attentional vector has a tanh",
        (', activation="tanh"', ""),
    ),
    Mistake(
        "ignores the mask",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "Padding gets weight",
        ("attend(outputs, memory, mask)", "attend(outputs, memory, ops.ones_like(mask))"),
    ),
    Mistake(
        "makes logits from the context alone",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "concatenated: 2 n numbers",
        ("ops.concatenate([context, outputs], axis=-1)", "context"),
    ),
    Mistake(
        "makes logits without an attentional vector",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "It consists of one embedding, one LSTM and two dense layers",
        (
            'Dense(units, activation="tanh")(ops.concatenate([context, outputs], axis=-1))',
            "ops.concatenate([context, outputs], axis=-1)",
        ),
    ),
    Mistake(
        "adds context and output",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "concatenated: 2 n numbers",
        ("ops.concatenate([context, outputs], axis=-1)", "context + outputs"),
    ),
    Mistake(
        "starts the decoder with attention from zeros",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "The states that are passed in have no influence",
        (", initial_state=[h0, c0]", ""),
    ),
    Mistake(
        "attends with the final state",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "asks with the final hidden state",
        ("attend(outputs, memory, mask)", "attend(ops.expand_dims(h, 1) + 0 * outputs, memory, mask)"),
    ),
    Mistake(
        "returns probabilities with attention",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "These are probabilities",
        ("Dense(vocab_size)", "Dense(vocab_size, activation='softmax')"),
    ),
    Mistake(
        "does not return the weights",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "expected 4: logits, h, c, weights",
        ("h, c, weights])", "h, c])"),
    ),
    Mistake(
        "swaps the states of the decoder with attention",
        "attention_decoder_model",
        ATTENTION_DECODER,
        "The two states are swapped",
        ("h, c, weights])", "c, h, weights])"),
    ),
]

EQUIVALENT = {}
UNREAD_ARGUMENTS = {}

LOSS_LINE = "losses = keras.losses.sparse_categorical_crossentropy(targets, logits, from_logits=True)  # (B, Ty)"
ENERGIES = "energies = ops.matmul(queries, ops.transpose(memory, (0, 2, 1)))  # (B, Ty, Tx)"
CONTEXT = "return ops.matmul(weights, memory), weights"
EQUAL_SPELLINGS = {
    "einsum": [
        ("attend", ENERGIES, 'energies = ops.einsum("btn,bsn->bts", queries, memory)'),
        ("attend", CONTEXT, 'return ops.einsum("bts,bsn->btn", weights, memory), weights'),
        (
            "masked_loss",
            LOSS_LINE,
            "losses = -ops.sum(ops.one_hot(targets, logits.shape[-1]) * ops.log_softmax(logits), axis=-1)",
        ),
    ],
    "sums of products": [
        (
            "attend",
            ENERGIES,
            "energies = ops.sum(ops.expand_dims(queries, 2) * ops.expand_dims(memory, 1), axis=-1)",
        ),
        (
            "attend",
            CONTEXT,
            "return ops.sum(ops.expand_dims(weights, -1) * ops.expand_dims(memory, 1), axis=2), weights",
        ),
        (
            "masked_loss",
            LOSS_LINE,
            "losses = ops.logsumexp(logits, axis=-1) - "
            "ops.take_along_axis(logits, ops.expand_dims(targets, -1), axis=-1)[..., 0]",
        ),
        ("reverse_source", "words[::-1]", "[int(word) for word in reversed(words.tolist())]"),
    ],
    "cells of an LSTM": [
        (
            "encoder_model",
            "_, h, c = LSTM(units, return_state=True)(embedded)",
            "_, h, c = keras.layers.RNN(keras.layers.LSTMCell(units), return_state=True)(embedded)",
        ),
        (
            "decoder_model",
            "LSTM(units, return_sequences=True, return_state=True)",
            "keras.layers.RNN(keras.layers.LSTMCell(units), return_sequences=True, return_state=True)",
        ),
    ],
    "layers of Keras": [
        (
            "attend",
            "weights = ops.softmax(ops.where(ops.expand_dims(mask, axis=1), energies, -1e9), axis=-1)",
            "real = ops.logical_and(ops.expand_dims(mask, axis=1), ops.isfinite(energies))\n"
            "    weights = keras.layers.Softmax()(energies, mask=real)",
        ),
        (
            "attention_decoder_model",
            "ops.concatenate([context, outputs], axis=-1)",
            "keras.layers.Concatenate()([context, outputs])",
        ),
        ("decoder_model", "Dense(vocab_size)(outputs)", "keras.layers.TimeDistributed(Dense(vocab_size))(outputs)"),
    ],
    "the whole prefix": [
        (
            "translate",
            "logits, h, c, *_ = decoder([ops.convert_to_tensor(ids), h, c, *rest])",
            "prefix = np.hstack([np.full((len(source_ids), 1), start_id), *words])\n"
            "        logits = decoder([ops.convert_to_tensor(prefix), h, c, *rest])[0][:, -1:]",
        ),
    ],
}
