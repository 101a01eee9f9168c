"""English date forms as people type them, beside those of the preset `world`."""

from dlseq.data.dates.cldr import DatePattern, compile_pattern
from dlseq.data.dates.typed.writing import with_texts

__all__ = ["DAY_WORDS", "english_patterns"]

LOCALE = "en_US"
_UNITS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = ("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth")
DAY_WORDS = (
    *_UNITS,
    *_TEENS,
    "eighteenth",
    "nineteenth",
    "twentieth",
    *(f"twenty-{unit}" for unit in _UNITS),
    "thirtieth",
    "thirty-first",
)
"""Ordinals of the days 1 to 31."""
PRESS_MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
LONG_WEEKDAYS = ("Mon", "Tues", "Weds", "Thurs", "Fri", "Sat", "Sun")
DOTTED_WEEKDAYS = ("Mon.", "Tue.", "Wed.", "Thur.", "Fri.", "Sat.", "Sun.")

# Two apostrophes are one in CLDR's notation.
TWO_DIGIT_FORMS = {
    "d MMM yy": 2,
    "d MMM ''yy": 3,
    "d MMM ’yy": 3,
    "d MMMM yy": 5,
    "d MMMM ''yy": 2,
    "d MMMM ’yy": 2,
    "dd MMM yy": 1,
    "dd MMMM yy": 1,
    "ddd MMM yy": 2,
    "ddd MMMM yy": 4,
    "ddd MMMM, yy": 1,
    "ddd MMMM ''yy": 1,
    "ddd 'of' MMMM yy": 1,
    "ddd 'of' MMMM, ''yy": 1,
    "'the' ddd 'of' MMMM yy": 1,
    "dddd MMMM yy": 1,
    "dd-MMM-yy": 3,
    "d-MMM-yy": 2,
    "dd/MMM/yy": 1,
    "ddMMMyy": 3,
    "dMMMyy": 1,
    "d.MMM.yy": 1,
    "d.MMMM.yy": 1,
    "MMM d, yy": 2,
    "MMM d, ''yy": 2,
    "MMM d, ’yy": 2,
    "MMM d yy": 2,
    "MMM d ''yy": 2,
    "MMM d ’yy": 1,
    "MMMM d, yy": 3,
    "MMMM d, ''yy": 2,
    "MMMM d, ’yy": 1,
    "MMMM d yy": 1,
    "MMMM dd, yy": 1,
    "MMMM ddd, yy": 2,
    "MMMM ddd ''yy": 1,
    "MMM ddd yy": 1,
    "MMM-dd-yy": 1,
    "MMMM-d-yy": 1,
    "MMMd,yy": 1,
    "EEE d MMM yy": 2,
    "EEE, dd MMM yy": 1,
    "EEEE d MMMM yy": 1,
    "EEEE, MMMM d, yy": 1,
    "EEE MMM d yy": 1,
    "EEEE, dd-MMM-yy": 1,
}
FOUR_DIGIT_FORMS = {
    "ddMMMy": 3,
    "dMMMy": 1,
    "dMMMMy": 1,
    "MMMMd,y": 3,
    "MMMd,y": 1,
    "MMMM d,y": 2,
    "MMM d,y": 1,
    "MMM d.y": 2,
    "MMM. d.y": 2,
    "MMM.d,y": 1,
    "MMMM d.y": 1,
    "MMM. d y": 1,
    "MMMM dd, y": 2,
    "MMM dd, y": 2,
    "MMMM-d-y": 2,
    "MMM-d-y": 1,
    "MMM-dd-y": 1,
    "MMM/d/y": 1,
    "MMMM/dd/y": 1,
    "d-MMM-y": 3,
    "dd-MMM-y": 3,
    "d-MMMM-y": 2,
    "dd-MMMM-y": 2,
    "d.MMMM.y": 1,
    "d. MMMM y": 1,
    "d.MMM.y": 1,
    "dd/MMM/y": 1,
    "dd/MMMM/y": 1,
    "d,MMMM,y": 1,
    "dd MMMM y": 2,
    "dd MMMM, y": 1,
    "'the' ddd 'day' 'of' MMMM, y": 2,
    "'this' ddd 'day' 'of' MMMM y": 1,
    "'the' ddd MMMM y": 1,
    "MMMM 'the' ddd, y": 2,
    "MMMM 'the' ddd y": 1,
    "EEEE 'the' ddd 'of' MMMM y": 1,
    "EEEE ddd MMMM y": 1,
    "EEEE, ddd 'of' MMMM, y": 1,
    "EEE MMM d y": 3,
    "EEE MMM dd y": 2,
    "EEE, MMMM d, y": 1,
    "EEE, dd MMM y": 3,
    "EEE, d MMMM y": 1,
    "EEE dd-MMM-y": 1,
    "EEE ddd MMM y": 1,
    "EEEE MMMM d y": 1,
    "EEEE, MMM d, y": 1,
    "y MMMM dd": 1,
    "y, MMMM d": 1,
    "y-MMM-dd": 1,
    "y-MMM-d": 1,
    "y/MMM/dd": 1,
    "yMMMdd": 1,
    "y MMMM ddd": 1,
    "y MMM dd": 1,
}
WORD_FORMS = {
    "'the' d 'of' MMMM y": 2,
    "'the' d 'of' MMMM, y": 2,
    "d 'of' MMMM y": 2,
    "d MMMM y": 1,
    "d MMMM, y": 1,
    "MMMM d, y": 2,
    "MMMM d y": 1,
    "MMMM 'the' d, y": 1,
    "EEEE, 'the' d 'of' MMMM y": 1,
    "'the' d 'day' 'of' MMMM, y": 1,
    "'the' d 'of' MMMM yy": 1,
}
ERA_FORMS = {
    "d MMMM y 'AD'": 3,
    "MMMM d, y 'AD'": 2,
    "MMM d y 'AD'": 3,
    "d MMM y 'CE'": 1,
    "MMMM d, 'AD' y": 2,
    "d MMMM 'AD' y": 2,
    "d MMMM y 'A.D.'": 1,
    "MMMM d, y 'C.E.'": 1,
    "ddd MMMM y 'AD'": 1,
    "MMMM ddd, y 'CE'": 1,
    "ddd 'of' MMMM, y 'AD'": 1,
    "EEEE, d MMMM y 'AD'": 1,
}
"""Forms with an era, in which years may have one to four digits."""


def english_patterns() -> list[tuple[str, DatePattern, float, bool]]:
    """Return all English forms.

    Returns:
        Tuples of name, pattern, weight, and True where an era allows years of fewer than three digits.

    Example:
        >>> import datetime
        >>> forms = {name: pattern for name, pattern, _, _ in english_patterns()}
        >>> [forms[name].render(datetime.date(2016, 9, 21)) for name in ("d MMM ''yy", "MMM. d.y, press")]
        ["21 Sep '16", 'Sept. 21.2016']
    """
    found = []
    for forms in (TWO_DIGIT_FORMS, FOUR_DIGIT_FORMS, ERA_FORMS):
        for name, weight in forms.items():
            found += [(*form, forms is ERA_FORMS) for form in _spellings(name, float(weight))]
    for name, weight in WORD_FORMS.items():
        pattern = compile_pattern(name, LOCALE)
        spaced = tuple(word.replace("-", " ") for word in DAY_WORDS)
        found.append((f"{name}, in words", with_texts(pattern, "day", DAY_WORDS), weight * 0.7, False))
        found.append((f"{name}, in two words", with_texts(pattern, "day", spaced), weight * 0.3, False))
    return found


def _spellings(name: str, weight: float) -> list[tuple[str, DatePattern, float]]:
    """Return a form with CLDR's names and, where names are short, with those that people type."""
    pattern = compile_pattern(name, LOCALE)
    forms = [(name, pattern, weight)]
    if "MMM" in name and "MMMM" not in name:
        plain = compile_pattern(name.replace("MMM.", "MMM"), LOCALE)
        forms = [(name, pattern, weight * 0.55)]
        forms.append((f"{name}, press", with_texts(plain, "month", PRESS_MONTHS), weight * 0.2))
        forms.append((f"{name}, short", with_texts(pattern, "month", SHORT_MONTHS), weight * 0.25))
    if "EEE" in name and "EEEE" not in name:
        forms += [
            (f"{form}, {kind} weekday", with_texts(spelled, "weekday", weekdays), share * 0.3)
            for form, spelled, share in forms
            for kind, weekdays in (("long", LONG_WEEKDAYS), ("dotted", DOTTED_WEEKDAYS))
        ]
    return forms
