"""Limits that keep one submission from harming the judge process."""

import numpy as np

from dlseq.grading.judge.fork_pool import run_forked
from dlseq.grading.judge.server import JUDGE_MEMORY_HEADROOM_BYTES, _limit_memory, _printable_exhibit


def test_huge_broadcast_of_small_replies_raises_memory_error():
    """(n, 1) and (1, n) are small, and their sum is not."""

    def task(send):
        _limit_memory()
        side = int((1.2 * JUDGE_MEMORY_HEADROOM_BYTES / 8) ** 0.5)
        try:
            np.zeros((side, 1)) + np.zeros((1, side))
        except MemoryError:
            send({"raised": True})
        send({"fits": float(np.zeros((side // 4, 1))[0, 0] + np.ones((1, side // 4))[0, 0])})

    assert [message for _, message in run_forked([("a", task)])] == [{"raised": True}, {"fits": 1.0}, None]


def test_exhibit_that_is_huge_or_not_json_is_dropped():
    """It ended the judge process, and with it the run, instead of harming only its own submission."""
    small = {"title": "a map", "submission": [[0.5, float("nan")]]}
    assert _printable_exhibit(small) == small
    assert _printable_exhibit(None) is None
    assert _printable_exhibit({"submission": [[0.0] * 1000] * 1000}) is None
    assert _printable_exhibit({"submission": np.zeros(3)}) is None
