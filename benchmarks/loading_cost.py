"""CPU time of loading a submission: parsing and the first run, once in a process, and each run for a later test.

The submissions are the solutions; the last row is a file with a table that takes a second to compute and that a graded
function needs.

    python benchmarks/loading_cost.py
"""

import statistics
import time

from made_class import COURSE
from report import Table, argument_parser, write_json

from dlseq.course.exercises import EXERCISES
from dlseq.grading.worker.executor import Executor
from dlseq.startup import import_keras

SLOW = """
import time
def compute():
    started = time.process_time()
    while time.process_time() - started < 1:
        pass
    return list(range(10_000))
table = compute()
def f(i):
    return table[i]
"""


def main() -> None:
    """Load all solutions and print the times."""
    parser = argument_parser("CPU time of loading a submission, for the first test and for later ones.")
    parser.add_argument("--loads", type=int, default=20)
    arguments = parser.parse_args()
    import_keras()
    texts = {exercise.name: COURSE.solution(exercise.name).read_text("utf-8") for exercise in EXERCISES}
    figures = {name: load_times(name, text, functions_in(text), arguments.loads) for name, text in texts.items()}
    figures["a table of one second"] = load_times("slow", SLOW, ("f",), arguments.loads)
    table = Table("CPU time of loading a file, ms", ["exercise", "parse", "first run", "later runs", "later, slowest"])
    for name, row in figures.items():
        table.add(name, *(f"{1000 * row[key]:.2f}" for key in ("parse", "first", "later", "slowest")))
    table.print()
    write_json(arguments.json, {"CPU seconds": figures})


def functions_in(text):
    """Return the functions with a solution in them, which tests use."""
    lines = text.splitlines()
    return tuple(line[4:].split("(")[0] for line in lines if line.startswith("def "))


def load_times(name, text, graded, loads):
    """Return the CPU seconds of parsing, of the first run, and median and maximum of later runs."""
    executor = Executor([(f"{name}.py", text)], f"submission_{name}", graded)
    started = time.process_time()
    executor = executor.restarted()  # parses
    parsed = time.process_time()
    executor.load()
    first, later = time.process_time() - parsed, []
    for _ in range(loads):
        executor, began = executor.restarted(), time.process_time()
        executor.load()
        later.append(time.process_time() - began)
    return {"parse": parsed - started, "first": first, "later": statistics.median(later), "slowest": max(later)}


if __name__ == "__main__":
    main()
