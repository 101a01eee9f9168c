"""Stop of the tour: melodies, one to many."""

from dlseq.baselines.kneser_ney import KneserNey
from dlseq.baselines.ngram import best_of_orders
from dlseq.data.music import load_chorales
from dlseq.plots import piano_roll
from dlseq.plots.pages.html_page import figure_picture
from dlseq.tasks.tour.demonstration import Demonstration

__all__ = ["demonstrate"]

TEMPERATURE = 0.8


def demonstrate(model, seed: int) -> Demonstration:
    """Score a generator of melodies on the chorales that it was not trained on, beside n-grams, and draw a melody."""
    melodies = {melody.name: melody for melody in load_chorales()}
    parts = {part: [melodies[name] for name in names] for part, names in model.network.metadata["melodies"].items()}
    train, test = (
        [[melody.mode, *map(str, melody.relative().notes)] for melody in parts[part]] for part in ("train", "test")
    )
    best = best_of_orders(train, test, skip=1, model=KneserNey)  # the mode is given
    drawn = model.generate("major", temperature=TEMPERATURE, seed=seed)
    return Demonstration(
        "nats per note",
        model.score(parts["test"])["nats_per_note"],
        best.nats_per_symbol,
        f"{best.order}-gram",
        len(test),
        f"C major → a melody of {len(drawn.melody.notes)} notes",
        figure_picture(piano_roll(drawn.melody), "Piano roll of the melody"),
    )
