"""300 submissions in one run: right, wrong, crashing, hanging, flooding, swelling. Does each get what it deserves?

Every one has to have a result; right ones full marks; those that make trouble have to lose the function that makes it
and nothing that does not need it. Wall time is printed, and the most memory that all processes of the run take.

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
from made_class import COURSE, TROUBLE, honest_and_wrong, write_class
from report import Table, arguments_of, write_json

from dlseq.authoring.mistakes import Mistake, apply_mistake
from dlseq.grading.worker.procfs import descendants

EXERCISE, FUNCTION = "language_model", "log_softmax"


def main() -> None:
    """Grades the class and checks every result."""
    parser = arguments_of("A mixed class in one run.")
    parser.add_argument("--submissions", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    made = mixed(arguments.submissions)
    with tempfile.TemporaryDirectory() as folder:
        write_class(Path(folder) / "class", EXERCISE, made)
        out = Path(folder) / "marks"
        command = [*DLSEQ, "grade", f"{folder}/class", "--out", str(out), "--exercise", EXERCISE, "--time-limit", "4"]
        begun = time.perf_counter()
        child = subprocess.Popen(
            [*command, f"--jobs={arguments.jobs}"], cwd=COURSE.root, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
        )
        peak = Peak(child.pid)
        said, _ = child.communicate()
        seconds, memory = time.perf_counter() - begun, peak.stop()
        if child.returncode:
            sys.exit(f"grading failed with status {child.returncode}:\n{said}")
        results = {path.stem: json.loads(path.read_text("utf-8")) for path in (out / "results").iterdir()}
    table = Table(f"{len(made)} submissions of {EXERCISE}", ["kind", "submissions", "points", "most seconds"])
    for kind in sorted({name.rsplit("-", 1)[0] for name in made}):
        some = [result for name, result in results.items() if name.rsplit("-", 1)[0] == kind]
        points = sorted({result["earned"] for result in some})
        longest = max(result["exercises"][0]["seconds"] for result in some)
        table.add(kind, len(some), " ".join(f"{one:g}" for one in points[:6]), f"{longest:.1f}")
        check(kind, some)
    if results.keys() != made.keys():
        sys.exit(f"without a result: {sorted(made.keys() - results.keys())}")
    table.print(
        f"{seconds:.0f} s, {60 * len(made) / seconds:.0f} a minute; all processes together: {memory / 2**30:.2f} GB."
    )
    write_json(arguments.json, {"seconds": seconds, "memory": memory, "submissions": len(made)})


def mixed(count: int) -> dict[str, str]:
    """Submissions of which every fifth makes trouble."""
    made, kinds = honest_and_wrong(EXERCISE, count), sorted(TROUBLE)
    text = COURSE.solution(EXERCISE).read_text("utf-8")
    for number, name in enumerate(list(made)[4::5]):
        kind = kinds[number % len(kinds)]
        trouble = apply_mistake(text, Mistake(kind, FUNCTION, (), "", body=TROUBLE[kind]))
        del made[name]
        made[f"{kind}-{number:03}"] = f"{trouble}\n# {number}\n"
    return made


def check(kind, results) -> None:
    """Stops where a result is not what it should be."""
    for result in results:
        tests = result["exercises"][0]["tests"]
        if kind == "right" and result["earned"] != result["possible"]:
            sys.exit(f"{result['student']} is right and earned {result['earned']}")
        if kind in TROUBLE and any(one["earned"] for one in tests if one["function"] == FUNCTION):
            sys.exit(f"{result['student']} earned points for {FUNCTION}")
        if kind in TROUBLE and not all(
            one["earned"] for one in tests if one["function"] in ("tokenize", "shift_right")
        ):
            sys.exit(f"{result['student']} lost points for what it did right")


class Peak:
    """Watches the memory of a process and all below it: the sum of their proportional shares, four times a second."""

    def __init__(self, root: int):
        self.root, self.most, self.over = root, 0, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self):
        while not self.over.wait(0.25):
            self.most = max(self.most, sum(map(_share, {self.root, *descendants(self.root)})))

    def stop(self) -> int:
        self.over.set()
        self.thread.join()
        return self.most


def _share(number):
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
