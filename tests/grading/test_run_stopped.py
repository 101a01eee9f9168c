"""A grading run that is interrupted or killed keeps its results and leaves no process."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dlseq.grading.judge import pool
from dlseq.grading.results import read_result
from dlseq.grading.worker.procfs import descendants

NAME = "recurrent_network"  # the small course of conftest.py has an exercise of this name
RIGHT, WRONG = ("", ""), ("* 2", "* 3")


def command(folder, out, *more, isolation="process"):
    program = "from dlseq.cli import main; main()"
    return [sys.executable, "-c", program, "grade", str(folder), "--out", str(out), "--exercise", NAME, "--jobs=1",
            f"--isolation={isolation}", "--seed=5", "--format=junit", *more]  # fmt: skip


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, *(pytest.param(number, marks=pytest.mark.slow) for number in (signal.SIGKILL, signal.SIGTERM))],
)
def test_interrupted_command_keeps_results_and_leaves_no_process(number, hand_in, small_course, tmp_path):
    """The third of three submissions hangs, so that there is a process to interrupt."""
    folder, out = hand_in(a=RIGHT, b=WRONG, c=("import numpy as np", "while True: pass")), tmp_path / "out"
    process = subprocess.Popen(
        command(folder, out, "--time-limit=60"),
        cwd=small_course.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while len(list((out / "results").glob("[ab].json"))) < 2 or len(family := descendants(process.pid)) < 4:
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    process.wait(10)
    output = process.stdout.read()
    assert all_gone(family)
    assert {path.stem: read_result(path).earned for path in (out / "results").iterdir()} == {"a": 100, "b": 0}
    if number == signal.SIGINT:
        assert process.returncode == 130
        words = f"stopped: 2 of 3 results are in {out}; the same command with --resume goes on"
        assert words in output and "Traceback" not in output
    hand_in(c=RIGHT)
    again = command(folder, out, "--time-limit=60", "--resume")
    done = subprocess.run(again, cwd=small_course.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "2 of them graded before" in done.stdout and "1 graded in" in done.stdout
    assert [read_result(out / f"results/{name}.json").earned for name in "abc"] == [100, 0, 100]


def all_gone(processes, seconds=10.0):
    """True if all of these end within so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not any(_is_alive(number) for number in processes):
            return True
        time.sleep(0.05)
    return False


def _is_alive(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_ctrl_c_ends_a_recording_at_once(grade_class, hand_in, small_course):
    """Ctrl-C waited for the reference solution, which takes long in an exercise with training."""
    text = small_course.solution(NAME).read_text()
    folder = hand_in(ada=RIGHT, bob=RIGHT, eve=RIGHT)
    small_course.solution(NAME).write_text(text.replace("number * 2", "__import__('time').sleep(20)"))
    threading.Timer(3.0, signal.pthread_kill, [threading.main_thread().ident, signal.SIGINT]).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        grade_class(folder)
    assert time.monotonic() - started < 12 and not pool._JUDGES.busy


def test_missing_bubblewrap_stops_the_run_with_an_instruction(hand_in, small_course, tmp_path):
    folder, out = hand_in(ada=RIGHT, bob=RIGHT), tmp_path / "out"
    done = subprocess.run(
        command(folder, out, isolation="sandbox"),
        cwd=small_course.root, capture_output=True, text=True, check=False, env={**os.environ, "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 2 and not list((out / "results").iterdir()) and "Traceback" not in done.stderr
    assert done.stderr.startswith("dlseq: Grading needs bubblewrap, which is not installed: apt-get install bubblewrap")
