"""A test harness for layers, and saved models that a new process loads."""

import functools
import inspect
import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from dlseq.decoding import beam_search, greedy_search
from dlseq.kernels import lstm as fused_module
from dlseq.layers import LSTM, AttentionDecoder, AttentionLayer, TextEncoder

LOAD_SCRIPT = """
import sys
import dlseq.layers
import keras
import numpy as np

for path in sys.argv[1:]:
    inputs = np.load(path.replace(".keras", ".inputs.npz"))
    model = keras.models.load_model(path)
    outputs = keras.tree.flatten(model([inputs[name] for name in inputs.files]))
    np.savez(path.replace(".keras", ".outputs.npz"), *[np.asarray(keras.ops.cast(x, "float32")) for x in outputs])
"""


@pytest.fixture
def floats():
    """A seeded generator of float32 arrays: `floats(2, 3)` has shape `(2, 3)`."""
    random = np.random.default_rng(7)
    return lambda *shape: random.normal(size=shape).astype("float32")


@pytest.fixture(scope="session")
def check_search():
    """A function that compares the result of a search with a call of the decoder on the symbols that it found."""

    def check(decoder, search, step, state, memory, mask, start_tokens):
        call = {"start_tokens": start_tokens, "max_length": 6, "end_id": 2}
        searches = {"greedy": greedy_search, "beam": functools.partial(beam_search, beam_width=3)}
        decoded = searches[search](step, state, **call)
        ids, lengths, attention = (np.asarray(x) for x in (decoded.ids, decoded.lengths, decoded.attention))
        logits, weights = decoder([ids, memory], mask=[None, mask], return_attention_scores=True)
        log_probs = np.asarray(keras.ops.log_softmax(logits))
        for row, length in enumerate(lengths):
            np.testing.assert_allclose(attention[row, :length], weights[row, :length], atol=1e-5)
            assert not attention[row, length:].any()
            total = log_probs[row, np.arange(length), ids[row, :length]].sum()
            np.testing.assert_allclose(decoded.log_probs[row], total, atol=1e-4)
            if search == "greedy":
                np.testing.assert_array_equal(log_probs[row, :length].argmax(-1), ids[row, :length])

    return check


@pytest.fixture
def kernel_calls(monkeypatch):
    """A list with an entry for each call of the fused kernel."""
    calls, real = [], fused_module.fused_lstm

    def counting(*args, **kwargs):
        calls.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(fused_module, "fused_lstm", counting)
    return calls


@pytest.fixture(params=["gradient of the kernel", "gradient of wide layers"])
def both_gradients(request, monkeypatch):
    """Both gradients of the fused LSTM, whatever its width."""
    if request.param == "gradient of wide layers":
        monkeypatch.setattr(fused_module, "MAX_KERNEL_GRADIENT_WEIGHTS", 0)


@pytest.fixture(scope="session")
def check_layer():
    """A function `check_layer(make, inputs)` that tests the Keras protocol of the layer `make(**kwargs)`."""

    def run(make, inputs, call=None, outputs=1):
        call = call or {}
        _config_round_trip(make, inputs, call)
        _symbolic_agrees_with_eager(make, inputs, call, outputs)
        _one_step_of_fit(make, inputs)
        for policy in ("mixed_float16", "mixed_bfloat16", "float64"):
            _under_policy(make, inputs, call, policy)

    return run


def _config_round_trip(make, inputs, call):
    layer = make()
    layer(inputs, **call)
    config = json.loads(json.dumps(layer.get_config()))
    missing = set(inspect.signature(layer.__class__).parameters) - {"args", "kwargs"} - set(config)
    assert missing == set()
    restored = layer.__class__.from_config(config)
    for name in config:
        value = getattr(layer, name, None)
        if isinstance(value, (int, float, str)):
            assert getattr(restored, name) == value, name
    assert json.loads(json.dumps(restored.get_config())) == config
    restored(inputs, **call)
    restored.set_weights(layer.get_weights())
    for left, right in zip(_flat(layer(inputs, **call)), _flat(restored(inputs, **call)), strict=True):
        np.testing.assert_array_equal(left, right)


def _symbolic(inputs):
    def placeholder(array, sizes):
        return keras.Input(sizes, dtype=array.dtype.name)

    known = keras.tree.map_structure(lambda x: placeholder(x, x.shape[1:]), inputs)
    unknown = keras.tree.map_structure(
        lambda x: placeholder(x, (None, *x.shape[2:]) if x.ndim > 2 or x.dtype.kind == "i" else x.shape[1:]), inputs
    )
    return known, unknown


def _symbolic_agrees_with_eager(make, inputs, call, outputs):
    layer = make()
    eager = _flat(layer(inputs, **call))
    assert len(eager) == outputs
    for placeholders in _symbolic(inputs):
        symbolic = layer(placeholders, **call)
        for spec, array in zip(keras.tree.flatten(symbolic), eager, strict=True):
            assert len(spec.shape) == array.ndim
            assert all(size in (None, real) for size, real in zip(spec.shape, array.shape, strict=True))
            assert spec.dtype == array.dtype.name
            assert spec.shape[-1] is not None or array.shape[-1] == keras.tree.flatten(inputs)[-1].shape[1]
        model = keras.Model(placeholders, symbolic)
        for left, right in zip(_flat(model(inputs)), eager, strict=True):
            np.testing.assert_allclose(left, right, atol=1e-6)
    shapes = keras.tree.map_structure(lambda x: keras.KerasTensor(x.shape), inputs)
    shapes = [x.shape for x in shapes] if isinstance(shapes, list) else shapes.shape
    assert tuple(layer.compute_output_shape(shapes)) == eager[0].shape


def _one_step_of_fit(make, inputs):
    layer = make()
    placeholders, _ = _symbolic(inputs)
    pooled = keras.layers.Flatten()(layer(placeholders))
    model = keras.Model(placeholders, keras.layers.Dense(1)(pooled))
    model.compile(keras.optimizers.SGD(1.0), "mse")
    before = [weight.numpy() for weight in layer.trainable_weights]
    history = model.fit(inputs, np.ones((len(keras.tree.flatten(inputs)[0]), 1)), verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    unchanged = [w.path for w, old in zip(layer.trainable_weights, before, strict=True) if np.array_equal(w, old)]
    # Softmax does not depend on a constant added to all energies, so this bias has no gradient.
    assert [path for path in unchanged if not path.endswith("energy_dense/bias")] == []


def _under_policy(make, inputs, call, policy):
    layer = make(dtype=policy)
    outputs = keras.tree.flatten(layer(inputs, **call))
    expected = keras.dtype_policies.get(policy)
    assert keras.backend.standardize_dtype(outputs[0].dtype) == expected.compute_dtype
    assert {weight.dtype for weight in layer.trainable_weights} == {expected.variable_dtype}
    full = make()
    full(inputs, **call)
    full.set_weights(layer.get_weights())
    for low, high in zip(_flat(outputs), _flat(full(inputs, **call)), strict=True):
        np.testing.assert_allclose(low, high, atol={"mixed_bfloat16": 0.1, "mixed_float16": 0.02}.get(policy, 1e-5))


def _flat(outputs):
    outputs = keras.tree.flatten(outputs)
    return [np.asarray(keras.ops.cast(x, "float32") if "bfloat16" in str(x.dtype) else x) for x in outputs]


def _attention(score, dtype="float32", **kwargs):
    ids, memory = keras.Input((4,), dtype="int32"), keras.Input((None, 6))
    query = keras.layers.Embedding(9, 5, mask_zero=True, dtype=dtype)(ids)
    layer = AttentionLayer(8, score=score, dtype=dtype, **kwargs)
    return keras.Model([ids, memory], layer([query, memory], return_attention_scores=True))


def _attention_with_keys():
    query, memory = keras.Input((4, 5)), keras.Input((None, 6))
    layer = AttentionLayer(8, score="concat")
    layer.build([query.shape, memory.shape])
    keys = layer.project(memory)
    outputs = [
        layer([query, memory], keys=keys, return_attention_scores=True),
        layer([query[:, 0], memory], keys=keys),
    ]
    return keras.Model([query, memory], outputs)


def _encoder_decoder(dtype="float32"):
    source, target = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    encoder = TextEncoder(9, 6, depth=1, kernel_size=3, recurrent_units=4, dtype=dtype)
    decoder = AttentionDecoder(7, 5, embedding_units=3, score="additive", dropout=0.2, start_id=2, seed=1, dtype=dtype)
    return keras.Model([source, target], decoder([target, encoder(source)], return_attention_scores=True))


def _recurrent():
    x = keras.Input((None, 5))
    both = keras.layers.Bidirectional(LSTM(3, return_sequences=True, dropout=0.1, seed=1))
    return keras.Model(x, LSTM(4, fused=False, go_backwards=True)(both(x)))


_IDS, _MORE_IDS = np.array([[1, 2, 3, 0], [4, 5, 0, 0]], "int32"), np.array([[3, 6, 1], [2, 2, 5]], "int32")
_QUERY, _MEMORY = np.random.default_rng(1).normal(size=(2, 4, 5)), np.random.default_rng(2).normal(size=(2, 6, 6))

SAVED = {
    "additive": (lambda: _attention("additive", energy_activation="tanh"), [_IDS, _MEMORY]),
    "concat": (lambda: _attention("concat", dropout=0.3, seed=4), [_IDS, _MEMORY]),
    "dot": (lambda: _attention("dot", kernel_initializer="orthogonal"), [_IDS, _MEMORY]),
    "general": (lambda: _attention("general", dtype="mixed_float16"), [_IDS, _MEMORY]),
    "keys": (_attention_with_keys, [_QUERY, _MEMORY]),
    "encoder_decoder": (_encoder_decoder, [_IDS, _MORE_IDS]),
    "mixed_encoder_decoder": (lambda: _encoder_decoder("mixed_bfloat16"), [_IDS, _MORE_IDS]),
    "recurrent": (_recurrent, [_MEMORY[:, :, :5]]),
}


@pytest.fixture(scope="session")
def saved_outputs(tmp_path_factory):
    """A dict of model outputs: before saving, and after loading in a new process."""
    folder = tmp_path_factory.mktemp("saved")
    outputs, paths = {}, []
    for name, (make, inputs) in SAVED.items():
        model = make()
        for weight in model.trainable_weights:  # biases too: a zero weight may be missing unnoticed
            weight.assign(keras.random.normal(weight.shape, seed=len(paths)) + weight)
        inputs = [x if x.dtype.kind == "i" else x.astype("float32") for x in inputs]
        outputs[name] = [np.asarray(keras.ops.cast(x, "float32")) for x in keras.tree.flatten(model(inputs))]
        paths.append(str(folder / f"{name}.keras"))
        model.save(paths[-1])
        np.savez(folder / f"{name}.inputs.npz", *inputs)
    process = subprocess.run(
        [sys.executable, "-c", LOAD_SCRIPT, *paths],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-3000:]

    def results(name):
        stored = np.load(folder / f"{name}.outputs.npz")
        return outputs[name], [stored[key] for key in stored.files]

    return {name: results(name) for name in SAVED}
