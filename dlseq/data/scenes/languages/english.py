"""English captions."""

from dlseq.data.scenes.languages.reading import WordReader
from dlseq.data.scenes.statements import Group, Phrase, Statement
from dlseq.data.scenes.words import COLORS, THINGS

__all__ = ["NUMBERS", "article", "noun_phrase", "parse", "render"]

NUMBERS = {2: "two", 3: "three", 4: "four"}
RELATIONS = {
    "sitting on": ("sitting", "on"),
    "on": ("on",),
    "above": ("above",),
    "under": ("under",),
    "left of": ("left", "of"),
    "right of": ("right", "of"),
    "next to": ("next", "to"),
}
SIZES = ("small", "big")
_NAMES = {word.name: name for name, word in THINGS.items()}
_PLURALS = {word.plural: name for name, word in THINGS.items()}
_COUNTS = {word: count for count, word in NUMBERS.items()}


def article(word: str) -> str:
    """Return the indefinite article before a word.

    Example:
        >>> article("apple"), article("big")
        ('an', 'a')
    """
    return "an" if word[0] in "aeiou" else "a"


def noun_phrase(phrase: Phrase) -> list[tuple[str, Phrase | None]]:
    """Return the words of a phrase; only the noun names it."""
    word = THINGS[phrase.name]
    adjectives = [phrase.size] * (phrase.size != "medium") + [phrase.color] * (phrase.color is not None)
    noun = word.name if phrase.count == 1 else word.plural
    first = article([*adjectives, noun][0]) if phrase.count == 1 else NUMBERS[phrase.count]
    return [(first, None), *((adjective, None) for adjective in adjectives), (noun, phrase)]


def render(statement: Statement) -> list[tuple[str, Phrase | None]]:
    """Return the words of a statement, each with the phrase that it names, or `None`."""
    words = _render_group(statement.subject)
    if statement.landmark is not None:
        words += [(word, None) for word in RELATIONS[statement.relation]]
        words += _render_group(statement.landmark)
    return words


def _render_group(group):
    words = noun_phrase(group.subject)
    if group.landmark is not None:
        words += [(word, None) for word in RELATIONS[group.relation]]
        words += noun_phrase(group.landmark)
    return words


def parse(words: tuple[str, ...]) -> Statement | None:
    """Return the statement of the words of a caption, or `None`."""
    reader = WordReader(words)
    subject = _read_group(reader)
    relation = landmark = None
    if not reader.is_at_end:
        relation = _read_relation(reader, ("left of", "right of", "next to"))
        landmark = _read_group(reader)
        if relation is None or landmark is None:
            return None
    return Statement(subject, relation, landmark) if subject is not None and reader.is_at_end else None


def _read_group(reader):
    subject = _read_phrase(reader)
    relation = _read_relation(reader, ("sitting on", "on", "above", "under"))
    if relation is None or subject is None:
        return subject and Group(subject)
    landmark = _read_phrase(reader)
    return landmark and Group(subject, relation, landmark)


def _read_relation(reader, names):
    return next((name for name in names if reader.take(*RELATIONS[name])), None)


def _read_phrase(reader):
    first = reader.next()
    count = 1 if first in ("a", "an") else _COUNTS.get(first)
    adjective = reader.peek()
    size = reader.next() if adjective in SIZES else "medium"
    color = reader.next() if reader.peek() in COLORS else None
    noun = reader.next()
    name = (_NAMES if count == 1 else _PLURALS).get(noun)
    if count is None or name is None or (count == 1 and first != article(adjective)):
        return None
    return Phrase(name, count, size, color)
