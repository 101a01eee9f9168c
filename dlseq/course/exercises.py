"""Exercises of the course, in the order in which they are taught."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from dlseq.errors import DlseqError

__all__ = ["EXERCISES", "POINTS_PER_EXERCISE", "Exercise", "get_exercise", "get_exercises", "required_libraries"]

POINTS_PER_EXERCISE = 100  # visible and hidden tests together


@dataclass(frozen=True)
class Exercise:
    """An exercise: one file in `solutions/` and one of the same name in `exercises/`.

    Attributes:
        name: file name without its suffix; also the pytest marker and the name on the command line.
        title: one line, for tables and reports.
        libraries: modules that the file imports and that are slow to import, so that a process can load them early.
    """

    name: str
    title: str
    libraries: tuple[str, ...] = ()


EXERCISES = (
    Exercise("recurrent_network", "An RNN and an LSTM, step by step"),
    Exercise("rnn_architectures", "The five types of recurrent networks", ("keras",)),
    Exercise("name_generation", "A model that invents names, letter by letter", ("keras",)),
    Exercise("language_model", "The probability of a sentence"),
    Exercise("date_normalization", "Human dates, read with attention", ("keras",)),
    Exercise("attention_layer", "Attention as a layer of your own", ("keras", "matplotlib.pyplot")),
    Exercise("encoder_decoder", "Translation, without attention and with it", ("keras",)),
    Exercise("beam_search", "Beam search, BLEU, and the part that is at fault"),
    Exercise("sentiment", "Stars of a review: a mean of words, and an LSTM", ("keras",)),
    Exercise("image_captioning", "A caption for a picture, word by word", ("keras",)),
    Exercise("visual_question_answering", "Questions about a picture", ("keras",)),
    Exercise("music_generation", "Melodies, note by note", ("keras",)),
)


def get_exercise(name: str) -> Exercise:
    """Return the exercise of a name.

    Args:
        name: such as "recurrent_network".

    Returns:
        The `Exercise`.

    Raises:
        DlseqError: unknown name; the message proposes the closest ones.

    Example:
        >>> get_exercise("recurrent_network").title
        'An RNN and an LSTM, step by step'
        >>> get_exercise("recurent_netwrok")
        Traceback (most recent call last):
        dlseq.errors.DlseqError: Unknown exercise: 'recurent_netwrok'. Did you mean recurrent_network?
    """
    by_name = {exercise.name: exercise for exercise in EXERCISES}
    if name in by_name:
        return by_name[name]
    if close := difflib.get_close_matches(str(name), by_name, n=2):
        raise DlseqError(f"Unknown exercise: {name!r}. Did you mean {' or '.join(close)}?")
    raise DlseqError(f"Unknown exercise: {name!r}. Expected one of: {', '.join(by_name)}.")


def get_exercises(names: Iterable[str] = ()) -> tuple[Exercise, ...]:
    """Return exercises by name, each once, in the order of the course; all of them for no names.

    Example:
        >>> [exercise.name for exercise in get_exercises(["date_normalization", "recurrent_network"])]
        ['recurrent_network', 'date_normalization']
    """
    wanted = {get_exercise(name) for name in names}
    return tuple(exercise for exercise in EXERCISES if not wanted or exercise in wanted)


def required_libraries(exercises: Iterable[Exercise]) -> list[str]:
    """Return the modules that exercises import, NumPy first, each once.

    Example:
        >>> required_libraries(get_exercises(["recurrent_network", "date_normalization"]))
        ['numpy', 'keras']
    """
    return list(dict.fromkeys(["numpy", *(library for exercise in exercises for library in exercise.libraries)]))
