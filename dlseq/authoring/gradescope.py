"""The folder that Gradescope takes: how to set a machine up, how to grade one submission, and all that either needs."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import dlseq
from dlseq.course.exercises import exercises
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.files import check_new_folder
from dlseq.grading.sandbox.sandbox import ISOLATIONS

__all__ = ["write_autograder"]

PACKAGE = ("setup.cfg", "pyproject.toml", "constraints.txt", "README.md", "LICENSE")

SETUP = """#!/usr/bin/env bash
# Run once, as root, when the autograder's image is built. Choose a base image with Python 3.11 or newer.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends python3 python3-venv bubblewrap
python3 -m venv --copies /autograder/venv  # the sandbox shows this folder, and not where links in it lead
cd /autograder/source/package
/autograder/venv/bin/pip install -q --disable-pip-version-check -c constraints.txt ".[grade]"
"""

RUN = """#!/usr/bin/env bash
# Run for each submission. What is in /autograder/submission is data: nothing of it is run outside of the sandbox.
# Where grading is not possible there is no results.json, and Gradescope says so; nobody is given a zero for that.
set -euo pipefail
marks=$(mktemp -d)
trap 'rm -rf "$marks"' EXIT
cd /autograder/source/course
/autograder/venv/bin/dlseq grade /autograder/submission --single --out "$marks/run" --format gradescope \\
    --isolation {isolation} --jobs 1{names}
mkdir -p /autograder/results
mv "$marks/run/results.json" /autograder/results/results.json
"""


def write_autograder(course: Course, folder: Path, names: Iterable[str] = (), isolation: str = "sandbox") -> list[Path]:
    """Writes what Gradescope takes as an autograder: `setup.sh`, `run_autograder`, this package, tests and solutions.

    Args:
        course: with solutions and hidden tests.
        folder: to make; it must not exist or be empty. It appears whole or not at all.
        names: of the exercises that the assignment consists of; all that have graded tests where none is named.
        isolation: "sandbox"; or "process" where the platform's containers allow no namespaces, so that grading stops
            with a sentence. Gradescope's containers are thrown away after a submission, but a submission that is not
            confined can read the hidden tests and write its own mark.

    Returns:
        The files, relative to `folder`.

    Raises:
        DlseqError: the folder holds something, an exercise has no tests, or this package has no sources to copy.
    """
    names = tuple(names)
    if isolation not in ISOLATIONS:
        raise DlseqError(f"expected the isolation to be one of {', '.join(ISOLATIONS)}, received {isolation!r}")
    folder = check_new_folder(folder)
    chosen = [one.name for one in exercises(names) if names or course.has(one.name)]
    if absent := [name for name in chosen if not course.has(name) or not course.solution(name).is_file()]:
        raise DlseqError(f"expected graded tests and a solution of {absent[0]} in {course.root}, found none")
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.absolute().parent) as partial:
        new = Path(partial) / "autograder"
        new.mkdir()
        _write_program(new / "setup.sh", SETUP)
        options = "".join(f" --exercise {name}" for name in chosen)
        _write_program(new / "run_autograder", RUN.format(isolation=isolation, names=options))
        _copy_package(new / "package")
        _copy_course(course, Course(new / "course"), chosen)
        if folder.exists():
            folder.rmdir()
        shutil.move(new, folder)
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _write_program(path, text):
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def _copy_package(place):
    source = Path(dlseq.__file__).resolve().parent
    if not (source.parent / "setup.cfg").is_file():
        raise DlseqError("expected a checkout of dlseq to copy the package from; run this from one (pip install -e .)")
    shutil.copytree(source, place / "dlseq", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for file in source.parent.iterdir():
        if file.name in PACKAGE:
            shutil.copyfile(file, place / file.name)


def _copy_course(course, new, names):
    for name in names:
        for old, copy in ((course.solution(name), new.solution(name)), (course.tests(name), new.tests(name))):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(old, copy)
    for extra in course.graded.iterdir():  # what tests read, such as weights
        if extra.is_dir() and extra.name not in ("expected", "__pycache__"):
            shutil.copytree(extra, new.graded / extra.name)
