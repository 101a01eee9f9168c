"""Entities of a locale, drawn by a random generator from the names of a split."""

import datetime
import functools
import random
import unicodedata
import zlib

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from dlseq.data.dates.generator import sampler
from dlseq.data.dates.pairs import SPLITS
from dlseq.data.entities.locales import EntityLocale
from dlseq.data.entities.words import ordinary_words

__all__ = ["SlotFiller", "split_of_name"]

FIRST_DAY, LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2059, 12, 31)
SYLLABLES = (
    "zen ver tri nov lum quan tex cor alt pix ora vex sol dyn mer opt hel kin bri pro vid ter neo fon gal sym lin dex "
    "aro bel cal del eco fin gen hyp inno jet ket lex mag nim omni par rad sen tal uni vol wen xen yor zor"
)
"""Syllables of invented company names."""
DOMAIN_ENDS = ("com", "org", "net", "io", "info", "co", "eu")
MAIL_WORDS = ("info", "office", "sales", "support", "contact", "press", "jobs", "billing", "hello", "service", "orders")


def split_of_name(name: str) -> str:
    """Return the split of a name: a hash puts one of ten into "test", one into "validation", the others into "train".

    It ignores case, so that a name in capitals belongs to the same split.

    Example:
        >>> split_of_name("Anna") == split_of_name("ANNA")
        True
    """
    bucket = zlib.crc32(unicodedata.normalize("NFC", name.casefold()).encode("utf-8")) % 10
    return SPLITS[max(bucket - 7, 0)]


class SlotFiller:
    """Entities of one locale whose names and days belong to one split.

    Args:
        locale: the locale.
        split: "train", "validation" or "test", for first names, last names, places, invented words and days.
        rng: source of randomness.

    Example:
        >>> from dlseq.data.entities.locales import find_locale
        >>> filler = SlotFiller(find_locale("de_DE"), "test", random.Random(0))
        >>> split_of_name(filler.draw("place"))
        'test'
    """

    def __init__(self, locale: EntityLocale, split: str, rng: random.Random):
        self.locale, self.split, self.rng = locale, split, rng
        self.people, self.places = _names_of(locale, split)
        self._day = sampler("world", split, (locale.name,), FIRST_DAY, LAST_DAY)

    def draw(self, slot: str) -> str:
        """Return an entity of a kind, or a `"number"`, which is no entity."""
        text = getattr(self, slot)()
        return " ".join(unicodedata.normalize("NFC", text).split())

    def person(self):
        rng, join = self.rng, self.locale.join
        first_names, last_names = rng.choice(self.people)
        first, last = rng.choice(first_names), rng.choice(last_names)
        if self.locale.family_first:
            return last + (" " if join == "" and rng.random() < 0.1 else join) + first
        form = rng.random()
        if form < 0.66:
            return f"{first} {last}"
        if form < 0.74:
            return f"{first[0]}. {last}"
        if form < 0.80:
            return f"{first} {rng.choice(first_names)[0]}. {last}"
        if form < 0.86:
            return f"{first} {rng.choice(first_names)} {last}"
        if form < 0.90:
            return f"{first} {last}-{rng.choice(last_names)}"
        return first if form < 0.95 else last

    def company(self):
        rng, locale = self.rng, self.locale
        last = self._company_word()
        if locale.language == "ko":
            return self._korean_company(last)
        if locale.language == "ja":
            name = last + rng.choice(locale.trades)
            suffix = rng.choice(locale.suffixes)
            return suffix + name if rng.random() < 0.5 else name + suffix
        form, suffix, trade = rng.random(), rng.choice(locale.suffixes), rng.choice(locale.trades)
        if locale.prefixes and form < 0.4:
            name = last if form < 0.3 else f"{last}-{self._company_word()}"
            return f"{rng.choice(locale.prefixes)} " + (f"«{name}»" if locale.language == "ru" else name)
        if form < 0.58:
            return f"{last} {suffix}"
        if form < 0.70:
            return f"{last} {trade} {suffix}"
        if form < 0.76:
            return f"{last} {trade}"
        if form < 0.82:
            return f"{last}-{self._company_word()} {suffix}"
        if form < 0.87:
            return f"{last} & {self._company_word()}"
        if form < 0.92:
            return f"{self._invented()} {suffix}"
        return self._ordinary() if locale.language == "en" and form < 0.96 else self._invented()

    def place(self):
        return self.rng.choice(self.places)

    def date(self):
        return self._day(self.rng.random).text

    def month(self):
        day = datetime.date.fromisoformat(self._day(self.rng.random).iso)
        return format_date(day, "MMMM y", locale=self.locale.name)

    def year(self):
        return self._day(self.rng.random).iso[:4]

    def amount(self):
        rng, locale = self.rng, self.locale
        code, word = rng.choice(locale.currencies)
        value = rng.choice((rng.randrange(1, 100), rng.randrange(100, 1000), 10 * rng.randrange(100, 10_000)))
        form = rng.random()
        if form < 0.4:
            cents = rng.random() < 0.6 and code not in ("KRW", "JPY")
            sign = "¤" if format_currency(1, code, locale=locale.name)[0] not in "0123456789" else ""
            number = "#,##0.00" if cents else "#,##0"
            pattern = f"¤{number}" if sign else f"{number} ¤"
            return format_currency(value + rng.randrange(100) / 100 * cents, code, pattern, locale.name, False)
        number = format_decimal(value, locale=locale.name)
        if form < 0.5:
            return f"{code} {number}"
        if form < 0.6:
            return f"{number} {code}"
        if form < 0.8 or not locale.million:
            return f"{number}{locale.join}{word}"
        tenths = format_decimal(rng.randrange(11, 99) / 10, locale=locale.name)
        count = rng.choice((str(rng.randrange(2, 90)), tenths)) if locale.join else str(rng.randrange(2, 90))
        if locale.language == "en":
            many = rng.choice(("million", "million", "billion"))
            sign = "£" if code == "GBP" else "€" if code == "EUR" else "$"
            return f"{sign}{count} {many}" if form < 0.9 else f"{count} {many} {word}"
        joint = "" if locale.million.endswith("'") else " "
        word = word if joint or word[0] in "aeiou" else "euros"  # d'euros
        return f"{count} {locale.million}{joint}{word}" if locale.join else f"{count}{locale.million} {word}"

    def email(self):
        rng = self.rng
        first_names, last_names = rng.choice(self.people)
        first, last = _ascii(rng.choice(first_names)), _ascii(rng.choice(last_names))
        joint = rng.choice((".", "_", ""))
        user = rng.choice((f"{first}{joint}{last}", f"{first[:1]}{last}", f"{last}{rng.randrange(100)}"))
        if rng.random() < 0.2 or not user.strip("._"):
            user = rng.choice(MAIL_WORDS)
        domain = rng.choice((self._invented().lower(), _ascii(rng.choice(last_names)) or "mail", "example"))
        return f"{user.strip('._-')}@{domain}.{rng.choice(DOMAIN_ENDS)}"

    def number(self):
        """Return a number that is no year."""
        low, high = self.rng.choice(((2, 100), (100, 1000), (3_000, 99_999)))
        return str(self.rng.randrange(low, high))

    def _company_word(self):
        return self.rng.choice(self.rng.choice(self.people)[1])

    def _korean_company(self, last):
        rng, locale = self.rng, self.locale
        first = rng.choice(rng.choice(self.people)[0])
        name = (first if rng.random() < 0.7 else last + first) + rng.choice(locale.trades + locale.suffixes)
        form = rng.random()
        return f"{rng.choice(locale.prefixes)}{' ' if form < 0.5 else ''}{name}" if form < 0.7 else name

    def _ordinary(self):
        """Return an ordinary word as the name of a company."""
        while True:
            word = self.rng.choice(ordinary_words(self.locale.language)).capitalize()
            if len(word) > 3 and split_of_name(word) == self.split:
                return word

    def _invented(self):
        while True:
            word = "".join(self.rng.sample(SYLLABLES.split(), self.rng.choice((2, 2, 3)))).capitalize()
            if split_of_name(word) == self.split:
                return word


@functools.lru_cache(maxsize=64)
def _names_of(locale, split):
    """Return the people and places of a locale in a split."""

    def own(names):
        return tuple(name for name in names if split_of_name(name) == split)

    return tuple((own(first), own(last)) for first, last in locale.people), own(locale.places)


def _ascii(name):
    """Return the letters of a name without accents, those of ASCII only."""
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(sign for sign in decomposed if sign.isascii() and sign.isalpha())
