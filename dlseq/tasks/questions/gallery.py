"""Page of a model of visual questions in the gallery."""

from dlseq.data.scenes import draw_questions
from dlseq.plots import ImagePageWords, Page, image_attention_page
from dlseq.tasks.questions.answer import PAGE_WORDS

__all__ = ["gallery_page"]

COUNT, DRAWN, SEED = 6, 60, 5


def gallery_page(model, name: str) -> Page:
    """Return a page of questions of different kinds about held-out scenes, with both looks at the picture."""
    kinds = {question.kind: question for question in reversed(draw_questions(DRAWN, seed=SEED, split="test"))}
    asked = [kinds[kind] for kind in sorted(kinds)][:COUNT]
    answers = model.answer([question.scene.image for question in asked], [question.text for question in asked])
    examples = [answer.example() for answer in answers]
    return image_attention_page(examples, f"Questions: {name}", ImagePageWords(**PAGE_WORDS))
