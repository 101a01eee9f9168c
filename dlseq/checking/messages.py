"""Translation of the messages that a student reads: test results, errors and help."""

from collections.abc import Callable, Iterable

from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course, find_course
from dlseq.errors import DlseqError
from dlseq.languages import LANGUAGES, choose_language, get_translator

__all__ = ["command_translator", "message_translator"]


def command_translator(language: str | None = None) -> Callable[[str], str]:
    """Return a function that translates errors and help of the command line.

    Args:
        language: one of `dlseq.languages.LANGUAGES`; another one counts as none, since the error may be about it.
            Defaults to that of the hand-out around the current folder, or of the locale.

    Example:
        >>> command_translator("ko")("Unknown exercise: 'rnn'. Expected one of: recurrent_network.")
        "없는 연습 문제입니다: 'rnn'. 다음 중 하나를 쓰세요: recurrent_network."
    """
    try:
        of_course = find_course().language
    except DlseqError:
        of_course = None
    return get_translator(choose_language(language if language in LANGUAGES else None, of_course))


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
