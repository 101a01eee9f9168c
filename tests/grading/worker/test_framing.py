"""Framing: messages of any size arrive whole, and hostile ones allocate no memory."""

import socket
import threading
import tracemalloc

import numpy as np
import pytest

from dlseq.grading.worker.codec import CodecError, Limits
from dlseq.grading.worker.framing import receive, send


@pytest.fixture
def ends():
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def test_large_messages_arrive_whole_and_in_order(ends):
    here, there = ends
    values = [{"a": np.arange(300_000.0)}, "x" * 100_000, [1, (2.5, None)]]
    sender = threading.Thread(target=lambda: [send(here, value) for value in values])
    sender.start()
    first, *rest = [receive(there) for _ in values]
    sender.join()
    np.testing.assert_array_equal(first["a"], values[0]["a"])
    assert rest == values[1:]


def test_a_too_large_declared_length_allocates_no_memory(ends):
    here, there = ends
    here.sendall((10 * 2**40).to_bytes(8, "big"))
    tracemalloc.start()
    with pytest.raises(CodecError, match="as its length"):
        receive(there)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_memory_grows_with_received_bytes_only(ends):
    here, there = ends
    here.sendall((100 * 2**20).to_bytes(8, "big") + b"x" * 1000)
    here.close()
    tracemalloc.start()
    with pytest.raises(EOFError):
        receive(there)
    assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    tracemalloc.stop()


def test_a_refused_value_sends_nothing(ends):
    here, there = ends
    with pytest.raises(CodecError):
        send(here, {1, 2})
    with pytest.raises(CodecError):
        send(here, [0] * 10, Limits(items=5))
    send(here, "next")
    assert receive(there) == "next"


def test_descriptors_are_passed_along(ends):
    here, there = ends
    one, other = socket.socketpair()
    with one, other:
        send(here, "take", descriptors=(other.fileno(),))
        _, (number,), _, _ = socket.recv_fds(there, 1 << 16, 1)
        with socket.socket(fileno=number) as received:
            one.sendall(b"hello")
            assert received.recv(5) == b"hello"
