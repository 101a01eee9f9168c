"""Cross-entropy of the model of melodies in nats per note, and statistics of what it generates.

Baselines in the same run, on the same symbols (pitch from the tonic, duration, end of phrase) and training melodies:
n-grams of order 1 to 6 with the interpolation of Witten and Bell and with modified Kneser-Ney smoothing; the best is
chosen on the test melodies, a favor to the baseline. The mode is given to all sides as the first symbol and is not
counted; the end of a melody is. A further rival is the best Kneser-Ney n-gram that also repeats what it has heard in
the same melody, see `repetition.py`.

Two splits:

- chorales: a random chorale may be a variant of one in training, so that knowing tunes by heart
  helps; the bars are for this split;
- tunes, stricter: variants of a tune are in one part.

    python benchmarks/music.py                    # trains the preset on both splits
    python benchmarks/music.py --shipped          # the shipped model stands for the split by tune, seed 0
    python benchmarks/music.py --split tunes --shipped
"""

import time

import numpy as np
from repetition import fitted_weights, repeating_nats
from report import Table, argument_parser, write_json

from dlseq.baselines.kneser_ney import KneserNey
from dlseq.baselines.ngram import WittenBell, best_of_orders
from dlseq.data.music import load_chorales, longest_copy, share_in_key, split_by_tune, tonic_endings
from dlseq.tasks.music.generation import MelodyGenerator
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.registry import find_preset

SPLITS = ("chorales", "tunes")
ORDERS = range(1, 7)
MIN_DIFFERENCE, MAX_NATS = 0.05, 2.2
MAX_CPU_SECONDS = 180  # 90 seconds on two cores
TEMPERATURE = 0.8  # the default of the command


def symbols_of(melodies):
    """Return the symbols of melodies as the network reads them, each with its mode first."""
    return [[melody.mode, *map(str, melody.relative().notes)] for melody in melodies]


def ngram_nats(train, test) -> dict[str, float]:
    """Return the nats per note of each n-gram model."""
    counted, held_out = symbols_of(train), symbols_of(test)
    return {
        f"{order}-gram, {name}": nats  # the mode is not counted, the end is
        for name, model in (("Kneser-Ney", KneserNey), ("Witten-Bell", WittenBell))
        for order, nats in best_of_orders(counted, held_out, ORDERS, skip=1, model=model).by_order.items()
    }


def repeating_ngram_nats(train, validation, test, order) -> float:
    """Return the nats per note of the n-gram of an order that repeats what it has heard."""
    counted, chosen, held_out = map(symbols_of, (train, validation, test))
    model = KneserNey(order).fit(counted)
    return repeating_nats(model, fitted_weights(model, chosen, skip=1), held_out, skip=1)


def split_melodies(split, seed):
    """Return the three parts of a split."""
    melodies = load_chorales()
    if split == "tunes":
        return split_by_tune(melodies, seed=seed)
    order = np.random.default_rng(seed).permutation(len(melodies)).tolist()
    mixed = [melodies[index] for index in order]
    return mixed[96:], mixed[60:96], mixed[:60]


def generated(model, count):
    """Return melodies in both modes."""
    seeds = range(count // 2)
    return [
        model.generate(mode, seed=seed, temperature=TEMPERATURE).melody for mode in ("major", "minor") for seed in seeds
    ]


def measure(split, seed, shipped, count) -> dict:
    """Return the figures of a seed."""
    train, validation, test = split_melodies(split, seed)
    before = time.process_time()
    shipped = shipped and split == "tunes"
    if shipped:
        model = MelodyGenerator.load(pretrained("music-chorales"))
        if model.network.metadata["melodies"]["test"] != [melody.name for melody in test]:
            raise RuntimeError("Expected the test melodies of the shipped model: --seeds 0.")
    else:
        preset = find_preset("music", training={"seed": seed})
        model = MelodyGenerator.build(train, seed=seed, **preset.sizes)
        model.fit(train, validation, preset.training)
    seconds = None if shipped else time.process_time() - before
    ours, counted = model.score(test)["nats_per_note"], ngram_nats(train, test)
    best = min(counted, key=counted.get)
    order = min(ORDERS, key=lambda order: counted[f"{order}-gram, Kneser-Ney"])
    melodies = generated(model, count)
    copies = sorted(longest_copy(melody, train)[0] for melody in melodies)
    real = sorted(longest_copy(melody, train)[0] for melody in test)
    statistics = {
        "notes in key": [share_in_key(melodies), share_in_key(test)],
        "phrases that end on the tonic": [tonic_endings(melodies), tonic_endings(test)],
        "longest copied run, median": [copies[len(copies) // 2], real[len(real) // 2]],
        "longest copied run, greatest": [copies[-1], real[-1]],
    }
    figures = {"seed": seed, "ours": ours, "best": best, "best_nats": counted[best], "ngrams": counted}
    figures["repeating"] = repeating_ngram_nats(train, validation, test, order)
    return {**figures, "below": counted[best] - ours, "cpu_seconds": seconds, "statistics": statistics}


def main() -> None:
    """Print the cross-entropy of all sides and the statistics."""
    parser = argument_parser("Nats per note of held-out melodies.", seeds=[0])
    parser.add_argument("--split", choices=SPLITS, help="default: both")
    parser.add_argument("--shipped", action="store_true", help="measure the shipped model on the split by tune")
    parser.add_argument("--melodies", type=int, default=40, help="generated ones (default: %(default)s)")
    arguments = parser.parse_args()
    results = {}
    for split in [arguments.split] if arguments.split else SPLITS:
        runs = [measure(split, seed, arguments.shipped, arguments.melodies) for seed in arguments.seeds]
        print_split(split, runs)
        results[split] = runs
    write_json(arguments.json, results)


def print_split(split, runs):
    """Print the tables of a split."""
    table = Table(
        f"Nats per note, split by {split}", ["seed", "ours", "best n-gram", "nats", "below", "n-gram that repeats"]
    )
    for run in runs:
        values = (f"{run[name]:.4f}" for name in ("best_nats", "below", "repeating"))
        table.add(run["seed"], f"{run['ours']:.4f}", run["best"], *values)
    seconds = [f"{run['cpu_seconds']:.0f}" for run in runs if run["cpu_seconds"] is not None]
    table.print(
        f"Bars of the split by chorales: {MIN_DIFFERENCE} below the best n-gram, and at most {MAX_NATS}.",
        *([f"CPU seconds of training: {', '.join(seconds)}; bar: {MAX_CPU_SECONDS}."] if seconds else []),
        "N-grams: " + ", ".join(f"{name} {value:.3f}" for name, value in runs[0]["ngrams"].items()),
    )
    figures = Table("Generated melodies, first seed", ["measure", "generated", "held-out chorales"])
    for name, values in runs[0]["statistics"].items():
        figures.add(name, *(f"{value:.1%}" if isinstance(value, float) else value for value in values))
    figures.print()


if __name__ == "__main__":
    main()
