"""Lessons of a course in its languages: the text of a stub, translations that are stale, messages of visible tests."""

import io
from collections.abc import Iterable

from dlseq.course.exercises import Exercise
from dlseq.course.layout import Course
from dlseq.course.stubs import make_stub
from dlseq.course.translations import stamp_cells, translate_stub, translation_problems
from dlseq.errors import DlseqError
from dlseq.files import atomic_write
from dlseq.languages import LANGUAGES, read_messages
from dlseq.languages.choice import SOURCE_LANGUAGE
from dlseq.languages.sources import normalize_message, source_messages

__all__ = ["lesson_problems", "lesson_text", "select_visible_messages", "stamp_lessons", "untranslated_exercises"]


def lesson_text(course: Course, name: str, language: str = SOURCE_LANGUAGE) -> str:
    """Return the stub of an exercise in a language; in English if it has no translation.

    Args:
        course: a course with solutions.
        name: name of the exercise.
        language: one of `dlseq.languages.LANGUAGES`.

    Raises:
        DataError: a solution with invalid markers, or a translation that no longer fits it.
    """
    path, translation = course.solution(name), course.translation(name, language)
    stub = make_stub(path.read_text("utf-8"), str(path.relative_to(course.root)))
    if language == SOURCE_LANGUAGE or not translation.is_file():
        return stub
    return translate_stub(stub, translation.read_text("utf-8"), str(translation.relative_to(course.root)))


def untranslated_exercises(course: Course, exercises: Iterable[Exercise], language: str) -> list[Exercise]:
    """Return the exercises that have a solution and no translation into a language; none for English."""
    return [
        exercise
        for exercise in exercises
        if language != SOURCE_LANGUAGE
        and course.solution(exercise.name).is_file()
        and not course.translation(exercise.name, language).is_file()
    ]


def lesson_problems(course: Course, exercises: Iterable[Exercise]) -> list[str]:
    """Return a line for each cell of a translation that does not fit its exercise, in all languages.

    Args:
        course: a course with solutions.
        exercises: the exercises.

    Returns:
        Lines such as `solutions/ko/recurrent_network.py:42: changed since its translation: 2. The loop over time`.
    """
    return [
        f"{path.relative_to(course.root)}:{problem}"
        for exercise, path in _translations(course, exercises)
        for problem in translation_problems(lesson_text(course, exercise.name), path.read_text("utf-8"))
    ]


def stamp_lessons(course: Course, exercises: Iterable[Exercise]) -> list[str]:
    """Stamp the cells of translations with the digest of their source as it is now.

    Args:
        course: a course with solutions.
        exercises: the exercises.

    Returns:
        The files that changed, relative to the course.

    Raises:
        DataError: a translation has other cells than its exercise.
        DlseqError: an exercise has no translation.
    """
    changed = {}
    for exercise in exercises:
        found = list(_translations(course, [exercise]))
        if not found:
            raise DlseqError(
                f"Cannot stamp {exercise.name}. Expected the file solutions/LANGUAGE/{exercise.name}.py. Received: no "
                f"such file. Copy exercises/{exercise.name}.py there, and translate it."
            )
        for _, path in found:
            text = path.read_text("utf-8")
            stamped = stamp_cells(lesson_text(course, exercise.name), text, str(path.relative_to(course.root)))
            if stamped != text:
                changed[path] = stamped
    for path, stamped in changed.items():
        with atomic_write(path) as partial:
            partial.write_text(stamped, "utf-8")
    return [str(path.relative_to(course.root)) for path in changed]


def select_visible_messages(course: Course, name: str, language: str, visible_tests: str) -> bytes:
    """Return a PO file with the messages of an exercise's visible tests alone.

    Args:
        course: a course with solutions.
        name: name of the exercise, which has messages in this language.
        language: the language.
        visible_tests: source of the visible tests.

    Returns:
        Content of the file.
    """
    from babel.messages import Catalog
    from babel.messages.pofile import write_po

    used, catalog = source_messages(visible_tests), Catalog(locale=language)
    for message, translation in read_messages(course.messages(name, language)).items():
        if normalize_message(message) in used:
            catalog.add(message, translation)
    content = io.BytesIO()
    write_po(content, catalog, omit_header=True)
    return content.getvalue()


def _translations(course, exercises):
    """Yield each exercise with the path of each of its translations."""
    for exercise in exercises:
        for language in LANGUAGES:
            path = course.translation(exercise.name, language)
            if language != SOURCE_LANGUAGE and path.is_file():
                yield exercise, path
