"""What is known about one graded test after it ran, as plain data."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["STATUSES", "Record", "earned", "possible"]

STATUSES = ("passed", "failed", "not started", "error", "timeout")


@dataclass(frozen=True)
class Record:
    """The verdict on one case of one graded test.

    Attributes:
        exercise: name of the exercise.
        function: the graded function or class, such as "rnn_cell_forward".
        test: name of the test with its case, "test_state[one column]".
        property: one line that says what was asked.
        points: what the case is worth. The cases of one parametrised test share its points.
        status: one of `STATUSES`.
        message: what came back, in one line; empty when passed.
        hint: where to look, in one line; empty when passed or where nothing can be said.
        place: where in the submission an exception arose, such as "line 42"; empty otherwise.
        seconds: how long it took.
        hidden: whether the test is one that students do not receive.

    Example:
        >>> record = Record("recurrent_network", "rnn_forward", "test_loop", "The state travels.", 2.5, "passed")
        >>> record.earned, Record.from_dict(record.to_dict()) == record
        (2.5, True)
    """

    exercise: str
    function: str
    test: str
    property: str
    points: float
    status: str
    message: str = ""
    hint: str = ""
    place: str = ""
    seconds: float = 0.0
    hidden: bool = False

    @property
    def earned(self) -> float:
        return self.points if self.status == "passed" else 0.0

    def to_dict(self) -> dict:
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: dict) -> "Record":
        return cls(**fields)


def possible(records: Iterable[Record]) -> float:
    """Points that the tests are worth, rounded so that shares of thirds add up to whole points."""
    return round(sum(record.points for record in records), 6)


def earned(records: Iterable[Record]) -> float:
    """Points that were earned, rounded alike."""
    return round(sum(record.earned for record in records), 6)
