"""How many submissions are graded in a minute, and how soon is a single one?

Baseline: the same graded tests on the same submissions, one fresh `pytest` process a submission, one after the other
and, what is fairer to it, two at the same time. It is measured on a few submissions and scaled. Ours is the real
command, `dlseq grade CLASS`, in the sandbox, from its start to its end, reports included. Both sides have to give equal
marks, test by test; if they do not, there is no figure.

    python benchmarks/grading_speed.py
    python benchmarks/grading_speed.py --exercise recurrent_network --submissions 100
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from made_class import COURSE, honest_and_wrong, write_class
from report import Table, arguments_of, write_json

SEED = 11
ENVIRONMENT = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "OPENBLAS_NUM_THREADS": "1"}  # which serves pytest as well
DLSEQ = [sys.executable, "-c", "from dlseq.cli import main; main()"]


def main() -> None:
    """Runs both sides and prints submissions a minute."""
    parser = arguments_of("Submissions graded a minute, and seconds to the first result.")
    parser.add_argument("--exercise", default="date_normalization")
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--baseline", type=int, default=6, help="submissions that the baseline is measured on")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        made = honest_and_wrong(arguments.exercise, arguments.submissions)
        write_class(folder / "class", arguments.exercise, made)
        few = list(made)[: arguments.baseline]
        first = [grade_one(folder, arguments.exercise, few[0], turn) for turn in range(3)]
        seconds, results = grade_class(folder, arguments.exercise, arguments.jobs)
        alone, marks = in_turn(folder, arguments.exercise, few, 1)
        paired, _ = in_turn(folder, arguments.exercise, few, 2)
    for name in few:
        if marks[name] != passed_of(results[name]):
            raise RuntimeError(f"the two sides do not agree on {name}")
    report(arguments, few, first, seconds, results, alone, paired)


def report(arguments, few, first, seconds, results, alone, paired) -> None:
    """Prints the table."""
    table = Table(
        f"{arguments.exercise}, {arguments.submissions} submissions, {arguments.jobs} at a time",
        ["way", "submissions a minute", "seconds each", "times slower"],
    )
    ours = seconds / arguments.submissions
    ways = {"dlseq grade, sandbox": ours, "pytest, two at a time": paired / len(few), "pytest": alone / len(few)}
    for way, each in ways.items():
        table.add(way, f"{60 / each:.1f}", f"{each:.2f}", f"{each / ours:.1f}")
    memory = max(exercise["memory"] for result in results.values() for exercise in result["exercises"])
    table.print(
        f"The class took {seconds:.1f} s; a submission used {memory / 2**20:.0f} MB at most, beyond the libraries.",
        f"First result of a single submission: {', '.join(f'{one:.1f}' for one in first)} s, imports included.",
        f"pytest was measured on {len(few)} of them, and gave the same marks test by test.",
    )
    write_json(arguments.json, {"seconds_each": ways, "first": first, "memory": memory})


def grade_class(folder, exercise, jobs):
    """Seconds that the command takes, and the results by student."""
    out = folder / "marks"
    begun = time.perf_counter()
    grade(folder / "class", out, exercise, "--jobs", str(jobs))
    seconds = time.perf_counter() - begun
    return seconds, {path.stem: json.loads(path.read_text("utf-8")) for path in (out / "results").iterdir()}


def grade_one(folder, exercise, name, turn):
    """Seconds from the start of the command to the result of one submission."""
    out = folder / f"one-{turn}"
    command = [*DLSEQ, "grade", str(folder / "class" / name), "--out", str(out), "--exercise", exercise]
    begun = time.perf_counter()
    child = subprocess.Popen(command, cwd=COURSE.root, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    while not any((out / "results").glob("*.json")):
        if child.poll() is not None and child.returncode:
            raise RuntimeError(f"{command} failed with status {child.returncode}")
        time.sleep(0.01)
    seconds = time.perf_counter() - begun
    child.wait()
    return seconds


def grade(path, out, exercise, *more):
    """Runs the command."""
    command = [*DLSEQ, "grade", str(path), "--out", str(out), "--exercise", exercise, f"--seed={SEED}", *more]
    child = subprocess.run(command, cwd=COURSE.root, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if child.returncode:
        raise RuntimeError(f"{command} failed with status {child.returncode}:\n{child.stdout}{child.stderr}")


def in_turn(folder, exercise, names, jobs):
    """Seconds for fresh processes of pytest, so many at a time, and the tests that passed in each."""
    with ThreadPoolExecutor(jobs) as pool:
        begun = time.perf_counter()
        marks = list(pool.map(lambda name: with_pytest(folder, exercise, name), names))
        return time.perf_counter() - begun, dict(zip(names, marks, strict=True))


def with_pytest(folder, exercise, name):
    """The tests that passed."""
    report_file = folder / f"{name}-{time.monotonic_ns()}.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--junit-xml={report_file}",
        f"--dlseq-seed={SEED}",
    ]
    command += [f"--dlseq-submission={folder / 'class' / name}", str(COURSE.tests(exercise))]
    subprocess.run(command, cwd=COURSE.root, env=ENVIRONMENT, capture_output=True, check=False)
    cases = ElementTree.parse(report_file).iter("testcase")
    return sorted(case.get("name") for case in cases if case.find("failure") is None and case.find("error") is None)


def passed_of(result):
    """The same, of a result of ours."""
    return sorted(test["test"] for test in result["exercises"][0]["tests"] if test["status"] == "passed")


if __name__ == "__main__":
    if shutil.which("bwrap") is None:
        sys.exit("this needs bubblewrap: apt-get install bubblewrap")
    main()
