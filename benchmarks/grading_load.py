"""Marks, time and memory of one run over 300 submissions: correct, wrong, crashing, hanging, flooding, swelling.

Every submission has to have a result. Correct ones earn full marks; a faulty one loses the points of its faulty
function and no points of functions that do without it. The wall time and the peak memory of all processes are printed.

    python benchmarks/grading_load.py
    python benchmarks/grading_load.py --submissions 60
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from grading_speed import DLSEQ, ENVIRONMENT
from made_class import COURSE, FAULTY_BODIES, correct_and_wrong, write_class
from report import Table, argument_parser, require_packages, write_json

from dlseq.authoring.mistakes import Mistake, apply_mistake
from dlseq.grading.worker.procfs import descendants

EXERCISE, FUNCTION = "language_model", "log_softmax"


def main() -> None:
    """Grade the class and check every result."""
    parser = argument_parser("A mixed class in one run.")
    parser.add_argument("--submissions", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    require_packages(parser, "grade", "pytest", "jinja2", "IPython")
    submissions = mixed_class(arguments.submissions)
    with tempfile.TemporaryDirectory() as folder:
        write_class(Path(folder) / "class", EXERCISE, submissions)
        out = Path(folder) / "marks"
        command = [*DLSEQ, "grade", f"{folder}/class", "--out", str(out), "--exercise", EXERCISE, "--time-limit", "4"]
        started = time.perf_counter()
        process = subprocess.Popen(
            [*command, f"--jobs={arguments.jobs}"], cwd=COURSE.root, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
        )
        peak = PeakMemory(process.pid)
        output, _ = process.communicate()
        seconds, memory = time.perf_counter() - started, peak.stop()
        if process.returncode:
            sys.exit(f"grading failed with status {process.returncode}:\n{output}")
        results = {path.stem: json.loads(path.read_text("utf-8")) for path in (out / "results").iterdir()}
    table = Table(f"{len(submissions)} submissions of {EXERCISE}", ["kind", "submissions", "points", "most seconds"])
    for kind in sorted({name.rsplit("-", 1)[0] for name in submissions}):
        group = [result for name, result in results.items() if name.rsplit("-", 1)[0] == kind]
        points = sorted({result["earned"] for result in group})
        longest = max(result["exercises"][0]["seconds"] for result in group)
        table.add(kind, len(group), " ".join(f"{value:g}" for value in points[:6]), f"{longest:.1f}")
        check(kind, group)
    if results.keys() != submissions.keys():
        sys.exit(f"without a result: {sorted(submissions.keys() - results.keys())}")
    rate = 60 * len(submissions) / seconds
    table.print(f"{seconds:.0f} s, {rate:.0f} a minute; all processes together: {memory / 2**30:.2f} GB.")
    write_json(arguments.json, {"seconds": seconds, "memory": memory, "submissions": len(submissions)})


def mixed_class(count: int) -> dict[str, str]:
    """Return submissions of which every fifth is faulty."""
    submissions, kinds = correct_and_wrong(EXERCISE, count), sorted(FAULTY_BODIES)
    text = COURSE.solution(EXERCISE).read_text("utf-8")
    for number, name in enumerate(list(submissions)[4::5]):
        kind = kinds[number % len(kinds)]
        faulty = apply_mistake(text, Mistake(kind, FUNCTION, (), "", body=FAULTY_BODIES[kind]))
        del submissions[name]
        submissions[f"{kind}-{number:03}"] = f"{faulty}\n# {number}\n"
    return submissions


def check(kind, results) -> None:
    """Exit with a message at the first wrong result."""
    for result in results:
        tests = result["exercises"][0]["tests"]
        if kind == "right" and result["earned"] != result["possible"]:
            sys.exit(f"{result['student']} is right and earned {result['earned']}")
        if kind in FAULTY_BODIES and any(test["earned"] for test in tests if test["function"] == FUNCTION):
            sys.exit(f"{result['student']} earned points for {FUNCTION}")
        if kind in FAULTY_BODIES and not all(
            test["earned"] for test in tests if test["function"] in ("tokenize", "shift_right")
        ):
            sys.exit(f"{result['student']} lost points of correct functions")


class PeakMemory:
    """Peak memory of a process and its descendants: their proportional set sizes, summed four times a second."""

    def __init__(self, root: int):
        self.root, self.peak_bytes, self.stopped = root, 0, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self):
        while not self.stopped.wait(0.25):
            self.peak_bytes = max(self.peak_bytes, sum(map(_proportional_bytes, {self.root, *descendants(self.root)})))

    def stop(self) -> int:
        self.stopped.set()
        self.thread.join()
        return self.peak_bytes


def _proportional_bytes(number):
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
