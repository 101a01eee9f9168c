"""A container like those in which platforms grade: a root, processes and rights of its own, made by bubblewrap."""

import errno
import os
import platform
import struct
import subprocess
import tempfile
from pathlib import Path

__all__ = ["RIGHTS", "run_inside", "system_of_this_machine"]

RIGHTS = ("all", "docker")

# What Docker leaves to root in a container, if nobody asks for more.
CAPABILITIES = (
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW"),
    *("SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
)
NAMESPACES = 0x7E020000  # flags of clone that ask for new ones
CALLS = {  # (mount, umount2, unshare, setns, pivot_root), clone, clone3, by machine
    "x86_64": (0xC000003E, (165, 166, 272, 308, 155), 56, 435),
    "aarch64": (0xC00000B7, (40, 39, 97, 268, 41), 220, 435),
}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def run_inside(
    arguments: list[str], command: list[str], rights: str = "all", environment: dict | None = None, **keywords
) -> subprocess.CompletedProcess:
    """Runs a command as root in a container.

    Args:
        arguments: of bubblewrap, which say what the root consists of.
        command: with its arguments.
        rights: "all", or "docker" for what Docker leaves by default: few capabilities, no new namespaces, no mounts.
        environment: variables besides PATH and HOME.
        keywords: of `subprocess.run`.

    Returns:
        The process that has ended.
    """
    whole = ["bwrap", "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "container"]
    whole += [*arguments, "--proc", "/proc", "--dev", "/dev", "--chdir", "/", "--clearenv", "--cap-drop", "ALL"]
    for name, value in {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **(environment or {})}.items():
        whole += ["--setenv", name, value]
    for capability in ("ALL",) if rights == "all" else [f"CAP_{name}" for name in CAPABILITIES]:
        whole += ["--cap-add", capability]
    with tempfile.TemporaryFile() as program:
        if rights == "docker":
            program.write(_filter(*CALLS[platform.machine()]))
            program.seek(0)
            whole += ["--seccomp", str(program.fileno())]
        return subprocess.run([*whole, "--", *command], check=False, pass_fds=[program.fileno()], **keywords)


def system_of_this_machine() -> list[str]:
    """Arguments of bubblewrap for a root with this machine's programs, and no folder of any user."""
    arguments = ["--tmpfs", "/", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc", "--tmpfs", "/tmp"]
    for place in ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"):
        if Path(place).is_symlink():
            arguments += ["--symlink", os.readlink(place), place]  # noqa: PTH115  (as it is written)
        elif Path(place).is_dir():
            arguments += ["--ro-bind", place, place]
    return arguments


def _filter(architecture, refused, clone, clone3):
    """A classic BPF program that answers as Docker's rules do: EPERM, and ENOSYS to clone3, so that clone is used."""
    load, equal, has, answer = 0x20, 0x15, 0x45, 0x06
    allow, deny, missing = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
    steps = [(load, 0, 0, 4), (equal, 1, 0, architecture), (answer, 0, 0, deny), (load, 0, 0, 0)]
    for number in refused:
        steps += [(equal, 0, 1, number), (answer, 0, 0, deny)]
    steps += [(equal, 0, 1, clone3), (answer, 0, 0, missing)]
    steps += [(equal, 0, 3, clone), (load, 0, 0, 16), (has, 0, 1, NAMESPACES), (answer, 0, 0, deny)]
    return b"".join(struct.pack("HBBI", *step) for step in [*steps, (answer, 0, 0, allow)])
