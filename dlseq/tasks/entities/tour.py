"""Stop of the tour: entities in texts, many to many of equal lengths."""

from dlseq.baselines.gazetteer import Gazetteer
from dlseq.data.entities import tagged_texts
from dlseq.metrics import entity_f1
from dlseq.plots.pages.span_page import marked_paragraph
from dlseq.tasks.tour.demonstration import Demonstration

__all__ = ["demonstrate"]

TRAINED, TESTED = 8_000, 1_000
TEXT = "Maria Rossi lives in Boston and paid $250 to Acme Ltd. on 3 May 2021."


def demonstrate(model, seed: int) -> Demonstration:
    """Score a recognizer of entities on names that it has never seen, beside a gazetteer, and mark a text."""
    gazetteer = Gazetteer(tagged_texts(TRAINED, "train", seed=seed + 1))
    test = tagged_texts(TESTED, "names", seed=seed + 1)
    found = [gazetteer.find(text.text) for text in test]
    [reading] = model.find([TEXT])
    return Demonstration(
        "entity F1",
        model.score(test)["entity_f1"],
        entity_f1(found, [text.entities for text in test]),
        "gazetteer",
        TESTED,
        f"{TEXT} → {len(reading.entities)} entities",
        marked_paragraph(reading.marked()),
    )
