"""Page of a translator in the gallery."""

from dlseq.plots import Page, attention_page

__all__ = ["gallery_page"]

FRENCH = (
    "Jane visite l'Afrique en septembre.",
    "Le petit chat noir dort dans la maison.",
    "Nous ne mangeons pas de pommes rouges.",
    "Hier, Marie a acheté un livre.",
)
KOREAN = (
    "제인은 구월에 아프리카를 방문해요.",
    "작은 고양이가 집에서 자요.",
    "우리는 사과를 먹지 않아요.",
    "마리는 어제 책을 샀어요.",
)
BEAM_WIDTH = 4


def gallery_page(model, name: str) -> Page:
    """Return a page of translated sentences with their attention and the alternatives of the beam."""
    sentences = KOREAN if "-ko-" in name else FRENCH
    translations = model.translate(sentences, beam_width=BEAM_WIDTH, penalty="power")
    return attention_page([translation.example() for translation in translations], f"Translation: {name}")
