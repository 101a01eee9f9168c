"""Control groups, on folders with the files that the kernel would have: this is what a test may do to a machine."""

import errno
import os
import subprocess
from pathlib import Path

import pytest

from dlseq.grading.sandbox.control_group import LIBRARY_BYTES, MAX_TASKS, ControlGroup

FILES = ("cgroup.controllers", "cgroup.procs", "cgroup.subtree_control", "memory.max", "memory.swap.max", "pids.max")
LIMITS = ("memory.max", "memory.swap.max", "pids.max")
REFUSALS = {  # the kernel's answer, by what is refused
    "not delegated": ("mkdir", "", errno.EACCES),
    "mounted read-only": ("mkdir", "", errno.EROFS),
    "too many groups": ("mkdir", "", errno.EAGAIN),
    "a limit that may not be set": ("write_text", "memory.max", errno.EPERM),
}


class Kernel:
    """The part of a kernel that answers for a tree of groups: files come with a group, and go with it.

    Attributes:
        root: where the groups are mounted.
        membership: content of /proc/self/cgroup; None if there is no such file.
        files: of a new group.
        refused: (operation, file name, error number), below user.slice.
    """

    def __init__(self, root):
        self.root, self.membership, self.files, self.refused = root, "0::/user.slice/session\n", FILES, None

    def check(self, operation, path, name=""):
        if self.refused == (operation, name, self.refused and self.refused[2]):
            raise OSError(self.refused[2], os.strerror(self.refused[2]), str(path))

    def install(self, monkeypatch):
        mkdir, rmdir, read, write = Path.mkdir, Path.rmdir, Path.read_text, Path.write_text

        def make(path, *arguments, **keywords):
            self.check("mkdir", path)
            mkdir(path, *arguments, **keywords)
            for name in self.files if path.is_relative_to(self.root) else ():
                (path / name).touch()

        def remove(path):
            for name in self.files if path.is_relative_to(self.root) else ():
                (path / name).unlink(missing_ok=True)
            rmdir(path)

        def write_text(path, text, *arguments, **keywords):
            self.check("write_text", path, path.name)
            if path.is_relative_to(self.root) and not path.exists():
                raise PermissionError(errno.EACCES, "no file can be made", str(path))
            return write(path, text, *arguments, **keywords)

        def read_text(path, *arguments, **keywords):
            if str(path) != "/proc/self/cgroup":
                return read(path, *arguments, **keywords)
            if self.membership is None:
                raise FileNotFoundError(path)
            return self.membership

        for name, function in (
            ("mkdir", make),
            ("rmdir", remove),
            ("read_text", read_text),
            ("write_text", write_text),
        ):
            monkeypatch.setattr(Path, name, function)

    def groups(self):
        """Return the groups of sandboxes."""
        return sorted(self.root.rglob("dlseq-*-*"))


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """Version 2, delegated: this process is in user.slice/session, and user.slice controls memory."""
    kernel = Kernel(tmp_path)
    for folder, controlled in ((".", "cpu memory"), ("user.slice", "memory pids"), ("user.slice/session", "")):
        (tmp_path / folder).mkdir(exist_ok=True)
        for name in FILES:
            (tmp_path / folder / name).write_text(controlled if name == "cgroup.subtree_control" else "")
    kernel.install(monkeypatch)
    return kernel


def test_a_group_is_made_at_the_nearest_ancestor_that_controls_memory(kernel):
    group = ControlGroup.create(10**9, kernel.root)
    assert group.folder.parent == kernel.root / "user.slice"
    assert [(group.folder / name).read_text() for name in LIMITS] == [str(10**9 + LIBRARY_BYTES), "0", str(MAX_TASKS)]
    other = ControlGroup.create(10**9, kernel.root)
    assert other.folder != group.folder
    group.remove()
    assert kernel.groups() == [other.folder]


def test_a_kernel_without_swap_or_limits_of_processes_is_enough(kernel):
    kernel.files = tuple(name for name in FILES if name not in ("memory.swap.max", "pids.max"))
    group = ControlGroup.create(10**9, kernel.root)
    assert (group.folder / "memory.max").read_text() == str(10**9 + LIBRARY_BYTES)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_nothing_is_made_where_the_system_refuses(kernel, refusal):
    kernel.refused = REFUSALS[refusal]
    assert ControlGroup.create(10**9, kernel.root) is None and kernel.groups() == []


def test_a_group_that_cannot_be_entered_is_removed(kernel, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert ControlGroup.create(10**9, kernel.root) is None and kernel.groups() == []


def test_a_further_ancestor_is_asked_where_the_nearest_refuses(kernel, monkeypatch):
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: "user.slice" not in str(path) and access(path, mode))
    assert ControlGroup.create(10**9, kernel.root).folder.parent == kernel.root
    assert len(kernel.groups()) == 1


@pytest.mark.parametrize(
    "membership",
    [
        None,
        "",
        "11:memory:/user.slice\n10:cpu,cpuacct:/user.slice\n1:name=systemd:/user.slice\n",
        "0::/../../other\n",
        "nonsense\n",
    ],
    ids=["no /proc", "none", "version 1", "outside of the mount", "another form"],
)
def test_there_is_none_without_a_group_of_version_2(kernel, membership):
    kernel.membership = membership
    assert ControlGroup.create(10**9, kernel.root) is None and kernel.groups() == []


def test_there_is_none_where_both_versions_are_mounted(kernel):
    """Both at once: memory is controlled by version 1, and the mount itself is no group of version 2."""
    kernel.membership = "4:memory:/user.slice\n0::/user.slice/session\n"
    (kernel.root / "cgroup.controllers").unlink()
    assert ControlGroup.create(10**9, kernel.root) is None and kernel.groups() == []


def test_there_is_none_where_no_ancestor_controls_memory(kernel):
    for folder in (".", "user.slice"):
        (kernel.root / folder / "cgroup.subtree_control").write_text("cpu")
    assert ControlGroup.create(10**9, kernel.root) is None and kernel.groups() == []


def test_groups_of_dead_processes_are_removed(kernel):
    process = subprocess.Popen(["true"])
    process.wait()
    for owner in (process.pid, os.getpid()):
        (kernel.root / f"user.slice/dlseq-{owner}-7").mkdir()
    ControlGroup.create(10**9, kernel.root)
    assert not (kernel.root / f"user.slice/dlseq-{process.pid}-7").exists()
    assert (kernel.root / f"user.slice/dlseq-{os.getpid()}-7").exists()


def test_a_group_with_a_process_in_it_stays(kernel, monkeypatch):
    group = ControlGroup.create(10**9, kernel.root)

    def busy(path):
        raise OSError(errno.EBUSY, "busy", str(path))

    monkeypatch.setattr(Path, "rmdir", busy)
    group.remove()
    assert kernel.groups() == [group.folder]


def test_a_command_enters_the_group_and_runs_where_it_cannot(tmp_path):
    group = ControlGroup(tmp_path)
    done = subprocess.run(group.wrap(["echo", "a b"]), capture_output=True, text=True, check=True)
    assert done.stdout == "a b\n" and (tmp_path / "cgroup.procs").read_text().strip().isdigit()
    outside = ControlGroup(tmp_path / "nowhere").wrap(["echo", "ran"])
    assert subprocess.run(outside, capture_output=True, text=True, check=True).stdout == "ran\n"
