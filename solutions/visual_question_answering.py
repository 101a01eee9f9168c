# %% [markdown]
# # Questions about a picture
#
# A picture of a banana on a blue chair, and a cat next to it. *What is on the chair?* To answer, you find the chair and
# then look above it. The model of this exercise does the same. It has two **looks** at the picture, which are two steps
# of attention:
#
# ```
#   "what is on the chair" ──► LSTM ──► q ──┬──────────────────┬──────────────────┐
#                                           │ asks             │ moves, asks      │
#                                           ▼                  ▼                  ▼
#   picture ──► network ──► 8 x 8 places ─► first look ──────► second look ─────► answer
#                                           (the chair)        (above it)         "banana"
# ```
#
# The first look finds what the question names. The second one starts from there and moves, as the words *on*, *under*,
# *left of* tell it. You build this model, train it in some seconds, and compare it with a model that does **not see the
# picture**. Then you read its failures: each look is a map, so you can say *which* step went wrong.
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `B` | questions in the batch, each with its picture |
# | `T` | words of a question, with padding; id 0 is padding |
# | `H`, `W` | rows and columns of the grid over the picture; it has `P = H W` places, numbered row by row |
# | `C` | features of a place |
# | `n` | units of the LSTM; `q` is the vector of a question, `(B, n)` |
# | `K`, `D` | width of keys and queries, width of values |
# | `A` | number of possible answers |

# %%
import collections

import keras
import numpy as np
from keras import Input, Model, ops
from keras.layers import LSTM, Dense, Embedding

from dlseq.course.given.visual_question_answering import lesson_questions, picture_network, toy_question_encoder

SMALLEST = 1e-5  # is added to the moved look, so that its logarithm is finite

# %% [markdown]
# `toy_question_encoder` makes an encoder with random weights, on which the graded tests try your answer model. Keep the
# import.
#
# ## 1. The question
#
# An `Embedding` and an `LSTM` read the words. The last hidden state is the vector $q$ of the question. Questions have
# different lengths and are padded on the right. With `mask_zero=True` the LSTM stops at the last real word.


# %%
def question_encoder(vocab_size, width, units):
    """Build the encoder of the question: one embedding, one LSTM.

    Args:
        vocab_size: number of words, with padding.
        width: width of an embedded word.
        units: units of the LSTM.

    Returns:
        Keras model from word ids (B, T) to q (B, n), the hidden state after the last real word.
    """
    ### BEGIN SOLUTION
    ids = Input((None,), dtype="int32")
    return Model(ids, LSTM(units)(Embedding(vocab_size, width, mask_zero=True)(ids)))
    ### END SOLUTION


# %%
if __name__ == "__main__":
    encoder = question_encoder(vocab_size=10, width=4, units=6)
    q = np.array(encoder(np.array([[5, 3, 8], [7, 0, 0]])))
    print("q", q.shape, "padding changes q by", np.abs(q[1] - encoder(np.array([[7]]))[0]).max())
    # expected: q (2, 6), and 0 or less than 1e-6

# %% [markdown]
# ## 2. A look
#
# A convolutional network has turned the picture into a grid of features: one vector for each of `P` places. A look
# asks all places at once. Each place has a **key**, which says what is there, and a **value**, which is passed on. The
# question is the **query**. With $k_p$ and $v_p$ for the key and the value of place $p$:
#
# $$e_p = \frac{k_p \cdot \mathrm{query}}{\sqrt{K}} \qquad w = \mathrm{softmax}(e) \qquad
#   \mathrm{context} = \sum_p w_p\, v_p$$
#
# The second look knows more: it has a **prior**, weights that say where the answer may be. They count as a factor,
#
# $$w_p = \frac{(\mathrm{prior}_p + \varepsilon)\, \exp e_p}{\sum_r (\mathrm{prior}_r + \varepsilon)\, \exp e_r}$$
#
# with $\varepsilon$ = `SMALLEST`, so that no place is excluded. A factor before the exponential is a *logarithm* that
# is added to the energy: $e_p + \log(\mathrm{prior}_p + \varepsilon)$, and then the softmax.


# %%
def look(keys, values, query, prior=None):
    """Attend to the places of pictures with a query for each.

    Args:
        keys: (B, P, K).
        values: (B, P, D).
        query: (B, K).
        prior: weights (B, P), zero or more, or None for a look without a prior.

    Returns:
        context: sum of the values, weighted by attention (B, D).
        weights: attention weights (B, P). Over the places they sum to one.
    """
    ### BEGIN SOLUTION
    energies = ops.einsum("bpk,bk->bp", keys, query) / keys.shape[-1] ** 0.5  # (B, P)
    if prior is not None:
        energies = energies + ops.log(prior + SMALLEST)
    weights = ops.softmax(energies, axis=-1)
    return ops.einsum("bp,bpd->bd", weights, values), weights
    ### END SOLUTION


# %%
if __name__ == "__main__":
    keys, values = np.array([[[2.0], [0.0], [0.0], [0.0]]]), np.array([[[1.0], [2.0], [3.0], [4.0]]])
    for prior in (None, np.array([[0.0, 0.0, 0.5, 0.5]])):
        context, weights = look(keys, values, np.array([[1.0]]), prior)
        print(np.round(weights, 3).tolist(), np.round(context, 3).tolist())
    # expected: [[0.711, 0.096, 0.096, 0.096]] [[1.579]]
    #           [[0.0, 0.0, 0.5, 0.5]] [[3.5]]

# %% [markdown]
# ## 3. From one look to the next
#
# *On the chair* is a little above the chair, wherever the chair is. So the question is turned into a **kernel** of
# *offsets*: a weight for "two rows up", one for "a column to the right", and so on. The kernel moves the whole map of
# the first look $w$:
#
# $$\mathrm{moved}[y, x] = \sum_{y', x'} w[y', x']\; \mathrm{kernel}[\,y - y' + H - 1,\; x - x' + W - 1\,]$$
#
# From a place to another there are between $-(H-1)$ and $H-1$ rows, so the kernel has $2H-1$ rows and $2W-1$ columns,
# and the middle of it, `[H - 1, W - 1]`, means "stay". What would leave the picture is lost.
#
# An example with one row of three places. The kernel has five columns, two to the left, stay, two to the right:
#
# | | | |
# |---|---|---|
# | look | `0  1  0` | all weight in the middle |
# | kernel | `0  0  0  1  0` | one to the right |
# | moved | `0  0  1` | |
#
# Each picture has its own kernel, so an ordinary convolution layer will not do. You can write a loop over the
# offsets, or compute the index of the kernel for each pair of places once, with NumPy, and take the weights by
# `ops.take`. Use `ops` for `weights` and `kernel`, since Keras calls this function in a graph.


# %%
def move_look(weights, kernel):
    """Move a look by a kernel of offsets.

    Args:
        weights: weights of the first look (B, H, W).
        kernel: weights of the offsets (B, 2 H - 1, 2 W - 1).

    Returns:
        The moved look (B, H, W).
    """
    ### BEGIN SOLUTION
    H, W = weights.shape[1:]
    rows, columns = np.divmod(np.arange(H * W), W)
    down, right = rows[None, :] - rows[:, None], columns[None, :] - columns[:, None]  # from a place to another (P, P)
    offsets = (down + H - 1) * (2 * W - 1) + right + W - 1
    kernel = ops.take(ops.reshape(kernel, (-1, (2 * H - 1) * (2 * W - 1))), offsets, axis=1)  # (B, P, P)
    moved = ops.einsum("bp,bpr->br", ops.reshape(weights, (-1, H * W)), kernel)
    return ops.reshape(moved, (-1, H, W))
    ### END SOLUTION


# %%
if __name__ == "__main__":
    first = np.zeros((1, 3, 4))
    first[0, 2, 1] = 1  # the bottom row, the second column
    kernel = np.zeros((1, 5, 7))
    kernel[0, 1, 3] = 1  # one row up: the middle is [2, 3]
    print(np.array(move_look(first, kernel))[0].astype(int).tolist())
    # expected: [[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]

# %% [markdown]
# ## 4. The answer
#
# Now the whole model. `Dense` layers make keys and values of the grid; queries and the kernel are made from $q$. The
# answer follows from the question and from both contexts $c_1$, $c_2$. A context says all about a place, such as *blue*
# and *chair*. A **gate**, made from $q$, multiplies each of its numbers, and so picks what was asked for:
#
# $$s_i = \mathrm{gate}_i(q) \circ c_i \qquad h = \mathrm{relu}(\mathrm{hidden}([q;\ s_1;\ s_2])) \qquad
#   \mathrm{logits} = \mathrm{logits}(h)$$
#
# Give the layers these names, so that weights can be put in by name:
#
# | `name=` | input | units | activation |
# |---|---|---|---|
# | `"keys"` | places `(B, P, C)` | `K` | none |
# | `"values"` | places `(B, P, C)` | `D` | none |
# | `"first_query"` | `q` | `K` | none |
# | `"kernel"` | `q` | `(2 H - 1)(2 W - 1)` | softmax |
# | `"second_query"` | `q` | `K` | none |
# | `"first_gate"`, `"second_gate"` | `q` | `D` each | tanh |
# | `"hidden"` | $q$, $s_1$, $s_2$, in this order | `hidden_units` | relu |
# | `"logits"` | `hidden` | `A` | none |
#
# `ops.reshape` turns a grid `(B, H, W, C)` into places `(B, P, C)`, weights into maps and back. Write -1 for `B`.


# %%
def answer_model(encoder, grid_shape, key_units, value_units, hidden_units, answers):
    """Build the model that answers questions about pictures with two looks.

    Args:
        encoder: Keras model from word ids (B, T) to q (B, n).
        grid_shape: (H, W, C), the shape of the features of one picture.
        key_units: K.
        value_units: D.
        hidden_units: units of the hidden layer.
        answers: A.

    Returns:
        Keras model from [features (B, H, W, C), word ids (B, T)] to [logits (B, A), looks (B, 2, H, W)].
    """
    H, W, C = grid_shape
    features, ids = Input((H, W, C)), Input((None,), dtype="int32")
    ### BEGIN SOLUTION
    q = encoder(ids)  # (B, n)
    places = ops.reshape(features, (-1, H * W, C))
    keys, values = Dense(key_units, name="keys")(places), Dense(value_units, name="values")(places)
    first_context, first = look(keys, values, Dense(key_units, name="first_query")(q))
    offsets = (2 * H - 1, 2 * W - 1)
    kernel = Dense(offsets[0] * offsets[1], activation="softmax", name="kernel")(q)
    first = ops.reshape(first, (-1, H, W))
    moved = move_look(first, ops.reshape(kernel, (-1, *offsets)))  # (B, H, W)
    query = Dense(key_units, name="second_query")(q)
    second_context, second = look(keys, values, query, ops.reshape(moved, (-1, H * W)))
    first_seen = Dense(value_units, activation="tanh", name="first_gate")(q) * first_context  # (B, D)
    second_seen = Dense(value_units, activation="tanh", name="second_gate")(q) * second_context
    seen = ops.concatenate([q, first_seen, second_seen], axis=-1)  # (B, n + 2 D)
    hidden = Dense(hidden_units, activation="relu", name="hidden")(seen)
    looks = ops.stack([first, ops.reshape(second, (-1, H, W))], axis=1)  # (B, 2, H, W)
    return Model([features, ids], [Dense(answers, name="logits")(hidden), looks])
    ### END SOLUTION


# %%
if __name__ == "__main__":
    model = answer_model(toy_question_encoder(seed=0), (3, 4, 5), 6, 7, 8, 9)
    logits, looks = model([np.ones((2, 3, 4, 5)), np.array([[3, 1, 2], [4, 0, 0]])])
    print("logits", logits.shape, "looks", looks.shape)
    # expected: logits (2, 9) looks (2, 2, 3, 4)

# %% [markdown]
# ## 5. Telling the looks where to look
#
# Nothing in the answer's loss says where the looks should be. We know where the things are: each question comes with a
# box of what it *names* (the chair) and a box of what the answer is *about* (the banana). So the looks get a loss of
# their own. With the share of a look that lies inside its box:
#
# $$\mathrm{share} = \sum_{p\ \mathrm{inside}} w_p \qquad
#   \mathrm{loss} = \text{mean of} -\log(\mathrm{share} + \varepsilon)$$
#
# It does not matter *where* inside the weights are, only how much they are together. Some looks have no box: in *Is
# there a cat?*, answered by *no*, there is nothing to look at. Such a look has a map of zeros and does not count. If no
# look of a batch has a box, the loss is 0: divide by a number that is at least 1.


# %%
def look_loss(boxes, looks):
    """Compute the loss of looks that are told boxes.

    Args:
        boxes: maps (B, 2, H, W) of zeros and ones, 1 inside the box; all zeros for a look without a box.
        looks: weights (B, 2, H, W).

    Returns:
        The mean of -log(share + SMALLEST) over all looks with a box, a tensor without axes.
    """
    ### BEGIN SOLUTION
    boxes = ops.cast(boxes, looks.dtype)
    told = ops.max(boxes, axis=(2, 3))  # (B, 2)
    share = ops.sum(boxes * looks, axis=(2, 3))
    return -ops.sum(told * ops.log(share + SMALLEST)) / ops.maximum(ops.sum(told), 1)
    ### END SOLUTION


# %%
if __name__ == "__main__":
    boxes, looks = np.zeros((1, 2, 2, 2), "float32"), np.full((1, 2, 2, 2), 0.25, "float32")
    boxes[0, 0, 0] = 1  # the first look: the upper row; the second one has no box
    print(f"{float(look_loss(boxes, looks)):.3f}")
    # expected: 0.693, log 2: half of the first look is inside

# %% [markdown]
# ### From a box to places
#
# A box is `(left, top, right, bottom)` in pixels, and a picture has `size` x `size` of them. The grid divides the
# picture into `H` rows and `W` columns, so that the center of place $(y, x)$ is at
# $\left((x + \tfrac12)\tfrac{\mathrm{size}}{W},\ (y + \tfrac12)\tfrac{\mathrm{size}}{H}\right)$: horizontal first, as
# in the box. A place is inside if its center is: `left <= … < right`, `top <= … < bottom`.
#
# A small thing may hold no center at all. Then the one place counts whose center is nearest to the middle of the box.


# %%
def places_in_box(box, grid_shape, size):
    """Find the places of a grid that lie in a box.

    Args:
        box: (left, top, right, bottom) in pixels.
        grid_shape: (H, W).
        size: width and height of the picture in pixels.

    Returns:
        Booleans (H, W), a NumPy array, True for at least one place.
    """
    ### BEGIN SOLUTION
    H, W = grid_shape
    left, top, right, bottom = box
    x, y = np.meshgrid((np.arange(W) + 0.5) * size / W, (np.arange(H) + 0.5) * size / H)  # (H, W)
    inside = (x >= left) & (x < right) & (y >= top) & (y < bottom)
    if not inside.any():
        distance = (x - (left + right) / 2) ** 2 + (y - (top + bottom) / 2) ** 2
        inside = distance == distance.min()
    return inside
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(places_in_box((10, 30, 40, 64), (4, 4), 64).astype(int).tolist())
    # expected: [[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]]

# %% [markdown]
# ## 6. Pictures and questions
#
# `lesson_questions` draws scenes of twelve things and asks about them. There are three kinds of questions: *is there a
# …*, *what is on (under, next to, …) the …*, *what color is the …*.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    train, test = lesson_questions(6000), lesson_questions(1500, "test")
    figure, axes = plt.subplots(1, 4, figsize=(11, 3.2), layout="constrained")
    for ax, question in zip(axes, test[::3], strict=False):
        ax.imshow(question.scene.image)
        ax.set_title(f"{question.text}\n{question.answer}", fontsize=10)
        ax.set_axis_off()
    plt.show()

# %% [markdown]
# ## 7. The model that does not look
#
# In the first collections of questions about photos, somebody who never saw a picture could answer half of them. *What
# color is the banana?* Yellow. *Is there a clock?* People ask that where there is one (Goyal et al., 2017). So every
# such model has to be compared with a **question-only baseline**. The strongest one knows the training questions by
# heart: it gives each question the answer that this very question had most often.


# %%
def question_only_baseline(train_questions, train_answers, questions):
    """Answer questions without their pictures.

    Args:
        train_questions: texts of the training questions, a list.
        train_answers: their answers, a list of the same length.
        questions: texts of the questions to answer.

    Returns:
        List of answers. A question gets the answer that the same text had most often in training; if it was never
        asked, the most frequent answer of all training questions. Of answers that are equally frequent, the first one
        in the alphabet is taken.
    """

    ### BEGIN SOLUTION
    def most_frequent(answers):
        counts = collections.Counter(answers)
        return min(counts, key=lambda answer: (-counts[answer], answer))

    by_question = collections.defaultdict(list)
    for question, answer in zip(train_questions, train_answers, strict=True):
        by_question[question].append(answer)
    return [most_frequent(by_question.get(question, train_answers)) for question in questions]
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(question_only_baseline(["a", "a", "b", "a"], ["no", "yes", "red", "yes"], ["a", "b", "c"]))
    # expected: ['yes', 'red', 'yes']

    kinds = np.array([question.kind for question in test])
    expected = np.array([question.answer for question in test])

    def print_accuracy(name, answers):
        """Print the share of right answers, of all questions and of each kind."""
        is_right = np.array(answers) == expected
        of_kinds = "   ".join(f"{kind} {is_right[kinds == kind].mean():.0%}" for kind in ("presence", "what", "color"))
        print(f"{name:24}{is_right.mean():4.0%}   {of_kinds}")

    asked, answered = [question.text for question in train], [question.answer for question in train]
    print_accuracy("question only", question_only_baseline(asked, answered, [question.text for question in test]))

# %% [markdown]
# Here the question gives little away: *yes* and *no* are equally frequent, and so are the four colors. The number of
# that line is what blind guessing reaches. All above it has to come from the pictures.
#
# ## 8. Training
#
# The pictures go through a small convolutional network first. `picture_network` has trained it on patches that show one
# thing each. It names the thing and its color, in some seconds. Then it stays as it is: the features of all pictures
# are computed once, and only your layers are trained. (Most models for photos do the same, with a network that has
# learned from a million photos.)

# %%
if __name__ == "__main__":

    def scenes_of(questions):
        """Return the scenes that questions are about, each once, and the number of the scene of each question."""
        scenes = {id(question.scene): question.scene for question in questions}
        numbers = {key: number for number, key in enumerate(scenes)}
        return list(scenes.values()), [numbers[id(question.scene)] for question in questions]

    network = picture_network(scenes_of(train)[0])
    word_to_id = {word: index for index, word in enumerate(sorted({w for q in train for w in q.words}), start=1)}
    answers = sorted(set(answered))

    def encode(questions):
        """Return features and word ids, and the targets: numbers of the answers, boxes of both looks."""
        scenes, numbers = scenes_of(questions)
        features = network.predict(np.stack([scene.image for scene in scenes]), batch_size=100, verbose=0)
        grid_shape = features.shape[1:3]
        ids = np.zeros((len(questions), max(len(question.words) for question in questions)), "int32")
        boxes = np.zeros((len(questions), 2, *grid_shape), "float32")
        for row, question in enumerate(questions):
            ids[row, : len(question.words)] = [word_to_id.get(word, 0) for word in question.words]
            for which, box in enumerate((question.named_region, question.answer_region)):
                if box is not None:
                    boxes[row, which] = places_in_box(box, grid_shape, size=64)
        return [features[numbers], ids], [np.array([answers.index(q.answer) for q in questions]), boxes]

    train_inputs, train_targets = encode(train)
    test_inputs, test_targets = encode(test)
    print("features", train_inputs[0].shape, "word ids", train_inputs[1].shape, "answers", len(answers))

# %% [markdown]
# The two losses are added, that of the looks with a factor. The same function trains a second model with the factor 0,
# whose looks are told nothing. Each takes about a quarter of a minute.

# %%
if __name__ == "__main__":
    BATCH_SIZE, EPOCHS = 128, 8

    def train_model(factor):
        """Train an answer model; `factor` is the weight of the loss of the looks."""
        keras.utils.set_random_seed(0)
        encoder = question_encoder(len(word_to_id) + 1, 32, 48)
        shape = train_inputs[0].shape[1:]
        model = answer_model(encoder, shape, key_units=48, value_units=64, hidden_units=128, answers=len(answers))
        schedule = keras.optimizers.schedules.CosineDecay(0.006, EPOCHS * -(-len(train) // BATCH_SIZE))
        cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        optimizer = keras.optimizers.Adam(schedule, clipnorm=1.0)
        model.compile(optimizer, loss=[cross_entropy, look_loss], loss_weights=[1.0, factor], jit_compile=False)
        model.fit(train_inputs, train_targets, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
        return model

    found, looks = {}, {}
    for name, factor in (("looks are told", 0.3), ("looks are not told", 0.0)):
        logits, looks[name] = train_model(factor).predict(test_inputs, verbose=0)
        found[name] = [answers[number] for number in logits.argmax(axis=-1)]
        print_accuracy(name, found[name])

# %% [markdown]
# Both models are far above the one that sees nothing, and the model whose looks are told is ahead in all three kinds of
# questions.
#
# The next three figures show a picture each, and both looks of that model. Bright is where it looked. For a question
# such as *What is under the dog?*, the first look is at the dog and the second one below it. For a color both looks are
# at the same thing: the question does not move them.

# %%
if __name__ == "__main__":
    from dlseq.plots import ImageAttentionExample, image_attention

    def show_looks(row, name="looks are told"):
        """Plot the looks of a test question."""
        question, answer = test[row], found[name][row]
        text = f"{question.text} {answer}" + ("" if answer == question.answer else f" (it is: {question.answer})")
        words = ["first look", "second look"]
        plt.figure(image_attention(ImageAttentionExample(question.scene.image, looks[name][row], words, text=text)))
        plt.show()

    right = [row for row, question in enumerate(test) if found["looks are told"][row] == question.answer]
    for kind in ("what", "color", "presence"):
        show_looks(next(row for row in right if test[row].kind == kind))

# %% [markdown]
# ## 9. Reading a failure
#
# Some answers are wrong. Why? The model's steps can be inspected one by one, and the first step that went wrong is the
# **fault**:
#
# 1. The *first look* missed what the question names. All that follows started from the wrong place.
# 2. The first look was right, but the *second look* missed what the answer is about.
# 3. Both looks were right, and the *answer* was wrong all the same: the model looked at the banana and said *cat*.
#
# A look hits a box if the place with its **largest weight** lies inside. A look that has no box cannot miss it. A right
# answer has no fault, even if it was luck.


# %%
def find_fault(answer, expected, looks, named, about):
    """Find the step of a model with two looks that went wrong.

    Args:
        answer: the model's answer, a text.
        expected: the right answer.
        looks: weights of both looks, a NumPy array (2, H, W).
        named: booleans (H, W), True in the box of what the question names, or None if there is no such box.
        about: the same for what the answer is about.

    Returns:
        "none" for a right answer, otherwise the first step that went wrong: "first look", "second look" or "answer".
    """
    ### BEGIN SOLUTION
    if answer == expected:
        return "none"
    for name, weights, box in (("first look", looks[0], named), ("second look", looks[1], about)):
        if box is not None and not box[np.unravel_index(weights.argmax(), weights.shape)]:
            return name
    return "answer"
    ### END SOLUTION


# %%
if __name__ == "__main__":
    two = np.array([[[0.6, 0.1], [0.2, 0.1]], [[0.1, 0.1], [0.7, 0.1]]])
    left, top = np.array([[True, False], [True, False]]), np.array([[True, True], [False, False]])
    print([find_fault("cat", expected, two, top, about) for expected in ("cat", "dog") for about in (left, top)])
    # expected: ['none', 'none', 'answer', 'second look']

# %% [markdown]
# Count the faults of all wrong answers, for both models. Before you run the cell, guess: which step fails most often?

# %%
if __name__ == "__main__":

    def box_of(row, which):
        """Return the map of a box of a test question, or None."""
        box = test_targets[1][row, which] > 0
        return box if box.any() else None

    faults = {
        name: [
            find_fault(of_model[row], question.answer, looks[name][row], box_of(row, 0), box_of(row, 1))
            for row, question in enumerate(test)
        ]
        for name, of_model in found.items()
    }
    for name, of_model in faults.items():
        counts = collections.Counter(of_model)
        print(f"{name:20}", {step: counts[step] for step in ("none", "first look", "second look", "answer")})

# %% [markdown]
# Now look at one failure of each kind, for the model whose looks are told. Compare the title with the two maps, and say
# what happened in a sentence of your own: which thing did it take for which? Was the second look drawn to the wrong
# side? Then look at some more: `show_looks(row)` with other rows.

# %%
if __name__ == "__main__":
    for step in ("first look", "second look", "answer"):
        rows = [row for row, fault in enumerate(faults["looks are told"]) if fault == step]
        if rows:
            print(f"{len(rows)} times: {step}; rows {rows[:8]}")
            show_looks(rows[0])

# %% [markdown]
# The other model gives right answers with looks that miss their boxes: it is right, but its maps explain nothing. An
# attention map is an *explanation* only as far as the model has to go through it. The next cell counts how often the
# second look of a **right** answer lies in its box.

# %%
if __name__ == "__main__":
    for name, of_model in found.items():
        hits = [
            box_of(row, 1).ravel()[looks[name][row, 1].argmax()]
            for row, question in enumerate(test)
            if of_model[row] == question.answer and box_of(row, 1) is not None
        ]
        print(f"{name:20} second look in its box: {np.mean(hits):.0%} of {len(hits)} right answers")

# %% [markdown]
# ## 10. Check

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("visual_question_answering")
