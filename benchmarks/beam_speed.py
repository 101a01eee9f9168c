"""Throughput of beam search: dates per CPU second with width 8, 1,000 sources at a time.

Baseline: the same search with the same model and compiled graph, one source per call, as without batching. Ours: all
texts in one call, in batches of similar length. The graphs for all input lengths are traced before the timing. Both
must return the same dates.

    python benchmarks/beam_speed.py
    python benchmarks/beam_speed.py --rounds 1 --texts 100
"""

from pathlib import Path

from report import SPEED_COLUMNS, Table, argument_parser, write_json
from timing import speeds, timed

from dlseq.data.dates import date_pairs
from dlseq.tasks.dates.normalization import DateNormalizer
from dlseq.tasks.pretrained import pretrained

BEAM_WIDTH = 8


def main() -> None:
    """Time both methods on the same texts and print the dates per CPU second."""
    parser = argument_parser(f"Beam search of width {BEAM_WIDTH} on the date model, 1,000 sources.")
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", type=Path, help="a saved date model (default: the pretrained one)")
    arguments = parser.parse_args()
    texts = [pair.text for pair in date_pairs(arguments.texts, "world", split="test", seed=0)]
    normalizer = DateNormalizer.load(arguments.model or pretrained("dates-world"))

    def batched():
        return normalizer.normalize(texts, beam_width=BEAM_WIDTH)[0]

    def one_by_one():
        return [normalizer.normalize([text], beam_width=BEAM_WIDTH)[0][0] for text in texts]

    methods = {"one source at a time": one_by_one, "ours, all at once": batched}
    together = batched()  # traces the graph of both methods
    alone = one_by_one()
    differing = sum(a != b for a, b in zip(alone, together, strict=True))
    if differing > len(texts) // 200:  # rounding can decide between equal scores
        raise RuntimeError(f"The benchmark is invalid: {differing} of {len(texts)} dates differ.")

    seconds = {name: [] for name in methods}
    for _ in range(arguments.rounds):
        for name, method in methods.items():
            seconds[name].append(timed(method))
    figures = speeds(seconds, len(texts), {"times faster": "one source at a time"})
    table = Table(
        f"{len(texts):,} dates, beam search of width {BEAM_WIDTH}, text to text",
        ["method", *SPEED_COLUMNS, "times faster"],
    )
    table.add_speeds(figures)
    table.print(f"Medians of {arguments.rounds} rounds after a warm-up. {differing} dates differ.")
    write_json(arguments.json, {"texts": len(texts), "differing": differing, "methods": figures})


if __name__ == "__main__":
    main()
