"""Memory limit of the process that compares a submission's values, whatever the submission replies."""

import contextlib
import os
from pathlib import Path

__all__ = ["limit_judge_memory"]

JUDGE_MEMORY_HEADROOM_BYTES = 3 * 2**30  # for all values of a submission at a time


def limit_judge_memory() -> None:
    """Make a test fail with MemoryError when small replies combine into a huge array, instead of swapping.

    The limit is one on the address space of this process, beyond what it has now. Systems without it have no limit.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        hard_limit = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (used + JUDGE_MEMORY_HEADROOM_BYTES, hard_limit))
