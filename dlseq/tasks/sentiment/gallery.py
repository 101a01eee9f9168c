"""Page of a sentiment classifier in the gallery."""

from dlseq.plots import Page, PageWords, attention_page
from dlseq.tasks.sentiment.reading import PAGE_WORDS

__all__ = ["gallery_page"]

TEXTS = (
    "There is nothing to like in this movie.",
    "The food was not bad, and the staff were very friendly.",
    "A wonderful film, I would watch it again.",
    "The room was clean, but the breakfast was terrible.",
)


def gallery_page(model, name: str) -> Page:
    """Return a page of reviews with their stars and the attention over their words."""
    return attention_page(
        [reading.example() for reading in model.read(TEXTS)], f"Reviews: {name}", PageWords(**PAGE_WORDS)
    )
