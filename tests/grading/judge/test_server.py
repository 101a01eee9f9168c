"""Limits that keep one submission from harming the judge process."""

from types import SimpleNamespace

import numpy as np
import pytest

from dlseq.grading.judge.fork_pool import run_forked
from dlseq.grading.judge.messages import GradingJob, JudgeSettings
from dlseq.grading.judge.server import _JobLoop, _select_items
from dlseq.grading.sandbox.judge_memory import JUDGE_MEMORY_HEADROOM_BYTES, limit_judge_memory


def test_huge_broadcast_of_small_replies_raises_memory_error():
    """(n, 1) and (1, n) are small, and their sum is not."""

    def task(send):
        limit_judge_memory()
        side = int((1.2 * JUDGE_MEMORY_HEADROOM_BYTES / 8) ** 0.5)
        try:
            np.zeros((side, 1)) + np.zeros((1, side))
        except MemoryError:
            send({"raised": True})
        send({"fits": float(np.zeros((side // 4, 1))[0, 0] + np.ones((1, side // 4))[0, 0])})

    assert [message for _, message in run_forked([("a", task)])] == [{"raised": True}, {"fits": 1.0}, None]


@pytest.mark.parametrize("answered, runs", [(False, 2), (True, 1)])
def test_a_death_after_an_answer_is_no_second_try(answered, runs):
    """A submission that had answered wrongly could end its process, and answer again in a fresh one."""
    worker, count = SimpleNamespace(worker_died=False, answered=True), []

    def run_test(item, nextitem):
        assert not worker.answered
        count.append(item)
        worker.worker_died, worker.answered = True, answered

    hook = SimpleNamespace(pytest_runtest_protocol=run_test)
    item = SimpleNamespace(config=SimpleNamespace(hook=hook), _initrequest=lambda: None)
    loop = _JobLoop(None, JudgeSettings("", ()), None)
    loop.retries_left = 3
    worker.answered = True  # in the test before
    loop.run_item(item, worker)
    assert len(count) == runs and not worker.worker_died


def test_exhibits_come_before_tests_with_secret_inputs():
    """The map in the report was once drawn last, and could carry the inputs of all hidden tests."""

    def item(name, hidden, *fixtures):
        marks = {"hidden": hidden or None, "points": SimpleNamespace(kwargs={"of": "f"})}
        path = SimpleNamespace(stem="test_a")
        return SimpleNamespace(name=name, path=path, fixturenames=fixtures, get_closest_marker=marks.get)

    items = [item("secret", True), item("shown", True, "exhibit"), item("visible", False)]
    assert [found.name for found in _select_items(items, GradingJob("eve", "a", ()))] == ["shown", "visible", "secret"]
