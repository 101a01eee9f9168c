"""A pool of forked child processes that inherit everything the parent has imported."""

import contextlib
import ctypes
import json
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Hashable, Iterable, Iterator

__all__ = ["CHILD_DIED", "run_forked"]

CHILD_DIED = {"died": True}  # the last message of a child that ended before its task did
FINISHED = {"finished": True}
POLL_SECONDS = 0.2

Task = Callable[[Callable[[dict], None]], None]


def run_forked(
    tasks: Iterable[tuple[Hashable, Task]],
    processes: int = 1,
    silence_seconds: float = 60.0,
    on_poll: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Hashable, dict | None]]:
    """Run each task in a forked process of its own and yield the messages that it sends.

    Args:
        tasks: (key, task) pairs, fetched as processes become free. `task(send)` calls `send` with dicts that are
            serializable as JSON.
        processes: children at the same time.
        silence_seconds: seconds without a message after which a child is killed.
        on_poll: called several times a second; an exception from it ends all children.

    Yields:
        (key, message), and at the end of each task (key, None), after (key, `CHILD_DIED`) if the process ended before
        the task did.

    Example:
        >>> list(run_forked([("a", lambda send: send({"sum": 42}))]))
        [('a', {'sum': 42}), ('a', None)]
    """
    tasks = iter(tasks)
    children: dict[int, _Child] = {}
    selector = selectors.DefaultSelector()
    try:
        while True:
            while len(children) < processes and (task := next(tasks, None)) is not None:
                child = _Child(*task)
                children[child.pipe] = child
                selector.register(child.pipe, selectors.EVENT_READ)
            if not children:
                return
            on_poll()
            ready = [key.fd for key, _ in selector.select(POLL_SECONDS)]
            for pipe in list(children):
                child = children[pipe]
                silent = time.monotonic() - child.last_message > silence_seconds
                if pipe not in ready and not silent:
                    continue
                messages, ended = ([], True) if silent and pipe not in ready else child.read()
                for message in messages:
                    yield child.key, message
                if ended:
                    selector.unregister(pipe)
                    del children[pipe]
                    child.end()
                    if not child.finished:
                        yield child.key, CHILD_DIED
                    yield child.key, None
    finally:
        for child in children.values():
            child.end()
        selector.close()


class _Child:
    """A forked process that runs one task, and the pipe that its messages come through."""

    def __init__(self, key, task):
        sys.stdout.flush()
        sys.stderr.flush()
        self.key, self.finished, self.partial_line = key, False, b""
        self.pipe, write_end = os.pipe()
        self.last_message = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            _run_in_child(task, self.pipe, write_end)
        os.close(write_end)

    def read(self):
        """Return the messages that have arrived, and whether no more will come."""
        data = os.read(self.pipe, 1 << 16)
        self.last_message = time.monotonic()
        *lines, self.partial_line = (self.partial_line + data).split(b"\n")
        messages = [json.loads(line) for line in lines]
        if messages and messages[-1] == FINISHED:
            self.finished = True
            messages.pop()
        return messages, not data or self.finished

    def end(self):
        """Kill the process group of the child and wait for the child."""
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.pipe)


def _run_in_child(task, read_end, write_end):
    """Run the task and exit; never returns."""
    status = 1
    try:
        os.close(read_end)
        os.setpgid(0, 0)
        _die_with_parent()
        send = _line_sender(write_end)
        task(send)
        send(FINISHED)
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(status)


def _die_with_parent():
    """On Linux, have the kernel kill this process when its parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _line_sender(pipe):
    def send(message):
        data = json.dumps(message).encode("ascii") + b"\n"
        while data:
            data = data[os.write(pipe, data) :]

    return send
