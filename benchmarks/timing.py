"""Wall and CPU time of calls, alone and of several sides in turn."""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["Seconds", "best_in_turn", "speeds", "timed"]


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
