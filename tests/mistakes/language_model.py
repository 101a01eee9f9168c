"""What learners get wrong in `language_model`."""

from dlseq.authoring.mistakes import Mistake

JUDGES = ("log_probability", "perplexity", "likeliest_reading")
FORWARD = ("lm_forward", *JUDGES, "train")
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
        "sticks to the words",
        body="return text.lower().split()",
    ),
    Mistake("takes words apart at apostrophes", "tokenize", ("tokenize",), "An apostrophe", (r"(?:'\w+)*", "")),
    Mistake(
        "always keeps punctuation",
        "tokenize",
        ("tokenize", "log_probability", "perplexity"),
        "unless it was asked for",
        (" if keep_punctuation else word", ""),
    ),
    Mistake(
        "never keeps punctuation",
        "tokenize",
        ("tokenize",),
        "it is not there",
        (r'word + r"|[^\w\s]" if keep_punctuation else word', "word"),
    ),
    Mistake(
        "takes the words that come first",
        "build_vocabulary",
        ("build_vocabulary",),
        "The words that come first",
        ("sorted(counts, key=lambda word: (-counts[word], word))", "list(counts)"),
    ),
    Mistake(
        "sorts by the alphabet",
        "build_vocabulary",
        ("build_vocabulary",),
        "The alphabet decides everything",
        ("sorted(counts, key=lambda word: (-counts[word], word))", "sorted(counts)"),
    ),
    Mistake(
        "takes the rarest words",
        "build_vocabulary",
        ("build_vocabulary",),
        "The rarest words",
        ("-counts[word]", "counts[word]"),
    ),
    Mistake(
        "lets the order of the sentences decide between equals",
        "build_vocabulary",
        ("build_vocabulary",),
        "The alphabet should decide",
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
        "max_size is never looked at",
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
        ("encode", "log_probability", "perplexity"),
        "Unknown words are dropped",
        ("word_to_ix.get(word, unknown) for word in words", "word_to_ix[word] for word in words if word in word_to_ix"),
    ),
    Mistake("forgets <eos>", "encode", ("encode", *JUDGES), "<eos> is missing", (' + [word_to_ix["<eos>"]]', "")),
    Mistake(
        "puts <eos> in front",
        "encode",
        ("encode", *JUDGES),
        "stands in front",
        body='return [word_to_ix["<eos>"]] + [word_to_ix.get(word, word_to_ix["<unk>"]) for word in words]',
    ),
    Mistake(
        "does not shift",
        "shift_right",
        ("shift_right", *JUDGES, "train"),
        "x is not shifted",
        body="return np.eye(vocab_size)[:, y]",
    ),
    Mistake(
        "shifts to the wrong side",
        "shift_right",
        ("shift_right", *JUDGES, "train"),
        "wrong side",
        ("x[y[t - 1], t] = 1", "x[y[t], t - 1] = 1"),
    ),
    Mistake(
        "rolls the last word to the front",
        "shift_right",
        ("shift_right", *JUDGES, "train"),
        "first column is the last word",
        ("range(1, len(y))", "range(len(y))"),
    ),
    Mistake(
        "begins with index 0 in place of zeros",
        "shift_right",
        ("shift_right", *JUDGES, "train"),
        "one-hot vector of index 0",
        body="return np.eye(vocab_size)[:, [0, *y[:-1]]]",
    ),
    Mistake(
        "normalises along the rows",
        "log_softmax",
        ("log_softmax", *STEP),
        "The rows are distributions",
        body="""
        shifted = z - z.max(axis=1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    """,
    ),
    Mistake(
        "normalises over everything",
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
        "lets large scores overflow",
        "log_softmax",
        ("log_softmax", "likeliest_reading"),
        "overflows",
        ("z - z.max(axis=0)", "z"),
    ),
    Mistake(
        "takes the logarithm to base 2",
        "log_softmax",
        ("log_softmax", *STEP),
        "another base",
        (
            "return shifted - np.log(np.exp(shifted).sum(axis=0))",
            "return (shifted - np.log(np.exp(shifted).sum(axis=0))) / np.log(2)",
        ),
    ),
    Mistake(
        "stops at the probabilities",
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
        "predicts from the old state", "lm_step", STEP, "from the new state", ('["Wya"] @ a_next', '["Wya"] @ a_prev')
    ),
    Mistake(
        "begins every step with zeros",
        "lm_forward",
        FORWARD,
        "Only the first should",
        ("x[:, t : t + 1], a_next", "x[:, t : t + 1], 0 * a_next"),
    ),
    Mistake("reads the first word at each step", "lm_forward", FORWARD, "reads the first column", ("t : t + 1", ":1")),
    Mistake(
        "stacks the steps in rows",
        "lm_forward",
        FORWARD,
        "a has shape",
        ("np.hstack(states), np.hstack(predictions)", "np.hstack(states).T, np.hstack(predictions).T"),
    ),
    Mistake(
        "takes the mean",
        "sequence_loss",
        ("sequence_loss", *JUDGES, "train"),
        "The loss is their sum",
        (".sum())", ".mean())"),
    ),
    Mistake(
        "forgets the minus",
        "sequence_loss",
        ("sequence_loss", *JUDGES, "train"),
        "The sign is wrong",
        ("return -float", "return float"),
    ),
    Mistake(
        "changes the base of the loss",
        "sequence_loss",
        ("sequence_loss", *JUDGES, "train"),
        "another base",
        (".sum())", ".sum() / np.log(2))"),
    ),
    Mistake(
        "counts the most probable word",
        "sequence_loss",
        ("sequence_loss", *JUDGES, "train"),
        "really there",
        ("log_y[y, np.arange(len(y))]", "log_y.max(axis=0)"),
    ),
    Mistake(
        "multiplies probabilities",
        "sequence_loss",
        ("sequence_loss", "log_probability", "likeliest_reading"),
        "stay with logarithms",
        ("-float(log_y[y, np.arange(len(y))].sum())", "-float(np.log(np.exp(log_y[y, np.arange(len(y))]).prod()))"),
    ),
    Mistake(
        "gives the loss for the logarithm",
        "log_probability",
        JUDGES,
        "This is the loss",
        ("return -sequence_loss", "return sequence_loss"),
    ),
    Mistake(
        "leaves out <eos>",
        "log_probability",
        JUDGES,
        "<eos> does not count",
        ("sequence_loss(log_y, y)", "sequence_loss(log_y[:, :-1], y[:-1])"),
    ),
    Mistake(
        "keeps punctuation",
        "log_probability",
        ("log_probability", "perplexity"),
        "Punctuation is dropped here",
        ("tokenize(sentence)", "tokenize(sentence, True)"),
    ),
    Mistake(
        "gives the probability itself",
        "log_probability",
        JUDGES,
        "Its logarithm is asked for",
        ("return -sequence_loss(log_y, y)", "return float(np.exp(-sequence_loss(log_y, y)))"),
    ),
    Mistake(
        "divides by the number of words",
        "log_probability",
        JUDGES,
        "the logarithms are added up",
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
        "Each <eos> was predicted",
        ("len(tokenize(sentence)) + 1", "len(tokenize(sentence))"),
    ),
    Mistake(
        "takes the mean of the sentences' perplexities",
        "perplexity",
        ("perplexity",),
        "mean of the perplexities",
        body="""
        lengths = [len(tokenize(sentence)) + 1 for sentence in sentences]
        totals = [log_probability(sentence, word_to_ix, parameters) for sentence in sentences]
        return float(np.mean(np.exp(-np.array(totals) / lengths)))
    """,
    ),
    Mistake(
        "takes 2 to the power of nats",
        "perplexity",
        ("perplexity",),
        "has to fit the logarithm",
        ("np.exp(", "np.exp2("),
    ),
    Mistake(
        "takes the most probable word",
        "draw_word",
        ("draw_word", "sample_sentence"),
        "The most probable word comes each time",
        body="return int(log_yt.argmax())",
    ),
    Mistake(
        "takes logarithms for probabilities",
        "draw_word",
        ("draw_word", "sample_sentence"),
        "These are logarithms",
        ("np.cumsum(np.exp(log_yt))", "np.cumsum(log_yt)"),
    ),
    Mistake(
        "falls off the end of the line",
        "draw_word",
        ("draw_word",),
        "a hair below 1",
        ("return min(hit, len(log_yt) - 1)", "return hit"),
    ),
    Mistake("draws a word of probability 0", "draw_word", ("draw_word",), "probability 0", ("<= u", "< u")),
    Mistake(
        "takes the word before the one that was hit",
        "draw_word",
        ("draw_word", "sample_sentence"),
        "index before the piece",
        ("return min(hit, len(log_yt) - 1)", "return min(hit, len(log_yt) - 1) - 1"),
    ),
    Mistake(
        "goes on after <eos>",
        "sample_sentence",
        ("sample_sentence",),
        "goes on after <eos>",
        ("            break", "            pass"),
    ),
    Mistake(
        "leaves <eos> off",
        "sample_sentence",
        ("sample_sentence",),
        "<eos> is missing",
        ("            break", "            indices.pop()\n            break"),
    ),
    Mistake(
        "does not read what it said",
        "sample_sentence",
        ("sample_sentence",),
        "not read at the next step",
        ("xt[indices[-1]] = 1", "pass"),
    ),
    Mistake(
        "forgets the state",
        "sample_sentence",
        ("sample_sentence",),
        "state is lost",
        ("a, log_yt = lm_step(xt, a, parameters)", "_, log_yt = lm_step(xt, a, parameters)"),
    ),
    Mistake(
        "adds each word to the ones read before",
        "sample_sentence",
        ("sample_sentence",),
        "what goes into lm_step",
        ("        xt = np.zeros_like(xt)\n", ""),
    ),
    Mistake(
        "needs an <eos>",
        "sample_sentence",
        ("sample_sentence",),
        "as many words as there are darts",
        ('word_to_ix.get("<eos>")', 'word_to_ix["<eos>"]'),
    ),
    Mistake(
        "climbs",
        "train",
        ("train",),
        "should move against it",
        ("value - learning_rate", "value + learning_rate"),
    ),
    Mistake(
        "changes the caller's arrays",
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
        "adds up the losses of all epochs",
        "train",
        ("train",),
        "Each epoch begins anew",
        ("losses.append(0.0)", "losses.append(losses[-1] if losses else 0.0)"),
    ),
    Mistake("reads one epoch", "train", ("train",), "Only one epoch", ("range(epochs)", "range(min(1, epochs))")),
    Mistake(
        "chooses the least likely",
        "likeliest_reading",
        ("likeliest_reading",),
        "least likely candidate",
        ("argmax", "argmin"),
    ),
    Mistake(
        "divides probabilities that are 0",
        "likeliest_reading",
        ("likeliest_reading",),
        "0 for a computer",
        ("np.exp(log_softmax(scores[:, None]))[:, 0]", "np.exp(scores) / np.exp(scores).sum()"),
    ),
    Mistake(
        "forgets to divide",
        "likeliest_reading",
        ("likeliest_reading",),
        "divide by the sum",
        ("np.exp(log_softmax(scores[:, None]))[:, 0]", "np.exp(scores)"),
    ),
    Mistake(
        "takes a row for a column",
        "likeliest_reading",
        ("likeliest_reading",),
        "look at the axis",
        ("log_softmax(scores[:, None]))[:, 0]", "log_softmax(scores[None, :]))[0]"),
    ),
]

ORDERED = "build_vocabulary: ordered = sorted(counts, key=lambda word: ({}counts[word], word))[:max_size]"
BEGUN = 'a_next, {} = np.zeros_like(parameters["ba"]), [], []'
SHARES = "shares = np.exp(log_softmax(scores[:, None]))[:, {}]"
ENDED = 'if indices[-1] {} word_to_ix.get("<eos>"):'

EQUIVALENT = {
    f"{ORDERED.format('-')} => {ORDERED.format('~').removeprefix('build_vocabulary: ')}": (
        "~n is -n - 1, which sorts in the same order"
    ),
    f"sample_sentence: {ENDED.format('==')} => {ENDED.format('is')}": "CPython keeps one object for each small integer",
    f"lm_forward: {BEGUN.format('states, predictions')} => {BEGUN.format('predictions, states')}": (
        "both begin as empty lists"
    ),
    "draw_word: return min(hit, len(log_yt) - 1) => return min(len(log_yt) - 1, hit)": (
        "the smaller of two integers does not depend on their order"
    ),
    f"likeliest_reading: {SHARES.format('0')} => {SHARES.format('-1')}": "there is only one column",
}
