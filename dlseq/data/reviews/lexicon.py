"""Words of the review grammar, with the value of each opinion from -2 to 2."""

__all__ = ["ADJECTIVES", "DOMAINS", "INTENSIFIERS", "NEUTRAL", "NOT", "NOTHING", "OPINION_WORDS", "VERBS"]

ADJECTIVES = {
    2: """wonderful brilliant superb excellent amazing fantastic outstanding magnificent marvelous perfect splendid
    stunning terrific exceptional gorgeous""",
    1: """good nice pleasant enjoyable decent solid charming fine likable interesting clever funny lovely
    neat satisfying""",
    -1: """bad dull weak boring poor bland tedious disappointing clumsy messy silly tiresome annoying sloppy
    unpleasant""",
    -2: """terrible awful horrible dreadful atrocious disgusting abysmal unbearable appalling horrendous pathetic
    disastrous hideous worthless ghastly""",
}
VERBS = {
    2: "love adore treasure",
    1: "like enjoy appreciate",
    -1: "dislike regret resent",
    -2: "hate loathe despise",
}
NEUTRAL = "average ordinary okay mediocre passable unremarkable"
"""Adjectives of value 0."""
OPINION_WORDS = frozenset(" ".join([*ADJECTIVES.values(), *VERBS.values(), NEUTRAL]).split())
INTENSIFIERS = "very really truly extremely remarkably incredibly"
"""Adverbs that make a mild adjective a strong one."""
NOT = ("not", "hardly", "scarcely", "not really", "not exactly")
"""Negations that move a value by two towards the other side: not good, not terrible."""
NOTHING = ("nothing", "anything but", "far from", "never", "in no way")
"""Negations that turn a value around: nothing good is worst, anything but boring is good."""
DOMAINS = {
    "movie": "movie film plot acting ending soundtrack dialogue camerawork script cast story finale",
    "book": "book novel plot style ending story prose translation cover hero chapter dialogue",
    "restaurant": "restaurant food service soup dessert menu waiter wine bread pasta salad coffee",
    "hotel": "hotel room breakfast staff pool view bed bathroom location lobby garden balcony",
    "phone": "phone screen battery camera sound design keyboard speaker software charger case display",
}
