"""Characters of typed dates: one plain character for all that look or mean the same."""

import functools
import unicodedata

__all__ = ["plain_character", "visible_text"]

_SAFE_DECOMPOSITIONS = {
    *("<wide>", "<narrow>", "<compat>", "<font>", "<square>", "<noBreak>", "<vertical>"),
    *("<initial>", "<medial>", "<final>", "<isolated>"),
}
_MARK_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")  # written with and without their marks
_LOOSE_MARKS = [(0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670)]
_NUKTAS = "\u093c\u09bc\u0a3c\u0abc"
_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # and all of the categories Cf and Cc
_VARIATION_SELECTORS = (0xFE00, 0xFE0F)
_PLAIN = {
    character: plain
    for characters, plain in (
        ("‘’‚‛ʼʹˈ´`′׳＇", "'"),
        ("“”„‟″«»‹›「」『』〝〞〟״＂", '"'),
        ("（【〔［〖〈《⟨❨", "("),
        ("）】〕］〗〉》⟩❩", ")"),
        ("،、，‚﹐﹑", ","),
        ("。．・·․﹒｡･۔।։", "."),
        ("⁄∕／⧸", "/"),
        ("−⁃˗➖－﹣־", "-"),
        ("：∶﹕", ":"),
        ("〜～∼", "~"),
        ("_", " "),
        ("ø", "o"),
        ("ł", "l"),
        ("đð", "d"),
        ("ħ", "h"),
        ("ŧ", "t"),
        ("ı", "i"),
        ("þ", "th"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("ə", "e"),
        ("ºᵒ°", "o"),
        ("ª", "a"),
        ("يىے", "ی"),
        ("ك", "ک"),
        ("ة", "ه"),
        ("ٱ", "ا"),
        ("ـ", ""),
        ("○", "〇"),
    )
    for character in characters
}


def visible_text(text: str) -> str:
    """Compose a text, squeeze its white space, and drop characters that show nothing, such as direction marks.

    Example:
        >>> visible_text("2\\u00ad1  August\\u200f 2016\\ufeff")
        '21 August 2016'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", "".join(filter(_is_visible, text)))
    elif not text.isprintable():
        text = "".join(filter(_is_visible, text))
    return " ".join(text.split())


@functools.cache
def plain_character(character: str) -> str:
    """Return the form of a character that a date model reads: in lower case, without accent, with ASCII digits.

    A compatibility character is replaced where that keeps its meaning (NFKC: full-width, ligatures, `㏠` as `1日`),
    and kept where it does not (superscript digits, fractions, digits in circles). Accents are left out in Latin,
    Greek, Cyrillic, Arabic and Hebrew, in which people type without them; no two months of a locale become one by it.
    Vowel signs of other scripts are kept.

    Example:
        >>> "".join(map(plain_character, "Août ÇARŞAMBA Ｊｕｌｙ ΜΑΪΟΥ ۲۰ ² ㋇"))
        'aout carsamba july μαιου 20 ² 8月'
    """
    if character in _PLAIN:
        return _PLAIN[character]
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) == "Pd":
        return "-"
    if character.isspace():
        return " "
    if _is_loose_mark(character):
        return ""
    tag = unicodedata.decomposition(character).partition(" ")[0]
    safe = unicodedata.normalize("NFKC", character) if _is_safe(tag, character) else character
    folded = safe.casefold()
    if folded == character and len(unicodedata.normalize("NFD", character)) == 1:
        return character
    return "".join(_without_marks(letter) for letter in unicodedata.normalize("NFC", folded))


@functools.cache
def _is_visible(character):
    category = unicodedata.category(character)
    if category in ("Cf", "Cc"):
        return character.isspace()
    return character not in _INVISIBLE and not _VARIATION_SELECTORS[0] <= ord(character) <= _VARIATION_SELECTORS[1]


def _is_loose_mark(character):
    return character in _NUKTAS or any(first <= ord(character) <= last for first, last in _LOOSE_MARKS)


def _is_safe(tag, character):
    if tag == "<super>":
        return unicodedata.normalize("NFKC", character).isalpha()
    return tag in _SAFE_DECOMPOSITIONS


def _without_marks(letter):
    """Return a letter without its marks, then in plain form; letters of other scripts as they are."""
    parts = unicodedata.normalize("NFD", letter)
    if unicodedata.name(letter, "").startswith(_MARK_SCRIPTS):
        parts = parts[0] + "".join(part for part in parts[1:] if not _is_loose_mark(part))
        return "".join(_PLAIN.get(part, part) for part in unicodedata.normalize("NFC", parts))
    kept = "".join(part for part in parts if part not in _NUKTAS)
    return _PLAIN.get(letter, unicodedata.normalize("NFC", kept))
