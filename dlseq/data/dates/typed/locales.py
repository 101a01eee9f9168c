"""Date forms of each locale as people type them: CLDR's with other widths, and spoken forms with their words."""

import functools
from collections.abc import Iterator

from babel.dates import tokenize_pattern

from dlseq.data.dates.cldr import DatePattern, Part, compile_pattern, field_part, locale_pattern
from dlseq.data.dates.typed.writing import is_number, with_texts

__all__ = ["SPOKEN_FORMS", "locale_variants"]

# Locales whose months have a nominative of their own. (Of the others Babel's "LLLL" is at times another locale's.)
NOMINATIVE_LOCALES = ("ru_RU", "uk", "pl", "cs", "sk", "hr", "lt", "el", "fi", "ca", "hy")
BASES = ("long", "medium", "full")
SPOKEN_FORMS = {
    "fr_FR": ("'le' d MMMM y", "'le' EEEE d MMMM y", "'du' d MMMM y"),
    "de_DE": ("'den' d. MMMM y", "'am' d. MMMM y", "'der' d. MMMM y", "EEEE, 'den' d. MMMM y", "d MMMM y"),
    "es_ES": (
        "'el' d 'de' MMMM 'de' y",
        "d 'de' MMMM 'del' y",
        "d 'de' MMMM, y",
        "d MMMM y",
        "EEEE d 'de' MMMM 'de' y",
        "MMMM d 'de' y",
        "d/MMM/y",
        "'a' d 'de' MMMM 'de' y",
    ),
    "ru_RU": (
        "d MMMM y 'года'",
        "d MMMM y 'год'",
        "d MMMM y",
        "dd MMMM y 'г.'",
        "EEEE d MMMM y 'года'",
        "d MMM y 'года'",
    ),
    "pt_BR": (
        "'dia' d 'de' MMMM 'de' y",
        "'em' d 'de' MMMM 'de' y",
        "d MMMM y",
        "d 'de' MMMM, y",
        "d/MMM/y",
        "d 'de' MMMM 'do' 'ano' 'de' y",
    ),
    "it": ("'il' d MMMM y", "'lì' d MMMM y", "d MMMM 'del' y", "'addì' d MMMM y"),
    "nl": ("'op' d MMMM y", "'de' d MMMM y", "EEEE 'de' d MMMM y", "d-MMM-y"),
    "sv": ("'den' d MMMM y", "EEEE 'den' d MMMM y", "d. MMMM y"),
    "da": ("'den' d. MMMM y", "d MMMM y", "'d.' d. MMMM y"),
    "nb": ("'den' d. MMMM y", "d MMMM y", "EEEE 'den' d. MMMM y"),
    "fi": ("EEEE'na' d. MMMM y", "d MMMM y"),
    "is": ("'þann' d. MMMM y", "d MMMM y"),
    "et": ("d. MMMM y 'a'", "d. MMMM y 'aasta'", "d. MMMM y. 'a.'", "d MMMM y"),
    "lv": ("y. 'gada' d. MMMM", "d. MMMM, y", "d. MMMM y", "y.'g.' d. MMMM"),
    "lt": ("y MMMM d", "y MMMM d 'd'", "y 'metų' MMMM d 'd.'", "y 'm' MMMM d 'd'", "y 'metų' MMMM d 'diena'"),
    "pl": ("d MMMM y 'r.'", "d MMMM y 'roku'", "'dnia' d MMMM y 'r.'", "'dnia' d MMMM y 'roku'", "d MMM y 'r.'"),
    "cs": ("'dne' d. MMMM y", "d MMMM y", "d. MMMM 'roku' y"),
    "sk": ("'dňa' d. MMMM y", "d MMMM y", "d. MMMM 'roku' y"),
    "sl": ("'dne' d. MMMM y", "d. MMMM 'leta' y", "d MMMM y"),
    "hr": ("d. MMMM y. 'godine'", "d. MMMM y. 'god.'", "'dana' d. MMMM y.", "d. MMMM y. 'g.'", "d MMMM y"),
    "sr": ("d. MMMM y. 'године'", "d. MMMM y. 'год.'", "'дана' d. MMMM y. 'године'", "d MMMM y"),
    "hu": ("y MMMM d", "y. 'évi' MMMM d.", "y. 'év' MMMM d."),
    "ro": ("'la' d MMMM y", "'pe' d MMMM y", "'din' d MMMM y", "'data' 'de' d MMMM y"),
    "bg": ("d MMMM y 'година'", "d MMMM y 'год.'", "'на' d MMMM y 'г.'", "d MMMM y"),
    "uk": ("d MMMM y 'року'", "d MMMM y 'рік'", "d MMMM y", "EEEE d MMMM y 'року'", "d MMM y 'року'"),
    "el": ("'στις' d MMMM y", "d 'του' MMMM y", "d MMMM 'του' y", "d-MMM-y"),
    "tr": ("d MMMM y 'tarihinde'", "d MMMM y 'tarihli'", "d. MMMM y", "d-MMM-y"),
    "ka": ("y 'წლის' d MMMM", "d MMMM y 'წელი'", "d MMMM y"),
    "hy": ("y 'թ.' MMMM d", "y 'թվականի' MMMM d", "d MMMM y 'թ.'", "d MMMM y"),
    "he": ("'ה-'d 'ב'MMMM y", "d MMMM y", "d 'ל'MMMM y", "'ה' d 'ב'MMMM y"),
    "ar": ("d 'من' MMMM y", "d MMMM 'سنة' y", "d MMMM 'عام' y", "d MMMM y 'م'", "'في' d MMMM y", "EEEE d MMMM y"),
    "fa": ("d 'ام' MMMM y", "d MMMM 'سال' y", "d MMMM y 'میلادی'", "y MMMM d"),
    "ur": ("d MMMM y", "d MMMM y 'ء'", "'بتاریخ' d MMMM y"),
    "hi_IN": ("'दिनांक' d MMMM y", "d MMMM, y", "d MMMM 'सन्' y", "MMMM d, y"),
    "bn": ("d 'ই' MMMM y", "d MMMM y", "y 'সালের' d MMMM", "d MMMM y 'সাল'"),
    "mr": ("'दि.' d MMMM y", "d MMMM y", "'दिनांक' d MMMM y"),
    "gu": ("'તા.' d MMMM y", "d MMMM y", "'તારીખ' d MMMM y"),
    "pa": ("'ਮਿਤੀ' d MMMM y", "d MMMM, y"),
    "ta": ("y MMMM d", "d MMMM y", "MMMM d, y"),
    "te": ("d MMMM y", "MMMM d, y", "'తేదీ' d MMMM y"),
    "kn": ("d MMMM y", "d MMM y", "'ದಿನಾಂಕ' d MMMM y"),
    "ml": ("d MMMM y", "y MMMM d", "MMMM d, y"),
    "th": ("d MMMM 'ค.ศ.' y", "'วันที่' d MMMM 'ค.ศ.' y", "d MMM 'ค.ศ.' y", "EEEE 'ที่' d MMMM 'ค.ศ.' y"),
    "vi": ("'ngày' d MMMM y", "d MMMM 'năm' y", "'ngày' d MMMM 'năm' y"),
    "id": ("'tanggal' d MMMM y", "'tgl.' d MMMM y", "d-MMM-y", "EEEE d MMMM y", "d MMMM 'tahun' y"),
    "ms": ("'pada' d MMMM y", "d 'hari' 'bulan' MMMM y", "EEEE d MMMM y", "'tarikh' d MMMM y"),
    "sw": ("'tarehe' d MMMM y", "d 'mwezi' 'wa' MMMM y", "EEEE d MMMM y"),
    "ca": ("'el' d MMMM 'de' y", "d MMMM y", "'el' d MMMM 'del' y", "'dia' d MMMM 'de' y"),
    "en_GB": ("EEE d MMM y", "EEE, d MMM y"),
    "ja_JP": ("'西暦'y年M月d日", "y年M月d日(E)", "y年MM月dd日(EEEE)", "y/M/d(E)", "y年M月d日 EEEE"),
    "zh_CN": ("'公元'y年M月d日", "y年M月d日 EEEE", "EEEE y年M月d日", "y年M月d日(EEE)"),
    "zh_TW": ("'西元'y年M月d日", "y年M月d日(EEE)", "y年M月d日EEEE"),
    "ko_KR": ("y년 MMMM d일(E)", "'서기' y년 MMMM d일", "y년M월d일 EEEE", "y. M. d. (E)", "y년 MM월 dd일 E요일"),
}
_FIRST = {"fr_FR": ("1er",), "it": ("1º", "1°"), "es_ES": ("1º", "1ro"), "pt_BR": ("1º",), "ca": ("1r",)}
_EVERY = {"sv": "{}:e", "nl": "{}e", "bn": "{}ই"}
_HUNGARIAN = "jén án án én én án én án én én én én án án én án én án én án én én án én én án én án én án én"
MONTHS = {
    "de_DE": ("Jän", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    "es_ES": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
    "ar": (
        "كانون الثاني",
        "شباط",
        "آذار",
        "نيسان",
        "أيار",
        "حزيران",
        "تموز",
        "آب",
        "أيلول",
        "تشرين الأول",
        "تشرين الثاني",
        "كانون الأول",
    ),
}
"""Names of months that are in use beside CLDR's."""


def locale_variants(locale: str) -> list[tuple[str, DatePattern]]:
    """Return the typed forms of a locale, each with a name.

    Example:
        >>> import datetime
        >>> forms = dict(locale_variants("uk"))
        >>> forms["d MMMM y 'року'"].render(datetime.date(2002, 8, 3))
        '3 серпня 2002 року'
        >>> len(forms) > 15
        True
    """
    found = dict(_widths(locale))
    found |= {form: compile_pattern(form, locale) for form in SPOKEN_FORMS.get(locale, ())}
    spoken = [
        (f"{name}, first", with_texts(found[name], "day", days)) for name in list(found) for days in _days(locale)
    ]
    named = [
        (f"{name}, named", with_texts(pattern, "month", MONTHS[locale]))
        for name, pattern in found.items()
        if locale in MONTHS and has_name(pattern)
    ]
    return list(found.items()) + spoken + named


def has_name(pattern: DatePattern) -> bool:
    """Return True if a pattern writes the month as a name."""
    return any(part.field == "month" and not is_number(part) for part in pattern.parts)


def _days(locale: str) -> Iterator[tuple[str, ...]]:
    """Yield the days 1 to 31 as they are spoken: an ordinal first day, or all with an ending."""
    for first in _FIRST.get(locale, ()):
        yield (first, *map(str, range(2, 32)))
    if locale == "hu":
        yield tuple(f"{day}-{ending}" for day, ending in enumerate(_HUNGARIAN.split(), start=1))
    if locale in _EVERY:
        yield tuple(_EVERY[locale].format(day) for day in range(1, 32))


@functools.lru_cache(maxsize=64)
def _widths(locale: str) -> tuple[tuple[str, DatePattern], ...]:
    """Return CLDR's forms with other widths of names and days, without weekdays, and with two digits of the year."""
    found = {}
    for base in BASES:
        tokens = list(tokenize_pattern(locale_pattern(base, locale)))
        for kind, changed in _changes(tokens, locale):
            pattern = DatePattern(tuple(_part(token, locale) for token in changed))
            if kind or base == "medium":
                found.setdefault(f"{base} {kind}".strip(), pattern)
    return tuple(found.items())


def _changes(tokens: list, locale: str) -> Iterator[tuple[str, list]]:
    """Yield variants of a CLDR pattern, each with its name."""
    fields = {token[0]: index for index, (kind, token) in enumerate(tokens) if kind == "field"}
    month = next(tokens[fields[letter]][1] for letter in "ML" if letter in fields)
    weekday = next((fields[letter] for letter in "Ec" if letter in fields), None)

    def replaced(*pairs):
        changes = {tokens.index(("field", old)): ("field", new) for old, new in pairs}
        return [changes.get(index, token) for index, token in enumerate(tokens)]

    yield "", tokens
    if month[1] >= 3:
        yield f"with {'M' * (7 - month[1])}", replaced((month, ("M", 7 - month[1])))
        if locale in NOMINATIVE_LOCALES:
            yield "with LLLL", replaced((month, ("L", 4)))
    else:
        yield "with MM", replaced((month, ("M", 2)))
    day = tokens[fields["d"]][1]
    yield "with another day", replaced((day, ("d", 3 - day[1])))
    year = tokens[fields["y"]][1]
    if month[1] >= 3 and fields["d"] < fields["y"] and "G" not in fields:
        yield "with two digits", replaced((year, ("y", 2)))
    if weekday is not None:
        name = tokens[weekday][1]
        yield "with EEE", replaced((name, ("E", 3)))
        if month[1] >= 3:
            yield "with EEE and MMM", replaced((name, ("E", 3)), (month, ("M", 3)))
            yield "without the weekday", _without(tokens, weekday)


def _without(tokens: list, index: int) -> list:
    """Leave a weekday out, with what joins it to its neighbor."""
    if index == 0:
        first = next(position for position, (kind, _) in enumerate(tokens) if position and kind == "field")
        return tokens[first:]
    kind, literal = tokens[index - 1]
    return [*tokens[: index - 1], (kind, literal.rstrip(" ,،")), *tokens[index + 1 :]]


def _part(token: tuple, locale: str) -> Part:
    kind, value = token
    return Part("", (value,)) if kind == "chars" else field_part(*value, "", locale)
