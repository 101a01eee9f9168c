"""Work in forked processes: what is sent arrives, and what dies is noticed."""

import os
import signal
import time

import pytest

from dlseq.grading.judge.fork_pool import LOST, in_children


def test_messages_of_all_children_arrive_in_their_order():
    def work(number):
        def send_three(send):
            for step in range(3):
                send({"step": step, "of": number})

        return send_three

    got = list(in_children([(n, work(n)) for n in range(5)], jobs=3))
    for n in range(5):
        assert [m for key, m in got if key == n] == [*({"step": s, "of": n} for s in range(3)), None]


@pytest.mark.parametrize(
    "end",
    [lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 / 0],
    ids=["exit", "kill", "raise"],
)
def test_a_child_that_ends_early_keeps_what_it_sent_and_is_lost(end, capfd):
    def work(send):
        send({"first": 1})
        end()

    assert list(in_children([("a", work)])) == [("a", {"first": 1}), ("a", LOST), ("a", None)]


def test_a_silent_child_is_killed_with_its_children():
    def work(send):
        process = os.fork()
        if process == 0:
            time.sleep(60)
        send({"child": process})
        time.sleep(60)

    begun = time.monotonic()
    (_, told), *rest = list(in_children([("a", work)], silence=0.3))
    assert rest == [("a", LOST), ("a", None)] and time.monotonic() - begun < 20
    deadline = time.monotonic() + 5
    while alive(told["child"]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(told["child"])


def alive(process):
    try:
        with open(f"/proc/{process}/stat") as file:  # noqa: PTH123
            return file.read().split()[2] != "Z"
    except OSError:
        return False


def test_a_large_message_arrives_whole():
    ((_, message), _) = in_children([("a", lambda send: send({"text": "x" * 500_000}))])
    assert len(message["text"]) == 500_000
