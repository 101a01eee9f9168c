"""Plain data: the only thing that passes between graded tests and a submission.

Plain are None, bool, int, float, str, lists, tuples and dicts of plain data, NumPy arrays of numbers, and `Handle`s,
which name an object that stays where it is. Exactly these types: a subclass could redefine what `==` means.

`encode` writes a value as a JSON header and the raw buffers of its arrays; `decode` rebuilds it from the bytes out of
exact builtin types and base arrays, checking every size against `Limits` before anything is allocated. Neither pickles.
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
    """A value that is not plain data, or bytes that do not describe any."""


@dataclass(frozen=True)
class Handle:
    """Names an object on the submission's side, such as a Keras model.

    Attributes:
        kind: "model", "layer" or "figure".
        number: which one.
    """

    kind: str
    number: int


@dataclass(frozen=True)
class Limits:
    """The largest value that is accepted.

    Attributes:
        depth: nesting of lists, tuples and dicts.
        items: values in all, counting each list, key and number.
        header: bytes of the JSON header.
        buffers: bytes of all arrays together.
        digits: digits of an integer.
    """

    depth: int = 24
    items: int = 500_000
    header: int = 32 * 2**20
    buffers: int = 512 * 2**20
    digits: int = 1000


DEFAULT_LIMITS = Limits()


def encode(value, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Writes plain data as bytes: 8 bytes of header length, the JSON header, the array buffers one after the other.

    Args:
        value: plain data. NumPy scalars are written as Python numbers.
        limits: what is too large to be written.

    Returns:
        The bytes.

    Raises:
        CodecError: something in `value` is not plain, or too large. The message names its type.

    Example:
        >>> decode(encode({"a": (1, 2.5, "x"), "w": np.eye(2)}))
        {'a': (1, 2.5, 'x'), 'w': array([[1., 0.], [0., 1.]])}
        >>> encode([{1, 2}])
        Traceback (most recent call last):
        dlseq.grading.worker.codec.CodecError: expected numbers, text, arrays, and lists, tuples or dicts ...
    """
    writer = _Writer(limits)
    header = json.dumps(writer.write(value, 0)).encode("ascii")
    if len(header) > limits.header:
        raise CodecError(f"expected at most {limits.header:,} bytes of text and numbers, received {len(header):,}")
    return b"".join([len(header).to_bytes(8, "big"), header, *writer.buffers])


def decode(data: bytes, limits: Limits = DEFAULT_LIMITS):
    """Rebuilds plain data from the bytes that `encode` wrote, or that somebody forged.

    Args:
        data: the bytes.
        limits: what is too large to be read.

    Returns:
        The value: builtin types and base `ndarray`s that own their memory.

    Raises:
        CodecError: the bytes do not describe plain data, or something larger than `limits`.

    Example:
        >>> decode((4).to_bytes(8, "big") + b'["x"')
        Traceback (most recent call last):
        dlseq.grading.worker.codec.CodecError: the header is not JSON
    """
    if len(data) < 8:
        raise CodecError("expected at least 8 bytes of header length")
    size = int.from_bytes(data[:8], "big")
    if size > limits.header or size > len(data) - 8:
        raise CodecError("the header is longer than what was received or allowed")
    if len(data) - 8 - size > limits.buffers:
        raise CodecError(f"expected at most {limits.buffers:,} bytes of arrays")
    try:
        header = json.loads(data[8 : 8 + size].decode("ascii"))
    except (ValueError, RecursionError):
        raise CodecError("the header is not JSON") from None
    reader = _Reader(memoryview(data)[8 + size :], limits)
    value = reader.read(header, 0)
    if reader.position != len(reader.buffers):
        raise CodecError("there are more bytes than the header announces")
    return value


class _Writer:
    def __init__(self, limits):
        self.limits, self.buffers = limits, []
        self.items = self.bytes = 0

    def write(self, value, depth):
        self.items += 1
        if depth > self.limits.depth:
            raise CodecError(f"expected at most {self.limits.depth} levels of nesting")
        if self.items > self.limits.items:
            raise CodecError(f"expected at most {self.limits.items:,} values")
        if type(value).__module__ == "numpy" and isinstance(value, np.generic) and value.dtype.name in DTYPES:
            value = value.item()
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            return ["s", value]
        if kind is int:
            if value.bit_length() > self.limits.digits * 3:
                raise CodecError(f"expected an integer of at most {self.limits.digits} digits")
            return ["i", str(value)]
        if kind is float:
            return ["f", value.hex()]
        if kind is np.ndarray:
            return self.array(value)
        if kind is list or kind is tuple:
            return ["l" if kind is list else "t", [self.write(one, depth + 1) for one in value]]
        if kind is dict:
            pairs = [[self.key(key), self.write(one, depth + 1)] for key, one in value.items()]
            return ["d", pairs]
        if kind is Handle:
            return ["h", value.kind, value.number]
        raise CodecError(f"expected numbers, text, arrays, and lists, tuples or dicts of them, received {_type(value)}")

    def key(self, key):
        if type(key) not in (str, int, bool, type(None)) and not isinstance(key, np.integer):
            raise CodecError(f"expected the keys of a dict to be text or integers, received {_type(key)}")
        return self.write(key, 0)

    def array(self, value):
        if value.dtype.name not in DTYPES:
            raise CodecError(f"expected an array of numbers, received one of dtype {value.dtype.name}")
        self.bytes += value.nbytes
        if self.bytes > self.limits.buffers:
            raise CodecError(f"expected at most {self.limits.buffers:,} bytes of arrays, received more")
        self.buffers.append(value.astype(value.dtype.newbyteorder("<"), order="C", copy=False).tobytes())
        return ["a", value.dtype.name, list(value.shape)]


class _Reader:
    def __init__(self, buffers, limits):
        self.buffers, self.limits = buffers, limits
        self.items = self.position = 0

    def read(self, node, depth):
        self.items += 1
        if depth > self.limits.depth or self.items > self.limits.items:
            raise CodecError("the value is nested too deeply or has too many parts")
        if node is None or node is True or node is False:
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise CodecError("the header has a part that is not plain data")
        tag, *rest = node
        if tag not in ("s", "i", "f", "a", "l", "t", "d", "h"):
            raise CodecError("the header has a part of an unknown kind")
        try:
            return getattr(self, f"read_{tag}")(depth, *rest)
        except (TypeError, ValueError, OverflowError) as error:
            if isinstance(error, CodecError):
                raise
            raise CodecError(f"the header has a malformed part of kind {tag[:8]!r}") from None

    def read_s(self, depth, text):
        return _exactly(str, text)

    def read_i(self, depth, digits):
        if len(_exactly(str, digits)) > self.limits.digits + 1:
            raise CodecError(f"expected an integer of at most {self.limits.digits} digits")
        return int(digits)

    def read_f(self, depth, digits):
        return float.fromhex(_exactly(str, digits))

    def read_l(self, depth, parts):
        return [self.read(one, depth + 1) for one in _exactly(list, parts)]

    def read_t(self, depth, parts):
        return tuple(self.read_l(depth, parts))

    def read_d(self, depth, pairs):
        return {self.read_key(key): self.read(one, depth + 1) for key, one in _exactly(list, pairs)}

    def read_key(self, node):
        if type(node) is list and node[:1] not in (["s"], ["i"]):
            raise CodecError("the header has a dict whose keys are not text or integers")
        return self.read(node, 0)

    def read_h(self, depth, kind, number):
        return Handle(_exactly(str, kind), _exactly(int, number))

    def read_a(self, depth, name, shape):
        if name not in DTYPES or len(_exactly(list, shape)) > 32 or any(type(n) is not int or n < 0 for n in shape):
            raise CodecError("the header has an array of an unknown dtype or shape")
        dtype = _NATIVE[name]
        size = math.prod(shape) * dtype.itemsize
        if size > len(self.buffers) - self.position:
            raise CodecError("an array is larger than what was received")
        start, self.position = self.position, self.position + size
        flat = np.frombuffer(self.buffers, _LITTLE[name], size // dtype.itemsize, start) if size else np.empty(0, dtype)
        return flat.astype(dtype).reshape(shape)


def _exactly(kind, value):
    if type(value) is not kind:
        raise CodecError(f"the header has a part that should be {kind.__name__}")
    return value


def _type(value) -> str:
    kind = type(value)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    name = f"{module}{kind.__qualname__}"[:80]
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
