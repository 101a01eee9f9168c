"""Graded tests of `encoder_decoder`. Models have random weights and small sizes, all of them different."""

from functools import partial

import numpy as np
import pytest

from dlseq.testing import check, close, equal, shaped, unchanged, unpack

TOY_VOCABULARY = 8  # of toy_models
LEARNING_RATE = 0.5  # one step has a visible effect

NOT_A_MODEL = "Return Model(inputs, outputs)."
NO_MASK = "Padding is read as if it were words. The embedding can attach a mask: mask_zero=True."
STATES_SWAPPED = "The two states are swapped: h comes first, then c."
SIZES = {
    "embedding": "The embedding is Embedding(vocab_size, width).",
    "lstm": "The LSTM has `units` units, and its input is the embedded words.",
    "dense": "The last dense layer has vocab_size units, one logit for each word, and its input has n numbers a step.",
    "combine": "The first dense layer has `units` units; its input is context and output, concatenated: 2 n numbers.",
}


def is_model(value, function):
    """Check that a function has returned a Keras model, and return it."""
    check(getattr(value, "kind", "") == "model", f"{function} does not return a Keras model", NOT_A_MODEL)
    return value


def outputs_of(model, inputs, names, function):
    """Call a model, and return its outputs as a tuple."""
    value = model.invoke("call", inputs)
    return (value,) if len(names) == 1 and type(value) is np.ndarray else unpack(value, *names, of=f"the {function}")


def float32(values):
    """Return arrays as float32."""
    return [np.asarray(value, dtype="float32") for value in values]


def draw_weights(rng, parts):
    """Draw the weights of layers with the given shapes, in Keras's order."""
    return [value for shapes in parts.values() for value in float32(rng.normal(0, 0.7, shape) for shape in shapes)]


def lstm_shapes(width, units):
    """Return the shapes of the weights of an LSTM."""
    return [(width, 4 * units), (units, 4 * units), (4 * units,)]


def encoder_parts(vocab_size, width, units):
    """Return the shapes of the weights of an encoder, by layer."""
    return {"embedding": [(vocab_size, width)], "lstm": lstm_shapes(width, units)}


def decoder_parts(vocab_size, width, units, attention=False):
    """Return the shapes of the weights of a decoder, by layer."""
    combine = {"combine": [(2 * units, units), (units,)]} if attention else {}
    return encoder_parts(vocab_size, width, units) | combine | {"dense": [(units, vocab_size), (vocab_size,)]}


PARTS = {  # and the names of the layers
    "encoder_model": (encoder_parts, "one embedding and one LSTM"),
    "attention_encoder_model": (encoder_parts, "one embedding and one LSTM"),
    "decoder_model": (decoder_parts, "one embedding, one LSTM and one dense layer"),
    "attention_decoder_model": (
        partial(decoder_parts, attention=True),
        "one embedding, one LSTM and two dense layers",
    ),
}


def build(code, function, sizes, weights):
    """Build a model by a function of the exercise, and give it weights after a check of its layers."""
    make_parts, layers = PARTS[function]
    model = is_model(code.call(function, *sizes), function)
    expected = [(name, shape) for name, of_layer in make_parts(*sizes).items() for shape in of_layer]
    shapes, order = model.describe()["weights"], []
    check(
        len(shapes) == len(expected),
        f"the model of {function} does not have the weights of {layers}",
        f"It consists of {layers}, and no others.",
    )
    for shape in shapes:  # all shapes differ: Keras orders the layers by their place in the graph
        order += [place for place, (_, wanted) in enumerate(expected) if wanted == shape and place not in order][:1]
    missing = [name for place, (name, _) in enumerate(expected) if place not in order]
    check(not missing, f"{function}: a layer does not have the right size", SIZES[missing[0]] if missing else None)
    model.set_weights([weights[place] for place in order])
    return model


def draw_sentences(rng, lengths, vocab_size, first=1):
    """Draw sentences of word ids, as a list of lists."""
    return [[int(word) for word in rng.integers(first, vocab_size, size=length)] for length in lengths]


def pad(sentences):
    """Return sentences as an array with padding on the right."""
    rows = np.zeros((len(sentences), max(map(len, sentences))), dtype="int32")
    for row, sentence in zip(rows, sentences, strict=True):
        row[: len(sentence)] = sentence
    return rows


# --- training_targets

SHIFT = "The inputs are the targets, one step later: start_id first, and no end_id."
TOO_LONG = "There is one step too many: start_id, the words and end_id of the longest sentence are Ty + 1."
END_AS_PADDING = "Padding is 0, not end_id: each end_id is a word to be learned."
NO_END = "end_id is missing: the model has to learn where a sentence ends."
TARGET = "The targets are the words of the sentence and then end_id."


def target_mistakes(sentences, start, end):
    """Return known mistakes as (hint, decoder inputs, targets)."""
    inputs, targets = pad([[start, *s] for s in sentences]), pad([[*s, end] for s in sentences])
    longer = pad([[start, *s, end] for s in sentences])
    left = [np.array([np.roll(row, (row == 0).sum()) for row in rows]) for rows in (inputs, targets)]
    with_end = [np.where(rows == 0, end, rows) for rows in (inputs, targets)]
    without_end = [rows[:, :-1] for rows in (inputs, pad([[*s, 0] for s in sentences]))]
    return [
        ("The two arrays are swapped: decoder_inputs come first, then targets.", targets, inputs),
        (
            "The inputs equal the targets: they have to be shifted, or the decoder sees the word it has to write.",
            targets,
            targets,
        ),
        ("The targets have to be shifted: these are the inputs again.", inputs, inputs),
        (
            "start_id and end_id are swapped.",
            pad([[end, *s] for s in sentences]),
            pad([[*s, start] for s in sentences]),
        ),
        (NO_END, *without_end),
        (NO_END, inputs, pad([[*s, 0] for s in sentences])),
        (
            TOO_LONG,
            longer,
            longer,
        ),
        (TOO_LONG, longer, np.pad(targets, ((0, 0), (0, 1)))),
        ("end_id is no input: after it there is nothing to write.", longer[:, :-1], targets),
        ("The targets do not contain start_id: nobody writes it.", inputs, longer[:, :-1]),
        ("Padding stands on the right, behind the words.", *left),
        (END_AS_PADDING, *with_end),
        (END_AS_PADDING, inputs, with_end[1]),
        (
            "The words are in reverse order.",
            pad([[start, *s[::-1]] for s in sentences]),
            pad([[*s[::-1], end] for s in sentences]),
        ),
    ]


def check_targets(value, sentences, start, end, expected):
    """Check decoder inputs and targets."""
    arrays = unpack(value, "decoder_inputs", "targets", of="training_targets")
    mistakes = target_mistakes(sentences, start, end)
    for place, name in ((0, "decoder_inputs"), (1, "targets")):
        array, hint = arrays[place], (SHIFT, TARGET)[place]
        both = [m for m in mistakes if all(_same(a, b) for a, b in zip(arrays, m[1:], strict=True))]
        known = [(text, wrong[place]) for text, *wrong in (both or mistakes)]
        close(array, expected[place], name, "(B, Ty)", known, hint)
        check(array.dtype.kind in "iu", f"{name} is not an array of integers", "Word ids are integers: dtype='int32'.")


def _same(first, second):
    return type(first) is np.ndarray and first.shape == second.shape and bool(np.all(first == second))


@pytest.mark.points(6, of="training_targets")
@pytest.mark.hint("Write down the two rows of one short sentence, as in the table of section 1.")
def test_targets(submission, reference, rng):
    """The targets are the words and the end; the inputs are the same, shifted by one step."""
    sentences = draw_sentences(rng, [3, 5, 2], 30, first=7)
    start, end = (int(word) for word in rng.permutation(np.arange(1, 7))[:2])
    expected = reference.call("training_targets", sentences, start, end)
    check_targets(submission.call("training_targets", sentences, start, end), sentences, start, end, expected)


@pytest.mark.hidden
@pytest.mark.points(4, of="training_targets")
@pytest.mark.hint(
    "Ty depends on the longest sentence alone; a sentence may be empty, and then has an end all the same."
)
@pytest.mark.parametrize("lengths", [[1], [4, 4], [6, 0, 1, 9, 3], [0]], ids=["one word", "equal", "many", "empty"])
def test_other_targets(submission, reference, rng, lengths):
    """Inputs and targets are right for any number and length of sentences, which are left as they were."""
    sentences = draw_sentences(rng, lengths, 40, first=9)
    start, end = (int(word) for word in rng.permutation(np.arange(1, 9))[:2])
    value, after = submission.call_with_inputs("training_targets", sentences, start, end)
    expected = reference.call("training_targets", sentences, start, end)
    check_targets(value, sentences, start, end, expected)
    unchanged(after[0], sentences, "sentences")


# --- masked_loss

ARRAY = "The loss is an array with a number for each step. Return one number."
COUNTED = "Padding counts. Where the target is 0, the loss of the step does not belong in the mean."


def draw_loss(rng, lengths, vocab_size, scale=2.0):
    """Draw targets with padding, and logits."""
    targets = pad(draw_sentences(rng, lengths, vocab_size))
    return targets, rng.normal(0, scale, (*targets.shape, vocab_size)).astype("float32")


def log_probs(logits):
    """Return the log-softmax, in float64."""
    shifted = logits.astype(float) - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def chosen(values, targets):
    """Return the value of each target, (B, Ty)."""
    return np.take_along_axis(values, targets[..., None].astype(int), axis=-1)[..., 0]


def loss_mistakes(targets, logits):
    """Return known mistakes of the loss."""
    real = targets != 0
    losses = -chosen(log_probs(logits), targets)
    probabilities = np.exp(log_probs(logits))
    with np.errstate(all="ignore"):
        clipped = np.clip(logits.astype(float), 1e-7, 1 - 1e-7)  # as Keras does
        as_probabilities = -chosen(np.log(clipped / clipped.sum(axis=-1, keepdims=True)), targets)
        again = -chosen(log_probs(probabilities), targets)
    rows = (losses * real).sum(axis=1)
    return [
        (COUNTED, losses.mean()),
        ("The sum is divided by all steps. Divide by the number of real ones.", (losses * real).mean()),
        ("This is the sum. Divide by the number of real steps.", rows.sum()),
        ("The sum is divided by the number of sentences, not of real steps.", rows.mean()),
        (
            "This is a mean over sentences. Each word of the batch has the same weight.",
            (rows / real.sum(axis=1)).mean(),
        ),
        ("The sign is wrong: a loss is 0 or more.", -(losses * real).sum() / real.sum()),
        (
            "The loss takes the logits for probabilities: from_logits=True.",
            (as_probabilities * real).sum() / real.sum(),
        ),
        ("The softmax is taken twice.", (again * real).sum() / real.sum()),
        (
            "This is a mean of probabilities. Take their logarithms.",
            (chosen(probabilities, targets) * real).sum() / real.sum(),
        ),
        ("The mask is the wrong way around: only padding counts.", (losses * ~real).sum() / max((~real).sum(), 1)),
        ("This is a logarithm to base 2. Use the natural one.", (losses * real).sum() / real.sum() / np.log(2)),
        (ARRAY, losses * real),
        (ARRAY, losses),
    ]


@pytest.mark.points(5, of="masked_loss")
@pytest.mark.hint("The mean of -log softmax(logits)[target] over the steps whose target is not 0.")
def test_loss(submission, reference, rng):
    """The loss is the mean of the negative log-probabilities of the targets over the real steps."""
    targets, logits = draw_loss(rng, [5, 2, 3], 6)
    expected = reference.call("masked_loss", targets, logits)
    close(submission.call("masked_loss", targets, logits), expected, "the loss", known=loss_mistakes(targets, logits))


@pytest.mark.points(2, of="masked_loss")
@pytest.mark.hint(COUNTED)
def test_padding_in_the_loss(submission, rng):
    """More padding, with any logits, does not change the loss."""
    targets, logits = draw_loss(rng, [4, 3], 5)
    loss = submission.call("masked_loss", targets, logits)
    more, others = np.pad(targets, ((0, 0), (0, 3))), rng.normal(0, 9, (2, 7, 5)).astype("float32")
    others[:, :4] = np.where(targets[..., None] == 0, others[:, :4], logits)
    close(submission.call("masked_loss", more, others), loss, "the loss with more padding")
    real = targets[..., None] != 0
    changed = np.where(real, logits[..., ::-1] + rng.normal(0, 2, 5), logits).astype("float32")
    other = submission.call("masked_loss", targets, changed)
    check(not np.allclose(other, loss), "the loss does not depend on the logits")  # a constant has this property too


@pytest.mark.hidden
@pytest.mark.points(4, of="masked_loss")
@pytest.mark.hint("Softmax and logarithm belong in one operation: for large logits a probability is rounded to 0.")
@pytest.mark.parametrize("kind", ["one word", "no padding", "many", "large logits"])
def test_other_losses(submission, reference, rng, kind):
    """The loss is right for other sizes, without padding, and for logits in the hundreds."""
    lengths = {"one word": [1], "no padding": [3, 3], "many": [9, 1, 4, 6], "large logits": [4, 2]}[kind]
    targets, logits = draw_loss(rng, lengths, {"one word": 3, "no padding": 12}.get(kind, 7), scale=2.5)
    if kind == "large logits":
        logits *= 150
    expected = reference.call("masked_loss", targets, logits)
    close(submission.call("masked_loss", targets, logits), expected, "the loss", known=loss_mistakes(targets, logits))


# --- encoder_model

STATES = "An LSTM with return_state returns its output, h and c, in this order."


def unmasked_states(reference, sizes, weights, source):
    """Return the states of an encoder that reads padding: as word 1 of a vocabulary with one more word."""
    larger = [np.concatenate([weights[0][:1], weights[0]]), *weights[1:]]
    return build(reference, "encoder_model", (sizes[0] + 1, *sizes[1:]), larger).invoke("call", source + 1)


def check_encoder(submission, reference, rng, sizes, lengths):
    """Compare the states of an encoder with random weights."""
    weights = draw_weights(rng, encoder_parts(*sizes))
    source = pad(draw_sentences(rng, lengths, sizes[0]))
    expected = build(reference, "encoder_model", sizes, weights).invoke("call", source)

    def backwards():
        """Compute the states of the reversed sentences."""
        reversed_ids = reference.call("reverse_source", source)
        return build(reference, "encoder_model", sizes, weights).invoke("call", reversed_ids)

    model = build(submission, "encoder_model", sizes, weights)
    states = outputs_of(model, source, ("h", "c"), "encoder")
    for place, name in ((0, "h"), (1, "c")):
        shape = getattr(states[place], "shape", ())
        hint = "Only the final states are passed on, not the outputs of all steps." if len(shape) == 3 else STATES
        known = [
            (STATES_SWAPPED if place == 0 else STATES, expected[1 - place]),
            (NO_MASK, lambda place=place: unmasked_states(reference, sizes, weights, source)[place]),
            ("The sentence is read backwards.", lambda place=place: backwards()[place]),
        ]
        close(states[place], expected[place], name, "(B, n)", known, hint)


@pytest.mark.points(5, of="encoder_model")
@pytest.mark.hint(STATES)
def test_encoder(submission, reference, rng):
    """The encoder returns h and c of its LSTM after the last real word of each sentence."""
    check_encoder(submission, reference, rng, (7, 4, 3), [5, 2, 4])


@pytest.mark.points(2, of="encoder_model")
@pytest.mark.hint(NO_MASK)
def test_padding_of_the_source(submission, rng):
    """More padding does not change the states."""
    sizes = (9, 3, 5)
    weights = draw_weights(rng, encoder_parts(*sizes))
    model = build(submission, "encoder_model", sizes, weights)
    source = pad(draw_sentences(rng, [4, 3], sizes[0]))
    states = outputs_of(model, source, ("h", "c"), "encoder")
    padded = outputs_of(model, np.pad(source, ((0, 0), (0, 6))), ("h", "c"), "encoder")
    for state, after, name in zip(states, padded, ("h", "c"), strict=True):
        close(after, state, f"{name} with more padding", "(B, n)")
        state = shaped(state, (2, sizes[2]), name, "(B, n)", STATES)
        check(not np.allclose(state[0], state[1]), "the states do not depend on the words")


@pytest.mark.hidden
@pytest.mark.points(3, of="encoder_model")
@pytest.mark.hint("All sizes come from the arguments.")
@pytest.mark.parametrize("sizes, lengths", [((4, 2, 1), [1]), ((12, 6, 8), [3, 9, 1, 2])], ids=["small", "large"])
def test_other_encoders(submission, reference, rng, sizes, lengths):
    """The states are right for other sizes of vocabulary, embedding, LSTM and batch."""
    check_encoder(submission, reference, rng, sizes, lengths)


# --- decoder_model

UNUSED = "The states that are passed in have no influence: initial_state=[h0, c0]."
INITIAL_SWAPPED = "The initial states are swapped: the hidden state comes first, then the cell state."
PROBABILITIES = "These are probabilities. Return logits: no softmax."
ALL_STEPS = "There is one row of logits for each word: the LSTM has to return its outputs of all steps."
UNUSED_STATES = "the logits do not depend on the initial states"
PASSED_IN = "These are the states that were passed in. Return those after the last word."
DECODER_NAMES = ("logits", "h", "c")


def draw_decoder(rng, sizes, batch, steps):
    """Draw words and initial states of a decoder."""
    ids = rng.integers(1, sizes[0], (batch, steps)).astype("int32")
    return [ids, *float32(rng.normal(0, 0.8, (2, batch, sizes[2])))]


def softmax(logits):
    """Return the softmax over the last axis."""
    return np.exp(log_probs(np.asarray(logits)))


def decoder_mistakes(model, inputs):
    """Return functions that compute the outputs of wrong decoders, by hint."""

    def run(ids, h, c, *rest):
        return model.invoke("call", [ids, h, c, *rest])

    ids, h, c, *rest = inputs
    return {
        UNUSED: lambda: run(ids, 0 * h, 0 * c, *rest),
        INITIAL_SWAPPED: lambda: run(ids, c, h, *rest),
        "The initial cell state has no influence: initial_state=[h0, c0].": lambda: run(ids, h, 0 * c, *rest),
        "The cell state starts from h0. It starts from c0: initial_state=[h0, c0].": lambda: run(ids, h, h, *rest),
    }


def compare_decoder(received, expected, mistakes, names, states):
    """Compare the outputs of a decoder, the weights before the logits that depend on them."""
    logits, passed = received[0], dict(zip(("h", "c"), states, strict=True))
    shape, wanted = getattr(logits, "shape", ()), expected[0].shape
    hint = ALL_STEPS if shape in ((wanted[0], wanted[2]), (wanted[0], 1, wanted[2])) else None
    for name in sorted(names, key=("weights", "logits", "h", "c").index):
        place = names.index(name)
        known = [(text, lambda place=place, wrong=wrong: wrong()[place]) for text, wrong in mistakes.items()]
        if name == "logits":
            known.append((PROBABILITIES, lambda: softmax(expected[0])))
        if name in ("h", "c"):
            known = [(STATES_SWAPPED, expected[3 - place]), (PASSED_IN, passed[name]), *known]
        axes = {"logits": "(B, Ty, V)", "weights": "(B, Ty, Tx)"}.get(name, "(B, n)")
        close(received[place], expected[place], name, axes, known, hint if name == "logits" else None)


def check_decoder(submission, reference, rng, sizes, batch, steps):
    """Compare the outputs of a decoder with random weights."""
    weights, inputs = draw_weights(rng, decoder_parts(*sizes)), draw_decoder(rng, sizes, batch, steps)
    model = build(reference, "decoder_model", sizes, weights)
    expected = model.invoke("call", inputs)
    received = outputs_of(build(submission, "decoder_model", sizes, weights), inputs, DECODER_NAMES, "decoder")
    compare_decoder(received, expected, decoder_mistakes(model, inputs), DECODER_NAMES, inputs[1:3])


@pytest.mark.points(6, of="decoder_model")
@pytest.mark.hint(
    "Embed the words, run the LSTM from the states that are passed in, and apply the dense layer to each step."
)
def test_decoder(submission, reference, rng):
    """The decoder returns logits for each step, and the states after the last one."""
    check_decoder(submission, reference, rng, (6, 4, 3), batch=2, steps=5)


@pytest.mark.points(3, of="decoder_model")
@pytest.mark.hint(
    "A decoder that is called for one word at a time continues from its own states: return them after the logits."
)
def test_decoder_step_by_step(submission, rng):
    """Called word by word with its own states, the decoder returns the logits that it returns for all words at once."""
    sizes = (7, 3, 5)
    weights, inputs = draw_weights(rng, decoder_parts(*sizes)), draw_decoder(rng, sizes, 2, 4)
    model = build(submission, "decoder_model", sizes, weights)
    expected = outputs_of(model, inputs, DECODER_NAMES, "decoder")[0]
    expected = shaped(expected, (2, 4, 7), "logits", "(B, Ty, V)", ALL_STEPS)
    (ids, h, c), steps = inputs, []
    for step in range(4):
        logits, h, c = outputs_of(model, [ids[:, step : step + 1], h, c], DECODER_NAMES, "decoder")
        steps.append(shaped(logits, (2, 1, 7), "logits of one step", "(B, 1, V)", ALL_STEPS))
        h, c = (shaped(state, (2, 5), name, "(B, n)", STATES) for state, name in ((h, "h"), (c, "c")))
    close(np.concatenate(steps, axis=1), expected, "the logits of steps, one at a time,", "(B, Ty, V)")
    other = outputs_of(model, [ids, -inputs[1], -inputs[2]], DECODER_NAMES, "decoder")[0]
    check(not np.allclose(shaped(other, (2, 4, 7), "logits", "(B, Ty, V)")[:, 0], expected[:, 0]), UNUSED_STATES)
    check(not np.allclose(expected[0, 0], expected[1, 0]), "the logits do not depend on the words")


@pytest.mark.hidden
@pytest.mark.points(3, of="decoder_model")
@pytest.mark.hint("All sizes come from the arguments.")
@pytest.mark.parametrize("sizes, batch, steps", [((3, 2, 1), 1, 1), ((11, 5, 8), 4, 7)], ids=["one step", "large"])
def test_other_decoders(submission, reference, rng, sizes, batch, steps):
    """The outputs are right for other sizes of vocabulary, embedding, LSTM and batch."""
    check_decoder(submission, reference, rng, sizes, batch, steps)


# --- training_model

REST = "The encoder may return more than h and c: pass all of it to the decoder, [ids, *encoder(source)]."
LOGITS_ONLY = "Keep the logits alone: the first output of the decoder."


def toys(code, seed, with_memory):
    """Return the toy models of a submission or of the reference."""
    return code.call("toy_models", seed, with_memory)


def draw_batch(rng, source_lengths, steps):
    """Draw a batch of sources with padding, and decoder inputs."""
    ids = rng.integers(1, TOY_VOCABULARY, (len(source_lengths), steps)).astype("int32")
    return pad(draw_sentences(rng, source_lengths, TOY_VOCABULARY)), ids


def check_training_model(submission, reference, rng, source_lengths, steps, with_memory):
    """Compare the logits of two toy models that were connected."""
    seed = int(rng.integers(1, 10**6))
    source, ids = draw_batch(rng, source_lengths, steps)
    encoder, decoder = toys(reference, seed, with_memory)
    expected = reference.call("training_model", encoder, decoder).invoke("call", [source, ids])

    def decoded(words, read, change):
        """Decode after a change to the two states."""
        h, c, *rest = encoder.invoke("call", read)
        return decoder.invoke("call", [words, *change(h, c), *rest])[0]

    known = [
        (
            "The inputs are swapped: the source comes first, then the decoder inputs.",
            lambda: decoded(source, ids, lambda h, c: (h, c)),
        ),
        (STATES_SWAPPED, lambda: decoded(ids, source, lambda h, c: (c, h))),
        (
            "The decoder starts from zeros. It has to start from the states of the encoder.",
            lambda: decoded(ids, source, lambda h, c: (0 * h, 0 * c)),
        ),
        (
            "The decoder reads the source. Its inputs are the second input of the model.",
            lambda: decoded(source, source, lambda h, c: (h, c)),
        ),
        ("The encoder reads the decoder inputs. It reads the source.", lambda: decoded(ids, ids, lambda h, c: (h, c))),
        (PROBABILITIES, lambda: softmax(expected)),
    ]
    model = is_model(submission.call("training_model", *toys(submission, seed, with_memory)), "training_model")
    check(len(model.describe()["inputs"]) == 2, "the model does not have two inputs", "Model([source, ids], logits)")
    logits = model.invoke("call", [source, ids])
    check(type(logits) is np.ndarray, "the model returns several outputs, expected the logits alone", LOGITS_ONLY)
    close(logits, expected, "logits", "(B, Ty, V)", known)


@pytest.mark.points(3, of="training_model")
@pytest.mark.hint(
    "Encode the source, call the decoder with its inputs and all that the encoder returns, keep the logits."
)
def test_training_model(submission, reference, rng):
    """The model decodes its second input from the states that the encoder has after the first."""
    check_training_model(submission, reference, rng, [4, 2, 3], 5, with_memory=False)


@pytest.mark.points(2, of="training_model")
@pytest.mark.hint(REST, exception=REST)
def test_training_model_with_memory(submission, reference, rng):
    """Whatever the encoder returns after the states is passed to the decoder as well."""
    check_training_model(submission, reference, rng, [3, 5], 4, with_memory=True)


@pytest.mark.hidden
@pytest.mark.points(3, of="training_model")
@pytest.mark.hint("The model has the weights of the encoder and the decoder that are passed in, and trains both.")
def test_training_trains_both(submission, reference, rng):
    """One step of training on the model changes encoder and decoder as it changes those of the reference."""
    seed, with_memory = int(rng.integers(1, 10**6)), bool(rng.integers(2))
    source, ids = draw_batch(rng, [2, 6, 4], 3)
    targets = rng.normal(size=(3, 3, TOY_VOCABULARY)).astype("float32")

    def trained(code):
        """Return the logits after a step, and the weights of encoder and decoder."""
        models = toys(code, seed, with_memory)
        model = is_model(code.call("training_model", *models), "training_model")
        optimizer = {"class_name": "SGD", "config": {"learning_rate": LEARNING_RATE}}
        model.invoke("compile", optimizer=optimizer, loss="mse", run_eagerly=True)
        model.invoke("train_on_batch", [source, ids], targets)
        return model.invoke("call", [source, ids]), [part.get_weights() for part in models]

    logits, (encoder, decoder) = trained(submission)
    expected_logits, expected = trained(reference)
    for name, received, wanted in (("encoder", encoder, expected[0]), ("decoder", decoder, expected[1])):
        check(len(received) == len(wanted), f"the {name} has other weights than before")
        for value, right in zip(received, wanted, strict=True):
            close(value, right, f"the weights of the {name} after a step of training", rtol=1e-3, atol=1e-4)
    close(logits, expected_logits, "the logits after a step of training", "(B, Ty, V)", rtol=1e-3, atol=1e-3)


# --- translate

GOES_ON = "The sentences go on after end_id. Cut each of them off before its first one."
FILTERED = "The words after end_id are part of the translation, without end_id. Cut the sentence off there."
END_INCLUDED = "end_id is part of the translation. Cut the sentence off before it."


def full_rows(reference, models, source, start, steps):
    """Translate without an end: all words of all steps."""
    return reference.call("translate", *models, source, start, -1, steps)


def loops(models, source, start, steps, choose=np.argmax, carry=("h", "c"), feed=True):
    """Return the words of a loop with a mistake, as lists."""
    encoder, decoder = models
    h, c, *rest = encoder.invoke("call", source)
    ids, words = np.full((len(source), 1), start), []
    for _ in range(steps):
        logits, new_h, new_c, *_ = decoder.invoke("call", [ids, h, c, *rest])
        h, c = new_h if "h" in carry else h, new_c if "c" in carry else c
        chosen_ids = choose(logits, axis=-1)
        words.append(chosen_ids)
        ids = chosen_ids if feed else ids
    return np.hstack(words).tolist()


def cut(rows, end):
    """Cut rows off before the end."""
    return [row[: row.index(end)] if end in row else row for row in rows]


def steps_until(rows, end, which):
    """Return the number of steps until any or all rows have an end."""
    ends = [row.index(end) + 1 if end in row else len(row) for row in rows]
    return which(ends)


def translation_mistakes(reference, models, source, start, end, max_length):
    """Yield known mistakes as (hint, translations): nothing is computed for a right answer."""
    rows = full_rows(reference, models, source, start, max_length + 1)
    within = [row[:max_length] for row in rows]
    all_ended, one_ended = (steps_until(within, end, which) for which in (max, min))
    expected = cut(within, end)
    stuck = "The states never change: each call starts from the states that the last one returned."
    yield from [
        (END_INCLUDED, [row[: len(words) + 1] for row, words in zip(within, expected, strict=True)]),
        ("start_id is part of the translation. It is an input, and no word.", [[start, *words] for words in expected]),
        (GOES_ON, within),
        (
            GOES_ON,
            [row[:all_ended] for row in within],
        ),
        (FILTERED, [[word for word in row[:all_ended] if word != end] for row in within]),
        (FILTERED, [[word for word in row if word != end] for row in within]),
        (
            "The loop stops when the first sentence ends. Stop when all of them have ended.",
            [words[:one_ended] for words in expected],
        ),
        ("There are more words than max_length allows.", cut(rows, end)),
        ("There are fewer words than max_length allows.", cut([row[: max_length - 1] for row in rows], end)),
        (stuck, lambda: cut(loops(models, source, start, max_length, carry=()), end)),
        ("The cell state never changes.", lambda: cut(loops(models, source, start, max_length, carry="h"), end)),
        ("The hidden state never changes.", lambda: cut(loops(models, source, start, max_length, carry="c"), end)),
        (
            "Each step reads start_id. It has to read the word of the step before.",
            lambda: cut(loops(models, source, start, max_length, feed=False), end),
        ),
        (
            "These are the least probable words. Take the largest logit.",
            lambda: cut(loops(models, source, start, max_length, choose=np.argmin), end),
        ),
        ("Only the first sentence is translated.", expected[:1]),
        ("The rows are steps. Return a list for each sentence.", np.array(within)[:, :all_ended].T.tolist()),
    ]


def draw_translation(rng, reference, batch, max_length, with_memory):
    """Draw models and sources of which some translations end, at different steps, and one does not."""
    while True:
        seed, start = int(rng.integers(1, 10**6)), int(rng.integers(1, TOY_VOCABULARY))
        source = pad(draw_sentences(rng, rng.integers(1, 6, size=batch), TOY_VOCABULARY))
        rows = full_rows(reference, toys(reference, seed, with_memory), source, start, max_length + 1)
        for end in rng.permutation([word for word in range(1, TOY_VOCABULARY) if word != start]).tolist():
            lengths = [row.index(end) if end in row else max_length for row in rows]  # of the translations
            if batch == 1 or (max_length in lengths and len(set(lengths)) > min(2, max_length)):
                return seed, source, start, end


def check_translation(submission, reference, rng, batch, max_length, with_memory):
    """Compare the translations of toy models."""
    ask = reference.expected("drawn", lambda: draw_translation(rng, reference, batch, max_length, with_memory))
    seed, source, start, end = ask
    models = toys(reference, seed, with_memory)
    expected = reference.call("translate", *models, source, start, end, max_length)
    mistakes = translation_mistakes(reference, models, source, start, end, max_length)
    value = submission.call("translate", *toys(submission, seed, with_memory), source, start, end, max_length)
    equal(value, expected, "the list of translations", mistakes)


@pytest.mark.points(6, of="translate")
@pytest.mark.hint(
    "In each step: the decoder reads the last word and the last states; the largest logit is the next word."
)
def test_translations(submission, reference, rng):
    """Each word is the most probable one after those before it, up to the end of the sentence."""
    check_translation(submission, reference, rng, 5, 7, with_memory=False)


@pytest.mark.points(4, of="translate")
@pytest.mark.hint(REST, exception=REST)
def test_translations_with_memory(submission, reference, rng):
    """A decoder with attention gets memory and mask in each step."""
    check_translation(submission, reference, rng, 4, 6, with_memory=True)


@pytest.mark.hidden
@pytest.mark.points(4, of="translate")
@pytest.mark.hint("max_length counts the words of a translation; it may be 1, and there may be one sentence.")
@pytest.mark.parametrize("batch, max_length", [(1, 9), (4, 1), (7, 9)], ids=["one sentence", "one word", "many"])
def test_other_translations(submission, reference, rng, batch, max_length):
    """Translations are right for one sentence, for one word, and for many long ones."""
    check_translation(submission, reference, rng, batch, max_length, with_memory=batch == 7)


# --- reverse_source


def check_reversed(value, source, expected):
    """Check reversed sources."""
    known = [
        ("The padding is reversed with the words. It stays on the right.", source[:, ::-1]),
        ("Nothing is reversed.", source),
        ("The order of the sentences is reversed, not that of their words.", source[::-1]),
        ("Both the sentences and their words are reversed.", expected[::-1]),
        ("The words are sorted, not reversed.", np.where(source > 0, -np.sort(-source, axis=1), 0)),
    ]
    close(value, expected, "the reversed source", "(B, Tx)", known)
    check(value.dtype.kind in "iu", "the reversed source is not an array of integers")


@pytest.mark.points(4, of="reverse_source")
@pytest.mark.hint("For each sentence, write its words backwards and fill up with zeros.")
def test_reversal(submission, reference, rng):
    """The words of each sentence are reversed, and padding stays on the right."""
    source = pad(draw_sentences(rng, [4, 7, 2, 5], 90))
    check_reversed(submission.call("reverse_source", source), source, reference.call("reverse_source", source))


@pytest.mark.hidden
@pytest.mark.points(3, of="reverse_source")
@pytest.mark.hint("Return a new array, and take the sizes from the argument.")
@pytest.mark.parametrize("lengths", [[1], [6, 6], [0, 3]], ids=["one word", "no padding", "empty"])
def test_other_reversals(submission, reference, rng, lengths):
    """Sentences of one word, without padding, and without words; the argument is left as it was."""
    source = np.pad(pad(draw_sentences(rng, lengths, 50)), ((0, 0), (0, 2 * (len(lengths) != 2))))
    value, after = submission.call_with_inputs("reverse_source", source)
    check_reversed(value, source, reference.call("reverse_source", source))
    unchanged(after[0], source, "source_ids")


# --- attend

MASKED_AFTER = "The mask is applied after the softmax, so that the weights do not sum to one. Mask the energies."
NO_PADDING = "Padding gets weight. Give its energies a very low value before the softmax."


def draw_attention(rng, lengths, steps, units):
    """Draw queries, a memory and its mask."""
    queries = rng.normal(0, 0.8, (len(lengths), steps, units)).astype("float32")
    memory = rng.normal(0, 1, (len(lengths), max(lengths), units)).astype("float32")
    return queries, memory, np.arange(max(lengths)) < np.array(lengths)[:, None]


def softmax_over(values, axis):
    """Return the softmax over an axis."""
    powers = np.exp(values - values.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def wrong_weights(queries, memory, mask):
    """Return the weights of known mistakes, by hint."""
    energies = queries.astype(float) @ memory.astype(float).swapaxes(1, 2)
    real = mask[:, None]
    masked = np.where(real, energies, -1e9)
    plain = softmax_over(energies, -1)
    return {
        NO_PADDING: plain,
        MASKED_AFTER: plain * real,
        "The mask is added as 0 and 1, which hardly matters. Give padding a very low energy.": softmax_over(
            energies + real, -1
        ),
        "The mask is the wrong way around: only padding gets weight.": softmax_over(np.where(real, -1e9, energies), -1),
        "The energies of padding are 0, and exp(0) is 1. Use a very low value.": softmax_over(energies * real, -1),
        "The softmax ran over the steps of the decoder. It has to run over the words of the source.": softmax_over(
            masked, 1
        ),
        "The softmax ran over the batch. It has to run over the words of the source.": softmax_over(masked, 0),
        "The energies are divided by the square root of n. The formula has the plain dot product.": softmax_over(
            masked / np.sqrt(queries.shape[-1]), -1
        ),
        "These are energies. The softmax turns them into weights.": masked,
        "These are energies, and padding is not masked.": energies,
    }


def check_attention(value, queries, memory, mask, expected):
    """Check context and weights."""
    context, weights = unpack(value, "context", "weights", of="attend")
    B, Ty, Tx = expected[1].shape
    hint = None
    shapes, right = [getattr(value, "shape", ()) for value in (context, weights)], [value.shape for value in expected]
    if shapes == right[::-1] != right:
        hint = "context and weights are swapped: the context comes first."
    if getattr(weights, "shape", ()) == (B, Tx, Ty) != (B, Ty, Tx):
        hint = "The weights are transposed: a row for each query, a column for each word of the source."
    wrong = wrong_weights(queries, memory, mask)
    close(weights, expected[1], "weights", "(B, Ty, Tx)", wrong.items(), hint)
    known = [(text, values @ memory) for text, values in wrong.items()]
    close(context, expected[0], "context", "(B, Ty, n)", known, hint)


@pytest.mark.points(5, of="attend")
@pytest.mark.hint(
    "Energies by a matrix product, a very low value for padding, a softmax over the source, a second product."
)
def test_attention(submission, reference, rng):
    """The weights are the softmax of the energies over the real words, the context is a weighted sum of the memory."""
    ask = draw_attention(rng, [5, 3], 4, 6)
    check_attention(submission.call("attend", *ask), *ask, reference.call("attend", *ask))


@pytest.mark.points(2, of="attend")
@pytest.mark.hint(MASKED_AFTER)
def test_padding_in_the_memory(submission, rng):
    """Padding has no weight whatever its vectors are, and the weights of the other words sum to one."""
    queries, memory, mask = draw_attention(rng, [6, 2], 3, 4)
    memory[1, 2:] = 30 * np.sign(queries[1, 0])  # the largest energies
    _, weights = unpack(submission.call("attend", queries, memory, mask), "context", "weights", of="attend")
    weights = shaped(weights, (2, 3, 6), "weights", "(B, Ty, Tx)")
    check(bool(np.all(np.abs(weights[1, :, 2:]) < 1e-6)), "padding has weight", NO_PADDING)
    sums = np.allclose(weights.sum(axis=-1), 1, atol=1e-4)
    check(sums, "the weights of a step do not sum to one", MASKED_AFTER)


@pytest.mark.hidden
@pytest.mark.points(3, of="attend")
@pytest.mark.hint("All axes may have any length, and energies may be in the hundreds.")
@pytest.mark.parametrize("kind", ["one", "many", "large energies"])
def test_other_attention(submission, reference, rng, kind):
    """Context and weights are right for one word and one query, for many, and for large energies."""
    lengths, steps, units = {"one": ([1], 1, 2), "many": ([4, 7, 1, 2], 5, 3)}.get(kind, ([4, 3], 2, 5))
    queries, memory, mask = draw_attention(rng, lengths, steps, units)
    if kind == "large energies":
        queries *= 150
    expected = reference.call("attend", queries, memory, mask)
    check_attention(submission.call("attend", queries, memory, mask), queries, memory, mask, expected)


# --- attention_encoder_model

ENCODER_NAMES = ("h", "c", "memory", "mask")
MEMORY = "The memory is what the LSTM returns first, with return_sequences=True: an output for each word."


def check_attention_encoder(submission, reference, rng, sizes, lengths):
    """Compare the four outputs of an encoder with random weights."""
    weights = draw_weights(rng, encoder_parts(*sizes))
    source = pad(draw_sentences(rng, lengths, sizes[0]))
    model = build(submission, "attention_encoder_model", sizes, weights)
    h, c, memory, mask = outputs_of(model, source, ENCODER_NAMES, "encoder")
    expected = build(reference, "attention_encoder_model", sizes, weights).invoke("call", source)
    real = source != 0
    known = [
        ("The mask is True for padding. It is True for the real words.", ~real),
        ("The mask is that of the last word alone.", real[:, -1:]),
    ]
    mask = mask if type(mask) is not np.ndarray or mask.dtype != bool else mask.astype(int)
    close(mask, real.astype(int), "mask", "(B, Tx)", [(text, wrong.astype(int)) for text, wrong in known])
    shape = expected[2].shape
    memory = shaped(memory, shape, "memory", "(B, Tx, n)", MEMORY)
    where = real[..., None]  # outputs of padding are never used
    close(np.where(where, memory, 0), np.where(where, expected[2], 0), "memory", "(B, Tx, n)", (), MEMORY)
    for place, (state, name) in enumerate(((h, "h"), (c, "c"))):
        known = [
            (STATES_SWAPPED, expected[1 - place]),
            (NO_MASK, lambda place=place: unmasked_states(reference, sizes, weights, source)[place]),
        ]
        close(state, expected[place], name, "(B, n)", known, STATES)


@pytest.mark.points(4, of="attention_encoder_model")
@pytest.mark.hint("The encoder of section 3, which also returns the outputs of all steps and a mask.")
def test_attention_encoder(submission, reference, rng):
    """The encoder returns both states, the hidden states after each word, and a mask of the real words."""
    check_attention_encoder(submission, reference, rng, (8, 3, 4), [6, 2, 5])


@pytest.mark.hidden
@pytest.mark.points(3, of="attention_encoder_model")
@pytest.mark.hint("All sizes come from the arguments.")
@pytest.mark.parametrize("sizes, lengths", [((5, 2, 1), [1]), ((13, 7, 6), [2, 8, 1, 3])], ids=["small", "large"])
def test_other_attention_encoders(submission, reference, rng, sizes, lengths):
    """The outputs are right for other sizes of vocabulary, embedding, LSTM and batch."""
    check_attention_encoder(submission, reference, rng, sizes, lengths)


# --- attention_decoder_model

ATTENTION_NAMES = (*DECODER_NAMES, "weights")
CONTEXT_FIRST = "The output stands before the context. In the formula the context comes first."
FINAL_STATE = "Each step asks with the final hidden state. The query of a step is the output of the LSTM in that step."
NO_TANH = "The attentional vector has a tanh: Dense(units, activation='tanh')."
TANH_SCALE = 1e-3  # of a tanh that is as good as linear


def check_attention_decoder(submission, reference, rng, sizes, steps, lengths):
    """Compare the four outputs of a decoder with random weights."""
    units = sizes[2]
    weights = draw_weights(rng, decoder_parts(*sizes, attention=True))
    _, memory, mask = draw_attention(rng, lengths, steps, units)
    inputs = [*draw_decoder(rng, sizes, len(lengths), steps), memory, mask]
    model = build(reference, "attention_decoder_model", sizes, weights)
    expected = model.invoke("call", inputs)

    def other(*changed):
        """Compute the outputs with other weights of the dense layers."""
        return build(reference, "attention_decoder_model", sizes, [*weights[:4], *changed]).invoke("call", inputs)

    W, b, U, d = weights[4:]
    final = np.repeat(expected[1][:, None], steps, axis=1)  # h as the query of each step
    mistakes = decoder_mistakes(model, inputs) | {
        CONTEXT_FIRST: lambda: other(np.roll(W, units, axis=0), b, U, d),
        NO_TANH: lambda: other(W * TANH_SCALE, b * TANH_SCALE, U / TANH_SCALE, d),
        FINAL_STATE: lambda: [*expected[:3], reference.call("attend", final, memory, mask)[1]],
        NO_PADDING: lambda: model.invoke("call", [*inputs[:4], np.ones_like(mask)]),
    }
    model = build(submission, "attention_decoder_model", sizes, weights)
    received = outputs_of(model, inputs, ATTENTION_NAMES, "decoder")
    shaped(received[3], expected[3].shape, "weights", "(B, Ty, Tx)", "The attention weights are the last output.")
    compare_decoder(received, expected, mistakes, ATTENTION_NAMES, inputs[1:3])


@pytest.mark.points(7, of="attention_decoder_model")
@pytest.mark.hint(
    "The outputs of the LSTM are the queries. Context and output make the attentional vector, which gives the logits."
)
def test_attention_decoder(submission, reference, rng):
    """The decoder attends with its outputs, and computes the logits from context and output."""
    check_attention_decoder(submission, reference, rng, (6, 2, 4), steps=3, lengths=[5, 2])


@pytest.mark.hidden
@pytest.mark.points(4, of="attention_decoder_model")
@pytest.mark.hint("All sizes come from the arguments.")
@pytest.mark.parametrize(
    "sizes, steps, lengths", [((3, 5, 2), 1, [1]), ((10, 3, 6), 5, [3, 7, 1, 4])], ids=["one step", "large"]
)
def test_other_attention_decoders(submission, reference, rng, sizes, steps, lengths):
    """The outputs are right for other sizes of vocabulary, embedding, LSTM, batch and source."""
    check_attention_decoder(submission, reference, rng, sizes, steps, lengths)
