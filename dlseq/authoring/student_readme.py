"""README of the folder that a student receives."""

from collections.abc import Iterable

from dlseq.course.exercises import Exercise
from dlseq.languages import get_translator
from dlseq.languages.choice import SOURCE_LANGUAGE

__all__ = ["student_readme"]

TEMPLATE = """# Sequence models, by building them

Each file in `exercises/` is a lesson with functions to complete. Read it from top to bottom and replace each line

    raise NotImplementedError("...")

with your code. Keep the names, arguments and return values that the docstring above it gives.

| exercise | about |
|---|---|
{table}

## Start

With Python 3.11, 3.12 or 3.13, in a terminal in this folder:

    python3 -m venv .venv        # on Windows: py -m venv .venv
    . .venv/bin/activate         # on Windows: .venv\\Scripts\\activate
    pip install "./{wheel}[{extra}]"

The last command installs `dlseq` from the file in this folder, and Keras and TensorFlow from the internet, which takes
some minutes. From then on, a new terminal needs the second command alone. Then:

    dlseq check                  # your progress and the next step
    dlseq check {first} --hint   # every failed test, with its hint
    dlseq check {first} --watch  # checks again on each save; Ctrl-C ends it

`pytest tests/graded/test_{first}.py` runs the same tests.

{file_format}

Cells that train or plot are under `if __name__ == "__main__":`. They stop with `NotImplementedError` until the
functions above them are written; `dlseq check` skips them. Importing Keras takes a few seconds and may print some
lines about your processor, which are not errors. `dlseq doctor` shows what is installed and what is missing.

This folder holds only the visible tests, so an exercise shows fewer than its 100 points. The hidden tests check the
same properties with other shapes and other values, so code that fits one case is not enough. The expected values here
were recorded with one seed; `dlseq check --seed` with another one does not work in this folder.
"""

SCRIPTS = """The exercises are scripts in percent format, which any editor opens. VS Code, PyCharm and Spyder show them
as cells. For Jupyter, `pip install jupyterlab jupytext`, and open them with a right click, "Open With", "Notebook"."""
NOTEBOOKS = """The exercises are notebooks: open them in VS Code, or `pip install jupyterlab`, then `jupyter lab`. The
last cell of each shows your progress; it tests the functions as they are in the notebook and can be run at any time.
`dlseq check` reads the file, so save first.

On Google Colab and Kaggle nothing of the above is needed: open a notebook there, give it this whole folder as one zip
file (Colab: the folder symbol on the left, then upload; Kaggle: Add Input, Upload, with internet switched on), and run
its first cell, which installs `dlseq` from it."""


def student_readme(
    exercises: Iterable[Exercise], wheel: str, notebooks: bool = False, language: str = SOURCE_LANGUAGE
) -> str:
    """Return the README for a release.

    Args:
        exercises: the released exercises.
        wheel: file name of the package's wheel in the folder.
        notebooks: True if they are notebooks.
        language: one of `dlseq.languages.LANGUAGES`.

    Returns:
        Markdown text.
    """
    exercises, translate = list(exercises), get_translator(language)
    suffix = ".ipynb" if notebooks else ".py"
    table = "\n".join(
        f"| `exercises/{exercise.name}{suffix}` | {translate(exercise.title)} |" for exercise in exercises
    )
    extra, file_format = ("notebooks", NOTEBOOKS) if notebooks else ("course", SCRIPTS)
    first = exercises[0].name
    template, file_format = (
        "\n\n".join(translate(paragraph) for paragraph in text.split("\n\n")) for text in (TEMPLATE, file_format)
    )
    return template.format(table=table, first=first, wheel=wheel, extra=extra, file_format=file_format)
