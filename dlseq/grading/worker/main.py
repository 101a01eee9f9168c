"""Entry point of the sandbox process: a template process that has imported the libraries, and workers forked from it.

The template process runs no TensorFlow operation, since a fork after one hangs, and no code of a submission. Commands
on its control socket start and stop a worker. A worker answers requests on the socket that came with the command.
"""

import contextlib
import gc
import importlib
import os
import platform
import select
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path

from dlseq.course.given.assignment_modules import install_assignment_modules
from dlseq.grading.worker import confinement
from dlseq.grading.worker.codec import CodecError
from dlseq.grading.worker.environment import configure_keras, keras_settings, worker_environment
from dlseq.grading.worker.executor import Executor
from dlseq.grading.worker.framing import receive, send
from dlseq.grading.worker.ipython_cells import preload_ipython
from dlseq.grading.worker.procfs import MemoryMeter, address_space_bytes, descendants
from dlseq.startup import import_keras

__all__ = ["main", "serve"]

MEMORY_POLL_SECONDS = 0.05
GUARD_POLL_SECONDS = 0.2
SINGLE_CPU_THREADS = 24  # a worker with so many threads is pinned to one CPU; Keras itself has seven
MAX_OPEN_DESCRIPTORS = 1024  # of the template process
MAX_NAME_LENGTH = 80  # characters of the name of an exception


def main(descriptor: int) -> None:
    """Run the template process until its control socket closes.

    Args:
        descriptor: File descriptor of the control socket. The first message on it is {"modules": names to import,
            "isolation": "sandbox" or "process", "user": user id to change to or None, "memory": bytes, "scratch":
            bytes}.
    """
    control = socket.socket(fileno=descriptor)
    settings = receive(control)
    if settings["user"] is not None:
        os.setgroups([])
        os.setresgid(*[settings["user"]] * 3)
        os.setresuid(*[settings["user"]] * 3)
    for name in settings["modules"]:
        import_keras() if name == "keras" else importlib.import_module(name)
    preload_ipython()
    versions = {**_versions(), **({"keras_lstm": "dlseq.kernels.lstm"} if configure_keras() else {})}
    versions |= keras_settings()
    confinement.adopt_orphans()
    gc.freeze()  # a garbage collection in a worker would write to, and so copy, each shared page
    send(control, {"ready": True, "versions": versions})
    _TemplateProcess(control, settings).run()


def serve(connection: socket.socket) -> None:
    """Answer requests until the connection closes.

    Requests are those of `Executor.handle`, and {"operation": "load", "cells": [(file, text)...], "name": str,
    "graded": [names...], "run": bool} with the arguments of `Executor.load`, which starts again, with other code or the
    same. A reply has the "number" of its request. A process that the submission has forked exits here, so that it
    cannot answer for the worker.
    """
    executor, process = Executor(()), os.getpid()
    while True:
        try:
            request = receive(connection)
        except EOFError:
            return
        if request["operation"] == "load":
            executor, reply = _load(executor, request)
        else:
            reply = _handle(executor, request)
        if os.getpid() != process:
            os._exit(0)
        number = {"number": request["number"]} if "number" in request else {}
        try:
            send(connection, {**reply, **number})
        except CodecError as error:
            send(connection, {"error": {"kind": "NotPlain", "message": str(error), "place": ""}, **number})


def _load(executor, request):
    """Return an executor of the code, and the reply. The code runs now, or else at the first request that needs it."""
    cells, name, graded = request["cells"], request["name"], request["graded"]
    executor = executor.restarted() if executor.runs(cells, name, graded) else Executor(cells, name, graded)
    executor.limits = {key: request[key] for key in ("skip", "statement_seconds", "file_seconds") if key in request}
    try:
        return executor, {"value": {"result": executor.load(**executor.limits) if request.get("run") else None}}
    except BaseException as error:  # a submission can raise KeyboardInterrupt
        return executor, {"error": {"kind": type(error).__name__[:MAX_NAME_LENGTH], "message": "", "place": ""}}


def _handle(executor, request):
    try:
        return executor.handle(request)
    except BaseException as error:  # a submission can raise KeyboardInterrupt
        return {"error": {"kind": type(error).__name__[:MAX_NAME_LENGTH], "message": "", "place": ""}}


class _TemplateProcess:
    """Starts, watches and stops one worker at a time; all descendants of this process belong to the worker."""

    def __init__(self, control, settings):
        self.control, self.settings = control, settings
        self.confined = settings["isolation"] == "sandbox"
        self.memory, self.address_space_bytes = MemoryMeter(settings["memory"]), address_space_bytes(os.getpid())
        self.lifeline, self.lifeline_end = os.pipe()  # guards see the pipe close when this process exits
        self.worker, self.scratch_folder = None, None
        self.kill_reason, self.peak_memory_bytes = "", 0

    def run(self):
        while True:
            ready, _, _ = select.select([self.control], [], [], MEMORY_POLL_SECONDS if self.worker else None)
            if self.worker:
                self.watch()
            if not ready:
                continue
            command, descriptors, _, _ = socket.recv_fds(self.control, 1, 1)
            if not command:
                self.stop()
                return
            if command == b"o":
                self.start(*descriptors)
            else:
                self.stop()
                send(self.control, {"reason": self.kill_reason, "peak": self.peak_memory_bytes})

    def start(self, descriptor):
        self.stop()
        self.kill_reason, self.peak_memory_bytes = "", 0
        if not self.confined:
            self.scratch_folder = tempfile.mkdtemp(prefix="submission-")
        reading_end, writing_end = os.pipe()
        child = os.fork()
        if child == 0:
            self._enter_namespaces_and_fork(descriptor, writing_end)
        os.close(writing_end)
        os.close(descriptor)
        with os.fdopen(reading_end, "rb") as pipe:
            message = pipe.read().decode("utf-8", "replace")
        os.waitpid(child, 0)
        if message.isdigit():
            self.worker = int(message)
            send(self.control, {"worker": self.worker})
        else:
            send(self.control, {"problem": message or "a process exited before its start was complete"})

    def _enter_namespaces_and_fork(self, descriptor, writing_end):
        """In a child: fork the first process of a new process namespace, write its id or an error, and exit."""
        try:
            if self.confined:
                confinement.be_killed_first()
                confinement.enter_namespaces()
                confinement.hide_files(self.settings["scratch"])
            guard = os.fork()
            if guard == 0:
                self._guard(descriptor, writing_end)
            os.write(writing_end, str(guard).encode())
        except BaseException as error:
            os.write(writing_end, str(error).encode())
        finally:
            os._exit(0)

    def _guard(self, descriptor, writing_end):
        """The first process of the namespace, whose exit kills all others in it. It exits with the worker.

        The template process waits until the writing end is closed, so that the worker is among its descendants then.
        """
        try:
            os.setsid()
            worker = os.fork()
            os.close(writing_end)
            if worker == 0:
                self._run_worker(descriptor)
            os.dup2(self.lifeline, 0)
            os.closerange(1, MAX_OPEN_DESCRIPTORS)
            while os.waitpid(worker, os.WNOHANG)[0] == 0:
                if select.select([0], [], [], GUARD_POLL_SECONDS)[0]:
                    os.killpg(0, signal.SIGKILL)
        finally:
            os._exit(0)

    def _run_worker(self, descriptor):
        try:
            self._prepare_worker(descriptor)
            serve(socket.socket(fileno=3))
        finally:
            os._exit(0)

    def _prepare_worker(self, descriptor):
        """Close descriptors, renew the environment and set the limits; the connection becomes descriptor 3."""
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(descriptor, 3)
        for standard_stream in (0, 1, 2):
            os.dup2(null, standard_stream)
        os.closerange(4, MAX_OPEN_DESCRIPTORS)
        folder = self.scratch_folder or confinement.SCRATCH_FOLDER
        os.environ.clear()
        os.environ.update(worker_environment(folder))
        os.chdir(folder)
        tempfile.tempdir = None
        install_assignment_modules(first=True)
        sys.argv[:] = ["submission"]
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        confinement.limit_resources(
            self.address_space_bytes + 2 * self.settings["memory"],
            self.settings["scratch"],
            confinement.MAX_PROCESSES if self.confined else None,
        )
        if self.confined:
            confinement.drop_privileges()

    def watch(self):
        """Kill the worker if it uses too much memory, and pin it to one CPU if it has many threads."""
        processes = descendants(os.getpid())
        _share_one_cpu([thread for process in processes for thread in _threads(process)])
        used = self.memory.used_bytes(processes, {self.worker} if self.confined else ())  # that is the guard
        self.peak_memory_bytes = max(self.peak_memory_bytes, used)
        if used > self.settings["memory"]:
            self.stop()
            self.kill_reason = f"it used more than {self.settings['memory'] / 2**30:.3g} GB of memory"

    def stop(self):
        """Kill the worker and its descendants, and wait until all have exited."""
        while processes := descendants(os.getpid()):
            for process in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(-1, 0)
        self.worker = None
        if self.scratch_folder is not None:
            shutil.rmtree(self.scratch_folder, ignore_errors=True)
            self.scratch_folder = None


def _threads(process):
    """Return the thread ids of a process; none if it has exited."""
    with contextlib.suppress(OSError):
        return [int(path.name) for path in Path(f"/proc/{process}/task").iterdir()]
    return []


def _share_one_cpu(threads):
    """Pin many threads to one CPU, so that they take no time from other submissions."""
    cpus = os.sched_getaffinity(0)
    if len(threads) < SINGLE_CPU_THREADS or len(cpus) == 1:
        return
    for thread in threads:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(thread, {max(cpus)})


def _versions():
    names = ("numpy", "keras", "tensorflow")
    found = {name: str(sys.modules[name].__version__) for name in names if name in sys.modules}
    return {"python": platform.python_version(), **found}
