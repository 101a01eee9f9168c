"""The pool of forked processes: messages arrive, and deaths are noticed."""

import os
import signal
import time

import pytest

from dlseq.grading.judge.fork_pool import CHILD_DIED, run_forked


def test_messages_of_each_child_arrive_in_order():
    def task(number):
        def send_three(send):
            for step in range(3):
                send({"step": step, "of": number})

        return send_three

    messages = list(run_forked([(number, task(number)) for number in range(5)], processes=3))
    for number in range(5):
        expected = [*({"step": step, "of": number} for step in range(3)), None]
        assert [message for key, message in messages if key == number] == expected


@pytest.mark.parametrize(
    "end",
    [lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0],
    ids=["exit", "kill", "raise"],
)
def test_early_end_of_a_child_keeps_its_messages(end, capfd):
    def task(send):
        send({"first": 1})
        end()

    assert list(run_forked([("a", task)])) == [("a", {"first": 1}), ("a", CHILD_DIED), ("a", None)]


def test_silent_child_is_killed_with_its_children():
    def task(send):
        pid = os.fork()
        if pid == 0:
            time.sleep(60)
        send({"grandchild": pid})
        time.sleep(60)

    started = time.monotonic()
    (_, message), *rest = list(run_forked([("a", task)], silence_seconds=0.3))
    assert rest == [("a", CHILD_DIED), ("a", None)] and time.monotonic() - started < 20
    deadline = time.monotonic() + 5
    while is_alive(message["grandchild"]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(message["grandchild"])


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
            return file.read().split()[2] != "Z"
    except OSError:
        return False


def test_large_message_arrives_whole():
    ((_, message), _) = run_forked([("a", lambda send: send({"text": "x" * 500_000}))])
    assert len(message["text"]) == 500_000
