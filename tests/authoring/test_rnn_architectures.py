"""The solution of `rnn_architectures`: NumPy functions against its Keras models, and its lesson from top to bottom."""

import numpy as np
import pytest

from dlseq.course.given.rnn_architectures import parameters_of

SIZES = 3, 5, 4  # n_x, n_a, n_y
LENGTHS = [6, 2, 4]


@pytest.fixture(scope="module")
def inputs(solution):
    mask = solution.padding_mask(LENGTHS)
    return np.random.default_rng(0).normal(size=(*mask.shape, 3)) * mask[..., None], mask


def with_weights(model):
    """Give a model larger weights than those of its start, so that each step changes much."""
    rng = np.random.default_rng(1)
    model.set_weights([rng.normal(0, 0.8, weight.shape) for weight in model.get_weights()])
    return model


def test_many_to_one_is_the_model_of_keras(solution, inputs):
    model = with_weights(solution.many_to_one_model(*SIZES))
    expected = np.asarray(model(inputs[0]))
    np.testing.assert_allclose(solution.many_to_one(*inputs, *parameters_of(model)), expected, rtol=1e-4, atol=1e-6)


def test_many_to_many_is_the_model_of_keras_at_the_real_steps(solution, inputs):
    x, mask = inputs
    model = with_weights(solution.many_to_many_model(*SIZES))
    y = solution.many_to_many(x, np.zeros((3, 5)), *parameters_of(model))
    np.testing.assert_allclose(y[mask], np.asarray(model(x))[mask], rtol=1e-4, atol=1e-6)


def test_written_choices_read_again_by_keras_give_the_same_probabilities(solution, inputs):
    model = with_weights(solution.encoder_decoder_model(*SIZES))
    start = np.eye(4)[[0, 0, 3]]
    y = solution.encoder_decoder(*inputs, start, 5, *parameters_of(model))
    read = np.concatenate([start[:, None], np.eye(4)[y.argmax(axis=-1)][:, :-1]], axis=1)
    np.testing.assert_allclose(y, np.asarray(model([inputs[0], read])), rtol=1e-4, atol=1e-6)


def test_one_to_many_is_a_decoder_with_a_state_of_zeros(solution):
    (parameters,) = parameters_of(with_weights(solution.many_to_many_model(4, 5, 4)))
    x, none = np.eye(4)[[1, 2]], np.zeros((2, 1, 3))
    encoder = {"Wx": np.ones((3, 5)), "Wa": np.ones((5, 5)), "b": np.ones(5)}
    expected = solution.encoder_decoder(none, np.zeros((2, 1), bool), x, 6, encoder, parameters)
    np.testing.assert_allclose(solution.one_to_many(x, 6, parameters), expected)
    np.testing.assert_allclose(solution.one_to_one(x, parameters), expected[:, 0])


def test_the_loss_is_that_of_keras_with_a_mask(solution, inputs):
    x, mask = inputs
    model = with_weights(solution.many_to_many_model(*SIZES))
    model.compile(loss="sparse_categorical_crossentropy", run_eagerly=True)
    targets = np.random.default_rng(2).integers(0, 4, mask.shape) * mask
    loss = solution.masked_cross_entropy(np.asarray(model(x)), targets, mask)
    assert loss == pytest.approx(model.evaluate(x, targets, verbose=0), rel=1e-4)


@pytest.mark.slow
def test_the_lesson_trains_each_type_on_its_application(run_lesson, capsys):
    lesson = run_lesson()
    printed = capsys.readouterr().out
    assert "computes the same: True" in printed
    assert lesson["loss"] < 2.6  # of the next note; the frequencies of notes alone have 3.4
    assert lesson["right_numbers"].mean() > 0.9
    assert lesson["right_names"].mean() > 0.65  # of three languages
    assert lesson["right_labels"].mean() > lesson["outside"].mean() + 0.2
    assert lesson["right_sentences"].mean() > 0.35
