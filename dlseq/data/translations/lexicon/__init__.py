"""Words of the grammar in three languages: nouns, adjectives, people, verbs, places and times."""

from dlseq.data.translations.lexicon.adjectives import ADJECTIVES, NUMBERS
from dlseq.data.translations.lexicon.nouns import NOUNS
from dlseq.data.translations.lexicon.people import PEOPLE

__all__ = ["ADJECTIVES", "NOUNS", "NUMBERS", "PEOPLE"]
