"""Network of melodies: its steps, its probabilities, what it repeats, and what notes share."""

import keras
import numpy as np
import pytest
from keras import ops

from dlseq.data.music import parse_notes
from dlseq.tasks.music.network import MAX_MATCH, MelodyNetwork
from dlseq.text.vocabulary import Vocabulary

NOTES = ["C4:1", "D4:1", "C4:2^", "D4:0.5", "E4:1^", "r:1"]
VOCABULARY = Vocabulary(["major", "minor", *NOTES], level="word")
TUNES = [
    "major C4:1 D4:1 C4:2^ C4:1 D4:1 C4:2^ E4:1^ r:1 D4:0.5 D4:0.5",
    "minor D4:0.5 F9 D4:0.5 F9 E4:1^",  # with a symbol that the vocabulary lacks
]
IDS = VOCABULARY.encode_rows([tune.split() for tune in TUNES], eos=True)


def random_network(scale):
    model = MelodyNetwork(VOCABULARY.to_config(), unknown_share=0.01, embedding_units=5, units=7, depth=2)
    random = np.random.default_rng(3)
    for weight in model.trainable_weights:
        weight.assign(scale * random.normal(size=weight.shape))
    return model


@pytest.fixture(scope="module")
def network():
    return random_network(0.6)


def probabilities(network, ids=IDS):
    return np.exp(ops.convert_to_numpy(network(ids)))


def test_steps_give_the_log_probabilities_of_the_call(network):
    log_probs, state = ops.convert_to_numpy(network(IDS)), network.initial_state(2)
    for time, tokens in enumerate([np.array([2, 2], "int32"), *IDS.T[:-1]]):
        found, state = network.step(tokens, state)
        np.testing.assert_allclose(found, log_probs[:, time], atol=1e-5)


def test_probabilities_sum_to_one_and_an_unknown_symbol_has_its_share(network):
    found = probabilities(network)
    np.testing.assert_allclose(found.sum(axis=-1), 1, atol=1e-5)
    np.testing.assert_allclose(found[:, :, Vocabulary.unk_id], 0.01, atol=1e-6)


def test_a_later_symbol_changes_no_earlier_probability(network):
    changed = IDS.copy()
    changed[0, 6] = IDS[0, 1]
    before, after = network(IDS), network(changed)
    np.testing.assert_allclose(before[0, :7], after[0, :7], atol=1e-6)
    assert np.abs(np.asarray(before[0, 7]) - np.asarray(after[0, 7])).max() > 1e-3


def test_repetition_follows_the_longest_equal_runs():
    """Oracle: the sum over earlier places, in plain Python, where all symbols but the repeated ones are even."""
    network = random_network(0)
    by_match = np.linspace(-2, 3, MAX_MATCH + 1)
    network.match_logits.assign(by_match)
    ids = VOCABULARY.encode_rows([("major " + "C4:1 D4:1 E4:1^ " * 5 + "r:1").split()], eos=True)
    found, read = probabilities(network, ids), [2, *ids[0].tolist()]
    for time in range(ids.shape[1]):
        places = range(1, time)  # the first symbol is the mode
        weights = np.exp([by_match[run_length(read[: place + 1], read[: time + 1])] for place in places])
        expected = np.full(len(VOCABULARY), 1 / (len(VOCABULARY) - 2))  # of all but padding and the unknown one
        expected[:2] = 0
        for place, weight in zip(places, weights, strict=True):
            expected[ids[0, place]] += weight
        expected *= 0.99 / (1 + weights.sum())
        expected[Vocabulary.unk_id] = 0.01
        np.testing.assert_allclose(found[0, time], expected, atol=1e-5)


def run_length(left, right):
    """Return the number of last symbols that are equal, up to the largest that counts."""
    length = 0
    while length < min(len(left), len(right), MAX_MATCH) and left[-1 - length] == right[-1 - length]:
        length += 1
    return length


@pytest.mark.parametrize(
    ("layer", "alike", "different"),
    [
        ("pitch", ("C4:1", "C4:2^"), "D4:1"),
        ("duration", ("C4:1", "D4:1"), "D4:0.5"),
        ("end", ("C4:2^", "E4:1^"), "C4:1"),
        ("interval", ("D4:1", "D4:0.5"), "E4:1^"),
    ],
)
def test_notes_share_the_logits_of_their_parts(network, layer, alike, different):
    model = random_network(0)
    named = {**network.logits_of_parts, "interval": network.logits_of_intervals}[layer]
    own = {**model.logits_of_parts, "interval": model.logits_of_intervals}[layer]
    own.set_weights(named.get_weights())
    for mine, other in zip(model.lstms, network.lstms, strict=True):
        mine.set_weights(other.get_weights())
    model.novelty.bias.assign([50.0])  # nothing is repeated
    found = probabilities(model)[0, 2]
    first, second, third = (found[VOCABULARY.encode_rows([[symbol]])[0, 0]] for symbol in (*alike, different))
    assert first == pytest.approx(second, rel=1e-4)
    assert abs(first - third) > 1e-3


MELODY = ["major", "C4:1", "D4:0.5", "E4:1^", "r:1", "D4:0.5", "D4:0.5", "C4:2^", "C4:1", "C4:1", "D4:0.5", "r:1"]
KINDS = {
    "beat": lambda ticks, since, note: ticks % 8,
    "two_bars": lambda ticks, since, note: ticks // 4 % 16,
    "three_beats": lambda ticks, since, note: ticks // 4 % 6,
    "phrase": lambda ticks, since, note: since,
    "pitch": lambda ticks, since, note: None if note is None else note.pitch or "rest",
    "duration": lambda ticks, since, note: note and note.ticks,
    "end": lambda ticks, since, note: note and note.ends_phrase,
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_tells_where_a_note_stands_and_its_parts(kind):
    """Oracle: a walk over the notes. A network without memory, with one kind of input, is the same where that is."""
    model = MelodyNetwork(VOCABULARY.to_config(), embedding_units=3, units=9)
    for name, embedding in {**model.inputs_of_parts, "symbol": model.embedding}.items():
        embedding.embeddings.assign(embedding.embeddings * (3.0 if name == kind else 0.0))
    cell = model.lstms[0].cell
    cell.recurrent_kernel.assign(0 * cell.recurrent_kernel)
    cell.bias.assign(np.repeat([0.0, -50.0, 0.0, 0.0], 9))  # forgets all
    model.novelty.bias.assign([50.0])
    model.logits_of_intervals.set_weights([0 * weight for weight in model.logits_of_intervals.get_weights()])
    found = probabilities(model, VOCABULARY.encode_rows([MELODY], eos=True))[0]
    notes, ticks, since, keys = [None, None, *parse_notes(" ".join(MELODY[1:]))], 0, -1, []
    for note in notes:
        ticks += note.ticks if note else 0
        since = 0 if note and note.ends_phrase else since + 1
        keys.append(KINDS[kind](ticks, since, note))
    alike = np.array([[left == right for right in keys] for left in keys])
    distances = np.abs(found[:, None] - found[None, :]).max(axis=-1)
    np.testing.assert_array_equal(distances < 1e-5, alike)


def test_a_copy_of_its_configuration_has_the_same_results(network):
    copy = MelodyNetwork.from_config(network.get_config())
    copy.set_weights(network.get_weights())
    np.testing.assert_array_equal(probabilities(copy), probabilities(network))
    assert isinstance(keras.saving.get_registered_object("dlseq>MelodyNetwork"), type)


@pytest.mark.parametrize("share", [0, 1])
def test_an_impossible_share_of_unknown_symbols_is_refused(share):
    with pytest.raises(ValueError, match="`unknown_share` between 0 and 1"):
        MelodyNetwork(VOCABULARY.to_config(), unknown_share=share)
