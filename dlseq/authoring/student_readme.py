"""The README that stands in the folder a student receives."""

from collections.abc import Iterable

from dlseq.course.exercises import Exercise

__all__ = ["student_readme"]

TEXT = """# Sequence models, by building them

Each file in `exercises/` is a lesson with gaps. Read it from top to bottom; where a line says

    raise NotImplementedError("...")

your code goes in its place. Names, arguments and what comes back are given in the text above: keep them.

| exercise | about |
|---|---|
{table}

## Start

With Python 3.11 or newer, in this folder:

    pip install {install}
    dlseq check                  # how far you are, and what to do next
    dlseq check {first} --hint   # all that is known about what is wrong
    dlseq check {first} --watch  # looks again each time you save; Ctrl-C ends it

Those who prefer pytest find the same tests in `tests/graded/`: `pytest tests/graded/test_{first}.py`.

{way}

Cells that train or draw stand under `if __name__ == "__main__":`. They stop with `NotImplementedError` until the
functions above them are written; `dlseq check` leaves them out. Importing Keras takes a few seconds and may print some
lines about your processor, which are no errors.

Only some of the tests are here, so an exercise shows fewer than its 100 points. Those that make up the rest ask the
same of other sizes and other numbers, so code that fits one case will not do. The expected values here were recorded
for one choice of numbers; `--dlseq-seed` with another one does not work in this folder.
"""

SCRIPTS = """The exercises are scripts in percent format, which any editor opens. VS Code, PyCharm and Spyder show them
as cells. For Jupyter, `pip install jupyterlab jupytext`, and open them with a right click, "Open With", "Notebook"."""
NOTEBOOKS = """The exercises are notebooks: open them in VS Code, or `pip install jupyterlab`, then `jupyter lab`. The
last cell of each shows how far you are; it marks the functions as they are in the notebook and can be run at any time.
`dlseq check` reads the file, so save first."""


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
    install, way = ("'dlseq[notebooks]'", NOTEBOOKS) if notebooks else ("dlseq", SCRIPTS)
    return TEXT.format(table=table, first=exercises[0].name, install=install, way=way)
