"""Graded tests of `beam_search`. Decoders, sentences, widths and lengths are drawn independently of each other."""

import itertools

import numpy as np
import pytest

from dlseq.course.given.beam_search import tree_decoder
from dlseq.testing import check, close, equal, shaped, unchanged, unpack

WORDS = ["amber", "brook", "cedar", "delta", "ember", "fjord", "grove", "heron", "islet", "jetty", "knoll", "lark"]
V = 5  # words of a drawn decoder
EOS = 0

BASE = "This is a logarithm to another base. Use the natural one: the table holds natural logarithms already."
STUCK = "The state never changes. After each word move on to its next_state."
CARRIED = "If beam_step is right, look at what you carry along: words and state belong to the path that was extended."
UNNORMALIZED = "The order ignores the lengths: rank by the normalized score, with the length of each sentence."


def draw_decoder(rng, layers=6, words=V, states=3, spread=1.0):
    """Draw a decoder. Each step leads to one of `states` states of the next layer: no two sentences use the same ones
    in another order, which would give them equal probabilities.
    """
    later = rng.permutation(np.arange(1, 1 + (layers - 1) * states)).reshape(layers - 1, states)
    next_state = np.zeros((later.size + 1, words), dtype=int)
    for layer, numbers in enumerate([[0], *later]):
        following = later[min(layer, layers - 2)]
        next_state[numbers] = rng.choice(following, size=(len(numbers), words))
    return {"log_probs": np.log(rng.dirichlet(np.full(words, spread), later.size + 1)), "next_state": next_state}


def draw_ids(rng, length, words=V):
    """Draw a sentence that ends in `<eos>`."""
    return [int(word) for word in rng.integers(1, words, size=length - 1)] + [EOS]


def stuck(decoder):
    """Return a decoder that stays in state 0, as for a submission that never changes the state."""
    return {**decoder, "next_state": np.zeros_like(decoder["next_state"])}


def endless(decoder):
    """Return a decoder with one more word in front, an impossible `<eos>`: the old one is a word like the others."""
    rows = len(decoder["log_probs"])
    impossible, zeros = np.full((rows, 1), -np.inf), np.zeros((rows, 1), dtype=int)
    log_probs = np.hstack([impossible, decoder["log_probs"]])
    return {"log_probs": log_probs, "next_state": np.hstack([zeros, decoder["next_state"]])}


def check_unchanged(after, before, *names):
    """Check the arguments after a call."""
    for changed, value, name in zip(after, before, names, strict=True):
        unchanged(changed, value, name)


# --- the tree of the exercise


def draw_jane(rng):
    """Draw the probabilities of the tree so that greedy search goes wrong, and a beam of three does not."""
    jane, visits, end = rng.uniform(0.8, 0.86), rng.uniform(0.35, 0.38), rng.uniform(0.9, 0.95)
    going, further = rng.uniform(0.52, 0.56), rng.uniform(0.8, 0.9)
    tree = {
        "": {"Jane": jane, "In": 1 - jane},
        "In": {"September": 1.0},
        "In September": {"Jane": 1.0},
        "In September Jane": {"visits": 0.6, "is": 0.4},
        "In September Jane visits": {"Africa": 1.0},
        "Jane": {"visits": visits, "is": 1 - visits},
        "Jane visits": {"Africa": 1.0},
        "Jane visits Africa": {"in": 1 - end, "<eos>": end},
        "Jane visits Africa in": {"September": 1.0},
        "Jane is": {"visiting": 1 - going, "going": going},
        "Jane is visiting": {"Africa": 1.0},
        "Jane is visiting Africa": {"in": further, "<eos>": 1 - further},
        "Jane is visiting Africa in": {"September": 1.0},
        "Jane is going": {"to": 1.0},
        "Jane is going to": {"Africa": 0.25, "visit": 0.3, "be": 0.45},
        "Jane is going to visit": {"Africa": 1.0},
        "Jane is going to be": {"in": 0.4, "visiting": 0.6},
        "Jane is going to be visiting": {"Africa": 1.0},
        "Jane is going to be visiting Africa": {"in": further, "<eos>": 1 - further},
        "Jane is going to be visiting Africa in": {"September": 1.0},
    }
    return tree_decoder({text: shuffled(rng, choices) for text, choices in tree.items()})


def shuffled(rng, choices):
    """Return a dict in another order."""
    return {str(word): choices[word] for word in rng.permutation(list(choices))}


def spell(words, text):
    """Return the indices of a text and `<eos>`."""
    return [words.index(word) for word in text.split()] + [EOS]


GOING = "Jane is going to be visiting Africa in September"
VISITING = "Jane is visiting Africa in September"
SHORT = "Jane visits Africa"


# --- sequence_log_prob


def early_move(decoder, ids):
    """Return the log-probability if the state changes before the word is looked up."""
    states = [0]
    for index in ids:
        states.append(decoder["next_state"][states[-1], index])
    return decoder["log_probs"][states[1:], ids].sum()


@pytest.mark.points(5, of="sequence_log_prob")
@pytest.mark.hint("Start in state 0. For each word: look up its log-probability, add it, move on to the next state.")
def test_sentence(submission, reference, rng):
    """The log-probability of a sentence is the sum over its words, each in its state."""
    decoder, ids = draw_decoder(rng), draw_ids(rng, 6)
    expected = reference.call("sequence_log_prob", decoder, ids)
    logs = decoder["log_probs"]
    known = [
        (STUCK, logs[0, ids].sum()),
        ("This is the probability. Return its logarithm.", np.exp(expected)),
        ("This is the mean over the words. The chain rule multiplies, so add the logarithms.", expected / len(ids)),
        ("<eos> does not count. It is a word like the others.", reference.call("sequence_log_prob", decoder, ids[:-1])),
        ("The state changes before the word is looked up: look up first.", early_move(decoder, ids)),
        ("The sign is wrong: a log-probability is 0 or less.", -expected),
        (BASE, expected / np.log(2)),
        (BASE, expected / np.log(10)),
    ]
    close(submission.call("sequence_log_prob", decoder, ids), expected, "the log-probability", known=known)


@pytest.mark.hidden
@pytest.mark.points(3, of="sequence_log_prob")
@pytest.mark.hint("The product of many probabilities underflows to 0: add logarithms. An impossible word gives -inf.")
@pytest.mark.parametrize("kind", ["empty", "one", "long", "impossible"])
def test_other_sentences(submission, reference, rng, kind):
    """Log-probabilities are right for 0, 1 and 600 words and an impossible one; the arguments are unchanged."""
    decoder = draw_decoder(rng, 4, 6, 2)
    ids = [int(word) for word in rng.integers(6, size={"empty": 0, "one": 1, "long": 600, "impossible": 5}[kind])]
    if kind == "impossible":
        decoder["log_probs"][:, ids[2]] = -np.inf
    value, after = submission.call_with_inputs("sequence_log_prob", decoder, ids)
    close(value, reference.call("sequence_log_prob", decoder, ids), "the log-probability")
    check_unchanged(after, (decoder, ids), "decoder", "ids")


# --- greedy_search


def search_all(code, decoders, max_length):
    """Search greedily with each decoder: the sentences and their log-probabilities."""
    values = [code.call("greedy_search", decoder, max_length) for decoder in decoders]
    pairs = [unpack(value, "ids", "log_prob", of="greedy_search") for value in values]
    return [ids for ids, _ in pairs], [log_prob for _, log_prob in pairs]


def draw_greedy(rng, reference, count=8, max_length=9):
    """Draw decoders of which some reach `<eos>` early and others never."""
    while True:
        decoders = [draw_decoder(rng) for _ in range(count)]
        expected = search_all(reference, decoders, max_length)
        ended = [ids[-1] == EOS and 1 < len(ids) < max_length for ids in expected[0]]
        if 1 < sum(ended) < count and any(len(ids) == max_length for ids in expected[0]):
            return decoders, expected


@pytest.mark.points(4, of="greedy_search")
@pytest.mark.hint("At every step: the word with the largest log-probability in the state, then the next state.")
def test_greedy_words(submission, reference, rng):
    """Each word is the most probable one in its state, until <eos> or the maximum length."""
    decoders, (expected, _) = draw_greedy(rng, reference)
    longer = [[word - 1 for word in ids] for ids in search_all(reference, map(endless, decoders), 9)[0]]
    least = search_all(reference, [{**decoder, "log_probs": -decoder["log_probs"]} for decoder in decoders], 9)[0]
    known = [
        ("The sentence continues after <eos>. Stop there.", longer),
        ("<eos> is missing: it belongs to the sentence.", [[w for w in ids if w != EOS] for ids in expected]),
        ("These are the least probable words: a log-probability closer to 0 is larger.", least),
        (STUCK, search_all(reference, map(stuck, decoders), 9)[0]),
        ("There are more words than max_length allows.", search_all(reference, decoders, 10)[0]),
        ("There are fewer words than max_length allows.", search_all(reference, decoders, 8)[0]),
    ]
    equal(search_all(submission, decoders, 9)[0], expected, "the sentences", known)


@pytest.mark.points(2, of="greedy_search")
@pytest.mark.hint("log_prob is the sum of the log-probabilities of the chosen words, <eos> included.")
def test_greedy_log_probability(submission, reference, rng):
    """The log-probability is that of the sentence found."""
    decoders, (sentences, expected) = draw_greedy(rng, reference)
    lengths = np.array([len(ids) for ids in sentences])
    values = [submission.call("greedy_search", decoder, 9) for decoder in decoders]
    values = [unpack(value, "ids", "log_prob", of="greedy_search")[1] for value in values]
    without = [reference.call("sequence_log_prob", *pair) for pair in zip(decoders, drop_end(sentences), strict=True)]
    known = [
        ("These are probabilities. Return their logarithms.", np.exp(expected)),
        ("This is the mean over the words. Return the sum.", expected / lengths),
        ("<eos> does not count. It is a word like the others.", np.array(without)),
    ]
    check(all(type(value) in (int, float) for value in values), "log_prob is not a number")
    close(np.array(values), np.array(expected), "the log-probabilities", "(number of decoders,)", known)


def drop_end(sentences):
    """Return the sentences without `<eos>`."""
    return [[word for word in ids if word != EOS] for ids in sentences]


@pytest.mark.hidden
@pytest.mark.points(4, of="greedy_search")
@pytest.mark.hint("max_length counts all words, and may be reached without <eos>. Do not change the decoder in place.")
@pytest.mark.parametrize("max_length", [1, 2, 40], ids=["one", "two", "long"])
def test_other_greedy_sentences(submission, reference, rng, max_length):
    """Greedy search is right for any maximum length, also if <eos> is impossible; the decoder is unchanged."""
    words, jane = draw_jane(rng)
    never = draw_decoder(rng, 9, 3, 4)
    never["log_probs"][:, EOS] = -np.inf
    for decoder in (jane, never, draw_decoder(rng, 3, 8, 2)):
        value, after = submission.call_with_inputs("greedy_search", decoder, max_length)
        ids, log_prob = unpack(value, "ids", "log_prob", of="greedy_search")
        expected = reference.call("greedy_search", decoder, max_length)
        equal(ids, expected[0], "the sentence")
        close(log_prob, expected[1], "log_prob")
        check_unchanged(after, (decoder, max_length), "decoder", "max_length")
    full = submission.call("greedy_search", jane, len(GOING.split()) + 1)
    equal(unpack(full, "ids", "log_prob", of="greedy_search")[0], spell(words, GOING), "the sentence about Jane")


# --- beam_step


def draw_step(rng, paths=4, words=6):
    """Draw log-probabilities of live paths and of their next words."""
    return np.log(rng.dirichlet(np.full(paths, 3.0))), np.log(rng.dirichlet(np.ones(words), paths))


def step_mistakes(reference, log_p, next_log_p, width):
    """Return known mistakes of a step, each with its three values."""
    call = reference.call
    K = len(log_p)
    expected = call("beam_step", log_p, next_log_p, width)
    flat = expected[1] * next_log_p.shape[1] + expected[2]
    worst = call("beam_step", -log_p, -next_log_p, width)
    rows = [call("beam_step", log_p[[k]], next_log_p[[k]], 1) for k in range(K)]
    order = np.argsort([-row[0][0] for row in rows])
    best_rows = [np.array([rows[k][part][0] for k in order]) for part in (0, 2)]
    return [
        ("The worst candidates are kept: a log-probability closer to 0 is larger.", (-worst[0], *worst[1:])),
        ("The candidates are in reverse order: the best comes first.", tuple(part[::-1] for part in expected)),
        (
            "The log-probability of the path itself does not count. Add it to that of the word.",
            call("beam_step", np.zeros(K), next_log_p, width),
        ),
        ("Only one candidate of each path is kept. Choose among all candidates together.", (best_rows[0], order)),
        ("A flat position is converted with the number of words, not of paths.", (expected[0], flat // K, flat % K)),
        ("paths and new_words are swapped.", (expected[0], expected[2], expected[1])),
        ("These are probabilities. Return their logarithms.", (np.exp(expected[0]), *expected[1:])),
        (
            "new_log_p holds the log-probability of the word alone. Add that of its path.",
            (next_log_p[expected[1], expected[2]], *expected[1:]),
        ),
    ]


def check_step(value, expected, mistakes=()):
    """Check the three values of a step."""
    parts = unpack(value, "new_log_p", "paths", "new_words", of="beam_step")
    close(parts[0], expected[0], "new_log_p", "(C,)", [(hint, wrong[0]) for hint, wrong in mistakes])
    for place, name in ((1, "paths"), (2, "new_words")):
        known = [(hint, wrong[place]) for hint, wrong in mistakes if len(wrong) > place]
        array = shaped(parts[place], expected[place].shape, name, "(C,)")
        check(array.dtype.kind in "iu", f"{name} is not an array of integers")
        equal(array, expected[place], name, known)


@pytest.mark.points(7, of="beam_step")
@pytest.mark.hint("Add log_p to each row of next_log_p, and take the best of all K times V candidates.")
def test_step(submission, reference, rng):
    """The best extensions of all paths together are kept, best first, each with its path and word."""
    ask = (*draw_step(rng), 5)
    expected = reference.call("beam_step", *ask)
    while len(set(expected[1])) in (1, 4, 5) or list(expected[1]) == list(expected[2]):
        ask = (*draw_step(rng), 5)
        expected = reference.call("beam_step", *ask)
    check_step(submission.call("beam_step", *ask), expected, step_mistakes(reference, *ask))


@pytest.mark.points(3, of="beam_step")
@pytest.mark.hint("A candidate with a log-probability of minus infinity is never kept, even if fewer remain.")
def test_impossible_candidates(submission, reference, rng):
    """Impossible candidates are not kept, so there may be fewer than the beam width."""
    log_p, next_log_p = draw_step(rng, 3, 4)
    next_log_p[rng.permuted(np.tile([True, True, True, False], (3, 1)), axis=1)] = -np.inf
    next_log_p[1] = rng.permutation(np.log([0.3, 0.7, 1e-300, 1e-300]))
    next_log_p[1][next_log_p[1] < -600] = -np.inf
    value = submission.call("beam_step", log_p, next_log_p, 6)
    parts = unpack(value, "new_log_p", "paths", "new_words", of="beam_step")
    impossible = type(parts[0]) is np.ndarray and np.isneginf(parts[0]).any()
    check(not impossible, "an impossible candidate is kept", "Leave out candidates with a log-probability of -inf.")
    check_step(value, reference.call("beam_step", log_p, next_log_p, 6))


@pytest.mark.hidden
@pytest.mark.points(4, of="beam_step")
@pytest.mark.hint("There may be one path, two words, or fewer candidates than the beam width.")
@pytest.mark.parametrize("paths, words, width", [(1, 7, 3), (6, 2, 4), (5, 9, 1), (2, 3, 20)])
def test_other_steps(submission, reference, rng, paths, words, width):
    """A step is right for other sizes; the arguments are unchanged."""
    ask = (*draw_step(rng, paths, words), width)
    value, after = submission.call_with_inputs("beam_step", *ask)
    check_step(value, reference.call("beam_step", *ask))
    check_unchanged(after, ask, "log_p", "next_log_p", "beam_width")


# --- normalized_score


@pytest.mark.points(3, of="normalized_score")
@pytest.mark.hint("Compare your line with the formula of section 5.")
def test_score(submission, reference, rng):
    """The log-probability is divided by a power of the length."""
    log_prob, length, alpha = -float(rng.uniform(3, 20)), int(rng.integers(3, 30)), float(rng.uniform(0.4, 0.9))
    expected = reference.call("normalized_score", log_prob, length, alpha)
    known = [
        (
            "The score is multiplied by the length, which favors short sentences even more. Divide.",
            log_prob**2 / expected,
        ),
        ("alpha is a factor here. It is the exponent of the length.", log_prob / (length * alpha)),
        ("alpha has no influence: it is the exponent of the length.", log_prob / length),
        ("The length has no influence.", log_prob),
        ("The power is upside down: the length is raised to alpha.", log_prob / alpha**length),
        ("The sign is wrong: a score is 0 or less, larger is better.", -expected),
    ]
    close(submission.call("normalized_score", log_prob, length, alpha), expected, "the score", known=known)


@pytest.mark.hidden
@pytest.mark.points(2, of="normalized_score")
@pytest.mark.hint("With alpha = 0 the score is the log-probability, with alpha = 1 its mean per word.")
@pytest.mark.parametrize("alpha", [0, 1, 0.25, 2.0])
def test_other_scores(submission, reference, rng, alpha):
    """The score is right for other exponents, and for one word."""
    for length in (1, int(rng.integers(2, 90))):
        log_prob = -float(rng.uniform(1, 200))
        value = submission.call("normalized_score", log_prob, length, alpha)
        close(value, reference.call("normalized_score", log_prob, length, alpha), "the score")


# --- beam_search


def split_sentences(value):
    """Check a list of (ids, log-probability), and return both parts."""
    check(type(value) is list, "beam_search does not return a list")
    pairs = [unpack(pair, "ids", "log_prob", of="beam_search, for a sentence,") for pair in value]
    check(all(type(log_prob) in (int, float) for _, log_prob in pairs), "a log-probability is not a number")
    return [ids for ids, _ in pairs], np.array([log_prob for _, log_prob in pairs], dtype=float)


def search_ids(reference, *ask):
    """Return the sentences that the reference finds."""
    return [ids for ids, _ in reference.call("beam_search", *ask)]


def draw_search(rng, reference, width, max_length, alpha):
    """Draw a decoder for which ends, lengths, alpha and the limits matter."""
    while True:
        decoder = draw_decoder(rng)
        found = search_ids(reference, decoder, width, max_length, alpha)
        lengths = [len(ids) for ids in found if ids[-1] == EOS]
        matters = [
            len(lengths) < len(found) and len(set(lengths)) > 2 and max(lengths) < max_length,
            found != search_ids(reference, decoder, width, max_length, 0 if alpha else 0.8),
            found[:1] != search_ids(reference, decoder, 1, max_length, alpha),
            len(found[0]) not in (1, max_length),
        ]
        if all(matters):
            return decoder


NO_PLACE = (
    "Finished sentences take no place in the beam here. Each step keeps beam_width candidates, finished ones too."
)
PRUNED = "The candidates are compared by their normalized scores. Keep those with the largest log-probabilities."


def slipped_search(decoder, width, max_length, alpha, slip):
    """Return the sentences of a search with a slip."""
    live, done = [((), 0.0, 0)], []

    def score(path):
        return path[1] / len(path[0]) ** alpha

    for _step in range(max_length):
        paths = [
            ((*ids, word), total + added, decoder["next_state"][state, word])
            for ids, total, state in live
            for word, added in enumerate(decoder["log_probs"][state])
        ]
        if slip == NO_PLACE:
            done += [path for path in paths if path[0][-1] == EOS]
            paths = [path for path in paths if path[0][-1] != EOS]
        kept = sorted(paths, key=score if slip == PRUNED else lambda path: path[1], reverse=True)[:width]
        done += [path for path in kept if path[0][-1] == EOS]
        live = [path for path in kept if path[0][-1] != EOS]
    return [[int(word) for word in path[0]] for path in sorted(done + live, key=score, reverse=True)]


@pytest.mark.points(8, of="beam_search")
@pytest.mark.hint(CARRIED)
@pytest.mark.parametrize("width, alpha", [(3, 0.7), (4, 0)], ids=["normalized", "not normalized"])
def test_beam(submission, reference, rng, width, alpha):
    """All finished sentences are found, and ranked by their normalized score."""
    decoder = draw_search(rng, reference, width, 6, alpha)
    ask = (decoder, width, 6, alpha)
    expected, log_probs = split_sentences(reference.call("beam_search", *ask))
    first_end = min(len(ids) for ids in expected if ids[-1] == EOS)
    shifted = search_ids(reference, endless(decoder), width, 6, alpha)
    other_order = "The order is wrong: with alpha = 0 it is that of the log-probabilities."
    known = [
        (STUCK, search_ids(reference, stuck(decoder), width, 6, alpha)),
        ("This is greedy search: only one path is kept.", search_ids(reference, decoder, 1, 6, alpha)),
        (UNNORMALIZED if alpha else other_order, search_ids(reference, decoder, width, 6, 0 if alpha else 1)),
        ("The worst sentence comes first.", expected[::-1]),
        ("Only one sentence is returned. Return all finished ones.", expected[:1]),
        ("Paths that are still live at the end are missing.", [ids for ids in expected if ids[-1] == EOS]),
        ("Only paths that are still live at the end are returned.", [ids for ids in expected if ids[-1] != EOS]),
        ("<eos> is missing: it belongs to the sentence.", drop_end(expected)),
        (
            "Finished paths are extended. Set them aside when they end in <eos>.",
            [[word - 1 for word in ids] for ids in shifted],
        ),
        (
            "The search stops at the first <eos>. Go on with the live paths.",
            search_ids(reference, decoder, width, first_end, alpha),
        ),
        *((slip, lambda slip=slip: slipped_search(*ask, slip)) for slip in (NO_PLACE, PRUNED)),
    ]
    ids, values = split_sentences(submission.call("beam_search", *ask))
    equal(ids, expected, "the sentences", known)
    lengths = np.array([len(sentence) for sentence in expected])
    scores = log_probs / lengths**alpha
    known_values = [("These are normalized scores. Return log-probabilities.", scores)] if alpha else []
    known_values.append(("These are probabilities. Return their logarithms.", np.exp(log_probs)))
    close(values, log_probs, "the log-probabilities", "(number of sentences,)", known_values)


@pytest.mark.points(5, of="beam_search")
@pytest.mark.hint("With three paths the search finds 'Jane is visiting Africa in September', with one it is greedy.")
def test_jane(submission, reference, rng):
    """A beam of three finds the sentence that greedy search misses, and prefers a short one without normalization."""
    words, decoder = draw_jane(rng)
    expected = [spell(words, text) for text in (GOING, VISITING, SHORT)]
    cases = ((1, 1.0), (3, 1.0), (3, 0.0))
    found = [split_sentences(submission.call("beam_search", decoder, width, 12, alpha))[0] for width, alpha in cases]
    check(all(found), "beam_search returns no sentence")
    known = [
        ("All three are the greedy sentence: more than one path has to stay alive.", [expected[0]] * 3),
        (UNNORMALIZED, [expected[0], expected[2], expected[2]]),
    ]
    equal([sentences[0] for sentences in found], expected, "the best sentences", known)


@pytest.mark.hidden
@pytest.mark.points(4, of="beam_search")
@pytest.mark.hint(CARRIED)
@pytest.mark.parametrize("width, max_length, alpha", [(1, 9, 1.3), (2, 1, 0.5), (9, 4, 0.3), (5, 12, 0.9)])
def test_other_beams(submission, reference, rng, width, max_length, alpha):
    """The search is right for other widths, lengths, exponents and decoders; the arguments are unchanged."""
    for decoder in (draw_decoder(rng, 12, 4, 5, 0.8), draw_decoder(rng, 14, 9, 2, 2.0), draw_jane(rng)[1]):
        ask = (decoder, width, max_length, alpha)
        value, after = submission.call_with_inputs("beam_search", *ask)
        ids, values = split_sentences(value)
        expected, log_probs = split_sentences(reference.call("beam_search", *ask))
        equal(ids, expected, "the sentences")
        close(values, log_probs, "the log-probabilities", "(number of sentences,)")
        check_unchanged(after, ask, "decoder", "beam_width", "max_length", "alpha")


@pytest.mark.hidden
@pytest.mark.points(3, of="beam_search")
@pytest.mark.hint("A beam that is wide enough for all beginnings finds every sentence.")
@pytest.mark.parametrize("words, max_length", [(3, 5), (4, 4)])
def test_wide_beams_are_exhaustive(submission, reference, rng, words, max_length):
    """A beam as wide as the tree finds all sentences, the best of them first."""
    decoder, alpha = draw_decoder(rng, max_length, words), float(rng.uniform(0.2, 1.2))
    sentences = [
        list(ids)
        for length in range(1, max_length + 1)
        for ids in itertools.product(range(words), repeat=length)
        if EOS not in ids[:-1] and (ids[-1] == EOS or length == max_length)
    ]
    log_probs = [reference.call("sequence_log_prob", decoder, ids) for ids in sentences]
    order = np.argsort([-value / len(ids) ** alpha for ids, value in zip(sentences, log_probs, strict=True)])
    ids, values = split_sentences(submission.call("beam_search", decoder, words**max_length, max_length, alpha))
    equal(ids, [sentences[place] for place in order], "the sentences")
    close(values, np.array(log_probs)[order], "the log-probabilities", "(number of sentences,)")


# --- ngram_precision


def draw_words(rng, length, count=4):
    """Draw a sentence of few different words."""
    return [WORDS[index] for index in rng.integers(count, size=length)]


def count_matches(hypothesis, references, n, limit):
    """Return matches and total; `limit` gives the allowed matches of an n-gram from its counts in the references."""
    grams = [[tuple(words[i : i + n]) for i in range(len(words) - n + 1)] for words in (hypothesis, *references)]
    own, others = grams[0], grams[1:]
    allowed = [min(own.count(gram), limit([other.count(gram) for other in others])) for gram in set(own)]
    return [int(sum(allowed)), len(own)]


def precision_mistakes(hypothesis, references, n):
    """Return the pairs of known mistakes."""
    first, last = [count_matches(hypothesis, [references[place]], n, max) for place in (0, -1)]
    matches, total = count_matches(hypothesis, references, n, max)
    unclipped = count_matches(hypothesis, references, n, lambda counts: 99 * max(counts))[0]
    different = count_matches(hypothesis, references, n, lambda counts: min(1, max(counts)))[0]
    other_n = count_matches(hypothesis, references, 3 - n, max)
    only_one = "Only one reference counts. An n-gram may occur in any of them."
    clip = "The counts are not clipped: an n-gram counts at most as often as in the reference that has most of it."
    return [
        (clip, [unclipped, total]),
        (
            "The counts of all references are added. Take the largest count in one reference.",
            [count_matches(hypothesis, references, n, sum)[0], total],
        ),
        (
            "The smallest count in a reference is used. Take the largest.",
            [count_matches(hypothesis, references, n, min)[0], total],
        ),
        (only_one, first),
        (only_one, last),
        ("Each different n-gram counts once. Count repetitions, up to the limit.", [different, total]),
        ("The total is that of a reference, which is recall.", [matches, len(references[0]) - n + 1]),
        ("The n-grams have the wrong length: look at n.", other_n),
        ("matches and total are swapped.", [total, matches]),
    ]


def draw_translation(rng, n):
    """Draw a translation and three references for which the known mistakes give different pairs."""
    while True:
        hypothesis = draw_words(rng, 11)
        references = [draw_words(rng, int(length)) for length in rng.permutation([6, 8, 13])]
        pairs = [tuple(pair) for _, pair in precision_mistakes(hypothesis, references, n)]
        if tuple(count_matches(hypothesis, references, n, max)) not in pairs and len(set(pairs)) == len(pairs):
            return hypothesis, references


@pytest.mark.points(6, of="ngram_precision")
@pytest.mark.hint("Count the n-grams of the translation; of each, at most its largest count in a reference matches.")
@pytest.mark.parametrize("n", [1, 2])
def test_precision(submission, reference, rng, n):
    """N-grams match as often as in the reference that has most of them."""
    hypothesis, references = draw_translation(rng, n)
    expected = reference.call("ngram_precision", hypothesis, references, n)
    value = submission.call("ngram_precision", hypothesis, references, n)
    pair = unpack(value, "matches", "total", of="ngram_precision")
    check(all(type(number) is int for number in pair), "ngram_precision returns numbers that are no integers")
    equal(pair, expected, "matches and total", precision_mistakes(hypothesis, references, n))


@pytest.mark.hidden
@pytest.mark.points(4, of="ngram_precision")
@pytest.mark.hint("A translation may be empty or shorter than n. Do not change the sentences in place.")
@pytest.mark.parametrize("length, n", [(0, 1), (2, 3), (30, 3), (9, 4)], ids=["empty", "short", "long", "four"])
def test_other_precisions(submission, reference, rng, length, n):
    """Matches and totals are right for other sentences and n; the arguments are unchanged."""
    for count in (1, 2):
        references = [draw_words(rng, int(size), 2) for size in rng.integers(4, 25, count)]
        ask = (draw_words(rng, length, 2), references, n)
        value, after = submission.call_with_inputs("ngram_precision", *ask)
        pair = unpack(value, "matches", "total", of="ngram_precision")
        equal(pair, reference.call("ngram_precision", *ask), "matches and total")
        check_unchanged(after, ask, "hypothesis", "references", "n")


# --- closest_length


@pytest.mark.points(2, of="closest_length")
@pytest.mark.hint("Compare the distance of each length to the length of the translation.")
def test_closest(submission, reference, rng):
    """The length is that of the reference closest in length."""
    length = int(rng.integers(8, 12))
    sizes = [length - 4, length - 1, length + 3, length + 6]
    sizes = [sizes[place] for place in (2, *rng.permutation([1, 0]), 3)]  # neither the first nor the last is right
    ask = (draw_words(rng, length, 9), [draw_words(rng, size, 9) for size in sizes])
    known = [
        ("This is the shortest reference. Take the closest.", min(sizes)),
        ("This is the longest reference. Take the closest.", max(sizes)),
        ("This is the first reference. Take the closest.", sizes[0]),
        ("This is the distance. Return the length itself.", 1),
        ("This is the length of the translation. Return that of a reference.", length),
    ]
    equal(submission.call("closest_length", *ask), reference.call("closest_length", *ask), "the length", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="closest_length")
@pytest.mark.hint("Of two equally close lengths the shorter counts. A translation may be empty.")
@pytest.mark.parametrize("longer_first", [True, False])
def test_equally_close_lengths(submission, reference, rng, longer_first):
    """Of two equally close references the shorter counts; an empty translation is closest to the shortest."""
    length, distance = int(rng.integers(9, 15)), int(rng.integers(1, 5))
    sizes = [length + distance, length - distance, length + distance + 2][:: 1 if longer_first else -1]
    references = [draw_words(rng, size, 9) for size in sizes]
    for hypothesis in (draw_words(rng, length, 9), []):
        value, after = submission.call_with_inputs("closest_length", hypothesis, references)
        equal(value, reference.call("closest_length", hypothesis, references), "the length")
        check_unchanged(after, (hypothesis, references), "hypothesis", "references")


# --- brevity_penalty


@pytest.mark.points(3, of="brevity_penalty")
@pytest.mark.hint("Compare your lines with the formula of section 8.")
def test_penalty(submission, reference, rng):
    """A translation shorter than the reference is penalized, a longer one is not."""
    c, r = int(rng.integers(20, 30)), int(rng.integers(32, 60))
    pairs = [(c, r), (r, c)]
    expected = np.array([reference.call("brevity_penalty", *pair) for pair in pairs])
    values = [submission.call("brevity_penalty", *pair) for pair in pairs]
    check(all(type(value) in (int, float) for value in values), "the penalty is not a number")
    upside_down = "The fraction is upside down: divide the length of the reference by that of the translation."
    known = [
        ("Long translations are penalized as well. Only short ones should be.", np.exp([1 - r / c, c / r - 1])),
        ("Long translations get more than 1. The penalty is 1 for them.", np.exp([1 - r / c, 1 - c / r])),
        (upside_down, np.exp([1 - c / r, 1 - r / c])),
        (upside_down, np.array([1.0, expected[0]])),
        (upside_down, np.array([np.exp(1 - c / r), 1.0])),
        ("This is the ratio of the lengths. The formula has an exponential.", np.array([c / r, 1.0])),
        ("This is the ratio of the lengths. The formula has an exponential.", np.array([c / r, r / c])),
        ("There is no penalty.", np.ones(2)),
    ]
    close(np.array(values), expected, "the penalties of a short and a long translation", "(2,)", known)


@pytest.mark.hidden
@pytest.mark.points(3, of="brevity_penalty")
@pytest.mark.hint("The penalty of no words at all is 0, and that of equal lengths 1.")
@pytest.mark.parametrize("kind", ["empty", "equal", "tiny", "long"])
def test_other_penalties(submission, reference, rng, kind):
    """The penalty is right for no words, equal lengths and very unequal ones."""
    r = int(rng.integers(5, 50))
    c = {"empty": 0, "equal": r, "tiny": 1, "long": 3 * r}[kind]
    close(submission.call("brevity_penalty", c, r), reference.call("brevity_penalty", c, r), "the penalty")


# --- bleu


def draw_corpus(rng, count=3, changed=2):
    """Draw translations, each a reference with a few words changed or missing, and a short and a long reference."""
    hypotheses, references = [], []
    for place in range(count):
        own = [draw_words(rng, int(rng.integers(*sizes)), 12) for sizes in ((9, 11), (16, 19))]
        words = list(own[place % 2])
        for index in rng.integers(len(words), size=changed):
            words[index] = str(rng.choice(WORDS))
        hypotheses.append(words[: len(words) - int(rng.integers(1, 3))])
        references.append([own[choice] for choice in rng.permutation(2)])
    order = rng.permutation(count)
    return [hypotheses[place] for place in order], [references[place] for place in order]


def precisions_of(reference, hypotheses, references, max_n=4):
    """Return the precisions of a corpus."""
    cases = list(zip(hypotheses, references, strict=True))
    counts = [[reference.call("ngram_precision", *case, n) for case in cases] for n in range(1, max_n + 1)]
    return np.array([np.divide(*np.sum(pairs, axis=0)) for pairs in counts])


@pytest.mark.points(7, of="bleu")
@pytest.mark.hint("Add up matches, totals and lengths of all sentences; then the formula of section 9.")
def test_bleu(submission, reference, rng):
    """BLEU is the geometric mean of the corpus's precisions, times its brevity penalty."""
    hypotheses, references = draw_corpus(rng)
    expected = reference.call("bleu", hypotheses, references)
    p = precisions_of(reference, hypotheses, references)
    while not expected or reference.call("bleu", hypotheses, [own[:1] for own in references]) in (0, expected):
        hypotheses, references = draw_corpus(rng)
        expected = reference.call("bleu", hypotheses, references)
        p = precisions_of(reference, hypotheses, references)
    penalty = expected / np.exp(np.log(p).mean())
    each = [reference.call("bleu", [words], [own]) for words, own in zip(hypotheses, references, strict=True)]
    one_reference = "Only one reference of each sentence counts."
    known = [
        ("This is the mean of the sentences' scores. Add the counts of all sentences first.", np.mean(each)),
        ("The brevity penalty is missing.", expected / penalty),
        ("This is the arithmetic mean of the precisions. BLEU has the geometric mean.", penalty * p.mean()),
        ("This is the product of the precisions. Take the mean of their logarithms.", penalty * p.prod()),
        ("This is the product of the precisions. Take the mean of their logarithms.", p.prod()),
        ("The n-grams end at another n: look at max_n.", reference.call("bleu", hypotheses, references, 3)),
        ("The n-grams end at another n: look at max_n.", reference.call("bleu", hypotheses, references, 5)),
        (one_reference, reference.call("bleu", hypotheses, [own[:1] for own in references])),
        (one_reference, reference.call("bleu", hypotheses, [own[-1:] for own in references])),
        ("The score is between 0 and 1 here.", 100 * expected),
        ("This is the logarithm of the score.", np.log(expected)),
    ]
    close(submission.call("bleu", hypotheses, references), expected, "the score", known=known)


@pytest.mark.hidden
@pytest.mark.points(4, of="bleu")
@pytest.mark.hint("Without any matches of some n the score is 0, without a warning or an error. See section 9.")
@pytest.mark.parametrize("kind", ["empty", "one empty", "short", "strangers", "perfect", "one", "two", "many"])
def test_other_corpora(submission, reference, rng, kind):
    """BLEU is right for empty, short, wrong and perfect translations, and other n; the arguments are unchanged."""
    hypotheses, references = draw_corpus(rng, 12 if kind == "many" else 4, changed=1)
    max_n = {"one": 1, "two": 2, "many": 6}.get(kind, 4)
    if kind in ("empty", "strangers"):
        hypotheses = [[word.upper() for word in words if kind == "strangers"] for words in hypotheses]
    if kind == "one empty":
        hypotheses[1] = []
    if kind == "short":
        hypotheses = [words[:3] for words in hypotheses]
    if kind == "perfect":
        hypotheses = [list(own[-1]) for own in references]
    value, after = submission.call_with_inputs("bleu", hypotheses, references, max_n)
    close(value, reference.call("bleu", hypotheses, references, max_n), "the score")
    check_unchanged(after, (hypotheses, references, max_n), "hypotheses", "references", "max_n")


# --- find_fault


def draw_cases(rng, count=12):
    """Draw decoders with pairs of sentences, of which every third is equal."""
    decoders = [draw_decoder(rng) for _ in range(count)]
    humans, founds = ([draw_ids(rng, int(size)) for size in rng.integers(2, 8, count)] for _ in range(2))
    founds = [
        list(human) if place % 3 == 1 else ids for place, (human, ids) in enumerate(zip(humans, founds, strict=True))
    ]
    return decoders, humans, founds


def find_all(code, cases, alpha):
    """Find the fault of each case."""
    return [code.call("find_fault", *case, alpha) for case in zip(*cases, strict=True)]


def draw_faults(rng, reference, alpha, count=12):
    """Draw cases with both faults, of which some depend on alpha."""
    while True:
        cases = draw_cases(rng, count)
        faults = find_all(reference, cases, alpha)
        other = find_all(reference, cases, 0 if alpha else 1)
        shares = {text.count("search") / max(1, len(text) - text.count("none")) for text in (faults, other)}
        if faults.count("search") > 1 and faults.count("model") > 1 and len(shares) == 2 and 0.5 not in shares:
            return cases, faults


@pytest.mark.points(4, of="find_fault")
@pytest.mark.hint("Compare the normalized scores of both sentences; see the table of section 10.")
@pytest.mark.parametrize("alpha", [0, 1], ids=["not normalized", "normalized"])
def test_fault(submission, reference, rng, alpha):
    """The search is at fault if the right sentence has the higher normalized score, otherwise the model."""
    cases, expected = draw_faults(rng, reference, alpha)
    swapped = {"search": "model", "model": "search", "none": "none"}
    raw = "The lengths do not count. Compare normalized scores: that is what the search maximizes."
    normalized = "With alpha = 0 the scores are the log-probabilities themselves."
    known = [
        (
            "search and model are swapped: if the model prefers the right sentence, the search is at fault.",
            [swapped[fault] for fault in expected],
        ),
        (raw if alpha else normalized, find_all(reference, cases, 0 if alpha else 1)),
        (
            "Two equal sentences are no error: return none.",
            ["model" if fault == "none" else fault for fault in expected],
        ),
        (
            "Two equal sentences are no error: return none.",
            ["search" if fault == "none" else fault for fault in expected],
        ),
    ]
    equal(find_all(submission, cases, alpha), expected, "the faults", known)


@pytest.mark.hidden
@pytest.mark.points(2, of="find_fault")
@pytest.mark.hint("If both scores are equal, or the right sentence is impossible, the search did its work.")
@pytest.mark.parametrize("kind", ["tie", "impossible", "longer"])
def test_other_faults(submission, reference, rng, kind):
    """The fault is right for equal scores, impossible sentences and very different lengths."""
    decoder, alpha = draw_decoder(rng, 5, 6), float(rng.uniform(0.3, 1.0))
    human, found = [1, *draw_ids(rng, 5, 6)], [2, *draw_ids(rng, 5, 6)]
    if kind == "tie":
        decoder["log_probs"] = np.full_like(decoder["log_probs"], -np.log(6))
    if kind == "impossible":
        decoder["log_probs"][:, human[0]] = -np.inf
        found = [word for word in found if word != human[0]]
    if kind == "longer":
        human = draw_ids(rng, 60, 6)
    for ask in ((decoder, human, found, alpha), (decoder, found, human, alpha)):
        value, after = submission.call_with_inputs("find_fault", *ask)
        equal(value, reference.call("find_fault", *ask), "the fault")
        check_unchanged(after, ask, "decoder", "human", "found", "alpha")


# --- error_analysis


def check_fractions(value, expected, mistakes=()):
    """Check the two fractions, with known mistakes as dicts."""
    check(type(value) is dict and set(value) == {"search", "model"}, 'the result is not a dict of "search" and "model"')
    for part in ("search", "model"):
        close(value[part], expected[part], part, known=[(hint, wrong[part]) for hint, wrong in mistakes])


@pytest.mark.points(3, of="error_analysis")
@pytest.mark.hint("Count the faults, and divide by the number of sentences that are wrong.")
@pytest.mark.parametrize("alpha", [1, 0], ids=["normalized", "not normalized"])
def test_analysis(submission, reference, rng, alpha):
    """The fractions are those of the wrong sentences."""
    cases, faults = draw_faults(rng, reference, alpha, 15)
    counts = {part: faults.count(part) for part in ("search", "model")}
    mistakes = [
        (
            "These are fractions of all sentences. Divide by the number of wrong ones.",
            {p: n / 15 for p, n in counts.items()},
        ),
        ("These are counts. Divide by the number of wrong sentences.", counts),
        (
            "These are percentages. Return fractions between 0 and 1.",
            {p: 100 * n / sum(counts.values()) for p, n in counts.items()},
        ),
        ("search and model are swapped.", {"search": counts["model"] / 10, "model": counts["search"] / 10}),
    ]
    check_fractions(
        submission.call("error_analysis", *cases, alpha), reference.call("error_analysis", *cases, alpha), mistakes
    )


@pytest.mark.hidden
@pytest.mark.points(3, of="error_analysis")
@pytest.mark.hint("If no sentence is wrong, both fractions are 0. There may be no sentences at all.")
@pytest.mark.parametrize("kind", ["none", "all right", "one wrong", "all wrong"])
def test_other_analyses(submission, reference, rng, kind):
    """The fractions are right for no sentences, only right and only wrong ones; the arguments are unchanged."""
    decoders, humans, founds = draw_cases(rng, {"none": 0, "all right": 5, "one wrong": 6, "all wrong": 9}[kind])
    if kind == "all wrong":
        founds = [[1, 2, *ids] for ids in humans]
    else:
        kept = 1 if kind == "one wrong" else 0
        founds = [[3, 1, *ids] for ids in humans[:kept]] + [list(ids) for ids in humans[kept:]]
    ask = (decoders, humans, founds, float(rng.uniform(0.3, 1.1)))
    value, after = submission.call_with_inputs("error_analysis", *ask)
    check_fractions(value, reference.call("error_analysis", *ask))
    check_unchanged(after, ask, "decoders", "humans", "founds", "alpha")
