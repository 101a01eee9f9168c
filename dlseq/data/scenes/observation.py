"""Observation of a scene: the statement that its boxes make, all true captions, and the check of a caption.

Relations follow from boxes alone. Of two phrases the one with the higher lower edge is over the other if they share at
least half of the width of the narrower; else they stand side by side. (The middles would not do: a small bus on the
seat of a big sofa is as high as the sofa's middle.)
"""

import itertools
from collections.abc import Sequence

from dlseq.data.scenes.languages import parse, render
from dlseq.data.scenes.statements import Group, Phrase, Statement
from dlseq.data.scenes.things import Thing, union
from dlseq.data.scenes.words import THINGS

__all__ = ["can_sit", "is_true", "observe", "true_captions", "union"]

TOUCH = 2 / 64
"""Gap below which a thing stands on another, as a share of the picture's side; the generator leaves at most 0."""
NEAR = 5 / 64
"""Gap below which a thing is next to another; the generator leaves at most 2 of 64, and at least 8 for "left of"."""
SEATS = ("chair", "sofa", "bed")


def can_sit(subject: str, landmark: str) -> bool:
    """Return whether a thing on another sits on it: an animal on a chair, a sofa or a bed.

    Example:
        >>> can_sit("cat", "chair"), can_sit("apple", "chair"), can_sit("cat", "car")
        (True, False, False)
    """
    return THINGS[subject].kind == "animal" and landmark in SEATS


def observe(things: Sequence[Thing], size: int) -> Statement:
    """Return the canonical statement about the things of a scene, from their boxes.

    Args:
        things: one to four names of things.
        size: side of the picture, in pixels.

    Example:
        >>> cat = Thing("cat", "animal", (20, 10, 40, 30), "medium")
        >>> bed = Thing("bed", "furniture", (10, 25, 42, 50), "big")
        >>> " ".join(word for word, _ in render(observe([cat, bed], 64)))
        'a cat sitting on a big bed'
    """
    boxes = {name: union(t.box for t in things if t.name == name) for name in dict.fromkeys(t.name for t in things)}
    groups, left = [], list(boxes)
    while left:
        name = left.pop(0)
        partner = next((other for other in left if _is_vertical(boxes[name], boxes[other])), None)
        if partner is not None:
            left.remove(partner)
        groups.append((name, partner))
    groups.sort(key=lambda names: union(boxes[name] for name in names if name)[0])
    made = [_group(*names, boxes, things, size) for names in groups]
    if len(made) == 1:
        return Statement(made[0])
    first, second = (union(boxes[phrase.name] for phrase in group.phrases) for group in made)
    return Statement(made[0], "next to" if second[0] - first[2] < NEAR * size else "left of", made[1])


def _is_vertical(box, other):
    shared = min(box[2], other[2]) - max(box[0], other[0])
    return shared >= 0.5 * min(box[2] - box[0], other[2] - other[0])


def _group(name, partner, boxes, things, size):
    if partner is None:
        return Group(_phrase(name, things))
    upper, lower = sorted((name, partner), key=lambda key: boxes[key][3])
    if boxes[lower][1] - boxes[upper][3] >= TOUCH * size:
        return Group(_phrase(lower, things), "under", _phrase(upper, things))
    relation = "sitting on" if can_sit(upper, lower) else "on"
    return Group(_phrase(upper, things), relation, _phrase(lower, things))


def _phrase(name, things):
    found = [thing for thing in things if thing.name == name]
    return Phrase(name, len(found), found[0].size)


def true_captions(statement: Statement, language: str = "en") -> list[tuple[str, ...]]:
    """Return the words of all captions that are true where a canonical statement is, each once, that one first.

    Example:
        >>> statement = Statement(Group(Phrase("cat"), "on", Phrase("car")))
        >>> [" ".join(words) for words in true_captions(statement)]
        ['a cat on a car', 'a cat above a car', 'a car under a cat']
    """
    groups = [_group_variants(group) for group in statement.groups]
    if statement.landmark is None:
        statements = [Statement(group) for group in groups[0]]
    else:
        statements = [
            variant
            for first, second in itertools.product(*groups)
            for variant in _horizontal_variants(first, statement.relation, second)
        ]
    return list(dict.fromkeys(tuple(word for word, _ in render(each, language)) for each in statements))


def _group_variants(group):
    first, relation, second = group.subject, group.relation, group.landmark
    if second is None:
        return [group]
    if relation == "under":
        return [group, Group(second, "above", first)]
    others = [Group(first, "on", second)] * (relation == "sitting on")
    return [group, *others, Group(first, "above", second), Group(second, "under", first)]


def _horizontal_variants(first, relation, second):
    variants = [Statement(first, "left of", second), Statement(second, "right of", first)]
    if relation == "next to":
        variants = [Statement(first, "next to", second), Statement(second, "next to", first), *variants]
    return variants


def is_true(things: Sequence[Thing], size: int, words, language: str = "en") -> bool:
    """Return whether a caption is true of things and names all of them; see `dlseq.data.scenes.is_right`."""
    claim, fact = parse(words, language), observe(things, size)
    if claim is None:
        return False
    facts = {frozenset(phrase.name for phrase in group.phrases): group for group in fact.groups}
    claims = [frozenset(phrase.name for phrase in group.phrases) for group in claim.groups]
    if len(claim.groups) != len(fact.groups) or {*claims} != {*facts}:
        return False
    return (
        all(_is_true_phrase(phrase, things) for phrase in claim.phrases)
        and all(_is_true_group(group, facts[names]) for group, names in zip(claim.groups, claims, strict=True))
        and (fact.relation is None or _is_true_relation(claim, claims, fact))
    )


def _is_true_phrase(phrase, things):
    found = [thing for thing in things if thing.name == phrase.name]
    return len(found) == phrase.count and all(
        thing.size == phrase.size and phrase.color in (None, thing.color) for thing in found
    )


def _is_true_group(claim, fact):
    if claim.relation is None:
        return True
    subject, landmark = claim.subject.name, claim.landmark.name
    upper = fact.landmark.name if fact.relation == "under" else fact.subject.name
    if claim.relation in ("above", "under"):
        return upper == (subject if claim.relation == "above" else landmark)
    touches = fact.relation != "under" and upper == subject
    return touches and (claim.relation == "on" or can_sit(subject, landmark))


def _is_true_relation(claim, claims, fact):
    if claim.relation == "next to":
        return fact.relation == "next to"
    leftmost = frozenset(phrase.name for phrase in fact.subject.phrases)
    return leftmost == claims[0 if claim.relation == "left of" else 1]
