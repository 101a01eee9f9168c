"""Solutions as modules and as lessons."""

import importlib.util
import runpy
from pathlib import Path

import pytest

from dlseq.course.layout import find_course


@pytest.fixture(scope="module")
def solution(request):
    """The solution that a module of tests is named after, imported."""
    path = _path(request)
    spec = importlib.util.spec_from_file_location(f"{path.stem}_solution", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run_lesson(request, monkeypatch, tmp_path):
    """A function that runs this solution as a script in an empty folder, without its check: its variables."""

    def run():
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("MPLBACKEND", "Agg")
        monkeypatch.setattr("dlseq.check", lambda name: None)
        return runpy.run_path(str(_path(request)), run_name="__main__")

    return run


def _path(request):
    return find_course(Path(__file__).parent).solution(Path(request.path).stem.removeprefix("test_"))
