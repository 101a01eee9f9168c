"""Translation of the messages of `dlseq check`."""

from collections.abc import Callable, Iterable

from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course
from dlseq.languages import choose_language, get_translator

__all__ = ["message_translator"]


def message_translator(
    course: Course, exercises: Iterable[Exercise], language: str | None = None
) -> Callable[[str], str]:
    """Return a function that translates messages of the package and of the graded tests of exercises.

    Args:
        course: the course with the tests.
        exercises: the exercises.
        language: one of `dlseq.languages.LANGUAGES`. Defaults to that of the hand-out, or of the locale.

    Raises:
        DlseqError: unknown language, or a file of translations that cannot be read.
    """
    chosen = choose_language(language, course.language)
    return get_translator(chosen, [course.messages(exercise.name, chosen) for exercise in exercises])
