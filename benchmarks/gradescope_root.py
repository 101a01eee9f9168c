"""Test of the Gradescope autograder as the platform runs it: `setup.sh` in a bare Debian, then `run_autograder`.

Each submission is graded in the same root, with an upload and no results: the solution, and then the stub. Last, the
solution is graded with Docker's default capabilities, which allow no sandbox: this must fail with a message and no
results.json, and must succeed if the folder was written with --isolation process. Needs root, debootstrap, bubblewrap
and package registries; takes some minutes and 4 GB of disk.

    python benchmarks/gradescope_root.py
    python benchmarks/gradescope_root.py --exercise language_model --root FOLDER
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from container import run_inside
from made_class import COURSE
from report import Table, argument_parser, write_json

from dlseq.authoring.gradescope import write_autograder

DEBIAN_SUITE = "bookworm"  # Debian 12 with Python 3.11, the oldest supported
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"


def main() -> None:
    """Set up the root, grade, and print seconds and points."""
    parser = argument_parser("Gradescope autograder in a bare Debian.")
    parser.add_argument("--exercise", default="date_normalization")
    parser.add_argument("--root", type=Path, help="folder of the root, kept and used again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gradescope-") as folder:
        root = (arguments.root or Path(folder) / "root").absolute()
        table = Table(f"Gradescope autograder in a bare Debian: {arguments.exercise}", ["step", "seconds", "outcome"])
        seconds = set_up(root, arguments.exercise)
        table.add("setup.sh", f"{seconds:.0f}" if seconds else "", "done" if seconds else "done before")
        figures = {"setup": seconds}
        for step, file, isolation, rights in (
            ("the solution, first submission", COURSE.solution(arguments.exercise), "sandbox", "all"),
            ("the solution, again", COURSE.solution(arguments.exercise), "sandbox", "all"),
            ("the stub", COURSE.stub(arguments.exercise), "sandbox", "all"),
            ("the solution, Docker's rights", COURSE.solution(arguments.exercise), "sandbox", "docker"),
            ("the same, --isolation process", COURSE.solution(arguments.exercise), "process", "docker"),
        ):
            write_source(root, arguments.exercise, isolation)
            seconds, outcome = grade(root, file, rights)
            table.add(step, f"{seconds:.1f}", outcome)
            figures[step] = {"seconds": seconds, "outcome": outcome}
    table.print()
    write_json(arguments.json, figures)


def set_up(root: Path, exercise: str) -> float | None:
    """Make a bare Debian and run `setup.sh` in it. Return the seconds of the latter, None if it was set up before."""
    if (root / "autograder/venv").is_dir():
        return None
    if not (root / "usr/bin").is_dir():
        root.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", DEBIAN_SUITE, str(root)]
        subprocess.run(command, check=True, stdout=sys.stderr)
    shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copyfile(f"/{CERTIFICATES}", root / CERTIFICATES)
    (root / "autograder").mkdir(exist_ok=True)
    write_source(root, exercise, "sandbox")
    begun = time.perf_counter()
    done = run_in_root(root, ["/autograder/source/setup.sh"], "all", stdout=sys.stderr)
    if done.returncode:
        sys.exit(f"setup.sh failed with status {done.returncode}")
    return time.perf_counter() - begun


def write_source(root: Path, exercise: str, isolation: str) -> None:
    """Write the autograder to the folder in which the platform unpacks it."""
    source = root / "autograder/source"
    shutil.rmtree(source, ignore_errors=True)
    write_autograder(COURSE, source, [exercise], isolation)


def grade(root: Path, file: Path, rights: str) -> tuple[float, str]:
    """Run `run_autograder` on an upload. Return seconds, and the points or the error message."""
    for name in ("submission", "results"):
        shutil.rmtree(root / "autograder" / name, ignore_errors=True)
        (root / "autograder" / name).mkdir()
    shutil.copy(file, root / "autograder/submission")
    shutil.copy(root / "autograder/source/run_autograder", root / "autograder/run_autograder")
    begun = time.perf_counter()
    done = run_in_root(root, ["/autograder/run_autograder"], rights, capture_output=True, text=True)
    seconds, results = time.perf_counter() - begun, root / "autograder/results/results.json"
    print(done.stdout + done.stderr, file=sys.stderr)
    if done.returncode == 0 and results.is_file():
        report = json.loads(results.read_text("utf-8"))
        maximum = sum(test["max_score"] for test in report["tests"])
        return seconds, f"{report['score']:g} of {maximum:g} points"
    message = (done.stderr.strip() or "no message").splitlines()[-1]
    return seconds, f"status {done.returncode}{', results.json' if results.is_file() else ''}: {message}"


def run_in_root(root, command, rights, **keywords):
    """Run a command in the root, with this machine's proxy settings and certificates."""
    environment = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    environment |= {"PIP_CERT": f"/{CERTIFICATES}", "TMPDIR": "/tmp"}
    return run_inside(["--bind", str(root), "/"], command, rights, environment, **keywords)


if __name__ == "__main__":
    main()
