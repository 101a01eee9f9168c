"""The block of self-attention: NumPy, order of the positions, the encoder that holds it, saved weights."""

import keras
import numpy as np
import pytest

from dlseq.layers import ConvolutionalFeatures, ImageEncoder
from dlseq.layers.self_attention_block import SelfAttentionBlock

MEMORY = np.random.default_rng(3).normal(0, 1, (2, 5, 6)).astype("float32")


@pytest.fixture(scope="module")
def block():
    block = SelfAttentionBlock(heads=3, hidden_units=7)
    block.build(MEMORY.shape)
    rng = np.random.default_rng(4)
    block.set_weights([rng.normal(0.3, 0.5, weight.shape) for weight in block.get_weights()])
    return block


def normalized(x, layer):
    scale, offset = layer.get_weights()
    centered = x - x.mean(axis=-1, keepdims=True)
    return centered / np.sqrt(x.var(axis=-1, keepdims=True) + layer.epsilon) * scale + offset


def dense(x, layer):
    kernel, bias = layer.get_weights()
    return x @ kernel + bias


def test_a_block_is_attention_of_each_head_and_two_dense_layers(block):
    """Both are added to what they read. The oracle computes one head of one row at a time."""
    projected = dense(normalized(MEMORY, block.norms[0]), block.projections)  # (2, 5, 18)
    context = np.zeros_like(MEMORY)
    for row in range(2):
        for head in range(3):
            query, key, value = (projected[row, :, 6 * part + 2 * head : 6 * part + 2 * head + 2] for part in range(3))
            powers = np.exp(query @ key.T / np.sqrt(2))
            context[row, :, 2 * head : 2 * head + 2] = powers / powers.sum(axis=1, keepdims=True) @ value
    memory = MEMORY + dense(context, block.output_dense)
    hidden = np.maximum(dense(normalized(memory, block.norms[1]), block.hidden_dense), 0)
    np.testing.assert_allclose(block(MEMORY), memory + dense(hidden, block.final_dense), rtol=1e-3, atol=1e-3)


def test_positions_that_change_places_change_them_in_the_output(block):
    order = [3, 0, 4, 1, 2]
    np.testing.assert_allclose(block(MEMORY[:, order]), np.asarray(block(MEMORY))[:, order], rtol=1e-3, atol=1e-3)


def test_the_heads_divide_the_width():
    with pytest.raises(ValueError, match="a width that `heads` divides"):
        SelfAttentionBlock(heads=4).build((None, 5, 6))


def test_blocks_of_an_encoder_follow_its_positions_and_are_saved(tmp_path):
    inputs = keras.Input((16, 24, 3))
    features = ConvolutionalFeatures(filters=(4, 6), strides=(4, 2))
    encoder = ImageEncoder(features, units=6, context_layers=2, heads=2)
    model = keras.Model(inputs, encoder(inputs))
    images = np.random.default_rng(5).integers(0, 256, (2, 16, 24, 3), np.uint8)
    grid = np.asarray(features(images)).reshape(2, 6, 6)
    memory = dense(grid, encoder.projection) + np.asarray(encoder.positions)
    for each in encoder.blocks:
        memory = np.asarray(each(memory))
    np.testing.assert_allclose(model(images), memory, atol=1e-4)
    model.save(tmp_path / "encoder.keras")
    np.testing.assert_allclose(keras.models.load_model(tmp_path / "encoder.keras")(images), model(images), atol=1e-5)
