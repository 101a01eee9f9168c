"""What a process gives up for good before it runs a submission: namespaces, files, capabilities, system calls, limits.

Linux only. It runs in a process that bubblewrap has already put into a file system of its own
(`dlseq.grading.sandbox.sandbox`), forked from one that has imported the libraries: starting bubblewrap for each
submission would mean importing them each time.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from pathlib import Path

__all__ = ["SCRATCH_FOLDER", "adopt_orphans", "enter_namespaces", "give_up_privileges", "hide_files", "limit_resources"]

SCRATCH_FOLDER = "/scratch"  # /tmp leads there, unless the interpreter itself is in /tmp
NEW = {"cgroup": 0x02000000, "ipc": 0x08000000, "mount": 0x00020000, "network": 0x40000000}
NEW |= {"process": 0x20000000, "user": 0x10000000, "uts": 0x04000000}
READ_ONLY, NOSUID, NODEV, NOEXEC, REMOUNT = 1, 2, 4, 8, 32
SET_CHILD_SUBREAPER = 36
SET_DUMPABLE, SET_NO_NEW_PRIVILEGES, DROP_BOUNDING, SET_SECCOMP = 4, 38, 24, 22
EPERM, ENOSYS = 1, 38

# Numbers of system calls: (x86_64, aarch64). None of these has a place in an exercise, and each reaches memory that no
# limit counts, other processes or their time, or parts of the kernel that few programs have tried. Sockets keep what is
# sent in memory of the kernel, and there is nobody to talk to.
DENIED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "sched_setaffinity": (203, 122),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "swapon": (167, 224),
    "init_module": (175, 105),
    "kexec_load": (246, 104),
    "open_by_handle_at": (304, 265),
}
CLONE, CLONE3 = (56, 220), (435, 435)
MAP, SHARED, ANONYMOUS = (9, 222), 1, 0x20  # memory that processes share is counted for none of them
FIRST, FOURTH = 16, 40  # where arguments of a call are
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """From now on, descendants whose parent ends become children of this process."""
    _check(_libc.prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0), "adopt orphans")


def enter_namespaces() -> None:
    """Leaves for user, mount, network, IPC and host name namespaces of its own, and for a process namespace that the
    next fork begins. The user stays the same in number and keeps no rights outside.

    Raises:
        OSError: the kernel forbids it.
    """
    user, group = os.getuid(), os.getgid()
    _check(_libc.prctl(SET_DUMPABLE, 1, 0, 0, 0), "make this process its own")  # /proc/self belongs to it again
    flags = NEW["user"] | NEW["mount"] | NEW["process"] | NEW["network"] | NEW["ipc"] | NEW["uts"]
    _check(_libc.unshare(flags), "make new namespaces")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path(f"/proc/self/{name}").write_text(text)


def hide_files(scratch: int) -> None:
    """Covers scratch and /dev/shm with empty, bounded file systems, and /proc with the path of Python and nothing else.

    Args:
        scratch: bytes that may be written, in at most 2,048 files.

    Raises:
        OSError: the kernel forbids it.
    """
    plain = NOSUID | NODEV | NOEXEC
    _mount(SCRATCH_FOLDER, plain, f"size={scratch},nr_inodes=2048,mode=0700")
    _mount("/dev/shm", plain | READ_ONLY, "size=4096,mode=0555")
    _mount("/proc", plain, "size=8192,mode=0555")
    own = Path("/proc/self")  # TensorFlow ends the process where it cannot read these two
    own.mkdir()
    (own / "exe").symlink_to(sys.executable)
    (own / "cmdline").write_text("python\0submission\0")
    _mount("/proc", plain | READ_ONLY | REMOUNT, "size=8192,mode=0555")
    os.chdir(SCRATCH_FOLDER)


def limit_resources(memory: int, scratch: int, processes: int | None = 96, files: int = 256) -> None:
    """Bounds what this process and what it starts may use.

    Args:
        memory: bytes of address space, for each process.
        scratch: bytes of one file.
        processes: processes and threads, together; None for no bound, where the user has others.
        files: open descriptors of each process.
    """
    bounds = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: scratch,
        resource.RLIMIT_NOFILE: files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 1 << 16,
    }
    if processes is not None:
        bounds[resource.RLIMIT_NPROC] = processes
    for which, bound in bounds.items():
        hard = resource.getrlimit(which)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(which, (bound, bound))


def give_up_privileges() -> None:
    """Drops every capability, forbids new ones, and closes the system calls in `DENIED`.

    Raises:
        OSError: the kernel forbids it.
    """
    for capability in range(64):
        _libc.prctl(DROP_BOUNDING, capability, 0, 0, 0)  # beyond the last one there is nothing to drop
    header = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0))
    nothing = ctypes.create_string_buffer(24)
    _check(_libc.capset(header, nothing), "drop capabilities")
    _check(_libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "forbid new privileges")
    machine = MACHINES.get(platform.machine())
    if machine is not None:
        _filter(*machine)


def _filter(column, architecture):
    """A classic BPF program: load, compare, answer."""
    load, equal, has, answer = 0x20, 0x15, 0x45, 0x06
    allow, kill = 0x7FFF0000, 0x80000000
    refuse, missing = 0x00050000 | EPERM, 0x00050000 | ENOSYS
    steps = [(load, 0, 0, 4), (equal, 1, 0, architecture), (answer, 0, 0, kill), (load, 0, 0, 0)]
    if column == 0:
        steps += [(has, 0, 1, 0x40000000), (answer, 0, 0, refuse)]  # the x32 doubles of all calls
    for numbers in DENIED.values():
        steps += [(equal, 0, 1, numbers[column]), (answer, 0, 0, refuse)]
    steps += [(equal, 0, 1, CLONE3[column]), (answer, 0, 0, missing)]  # the C library then uses clone, seen below
    steps += [(equal, 0, 5, MAP[column]), (load, 0, 0, FOURTH), (has, 0, 2, SHARED), (has, 0, 1, ANONYMOUS)]
    steps += [(answer, 0, 0, refuse), (answer, 0, 0, allow)]
    steps += [(equal, 0, 3, CLONE[column]), (load, 0, 0, FIRST), (has, 0, 1, sum(NEW.values())), (answer, 0, 0, refuse)]
    steps += [(answer, 0, 0, allow)]
    program = b"".join(struct.pack("HBBI", *step) for step in steps)
    code = ctypes.create_string_buffer(program, len(program))
    whole = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    _check(_libc.prctl(SET_SECCOMP, 2, whole, 0, 0), "close system calls")


def _mount(place, flags, options):
    _check(_libc.mount(b"tmpfs", place.encode(), b"tmpfs", flags, options.encode()), f"cover {place}")


def _check(status, what):
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot {what}: {os.strerror(number)}")
