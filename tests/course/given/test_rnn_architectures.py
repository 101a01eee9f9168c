"""Helpers of `rnn_architectures`: the cell against Keras, and the data of each application."""

import keras
import numpy as np
import pytest

from dlseq.course.given import rnn_architectures as given
from dlseq.course.given.encoder_decoder import words_of


def test_the_cell_is_that_of_keras():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((4, 3)), keras.layers.SimpleRNN(5), keras.layers.Dense(2, activation="softmax")]
    )
    model.set_weights([weight + 0.1 for weight in model.get_weights()])
    (parameters,) = given.parameters_of(model)
    x, a = np.random.default_rng(0).normal(size=(2, 4, 3)), np.zeros((2, 5))
    for t in range(4):
        a = given.rnn_step(x[:, t], a, parameters)
    np.testing.assert_allclose(given.rnn_output(a, parameters), model.predict(x, verbose=0), rtol=1e-4)


def test_two_cells_have_the_weights_of_their_layers_and_the_dense_layer_belongs_to_the_second():
    x, y = keras.Input((None, 3)), keras.Input((None, 2))
    state = keras.layers.SimpleRNN(5)(x)
    output = keras.layers.Dense(2)(keras.layers.SimpleRNN(5)(y, initial_state=state))
    encoder, decoder = given.parameters_of(keras.Model([x, y], output))
    assert {name: value.shape for name, value in encoder.items()} == {"Wx": (3, 5), "Wa": (5, 5), "b": (5,)}
    assert (decoder["Wx"].shape, decoder["Wy"].shape, decoder["by"].shape) == ((2, 5), (5, 2), (2,))


def test_each_note_is_followed_by_a_note_of_the_corpus():
    x, y, values = given.note_data("validation")
    assert x.shape == (len(y), len(values)) and (x.sum(axis=1) == 1).all()
    follows = y[:-1] == x[1:].argmax(axis=1)  # all pairs but those at the ends of pieces
    assert 0.95 < follows.mean() < 1


def test_numbers_in_words_have_the_value_of_their_digits():
    small = {word: value for value, word in enumerate(given.SMALL_NUMBERS.split())}
    worth = small | {word: 10 * value for value, word in enumerate(given.TENS.split(), start=2)}
    seen = []
    for split in ("train", "test"):
        x, y, lengths, words = given.number_data(split)
        for digits, ids, length in zip(x.reshape(-1, 3, 10).argmax(axis=2), y, lengths, strict=True):
            *sentence, end = [words[index] for index in ids[:length]]
            value = 0
            for word in sentence:
                value = 100 * value if word == "hundred" else value + worth[word]
            assert end == "<end>" and value == digits @ [100, 10, 1]
            seen.append(value)
    assert sorted(seen) == list(range(1000)) and len(x) == 200


def test_names_are_their_letters_and_no_held_out_name_is_in_training():
    (x, y, names, languages), (_, _, held_out, _) = given.name_data("train"), given.name_data("test")
    for row, name in zip(x, names, strict=True):
        assert "".join(chr(97 + letter.argmax()) for letter in row if letter.any()) == name
    assert not {*names} & {*held_out} and len({*names}) == len(names)
    assert languages == ["Finnish", "Italian", "Turkish"] and min(np.bincount(y)) > 200


@pytest.mark.parametrize("split", ["train", "names"])
def test_each_word_of_a_sentence_has_features_and_a_label(split):
    x, y, words, labels = given.entity_data(40, split)
    assert (x.any(axis=-1).sum(axis=1) == [len(sentence) for sentence in words]).all() and len(words) == 40
    assert labels[0] == "outside" and not y[~x.any(axis=-1)].any() and len(np.unique(y)) > 4


def test_the_decoder_reads_the_word_that_it_had_to_predict():
    x, decoder_x, y, pairs, words = given.sentence_data(40, "test")
    known = given.sentence_data(40, "train")
    assert not {source for source, _ in pairs} & {source for source, _ in known[3]} and words == known[4]
    for row, (_, target) in enumerate(pairs):
        real = decoder_x[row].any(axis=1)
        read, told = decoder_x[row, real].argmax(axis=1), y[row, : real.sum()]
        assert (words[read[0]], words[told[-1]]) == ("<start>", "<end>") and (read[1:] == told[:-1]).all()
        assert [words[index] for index in told[:-1]] == words_of(target)
    assert x.any(axis=-1).sum() < x.shape[0] * x.shape[1]
