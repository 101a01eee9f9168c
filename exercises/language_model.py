# %% [markdown]
# # The probability of a sentence
#
# Somebody says five words, and a recogniser is sure of their sound. Was it *the apple and pair salad* or *the apple
# and pear salad*? The two sound the same. You know which it was, because you know what people say. A **language
# model** puts that knowledge into a number: it gives every sentence a probability.
#
# No table could hold all sentences, so the model takes them apart with the chain rule:
#
# $$P(y^{\langle 1 \rangle}, \dots, y^{\langle T \rangle}) =
#   \prod_{t=1}^{T} P(y^{\langle t \rangle} \mid y^{\langle 1 \rangle}, \dots, y^{\langle t-1 \rangle})$$
#
# Each factor answers "what comes next?", and that is a question for a recurrent network: its state is a summary of
# the words so far. Here you build all of it, from the text to the verdict about the salad.
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `V`, `n_a` | words in the vocabulary, width of the hidden state |
# | `T` | words in the sentence, `<eos>` included |
# | `y` | the sentence as a list of `T` indices |
# | `x` | what the network reads, `(V, T)`: **steps stand in columns** |
# | `a`, `log_y` | hidden states `(n_a, T)`; logarithms of the predicted probabilities `(V, T)` |
# | `word_to_ix` | the vocabulary, a dict from words to indices |
# | `parameters` | dict of `Wax (n_a, V)`, `Waa (n_a, n_a)`, `Wya (V, n_a)`, `ba (n_a, 1)`, `by (V, 1)` |

# %%
import re
from collections import Counter

import numpy as np

# %% [markdown]
# ## 1. From text to words
#
# *Cut!* and *cut* should be the same word, so the text becomes lower case first. A **word** is a run of letters and
# digits; an apostrophe `'` with letters on both sides belongs to it, as in *don't*. Everything else, apart from white
# space, is **punctuation**. It is dropped, or kept on request: then each mark is a word of its own.
#
# One call of `re.findall` can do it. In a regular expression `\w` is a letter or digit, `\s` is white space, and
# `(?:…)*` is a group that comes any number of times.


# %%
def tokenize(text, keep_punctuation=False):
    """Splits a text into words.

    Args:
        text: such as "Don't panic!"
        keep_punctuation: whether punctuation marks are words as well; otherwise they are dropped.

    Returns:
        List of words in lower case: ["don't", "panic"], or ["don't", "panic", "!"] with punctuation.
    """
    raise NotImplementedError("tokenize")  # your code goes here, in place of this line


# %% [markdown]
# ## 2. The vocabulary
#
# Most of the words of a language are rare, and each one costs a row in `Wya` and a column in `Wax`. So only the
# `max_size` most frequent words get an index of their own. Where two are equally frequent, the alphabet decides: a
# vocabulary must not depend on the order in which sentences happened to stand in a file, or a saved model would
# read other words tomorrow.
#
# Two more entries stand before them, and `max_size` does not count them:
#
# | index | entry | meaning |
# |---|---|---|
# | 0 | `<eos>` | the sentence ends here |
# | 1 | `<unk>` | some word that has no index |
# | 2, 3, … | | the words, the most frequent first |


# %%
def build_vocabulary(sentences, max_size):
    """Gives the most frequent words an index.

    Args:
        sentences: list of lists of words.
        max_size: how many words there are at most, `<eos>` and `<unk>` not counted.

    Returns:
        Dict from words to indices, see the table.
    """
    raise NotImplementedError("build_vocabulary")  # your code goes here, in place of this line


# %% [markdown]
# ## 3. From words to indices
#
# A word without an index becomes `<unk>`: something was said there, we just cannot tell what. At the end comes
# `<eos>`. Without it the model would never learn where sentences end, and the probabilities of sentences of all
# lengths together would not sum to one.


# %%
def encode(words, word_to_ix):
    """Turns the words of a sentence into indices.

    Args:
        words: list of words.
        word_to_ix: vocabulary with `<eos>` and `<unk>`.

    Returns:
        List of indices, one for each word and one for `<eos>`.
    """
    raise NotImplementedError("encode")  # your code goes here, in place of this line


# %% [markdown]
# ## 4. What the network may read
#
# At step t the network predicts word t, and all it may know are the words before. So it reads the row shifted by one:
#
# $$x^{\langle 1 \rangle} = 0, \qquad x^{\langle t \rangle} = y^{\langle t-1 \rangle}$$
#
# | step | 1 | 2 | 3 | 4 |
# |---|---|---|---|---|
# | reads `x` | *0* | cats | sleep | a |
# | predicts `y` | cats | sleep | a | … |
#
# A word is read as a **one-hot** column: a 1 in the row of its index, zeros elsewhere. The first column is all
# zeros. (What happens without the shift? The network learns to copy what it reads. Its loss looks wonderful.)


# %%
def shift_right(y, vocab_size):
    """Makes the inputs that belong to a sentence.

    Args:
        y: list of T indices.
        vocab_size: V.

    Returns:
        x: (V, T); the first column is zero, each other one is the one-hot vector of the word before.
    """
    raise NotImplementedError("shift_right")  # your code goes here, in place of this line


# %% [markdown]
# ## 5. Logarithms of probabilities
#
# The probability of a sentence is a product of many small numbers. A thousand factors of 0.1 are less than the
# smallest number that a computer knows, and become 0. Sums of logarithms have no such trouble, so this whole
# exercise stays with logarithms (natural ones, as `np.log` gives), and the softmax becomes
#
# $$\log \mathrm{softmax}(z)_i = z_i - \log \sum_j e^{z_j}$$
#
# Two traps are left. A large score overflows in the exponential: subtract the largest of the column from all of it
# first, which changes nothing, since it cancels. And `np.log(softmax(z))` is no way around: a probability that
# has become 0 has the logarithm minus infinity. Take the logarithm of the *sum* only, as the formula says.
#
# Each **column** is a distribution over the `V` words.


# %%
def log_softmax(z):
    """Turns columns of scores into logarithms of probabilities.

    Args:
        z: scores, (V, T).

    Returns:
        (V, T); the exponentials of each column sum to one.
    """
    raise NotImplementedError("log_softmax")  # your code goes here, in place of this line


# %% [markdown]
# ## 6. One step of the network
#
# $$a^{\langle t \rangle} = \tanh(W_{ax}\, x^{\langle t \rangle} + W_{aa}\, a^{\langle t-1 \rangle} + b_a)
#   \qquad
#   \log \hat y^{\langle t \rangle} = \log \mathrm{softmax}(W_{ya}\, a^{\langle t \rangle} + b_y)$$


# %%
def lm_step(xt, a_prev, parameters):
    """Reads one word and predicts the next.

    Args:
        xt: one-hot vector of the word, or zeros, (V, 1).
        a_prev: hidden state before it, (n_a, 1).
        parameters: see the table of letters.

    Returns:
        a_next: hidden state after it, (n_a, 1).
        log_yt: logarithms of the probabilities of what comes next, (V, 1).
    """
    raise NotImplementedError("lm_step")  # your code goes here, in place of this line


# %% [markdown]
# ## 7. A whole sentence
#
# The state begins as zeros and is handed from step to step. What the network predicts at a step does *not* matter for
# the next one: we judge a sentence that is already there, so the next column of `x` is the word that was really said.


# %%
def lm_forward(x, parameters):
    """Predicts each word of a sentence from those before it.

    Args:
        x: inputs, (V, T), as `shift_right` makes them.
        parameters: see the table of letters.

    Returns:
        a: hidden state after each step, (n_a, T).
        log_y: logarithms of the predicted probabilities, (V, T).
    """
    raise NotImplementedError("lm_forward")  # your code goes here, in place of this line


# %% [markdown]
# ## 8. The loss of a sentence
#
# $$L = \sum_{t=1}^{T} -\log \hat y^{\langle t \rangle}_{y^{\langle t \rangle}}$$
#
# Of each column only one value counts: that of the word that was really there. The loss is a **sum** over the steps.
# A mean would make a word in a long sentence worth less than one in a short sentence, and minus the loss would no
# longer be the logarithm of a probability.


# %%
def sequence_loss(log_y, y):
    """Says how surprised the model was by a sentence.

    Args:
        log_y: logarithms of the predicted probabilities, (V, T).
        y: list of T indices, the words that were there.

    Returns:
        The loss, a number in nats.
    """
    raise NotImplementedError("sequence_loss")  # your code goes here, in place of this line


# %% [markdown]
# ## 9. The probability of a sentence
#
# Everything so far in one row: text, words (without punctuation), indices, inputs, predictions, and the chain rule.
# The `<eos>` counts: that the sentence ends *here* is a part of what was said.


# %%
def log_probability(sentence, word_to_ix, parameters):
    """Gives the natural logarithm of the probability of a sentence.

    Args:
        sentence: a text.
        word_to_ix: vocabulary with `<eos>` and `<unk>`.
        parameters: see the table of letters.

    Returns:
        A number, 0 or less.
    """
    raise NotImplementedError("log_probability")  # your code goes here, in place of this line


# %% [markdown]
# ## 10. Perplexity
#
# Longer sentences are less probable, so probabilities of different texts cannot be compared. Per *word* they can:
#
# $$\mathrm{perplexity} = \exp\Big(-\frac{1}{N} \sum_{\mathrm{sentences}} \log P(\mathrm{sentence})\Big)$$
#
# with `N` the number of words that were predicted in all the sentences together, each `<eos>` included. It says among
# how many equally likely words the model hesitates, on average: `V` for one that knows nothing, 1 for one that is
# always certain and right.


# %%
def perplexity(sentences, word_to_ix, parameters):
    """Says among how many words the model hesitates.

    Args:
        sentences: list of texts.
        word_to_ix: vocabulary with `<eos>` and `<unk>`.
        parameters: see the table of letters.

    Returns:
        The perplexity per word of all sentences together.
    """
    raise NotImplementedError("perplexity")  # your code goes here, in place of this line


# %% [markdown]
# ## 11. Drawing a word
#
# A model that can judge can also speak. To **draw** from a distribution, lay the probabilities side by side on the
# line from 0 to 1, in the order of their indices, and throw a dart `u` that lands anywhere on it with equal chance:
# the word is the one whose piece was hit. In other words, it is the first index at which the running sum of the
# probabilities is *greater* than `u`. Rounding can leave the last sum a hair below 1; a dart beyond it means the last
# word.
#
# (Taking the most probable word each time would be no draw at all: the model would say the same sentence forever.)


# %%
def draw_word(log_yt, u):
    """Draws an index from a distribution.

    Args:
        log_yt: logarithms of probabilities, (V, 1).
        u: a number with 0 <= u < 1.

    Returns:
        The index of the word, an int.
    """
    raise NotImplementedError("draw_word")  # your code goes here, in place of this line


# %% [markdown]
# ## 12. Inventing a sentence
#
# Begin with a zero input and a zero state. Take a step, draw a word, and let the network read **the word that was
# drawn** at the next step. Stop as soon as the word is `<eos>`. The `uniforms` are the darts, one for each word; they
# also say how long a sentence may get. A vocabulary without an `<eos>` is possible too: then every dart is thrown.


# %%
def sample_sentence(uniforms, word_to_ix, parameters):
    """Invents a sentence.

    Args:
        uniforms: list of numbers u with 0 <= u < 1, one for each word; as many words at most.
        word_to_ix: vocabulary, with or without `<eos>`.
        parameters: see the table of letters.

    Returns:
        List of indices. If the sentence ended, `<eos>` is the last of them.
    """
    raise NotImplementedError("sample_sentence")  # your code goes here, in place of this line


# %% [markdown]
# ## 13. Learning
#
# The gradients of the loss are given here, so that you can see how short they are: at the scores, the gradient of
# a softmax with this loss is *what was predicted minus what was there*; from there it goes back through time as in
# the exercise on recurrent networks.


# %%
def lm_gradients(x, y, a, log_y, parameters):
    """Gradients of `sequence_loss`, given.

    Args:
        x: inputs, (V, T).
        y: list of T indices.
        a: hidden states, (n_a, T).
        log_y: logarithms of the predicted probabilities, (V, T).
        parameters: see the table of letters.

    Returns:
        Dict with the names and shapes of `parameters`.
    """
    at_scores = np.exp(log_y)
    at_scores[y, np.arange(len(y))] -= 1  # (V, T)
    at_states = parameters["Wya"].T @ at_scores  # (n_a, T)
    at_sums = np.zeros_like(a)
    for t in range(len(y) - 1, -1, -1):
        later = parameters["Waa"].T @ at_sums[:, t + 1] if t + 1 < len(y) else 0
        at_sums[:, t] = (at_states[:, t] + later) * (1 - a[:, t] ** 2)
    return {
        "Wax": at_sums @ x.T,
        "Waa": at_sums[:, 1:] @ a[:, :-1].T,
        "Wya": at_scores @ a.T,
        "ba": at_sums.sum(axis=1, keepdims=True),
        "by": at_scores.sum(axis=1, keepdims=True),
    }


# %% [markdown]
# What is left is the loop. For one sentence after the other, in the order given: make its inputs, predict, note the
# loss, and move each parameter a step **against** its gradient, `W - learning_rate * gradient`. The next sentence is
# predicted with the new parameters. An epoch is one way through all the sentences.
#
# Make new arrays, so that the caller's parameters stay as they were.


# %%
def train(sequences, parameters, learning_rate, epochs):
    """Teaches the model sentences, one at a time.

    Args:
        sequences: list of sentences, each a list of indices that ends with `<eos>`.
        parameters: to begin with; see the table of letters.
        learning_rate: length of the steps.
        epochs: how many times all sentences are read.

    Returns:
        parameters: dict of the new parameters.
        losses: list of one number for each epoch, the sum of the losses of all sentences in it.
    """
    raise NotImplementedError("train")  # your code goes here, in place of this line


# %% [markdown]
# ## 14. Pair or pear?
#
# The recogniser has a few candidates that sound alike and asks which one was said. By Bayes' rule, and since the sound
# fits all of them equally well, the share of a candidate is its probability divided by the sum over all candidates:
#
# $$P(\mathrm{candidate}_i \mid \mathrm{sound}) = \frac{P(\mathrm{candidate}_i)}{\sum_j P(\mathrm{candidate}_j)}$$
#
# Mind section 5. The probability of a long sentence is 0 for a computer, and 0 / 0 is no number. You have a
# function that divides without ever leaving the logarithms until the last moment.


# %%
def likeliest_reading(candidates, word_to_ix, parameters):
    """Finds out which of several sentences was said.

    Args:
        candidates: list of texts.
        word_to_ix: vocabulary with `<eos>` and `<unk>`.
        parameters: see the table of letters.

    Returns:
        best: the candidate with the highest probability, a text.
        shares: probability of each candidate, given that one of them was said; array (number of candidates,).
    """
    raise NotImplementedError("likeliest_reading")  # your code goes here, in place of this line


# %% [markdown]
# ### Now teach it
#
# The sentences come from a toy grammar of six patterns. *The apple and pear salad* is not among them: the model has to
# work out from *the plum and pear cake* and *a pair of boots* which of the two belongs there.

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
    untaught = perplexity(texts[:100], word_to_ix, parameters)
    parameters, losses = train([encode(words, word_to_ix) for words in tokens], parameters, 0.05, 5)

    figure, axis = plt.subplots(figsize=(7, 3), layout="constrained")
    count = sum(len(words) + 1 for words in tokens)
    axis.plot(range(6), [untaught, *np.exp(np.array(losses) / count)], marker="o")
    axis.annotate("before it was taught", (0, untaught), (8, 0), textcoords="offset points", va="center")
    axis.set(xlabel="epoch", ylabel="perplexity", title="Among how many words does it hesitate?", yscale="log")
    axis.set_yticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    axis.minorticks_off()
    plt.show()

# %% [markdown]
# ### What was said?
#
# The first sentence of each pair is misspelt. See how many times likelier the second is, and where in the sentence the
# difference arises: each word adds minus the logarithm of its own probability. The words before the doubtful one cost
# the same in both, of course; it is the doubtful word that decides.

# %%
if __name__ == "__main__":
    for candidates in HOMOPHONES:
        best, _ = likeliest_reading(list(candidates), word_to_ix, parameters)
        wrong, right = (log_probability(one, word_to_ix, parameters) for one in candidates)
        print(f"{best!r} was said; it is {np.exp(right - wrong):,.0f} times likelier than the other")

    figure, axis = plt.subplots(figsize=(7, 3.5), layout="constrained")
    for number, sentence in enumerate(HOMOPHONES[0]):
        y = encode(tokenize(sentence), word_to_ix)
        log_y = lm_forward(shift_right(y, V), parameters)[1]
        axis.bar(np.arange(len(y)) + 0.4 * number - 0.2, -log_y[y, np.arange(len(y))], width=0.38, label=sentence)
    labels = ["the", "apple", "and", "pair / pear", "salad", "<eos>"]
    axis.set(xticks=range(6), xticklabels=labels, ylabel="nats", title="What each word costs")
    axis.legend(frameon=False)
    plt.show()

# %% [markdown]
# ### And what does it say by itself?

# %%
if __name__ == "__main__":
    words = list(word_to_ix)
    for _ in range(6):
        print(" ".join(words[index] for index in sample_sentence(list(rng.random(12)), word_to_ix, parameters)))

# %% [markdown]
# ## How far are you?

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("language_model")
