"""The statements of a submission's file: parsed once, then run one after the other in a fresh module for each test.

A statement that fails costs what it would have defined, and nothing else. Calls of graded functions at the top level,
by which a notebook tries them out, are left out: they take time, and a layer that was called keeps its sizes. What a
slow statement has computed is kept for later tests (`dlseq.grading.worker.loading.kept_values`).
"""

import ast
import contextlib
import numbers
import re
import time
import types
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from dlseq.grading.worker.ipython_cells import is_cell_name, left_out_type, parse_cell
from dlseq.grading.worker.loading.exceptions import describe_exception, format_place
from dlseq.grading.worker.loading.kept_values import KeptValues
from dlseq.grading.worker.loading.names import needed_names
from dlseq.grading.worker.loading.placeholders import unstarted_functions
from dlseq.grading.worker.loading.statements import DYNAMIC, UNKNOWN, Statement, classify
from dlseq.grading.worker.loading.time_limits import StatementTimeout, TimeLimitExceeded, statement_limit

__all__ = ["LoadReport", "Program"]

SLOW_CPU_SECONDS, SLOW_SECONDS = 0.1, 2.0  # a statement beyond one runs once in a process, if that can be
MAX_NOTES = 100
MAX_NAMES = 50  # of a note
PLAIN_TYPES = (numbers.Number, str, bytes, type(None))
CELL_MARKER = re.compile(r"^# (?:%%|In\[)", re.MULTILINE)  # in a script that was a notebook


@dataclass(frozen=True)
class LoadReport:
    """The statements that failed in a load.

    Attributes:
        notes: {"kind", "message", "place", "names"} each, as of `describe_exception`, with the names that the
            statement would have defined. The kind is that of an exception, "TimeLimit" for a statement that was
            interrupted, "NotRun" after the time of the whole file was over, "NoCode" for a cell of another type.
        interrupted: indices of statements that were interrupted.
    """

    notes: list
    interrupted: list


class Program:
    """Parsed code of a submission.

    Args:
        cells: (name, text) of each piece of code in order: one for a script, one per cell of a notebook.
        graded: names of the functions that tests use. Without any, every statement runs in each load.

    Attributes:
        error: {"kind", "message", "place"} if nothing of the code can be compiled, else None.
        unstarted: functions that hold the placeholders `x = None` of an assignment and little else.
    """

    def __init__(self, cells: Sequence[tuple[str, str]], graded: Collection[str] = ()):
        self.files = tuple(dict.fromkeys(file for file, _ in cells if not left_out_type(file)))
        self._syntax_notes, self._statements = [], []
        self.unstarted: frozenset = frozenset()
        flags = 0
        for file, text in cells:
            if cell_type := left_out_type(file):
                place = f"{file.partition(' (')[0]}, line 1"
                note = {"kind": "NoCode", "message": cell_type, "place": place, "names": _defined_in(text)}
                self._syntax_notes.append(note)
                continue
            for tree in self._parse(file, text):
                self.unstarted |= unstarted_functions(tree)
                for node in tree.body:
                    flags |= _future_flags(node)
                    self._add(file, node, flags)
        self.error = None
        errors = [note for note in self._syntax_notes if note["kind"] != "NoCode"]
        if not self._statements and errors:
            self.error = {name: errors[0][name] for name in ("kind", "message", "place")}
            self._syntax_notes.remove(errors[0])
        if graded:
            classify(self._statements, frozenset(graded))

    def run(
        self,
        module: types.ModuleType,
        *,
        skip: Collection[int] = (),
        statement_seconds: float | None = None,
        file_seconds: float | None = None,
        after_import: Callable[[], None] = lambda: None,
    ) -> LoadReport:
        """Run the statements in a module.

        Args:
            module: a fresh module.
            skip: indices of statements that were interrupted before.
            statement_seconds: limit of each statement that no graded function needs. Defaults to none. Others have
                that of the file, imports none.
            file_seconds: time after which only definitions are run, without that of imports. Defaults to none.
            after_import: called after each import.
        """
        notes, interrupted, started = list(self._syntax_notes), [], time.monotonic()
        left_out: set = set()
        for index, statement in enumerate(self._statements):
            trial = statement.trial or any(_keeps_state(module, name) for name in statement.tries)
            if trial or statement.once or index in skip:
                left_out |= statement.names.defines if trial else set()
                continue
            if file_seconds is not None and not statement.definition and time.monotonic() - started > file_seconds:
                notes.append(self._note(statement, "NotRun", ""))
                continue
            module.__file__ = statement.file
            if statement.kept is not None:
                statement.kept.restore(module.__dict__)
                continue
            before = dict(module.__dict__)
            began, cpu_began = time.monotonic(), time.process_time()
            limit = file_seconds if statement.essential and file_seconds is not None else statement_seconds
            try:
                with statement_limit(None if statement.is_import else limit):
                    exec(statement.code, module.__dict__)  # noqa: S102
                failed = False
                if statement.definition:
                    after_import()
            except (TimeLimitExceeded, KeyboardInterrupt):
                raise
            except StatementTimeout:
                interrupted.append(index)
                failed = True
                notes.append(self._note(statement, "TimeLimit", f"{limit:g}"))
            except BaseException as error:
                failed = True
                if not (isinstance(error, NameError) and error.name in left_out):  # it belongs to a trial
                    notes.append(self._note(statement, **describe_exception(error, self.files)))
            if statement.is_import:
                started += time.monotonic() - began
            is_slow = time.process_time() - cpu_began > SLOW_CPU_SECONDS or time.monotonic() - began > SLOW_SECONDS
            if not statement.essential:
                statement.once = failed or is_slow
            elif is_slow and not failed and not statement.definition:
                statement.kept = self._keep(statement, module.__dict__, before)
        return LoadReport(notes[:MAX_NOTES], interrupted)

    def _keep(self, statement, namespace, before):
        """Return the values that an essential statement has made, if they are data; else None."""
        names = statement.names
        if names is UNKNOWN or names.needs_now & DYNAMIC:
            return None
        reached = needed_names([other.names for other in self._statements], names.defines | names.changes)
        with contextlib.suppress(TypeError, ValueError):
            return KeptValues(namespace, before, reached | names.needs_now)
        return None

    def _note(self, statement, kind, message, place=""):
        place = place or format_place(self.files, statement.file, statement.line)
        return {"kind": kind, "message": message, "place": place, "names": _names(statement.names.defines)}

    def _parse(self, file, text):
        """Yield the syntax trees of a piece of code; of a script with cell markers and an error, those of its cells."""
        try:
            yield parse_cell(text, file)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            starts = [match.start() for match in CELL_MARKER.finditer(text)]
            if is_cell_name(file) or not starts:
                self._syntax_notes.append({**_as_syntax_error(error, self.files), "names": _defined_in(text)})
                return
            for start, end in zip([0, *starts], [*starts, len(text)], strict=True):
                try:
                    lines_before = text.count("\n", 0, start)
                    yield parse_cell("\n" * lines_before + text[start:end], file)
                except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                    note = {**_as_syntax_error(error, self.files), "names": _defined_in(text[start:end])}
                    self._syntax_notes.append(note)

    def _add(self, file, node, flags):
        tree = ast.Module([node], [])
        try:
            code = compile(tree, file, "exec", flags, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            self._syntax_notes.append({**_as_syntax_error(error, self.files), "names": _names(_bound_by(node))})
            return
        self._statements.append(Statement.of(tree, file, code))


def _keeps_state(module, name):
    """Return True unless a variable is a number or text: `Dense(n_values)` is no trial, `show(densor)` may be one."""
    return name in module.__dict__ and not issubclass(type(module.__dict__[name]), PLAIN_TYPES)


def _future_flags(node):
    """Return the compiler flags of `from __future__ import …`, which hold for all later statements."""
    if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
        return 0
    import __future__

    features = (getattr(__future__, alias.name, None) for alias in node.names)
    return sum(feature.compiler_flag for feature in features if hasattr(feature, "compiler_flag"))


def _as_syntax_error(error, files):
    described = describe_exception(error, files)
    return described if isinstance(error, SyntaxError) else {**described, "kind": "SyntaxError"}


def _defined_in(text):
    """Return the functions and classes that a text without a syntax tree seems to define."""
    return _names(re.findall(r"^(?:def|class)[ \t]+(\w+)", text, re.MULTILINE))


def _bound_by(node):
    return [node.name] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else []


def _names(names: Iterable[str]) -> list[str]:
    return sorted(set(names))[:MAX_NAMES]
