"""Generators in threads: all items arrive, an error ends them all."""

import threading

import pytest

from dlseq.authoring.side_by_side import run_side_by_side


def test_each_generator_waits_for_the_other_one():
    """Neither of them would come to its end alone."""
    meeting = threading.Barrier(2, timeout=30)

    def count(first):
        for number in range(first, first + 3):
            meeting.wait()
            yield number

    found = list(run_side_by_side([count(0), count(10), count(20), count(30)], threads=2))
    assert sorted(found) == [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]
    assert [number for number in found if number < 10] == [0, 1, 2]


@pytest.mark.parametrize("is_closed", [False, True])
def test_an_error_or_the_caller_ends_all(is_closed):
    stopped, last = threading.Event(), []

    def wait():
        yield "begun"
        assert stopped.wait(30)
        last.append("stopped")

    def fail():
        yield "begun"
        if not is_closed:
            raise ValueError("expected seven")
        assert stopped.wait(30)

    items = run_side_by_side([wait(), fail(), iter(["never begun"])], threads=2, on_stop=stopped.set)
    assert [next(items), next(items)] == ["begun", "begun"]
    if is_closed:
        items.close()
    else:
        with pytest.raises(ValueError, match="expected seven"):
            next(items)
    assert last == ["stopped"] and list(items) == []
