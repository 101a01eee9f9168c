# %% [markdown]
# # Good, not good: the stars of a review
#
# *The plot is good*: four stars. *The plot is not good*: two. In this exercise a network says how many stars a review
# gives, one to five. You build two of them:
#
# - the first takes the **mean** of the vectors of all words, and a softmax of it. It knows which words there are, and
#   nothing of their order;
# - the second reads the words one after the other with an **LSTM**, the many-to-one type of recurrent network.
#
# ```
#      mean                                     LSTM
#
#        ŷ  stars                                                           ŷ  stars
#        ▲                                                                  ▲
#     softmax                                                            softmax
#        ▲                                                                  ▲
#       mean                                    LSTM ──► LSTM ──► LSTM ──► LSTM
#     ▲   ▲   ▲   ▲                              ▲        ▲        ▲        ▲
#   the plot not good                           the      plot     not      good
# ```
#
# Both start from the same word vectors. At the end they meet on pairs of sentences that one of them cannot tell apart,
# however long it is trained.
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `m` | sentences in the batch |
# | `V` | words that have a vector |
# | `n_e` | width of a word vector, 50 |
# | `max_len` | steps of the LSTM, 12 |
# | `n_y` | classes, 5: stars minus one |

# %%
import keras
import numpy as np
from keras import Input, Model
from keras.layers import LSTM, Dense, Embedding

from dlseq.course.given.sentiment import (
    MAX_LEN,
    negation_pairs,
    review_data,
    swapped_pairs,
    toy_embedding,
    word_vectors,
)

# %% [markdown]
# `toy_embedding` makes an embedding layer that knows no words. The graded tests use it; keep the import.
#
# ## 1. Reviews
#
# The reviews are written by a grammar. It knows praise and blame of two strengths, **negation** (*not*, *hardly*,
# *nothing*, *far from*), adverbs such as *very*, and contrast: what follows *but* counts more than what stands before
# it. A sentence is a text of words with spaces between them; classes count from 0.

# %%
if __name__ == "__main__":
    X_train, Y_train = review_data(4000, "train")
    X_test, Y_test = review_data(400, "test")
    for sentence, label in zip(X_train[:6], Y_train, strict=False):
        print(label + 1, "stars:", sentence)
    print("most frequent class of the test:", f"{np.bincount(Y_test).max() / len(Y_test):.0%}")

# %% [markdown]
# ## 2. Word vectors
#
# Words that are used in the same way should have similar vectors. In large projects such vectors come from billions of
# words (**GloVe**, **word2vec**). Here `word_vectors` makes them in a second, from counts:
#
# 1. count how often each word stands within four words of each other one, and how many stars its reviews have;
# 2. take the **pointwise mutual information** $\log \frac{p(w, c)}{p(w)\, p(c)}$, which is large where two come
#    together more often than by chance (negative values become 0);
# 3. keep the 50 directions in which the rows of this table differ most, by a **singular value decomposition**.
#
# The result is a dict from words to vectors, and one from words to indices. Index 0 is no word: it is kept for
# **padding**. The **cosine** of the angle between two vectors says how similar they are.

# %%
if __name__ == "__main__":
    word_to_vec_map, word_to_index = word_vectors(X_train, Y_train)
    print(len(word_to_vec_map), "words; 'not' has the index", word_to_index["not"])
    words = list(word_to_vec_map)
    vectors = np.stack([word_to_vec_map[word] / np.linalg.norm(word_to_vec_map[word]) for word in words])
    for word in ("wonderful", "loved"):
        cosines = vectors @ vectors[words.index(word)]
        print(f"{word}: ", ", ".join(f"{words[i]} {cosines[i]:.2f}" for i in cosines.argsort()[::-1][1:6]))

# %% [markdown]
# Look at the neighbors of *wonderful*: there is praise among them, and blame as well. Words of opposite meaning stand
# in the same places, and so they have similar vectors. This is so with GloVe, too.
#
# # Part 1: the mean of the words
#
# ## 3. A sentence as one vector
#
# Split the sentence into words in small letters, and take the mean of their vectors. Words without a vector are left
# out, and they do not count in the mean either. A sentence without any known word is a vector of zeros.


# %%
def sentence_to_avg(sentence, word_to_vec_map):
    """Compute the mean of the word vectors of a sentence.

    Args:
        sentence: text of words with spaces between them, in small letters or capitals.
        word_to_vec_map: dict from words in small letters to vectors (n_e,).

    Returns:
        Mean of the vectors of all known words (n_e,); zeros if there are none.
    """
    raise NotImplementedError("sentence_to_avg")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    toy_map = {"good": np.array([1.0, 3.0]), "not": np.array([-2.0, 0.0]), "plot": np.array([0.0, 1.0])}
    print(sentence_to_avg("Plot not good", toy_map), sentence_to_avg("so good", toy_map), sentence_to_avg("?", toy_map))
    # expected: [-0.33333333  1.33333333] [1. 3.] [0. 0.]

# %% [markdown]
# ## 4. Softmax
#
# The classifier has one layer. With the means of `m` sentences in the rows of $X$, a row of $W$ for each class and a
# number of $b$ for each class:
#
# $$Z = X W^\top + b, \qquad A_{ik} = \frac{e^{Z_{ik}}}{\sum_{j} e^{Z_{ij}}}$$
#
# Subtract the largest number of each row of $Z$ before the exponential. The softmax stays the same, and nothing
# overflows.


# %%
def softmax_forward(X, W, b):
    """Compute the probabilities of the classes.

    Args:
        X: means of sentences (m, n_e).
        W: weights (n_y, n_e).
        b: biases (n_y,).

    Returns:
        Probabilities (m, n_y); each row sums to one.
    """
    raise NotImplementedError("softmax_forward")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    A = softmax_forward(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), np.zeros(3))
    print(A.round(3).tolist())
    # expected: [[0.576, 0.212, 0.212], [0.107, 0.787, 0.107]]

# %% [markdown]
# ## 5. A step of gradient descent
#
# The loss is the mean **cross-entropy** $L = -\frac1m \sum_i \log A_{i, y_i}$. Its gradient is short. Let $T$ be the
# one-hot rows of the classes $y$; then
#
# $$dZ = \frac{A - T}{m}, \qquad dW = dZ^\top X, \qquad db = \sum_i dZ_i$$
#
# and the step is $W \leftarrow W - \alpha\, dW$, $b \leftarrow b - \alpha\, db$ with the learning rate $\alpha$. Return
# new arrays, and leave the old ones as they were. The loss is that of the *old* weights.


# %%
def gradient_step(X, Y, W, b, learning_rate):
    """Make one step of gradient descent on the mean cross-entropy.

    Args:
        X: means of sentences (m, n_e).
        Y: classes, integers (m,).
        W: weights (n_y, n_e).
        b: biases (n_y,).
        learning_rate: size of the step.

    Returns:
        loss: mean cross-entropy before the step, a number.
        W: new weights (n_y, n_e).
        b: new biases (n_y,).
    """
    raise NotImplementedError("gradient_step")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    loss, W, b = gradient_step(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0, 2]), np.zeros((3, 2)), np.zeros(3), 0.6)
    print(f"{loss:.4f}", W.round(3).tolist(), b.round(3).tolist())
    # expected: 1.0986 [[-0.1, 0.0], [-0.4, -0.6], [0.5, 0.6]] [0.1, -0.2, 0.1]

# %% [markdown]
# Train it: a thousand steps, from zeros. The loss begins at log 5 = 1.61, when all classes are equally likely.

# %%
if __name__ == "__main__":
    means_train = np.stack([sentence_to_avg(sentence, word_to_vec_map) for sentence in X_train])
    means_test = np.stack([sentence_to_avg(sentence, word_to_vec_map) for sentence in X_test])
    W, b = np.zeros((5, means_train.shape[1])), np.zeros(5)
    for step in range(1001):
        loss, W, b = gradient_step(means_train, Y_train, W, b, learning_rate=1.0)
        if step % 250 == 0:
            print(f"step {step}: loss {loss:.3f}")

    def classes_by_mean(sentences):
        """Return the classes that the mean of the words gives."""
        means = np.stack([sentence_to_avg(sentence, word_to_vec_map) for sentence in sentences])
        return softmax_forward(means, W, b).argmax(axis=1)

    print(f"right in training: {(classes_by_mean(X_train) == Y_train).mean():.0%}", end=", ")
    print(f"in the test: {(classes_by_mean(X_test) == Y_test).mean():.0%}")

# %% [markdown]
# About half of the reviews, in training as well. More training does not help, because the mean has lost what is needed:
#
# - **Negation is no sum.** *not* has to lower the stars of *good* and to raise those of *bad*. In a mean its vector is
#   added, and it moves all sentences in the same direction. (It is the problem of XOR: *good* and *not bad* on one
#   side, *bad* and *not good* on the other, and no straight line between them.)
# - **Order is gone.** *The plot is good but the ending is bad* and *the plot is bad but the ending is good* have the
#   same mean, and so they get the same stars.
#
# ## 6. How good can a model without order be?
#
# For the second reason there is a limit that no classifier of unordered words can pass, be it as deep as it likes: it
# has to give all sentences with the same words the same class. The best that it can do is to give each such **bag of
# words** the class that is most frequent there.
#
# Words count as often as they come: *not not good* is another bag than *not good*. Capitals do not matter.
# `tuple(sorted(words))` is the same for the same words in any order.


# %%
def bag_of_words_ceiling(sentences, Y):
    """Compute the largest accuracy that a model can have which does not see the order of words.

    Args:
        sentences: list of texts.
        Y: classes, integers (m,).

    Returns:
        Share of the sentences that are right if each bag of words gets its most frequent class, between 0 and 1.
    """
    raise NotImplementedError("bag_of_words_ceiling")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(bag_of_words_ceiling(["good but bad", "bad but good", "Bad but good", "good"], np.array([1, 3, 3, 3])))
    # expected: 0.75
    swapped, swapped_classes = swapped_pairs()
    print(swapped[0], "have", swapped_classes[0] + 1, "stars")
    ceiling = bag_of_words_ceiling([sentence for pair in swapped for sentence in pair], swapped_classes.ravel())
    print(f"ceiling on the swapped pairs: {ceiling:.0%}")

# %% [markdown]
# # Part 2: the words in their order
#
# ## 7. Sentences as indices
#
# A network reads a batch as one array. Each sentence becomes a row of word indices, with 0 behind its end, the
# **padding**. Words without an index are left out, and the next one moves up. A sentence with more than `max_len` known
# words is cut off at its end.


# %%
def sentences_to_indices(X, word_to_index, max_len):
    """Turn sentences into rows of word indices.

    Args:
        X: list of m texts, in small letters or capitals.
        word_to_index: dict from words in small letters to indices from 1 on.
        max_len: length of a row.

    Returns:
        Integers (m, max_len), 0 behind the end of a sentence.
    """
    raise NotImplementedError("sentences_to_indices")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(sentences_to_indices(["Not good", "the plot is good"], {"good": 1, "not": 2, "plot": 3}, 4).tolist())
    # expected: [[2, 1, 0, 0], [3, 1, 0, 0]]

# %% [markdown]
# ## 8. A layer that looks vectors up
#
# An `Embedding` layer holds a matrix and returns the row of each index, `(m, max_len)` to `(m, max_len, n_e)`. Usually
# its rows are learned. Here they are known:
#
# 1. make a matrix of zeros with `V + 1` rows, one for each word and row 0 for padding, and write the vector of each
#    word into the row of *its* index;
# 2. make the layer with `trainable=False`, so that the vectors stay as they are, and with `mask_zero=True`, so that the
#    LSTM skips the steps of index 0;
# 3. `layer.build()` makes its weights, and `layer.set_weights([matrix])` fills them.


# %%
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
    """Make an embedding layer of given word vectors.

    Args:
        word_to_vec_map: dict from words to vectors (n_e,).
        word_to_index: dict from the same words to indices 1 to V.

    Returns:
        Keras `Embedding` layer with V + 1 rows, frozen and built, which masks index 0.
    """
    raise NotImplementedError("pretrained_embedding_layer")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    layer = pretrained_embedding_layer(toy_map, {"plot": 3, "good": 1, "not": 2})
    print(np.asarray(layer(np.array([[2, 1, 0]]))).tolist())
    # expected: [[[-2.0, 0.0], [1.0, 3.0], [0.0, 0.0]]]

# %% [markdown]
# ## 9. The LSTM
#
# Indices go in, the embedding looks the vectors up, an LSTM reads them, and a dense layer with a softmax makes the
# probabilities of its **last** hidden state. The mask goes along with the vectors by itself, as long as nothing is
# computed in between: a sum or a product of your own drops it.


# %%
def sentiment_model(max_len, embedding_layer, units, n_y):
    """Build the network that reads the words in their order.

    Args:
        max_len: steps.
        embedding_layer: Keras layer from indices (m, max_len) to vectors (m, max_len, n_e), with a mask.
        units: width of the LSTM.
        n_y: number of classes.

    Returns:
        Keras model from integers (m, max_len) to probabilities (m, n_y).
    """
    raise NotImplementedError("sentiment_model")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    toy = sentiment_model(6, toy_embedding(seed=0, words=4, n_e=3), units=5, n_y=2)
    print(toy.output_shape, toy.count_params(), "weights")
    # expected: (None, 2) 207 weights: 15 of the embedding, 180 of the LSTM, 12 of the dense layer

# %% [markdown]
# Now the whole: the same word vectors, the same reviews. Training takes some seconds.

# %%
if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    embedding_layer = pretrained_embedding_layer(word_to_vec_map, word_to_index)
    model = sentiment_model(MAX_LEN, embedding_layer, units=48, n_y=5)
    EPOCHS, BATCH_SIZE = 7, 32
    schedule = keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * -(-len(X_train) // BATCH_SIZE))
    model.compile(keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy", jit_compile=False)
    indices_train = sentences_to_indices(X_train, word_to_index, MAX_LEN)
    losses = model.fit(indices_train, Y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0).history["loss"]
    print("loss after each epoch:", *(f"{loss:.2f}" for loss in losses))

    def probabilities_by_lstm(sentences):
        """Return the probabilities (m, 5) that the LSTM gives."""
        return model.predict(sentences_to_indices(sentences, word_to_index, MAX_LEN), verbose=0)

    def classes_by_lstm(sentences):
        """Return the classes that the LSTM gives."""
        return probabilities_by_lstm(sentences).argmax(axis=1)

    print(f"right in training: {(classes_by_lstm(X_train) == Y_train).mean():.0%}", end=", ")
    print(f"in the test: {(classes_by_lstm(X_test) == Y_test).mean():.0%}")

# %% [markdown]
# # Part 3: the comparison
#
# ## 10. Pairs
#
# An accuracy over all reviews hides *why* a model is right. One that overlooks every negation is still right wherever
# there is none. So test a model on **pairs** of sentences that differ in one respect alone, and count a pair only if
# *both* of its sentences are right.


# %%
def pairs_right(predicted, classes):
    """Compute the share of pairs in which both sentences are right.

    Args:
        predicted: classes of the model, integers (n, 2).
        classes: right classes, integers (n, 2).

    Returns:
        A number between 0 and 1.
    """
    raise NotImplementedError("pairs_right")  # your code goes here, in place of this line


# %%
if __name__ == "__main__":
    print(pairs_right(np.array([[3, 1], [3, 3], [0, 1], [1, 3]]), np.array([[3, 1], [3, 1], [1, 3], [1, 3]])))
    # expected: 0.5

# %% [markdown]
# There are two kinds of pairs. In the first, a sentence stands without a negation and with one, and this negation and
# this word were never together in training: *not* and *good* each for itself, but no *not good*. In the second, the
# words change places.

# %%
if __name__ == "__main__":
    negated, negated_classes = negation_pairs()
    scores = {}
    for kind, pairs, right in (
        ("negation", negated, negated_classes),
        ("swapped words", swapped, swapped_classes),
    ):
        print(f"{kind}, {len(pairs)} pairs such as {pairs[len(pairs) // 2]}")
        for name, classes_of in (("mean", classes_by_mean), ("LSTM", classes_by_lstm)):
            predicted = classes_of([sentence for pair in pairs for sentence in pair]).reshape(-1, 2)
            scores[kind, name] = pairs_right(predicted, right)
            print(
                f"   {name}: {(predicted == right).mean():.0%} of the sentences, {scores[kind, name]:.0%} of the pairs"
            )

# %% [markdown]
# Of the swapped pairs the mean has *none*. It cannot have one: both sentences get the same class, and only one of them
# can be right. The LSTM has read *but* before the second half, and knows which half it is.
#
# The figure shows the probabilities of one to five stars for four short sentences. Look at the upper row from left to
# right: *not* moves the bars of *good* and those of *bad* in the same direction. In the lower row it turns them around.
# The mean is not sure even of the sentences without *not*: in half of the training reviews, a negation stands beside
# these words, and it cannot tell these reviews from the others.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    sentences = ["the plot is good", "the plot is not good", "the plot is bad", "the plot is not bad"]
    means = np.stack([sentence_to_avg(sentence, word_to_vec_map) for sentence in sentences])
    rows = {"mean": softmax_forward(means, W, b), "LSTM": probabilities_by_lstm(sentences)}
    figure, axes = plt.subplots(2, 4, figsize=(10, 4), sharex=True, sharey=True, layout="constrained")
    for axes_of_model, (name, probabilities) in zip(axes, rows.items(), strict=True):
        axes_of_model[0].set_ylabel(f"{name}: probability")
        for ax, p in zip(axes_of_model, probabilities, strict=True):
            ax.bar(range(1, 6), p, color=["tab:blue" if star != p.argmax() else "tab:orange" for star in range(5)])
    for ax, sentence in zip(axes[0], sentences, strict=True):
        ax.set_title(sentence, fontsize=10)
    for ax in axes[1]:
        ax.set_xlabel("stars")
    plt.show()

# %% [markdown]
# ## 11. Your own sentences
#
# The words have to be known: adjectives such as *good*, *lovely*, *dull*, *terrible*, things such as *plot*, *soup*,
# *room*. Look for a sentence that the LSTM gets wrong. What has it not seen in training?
#
# The command `dlseq sentiment` has a larger model of the same type, with attention over the words. It was trained on
# longer reviews.

# %%
if __name__ == "__main__":
    mine = [
        "the soup was far from good",
        "nothing in this room is bad",
        "the room was lovely but the soup was not good",
    ]
    for sentence, by_mean, by_lstm in zip(mine, classes_by_mean(mine), classes_by_lstm(mine), strict=True):
        print(f"mean {by_mean + 1}, LSTM {by_lstm + 1} stars: {sentence}")

# %% [markdown]
# ## 12. Check

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("sentiment")
