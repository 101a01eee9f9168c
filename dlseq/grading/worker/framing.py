"""Messages on a socket: a length of 8 bytes, then plain data as `dlseq.grading.worker.codec` writes it."""

import socket

from dlseq.grading.worker.codec import CodecError, Limits, decode, encode

__all__ = ["WALL", "receive", "send"]

WALL = Limits(items=200_000, header=8 * 2**20, buffers=128 * 2**20)  # of one message to or from a submission
CHUNK = 1 << 20


def send(connection: socket.socket, value, limits: Limits = WALL, descriptors: tuple[int, ...] = ()) -> None:
    """Sends plain data.

    Args:
        connection: a stream socket.
        value: plain data.
        limits: what is too large to be sent.
        descriptors: file descriptors that travel along, over a Unix socket.

    Raises:
        CodecError: the value is not plain, or too large. Nothing was sent then.
        OSError: the other side has gone.

    Example:
        >>> here, there = socket.socketpair()
        >>> send(here, {"answer": 42})
        >>> receive(there)
        {'answer': 42}
    """
    data = encode(value, limits)
    data = len(data).to_bytes(8, "big") + data
    if descriptors:
        sent = socket.send_fds(connection, [data], descriptors)
        data = memoryview(data)[sent:]
    connection.sendall(data)


def receive(connection: socket.socket, limits: Limits = WALL):
    """Waits for plain data. The announced length is checked before anything is read, and memory grows as it comes.

    Args:
        connection: a stream socket.
        limits: what is too large to be received.

    Returns:
        The value.

    Raises:
        EOFError: the other side has gone.
        CodecError: what came is not plain data, or too large; what follows on the socket cannot be read then.
    """
    size = int.from_bytes(_exactly(connection, 8), "big")
    if size > 8 + limits.header + limits.buffers:
        raise CodecError(f"expected a message of at most {limits.header + limits.buffers:,} bytes, announced: {size:,}")
    return decode(bytes(_exactly(connection, size)), limits)


def _exactly(connection, size):
    data = bytearray()
    while len(data) < size:
        try:
            piece = connection.recv(min(CHUNK, size - len(data)))
        except ConnectionError:
            piece = b""
        if not piece:
            raise EOFError("the other side has gone")
        data += piece
    return data
