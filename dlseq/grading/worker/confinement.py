"""Irrevocable confinement of a worker: namespaces, file systems, capabilities, system calls, resource limits.

Linux only. The process is forked from one that bubblewrap has put into a file system of its own (see
`dlseq.grading.sandbox.bubblewrap`) and that has imported the libraries: with one bubblewrap per submission, each would
have to import them again.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from pathlib import Path

__all__ = ["SCRATCH_FOLDER", "adopt_orphans", "drop_privileges", "enter_namespaces", "hide_files", "limit_resources"]

SCRATCH_FOLDER = "/scratch"  # /tmp links to it, unless the interpreter itself is in /tmp
MAX_SCRATCH_FILES = 2048
MAX_PROCESSES = 96  # and threads, of one worker
MAX_DESCRIPTORS = 256  # of one process
MAX_LOCKED_BYTES = 1 << 16
NAMESPACE_FLAGS = {"cgroup": 0x02000000, "ipc": 0x08000000, "mount": 0x00020000, "network": 0x40000000}
NAMESPACE_FLAGS |= {"process": 0x20000000, "user": 0x10000000, "uts": 0x04000000}
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 4, 22, 24, 36, 38
SECCOMP_MODE_FILTER = 2
LINUX_CAPABILITY_VERSION_3 = 0x20080522
MAX_CAPABILITIES = 64
EPERM, ENOSYS = 1, 38

# Numbers of the refused system calls: (x86_64, aarch64). No exercise needs them. Each can reach uncounted memory, other
# processes, or rarely tested parts of the kernel. Data in the buffers of sockets would be uncounted memory.
DENIED_SYSTEM_CALLS = {
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
CLONE, CLONE3, MMAP = (56, 220), (435, 435), (9, 222)
MAP_SHARED, MAP_ANONYMOUS = 1, 0x20  # memory that is shared and anonymous is counted for no process
NUMBER_OFFSET, ARCHITECTURE_OFFSET, ARGUMENT_0_OFFSET, ARGUMENT_3_OFFSET = 0, 4, 16, 40  # in struct seccomp_data
X32_BIT = 0x40000000  # x32 duplicates of all x86_64 calls
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Make this process the parent of orphaned descendants."""
    _check(_libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "adopt orphans")


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
    }
    if processes is not None:
        limits[resource.RLIMIT_NPROC] = processes
    for kind, limit in limits.items():
        hard_limit = resource.getrlimit(kind)[1]
        limit = limit if hard_limit == resource.RLIM_INFINITY else min(limit, hard_limit)
        resource.setrlimit(kind, (limit, limit))


def drop_privileges() -> None:
    """Drop all capabilities, forbid new privileges, and refuse the system calls of `DENIED_SYSTEM_CALLS`.

    Raises:
        OSError: The kernel forbids it.
    """
    for capability in range(MAX_CAPABILITIES):
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # numbers beyond the last capability are ignored
    header = ctypes.create_string_buffer(struct.pack("Ii", LINUX_CAPABILITY_VERSION_3, 0))
    no_capabilities = ctypes.create_string_buffer(24)
    _check(_libc.capset(header, no_capabilities), "drop capabilities")
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "forbid new privileges")
    machine = MACHINES.get(platform.machine())
    if machine is not None:
        _install_filter(*machine)


def _install_filter(column, architecture):
    """Install a seccomp filter, a classic BPF program: load a word, compare, return."""
    load, equal, has_bits, verdict = 0x20, 0x15, 0x45, 0x06  # opcodes
    allow, kill = 0x7FFF0000, 0x80000000
    refuse, missing = 0x00050000 | EPERM, 0x00050000 | ENOSYS
    # Instructions: opcode, steps to skip if true, steps to skip if false, operand.
    program = [(load, 0, 0, ARCHITECTURE_OFFSET), (equal, 1, 0, architecture), (verdict, 0, 0, kill)]
    program += [(load, 0, 0, NUMBER_OFFSET)]
    if column == 0:
        program += [(has_bits, 0, 1, X32_BIT), (verdict, 0, 0, refuse)]
    for numbers in DENIED_SYSTEM_CALLS.values():
        program += [(equal, 0, 1, numbers[column]), (verdict, 0, 0, refuse)]
    program += [(equal, 0, 1, CLONE3[column]), (verdict, 0, 0, missing)]  # the C library falls back to clone
    program += [(equal, 0, 5, MMAP[column]), (load, 0, 0, ARGUMENT_3_OFFSET)]
    program += [(has_bits, 0, 2, MAP_SHARED), (has_bits, 0, 1, MAP_ANONYMOUS)]
    program += [(verdict, 0, 0, refuse), (verdict, 0, 0, allow)]
    program += [(equal, 0, 3, CLONE[column]), (load, 0, 0, ARGUMENT_0_OFFSET)]
    program += [(has_bits, 0, 1, sum(NAMESPACE_FLAGS.values())), (verdict, 0, 0, refuse)]
    program += [(verdict, 0, 0, allow)]
    instructions = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    descriptor = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer)))
    _check(_libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, descriptor, 0, 0), "close system calls")


def _mount(path, flags, options):
    _check(_libc.mount(b"tmpfs", path.encode(), b"tmpfs", flags, options.encode()), f"cover {path}")


def _check(status, action):
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot {action}: {os.strerror(number)}")
