"""Page of a recognizer of entities in the gallery."""

from dlseq.plots import Page
from dlseq.plots.pages.span_page import span_page

__all__ = ["gallery_page"]

TEXTS = (
    "Maria Rossi lives in Boston and works for Acme Ltd.",
    "Am 3. Mai 2021 zahlte Frau Müller 250 € an die Bäckerei Schmidt GmbH in Berlin.",
    "김민수 씨는 2023년 5월 5일에 서울로 갔어요.",
    "Please write to ada.lovelace@example.org before 12 June 2024.",
    "Jean Dupont a payé 1 200 € à Paris le 14 juillet.",
)


def gallery_page(model, name: str) -> Page:
    """Return a page of texts with the entities that the model has found, and their probabilities."""
    return span_page([found.marked() for found in model.find(TEXTS)], f"Entities: {name}")
