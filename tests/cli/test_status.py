"""Status line and bar on standard error: on a terminal alone, and gone when the command prints."""

import ast
import contextlib
import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dlseq.cli
from dlseq.cli.status import bar, counted, status, waited

CLI = Path(dlseq.cli.__file__).parent
ERASE_LINE = "\x1b[2K"


class Terminal(io.StringIO):
    """A stream in memory that calls itself a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def on_terminal(monkeypatch):
    """A context in which standard error is a terminal; pytest sets it anew between a fixture and its test."""
    monkeypatch.setenv("TERM", "xterm")
    return contextlib.redirect_stderr(Terminal())


def is_erased(terminal):
    return terminal.getvalue().rstrip().endswith(ERASE_LINE)


def test_status_is_shown_and_erased(on_terminal, capfd):
    with on_terminal as terminal:
        with status("Drawing") as show:
            assert "Drawing …" in terminal.getvalue() and not is_erased(terminal)
            show("Writing")
        assert "Writing …" in terminal.getvalue() and is_erased(terminal)
    assert capfd.readouterr() == ("", "")


def test_status_is_in_the_language_of_the_locale(on_terminal, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # outside of a course
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    with on_terminal as terminal, status("Loading Keras") as show:
        show("Describing")
    assert re.search("[가-힣]", terminal.getvalue()) and "Keras" in terminal.getvalue()
    assert "Loading" not in terminal.getvalue()


def test_bar_counts_items(on_terminal):
    with on_terminal as terminal:
        assert list(counted("abc", "Drawing", 3)) == ["a", "b", "c"]
    assert "Drawing" in terminal.getvalue() and "3/3" in terminal.getvalue()


def test_bar_shows_the_next_text(on_terminal):
    with on_terminal as terminal, bar("One", 2) as show:
        show(1, "Two")
    assert "One" in terminal.getvalue() and "Two" in terminal.getvalue() and "1/2" in terminal.getvalue()


def test_counted_items_have_a_number_before_they_exist():
    assert len(counted(iter("abc"), "Drawing", 3)) == 3


def test_status_is_gone_while_an_item_is_used(on_terminal):
    with on_terminal as terminal:
        for _ in waited("ab", "Proving"):
            assert is_erased(terminal)
    assert terminal.getvalue().count("Proving") >= 2


@pytest.mark.parametrize("color", ["", "1"])
def test_nothing_is_shown_where_stderr_is_no_terminal(monkeypatch, capfd, color):
    """Rich takes FORCE_COLOR, which CI services set, for a terminal."""
    monkeypatch.setenv("FORCE_COLOR", color)
    with status("Drawing"):
        assert list(waited(counted("abc", "Drawing", 3), "Waiting")) == ["a", "b", "c"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("path", sorted(CLI.rglob("*.py")), ids=lambda path: path.relative_to(CLI).as_posix())
def test_commands_import_keras_with_a_status_line(path):
    """The import takes seconds: a command calls `load_keras` or `keras_status`."""
    tree = ast.parse(path.read_text("utf-8"))
    called = [node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "id")]
    assert path.name == "status.py" or "import_keras" not in called


@pytest.mark.parametrize("path", sorted(CLI.rglob("*.py")), ids=lambda path: path.relative_to(CLI).as_posix())
def test_commands_have_one_mechanism_of_progress(path):
    """Rich shows its own where FORCE_COLOR is set, which CI services do: `dlseq tour` had one."""
    tree = ast.parse(path.read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert path.name in ("status.py", "grading_progress.py") or "rich.progress" not in imported


def run_on_terminal(arguments, **options):
    """Run a command whose standard error is a terminal; return its standard output and error."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-c", "from dlseq.cli import main; main()", *arguments]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=follower, env=environment, **options)
    os.close(follower)
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal on Linux
        while part := os.read(leader, 65536):  # before the wait: a full terminal stops the command
            shown += part
    os.close(leader)
    return process.communicate()[0].decode(), shown.decode(errors="replace")


def test_clips_are_counted_on_a_terminal(tmp_path):
    """100 clips take seconds, and the command said nothing."""
    out, shown = run_on_terminal(["clips", "-n", "3", "--out", str(tmp_path / "clips")])
    assert out.startswith("Wrote 3 clips")
    assert "Writing clips" in shown and "Wrote" not in shown


@pytest.mark.slow
def test_the_import_of_keras_is_shown_while_stderr_is_held_back():
    out, shown = run_on_terminal(["dates", "3 May 1979"])
    assert out.startswith("1979-05-03")
    assert "Loading Keras" in shown and "0:00:01" in shown  # the clock goes on during the import
