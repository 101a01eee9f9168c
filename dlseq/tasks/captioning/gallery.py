"""Page of a captioner in the gallery."""

from dlseq.data.scenes import draw_scenes
from dlseq.plots import Page, image_attention_page

__all__ = ["gallery_page"]

COUNT, SEED, BEAM_WIDTH = 6, 5, 3


def gallery_page(model, name: str) -> Page:
    """Return a page of held-out scenes with their captions, and where the model looked for each word."""
    scenes = draw_scenes(COUNT, seed=SEED, split="test")
    captions = model.caption([scene.image for scene in scenes], beam_width=BEAM_WIDTH)
    return image_attention_page([caption.example() for caption in captions], f"Captions: {name}")
