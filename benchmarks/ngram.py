"""Baseline of the name generator: interpolated n-gram models (`dlseq.baselines.ngram`).

python benchmarks/ngram.py                     # English first names, three seeds, orders 1 to 6
python benchmarks/ngram.py fr_FR --seeds 0
"""

import sys

from report import argument_parser, write_json

from dlseq.baselines.ngram import best_of_orders
from dlseq.data.names import load_names, split_names
from dlseq.errors import DlseqError


def main() -> None:
    """Print nats per character on held-out test names: a row for each seed, a column for each order."""
    parser = argument_parser("Witten-Bell n-grams on a corpus of names.", seeds=[0, 1, 2])
    parser.add_argument("corpus", nargs="?", default="english", help="a corpus, or a file with one name per line")
    arguments = parser.parse_args()
    try:
        names = load_names(arguments.corpus)
        results = {}
        for seed in arguments.seeds:
            split = split_names(names, seed=seed)
            results[seed] = best_of_orders(split.train, split.test)
    except DlseqError as error:
        sys.exit(f"{parser.prog}: {error}")
    orders = list(next(iter(results.values())).by_order)
    print(f"{arguments.corpus}: {len(names)} names, nats per character on the test names, end token included")
    print("seed  " + "  ".join(f"{order}-gram" for order in orders) + "  best")
    for seed, best in results.items():
        print(f"{seed:4}  " + "  ".join(f"{best.by_order[order]:6.4f}" for order in orders) + f"  {best.order}-gram")
    runs = [
        {"seed": seed, "best": f"{best.order}-gram", **{f"{order}-gram": nats for order, nats in best.by_order.items()}}
        for seed, best in results.items()
    ]
    write_json(arguments.json, {"corpus": arguments.corpus, "runs": runs})


if __name__ == "__main__":
    main()
