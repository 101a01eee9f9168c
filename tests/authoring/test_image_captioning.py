"""The solution of `image_captioning` against loops in NumPy and all captions of a toy, and the claims of its lesson."""

import itertools

import keras
import numpy as np
import pytest

START, END = 1, 2


def test_memory_by_a_loop_over_places(solution):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(2, 2, 3, 4)).astype("float32")
    model = solution.memory_model((2, 3, 4), 5)
    kernel, bias = model.get_layer("memory").get_weights()
    memory = np.asarray(model(features))
    for i, j in itertools.product(range(2), range(3)):
        place = np.concatenate([features[:, i, j], np.repeat([[(-0.5, 0.5)[i], (-2 / 3, 0, 2 / 3)[j]]], 2, axis=0)], 1)
        np.testing.assert_allclose(memory[:, 3 * i + j], np.tanh(place @ kernel + bias), rtol=1e-4, atol=1e-5)


def test_connected_steps_are_the_steps_one_by_one(solution):
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(1)
    step, memory = solution.step_model(7, 4), rng.normal(size=(3, 5, 4)).astype("float32")
    ids = rng.integers(0, 7, (3, 4))
    logits, weights = solution.training_model(step, 4)([memory, ids])
    h = c = np.zeros((3, 4), "float32")
    for t in range(4):
        expected, looked, h, c = (np.asarray(output) for output in step([ids[:, t], memory, h, c]))
        np.testing.assert_allclose(logits[:, t], expected, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(weights[:, t], looked, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(looked.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("seed", [5, 10])
def test_a_wide_beam_finds_the_best_of_all_captions(solution, seed):
    """The oracle computes the probability of every caption of up to three words of a toy with eight."""
    step = solution.toy_step(seed)
    picture = np.random.default_rng(seed).normal(size=(4, 3)).astype("float32")

    def log_p(words):
        h = c = np.zeros((len(words), 3), "float32")
        rows, read, total = np.arange(len(words)), np.full(len(words), START), 0
        for word in words.T:
            logits, _, h, c = (np.asarray(each) for each in step([read, np.repeat(picture[None], len(words), 0), h, c]))
            total = total + np.log(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))[rows, word]
            read = word
        return total

    every = {}
    for length in (1, 2, 3):
        words = np.array([w for w in itertools.product(range(1, 8), repeat=length) if END not in w[:-1]])
        kept = words[(words[:, -1] == END) | (length == 3)]
        every |= {tuple(w[w != END].tolist()): p for w, p in zip(kept, log_p(kept), strict=True)}
    found = solution.beam_captions(step, picture, START, END, beam_width=400, max_length=3)
    ranked = sorted(every.items(), key=lambda item: -item[1])[:5]
    assert [tuple(words) for words, _ in found[:5]] == [words for words, _ in ranked]
    np.testing.assert_allclose([p for _, p in found[:5]], [p for _, p in ranked], atol=1e-4)


def test_a_beam_of_one_is_greedy(solution):
    pictures = np.random.default_rng(2).normal(size=(4, 5, 3)).astype("float32")
    step = solution.toy_step(8)
    captions, maps = solution.greedy_captions(step, pictures, START, END, 6)
    beams = [solution.beam_captions(step, picture, START, END, 1, 6) for picture in pictures]
    assert captions == [words for [(words, _)] in beams]
    assert [each.shape for each in maps] == [(len(words), 5) for words in captions]


@pytest.mark.slow
def test_looking_at_places_writes_better_captions_and_points(run_lesson):
    """The claims of the lesson about its models."""
    found = run_lesson()
    right = found["right"]
    assert right["looks at places"].mean() > right["whole picture"].mean() + 0.1
    assert found["hits"] / found["tries"] > np.mean(found["chances"]) + 0.3
