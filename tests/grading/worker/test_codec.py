"""Codec: plain data is decoded unchanged; other values and forged bytes are refused."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlseq.grading.worker.codec import DTYPES, CodecError, Handle, Limits, decode, encode

LEAVES = st.none() | st.booleans() | st.integers(-(2**200), 2**200) | st.floats() | st.text()
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
    ),
    max_leaves=20,
)


def same(first, second):
    if type(first) is not type(second):
        return False
    if type(first) in (list, tuple):
        return len(first) == len(second) and all(map(same, first, second))
    if type(first) is dict:
        return list(first) == list(second) and all(same(first[key], second[key]) for key in first)
    if type(first) is float:
        return first.hex() == second.hex() or (math.isnan(first) and math.isnan(second))
    return first == second


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_decoding_restores_values_and_exact_types(value):
    assert same(decode(encode(value)), value)


@pytest.mark.parametrize("dtype", sorted(DTYPES))
@pytest.mark.parametrize("shape", [(), (3,), (2, 0, 5), (2, 3, 4)])
def test_arrays_keep_dtype_shape_and_values(dtype, shape):
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    back = decode(encode([array, "after"]))[0]
    assert type(back) is np.ndarray and back.dtype == array.dtype and back.shape == shape
    assert np.array_equal(back, array) and back.flags.writeable


def test_strided_and_big_endian_arrays_come_back_native():
    array = np.arange(12.0).reshape(3, 4).T[::2].astype(">f8")
    back = decode(encode(array))
    assert back.dtype == np.dtype("float64") and back.dtype.isnative
    assert np.array_equal(back, array)


def test_decoded_arrays_share_no_memory():
    array = np.ones(3)
    one, other = decode(encode((array, array)))
    one[0] = 7
    assert other[0] == 1 and array[0] == 1


def test_numpy_scalars_become_python_numbers():
    value = decode(encode([np.float64(0.5), np.int32(3), np.bool_(True)]))
    assert value == [0.5, 3, True] and [type(item) for item in value] == [float, int, bool]


class EqualToAll(str):
    __hash__ = None

    def __eq__(self, other):
        return True


class Array(np.ndarray):
    pass


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        object(),
        b"bytes",
        1j,
        lambda: 0,
        EqualToAll("x"),
        np.ones(2).view(Array),
        np.recarray(2, dtype=[("a", float)]),
        np.ma.masked_array([1.0]),
        np.array([object()]),
        np.array(["text"]),
        np.array([1j]),
        {(1, 2): 3},
        {1.5: 3},
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_that_are_not_plain_data_are_refused(value):
    with pytest.raises(CodecError, match="Expected"):
        encode([value])


DEEP = [[[[[[[[]]]]]]]]


@pytest.mark.parametrize(
    "value, limits",
    [
        (DEEP, Limits(depth=3)),
        ([0] * 100, Limits(items=50)),
        ("x" * 1000, Limits(header=400)),
        (np.zeros(50), Limits(buffers=100)),
        (10**30, Limits(digits=20)),
    ],
    ids=["depth", "items", "header", "buffers", "digits"],
)
def test_each_limit_holds_for_encoding_and_decoding(value, limits):
    data = encode(value)
    with pytest.raises(CodecError):
        encode(value, limits)
    with pytest.raises(CodecError):
        decode(data, limits)


def forged(header, buffers=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "big") + text + buffers


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 7,
        b"\xff" * 40,
        (2**40).to_bytes(8, "big") + b"x",
        forged(b"[" * 100_000),
        forged(b"\xff\xfe"),
        forged(5),
        forged("text"),
        forged({"a": 1}),
        forged([]),
        forged([["s", "x"]]),
        forged(["s", 5]),
        forged(["s"]),
        forged(["s", "x", "y"]),
        forged(["i", "9" * 2000]),
        forged(["i", "x"]),
        forged(["f", "zz"]),
        forged(["f", 1.5]),
        forged(["l", "ab"]),
        forged(["d", [["k"]]]),
        forged(["d", [[["l", []], None]]]),
        forged(["h", "model", "1"]),
        forged(["key", ["s", "x"]]),
        forged(["unknown", 1]),
        forged(["a", "object", [1]], b"\0" * 8),
        forged(["a", "float64", [2]], b"\0" * 8),
        forged(["a", "float64", [1]], b"\0" * 9),
        forged(["a", "float64", [-1]], b""),
        forged(["a", "float64", [10**12]], b"\0" * 8),
        forged(["a", "float64", [True]], b"\0" * 8),
        forged(["a", "float64", [1] * 40], b"\0" * 8),
        forged(["a", "float64", [0, 10**30]], b""),
        forged(["a", ["float64"], [1]], b"\0" * 8),
    ],
)
def test_forged_bytes_are_refused(data):
    with pytest.raises(CodecError):
        decode(data)


@given(st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_random_bytes_raise_nothing_but_codec_error(data):
    with pytest.raises(CodecError):
        decode(len(data).to_bytes(8, "big") + b"[" + data)


def test_a_handle_is_decoded():
    assert decode(encode({"m": Handle("model", 3)})) == {"m": Handle("model", 3)}


def test_a_forged_key_that_is_a_list_of_keys_is_refused():
    """Keys were decoded from depth 0 again, so keys within keys raised a `RecursionError`."""
    node = ["i", "1"]
    for _ in range(300):
        node = ["d", [[node, ["i", "1"]]]]
    header = json.dumps(node).encode()
    with pytest.raises(CodecError, match="keys of a dict"):
        decode(len(header).to_bytes(8, "big") + header)
