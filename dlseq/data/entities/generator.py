"""Generator of texts with entities, reproducible by seed."""

import functools
import random
import re
import zlib
from collections.abc import Iterable

from dlseq.data.entities.examples import LABELS, Entity, TaggedText
from dlseq.data.entities.locales import LOCALES, find_locale
from dlseq.data.entities.slots import SlotFiller
from dlseq.data.entities.templates import TEMPLATES
from dlseq.data.entities.words import ordinary_words
from dlseq.errors import DataError

__all__ = ["SPLITS", "is_held_out", "tagged_texts"]

SPLITS = {
    "train": ("train", False),
    "validation": ("validation", False),
    "names": ("test", False),
    "templates": ("train", True),
    "both": ("test", True),
}
"""Splits, each with the split of its names and days, and whether its templates are held out."""

TEMPLATES_PER_HELD_OUT = 6
MAX_FRUITLESS_DRAWS = 2_000
TWO_SENTENCES = 0.25
LABEL_OF_SLOT = {"month": "date", "year": "date"}
ABBREVIATIONS = (" Inc", " Ltd", " Ltda")
"""Legal forms with and without a full stop: one that follows belongs to the name, also at the end of a sentence."""
FILLERS, REWORDED, REPLACED = 0.06, 0.5, 0.4
"""In training: shares of texts of ordinary words alone, of texts with such words, and of their words that are such."""
CHOICE = re.compile(r"\[([^\]]*)\]")
SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
TRAILERS, TRAILED = (" 😀", " :)", " …", "!!", " ❤️", " #", " –", " 🙂👍"), 0.08
"""In training: signs behind a text, and the share of texts with other words that have them."""
QUOTES = ("«»", "“”", "„“", "””", "»«", '""', "''", "「」", "‘’")
ANY_QUOTES = re.compile('([«“„”»"「]|(?<!\\w)\')([^«»“”„"「」]*)([»”“«"」]|\'(?!\\w))')
CONTEXT_WORD = re.compile(r"(?<![\w}'’])[^\W\d_]{2,}(?![\w{]*[}:])")
CONTEXT_KANJI = re.compile(r"[\u3400-\u9fff]{2,}")
PARTICLES = {"은는": "은는", "이가": "이가", "을를": "을를", "와과": "과와"}
"""Korean particles: after a final consonant, and after a vowel."""
ENDS = ".!?。»”’'"  # of a text that another may follow
TURKISH_UPPER, TURKISH_LOWER = {ord("i"): "İ", ord("ı"): "I"}, {ord("I"): "ı", ord("İ"): "i"}
CASES = ((0.72, None), (0.86, str.lower), (0.94, str.upper), (1.0, str.title))


def is_held_out(template: str) -> bool:
    """Return whether a template is in the splits "templates" and "both" only, by a hash of its text.

    Example:
        >>> sum(map(is_held_out, TEMPLATES["en"])) >= 5
        True
    """
    return zlib.crc32(template.encode("utf-8")) % TEMPLATES_PER_HELD_OUT == 0


def tagged_texts(
    n: int, split: str = "train", *, seed: int = 0, locales: Iterable[str] | None = None
) -> list[TaggedText]:
    """Draw different texts with persons, companies, places, dates, amounts and e-mail addresses.

    A quarter of the texts has two sentences. In 28 of 100, all is in small letters, in capitals or in title case. In
    training, half of the texts have ordinary words in place of some words of their template, and a few consist of
    ordinary words, so that a model learns that words it does not know need not be names.

    Args:
        n: number of texts.
        split: "train"; "validation" and "names", whose names and days are in no other split and whose templates are
            those of "train"; "templates", whose templates are held out; or "both", with held-out names too.
        seed: of the draw; the same seed gives the same texts on any day.
        locales: names of locales, see `LOCALES`. Defaults to all.

    Returns:
        A list of n `TaggedText`, no text twice.

    Raises:
        DataError: An unknown split or locale, or too few different texts.

    Example:
        >>> [example] = tagged_texts(1, "names", seed=4, locales=["fr_FR"])
        >>> {label for _, _, label in example.entities} <= {*LABELS}
        True
    """
    if split not in SPLITS:
        raise DataError(f"Invalid value for argument `split`. Expected one of: {', '.join(SPLITS)}. Received: {split}.")
    names, held_out = SPLITS[split]
    rng = random.Random(f"{seed} {split}")
    writers = [
        (SlotFiller(locale, names, rng), _templates(locale.language, held_out))
        for locale in (find_locale(name) for name in locales or LOCALES)
    ]
    found, fruitless = {}, 0
    while len(found) < n:
        filler, templates = writers[int(rng.random() * len(writers))]
        example = _draw(rng, filler, templates, rewords=split == "train")
        is_new = example.text not in found and (names == "train" or _has_name(example))
        fruitless = 0 if is_new else fruitless + 1
        if is_new:
            found[example.text] = example
        if fruitless == MAX_FRUITLESS_DRAWS:
            raise DataError(f"Expected {n} different texts. Received: {len(found)}. Ask for fewer.")
    return list(found.values())


def _has_name(example):
    """Return whether a text has an entity that belongs to one split only."""
    return any(label not in ("amount", "email") for _, _, label in example.entities)


@functools.lru_cache(maxsize=64)
def _templates(language, held_out):
    """Return the templates of a language that are held out, or those that are not; at least one."""
    templates = TEMPLATES[language]
    return tuple(t for t in templates if is_held_out(t) == held_out) or templates[-1:]


def _draw(rng, filler, templates, rewords):
    """Draw one text: one or two filled templates, in the case of the text."""
    parts, entities, length = [], [], 0
    for _ in range(2 if rng.random() < TWO_SENTENCES else 1):
        if parts:
            ended = parts[0][-1] in ENDS
            parts.append(("" if filler.locale.language == "ja" else " ") if ended else "; ")
            length += len(parts[-1])
        template = CHOICE.sub(lambda match: rng.choice(match[1].split("|")), rng.choice(templates))
        text, found = fill(_reword(template, filler.locale.language, rng) if rewords else template, filler)
        entities += [Entity(start + length, end + length, label) for start, end, label in found]
        parts.append(text)
        length += len(text)
    text, share = "".join(parts), rng.random()
    change = next(change for limit, change in CASES if share < limit)
    if change is not None:
        text = _change_case(text, change, filler.locale.language == "tr")
    return TaggedText(text, tuple(entities), filler.locale.name)


def _change_case(text, change, is_turkish):
    """Return a text in another case and of the same length: letters that would become two are kept."""
    if change is str.title:
        starts = [not (index and text[index - 1].isalpha()) for index in range(len(text))]
        signs = (_change_case(sign, str.upper, is_turkish) for sign in text)
        return "".join(new if start else old for new, old, start in zip(signs, text, starts, strict=True))
    if is_turkish:
        text = text.translate(TURKISH_UPPER if change is str.upper else TURKISH_LOWER)
    return "".join(changed if len(changed := change(sign)) == 1 else sign for sign in text)


def _reword(template, language, rng):
    """Return a template, or one with other quotes and some other words, or of ordinary words alone."""
    words, joint = ordinary_words(language), "" if language == "ja" else " "
    if rng.random() < FILLERS:
        text = joint.join(rng.choice(words) for _ in range(rng.randrange(2, 9)))
        return text[0].upper() + text[1:] + rng.choice((".", ".", "?", "!", ""))
    if rng.random() >= REWORDED:
        return template
    template = ANY_QUOTES.sub(lambda match: match[2].join(rng.choice(QUOTES)), template)

    def other(match):
        if rng.random() >= REPLACED:
            return match[0]
        word = rng.choice(words)
        return word.capitalize() if match[0][0].isupper() else word

    template = (CONTEXT_KANJI if language == "ja" else CONTEXT_WORD).sub(other, template)
    return template + (rng.choice(TRAILERS) if rng.random() < TRAILED else "")


def fill(template: str, filler: SlotFiller) -> tuple[str, list[Entity]]:
    """Return the text of a template without choices, and the entities in it.

    A full stop at the end of an entity ends the sentence too.
    """
    parts, entities, length, end = [], [], 0, 0
    for match in SLOT.finditer(template):
        slot, particle = match.groups()
        value = filler.draw(slot)
        literal = template[end : match.start()]
        start = length + len(literal)
        parts += [literal, value]
        length, end = start + len(value), match.end()
        label = LABEL_OF_SLOT.get(slot, slot)
        if template.startswith(".", end) and (value.endswith(".") or value.endswith(ABBREVIATIONS)):
            parts.append("" if value.endswith(".") else ".")
            length, end = length + len(parts[-1]), end + 1
        if label in LABELS:
            entities.append(Entity(start, length, label))
        if particle:
            parts.append(_particle(value, PARTICLES[particle]))
            length += 1
    parts.append(template[end:])
    return _squeeze("".join(parts), entities)


def _particle(value, pair):
    """Return the Korean particle of a pair that follows a word: the first after a final consonant."""
    last = ord(value[-1]) - 0xAC00
    return pair[0] if 0 <= last < 11172 and last % 28 else pair[1]


def _squeeze(text, entities):
    """Replace runs of spaces, and spaces at the ends, and move the entities along."""
    kept = [index for index, sign in enumerate(text) if sign != " " or (index and text[index - 1] != " ")]
    while kept and text[kept[-1]] == " ":
        kept.pop()
    place = {old: new for new, old in enumerate(kept)}
    moved = [Entity(place[start], place[end - 1] + 1, label) for start, end, label in entities]
    return "".join(text[index] for index in kept), moved
