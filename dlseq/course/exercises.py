"""The exercises of the course, in the order in which they are taught."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from dlseq.errors import DlseqError

__all__ = ["EXERCISES", "POINTS", "Exercise", "exercise", "exercises", "libraries_of"]

POINTS = 100  # of each exercise, visible and hidden tests together


@dataclass(frozen=True)
class Exercise:
    """One file in `solutions/` and one of the same name in `exercises/`.

    Attributes:
        name: the name of the file without its suffix, of the pytest marker, and on the command line.
        title: a line for people.
        libraries: that the file imports and that take long to import, so that callers can do it once and early.
    """

    name: str
    title: str
    libraries: tuple[str, ...] = ()


EXERCISES = (
    Exercise("recurrent_network", "An RNN and an LSTM, step by step"),
    Exercise("name_generation", "A model that invents names, letter by letter", ("keras",)),
    Exercise("language_model", "The probability of a sentence"),
    Exercise("date_normalization", "Human dates, read with attention", ("keras",)),
    Exercise("attention_layer", "Attention as a layer of your own", ("keras", "matplotlib.pyplot")),
)


def exercise(name: str) -> Exercise:
    """Finds an exercise by its name.

    Args:
        name: such as "recurrent_network".

    Returns:
        The `Exercise`.

    Raises:
        DlseqError: there is none of that name; the message proposes the closest ones.

    Example:
        >>> exercise("recurrent_network").title
        'An RNN and an LSTM, step by step'
        >>> exercise("recurent_netwrok")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: no exercise is called 'recurent_netwrok'; did you mean recurrent_network?
    """
    by_name = {one.name: one for one in EXERCISES}
    if name in by_name:
        return by_name[name]
    close = difflib.get_close_matches(str(name), by_name, n=2) or list(by_name)
    ask = "did you mean" if len(close) <= 2 else "expected one of"
    end = "?" if len(close) <= 2 else ""
    raise DlseqError(f"no exercise is called {name!r}; {ask} {' or '.join(close) if end else ', '.join(close)}{end}")


def exercises(names: Iterable[str] = ()) -> tuple[Exercise, ...]:
    """Finds several, without doubles, in the order of the course; all of them where no name is given.

    Example:
        >>> [one.name for one in exercises(["date_normalization", "recurrent_network"])]
        ['recurrent_network', 'date_normalization']
    """
    wanted = {exercise(name) for name in names}
    return tuple(one for one in EXERCISES if not wanted or one in wanted)


def libraries_of(chosen: Iterable[Exercise]) -> list[str]:
    """What files of some exercises import, NumPy first, each once.

    Example:
        >>> libraries_of(exercises(["recurrent_network", "date_normalization"]))
        ['numpy', 'keras']
    """
    return list(dict.fromkeys(["numpy", *(name for one in chosen for name in one.libraries)]))
