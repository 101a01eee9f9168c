# %% [markdown]
# # Beam search and BLEU
#
# A translation model reads *Jane visite l'Afrique en septembre.* and knows, for every English sentence, the probability
# that it is the translation. You want the sentence with the **highest** probability. There are far too many to try them
# all, so you have to search.
#
# The obvious search takes the best word, then the best next word, and so on. It can fail badly. After *Jane is*, the
# word *going* is more probable than *visiting*: *going to* is common in English. But the best sentence that starts with
# *Jane is going* is long-winded and improbable, and the search can never come back. **Beam search** keeps several
# beginnings alive.
#
# Here you write both searches, find out why they like short sentences too much, score translations with **BLEU**, and
# decide for each wrong translation which part is at fault: the search or the model.
#
# ## Notation
#
# | symbol | meaning |
# |---|---|
# | `V`, `S` | number of words; number of states of the decoder |
# | `ids` | a sentence as a list of word indices; index 0 is `<eos>`, the end of the sentence |
# | `decoder` | dict of `log_probs (S, V)` and `next_state (S, V)`, for one source sentence |
# | `K` | number of **live paths**, beginnings of sentences that the search still follows |
# | `beam_width` | the largest `K` |
# | `Ty` | length of a sentence, `<eos>` included if it has one |
#
# The **decoder** has read the source sentence and writes the translation. In **state** `s` the next word is `w` with
# log-probability `decoder["log_probs"][s, w]`, and then the state is `decoder["next_state"][s, w]`. It starts in state
# 0. (In a recurrent network the state is a vector. For the search that makes no difference: all it does with states is
# to pass them on.)

# %%
from collections import Counter

import numpy as np

from dlseq.course.given.beam_search import ngrams, tree_decoder

# %% [markdown]
# ## 1. A tree of sentences
#
# This decoder knows a dozen sentences, a small **tree**: after each beginning it has a few next words. After a
# beginning that is not in the tree the sentence ends. Draw it on paper and find the most probable sentence by hand.

# %%
JANE = {
    "": {"Jane": 0.8, "In": 0.2},
    "In": {"September": 1.0},
    "In September": {"Jane": 1.0},
    "In September Jane": {"is": 0.4, "visits": 0.6},
    "In September Jane is": {"visiting": 0.5, "going": 0.5},
    "In September Jane is visiting": {"Africa": 1.0},
    "In September Jane is going": {"to": 1.0},
    "In September Jane is going to": {"Africa": 1.0},
    "In September Jane visits": {"Africa": 1.0},
    "Jane": {"is": 0.7, "visits": 0.3},
    "Jane visits": {"Africa": 1.0},
    "Jane visits Africa": {"<eos>": 0.9, "in": 0.1},
    "Jane visits Africa in": {"September": 1.0},
    "Jane is": {"going": 0.5, "visiting": 0.4, "in": 0.1},
    "Jane is in": {"Africa": 1.0},
    "Jane is visiting": {"Africa": 0.95, "in": 0.05},
    "Jane is visiting in": {"Africa": 1.0},
    "Jane is visiting Africa": {"in": 0.9, "<eos>": 0.1},
    "Jane is visiting Africa in": {"September": 1.0},
    "Jane is going": {"to": 1.0},
    "Jane is going to": {"be": 0.45, "visit": 0.3, "Africa": 0.25},
    "Jane is going to visit": {"Africa": 1.0},
    "Jane is going to be": {"visiting": 0.6, "in": 0.4},
    "Jane is going to be in": {"Africa": 1.0},
    "Jane is going to be visiting": {"Africa": 1.0},
    "Jane is going to be visiting Africa": {"in": 0.8, "<eos>": 0.2},
    "Jane is going to be visiting Africa in": {"September": 1.0},
}
words, jane = tree_decoder(JANE)


def to_text(ids):
    """Decode the indices of a sentence of the tree, given."""
    return " ".join(words[index] for index in ids)


def to_ids(text):
    """Encode a sentence of the tree, given."""
    return [words.index(word) for word in text.split()]


# %% [markdown]
# ## 2. The log-probability of a sentence
#
# By the chain rule the probability of a sentence is the product of the probabilities of its words, each given the words
# before it. Products of many small numbers underflow to 0, so add logarithms:
#
# $$\log P(y \mid x) = \sum_{t=1}^{T_y} \log P(y^{\langle t \rangle} \mid x, y^{\langle 1 \rangle}, \dots,
#   y^{\langle t-1 \rangle})$$
#
# Follow the sentence from state 0: look up the log-probability of the word, then move on to the next state.


# %%
def sequence_log_prob(decoder, ids):
    """Log-probability of a sentence.

    Args:
        decoder: see the notation.
        ids: list of word indices.

    Returns:
        The natural logarithm of the probability, a number of at most 0; minus infinity if it is impossible.
    """
    ### BEGIN SOLUTION
    state, total = 0, 0.0
    for word in ids:
        total += decoder["log_probs"][state, word]
        state = decoder["next_state"][state, word]
    return float(total)
    ### END SOLUTION


# %%
if __name__ == "__main__":
    for text in ("Jane is visiting Africa in September <eos>", "Jane visits Africa <eos>"):
        print(f"{sequence_log_prob(jane, to_ids(text)):.4f}  {text}")
    # expected: -1.6528 and -1.5325. By hand: log(0.8 · 0.7 · 0.4 · 0.95 · 0.9) and log(0.8 · 0.3 · 0.9)


# %% [markdown]
# ## 3. Greedy search
#
# At every step take the most probable word. Stop after `<eos>`, which belongs to the sentence, or after `max_length`
# words.


# %%
def greedy_search(decoder, max_length):
    """Write the sentence of the most probable words, one at a time.

    Args:
        decoder: see the notation.
        max_length: maximum number of words, `<eos>` counted, at least 1.

    Returns:
        ids: list of word indices; `<eos>` is the last one if it was reached.
        log_prob: log-probability of the sentence.
    """
    ### BEGIN SOLUTION
    state, ids, total = 0, [], 0.0
    while len(ids) < max_length:
        word = int(np.argmax(decoder["log_probs"][state]))
        ids.append(word)
        total += decoder["log_probs"][state, word]
        state = decoder["next_state"][state, word]
        if word == 0:
            break
    return ids, float(total)
    ### END SOLUTION


# %%
if __name__ == "__main__":
    ids, log_prob = greedy_search(jane, 12)
    print(f"{log_prob:.4f}  {to_text(ids)}")
    # expected: -2.8054  Jane is going to be visiting Africa in September <eos>


# %% [markdown]
# ## 4. One step of beam search
#
# There are `K` live paths. Each of them can be extended by each of the `V` words, which gives `K · V` **candidates**.
# The log-probability of a candidate is that of its path **plus** that of the new word. Of all candidates **together**
# keep the best `beam_width`: a good path may have several successors, a poor one none.
#
# In NumPy: add with broadcasting, flatten the `(K, V)` candidates to one axis, sort, and convert the flat positions
# back to paths and words. Impossible candidates, with a log-probability of minus infinity, are never kept.


# %%
def beam_step(log_p, next_log_p, beam_width):
    """Choose the best extensions of all live paths.

    Args:
        log_p: log-probabilities of the live paths, (K,).
        next_log_p: log-probabilities of the next word after each path, (K, V).
        beam_width: maximum number of candidates that are kept.

    Returns:
        new_log_p: log-probabilities of the kept candidates, the best first, (C,) with C at most `beam_width`.
        paths: index of the path that each of them extends, integers (C,).
        new_words: index of the word that each of them appends, integers (C,).
    """
    ### BEGIN SOLUTION
    V = next_log_p.shape[1]
    candidates = (log_p[:, None] + next_log_p).reshape(-1)
    best = np.argsort(-candidates)[:beam_width]
    best = best[candidates[best] > -np.inf]
    return candidates[best], best // V, best % V
    ### END SOLUTION


# %%
if __name__ == "__main__":
    log_p, paths, new_words = beam_step(np.log([0.6, 0.4]), np.log([[0.5, 0.3, 0.2], [0.1, 0.9, 1e-9]]), 3)
    print(np.exp(log_p).round(2), paths, new_words)
    # expected: [0.36 0.3  0.18] [1 0 0] [1 0 1]


# %% [markdown]
# ## 5. Length normalization
#
# Every further word makes a sentence less probable, so the most probable sentence is often too short. **Length
# normalization** divides the log-probability by a power of the length:
#
# $$\mathrm{score}(y) = \frac{1}{T_y^{\,\alpha}} \log P(y \mid x)$$
#
# With `alpha = 0` nothing changes, with `alpha = 1` it is the mean per word, and 0.7 is a common compromise.


# %%
def normalized_score(log_prob, length, alpha):
    """Score of a sentence with length normalization.

    Args:
        log_prob: log-probability of the sentence.
        length: number of its words, `Ty`, at least 1.
        alpha: exponent of the length.

    Returns:
        The score, a number of at most 0; larger is better.
    """
    ### BEGIN SOLUTION
    return log_prob / length**alpha
    ### END SOLUTION


# %%
if __name__ == "__main__":
    for alpha in (0, 0.7, 1):
        print(f"{alpha}: {normalized_score(-1.6528, 7, alpha):.4f} {normalized_score(-1.5325, 4, alpha):.4f}")
    # expected: the first is smaller for 0 and larger for 0.7 and 1:
    # -1.6528 -1.5325, -0.4233 -0.5807, -0.2361 -0.3831


# %% [markdown]
# ## 6. Beam search
#
# Start with one live path: no words, log-probability 0, state 0. Then, for each of at most `max_length` steps:
#
# 1. choose the best `beam_width` extensions of the live paths with `beam_step`;
# 2. carry along, for each of them, the words and the **state of the path that it extends**: the best path of this step
#    may extend the third one of the last step;
# 3. those that end in `<eos>` are **finished**: set them aside, they are never extended. The others are the live paths
#    of the next step.
#
# Paths that are still live after `max_length` steps count as finished as well. Only now compare sentences of different
# lengths: rank all finished ones by their normalized score.


# %%
def beam_search(decoder, beam_width, max_length, alpha):
    """Search for the best sentences with a beam.

    Args:
        decoder: see the notation.
        beam_width: maximum number of candidates that are kept at each step, at least 1.
        max_length: maximum number of words, `<eos>` counted, at least 1.
        alpha: exponent of the length in `normalized_score`.

    Returns:
        List of all finished sentences, the best first; each is a tuple (ids, log-probability).
    """
    ### BEGIN SOLUTION
    live, log_p, states, finished = [[]], np.zeros(1), np.zeros(1, dtype=int), []
    for _ in range(max_length):
        log_p, paths, new_words = beam_step(log_p, decoder["log_probs"][states], beam_width)
        live = [live[path] + [int(word)] for path, word in zip(paths, new_words, strict=True)]
        states = decoder["next_state"][states[paths], new_words]
        going_on = new_words != 0
        finished += [(live[k], float(log_p[k])) for k in np.flatnonzero(~going_on)]
        live = [live[k] for k in np.flatnonzero(going_on)]
        log_p, states = log_p[going_on], states[going_on]
    finished += [(ids, float(value)) for ids, value in zip(live, log_p, strict=True)]
    return sorted(finished, key=lambda sentence: -normalized_score(sentence[1], len(sentence[0]), alpha))
    ### END SOLUTION


# %%
if __name__ == "__main__":
    for beam_width, alpha in ((1, 1), (2, 1), (3, 0), (3, 1)):
        ids, log_prob = beam_search(jane, beam_width, 12, alpha)[0]
        print(f"width {beam_width}, alpha {alpha}: {log_prob:.4f}  {to_text(ids)}")
    # expected: width 1 is greedy search; width 2 loses "Jane is visiting" in the third step; width 3 finds it, but
    # without normalization prefers the sentence that leaves out September:
    # -2.8054  Jane is going to be visiting Africa in September <eos>
    # -2.8054  Jane is going to be visiting Africa in September <eos>
    # -1.5325  Jane visits Africa <eos>
    # -1.6528  Jane is visiting Africa in September <eos>


# %% [markdown]
# ## 7. Precision of n-grams
#
# Is a translation good? A sentence has many right translations, so compare with several **references** written by
# people. The first idea is **precision**: the share of the words of the translation that occur in a reference. But *the
# the the the* has precision 1, if one reference has a *the*.
#
# So **clip**: a word counts at most as often as it occurs in the reference *that has most of it*. And count not only
# words but **n-grams**, sequences of `n` words, so that their order matters. `ngrams(words, n)` lists them.
#
# $$p_n = \frac{\sum_{g} \min\big(\mathrm{count}(g),\ \max_{r} \mathrm{count}_r(g)\big)}{\sum_{g} \mathrm{count}(g)}$$
#
# The sums run over the different n-grams `g` of the translation. Return numerator and denominator, because section 9
# adds them up over many sentences. A `Counter` does most of the work: `a & b` has the smaller count of each key,
# `a | b` the larger one.


# %%
def ngram_precision(hypothesis, references, n):
    """Clipped matches of the n-grams of a translation.

    Args:
        hypothesis: the translation, a list of words.
        references: list of references, each a list of words.
        n: number of words of an n-gram.

    Returns:
        matches: clipped number of n-grams that occur in a reference.
        total: number of n-grams of the hypothesis.
    """
    ### BEGIN SOLUTION
    counts, limits = Counter(ngrams(hypothesis, n)), Counter()
    for reference in references:
        limits |= Counter(ngrams(reference, n))
    return (counts & limits).total(), counts.total()
    ### END SOLUTION


# %%
if __name__ == "__main__":
    references = [["the", "dog", "is", "on", "the", "sofa"], ["there", "is", "a", "dog", "on", "the", "sofa"]]
    print([ngram_precision(["the", "the", "the", "the"], references, n) for n in (1, 2)])
    print([ngram_precision(["the", "dog", "the", "dog", "on", "the", "sofa"], references, n) for n in (1, 2)])
    # expected: [(2, 4), (0, 3)] and [(5, 7), (4, 6)]


# %% [markdown]
# ## 8. The brevity penalty
#
# Precision does not notice what is *missing*: *on the sofa* has all precisions 1. Therefore translations that are
# shorter than their references lose points. With `c` words in the translations and `r` in the references:
#
# $$\mathrm{BP} = \begin{cases} 1 & c \ge r \\ \exp(1 - r / c) & c < r \end{cases}$$
#
# The penalty of no words at all is 0. If a sentence has several references, the length that counts is the **closest**
# one to the length of the translation; of two equally close ones, the shorter.


# %%
def closest_length(hypothesis, references):
    """Length of the reference that is closest in length to a translation.

    Args:
        hypothesis: the translation, a list of words.
        references: list of references, each a list of words.

    Returns:
        The length, an integer.
    """
    ### BEGIN SOLUTION
    lengths = [len(reference) for reference in references]
    return min(lengths, key=lambda length: (abs(length - len(hypothesis)), length))
    ### END SOLUTION


# %%
def brevity_penalty(hypothesis_length, reference_length):
    """Factor by which a score is reduced because the translation is short.

    Args:
        hypothesis_length: number of words of the translations, c.
        reference_length: number of words of the references, r.

    Returns:
        A number between 0 and 1.
    """
    ### BEGIN SOLUTION
    if hypothesis_length == 0:
        return 0.0
    return float(np.exp(min(0.0, 1 - reference_length / hypothesis_length)))
    ### END SOLUTION


# %%
if __name__ == "__main__":
    print(closest_length(["on", "the", "sofa"], references))
    print([round(brevity_penalty(length, 6), 4) for length in (0, 3, 5, 6, 9)])
    # expected: 6 and [0.0, 0.3679, 0.8187, 1.0, 1.0]


# %% [markdown]
# ## 9. BLEU
#
# **BLEU** is the geometric mean of the precisions of 1-grams to 4-grams, times the brevity penalty:
#
# $$\mathrm{BLEU} = \mathrm{BP} \cdot \exp\Big(\frac{1}{N} \sum_{n=1}^{N} \log p_n\Big), \qquad N = 4$$
#
# It is a score of a **corpus**, a list of translations. Add up matches and totals over all sentences *before* you
# divide, and likewise the lengths: the mean of the BLEU scores of single sentences is another number, and for short
# sentences it is often 0. If for some `n` there are no matches at all, the score is 0. (Papers multiply BLEU by 100.
# The library computes it with *sacrebleu*: `dlseq.metrics.bleu`.)


# %%
def bleu(hypotheses, references, max_n=4):
    """BLEU score of a corpus.

    Args:
        hypotheses: list of translations, each a list of words.
        references: for each translation the list of its references, each a list of words.
        max_n: largest n of the n-grams, N.

    Returns:
        The score, a number between 0 and 1.
    """
    ### BEGIN SOLUTION
    log_precisions = []
    for n in range(1, max_n + 1):
        pairs = [ngram_precision(words, choices, n) for words, choices in zip(hypotheses, references, strict=True)]
        matches, total = np.sum(pairs, axis=0)
        if matches == 0:
            return 0.0
        log_precisions.append(np.log(matches / total))
    r = sum(closest_length(words, choices) for words, choices in zip(hypotheses, references, strict=True))
    return float(brevity_penalty(sum(map(len, hypotheses)), r) * np.exp(np.mean(log_precisions)))
    ### END SOLUTION


# %%
if __name__ == "__main__":
    human = ["Jane", "is", "visiting", "Africa", "in", "September"]
    for found in ("Jane is going to be visiting Africa in September", "Jane visits Africa", " ".join(human)):
        print(f"{bleu([found.split()], [[human]]):.4f}  {bleu([found.split()], [[human]], max_n=2):.4f}  {found}")
    # expected: 0.3549 0.5774, 0.0000 0.0000, 1.0000 1.0000


# %% [markdown]
# ## 10. Which part is at fault?
#
# The beam found a sentence ŷ, and a person says that y* is right. If the two differ, compare their scores:
#
# | | then | remedy |
# |---|---|---|
# | score(y*) > score(ŷ) | the model prefers the right sentence, but the **search** did not find it | a wider beam |
# | score(y*) ≤ score(ŷ) | the search did its work: the **model** prefers a wrong sentence | data, another network |
#
# Compare what the search maximizes: the *normalized* scores.


# %%
def find_fault(decoder, human, found, alpha):
    """Find the part that is at fault for a translation.

    Args:
        decoder: see the notation.
        human: the right sentence, a list of word indices.
        found: the sentence that the search found, a list of word indices.
        alpha: exponent of the length in `normalized_score`.

    Returns:
        "none" if the two are equal, otherwise "search" or "model".
    """
    ### BEGIN SOLUTION
    if human == found:
        return "none"
    best = normalized_score(sequence_log_prob(decoder, human), len(human), alpha)
    value = normalized_score(sequence_log_prob(decoder, found), len(found), alpha)
    return "search" if best > value else "model"
    ### END SOLUTION


# %%
if __name__ == "__main__":
    right = to_ids("Jane is visiting Africa in September <eos>")
    for beam_width, alpha in ((2, 1), (3, 0), (3, 1)):
        found = beam_search(jane, beam_width, 12, alpha)[0][0]
        print(f"width {beam_width}, alpha {alpha}: {find_fault(jane, right, found, alpha)}")
    # expected: search, model, none


# %% [markdown]
# One sentence proves little. For **error analysis** go through many, each with its own decoder, and compute the
# fraction of the **wrong** ones that each part is responsible for. Then you know where work pays.


# %%
def error_analysis(decoders, humans, founds, alpha):
    """Fractions of the wrong translations for which search and model are at fault.

    Args:
        decoders: list of decoders, one for each sentence.
        humans: list of the right sentences, each a list of word indices.
        founds: list of the sentences that the search found, each a list of word indices.
        alpha: exponent of the length in `normalized_score`.

    Returns:
        Dict with the fractions "search" and "model" of the wrong translations; both are 0 if none is wrong.
    """
    ### BEGIN SOLUTION
    faults = [find_fault(*case, alpha) for case in zip(decoders, humans, founds, strict=True)]
    wrong = len(faults) - faults.count("none")
    return {part: faults.count(part) / max(wrong, 1) for part in ("search", "model")}
    ### END SOLUTION


# %% [markdown]
# ### Random decoders
#
# Take forty random decoders, let the sentence with the best score (found with a beam so wide that nothing is lost) be
# the right one, and widen the beam step by step. All errors are search errors here, by construction.

# %%
if __name__ == "__main__":
    rng = np.random.default_rng(0)
    S, V, longest = 400, 5, 5
    decoders = [
        {"log_probs": np.log(rng.dirichlet(np.full(V, 0.7), S)), "next_state": rng.integers(S, size=(S, V))}
        for _ in range(40)
    ]
    humans = [beam_search(decoder, V**longest, longest, 0.7)[0][0] for decoder in decoders]
    for beam_width in (1, 2, 3, 5, 10, 30):
        founds = [beam_search(decoder, beam_width, longest, 0.7)[0][0] for decoder in decoders]
        count = sum(found != human for found, human in zip(founds, humans, strict=True))
        print(f"width {beam_width:2d}: {count:3d} wrong, {error_analysis(decoders, humans, founds, 0.7)}")

# %% [markdown]
# ### BLEU falls with the errors
#
# Replace more and more words of a text by others, and see how much faster BLEU falls than the share of right words:
# one wrong word spoils four 4-grams.

# %%
if __name__ == "__main__":
    import matplotlib.pyplot as plt

    text = rng.integers(1000, size=(200, 12))
    rates = np.linspace(0, 0.6, 13)
    scores = []
    for rate in rates:
        changed = np.where(rng.random(text.shape) < rate, text + 1000, text)
        scores.append(bleu([list(map(str, row)) for row in changed], [[list(map(str, row))] for row in text]))
    figure, ax = plt.subplots(figsize=(6, 3.5), layout="constrained")
    ax.plot(rates, 1 - rates, label="right words")
    ax.plot(rates, scores, marker="o", label="BLEU")
    ax.set(xlabel="wrong words", ylabel="score", ylim=(0, 1.02), title="BLEU and the share of right words")
    ax.legend(frameon=False)
    plt.show()

# %% [markdown]
# ## Check your progress

# %%
if __name__ == "__main__":
    import dlseq

    dlseq.check("beam_search")
