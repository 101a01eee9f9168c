"""Scenes: pictures composed of drawings of things, with captions in English and Korean and the region of each word."""

from dlseq.data.scenes.generator import draw_scenes, draw_sprites
from dlseq.data.scenes.languages import caption_text
from dlseq.data.scenes.plans import SPLITS, is_held_out
from dlseq.data.scenes.scene import Scene, is_right
from dlseq.data.scenes.sprites import STYLES
from dlseq.data.scenes.things import Thing
from dlseq.data.scenes.words import LANGUAGES, sprite_names

__all__ = [
    "LANGUAGES",
    "SPLITS",
    "STYLES",
    "Scene",
    "Thing",
    "caption_text",
    "draw_scenes",
    "draw_sprites",
    "is_held_out",
    "is_right",
    "sprite_names",
]
