"""Layers and searches against those of Keras and keras-hub, on TensorFlow and on JAX.

`AttentionLayer` against `AdditiveAttention`, `Attention` and `MultiHeadAttention`; `LSTM` against Keras's, forward and
with gradients; greedy search, sampling and beam search against the samplers of keras-hub (extra `bench`). Each backend
is a process of its own. In it both sides of a pair compute the same numbers in a compiled graph, which is validated
first, and are called in turn; the best of several rounds counts, the time that other programs disturb least.

    python benchmarks/layers.py
    python benchmarks/layers.py --backends tensorflow --rounds 3 --only LSTM
"""

import argparse
import os

import numpy as np
from fresh_process import in_fresh_process, print_figures
from report import Table, argument_parser, require_packages, write_json
from timing import best_in_turn

BACKENDS = ("tensorflow", "jax")
ATTENTION_SIZES = [(32, 10, 30, 64), (16, 64, 64, 128)]  # (B, Tq, Tv, width)
LSTM_SIZES = [(32, 1, 30), (32, 32, 30), (64, 128, 30), (128, 32, 30), (160, 32, 30), (256, 1, 30), (256, 128, 30)]
SEARCH_SIZES = [(30, 64, 20, 64), (3000, 16, 20, 128)]  # (vocabulary, B, T, units)
SEARCHES = ("greedy_search", "sample", "beam_search")  # beginnings of their cases
MIN_SECONDS = 0.03  # of a round; shorter calls are repeated


def main() -> None:
    """Time all pairs on each backend and print the milliseconds and ratios."""
    parser = argument_parser("Layers and searches of dlseq against those of Keras and keras-hub.")
    parser.add_argument("--backends", nargs="+", choices=BACKENDS, default=BACKENDS)
    parser.add_argument("--rounds", type=int, default=9)
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

    figures = {}
    for backend in arguments.backends:
        os.environ["KERAS_BACKEND"] = backend
        options = ("--side", backend, "--rounds", str(arguments.rounds), "--only", arguments.only)
        figures[backend] = in_fresh_process(__file__, *options)
    for backend, cases in figures.items():
        table = Table(f"Milliseconds on {backend}", ["case; peer", "dlseq", "peer", "times faster", "in CPU time"])
        for case, figure in cases.items():
            milliseconds = [f"{1000 * figure[side]:.2f}" for side in ("ours", "theirs")]
            table.add(case, *milliseconds, f"{figure['ratio']:.2f}", f"{figure['cpu_ratio']:.2f}")
        table.print(f"Best of {arguments.rounds} rounds, both sides in turn, in one process.")
    write_json(arguments.json, {"rounds": arguments.rounds, **figures})


def has_searches(prefix: str) -> bool:
    """Return True if a case of a search begins with a prefix."""
    return any(name.startswith(prefix[: len(name)]) for name in SEARCHES)


def measure(rounds: int, prefix: str) -> dict:
    """Validate and time all pairs on the backend of this process.

    Returns:
        `{"case; peer": {"ours": seconds, "theirs": seconds, "ratio": times faster, "cpu_ratio": times less CPU}}`

    Raises:
        RuntimeError: both sides of a pair disagree.
    """
    from layer_peers import attention_pairs, lstm_pairs, search_pairs

    figures = {}
    searches = search_pairs(SEARCH_SIZES) if has_searches(prefix) else ()
    for pairs in (attention_pairs(ATTENTION_SIZES), lstm_pairs(LSTM_SIZES), searches):
        for pair in pairs:
            if not pair.case.startswith(prefix):
                continue
            if pair.comparable:
                check_agreement(pair)
            (ours, our_cpu), (theirs, their_cpu) = best_in_turn([pair.ours, pair.theirs], rounds, MIN_SECONDS)
            figures[f"{pair.case}; {pair.peer}"] = {
                "ours": ours,
                "theirs": theirs,
                "ratio": theirs / ours,
                "cpu_ratio": their_cpu / our_cpu,
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
