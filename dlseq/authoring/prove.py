"""Proof that an exercise grades well, in seven parts, see `ProofPart`."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from rich.table import Table

from dlseq.authoring.leaks import find_leaks
from dlseq.authoring.mistakes import Mistake, apply_mistake, load_equal_spellings, load_mistakes, load_unread_arguments
from dlseq.authoring.mutation.arguments import make_argument_mutants, read_calls, recording_text
from dlseq.authoring.mutation.mutants import make_mutants
from dlseq.authoring.mutation.reach import reaching_tests
from dlseq.authoring.proof_jobs import ProofGrader, ProofSettings
from dlseq.authoring.release import stale_stubs, write_release
from dlseq.authoring.side_by_side import run_side_by_side
from dlseq.course.exercises import POINTS_PER_EXERCISE, Exercise
from dlseq.course.layout import Course
from dlseq.course.stubs import make_stub
from dlseq.grading.results import TestResult, possible

__all__ = ["Proof", "ProofPart", "proof_table", "prove_exercises"]

EXERCISES_AT_ONCE = 2  # with several jobs
SEED_COUNT = 5  # seeds on which a solution must earn all points
MAX_SEEDS_PER_PROCESS = 4  # each process warms up TensorFlow for itself
SPELLING_SEED_COUNT = 20  # seeds on which its equal spellings must: rounding errors differ from seed to seed
MIN_KILLED_FRACTION = 0.95  # of the mutants


class ProofPart(Enum):
    """The parts of a proof, in order. The value is the label in reports."""

    STUB = "1 stub is not started"
    SOLUTION = "2 solution earns all points"
    MISTAKES = "3 mistakes lose points"
    MUTANTS = "4 mutants are killed"
    LEAKS = "5 nothing leaks"
    ARGUMENTS = "6 arguments are read"
    SPELLINGS = "7 equal spellings earn all"


@dataclass(frozen=True)
class Proof:
    """Result of one part for one exercise.

    Attributes:
        exercise: name of the exercise.
        part: the part.
        cases: number of cases tried.
        failures: one sentence for each failed case.
        seconds: wall-clock time.
        note: addition for the table.
    """

    exercise: str
    part: ProofPart
    cases: int
    failures: tuple[str, ...]
    seconds: float
    note: str = ""

    def format_line(self) -> str:
        """Format the result as one line with `rich` markup."""
        verdict = "[green]holds[/]" if not self.failures else f"[red]{len(self.failures)} failed[/]"
        return (
            f"{self.exercise}: {self.part.value}: {verdict}, {self.cases} cases, {self.seconds:.1f} s"
            f"  [dim]{self.note}[/]"
        )


def prove_exercises(
    course: Course,
    exercises: Iterable[Exercise],
    *,
    mutants: bool = False,
    seed: int = 0,
    jobs: int = 1,
    sample: int | None = None,
) -> Iterator[Proof]:
    """Prove exercises, part by part.

    Args:
        course: a course with solutions, hidden tests and mistakes.
        exercises: the exercises to prove.
        mutants: True to prove only the part MUTANTS, which takes minutes; False to prove the others.
        seed: seed from which all others are derived.
        jobs: number of parallel processes that grade an exercise. With more than one, two exercises are proved at the
            same time: parts of a proof have one job only.
        sample: number of mutants to test, evenly spaced. Defaults to all.

    Yields:
        A `Proof` as soon as it is done.

    Raises:
        DlseqError: a missing file or package.
    """
    settings = ProofSettings(course, seed, processes=jobs, sample=sample)
    proofs = {ProofPart.MUTANTS: _prove_mutants} if mutants else PROOFS
    graders = [ProofGrader(settings, exercise) for exercise in exercises]
    generators = (_prove_all(grader, proofs) for grader in graders)
    if jobs == 1 or len(graders) == 1:
        for proofs_of_exercise in generators:
            yield from proofs_of_exercise
        return

    def kill_all():
        for grader in graders:
            grader.kill()

    yield from run_side_by_side(generators, EXERCISES_AT_ONCE, on_stop=kill_all)


def _prove_all(grader, proofs):
    with grader:
        for part, prove in proofs.items():
            yield _timed(part, prove, grader)


def proof_table(proofs: Iterable[Proof]) -> Table:
    """Return a table of proofs with a row for each exercise and part, the parts of an exercise together."""
    proofs = list(proofs)
    places = {name: place for place, name in enumerate(dict.fromkeys(proof.exercise for proof in proofs))}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("exercise", "proof", "cases", "failed", "seconds", "note"):
        table.add_column(title, justify="right" if title in ("cases", "failed", "seconds") else "left")
    for proof in sorted(proofs, key=lambda proof: places[proof.exercise]):
        style = "red" if proof.failures else "green"
        failed = f"[{style}]{len(proof.failures)}[/]"
        table.add_row(proof.exercise, proof.part.value, str(proof.cases), failed, f"{proof.seconds:.1f}", proof.note)
    return table


def _timed(part: ProofPart, prove: Callable, grader: ProofGrader) -> Proof:
    start = time.monotonic()
    cases, failures, *note = prove(grader)
    return Proof(grader.exercise.name, part, cases, tuple(failures), time.monotonic() - start, *note)


def _prove_stub(grader):
    """Every graded test fails on the stub, as not started."""
    course, exercise = grader.course, grader.exercise
    stub = make_stub(grader.text, str(course.solution(exercise.name)))
    ((_, results),) = grader.grade([grader.job("stub", stub)])
    failures = [f"{result.test} is {result.status}: {result.message}" for result in results if _is_started(result)]
    if stale_stubs(course, [exercise]):
        failures.append(f"{course.stub(exercise.name)} differs from the stub of its solution. Run: dlseq release")
    return len(results), failures


def _is_started(result):
    return result.status != "not started"


def _prove_solution(grader):
    """The solution earns all points on each seed, and the tests have the exercise's points."""
    failures, points = _grade_on_seeds(grader, {"the solution": grader.text}, SEED_COUNT)
    if points != POINTS_PER_EXERCISE:
        failures.append(
            f"expected {POINTS_PER_EXERCISE} points in the tests of {grader.exercise.name}. Received: {points:g} points"
        )
    return SEED_COUNT, failures


def _prove_spellings(grader):
    """Algebraically equal spellings of the solution earn all points on each seed."""
    spellings = load_equal_spellings(_mistakes_file(grader))
    texts, tests = {}, {}
    for name, changes in spellings.items():
        texts[name], tests[name] = grader.text, reaching_tests(grader.reach, [function for function, _, _ in changes])
        for function, old, new in changes:
            spelling = Mistake(name, function, loses=(), hint="", change=(old, new))
            texts[name] = apply_mistake(texts[name], spelling)
    failures = _grade_on_seeds(grader, texts, SPELLING_SEED_COUNT, tests)[0] if texts else []
    return SPELLING_SEED_COUNT * len(texts), failures


def _grade_on_seeds(grader, texts, count, tests=None):
    """Grade solutions, by name, on each seed: a sentence for each failed test, and the possible points.

    `tests` are those to run, by name of the solution; all if it is `None`.
    """
    failures, points, first = [], 0.0, grader.settings.seed
    batches = [
        tuple(
            grader.job(f"{name}, seed {seed}", text, seed, tests and tests[name])
            for seed in seeds
            for name, text in texts.items()
        )
        for seeds in grader.split(range(first, first + count), MAX_SEEDS_PER_PROCESS)
    ]
    for name, results in grader.grade(batches):
        failed = [result for result in results if result.status != "passed"]
        failures += [f"{name}: {result.test} is {result.status}: {result.message}" for result in failed]
        points = possible(results)
    return failures, points


def _prove_mistakes(grader):
    """Each mistake loses points on its declared functions alone, with its declared hint."""
    mistakes, _ = load_mistakes(_mistakes_file(grader))
    by_name, failures = {mistake.name: mistake for mistake in mistakes}, []
    jobs = [
        grader.job(
            mistake.name,
            apply_mistake(grader.text, mistake),
            tests=reaching_tests(grader.reach, [mistake.function]),
        )
        for mistake in mistakes
    ]
    for name, results in grader.grade_recorded(jobs, in_batches=True):
        failures += [f"{name}: {problem}" for problem in _mistake_problems(by_name[name], results)]
    if len(by_name) != len(mistakes):
        failures.append("two mistakes have the same name")
    return len(mistakes), failures


def _mistakes_file(grader):
    return grader.course.mistakes / f"{grader.exercise.name}.py"


def _mistake_problems(mistake, results: list[TestResult]):
    failed = [result for result in results if result.status != "passed"]
    lost, declared = {result.function for result in failed}, set(mistake.loses)
    if lost != declared:
        yield f"expected points lost on {sorted(declared)}, received {sorted(lost)}"
    messages = {f"{result.message} {result.hint}" for result in failed if result.function in declared}
    if not any(mistake.hint in message for message in messages):
        yield f"expected a hint with {mistake.hint!r}, received {sorted(messages)[:3]}"


def _prove_mutants(grader):
    """Mutants of the solution are killed; each survivor is listed as equivalent, with the reason."""
    _, equivalent = load_mistakes(_mistakes_file(grader))
    mutants, sample = make_mutants(grader.text), grader.settings.sample
    if sample is not None and sample < len(mutants):
        mutants = [mutants[len(mutants) * n // sample] for n in range(sample)]
    survivors, control_passed = grader.survivors(mutants)
    killed = 1 - len(survivors) / max(len(mutants), 1)
    failures = [] if control_passed else ["the unchanged solution does not pass; nothing is proved"]
    failures += [f"survives, and no reason is given: {change}" for change in survivors if change not in equivalent]
    if killed < MIN_KILLED_FRACTION:
        failures.append(f"expected at least {MIN_KILLED_FRACTION:.0%} of the mutants killed. Received: {killed:.1%}")
    if sample is None:
        unused = sorted(set(equivalent) - set(survivors))
        failures += [f"listed as equivalent, but it is killed or no longer made: {change}" for change in unused]
    return len(mutants), failures, f"{killed:.1%} killed, {len(survivors)} survived"


def _prove_leaks(grader):
    """A released folder contains nothing of a solution or of a hidden test, as scripts or as notebooks."""
    leaks, expected = [], None
    with tempfile.TemporaryDirectory() as parent:
        for notebooks in (False, True):
            folder = Path(parent) / f"released-{notebooks}"
            seed, exercises = grader.settings.seed, [grader.exercise]
            write_release(grader.course, folder, notebooks, seed, exercises, expected=expected)
            leaks += find_leaks(grader.course, grader.exercise.name, folder)
            expected = Course(folder).graded / "expected"
    return 2, leaks


def _prove_arguments(grader):
    """No graded function can ignore an argument; each exception is listed with the reason."""
    unread = load_unread_arguments(_mistakes_file(grader))
    mutants = make_argument_mutants(grader.text, _recorded_calls(grader))
    survivors, control_passed = grader.survivors(mutants, in_batches=True)
    failures = [] if control_passed else ["the unchanged solution does not pass; nothing is proved"]
    keys_by_change = {change: {change, change.partition(" = ")[0]} for change in survivors}
    failures += [
        f"loses no point, and no reason is given: {change}"
        for change, keys in keys_by_change.items()
        if not keys & set(unread)
    ]
    unused = sorted(set(unread).difference(*keys_by_change.values()))
    failures += [f"listed as unread, but it loses points: {key}" for key in unused]
    return len(mutants), failures, f"{len(survivors)} without effect"


def _recorded_calls(grader):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.pickle"
        another_seed = grader.settings.seed + 1  # a drawn value is no constant
        grader.grade_tracing(recording_text(grader.text, path), "record the calls", another_seed)
        return read_calls(path)


PROOFS = {
    ProofPart.STUB: _prove_stub,
    ProofPart.SOLUTION: _prove_solution,
    ProofPart.MISTAKES: _prove_mistakes,
    ProofPart.LEAKS: _prove_leaks,
    ProofPart.ARGUMENTS: _prove_arguments,
    ProofPart.SPELLINGS: _prove_spellings,
}
