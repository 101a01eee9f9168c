"""Wall time of calls, alone and of two sides in turn."""

import time
from collections.abc import Callable

__all__ = ["best_in_turn", "timed"]


def timed(function: Callable) -> float:
    """Return the duration of a call in seconds.

    Example:
        >>> 0 <= timed(lambda: None) < 1
        True
    """
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def best_in_turn(functions: list[Callable], rounds: int, min_seconds: float) -> list[tuple[float, float]]:
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
    calls = [max(1, round(min_seconds / max(timed(function), 1e-6))) for function in functions]
    best = [(float("inf"), float("inf"))] * len(functions)
    for _ in range(rounds):
        for side, (function, count) in enumerate(zip(functions, calls, strict=True)):
            started, cpu_started = time.perf_counter(), time.process_time()
            for _ in range(count):
                function()
            seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
            best[side] = (min(best[side][0], seconds / count), min(best[side][1], cpu_seconds / count))
    return best
