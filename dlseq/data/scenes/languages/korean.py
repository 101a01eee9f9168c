"""Korean captions, with the particles that the final consonant of a word demands."""

from dlseq.data.hangul import attach
from dlseq.data.scenes.languages.reading import WordReader
from dlseq.data.scenes.statements import Group, Phrase, Statement
from dlseq.data.scenes.words import COLORS, THINGS

__all__ = ["NUMBERS", "join", "noun_phrase", "parse", "render"]

NUMBERS = {2: "두", 3: "세", 4: "네"}
SIZES = {"small": "작은", "big": "큰"}
PLACES = {"on": "위", "under": "아래", "left of": "왼쪽", "right of": "오른쪽", "next to": "옆"}
PARTICLES = ("이", "가", "에", "의", "은", "는")  # written without a space before them
_NAMES = {word.korean: name for name, word in THINGS.items()}
_COUNTS = {word: count for count, word in NUMBERS.items()}
_SIZES = {word: size for size, word in SIZES.items()}
_COLORS = {word: color for color, word in COLORS.items()}
_RELATIONS = {place: relation for relation, place in PLACES.items()}


def noun_phrase(phrase: Phrase) -> list[tuple[str, Phrase | None]]:
    """Return the words of a phrase; only the noun names it: 큰 개, 사과 두 개."""
    words = [(SIZES[phrase.size], None)] if phrase.size != "medium" else []
    words += [(COLORS[phrase.color], None)] if phrase.color else []
    words.append((THINGS[phrase.name].korean, phrase))
    if phrase.count > 1:
        words += [(NUMBERS[phrase.count], None), (THINGS[phrase.name].counter, None)]
    return words


def render(statement: Statement) -> list[tuple[str, Phrase | None]]:
    """Return the words of a statement, each with the phrase that it names, or `None`.

    A lone group is a sentence: 고양이가 의자 위에 앉아 있다. A group beside another is a noun phrase: 의자 위의 고양이.
    위 is said of things on something and above it.
    """
    subject, landmark = statement.subject, statement.landmark
    if landmark is not None:
        return _render_sentence(_group_phrase(subject), statement.relation, _group_phrase(landmark))
    if subject.landmark is not None:
        return _render_sentence(noun_phrase(subject.subject), subject.relation, noun_phrase(subject.landmark))
    return _render_sentence(noun_phrase(subject.subject))


def _render_sentence(subject, relation=None, landmark=()):
    words = [*subject, (attach(subject[-1][0], "가"), None), *landmark]
    if relation is not None:
        words += [(_place(relation), None), ("에", None)]
    words += [("앉아", None)] if relation == "sitting on" else []
    return [*words, ("있다", None)]


def _place(relation):
    return PLACES.get(relation, "위")


def _group_phrase(group):
    """Return the words of a group as a noun phrase: 의자 위의 고양이, and 의자 위에 앉은 고양이 for one that sits."""
    if group.landmark is None:
        return noun_phrase(group.subject)
    joint = [("에", None), ("앉은", None)] if group.relation == "sitting on" else [("의", None)]
    return [*noun_phrase(group.landmark), (_place(group.relation), None), *joint, *noun_phrase(group.subject)]


def join(words) -> str:
    """Return words as a sentence: particles join the word before them.

    Example:
        >>> join(("사과", "두", "개", "가", "있다"))
        '사과 두 개가 있다'
    """
    text = ""
    for word in words:
        text += word if not text or word in PARTICLES else f" {word}"
    return text


def parse(words: tuple[str, ...]) -> Statement | None:
    """Return the statement of the words of a caption, or `None`."""
    reader = WordReader(words)
    subject = _read_group(reader)
    if subject is None or not reader.take(attach(words[reader.place - 1], "가")):
        return None
    if reader.take("있다"):
        return Statement(subject) if subject.landmark is None and reader.is_at_end else None
    landmark = _read_group(reader)
    relation = _RELATIONS.get(reader.next())
    if landmark is None or relation is None or not reader.take("에"):
        return None
    if relation == "on" and reader.take("앉아"):
        relation = "sitting on"
    if not reader.take("있다") or not reader.is_at_end:
        return None
    if relation in ("left of", "right of", "next to"):
        return Statement(subject, relation, landmark)
    if subject.landmark is not None or landmark.landmark is not None:
        return None
    return Statement(Group(subject.subject, _above_too(relation), landmark.subject))


def _above_too(relation):
    """Return "above" for 위, which is said of what lies on a thing and of what floats over it."""
    return "above" if relation == "on" else relation


def _read_group(reader):
    first = _read_phrase(reader)
    if first is None:
        return None
    for place in ("위", "아래"):
        for joint in (("의",), ("에", "앉은")):
            if reader.take(place, *joint):
                subject = _read_phrase(reader)
                relation = "sitting on" if joint[0] == "에" else _above_too(_RELATIONS[place])
                is_wrong = subject is None or (place == "아래" and joint[0] == "에")
                return None if is_wrong else Group(subject, relation, first)
    return Group(first)


def _read_phrase(reader):
    size = _SIZES[reader.next()] if reader.peek() in _SIZES else "medium"
    color = _COLORS[reader.next()] if reader.peek() in _COLORS else None
    name = _NAMES.get(reader.next())
    if name is None:
        return None
    count = _COUNTS[reader.next()] if reader.peek() in _COUNTS else 1
    if count > 1 and not reader.take(THINGS[name].counter):
        return None
    return Phrase(name, count, size, color)
