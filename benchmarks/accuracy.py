"""Exact match on held-out dates.

`course`: a model is trained for at most 60 seconds, once for each seed, and tested on 20,000 strings whose dates
occur in no training pair in any form. The validation split chooses the best epoch; the test split is used once.
Baseline: the original recipe after 40 epochs, which `benchmarks/time_to_99.py` measures.

`world`: the model that ships with the package (or `--model FILE`), about 60,000 strings, over all and for each
locale, the worst first. The table of probability bands shows the calibration: a model whose mean probability equals its
exact match is calibrated on average. It also shows the effect of `--min-confidence`.

    python benchmarks/accuracy.py                          # both, about 4 minutes
    python benchmarks/accuracy.py course --seeds 10
    python benchmarks/accuracy.py world --model my-dates.keras
"""

import dataclasses
import itertools
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from report import Table, argument_parser, write_json

from dlseq.data.dates import date_pairs
from dlseq.tasks.dates.normalization import DateNormalizer
from dlseq.tasks.pretrained import pretrained
from dlseq.training.config import TrainingConfig

SHIPPED = pretrained("dates-world")
SECONDS = 60
COURSE_PAIRS = 40_000
COURSE_CONFIG = TrainingConfig(epochs=5, batch_size=50, learning_rate=0.01)
TEST_SEED = 1_000_003  # of the test strings, another one than any model is trained with
BANDS = (0.0, 0.5, 0.9, 0.99, 0.999, 1.0)


def trained_on_course(seed: int, seconds: float = SECONDS, pairs: int = COURSE_PAIRS) -> tuple[DateNormalizer, dict]:
    """Train a model on `course` within `seconds`, building and tracing included; return it with its run."""
    training = date_pairs(pairs, "course", split="train", seed=seed)
    validation = date_pairs(2000, "course", split="validation", seed=seed)
    started = time.perf_counter()
    normalizer = DateNormalizer.build(training, seed=seed)
    left = seconds - (time.perf_counter() - started)
    run = normalizer.fit(training, validation, dataclasses.replace(COURSE_CONFIG, seconds=left, seed=seed))
    return normalizer, {"seconds": time.perf_counter() - started, "stopped": run.stopped, "epoch": run.best_epoch}


def predict(normalizer: DateNormalizer, pairs) -> tuple[np.ndarray, np.ndarray]:
    """Return exact matches, booleans `(N,)`, and the probability of each predicted date, `(N,)`."""
    right, probability = [], []
    for first in range(0, len(pairs), 10_000):
        chunk = pairs[first : first + 10_000]
        readings = normalizer.read([pair.text for pair in chunk])
        right += [reading.iso == pair.iso for reading, pair in zip(readings, chunk, strict=True)]
        probability += [reading.probability for reading in readings]
    return np.array(right), np.array(probability)


def course(seeds: list[int], strings: int, seconds: float) -> dict:
    """Train and test once per seed, and print the table."""
    pairs = date_pairs(strings, "course", split="test", seed=TEST_SEED)
    distinct = len({pair.text for pair in pairs})
    table = Table(
        f"course: exact match after at most {seconds:g} s of training, {strings} held-out strings",
        ["seed", "seconds", "ended by", "best epoch", "exact match", "wrong"],
    )
    runs = {}
    for seed in seeds:
        normalizer, run = trained_on_course(seed, seconds)
        right, probability = predict(normalizer, pairs)
        runs[seed] = {
            **run,
            "exact_match": float(right.mean()),
            "wrong": int((~right).sum()),
            "wrong_distinct": len({pair.text for pair, is_right in zip(pairs, right, strict=True) if not is_right}),
            "mean_probability": float(probability.mean()),
        }
        seconds_text, share = f"{run['seconds']:.1f}", f"{right.mean():.3%}"
        table.add(seed, seconds_text, run["stopped"], run["epoch"], share, runs[seed]["wrong"])
    mean = float(np.mean([run["exact_match"] for run in runs.values()]))
    table.print(f"Mean {mean:.3%}. {distinct} of the strings are distinct.")
    return {"runs": runs, "mean_exact_match": mean, "strings": strings, "distinct": distinct}


def world(model: Path, strings: int) -> dict:
    """Test a model on dates of all locales, and print a table of locales and one of probabilities."""
    normalizer = DateNormalizer.load(model)
    pairs = date_pairs(strings, "world", split="test", seed=TEST_SEED)
    right, probability = predict(normalizer, pairs)
    rows_of = defaultdict(list)
    for row, pair in enumerate(pairs):
        rows_of[pair.locale or "iso"].append(row)
    locales = {
        locale: {
            "exact_match": float(right[rows].mean()),
            "mean_probability": float(probability[rows].mean()),
            "strings": len(rows),
            "wrong": int((~right[rows]).sum()),
        }
        for locale, rows in rows_of.items()
    }
    locales = dict(sorted(locales.items(), key=lambda item: (item[1]["exact_match"], item[0])))

    table = Table(
        f"world: exact match of {model.name}, held-out dates, the worst locale first",
        ["locale", "exact match", "mean probability", "strings", "wrong"],
    )
    for locale, row in locales.items():
        table.add(locale, f"{row['exact_match']:.3%}", f"{row['mean_probability']:.3%}", row["strings"], row["wrong"])
    table.add("all", f"{right.mean():.3%}", f"{probability.mean():.3%}", len(pairs), int((~right).sum()))
    distinct = len({pair.text for pair in pairs})
    table.print(f"{distinct} of the {len(pairs)} strings are distinct.")
    return {
        "exact_match": float(right.mean()),
        "mean_probability": float(probability.mean()),
        "strings": len(pairs),
        "distinct": distinct,
        "locales": locales,
        "bands": bands(right, probability),
    }


def bands(right: np.ndarray, probability: np.ndarray) -> list[dict]:
    """Group the dates by probability and print the exact match of each band."""
    table = Table("Calibration", ["probability", "dates", "mean probability", "exact match"])
    found = []
    for low, high in itertools.pairwise(BANDS):
        chosen = (probability >= low) & ((probability < high) | (high == BANDS[-1]))
        if chosen.any():
            found.append(
                {
                    "from": low,
                    "to": high,
                    "answers": int(chosen.sum()),
                    "mean_probability": float(probability[chosen].mean()),
                    "right": float(right[chosen].mean()),
                }
            )
            row = found[-1]
            table.add(f"{low} … {high}", row["answers"], f"{row['mean_probability']:.3%}", f"{row['right']:.3%}")
    table.print()
    return found


def main() -> None:
    """Measure `course`, `world` or both."""
    parser = argument_parser("Exact match on held-out dates.", seeds=[10, 11, 12])
    parser.add_argument("preset", nargs="?", choices=["course", "world"], help="one of the two (default: both)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of training on `course` (default: 60)")
    parser.add_argument("--course-strings", type=int, default=20_000, help="(default: 20000)")
    parser.add_argument("--world-strings", type=int, default=60_000, help="(default: 60000)")
    parser.add_argument("--model", type=Path, default=SHIPPED, help="tested on `world` (default: the shipped one)")
    arguments = parser.parse_args()
    figures = {}
    if arguments.preset != "world":
        figures["course"] = course(arguments.seeds, arguments.course_strings, arguments.seconds)
    if arguments.preset != "course":
        figures["world"] = world(arguments.model, arguments.world_strings)
    write_json(arguments.json, figures)


if __name__ == "__main__":
    main()
