"""Tests of LocationScore against convolution by NumPy."""

import numpy as np
import pytest

from dlseq.layers import AttentionLayer, LocationScore


def with_random_weights(kernel_size, width=4):
    layer = LocationScore(kernel_size)
    layer.build([(None, None, width), None, None])
    random = np.random.default_rng(1)
    layer.set_weights([random.normal(size=weight.shape) for weight in layer.get_weights()])
    return layer


@pytest.mark.parametrize("kernel_size", [1, 3, 9])
def test_energies_equal_correlation_by_numpy(floats, kernel_size):
    layer, query = with_random_weights(kernel_size), floats(2, 3, 4)
    previous, covered = floats(2, 3, 5), floats(2, 3, 5)
    found = np.asarray(layer([query, previous, covered]))
    kernel, bias = layer.get_weights()
    reach = kernel_size // 2
    for row, step in np.ndindex(2, 3):
        kernels = (query[row, step] @ kernel + bias).reshape(2, kernel_size)
        expected = sum(
            np.correlate(np.pad(maps[row, step], reach), part)
            for maps, part in zip((previous, covered), kernels, strict=True)
        )
        np.testing.assert_allclose(found[row, step], expected, atol=1e-5)


def test_energies_move_with_the_maps(floats):
    """Nothing depends on the absolute position or on the length, so sentences of any length are alike."""
    layer, query, maps = with_random_weights(3), floats(1, 1, 4), np.zeros((2, 1, 1, 40), "float32")
    maps[..., 5:8] = floats(2, 1, 1, 3)
    energies = np.asarray(layer([query, *maps]))
    moved = np.asarray(layer([query, *np.roll(maps, 20, axis=-1)]))
    np.testing.assert_allclose(moved, np.roll(energies, 20, axis=-1), atol=1e-6)
    assert np.abs(energies).max() > 0.1


@pytest.mark.parametrize("score", ["additive", "general"])
def test_the_energy_bias_of_attention_is_added_to_the_energies(floats, score):
    layer, query, value, bias = AttentionLayer(4, score=score), floats(2, 3, 6), floats(2, 5, 6), floats(2, 3, 5)
    mask = [None, np.array([[1, 1, 1, 1, 0], [1, 1, 1, 1, 1]], "bool")]
    _, plain = layer([query, value], mask=mask, return_attention_scores=True)
    _, weights = layer([query, value], mask=mask, energy_bias=bias, return_attention_scores=True)
    expected = np.asarray(plain) * np.exp(bias)
    np.testing.assert_allclose(weights, expected / expected.sum(axis=-1, keepdims=True), atol=1e-5)


@pytest.mark.parametrize("kernel_size", [0, 2, 1.5])
def test_a_kernel_without_a_middle_is_refused(kernel_size):
    with pytest.raises(ValueError, match=f"Received: kernel_size={kernel_size}"):
        LocationScore(kernel_size)
