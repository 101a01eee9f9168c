"""Scenes: captions that follow from the picture, splits, styles, sprites and reproducibility."""

import itertools
import json
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlseq.data import scenes
from dlseq.data.scenes import SPLITS, draw_scenes, draw_sprites, is_held_out, is_right, sprite_names
from dlseq.data.scenes.languages import parse, render
from dlseq.data.scenes.layout import place
from dlseq.data.scenes.observation import observe
from dlseq.data.scenes.plans import draw_plan
from dlseq.data.scenes.sprites import draw_sprite
from dlseq.data.scenes.statements import Group, Phrase, Statement
from dlseq.data.scenes.words import BACKDROPS, COLORS, SIZES, THINGS
from dlseq.errors import DataError

SPRITES = Path(scenes.__file__).parent / "sprites"


@pytest.fixture(scope="module")
def drawn():
    """Three hundred scenes of each language, of the same pictures."""
    return {language: draw_scenes(300, seed=7, language=language) for language in ("en", "ko")}


def kind_of(scene):
    """Relation words of an English caption, and the number of things: strings of the grammar, not of the generator."""
    words = [word for word in scene.caption if word in ("sitting", "on", "under", "left", "next")]
    return " ".join(words)


def gap(scene, first, second):
    """Pixels between the boxes of the things of two names, from left to right and from top to bottom."""
    boxes = [np.array([thing.box for thing in scene.things if thing.name == name]) for name in (first, second)]
    (left, top), (right, bottom) = boxes[1][:, :2].min(0), boxes[0][:, 2:].max(0)
    return left - right, top - bottom


def test_caption_names_each_thing_once_with_its_number_and_size(drawn):
    """Counted from the boxes: a small thing has at most 15 of 64 pixels, a big one at least 31."""
    for scene in drawn["en"]:
        text = f" {scene.text} "
        for name in {thing.name for thing in scene.things}:
            found = [thing for thing in scene.things if thing.name == name]
            side = max(max(t.box[2] - t.box[0], t.box[3] - t.box[1]) for t in found)
            is_cut = any(0 in t.box[:2] or 64 in t.box[2:] for t in found)
            noun = name if len(found) == 1 else THINGS[name].plural
            sizes = [size for size, (low, high) in SIZES.items() if low <= side <= high]
            assert sizes or is_cut
            size = found[0].size
            assert is_cut or sizes == [size]
            number = "a" if len(found) == 1 else {2: "two", 3: "three", 4: "four"}[len(found)]
            adjective = "" if size == "medium" else f"{size} "
            assert f" {number} {adjective}{noun} " in text.replace(" an ", " a ")
        assert len(set(scene.text.split()) & {*THINGS, *(word.plural for word in THINGS.values())}) == len(
            {thing.name for thing in scene.things}
        )


def test_relation_of_two_things_follows_from_their_boxes(drawn):
    """Finding 1 of the plan: a scene with two captions that a model cannot choose between caps it at one half."""
    seen = set()
    for scene in drawn["en"]:
        names = list(dict.fromkeys(scene.caption[i] for i, region in enumerate(scene.regions) if region is not None))
        names = [next(name for name, word in THINGS.items() if noun in (name, word.plural)) for noun in names]
        if len(names) != 2:
            continue
        relation, (across, down) = kind_of(scene), gap(scene, *names)
        seen.add(relation)
        if relation == "left":
            assert across >= 8
        elif relation == "next":
            assert -2 <= across <= 3
        elif relation == "under":
            assert gap(scene, *names[::-1])[1] >= 3
        else:
            assert relation in ("on", "sitting on")
            assert down <= 0
            animal = THINGS[names[0]].kind == "animal" and names[1] in ("chair", "sofa", "bed")
            assert (relation == "sitting on") == animal
    assert seen == {"left", "next", "under", "on", "sitting on"}


def test_planned_statement_is_the_one_that_the_boxes_make():
    """A small bus on a big sofa was once read as a sofa on a bus, by the middles of the boxes."""
    rng = random.Random(3)
    for split in ("train", "pairs"):
        for _ in range(1500):
            plan = draw_plan(rng, split)
            sprites = place(plan, rng, "noto", 64)
            things = tuple(scenes.Thing(sprite.phrase.name, "", sprite.box, sprite.phrase.size) for sprite in sprites)
            assert observe(things, 64) == plan
            assert all(sprite.left >= -4 and sprite.left + sprite.image.width <= 68 for sprite in sprites)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_checker_takes_true_captions_and_no_others(drawn, language):
    previous = None
    for scene in drawn[language][:200]:
        assert is_right(scene, scene.caption), scene.text
        assert scene.caption not in scene.references
        assert all(is_right(scene, words) for words in scene.references)
        assert not is_right(scene, scene.caption[1:])
        if previous is not None and previous.caption != scene.caption:
            assert not is_right(scene, previous.caption)
        previous = scene


@pytest.mark.parametrize(
    ("caption", "right"),
    [
        ("a cat on a chair left of two apples", True),
        ("a red chair under a cat left of two apples", True),
        ("two apples right of a cat above a chair", True),
        ("a blue chair under a cat left of two apples", False),
        ("a cat on a chair right of two apples", False),
        ("a cat on a chair next to two apples", False),
        ("a chair on a cat left of two apples", False),
        ("a big cat on a chair left of two apples", False),
        ("a cat on a chair left of three apples", False),
        ("a cat on a chair left of an apple", False),
        ("a dog on a chair left of two apples", False),
        ("a cat left of two apples on a chair", False),
        ("a cat on a chair", False),
        ("an cat on a chair left of two apples", False),
        ("a cat on a chair left of two apples left of", False),
        ("", False),
    ],
)
def test_checker_by_hand(caption, right):
    things = (
        scenes.Thing("cat", "animal", (4, 10, 20, 32), "medium"),
        scenes.Thing("chair", "furniture", (4, 24, 20, 48), "medium", "red"),
        scenes.Thing("apple", "food", (36, 8, 56, 28), "medium"),
        scenes.Thing("apple", "food", (36, 30, 56, 50), "medium"),
    )
    scene = scenes.Scene(np.zeros((64, 64, 3), np.uint8), (), (), things)
    assert is_right(scene, tuple(caption.split())) == right


@pytest.mark.parametrize(
    ("statement", "english", "korean"),
    [
        (Statement(Group(Phrase("owl"))), "an owl", "부엉이가 있다"),
        (Statement(Group(Phrase("owl", 2, "small"))), "two small owls", "작은 부엉이 두 마리가 있다"),
        (Statement(Group(Phrase("book", 3))), "three books", "책 세 권이 있다"),
        (
            Statement(Group(Phrase("cat"), "sitting on", Phrase("chair"))),
            "a cat sitting on a chair",
            "고양이가 의자 위에 앉아 있다",
        ),
        (
            Statement(Group(Phrase("horse")), "left of", Group(Phrase("apple"), "under", Phrase("ball"))),
            "a horse left of an apple under a ball",
            "말이 공 아래의 사과 왼쪽에 있다",
        ),
        (
            Statement(Group(Phrase("cat"), "sitting on", Phrase("bed", size="big")), "next to", Group(Phrase("box"))),
            "a cat sitting on a big bed next to a box",
            "큰 침대 위에 앉은 고양이가 상자 옆에 있다",
        ),
        (
            Statement(Group(Phrase("key")), "right of", Group(Phrase("cup"))),
            "a key right of a cup",
            "열쇠가 컵 오른쪽에 있다",
        ),
    ],
)
def test_captions_by_hand(statement, english, korean):
    """Captions are written as a speaker writes them, and read back as the same statement."""
    for language, text in (("en", english), ("ko", korean)):
        words = [word for word, _ in render(statement, language)]
        assert scenes.caption_text(words, language) == text
        assert parse(words, language) == statement


def test_korean_particles_follow_the_final_consonant():
    """고양이 ends in a vowel; 말, 명 and 공 in consonants."""
    rng = random.Random(1)
    statements = [draw_plan(rng, "train") for _ in range(3000)]
    texts = [scenes.caption_text([word for word, _ in render(each, "ko")], "ko") for each in statements]
    ends = {text.split()[index] for text in texts for index, word in enumerate(text.split()) if word[-1] in "이가"}
    assert {"고양이가", "말이", "공이", "사과가"} <= ends
    assert not ends & {"고양이이", "말가", "공가", "사과이"}


def test_regions_are_boxes_of_the_named_things(drawn):
    for scene in drawn["en"] + drawn["ko"]:
        assert len(scene.regions) == len(scene.caption)
        for word, region in zip(scene.caption, scene.regions, strict=True):
            named = [t for t in scene.things if word in (t.name, THINGS[t.name].plural, THINGS[t.name].korean)]
            if region is not None:
                assert region == tuple(
                    function(t.box[side] for t in named) for side, function in enumerate((min, min, max, max))
                )
        nouns = sum(region is not None for region in scene.regions)
        assert nouns == len({thing.name for thing in scene.things})


def test_things_are_drawn_in_their_boxes():
    """Box and picture agree: with noise and backgrounds, things are those places where pixels differ most."""
    inside = outside = 0.0
    for scene in draw_scenes(200, seed=11):
        edges = np.abs(np.diff(scene.image.astype(float), axis=0)).max(-1)[:, :-1]
        mask = np.zeros(edges.shape, bool)
        for left, top, right, bottom in (thing.box for thing in scene.things):
            mask[top : bottom - 1, left : right - 1] = True
            assert 0 <= left < right <= 64
            assert 0 <= top < bottom <= 64
        inside, outside = inside + edges[mask].mean(), outside + edges[~mask].mean()
    assert inside > 4 * outside


def test_pairs_never_together_are_in_their_split_only():
    for split in SPLITS:
        for scene in draw_scenes(120, seed=3, split=split):
            names = sorted({thing.name for thing in scene.things})
            held_out = any(is_held_out(*pair) for pair in itertools.combinations(names, 2))
            assert held_out == (split == "pairs")
    share = np.mean([is_held_out(*pair) for pair in itertools.combinations(sprite_names(), 2)])
    assert 0.15 < share < 0.25


def test_same_seed_same_scenes_and_other_splits_others():
    first, again = draw_scenes(20, seed=5), draw_scenes(20, seed=5)
    assert all(np.array_equal(a.image, b.image) and a.things == b.things for a, b in zip(first, again, strict=True))
    other = draw_scenes(20, seed=5, split="validation")
    assert [scene.text for scene in other] != [scene.text for scene in first]


def test_scenes_and_sprites_of_some_things_show_no_others():
    names = ("cat", "chair", "apple", "car", "rose")
    assert {thing.name for scene in draw_scenes(60, seed=3, names=names) for thing in scene.things} == {*names}
    labels = draw_sprites(40, seed=1, names=names)[1]
    assert set(labels.tolist()) == set(range(len(names)))
    all_names = draw_scenes(5, seed=3, names=sprite_names())
    assert [scene.text for scene in all_names] == [scene.text for scene in draw_scenes(5, seed=3)]


def test_single_sprites_have_each_label():
    images, labels = draw_sprites(900, seed=1, style="fluent")
    assert images.shape == (900, 32, 32, 3)
    assert set(labels.tolist()) == set(range(len(sprite_names())))


def test_sprites_are_mirrored_and_turned():
    plain, mirrored, turned = (
        np.asarray(draw_sprite("noto", "cow", None, 48, *change)) for change in ((False,), (True,), (False, 6))
    )
    shown = plain[..., 3] > 200
    assert np.abs(plain.astype(int) - mirrored[:, ::-1])[shown].mean() < 4
    assert np.abs(plain.astype(int) - mirrored)[shown].mean() > 20
    assert turned.shape != plain.shape or np.abs(plain.astype(int) - turned)[shown].mean() > 4


def test_things_and_names():
    kinds = [word.kind for word in THINGS.values()]
    assert len(THINGS) >= 60
    assert len({*kinds}) >= 8
    for field in ("name", "plural", "korean"):
        assert len({getattr(word, field) for word in THINGS.values()}) == len(THINGS)
    assert not {word.name for word in THINGS.values()} & {word.plural for word in THINGS.values()}


@pytest.mark.parametrize("style", scenes.STYLES)
def test_atlas_has_a_drawing_of_each_thing_and_color(style):
    index = json.loads((SPRITES / f"{style}.json").read_text())
    colors = [(name, color) for name, word in THINGS.items() for color in (COLORS if word.colored else [None])]
    assert [(entry["name"], entry["color"]) for entry in index] == colors + [(name, None) for name in BACKDROPS]
    atlas = np.asarray(Image.open(SPRITES / f"{style}.png").convert("RGBA"))
    for entry in index:
        left, top, right, bottom = entry["box"]
        assert (atlas[top:bottom, left:right, 3] > 128).mean() > 0.15, entry
    assert sum((SPRITES / f"{style}.{end}").stat().st_size for end in ("png", "json")) < 1e6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"split": "dev"}, "`split`. Expected one of: train, validation, test, pairs. Received: dev"),
        ({"style": "apple"}, "`style`. Expected one of: noto, fluent. Received: apple"),
        ({"language": "fr"}, "`language`. Expected one of: en, ko. Received: fr"),
        ({"size": 8}, "`size`. Expected 32 to 512 pixels. Received: 8"),
        ({"names": ("cat", "dog", "car")}, "`names`. Expected at least four .* Received: cat, dog, car"),
        (
            {"names": ("cat", "car", "car", "bed")},
            "`names`. Expected at least four different .* Received: cat, car, car",
        ),
        ({"names": ("cat", "dog", "car", "dragon")}, "`names`. Expected .* Received: dragon"),
        ({"names": ("cat", "dog", "apple", "banana")}, "`names`. .* one of which others can stand on"),
    ],
)
def test_wrong_arguments_say_what_is_expected(arguments, message):
    with pytest.raises(DataError, match=message):
        draw_scenes(1, seed=0, **arguments)
