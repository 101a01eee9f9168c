"""Seconds per 10,000 training examples after warm-up, for models of the same sizes.

Baseline: the original recipe's graph in `fit` (original_recipe.py), as Keras runs it by default; and once more with
XLA (`jit_compile=True`), which its authors did not use but could have.

Ours is `DateNormalizer.fit` twice: with the recipe's sizes (a bidirectional LSTM of 32 as encoder, 64 in the
decoder, batches of 100), and with its default sizes and batch size. All train on the same 10,000 `course` pairs, in
turns of a few epochs; the first epoch of each turn, which may trace, is not counted, and neither is validation. The
figure is the median of all counted epochs. CPU seconds are those of all threads together: they approximate the time on
a single core, and other programs disturb them less.

    python benchmarks/training_speed.py
    python benchmarks/training_speed.py --rounds 1 --epochs 2      # a quick look
"""

import statistics

import keras
from clocks import EpochClock
from original_recipe import BATCH_SIZE, OriginalRecipe
from report import Table, argument_parser, format_range, write_json

from dlseq.data.dates import date_pairs
from dlseq.tasks.dates.normalization import DateNormalizer
from dlseq.training.config import TrainingConfig

SAME_SIZES = {"units": 32, "depth": 0, "recurrent_units": 32, "decoder_units": 64}


class Turns:
    """Timed turns of one side: `take(epochs)` trains and keeps the times of all epochs but the first."""

    def __init__(self, fit):
        self.fit, self.seconds, self.cpu_seconds = fit, [], []

    def take(self, epochs: int) -> None:
        clock = EpochClock()
        self.fit(epochs, clock)
        self.seconds += clock.seconds[1:]
        self.cpu_seconds += clock.cpu_seconds[1:]


def our_fit(pairs, batch_size: int, **sizes):
    """Return a function that runs epochs of `DateNormalizer.fit`."""
    normalizer = DateNormalizer.build(pairs, seed=0, **sizes)

    def fit(epochs, clock):
        normalizer.fit(pairs, pairs[:100], TrainingConfig(epochs=epochs, batch_size=batch_size), callbacks=[clock])

    return fit


def recipe_fit(pairs, jit: bool = False):
    """Return a function that runs epochs of the original graph; the texts are encoded before the clock starts."""
    recipe = OriginalRecipe(pairs, seed=0)
    if jit:
        recipe.model.compile(optimizer=keras.optimizers.Adam(0.005), loss=recipe.model.loss, jit_compile=True)
    return lambda epochs, clock: recipe.fit(pairs, epochs, [clock])


def main() -> None:
    """Run the four sides in turns and print the medians."""
    parser = argument_parser("Seconds per 10,000 training examples once warm.")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each side (default: 3)")
    parser.add_argument("--epochs", type=int, default=5, help="epochs a turn, 2 or more (default: 5)")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.epochs < 2:
        parser.error("expected at least 1 round of at least 2 epochs; the first epoch of each is not counted")

    pairs = date_pairs(10_000, "course", split="train", seed=0)
    sides = {
        "original graph in fit": Turns(recipe_fit(pairs)),
        "original graph in fit, XLA": Turns(recipe_fit(pairs, jit=True)),
        "ours, same sizes": Turns(our_fit(pairs, BATCH_SIZE, **SAME_SIZES)),
        "ours, default sizes": Turns(our_fit(pairs, 50)),
    }
    for _ in range(arguments.rounds):
        for turns in sides.values():
            turns.take(arguments.epochs)

    baseline = sides["original graph in fit"]
    table = Table(
        "Seconds per 10,000 training examples, warm",
        ["side", "seconds", "from … to", "CPU seconds", "times faster", "by CPU seconds"],
    )
    figures = {}
    for name, turns in sides.items():
        figures[name] = {
            "seconds": statistics.median(turns.seconds),
            "cpu_seconds": statistics.median(turns.cpu_seconds),
            "ratio": statistics.median(baseline.seconds) / statistics.median(turns.seconds),
            "cpu_ratio": statistics.median(baseline.cpu_seconds) / statistics.median(turns.cpu_seconds),
        }
        row = figures[name]
        seconds = (f"{row['seconds']:.2f}", format_range(turns.seconds, ".2f"), f"{row['cpu_seconds']:.2f}")
        table.add(name, *seconds, f"{row['ratio']:.1f}", f"{row['cpu_ratio']:.1f}")
    table.print(f"Medians of {len(baseline.seconds)} epochs each, in {arguments.rounds} turns.")
    write_json(arguments.json, figures)


if __name__ == "__main__":
    main()
