"""Expected values of graded tests: from the reference solution, or from a recording of it.

Students get visible tests but no solution. When a course is released, the replies of the reference to the visible
tests are recorded for one seed; tests with this seed send the same requests again, and the recording replays the
replies. The file is compressed plain data (`dlseq.grading.worker.codec`).
"""

import math
import zlib
from pathlib import Path

import numpy as np

from dlseq.errors import DataError
from dlseq.files import atomic_write
from dlseq.grading.worker.codec import CodecError, decode, encode
from dlseq.testing.submission import InProcessTransport, Submission, Transport

__all__ = ["RecordingTransport", "Reference", "ReplayTransport", "read_recording", "write_recording"]

TOLERANCE = 1e-9  # between the numbers of two equal requests
COMPRESSION_LEVEL = 9


class Reference(Submission):
    """The reference solution, used like a submission, and other expected values that tests compute from it.

    Args:
        transport: Transport to the solution, or to its recording.
        solution: Transport to the solution itself; None if there is none.
    """

    def __init__(self, transport: Transport, solution: InProcessTransport | None = None):
        super().__init__(transport)
        self._solution = solution

    def expected(self, label: str, compute):
        """Return a value that a test computes from the reference, such as a numerical gradient.

        Args:
            label: Name of the value, unique within the test.
            compute: Function without arguments that returns plain data. Not called if the value has been recorded.

        Returns:
            The value.
        """
        record_or_replay = getattr(self._transport, "computed", None)
        if self._solution is not None:
            self._solution.copying = False
        try:
            return compute() if record_or_replay is None else record_or_replay(label, compute)
        finally:
            if self._solution is not None:
                self._solution.copying = True


class RecordingTransport:
    """A transport that forwards requests to the reference and records its replies.

    Args:
        transport: Transport to the reference.
        recording: Replies of all tests of an exercise by test name; the replies are added here.
        test: Name of the test.
    """

    def __init__(self, transport: Transport, recording: dict, test: str):
        self._transport, self._entries = transport, recording.setdefault(test, [])
        self._paused = False

    def request(self, request: dict) -> dict:
        reply = self._transport.request(request)
        if not self._paused:
            self._entries.append({"request": fingerprint(request), "reply": reply})
        return reply

    def computed(self, label: str, compute):
        self._paused = True
        value = compute()
        self._paused = False
        self._entries.append({"request": label, "reply": value})
        return value


class ReplayTransport:
    """A transport that replays the replies of a recording.

    Args:
        entries: Recorded replies of this test.
        seed: Seed of the recording, for the error message.
    """

    def __init__(self, entries: list, seed: int):
        self._entries, self._seed, self._next = entries, seed, 0

    def request(self, request: dict) -> dict:
        return self._find(fingerprint(request))

    def computed(self, label: str, compute):
        return self._find(label)

    def _find(self, request):
        order = [*range(self._next, len(self._entries)), *range(self._next)]  # models have state: the next one first
        for position in order:
            entry = self._entries[position]
            if _is_close(entry["request"], request):
                self._next = position + 1
                return entry["reply"]
        raise DataError(
            f"the expected values were recorded with seed {self._seed}; run the tests with that seed, and where they "
            "were, fetch the course again: its tests have changed since"
        )


def write_recording(path: Path, seed: int, recording: dict) -> None:
    """Write a recording atomically."""
    with atomic_write(path) as partial:
        partial.write_bytes(zlib.compress(encode({"seed": seed, "tests": recording}), COMPRESSION_LEVEL))


def read_recording(path: Path) -> tuple[int, dict]:
    """Read the seed and the replies of each test.

    Raises:
        DataError: The file is missing or is not a recording.
    """
    try:
        content = decode(zlib.decompress(Path(path).read_bytes()))
        return content["seed"], content["tests"]
    except (OSError, zlib.error, CodecError, KeyError, TypeError) as error:
        raise DataError(f"Cannot read the expected values in {path}: {error}. Fetch the course again.") from None


def fingerprint(value):
    """Replace each array of a request by its shape and three sums, enough to recognize the request."""
    kind = type(value)
    if kind is np.ndarray:
        flat = value.astype(np.float64).ravel()
        ramp = np.cos(np.arange(flat.size))
        return ("array", value.shape, float(flat.sum()), float(np.abs(flat).sum()), float(flat @ ramp))
    if kind is list or kind is tuple:
        return kind(fingerprint(item) for item in value)
    if kind is dict:
        return {key: fingerprint(item) for key, item in value.items()}
    return value


def _is_close(first, second):
    if type(first) is not type(second):
        return False
    if type(first) is float:
        both_nan = math.isnan(first) and math.isnan(second)
        return both_nan or math.isclose(first, second, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    if type(first) in (list, tuple):
        return len(first) == len(second) and all(map(_is_close, first, second))
    if type(first) is dict:
        return first.keys() == second.keys() and all(_is_close(first[key], second[key]) for key in first)
    return first == second
