"""Irrevocable confinement of a worker: namespaces, file systems, capabilities, system calls, resource limits.

Linux only. The process is forked from one that bubblewrap has put into a file system of its own (see
`dlseq.grading.sandbox.bubblewrap`) and that has imported the libraries: with one bubblewrap per submission, each would
have to import them again.
"""

import contextlib
import ctypes
import os
import resource
import struct
import sys
from pathlib import Path

from dlseq.grading.worker.system_calls import install_filter

__all__ = [
    "SCRATCH_FOLDER",
    "adopt_orphans",
    "be_killed_first",
    "drop_privileges",
    "enter_namespaces",
    "hide_files",
    "limit_resources",
]

SCRATCH_FOLDER = "/scratch"  # /tmp links to it, unless the interpreter itself is in /tmp
MAX_SCRATCH_FILES = 2048
MAX_PROCESSES = 96  # and threads, of one worker
MAX_DESCRIPTORS = 256  # of one process
MAX_LOCKED_BYTES = 1 << 16
MAX_PENDING_SIGNALS = 1024
NAMESPACE_FLAGS = {"cgroup": 0x02000000, "ipc": 0x08000000, "mount": 0x00020000, "network": 0x40000000}
NAMESPACE_FLAGS |= {"process": 0x20000000, "user": 0x10000000, "uts": 0x04000000}
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 4, 24, 36, 38
LINUX_CAPABILITY_VERSION_3 = 0x20080522
MAX_CAPABILITIES = 64
MAX_OOM_SCORE = 1000

_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Make this process the parent of orphaned descendants."""
    _check(_libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "adopt orphans")


def be_killed_first() -> None:
    """Make this process and its descendants the ones that the kernel kills if the machine runs out of memory."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(MAX_OOM_SCORE))


def enter_namespaces() -> None:
    """Enter new user, mount, network, IPC and UTS namespaces, and a process namespace at the next fork.

    The user id stays the same, without privileges outside.

    Raises:
        OSError: The kernel forbids it.
    """
    user, group = os.getuid(), os.getgid()
    _check(_libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "make this process its own")  # /proc/self belongs to it again
    flags = sum(NAMESPACE_FLAGS[name] for name in ("user", "mount", "process", "network", "ipc", "uts"))
    _check(_libc.unshare(flags), "make new namespaces")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path(f"/proc/self/{name}").write_text(text)


def hide_files(scratch_bytes: int) -> None:
    """Mount empty, bounded file systems on scratch and /dev/shm, and on /proc one that holds the path of Python only.

    Args:
        scratch_bytes: Size of the scratch folder, for at most `MAX_SCRATCH_FILES` files.

    Raises:
        OSError: The kernel forbids it.
    """
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    _mount(SCRATCH_FOLDER, flags, f"size={scratch_bytes},nr_inodes={MAX_SCRATCH_FILES},mode=0700")
    _mount("/dev/shm", flags | MS_RDONLY, "size=4096,mode=0555")
    _mount("/proc", flags, "size=8192,mode=0555")
    own = Path("/proc/self")  # TensorFlow aborts if it cannot read these two
    own.mkdir()
    (own / "exe").symlink_to(sys.executable)
    (own / "cmdline").write_text("python\0submission\0")
    _mount("/proc", flags | MS_RDONLY | MS_REMOUNT, "size=8192,mode=0555")
    os.chdir(SCRATCH_FOLDER)


def limit_resources(memory_bytes: int, scratch_bytes: int, processes: int | None = MAX_PROCESSES) -> None:
    """Set the resource limits of this process and its descendants.

    Args:
        memory_bytes: Address space of each process.
        scratch_bytes: Size of one file.
        processes: Total number of processes and threads of the user; None for no limit, if the user has others.
    """
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: scratch_bytes,
        resource.RLIMIT_NOFILE: MAX_DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: MAX_LOCKED_BYTES,
        resource.RLIMIT_SIGPENDING: MAX_PENDING_SIGNALS,
    }
    if processes is not None:
        limits[resource.RLIMIT_NPROC] = processes
    for kind, limit in limits.items():
        hard_limit = resource.getrlimit(kind)[1]
        limit = limit if hard_limit == resource.RLIM_INFINITY else min(limit, hard_limit)
        resource.setrlimit(kind, (limit, limit))


def drop_privileges() -> None:
    """Drop all capabilities, forbid new privileges, and refuse system calls (`dlseq.grading.worker.system_calls`).

    Raises:
        OSError: The kernel forbids it.
    """
    for capability in range(MAX_CAPABILITIES):
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # numbers beyond the last capability are ignored
    header = ctypes.create_string_buffer(struct.pack("Ii", LINUX_CAPABILITY_VERSION_3, 0))
    no_capabilities = ctypes.create_string_buffer(24)
    _check(_libc.capset(header, no_capabilities), "drop capabilities")
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "forbid new privileges")
    install_filter()


def _mount(path, flags, options):
    _check(_libc.mount(b"tmpfs", path.encode(), b"tmpfs", flags, options.encode()), f"cover {path}")


def _check(status, action):
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot {action}: {os.strerror(number)}")
