# %% [markdown]
# # Translation with an encoder and a decoder
#
# *Jane visite l'Afrique en septembre* → *Jane is visiting Africa in September*. The two sentences have different
# lengths and another order, so no network can translate word by word. An **encoder-decoder** first reads the whole
# sentence and then writes the translation:
#
# ```
#   encoder    LSTM ─► LSTM ─► LSTM ─► LSTM ──┐ h, c: all that is left of the sentence
#               ▲       ▲       ▲       ▲     │
#              Jane   visite    l'   Afrique  │
#                                             │     Jane     is    visiting  Africa   <end>      targets
#                                             │      ▲       ▲       ▲       ▲       ▲
#   decoder                                   └──► LSTM ─► LSTM ─► LSTM ─► LSTM ─► LSTM
#                                                    ▲       ▲       ▲       ▲       ▲
#                                                 <start>   Jane     is    visiting  Africa     inputs
# ```
#
# The arrow in the middle is the weak point. Two vectors have to hold the sentence, however long it is. In this exercise
# you build such a model, train it in a few seconds, and watch its translations get worse with each word. Then you add
# **attention**, and watch them stay.
#
# ## Letters used here
#
# | letter | meaning |
# |---|---|
# | `B` | sentences in the batch |
# | `Tx`, `Ty` | words of a source sentence, words of a target sentence with `<end>`; both with padding |
# | `V` | size of a vocabulary, `vocab_size`; id 0 is padding |
# | `D` | width of an embedded word, `width` |
# | `n` | units of an LSTM, `units` |
# | `h`, `c` | hidden state and cell state, `(B, n)` each |
# | memory | the encoder's hidden states after each word, `(B, Tx, n)` |

# %%
import keras
import numpy as np
from keras import Input, Model, ops
from keras.layers import LSTM, Dense, Embedding

from dlseq.course.given.encoder_decoder import lesson_pairs, toy_models, words_of

PAD, START, END = 0, 1, 2  # the first three ids of both vocabularies

# %% [markdown]
# `toy_models` makes an encoder and a decoder that know no language and have the right inputs and outputs. You can try
# your code on them before your own models exist, and the graded tests do the same. Keep the import.
#
# ## 1. Inputs and targets of the decoder
#
# When the model translates, the decoder reads the word that it has just written. In training it would at first read
# nonsense, its own. So it reads the *right* word of the step before, which is called **teacher forcing**: its inputs
# are the targets, shifted by one step. For the sentence 7 5 9, with `start_id` 1 and `end_id` 2, and a longest sentence
# of four words:
#
# | step | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|
# | input | 1 | 7 | 5 | 9 | 0 |
# | target | 7 | 5 | 9 | 2 | 0 |
#
# The end is a word to be learned like any other; a model that never saw it would never stop. Behind it comes padding,
# up to the longest sentence of the batch and its end.


# %%
def training_targets(sentences, start_id, end_id):
    """Make the inputs and the targets of the decoder for training.

    Args:
        sentences: list of B target sentences, each a list of word ids without start and end.
        start_id: id of the first input.
        end_id: id of the last target.

    Returns:
        decoder_inputs: integers (B, Ty), Ty is the length of the longest sentence plus one.
        targets: integers (B, Ty). In both, padding is 0 and stands on the right.
    """
    ### BEGIN SOLUTION
    Ty = max(len(sentence) for sentence in sentences) + 1
    decoder_inputs, targets = np.zeros((2, len(sentences), Ty), dtype="int32")
    for row, sentence in enumerate(sentences):
        decoder_inputs[row, : len(sentence) + 1] = [start_id, *sentence]
        targets[row, : len(sentence) + 1] = [*sentence, end_id]
    return decoder_inputs, targets
    ### END SOLUTION


# %%
if __name__ == "__main__":
    for array in training_targets([[7, 5, 9], [4, 4, 8, 6]], start_id=1, end_id=2):
        print(array.tolist())
    # expected:
    # [[1, 7, 5, 9, 0], [1, 4, 4, 8, 6]]
    # [[7, 5, 9, 2, 0], [4, 4, 8, 6, 2]]

# %% [markdown]
# ## 2. The loss
#
# The decoder returns **logits**: a number for each word of the vocabulary, of which the softmax makes probabilities.
# The loss of a step is the negative log-probability of its target (the **cross-entropy**). Padding is no word, so its
# steps do not count. With $p_{bt}$, the probability of the target of step $t$ in sentence $b$:
#
# $$\mathrm{loss} = \frac{-\sum_{b, t\ \mathrm{real}} \log p_{bt}}{\text{number of real steps}}$$
#
# Divide by the number of real steps in the whole batch. (If padding counted, a batch of short sentences would have a
# tiny loss: nothing is as easy to predict as padding.) Take the softmax and its logarithm together, by
# `ops.log_softmax` or a loss function of Keras with `from_logits=True`: the logarithm of a softmax that has been
# rounded to 0 is minus infinity. Use `ops` all the way, since Keras calls this function in a graph.


# %%
def masked_loss(targets, logits):
    """Cross-entropy per word, without padding.

    Args:
        targets: word ids (B, Ty), 0 for padding; at least one is real.
        logits: numbers before the softmax (B, Ty, V).

    Returns:
        The mean over all real steps of the batch, a tensor without axes.
    """
    ### BEGIN SOLUTION
    losses = keras.losses.sparse_categorical_crossentropy(targets, logits, from_logits=True)  # (B, Ty)
    real = ops.cast(ops.not_equal(targets, 0), losses.dtype)
    return ops.sum(losses * real) / ops.sum(real)
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(f"{float(masked_loss(np.array([[3, 1, 2], [2, 0, 0]]), np.zeros((2, 3, 4), 'float32'))):.4f}")
    # expected: 1.3863, log 4: each word has probability 1/4, and padding has no influence

# %% [markdown]
# ## 3. The encoder
#
# An `Embedding` turns word ids into vectors, an `LSTM` reads them one by one. Only its two final states are passed on:
# ask for them by `return_state=True`. An LSTM then returns three tensors, its output and both states. (The output of
# the last step *is* the hidden state. Take `h` and `c`, in this order.)
#
# The sentences of a batch are padded, and an LSTM that reads 15 zeros after the last word has forgotten the sentence.
# With `mask_zero=True` the embedding attaches a mask, and the LSTM keeps its states where the mask is False.
#
# In Keras, a model with several outputs is `Model(input, [first, second])`. A sentence may have any length, hence
# `Input((None,), dtype="int32")`.


# %%
def encoder_model(vocab_size, width, units):
    """Build the encoder: one embedding, one LSTM.

    Args:
        vocab_size: size of the source vocabulary.
        width: width of an embedded word.
        units: units of the LSTM.

    Returns:
        Keras model from word ids (B, Tx) to [h (B, n), c (B, n)], the states after the last real word.
    """
    ### BEGIN SOLUTION
    source = Input((None,), dtype="int32")
    embedded = Embedding(vocab_size, width, mask_zero=True)(source)  # (B, Tx, D)
    _, h, c = LSTM(units, return_state=True)(embedded)
    return Model(source, [h, c])
    ### END SOLUTION


# %%
if __name__ == "__main__":
    encoder = encoder_model(vocab_size=10, width=4, units=6)
    h, c = encoder(np.array([[5, 3, 8], [7, 0, 0]]))
    print("h", h.shape, "c", c.shape)
    print("padding changes h by", np.abs(h[1] - encoder(np.array([[7]]))[0][0]).max())
    # expected: h (2, 6) c (2, 6), and 0 or less than 1e-6

# %% [markdown]
# ## 4. The decoder
#
# The decoder is a language model that does not start from zeros, but from the states of the encoder: pass them to its
# LSTM as `initial_state=[h, c]`. It needs the outputs of *all* steps (`return_sequences=True`), and a `Dense` layer
# without activation turns each of them into logits.
#
# It returns its own final states as well. In training nobody needs them. When the model translates, the decoder is
# called for one word at a time and has to continue where it stopped.


# %%
def decoder_model(vocab_size, width, units):
    """Build the decoder: one embedding, one LSTM, one dense layer.

    Args:
        vocab_size: size of the target vocabulary.
        width: width of an embedded word.
        units: units of the LSTM.

    Returns:
        Keras model from [word ids (B, Ty), h (B, n), c (B, n)], the states before the first word, to
        [logits (B, Ty, V), h (B, n), c (B, n)], the states after the last word.
    """
    ids, h0, c0 = Input((None,), dtype="int32"), Input((units,)), Input((units,))
    ### BEGIN SOLUTION
    embedded = Embedding(vocab_size, width)(ids)  # (B, Ty, D)
    outputs, h, c = LSTM(units, return_sequences=True, return_state=True)(embedded, initial_state=[h0, c0])
    return Model([ids, h0, c0], [Dense(vocab_size)(outputs), h, c])
    ### END SOLUTION


# %%
if __name__ == "__main__":
    decoder = decoder_model(vocab_size=9, width=4, units=6)
    logits, h, c = decoder([np.array([[1, 5, 8, 3], [1, 7, 7, 4]]), np.zeros((2, 6)), np.zeros((2, 6))])
    print("logits", logits.shape, "h", h.shape, "c", c.shape)
    # expected: logits (2, 4, 9) h (2, 6) c (2, 6)

# %% [markdown]
# ## 5. The model for training
#
# Models can be called like layers. Encode the source, call the decoder with its inputs and *all that the encoder
# returns*, and keep the logits. Do not write down how many outputs there are: in section 8 the encoder returns four,
# and this function shall work unchanged. In Python, `[first, *rest]` is a list of `first` and all items of `rest`.


# %%
def training_model(encoder, decoder):
    """Connect an encoder and a decoder.

    Args:
        encoder: Keras model from word ids (B, Tx) to [h, c], or to [h, c, …].
        decoder: Keras model from [word ids (B, Ty), h, c], or [word ids, h, c, …], to [logits (B, Ty, V), …].

    Returns:
        Keras model from [source word ids (B, Tx), decoder inputs (B, Ty)] to logits (B, Ty, V). It has the weights of
        both models.
    """
    ### BEGIN SOLUTION
    source, ids = Input((None,), dtype="int32"), Input((None,), dtype="int32")
    logits, *_ = decoder([ids, *encoder(source)])
    return Model([source, ids], logits)
    ### END SOLUTION


# %%
if __name__ == "__main__":
    for with_memory in (False, True):
        model = training_model(*toy_models(seed=0, with_memory=with_memory))
        print("logits", model([np.array([[3, 4, 5]]), np.array([[1, 6]])]).shape)
    # expected: logits (1, 2, 8), twice

# %% [markdown]
# ## 6. Translation
#
# There are no targets now, so the decoder writes one word at a time, starting from the encoder's states and `start_id`.
# In each step: call it with the last word, take the word with the largest logit, keep the new states, go on. This is
# **greedy search**; the exercise `beam_search` has a better one.
#
# All sentences of the batch are translated together, and end at different steps. Stop when each of them has an
# `end_id`, or after `max_length` words, and cut each sentence off before its first `end_id`.
#
# - As in section 5, whatever the encoder returns after `h` and `c` is passed to the decoder in each step; it does not
#   change. `h, c, *rest = …` unpacks it.
# - A Keras model takes either arrays or tensors, no mixture: `ops.convert_to_tensor` turns the word ids into a tensor.
# - The decoder returns logits for a sequence of one step, `(B, 1, V)`.


# %%
def translate(encoder, decoder, source_ids, start_id, end_id, max_length):
    """Translate sentences by greedy search.

    Args:
        encoder: as in `training_model`.
        decoder: as in `training_model`; it returns [logits, h, c], or [logits, h, c, …].
        source_ids: word ids (B, Tx), 0 for padding.
        start_id: the first input of the decoder.
        end_id: the word that ends a sentence.
        max_length: maximum number of words of a translation.

    Returns:
        List of B translations, each a list of word ids without start_id and end_id.
    """
    ### BEGIN SOLUTION
    h, c, *rest = encoder(ops.convert_to_tensor(source_ids))
    ids, words = np.full((len(source_ids), 1), start_id), []
    for _ in range(max_length):
        logits, h, c, *_ = decoder([ops.convert_to_tensor(ids), h, c, *rest])
        ids = np.argmax(logits, axis=-1)  # (B, 1)
        words.append(ids)
        if np.all(np.any(np.hstack(words) == end_id, axis=1)):
            break
    rows = np.hstack(words).tolist()  # (B, steps)
    return [row[: row.index(end_id)] if end_id in row else row for row in rows]
    ### END SOLUTION


# %%
if __name__ == "__main__":
    toys = toy_models(seed=5)
    print(translate(*toys, np.array([[3, 4, 5], [6, 0, 0], [4, 7, 0]]), start_id=1, end_id=2, max_length=6))
    # expected: [[3, 5, 5], [5, 6, 3], [7, 5, 4, 5, 1, 5]]

# %% [markdown]
# ## 7. Backwards?
#
# Sutskever, Vinyals and Le (2014) found a trick that costs nothing: read the source **backwards**. *septembre en
# Afrique l' visite Jane* → *Jane is visiting Africa in September*.
#
# **Question.** Before you go on: will this help a model that has two vectors for the whole sentence? The sum of the
# distances between each word and its translation stays the same. Write down your guess; section 10 has the answer of
# your own models.
#
# Reverse the words and leave the padding where it is, on the right.


# %%
def reverse_source(source_ids):
    """Reverse the words of each sentence.

    Args:
        source_ids: word ids (B, Tx), 0 for padding on the right. It is left as it is.

    Returns:
        A new array (B, Tx).
    """
    ### BEGIN SOLUTION
    reversed_ids = np.zeros_like(source_ids)
    for row, ids in enumerate(source_ids):
        words = ids[ids != 0]
        reversed_ids[row, : len(words)] = words[::-1]
    return reversed_ids
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(reverse_source(np.array([[3, 4, 5, 6], [7, 8, 0, 0]])).tolist())
    # expected: [[6, 5, 4, 3], [8, 7, 0, 0]]

# %% [markdown]
# ## 8. Attention
#
# A person who translates a long sentence looks back at it. With **attention** the decoder does: it gets the encoder's
# hidden states after *each* word, the **memory**, and computes for each of its own steps how much each word of the
# source matters. Here the score of a step and a word is the dot product of their vectors (Luong, Pham and Manning,
# 2015). With the decoder's outputs as **queries** $q_t$ and the memory $m_j$:
#
# $$e_{tj} = q_t \cdot m_j \qquad w_{tj} = \frac{\exp e_{tj}}{\sum_{k\ \mathrm{real}} \exp e_{tk}} \qquad
#   \mathrm{context}_t = \sum_j w_{tj}\, m_j$$
#
# Padding gets no weight: give its energies a value such as -1e9 before the softmax. `ops.matmul` multiplies the last
# two axes, `ops.transpose(x, (0, 2, 1))` exchanges them.


# %%
def attend(queries, memory, mask):
    """Attend to the memory.

    Args:
        queries: outputs of the decoder (B, Ty, n).
        memory: hidden states of the encoder after each word (B, Tx, n).
        mask: booleans (B, Tx), False for padding; at least one of each row is True.

    Returns:
        context: the sum of the memory, weighted by attention (B, Ty, n).
        weights: attention weights (B, Ty, Tx). Over Tx they sum to one.
    """
    ### BEGIN SOLUTION
    energies = ops.matmul(queries, ops.transpose(memory, (0, 2, 1)))  # (B, Ty, Tx)
    weights = ops.softmax(ops.where(ops.expand_dims(mask, axis=1), energies, -1e9), axis=-1)
    return ops.matmul(weights, memory), weights
    ### END SOLUTION


# %%
if __name__ == "__main__":
    memory = np.array([[[2.0, 0.0], [0.0, 2.0], [9.0, 9.0]]])
    context, weights = attend(np.array([[[0.0, 0.0], [0.0, 3.0]]]), memory, np.array([[True, True, False]]))
    print(np.round(weights, 3).tolist(), np.round(context, 3).tolist())
    # expected: [[[0.5, 0.5, 0.0], [0.002, 0.998, 0.0]]] [[[1.0, 1.0], [0.005, 1.995]]]

# %% [markdown]
# ### Encoder and decoder with attention
#
# The encoder is that of section 3. It returns two more tensors: the memory, for which its LSTM has to return the
# outputs of all steps, and a mask, True for the real words (`ops.not_equal`).


# %%
def attention_encoder_model(vocab_size, width, units):
    """Build the encoder of the model with attention: one embedding, one LSTM.

    Args:
        vocab_size: size of the source vocabulary.
        width: width of an embedded word.
        units: units of the LSTM.

    Returns:
        Keras model from word ids (B, Tx) to [h (B, n), c (B, n), memory (B, Tx, n), mask (B, Tx)].
    """
    ### BEGIN SOLUTION
    source = Input((None,), dtype="int32")
    embedded = Embedding(vocab_size, width, mask_zero=True)(source)  # (B, Tx, D)
    memory, h, c = LSTM(units, return_sequences=True, return_state=True)(embedded)
    return Model(source, [h, c, memory, ops.not_equal(source, 0)])
    ### END SOLUTION


# %% [markdown]
# The decoder differs from that of section 4 in one place, between the LSTM and the logits. All its outputs are queries:
# the LSTM does not depend on the context, so that all steps are computed at once. Context and output together make
# an **attentional vector**, from which the logits are computed:
#
# $$a_t = \tanh(W\,[\mathrm{context}_t;\, \mathrm{output}_t] + b) \qquad \mathrm{logits}_t = U a_t + d$$
#
# So there are two `Dense` layers, the first with `n` units and a tanh. The context comes first in the concatenation.
# Return the weights as well, as the last output: they are the attention map.


# %%
def attention_decoder_model(vocab_size, width, units):
    """Build the decoder with attention: one embedding, one LSTM, two dense layers.

    Args:
        vocab_size: size of the target vocabulary.
        width: width of an embedded word.
        units: units of the LSTM, and of the first dense layer.

    Returns:
        Keras model from [word ids (B, Ty), h (B, n), c (B, n), memory (B, Tx, n), mask (B, Tx)] to
        [logits (B, Ty, V), h (B, n), c (B, n), weights (B, Ty, Tx)].
    """
    ids, h0, c0 = Input((None,), dtype="int32"), Input((units,)), Input((units,))
    memory, mask = Input((None, units)), Input((None,), dtype="bool")
    ### BEGIN SOLUTION
    embedded = Embedding(vocab_size, width)(ids)  # (B, Ty, D)
    outputs, h, c = LSTM(units, return_sequences=True, return_state=True)(embedded, initial_state=[h0, c0])
    context, weights = attend(outputs, memory, mask)
    attentional = Dense(units, activation="tanh")(ops.concatenate([context, outputs], axis=-1))  # (B, Ty, n)
    return Model([ids, h0, c0, memory, mask], [Dense(vocab_size)(attentional), h, c, weights])
    ### END SOLUTION


# %% [markdown]
# Keras warns that a model "destroys the mask" of its input. This decoder gets the mask as an input of its own, so
# nothing is lost, and the warning is switched off.

# %%
if __name__ == "__main__":
    import warnings

    warnings.filterwarnings("ignore", message=".*destroy the mask", category=UserWarning)
    encoder, decoder = attention_encoder_model(10, 4, 6), attention_decoder_model(9, 4, 6)
    outputs = decoder([ops.convert_to_tensor([[1, 5, 8, 3], [1, 7, 7, 4]]), *encoder(np.array([[5, 3, 8], [7, 0, 0]]))])
    print([tuple(output.shape) for output in outputs], "weight of padding:", np.max(outputs[3][1, :, 1:]))
    # expected: [(2, 4, 9), (2, 6), (2, 6), (2, 4, 3)] weight of padding: 0.0

# %% [markdown]
# ## 9. Data and training
#
# `lesson_pairs` draws sentences of a small grammar, clauses joined by *and* and *but*. The models learn from sentences
# of up to 20 words, and are tested on others, of up to 26.
#
# `words_of` splits a text into words and punctuation marks. Both languages get a vocabulary of their own.

# %%
if __name__ == "__main__":

    def number_words(texts):
        """Return the ids of all words, after the three special ones."""
        words = sorted({word for text in texts for word in words_of(text)})
        return {word: index for index, word in enumerate(words, start=END + 1)}

    def encode(texts, word_to_id):
        """Return lists of word ids."""
        return [[word_to_id[word] for word in words_of(text)] for text in texts]

    def pad(sentences):
        """Return an array (B, T) of word ids with padding on the right."""
        rows = np.zeros((len(sentences), max(map(len, sentences))), "int32")
        for row, sentence in zip(rows, sentences, strict=True):
            row[: len(sentence)] = sentence
        return rows

    train, test = lesson_pairs(4000, max_words=20), lesson_pairs(1000, "test", max_words=26)
    source_words = number_words(pair.source for pair in train)
    target_words = number_words(pair.target for pair in train)
    source_ids = pad(encode([pair.source for pair in train], source_words))
    inputs, targets = training_targets(encode([pair.target for pair in train], target_words), START, END)
    for pair in train[:5]:
        print(f"{pair.source} -> {pair.target}")
    print(f"{len(source_words)} and {len(target_words)} words; arrays {source_ids.shape}, {inputs.shape}")

# %% [markdown]
# Three models, with the same data, widths and number of epochs: without attention, without attention on the reversed
# source, and with attention. All three together take less than a minute on one core.
#
# - `patch_keras_lstm` lets Keras's LSTM use the kernel of `dlseq.layers.LSTM`: the same numbers, several times faster.
# - `jit_compile=False` turns off XLA, whose compilation takes longer than it saves here.

# %%
if __name__ == "__main__":
    import time

    from dlseq.kernels.patch_keras_lstm import patch_keras_lstm

    patch_keras_lstm()
    WIDTH, UNITS, EPOCHS, BATCH_SIZE = 32, 64, 7, 32

    def train_models(make_encoder, make_decoder, sources):
        """Train an encoder and a decoder together, and return both."""
        keras.utils.set_random_seed(0)
        encoder = make_encoder(len(source_words) + END + 1, WIDTH, UNITS)
        decoder = make_decoder(len(target_words) + END + 1, WIDTH, UNITS)
        model = training_model(encoder, decoder)
        schedule = keras.optimizers.schedules.CosineDecay(0.01, EPOCHS * -(-len(sources) // BATCH_SIZE))
        optimizer = keras.optimizers.Adam(schedule, clipnorm=1.0)
        model.compile(optimizer, loss=masked_loss, jit_compile=False)
        start = time.perf_counter()
        losses = model.fit([sources, inputs], targets, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0).history["loss"]
        print(
            f"{model.count_params():,} parameters, {time.perf_counter() - start:.0f} s; loss after each epoch:", end=""
        )
        print(*(f" {loss:.2f}" for loss in losses))
        return encoder, decoder

    models = {
        "without attention": train_models(encoder_model, decoder_model, source_ids),
        "without attention, source reversed": train_models(encoder_model, decoder_model, reverse_source(source_ids)),
        "with attention": train_models(attention_encoder_model, attention_decoder_model, source_ids),
    }

# %% [markdown]
# ## 10. Translations and their BLEU by length
#
# `dlseq.metrics.bleu_by_length` groups the sentences by their length and computes the BLEU of each group with
# *sacrebleu*. The sentences are split into words already, hence `tokenize="none"`.

# %%
if __name__ == "__main__":
    from dlseq.metrics import bleu_by_length

    id_to_word = {index: word for word, index in target_words.items()}
    test_ids = pad(encode([pair.source for pair in test], source_words))
    references = [" ".join(words_of(pair.target)) for pair in test]
    lengths = [len(words_of(pair.target)) for pair in test]

    translations, scores = {}, {}
    for name, pair_of_models in models.items():
        ids = reverse_source(test_ids) if "reversed" in name else test_ids
        found = translate(*pair_of_models, ids, START, END, max_length=40)
        translations[name] = [" ".join(id_to_word.get(index, "?") for index in row) for row in found]
        scores[name] = bleu_by_length(
            translations[name], references, lengths, upper_bounds=range(5, 27, 3), tokenize="none"
        )
        print(f"{name}:", *(f"{score.max_length} words {score.score.value:.0f}," for score in scores[name]))

    longest = lengths.index(20)
    print(f"\n{test[longest].source}\n{references[longest]}  (reference)")
    for name, texts in translations.items():
        print(f"{texts[longest]}  ({name})")

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
    for (name, of_model), marker in zip(scores.items(), "os^", strict=True):
        ax.plot(
            [score.max_length for score in of_model],
            [score.score.value for score in of_model],
            marker=marker,
            label=name,
        )
    ax.axvline(20, color="0.6", linestyle="--", linewidth=1)
    ax.annotate("longest in training", (20, 3), xytext=(-4, 0), textcoords="offset points", ha="right", color="0.4")
    ax.set(xlabel="words of the reference, at most", ylabel="BLEU", ylim=(0, 103), title="BLEU by sentence length")
    ax.legend(frameon=False)
    plt.show()

# %% [markdown]
# Look at the plot:
#
# - **Without attention** BLEU falls with the length, long before the longest sentence of the training. The translation
#   is fluent English all the same: the model begins well and then invents a plausible sentence.
# - **Reversed**, the same model is far better. The *sum* of all distances did not change, but the *first* words of both
#   sentences are now next to each other. The model learns them soon, and the later ones from there.
# - **With attention** there is hardly any fall. Beyond the longest sentence of the training even this model begins to
#   lose words: it has never written so far.

# %% [markdown]
# ## 11. The attention map
#
# The weights for a translation are an output of the decoder. Call it once with the whole translation: row `t` of the
# map belongs to the step that wrote word `t`. The pairs know which words correspond to each other, so the map can be
# compared with that gold alignment. The **alignment error rate** takes the largest weight of each row for a link. The
# first row may point elsewhere: the memory of a later word knows the name as well, and so does `h`.

# %%
if __name__ == "__main__":
    from dlseq.metrics import alignment_error_rate, attention_links
    from dlseq.plots import attention_heatmap

    def attention_weights(pair):
        """Return the attention weights (Ty, Tx) for a pair of sentences."""
        encoder, decoder = models["with attention"]
        ids, _ = training_targets(encode([pair.target], target_words), START, END)
        source = np.array(encode([pair.source], source_words))
        return np.asarray(decoder([ops.convert_to_tensor(ids), *encoder(source)])[3][0])

    rows, gold = [attention_weights(pair) for pair in test[:100]], [pair.alignment for pair in test[:100]]
    links = [attention_links(weights, len(words_of(pair.target))) for weights, pair in zip(rows, test, strict=False)]
    print(f"alignment error rate: {alignment_error_rate(links, gold):.2f}")

    pair = test[longest]
    plt.figure(attention_heatmap(attention_weights(pair), words_of(pair.source), [*words_of(pair.target), "<end>"]))
    plt.show()

# %% [markdown]
# ## 12. Check

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("encoder_decoder")
