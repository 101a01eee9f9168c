"""Choice of the language of exercises and messages."""

import os
from collections.abc import Mapping

from dlseq.errors import DlseqError

__all__ = ["LANGUAGES", "SOURCE_LANGUAGE", "choose_language"]

SOURCE_LANGUAGE = "en"
LANGUAGES = {SOURCE_LANGUAGE: "English", "ko": "한국어"}
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first one that is set counts, as in POSIX


def choose_language(
    requested: str | None = None, of_course: str | None = None, environ: Mapping[str, str] = os.environ
) -> str:
    """Choose a language: the requested one, else that of the hand-out, else that of the locale, else English.

    Args:
        requested: such as "ko", from an option or an argument.
        of_course: language in which the course was handed out, see `dlseq.course.layout.Course.language`.
        environ: environment variables.

    Returns:
        One of `LANGUAGES`.

    Raises:
        DlseqError: the requested language is not one of them.

    Example:
        >>> choose_language(environ={"LANG": "ko_KR.UTF-8"}), choose_language(environ={"LANG": "C.UTF-8"})
        ('ko', 'en')
    """
    if requested is not None and requested not in LANGUAGES:
        raise DlseqError(f"Unknown language. Expected one of: {', '.join(LANGUAGES)}. Received: {requested}.")
    if chosen := requested or of_course:
        return chosen if chosen in LANGUAGES else SOURCE_LANGUAGE
    locale = next((environ[name] for name in LOCALE_VARIABLES if environ.get(name)), "")
    language = locale.partition(".")[0].partition("_")[0]
    return language if language in LANGUAGES else SOURCE_LANGUAGE
