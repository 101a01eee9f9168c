"""A grading run that is stopped or killed: what stands, and what is left of it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dlseq.grading.judge import pool as fleet
from dlseq.grading.results import read_result
from dlseq.grading.worker.procfs import descendants

NAME = "recurrent_network"  # by this name, a small course of its own: see conftest.py
RIGHT, WRONG = ("", ""), ("* 2", "* 3")


def command(folder, out, *more, isolation="process"):
    begin = "from dlseq.cli import main; main()"
    return [sys.executable, "-c", begin, "grade", str(folder), "--out", str(out), "--exercise", NAME, "--jobs=1",
            f"--isolation={isolation}", "--seed=5", "--format=junit", *more]  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_a_command_that_is_stopped_keeps_what_is_done_and_leaves_no_process(number, hand_in, small_course, tmp_path):
    """The third of three submissions does not come to an end, so that there is something to stop."""
    folder, out = hand_in(a=RIGHT, b=WRONG, c=("import numpy as np", "while True: pass")), tmp_path / "out"
    begun = subprocess.Popen(
        command(folder, out, "--time-limit=60"),
        cwd=small_course.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while len(list((out / "results").glob("[ab].json"))) < 2 or len(family := descendants(begun.pid)) < 4:
        assert time.monotonic() < until and begun.poll() is None
        time.sleep(0.05)
    begun.send_signal(number)
    begun.wait(10)
    said = begun.stdout.read()
    assert all_gone(family)
    assert {path.stem: read_result(path).earned for path in (out / "results").iterdir()} == {"a": 100, "b": 0}
    if number == signal.SIGINT:
        assert begun.returncode == 130
        words = f"stopped: 2 of 3 results stand in {out}; the same command with --resume goes on"
        assert words in said and "Traceback" not in said
    hand_in(c=RIGHT)
    again = command(folder, out, "--time-limit=60", "--resume")
    done = subprocess.run(again, cwd=small_course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "2 of them graded before" in done.stdout and "1 graded in" in done.stdout
    assert [read_result(out / f"results/{name}.json").earned for name in "abc"] == [100, 0, 100]


def all_gone(processes, seconds=10.0):
    """Whether all of these have ended, before so many seconds are over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(_lives(number) for number in processes):
            return True
        time.sleep(0.05)
    return False


def _lives(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_run_that_is_stopped_while_the_reference_is_asked_ends_at_once(marked, hand_in, small_course):
    """The reference of an exercise with training in it takes its time, and so would have Ctrl-C."""
    text = small_course.solution(NAME).read_text()
    folder = hand_in(ada=RIGHT, bob=RIGHT, eve=RIGHT)
    small_course.solution(NAME).write_text(text.replace("number * 2", "__import__('time').sleep(20)"))
    threading.Timer(3.0, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT]).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        marked(folder)
    assert time.monotonic() - begun < 12 and not fleet._LANES.busy


def test_without_a_sandbox_nobody_is_graded_and_a_sentence_says_what_to_install(hand_in, small_course, tmp_path):
    folder, out = hand_in(ada=RIGHT, bob=RIGHT), tmp_path / "out"
    done = subprocess.run(
        command(folder, out, isolation="sandbox"),
        cwd=small_course.root, capture_output=True, text=True, check=False, env={**os.environ, "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 2 and not list((out / "results").iterdir()) and "Traceback" not in done.stderr
    assert done.stderr.startswith("dlseq: Grading needs bubblewrap, which is not installed: apt-get install bubblewrap")
