"""The signal that ends a test, and the blocks that it waits for."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlseq.grading.sandbox.timeout import MAX_EXTENSION_FACTOR, defer_timeout, timeout
from dlseq.grading.worker.executor import TimeLimitExceeded
from dlseq.grading.worker.procfs import runqueue_wait
from dlseq.startup import available_cpus

NEEDED = 0.3  # seconds of a processor
FOREVER = "while True: pass"
CROWD = 2  # processes that have one processor between them; with the rest of a suite there may be some more


@pytest.fixture
def crowd():
    """This process has one processor, and shares it with others that never rest."""
    if runqueue_wait(os.getpid()) == 0 and not Path("/proc/self/schedstat").exists():
        pytest.skip("this system does not tell how long a process has waited for a processor")
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {available_cpus()[0]})
    others = [subprocess.Popen([sys.executable, "-c", FOREVER]) for _ in range(CROWD - 1)]
    yield
    for one in others:
        one.kill()
        one.wait()
    os.sched_setaffinity(0, before)


def work(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_waiting_for_a_processor_does_not_count(crowd):
    begun = time.monotonic()
    with timeout(1.5 * NEEDED):
        work(NEEDED)
    assert time.monotonic() - begun > 1.5 * NEEDED  # or this machine has more processors than it says


def test_the_waiting_of_helpers_does_not_count_either(crowd):
    program = f"import time\nwhile time.process_time() < {NEEDED}: pass"
    with subprocess.Popen([sys.executable, "-S", "-c", program]) as helper, timeout(1.5 * NEEDED, lambda: {helper.pid}):
        assert helper.wait() == 0


def test_sleeping_is_not_waiting(crowd):
    begun = time.monotonic()
    with pytest.raises(TimeLimitExceeded), timeout(0.5):
        time.sleep(10)
    assert time.monotonic() - begun < 1.0


def test_what_has_had_its_time_is_ended_on_a_busy_machine_as_well(crowd):
    begun = time.process_time()
    with pytest.raises(TimeLimitExceeded), timeout(0.3):
        work(10)
    assert time.process_time() - begun < 0.3 + 0.2


def test_patience_has_an_end(crowd, monkeypatch):
    monkeypatch.setattr("dlseq.grading.sandbox.timeout.cpu_seconds", lambda process: 0.0)  # as if nothing were used
    begun = time.monotonic()
    with pytest.raises(TimeLimitExceeded), timeout(0.3):
        work(10)
    assert time.monotonic() - begun < (1 + MAX_EXTENSION_FACTOR) * 0.3 + 0.5


def test_what_takes_too_long_is_ended_and_what_does_not_is_left_alone():
    with timeout(5.0):
        pass
    begun = time.monotonic()
    with pytest.raises(TimeLimitExceeded), timeout(0.1):
        time.sleep(10)
    assert time.monotonic() - begun < 5


def test_a_limit_waits_for_the_end_of_a_block_that_is_not_to_be_disturbed():
    done = []
    with pytest.raises(TimeLimitExceeded), timeout(0.05):
        with defer_timeout():
            time.sleep(0.1)
            with defer_timeout():
                time.sleep(0.1)
            done.append("the order")
        time.sleep(10)
        done.append("what comes after it")
    assert done == ["the order"]


def test_no_limit_is_left_over():
    with pytest.raises(TimeLimitExceeded), timeout(0.02), defer_timeout():
        time.sleep(0.05)
        time.sleep(0.05)
        raise TimeLimitExceeded
    time.sleep(0.1)
