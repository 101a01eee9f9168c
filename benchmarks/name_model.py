"""How well does the name generator predict first names that it has not seen? In nats per character.

Baseline: interpolated Witten-Bell n-grams of order 1 to 6 on the same split, of which the best counts, chosen on the
very names that it is measured on (`ngram.py`). Each counts on the training part; so does ours, and the validation part,
which no n-gram needs, chooses ours among its epochs.

Ours is the recipe of `dlseq train names --corpus english`. Its clock runs from before the model is built to after the
best epoch is put back, graph building and validation included, and ends training at 60 seconds.

    python benchmarks/name_model.py
    python benchmarks/name_model.py --seeds 0 --corpus fr_FR
"""

import statistics
import time

from ngram import best_of_orders
from report import Table, argument_parser, format_range, write_json

from dlseq.data.names import load_names, split_names
from dlseq.tasks.name_presets import train_names

SECONDS = 60
BAR = 0.05


def main() -> None:
    """Trains and counts on one split a seed, and prints what each predicts of its test names."""
    parser = argument_parser("Nats per character on held-out distinct names, end tokens included.", seeds=[0, 1, 2])
    parser.add_argument("--corpus", default="english", help="a corpus of dlseq, or a file with a name a line")
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
        trained = train_names(arguments.corpus, seed=seed, seconds=SECONDS)
        seconds = time.monotonic() - started
        if trained.split != split:
            raise RuntimeError("the two sides were measured on different names; the benchmark is broken")
        below = counted.nats_per_character - trained.nats
        runs.append({"seed": seed, "order": counted.order, "ngram": counted.nats_per_character, "ours": trained.nats})
        runs[-1] |= {"below": below, "seconds": seconds, "stopped": trained.training.stopped}
        table.add(
            *(seed, f"{counted.order}-gram", f"{counted.nats_per_character:.4f}", f"{trained.nats:.4f}"),
            *(f"{below:.4f}", trained.training.best_epoch, f"{seconds:.1f}"),
        )
    below = [run["below"] for run in runs]
    mean = statistics.mean(run["ours"] for run in runs)
    table.print(
        f"Ours: {mean:.4f} on average, {format_range(below, '.4f')} below the best n-gram; bar: {BAR} for each seed.",
        f"Parameters of ours: {trained.generator.network.count_params():,}.",
    )
    write_json(arguments.json, {"corpus": arguments.corpus, "runs": runs, "mean": mean, "least_below": min(below)})


if __name__ == "__main__":
    main()
