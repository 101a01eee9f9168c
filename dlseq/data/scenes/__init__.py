"""Scenes: pictures composed of drawings of things, with captions in English and Korean and the region of each word."""

from dlseq.data.scenes.folder import CaptionedFile, read_caption_csv, write_questions, write_scenes
from dlseq.data.scenes.generator import draw_scenes, draw_sprites
from dlseq.data.scenes.languages import caption_text
from dlseq.data.scenes.plans import SPLITS, is_held_out
from dlseq.data.scenes.questions import (
    ANSWERS,
    QUESTION_KINDS,
    Question,
    ask_questions,
    draw_questions,
    question_words,
)
from dlseq.data.scenes.scene import Scene, is_right
from dlseq.data.scenes.sprites import STYLES
from dlseq.data.scenes.things import Thing
from dlseq.data.scenes.words import LANGUAGES, sprite_names

__all__ = [
    "ANSWERS",
    "LANGUAGES",
    "QUESTION_KINDS",
    "SPLITS",
    "STYLES",
    "CaptionedFile",
    "Question",
    "Scene",
    "Thing",
    "ask_questions",
    "caption_text",
    "draw_questions",
    "draw_scenes",
    "draw_sprites",
    "is_held_out",
    "is_right",
    "question_words",
    "read_caption_csv",
    "sprite_names",
    "write_questions",
    "write_scenes",
]
