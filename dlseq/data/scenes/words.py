"""Things that scenes show: their names in English and Korean, kinds, colors, and the sizes they are drawn in."""

import dataclasses

__all__ = ["BACKDROPS", "COLORS", "LANGUAGES", "NAMES", "SIZES", "THINGS", "Word", "sprite_names"]

LANGUAGES = ("en", "ko")
SIZES = {"small": (13, 15), "medium": (19, 24), "big": (31, 36)}
"""Pixels of the longer side of a thing in a scene of 64 pixels: no size comes close to another."""

COLORS = {"red": "빨간", "yellow": "노란", "green": "초록", "blue": "파란"}
"""Colors of the things that come in several, in English and Korean."""


@dataclasses.dataclass(frozen=True)
class Word:
    """Thing that can be drawn and named.

    Args:
        name: English name, one token.
        plural: English plural.
        korean: Korean name, one token.
        counter: Korean counter that follows a number of such things.
        kind: "animal", "vehicle", "furniture", "food", "plant", "clothing", "instrument", "person", "object" or
            "building".
        noto: code point of the drawing in Noto Color Emoji.
        fluent: name of the drawing in Fluent Emoji Flat.
        surface: height at which another thing stands on this one, as a share of its own height from the top. `None`
            for things on which nothing stands.
        colored: the thing is drawn in each of `COLORS`.
    """

    name: str
    plural: str
    korean: str
    counter: str
    kind: str
    noto: int
    fluent: str
    surface: float | None = None
    colored: bool = False


_ROWS = """
animal 마리
cat cats 고양이 1F408 cat
dog dogs 개 1F415 dog
horse horses 말 1F40E horse 0.35
cow cows 소 1F404 cow 0.2
pig pigs 돼지 1F416 pig 0.15
rabbit rabbits 토끼 1F407 rabbit
elephant elephants 코끼리 1F418 elephant 0.1
penguin penguins 펭귄 1F427 penguin
turtle turtles 거북이 1F422 turtle 0.1
butterfly butterflies 나비 1F98B butterfly
owl owls 부엉이 1F989 owl
snail snails 달팽이 1F40C snail
vehicle 대
car cars 자동차 1F697 automobile 0.05 *
bus buses 버스 1F68C bus 0.05 *
bicycle bicycles 자전거 1F6B2 bicycle
airplane airplanes 비행기 2708 airplane
helicopter helicopters 헬리콥터 1F681 helicopter
tractor tractors 트랙터 1F69C tractor
truck trucks 트럭 1F69A delivery-truck 0.05
train trains 기차 1F682 locomotive
furniture 개
chair chairs 의자 1FA91 chair 0.55 *
bed beds 침대 1F6CF bed 0.5
sofa sofas 소파 1F6CB couch-and-lamp 0.65 *
bathtub bathtubs 욕조 1F6C1 bathtub
door doors 문 1F6AA door 0.0
television televisions 텔레비전 1F4FA television 0.1
food 개
apple apples 사과 1F34E red-apple
banana bananas 바나나 1F34C banana
bread breads 빵 1F35E bread 0.05
cheese cheeses 치즈 1F9C0 cheese-wedge 0.1
pizza pizzas 피자 1F355 pizza
carrot carrots 당근 1F955 carrot
cake cakes 케이크 1F382 birthday-cake
hamburger hamburgers 햄버거 1F354 hamburger 0.05
pineapple pineapples 파인애플 1F34D pineapple
strawberry strawberries 딸기 1F353 strawberry
plant 그루
tree trees 나무 1F333 deciduous-tree 0.05
palm palms 야자수 1F334 palm-tree
cactus cactuses 선인장 1F335 cactus
fir firs 전나무 1F332 evergreen-tree
plant 송이
sunflower sunflowers 해바라기 1F33B sunflower
rose roses 장미 1F339 rose
tulip tulips 튤립 1F337 tulip
mushroom mushrooms 버섯 1F344 mushroom 0.02
clothing 개
hat hats 모자 1F3A9 top-hat 0.0
shirt shirts 셔츠 1F455 t-shirt 0.1 *
dress dresses 드레스 1F457 dress - *
boot boots 부츠 1F462 womans-boot
scarf scarves 목도리 1F9E3 scarf - *
backpack backpacks 배낭 1F392 backpack 0.1 *
crown crowns 왕관 1F451 crown
instrument 개
guitar guitars 기타 1F3B8 guitar - *
violin violins 바이올린 1F3BB violin
trumpet trumpets 트럼펫 1F3BA trumpet
drum drums 북 1F941 drum 0.2 *
keyboard keyboards 건반 1F3B9 musical-keyboard 0.05
saxophone saxophones 색소폰 1F3B7 saxophone
accordion accordions 아코디언 1FA97 accordion
person 명
runner runners 육상선수 1F3C3 person-running
dancer dancers 무용수 1F483 woman-dancing
cyclist cyclists 자전거선수 1F6B4 person-biking
surfer surfers 서퍼 1F3C4 person-surfing
skier skiers 스키선수 26F7 skier
juggler jugglers 곡예사 1F939 person-juggling
weightlifter weightlifters 역도선수 1F3CB person-lifting-weights
object 개
umbrella umbrellas 우산 2602 umbrella - *
book books 책 1F4D5 closed-book 0.05 *
key keys 열쇠 1F511 key
ball balls 공 26BD soccer-ball 0.02
balloon balloons 풍선 1F388 balloon - *
box boxes 상자 1F4E6 package 0.1
clock clocks 시계 23F0 alarm-clock
hammer hammers 망치 1F528 hammer
camera cameras 카메라 1F4F7 camera 0.1
cup cups 컵 2615 hot-beverage
telephone telephones 전화기 260E telephone
heart hearts 하트 2764 red-heart - *
building 채
house houses 집 1F3E0 house
castle castles 성 1F3F0 castle
tent tents 텐트 26FA tent
church churches 교회 26EA church
"""


_COUNTERS = {"book": "권", "shirt": "벌", "dress": "벌"}
"""Counters that are not those of the kind."""


def _words():
    """Yield the `Word` of each row; a row of two columns gives the kind and the counter of those below it."""
    kind = counter = ""
    for row in _ROWS.strip().splitlines():
        columns = row.split()
        if len(columns) == 2:
            kind, counter = columns
            continue
        name, plural, korean, noto, fluent, *rest = columns
        surface = float(rest[0]) if rest and rest[0] not in "-*" else None
        yield Word(
            name, plural, korean, _COUNTERS.get(name, counter), kind, int(noto, 16), fluent, surface, "*" in rest
        )


THINGS: dict[str, Word] = {word.name: word for word in _words()}
"""Every thing by its English name."""

NAMES: tuple[str, ...] = tuple(THINGS)

BACKDROPS = {
    "cloud": (0x2601, "cloud"),
    "star": (0x2B50, "star"),
    "sun": (0x2600, "sun"),
    "moon": (0x1F319, "crescent-moon"),
    "window": (0x1FA9F, "window"),
    "picture": (0x1F5BC, "framed-picture"),
    "snowflake": (0x2744, "snowflake"),
    "drop": (0x1F4A7, "droplet"),
}
"""Parts of the background, which no caption and no question names: code point in Noto, name in Fluent."""


def sprite_names() -> tuple[str, ...]:
    """Return the names of the things that can be drawn, in the order of the labels of `draw_sprites`.

    Example:
        >>> names = sprite_names()
        >>> names[:2], len(names) >= 60
        (('cat', 'dog'), True)
    """
    return NAMES
