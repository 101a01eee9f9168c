"""Saved models of all layers, loaded by one new process."""

import numpy as np
import pytest

OUTPUTS = {
    "additive": 2,
    "concat": 2,
    "dot": 2,
    "general": 2,
    "keys": 3,
    "encoder_decoder": 2,
    "mixed_encoder_decoder": 2,
    "recurrent": 1,
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_saved_model_gives_equal_outputs_in_a_new_process(saved_outputs, name):
    before, after = saved_outputs[name]
    assert len(after) == OUTPUTS[name]
    for left, right in zip(before, after, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-6)
