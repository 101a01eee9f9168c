"""Diagnosis of an installation: each part with the thing that it needs missing, and no framework imported."""

import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys

import pytest

from dlseq import extras
from dlseq.checking import doctor
from dlseq.checking.doctor import PARTS, diagnose
from dlseq.grading.sandbox.sandbox import Sandbox, SandboxError


class SandboxThatStarts:
    def __init__(self, modules, isolation):
        assert isolation == "sandbox"

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def start_worker(self):
        return open(os.devnull)  # noqa: PTH123


@pytest.fixture(autouse=True)
def complete(monkeypatch, tmp_path):
    """An installation with all parts, some of which this machine may lack."""
    find_spec = importlib.util.find_spec
    optional = {*doctor.BACKENDS, "selenium"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name if name in optional else find_spec(name))
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.21")
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: REQUIREMENTS)
    monkeypatch.setattr(shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr("dlseq.grading.sandbox.sandbox.Sandbox", SandboxThatStarts)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)


REQUIREMENTS = [
    "tensorflow >=2.20, <2.22",
    "pytest >2 ; extra == 'course'",
    "dlseq[course] ; extra == 'notebooks'",
    "jupytext ; extra == 'notebooks'",
]


def finding(part):
    (found,) = [finding for finding in diagnose() if finding.part == part]
    return found


def uninstall(monkeypatch, *packages):
    """Take packages away from metadata and imports."""
    version, find_spec = importlib.metadata.version, importlib.util.find_spec

    def missing(name):
        if name in packages:
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in packages else find_spec(name))


def test_a_complete_installation_works_in_all_parts():
    findings = list(diagnose())
    assert [finding.part for finding in findings] == list(PARTS)
    assert all(finding.works and not finding.advice for finding in findings)
    assert doctor.failed_parts(findings, list(PARTS)) == []


@pytest.mark.parametrize(("version", "works"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_pythons_that_tensorflow_does_not_support_are_named(monkeypatch, version, works):
    monkeypatch.setattr(sys, "version_info", (*version, 1, "final", 0))
    found = finding("python")
    assert found.works == works and ("Use Python 3.11 to 3.13" in found.advice) != works


def test_a_missing_package_is_named_with_the_command(monkeypatch):
    uninstall(monkeypatch, "tensorflow")
    found = finding("packages")
    assert not found.works and found.found == "tensorflow is not installed"
    assert found.advice == extras.install_command()


def test_a_package_of_another_version_is_named(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.19")
    found = finding("packages")
    assert not found.works and found.found == "tensorflow 2.19 is not <2.22,>=2.20"


def test_a_release_candidate_within_the_limits_works(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.21rc1")
    assert finding("packages").works


def test_an_extra_lacks_what_the_extras_in_it_lack(monkeypatch):
    uninstall(monkeypatch, "pytest")
    assert finding("packages").works
    for part in ("course", "notebooks"):
        found = finding(part)
        assert (found.works, found.found) == (False, "pytest is not installed")
        assert found.advice == extras.install_command(part) and f"[{part}]" in found.advice


def test_a_package_that_runs_from_a_folder_is_not_installed(monkeypatch):
    def requires(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", requires)
    for part in ("packages", "course"):
        found = finding(part)
        assert not found.works and "is not installed" in found.found and "pip install" in found.advice


@pytest.mark.parametrize("name", doctor.BACKENDS)
def test_a_missing_backend_matters_where_it_is_chosen(monkeypatch, name):
    uninstall(monkeypatch, name)
    assert not finding(name).works and "pip install" in finding(name).advice
    assert finding("backend").works == (name != "tensorflow")
    monkeypatch.setenv("KERAS_BACKEND", name)
    found = finding("backend")
    assert (found.works, found.found) == (False, f"{name}, by KERAS_BACKEND, is not installed")
    monkeypatch.setenv("KERAS_BACKEND", "")
    assert finding("backend").found.endswith("by Keras's default") == (name != "tensorflow")


def test_the_backend_of_keras_json_is_examined(tmp_path):
    file = tmp_path / "keras.json"
    for text, works, words in (
        ('{"backend": "jax"}', True, f"jax, by {file}"),
        ('{"backend": "numpy"}', False, f"numpy, by {file}"),
        ("{", False, f"{file} is no JSON"),
    ):
        file.write_text(text)
        found = finding("backend")
        assert (found.works, found.found, bool(found.advice)) == (works, words, not works)


def test_a_missing_or_refused_sandbox_is_named(monkeypatch):
    class Refused(SandboxThatStarts):
        def start_worker(self):
            raise SandboxError("No permissions to create new namespace.")

    with monkeypatch.context() as patch:
        patch.setattr("dlseq.grading.sandbox.sandbox.Sandbox", Refused)
        found = finding("sandbox")
        assert not found.works and found.advice == "No permissions to create new namespace."
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "which", lambda program: None)
        found = finding("sandbox")
        assert (found.works, found.advice) == (False, "apt-get install bubblewrap")
    monkeypatch.setattr(sys, "platform", "win32")
    assert not finding("sandbox").works and "WSL" in finding("sandbox").advice


def test_the_diagnosis_of_the_sandbox_is_that_of_a_real_one(monkeypatch):
    """An oracle: the sandbox of this machine, started here."""
    monkeypatch.undo()
    try:
        with Sandbox([], "sandbox") as sandbox:
            sandbox.start_worker().close()
    except SandboxError:
        assert not finding("sandbox").works
    else:
        assert finding("sandbox").works


def test_a_missing_font_is_named_by_its_script(monkeypatch):
    from dlseq.plots import fonts

    visible = fonts.visible
    monkeypatch.setattr(fonts, "visible", lambda letter: "U+D55C" if letter == "한" else visible(letter))
    found = finding("fonts")
    assert (found.works, found.found) == (False, "no letters of Hangul") and found.advice


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (("chromium", "google-chrome"), "Chromium not found"),
        (("chromedriver",), "its driver not found"),
        (("chromium", "google-chrome", "chromedriver"), "Chromium and its driver not found"),
    ],
)
def test_a_missing_browser_is_named(monkeypatch, missing, words):
    monkeypatch.setattr(shutil, "which", lambda program: None if program in missing else f"/usr/bin/{program}")
    found = finding("browser")
    assert (found.works, found.found) == (False, words) and "apt-get install chromium" in found.advice
    monkeypatch.setattr(shutil, "which", lambda program: f"/usr/bin/{program}")
    uninstall(monkeypatch, "selenium")
    assert finding("browser").found == "selenium is not installed"


def test_the_diagnosis_imports_no_framework():
    program = (
        "import sys\nfrom dlseq.checking.doctor import diagnose\nlist(diagnose())\n"
        "print({'tensorflow', 'keras', 'jax', 'torch', 'faker', 'babel', 'pytest', 'selenium'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_command_of_an_extra_is_that_of_the_installation(monkeypatch, tmp_path):
    """`pip install 'dlseq[course]'`, which all messages said, works nowhere: there is no dlseq on PyPI."""
    assert extras.install_command("course").endswith('[course]"') and "pip install -e" in extras.install_command()
    monkeypatch.setattr(extras, "__file__", str(tmp_path / "dlseq/extras.py"))
    wheel = tmp_path / "a b/dlseq-1-py3-none-any.whl"
    for recorded, command in (
        (json.dumps({"url": wheel.as_uri(), "archive_info": {}}), f'pip install "{wheel}[course]"'),
        (json.dumps({"url": (tmp_path / "gone").as_uri()}), "pip install 'dlseq[course]'"),
        (json.dumps({"url": "https://example.org/dlseq.whl"}), "pip install 'dlseq[course]'"),
        (None, "pip install 'dlseq[course]'"),
    ):
        wheel.parent.mkdir(exist_ok=True)
        wheel.write_text("")
        distribution = type("Distribution", (), {"read_text": lambda self, name, recorded=recorded: recorded})()
        monkeypatch.setattr(importlib.metadata, "distribution", lambda name, found=distribution: found)
        assert extras.install_command("course") == command
