"""A control group (cgroup 2) of one sandbox, where the system grants one: the kernel bounds all of its memory."""

import contextlib
import itertools
import os
from pathlib import Path

__all__ = ["ControlGroup"]

MOUNT = Path("/sys/fs/cgroup")
LIBRARY_BYTES = 2 * 2**30  # of the imported libraries and the files that they have read, beside the worker
MAX_TASKS = 256  # processes and threads of the sandbox process, the guard and the worker
ENTER = 'echo $$ > "$0"; exec "$@"'  # a shell program: enter the group, then run the command in it

_numbers = itertools.count(1)


class ControlGroup:
    """A control group, made beside that of this process or of one of its ancestors.

    It is a second bound, beyond the limits that a worker has everywhere: it counts memory of the kernel as well. Where
    none can be made, as in most containers and without root, a sandbox does without.

    Args:
        folder: of the group.

    Example:
        >>> group = ControlGroup.create(2**30)
        >>> command = group.wrap(["true"]) if group else ["true"]
        >>> if group:
        ...     group.remove()
    """

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def create(cls, memory_bytes: int, mount: Path = MOUNT, process: str = "self") -> "ControlGroup | None":
        """Make a group with a memory limit.

        Args:
            memory_bytes: Memory of a worker beyond the libraries.
            mount: Where the control groups are mounted.
            process: Process id, or "self", beside whose group the new one is made.

        Returns:
            The group; None if the system grants none.
        """
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{process}/cgroup").read_text().splitlines()
            own = next((line[3:] for line in lines if line.startswith("0::/")), None)
            if own is None or ".." in own.split("/") or not (mount / "cgroup.controllers").is_file():
                return None  # version 1, both versions at once, or a group that is not below the mount
            place = mount / own.lstrip("/")
            for parent in [place, *place.parents]:
                if not parent.is_relative_to(mount):
                    break
                with contextlib.suppress(OSError):
                    return cls._create_in(parent, memory_bytes)
        return None

    @classmethod
    def _create_in(cls, parent, memory_bytes):
        if "memory" not in (parent / "cgroup.subtree_control").read_text().split():
            raise OSError("it has no control of memory")
        _remove_abandoned(parent)
        group = cls(parent / f"dlseq-{os.getpid()}-{next(_numbers)}")
        group.folder.mkdir()
        try:
            (group.folder / "memory.max").write_text(str(memory_bytes + LIBRARY_BYTES))
            for name, value in (("memory.swap.max", "0"), ("pids.max", str(MAX_TASKS))):
                with contextlib.suppress(OSError):  # a kernel without swap has none
                    (group.folder / name).write_text(value)
            if not os.access(group.folder / "cgroup.procs", os.W_OK):
                raise OSError("it cannot be entered")
        except OSError:
            group.remove()
            raise
        return group

    def wrap(self, command: list[str]) -> list[str]:
        """Return a command that runs another one in the group, or outside of it if it may not be entered."""
        return ["/bin/sh", "-c", ENTER, str(self.folder / "cgroup.procs"), *command]

    def remove(self) -> None:
        """Remove the group, whose processes have exited."""
        with contextlib.suppress(OSError):
            self.folder.rmdir()


def _remove_abandoned(parent):
    """Remove groups of processes that were killed before they could do so."""
    for folder in parent.glob("dlseq-*-*"):
        owner = folder.name.split("-")[1]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            with contextlib.suppress(OSError):
                folder.rmdir()
