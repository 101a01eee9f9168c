"""Does with `dlseq gradescope` what the platform does: sets a bare Debian up by `setup.sh`, and grades in it.

Each submission is graded by `run_autograder` in the same root, with an upload and no results: the solution, and then
the stub. Last, the solution is graded with the rights that Docker leaves by default, where no sandbox can be had: that
has to fail with a sentence and no results.json, and has to work where the folder was written with --isolation process.
Needs root, debootstrap, bubblewrap, and registries to install from; takes some minutes and 4 GB of disk.

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
from report import Table, arguments_of, write_json

from dlseq.authoring.gradescope import write_autograder

SUITE = "bookworm"  # Debian 12, whose Python is 3.11, the oldest that will do
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"


def main() -> None:
    """Makes the root where there is none, sets it up, grades, and prints seconds and points."""
    parser = arguments_of("The folder for Gradescope, used as the platform does.")
    parser.add_argument("--exercise", default="date_normalization")
    parser.add_argument("--root", type=Path, help="a folder for the root, kept; one that is set up is used again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gradescope-") as folder:
        root = (arguments.root or Path(folder) / "root").absolute()
        table = Table(f"Gradescope's folder in a bare Debian: {arguments.exercise}", ["step", "seconds", "outcome"])
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
    """Makes a bare Debian and runs `setup.sh` in it. Gives the seconds of the latter, None where it was done before."""
    if (root / "autograder/venv").is_dir():
        return None
    if not (root / "usr/bin").is_dir():
        root.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE, str(root)]
        subprocess.run(command, check=True, stdout=sys.stderr)
    shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copyfile(f"/{CERTIFICATES}", root / CERTIFICATES)
    (root / "autograder").mkdir(exist_ok=True)
    write_source(root, exercise, "sandbox")
    begun = time.perf_counter()
    done = inside(root, ["/autograder/source/setup.sh"], "all", stdout=sys.stderr)
    if done.returncode:
        sys.exit(f"setup.sh failed with status {done.returncode}")
    return time.perf_counter() - begun


def write_source(root: Path, exercise: str, isolation: str) -> None:
    """Puts the written folder where the platform unpacks it."""
    source = root / "autograder/source"
    shutil.rmtree(source, ignore_errors=True)
    write_autograder(COURSE, source, [exercise], isolation)


def grade(root: Path, file: Path, rights: str) -> tuple[float, str]:
    """Runs `run_autograder` on an upload. Gives seconds, and the points or what was said instead."""
    for name in ("submission", "results"):
        shutil.rmtree(root / "autograder" / name, ignore_errors=True)
        (root / "autograder" / name).mkdir()
    shutil.copy(file, root / "autograder/submission")
    shutil.copy(root / "autograder/source/run_autograder", root / "autograder/run_autograder")
    begun = time.perf_counter()
    done = inside(root, ["/autograder/run_autograder"], rights, capture_output=True, text=True)
    seconds, results = time.perf_counter() - begun, root / "autograder/results/results.json"
    print(done.stdout + done.stderr, file=sys.stderr)
    if done.returncode == 0 and results.is_file():
        whole = json.loads(results.read_text("utf-8"))
        most = sum(test["max_score"] for test in whole["tests"])
        return seconds, f"{whole['score']:g} of {most:g} points"
    said = (done.stderr.strip() or "nothing was said").splitlines()[-1]
    return seconds, f"status {done.returncode}{', results.json' if results.is_file() else ''}: {said}"


def inside(root, command, rights, **keywords):
    """Runs a command in the root. What this machine says of registries holds there too."""
    environment = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    environment |= {"PIP_CERT": f"/{CERTIFICATES}", "TMPDIR": "/tmp"}
    return run_inside(["--bind", str(root), "/"], command, rights, environment, **keywords)


if __name__ == "__main__":
    main()
