"""Results of a graded test, an exercise and a submission, and the JSON file of a submission's result."""

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
    "Identity",
    "Person",
    "SubmissionResult",
    "TestResult",
    "earned",
    "most_telling",
    "possible",
    "read_result",
    "result_schema",
    "write_result",
]

SCHEMA = "dlseq-result/2"
STATUSES = ("passed", "failed", "not started", "error", "timeout")
TELLING_STATUSES = ("failed", "timeout", "error", "not started")  # of a test that did not pass, the most telling first


@dataclass(frozen=True)
class TestResult:
    """The outcome of one case of a graded test.

    Attributes:
        exercise: name of the exercise.
        function: the graded function or class, such as "rnn_cell_forward".
        test: name of the test with its case, "test_state[one column]".
        property: the tested property, in one line.
        points: points of the case. The cases of a parametrized test share its points.
        status: one of `STATUSES`.
        message: the failure, in one line; empty when passed.
        hint: advice, in one line, or empty.
        place: line of the submission in which an exception arose, such as "line 42", or empty.
        seconds: duration.
        hidden: True for a test that students do not receive.
        recognized: True if the hint is about this failure, such as a known mistake; False for the hint of the test.

    Example:
        >>> result = TestResult("recurrent_network", "rnn_forward", "test_loop", "The state travels.", 2.5, "passed")
        >>> result.earned, TestResult.from_dict(result.to_dict()) == result
        (2.5, True)
    """

    __test__ = False  # pytest would collect the name

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
    recognized: bool = False

    @property
    def earned(self) -> float:
        return self.points if self.status == "passed" else 0.0

    def to_dict(self) -> dict:
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: dict) -> "TestResult":
        return cls(**fields)


def most_telling(results: Iterable[TestResult]) -> list[TestResult]:
    """Sort the results that did not pass: recognized mistakes, visible tests, wrong values before exceptions.

    Example:
        >>> error = TestResult("rnn", "step", "test_a[one]", "The state.", 1.0, "error", "step raised ValueError")
        >>> wrong = TestResult("rnn", "step", "test_a[two]", "The state.", 1.0, "failed", "a is wrong", "Look at a.")
        >>> [result.test for result in most_telling([error, wrong])]
        ['test_a[two]', 'test_a[one]']
    """
    failed = (result for result in results if result.status != "passed")
    return sorted(failed, key=lambda test: (not test.recognized, test.hidden, TELLING_STATUSES.index(test.status)))


def possible(results: Iterable[TestResult]) -> float:
    """Return the points of tests, rounded so that shares of thirds add up to whole points."""
    return round(sum(result.points for result in results), 6)


def earned(results: Iterable[TestResult]) -> float:
    """Return the points earned in tests, rounded like `possible`."""
    return round(sum(result.earned for result in results), 6)


@dataclass(frozen=True)
class ExerciseResult:
    """The result of one exercise of one submission.

    Attributes:
        exercise: name of the exercise.
        possible: points of the exercise.
        seed: of the inputs; the same seed draws them again.
        tests: the result of each graded test; empty if there was no code to run.
        problem: reason why there was no code to run, such as a missing file; else empty.
        seconds: duration.
        memory: the most bytes of memory that the submission used beyond the libraries.
        notes: sentences on statements of the file that failed when it was loaded.
        exhibit: content for the report, see the fixture `dlseq.grading.plugin.fixtures.exhibit`, or None.
    """

    exercise: str
    possible: float
    seed: int
    tests: tuple[TestResult, ...] = ()
    problem: str = ""
    seconds: float = 0.0
    memory: int = 0
    exhibit: dict | None = None
    notes: tuple[str, ...] = ()

    @property
    def earned(self) -> float:
        return earned(self.tests)


@dataclass(frozen=True)
class Person:
    """A student as a learning platform knows them. What it does not tell is empty.

    Attributes:
        name: full name; without a platform it may as well be a login, an email address or a number.
        email: email address.
        login: user name.
        number: the university's number.
    """

    name: str = ""
    email: str = ""
    login: str = ""
    number: str = ""


@dataclass(frozen=True)
class Identity:
    """The people of a submission, as the names and the metadata of a download tell them.

    Attributes:
        platform: the learning platform that wrote the names, such as "Canvas"; empty for names by people.
        id: an id on that platform, which means nothing on another one; of the student, or of the submission.
        people: one student, or the members of a group.
        doubt: reason why nobody can tell for sure, such as a file name with two readings; no gradebook has a row then.
        containers: names of the archive and the folders that held the submissions of a class. One that is a student's
            may be that student's own work, with folders and files called as others are.

    Example:
        >>> Identity("Canvas", "12", (Person("lovelaceada"),)).people[0].name
        'lovelaceada'
    """

    platform: str = ""
    id: str = ""
    people: tuple[Person, ...] = ()
    doubt: str = ""
    containers: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, fields: dict) -> "Identity":
        """Return the identity that `dataclasses.asdict` was called on."""
        people = tuple(Person(**person) for person in fields["people"])
        return cls(**{**fields, "people": people, "containers": tuple(fields["containers"])})


@dataclass(frozen=True)
class SubmissionResult:
    """The result of one submission.

    Attributes:
        student: name of the submission's file or folder.
        source: path that it was read from.
        isolation: "sandbox" or "process".
        exercises: the results, in the order of the course.
        versions: of "dlseq", "python", "numpy", and, where they were needed, "keras" and "tensorflow"; "keras_lstm",
            the module of the LSTM kernel that replaces Keras's own; and Keras's settings "keras_backend" and "floatx".
        per_student: True if each student has a seed of their own.
        files: exercise -> SHA-256 of the submitted file, so that a resumed run can detect a change.
        identity: the people of the submission, for gradebooks.
        notes: sentences for the student on files that were not read, and why.

    Example:
        >>> test = TestResult("language_model", "encode", "test_a", "Ids.", 2.0, "passed")
        >>> exercise = ExerciseResult("language_model", 100.0, 7, (test,))
        >>> result = SubmissionResult("ada", "ada.py", "sandbox", (exercise,))
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
    identity: Identity = field(default_factory=Identity)
    notes: tuple[str, ...] = ()

    @property
    def earned(self) -> float:
        return round(sum(exercise.earned for exercise in self.exercises), 6)

    @property
    def possible(self) -> float:
        return round(sum(exercise.possible for exercise in self.exercises), 6)

    def to_dict(self) -> dict:
        """Return plain data for JSON that conforms to `result_schema`."""
        exercises = [
            {
                **dataclasses.asdict(exercise),
                "tests": [{**test.to_dict(), "earned": test.earned} for test in exercise.tests],
                "exhibit": _nan_to_none(exercise.exhibit),
                "earned": exercise.earned,
            }
            for exercise in self.exercises
        ]
        fields = {**dataclasses.asdict(self), "exercises": exercises}
        return {"schema": SCHEMA, **fields, "earned": self.earned, "possible": self.possible}

    @classmethod
    def from_dict(cls, fields: dict) -> "SubmissionResult":
        """Return the result that `to_dict` was called on."""
        exercises = []
        for exercise in fields["exercises"]:
            tests = tuple(TestResult.from_dict(_without(test, "earned")) for test in exercise["tests"])
            parts = {"tests": tests, "notes": tuple(exercise.get("notes", ()))}
            exercises.append(ExerciseResult(**(_without(exercise, "earned") | parts)))
        identity = Identity.from_dict(fields["identity"])
        parts = {"exercises": tuple(exercises), "identity": identity, "notes": tuple(fields.get("notes", ()))}
        return cls(**(_without(fields, "schema", "earned", "possible") | parts))


def write_result(result: SubmissionResult, path: Path) -> None:
    """Write a result as JSON, atomically.

    Raises:
        DlseqError: the file cannot be written.
    """
    with atomic_write(path) as partial:
        text = json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
        partial.write_bytes(text.encode("utf-8", "backslashreplace"))  # a lone surrogate becomes the JSON escape


def read_result(path: Path) -> SubmissionResult:
    """Read a result that `write_result` wrote.

    Raises:
        DataError: the file cannot be read, or is not a result.
    """
    try:
        fields = json.loads(Path(path).read_text("utf-8"))
        if fields["schema"] != SCHEMA:
            raise DataError(f"Invalid result file {path}. Expected the schema {SCHEMA}. Received: {fields['schema']!r}")
        return SubmissionResult.from_dict(fields)
    except DataError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"Cannot read result file {path}: {error}. Expected the result of a submission. Grade it again."
        ) from None


def result_schema() -> dict:
    """Return the JSON schema of a result file."""
    return json.loads(resources.files("dlseq.grading").joinpath("result.schema.json").read_text("utf-8"))


def _without(fields, *names):
    return {name: value for name, value in fields.items() if name not in names}


def _nan_to_none(value):
    """Replace NaN and infinities, which JSON does not have, by None."""
    if isinstance(value, dict):
        return {name: _nan_to_none(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_nan_to_none(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
