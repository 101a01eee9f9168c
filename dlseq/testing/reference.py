"""Expected values: from the reference solution where it is, from a recording of it where it may not be.

A student receives visible tests and no solution. Their expected values were written down, for one seed, when the
course was released: every answer that the reference gave to a visible test. With that seed the tests ask the same
questions again, and the recording answers. The file is plain data (`dlseq.grading.worker.codec`), compressed.
"""

import math
import zlib
from pathlib import Path

import numpy as np

from dlseq.errors import DataError
from dlseq.files import atomic_write
from dlseq.grading.worker.codec import CodecError, decode, encode
from dlseq.testing.submission import InProcessTransport, Submission, Transport

__all__ = ["Recorder", "Recording", "Reference", "read_recording", "write_recording"]


class Reference(Submission):
    """The reference solution, used as a submission is, and other expected values that tests work out.

    Args:
        transport: to the solution, or to its recording.
        live: the transport to the solution itself; None where there is none.
    """

    def __init__(self, transport: Transport, live: InProcessTransport | None = None):
        super().__init__(transport)
        self._live = live

    def expected(self, label: str, compute):
        """A value that a test works out from the reference, such as a numerical gradient.

        Args:
            label: names it within the test.
            compute: function without arguments that returns plain data. Not called where the value was recorded.

        Returns:
            The value.
        """
        note = getattr(self._transport, "note", None)
        if self._live is not None:
            self._live.copying = False
        try:
            return compute() if note is None else note(label, compute)
        finally:
            if self._live is not None:
                self._live.copying = True


class Recorder:
    """A transport that passes requests on to the reference and keeps its replies, one list for each test.

    Args:
        transport: to the reference.
        kept: where the replies go, shared by the recorders of all tests of an exercise.
        test: name of the test.
    """

    def __init__(self, transport: Transport, kept: dict, test: str):
        self._transport, self._kept = transport, kept.setdefault(test, [])
        self._silent = False

    def request(self, request: dict) -> dict:
        reply = self._transport.request(request)
        if not self._silent:
            self._kept.append({"asked": fingerprint(request), "reply": reply})
        return reply

    def note(self, label: str, compute):
        self._silent = True
        value = compute()
        self._silent = False
        self._kept.append({"asked": label, "reply": value})
        return value


class Recording:
    """A transport that answers out of a recording.

    Args:
        entries: what the `Recorder` kept for this test.
        seed: that it was made with, for the error message.
    """

    def __init__(self, entries: list, seed: int):
        self._entries, self._seed, self._next = entries, seed, 0

    def request(self, request: dict) -> dict:
        return self._find(fingerprint(request))

    def note(self, label: str, compute):
        return self._find(label)

    def _find(self, asked):
        order = [*range(self._next, len(self._entries)), *range(self._next)]  # next first: models have a state
        for position in order:
            entry = self._entries[position]
            if _alike(entry["asked"], asked):
                self._next = position + 1
                return entry["reply"]
        raise DataError(
            f"the expected values were recorded with seed {self._seed}; run the tests with that seed, and where they "
            "were, fetch the course again: its tests have changed since"
        )


def write_recording(path: Path, seed: int, kept: dict) -> None:
    """Writes a recording, whole or not at all."""
    with atomic_write(path) as partial:
        partial.write_bytes(zlib.compress(encode({"seed": seed, "tests": kept}), 9))


def read_recording(path: Path) -> tuple[int, dict]:
    """Reads the seed and the entries of each test.

    Raises:
        DataError: the file is missing or is not a recording.
    """
    try:
        content = decode(zlib.decompress(Path(path).read_bytes()))
        return content["seed"], content["tests"]
    except (OSError, zlib.error, CodecError, KeyError, TypeError) as error:
        raise DataError(f"cannot read the expected values in {path}: {error}; fetch the course again") from None


def fingerprint(value):
    """What is enough to know a request again: everything but the arrays, of which shape and three sums stay."""
    kind = type(value)
    if kind is np.ndarray:
        flat = value.astype(np.float64).ravel()
        ramp = np.cos(np.arange(flat.size))
        return ("array", value.shape, float(flat.sum()), float(np.abs(flat).sum()), float(flat @ ramp))
    if kind is list or kind is tuple:
        return kind(fingerprint(one) for one in value)
    if kind is dict:
        return {key: fingerprint(one) for key, one in value.items()}
    return value


def _alike(one, other):
    if type(one) is not type(other):
        return False
    if type(one) is float:
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(one) and math.isnan(other))
    if type(one) in (list, tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if type(one) is dict:
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    return one == other
