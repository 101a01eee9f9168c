# %% [markdown]
# # The probability of a sentence
#
# A speech recognizer hears five words and is sure of their sounds. Was it *the apple and pair salad* or *the apple and
# pear salad*? The two sound the same. You know which it was, because you know what people say. A **language model**
# puts that knowledge into a number: it assigns a probability to every sentence.
#
# No table could hold all sentences, so the model factorizes the probability with the **chain rule** of probability:
#
# $$P(y^{\langle 1 \rangle}, \dots, y^{\langle T \rangle}) =
#   \prod_{t=1}^{T} P(y^{\langle t \rangle} \mid y^{\langle 1 \rangle}, \dots, y^{\langle t-1 \rangle})$$
#
# Each factor is a prediction of the next word given the words so far, and the hidden state of a recurrent network
# summarizes the words so far. Here you build all of it, from the text to the verdict about the salad.
#
# ## Notation
#
# | symbol | meaning |
# |---|---|
# | `V`, `n_a` | vocabulary size, size of the hidden state |
# | `T` | length of the sentence, `<eos>` included |
# | `y` | the sentence as a list of `T` indices, the **targets** |
# | `x` | inputs, `(V, T)`: **time steps are columns** |
# | `a`, `log_y` | hidden states `(n_a, T)`; **log-probabilities** of the predictions, `(V, T)` |
# | `word_to_ix` | the **vocabulary**, a dict from words to indices |
# | `parameters` | dict of `Wax (n_a, V)`, `Waa (n_a, n_a)`, `Wya (V, n_a)`, `ba (n_a, 1)`, `by (V, 1)` |
#
# After most functions a cell prints one line to compare with. It uses the sentence *cats sleep a lot* and parameters
# of zero, with which all words are equally likely.

# %%
import re
from collections import Counter

import numpy as np

# %% [markdown]
# ## 1. Tokenization
#
# **Tokenization** splits a text into words, its **tokens**. *Cut!* and *cut* should be the same word, so convert the
# text to lower case first. A **word** is a sequence of letters and digits; an apostrophe `'` with letters on both sides
# belongs to it, as in *don't*. Everything else, except white space, is **punctuation**. It is dropped, or kept on
# request: then each punctuation mark is a word of its own.
#
# One call of `re.findall` can do it. In a regular expression `\w` matches a letter or digit, `\s` white space, and
# `(?:…)*` any number of repetitions of a group.


# %%
def tokenize(text, keep_punctuation=False):
    """Split a text into words.

    Args:
        text: such as "Don't panic!"
        keep_punctuation: True to keep punctuation marks as words; False to drop them.

    Returns:
        List of words in lower case: ["don't", "panic"], or ["don't", "panic", "!"] with punctuation.
    """
    ### BEGIN SOLUTION
    word = r"\w+(?:'\w+)*"
    return re.findall(word + r"|[^\w\s]" if keep_punctuation else word, text.lower())
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(tokenize("Cats sleep a lot; don't they?", keep_punctuation=True))
    # expected: ['cats', 'sleep', 'a', 'lot', ';', "don't", 'they', '?']


# %% [markdown]
# ## 2. The vocabulary
#
# Most of the words of a language are rare, and each one costs a row in `Wya` and a column in `Wax`. So only the
# `max_size` most frequent words get an index of their own. Equally frequent words are sorted alphabetically: a
# vocabulary must not depend on the order of the sentences in a file, or a saved model would get other indices tomorrow.
#
# Two **special tokens** come before the words, and `max_size` does not count them:
#
# | index | token | meaning |
# |---|---|---|
# | 0 | `<eos>` | **end of sequence**: the sentence ends here |
# | 1 | `<unk>` | **unknown** (out-of-vocabulary) word |
# | 2, 3, … | | the words, the most frequent first |


# %%
def build_vocabulary(sentences, max_size):
    """Build a vocabulary of the most frequent words.

    Args:
        sentences: list of lists of words.
        max_size: maximum number of words, not counting `<eos>` and `<unk>`.

    Returns:
        Dict from words to indices, see the table.
    """
    ### BEGIN SOLUTION
    counts = Counter(word for words in sentences for word in words)
    ordered = sorted(counts, key=lambda word: (-counts[word], word))[:max_size]
    return {word: index for index, word in enumerate(["<eos>", "<unk>", *ordered])}
    ### END SOLUTION


# %%
if __name__ == "__main__":
    vocabulary = build_vocabulary([["cats", "sleep", "a", "lot"], ["cats", "eat", "a", "lot"]], 3)
    print(vocabulary)
    # expected: {'<eos>': 0, '<unk>': 1, 'a': 2, 'cats': 3, 'lot': 4}


# %% [markdown]
# ## 3. From words to indices
#
# A word that is not in the vocabulary becomes `<unk>`. `<eos>` is appended. Without it the model would never learn
# where sentences end, and the probabilities of sentences of all lengths together would not sum to one.


# %%
def encode(words, word_to_ix):
    """Encode the words of a sentence as indices.

    Args:
        words: list of words.
        word_to_ix: vocabulary with `<eos>` and `<unk>`.

    Returns:
        List of indices, one for each word and one for `<eos>`.
    """
    ### BEGIN SOLUTION
    unknown = word_to_ix["<unk>"]
    return [word_to_ix.get(word, unknown) for word in words] + [word_to_ix["<eos>"]]
    ### END SOLUTION


# %%
if __name__ == "__main__":
    targets = encode(["cats", "sleep", "a", "lot"], vocabulary)
    print(targets)
    # expected: [3, 1, 2, 4, 0]


# %% [markdown]
# ## 4. Inputs: the shifted sentence
#
# At time step t the network predicts word t from the words before it. So its inputs are the targets, shifted right by
# one time step. This is **teacher forcing**: the input is the true previous word, not the predicted one.
#
# $$x^{\langle 1 \rangle} = 0, \qquad x^{\langle t \rangle} = y^{\langle t-1 \rangle}$$
#
# | time step | 1 | 2 | 3 | 4 |
# |---|---|---|---|---|
# | input `x` | *0* | cats | sleep | a |
# | target `y` | cats | sleep | a | … |
#
# The input of a word is a **one-hot** column: a 1 in the row of its index, zeros elsewhere. The first column is all
# zeros. (What happens without the shift? The network learns to copy its input. Its loss looks wonderful.)


# %%
def shift_right(y, vocab_size):
    """Compute the inputs for a sentence: one-hot vectors, shifted right by one time step.

    Args:
        y: list of T indices.
        vocab_size: vocabulary size V.

    Returns:
        x: inputs, (V, T); the first column is zero, each other one is the one-hot vector of the previous word.
    """
    ### BEGIN SOLUTION
    x = np.zeros((vocab_size, len(y)))
    for t in range(1, len(y)):
        x[y[t - 1], t] = 1
    return x
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(shift_right(targets, 5).shape, shift_right(targets, 5).argmax(axis=0)[1:])
    # expected: (5, 5) [3 1 2 4]


# %% [markdown]
# ## 5. Log-softmax
#
# The probability of a sentence is a product of many small numbers. A thousand factors of 0.1 **underflow**: the
# result is below the smallest float64 and becomes 0. Sums of logarithms do not, so this whole exercise works with
# **log-probabilities** (natural logarithms, `np.log`), and the softmax of the **logits** $z$ becomes the
# **log-softmax**
#
# $$\log \mathrm{softmax}(z)_i = z_i - \log \sum_j e^{z_j}$$
#
# Two numerical problems remain. The exponential of a large logit **overflows**: subtract the maximum of each column
# first, which does not change the result. And `np.log(softmax(z))` does not help: a probability that underflowed to 0
# has the logarithm minus infinity. Take the logarithm of the *sum* only, as in the formula (**log-sum-exp**).
#
# Each **column** is a distribution over the `V` words.


# %%
def log_softmax(z):
    """Log-softmax over each column: logits to log-probabilities.

    Args:
        z: logits, (V, T).

    Returns:
        Log-probabilities, (V, T); the exponentials of each column sum to one.
    """
    ### BEGIN SOLUTION
    shifted = z - z.max(axis=0)
    return shifted - np.log(np.exp(shifted).sum(axis=0))
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(log_softmax(np.array([[0.0, 5000.0], [0.0, -5000.0]])).round(4).tolist())
    # expected: [[-0.6931, 0.0], [-0.6931, -10000.0]]


# %% [markdown]
# ## 6. One time step of the network
#
# $$a^{\langle t \rangle} = \tanh(W_{ax}\, x^{\langle t \rangle} + W_{aa}\, a^{\langle t-1 \rangle} + b_a)
#   \qquad
#   \log \hat y^{\langle t \rangle} = \log \mathrm{softmax}(W_{ya}\, a^{\langle t \rangle} + b_y)$$


# %%
def lm_step(xt, a_prev, parameters):
    """Forward pass of the network, one time step.

    Args:
        xt: one-hot vector of a word, or zeros, (V, 1).
        a_prev: previous hidden state, (n_a, 1).
        parameters: see the notation.

    Returns:
        a_next: next hidden state, (n_a, 1).
        log_yt: log-probabilities of the next word, (V, 1).
    """
    ### BEGIN SOLUTION
    a_next = np.tanh(parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"])
    return a_next, log_softmax(parameters["Wya"] @ a_next + parameters["by"])
    ### END SOLUTION


# %% [markdown]
# ## 7. A whole sentence
#
# The initial hidden state is zero, and it is passed from one time step to the next. The prediction at a time step is
# *not* an input of the next one: we score a given sentence, so the next input is the next column of `x`.


# %%
def lm_forward(x, parameters):
    """Forward pass of the network over a sentence.

    Args:
        x: inputs, (V, T), from `shift_right`.
        parameters: see the notation.

    Returns:
        a: hidden state after each time step, (n_a, T).
        log_y: log-probabilities of the predictions, (V, T).
    """
    ### BEGIN SOLUTION
    a_next, hidden_states, predictions = np.zeros_like(parameters["ba"]), [], []
    for t in range(x.shape[1]):
        a_next, log_yt = lm_step(x[:, t : t + 1], a_next, parameters)
        hidden_states.append(a_next)
        predictions.append(log_yt)
    return np.hstack(hidden_states), np.hstack(predictions)
    ### END SOLUTION


# %%
if __name__ == "__main__":
    zero_shapes = {"Wax": (3, 5), "Waa": (3, 3), "Wya": (5, 3), "ba": (3, 1), "by": (5, 1)}
    zero_parameters = {name: np.zeros(shape) for name, shape in zero_shapes.items()}
    a, log_y = lm_forward(shift_right(targets, 5), zero_parameters)
    print(a.shape, log_y.shape, f"all {log_y[0, 0]:.4f}")
    # expected: (3, 5) (5, 5) all -1.6094


# %% [markdown]
# ## 8. The loss of a sentence
#
# $$L = \sum_{t=1}^{T} -\log \hat y^{\langle t \rangle}_{y^{\langle t \rangle}}$$
#
# This is the **cross-entropy**: of each column only one value counts, the log-probability of the target. The loss is a
# **sum** over the time steps. With a mean, a word in a long sentence would count less than one in a short sentence, and
# minus the loss would no longer be the log-probability of the sentence.


# %%
def sequence_loss(log_y, y):
    """Cross-entropy loss of a sentence, summed over the time steps.

    Args:
        log_y: log-probabilities of the predictions, (V, T).
        y: list of T indices, the targets.

    Returns:
        The loss, a number in nats.
    """
    ### BEGIN SOLUTION
    return -float(log_y[y, np.arange(len(y))].sum())
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(f"{sequence_loss(log_y, targets):.4f}")
    # expected: 8.0472, five times log 5


# %% [markdown]
# ## 9. The probability of a sentence
#
# The whole pipeline: text, words (without punctuation), indices, inputs, predictions, and the chain rule. The `<eos>`
# counts: that the sentence ends *here* is part of the sentence.


# %%
def log_probability(sentence, word_to_ix, parameters):
    """Log-probability of a sentence.

    Args:
        sentence: a text.
        word_to_ix: vocabulary with `<eos>` and `<unk>`.
        parameters: see the notation.

    Returns:
        A number, 0 or less.
    """
    ### BEGIN SOLUTION
    y = encode(tokenize(sentence), word_to_ix)
    _, log_y = lm_forward(shift_right(y, len(word_to_ix)), parameters)
    return -sequence_loss(log_y, y)
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(f"{log_probability('Cats sleep a lot.', vocabulary, zero_parameters):.4f}")
    # expected: -8.0472


# %% [markdown]
# ## 10. Perplexity
#
# Longer sentences are less probable, so probabilities of different texts cannot be compared. **Perplexity** is a
# measure per *word*:
#
# $$\mathrm{perplexity} = \exp\Big(-\frac{1}{N} \sum_{\mathrm{sentences}} \log P(\mathrm{sentence})\Big)$$
#
# where `N` is the number of predicted words in all sentences together, each `<eos>` included. It is the number of
# equally likely words with the same average cross-entropy: `V` for a uniform model, 1 for one that is always certain
# and right.


# %%
def perplexity(sentences, word_to_ix, parameters):
    """Perplexity of a list of sentences.

    Args:
        sentences: list of texts.
        word_to_ix: vocabulary with `<eos>` and `<unk>`.
        parameters: see the notation.

    Returns:
        The perplexity per word of all sentences together.
    """
    ### BEGIN SOLUTION
    total = sum(log_probability(sentence, word_to_ix, parameters) for sentence in sentences)
    predicted = sum(len(tokenize(sentence)) + 1 for sentence in sentences)
    return float(np.exp(-total / predicted))
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(f"{perplexity(['Cats sleep a lot.', 'Cats eat.'], vocabulary, zero_parameters):.4f}")
    # expected: 5.0000, the vocabulary size


# %% [markdown]
# ## 11. Drawing a word
#
# A language model can also generate. To **draw** (or **sample**) from a distribution with a uniform random number
# `0 <= u < 1`, use the **inverse of the cumulative distribution**: lay the probabilities side by side on the line from
# 0 to 1, in the order of their indices; the drawn word is the one whose interval contains `u`. In other words, it is
# the first index at which the cumulative sum of the probabilities is *greater* than `u`. Rounding can leave the last
# cumulative sum slightly below 1; a `u` beyond it means the last word.
#
# (The most probable word at every step is **greedy decoding**, not sampling: the sentence would always be the same.)


# %%
def draw_word(log_yt, u):
    """Draw an index from a distribution.

    Args:
        log_yt: log-probabilities, (V, 1).
        u: a uniform random number, 0 <= u < 1.

    Returns:
        The index of the word, an int.
    """
    ### BEGIN SOLUTION
    index = int((np.cumsum(np.exp(log_yt)) <= u).sum())
    return min(index, len(log_yt) - 1)
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print([draw_word(np.log([[0.25], [0.5], [0.25]]), u) for u in (0.0, 0.3, 0.74, 0.9)])
    # expected: [0, 1, 1, 2]


# %% [markdown]
# ## 12. Sampling a sentence
#
# The first input and the initial hidden state are zero. Compute a time step, draw a word, and feed **the drawn word**
# back as the next input. Stop as soon as the word is `<eos>`. The `uniforms` are the random numbers, one for each word;
# their number limits the length. A vocabulary may have no `<eos>`: then use all of them.


# %%
def sample_sentence(uniforms, word_to_ix, parameters):
    """Sample a sentence.

    Args:
        uniforms: list of uniform random numbers, 0 <= u < 1, one for each word; their number is the maximum length.
        word_to_ix: vocabulary, with or without `<eos>`.
        parameters: see the notation.

    Returns:
        List of indices. If `<eos>` was drawn, it is the last one.
    """
    ### BEGIN SOLUTION
    xt, a = np.zeros_like(parameters["by"]), np.zeros_like(parameters["ba"])
    indices = []
    for u in uniforms:
        a, log_yt = lm_step(xt, a, parameters)
        indices.append(draw_word(log_yt, u))
        if indices[-1] == word_to_ix.get("<eos>"):
            break
        xt = np.zeros_like(xt)
        xt[indices[-1]] = 1
    return indices
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(sample_sentence([0.5, 0.9, 0.1, 0.7], vocabulary, zero_parameters))
    # expected: [2, 4, 0]


# %% [markdown]
# ## 13. Training
#
# The gradients of the loss are given. With respect to the logits, the gradient of softmax with cross-entropy is
# *predicted probability minus target*; from there it is backpropagation through time, as in the exercise on recurrent
# networks.


# %%
def lm_gradients(x, y, a, log_y, parameters):
    """Gradients of `sequence_loss` with respect to the parameters, given.

    Args:
        x: inputs, (V, T).
        y: list of T indices, the targets.
        a: hidden states, (n_a, T).
        log_y: log-probabilities of the predictions, (V, T).
        parameters: see the notation.

    Returns:
        Dict with the names and shapes of `parameters`.
    """
    d_logits = np.exp(log_y)
    d_logits[y, np.arange(len(y))] -= 1  # (V, T)
    d_hidden = parameters["Wya"].T @ d_logits  # (n_a, T)
    d_pre_activation = np.zeros_like(a)
    for t in range(len(y) - 1, -1, -1):
        from_later = parameters["Waa"].T @ d_pre_activation[:, t + 1] if t + 1 < len(y) else 0
        d_pre_activation[:, t] = (d_hidden[:, t] + from_later) * (1 - a[:, t] ** 2)
    return {
        "Wax": d_pre_activation @ x.T,
        "Waa": d_pre_activation[:, 1:] @ a[:, :-1].T,
        "Wya": d_logits @ a.T,
        "ba": d_pre_activation.sum(axis=1, keepdims=True),
        "by": d_logits.sum(axis=1, keepdims=True),
    }


# %% [markdown]
# What remains is the training loop: **stochastic gradient descent** with one sentence per training step. For each
# sentence, in the given order: compute its inputs, the forward pass and the loss, then update each parameter
# **against** its gradient, `W - learning_rate * gradient`. The next sentence uses the new parameters. An **epoch** is
# one pass over all sentences.
#
# Make new arrays, so that the caller's parameters do not change in place.


# %%
def train(sequences, parameters, learning_rate, epochs):
    """Train the model by stochastic gradient descent, one sentence at a time.

    Args:
        sequences: list of sentences, each a list of indices that ends with `<eos>`.
        parameters: initial parameters, see the notation; unchanged.
        learning_rate: learning rate.
        epochs: number of passes over the sentences.

    Returns:
        parameters: dict of the trained parameters.
        losses: list of one number for each epoch, the sum of the losses of all its sentences.
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(epochs):
        losses.append(0.0)
        for y in sequences:
            x = shift_right(y, len(parameters["by"]))
            a, log_y = lm_forward(x, parameters)
            losses[-1] += sequence_loss(log_y, y)
            gradients = lm_gradients(x, y, a, log_y, parameters)
            parameters = {name: value - learning_rate * gradients[name] for name, value in parameters.items()}
    return parameters, losses
    ### END SOLUTION


# %% [markdown]
# ## 14. Pair or pear?
#
# The speech recognizer has a few candidates that sound alike, **homophones**, and asks which one was said. By **Bayes'
# rule**, and since the sound fits all of them equally well, the **posterior probability** of a candidate is its
# probability divided by the sum over all candidates:
#
# $$P(\mathrm{candidate}_i \mid \mathrm{sound}) = \frac{P(\mathrm{candidate}_i)}{\sum_j P(\mathrm{candidate}_j)}$$
#
# Mind section 5. The probability of a long sentence underflows to 0, and 0 / 0 is not a number. One of your functions
# normalizes log-probabilities without leaving the logarithms.


# %%
def likeliest_reading(candidates, word_to_ix, parameters):
    """Find the most probable of several candidate sentences.

    Args:
        candidates: list of texts.
        word_to_ix: vocabulary with `<eos>` and `<unk>`.
        parameters: see the notation.

    Returns:
        best: the candidate with the highest probability, a text.
        posteriors: posterior probability of each candidate, array (number of candidates,).
    """
    ### BEGIN SOLUTION
    log_p = np.array([log_probability(candidate, word_to_ix, parameters) for candidate in candidates])
    posteriors = np.exp(log_softmax(log_p[:, None]))[:, 0]
    return candidates[int(log_p.argmax())], posteriors
    ### END SOLUTION


# %% [markdown]
# ### Train it
#
# The sentences come from a toy grammar of six patterns. *The apple and pear salad* is not among them: the model has to
# **generalize** from *the plum and pear cake* and *a pair of boots*. (Five epochs take two or three seconds.)

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    from dlseq.data.homophones import HOMOPHONES, homophone_sentences

    rng = np.random.default_rng(0)
    texts = homophone_sentences(500, rng)
    tokens = [tokenize(text) for text in texts]
    word_to_ix = build_vocabulary(tokens, 60)
    V, n_a = len(word_to_ix), 24
    shapes = {"Wax": (n_a, V), "Waa": (n_a, n_a), "Wya": (V, n_a), "ba": (n_a, 1), "by": (V, 1)}
    parameters = {name: rng.normal(0, 0.1, shape) for name, shape in shapes.items()}
    initial_perplexity = perplexity(texts[:100], word_to_ix, parameters)
    parameters, losses = train([encode(words, word_to_ix) for words in tokens], parameters, 0.05, 5)

    figure, ax = plt.subplots(figsize=(7, 3), layout="constrained")
    count = sum(len(words) + 1 for words in tokens)
    ax.plot(range(6), [initial_perplexity, *np.exp(np.array(losses) / count)], marker="o")
    ax.annotate("before training", (0, initial_perplexity), (8, 0), textcoords="offset points", va="center")
    ax.set(xlabel="epoch", ylabel="perplexity", title="Perplexity in training", yscale="log")
    ax.set_yticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    ax.minorticks_off()
    plt.show()

# %% [markdown]
# ### Homophones
#
# The first sentence of each pair is misspelled. See how many times more probable the second is, and where in the
# sentence the difference arises: each word adds its own cross-entropy, minus its log-probability. The words before the
# homophone have the same cross-entropy in both.

# %%
if __name__ == "__main__":
    for candidates in HOMOPHONES:
        best, _ = likeliest_reading(list(candidates), word_to_ix, parameters)
        wrong, right = (log_probability(candidate, word_to_ix, parameters) for candidate in candidates)
        print(f"{best!r} is {np.exp(right - wrong):,.0f} times more probable than the other")

    figure, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for number, sentence in enumerate(HOMOPHONES[0]):
        y = encode(tokenize(sentence), word_to_ix)
        log_y = lm_forward(shift_right(y, V), parameters)[1]
        ax.bar(np.arange(len(y)) + 0.4 * number - 0.2, -log_y[y, np.arange(len(y))], width=0.38, label=sentence)
    labels = ["the", "apple", "and", "pair / pear", "salad", "<eos>"]
    ax.set(xticks=range(6), xticklabels=labels, ylabel="nats", title="Cross-entropy of each word")
    ax.legend(frameon=False)
    plt.show()

# %% [markdown]
# ### Sampled sentences

# %%
if __name__ == "__main__":
    words = list(word_to_ix)
    for _ in range(6):
        print(" ".join(words[index] for index in sample_sentence(list(rng.random(12)), word_to_ix, parameters)))

# %% [markdown]
# ## Check your progress

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("language_model")
