"""Transport of a submission whose code runs in a worker of a `Sandbox`."""

import contextlib
import socket

from dlseq.grading.sandbox.sandbox import Sandbox, SandboxError
from dlseq.grading.worker.codec import CodecError
from dlseq.grading.worker.framing import receive, send

__all__ = ["SandboxTransport", "WorkerSession"]


class WorkerSession:
    """The worker process of one submission, replaced by a fresh one after it has died or been stopped.

    Args:
        sandbox: The sandbox that starts the workers.

    Attributes:
        worker_died: Set to True when a worker dies during a request. The cause may lie outside of the submission, so
            the caller may run the test again, after setting this to False.
        answered: Set to True when a worker has replied to more than the loading of the code.
        failure: Error message if the sandbox can start no more workers, else empty.
    """

    def __init__(self, sandbox: Sandbox):
        self._sandbox, self._connection = sandbox, None
        self._sequence_number = 0
        self.worker_died, self.answered, self.failure = False, False, ""

    def connection(self) -> socket.socket:
        """Return the connection to the worker; start a worker first if there is none.

        Raises:
            SandboxError: The sandbox can start no worker.
        """
        if self._connection is None:
            with self._keep_failure():
                self._connection = self._sandbox.start_worker()
        return self._connection

    def request(self, request: dict) -> dict:
        """Send a request and wait for its reply.

        Replies with an older sequence number (forged or repeated ones) are discarded.

        Raises:
            CodecError: The request or the reply is not plain data, or the reply is malformed.
            EOFError, OSError: The worker has exited.
            SandboxError: The sandbox can start no worker.
        """
        connection = self.connection()
        self._sequence_number += 1
        send(connection, {**request, "number": self._sequence_number})
        while True:
            reply = receive(connection)
            number = reply.get("number") if type(reply) is dict else None
            if type(number) is not int or number > self._sequence_number:
                raise CodecError("Malformed reply. Expected a dict with the number of the request.")
            if number == self._sequence_number:
                return reply

    def stop(self) -> str:
        """Kill the worker and all of its descendants.

        Returns:
            The reason why the sandbox had killed the worker before, if it had, else an empty string.
        """
        if self._connection is None:
            return ""
        self._connection.close()
        self._connection = None
        with self._keep_failure():
            return self._sandbox.stop_worker()

    @contextlib.contextmanager
    def _keep_failure(self):
        try:
            yield
        except SandboxError as error:
            self.failure = str(error)
            raise


class SandboxTransport:
    """A `dlseq.testing.submission.Transport` to the code of one submission in a sandbox worker.

    The code is loaded afresh by `load`, or by the first request that needs it.

    Args:
        session: The worker that runs the code.
        cells: (file, text) of each piece of code.
        name: Name of the module that the code becomes.
        graded: Names of the functions that tests use.
    """

    def __init__(self, session: WorkerSession, cells, name: str, graded=()):
        self._session = session
        self._load_request = {"operation": "load", "cells": list(cells), "name": name, "graded": list(graded)}
        self._loaded = self._awaiting_reply = False

    def request(self, request: dict) -> dict:
        if not self._loaded:
            self._loaded = True
            reply = self._exchange(self._load_request)
            if "error" in reply:
                return reply
        return self._exchange(request)

    def load(self, fields: dict) -> dict:
        """Load the code, with arguments of `dlseq.grading.worker.executor.Executor.load`, and return the reply."""
        self._load_request |= fields
        self._loaded = True
        return self._exchange({**self._load_request, "run": True})

    def restart(self) -> None:
        """Stop the worker, so that the next request starts another one."""
        self._stop()

    def close(self) -> None:
        """Stop the worker if a reply is still pending."""
        if self._awaiting_reply:
            self._session.stop()

    def _exchange(self, request):
        self._awaiting_reply = True  # stays True if a timeout is raised during the exchange
        try:
            reply = self._session.request(request)
        except CodecError as error:
            self._stop()
            return {"error": {"kind": "NotPlain", "message": str(error), "place": ""}}
        except (EOFError, OSError):
            reason = self._stop()
            self._session.worker_died = True
            return {"error": {"kind": "Lost", "message": reason, "place": ""}}
        self._awaiting_reply = False
        self._session.answered |= request["operation"] != "load"
        return reply

    def _stop(self):
        self._awaiting_reply = self._loaded = False
        return self._session.stop()
