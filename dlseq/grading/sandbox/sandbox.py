"""The sandbox: a process (`dlseq.grading.worker.main`), confined by bubblewrap or not, that forks workers."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import dlseq
from dlseq.grading.sandbox.bubblewrap import (
    COURSE_FOLDER,
    INTERPRETER_OPTIONS,
    ISOLATION_ADVICE,
    NOBODY_UID,
    SandboxError,
    bubblewrap_command,
)
from dlseq.grading.sandbox.control_group import ControlGroup
from dlseq.grading.sandbox.timeout import defer_timeout
from dlseq.grading.worker.codec import CodecError
from dlseq.grading.worker.environment import worker_environment
from dlseq.grading.worker.framing import receive, send
from dlseq.grading.worker.procfs import descendants

__all__ = ["ISOLATIONS", "ResourceLimits", "Sandbox", "SandboxError"]

ISOLATIONS = ("sandbox", "process")
EXIT_GRACE_SECONDS = 5  # between the end of the control connection and SIGKILL
MAIN_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from dlseq.grading.worker.main import main; main(int(sys.argv[2]))"
)


@dataclass(frozen=True)
class ResourceLimits:
    """Limits of one worker and all of its descendants.

    Attributes:
        memory_bytes: RAM beyond that of the imported libraries.
        scratch_bytes: Size of the scratch folder.
    """

    memory_bytes: int = 2 * 2**30
    scratch_bytes: int = 64 * 2**20


class Sandbox:
    """A template process that has imported the libraries, and its current worker, a fork of it.

    Args:
        modules: Names of the modules that the template process imports.
        isolation: "sandbox", or "process" for processes without confinement.
        limits: Limits of a worker.

    Attributes:
        versions: Versions of Python and the libraries in the workers, and settings of Keras.
        peak_memory_bytes: Largest RAM of a worker up to now.
        process_ids: Process ids of the current worker when it started.

    Raises:
        SandboxError: The sandbox cannot be set up; the message says what to install.

    Example:
        >>> with Sandbox(["numpy"], "process") as sandbox:
        ...     connection = sandbox.start_worker()
        ...     cells = [("a.py", "def f(): return 42")]
        ...     send(connection, {"operation": "load", "cells": cells, "name": "a", "graded": ["f"]})
        ...     _ = receive(connection)
        ...     send(connection, {"operation": "call", "function": "f", "arguments": (), "keywords": {}})
        ...     receive(connection)
        {'value': {'result': 42}}
    """

    def __init__(self, modules: list[str], isolation: str = "sandbox", limits: ResourceLimits = ResourceLimits()):
        if isolation not in ISOLATIONS:
            raise SandboxError(
                f"Invalid value for argument `isolation`. Expected one of: {', '.join(ISOLATIONS)}. "
                f"Received: isolation={isolation!r}"
            )
        self.isolation, self.peak_memory_bytes, self.process_ids = isolation, 0, frozenset()
        self._versions = None
        self._folder = Path(tempfile.mkdtemp(prefix="dlseq-sandbox-"))
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)
        self._group = ControlGroup.create(limits.memory_bytes) if isolation == "sandbox" else None
        self._control, control_of_child = socket.socketpair()
        try:
            self._process = self._start(control_of_child.fileno())
        except BaseException:
            self._control.close()
            self._remove_files()
            raise
        finally:
            control_of_child.close()
        settings = {
            "modules": list(modules),
            "isolation": isolation,
            "user": NOBODY_UID if isolation == "sandbox" and os.geteuid() == 0 else None,
            "memory": limits.memory_bytes,
            "scratch": limits.scratch_bytes,
        }
        with contextlib.suppress(OSError):  # an exited process is reported by the first reply
            send(self._control, settings)

    def _start(self, control_descriptor):
        confined = self.isolation == "sandbox"
        command = bubblewrap_command(self._folder) if confined else [sys.executable, *INTERPRETER_OPTIONS]
        import_path = COURSE_FOLDER if confined else str(Path(dlseq.__file__).parents[1])
        command = [*command, "-c", MAIN_PROGRAM, import_path, str(control_descriptor)]
        return subprocess.Popen(
            command if self._group is None else self._group.wrap(command),
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            pass_fds=[control_descriptor],
            env=worker_environment(str(self._folder)),
            cwd=self._folder,
            start_new_session=True,
        )

    @property
    def versions(self) -> dict:
        if self._versions is None:
            self._versions = self._receive("its imports were done")["versions"]
        return self._versions

    def start_worker(self) -> socket.socket:
        """Start a fresh worker in the place of the current one.

        Returns:
            The connection to it, see `dlseq.grading.worker.main.serve`.

        Raises:
            SandboxError: The worker cannot be confined, or the sandbox process has exited.
        """
        self.versions  # noqa: B018  (waits for the imports)
        connection, connection_of_worker = socket.socketpair()
        with connection_of_worker, defer_timeout():
            try:
                with contextlib.suppress(OSError):  # an exited process is reported by the reply
                    socket.send_fds(self._control, [b"o"], [connection_of_worker.fileno()])
                reply = self._receive("a worker started")
            except BaseException:
                connection.close()
                raise
        if "problem" in reply:
            connection.close()
            raise SandboxError(f"Cannot confine a worker: {reply['problem'].rstrip('.')}. {ISOLATION_ADVICE}")
        self.process_ids = descendants(self._process.pid)
        return connection

    def current_process_ids(self) -> set[int]:
        """Return the process ids of the current worker, and of whatever it has started since."""
        return descendants(self._process.pid)

    def stop_worker(self) -> str:
        """Kill the current worker and all of its descendants.

        Returns:
            The reason if the sandbox had killed the worker before, such as "it used more than 2 GB of memory".
        """
        with defer_timeout():
            try:
                self._control.sendall(b"e")
            except OSError:
                raise SandboxError("The sandbox process has exited") from None
            reply = self._receive("the worker was stopped")
        self.peak_memory_bytes = max(self.peak_memory_bytes, reply["peak"])
        return reply["reason"]

    def close(self) -> None:
        """Stop the worker and the template process, and delete their files."""
        self._control.close()
        try:
            self._process.wait(EXIT_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._output.close()
        self._remove_files()

    def _remove_files(self):
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._group is not None:
            self._group.remove()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def _receive(self, event):
        try:
            return receive(self._control)
        except (EOFError, OSError, CodecError):
            self._output.seek(0)
            lines = self._output.read().decode("utf-8", "replace").strip().splitlines()
            last_line = f": {lines[-1].rstrip('.')}" if lines else ""
            raise SandboxError(f"The sandbox process exited before {event}{last_line}. {ISOLATION_ADVICE}") from None
