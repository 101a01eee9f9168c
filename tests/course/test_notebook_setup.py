"""First cell of a released notebook: it finds the wheel beside the notebook or in an upload, or says what to do."""

import importlib.metadata
import importlib.util
import subprocess
import sys
import types
import zipfile

import pytest

from dlseq.checking.answer_cells import select_cells
from dlseq.course.notebook_setup import MESSAGES, install_dlseq, setup_cell

WHEEL = "dlseq-9.9-py3-none-any.whl"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine without dlseq: `run(here)` runs the cell in a folder and returns the arguments of pip."""
    done = types.SimpleNamespace(returncode=0, stderr="")

    def run(here="notebooks", **failure):
        calls = []
        (tmp_path / here).mkdir(parents=True, exist_ok=True)
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path / here)
            patch.setattr(importlib.util, "find_spec", lambda name: None)
            patch.setattr(subprocess, "run", lambda command, **options: calls.append(command) or done)
            vars(done).update({"returncode": 0, **failure})
            install_dlseq(WHEEL, MESSAGES)
        return calls

    return run


def make_folder(folder):
    """A hand-out with a wheel and a test."""
    (folder / "tests/graded").mkdir(parents=True)
    (folder / "tests/graded/test_a.py").write_text("")
    (folder / WHEEL).write_text("")
    return folder / WHEEL


def make_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"students/{WHEEL}", "")
        archive.writestr("students/tests/graded/test_a.py", "")


def test_the_wheel_beside_the_exercises_is_installed(machine, tmp_path):
    wheel = make_folder(tmp_path / "handed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", f"{wheel}[notebooks]"]
    assert machine("handed/exercises") == [command]
    assert not (tmp_path / "handed/exercises/tests").exists()  # the folder above has them


def test_an_uploaded_file_is_installed(machine, tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / WHEEL).write_text("")
    ((*_, package),) = machine("content")
    assert package == f"{tmp_path / 'content' / WHEEL}[notebooks]"


def test_an_uploaded_zip_is_unpacked_and_its_tests_are_put_in_place(machine, tmp_path):
    (tmp_path / "content").mkdir()
    make_zip(tmp_path / "content/class.zip")
    with zipfile.ZipFile(tmp_path / "content/another.zip", "w") as archive:
        archive.writestr("photo.png", "")
    ((*_, package),) = machine("content")
    assert package == f"{tmp_path / 'content/students' / WHEEL}[notebooks]"
    assert (tmp_path / "content/tests/graded/test_a.py").is_file()
    assert not (tmp_path / "content/photo.png").exists()
    assert len(machine("content")) == 1  # a second time: nothing is in the way


def test_no_wheel_is_a_sentence_with_the_way_out(machine):
    with pytest.raises(FileNotFoundError, match=r"Cannot find dlseq-9.9.*Colab.*one zip file.*Kaggle.*dataset"):
        machine("content")


def test_a_failed_installation_shows_the_words_of_pip(machine, tmp_path):
    make_folder(tmp_path / "handed")
    with pytest.raises(RuntimeError, match=r"Cannot install .*whl:\nno network"):
        machine("handed/exercises", returncode=1, stderr="no network")


def test_a_replaced_numpy_asks_for_a_new_session(machine, tmp_path, monkeypatch, capsys):
    make_folder(tmp_path / "handed")
    machine("handed/exercises")
    assert "restart" not in capsys.readouterr().out
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0.0")
    machine("handed/exercises")
    assert "restart the session" in capsys.readouterr().out


def test_nothing_is_installed_where_dlseq_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subprocess, "run", None)
    install_dlseq(WHEEL, MESSAGES)
    assert list(tmp_path.iterdir()) == []


def test_the_cell_runs_by_itself_and_is_never_graded(tmp_path, monkeypatch):
    cell = setup_cell(WHEEL)
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": "__main__"}
    exec(cell, namespace)  # noqa: S102
    assert set(namespace) - {"__builtins__"} == {"__name__", "install_dlseq"}  # no import that a student could rely on
    assert select_cells(["", cell, "def f(): return install_dlseq"], ["f"]) == [
        ("cell 2", "def f(): return install_dlseq")
    ]
