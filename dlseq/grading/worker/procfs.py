"""Process tree, CPU time and run-queue delay of processes, read from /proc."""

import contextlib
import os
from pathlib import Path

__all__ = ["cpu_seconds", "descendants", "runqueue_wait"]


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
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
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
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def cpu_seconds(process: int) -> float:
    """Return the user and system CPU time of all threads of a process; 0 if it has exited or there is no /proc.

    Example:
        >>> cpu_seconds(os.getpid()) > 0
        True
    """
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0
