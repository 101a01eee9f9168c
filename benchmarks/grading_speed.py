"""Submissions graded per minute, and seconds to the first result, against a fresh pytest process per submission.

The baseline runs the same graded tests on the same submissions, one fresh `pytest` process each, in turn and, which is
fairer, two at the same time. It is measured on a few submissions and scaled. The other side is the real command,
`dlseq grade CLASS`, in the sandbox, from its start to its end, reports included. Both have to give equal marks, test by
test, or there is no figure.

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

from made_class import COURSE, correct_and_wrong, write_class
from report import Table, argument_parser, require_packages, write_json

SEED = 11
ENVIRONMENT = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "OPENBLAS_NUM_THREADS": "1"}  # on both sides
DLSEQ = [sys.executable, "-c", "from dlseq.cli import main; main()"]


def main() -> None:
    """Measure both sides and print submissions per minute."""
    parser = argument_parser("Submissions graded a minute, and seconds to the first result.")
    parser.add_argument("--exercise", default="date_normalization")
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--baseline", type=int, default=6, help="submissions of the baseline")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    require_packages(parser, "grade", "pytest", "jinja2", "IPython")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        submissions = correct_and_wrong(arguments.exercise, arguments.submissions)
        write_class(folder / "class", arguments.exercise, submissions)
        sample = list(submissions)[: arguments.baseline]
        first = [seconds_to_first_result(folder, arguments.exercise, sample[0], turn) for turn in range(3)]
        seconds, results = grade_class(folder, arguments.exercise, arguments.jobs)
        alone, passed = run_pytest(folder, arguments.exercise, sample, 1)
        paired, _ = run_pytest(folder, arguments.exercise, sample, 2)
    for name in sample:
        if passed[name] != passed_tests(results[name]):
            raise RuntimeError(f"the two sides disagree on {name}")
    report(arguments, first=first, seconds=seconds, results=results, alone=alone, paired=paired)


def report(arguments, *, first, seconds, results, alone, paired) -> None:
    """Print the table."""
    table = Table(
        f"{arguments.exercise}, {arguments.submissions} submissions, {arguments.jobs} at a time",
        ["command", "submissions per minute", "seconds each", "times slower"],
    )
    count = min(arguments.baseline, arguments.submissions)
    dlseq = seconds / arguments.submissions
    seconds_each = {"dlseq grade, sandbox": dlseq, "pytest, two at a time": paired / count, "pytest": alone / count}
    for command, each in seconds_each.items():
        table.add(command, f"{60 / each:.1f}", f"{each:.2f}", f"{each / dlseq:.1f}")
    memory = max(exercise["memory"] for result in results.values() for exercise in result["exercises"])
    table.print(
        f"The class took {seconds:.1f} s; a submission used {memory / 2**20:.0f} MB at most, beyond the libraries.",
        f"First result of a single submission: {', '.join(f'{value:.1f}' for value in first)} s, imports included.",
        f"pytest was measured on {count} of them and gave the same marks, test by test.",
    )
    write_json(arguments.json, {"seconds_each": seconds_each, "first": first, "memory": memory})


def grade_class(folder, exercise, jobs):
    """Return the seconds that the command takes, and the results by student."""
    out = folder / "marks"
    started = time.perf_counter()
    grade(folder / "class", out, exercise, "--jobs", str(jobs))
    seconds = time.perf_counter() - started
    return seconds, {path.stem: json.loads(path.read_text("utf-8")) for path in (out / "results").iterdir()}


def seconds_to_first_result(folder, exercise, name, turn):
    """Return the seconds from the start of the command to the result file of one submission."""
    out = folder / f"one-{turn}"
    command = [*DLSEQ, "grade", str(folder / "class" / name), "--out", str(out), "--exercise", exercise]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=COURSE.root, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    while not any((out / "results").glob("*.json")):
        if process.poll() is not None and process.returncode:
            raise RuntimeError(f"{command} failed with status {process.returncode}")
        time.sleep(0.01)
    seconds = time.perf_counter() - started
    process.wait()
    return seconds


def grade(path, out, exercise, *more):
    """Run `dlseq grade`."""
    command = [*DLSEQ, "grade", str(path), "--out", str(out), "--exercise", exercise, f"--seed={SEED}", *more]
    process = subprocess.run(command, cwd=COURSE.root, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if process.returncode:
        raise RuntimeError(f"{command} failed with status {process.returncode}:\n{process.stdout}{process.stderr}")


def run_pytest(folder, exercise, names, jobs):
    """Return the seconds of fresh pytest processes, `jobs` at a time, and the tests that passed in each."""
    with ThreadPoolExecutor(jobs) as pool:
        started = time.perf_counter()
        passed = list(pool.map(lambda name: passed_in_pytest(folder, exercise, name), names))
        return time.perf_counter() - started, dict(zip(names, passed, strict=True))


def passed_in_pytest(folder, exercise, name):
    """Return the names of the tests that pass in a fresh pytest process."""
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


def passed_tests(result):
    """Return the names of the tests that passed in a result of `dlseq grade`."""
    return sorted(test["test"] for test in result["exercises"][0]["tests"] if test["status"] == "passed")


if __name__ == "__main__":
    if shutil.which("bwrap") is None:
        sys.exit("this needs bubblewrap: apt-get install bubblewrap")
    main()
