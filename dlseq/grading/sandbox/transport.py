"""A transport to a submission behind a wall: in a worker of a `Sandbox`."""

import contextlib
import socket

from dlseq.grading.sandbox.sandbox import Sandbox, SandboxError
from dlseq.grading.worker.codec import PlainError
from dlseq.grading.worker.framing import receive, send

__all__ = ["AcrossWall", "Workers"]


class Workers:
    """The worker that one submission has at a time. A new one takes its place where it ended, or may be unusable.

    Args:
        sandbox: that workers come from.

    Attributes:
        lost: whether a worker ended while it was asked, since this was last set to False. It may have been ended from
            outside, so that whoever runs tests can run the one in question again.
        broken: why there can be no more workers; empty while there can.
    """

    def __init__(self, sandbox: Sandbox):
        self._sandbox, self._connection, self.lost, self.broken, self._asked = sandbox, None, False, "", 0

    def connection(self) -> socket.socket:
        """The connection to the worker, a new one where there is none.

        Raises:
            SandboxError: there can be none.
        """
        if self._connection is None:
            with self._noting():
                self._connection = self._sandbox.open()
        return self._connection

    def ask(self, request: dict) -> dict:
        """Sends a request and waits for the reply to it. What else comes, such as a reply that was forged or comes
        twice, is no reply to a later request.

        Raises:
            PlainError: what is sent or comes is not plain data, or not of the form of a reply.
            OSError: the worker has gone; so does `EOFError` say.
            SandboxError: there can be none.
        """
        connection = self.connection()
        self._asked += 1
        send(connection, {**request, "number": self._asked})
        while True:
            reply = receive(connection)
            number = reply.get("number") if type(reply) is dict else None
            if type(number) is not int or number > self._asked:
                raise PlainError("the reply is not one")
            if number == self._asked:
                return reply

    def end(self) -> str:
        """Ends the worker, with all that it started, and says why it had ended before, if it had."""
        if self._connection is None:
            return ""
        self._connection.close()
        self._connection = None
        with self._noting():
            return self._sandbox.end()

    @contextlib.contextmanager
    def _noting(self):
        try:
            yield
        except SandboxError as error:
            self.broken = str(error)
            raise


class AcrossWall:
    """A transport to the code of one submission, loaded afresh.

    Args:
        workers: where it runs.
        cells: (file, text) of its code.
        name: of the module that it becomes.
    """

    def __init__(self, workers: Workers, cells, name: str):
        self._workers, self._loading = workers, {"operation": "load", "cells": list(cells), "name": name}
        self._loaded = self._waiting = False

    def request(self, request: dict) -> dict:
        if not self._loaded:
            self._loaded = True
            told = self._exchange(self._loading)
            if "error" in told:
                return told
        return self._exchange(request)

    def renew(self) -> None:
        """Ends the worker, so that the next request begins in another."""
        self._end()

    def close(self) -> None:
        """Ends the worker where it still owes a reply."""
        if self._waiting:
            self._workers.end()

    def _exchange(self, request):
        self._waiting = True  # until a reply came: a time limit may be raised in between
        try:
            reply = self._workers.ask(request)
        except PlainError as error:
            self._end()
            return {"error": {"kind": "NotPlain", "message": str(error), "place": ""}}
        except (EOFError, OSError):
            reason = self._end()
            self._workers.lost = True
            return {"error": {"kind": "Lost", "message": reason, "place": ""}}
        self._waiting = False
        return reply

    def _end(self):
        self._waiting, self._loaded = False, False
        return self._workers.end()
