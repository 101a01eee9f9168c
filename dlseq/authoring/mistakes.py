"""The mistakes that learners really make, each written out as a change to the solution."""

import importlib.util
import textwrap
from dataclasses import dataclass
from pathlib import Path

from dlseq.course.stubs import solution_blocks
from dlseq.errors import DataError

__all__ = ["Mistake", "load_mistakes", "wrong_solution"]


@dataclass(frozen=True)
class Mistake:
    """A wrong solution and what the tests have to say to it.

    Attributes:
        name: a line for people, "begins every step with a0".
        function: "function" or "Class.method" that is changed.
        loses: the functions that lose points, all of them and no others.
        hint: words that the hint or the message of a failed test of a losing function contains.
        change: (old, new) text; `old` occurs exactly once in the function's solution.
        body: text that takes the place of the function's whole solution instead; indented as one likes.
    """

    name: str
    function: str
    loses: tuple[str, ...]
    hint: str
    change: tuple[str, str] | None = None
    body: str | None = None


def wrong_solution(text: str, mistake: Mistake) -> str:
    """Makes a mistake in a solution.

    Args:
        text: the solution.
        mistake: which one.

    Returns:
        The text of the wrong solution.

    Raises:
        DataError: the function has no solution in the text, or the old text is not in it exactly once.

    Example:
        >>> solution = '''def one():
        ...     ### BEGIN SOLUTION
        ...     return 1
        ...     ### END SOLUTION
        ... '''
        >>> "return 2" in wrong_solution(solution, Mistake("two", "one", ("one",), "1", change=("1", "2")))
        True
    """
    blocks = [block for block in solution_blocks(text) if block.function == mistake.function]
    if not blocks:
        raise DataError(f"mistake {mistake.name!r}: there is no solution of {mistake.function}")
    lines = text.split("\n")
    if mistake.body is not None:
        body = textwrap.indent(textwrap.dedent(mistake.body).strip("\n"), blocks[0].indent)
        lines[blocks[0].first : blocks[0].last - 1] = body.split("\n")
        return "\n".join(lines)
    first, last = blocks[0].first, blocks[-1].last
    inside = "\n".join(lines[first:last])
    old, new = mistake.change
    if inside.count(old) != 1:
        raise DataError(
            f"mistake {mistake.name!r}: expected {old!r} once in {mistake.function}, found it {inside.count(old)} times"
        )
    lines[first:last] = inside.replace(old, new).split("\n")
    return "\n".join(lines)


def load_mistakes(path: Path) -> tuple[list[Mistake], dict[str, str]]:
    """Loads the mistakes of an exercise, and the mutants that are known to change nothing.

    Args:
        path: tests/mistakes/<exercise>.py, with `MISTAKES` and, where there are any, `EQUIVALENT`: from
            "function: old line => new line" to the reason why no test can tell.

    Returns:
        Both.

    Raises:
        DataError: there is no such file.
    """
    if not Path(path).is_file():
        raise DataError(f"expected the mistakes in {path}, found no file; write down what learners get wrong")
    spec = importlib.util.spec_from_file_location(f"mistakes_{Path(path).stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.MISTAKES), dict(getattr(module, "EQUIVALENT", {}))
