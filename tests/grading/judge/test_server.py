"""What a lane does so that one candidate is judged like the others."""

import numpy as np

from dlseq.grading.judge.fork_pool import in_children
from dlseq.grading.judge.server import SPARE, _bound_memory, _shown


def test_answers_that_become_too_large_together_end_a_test_and_not_the_machine():
    """(n, 1) and (1, n) are small, and their sum is not."""

    def work(send):
        _bound_memory()
        side = int((1.2 * SPARE / 8) ** 0.5)
        try:
            np.zeros((side, 1)) + np.zeros((1, side))
        except MemoryError:
            send({"ended": True})
        send({"fits": float(np.zeros((side // 4, 1))[0, 0] + np.ones((1, side // 4))[0, 0])})

    assert [message for _, message in in_children([("a", work)])] == [{"ended": True}, {"fits": 1.0}, None]


def test_an_exhibit_that_is_vast_or_no_plain_data_is_left_out():
    """It stopped the lane, and with it the run, in the place of the submission that made it."""
    small = {"title": "a map", "submission": [[0.5, float("nan")]]}
    assert _shown(small) == small
    assert _shown(None) is None
    assert _shown({"submission": [[0.0] * 1000] * 1000}) is None
    assert _shown({"submission": np.zeros(3)}) is None
