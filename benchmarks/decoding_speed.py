"""Throughput of date normalization: dates per CPU second, 10,000 texts at a time.

Baseline: the layers of the original recipe with one `predict` call per output step. An encoder model computes the
memory once; a step model is called ten times with memory and states. All 10,000 texts are one array, which `predict`
splits into batches of 32, the default of Keras, or larger. The table compares with the default and the best batch size.
It also has the unrolled graph of the recipe in a single `predict`, which is possible only for a decoder that does not
use its own output as input.

Ours: `DateNormalizer.normalize`, greedy and autoregressive, attention weights included, with the default sizes. All
weights are random, because the time depends only on the number of output characters, ten for both. Each function is
called once as a warm-up; the timed calls are interleaved.

    python benchmarks/decoding_speed.py
    python benchmarks/decoding_speed.py --rounds 1 --texts 2000       # a quick look
"""

import functools
import statistics
from pathlib import Path

import numpy as np
from original_recipe import TY, OriginalRecipe, written
from report import SPEED_COLUMNS, Table, argument_parser, write_json
from timing import speeds, timed

from dlseq.data.dates import date_pairs
from dlseq.tasks.dates.normalization import DateNormalizer

DEFAULT_BATCH = 32  # of `predict`
PREDICT_BATCHES = (DEFAULT_BATCH, 1000, 10_000)


def predict_per_step(recipe: OriginalRecipe, batch_size: int):
    """Return a function from texts to ISO dates that calls `predict` for the encoder and for each output step."""
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
    """Time all methods on the same texts and print the dates per CPU second."""
    parser = argument_parser("Dates normalized per second, a batch of 10,000, greedy.")
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--preset", choices=["course", "world"], default="course")
    parser.add_argument("--model", type=Path, help="a saved date model (default: an untrained one)")
    arguments = parser.parse_args()
    pairs = date_pairs(arguments.texts, arguments.preset, split="test", seed=0)
    texts = [pair.text for pair in pairs]

    recipe = OriginalRecipe(pairs, seed=0)
    normalizer = DateNormalizer.load(arguments.model) if arguments.model else DateNormalizer.build(pairs, seed=0)
    per_step = {per_step_name(size): predict_per_step(recipe, size) for size in PREDICT_BATCHES}
    methods = {
        **per_step,
        "the original graph, one predict": recipe.normalize,
        "ours, normalize": lambda texts: normalizer.normalize(texts)[0],
    }
    check_agreement(recipe, per_step, texts[:100])

    seconds = {name: [] for name in methods}
    for round_ in range(arguments.rounds + 1):
        for name, normalize in methods.items():
            elapsed = timed(functools.partial(normalize, texts))
            if round_:  # the first is the warm-up
                seconds[name].append(elapsed)

    default = per_step_name(DEFAULT_BATCH)
    best = min(per_step, key=lambda name: statistics.median(elapsed.cpu for elapsed in seconds[name]))
    figures = speeds(seconds, len(texts), {"times default": default, "times best": best})
    table = Table(
        f"{len(texts)} {arguments.preset} dates, text to text",
        ["method", *SPEED_COLUMNS, "times default", "times best"],
    )
    table.add_speeds(figures)
    table.print(
        f"Medians of {arguments.rounds} rounds after a warm-up. The last columns compare with one predict per step, "
        "with the default and with the best batch size."
    )
    write_json(arguments.json, {"texts": len(texts), "preset": arguments.preset, "methods": figures})


def per_step_name(batch_size: int) -> str:
    """Return the name of a baseline in the table."""
    return f"a predict per step, batches of {batch_size}"


def check_agreement(recipe: OriginalRecipe, per_step: dict, texts: list[str]) -> None:
    """Validate the baseline: stepwise outputs equal those of the unrolled graph, up to rounding."""
    expected = recipe.normalize(texts)
    for name, normalize in per_step.items():
        if np.mean([left == right for left, right in zip(normalize(texts), expected, strict=True)]) < 0.95:
            raise RuntimeError(f"The baseline is invalid: {name!r} differs from the unrolled graph.")


if __name__ == "__main__":
    main()
