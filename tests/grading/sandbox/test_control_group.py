"""Control groups, on folders in the form of the kernel's: this is what a test may do to a machine."""

import os
import subprocess
from pathlib import Path

import pytest

from dlseq.grading.sandbox.control_group import LIBRARY_BYTES, ControlGroup


@pytest.fixture
def mount(tmp_path, monkeypatch):
    """A mount of control groups: this process is in user.slice/session, and user.slice controls memory."""
    (tmp_path / "user.slice/session").mkdir(parents=True)
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids")
    for folder, controlled in (("", "cpu memory"), ("user.slice", "memory pids"), ("user.slice/session", "")):
        (tmp_path / folder / "cgroup.subtree_control").write_text(controlled)
    real = Path.read_text
    found = lambda path, *more: "0::/user.slice/session\n" if str(path) == "/proc/self/cgroup" else real(path, *more)  # noqa: E731
    monkeypatch.setattr(Path, "read_text", found)
    monkeypatch.setattr(os, "access", lambda path, mode: True)
    return tmp_path


def test_a_group_is_made_at_the_nearest_ancestor_that_controls_memory(mount):
    group = ControlGroup.create(10**9, mount)
    assert group.folder.parent == mount / "user.slice"
    assert (group.folder / "memory.max").read_text() == str(10**9 + LIBRARY_BYTES)
    assert (group.folder / "memory.swap.max").read_text() == "0"
    assert ControlGroup.create(10**9, mount).folder != group.folder


def test_no_group_is_made_where_the_system_grants_none(mount):
    for folder in ("", "user.slice"):
        (mount / folder / "cgroup.subtree_control").write_text("cpu")
    assert ControlGroup.create(10**9, mount) is None
    (mount / "cgroup.controllers").unlink()
    assert ControlGroup.create(10**9, mount) is None


def test_groups_of_dead_processes_are_removed(mount):
    process = subprocess.Popen(["true"])
    process.wait()
    for owner in (process.pid, os.getpid()):
        (mount / f"user.slice/dlseq-{owner}-7").mkdir()
    ControlGroup.create(10**9, mount)
    assert not (mount / f"user.slice/dlseq-{process.pid}-7").exists()
    assert (mount / f"user.slice/dlseq-{os.getpid()}-7").exists()


def test_a_command_enters_the_group_and_runs_where_it_cannot(tmp_path):
    group = ControlGroup(tmp_path)
    done = subprocess.run(group.wrap(["echo", "a b"]), capture_output=True, text=True, check=True)
    assert done.stdout == "a b\n" and (tmp_path / "cgroup.procs").read_text().strip().isdigit()
    outside = ControlGroup(tmp_path / "nowhere").wrap(["echo", "ran"])
    assert subprocess.run(outside, capture_output=True, text=True, check=True).stdout == "ran\n"
