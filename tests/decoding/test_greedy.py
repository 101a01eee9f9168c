"""Tests of greedy search against a NumPy loop."""

import numpy as np
import pytest

from dlseq.decoding import greedy_search


@pytest.mark.parametrize("end_id", [0, 3, None])
@pytest.mark.parametrize("seed", range(5))
def test_every_token_is_the_argmax_of_its_logits(history_model, words, seed, end_id):
    model = history_model(seed, max_length=7)
    starts = np.array([0, 1, 2, 3, 1], "int32")
    expected = []
    for row, start in enumerate(starts):
        previous, present, word = 0, start, ()
        while len(word) < 7 and (not word or word[-1] != end_id):
            previous, present = present, int(model.logits[row % 3, previous, present].argmax())
            word = (*word, present)
        expected.append(word)
    decoded = greedy_search(model.step, model.state(5), starts, max_length=7, end_id=end_id)
    assert words(decoded) == expected


def test_ties_choose_the_lowest_id(chain, words):
    decoded = greedy_search(chain([[0.1, 0.3, 0.3, 0.3]] * 4), None, [0], max_length=2, end_id=None)
    assert words(decoded) == [(1, 1)]


def test_a_row_does_not_depend_on_other_rows(history_model, words):
    model = history_model(8, max_length=6)
    starts = np.arange(7, dtype="int32") % 4
    together = greedy_search(model.step, model.state(7), starts, max_length=6, end_id=3)
    for row in range(7):
        state = model.state(7)
        state["memory"] = (state["memory"][0][row : row + 1], None)
        state["past"] = [leaf[row : row + 1] for leaf in state["past"]]
        alone = greedy_search(model.step, state, starts[row : row + 1], max_length=6, end_id=3)
        assert words(alone) == [words(together)[row]]
        np.testing.assert_allclose(alone.log_probs[0], together.log_probs[row], rtol=1e-6)
