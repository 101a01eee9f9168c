"""Work in forked processes: each begins with what this one has already imported, and what it breaks is its own."""

import contextlib
import ctypes
import json
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Hashable, Iterable, Iterator

__all__ = ["LOST", "in_children"]

LOST = {"lost": True}  # a child's last message, where it ended before its work did

Work = Callable[[Callable[[dict], None]], None]


def in_children(
    works: Iterable[tuple[Hashable, Work]],
    jobs: int = 1,
    silence: float = 60.0,
    look_up: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Hashable, dict | None]]:
    """Does each piece of work in a process of its own, and gives what it sends, as it comes.

    Args:
        works: (key, work) pairs; they are fetched as places become free. `work(send)` calls `send` with dicts that
            JSON can write.
        jobs: how many at the same time.
        silence: seconds without a message after which a child is killed.
        look_up: called several times a second; what it raises ends all children.

    Yields:
        (key, message), and at the end of each piece (key, None), after (key, `LOST`) if it ended before its work did.

    Example:
        >>> list(in_children([("a", lambda send: send({"answer": 42}))]))
        [('a', {'answer': 42}), ('a', None)]
    """
    works = iter(works)
    children: dict[int, _Child] = {}
    selector = selectors.DefaultSelector()
    try:
        while True:
            while len(children) < jobs and (one := next(works, None)) is not None:
                child = _Child(*one)
                children[child.pipe] = child
                selector.register(child.pipe, selectors.EVENT_READ)
            if not children:
                return
            look_up()
            ready = [key.fd for key, _ in selector.select(0.2)]
            for pipe in list(children):
                child = children[pipe]
                late = time.monotonic() - child.heard > silence
                if pipe not in ready and not late:
                    continue
                messages, over = ([], True) if late and pipe not in ready else child.read()
                for message in messages:
                    yield child.key, message
                if over:
                    selector.unregister(pipe)
                    del children[pipe]
                    child.end()
                    if not child.finished:
                        yield child.key, LOST
                    yield child.key, None
    finally:
        for child in children.values():
            child.end()
        selector.close()


class _Child:
    def __init__(self, key, work):
        sys.stdout.flush()
        sys.stderr.flush()
        self.key, self.finished, self.rest = key, False, b""
        self.pipe, writing = os.pipe()
        self.heard = time.monotonic()
        self.process = os.fork()
        if self.process == 0:
            _live(work, self.pipe, writing)
        os.close(writing)

    def read(self):
        data = os.read(self.pipe, 1 << 16)
        self.heard = time.monotonic()
        *lines, self.rest = (self.rest + data).split(b"\n")
        messages = [json.loads(line) for line in lines]
        if messages and messages[-1] == {"done": True}:
            self.finished = True
            messages.pop()
        return messages, not data or self.finished

    def end(self):
        """Kills the child with all that it started, and waits for it."""
        with contextlib.suppress(OSError):
            os.killpg(self.process, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.pipe)


def _live(work, reading, writing):
    """The whole life of a child."""
    status = 1
    try:
        os.close(reading)
        os.setpgid(0, 0)
        _die_with_parent()
        send = _sender(writing)
        work(send)
        send({"done": True})
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(status)


def _die_with_parent():
    """On Linux the child is killed when the one that forked it ends, however that came."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _sender(pipe):
    def send(message):
        data = json.dumps(message).encode("ascii") + b"\n"
        while data:
            data = data[os.write(pipe, data) :]

    return send
