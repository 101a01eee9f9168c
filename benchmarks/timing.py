"""Wall and CPU time of calls, alone and of several sides in turn, and how much faster one of two sides is."""

import math
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["Comparison", "Seconds", "best_in_turn", "compare", "median_interval", "speeds", "timed"]


class Comparison(NamedTuple):
    """CPU seconds of a call of both sides, the median of all rounds, and how many times faster the first side is.

    `low` and `high` are the 95 % confidence interval of `times_faster`, the median of the ratios of all rounds.
    """

    ours: float
    theirs: float
    times_faster: float
    low: float
    high: float


class Seconds(NamedTuple):
    """Wall time of a call, and CPU time of all its threads, which other programs disturb less."""

    wall: float
    cpu: float

    def __truediv__(self, share: float) -> "Seconds":
        """Return the seconds of one call of so many."""
        return Seconds(self.wall / share, self.cpu / share)


def timed(function: Callable) -> Seconds:
    """Return the duration of a call.

    Example:
        >>> 0 <= timed(lambda: None).wall < 1
        True
    """
    started, cpu_started = time.perf_counter(), time.process_time()
    function()
    return Seconds(time.perf_counter() - started, time.process_time() - cpu_started)


def speeds(times: dict[str, list[Seconds]], items: int, baselines: dict[str, str]) -> dict[str, dict[str, float]]:
    """Return the figures of each method from the times of its rounds, by medians.

    Args:
        times: method -> seconds of each round, in which it did all items.
        items: number of items, such as texts.
        baselines: name of a ratio -> the method with which it compares, by CPU seconds.

    Returns:
        method -> items per CPU second, CPU seconds with the least and the greatest, wall seconds, and the ratios.

    Example:
        >>> figures = speeds({"slow": [Seconds(4, 2)], "fast": [Seconds(2, 0.5)]}, 10, {"times faster": "slow"})
        >>> figures["fast"]["per CPU second"], figures["fast"]["times faster"], figures["slow"]["times faster"]
        (20.0, 4.0, 1.0)
    """
    cpu = {name: statistics.median(seconds.cpu for seconds in rounds) for name, rounds in times.items()}
    return {
        name: {
            "per CPU second": items / cpu[name],
            "CPU seconds": cpu[name],
            "least": min(seconds.cpu for seconds in rounds),
            "greatest": max(seconds.cpu for seconds in rounds),
            "wall seconds": statistics.median(seconds.wall for seconds in rounds),
            **{ratio: cpu[baseline] / cpu[name] for ratio, baseline in baselines.items()},
        }
        for name, rounds in times.items()
    }


def best_in_turn(functions: list[Callable], rounds: int, min_seconds: float) -> list[Seconds]:
    """Time functions in turn and return the wall and CPU seconds of a call of each, in the best round of each.

    Other programs disturb the best round least, and all sides alike; CPU time they disturb less. A first call of each
    function is not counted.

    Args:
        functions: Functions without arguments.
        rounds: The number of rounds; in each, every function has its turn.
        min_seconds: A turn consists of so many calls that it takes about as long.

    Example:
        >>> slow, fast = best_in_turn([lambda: sum(range(20_000)), lambda: None], rounds=3, min_seconds=0.001)
        >>> slow > fast
        True
    """
    for function in functions:
        function()
    calls = [max(1, round(min_seconds / max(timed(function).wall, 1e-6))) for function in functions]
    best = [Seconds(float("inf"), float("inf"))] * len(functions)
    for _ in range(rounds):
        for side, (function, count) in enumerate(zip(functions, calls, strict=True)):
            seconds = timed(lambda function=function, count=count: [function() for _ in range(count)]) / count
            best[side] = Seconds(min(best[side].wall, seconds.wall), min(best[side].cpu, seconds.cpu))
    return best


def compare(ours: Callable, theirs: Callable, rounds: int, min_seconds: float) -> Comparison:
    """Compare the CPU time of two functions that are called in turn, each first in every other round.

    A ratio of neighbors in time does not change with the load of the machine, nor with the speed of its clock. A first
    call of each function is not counted.

    Args:
        ours, theirs: Functions without arguments.
        rounds: The number of rounds.
        min_seconds: A turn consists of so many calls that it takes about as long.

    Example:
        >>> result = compare(lambda: sum(range(1_000)), lambda: sum(range(20_000)), rounds=9, min_seconds=0.001)
        >>> result.low > 2
        True
    """
    functions, seconds = (ours, theirs), ([], [])
    for function in functions:
        function()
    calls = [max(1, math.ceil(min_seconds / max(_cpu_seconds(function, 1), 1e-6))) for function in functions]
    for number in range(rounds):
        for side in (0, 1) if number % 2 else (1, 0):
            seconds[side].append(_cpu_seconds(functions[side], calls[side]))
    ratios = [theirs / ours for ours, theirs in zip(*seconds, strict=True)]
    return Comparison(*map(statistics.median, (*seconds, ratios)), *median_interval(ratios))


def median_interval(values: list[float]) -> tuple[float, float]:
    """Return a confidence interval of at least 95 % of a median: two of the values, of whatever distribution.

    As many values lie below the median as a fair coin has heads. With fewer than six values the interval has less than
    95 %, and is all of them.

    Example:
        >>> median_interval([5.0, 1.0, 2.0, 9.0, 3.0, 4.0, 6.0, 7.0, 8.0])
        (2.0, 8.0)
    """
    count, below, tail = len(values), 0, 0.0
    while below < count and (tail := tail + math.comb(count, below) / 2**count) <= 0.025:
        below += 1
    ordered = sorted(values)
    return ordered[max(below - 1, 0)], ordered[-max(below, 1)]


def _cpu_seconds(function, calls):
    started = time.process_time()
    for _ in range(calls):
        function()
    return (time.process_time() - started) / calls
