"""README of the folder that a student receives."""

from collections.abc import Iterable

from dlseq.course.exercises import Exercise

__all__ = ["student_readme"]

TEMPLATE = """# Sequence models, by building them

Each file in `exercises/` is a lesson with functions to complete. Read it from top to bottom and replace each line

    raise NotImplementedError("...")

with your code. Keep the names, arguments and return values that the docstring above it gives.

| exercise | about |
|---|---|
{table}

## Start

With Python 3.11 or newer, in this folder:

    pip install {install}
    dlseq check                  # your progress and the next step
    dlseq check {first} --hint   # every failed test, with its hint
    dlseq check {first} --watch  # checks again on each save; Ctrl-C ends it

`pytest tests/graded/test_{first}.py` runs the same tests.

{file_format}

Cells that train or plot are under `if __name__ == "__main__":`. They stop with `NotImplementedError` until the
functions above them are written; `dlseq check` skips them. Importing Keras takes a few seconds and may print some
lines about your processor, which are not errors.

This folder holds only the visible tests, so an exercise shows fewer than its 100 points. The hidden tests check the
same properties with other shapes and other values, so code that fits one case is not enough. The expected values here
were recorded with one seed; `dlseq check --seed` with another one does not work in this folder.
"""

SCRIPTS = """The exercises are scripts in percent format, which any editor opens. VS Code, PyCharm and Spyder show them
as cells. For Jupyter, `pip install jupyterlab jupytext`, and open them with a right click, "Open With", "Notebook"."""
NOTEBOOKS = """The exercises are notebooks: open them in VS Code, or `pip install jupyterlab`, then `jupyter lab`. The
last cell of each shows your progress; it tests the functions as they are in the notebook and can be run at any time.
`dlseq check` reads the file, so save first."""


def student_readme(exercises: Iterable[Exercise], notebooks: bool = False) -> str:
    """Return the README for a release.

    Args:
        exercises: the released exercises.
        notebooks: True if they are notebooks.

    Returns:
        Markdown text.
    """
    exercises = list(exercises)
    suffix = ".ipynb" if notebooks else ".py"
    table = "\n".join(f"| `exercises/{exercise.name}{suffix}` | {exercise.title} |" for exercise in exercises)
    install, file_format = ("'dlseq[notebooks]'", NOTEBOOKS) if notebooks else ("'dlseq[course]'", SCRIPTS)
    return TEMPLATE.format(table=table, first=exercises[0].name, install=install, file_format=file_format)
