"""Notebook cells without what only IPython understands. Nothing is parsed as Python: the text may be hostile."""

import re

__all__ = ["without_magics"]

_ESCAPE = re.compile(r"[ \t]*[%!?,;/]")  # no statement of Python begins with one of these
_TOKEN = re.compile(
    r"""(?P<comment>\#.*)
    |(?P<quote>\"{3}|'{3}|"|')
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<set>(?<![=!<>%*/+\-|&^@:~])=[ \t]*(?P<shell>[%!])(?!=))
    |(?P<help>\?{1,2}[ \t]*$)
    |(?P<more>\\$)""",
    re.VERBOSE,
)
_RUNNING = ("%%time", "%%capture", "%%prun")  # cell magics that run the cell in the notebook's own names
_IN_STRING = {quote: re.compile(rf"\\.|{quote}|\\$") for quote in ("'", '"', "'''", '"""')}


def without_magics(source: str) -> str:
    r"""The text of a notebook's cell without shell lines, magics and questions for help.

    What stands inside a string, or in the middle of a statement, is Python's and stays. Lines keep their numbers.

    Args:
        source: text of a cell.

    Returns:
        The text with `pass` in the place of each such line, `x = None` for `x = %magic`, `x = []` for `x = !command`;
        nothing of a cell that begins with %%, unless that runs the rest here and now, as %%time does. A cell that is
        indented as a whole is moved to the left.

    Example:
        >>> without_magics("%matplotlib inline\nx = 1")
        'pass\nx = 1'
        >>> without_magics("if x:\n    !pip install \\\n    numpy\nlen?")
        'if x:\n    pass\n\npass'
    """
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    lines = [line.removeprefix(indent) for line in lines]
    if first.lstrip(" \t").startswith("%%"):
        if first.split()[0] not in _RUNNING:
            return ""
        lines[next(number for number, line in enumerate(lines) if line.strip())] = ""
    kept, reader, dropping = [], _Reader(), False
    for line in lines:
        if dropping:
            kept.append("")
        elif reader.between_statements and _ESCAPE.match(line):
            kept.append(line[: len(line) - len(line.lstrip(" \t"))] + "pass")
        else:
            kept.append(reader.read(line))
            dropping = reader.replaced and line.endswith("\\")
            continue
        dropping = line.endswith("\\")
    return "\n".join(kept)


class _Reader:
    """Goes through code line by line, and knows whether a line is inside of a string, of brackets or of a statement."""

    def __init__(self):
        self.quote, self.depth, self.more, self.replaced = "", 0, False, False

    @property
    def between_statements(self):
        return not (self.quote or self.depth or self.more)

    def read(self, line):
        """The line as Python has it."""
        fresh, self.more, self.replaced, place = self.between_statements, False, False, 0
        while True:
            if self.quote:
                place = self._leave_string(line, place)
            if self.quote or (found := _TOKEN.search(line, place)) is None:
                return line
            kind, place = found.lastgroup, found.end()
            if found["set"] and fresh and not self.depth:
                self.replaced = True
                return line[: found.start() + 1] + (" []" if found["shell"] == "!" else " None")
            if found["help"] and fresh and not self.depth:
                return line[: len(line) - len(line.lstrip(" \t"))] + "pass"
            if kind == "quote":
                self.quote = found["quote"]
            elif kind == "open":
                self.depth += 1
            elif kind == "close":
                self.depth = max(0, self.depth - 1)
            elif kind == "more":
                self.more = True
            elif kind == "comment":
                return line

    def _leave_string(self, line, place):
        """Where the code goes on; a string of one line ends with it, unless there is a backslash."""
        for found in _IN_STRING[self.quote].finditer(line, place):
            if found[0] == self.quote:
                self.quote = ""
                return found.end()
            if found[0] == "\\":
                return len(line)
        if len(self.quote) == 1:
            self.quote = ""
        return len(line)
