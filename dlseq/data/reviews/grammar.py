"""Grammar of reviews: statements with negation, intensity, contrast and scope, and sentences without an opinion."""

import random
from typing import NamedTuple

from dlseq.data.entities.locales import find_locale
from dlseq.data.entities.slots import SlotFiller
from dlseq.data.reviews.lexicon import ADJECTIVES, DOMAINS, INTENSIFIERS, NEUTRAL, NOT, NOTHING, OPINION_WORDS, VERBS
from dlseq.data.reviews.meanings import Opinion, combine_contrast

__all__ = ["ReviewWriter", "Statement"]

VALUES = (2, 1, -1, -2)
NEGATED = 0.5  # of opinions
IRREGULAR = {"regret": "regretted"}


class Statement(NamedTuple):
    """Clause with its value and the opinions in it that count.

    Args:
        text: without a capital and a full stop.
        value: from -2 to 2.
        opinions: the opinions from which the value follows.
    """

    text: str
    value: int
    opinions: tuple[Opinion, ...]


class ReviewWriter:
    """Writer of statements and neutral sentences.

    Args:
        rng: source of randomness.
        names: "train", "validation" or "test", the split of names of people and places.

    Example:
        >>> statement = ReviewWriter(random.Random(1), "train").statement("movie")
        >>> -2 <= statement.value <= 2
        True
    """

    def __init__(self, rng: random.Random, names: str):
        self.rng = rng
        self.filler = SlotFiller(find_locale("en_US"), names, rng)

    def statement(self, domain: str) -> Statement:
        """Draw a statement about a thing of a domain: simple, with a contrast, or with an expectation."""
        form = self.rng.random()
        if form < 0.62:
            return self._simple(domain)
        if form < 0.86:
            return self._contrast(domain)
        return self._expectation(domain)

    def neutral(self, domain: str) -> str:
        """Draw a sentence without an opinion, in which there may be names."""
        person, place = self._name("person"), self._name("place")
        number, topic = self.rng.randrange(2, 30), self._topic(domain)
        sentences = (
            f"we were there with {person}",
            f"I was in {place} with my family",
            f"{person} recommended it to me",
            f"my friend {person} paid for it",
            f"it took {number} days",
            f"we live in {place}",
            f"this is about the {topic}",
            f"I have seen {number} of them",
            f"{person} from {place} was there too",
            f"we came on a Monday and left after {number} hours",
        )
        return self.rng.choice(sentences)

    def _name(self, slot):
        """Draw a name without an opinion word: not Michael Good, not Nice."""
        while True:
            name = self.filler.draw(slot)
            if not OPINION_WORDS & set(name.lower().replace("-", " ").split()):
                return name

    def _topic(self, domain):
        return self.rng.choice(DOMAINS[domain].split())

    def _word(self, table, values=VALUES):
        value = self.rng.choice(values)
        return self.rng.choice(table[value].split()), value

    def _simple(self, domain, values=VALUES) -> Statement:
        form = self.rng.random()
        if form < 0.12 and values == VALUES:
            word = self.rng.choice(NEUTRAL.split())
            return Statement(f"the {self._topic(domain)} is {word}", 0, (Opinion(word, 0),))
        return self._with_adjective(domain, values) if form < 0.66 else self._with_verb(domain, values)

    def _with_adjective(self, domain, values) -> Statement:
        rng, topic = self.rng, self._topic(domain)
        word, value = self._word(ADJECTIVES, values)
        negation, kind = self._negation()
        can_intensify = abs(value) == 1 and negation in ("", "not")
        adverbs = [word for word in INTENSIFIERS.split() if not (negation and word == "really")]  # not really is one
        intensifier = rng.choice(adverbs) if can_intensify and rng.random() < 0.3 else ""
        phrase = f"{intensifier} {word}".strip()
        verb = rng.choice(("is", "was"))
        if not negation:
            texts = (
                f"the {topic} {verb} {phrase}",
                f"this {topic} {verb} {phrase}",
                f"I think the {topic} {verb} {phrase}",
                f"it is true that the {topic} {verb} {phrase}",
                f"everyone says that this {topic} {verb} {phrase}",
                f"there is something {phrase} about the {topic}",
                f"not only that, the {topic} {verb} {phrase}",
            )
            return self._stated(rng.choice(texts), Opinion(word, value, intensifier))
        texts = [f"the {topic} {verb} {negation} {phrase}", f"this {topic} {verb} {negation} {phrase}"]
        if negation == "not":
            texts = [
                *texts,
                f"I do not think that the {topic} {verb} {phrase}",
                f"the {topic} {verb}n't {phrase}",
                f"I would not say the {topic} {verb} {phrase}",
                f"it is not true that the {topic} {verb} {phrase}",
            ]
        elif negation == "nothing":
            texts = [f"there is nothing {phrase} about the {topic}", f"nothing in this {topic} {verb} {phrase}"]
        return self._stated(rng.choice(texts), Opinion(word, value, intensifier, negation, kind))

    def _negation(self):
        """Return a negation and its kind, both "" for none."""
        if self.rng.random() >= NEGATED:
            return "", ""
        kind = self.rng.choice(("not", "nothing"))
        return self.rng.choice(NOT if kind == "not" else NOTHING), kind

    def _with_verb(self, domain, values) -> Statement:
        rng, topic = self.rng, self._topic(domain)
        word, value = self._word(VERBS, values)
        past = IRREGULAR.get(word) or (f"{word}d" if word.endswith("e") else f"{word}ed")
        if rng.random() >= NEGATED:
            texts = (
                f"I {past} the {topic}",
                f"we {past} this {topic}",
                f"everybody {past} the {topic}",
                f"you will {word} this {topic}",
                f"there is a lot to {word} in this {topic}",
            )
            return self._stated(rng.choice(texts), Opinion(word, value))
        form, kind = rng.choice(
            (
                (f"I did not {word} the {topic}", "not"),
                (f"we didn't {word} this {topic}", "not"),
                (f"I do not think that you will {word} the {topic}", "not"),
                (f"I hardly {past} the {topic}", "not"),
                (f"there is nothing to {word} in this {topic}", "nothing"),
                (f"nobody {past} the {topic}", "nothing"),
                (f"I never {past} this {topic}", "nothing"),
                (f"no one will {word} this {topic}", "nothing"),
            )
        )
        negations = ("not", "didn't", "hardly", "nothing", "nobody", "never", "no one")
        negation = next(negation for negation in negations if f" {negation} " in f" {form} ")
        return self._stated(form, Opinion(word, value, "", negation.replace("didn't", "not"), kind))

    def _stated(self, text, opinion):
        return Statement(text, opinion.total, (opinion,))

    def _contrast(self, domain) -> Statement:
        """Draw two statements of opposite sides; the main clause is stated second or after *although*."""
        while True:
            first, second = self._simple(domain), self._simple(domain)
            if first.value * second.value < 0:
                break
        value = combine_contrast(first.value, second.value)
        text = self.rng.choice(
            (
                f"{first.text}, but {second.text}",
                f"although {first.text}, {second.text}",
                f"{second.text}, even though {first.text}",
                f"{first.text}; however, {second.text}",
            )
        )
        return Statement(text, value, first.opinions + second.opinions)

    def _expectation(self, domain) -> Statement:
        """Draw a statement after an expectation, which does not count."""
        word, _ = self._word(ADJECTIVES)
        actual = self._simple(domain)
        topic = self._topic(domain)
        text = self.rng.choice(
            (
                f"I expected {'an' if word[0] in 'aeiou' else 'a'} {word} {topic}, but {actual.text}",
                f"people had told me that the {topic} would be {word}, and yet {actual.text}",
                f"it could have been {word}; instead {actual.text}",
            )
        )
        return Statement(text, actual.value, actual.opinions)
