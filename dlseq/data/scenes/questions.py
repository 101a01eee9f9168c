"""Questions about scenes, with answers that no question gives away.

Things are drawn independently, so the names that answer "what is on the chair" are nearly uniform. Answers that are not
uniform by themselves, such as yes and no, numbers or places, are made so: a question is kept only if its answer is
among the rarest so far, for things on which others stand and for the rest apart, as their places differ.
"""

import collections
import dataclasses
import itertools
import random
from collections.abc import Iterable, Iterator, Sequence

from dlseq.data.scenes.generator import iterate_scenes
from dlseq.data.scenes.languages.english import NUMBERS, article
from dlseq.data.scenes.scene import Scene
from dlseq.data.scenes.things import Box, union
from dlseq.data.scenes.words import COLORS, NAMES, SIZES, THINGS
from dlseq.errors import DataError

__all__ = ["ANSWERS", "QUESTION_KINDS", "Question", "ask_questions", "draw_questions", "question_words"]

QUESTION_KINDS = {"presence": 0.22, "count": 0.13, "what": 0.25, "where": 0.16, "color": 0.12, "bigger": 0.12}
"""Kinds of questions with their shares."""

RELATIONS = ("on", "above", "under", "left of", "right of", "next to")
COUNTS = {1: "one", **NUMBERS}
ANSWERS = ("yes", "no", *COUNTS.values(), *COLORS, *NAMES)
"""Answers of one word. The answer to "where is the cat" is one of `RELATIONS`, "the" and a name."""

MAX_SURPLUS = 1.25  # of a kind's share, above which no such question is asked for a while
PIXELS = {size: low for size, (low, _) in SIZES.items()}


@dataclasses.dataclass(frozen=True, eq=False)
class Question:
    """Question about a scene.

    Args:
        scene: the scene.
        words: of the question, in small letters and without a question mark.
        answer: "yes", "no", a number, a color, the name of a thing, or a place such as "on the chair".
        kind: one of `QUESTION_KINDS`.
        named_region: box around the things that the question names, or `None` if there are none.
        answer_region: box around the things that the answer is about, or `None` for "no".
    """

    scene: Scene
    words: tuple[str, ...]
    answer: str
    kind: str
    named_region: Box | None
    answer_region: Box | None

    @property
    def text(self) -> str:
        """The question as it is written.

        Example:
            >>> [question] = draw_questions(1, seed=2)
            >>> question.text[-1]
            '?'
        """
        text = " ".join(self.words)
        text = text.replace(" bigger the", " bigger, the")
        return f"{text[0].upper()}{text[1:]}?"


def question_words(text: str) -> tuple[str, ...]:
    """Return the words of a question as it is written.

    Example:
        >>> question_words("Which is bigger, the cat or the dog?")
        ('which', 'is', 'bigger', 'the', 'cat', 'or', 'the', 'dog')
    """
    return tuple("".join(sign if sign.isalnum() else " " for sign in text.lower()).split())


def draw_questions(
    n: int,
    seed: int,
    split: str = "train",
    style: str = "noto",
    size: int = 64,
    per_scene: int = 3,
    names: Sequence[str] = NAMES,
) -> list[Question]:
    """Draw questions in English about scenes.

    Args:
        n: number of questions.
        seed: of the draw; the same seed gives the same questions on any day.
        split: of the scenes, see `draw_scenes`.
        style: of the drawings, "noto" or "fluent".
        size: side of the pictures in pixels.
        per_scene: most questions about one scene, each of another kind.
        names: of the things that scenes show and questions name. Defaults to all.

    Raises:
        DataError: An argument is not one of those.

    Example:
        >>> questions = draw_questions(4, seed=1)
        >>> len(questions), {question.kind for question in questions} <= {*QUESTION_KINDS}
        (4, True)
    """
    if n < 0:
        raise DataError(f"Invalid value for argument `n`. Expected 0 or more. Received: {n}.")
    scenes = iterate_scenes(seed, split, style, size, names=names)
    return list(itertools.islice(ask_questions(scenes, f"{seed} {split}", per_scene, names), n))


def ask_questions(
    scenes: Iterable[Scene], seed: int | str, per_scene: int = 3, names: Sequence[str] = NAMES
) -> Iterator[Question]:
    """Yield questions about scenes, at most so many about each, balanced over all of them.

    Args:
        scenes: scenes in any language.
        seed: of the draw.
        per_scene: most questions about one scene, each of another kind.
        names: of things that a question may ask for where they are absent. Defaults to all.

    Raises:
        DataError: `per_scene` is not one of 1 to 6.
    """
    if not 1 <= per_scene <= len(QUESTION_KINDS):
        raise DataError(
            f"Invalid value for argument `per_scene`. Expected 1 to {len(QUESTION_KINDS)}. Received: {per_scene}."
        )
    rng = random.Random(f"{seed} questions")
    asked, kinds = collections.Counter(), collections.Counter()
    for scene in scenes:
        found = {}
        for candidate in rng.sample(candidates := list(_candidates(scene, rng, names)), len(candidates)):
            if candidate.question.kind not in found and candidate.is_rare(asked):
                found[candidate.question.kind] = candidate
        total = kinds.total() + 1
        needs = {kind: kinds[kind] / (QUESTION_KINDS[kind] * total) for kind in found}
        by_need = sorted((kind for kind, need in needs.items() if need < MAX_SURPLUS), key=needs.get)
        for candidate in (found[kind] for kind in by_need[:per_scene]):
            asked[candidate.key, candidate.answer] += 1
            kinds[candidate.question.kind] += 1
            yield candidate.question


@dataclasses.dataclass(frozen=True)
class _Candidate:
    """Question with the answers among which it is balanced: none for those that need it not."""

    question: Question
    key: object = None
    answer: object = None
    answers: tuple = ()

    def is_rare(self, asked):
        """Return whether the answer is among the rarest for its key."""
        return not self.answers or asked[self.key, self.answer] == min(asked[self.key, each] for each in self.answers)


def _candidates(scene, rng, names):
    """Yield all questions that can be asked about a scene."""
    statement = scene.statement
    regions = {name: union(thing.box for thing in scene.things if thing.name == name) for name in _names(statement)}

    def ask(kind, text, answer, named, about, *balance):
        boxes = [None if not each else union(regions[name] for name in each) for each in (named, about)]
        return _Candidate(Question(scene, tuple(text.split()), answer, kind, *boxes), *balance)

    absent = rng.choice([name for name in names if name not in regions])
    for name in (*regions, absent):
        there = (name,) if name in regions else ()
        answer = "yes" if there else "no"
        yield ask(
            "presence",
            f"is there {article(name)} {name}",
            answer,
            there,
            there,
            ("presence", supports(name)),
            answer,
            ("yes", "no"),
        )
    for phrase in statement.phrases:
        name, count = phrase.name, COUNTS[phrase.count]
        text = f"how many {THINGS[name].plural} are there"
        yield ask("count", text, count, (name,), (name,), ("count", supports(name)), count, tuple(COUNTS.values()))
        if THINGS[name].colored:
            color = next(thing.color for thing in scene.things if thing.name == name)
            text = f"what color is the {name}" if phrase.count == 1 else f"what color are the {THINGS[name].plural}"
            yield ask("color", text, color, (name,), (name,), "color", color, tuple(COLORS))
    for subject, relation, landmark in _relations(statement):
        if landmark.count == 1:
            text = f"what is {relation} the {landmark.name}"
            yield ask("what", text, subject.name, (landmark.name,), (subject.name,))
            if subject.count == 1 and not _is_less_exact(relation, statement):
                answer = f"{relation} the {landmark.name}"
                balance = ("where", supports(subject.name)), relation, RELATIONS
                yield ask("where", f"where is the {subject.name}", answer, (subject.name,), (landmark.name,), *balance)
    for first, second in itertools.permutations(statement.phrases, 2):
        sides = [PIXELS[phrase.size] for phrase in (first, second)]
        if first.count == second.count == 1 and sides[0] != sides[1]:
            bigger = first if sides[0] > sides[1] else second
            text = f"which is bigger the {first.name} or the {second.name}"
            key = "bigger", supports(first.name), supports(second.name)
            balance = key, bigger is first, (True, False)
            yield ask("bigger", text, bigger.name, (first.name, second.name), (bigger.name,), *balance)


def supports(name: str) -> bool:
    """Return whether other things stand on a thing: such things have more relations than others."""
    return THINGS[name].surface is not None


def _names(statement):
    return [phrase.name for phrase in statement.phrases]


def _relations(statement):
    """Yield subject, relation and landmark of all true relations of two phrases that can be asked for."""
    for group in statement.groups:
        if group.relation == "under":
            yield group.subject, "under", group.landmark
            yield group.landmark, "above", group.subject
        elif group.landmark is not None:
            yield group.subject, "on", group.landmark
            yield group.landmark, "under", group.subject
    if statement.landmark is not None and len(statement.phrases) == 2:
        first, second = statement.phrases
        yield first, "left of", second
        yield second, "right of", first
        if statement.relation == "next to":
            yield first, "next to", second
            yield second, "next to", first


def _is_less_exact(relation, statement):
    """Return whether a thing that is next to another would be said to be left or right of it."""
    return statement.relation == "next to" and relation in ("left of", "right of")
