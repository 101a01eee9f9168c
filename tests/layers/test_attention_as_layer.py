"""Tests of AttentionLayer as a Keras layer: configuration, graphs, precision, files and errors."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlseq.layers import AttentionLayer

ALL_SCORES = ["additive", "concat", "dot", "general"]


@pytest.mark.parametrize("score", ALL_SCORES)
def test_layer_passes_the_keras_layer_checks(check_layer, floats, score):
    inputs = [floats(2, 3, 4), floats(2, 5, 6)]
    check_layer(
        lambda **kwargs: AttentionLayer(8, score=score, **kwargs), inputs, {"return_attention_scores": True}, outputs=2
    )


def test_all_options_pass_the_keras_layer_checks(check_layer, floats):
    def make(**kwargs):
        options = {"energy_activation": "tanh", "dropout": 0.2, "seed": 3, "kernel_initializer": "orthogonal"}
        return AttentionLayer(8, score="dot", **options, **kwargs)

    check_layer(make, [floats(2, 4), floats(2, 5, 6)])


@pytest.mark.parametrize("size", [1, 300])
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("score", ALL_SCORES)
def test_weights_sum_to_one_in_all_precisions(floats, score, policy, size):
    """At size 300 the energies of `general` overflowed in float16, and the softmax was NaN."""
    layer = AttentionLayer(8, score=score, dtype=policy)
    context, weights = layer([size * floats(2, 3, 40), size * floats(2, 50, 40)], return_attention_scores=True)
    assert weights.dtype == "float32"
    assert context.dtype == layer.compute_dtype
    np.testing.assert_allclose(np.asarray(weights).sum(-1), 1, atol=1e-6)
    assert np.isfinite(np.asarray(keras.ops.cast(context, "float32"))).all()


@pytest.mark.parametrize("score", ALL_SCORES)
def test_xla_results_agree_with_eager(floats, score):
    layer, inputs = AttentionLayer(8, score=score), [floats(2, 3, 4), floats(2, 5, 6)]
    mask = np.arange(5) < np.array([[3], [0]])

    @tf.function(jit_compile=True)
    def compiled(query, value):
        return layer([query, value], mask=[None, mask], use_causal_mask=True, return_attention_scores=True)

    eager = layer(inputs, mask=[None, mask], use_causal_mask=True, return_attention_scores=True)
    for left, right in zip(compiled(*inputs), eager, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)


def test_calls_store_no_tensors_on_the_layer(floats):
    layer, inputs = AttentionLayer(8), [floats(2, 3, 4), floats(2, 5, 6)]
    layer(inputs)
    before = set(vars(layer))
    layer(inputs, return_attention_scores=True)
    assert set(vars(layer)) == before
    held = [x for x in vars(layer).values() if keras.ops.is_tensor(x)]
    assert held == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 0}, "`units`. Expected an integer of at least 1. Received: units=0"),
        ({"units": 2.5}, "Received: units=2.5"),
        ({"units": True}, "Received: units=True"),
        ({"units": None}, "Received: units=None"),
        ({"score": "cosine"}, r"Expected one of \['additive', 'concat', 'dot', 'general'\]. Received: score='cosine'"),
        ({"score": ["dot"]}, r"Received: score=\['dot'\]"),
        ({"dropout": 1.0}, "Expected 0 <= dropout < 1. Received: dropout=1.0"),
        ({"dropout": -0.1}, "Received: dropout=-0.1"),
        ({"dropout": None}, "Received: dropout=None"),
        ({"energy_activation": "no such thing"}, "no such thing"),
        ({"kernel_initializer": "no such thing"}, "no such thing"),
    ],
)
def test_invalid_arguments_raise_value_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        AttentionLayer(**{"units": 8, **arguments})


def _of(*shapes):
    return [np.zeros(shape, "float32") for shape in shapes]


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize(
    ("inputs", "call", "message"),
    [
        (_of((2, 3, 4))[0], {}, r"must be called on a list \[query, value\] or \[query, value, key\]. Received inputs"),
        (_of((2, 3, 4)), {}, "must be called on a list"),
        (_of(*[(2, 3, 4)] * 4), {}, "must be called on a list"),
        (_of((2,), (2, 5, 6)), {}, r"query \(B, Tq, Dq\) or \(B, Dq\).*Received shapes: \[\(2,\), \(2, 5, 6\)"),
        (_of((2, 3, 4), (2, 6)), {}, r"value \(B, Tv, Dv\).*\(2, 6\)"),
        (_of((2, 3, 4), (2, 5, 6), (2, 6)), {}, r"key \(B, Tv, Dk\)"),
        (_of((2, 3, 4), (3, 5, 6)), {}, "Received shapes"),
        (_of((2, 3, 4), (2, 5, 6), (2, 4, 6)), {}, "Received shapes"),
        (_of((2, 3, 4), (2, 5, 6)), {"mask": np.ones((2, 5))}, r"takes mask=\[query_mask, value_mask\]"),
        (_of((2, 3, 4), (2, 5, 6)), {"mask": [None]}, r"takes mask=\[query_mask, value_mask\]"),
        (_of((2, 3, 4), (2, 5, 6)), {"mask": [None, np.ones((2, 5, 1))]}, r"mask of the value of shape \(2, 5\)"),
        (_of((2, 3, 4), (2, 5, 6)), {"mask": [None, np.ones((2, 4))]}, r"Received a mask of shape: \(2, 4\)"),
        (_of((2, 3, 4), (2, 5, 6)), {"mask": [np.ones((3, 2)), None]}, r"mask of the query of shape \(2, 3\)"),
        (_of((2, 4), (2, 5, 6)), {"mask": [np.ones((2, 2)), None]}, r"mask of the query of shape \(2, 1\)"),
        (
            _of((2, 3, 4), (2, 5, 6)),
            {"keys": np.zeros((2, 5, 7))},
            r"keys of shape \(2, 5, 8\), .*`project",
        ),
        (_of((2, 3, 4), (2, 5, 6)), {"keys": np.zeros((2, 1, 8))}, r"Received keys of shape: \(2, 1, 8\)"),
    ],
)
def test_invalid_calls_raise_value_error(inputs, call, message, built):
    layer = AttentionLayer(8)
    if built:
        layer.build([(2, 3, 4), (2, 5, 6)])
    with pytest.raises(ValueError, match=message):
        layer(inputs, **call)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([(2, 3, 5), (2, 5, 6)], "built for a query of width 4. Received a query of shape"),
        ([(2, 3, 4), (2, 5, 7)], "built for a key of width 6. Received a key of shape"),
        ([(2, 3, 4), (2, 5, 6), (2, 5, 7)], "built for a key of width 6. Received a key of shape"),
    ],
)
def test_inputs_of_another_width_raise_value_error(shapes, message):
    layer = AttentionLayer(8)
    layer.build([(None, None, 4), (None, None, 6)])
    with pytest.raises(ValueError, match=message):
        layer(_of(*shapes))
    with pytest.raises(ValueError, match=message):
        layer([keras.Input(shape[1:]) for shape in shapes])
    with pytest.raises(ValueError, match="built for a key of width 6"):
        layer.project(_of((2, 5, 7))[0])
