"""How many dates are normalised per second, 10,000 at a time, from text to text?

Baseline: the layers of the original recipe, decoded as its users do it, with a `predict` for each of the ten output
steps: one model turns the texts into a memory, once; another takes one step from memory and states, ten times. All
10,000 are one array. `predict` cuts it into batches: of 32, which is what Keras does when nothing is said, or of more.
The table compares with both, the default and the best. Beside them stands what that recipe could do better: its whole
unrolled graph in a single `predict`, which only a decoder that reads nothing of what it writes allows.

Ours is `DateNormalizer.normalize`, greedy, attention weights included, with its default sizes, reading back what it
writes. Weights are random on both sides: no figure here depends on them, and that both sides write ten characters is
all that counts. Both are run once before the clock starts, and then take turns.

    python benchmarks/decoding_speed.py
    python benchmarks/decoding_speed.py --rounds 1 --texts 2000       # a quick look
"""

import functools
import statistics
import time
from pathlib import Path

import numpy as np
from original_recipe import TY, OriginalRecipe, written
from report import Table, argument_parser, format_range, write_json

from dlseq.data.dates import date_pairs
from dlseq.tasks.date_normalization import DateNormalizer

DEFAULT_BATCH = 32  # of `predict`
PREDICT_BATCHES = (DEFAULT_BATCH, 1000, 10_000)


def predict_per_step(recipe: OriginalRecipe, batch_size: int):
    """Makes a function from texts to ISO dates that calls `predict` once for the texts and once for each character."""
    encoder, step = recipe.decoding_models()
    predict = {"batch_size": batch_size, "verbose": 0}

    def normalize(texts):
        one_hot, hidden, cell = recipe.inputs(texts)
        memory = encoder.predict(one_hot, **predict)  # (N, Tx, 2 n_a)
        ids = []
        for _ in range(TY):
            output, hidden, cell = step.predict([memory, hidden, cell], **predict)
            ids.append(output.argmax(axis=-1))
        return written(np.stack(ids, axis=1))

    return normalize


def main() -> None:
    """Lets all ways take turns on the same texts and prints texts per second."""
    parser = argument_parser("Dates normalised per second, a batch of 10,000, greedy.")
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--preset", choices=["course", "world"], default="course")
    parser.add_argument("--model", type=Path, help="a saved model as ours (default: an untrained one)")
    arguments = parser.parse_args()
    pairs = date_pairs(arguments.texts, arguments.preset, split="test", seed=0)
    texts = [pair.text for pair in pairs]

    recipe = OriginalRecipe(pairs, seed=0)
    normalizer = DateNormalizer.load(arguments.model) if arguments.model else DateNormalizer.build(pairs, seed=0)
    per_step = {per_step_name(size): predict_per_step(recipe, size) for size in PREDICT_BATCHES}
    ways = {
        **per_step,
        "the original graph, one predict": recipe.normalize,
        "ours, normalize": lambda texts: normalizer.normalize(texts)[0],
    }
    check_agreement(recipe, per_step, texts[:100])

    seconds = {name: [] for name in ways}
    for turn in range(arguments.rounds + 1):
        for name, normalize in ways.items():
            elapsed = timed(functools.partial(normalize, texts))
            if turn:  # the first turn warms up
                seconds[name].append(elapsed)

    medians = {name: statistics.median(times) for name, times in seconds.items()}
    default, best = medians[per_step_name(DEFAULT_BATCH)], min(medians[name] for name in per_step)
    table = Table(
        f"{len(texts)} {arguments.preset} dates, text to text",
        ["way", "dates per second", "seconds", "from … to", "times default", "times best"],
    )
    for name, median in medians.items():
        table.add(
            *(name, f"{len(texts) / median:,.0f}", f"{median:.3f}", format_range(seconds[name], ".3f")),
            *(f"{default / median:.1f}", f"{best / median:.1f}"),
        )
    table.print(
        f"Medians of {arguments.rounds} turns, after one that warmed up. The last columns compare with a predict per "
        "step in its default batches and in its best."
    )
    ours = medians["ours, normalize"]
    figures = {"ratio_to_default": default / ours, "ratio_to_best": best / ours}
    write_json(arguments.json, {"texts": len(texts), "seconds": medians, **figures})


def per_step_name(batch_size: int) -> str:
    """Name of a baseline in the table."""
    return f"a predict per step, batches of {batch_size}"


def check_agreement(recipe: OriginalRecipe, per_step: dict, texts: list[str]) -> None:
    """Makes sure that the baseline is right: step by step it writes what its whole graph writes, but for rounding."""
    expected = recipe.normalize(texts)
    for name, normalize in per_step.items():
        if np.mean([one == other for one, other in zip(normalize(texts), expected, strict=True)]) < 0.95:
            raise RuntimeError(f"{name}: differs from the whole graph; the baseline is broken")


def timed(function) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
