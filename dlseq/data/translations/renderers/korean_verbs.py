"""Korean conjugation: polite endings, connectives, adnominal and quotative forms."""

import dataclasses
from typing import Literal

from dlseq.data.hangul import FINALS, final_consonant, with_final

__all__ = ["Ending", "KoreanVerb"]

Ending = Literal["polite", "and", "but", "because", "when", "quote", "adnominal"]


@dataclasses.dataclass(frozen=True)
class KoreanVerb:
    """A verb or adjective that can be conjugated.

    Attributes:
        stem: such as 먹, 걷 or 아름답.
        infinitive: the 아/어 form: 먹어, 걸어, 아름다워.
        modified: the stem before an ending in 으: 먹으, 걸으, 아름다우. Derived from the stem where it is regular.
        descriptive: True for adjectives, and for 있다 and 없다, whose quotative present has no -ㄴ-.
        attribute: the adnominal present where it is irregular: 큰, 아름다운.

    Example:
        >>> visit = KoreanVerb("방문하", "방문해")
        >>> visit.progressive().conjugate("present", "polite"), visit.conjugate("past", "polite")
        ('방문하고 있어요', '방문했어요')
        >>> KoreanVerb("살", "살아").conjugate("future", "polite"), visit.negated().conjugate("past", "polite")
        ('살 거예요', '방문하지 않았어요')
    """

    stem: str
    infinitive: str
    modified: str = ""
    descriptive: bool = False
    attribute: str = ""

    def __post_init__(self):
        if not self.modified:
            final = final_consonant(self.stem)
            without = self.stem[:-1] + chr(ord(self.stem[-1]) - FINALS.index("ㄹ")) if final == "ㄹ" else ""
            object.__setattr__(self, "modified", without or (self.stem + "으" if final else self.stem))

    def progressive(self) -> "KoreanVerb":
        """Return the progressive form, -고 있다."""
        return KoreanVerb(f"{self.stem}고 있", f"{self.stem}고 있어", descriptive=True)

    def negated(self) -> "KoreanVerb":
        """Return the negation, -지 않다; 수 없다 for 수 있다."""
        if self.stem.endswith("수 있"):
            return KoreanVerb("수 없", "수 없어", descriptive=True)
        return KoreanVerb(f"{self.stem}지 않", f"{self.stem}지 않아", descriptive=self.descriptive)

    def conjugate(self, tense: str, ending: Ending) -> str:
        """Return the form of a tense with an ending.

        Args:
            tense: "present", "past" or "future".
            ending: "polite" (-요), "and" (-고), "but" (-지만), "because" (-기 때문에), "when" (-ㄹ 때),
                "quote" (-다고), "adnominal" (-는, -ㄴ, -ㄹ).
        """
        if ending == "adnominal":
            return self._adnominal(tense)
        if tense == "future":
            will = with_final(self.modified, "ㄹ")
            endings = {
                "polite": "거예요",
                "and": "거고",
                "but": "거지만",
                "because": "것이기 때문에",
                "quote": "거라고",
            }
            return f"{will} 때" if ending == "when" else f"{will} {endings[ending]}"
        if tense == "past":
            past = with_final(self.infinitive, "ㅆ")
            endings = {"polite": "어요", "because": "기 때문에", "when": "을 때", "quote": "다고"}
            return past + endings.get(ending, {"and": "고", "but": "지만"}.get(ending, ""))
        if ending == "polite":
            return f"{self.infinitive}요"
        if ending == "when":
            return f"{with_final(self.modified, 'ㄹ')} 때"
        if ending == "quote":
            return self._plain() + "고"
        return self.stem + {"and": "고", "but": "지만", "because": "기 때문에"}[ending]

    def before_infinitive(self, ending: str) -> str:
        """Return the form before a verb such as 싶다, 시작하다 or 수 있다.

        Args:
            ending: 고, 기, 기를, 기로, 는 것을, 는 법을, ㄹ, 야 or 려고.
        """
        if ending == "ㄹ":
            return with_final(self.modified, "ㄹ")
        if ending == "야":
            return f"{self.infinitive}야"
        if ending == "려고":
            return (self.stem if final_consonant(self.stem) == "ㄹ" else self.modified) + ending
        if ending.startswith("는 "):
            return self._adnominal("present") + ending[1:]
        return self.stem + ending

    def _plain(self):
        if self.descriptive:
            return f"{self.stem}다"
        if final_consonant(self.modified) == "" and final_consonant(self.stem) in ("", "ㄹ"):
            return f"{with_final(self.modified, 'ㄴ')}다"
        return f"{self.stem}는다"

    def _adnominal(self, tense):
        exists = self.stem.endswith(("있", "없"))
        if tense == "future":
            return with_final(self.modified, "ㄹ")
        if tense == "past":
            return f"{self.stem}던" if exists or self.descriptive else with_final(self.modified, "ㄴ")
        if self.attribute:
            return self.attribute
        if self.descriptive and not exists:
            return with_final(self.modified, "ㄴ")
        return (self.modified if final_consonant(self.stem) == "ㄹ" else self.stem) + "는"
