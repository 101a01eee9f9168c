"""Layers and searches against those of Keras and keras-hub, on TensorFlow and on JAX.

`AttentionLayer` against `AdditiveAttention`, `Attention` and `MultiHeadAttention`; `LSTM` against Keras's, forward and
with gradients; greedy search, sampling and beam search against the samplers of keras-hub (extra `bench`). Each backend
is a process of its own. In it both sides of a pair compute the same numbers in a compiled graph, which is validated
first, and are called in turn. The figures are milliseconds of CPU time of a call and how many times faster dlseq is:
the median of the ratios of all rounds, with its 95 % confidence interval. What has its whole interval below 1 is named
as slower.

The processes are pinned to one core and have one thread, where CPU time is the time that a quiet machine would take and
other programs on it hardly matter. With `--cores 2` or more, CPU time has the waiting of threads for each other too. On
JAX the `LSTM` of dlseq is the loop of Keras itself, so that one size is measured there.

    python benchmarks/layers.py
    python benchmarks/layers.py --backends tensorflow --rounds 3 --only LSTM
"""

import argparse
import os

import numpy as np
from fresh_process import in_fresh_process, print_figures
from report import Table, argument_parser, require_packages, write_json
from timing import compare

BACKENDS = ("tensorflow", "jax")
ATTENTION_SIZES = [(32, 10, 30, 64), (16, 64, 64, 128)]  # (B, Tq, Tv, width)
LSTM_SIZES = [  # (units, B, T)
    *((32, 1, 30), (32, 32, 30), (32, 128, 30), (64, 8, 30), (64, 128, 30), (96, 32, 30), (96, 128, 30)),
    *((128, 2, 30), (128, 8, 30), (128, 32, 30), (256, 1, 30), (256, 2, 30), (256, 8, 30), (256, 32, 30)),
    (256, 128, 30),
]
SEARCH_SIZES = [(30, 64, 20, 64), (3000, 16, 20, 128)]  # (vocabulary, B, T, units)
SEARCHES = ("greedy_search", "sample", "beam_search")  # beginnings of their cases
MIN_SECONDS = 0.03  # of a turn; shorter calls are repeated


def main() -> None:
    """Time all pairs on each backend and print the milliseconds and ratios."""
    parser = argument_parser("Layers and searches of dlseq against those of Keras and keras-hub.")
    parser.add_argument("--backends", nargs="+", choices=BACKENDS, default=BACKENDS)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--cores", type=int, default=1, help="CPU cores and threads (default: %(default)s)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the cases that begin with TEXT")
    parser.add_argument("--side", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        print_figures(measure(arguments.rounds, arguments.only))
        return
    if has_searches(arguments.only):
        require_packages(parser, "bench", "keras_hub")
    if "jax" in arguments.backends:
        require_packages(parser, "backends", "jax")

    limit_cores(arguments.cores)
    figures = {}
    for backend in arguments.backends:
        os.environ["KERAS_BACKEND"] = backend
        options = ("--side", backend, "--rounds", str(arguments.rounds), "--only", arguments.only)
        figures[backend] = in_fresh_process(__file__, *options)
    for backend, cases in figures.items():
        table = Table(
            f"CPU milliseconds on {backend}", ["case; peer", "dlseq", "peer", "times faster", "95 % interval"]
        )
        for case, figure in cases.items():
            milliseconds = [f"{figure[side]:.2f}" for side in ("dlseq_ms", "peer_ms")]
            interval = f"{figure['low']:.2f} to {figure['high']:.2f}"
            table.add(case, *milliseconds, f"{figure['times_faster']:.2f}", interval)
        table.print(f"Median of {arguments.rounds} rounds, both sides in turn, in one process.")
    slower = [f"{case} ({backend})" for backend, cases in figures.items() for case in cases if cases[case]["high"] < 1]
    print(f"Slower than the peer: {'; '.join(slower) or 'none'}")
    settings = {"rounds": arguments.rounds, "cores": arguments.cores}
    write_json(arguments.json, {**settings, "slower": slower, **figures})


def limit_cores(count: int) -> None:
    """Pin this process and its children to some of its cores, where the system can, with a thread for each."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])
    os.environ["OMP_NUM_THREADS"] = str(count)


def has_searches(prefix: str) -> bool:
    """Return True if a case of a search begins with a prefix."""
    return any(name.startswith(prefix[: len(name)]) for name in SEARCHES)


def measure(rounds: int, prefix: str) -> dict:
    """Validate and time all pairs on the backend of this process.

    Returns:
        `{"case; peer": {"dlseq_ms": …, "peer_ms": …, "times_faster": …, "low": …, "high": …}}`

    Raises:
        RuntimeError: both sides of a pair disagree.
    """
    from layer_peers import attention_pairs, lstm_pairs, search_pairs

    figures = {}
    searches = search_pairs(SEARCH_SIZES) if has_searches(prefix) else ()
    lstm_sizes = LSTM_SIZES if os.environ["KERAS_BACKEND"] == "tensorflow" else LSTM_SIZES[1:2]
    for pairs in (attention_pairs(ATTENTION_SIZES), lstm_pairs(lstm_sizes), searches):
        for pair in pairs:
            if not pair.case.startswith(prefix):
                continue
            if pair.comparable:
                check_agreement(pair)
            found = compare(pair.ours, pair.theirs, rounds, MIN_SECONDS)
            figures[f"{pair.case}; {pair.peer}"] = {
                "dlseq_ms": round(1000 * found.ours, 4),
                "peer_ms": round(1000 * found.theirs, 4),
                **{name: round(getattr(found, name), 3) for name in ("times_faster", "low", "high")},
            }
    return figures


def check_agreement(pair) -> None:
    """Validate a pair: equal outputs or tokens, or gradients of equal norms, up to rounding."""
    ours, theirs = pair.ours(), pair.theirs()
    if isinstance(ours, list):  # gradients, in different orders
        ours, theirs = (sorted(float(np.linalg.norm(x)) for x in side) for side in (ours, theirs))
    elif isinstance(ours, tuple):  # the tokens, then what one side has in addition
        ours, theirs = ours[0], theirs[0]
    if not np.allclose(ours, theirs, rtol=1e-3, atol=1e-5):
        raise RuntimeError(f"The benchmark is invalid: {pair.case} and {pair.peer} differ.")


if __name__ == "__main__":
    main()
