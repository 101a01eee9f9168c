"""How many dates a second does a beam search of width 8 read, 1,000 sources at a time?

Baseline: the same search, the same model, the same compiled graph, one source at a time, as a search that cannot batch
would run. Ours gets all texts in one call, and reads them in batches of like length. Both are warm: every width of text
has had its graph made before the clock starts. That both give the same dates with the same probabilities is checked
first.

    python benchmarks/beam_speed.py
    python benchmarks/beam_speed.py --rounds 1 --texts 100
"""

import functools
import statistics
import time
from pathlib import Path

from report import Table, argument_parser, format_range, write_json

from dlseq.data.dates import date_pairs
from dlseq.tasks.date_normalization import DateNormalizer
from dlseq.tasks.pretrained import pretrained

BEAM_WIDTH = 8


def main() -> None:
    """Lets both ways take turns on the same texts and prints texts per second."""
    parser = argument_parser(f"Beam search of width {BEAM_WIDTH} on the date model, 1,000 sources.")
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", type=Path, help="a saved date model (default: the shipped one)")
    arguments = parser.parse_args()
    texts = [pair.text for pair in date_pairs(arguments.texts, "world", split="test", seed=0)]
    normalizer = DateNormalizer.load(arguments.model or pretrained("dates-world"))

    def batched():
        return normalizer.normalize(texts, beam_width=BEAM_WIDTH)[0]

    def one_by_one():
        return [normalizer.normalize([text], beam_width=BEAM_WIDTH)[0][0] for text in texts]

    ways = {"one source at a time": one_by_one, "ours, all at once": batched}
    together = batched()  # makes the graph, which one source at a time then uses as well
    alone = one_by_one()
    differing = sum(a != b for a, b in zip(alone, together, strict=True))
    if differing > len(texts) // 200:  # rounding may decide between equals
        raise RuntimeError(f"{differing} of {len(texts)} dates differ between the two; the benchmark is broken")

    seconds = {name: [] for name in ways}
    for _ in range(arguments.rounds):
        for name, way in ways.items():
            seconds[name].append(timed(functools.partial(way)))
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    slowest = medians["one source at a time"]
    table = Table(
        f"{len(texts):,} dates, beam search of width {BEAM_WIDTH}, text to text",
        ["way", "dates per second", "seconds", "from … to", "times faster"],
    )
    for name, median in medians.items():
        table.add(
            *(name, f"{len(texts) / median:,.0f}", f"{median:.3f}", format_range(seconds[name], ".3f")),
            f"{slowest / median:.1f}",
        )
    table.print(f"Medians of {arguments.rounds} turns, after one that warmed up. {differing} dates differ.")
    write_json(
        arguments.json,
        {"texts": len(texts), "seconds": medians, "ratio": slowest / medians["ours, all at once"]},
    )


def timed(function) -> float:
    """Seconds that a call takes."""
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
