"""A container like those of grading platforms, made by bubblewrap: its own root, processes and capabilities."""

import errno
import os
import platform
import struct
import subprocess
import tempfile
from pathlib import Path

__all__ = ["host_system_arguments", "run_inside"]

# Docker's default capabilities of root in a container.
DOCKER_CAPABILITIES = (
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW "
    "SETFCAP SETGID SETPCAP SETUID SYS_CHROOT"
)
NAMESPACE_FLAGS = 0x7E020000  # of clone
SYSCALLS = {  # (mount, umount2, unshare, setns, pivot_root), clone, clone3, by machine
    "x86_64": (0xC000003E, (165, 166, 272, 308, 155), 56, 435),
    "aarch64": (0xC00000B7, (40, 39, 97, 268, 41), 220, 435),
}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def run_inside(
    arguments: list[str], command: list[str], rights: str = "all", environment: dict | None = None, **keywords
) -> subprocess.CompletedProcess:
    """Run a command as root in a container.

    Args:
        arguments: arguments of bubblewrap that define the root file system.
        command: the command with its arguments.
        rights: "all", or "docker" for Docker's defaults: few capabilities, no new namespaces, no mounts.
        environment: variables besides PATH and HOME.
        keywords: arguments of `subprocess.run`.

    Returns:
        The completed process.
    """
    bwrap = ["bwrap", "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "container"]
    bwrap += [*arguments, "--proc", "/proc", "--dev", "/dev", "--chdir", "/", "--clearenv", "--cap-drop", "ALL"]
    for name, value in {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **(environment or {})}.items():
        bwrap += ["--setenv", name, value]
    for capability in ("ALL",) if rights == "all" else [f"CAP_{name}" for name in DOCKER_CAPABILITIES.split()]:
        bwrap += ["--cap-add", capability]
    with tempfile.TemporaryFile() as program:
        if rights == "docker":
            program.write(_filter(*SYSCALLS[platform.machine()]))
            program.seek(0)
            bwrap += ["--seccomp", str(program.fileno())]
        return subprocess.run([*bwrap, "--", *command], check=False, pass_fds=[program.fileno()], **keywords)


def host_system_arguments() -> list[str]:
    """Return arguments of bubblewrap for a root with this machine's programs and no user's folders."""
    arguments = ["--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc", "--tmpfs", "/tmp"]
    for place in ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"):
        if Path(place).is_symlink():
            arguments += ["--symlink", os.readlink(place), place]  # noqa: PTH115  (relative links stay relative)
        elif Path(place).is_dir():
            arguments += ["--ro-bind", place, place]
    return arguments


def _filter(architecture, refused, clone, clone3):
    """Return a BPF program with Docker's seccomp rules: EPERM, and ENOSYS for clone3, so that clone is used."""
    load, equal, has, ret = 0x20, 0x15, 0x45, 0x06
    allow, deny, missing = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
    steps = [(load, 0, 0, 4), (equal, 1, 0, architecture), (ret, 0, 0, deny), (load, 0, 0, 0)]
    for number in refused:
        steps += [(equal, 0, 1, number), (ret, 0, 0, deny)]
    steps += [(equal, 0, 1, clone3), (ret, 0, 0, missing)]
    steps += [(equal, 0, 3, clone), (load, 0, 0, 16), (has, 0, 1, NAMESPACE_FLAGS), (ret, 0, 0, deny)]
    return b"".join(struct.pack("HBBI", *step) for step in [*steps, (ret, 0, 0, allow)])
