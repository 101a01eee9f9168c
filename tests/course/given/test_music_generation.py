"""Helpers of `music_generation`: pieces of chorales, splits by tune, toys."""

import numpy as np
import pytest

from dlseq.course.given.music_generation import N_VALUES, SPLITS, chorale_data, to_melody, toy_composer, toy_layers
from dlseq.data.music import load_chorales


@pytest.fixture(scope="module")
def data():
    return {split: chorale_data(split) for split in SPLITS}


def test_each_step_predicts_the_note_that_the_next_step_reads(data):
    for X, Y, values in data.values():
        assert X.shape[1:] == (30, N_VALUES) and Y.shape == (30, len(X), N_VALUES) and len(values) == N_VALUES
        np.testing.assert_array_equal(X[:, 1:], Y[:-1].swapaxes(0, 1))
        assert not X[:, 0].any() and (Y.sum(axis=-1) == 1).all()


def test_pieces_are_parts_of_chorales_in_c_major(data):
    _, Y, values = data["validation"]
    known = {
        " ".join(str(note).removesuffix("^") for note in melody.relative().notes)
        for melody in load_chorales()
        if melody.mode == "major"
    }
    for piece in Y.argmax(axis=-1).T[::7]:
        assert any(" ".join(values[index] for index in piece) in text for text in known)


def test_no_piece_of_a_held_out_split_is_in_training(data):
    pieces = [{tuple(piece) for piece in Y.argmax(axis=-1).T.tolist()} for _, Y, _ in data.values()]
    assert not pieces[0] & (pieces[1] | pieces[2])


def test_notes_survive_the_way_to_a_melody_and_back(data):
    values = data["train"][2]
    melody = to_melody(np.arange(N_VALUES)[:, None], values)
    assert [str(note) for note in melody.notes] == values and (melody.tonic, melody.mode) == (0, "major")


def test_toy_layers_share_no_weights_with_others():
    first, second = toy_layers(5, 3), toy_layers(5, 3)
    x = np.eye(5, dtype="float32")[None, :1]
    outputs = [densor(LSTM_cell(x)[1]) for LSTM_cell, densor, _ in (first, second)]
    assert not np.allclose(*outputs) and outputs[0].shape == (1, 5)
    assert first[2](x[:, 0]).shape == (1, 1, 5)


def test_each_input_of_the_toy_composer_changes_its_notes():
    model, rng = toy_composer(3, 20, 8, 4), np.random.default_rng(0)
    inputs = [np.eye(8, dtype="float32")[None, 2:3], *rng.uniform(-1, 1, (2, 1, 4)).astype("float32")]
    notes = np.array(model.predict(inputs, verbose=0)).argmax(axis=-1)  # (20, 1)
    assert notes.shape == (20, 1)
    for place in range(3):
        others = [0 * value if index == place else value for index, value in enumerate(inputs)]
        assert (np.array(model.predict(others, verbose=0)).argmax(axis=-1) != notes).any()
