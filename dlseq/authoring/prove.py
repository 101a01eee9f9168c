"""The proof that an exercise grades well, in five parts."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from dlseq.authoring.leaks import leaks
from dlseq.authoring.mistakes import load_mistakes, wrong_solution
from dlseq.authoring.mutants import mutants_of
from dlseq.authoring.release import release, stale
from dlseq.course.exercises import POINTS, Exercise
from dlseq.course.layout import Course
from dlseq.course.stubs import stub_of
from dlseq.errors import DlseqError
from dlseq.grading.judge.client import run_jobs
from dlseq.grading.judge.messages import GradingJob
from dlseq.grading.judge.recording import record_expected
from dlseq.grading.results import TestResult, possible

__all__ = ["Proof", "prove_all", "table_of"]

SEEDS = 5
KILLED = 0.95


@dataclass(frozen=True)
class Proof:
    """One part, for one exercise.

    Attributes:
        exercise: its name.
        part: what was proved.
        cases: how many candidates or things were looked at.
        failures: a sentence for each that did not hold.
        seconds: that it took.
        note: more, for the table.
    """

    exercise: str
    part: str
    cases: int
    failures: tuple[str, ...]
    seconds: float
    note: str = ""

    def line(self) -> str:
        """For a terminal, with markup of `rich`."""
        verdict = "[green]holds[/]" if not self.failures else f"[red]{len(self.failures)} failed[/]"
        return f"{self.exercise}: {self.part}: {verdict}, {self.cases} cases, {self.seconds:.1f} s  [dim]{self.note}[/]"


def prove_all(
    course: Course, exercises: Iterable[Exercise], mutants: bool = False, seed: int = 0, jobs: int = 1, sample=None
) -> Iterator[Proof]:
    """Proves exercises, one part after the other.

    Args:
        course: with solutions, hidden tests and mistakes.
        exercises: which ones.
        mutants: whether the fourth part is proved, and nothing else; without it, the other four are.
        seed: that all others follow from.
        jobs: processes at the same time.
        sample: how many mutants; None for all.

    Yields:
        A `Proof` as soon as it is done.

    Raises:
        DlseqError: something that a proof needs is missing.
    """
    for one in exercises:
        if mutants:
            yield _timed(one, "4 mutants die", lambda one=one: _mutants(course, one, seed, jobs, sample))
            continue
        yield _timed(one, "1 the stub is not started", lambda one=one: _stub(course, one, seed))
        yield _timed(one, "2 the solution has full marks", lambda one=one: _solution(course, one, seed, jobs))
        yield _timed(one, "3 mistakes lose points", lambda one=one: _mistakes(course, one, seed, jobs))
        yield _timed(one, "5 nothing leaks", lambda one=one: _leaks(course, one, seed))


def table_of(proofs: Iterable[Proof]) -> Table:
    """All proofs as a table: a row an exercise and part."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("exercise", "proof", "cases", "failed", "seconds", "note"):
        table.add_column(title, justify="right" if title in ("cases", "failed", "seconds") else "left")
    for proof in proofs:
        style = "red" if proof.failures else "green"
        failed = f"[{style}]{len(proof.failures)}[/]"
        table.add_row(proof.exercise, proof.part, str(proof.cases), failed, f"{proof.seconds:.1f}", proof.note)
    return table


def _timed(exercise: Exercise, part: str, prove: Callable) -> Proof:
    begun = time.monotonic()
    cases, failures, *note = prove()
    return Proof(exercise.name, part, cases, tuple(failures), time.monotonic() - begun, *note)


def _candidate(course, exercise, text, name, seed):
    return GradingJob(name, exercise.name, ((str(course.solution(exercise.name)), text),), seed)


def _text(course, exercise):
    return course.solution(exercise.name).read_text("utf-8")


def _stub(course, exercise, seed):
    """Each stub fails each graded test, and only because it is not started."""
    text = stub_of(_text(course, exercise), str(course.solution(exercise.name)))
    ((_, records),) = run_jobs(course, exercise, [_candidate(course, exercise, text, "stub", seed)])
    failures = [f"{one.test} is {one.status}: {one.message}" for one in records if one.status != "not started"]
    if stale(course, [exercise]):
        failures.append(f"{course.stub(exercise.name)} is not what the solution gives; run dlseq release")
    return len(records), failures


def _solution(course, exercise, seed, jobs):
    """Each solution has full marks whatever the seed."""
    text, failures, points = _text(course, exercise), [], 0.0
    candidates = [_candidate(course, exercise, text, f"seed {seed + n}", seed + n) for n in range(SEEDS)]
    for name, records in run_jobs(course, exercise, candidates, processes=jobs):
        failures += [f"{name}: {one.test} is {one.status}: {one.message}" for one in records if one.status != "passed"]
        points = possible(records)
    if points != POINTS:
        failures.append(f"expected the tests of {exercise.name} to be worth {POINTS} points, received {points:g}")
    return SEEDS, failures


def _with_answers(course, exercise, seed, candidates, jobs, time_limit=30.0):
    """Marks candidates against answers that the reference gave once, which is much faster than asking it each time."""
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.bin"
        record_expected(course, exercise, answers, seed, visible_only=False)
        for name, records in run_jobs(
            course, exercise, candidates, processes=jobs, time_limit=time_limit, recording_path=answers
        ):
            unasked = [one for one in records if one.message.startswith("the expected values were recorded")]
            if unasked:
                raise DlseqError(
                    f"{exercise.name}: {unasked[0].test} asks the reference about what a submission returned; expected "
                    "questions that depend on the seed alone, so that their answers can be recorded"
                )
            yield name, records


def _mistakes(course, exercise, seed, jobs):
    """Each mistake loses points, on the functions that it declares alone, and draws the hint that it declares."""
    mistakes, _ = load_mistakes(course.mistakes / f"{exercise.name}.py")
    text, failures = _text(course, exercise), []
    by_name = {mistake.name: mistake for mistake in mistakes}
    candidates = [_candidate(course, exercise, wrong_solution(text, one), one.name, seed) for one in mistakes]
    for name, records in _with_answers(course, exercise, seed, candidates, jobs):
        failures += [f"{name}: {problem}" for problem in _missed(by_name[name], records)]
    if len(by_name) != len(mistakes):
        failures.append("two mistakes have the same name")
    return len(mistakes), failures


def _missed(mistake, records: list[TestResult]):
    failed = [one for one in records if one.status != "passed"]
    lost = {one.function for one in failed}
    declared = set(mistake.loses)
    if lost != declared:
        yield f"expected points lost on {sorted(declared)}, received {sorted(lost)}"
    said = [f"{one.message} {one.hint}" for one in failed if one.function in declared]
    if not any(mistake.hint in words for words in said):
        yield f"expected a hint with {mistake.hint!r}, received {sorted(set(said))[:3]}"


def _mutants(course, exercise, seed, jobs, sample):
    """Mutants of the solution die, and each that survives is listed with the reason."""
    _, equivalent = load_mistakes(course.mistakes / f"{exercise.name}.py")
    mutants = mutants_of(_text(course, exercise))
    if sample is not None and sample < len(mutants):
        mutants = [mutants[len(mutants) * n // sample] for n in range(sample)]
    candidates = []
    for n, one in enumerate(mutants):
        cells = ((str(course.solution(exercise.name)), one.text),)
        marked = one.function.split(".")[0]  # of a method, its class
        candidates.append(GradingJob(str(n), exercise.name, cells, seed, stop_on_failure=True, first_function=marked))
    control = GradingJob(
        "control", exercise.name, ((str(course.solution(exercise.name)), _text(course, exercise)),), seed
    )
    candidates.append(control)  # unchanged: if it died, all the others might have died of the same
    alive, controlled = set(), False
    for name, records in _with_answers(course, exercise, seed, candidates, jobs, time_limit=10.0):
        if all(one.status == "passed" for one in records):
            controlled = controlled or name == control.name
            alive |= set() if name == control.name else {int(name)}
    changes = [mutants[number].change for number in sorted(alive)]
    share = 1 - len(alive) / max(len(mutants), 1)
    failures = [] if controlled else ["the unchanged solution does not pass; nothing is proved"]
    failures += [f"survives, and no reason is given: {change}" for change in changes if change not in equivalent]
    if share < KILLED:
        failures.append(f"expected {KILLED:.0%} of the mutants to die, received {share:.1%}")
    if sample is None:
        idle = sorted(set(equivalent) - set(changes))
        failures += [f"listed as equivalent, and it died or is not made any more: {change}" for change in idle]
    return len(mutants), failures, f"{share:.1%} died, {len(alive)} survived"


def _leaks(course, exercise, seed):
    """Nothing of a solution or of a hidden test is in what a student receives, as scripts or as notebooks."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for notebooks in (False, True):
            place = Path(folder) / f"released-{notebooks}"
            release(course, place, notebooks, seed, [exercise])
            found += leaks(course, exercise.name, place)
    return 2, found
