"""Cross-entropy of the name generator on held-out first names, in nats per character.

Baseline: interpolated Witten-Bell n-grams of order 1 to 6 on the same split; the best order is chosen on the names that
it is measured on (`dlseq.baselines.ngram`), a favor to the baseline. Both sides train on the training split. The
validation split, which no n-gram needs, chooses our best epoch.

Ours is the preset of `dlseq train names --preset english`. Training is limited to 60 seconds; the measured time also
includes building, tracing and validation.

    python benchmarks/name_model.py
    python benchmarks/name_model.py --seeds 0 --corpus fr_FR
"""

import statistics
import time
from pathlib import Path

from report import Table, argument_parser, format_range, write_json

from dlseq.baselines.ngram import best_of_orders
from dlseq.data.names import load_names, split_names
from dlseq.tasks.names.generation import NameGenerator
from dlseq.tasks.preset import Preset
from dlseq.tasks.registry import find_preset
from dlseq.tasks.training import train

MAX_SECONDS = 60
MIN_DIFFERENCE = 0.05  # nats per character


def preset_for(corpus: str, seed: int) -> Preset:
    """Return the preset of a corpus: a name, a locale, or a file."""
    options = {"file": Path(corpus)} if Path(corpus).is_file() else {"locales": (corpus,)}
    return find_preset("names", **options, training={"seed": seed, "seconds": MAX_SECONDS})


def main() -> None:
    """Train and count on one split per seed, and print the cross-entropy of each on the test names."""
    parser = argument_parser("Nats per character on held-out distinct names, end tokens included.", seeds=[0, 1, 2])
    parser.add_argument("--corpus", default="english", help="a corpus, a locale, or a file with one name per line")
    arguments = parser.parse_args()
    names = load_names(arguments.corpus)
    table = Table(
        f"{arguments.corpus}: {len(names)} distinct names, nats per character on the test names",
        ["seed", "best n-gram", "nats", "ours", "below", "best epoch", "seconds"],
    )
    runs = []
    for seed in arguments.seeds:
        split = split_names(names, seed=seed)
        counted = best_of_orders(split.train, split.test)
        started = time.monotonic()
        trained = train(NameGenerator, preset_for(arguments.corpus, seed))
        seconds = time.monotonic() - started
        if tuple(trained.splits) != tuple(split):
            raise RuntimeError("Expected both sides to be measured on the same names.")
        ours = trained.score["nats_per_character"]
        below = counted.nats_per_symbol - ours
        runs.append({"seed": seed, "order": counted.order, "ngram": counted.nats_per_symbol, "ours": ours})
        runs[-1] |= {"below": below, "seconds": seconds, "stopped": trained.run.stopped}
        nats = [f"{value:.4f}" for value in (counted.nats_per_symbol, ours, below)]
        table.add(seed, f"{counted.order}-gram", *nats, trained.run.best_epoch, f"{seconds:.1f}")
    below = [run["below"] for run in runs]
    mean = statistics.mean(run["ours"] for run in runs)
    table.print(
        f"Ours: {mean:.4f} on average, {format_range(below, '.4f')} below the best n-gram; bar: {MIN_DIFFERENCE}.",
        f"Parameters of ours: {trained.model.network.count_params():,}.",
    )
    write_json(arguments.json, {"corpus": arguments.corpus, "runs": runs, "mean": mean, "least_below": min(below)})


if __name__ == "__main__":
    main()
