"""Page of a generator of melodies in the gallery."""

from dlseq.data.music import TONICS
from dlseq.plots import Page, StepWords, step_page
from dlseq.tasks.music.result import PAGE_WORDS

__all__ = ["gallery_page"]

KEYS = (("major", "C"), ("major", "D"), ("minor", "G"), ("minor", "A"))
SEED, TEMPERATURE = 2, 0.8


def gallery_page(model, name: str) -> Page:
    """Return a page of generated melodies, note by note, with the notes that the model expected in their place."""
    examples = [
        model.generate(mode, TONICS.index(key), temperature=TEMPERATURE, seed=SEED).example(f"{key} {mode}")
        for mode, key in KEYS
    ]
    return step_page(examples, f"Melodies: {name}", StepWords(**PAGE_WORDS))
