"""The tests that reach a function of a solution: a change in the function can alter the result of no other test."""

import os
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from dlseq.authoring.mutation.argument_patch import append_call, patch_function
from dlseq.course.stubs import graded_functions

__all__ = ["Reach", "reaching_tests", "read_reach", "record_reach", "tracing_text"]

Reach = Mapping[str, Set[str]]
"""Names of the tests that call a function, by function."""

CURRENT_TEST = "PYTEST_CURRENT_TEST"  # pytest's variable: the test that runs, and its phase in parentheses


def tracing_text(text: str, path: Path) -> str:
    """Return a solution that appends to a file which of its functions each test calls; see `record_reach`."""
    return append_call(text, f"record_reach(globals(), {graded_functions(text)}, {str(path)!r})", __name__)


def record_reach(namespace: dict, functions: Iterable[str], path: Path) -> None:
    """Append a line "test, tab, function" to a file at the first call of each function in each test.

    Args:
        namespace: variables of the solution; its functions are replaced.
        functions: "function" or "Class.method".
        path: the file.
    """
    written = set()

    def make_recorder(function, original):
        def record(*arguments, **keywords):
            line = f"{os.environ.get(CURRENT_TEST, '')}\t{function}\n"
            if line not in written:
                written.add(line)
                with Path(path).open("a", encoding="utf-8") as file:
                    file.write(line)
            return original(*arguments, **keywords)

        return record

    for function in functions:
        patch_function(namespace, function, lambda original, function=function: make_recorder(function, original))


def read_reach(path: Path) -> dict[str, set[str]]:
    """Read the names of the tests that called each function, such as "test_state[one column]", from such a file.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "reach.txt"
        ...     _ = file.write_text("tests/test_rnn.py::test_loop[3 steps] (call)\\trnn_forward\\n")
        ...     read_reach(file)
        {'rnn_forward': {'test_loop[3 steps]'}}
    """
    reach = {}
    for line in Path(path).read_text("utf-8").splitlines():
        test, function = line.rsplit("\t", 1)
        name = test.partition("::")[2].rpartition(" (")[0]
        reach.setdefault(function, set()).add(name)
    return reach


def reaching_tests(reach: Reach, functions: Iterable[str]) -> tuple[str, ...] | None:
    """Return the tests that reach one of some functions, sorted; `None`, all tests, if one of them is unknown.

    A class stands for all of its methods, and a method that no test has called for its class.

    Example:
        >>> reach = {"Doubler.call": {"test_twice"}, "Doubler.__init__": {"test_twice", "test_size"}}
        >>> reaching_tests(reach, ["Doubler"]), reaching_tests(reach, ["Doubler.call"])
        (('test_size', 'test_twice'), ('test_twice',))
    """
    found = set()
    for function in functions:
        owner = function.partition(".")[0]
        known = {function} & reach.keys() or {name for name in reach if name.partition(".")[0] == owner}
        if not known:
            return None
        found |= set().union(*(reach[name] for name in known))
    return tuple(sorted(found))
