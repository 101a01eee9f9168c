"""The submission's side of the wall: a warm parent that has imported the libraries, and workers forked from it.

The parent runs no operation of TensorFlow, since a fork after one hangs, and no code of a submission. It is told over
its control socket to open a worker, and to end it. A worker answers requests on the socket that came with the order.
Neither knows a test, a reference, a seed or a mark.
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

from dlseq.grading.worker import confinement as confine
from dlseq.grading.worker.codec import CodecError
from dlseq.grading.worker.executor import Executor
from dlseq.grading.worker.framing import receive, send
from dlseq.grading.worker.ipython_cells import preload_ipython
from dlseq.grading.worker.procfs import descendants
from dlseq.startup import import_keras

__all__ = ["main", "serve"]

POLL = 0.05  # seconds between two looks at a worker's memory
PROCESSES = 96  # of a worker, threads included
CROWD = 24  # processes and threads of a worker from which on all of them share one processor; Keras has seven
FEW = 1024  # descriptors that this process may have open


def main(descriptor: int) -> None:
    """Lives as a warm parent until the control socket closes.

    Args:
        descriptor: of the control socket. The first message on it is {"modules": to import, "isolation": "sandbox" or
            "process", "user": a number to become or None, "memory": bytes, "scratch": bytes}.
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
    _speed_up()
    confine.adopt_orphans()
    gc.freeze()  # what all workers share: a collection in one of them would write to each page of it, and so copy it
    send(control, {"ready": True, "versions": _versions()})
    _Parent(control, settings).live()


def serve(connection: socket.socket) -> None:
    """Answers requests until the connection closes.

    Besides what `Executor.handle` takes there is {"operation": "load", "cells": [(file, text)...], "name": str}, which
    begins anew with other code. A reply has the "number" of its request. A process that the submission has forked, and
    that finds its way back to here, ends.
    """
    executor, process = Executor(()), os.getpid()
    while True:
        try:
            request = receive(connection)
        except EOFError:
            return
        if request["operation"] == "load":
            executor, reply = Executor(request["cells"], request["name"]), {"value": {"result": None}}
        else:
            reply = _answer(executor, request)
        if os.getpid() != process:
            os._exit(0)
        number = {"number": request["number"]} if "number" in request else {}
        try:
            send(connection, {**reply, **number})
        except CodecError as error:
            send(connection, {"error": {"kind": "NotPlain", "message": str(error), "place": ""}, **number})


def _answer(executor, request):
    try:
        return executor.handle(request)
    except BaseException as error:  # a submission that raises KeyboardInterrupt
        return {"error": {"kind": type(error).__name__[:80], "message": "", "place": ""}}


class _Parent:
    """Opens and ends one worker at a time, and looks at its memory: whatever is below this process is the worker's."""

    def __init__(self, control, settings):
        self.control, self.settings = control, settings
        self.confined = settings["isolation"] == "sandbox"
        self.base, self.address_space = _memory_of(os.getpid())
        self.lifeline, self.held = os.pipe()  # guards see the end of it when this process ends
        self.worker, self.scratch, self.reason, self.peak = None, None, "", 0

    def live(self):
        while True:
            ready, _, _ = select.select([self.control], [], [], POLL if self.worker else None)
            if self.worker:
                self.watch()
            if not ready:
                continue
            order, descriptors, _, _ = socket.recv_fds(self.control, 1, 1)
            if not order:
                self.end()
                return
            if order == b"o":
                self.open(*descriptors)
            else:
                self.end()
                send(self.control, {"reason": self.reason, "peak": self.peak})

    def open(self, descriptor):
        self.end()
        self.reason, self.peak = "", 0
        if not self.confined:
            self.scratch = tempfile.mkdtemp(prefix="submission-")
        reading, writing = os.pipe()
        first = os.fork()
        if first == 0:
            self._begin(descriptor, writing)
        os.close(writing)
        os.close(descriptor)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read().decode("utf-8", "replace")
        os.waitpid(first, 0)
        if told.isdigit():
            self.worker = int(told)
            send(self.control, {"worker": self.worker})
        else:
            send(self.control, {"problem": told or "a process ended before it began"})

    def _begin(self, descriptor, writing):
        """In a child: enters the namespaces, forks the first process of a new process namespace, tells its number."""
        try:
            if self.confined:
                confine.enter_namespaces()
                confine.hide_files(self.settings["scratch"])
            guard = os.fork()
            if guard == 0:
                os.close(writing)
                self._guard(descriptor)
            os.write(writing, str(guard).encode())
        except BaseException as error:
            os.write(writing, str(error).encode())
        finally:
            os._exit(0)

    def _guard(self, descriptor):
        """The first process of the namespace: when it ends, all that is in it ends. It ends with the worker."""
        try:
            os.setsid()
            worker = os.fork()
            if worker == 0:
                self._work(descriptor)
            os.dup2(self.lifeline, 0)
            os.closerange(1, FEW)
            while os.waitpid(worker, os.WNOHANG)[0] == 0:
                if select.select([0], [], [], 0.2)[0]:
                    os.killpg(0, signal.SIGKILL)
        finally:
            os._exit(0)

    def _work(self, descriptor):
        try:
            self._move_in(descriptor)
            serve(socket.socket(fileno=3))
        finally:
            os._exit(0)

    def _move_in(self, descriptor):
        """Closes, clears and bounds all that is not needed; the connection becomes descriptor 3."""
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(descriptor, 3)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        os.closerange(4, FEW)
        place = self.scratch or confine.SCRATCH_FOLDER
        os.environ.clear()
        os.environ.update(PATH="/usr/bin:/bin", HOME=place, TMPDIR=place, MPLBACKEND="Agg", LANG="C.UTF-8")
        os.chdir(place)
        tempfile.tempdir = None
        sys.argv[:] = ["submission"]
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        memory = self.address_space + 2 * self.settings["memory"]
        confine.limit_resources(memory, self.settings["scratch"], PROCESSES if self.confined else None)
        if self.confined:
            confine.give_up_privileges()

    def watch(self):
        """Ends the worker where it and what it started use more memory than they may, and keeps a crowd in one place,
        so that it takes no time from the submissions beside it."""
        family = descendants(os.getpid())
        _keep_together([thread for number in family for thread in _threads_of(number)])
        used = sum(max(0, _memory_of(number)[0] - self.base) for number in family)
        self.peak = max(self.peak, used)
        if used > self.settings["memory"]:
            self.end()
            self.reason = f"it used more than {self.settings['memory'] / 2**30:.3g} GB of memory"

    def end(self):
        """Kills the worker with all that it started, and waits until nothing of it is left."""
        while family := descendants(os.getpid()):
            for number in family:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(-1, 0)
        self.worker = None
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)
            self.scratch = None


def _threads_of(number):
    """Numbers of the threads of a process; none if it has gone."""
    with contextlib.suppress(OSError):
        return [int(place.name) for place in Path(f"/proc/{number}/task").iterdir()]
    return []


def _keep_together(threads):
    processors = os.sched_getaffinity(0)
    if len(threads) < CROWD or len(processors) == 1:
        return
    for number in threads:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(number, {max(processors)})


def _memory_of(number):
    """Bytes of memory that a process has written to, and of address space; zeros if it has gone."""
    with contextlib.suppress(OSError):
        pages = [int(pages) for pages in Path(f"/proc/{number}/statm").read_text().split()]
        size, resident, of_files = (one * os.sysconf("SC_PAGE_SIZE") for one in pages[:3])
        return resident - of_files, size
    return 0, 0


def _speed_up():
    """A fast LSTM, and one thread for TensorFlow: lanes share the cores already. Runs no operation."""
    if "tensorflow" in sys.modules:
        from dlseq.kernels.patch_keras_lstm import speed_up_keras_lstm

        speed_up_keras_lstm()
        threading = sys.modules["tensorflow"].config.threading
        threading.set_intra_op_parallelism_threads(1)
        threading.set_inter_op_parallelism_threads(1)


def _versions():
    names = ("numpy", "keras", "tensorflow")
    found = {name: str(sys.modules[name].__version__) for name in names if name in sys.modules}
    return {"python": platform.python_version(), **found}
