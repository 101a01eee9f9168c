"""Serialization of plain data, the only values that graded tests and a submission exchange.

Plain data are None, bool, int, float, str, lists, tuples and dicts of plain data, NumPy arrays of numbers, and
`Handle`s, which refer to objects in the worker. Exact types only: a subclass could redefine `==`.

`encode` writes a JSON header and the raw buffers of the arrays. `decode` rebuilds exact builtin types and base arrays,
and checks each size against `Limits` before it allocates memory. No pickle is involved.
"""

import json
import math
from dataclasses import dataclass

import numpy as np

__all__ = ["DEFAULT_LIMITS", "CodecError", "Handle", "Limits", "decode", "encode"]

DTYPES = frozenset({"bool", *(f"{kind}int{bits}" for kind in ("", "u") for bits in (8, 16, 32, 64))})
DTYPES |= {"float16", "float32", "float64"}

_NATIVE = {name: np.dtype(name) for name in DTYPES}
_LITTLE = {name: dtype.newbyteorder("<") for name, dtype in _NATIVE.items()}


class CodecError(ValueError):
    """A value that is not plain data, or bytes that do not encode plain data."""


@dataclass(frozen=True)
class Handle:
    """A reference to an object in the worker, such as a Keras model.

    Attributes:
        kind: "model", "layer" or "figure".
        number: Index among the objects of the worker.
    """

    kind: str
    number: int


@dataclass(frozen=True)
class Limits:
    """Maximum sizes of a value.

    Attributes:
        depth: Levels of nested lists, tuples and dicts.
        items: Total number of values; each list, key and number counts.
        header: Bytes of the JSON header.
        buffers: Total bytes of all arrays.
        digits: Decimal digits of an integer.
    """

    depth: int = 24
    items: int = 500_000
    header: int = 32 * 2**20
    buffers: int = 512 * 2**20
    digits: int = 1000


DEFAULT_LIMITS = Limits()
MAX_BITS_PER_DIGIT = 3  # of an integer; a decimal digit has 3.32 bits
MAX_DIMENSIONS = 32


def encode(value, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Encode plain data: 8 bytes of header length, the JSON header, then the array buffers in order.

    Args:
        value: Plain data. NumPy scalars are encoded as Python numbers.
        limits: Maximum sizes.

    Returns:
        The bytes.

    Raises:
        CodecError: A part of `value` is not plain data or too large. The message names its type.

    Example:
        >>> decode(encode({"a": (1, 2.5, "x"), "w": np.eye(2)}))
        {'a': (1, 2.5, 'x'), 'w': array([[1., 0.], [0., 1.]])}
        >>> encode([{1, 2}])
        Traceback (most recent call last):
        dlseq.grading.worker.codec.CodecError: Expected numbers, text, arrays, and lists, tuples or dicts ...
    """
    encoder = _Encoder(limits)
    header = json.dumps(encoder.encode(value, 0)).encode("ascii")
    if len(header) > limits.header:
        raise CodecError(f"Expected at most {limits.header:,} bytes of text and numbers. Received: {len(header):,}")
    return b"".join([len(header).to_bytes(8, "big"), header, *encoder.buffers])


def decode(data: bytes, limits: Limits = DEFAULT_LIMITS):
    """Decode plain data from the bytes of `encode`, or refuse forged bytes.

    Args:
        data: The bytes.
        limits: Maximum sizes.

    Returns:
        The value: builtin types and base `ndarray`s that own their memory.

    Raises:
        CodecError: The bytes do not encode plain data, or data larger than `limits`.

    Example:
        >>> decode((4).to_bytes(8, "big") + b'["x"')
        Traceback (most recent call last):
        dlseq.grading.worker.codec.CodecError: Malformed header. Expected JSON.
    """
    if len(data) < 8:
        raise CodecError("Malformed message. Expected at least 8 bytes of header length.")
    size = int.from_bytes(data[:8], "big")
    if size > limits.header or size > len(data) - 8:
        raise CodecError("Malformed message. Expected a header within the message and the limits.")
    if len(data) - 8 - size > limits.buffers:
        raise CodecError(f"Expected at most {limits.buffers:,} bytes of arrays")
    try:
        header = json.loads(data[8 : 8 + size].decode("ascii"))
    except (ValueError, RecursionError):
        raise CodecError("Malformed header. Expected JSON.") from None
    decoder = _Decoder(memoryview(data)[8 + size :], limits)
    value = decoder.decode(header, 0)
    if decoder.position != len(decoder.buffers):
        raise CodecError("Malformed message. Expected no bytes beyond those that the header declares.")
    return value


class _Encoder:
    def __init__(self, limits):
        self.limits, self.buffers = limits, []
        self.items = self.bytes = 0

    def encode(self, value, depth):
        self.items += 1
        if depth > self.limits.depth:
            raise CodecError(f"Expected at most {self.limits.depth} levels of nesting")
        if self.items > self.limits.items:
            raise CodecError(f"Expected at most {self.limits.items:,} values")
        if type(value).__module__ == "numpy" and isinstance(value, np.generic) and value.dtype.name in DTYPES:
            value = value.item()
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            return ["s", value]
        if kind is int:
            if value.bit_length() > self.limits.digits * MAX_BITS_PER_DIGIT:
                raise CodecError(f"Expected an integer of at most {self.limits.digits} digits")
            return ["i", str(value)]
        if kind is float:
            return ["f", value.hex()]
        if kind is np.ndarray:
            return self.encode_array(value)
        if kind is list or kind is tuple:
            return ["l" if kind is list else "t", [self.encode(item, depth + 1) for item in value]]
        if kind is dict:
            pairs = [[self.encode_key(key), self.encode(item, depth + 1)] for key, item in value.items()]
            return ["d", pairs]
        if kind is Handle:
            return ["h", value.kind, value.number]
        raise CodecError(
            f"Expected numbers, text, arrays, and lists, tuples or dicts of them. Received: {_type_name(value)}"
        )

    def encode_key(self, key):
        if type(key) not in (str, int, bool, type(None)) and not isinstance(key, np.integer):
            raise CodecError(f"Expected text or integers as the keys of a dict. Received: {_type_name(key)}")
        return self.encode(key, 0)

    def encode_array(self, value):
        if value.dtype.name not in DTYPES:
            raise CodecError(f"Expected an array of numbers. Received: an array of dtype {value.dtype.name}")
        self.bytes += value.nbytes
        if self.bytes > self.limits.buffers:
            raise CodecError(f"Expected at most {self.limits.buffers:,} bytes of arrays")
        self.buffers.append(value.astype(value.dtype.newbyteorder("<"), order="C", copy=False).tobytes())
        return ["a", value.dtype.name, list(value.shape)]


class _Decoder:
    def __init__(self, buffers, limits):
        self.buffers, self.limits = buffers, limits
        self.items = self.position = 0

    def decode(self, node, depth):
        self.items += 1
        if depth > self.limits.depth or self.items > self.limits.items:
            raise CodecError("Malformed header. Expected fewer levels of nesting and fewer values.")
        if node is None or node is True or node is False:
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise CodecError("Malformed header. Expected plain data.")
        tag, *rest = node
        if tag not in ("s", "i", "f", "a", "l", "t", "d", "h"):
            raise CodecError("Malformed header. Expected a known type tag.")
        try:
            return getattr(self, f"decode_{tag}")(depth, *rest)
        except (TypeError, ValueError, OverflowError) as error:
            if isinstance(error, CodecError):
                raise
            raise CodecError(f"Malformed header. Expected a valid node of type tag {tag[:8]!r}.") from None

    def decode_s(self, depth, text):
        return _exactly(str, text)

    def decode_i(self, depth, digits):
        if len(_exactly(str, digits)) > self.limits.digits + 1:
            raise CodecError(f"Expected an integer of at most {self.limits.digits} digits")
        return int(digits)

    def decode_f(self, depth, digits):
        return float.fromhex(_exactly(str, digits))

    def decode_l(self, depth, parts):
        return [self.decode(item, depth + 1) for item in _exactly(list, parts)]

    def decode_t(self, depth, parts):
        return tuple(self.decode_l(depth, parts))

    def decode_d(self, depth, pairs):
        return {self.decode_key(key): self.decode(item, depth + 1) for key, item in _exactly(list, pairs)}

    def decode_key(self, node):
        if type(node) is list and node[:1] not in (["s"], ["i"]):
            raise CodecError("Malformed header. Expected text or integers as the keys of a dict.")
        return self.decode(node, 0)

    def decode_h(self, depth, kind, number):
        return Handle(_exactly(str, kind), _exactly(int, number))

    def decode_a(self, depth, name, shape):
        if (
            name not in DTYPES
            or len(_exactly(list, shape)) > MAX_DIMENSIONS
            or any(type(n) is not int or n < 0 for n in shape)
        ):
            raise CodecError("Malformed header. Expected a known dtype and shape of an array.")
        dtype = _NATIVE[name]
        size = math.prod(shape) * dtype.itemsize
        if size > len(self.buffers) - self.position:
            raise CodecError("Malformed message. Expected all bytes of an array.")
        start, self.position = self.position, self.position + size
        flat = np.frombuffer(self.buffers, _LITTLE[name], size // dtype.itemsize, start) if size else np.empty(0, dtype)
        return flat.astype(dtype).reshape(shape)


def _exactly(kind, value):
    if type(value) is not kind:
        raise CodecError(f"Malformed header. Expected a {kind.__name__}.")
    return value


def _type_name(value) -> str:
    kind = type(value)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    name = f"{module}{kind.__qualname__}"[:80]
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
