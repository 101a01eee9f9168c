"""Page of a date model in the gallery."""

from dlseq.plots import Page, attention_page

__all__ = ["gallery_page"]

TEXTS = (
    "Sunday, 21th of August 2016",
    "2016년 8월 21일 일요일",
    "5/4/2009",
    "21. listopada 1751.",
    "平成28年8月21日",
    "الأحد 21 أغسطس 2016",
    "रविवार, 21 अगस्त 2016",
    "23 April, 1564",
)


def gallery_page(model, name: str) -> Page:
    """Return a page of dates in several scripts, misspelled and ambiguous ones among them, with their attention."""
    return attention_page([reading.example() for reading in model.read(TEXTS, beam_width=3)], f"Dates: {name}")
