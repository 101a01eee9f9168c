"""The date normaliser: it learns, it keeps what it learned, and it shows where it looked."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from dlseq.errors import DataError, DlseqError, ModelFileError
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.tasks.date_normalization import DateNormalizer, batches_by_width
from dlseq.training.saving import load_network

TEXTS = ["3 may 1979", "saturday 20 july 1991", "5/4/09", "november 21 2003"]


def weights_of(model):
    return model.network.get_weights()


def test_training_lowers_the_loss_and_learns_dates(trained_normalizer, course_pairs):
    model, before, run = trained_normalizer
    assert run.stopped == "finished"
    assert run.history["loss"][-1] < 0.5 * run.history["loss"][0]
    assert model.evaluate(course_pairs[1]) > before


def test_the_recurrent_encoder_learns_too(course_pairs):
    train, validation = course_pairs
    model = DateNormalizer.build(train, units=16, depth=0, recurrent_units=16, decoder_units=32)
    run = model.train(train[:600], validation, epochs=2, batch_size=25)
    assert run.history["loss"][1] < run.history["loss"][0]


def test_attention_sums_to_one_over_the_text_and_padding_has_none(normalizer):
    _, attention = normalizer.normalize(TEXTS)
    assert attention.shape == (4, 10, max(map(len, TEXTS)))
    np.testing.assert_allclose(attention.sum(axis=2), 1, atol=1e-5)
    for text, weights in zip(TEXTS, attention, strict=True):
        assert (weights[:, len(text) :] == 0).all()


def test_attention_and_text_come_out_of_the_same_decoding(normalizer):
    """The weights are those of the steps that wrote the answer: reading the answer back gives the same ones."""
    network = normalizer.network
    answers, attention = normalizer.normalize(TEXTS)
    source = network.source_vocabulary.encode_batch(TEXTS)
    target = network.target_vocabulary.encode_batch(answers)
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


@pytest.mark.parametrize("enough", [1, 40])
def test_texts_of_all_lengths_come_back_in_their_order(normalizer, monkeypatch, enough):
    """They are read in batches of like length, short ones first."""
    monkeypatch.setattr("dlseq.tasks.date_normalization.ENOUGH_ROWS", enough)
    monkeypatch.setattr("dlseq.tasks.date_normalization.ROWS_AT_ONCE", 90)
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


def test_a_batch_is_as_wide_as_its_longest_text_and_no_batch_is_small_but_the_last(monkeypatch):
    monkeypatch.setattr("dlseq.tasks.date_normalization.ROWS_AT_ONCE", 5)
    monkeypatch.setattr("dlseq.tasks.date_normalization.ENOUGH_ROWS", 3)
    texts = ["x" * size for size in (30, 3, 8, 9, 1, 17, 16, 10, 12, 2, 11, 13, 15, 40)]
    batches = [([len(texts[row]) for row in rows], width) for rows, width in batches_by_width(texts)]
    assert batches == [([1, 2, 3, 8], 8), ([9, 10, 11, 12, 13], 16), ([15, 16, 17], 24), ([30, 40], 40)]
    assert list(batches_by_width([])) == []


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


@pytest.mark.parametrize(("text", "says"), [("", "empty text"), (" \n", "empty text"), ("x" * 81, "received 81")])
def test_texts_that_cannot_be_read_are_named(normalizer, text, says):
    with pytest.raises(DataError, match=says):
        normalizer.normalize(["3 may 1979", text])


def test_one_file_holds_everything_and_a_fresh_process_reads_it(normalizer, tmp_path):
    path = tmp_path / "dates.keras"
    normalizer.save(path)
    assert [file.name for file in tmp_path.iterdir()] == ["dates.keras"]
    program = (
        "from dlseq.tasks.date_normalization import DateNormalizer;"
        f"print(*DateNormalizer.load({str(path)!r}).normalize({TEXTS!r})[0])"
    )
    fresh = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert fresh.stdout.split() == normalizer.normalize(TEXTS)[0]


def test_files_that_are_something_else_are_refused_with_a_sentence(tmp_path, normalizer):
    missing, notes, other = tmp_path / "missing.keras", tmp_path / "notes.keras", tmp_path / "other.keras"
    notes.write_text("my notes")
    keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)]).save(other)
    whole = tmp_path / "whole.keras"
    normalizer.save(whole)
    damaged = tmp_path / "damaged.keras"
    damaged.write_bytes(whole.read_bytes()[:-5000])
    for path, says in [
        (missing, "there is no model file"),
        (notes, "is not a model file"),
        (other, "expected EncoderDecoder, found Sequential"),
        (damaged, "is not a model file"),
    ]:
        with pytest.raises(ModelFileError, match=says):
            DateNormalizer.load(path)


def test_saving_to_a_bad_place_leaves_nothing_behind(normalizer, tmp_path):
    with pytest.raises(ModelFileError, match=r"ends in \.keras"):
        normalizer.save(tmp_path / "dates.h5")
    with pytest.raises(DlseqError, match="does not exist"):
        normalizer.save(tmp_path / "missing" / "dates.keras")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_keeps_the_best_epoch(course_pairs):
    train, validation = course_pairs

    class InterruptInTheThirdEpoch(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if self.epoch == 2:
                raise KeyboardInterrupt

        def on_epoch_begin(self, epoch, logs=None):
            self.epoch = epoch

    model = DateNormalizer.build(train[:300], units=16, decoder_units=16)
    run = model.train(train[:300], validation, epochs=9, callbacks=[InterruptInTheThirdEpoch()])
    assert run.stopped == "interrupted"
    assert len(run.history["loss"]) == 2
    assert run.best_epoch in (1, 2)
    assert model.evaluate(validation) == pytest.approx(max(run.history["val_exact_match"]), abs=1e-6)


def test_a_resumed_run_ends_as_an_undisturbed_one(course_pairs, tmp_path):
    train, validation = course_pairs
    train, validation = train[:250], validation[:100]
    sizes = {"units": 16, "decoder_units": 16}

    class InterruptInTheThirdEpoch(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    undisturbed = DateNormalizer.build(train, **sizes)
    undisturbed.train(train, validation, epochs=4, checkpoint=tmp_path / "undisturbed.keras")
    disturbed = DateNormalizer.build(train, **sizes)
    once = {"epochs": 4, "checkpoint": tmp_path / "disturbed.keras"}
    assert disturbed.train(train, validation, **once, callbacks=[InterruptInTheThirdEpoch()]).stopped == "interrupted"
    run = disturbed.train(train, validation, **once, resume=True)

    assert len(run.history["loss"]) == 2
    last = [load_network(tmp_path / f"{name}.keras", EncoderDecoder) for name in ("undisturbed", "disturbed")]
    for first, second in zip(*(network.get_weights() for network in last), strict=True):
        np.testing.assert_allclose(first, second, atol=1e-4)
    for first, second in zip(weights_of(undisturbed), weights_of(disturbed), strict=True):
        np.testing.assert_allclose(first, second, atol=1e-4)


def test_nothing_to_train_on_is_refused(course_pairs):
    train, validation = course_pairs
    model = DateNormalizer.build(train, units=8, decoder_units=8)
    with pytest.raises(DataError, match="at least one pair to train on"):
        model.train([], validation)
    with pytest.raises(DataError, match="at least one pair to validate on"):
        model.train(train, [])


def test_the_same_seed_gives_the_same_model(course_pairs):
    train, validation = course_pairs
    models = [DateNormalizer.build(train, units=8, decoder_units=8, seed=5) for _ in range(2)]
    for model in models:
        model.train(train[:200], validation[:20], epochs=1, seed=5)
    for first, second in zip(*map(weights_of, models), strict=True):
        np.testing.assert_allclose(first, second, atol=1e-5)
