"""Stop of the tour: the stars of a review, many to one."""

from dlseq.baselines.bag_of_words import BagOfWords
from dlseq.data.reviews import reviews
from dlseq.plots import attention_heatmap
from dlseq.plots.pages.html_page import figure_picture
from dlseq.tasks.tour.demonstration import Demonstration

__all__ = ["demonstrate"]

TRAINED, VALIDATED, TESTED = 12_000, 1_000, 1_000
TEXT = "There is nothing to like in this movie."


def demonstrate(model, seed: int) -> Demonstration:
    """Score a classifier of reviews beside a bag of words, and draw the attention over one review."""
    train, validation, test = (
        reviews(count, split, seed=seed + 1)
        for split, count in (("train", TRAINED), ("validation", VALIDATED), ("test", TESTED))
    )
    [reading] = model.read([TEXT])
    example = reading.example()
    return Demonstration(
        "exact match",
        model.score(test)["exact_match"],
        BagOfWords(train, validation, seed=seed).exact_match(test),
        "bag of words",
        TESTED,
        f"{TEXT} → {example.target[0]}",
        figure_picture(
            attention_heatmap(example.weights, example.source, example.target, probability=reading.probability),
            "Attention over the words of the review",
        ),
    )
