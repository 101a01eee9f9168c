"""Tests of the layers on other Keras backends, without TensorFlow."""

import ast
import importlib.util
from pathlib import Path

import numpy as np
import pytest

import dlseq.layers
from dlseq.layers import AttentionDecoder, AttentionLayer, TextEncoder

RUN = """
import sys
sys.modules["tensorflow"] = None  # importing it raises ImportError
import numpy as np
import dlseq.layers
given = np.load(sys.argv[1])
exec(sys.argv[2])
from keras import ops
np.savez(sys.argv[3], *[ops.convert_to_numpy(x) for x in run(given, dlseq.layers)])
"""

CALLS = """
def run(given, layers):
    found = []
    ids, targets, query, memory = (given[name] for name in ("ids", "targets", "query", "memory"))
    for score in ("additive", "concat", "dot", "general"):
        layer = layers.AttentionLayer(4, score=score)
        layer.build([query.shape, memory.shape])
        layer.set_weights([given[f"{score}{i}"] for i in range(len(layer.weights))])
        found += layer([query, memory], mask=[None, ids != 0], return_attention_scores=True, use_causal_mask=True,
                       keys=layer.project(memory))
    encoder = layers.TextEncoder(9, 4, depth=0, recurrent_units=3)
    encoder.build(ids.shape)
    encoder.set_weights([given[f"encoder{i}"] for i in range(len(encoder.weights))])
    decoder = layers.AttentionDecoder(7, 4)
    decoder.build([targets.shape, (*ids.shape, 6)])
    decoder.set_weights([given[f"decoder{i}"] for i in range(len(decoder.weights))])
    encoded = encoder(ids)
    logits, weights = decoder([targets, encoded], mask=[None, ids != 0], return_attention_scores=True)
    first, _, outputs = decoder.step(targets[:, 0] * 0, decoder.initial_state(encoded, ids != 0))
    return [*found, encoded, logits, weights, first, outputs["attention"]]
"""


@pytest.mark.parametrize(
    "backend", [*(pytest.param(name, marks=pytest.mark.slow) for name in ("jax", "torch")), "numpy"]
)
def test_results_on_other_backends_equal_tensorflow(floats, tmp_path, run_on_backend, backend):
    for package in ("torch",) if backend == "torch" else ("jax", "scipy"):  # the NumPy backend imports these too
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    ids, targets = np.array([[1, 2, 3, 0], [4, 0, 0, 0]], "int32"), np.array([[3, 6], [2, 5]], "int32")
    given = {"ids": ids, "targets": targets, "query": floats(2, 3, 5), "memory": floats(2, 4, 6)}
    for score in ("additive", "concat", "dot", "general"):
        layer = AttentionLayer(4, score=score)
        layer.build([(2, 3, 5), (2, 4, 6)])
        given |= {f"{score}{i}": floats(*weight.shape) for i, weight in enumerate(layer.weights)}
    encoder, decoder = TextEncoder(9, 4, depth=0, recurrent_units=3), AttentionDecoder(7, 4)
    encoder.build(ids.shape)
    decoder.build([targets.shape, (2, 4, 6)])
    given |= {f"encoder{i}": floats(*weight.shape) for i, weight in enumerate(encoder.weights)}
    given |= {f"decoder{i}": floats(*weight.shape) for i, weight in enumerate(decoder.weights)}

    np.savez(tmp_path / "given.npz", **given)
    run_on_backend(backend, RUN, tmp_path / "given.npz", CALLS, tmp_path / "found.npz")

    names = {}
    exec(CALLS, names)  # noqa: S102
    expected, found = names["run"](given, dlseq.layers), np.load(tmp_path / "found.npz")
    assert len(found.files) == len(expected) == 13
    for name, right in zip(found.files, expected, strict=True):
        np.testing.assert_allclose(found[name], right, atol=1e-5)


def test_layers_do_not_import_tensorflow_at_module_level():
    folder = Path(importlib.util.find_spec("dlseq.layers").origin).parent
    importing = set()
    for path in folder.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import) and any(name.name.startswith("tensorflow") for name in node.names):
                importing.add(path.name)
            if isinstance(node, ast.ImportFrom) and node.module.startswith(("tensorflow", "dlseq.kernels.lstm")):
                importing.add(path.name)
    assert importing == set()
