"""Cross-entropy of the model of melodies in nats per note, and statistics of what it generates.

Baselines in the same run, on the same symbols (pitch from the tonic, duration, end of phrase) and training melodies:
n-grams of order 1 to 6 with the interpolation of Witten and Bell and with modified Kneser-Ney smoothing; the best is
chosen on the test melodies, a favor to the baseline. The mode is given to all sides as the first symbol and is not
counted; the end of a melody is.

Two splits:

- tunes: variants of a tune are in one part, as in training;
- chorales: a random chorale may be a variant of one in training, so that a model that knows tunes by heart scores well.

    python benchmarks/music.py --shipped          # the shipped model, split by tune, seed 0
    python benchmarks/music.py --split chorales
"""

import time

import numpy as np
from report import Table, argument_parser, write_json

from dlseq.baselines.kneser_ney import KneserNey
from dlseq.baselines.ngram import WittenBell, best_of_orders
from dlseq.data.music import load_chorales, longest_copy, share_in_key, split_by_tune, tonic_endings
from dlseq.tasks.music.generation import MelodyGenerator
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.registry import find_preset

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
    if shipped:
        model = MelodyGenerator.load(pretrained("music-chorales"))
        if model.network.metadata["melodies"]["test"] != [melody.name for melody in test]:
            raise RuntimeError("Expected the test melodies of the shipped model: --split tunes --seeds 0.")
    else:
        preset = find_preset("music", training={"seed": seed})
        model = MelodyGenerator.build(train, seed=seed, **preset.sizes)
        model.fit(train, validation, preset.training)
    seconds = None if shipped else time.process_time() - before
    ours, counted = model.score(test)["nats_per_note"], ngram_nats(train, test)
    best = min(counted, key=counted.get)
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
    return {**figures, "below": counted[best] - ours, "cpu_seconds": seconds, "statistics": statistics}


def main() -> None:
    """Print the cross-entropy of both sides and the statistics."""
    parser = argument_parser("Nats per note of held-out melodies.", seeds=[0])
    parser.add_argument("--split", choices=["tunes", "chorales"], default="tunes", help="default: tunes")
    parser.add_argument("--shipped", action="store_true", help="measure the shipped model, without training it")
    parser.add_argument("--melodies", type=int, default=40, help="generated ones (default: %(default)s)")
    arguments = parser.parse_args()
    runs = [measure(arguments.split, seed, arguments.shipped, arguments.melodies) for seed in arguments.seeds]
    table = Table(f"Nats per note, split by {arguments.split}", ["seed", "ours", "best n-gram", "nats", "below"])
    for run in runs:
        table.add(run["seed"], f"{run['ours']:.4f}", run["best"], f"{run['best_nats']:.4f}", f"{run['below']:.4f}")
    seconds = [f"{run['cpu_seconds']:.0f}" for run in runs if run["cpu_seconds"] is not None]
    table.print(
        f"Bars: {MIN_DIFFERENCE} below the best n-gram, and at most {MAX_NATS}.",
        *([f"CPU seconds of training: {', '.join(seconds)}; bar: {MAX_CPU_SECONDS}."] if seconds else []),
        "N-grams: " + ", ".join(f"{name} {value:.3f}" for name, value in runs[0]["ngrams"].items()),
    )
    figures = Table("Generated melodies, first seed", ["measure", "generated", "held-out chorales"])
    for name, values in runs[0]["statistics"].items():
        figures.add(name, *(f"{value:.1%}" if isinstance(value, float) else value for value in values))
    figures.print()
    write_json(arguments.json, {"split": arguments.split, "runs": runs})


if __name__ == "__main__":
    main()
