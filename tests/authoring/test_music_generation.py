"""The solution of `music_generation` against Keras's LSTM over whole melodies, and its lesson from top to bottom."""

import keras
import numpy as np
import pytest

N_VALUES, N_A, STEPS = 6, 5, 7


@pytest.fixture(scope="module")
def layers(solution):
    keras.utils.set_random_seed(0)
    layers = solution.toy_layers(N_VALUES, N_A)
    solution.djmodel(1, *layers)
    for layer in layers[:2]:
        layer.set_weights([3 * weight for weight in layer.get_weights()])
    return layers


@pytest.fixture(scope="module")
def states():
    return list(np.random.default_rng(1).uniform(-1, 1, (2, 2, N_A)).astype("float32"))


def whole_melody(layers, X, states):
    """Return the probabilities of all steps by one LSTM that reads whole melodies."""
    lstm = keras.layers.LSTM(N_A, return_sequences=True)
    lstm.build(X.shape)
    lstm.set_weights(layers[0].get_weights())
    return np.asarray(layers[1](lstm(X, initial_state=states)))  # (m, T, n_values)


def test_the_training_network_is_an_lstm_over_the_whole_melody(solution, layers, states):
    X = np.eye(N_VALUES, dtype="float32")[np.random.default_rng(2).integers(0, N_VALUES, (2, STEPS))]
    outputs = solution.djmodel(STEPS, *layers)([X, *states])
    np.testing.assert_allclose(np.stack(outputs, axis=1), whole_melody(layers, X, states), rtol=1e-4, atol=1e-5)


def test_the_composed_notes_read_again_give_the_same_probabilities(solution, layers, states):
    x0 = np.eye(N_VALUES, dtype="float32")[[[1], [4]]]
    outputs = np.stack(solution.music_inference_model(*layers[:2], STEPS)([x0, *states]), axis=1)  # (m, T, n_values)
    X = np.concatenate([x0, np.eye(N_VALUES, dtype="float32")[outputs.argmax(axis=-1)][:, :-1]], axis=1)
    np.testing.assert_allclose(outputs, whole_melody(layers, X, states), rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_the_lesson_trains_composes_and_writes_files(run_lesson, tmp_path):
    lesson = run_lesson()
    losses = lesson["history"]["val_loss"]
    unigram = lesson["Y"].mean(axis=(0, 1))
    entropy = -np.sum(unigram * np.log(np.maximum(unigram, 1e-9)))
    assert entropy == pytest.approx(3.36, abs=0.01)
    assert losses[-1] / 30 < entropy - 0.7 and lesson["history"]["loss"][-1] < losses[-1]
    greedy = [tuple(lesson["indices"][at : at + 8, 0]) for at in range(93)]
    assert len(set(greedy)) < 80  # the most probable notes go round in circles
    assert {path.name for path in tmp_path.glob("*.mid")} == {"most_probable.mid", "drawn.mid"}
