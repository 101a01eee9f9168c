"""The sandbox: a parent process (`dlseq.grading.worker.main`), confined by bubblewrap or not, that forks workers."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

import dlseq
from dlseq.errors import DlseqError
from dlseq.grading.sandbox.timeout import undisturbed
from dlseq.grading.worker.codec import PlainError
from dlseq.grading.worker.confinement import SCRATCH
from dlseq.grading.worker.framing import receive, send
from dlseq.grading.worker.procfs import below

__all__ = ["ISOLATIONS", "Bounds", "Sandbox", "SandboxError"]

ISOLATIONS = ("sandbox", "process")
NOBODY = 65534
COURSE = "/course"  # where a worker finds the part of dlseq that exercises may import

# What exercises may import from dlseq, and what the worker itself is made of. No answer to an exercise is in it.
VISIBLE = (
    *("__init__.py", "errors.py", "files.py", "startup.py", "course/__init__.py", "grading/__init__.py"),
    *("course/given/**/*.py", "data/**/*.py", "data/**/*.txt", "grading/worker/**/*.py", "kernels/**/*.py"),
)
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class SandboxError(DlseqError):
    """The sandbox cannot be set up on this machine, or its warm parent has ended."""


@dataclass(frozen=True)
class Bounds:
    """What one submission may use.

    Attributes:
        memory: bytes, beyond what the libraries take.
        scratch: bytes that it may write.
    """

    memory: int = 2 * 2**30
    scratch: int = 64 * 2**20


class Sandbox:
    """A warm parent and the one worker that it has at a time.

    Args:
        modules: that the warm parent imports before it forks.
        isolation: "sandbox", or "process" for a process without confinement.
        bounds: of a worker.

    Attributes:
        versions: of Python and of the libraries that submissions run with.
        peak: bytes of memory that a worker has used at most, so far.
        processes: numbers of those of which it consisted when the last worker began.

    Raises:
        SandboxError: it cannot be set up; the message says what to install.

    Example:
        >>> with Sandbox(["numpy"], "process") as sandbox:
        ...     connection = sandbox.open()
        ...     send(connection, {"operation": "load", "cells": [("a.py", "def f(): return 42")], "name": "a"})
        ...     _ = receive(connection)
        ...     send(connection, {"operation": "call", "function": "f", "arguments": (), "keywords": {}})
        ...     receive(connection)
        {'value': {'result': 42}}
    """

    def __init__(self, modules: list[str], isolation: str = "sandbox", bounds: Bounds = Bounds()):
        if isolation not in ISOLATIONS:
            raise SandboxError(f"expected the isolation to be one of {', '.join(ISOLATIONS)}, received {isolation!r}")
        self.isolation, self.peak, self.processes, self._versions = isolation, 0, frozenset(), None
        self._folder = Path(tempfile.mkdtemp(prefix="dlseq-sandbox-"))
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)
        self._control, there = socket.socketpair()
        try:
            confined = isolation == "sandbox"
            command = _confined(self._folder) if confined else [sys.executable, "-I"]
            found = COURSE if confined else str(Path(dlseq.__file__).parents[1])
            self._process = subprocess.Popen(
                [*command, "-c", _BEGIN, found, str(there.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                pass_fds=[there.fileno()],
                env={**ENVIRONMENT, "HOME": str(self._folder), "TMPDIR": str(self._folder)},
                cwd=self._folder,
                start_new_session=True,
            )
        except BaseException:
            self._control.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        finally:
            there.close()
        user = NOBODY if confined and os.geteuid() == 0 else None
        with contextlib.suppress(OSError):
            send(
                self._control,
                {
                    "modules": list(modules),
                    "isolation": isolation,
                    "user": user,
                    "memory": bounds.memory,
                    "scratch": bounds.scratch,
                },
            )

    @property
    def versions(self) -> dict:
        if self._versions is None:
            self._versions = self._told("it has begun")["versions"]
        return self._versions

    def open(self) -> socket.socket:
        """Begins a fresh worker; the one before, if any, is ended.

        Returns:
            The connection to it, see `dlseq.grading.worker.main.serve`.

        Raises:
            SandboxError: the worker cannot be confined, or the warm parent has gone.
        """
        self.versions  # noqa: B018  (waits until it is warm)
        here, there = socket.socketpair()
        with there, undisturbed():
            try:
                with contextlib.suppress(OSError):  # where nobody is there, nobody answers either
                    socket.send_fds(self._control, [b"o"], [there.fileno()])
                told = self._told("a worker has begun")
            except BaseException:
                here.close()
                raise
        if "problem" in told:
            here.close()
            raise SandboxError(f"a worker cannot be confined: {told['problem']}. {_ADVICE}")
        self.processes = below(self._process.pid)
        return here

    def end(self) -> str:
        """Ends the worker with all that it started.

        Returns:
            Why it had been ended before, if it was, such as "it used more than 2 GB of memory".
        """
        with undisturbed():
            try:
                self._control.sendall(b"e")
            except OSError:
                raise SandboxError("the warm parent of the sandbox has ended") from None
            told = self._told("the worker has ended")
        self.peak = max(self.peak, told["peak"])
        return told["reason"]

    def close(self) -> None:
        """Ends it all."""
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._said.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def _told(self, what):
        try:
            return receive(self._control)
        except (EOFError, OSError, PlainError):
            self._said.seek(0)
            words = self._said.read().decode("utf-8", "replace").strip().splitlines()
            said = f": {words[-1]}" if words else ""
            raise SandboxError(f"the warm parent of the sandbox ended before {what}{said}. {_ADVICE}") from None


_LIBRARIES = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/etc/ld.so.cache")
_BEGIN = (
    "import sys; sys.path.insert(0, sys.argv[1]); from dlseq.grading.worker.main import main; main(int(sys.argv[2]))"
)
_ADVICE = (
    "Submissions are confined by bubblewrap, which needs Linux with user namespaces. For people you trust there is "
    "--isolation process, which does not confine them and says so in every result"
)


def _confined(folder: Path) -> list[str]:
    """The command of bubblewrap, and Python's inside: libraries to read, nothing to write but scratch, no network."""
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxError(
            "grading needs bubblewrap, which is not installed: apt-get install bubblewrap (or your system's package of "
            f"that name). {_ADVICE}"
        )
    command = [program, "--die-with-parent", "--new-session", "--hostname", "worker"]
    command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]  # to become nobody
    else:
        command += ["--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY), "--cap-drop", "ALL"]
    for place in ("/lib", "/lib32", "/lib64", "/libx32"):
        if Path(place).is_symlink():
            command += ["--symlink", str(Path(place).readlink()), place]
        elif Path(place).is_dir():
            command += ["--ro-bind", place, place]
    libraries = [*_LIBRARIES, *_interpreter()]
    for parent in sorted({str(parent) for place in libraries for parent in Path(place).parents} - {"/"}):
        command += ["--perms", "0755", "--dir", parent]
    for place in libraries:
        command += ["--ro-bind-try", place, place]
    for place in _hidden():
        command += ["--perms", "0555", "--tmpfs", place]
    command += ["--ro-bind", str(_tree(folder)), COURSE]
    command += ["--dev", "/dev", "--dev-bind", "/dev/null", "/dev/zero"]  # zeros could be shared, and would not count
    command += ["--remount-ro", "/dev", "--proc", "/proc"]
    command += ["--perms", "1777", "--size", str(64 * 2**20), "--tmpfs", SCRATCH]
    if not any(Path(place).is_relative_to("/tmp") for place in libraries):
        command += ["--symlink", SCRATCH, "/tmp"]
    command += ["--remount-ro", "/", "--chdir", SCRATCH]
    command += ["--clearenv"]
    for name, value in {**ENVIRONMENT, "HOME": SCRATCH}.items():
        command += ["--setenv", name, value]
    return [*command, "--", sys.executable, "-I"]


def _interpreter() -> list[str]:
    """Folders and files that this interpreter and its libraries are made of, outermost first."""
    executable = Path(sys.executable)
    places = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    places |= {*_links(executable), executable.resolve(), executable.parent.parent / "pyvenv.cfg"}
    real = Path(sys.base_prefix)
    if real not in (Path("/usr"), Path("/")):
        places.add(real)
    if sys.prefix != sys.base_prefix:
        places.add(Path(sys.prefix))
    found = sorted({str(place) for place in places if place.exists()}, key=len)
    return [one for n, one in enumerate(found) if not any(Path(one).is_relative_to(other) for other in found[:n])]


def _links(path):
    """The path, and each that it links to on the way to a file: Debian's `python3` links to `python3.11`."""
    found = [path]
    while found[-1].is_symlink() and len(found) < 40:
        found.append(found[-1].parent / found[-1].readlink())
    return found


def _hidden() -> list[str]:
    """Places within those that hold an installed dlseq, answers and all."""
    ours = Path(dlseq.__file__).resolve().parent
    inside = [Path(sysconfig.get_path(name)) / "dlseq" for name in ("purelib", "platlib")]
    inside += [ours] if any(ours.is_relative_to(place) for place in map(Path, _interpreter())) else []
    return sorted({str(place) for place in inside if place.is_dir()})


def _tree(folder: Path) -> Path:
    """A copy of the part of dlseq that a worker may see."""
    source, tree = Path(dlseq.__file__).parent, folder / "course"
    for pattern in VISIBLE:
        for file in source.glob(pattern):
            copy = tree / "dlseq" / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    for place in [tree, *tree.rglob("*")]:
        place.chmod(0o755 if place.is_dir() else 0o644)
    return tree
