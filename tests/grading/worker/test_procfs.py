"""Memory of processes: what they share with their ancestor, and what they take in exchange for it."""

import mmap
import os
import time

import pytest

from dlseq.grading.worker.procfs import MemoryMeter, descendants

MB = 2**20
SHARED_MB = 60


@pytest.fixture
def inherited():
    """Memory of this process that forked ones inherit."""
    memory = mmap.mmap(-1, SHARED_MB * MB, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.write(b"x" * len(memory))
    yield memory
    memory.close()


def measure(limit_mb, action, children=1):
    """Megabytes of forked children after an action, as a meter of this process counts them."""
    meter, pipes, started = MemoryMeter(limit_mb * MB), os.pipe(), []
    before = descendants(os.getpid())
    for _ in range(children):
        if (child := os.fork()) == 0:
            os.setpgid(0, 0)
            kept = action()
            os.write(pipes[1], b"x")
            time.sleep(60)
            os._exit(len(kept or ()))
        started.append(child)
    for _ in range(children):
        os.read(pipes[0], 1)
    try:
        return meter.used_bytes(descendants(os.getpid()) - before) / MB
    finally:
        for child in started:
            os.killpg(child, 9)
            os.waitpid(child, 0)


def take(megabytes):
    memory = mmap.mmap(-1, megabytes * MB, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.write(b"y" * len(memory))
    return memory


@pytest.mark.parametrize("limit_mb", [20, 500])
def test_inherited_memory_does_not_count(inherited, limit_mb):
    assert measure(limit_mb, lambda: None, children=3) < 15


@pytest.mark.parametrize("limit_mb", [20, 500])
def test_own_memory_counts(inherited, limit_mb):
    assert 40 <= measure(limit_mb, lambda: take(40)) < 55


def test_memory_in_exchange_for_inherited_memory_counts(inherited):
    """A child that gave back what it had inherited could take as much again, once for each child."""

    def exchange():
        inherited.close()
        return take(50)

    assert 2 * 50 <= measure(90, exchange, children=2) < 2 * 50 + 30


def test_memory_that_children_share_counts_once(inherited):
    def fork_again():
        memory = take(40)
        for _ in range(3):
            if os.fork() == 0:
                time.sleep(60)
        return memory

    assert 40 <= measure(30, fork_again) < 60
