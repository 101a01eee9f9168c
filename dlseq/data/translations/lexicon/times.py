"""Time phrases: months and weekdays named by CLDR, seasons and adverbs by hand."""

import dataclasses
import functools

from babel import Locale

__all__ = ["TimeEntry", "times"]


@dataclasses.dataclass(frozen=True)
class TimeEntry:
    """A time phrase in three languages, each a tuple of the preposition or relation and the unit.

    Attributes:
        english: such as ("in", "September"), ("last", "week") or ("", "yesterday").
        french: parts before the unit, the unit, and the part after it: ("en", "septembre", "dernier").
        korean: such as ("지난", "9월에") or ("", "어제").
        tenses: the tenses that fit.
    """

    english: tuple[str, str]
    french: tuple[str, str, str]
    korean: tuple[str, str]
    tenses: tuple[str, ...]


# English | French | its article | gender | Korean "last" | Korean "next"
_UNITS = """
    week|semaine|la |f|지난주에|다음 주에
    month|mois|le |m|지난달에|다음 달에
    year|année|l'|f|작년에|내년에
"""
# English | French with "in" | French article | Korean
_SEASONS = """
    spring|au printemps|le |봄에
    summer|en été|l'|여름에
    autumn|en automne|l'|가을에
    winter|en hiver|l'|겨울에
"""
ANY = ("present", "past", "future")


@functools.cache
def times() -> dict[tuple[str, str], TimeEntry]:
    """Return all time phrases by (unit, relation); see `meanings.Time`.

    Example:
        >>> times()["September", "last"].french, times()["Monday", "in"].english
        (('en', 'septembre', 'dernier'), ('on', 'Monday'))
    """
    found = {
        ("yesterday", ""): TimeEntry(("", "yesterday"), ("", "hier", ""), ("", "어제"), ("past",)),
        ("today", ""): TimeEntry(("", "today"), ("", "aujourd'hui", ""), ("", "오늘"), ANY),
        ("tomorrow", ""): TimeEntry(("", "tomorrow"), ("", "demain", ""), ("", "내일"), ("future",)),
    }

    def add(unit, english, french, korean, article="", feminine=False):
        last, following = ("dernière", "prochaine") if feminine else ("dernier", "prochain")
        before = french[0] if french[0] == "en" and not article else article
        found[unit, "in"] = TimeEntry(english, (*french, ""), ("", korean), ANY)
        found[unit, "last"] = TimeEntry(("last", english[1]), (before, french[1], last), ("지난", korean), ("past",))
        found[unit, "next"] = TimeEntry(
            ("next", english[1]), (before, french[1], following), ("다음", korean), ("future",)
        )

    english, french, korean = (Locale(language) for language in ("en", "fr", "ko"))
    for month in range(1, 13):
        names = [locale.months["format"]["wide"][month] for locale in (english, french, korean)]
        add(names[0], ("in", names[0]), ("en", names[1]), names[2] + "에")
    for day in range(7):
        names = [locale.days["format"]["wide"][day] for locale in (english, french, korean)]
        add(names[0], ("on", names[0]), ("", names[1]), names[2] + "에")
    for name, in_french, article, in_korean in (line.strip().split("|") for line in _SEASONS.strip().splitlines()):
        add(name, ("in", name), tuple(in_french.split()), in_korean, article.strip())
    for unit, in_french, article, gender, last, following in (
        line.strip().split("|") for line in _UNITS.strip().splitlines()
    ):
        ending = ("dernière", "prochaine") if gender == "f" else ("dernier", "prochain")
        article = article.strip()
        found[unit, "last"] = TimeEntry(("last", unit), (article, in_french, ending[0]), ("", last), ("past",))
        found[unit, "next"] = TimeEntry(("next", unit), (article, in_french, ending[1]), ("", following), ("future",))
    return found
