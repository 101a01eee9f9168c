"""Kills the processes of a grading run at random points, resumes it until it is done, and compares the marks.

In each round one victim is drawn: the command itself, a lane, the process that judges a submission, a warm parent, or a
worker. Marks have to be those of an undisturbed run with the same seed, test by test.

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
from made_class import COURSE, honest_and_wrong, write_class
from report import Table, arguments_of, write_json


def main() -> None:
    """Runs the class undisturbed, then with faults."""
    parser = arguments_of("Faults at random points of a run.", seeds=[1])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--submissions", type=int, default=30)
    arguments = parser.parse_args()
    draw, killed, table = random.Random(arguments.seeds[0]), Counter(), Table("Faults", ["round", "killed", "starts"])
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write_class(folder / "class", EXERCISE, honest_and_wrong(EXERCISE, arguments.submissions))
        start(folder, folder / "calm").wait()
        calm = marks(folder / "calm")
        for number in range(arguments.rounds):
            victims, starts = disturbed(folder, folder / f"round-{number}", draw)
            compare(calm, marks(folder / f"round-{number}"), f"round {number}, killed {', '.join(victims)}")
            killed.update(victims)
            table.add(number, ", ".join(victims), starts)
    told = ", ".join(f"{count} {kind}" for kind, count in killed.items())
    table.print(f"{len(calm)} submissions, equal marks in each round, test by test. Killed: {told}.")
    write_json(arguments.json, {"rounds": arguments.rounds, "killed": dict(killed)})


def compare(calm, marks, when) -> None:
    """Stops at the first difference."""
    for student, tests in calm.items():
        for one, other in zip(tests, marks.get(student, [("no result",)] * len(tests)), strict=True):
            if one != other:
                sys.exit(f"{when}: {student}: expected {one}, received {other}")


def start(folder, out, *more):
    """Begins a run, or goes on with one."""
    command = [*DLSEQ, "grade", str(folder / "class"), "--out", str(out), "--exercise", EXERCISE, f"--seed={SEED}"]
    return subprocess.Popen(
        [*command, "--format", "junit", *more], cwd=COURSE.root, env=ENVIRONMENT, stdout=subprocess.DEVNULL
    )


def disturbed(folder, out, draw):
    """One round: kills until three are dead, starting anew where the command was one of them."""
    victims, starts = [], 1
    child = start(folder, out)
    while True:
        due = time.monotonic() + draw.uniform(1.0, 5.0)
        while child.poll() is None and (time.monotonic() < due or len(victims) >= 3):
            time.sleep(0.02)
        if child.poll() == 0:
            return victims, starts
        if child.poll() is not None:
            more = ["--resume"] if (out / "run.json").is_file() else []
            child, starts = start(folder, out, *more), starts + 1
        elif (victim := pick(child.pid, draw)) is not None:
            kind, number = victim
            victims.append(kind)
            os.kill(number, signal.SIGKILL)


def pick(root, draw):
    """A process of the run, first of all its kind: (kind, number)."""
    kinds = {}
    for number in descendants(root):
        kinds.setdefault(kind_of(number, root), []).append(number)
    kinds.pop(None, None)
    if not kinds:
        return None
    kind = draw.choice(sorted(kinds))
    return kind, draw.choice(sorted(kinds[kind]))


def kind_of(number, root):
    """What a process is in a run, told from its command line and its parent's; None for one that has gone."""
    try:
        mine, above = _command(number), _command(_parent(number))
    except OSError:
        return None
    if number == root:
        return "command"
    if "grading.lane" in mine:
        return "judge" if "grading.lane" in above else "lane"
    if "bwrap" in mine.split("\0")[0]:
        return "sandbox"
    if "grading.worker" in mine:
        return "warm parent" if "bwrap" in above.split("\0")[0] else "worker"
    return None


def _command(number):
    return Path(f"/proc/{number}/cmdline").read_text()


def _parent(number):
    return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])


def marks(out):
    """What each test of each submission came to."""
    results = [json.loads(path.read_text("utf-8")) for path in sorted((out / "results").iterdir())]
    return {
        result["student"]: [(test["test"], test["status"], test["message"]) for test in result["exercises"][0]["tests"]]
        for result in results
    }


if __name__ == "__main__":
    main()
