# %% [markdown]
# # A caption for a picture
#
# *A cat sitting on a chair left of a dog.* To write such a sentence, you look at the cat when you write *cat*, at the
# chair when you write *chair*, and in between you look for what comes next. In this exercise a decoder does the same.
# For each word it pays **attention** to a part of the picture:
#
# ```
#   picture ──► network ──► 8 x 8 places ──► memory ──┬────────────┬────────────┐
#                                                     ▼            ▼            ▼
#                                                   look         look         look
#                                                     ▼            ▼            ▼
#                                           h0 ──► LSTM ── h1 ─► LSTM ── h2 ─► LSTM ──► …
#                                                   ▲ │          ▲ │          ▲ │
#                                             <start> ▼          a ▼        cat ▼
#                                                     a           cat           sitting
# ```
#
# A network that has learned to name things gives a vector for each of 64 places of the picture. This is the **memory**,
# as the encoder of a translator has one for each word. You build the memory, the step of the decoder and two searches,
# greedy and beam. Then you train two models in less than a minute each: one that looks, and one that gets the **whole
# picture as a single vector**. Which one writes better captions, and does the first one look where you would?
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `B` | pictures in the batch, each with a caption |
# | `T` | words of a caption with its end, and padding; id 0 is padding |
# | `H`, `W` | rows and columns of the grid over the picture; it has `P = H W` places, numbered row by row |
# | `C` | features of a place |
# | `n` | width of the memory, of the embedded words and of the LSTM, `units` |
# | `V` | size of the vocabulary, `vocab_size` |
# | `h`, `c` | hidden state and cell state of the LSTM, `(B, n)` each |

# %%
import keras
import numpy as np
from keras import Input, Model, ops
from keras.layers import Dense, Embedding, LSTMCell

from dlseq.course.given.image_captioning import captioned_scenes, picture_network, toy_step

PAD, START, END = 0, 1, 2  # the first three ids of the vocabulary

# %% [markdown]
# `toy_step` makes a step of a decoder that knows no language. You can try your code on it, and the graded tests do the
# same. Keep the import.
#
# ## 1. From features to a memory
#
# The features of a place say *what* is there. The decoder also needs to know *where*, or it could not tell left from
# right. So each place gets two more numbers, the coordinates of its center. The picture reaches from -1 to 1 in both
# directions: for the place in row $i$ and column $j$, counted from 0,
#
# $$y_i = \frac{2 i + 1}{H} - 1 \qquad x_j = \frac{2 j + 1}{W} - 1$$
#
# The vector of a place is then its `C` features, $y$ and $x$, in this order, and a dense layer with tanh makes the
# memory of it. The layer has the name `"memory"`.
#
# The model for the **whole picture** has one vector instead. All features are written one after the other, place by
# place, row by row, and a dense layer `"memory"` without activation reads the `H W C` numbers. (The sum of so many
# inputs would drive a tanh to its ends.) It needs no coordinates: each place has weights of its own. Its memory has one
# place, `(B, 1, n)`, so that the same decoder can read it.


# %%
def memory_model(grid_shape, units, whole_image=False):
    """Build the model that turns the features of pictures into a memory.

    Args:
        grid_shape: (H, W, C), the shape of the features of one picture.
        units: n.
        whole_image: True for one vector for the whole picture.

    Returns:
        Keras model from features (B, H, W, C) to the memory (B, P, n), or (B, 1, n) for the whole picture.
    """
    H, W, C = grid_shape
    features = Input((H, W, C))
    ### BEGIN SOLUTION
    if whole_image:
        vector = ops.reshape(features, (-1, 1, H * W * C))
        memory = Dense(units, name="memory")(vector)
    else:
        y, x = (np.arange(H) * 2 + 1) / H - 1, (np.arange(W) * 2 + 1) / W - 1
        where = np.stack(np.meshgrid(y, x, indexing="ij"), axis=-1).reshape(1, H * W, 2).astype("float32")
        what = ops.reshape(features, (-1, H * W, C))
        places = ops.concatenate([what, ops.zeros_like(what[..., :1]) + where], axis=-1)  # (B, P, C + 2)
        memory = Dense(units, activation="tanh", name="memory")(places)
    return Model(features, memory)
    ### END SOLUTION


# %%
if __name__ == "__main__":
    for whole_image in (False, True):
        model = memory_model((2, 3, 4), 5, whole_image)
        print(model(np.ones((1, 2, 3, 4))).shape, "with", model.count_params(), "weights")
    # expected:
    # (1, 6, 5) with 35 weights
    # (1, 1, 5) with 125 weights

# %% [markdown]
# ## 2. One step of attention
#
# The decoder asks all places at once. Its **query** is compared with the memory $m_p$ of each place $p$:
#
# $$e_p = \frac{m_p \cdot \mathrm{query}}{\sqrt{n}} \qquad w = \mathrm{softmax}(e) \qquad
#   \mathrm{context} = \sum_p w_p\, m_p$$
#
# The weights sum to one over the places of a picture. The context is a weighted mean of the memory: what the decoder
# sees there. Use `ops`, since Keras calls this function in a graph.


# %%
def attend(query, memory):
    """Attend to the places of pictures with a query for each.

    Args:
        query: (B, n).
        memory: (B, P, n).

    Returns:
        context: mean of the memory, weighted by attention (B, n).
        weights: attention weights (B, P).
    """
    ### BEGIN SOLUTION
    energies = ops.einsum("bpn,bn->bp", memory, query) / memory.shape[-1] ** 0.5  # (B, P)
    weights = ops.softmax(energies, axis=-1)
    return ops.einsum("bp,bpn->bn", weights, memory), weights
    ### END SOLUTION


# %%
if __name__ == "__main__":
    context, weights = attend(np.array([[2.0]]), np.array([[[1.0], [0.0], [0.0], [0.0]]]))
    print(np.round(weights, 3).tolist(), np.round(context, 3).tolist())
    # expected: [[0.711, 0.096, 0.096, 0.096]] [[0.711]]

# %% [markdown]
# ## 3. One step of the decoder
#
# A step reads the word before, looks at the picture, and predicts the next word:
#
# 1. The hidden state asks: $\mathrm{context}, w = \mathrm{attend}(\mathrm{query}(h),\ \mathrm{memory})$.
# 2. A **gate** says how much of it is needed. For *cat* the picture decides; after *left* the next word is *of*,
#    whatever the picture shows. $\mathrm{seen} = \mathrm{gate}(h) \circ \mathrm{context}$
# 3. The LSTM reads the embedded word and what was seen: $h', c' = \mathrm{LSTM}([\mathrm{embedding}(\mathrm{word});\
#    \mathrm{seen}],\ h,\ c)$.
# 4. $\mathrm{logits} = \mathrm{logits}([h';\ \mathrm{seen}])$
#
# This is the decoder of *Show, attend and tell* (Xu et al., 2015), a little simpler. The layers have these names:
#
# | layer | input | output |
# |---|---|---|
# | `Dense`, `name="query"` | `h` | `n` |
# | `Dense`, `name="gate"`, sigmoid | `h` | `n` |
# | `Embedding`, `name="embedding"` | word ids | `n` |
# | `LSTMCell`, `name="cell"` | embedded word and seen, in this order; states `[h, c]` | output, `[h, c]` |
# | `Dense`, `name="logits"` | the new `h` and seen, in this order | `V` |
#
# An `LSTMCell` is one step of an `LSTM`: `output, [h, c] = cell(x, [h, c])`, and `output` is the new `h` again.


# %%
def step_model(vocab_size, units):
    """Build one step of the decoder.

    Args:
        vocab_size: V.
        units: n.

    Returns:
        Keras model from [word ids (B,), memory (B, P, n), h (B, n), c (B, n)] to
        [logits (B, V), weights (B, P), h (B, n), c (B, n)], the states after the step.
    """
    ids, memory = Input((), dtype="int32"), Input((None, units))
    h, c = Input((units,)), Input((units,))
    ### BEGIN SOLUTION
    context, weights = attend(Dense(units, name="query")(h), memory)
    seen = Dense(units, activation="sigmoid", name="gate")(h) * context
    embedded = Embedding(vocab_size, units, name="embedding")(ids)
    _, (new_h, new_c) = LSTMCell(units, name="cell")(ops.concatenate([embedded, seen], axis=-1), [h, c])
    logits = Dense(vocab_size, name="logits")(ops.concatenate([new_h, seen], axis=-1))
    return Model([ids, memory, h, c], [logits, weights, new_h, new_c])
    ### END SOLUTION


# %%
if __name__ == "__main__":
    step = step_model(vocab_size=9, units=5)
    outputs = step([np.array([1, 1]), np.ones((2, 6, 5)), np.zeros((2, 5)), np.zeros((2, 5))])
    print(*(output.shape for output in outputs))
    # expected: (2, 9) (2, 6) (2, 5) (2, 5)

# %% [markdown]
# ## 4. All steps, for training
#
# In training the words are known, so step $t$ reads the right word before (**teacher forcing**). The model calls the
# *same* step `T` times and hands the states on. They are zeros at first. The number of steps is fixed when the model
# is built; shorter captions are padded.


# %%
def training_model(step, length):
    """Connect the steps of a decoder.

    Args:
        step: Keras model of one step, as `step_model` and `toy_step` make it.
        length: T.

    Returns:
        Keras model from [memory (B, P, n), word ids (B, T)] to [logits (B, T, V), weights (B, T, P)]. Step t reads the
        word in column t.
    """
    memory = Input((None, step.inputs[1].shape[-1]))
    ids = Input((length,), dtype="int32")
    ### BEGIN SOLUTION
    h = c = ops.zeros_like(memory[:, 0])  # (B, n)
    steps = []
    for t in range(length):
        logits, weights, h, c = step([ids[:, t], memory, h, c])
        steps.append((logits, weights))
    return Model([memory, ids], [ops.stack(outputs, axis=1) for outputs in zip(*steps, strict=True)])
    ### END SOLUTION


# %%
if __name__ == "__main__":
    model = training_model(toy_step(seed=0), length=4)
    logits, weights = model([np.ones((2, 6, 3)), np.array([[1, 5, 6, 7], [1, 4, 0, 0]])])
    print(logits.shape, weights.shape)
    # expected: (2, 4, 8) (2, 4, 6)

# %% [markdown]
# ## 5. Greedy search
#
# Now nobody knows the words. Each step reads the word that the last one wrote, the one with the largest logit. All
# captions of the batch are written together. Each of them is cut off before its first `end_id`, and so are its maps.
#
# `step` takes NumPy arrays, and `np.array(…)` turns what it returns into one.


# %%
def greedy_captions(step, memory, start_id, end_id, max_length):
    """Write captions by greedy search.

    Args:
        step: Keras model of one step.
        memory: NumPy array (B, P, n).
        start_id: id that the first step reads.
        end_id: id that ends a caption.
        max_length: largest number of words.

    Returns:
        captions: list of B lists of word ids, without start and end.
        maps: list of B NumPy arrays (words of the caption, P): the attention weights of the step that wrote each word.
    """
    ### BEGIN SOLUTION
    h = c = np.zeros((len(memory), memory.shape[-1]), "float32")
    ids, words, maps = np.full(len(memory), start_id), [], []
    for _ in range(max_length):
        logits, weights, h, c = (np.array(output) for output in step([ids, memory, h, c]))
        ids = logits.argmax(axis=-1)
        words.append(ids)
        maps.append(weights)
    rows = [row.tolist() for row in np.stack(words, axis=1)]
    captions = [row[: row.index(end_id)] if end_id in row else row for row in rows]
    return captions, [
        weights[: len(caption)] for caption, weights in zip(captions, np.stack(maps, axis=1), strict=True)
    ]
    ### END SOLUTION


# %%
if __name__ == "__main__":
    pictures = np.random.default_rng(0).normal(size=(2, 6, 3)).astype("float32")
    captions, maps = greedy_captions(toy_step(seed=5), pictures, start_id=1, end_id=2, max_length=5)
    print(captions, [each.shape for each in maps])
    # expected: [[3, 5, 1, 3, 5], [1, 1, 1, 1]] [(5, 6), (4, 6)]

# %% [markdown]
# ## 6. Beam search
#
# The best first word need not begin the best caption. **Beam search** follows the `beam_width` most probable beginnings
# of *one* picture. With $\log p$ for the log-softmax of the logits, each step goes like this:
#
# 1. Call `step` once for all live beginnings. They share the picture, so its memory is repeated for each.
# 2. Every live beginning with every word is a candidate. Its log-probability is the sum of those of its words.
# 3. Keep the `beam_width` candidates with the largest sums, of *all* candidates together.
# 4. Those that end with `end_id` are finished and leave the beam. The others are the live beginnings of the next step,
#    each with the states of the beginning that it came from.
#
# The search ends when nothing is live, or after `max_length` words. Then live beginnings count as finished too. There
# is no length normalization.


# %%
def beam_captions(step, memory, start_id, end_id, beam_width, max_length):
    """Write captions of one picture by beam search.

    Args:
        step: Keras model of one step.
        memory: NumPy array (P, n), of one picture.
        start_id: id that the first step reads.
        end_id: id that ends a caption.
        beam_width: largest number of candidates that are kept in a step.
        max_length: largest number of words, the end among them.

    Returns:
        List of all finished captions, the most probable first: (list of word ids without start and end,
        log-probability with that of the end).
    """
    ### BEGIN SOLUTION
    h = c = np.zeros((1, memory.shape[-1]), "float32")
    live, sums, finished = [[]], np.zeros(1), []
    for _ in range(max_length):
        ids = np.array([path[-1] if path else start_id for path in live])
        logits, _, h, c = step([ids, np.repeat(memory[None], len(live), axis=0), h, c])
        h, c, log_p = np.array(h), np.array(c), np.array(ops.log_softmax(logits))
        candidates = (sums[:, None] + log_p).ravel()  # (K V,)
        best = np.argsort(-candidates, kind="stable")[:beam_width]
        parents, words = np.divmod(best, log_p.shape[1])
        paths = [[*live[parent], int(word)] for parent, word in zip(parents, words, strict=True)]
        ended = words == end_id
        done = zip(paths, candidates[best], ended, strict=True)
        finished += [(path[:-1], float(total)) for path, total, end in done if end]
        live = [path for path, end in zip(paths, ended, strict=True) if not end]
        sums, h, c = candidates[best[~ended]], h[parents[~ended]], c[parents[~ended]]
        if not live:
            break
    finished += [(path, float(total)) for path, total in zip(live, sums, strict=True)]
    return sorted(finished, key=lambda caption: -caption[1])
    ### END SOLUTION


# %%
if __name__ == "__main__":
    for words, log_probability in beam_captions(toy_step(seed=5), pictures[1], 1, 2, beam_width=3, max_length=5)[:2]:
        print(words, round(log_probability, 3))
    # expected:
    # [1] -1.815
    # [1, 1] -2.5

# %% [markdown]
# ## 7. Pictures and captions
#
# `captioned_scenes` draws twelve things on colored backgrounds. Each picture has one caption, and each word that names
# a thing knows the box of the thing.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    train, test = captioned_scenes(3000), captioned_scenes(600, "test")
    figure, axes = plt.subplots(1, 4, figsize=(12, 3.2), layout="constrained")
    for ax, scene in zip(axes, test, strict=False):
        ax.imshow(scene.image)
        ax.set_title(scene.text.replace(" of ", " of\n"), fontsize=9)
        ax.set_axis_off()
    plt.show()

# %% [markdown]
# `picture_network` trains a small convolutional network to name single things, some seconds. Then it stays as it is.
# The features of all pictures are computed once, and only your layers are trained.

# %%
if __name__ == "__main__":
    network = picture_network(train)
    words = ["<pad>", "<start>", "<end>", *sorted({word for scene in train for word in scene.caption})]
    length = 1 + max(len(scene.caption) for scene in train)

    def features_of(scenes):
        """Return the features of scenes (B, H, W, C)."""
        return network.predict(np.stack([scene.image for scene in scenes]), batch_size=100, verbose=0)

    ids, targets = np.zeros((2, len(train), length), "int32")
    for row, scene in enumerate(train):
        caption = [words.index(word) for word in scene.caption]
        ids[row, : len(caption) + 1] = [START, *caption]
        targets[row, : len(caption) + 1] = [*caption, END]
    train_features, test_features = features_of(train), features_of(test)
    print("features", train_features.shape, "words", len(words), "steps", length)

# %% [markdown]
# ## 8. Two models
#
# Both have your decoder, the same captions and the same number of epochs. One looks at 64 places, the other has one
# vector for the whole picture, and more weights. Nobody tells the first one where to look: it has the captions alone.
# `ignore_class=0` leaves the padding out of the loss.
#
# A caption is **right** if it is true and complete; *a dog right of a cat* is as good as *a cat left of a dog*.

# %%
if __name__ == "__main__":
    from dlseq.data.scenes import is_right

    UNITS, BATCH_SIZE, EPOCHS = 64, 64, 20

    def train_model(whole_image):
        """Train a model; return its memory model and its step."""
        keras.utils.set_random_seed(0)
        memory, step = memory_model(train_features.shape[1:], UNITS, whole_image), step_model(len(words), UNITS)
        pixels, given = Input(train_features.shape[1:]), Input((length,), dtype="int32")
        logits, _ = training_model(step, length)([memory(pixels), given])
        model = Model([pixels, given], logits)
        schedule = keras.optimizers.schedules.CosineDecay(0.005, EPOCHS * -(-len(train) // BATCH_SIZE))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=PAD)
        model.compile(keras.optimizers.Adam(schedule, clipnorm=1.0), loss=loss, jit_compile=False)
        model.fit([train_features, ids], targets, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
        print(f"{model.count_params()} weights")
        return memory, step

    def write(memory, step):
        """Write captions for the test pictures, as lists of words, with their maps."""
        found, maps = greedy_captions(step, memory.predict(test_features, verbose=0), START, END, length)
        return [[words[word] for word in caption] for caption in found], maps

    models, written, right = {}, {}, {}
    for name, whole_image in (("looks at places", False), ("whole picture", True)):
        models[name] = train_model(whole_image)
        written[name] = write(*models[name])
        right[name] = np.array([is_right(*pair) for pair in zip(test, written[name][0], strict=True)])
        print(f"{name:16}{right[name].mean():5.0%} right")

# %% [markdown]
# A single vector has to hold all that the picture shows, at every place where it could be. Look at the captions of both
# models by the number of things.

# %%
if __name__ == "__main__":
    number = np.array([len(scene.things) for scene in test])
    for name in models:
        print(f"{name:16}", {int(n): f"{right[name][number == n].mean():.0%}" for n in np.unique(number)})
    for scene, *captions in zip(test[:4], *(written[name][0] for name in models), strict=False):
        print(f"\n{scene.text}", *(" ".join(caption) for caption in captions), sep="\n   ")

# %% [markdown]
# Does beam search find better captions? It compares whole sentences, and the most probable one is not always right.

# %%
if __name__ == "__main__":
    memory, step = models["looks at places"]
    some = memory.predict(test_features[:100], verbose=0)
    best = [beam_captions(step, picture, START, END, beam_width=3, max_length=length)[0][0] for picture in some]
    by_beam = [is_right(scene, [words[w] for w in caption]) for scene, caption in zip(test, best, strict=False)]
    print(f"of 100 captions, greedy has {right['looks at places'][:100].sum()} right, beam search {sum(by_beam)}")

# %% [markdown]
# ## 9. Where does it look for each word?
#
# Bright is where the weights are large.

# %%
if __name__ == "__main__":
    from dlseq.plots import ImageAttentionExample, image_attention

    def show(row):
        """Plot the maps of the caption of a test picture."""
        caption, weights = written["looks at places"][0][row], written["looks at places"][1][row]
        maps = weights.reshape(-1, *train_features.shape[1:3])
        plt.figure(image_attention(ImageAttentionExample(test[row].image, maps, caption, text=" ".join(caption))))
        plt.show()

    for row in np.flatnonzero(right["looks at places"] & (number > 1))[:2]:
        show(row)

# %% [markdown]
# In the **pointing game** the largest weight of a map is a finger: it points at the center of its place. If that lies
# in the box of the thing that the word names, it is a hit. A box is `(left, top, right, bottom)` in pixels of a picture
# of `size` x `size`, and the center of the place in row $i$ and column $j$ is at
#
# $$x = \left(j + \tfrac12\right)\frac{\mathrm{size}}{W} \qquad y = \left(i + \tfrac12\right)\frac{\mathrm{size}}{H}$$
#
# with `left <= x < right` and `top <= y < bottom`. Words without a box, such as *on*, do not play.


# %%
def pointing_game(maps, boxes, size):
    """Count the words whose map points at the thing that they name.

    Args:
        maps: attention weights (T, H, W), a NumPy array.
        boxes: list of T boxes (left, top, right, bottom) in pixels; None for a word that names nothing.
        size: width and height of the picture in pixels.

    Returns:
        hits: number of words whose largest weight lies in their box.
        tries: number of words that have a box.
    """
    ### BEGIN SOLUTION
    H, W = maps.shape[1:]
    hits = tries = 0
    for weights, box in zip(maps, boxes, strict=True):
        if box is None:
            continue
        i, j = np.unravel_index(weights.argmax(), weights.shape)
        x, y = (j + 0.5) * size / W, (i + 0.5) * size / H
        left, top, right, bottom = box
        hits += int(left <= x < right and top <= y < bottom)
        tries += 1
    return hits, tries
    ### END SOLUTION


# %%
if __name__ == "__main__":
    finger = np.array([[[0.1, 0.7], [0.1, 0.1]], [[0.1, 0.1], [0.7, 0.1]], [[0.4, 0.2], [0.2, 0.2]]])
    print(pointing_game(finger, [(30, 0, 64, 30), (30, 0, 64, 30), None], size=64))
    # expected: (1, 2)

    H, W = train_features.shape[1:3]
    games, chances = [], []
    for scene, caption, weights in zip(test, *written["looks at places"], strict=True):
        if tuple(caption) == scene.caption:  # only then the boxes belong to the words
            games.append(pointing_game(weights.reshape(-1, H, W), scene.regions, size=64))
            every_place = np.eye(H * W).reshape(-1, H, W)
            chances += [pointing_game(every_place, [box] * H * W, 64)[0] / (H * W) for box in scene.regions if box]
    hits, tries = np.sum(games, axis=0)
    print(f"{hits / tries:.0%} of {tries} words point at their thing, a place drawn at random {np.mean(chances):.0%}")

# %% [markdown]
# Nobody has told the decoder where anything is. It has learned to look there, because looking helps to write.
#
# Now look at a caption that is wrong: did it look at the wrong place, or did it look at the right one and misname it?

# %%
if __name__ == "__main__":
    for row in np.flatnonzero(~right["looks at places"] & (number > 1))[:2]:
        print("It shows", test[row].text)
        show(row)

# %% [markdown]
# ## 10. Check

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("image_captioning")
