"""Processes that a process has started, and processors that it may use, as the system tells."""

import contextlib
import os
from pathlib import Path

__all__ = ["below", "busy", "processors", "queued"]


def below(process: int) -> set[int]:
    """Numbers of all descendants of a process that are alive or have not been waited for.

    Args:
        process: its number.

    Returns:
        The numbers, without its own.

    Example:
        >>> import os, subprocess
        >>> with subprocess.Popen(["sleep", "60"]) as child:
        ...     found = below(os.getpid())
        ...     child.kill()
        >>> child.pid in found, os.getpid() in found
        (True, False)
    """
    parents = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
    family, found = set(), {process}
    while found:
        found = {number for number, parent in parents.items() if parent in found}
        family |= found
    return family


def processors() -> list[int]:
    """Numbers of the processors that this process may run on; of all, where the system does not tell.

    Example:
        >>> len(processors()) > 0
        True
    """
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def queued(process: int) -> float:
    """Seconds that a process could have run, and waited for a processor that others used.

    Args:
        process: its number. What other threads than its first have waited does not count.

    Returns:
        The seconds since it began; 0 where it has gone, or the system does not tell.

    Example:
        >>> queued(os.getpid()) >= 0
        True
    """
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def busy(process: int) -> float:
    """Seconds of processors that all threads of a process have used; 0 where it has gone, or the system does not tell.

    Example:
        >>> busy(os.getpid()) > 0
        True
    """
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0
