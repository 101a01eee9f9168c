"""Marks of grading runs whose processes are killed at random and that are resumed until they are complete.

In each round three processes are drawn: the command itself, a judge process, a child of it that grades a submission, a
sandbox, its warm parent process, or a worker. Marks have to be those of an undisturbed run with the same seed, test by
test.

    python benchmarks/grading_faults.py
    python benchmarks/grading_faults.py --rounds 3 --submissions 12
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from grading_load import EXERCISE, descendants
from grading_speed import DLSEQ, ENVIRONMENT, SEED
from made_class import COURSE, correct_and_wrong, write_class
from report import Table, argument_parser, require_packages, write_json

JUDGE, WORKER = "grading.judge.server", "grading.worker"  # in the command lines of the processes


def main() -> None:
    """Grade the class undisturbed, then with faults."""
    parser = argument_parser("Faults at random points of a run.", seeds=[1])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--submissions", type=int, default=30)
    arguments = parser.parse_args()
    require_packages(parser, "grade", "pytest", "jinja2", "IPython")
    draw, killed, table = random.Random(arguments.seeds[0]), Counter(), Table("Faults", ["round", "killed", "starts"])
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write_class(folder / "class", EXERCISE, correct_and_wrong(EXERCISE, arguments.submissions))
        start(folder, folder / "undisturbed").wait()
        expected = marks(folder / "undisturbed")
        for number in range(arguments.rounds):
            victims, starts = disturbed(folder, folder / f"round-{number}", draw)
            compare(expected, marks(folder / f"round-{number}"), f"round {number}, killed {', '.join(victims)}")
            killed.update(victims)
            table.add(number, ", ".join(victims), starts)
    counts = ", ".join(f"{count} {kind}" for kind, count in killed.items())
    table.print(f"{len(expected)} submissions, equal marks in each round, test by test. Killed: {counts}.")
    write_json(arguments.json, {"rounds": arguments.rounds, "killed": dict(killed)})


def compare(expected, received, when) -> None:
    """Exit with a message at the first difference."""
    for student, tests in expected.items():
        for test, other in zip(tests, received.get(student, [("no result",)] * len(tests)), strict=True):
            if test != other:
                sys.exit(f"{when}: {student}: expected {test}, received {other}")


def start(folder, out, *more):
    """Start or resume a run."""
    command = [*DLSEQ, "grade", str(folder / "class"), "--out", str(out), "--exercise", EXERCISE, f"--seed={SEED}"]
    return subprocess.Popen(
        [*command, "--format", "junit", *more], cwd=COURSE.root, env=ENVIRONMENT, stdout=subprocess.DEVNULL
    )


def disturbed(folder, out, draw):
    """Run one round: kill three processes, and resume the run if the command was one of them."""
    victims, starts = [], 1
    command = start(folder, out)
    while True:
        due = time.monotonic() + draw.uniform(1.0, 5.0)
        while command.poll() is None and (time.monotonic() < due or len(victims) >= 3):
            time.sleep(0.02)
        if command.poll() == 0:
            return victims, starts
        if command.poll() is not None:
            more = ["--resume"] if (out / "run.json").is_file() else []
            command, starts = start(folder, out, *more), starts + 1
        elif (victim := draw_process(command.pid, draw)) is not None:
            kind, number = victim
            victims.append(kind)
            os.kill(number, signal.SIGKILL)


def draw_process(root, draw):
    """Draw a kind of process, then a process of that kind, and return (kind, process id), or None if there is none."""
    kinds = {}
    for number in descendants(root):
        kinds.setdefault(kind_of(number, root), []).append(number)
    kinds.pop(None, None)
    if not kinds:
        return None
    kind = draw.choice(sorted(kinds))
    return kind, draw.choice(sorted(kinds[kind]))


def kind_of(number, root):
    """Return the role of a process from the command lines of it and its parent, or None if it has ended."""
    try:
        own, parent = _command(number), _command(_parent(number))
    except OSError:
        return None
    if number == root:
        return "command"
    if JUDGE in own:
        return "judge child" if JUDGE in parent else "judge"
    if "bwrap" in own.split("\0")[0]:
        return "sandbox"
    if WORKER in own:
        return "warm parent" if "bwrap" in parent.split("\0")[0] else "worker"
    return None


def _command(number):
    return Path(f"/proc/{number}/cmdline").read_text()


def _parent(number):
    return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])


def marks(out):
    """Return (name, status, message) of each test of each submission."""
    results = [json.loads(path.read_text("utf-8")) for path in sorted((out / "results").iterdir())]
    return {
        result["student"]: [(test["test"], test["status"], test["message"]) for test in result["exercises"][0]["tests"]]
        for result in results
    }


if __name__ == "__main__":
    main()
