"""Known mistakes in `language_model`."""

from dlseq.authoring.mistakes import Mistake

SCORING = ("log_probability", "perplexity", "likeliest_reading")
FORWARD = ("lm_forward", *SCORING, "train")
STEP = ("lm_step", *FORWARD, "sample_sentence")

MISTAKES = [
    Mistake(
        "keeps capitals",
        "tokenize",
        ("tokenize", "log_probability", "perplexity"),
        "Capitals",
        ("text.lower()", "text"),
    ),
    Mistake(
        "splits at white space",
        "tokenize",
        ("tokenize", "log_probability", "perplexity"),
        "attached to the words",
        body="return text.lower().split()",
    ),
    Mistake("splits words at apostrophes", "tokenize", ("tokenize",), "An apostrophe", (r"(?:'\w+)*", "")),
    Mistake(
        "always keeps punctuation",
        "tokenize",
        ("tokenize", "log_probability", "perplexity"),
        "unless keep_punctuation is true",
        (" if keep_punctuation else word", ""),
    ),
    Mistake(
        "never keeps punctuation",
        "tokenize",
        ("tokenize",),
        "Punctuation is missing although",
        (r'word + r"|[^\w\s]" if keep_punctuation else word', "word"),
    ),
    Mistake(
        "selects the first words of the text",
        "build_vocabulary",
        ("build_vocabulary",),
        "the first words of the text",
        ("sorted(counts, key=lambda word: (-counts[word], word))", "list(counts)"),
    ),
    Mistake(
        "sorts alphabetically only",
        "build_vocabulary",
        ("build_vocabulary",),
        "sorted alphabetically only",
        ("sorted(counts, key=lambda word: (-counts[word], word))", "sorted(counts)"),
    ),
    Mistake(
        "selects the rarest words",
        "build_vocabulary",
        ("build_vocabulary",),
        "the rarest words",
        ("-counts[word]", "counts[word]"),
    ),
    Mistake(
        "sorts equally frequent words by occurrence",
        "build_vocabulary",
        ("build_vocabulary",),
        "Sort them alphabetically",
        (
            "sorted(counts, key=lambda word: (-counts[word], word))[:max_size]",
            "[w for w, _ in counts.most_common(max_size)]",
        ),
    ),
    Mistake(
        "counts <eos> and <unk> among max_size",
        "build_vocabulary",
        ("build_vocabulary",),
        "max_size does not count",
        ("[:max_size]", "[: max(0, max_size - 2)]"),
    ),
    Mistake(
        "forgets max_size",
        "build_vocabulary",
        ("build_vocabulary",),
        "max_size is ignored",
        ("[:max_size]", ""),
    ),
    Mistake(
        "puts <eos> and <unk> at the end",
        "build_vocabulary",
        ("build_vocabulary",),
        "come before the words",
        ('["<eos>", "<unk>", *ordered]', '[*ordered, "<eos>", "<unk>"]'),
    ),
    Mistake(
        "drops unknown words",
        "encode",
        ("encode", *SCORING),
        "Unknown words are dropped",
        ("word_to_ix.get(word, unknown) for word in words", "word_to_ix[word] for word in words if word in word_to_ix"),
    ),
    Mistake("forgets <eos>", "encode", ("encode", *SCORING), "<eos> is missing", (' + [word_to_ix["<eos>"]]', "")),
    Mistake(
        "puts <eos> at the start",
        "encode",
        ("encode", *SCORING),
        "is at the start",
        body='return [word_to_ix["<eos>"]] + [word_to_ix.get(word, word_to_ix["<unk>"]) for word in words]',
    ),
    Mistake(
        "does not shift",
        "shift_right",
        ("shift_right", *SCORING, "train"),
        "x is not shifted",
        body="return np.eye(vocab_size)[:, y]",
    ),
    Mistake(
        "shifts to the wrong side",
        "shift_right",
        ("shift_right", *SCORING, "train"),
        "wrong side",
        ("x[y[t - 1], t] = 1", "x[y[t], t - 1] = 1"),
    ),
    Mistake(
        "rolls the last word to the front",
        "shift_right",
        ("shift_right", *SCORING, "train"),
        "first column is the last word",
        ("range(1, len(y))", "range(len(y))"),
    ),
    Mistake(
        "starts with index 0 in place of zeros",
        "shift_right",
        ("shift_right", *SCORING, "train"),
        "one-hot vector of index 0",
        body="return np.eye(vocab_size)[:, [0, *y[:-1]]]",
    ),
    Mistake(
        "normalizes along the rows",
        "log_softmax",
        ("log_softmax", *STEP),
        "The rows are distributions",
        body="""
        shifted = z - z.max(axis=1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    """,
    ),
    Mistake(
        "normalizes over all columns",
        "log_softmax",
        ("log_softmax",),
        "All columns share one sum",
        body="return (z - z.max()) - np.log(np.exp(z - z.max()).sum())",
    ),
    Mistake(
        "takes the logarithm of the softmax",
        "log_softmax",
        ("log_softmax",),
        "before its logarithm was taken",
        (
            "return shifted - np.log(np.exp(shifted).sum(axis=0))",
            "return np.log(np.exp(shifted) / np.exp(shifted).sum(axis=0))",
        ),
    ),
    Mistake(
        "lets large logits overflow",
        "log_softmax",
        ("log_softmax", "likeliest_reading"),
        "overflows",
        ("z - z.max(axis=0)", "z"),
    ),
    Mistake(
        "uses the logarithm to base 2",
        "log_softmax",
        ("log_softmax", *STEP),
        "another base",
        (
            "return shifted - np.log(np.exp(shifted).sum(axis=0))",
            "return (shifted - np.log(np.exp(shifted).sum(axis=0))) / np.log(2)",
        ),
    ),
    Mistake(
        "returns probabilities",
        "log_softmax",
        ("log_softmax", *STEP),
        "These are probabilities",
        (
            "return shifted - np.log(np.exp(shifted).sum(axis=0))",
            "return np.exp(shifted) / np.exp(shifted).sum(axis=0)",
        ),
    ),
    Mistake("forgets ba", "lm_step", STEP, "A bias is missing", (' + parameters["ba"]', "")),
    Mistake("forgets by", "lm_step", STEP, "A bias is missing", (' + parameters["by"]', "")),
    Mistake("leaves out the tanh", "lm_step", STEP, "never went through the tanh", ("np.tanh(", "(")),
    Mistake(
        "predicts from the previous hidden state",
        "lm_step",
        STEP,
        "uses the next hidden state",
        ('["Wya"] @ a_next', '["Wya"] @ a_prev'),
    ),
    Mistake(
        "starts every step with zeros",
        "lm_forward",
        FORWARD,
        "Only the first one should",
        ("x[:, t : t + 1], a_next", "x[:, t : t + 1], 0 * a_next"),
    ),
    Mistake("uses the first input at each step", "lm_forward", FORWARD, "gets the first column", ("t : t + 1", ":1")),
    Mistake(
        "stacks the steps in rows",
        "lm_forward",
        FORWARD,
        "a has shape",
        ("np.hstack(hidden_states), np.hstack(predictions)", "np.hstack(hidden_states).T, np.hstack(predictions).T"),
    ),
    Mistake(
        "takes the mean",
        "sequence_loss",
        ("sequence_loss", *SCORING, "train"),
        "The loss is their sum",
        (".sum())", ".mean())"),
    ),
    Mistake(
        "forgets the minus",
        "sequence_loss",
        ("sequence_loss", *SCORING, "train"),
        "The sign is wrong",
        ("return -float", "return float"),
    ),
    Mistake(
        "changes the base of the loss",
        "sequence_loss",
        ("sequence_loss", *SCORING, "train"),
        "another base",
        (".sum())", ".sum() / np.log(2))"),
    ),
    Mistake(
        "uses the most probable word",
        "sequence_loss",
        ("sequence_loss", *SCORING, "train"),
        "It should be the target",
        ("log_y[y, np.arange(len(y))]", "log_y.max(axis=0)"),
    ),
    Mistake(
        "multiplies probabilities",
        "sequence_loss",
        ("sequence_loss", "log_probability", "likeliest_reading"),
        "dd log-probabilities",
        ("-float(log_y[y, np.arange(len(y))].sum())", "-float(np.log(np.exp(log_y[y, np.arange(len(y))]).prod()))"),
    ),
    Mistake(
        "returns the loss",
        "log_probability",
        SCORING,
        "This is the loss",
        ("return -sequence_loss", "return sequence_loss"),
    ),
    Mistake(
        "leaves out <eos>",
        "log_probability",
        SCORING,
        "<eos> does not count",
        ("sequence_loss(log_y, y)", "sequence_loss(log_y[:, :-1], y[:-1])"),
    ),
    Mistake(
        "keeps punctuation",
        "log_probability",
        ("log_probability", "perplexity"),
        "Punctuation counts as unknown words",
        ("tokenize(sentence)", "tokenize(sentence, True)"),
    ),
    Mistake(
        "returns the probability",
        "log_probability",
        SCORING,
        "Return its logarithm",
        ("return -sequence_loss(log_y, y)", "return float(np.exp(-sequence_loss(log_y, y)))"),
    ),
    Mistake(
        "divides by the number of words",
        "log_probability",
        SCORING,
        "add the logarithms",
        ("return -sequence_loss(log_y, y)", "return -sequence_loss(log_y, y) / len(y)"),
    ),
    Mistake(
        "divides by the number of sentences",
        "perplexity",
        ("perplexity",),
        "This is per sentence",
        ("-total / predicted", "-total / len(sentences)"),
    ),
    Mistake(
        "does not count <eos>",
        "perplexity",
        ("perplexity",),
        "Each <eos> is a predicted word",
        ("len(tokenize(sentence)) + 1", "len(tokenize(sentence))"),
    ),
    Mistake(
        "takes the mean of the sentences' perplexities",
        "perplexity",
        ("perplexity",),
        "mean of the sentences' perplexities",
        body="""
        lengths = [len(tokenize(sentence)) + 1 for sentence in sentences]
        totals = [log_probability(sentence, word_to_ix, parameters) for sentence in sentences]
        return float(np.mean(np.exp(-np.array(totals) / lengths)))
    """,
    ),
    Mistake(
        "uses base 2 for the exponential",
        "perplexity",
        ("perplexity",),
        "has to match the logarithm",
        ("np.exp(", "np.exp2("),
    ),
    Mistake(
        "returns the argmax",
        "draw_word",
        ("draw_word", "sample_sentence"),
        "the most probable word each time",
        body="return int(log_yt.argmax())",
    ),
    Mistake(
        "treats log-probabilities as probabilities",
        "draw_word",
        ("draw_word", "sample_sentence"),
        "take the exponential first",
        ("np.cumsum(np.exp(log_yt))", "np.cumsum(log_yt)"),
    ),
    Mistake(
        "exceeds the last index",
        "draw_word",
        ("draw_word",),
        "slightly below 1",
        ("return min(index, len(log_yt) - 1)", "return index"),
    ),
    Mistake("draws a word of probability 0", "draw_word", ("draw_word",), "probability 0", ("<= u", "< u")),
    Mistake(
        "returns the previous index",
        "draw_word",
        ("draw_word", "sample_sentence"),
        "index before the interval",
        ("return min(index, len(log_yt) - 1)", "return min(index, len(log_yt) - 1) - 1"),
    ),
    Mistake(
        "continues after <eos>",
        "sample_sentence",
        ("sample_sentence",),
        "continues after <eos>",
        ("            break", "            pass"),
    ),
    Mistake(
        "drops <eos>",
        "sample_sentence",
        ("sample_sentence",),
        "<eos> is missing",
        ("            break", "            indices.pop()\n            break"),
    ),
    Mistake(
        "does not feed back the drawn word",
        "sample_sentence",
        ("sample_sentence",),
        "not fed back",
        ("xt[indices[-1]] = 1", "pass"),
    ),
    Mistake(
        "loses the hidden state",
        "sample_sentence",
        ("sample_sentence",),
        "hidden state is lost",
        ("a, log_yt = lm_step(xt, a, parameters)", "_, log_yt = lm_step(xt, a, parameters)"),
    ),
    Mistake(
        "keeps the earlier words in the input",
        "sample_sentence",
        ("sample_sentence",),
        "the arguments of lm_step",
        ("        xt = np.zeros_like(xt)\n", ""),
    ),
    Mistake(
        "requires <eos> in the vocabulary",
        "sample_sentence",
        ("sample_sentence",),
        "The dict has no key '<eos>'",
        ('word_to_ix.get("<eos>")', 'word_to_ix["<eos>"]'),
    ),
    Mistake(
        "adds the gradient",
        "train",
        ("train",),
        "The update has the wrong sign",
        ("value - learning_rate", "value + learning_rate"),
    ),
    Mistake(
        "updates in place",
        "train",
        ("train",),
        "in place",
        (
            "parameters = {name: value - learning_rate * gradients[name] for name, value in parameters.items()}",
            "for name in parameters:\n                parameters[name] -= learning_rate * gradients[name]",
        ),
    ),
    Mistake(
        "takes the mean loss of the sentences",
        "train",
        ("train",),
        "not their mean",
        ("+= sequence_loss(log_y, y)", "+= sequence_loss(log_y, y) / len(sequences)"),
    ),
    Mistake(
        "accumulates the losses of all epochs",
        "train",
        ("train",),
        "Each epoch starts at 0",
        ("losses.append(0.0)", "losses.append(losses[-1] if losses else 0.0)"),
    ),
    Mistake("runs one epoch", "train", ("train",), "Only one epoch", ("range(epochs)", "range(min(1, epochs))")),
    Mistake(
        "chooses the least probable",
        "likeliest_reading",
        ("likeliest_reading",),
        "least probable candidate",
        ("argmax", "argmin"),
    ),
    Mistake(
        "divides probabilities that underflow",
        "likeliest_reading",
        ("likeliest_reading",),
        "underflows to 0",
        ("np.exp(log_softmax(log_p[:, None]))[:, 0]", "np.exp(log_p) / np.exp(log_p).sum()"),
    ),
    Mistake(
        "does not normalize",
        "likeliest_reading",
        ("likeliest_reading",),
        "divide by the sum",
        ("np.exp(log_softmax(log_p[:, None]))[:, 0]", "np.exp(log_p)"),
    ),
    Mistake(
        "applies the softmax to the wrong axis",
        "likeliest_reading",
        ("likeliest_reading",),
        "look at the axis",
        ("log_softmax(log_p[:, None]))[:, 0]", "log_softmax(log_p[None, :]))[0]"),
    ),
]

ORDERED = "build_vocabulary: ordered = sorted(counts, key=lambda word: ({}counts[word], word))[:max_size]"
INITIAL = 'a_next, {} = np.zeros_like(parameters["ba"]), [], []'
POSTERIORS = "posteriors = np.exp(log_softmax(log_p[:, None]))[:, {}]"
STOP_LINE = 'if indices[-1] {} word_to_ix.get("<eos>"):'

EQUIVALENT = {
    f"{ORDERED.format('-')} => {ORDERED.format('~').removeprefix('build_vocabulary: ')}": (
        "~n is -n - 1, which sorts in the same order"
    ),
    f"sample_sentence: {STOP_LINE.format('==')} => {STOP_LINE.format('is')}": "CPython caches small integers",
    f"lm_forward: {INITIAL.format('hidden_states, predictions')} => {INITIAL.format('predictions, hidden_states')}": (
        "both are empty lists"
    ),
    "draw_word: return min(index, len(log_yt) - 1) => return min(len(log_yt) - 1, index)": (
        "the smaller of two integers does not depend on their order"
    ),
    f"likeliest_reading: {POSTERIORS.format('0')} => {POSTERIORS.format('-1')}": "there is only one column",
}

LOG_SOFTMAX = "return shifted - np.log(np.exp(shifted).sum(axis=0))"
UNREAD_ARGUMENTS = {"sample_sentence: word_to_ix['<unk>']": "a sampled word is an index, of <unk> as of any other word"}

EQUAL_SPELLINGS = {
    "einsum and logaddexp": [
        ("log_softmax", LOG_SOFTMAX, "return shifted - np.logaddexp.reduce(shifted, axis=0)"),
        ("lm_step", 'parameters["Wya"] @ a_next', 'np.einsum("ij,jm->im", parameters["Wya"], a_next)'),
        (
            "sequence_loss",
            "-float(log_y[y, np.arange(len(y))].sum())",
            "float(sum(-log_y[i, t] for t, i in enumerate(y)))",
        ),
    ],
    "sums of products": [
        (
            "lm_step",
            'parameters["Wax"] @ xt + parameters["Waa"] @ a_prev',
            '(parameters["Wax"] * xt.T).sum(1, keepdims=True) + (parameters["Waa"] * a_prev.T).sum(1, keepdims=True)',
        ),
        ("sequence_loss", "log_y[y, np.arange(len(y))].sum()", "np.trace(log_y[list(y)])"),
    ],
}
