"""The signal that ends a test, and the blocks that it waits for."""

import time

import pytest

from dlseq.grading.executor import TimeLimit
from dlseq.grading.time_limit import undisturbed, within


def test_what_takes_too_long_is_ended_and_what_does_not_is_left_alone():
    with within(5.0):
        pass
    begun = time.monotonic()
    with pytest.raises(TimeLimit), within(0.1):
        time.sleep(10)
    assert time.monotonic() - begun < 5


def test_a_limit_waits_for_the_end_of_a_block_that_is_not_to_be_disturbed():
    done = []
    with pytest.raises(TimeLimit), within(0.05):
        with undisturbed():
            time.sleep(0.1)
            with undisturbed():
                time.sleep(0.1)
            done.append("the order")
        time.sleep(10)
        done.append("what comes after it")
    assert done == ["the order"]


def test_no_limit_is_left_over():
    with pytest.raises(TimeLimit), within(0.02), undisturbed():
        time.sleep(0.05)
        time.sleep(0.05)
        raise TimeLimit
    time.sleep(0.1)
