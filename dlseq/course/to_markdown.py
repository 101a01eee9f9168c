"""Conversion of percent-format scripts into Markdown pages."""

import re

__all__ = ["to_markdown"]

CELL = re.compile(r"^# %%(.*)$\n?", re.MULTILINE)
HEADING = re.compile(r"^#+ ")


def to_markdown(text: str, note: str = "") -> str:
    """Convert a percent-format script into a Markdown page: text as it is, code in fences.

    Args:
        text: the script.
        note: a paragraph to insert below the first heading. Defaults to "", none.

    Returns:
        The page. A fence within the text, without a language, is marked as text.

    Example:
        >>> print(to_markdown("# %% [markdown]\\n# # One\\n# A *lesson*.\\n\\n# %%\\nx = 1\\n", "Note."))
        # One
        <BLANKLINE>
        Note.
        <BLANKLINE>
        A *lesson*.
        <BLANKLINE>
        ```python
        x = 1
        ```
        <BLANKLINE>
    """
    parts = CELL.split(text)[1:]
    blocks = []
    for kind, source in zip(parts[::2], parts[1::2], strict=True):
        source = source.strip("\n")
        if "[markdown]" in kind:
            blocks.append(_mark_fences("\n".join(_uncommented(line) for line in source.splitlines())))
        elif source:
            blocks.append(f"```python\n{source}\n```")
    first, rest = (blocks or [""])[0], blocks[1:]
    if note and HEADING.match(first):
        heading, _, below = first.partition("\n")
        first = "\n\n".join(filter(None, [heading, note, below.strip("\n")]))
    elif note:
        first = f"{note}\n\n{first}"
    return "\n\n".join([first, *rest]) + "\n"


def _uncommented(line):
    return line.removeprefix("# ") if line.startswith("# ") else line.removeprefix("#")


def _mark_fences(text):
    """Mark each opening fence that has no language as text, which no lexer then guesses at."""
    lines, is_open = [], False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            line, is_open = f"{line}text" if not is_open and line.strip() == "```" else line, not is_open
        lines.append(line)
    return "\n".join(lines)
