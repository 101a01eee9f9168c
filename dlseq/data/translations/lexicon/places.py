"""Countries, continents and cities, named by CLDR; genders and prepositions by hand, since CLDR has none."""

import dataclasses
import functools

from babel import Locale

__all__ = ["CITIES", "COUNTRIES", "PlaceEntry", "place", "places"]

COUNTRIES = (
    "FR:f DE:f ES:f IT:f GB:m IE:f PT:m CH:f BE:f NL:p SE:f NO:f DK:m FI:f PL:f RU:f GR:f EG:f MA:m TN:f DZ:f SN:m "
    "KE:m NG:m ZA:f IN:f CN:f JP:m KR:f VN:m TH:f ID:f PH:p AU:f NZ:f CA:m US:p MX:m CU:- BR:m AR:f CL:m PE:m CO:f "
    "IR:m 002:f 142:f 150:f 003:f 005:f 009:f"
)
"""Codes of CLDR's territories with the French gender: f, m, p (plural) or - (no article)."""

CITIES = (
    "Paris/Paris/파리 London/Londres/런던 Seoul/Séoul/서울 Tokyo/Tokyo/도쿄 Rome/Rome/로마 Madrid/Madrid/마드리드 "
    "Berlin/Berlin/베를린 Lisbon/Lisbonne/리스본 Vienna/Vienne/빈 Athens/Athènes/아테네 Moscow/Moscou/모스크바 "
    "Geneva/Genève/제네바 Brussels/Bruxelles/브뤼셀 Warsaw/Varsovie/바르샤바 Beijing/Pékin/베이징 "
    "Montreal/Montréal/몬트리올 Chicago/Chicago/시카고 Boston/Boston/보스턴 Dakar/Dakar/다카르 Busan/Busan/부산"
)
"""Names of cities in English, French and Korean."""

WITH_THE = ("GB", "NL", "PH", "US")
VOWELS = "aeiouyàâéèêëîïôœh"  # no word of the lexicon has an aspirated h


@dataclasses.dataclass(frozen=True)
class PlaceEntry:
    """A place in three languages.

    Attributes:
        english: with "the" where English has it.
        french: the name without an article.
        article: "le", "la", "l'", "les" or "".
        preposition: "en", "au", "aux" or "à".
        korean: the name.
    """

    english: str
    french: str
    article: str
    preposition: str
    korean: str


@functools.cache
def places() -> dict[str, PlaceEntry]:
    """Return all places by their English name, without "the".

    Example:
        >>> places()["Japan"].preposition, places()["Africa"].article, places()["United States"].english
        ('au', "l'", 'the United States')
    """
    english, french, korean = (Locale(language).territories for language in ("en", "fr", "ko"))
    found = {}
    for code, gender in (item.split(":") for item in COUNTRIES.split()):
        vowel = french[code][0].lower() in VOWELS
        article = {"p": "les", "-": ""}.get(gender, "l'" if vowel else {"f": "la", "m": "le"}.get(gender))
        preposition = {"p": "aux", "-": "à"}.get(gender, "en" if vowel or gender == "f" else "au")
        name = english[code]
        found[name] = PlaceEntry(
            f"the {name}" if code in WITH_THE else name, french[code], article, preposition, korean[code]
        )
    for name, in_french, in_korean in (city.split("/") for city in CITIES.split()):
        found[name] = PlaceEntry(name, in_french, "", "à", in_korean)
    return found


def place(name: str) -> PlaceEntry:
    """Return one place by its English name.

    Raises:
        KeyError: there is no such place.
    """
    return places()[name]
