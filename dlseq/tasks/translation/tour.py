"""Stop of the tour: translations, many to many of different lengths."""

from dlseq.baselines.word_by_word import WordByWord
from dlseq.data.translations import translation_pairs
from dlseq.plots import attention_heatmap
from dlseq.plots.pages.html_page import figure_picture
from dlseq.tasks.tour.demonstration import Demonstration

__all__ = ["demonstrate"]

TRAINED, TESTED, MAX_WORDS = 5_000, 200, 30
TEXT = "Jane visite l'Afrique en septembre."


def demonstrate(model, seed: int) -> Demonstration:
    """Score a translator of French on held-out sentences, beside a translation word by word, and draw one map."""
    train, test = (
        translation_pairs(count, "fr", split=split, seed=seed + 1, max_words=MAX_WORDS)
        for split, count in (("train", TRAINED), ("test", TESTED))
    )
    [translation] = model.translate([TEXT])
    example = translation.example()
    return Demonstration(
        "exact match",
        model.score(test)["exact_match"],
        WordByWord(train).exact_match(test),
        "word by word",
        TESTED,
        f"{TEXT} → {translation.target}",
        figure_picture(
            attention_heatmap(example.weights, example.source, example.target, probability=translation.probability),
            "Attention of each English word over the French words",
        ),
    )
