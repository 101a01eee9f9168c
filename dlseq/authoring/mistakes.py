"""Known mistakes of learners, each a change to the solution that the graded tests must catch."""

import importlib.util
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dlseq.course.stubs import solution_blocks
from dlseq.errors import DataError

__all__ = [
    "Mistake",
    "apply_mistake",
    "load_equal_spellings",
    "load_mistakes",
    "load_unread_arguments",
    "mistakes_in",
]


@dataclass(frozen=True)
class Mistake:
    """A known mistake and its expected test results.

    Attributes:
        name: one line for reports, such as "begins every step with a0".
        function: "function" or "Class.method" to change.
        loses: the functions that lose points, all of them and no others.
        hint: text that the hint or the message of a failed test of a losing function contains.
        change: (old, new) text; `old` occurs exactly once in the function's solution.
        body: alternative to `change`: text that replaces the function's whole solution, with any indentation.
    """

    name: str
    function: str
    loses: tuple[str, ...]
    hint: str
    change: tuple[str, str] | None = None
    body: str | None = None


def mistakes_in(function: str, rows: Iterable[tuple[str, ...]], *, loses: tuple[str, ...] = ()) -> list[Mistake]:
    """List mistakes in one function.

    Args:
        function: as in `Mistake`. Each name begins with it, so that the mistakes of two functions may be called alike.
        rows: (name, hint, old text, new text) of a change, or (name, hint, body).
        loses: the functions that lose points. Defaults to the function alone.

    Example:
        >>> [mistake] = mistakes_in("double", [("does nothing", "Nothing happened", "return x")])
        >>> mistake.name, mistake.loses, mistake.body
        ('double: does nothing', ('double',), 'return x')
    """
    return [
        Mistake(
            f"{function}: {name}",
            function,
            loses or (function,),
            hint,
            **({"body": change[0]} if len(change) == 1 else {"change": tuple(change)}),
        )
        for name, hint, *change in rows
    ]


def apply_mistake(text: str, mistake: Mistake) -> str:
    """Apply a mistake to a solution.

    Args:
        text: source of the solution.
        mistake: the mistake.

    Returns:
        Source of the wrong solution.

    Raises:
        DataError: a function without a solution, or an old text that does not occur exactly once in it.

    Example:
        >>> solution = '''def one():
        ...     ### BEGIN SOLUTION
        ...     return 1
        ...     ### END SOLUTION
        ... '''
        >>> "return 2" in apply_mistake(solution, Mistake("two", "one", ("one",), "1", change=("1", "2")))
        True
    """
    blocks = [block for block in solution_blocks(text) if block.function == mistake.function]
    if not blocks:
        raise DataError(f"mistake {mistake.name!r}: expected a solution block in {mistake.function}, found none")
    lines = text.split("\n")
    if mistake.body is not None:
        body = textwrap.indent(textwrap.dedent(mistake.body).strip("\n"), blocks[0].indent)
        lines[blocks[0].first : blocks[0].last - 1] = body.split("\n")
        return "\n".join(lines)
    first, last = blocks[0].first, blocks[-1].last
    solution = "\n".join(lines[first:last])
    old, new = mistake.change
    if solution.count(old) != 1:
        raise DataError(
            f"mistake {mistake.name!r}: expected {old!r} once in {mistake.function}, "
            f"found it {solution.count(old)} times"
        )
    lines[first:last] = solution.replace(old, new).split("\n")
    return "\n".join(lines)


def load_mistakes(path: Path) -> tuple[list[Mistake], dict[str, str]]:
    """Load the known mistakes of an exercise, and its equivalent mutants.

    Args:
        path: tests/mistakes/<exercise>.py. It defines `MISTAKES` and optionally `EQUIVALENT`, a dict from
            "function: old line => new line" to the reason why no test can detect the mutant.

    Returns:
        mistakes: list of `Mistake`.
        equivalent: dict from mutants to reasons.

    Raises:
        DataError: the file does not exist.
    """
    module = _load_module(path)
    return list(module.MISTAKES), dict(getattr(module, "EQUIVALENT", {}))


def load_unread_arguments(path: Path) -> dict[str, str]:
    """Load the replaced arguments of an exercise that no test can detect.

    Args:
        path: tests/mistakes/<exercise>.py. It optionally defines `UNREAD_ARGUMENTS`, a dict from
            "function: argument = expression", or "function: argument" for all expressions, to the reason.

    Raises:
        DataError: the file does not exist.
    """
    return dict(getattr(_load_module(path), "UNREAD_ARGUMENTS", {}))


def load_equal_spellings(path: Path) -> dict[str, list[tuple[str, str, str]]]:
    """Load algebraically equal spellings of a solution, which earn all points.

    Args:
        path: tests/mistakes/<exercise>.py. It optionally defines `EQUAL_SPELLINGS`.

    Returns:
        A list of changes (function, old text, new text), as in `Mistake`, by the name of the spelling.

    Raises:
        DataError: the file does not exist.
    """
    return dict(getattr(_load_module(path), "EQUAL_SPELLINGS", {}))


def _load_module(path):
    if not Path(path).is_file():
        raise DataError(f"Cannot find the mistakes: expected the file {path}. Write one that lists MISTAKES.")
    spec = importlib.util.spec_from_file_location(f"mistakes_{Path(path).stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
