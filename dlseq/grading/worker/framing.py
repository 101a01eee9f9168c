"""Length-prefixed messages on a socket: 8 bytes of length, then plain data (see `dlseq.grading.worker.codec`)."""

import socket

from dlseq.grading.worker.codec import CodecError, Limits, decode, encode

__all__ = ["MESSAGE_LIMITS", "receive", "send"]

MESSAGE_LIMITS = Limits(items=200_000, header=8 * 2**20, buffers=128 * 2**20)  # to and from a submission
CHUNK_BYTES = 1 << 20


def send(connection: socket.socket, value, limits: Limits = MESSAGE_LIMITS, descriptors: tuple[int, ...] = ()) -> None:
    """Send plain data.

    Args:
        connection: Stream socket.
        value: Plain data.
        limits: Maximum sizes.
        descriptors: File descriptors to pass along (Unix sockets).

    Raises:
        CodecError: The value is not plain data, or too large. Nothing has been sent then.
        OSError: The peer has closed the connection.

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


def receive(connection: socket.socket, limits: Limits = MESSAGE_LIMITS):
    """Receive plain data. The declared length is checked first, and memory grows with the bytes that arrive.

    Args:
        connection: Stream socket.
        limits: Maximum sizes.

    Returns:
        The value.

    Raises:
        EOFError: The peer has closed the connection.
        CodecError: The message is not plain data, or too large; the connection is unusable afterwards.
    """
    size = int.from_bytes(_receive_exactly(connection, 8), "big")
    max_bytes = limits.header + limits.buffers
    if size > 8 + max_bytes:
        raise CodecError(f"Expected a message of at most {max_bytes:,} bytes. Received: {size:,} as its length")
    return decode(bytes(_receive_exactly(connection, size)), limits)


def _receive_exactly(connection, size):
    data = bytearray()
    while len(data) < size:
        try:
            chunk = connection.recv(min(CHUNK_BYTES, size - len(data)))
        except ConnectionError:
            chunk = b""
        if not chunk:
            raise EOFError("the peer has closed the connection")
        data += chunk
    return data
