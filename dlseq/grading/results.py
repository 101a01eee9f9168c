"""Results of a grading run: of a graded test, an exercise and a submission, and the JSON file of a submission."""

import dataclasses
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from dlseq.errors import DataError
from dlseq.files import atomic_write

__all__ = [
    "STATUSES",
    "ExerciseResult",
    "SubmissionResult",
    "TestResult",
    "earned",
    "possible",
    "read_result",
    "result_schema",
    "write_result",
]

SCHEMA = "dlseq-result/1"


STATUSES = ("passed", "failed", "not started", "error", "timeout")


@dataclass(frozen=True)
class TestResult:
    """The outcome of one case of one graded test.

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
        >>> record = TestResult("recurrent_network", "rnn_forward", "test_loop", "The state travels.", 2.5, "passed")
        >>> record.earned, TestResult.from_dict(record.to_dict()) == record
        (2.5, True)
    """

    __test__ = False  # a name that pytest would collect

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
    def from_dict(cls, fields: dict) -> "TestResult":
        return cls(**fields)


def possible(records: Iterable[TestResult]) -> float:
    """Points that the tests are worth, rounded so that shares of thirds add up to whole points."""
    return round(sum(record.points for record in records), 6)


def earned(records: Iterable[TestResult]) -> float:
    """Points that were earned, rounded alike."""
    return round(sum(record.earned for record in records), 6)


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission.

    Attributes:
        exercise: its name.
        possible: points.
        seed: that the inputs were drawn from; the same seed draws them again.
        tests: a record of each graded test; none where there was nothing to run.
        problem: why nothing could be run, such as a file that is missing; empty otherwise.
        seconds: that it took.
        memory: bytes that it used at most, beyond what the libraries take.
        exhibit: what a report shows of it, see `dlseq.grading.judge.server`; None where there is nothing to show.
    """

    exercise: str
    possible: float
    seed: int
    tests: tuple[TestResult, ...] = ()
    problem: str = ""
    seconds: float = 0.0
    memory: int = 0
    exhibit: dict | None = None

    @property
    def earned(self) -> float:
        return earned(self.tests)


@dataclass(frozen=True)
class SubmissionResult:
    """One submission.

    Attributes:
        student: whose it is: the name of the file or folder.
        source: where it was read from.
        isolation: "sandbox" or "process".
        exercises: the results, in the order of the course.
        versions: of what it ran with: "dlseq", "python", "numpy", and "keras" and "tensorflow" where they were needed.
        per_student: whether the seeds differ from student to student.
        files: (exercise, SHA-256 of its file as it was handed in), so that a later run knows whether it has changed.
        platform_id: of the student, where the course's own system puts one into the names of submissions; else empty.

    Example:
        >>> record = TestResult("language_model", "encode", "test_a", "Ids.", 2.0, "passed")
        >>> one = ExerciseResult("language_model", 100.0, 7, (record,))
        >>> result = SubmissionResult("ada", "ada.py", "sandbox", (one,))
        >>> result.earned, result.possible, SubmissionResult.from_dict(result.to_dict()) == result
        (2.0, 100.0, True)
    """

    student: str
    source: str
    isolation: str
    exercises: tuple[ExerciseResult, ...]
    versions: dict = field(default_factory=dict)
    per_student: bool = False
    files: dict = field(default_factory=dict)
    platform_id: str = ""

    @property
    def earned(self) -> float:
        return round(sum(one.earned for one in self.exercises), 6)

    @property
    def possible(self) -> float:
        return round(sum(one.possible for one in self.exercises), 6)

    def to_dict(self) -> dict:
        """As plain data for JSON, as `result_schema` describes it."""
        exercises = []
        for one in self.exercises:
            tests = [{**record.to_dict(), "earned": record.earned} for record in one.tests]
            exhibit = _finite(one.exhibit)
            exercises.append({**dataclasses.asdict(one), "tests": tests, "exhibit": exhibit, "earned": one.earned})
        whole = {**dataclasses.asdict(self), "exercises": exercises}
        return {"schema": SCHEMA, **whole, "earned": self.earned, "possible": self.possible}

    @classmethod
    def from_dict(cls, fields: dict) -> "SubmissionResult":
        """The reverse of `to_dict`."""
        exercises = []
        for one in fields["exercises"]:
            tests = tuple(TestResult.from_dict(_without(record, "earned")) for record in one["tests"])
            exercises.append(ExerciseResult(**{**_without(one, "earned"), "tests": tests}))
        rest = _without(fields, "schema", "earned", "possible")
        return cls(**{**rest, "exercises": tuple(exercises)})


def write_result(result: SubmissionResult, path: Path) -> None:
    """Writes a result as JSON; the file appears whole or not at all.

    Raises:
        DlseqError: it cannot be written.
    """
    with atomic_write(path) as partial:
        text = json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
        partial.write_bytes(text.encode("utf-8", "backslashreplace"))  # \udc80, from a file name, is JSON's way as well


def read_result(path: Path) -> SubmissionResult:
    """Reads what `write_result` wrote.

    Raises:
        DataError: the file cannot be read, or is not a result.
    """
    try:
        fields = json.loads(Path(path).read_text("utf-8"))
        if fields["schema"] != SCHEMA:
            raise DataError(f"expected {path} to be a result of the form {SCHEMA}, received {fields['schema']!r}")
        return SubmissionResult.from_dict(fields)
    except DataError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"expected {path} to be the result of a submission: {error}; grade it again") from None


def result_schema() -> dict:
    """The JSON schema of a result file."""
    return json.loads(resources.files("dlseq.grading").joinpath("result.schema.json").read_text("utf-8"))


def _without(fields, *names):
    return {name: value for name, value in fields.items() if name not in names}


def _finite(value):
    """The same with None for each number that JSON cannot hold."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
