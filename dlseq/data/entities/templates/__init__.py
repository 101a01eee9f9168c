"""Templates by language. `{slot}` stands for an entity, `[a|b]` for one of several texts, which may hold slots."""

from dlseq.data.entities.templates.english import ENGLISH
from dlseq.data.entities.templates.germanic import DANISH, DUTCH, GERMAN, SWEDISH
from dlseq.data.entities.templates.others import CZECH, JAPANESE, KOREAN, POLISH, RUSSIAN, TURKISH
from dlseq.data.entities.templates.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH

__all__ = ["TEMPLATES"]

TEMPLATES = {
    "cs": CZECH,
    "da": DANISH,
    "de": GERMAN,
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "it": ITALIAN,
    "ja": JAPANESE,
    "ko": KOREAN,
    "nl": DUTCH,
    "pl": POLISH,
    "pt": PORTUGUESE,
    "ru": RUSSIAN,
    "sv": SWEDISH,
    "tr": TURKISH,
}
