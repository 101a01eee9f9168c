"""Adjectives and numbers in English, French and Korean, written by hand."""

import dataclasses

from dlseq.data.translations.lexicon.nouns import rows_of

__all__ = ["ADJECTIVES", "NUMBERS", "AdjectiveEntry"]


@dataclasses.dataclass(frozen=True)
class AdjectiveEntry:
    """An adjective in three languages.

    Attributes:
        english: the adjective.
        french: masculine and feminine singular.
        before: True where the French adjective stands before its noun.
        korean: adnominal form (아름다운), stem (아름답) and infinitive (아름다워).
        kinds: the kinds of noun that it describes.
    """

    english: str
    french: tuple[str, str]
    before: bool
    korean: tuple[str, str, str]
    kinds: tuple[str, ...]


# English | French masculine | French feminine | b(efore) or a(fter) | Korean adnominal | stem | infinitive | kinds
_PEOPLE_KINDS = "person animal"
_OBJECTS = "food drink text sound show building vehicle clothes thing"
_SOLID = "building vehicle clothes thing"
_ADJECTIVES = f"""
    big|grand|grande|b|큰|크|커|animal {_SOLID}
    small|petit|petite|b|작은|작|작아|{_PEOPLE_KINDS} {_SOLID}
    good|bon|bonne|b|좋은|좋|좋아|food drink text sound show idea
    bad|mauvais|mauvaise|b|나쁜|나쁘|나빠|food drink text show idea
    beautiful|beau|belle|b|아름다운|아름답|아름다워|building clothes thing text sound idea
    new|nouveau|nouvelle|b|새로운|새롭|새로워|text show {_SOLID} idea
    old|vieux|vieille|b|오래된|오래되|오래돼|text building vehicle clothes thing
    young|jeune|jeune|b|젊은|젊|젊어|person
    pretty|joli|jolie|b|예쁜|예쁘|예뻐|{_SOLID} animal
    long|long|longue|b|긴|길|길어|text sound show idea
    red|rouge|rouge|a|빨간|빨갛|빨개|food vehicle clothes thing
    blue|bleu|bleue|a|파란|파랗|파래|vehicle clothes thing
    green|vert|verte|a|녹색인|녹색이|녹색이어|vehicle clothes thing
    black|noir|noire|a|검은|검|검어|animal vehicle clothes thing
    white|blanc|blanche|a|하얀|하얗|하얘|animal building vehicle clothes thing
    yellow|jaune|jaune|a|노란|노랗|노래|vehicle clothes thing
    expensive|cher|chère|a|비싼|비싸|비싸|food drink {_SOLID}
    interesting|intéressant|intéressante|a|재미있는|재미있|재미있어|person text show building idea
    boring|ennuyeux|ennuyeuse|a|지루한|지루하|지루해|person text show idea
    famous|célèbre|célèbre|a|유명한|유명하|유명해|person text sound show building
    delicious|délicieux|délicieuse|a|맛있는|맛있|맛있어|food drink
    cold|froid|froide|a|차가운|차갑|차가워|food drink
    hot|chaud|chaude|a|뜨거운|뜨겁|뜨거워|food drink
    wonderful|merveilleux|merveilleuse|a|멋진|멋지|멋져|person {_OBJECTS} idea
    modern|moderne|moderne|a|현대적인|현대적이|현대적이어|building thing idea
    strange|étrange|étrange|a|이상한|이상하|이상해|person animal text show building thing idea
    happy|heureux|heureuse|a|행복한|행복하|행복해|{_PEOPLE_KINDS}
    sad|triste|triste|a|슬픈|슬프|슬퍼|{_PEOPLE_KINDS} text sound show
    tired|fatigué|fatiguée|a|피곤한|피곤하|피곤해|{_PEOPLE_KINDS}
    rich|riche|riche|a|부유한|부유하|부유해|person
    poor|pauvre|pauvre|a|가난한|가난하|가난해|person
    kind|gentil|gentille|a|친절한|친절하|친절해|person
    brave|courageux|courageuse|a|용감한|용감하|용감해|{_PEOPLE_KINDS}
    quiet|calme|calme|a|조용한|조용하|조용해|{_PEOPLE_KINDS} building
    important|important|importante|a|중요한|중요하|중요해|person text idea
    difficult|difficile|difficile|a|어려운|어렵|어려워|text idea
    easy|facile|facile|a|쉬운|쉽|쉬워|idea
    dangerous|dangereux|dangereuse|a|위험한|위험하|위험해|animal building idea
    heavy|lourd|lourde|a|무거운|무겁|무거워|thing
    clean|propre|propre|a|깨끗한|깨끗하|깨끗해|{_SOLID}
    empty|vide|vide|a|빈|비|비어|building
"""

NUMBERS = {
    2: ("two", "deux", "두"),
    3: ("three", "trois", "세"),
    4: ("four", "quatre", "네"),
    5: ("five", "cinq", "다섯"),
    6: ("six", "six", "여섯"),
    7: ("seven", "sept", "일곱"),
    8: ("eight", "huit", "여덟"),
    9: ("nine", "neuf", "아홉"),
    10: ("ten", "dix", "열"),
    11: ("eleven", "onze", "열한"),
    12: ("twelve", "douze", "열두"),
}
"""Numbers that a noun phrase may have: English, French, and native Korean before a counter."""


def _adjective(english, masculine, feminine, place, adnominal, stem, infinitive, kinds):
    return AdjectiveEntry(
        english, (masculine, feminine), place == "b", (adnominal, stem, infinitive), tuple(kinds.split())
    )


ADJECTIVES: dict[str, AdjectiveEntry] = {row[0]: _adjective(*row) for row in rows_of(_ADJECTIVES)}
"""Adjectives by their English form."""
