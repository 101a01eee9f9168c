"""Process tree, memory, CPU time and run-queue delay of processes, read from /proc."""

import contextlib
import os
from collections.abc import Collection

__all__ = ["MemoryMeter", "address_space_bytes", "cpu_seconds", "descendants", "runqueue_wait"]

KIB = 1024


class MemoryMeter:
    """Meter of the memory that the descendants of this process use beyond what they share with it.

    A forked process shares the pages of this one until it writes to them, so its resident memory includes them. It may
    also give them back, and take as much of its own: to subtract them for each process would leave that uncounted.
    So the quick count is at least the memory of one process; where it is not enough to tell that the limit is kept, the
    exact count adds the proportional set sizes of all processes, this one included.

    Args:
        limit_bytes: Limit in whose neighborhood the count has to be exact.
    """

    def __init__(self, limit_bytes: int):
        self.limit_bytes = limit_bytes
        self.process, self.base_bytes = os.getpid(), _anonymous_bytes(os.getpid())

    def used_bytes(self, processes: Collection[int], trusted: Collection[int] = ()) -> int:
        """Return the memory of some descendants, swapped pages and page tables included.

        Args:
            processes: All descendants of this process.
            trusted: Those that run no code of a submission, and so keep what they share.
        """
        tables = {process: _kib_fields(process, "status", "VmPTE") for process in processes}
        counts = [_anonymous_bytes(process) + tables[process] for process in processes if process not in trusted]
        beyond_shared = sum(max(0, count - self.base_bytes) for count in counts)
        if sum(counts) <= self.limit_bytes or (len(counts) == 1 and beyond_shared > self.limit_bytes):
            return beyond_shared
        try:
            proportional = sum(map(_proportional_bytes, {self.process, *processes}))
            return max(0, proportional + sum(tables.values()) - self.base_bytes)
        except PermissionError:  # a process may hide its pages
            return sum(counts)


def address_space_bytes(process: int) -> int:
    """Return the size of the address space of a process; 0 if it has exited."""
    return _kib_fields(process, "status", "VmSize")


def _anonymous_bytes(process):
    """Return the anonymous memory of a process, with shared pages in full; 0 if it has exited."""
    return _kib_fields(process, "status", "RssAnon", "VmSwap")


def _proportional_bytes(process):
    """Return the anonymous memory of a process, with its part of shared pages; 0 if it has exited."""
    return _kib_fields(process, "smaps_rollup", "Pss_Anon", "SwapPss")


def _kib_fields(process, file, *names):
    total = 0
    try:
        for line in _read(process, file).splitlines():
            name, _, value = line.partition(":")
            total += int(value.split()[0]) * KIB if name in names else 0
    except (FileNotFoundError, ProcessLookupError):
        pass
    return total


def _read(process, file):
    """Return the text of a file of a process. It is read at each poll, so without the layers of a text file."""
    with os.fdopen(os.open(f"/proc/{process}/{file}", os.O_RDONLY), "rb", buffering=0) as raw:
        return raw.read().decode("utf-8", "replace")


def descendants(process: int) -> set[int]:
    """Return the process ids of all descendants of a process, zombies included.

    Args:
        process: Process id of the ancestor.

    Returns:
        The process ids, without that of the ancestor.

    Example:
        >>> import os, subprocess
        >>> with subprocess.Popen(["sleep", "60"]) as child:
        ...     found = descendants(os.getpid())
        ...     child.kill()
        >>> child.pid in found, os.getpid() in found
        (True, False)
    """
    parents = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int(_read(entry.name, "stat").rpartition(")")[2].split(None, 2)[1])
    found, generation = set(), {process}
    while generation:
        generation = {child for child, parent in parents.items() if parent in generation}
        found |= generation
    return found


def runqueue_wait(process: int) -> float:
    """Return the seconds that a runnable process has waited for a CPU.

    Args:
        process: Process id. Only the main thread of the process is counted.

    Returns:
        Seconds since the process started; 0 if it has exited or the kernel keeps no scheduler statistics.

    Example:
        >>> runqueue_wait(os.getpid()) >= 0
        True
    """
    try:
        return int(_read(process, "schedstat").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def cpu_seconds(process: int) -> float:
    """Return the user and system CPU time of all threads of a process; 0 if it has exited or there is no /proc.

    Example:
        >>> cpu_seconds(os.getpid()) > 0
        True
    """
    try:
        fields = _read(process, "stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0
