"""The README that stands in the folder a student receives."""

from collections.abc import Iterable

from dlseq.course.catalogue import Exercise

__all__ = ["student_readme"]

TEXT = """# Sequence models, by building them

Each file in `exercises/` is a lesson with gaps. Read it from top to bottom; where a line says

    raise NotImplementedError("...")

your code goes in its place. Names, arguments and what comes back are given in the text above: keep them.

| exercise | about |
|---|---|
{table}

## Start

    pip install dlseq
    dlseq check                  # how far you are, and what to do next
    dlseq check {first} --hint   # all that is known about what is wrong
    dlseq check {first} --watch  # looks again each time you save

{way}

Only some of the tests are here. The ones that count for your mark ask the same of other sizes and other numbers, so
code that fits one case will not do. What the tests expect was recorded for one seed; running `pytest` in this folder
uses it.
"""

SCRIPTS = """The exercises are scripts in percent format: VS Code, PyCharm and Spyder show them as cells, and Jupyter
opens them as notebooks through jupytext."""
NOTEBOOKS = """The exercises are notebooks. The last cell of each shows how far you are; it marks the functions
as they are in the notebook. `dlseq check` reads the file, so save first."""


def student_readme(exercises: Iterable[Exercise], notebooks: bool = False) -> str:
    """Writes it.

    Args:
        exercises: those that were released.
        notebooks: whether they are notebooks.

    Returns:
        Markdown.
    """
    exercises = list(exercises)
    suffix = ".ipynb" if notebooks else ".py"
    table = "\n".join(f"| `exercises/{one.name}{suffix}` | {one.title} |" for one in exercises)
    return TEXT.format(table=table, first=exercises[0].name, way=NOTEBOOKS if notebooks else SCRIPTS)
