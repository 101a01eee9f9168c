"""Wheel of this package, which a hand-out installs from, and copies of the package's sources."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import dlseq
from dlseq.errors import DlseqError

__all__ = ["WHEEL_NAME", "build_wheel", "copy_package"]

WHEEL_NAME = f"dlseq-{dlseq.__version__}-py3-none-any.whl"
PACKAGE_FILES = ("setup.cfg", "pyproject.toml", "constraints.txt", "README.md", "LICENSE")
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
ARCHIVE_SECONDS = 315_532_800  # 1980-01-01, the first date of a zip archive: the same sources give the same bytes
MAX_ERROR_LINES = 5


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout, without a network, from a copy of its sources.

    Args:
        folder: an existing folder for the file.

    Returns:
        Path of the wheel, `WHEEL_NAME` in `folder`. It holds the package alone: no exercise, solution or test.

    Raises:
        DlseqError: dlseq is not installed from a checkout, or setuptools is missing or fails.
    """
    with tempfile.TemporaryDirectory() as sources:
        copy_package(Path(sources))
        done = subprocess.run(
            [sys.executable, "-c", BUILD, str(Path(folder).absolute())],
            cwd=sources,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(ARCHIVE_SECONDS)},
            capture_output=True,
            text=True,
            check=False,
        )
    wheel = Path(folder) / WHEEL_NAME
    if done.returncode or not wheel.is_file():
        reason = "\n".join(done.stderr.strip().splitlines()[-MAX_ERROR_LINES:])
        raise DlseqError(
            f"Cannot build the wheel of dlseq. Expected {WHEEL_NAME} from setuptools. Received:\n{reason}\n"
            "Run: pip install --upgrade setuptools wheel"
        )
    return wheel


def copy_package(target: Path) -> None:
    """Copy the sources of this package and the files that an installation needs into a folder, without caches.

    Args:
        target: the folder; it may exist.

    Raises:
        DlseqError: dlseq is not installed from a checkout.
    """
    source = Path(dlseq.__file__).resolve().parent
    if not (source.parent / "setup.cfg").is_file():
        raise DlseqError(
            "Cannot copy the package: expected dlseq to be installed from a checkout. Run: pip install -e ."
        )
    shutil.copytree(source, target / "dlseq", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for file in source.parent.iterdir():
        if file.name in PACKAGE_FILES:
            shutil.copyfile(file, target / file.name)
