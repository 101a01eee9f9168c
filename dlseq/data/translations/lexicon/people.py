"""First names with their gender and Hangul spelling, written by hand."""

import dataclasses

__all__ = ["PEOPLE", "PersonEntry"]


@dataclasses.dataclass(frozen=True)
class PersonEntry:
    """A first name: feminine or not, and its Hangul spelling."""

    feminine: bool
    korean: str


# First names, "f" or "m", and the usual Hangul spelling.
_PEOPLE = """
    Jane f 제인; Mary f 메리; Emily f 에밀리; Sarah f 세라; Emma f 에마; Julia f 줄리아; Laura f 로라; Alice f 앨리스
    Anna f 애나; Sophie f 소피; Claire f 클레어; Marie f 마리; Camille f 카미유; Lucy f 루시; Rachel f 레이철
    Helen f 헬렌; Diana f 다이애나; Linda f 린다; Susan f 수전; Nancy f 낸시; Karen f 캐런; Monica f 모니카
    Veronica f 베로니카; Margot f 마르고; Victoria f 빅토리아; Amanda f 어맨다; Melissa f 멀리사; Olivia f 올리비아
    John m 존; Paul m 폴; David m 데이비드; Peter m 피터; Michael m 마이클; James m 제임스; Robert m 로버트
    Thomas m 토머스; Daniel m 대니얼; Kevin m 케빈; Brian m 브라이언; Mark m 마크; Steven m 스티븐; Eric m 에릭
    Antoine m 앙투안; Henri m 앙리; Louis m 루이; Marcel m 마르셀; Lucas m 루카스; Martin m 마틴; Oscar m 오스카
    Simon m 사이먼; Victor m 빅터; William m 윌리엄; George m 조지; Edward m 에드워드; Adam m 애덤; Benjamin m 벤저민
"""

PEOPLE: dict[str, PersonEntry] = {
    name: PersonEntry(gender == "f", korean)
    for name, gender, korean in (entry.split() for entry in _PEOPLE.replace("\n", ";").split(";") if entry.strip())
}
"""First names with gender and Hangul spelling."""
