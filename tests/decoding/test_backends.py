"""Decoders on other backends of Keras, without TensorFlow: the same ids for a seed, the same log-probabilities."""

import importlib.util

import numpy as np
import pytest

RUN = """
import sys
sys.modules["tensorflow"] = None  # importing it raises ImportError
import numpy as np
exec(sys.argv[1])
np.savez(sys.argv[2], **{name: np.asarray(values) for name, values in run().items()})
"""

CALLS = """
def run():
    import numpy as np
    from keras import ops
    from dlseq.decoding import average_variants, beam_search, compiled, greedy_search, sample
    from dlseq.layers import AttentionDecoder

    random = np.random.default_rng(3)
    table = 2 * random.normal(size=(3, 6, 6)).astype("float32")

    def step(tokens, state):
        sources, previous = state["memory"], state["past"][0]
        logits = ops.take(ops.convert_to_tensor(table.reshape(-1, 6)), sources * 6 + tokens, axis=0)
        logits = logits + ops.cast(previous[:, None] == ops.arange(6), "float32")
        return logits, {"memory": sources, "past": [tokens]}, {"seen": ops.cast(previous, "float32")}

    def state(rows):
        return {"memory": (np.arange(rows) % 3).astype("int32"), "past": [np.zeros(rows, "int32")]}

    options = {"max_length": 7, "end_id": 1}
    decoded = {
        "greedy": greedy_search(step, state(6), [0] * 6, **options),
        "sampled": sample(step, state(50), [0] * 50, seed=2**40 + 3, **options),
        "truncated": sample(step, state(50), [0] * 50, temperature=0.7, top_k=4, top_p=0.9, seed=5, **options),
        "shared": sample(step, state(2), [0, 2], num_samples=40, temperature=1.3, suppress_ids=(3,), seed=7, **options),
        "beam": beam_search(step, state(6), [0] * 6, beam_width=3, length_penalty=0.6, **options),
    }
    compiled_step = compiled(lambda *arguments: step(*arguments)[:2], any_batch_size=True)
    decoded["compiled step"] = sample(compiled_step, state(2), [0, 2], num_samples=40, seed=7, **options)
    search = compiled(lambda tokens, seed: sample(step, state(5), tokens, seed=seed, **options))
    decoded["compiled"] = search(np.zeros(5, "int32"), np.int32(9))

    decoder, memory = AttentionDecoder(6, 4, score="additive"), random.normal(size=(2, 5, 3)).astype("float32")
    decoder.build([(None, None), (None, None, 3)])
    decoder.set_weights([random.normal(size=weight.shape) for weight in decoder.get_weights()])
    for name, search in {"decoder greedy": greedy_search, "decoder beam": beam_search}.items():
        decoded[name] = search(*decoder.prepared_step(memory), [0, 0], **options)
        decoded[f"average {name}"] = search(*average_variants(*decoder.prepared_step(memory), 2), [0], **options)

    found = {}
    for name, result in decoded.items():
        found |= {f"{name} {field}": ops.convert_to_numpy(getattr(result, field)) for field in ("ids", "log_probs")}
    found["attention"] = ops.convert_to_numpy(decoded["decoder beam"].attention)
    found["seen"] = ops.convert_to_numpy(decoded["greedy"].outputs["seen"])
    return found
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_decoders_on_each_backend_equal_those_on_tensorflow(tmp_path, run_on_backend, backend):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    run_on_backend(backend, RUN, CALLS, tmp_path / "found.npz")
    names = {}
    exec(CALLS, names)  # noqa: S102
    expected, found = names["run"](), np.load(tmp_path / "found.npz")
    assert set(found.files) == set(expected)
    for name, right in expected.items():
        if name.endswith("ids"):
            np.testing.assert_array_equal(found[name], right, err_msg=name)
        else:
            np.testing.assert_allclose(found[name], right, atol=1e-4, err_msg=name)


SORTS = """
import jax, numpy as np
from keras import ops
from dlseq.decoding import beam_search

table = np.random.default_rng(0).normal(size=(600, 600)).astype("float32")
step = lambda tokens, state: (ops.take(table, tokens, axis=0), state)
for end_id in (None, 1):
    search = jax.jit(lambda tokens: beam_search(step, None, tokens, max_length=5, end_id=end_id, beam_width=3).ids)
    graph = search.lower(np.zeros(2, "int32")).compile().as_text()
    assert "TopK" in graph
    assert " sort(" not in graph
"""


@pytest.mark.slow
def test_xla_sorts_no_rows_in_a_beam_search(run_on_backend):
    """Slices of `top_k` made XLA sort all extensions: a search among 3,000 symbols took a hundred times as long."""
    run_on_backend("jax", SORTS)
