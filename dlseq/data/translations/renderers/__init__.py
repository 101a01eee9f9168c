"""Renderers of meanings in English, French and Korean."""

from dlseq.data.translations.renderers.english import render_english
from dlseq.data.translations.renderers.french import render_french
from dlseq.data.translations.renderers.korean import render_korean

__all__ = ["render_english", "render_french", "render_korean"]
