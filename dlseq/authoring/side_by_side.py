"""Generators that run in threads, side by side."""

import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["run_side_by_side"]

Item = TypeVar("Item")


def run_side_by_side(
    generators: Iterable[Iterable[Item]], threads: int, on_stop: Callable[[], None] = lambda: None
) -> Iterator[Item]:
    """Run generators in threads, each from its first to its last item in one thread.

    Args:
        generators: in the order in which they start.
        threads: generators at the same time.
        on_stop: called before the threads are waited for if the iteration ends early, by an error of a generator,
            Ctrl-C or the caller, to end what they wait for.

    Yields:
        The items of all generators, as they come.

    Raises:
        Exception: the first error of a generator.

    Example:
        >>> sorted(run_side_by_side([range(3), "ab"], threads=2), key=str)
        [0, 1, 2, 'a', 'b']
    """
    arrived, unfinished = queue.SimpleQueue(), 0

    def drain(generator):
        for item in generator:
            arrived.put((item,))

    with ThreadPoolExecutor(threads) as pool:
        try:
            for generator in generators:
                pool.submit(drain, generator).add_done_callback(arrived.put)
                unfinished += 1
            while unfinished:
                message = arrived.get()
                if isinstance(message, Future):
                    message.result()  # raises the error of the generator
                    unfinished -= 1
                else:
                    yield message[0]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            on_stop()
            raise
