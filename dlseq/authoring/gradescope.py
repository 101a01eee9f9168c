"""Gradescope autograder: a folder with the set-up script, the grading script, the package and the course."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from dlseq.authoring.wheel import copy_package
from dlseq.course.exercises import get_exercises
from dlseq.course.layout import Course
from dlseq.errors import DlseqError
from dlseq.files import atomic_folder
from dlseq.grading.sandbox.sandbox import ISOLATIONS
from dlseq.languages.choice import SOURCE_LANGUAGE, choose_language

__all__ = ["write_autograder"]

SETUP_SCRIPT = """#!/usr/bin/env bash
# Run once, as root, when the autograder's image is built. Choose a base image with Python 3.11 or newer.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends python3 python3-venv bubblewrap
python3 -m venv --copies /autograder/venv  # copies: the sandbox mounts this folder, not the targets of its links
cd /autograder/source/package
/autograder/venv/bin/pip install -q --disable-pip-version-check -c constraints.txt ".[grade]"
"""

RUN_SCRIPT = """#!/usr/bin/env bash
# Run for each submission. Files in /autograder/submission are data: they run in the sandbox only.
# If grading is not possible, no results.json is written and Gradescope reports that; no submission gets a zero.
set -euo pipefail
graded=$(mktemp -d)
trap 'rm -rf "$graded"' EXIT
cd /autograder/source/course
/autograder/venv/bin/dlseq grade /autograder/submission --single --out "$graded/run" --format gradescope \\
    --isolation {isolation} --jobs 1 --language {language}{names}
mkdir -p /autograder/results
mv "$graded/run/results.json" /autograder/results/results.json
"""


def write_autograder(
    course: Course,
    folder: Path,
    names: Iterable[str] = (),
    isolation: str = "sandbox",
    language: str = SOURCE_LANGUAGE,
) -> list[Path]:
    """Write an autograder for Gradescope: `setup.sh`, `run_autograder`, this package, graded tests and solutions.

    Args:
        course: a course with solutions and hidden tests.
        folder: folder to create; it must be new or empty. It is written completely or not at all.
        names: exercises of the assignment. Defaults to all that have graded tests.
        isolation: "sandbox", or "process" for platforms whose containers allow no namespaces, where grading in the
            sandbox stops with an error. Gradescope discards a container after each submission, but a submission that
            is not confined can read the hidden tests and write its own score.
        language: of what students read, one of `dlseq.languages.LANGUAGES`.

    Returns:
        The files, relative to `folder`.

    Raises:
        DlseqError: a folder that is not empty, an exercise without tests, an unknown language, or an installation of
            dlseq without sources.
    """
    names, language = tuple(names), choose_language(language)
    if isolation not in ISOLATIONS:
        raise DlseqError(
            f"Invalid value for argument `isolation`. Expected one of: {', '.join(ISOLATIONS)}. Received: {isolation!r}"
        )
    selected = [exercise.name for exercise in get_exercises(names) if names or course.has_tests(exercise.name)]
    if missing := [name for name in selected if not course.has_tests(name) or not course.solution(name).is_file()]:
        raise DlseqError(f"Cannot find graded tests and a solution of {missing[0]} in {course.root}.")
    with atomic_folder(folder) as new:
        _write_executable(new / "setup.sh", SETUP_SCRIPT)
        options = "".join(f" --exercise {name}" for name in selected)
        _write_executable(
            new / "run_autograder", RUN_SCRIPT.format(isolation=isolation, language=language, names=options)
        )
        copy_package(new / "package")
        _copy_course(course, Course(new / "course"), selected)
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _write_executable(path, text):
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def _copy_course(course, new, names):
    for name in names:
        for old, copy in ((course.solution(name), new.solution(name)), (course.tests(name), new.tests(name))):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(old, copy)
    others = {exercise.name for exercise in get_exercises()} - {*names}
    for extra in course.graded.iterdir():  # data of the tests: weights, and the hints in other languages
        if extra.is_dir() and extra.name not in ("expected", "__pycache__"):
            shutil.copytree(
                extra,
                new.graded / extra.name,
                ignore=lambda _, files: [name for name in files if name.partition(".")[0] in others],
            )
