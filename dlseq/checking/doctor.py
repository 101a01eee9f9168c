"""Diagnosis of an installation: parts that work, parts that are missing, and the commands that install them."""

import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dlseq
from dlseq.errors import DlseqError
from dlseq.extras import install_command
from dlseq.startup import BACKENDS

__all__ = ["PARTS", "Finding", "diagnose", "failed_parts"]

MIN_PYTHON, MAX_PYTHON = (3, 11), (3, 13)
EXTRAS = {
    "course": "dlseq check",
    "grade": "dlseq grade",
    "notebooks": "exercises as notebooks",
    "translation": "BLEU and chrF",
    "fleet": "dlseq grade --dask",
    "export": "models as ONNX",
    "docs": "the documentation as a site",
}
SCRIPTS = {
    "Latin": "é",
    "Greek": "λ",
    "Cyrillic": "я",
    "Hangul": "한",
    "Han": "年",
    "kana": "の",
    "Arabic": "ش",
    "Hebrew": "ש",
    "Devanagari": "अ",
    "Thai": "ก",
}
PARTS = ("python", "packages", "backend", *BACKENDS, *EXTRAS, "sandbox", "fonts", "browser")
NEEDED = ("python", "packages", "backend", "fonts")  # by everyone; the others are for some purposes


@dataclass(frozen=True)
class Finding:
    """State of one part of an installation.

    Attributes:
        part: one of `PARTS`.
        works: True if the part can be used.
        found: versions or files that were found, or the thing that is missing.
        purpose: the commands that need it.
        advice: the way to repair it, a sentence or a command; "" where it works.
    """

    part: str
    works: bool
    found: str
    purpose: str
    advice: str = ""


def diagnose() -> Iterator[Finding]:
    """Examine this installation, without importing a deep-learning framework.

    Yields:
        A `Finding` for each of `PARTS`, in their order.

    Example:
        >>> next(diagnose()).part
        'python'
    """
    yield _python()
    yield _packages()
    yield _chosen_backend()
    yield from map(_backend, BACKENDS)
    yield from map(_extra, EXTRAS)
    yield _sandbox()
    yield _fonts()
    yield _browser()


def failed_parts(findings: list[Finding], required: list[str] = ()) -> list[str]:
    """Return the parts that do not work, of those that everyone needs and of others that are required.

    Raises:
        DlseqError: `required` has an unknown part.

    Example:
        >>> failed_parts([Finding("fonts", False, "", ""), Finding("browser", False, "", "")])
        ['fonts']
    """
    if unknown := [part for part in required if part not in PARTS]:
        raise DlseqError(f"Unknown part. Expected one of: {', '.join(PARTS)}. Received: {unknown[0]}.")
    return [finding.part for finding in findings if finding.part in (*NEEDED, *required) and not finding.works]


def _python():
    works = MIN_PYTHON <= sys.version_info[:2] <= MAX_PYTHON
    low, high = (".".join(map(str, version)) for version in (MIN_PYTHON, MAX_PYTHON))
    found = f"Python {platform.python_version()} on {platform.system()}, {sys.prefix}"
    advice = "" if works else f"Use Python {low} to {high}, in a new virtual environment."
    return Finding("python", works, found, "everything", advice)


def _packages():
    advice = install_command()
    try:
        problems, packages = _problems()
    except importlib.metadata.PackageNotFoundError:
        return Finding("packages", False, "dlseq runs, and is not installed", "everything", advice)
    found = ", ".join(problems or [f"dlseq {dlseq.__version__}", *packages])
    return Finding("packages", not problems, found, "everything", advice if problems else "")


def _extra(name):
    try:
        problems, packages = _problems(name)
    except importlib.metadata.PackageNotFoundError:
        problems, packages = ["dlseq runs, and is not installed"], []
    advice = install_command(name) if problems else ""
    return Finding(name, not problems, ", ".join(problems or packages), EXTRAS[name], advice)


def _problems(extra=""):
    """Return problems and packages of the requirements of dlseq, or of those that an extra adds."""
    from packaging.requirements import Requirement  # of Keras and Matplotlib

    problems, packages = [], []
    for requirement in map(Requirement, importlib.metadata.requires("dlseq") or ()):
        marker = requirement.marker
        if (marker is None) != (not extra) or (marker is not None and not marker.evaluate({"extra": extra})):
            continue
        if requirement.name == "dlseq":
            found = [_problems(name) for name in sorted(requirement.extras)]
            problems += [problem for inner, _ in found for problem in inner]
            packages += [package for _, inner in found for package in inner]
            continue
        version = _version(requirement.name)
        if version is None:
            problems.append(f"{requirement.name} is not installed")
        elif not requirement.specifier.contains(version, prereleases=True):
            problems.append(f"{requirement.name} {version} is not {requirement.specifier}")
        packages.append(f"{requirement.name} {version}")
    return list(dict.fromkeys(problems)), list(dict.fromkeys(packages))


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _backend(name):
    works = importlib.util.find_spec(name) is not None
    found = f"{name} {_version(name) or ''}".strip() if works else "not installed"
    advice = "" if works else install_command() if name == BACKENDS[0] else f"pip install {name}"
    return Finding(name, works, found, f"KERAS_BACKEND={name}", advice)


def _chosen_backend():
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    settings, source = {}, "Keras's default"
    if (home / "keras.json").is_file():
        try:
            settings = json.loads((home / "keras.json").read_text("utf-8"))
        except ValueError:
            advice = "Repair or remove this file."
            return Finding("backend", False, f"{home / 'keras.json'} is no JSON", "every model", advice)
        source = str(home / "keras.json")
    name = settings.get("backend", BACKENDS[0])
    if os.environ.get("KERAS_BACKEND"):
        name, source = os.environ["KERAS_BACKEND"], "KERAS_BACKEND"
    if name not in BACKENDS:
        advice = f"Choose one of: {', '.join(BACKENDS)}."
        return Finding("backend", False, f"{name}, by {source}", "every model", advice)
    installed = importlib.util.find_spec(name) is not None
    advice = "" if installed else f"Install {name}, or choose another backend in {source}."
    found = f"{name}, by {source}" if installed else f"{name}, by {source}, is not installed"
    return Finding("backend", installed, found, "every model", advice)


def _sandbox():
    purpose = "dlseq grade"
    if not sys.platform.startswith("linux"):
        advice = "Grade on Linux, in a container or in WSL."
        return Finding("sandbox", False, f"needs Linux. Received: {platform.system()}", purpose, advice)
    from dlseq.grading.sandbox.sandbox import Sandbox, SandboxError

    program = shutil.which("bwrap")
    if program is None:
        return Finding("sandbox", False, "bubblewrap is not installed", purpose, "apt-get install bubblewrap")
    try:
        with Sandbox([], "sandbox") as sandbox:
            sandbox.start_worker().close()
    except SandboxError as error:
        return Finding("sandbox", False, f"{program} cannot confine a process", purpose, str(error))
    return Finding("sandbox", True, f"{program} confines a process", purpose)


def _fonts():
    from dlseq.plots.fonts import visible

    missing = [script for script, letter in SCRIPTS.items() if visible(letter).startswith("U+")]
    if missing:
        return Finding("fonts", False, f"no letters of {', '.join(missing)}", "figures", install_command())
    return Finding("fonts", True, ", ".join(SCRIPTS), "figures")


def _browser():
    purpose = "tests of pages"
    programs = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    missing = [name for name, program in zip(("Chromium", "its driver"), programs, strict=True) if program is None]
    if missing:
        advice = "apt-get install chromium chromium-driver"
        return Finding("browser", False, f"{' and '.join(missing)} not found", purpose, advice)
    if importlib.util.find_spec("selenium") is None:
        return Finding("browser", False, "selenium is not installed", purpose, install_command("dev"))
    return Finding("browser", True, ", ".join(programs), purpose)
