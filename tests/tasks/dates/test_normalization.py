"""The date normalizer: reading dates, with probabilities and attention. Its training is tested in test_all_tasks.py."""

import datetime
import functools

import keras
import numpy as np
import pytest

from dlseq.data.dates.pairs import DatePair
from dlseq.data.dates.typed import DOUBT_KINDS
from dlseq.decoding.batching import batches_by_length
from dlseq.errors import DataError
from dlseq.tasks.dates.normalization import DateNormalizer
from dlseq.tasks.dates.presets import DateData
from dlseq.training.config import TrainingConfig

TEXTS = ["3 may 1979", "saturday 20 july 1991", "5/4/09", "november 21 2003"]


@pytest.mark.slow
def test_the_recurrent_encoder_learns_too(course_pairs):
    train, validation = course_pairs
    model = DateNormalizer.build(train, units=16, depth=0, recurrent_units=16, decoder_units=32)
    run = model.fit(train[:600], validation, TrainingConfig(epochs=2, batch_size=25))
    assert run.history["loss"][1] < run.history["loss"][0]


def test_attention_sums_to_one_over_the_text_and_padding_has_none(normalizer):
    _, attention = normalizer.normalize(TEXTS)
    assert attention.shape == (4, 10, max(map(len, TEXTS)))
    np.testing.assert_allclose(attention.sum(axis=2), 1, atol=1e-5)
    for text, weights in zip(TEXTS, attention, strict=True):
        assert (weights[:, len(text) :] == 0).all()


def test_attention_and_text_come_out_of_the_same_decoding(normalizer):
    """Teacher forcing with the predicted dates gives the same weights."""
    network = normalizer.network
    isos, attention = normalizer.normalize(TEXTS)
    source = network.source_vocabulary.encode_batch(TEXTS)
    target = network.target_vocabulary.encode_batch(isos)
    _, expected = network({"source": source, "target": target}, return_attention_scores=True)
    np.testing.assert_allclose(attention, expected, atol=1e-5)


def test_the_probability_is_that_of_the_whole_string(normalizer):
    network = normalizer.network
    for reading in normalizer.read(TEXTS):
        source = network.source_vocabulary.encode_batch([reading.text])
        target = network.target_vocabulary.encode_batch([reading.iso])
        probabilities = keras.ops.softmax(network({"source": source, "target": target}))[0]
        expected = np.prod([probabilities[t, symbol] for t, symbol in enumerate(target[0])])
        assert reading.probability == pytest.approx(float(expected), rel=1e-4)


def test_many_texts_at_once_give_what_each_gives_alone(normalizer, course_pairs):
    texts = [pair.text for pair in course_pairs[1]]
    together, attention = normalizer.normalize(texts)
    for row in range(0, 300, 60):
        alone, weights = normalizer.normalize([texts[row]])
        assert alone == [together[row]]
        np.testing.assert_allclose(weights[0], attention[row, :, : len(texts[row])], atol=1e-5)


@pytest.mark.parametrize("min_rows", [1, 40])
def test_texts_of_all_lengths_come_back_in_their_order(normalizer, monkeypatch, min_rows):
    """Texts are decoded in batches of similar length, short ones first."""
    batches = functools.partial(batches_by_length, min_rows=min_rows, max_rows=90)
    monkeypatch.setattr("dlseq.tasks.dates.iso_search.batches_by_length", batches)
    random = np.random.default_rng(0)
    texts = ["".join(random.choice(list("0123456789 /amy"), size)) + "1" for size in random.integers(0, 60, 300)]
    for beam_width in (1, 3):
        together, attention = normalizer.normalize(texts, beam_width=beam_width)
        for row in range(0, 300, 50):
            alone, weights = normalizer.normalize([texts[row]], beam_width=beam_width)
            assert alone == [together[row]]
            size = weights.shape[2]
            np.testing.assert_allclose(weights[0], attention[row, :, :size], atol=1e-4)
            assert not attention[row, :, size:].any()


def test_a_beam_of_one_is_the_greedy_search_and_a_wider_one_is_no_less_probable(normalizer):
    greedy = normalizer.read(TEXTS)
    wide = normalizer.read(TEXTS, beam_width=4)
    for narrow, broad in zip(greedy, wide, strict=True):
        assert broad.probability >= narrow.probability * (1 - 1e-4)
        assert broad.attention.shape == narrow.attention.shape


def test_no_texts_give_no_answers(normalizer):
    texts, attention = normalizer.normalize([])
    assert texts == []
    assert attention.shape == (0, 10, 0)


def test_an_unknown_character_is_read_as_unknown_and_is_no_error(normalizer):
    texts, attention = normalizer.normalize(["3 may 1979 🙂"])
    assert len(texts[0]) == 10
    np.testing.assert_allclose(attention.sum(axis=2), 1, atol=1e-5)


@pytest.mark.parametrize(("text", "message"), [("", "empty text"), (" \n", "empty text"), ("x" * 81, "81 characters")])
def test_texts_that_cannot_be_read_are_refused(normalizer, text, message):
    with pytest.raises(DataError, match=message):
        normalizer.normalize(["3 may 1979", text])


@pytest.mark.parametrize("beam_width", [1, 4])
def test_every_output_is_a_day_that_exists(normalizer, beam_width):
    texts = [
        "29 february 2015",
        "31 april 2019",
        "2019-02-30",
        "2020-13-01",
        "june 31 2001",
        "0000-00-00",
        "hello",
        "99",
    ]
    for reading in normalizer.read(texts, beam_width=beam_width):
        assert datetime.date.fromisoformat(reading.iso).isoformat() == reading.iso
    assert all(map(datetime.date.fromisoformat, normalizer.normalize(texts, beam_width=beam_width)[0]))


def test_an_unsure_reading_has_a_second_one(normalizer):
    readings = normalizer.read(["hello", *TEXTS])
    assert any(reading.sure for reading in readings)
    for reading in readings:
        assert (reading.second is None) == reading.sure
        if reading.second:
            assert reading.second[0] != reading.iso
            assert reading.probability >= reading.second[1]
            np.testing.assert_allclose(reading.attention.sum(axis=1), 1, atol=1e-5)


def test_a_weekday_that_contradicts_lowers_the_probability(normalizer):
    right, wrong = normalizer.read(["saturday 20 july 1991", "monday 20 july 1991"])
    assert right.probability > 0.5 > wrong.probability


def test_attention_lies_over_the_text_as_typed(normalizer):
    typed, plain = normalizer.read(["(on 3\u200b MAY, 1979 10:30)", "3 may, 1979"])
    assert typed.text == "(on 3 MAY, 1979 10:30)"
    assert (typed.iso, typed.probability) == (plain.iso, pytest.approx(plain.probability, rel=1e-4))
    np.testing.assert_allclose(typed.attention[:, 4:15], plain.attention, atol=1e-5)
    assert not typed.attention[:, :4].any() and not typed.attention[:, 15:].any()


@pytest.mark.parametrize(("first", "iso"), [("day", "2009-04-05"), ("month", "2009-05-04")])
def test_the_order_of_numbers_is_taken_from_the_reader(normalizer, first, iso):
    """An unsure one was searched again: `lundi 5/4/2009` came out month first in spite of `first="day"`."""
    settled = normalizer.read(["5/4/2009", "5.4.09", "3 may 1979", "invoice 5/4/2009", "friday 5/4/2009"], first=first)
    assert [settled[row].iso for row in (0, 1, 3, 4)] == [iso] * 4
    assert not settled[4].sure
    beams = normalizer.read(["5/4/2009"], beam_width=100)[0]
    both = {beams.iso: beams.probability, beams.second[0]: beams.second[1]}
    if both.keys() == {"2009-04-05", "2009-05-04"}:
        assert settled[0].probability == pytest.approx(sum(both.values()), rel=1e-3)
    assert settled[2].iso == normalizer.read(["3 may 1979"])[0].iso


def test_an_unknown_order_is_refused(normalizer):
    with pytest.raises(DataError, match=r"`first`\. Expected 'day', 'month' or None\. Received: 'dmy'"):
        normalizer.read(["5/4/2009"], first="dmy")


@pytest.mark.parametrize(("orders", "is_shared"), [(["%d/%m/%Y"], False), (["%d/%m/%Y", "%m/%d/%Y"], True)])
def test_an_order_that_training_fixes_is_not_shared(orders, is_shared):
    """A model of a CSV file with one order, exact on all of its held-out dates, was made to call them guesses."""
    days = [datetime.date(2009, month, day) for month in range(1, 13) for day in range(1, 13)]
    pairs = [DatePair(day.strftime(order), day.isoformat(), "csv", "") for order in orders for day in days]
    model = DateNormalizer.build(pairs, units=8, decoder_units=8)
    (reading,) = model.read(["05/04/2009"])
    is_both = {reading.iso, reading.second[0]} == {"2009-04-05", "2009-05-04"}
    assert (is_both, reading.probability == reading.second[1]) == (is_shared, is_shared)


@pytest.mark.parametrize(
    ("data", "separators"),
    [
        (DateData("course", examples=2000), []),
        (DateData("course", ("en_GB",), examples=2000), []),
        (DateData("world", ("en_US",), examples=3000, doubtful_share=0.5), [", ", "-", "/"]),
    ],
)
def test_a_model_knows_between_which_numbers_the_order_is_open(data, separators):
    splits = DateNormalizer.load_data(data, seed=0)
    assert (
        DateNormalizer.build(splits.train, units=8, decoder_units=8).network.metadata["open_separators"] == separators
    )


def test_a_network_without_a_normalization_reads_every_character(course_pairs):
    """Networks that were trained before dates had a normalization of their own keep reading as then."""
    model = DateNormalizer.build(course_pairs[0][:50], units=8, decoder_units=8)
    assert not model.read(["(3 May 1979)"])[0].attention[:, 0].any()
    del model.network.metadata["normalization"]
    reading = model.read(["(3 May 1979)"])[0]
    assert reading.text == "(3 May 1979)"
    assert (reading.attention > 0).all()


def test_a_preset_of_files_needs_a_file():
    with pytest.raises(DataError, match="Give one with --data"):
        DateNormalizer.load_data(DateData(None), seed=0)


def test_drawn_splits_share_no_date_and_doubtful_texts_are_for_training_only():
    data = DateData("world", ("en_US",), examples=1000, typed_share=0.5, doubtful_share=0.2)
    splits = DateNormalizer.load_data(data, seed=0)
    assert [len(split) for split in splits] == [1700, 1000, 500]
    assert {pair.form for pair in splits.train[1500:]} == set(DOUBT_KINDS)
    days = [{pair.iso for pair in split} for split in splits]
    assert days[0].isdisjoint(days[1] | days[2])
    assert days[1].isdisjoint(days[2])
