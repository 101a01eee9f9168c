"""Generation of melodies."""

import numpy as np
import pytest
from keras import ops

from dlseq.data.music import Melody, load_chorales, parse_notes
from dlseq.errors import DataError, DlseqError

pytestmark = pytest.mark.slow
START = parse_notes("D5 D5 E5")


@pytest.fixture(scope="module")
def composer(trained_melody_generator):
    return trained_melody_generator[0]


def test_a_melody_begins_with_the_given_notes_in_its_key(composer):
    melody = composer.generate("minor", 2, START, seed=4).melody
    assert (melody.tonic, melody.mode, melody.notes[:3]) == (2, "minor", START)
    assert len(melody.notes) > 3


def test_another_key_moves_all_notes(composer):
    low, high = (composer.generate("major", key, seed=5) for key in (0, 3))
    assert low.melody.in_key(3) == high.melody
    assert low.log_prob == high.log_prob


def test_seed_and_mode_decide_the_melody(composer):
    notes = {
        (mode, seed): composer.generate(mode, seed=seed).melody.notes for mode in ("major", "minor") for seed in (1, 2)
    }
    assert len(set(notes.values())) == 4
    assert composer.generate("major", seed=1).melody.notes == notes["major", 1]


def test_log_probabilities_are_sums_over_steps_without_the_mode(composer):
    """Oracle: the chain rule, one prefix at a time."""
    melody = load_chorales()[0]
    ids = composer.encode([melody])[0][0]
    log_probs = [
        float(ops.log_softmax(composer.network(ids[None, : step + 1])[0, step])[ids[step]])
        for step in range(1, len(ids))
    ]
    assert composer.log_probs([melody])[0] == pytest.approx(sum(log_probs), rel=1e-4)
    assert composer.score([melody])["nats_per_note"] == pytest.approx(-np.mean(log_probs), rel=1e-4)


def test_a_generated_melody_has_the_log_probability_of_its_notes(composer):
    all_drawn = (composer.generate("minor", 7, START, max_notes=200, seed=seed) for seed in range(20))
    drawn = next(drawn for drawn in all_drawn if drawn.ended)
    assert drawn.log_prob == pytest.approx(float(composer.log_probs([drawn.melody])[0]), abs=1e-2)


def test_a_melody_is_cut_at_the_largest_number_of_notes(composer):
    drawn = composer.generate(start=START, max_notes=4)
    assert (len(drawn.melody.notes), drawn.ended) == (4, False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mode": "dorian"}, "`mode`"),
        ({"key": 12}, "`key`"),
        ({"key": -1}, "`key`"),
        ({"temperature": 0}, "`temperature`"),
        ({"top_p": 1.5}, "`top_p`"),
        ({"seed": -1}, "`seed`"),
        ({"max_notes": 201}, "at most 200"),
        ({"start": START, "max_notes": 3}, "`max_notes`"),
        ({"start": parse_notes("C1")}, "never seen C1:1"),
    ],
)
def test_invalid_arguments_are_refused(composer, arguments, message):
    with pytest.raises(DlseqError, match=message):
        composer.generate(**arguments)


def test_an_overlong_melody_is_refused(composer):
    with pytest.raises(DataError, match=r"1 to 200 notes at position 0\. Received: 201"):
        composer.encode([Melody("long", 0, "major", parse_notes("C4 " * 201))])
