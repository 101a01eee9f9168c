"""A counter-based random number generator: numbers as a function of a seed, a row and a step.

`keras.random` draws a batch of numbers for a seed that is known when the graph is traced. A sampler needs a seed that
is an argument of the graph, and a number for a row that depends neither on the rest of the batch nor on the length of
the search, and is the same eagerly and compiled. The generator is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror
and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011), which JAX uses too; the seed is its key, row and step
are its counter. int32 wraps around on every backend, so the bits are the same on all.
"""

import operator

import keras
from keras import ops

from dlseq.errors import DlseqError

__all__ = ["key_from_seed", "threefry", "uniform"]

ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)
PARITY = 0x1BD11BDA
ROUNDS = 20


def key_from_seed(seed) -> tuple:
    """Split a seed into the two words of a key.

    Args:
        seed: Integer, of which the lower 64 bits count, or a scalar tensor of an integer type.

    Returns:
        Two int32 scalars, the lower and the upper word.

    Raises:
        DlseqError: anything else.

    Example:
        >>> [int(word) for word in key_from_seed(2**32 + 7)]
        [7, 1]
    """
    try:
        whole = None if isinstance(seed, bool) or _is_tensor(seed) else operator.index(seed)
    except TypeError:
        whole = None
    if whole is not None:
        words = (_signed(whole & 0xFFFFFFFF), _signed(whole >> 32 & 0xFFFFFFFF))
        return tuple(ops.convert_to_tensor(word, "int32") for word in words)
    dtype = keras.backend.standardize_dtype(seed.dtype) if _is_tensor(seed) else ""
    if "int" not in dtype or len(seed.shape) != 0:
        raise DlseqError(
            "Invalid value for argument `seed`. Expected an integer or a scalar tensor of an integer type. "
            f"Received: seed={seed!r}"
        )
    seed = ops.convert_to_tensor(seed)
    if dtype in ("int64", "uint64"):
        lower, upper = ops.bitwise_and(seed, 0xFFFFFFFF), ops.right_shift(seed, 32)
        return _word(lower), _word(ops.bitwise_and(upper, 0xFFFFFFFF))
    lower = ops.cast(seed, "int32")
    return lower, ops.zeros_like(lower) if dtype.startswith("u") else ops.right_shift(lower, 31)


def uniform(key, rows, time):
    """Return the number of each row for one step, uniform in `[0, 1)`.

    Args:
        key: Two int32 words, see `key_from_seed`.
        rows: int32 `(B,)`, the indices of the rows.
        time: An int32 scalar, the index of the step.

    Returns:
        float32 `(B,)` in `[0, 1)`, multiples of 2⁻²⁴.

    Example:
        >>> import numpy as np
        >>> some = uniform(key_from_seed(1), np.arange(3, dtype="int32"), np.int32(0))
        >>> more = uniform(key_from_seed(1), np.arange(5, dtype="int32"), np.int32(0))
        >>> bool((np.asarray(some) == np.asarray(more)[:3]).all())
        True
    """
    rows = ops.convert_to_tensor(rows)
    bits, _ = threefry(key, (rows, ops.zeros_like(rows) + ops.convert_to_tensor(time)))
    return ops.cast(ops.bitwise_and(ops.right_shift(bits, 8), 0xFFFFFF), "float32") * 2.0**-24


def threefry(key, counter) -> tuple:
    """Encrypt a counter with a key: twenty rounds of add, rotate and exclusive or.

    Args:
        key: Two int32 words, scalars or arrays.
        counter: Two int32 words of one shape.

    Returns:
        Two int32 words of the counter's shape.

    Example:
        >>> import numpy as np
        >>> zero = np.zeros(1, "int32")
        >>> [hex(int(np.asarray(word)[0]) & 0xFFFFFFFF) for word in threefry((zero, zero), (zero, zero))]
        ['0x6b200159', '0x99ba4efe']
    """
    key, counter = (tuple(ops.convert_to_tensor(word) for word in words) for words in (key, counter))
    keys = (*key, ops.bitwise_xor(ops.bitwise_xor(key[0], key[1]), PARITY))
    first, second = counter[0] + keys[0], counter[1] + keys[1]
    for number in range(ROUNDS):
        first = first + second
        second = ops.bitwise_xor(_rotate(second, ROTATIONS[number % 8]), first)
        if number % 4 == 3:
            turn = number // 4 + 1
            first = first + keys[turn % 3]
            second = second + keys[(turn + 1) % 3] + turn
    return first, second


def _rotate(word, by: int):
    low = ops.bitwise_and(ops.right_shift(word, 32 - by), (1 << by) - 1)  # a right shift of an int32 repeats its sign
    return ops.bitwise_or(ops.left_shift(word, by), low)


def _is_tensor(value) -> bool:
    return (hasattr(value, "dtype") and not hasattr(value, "__index__")) or keras.ops.is_tensor(value)


def _signed(word: int) -> int:
    return word - (word >> 31 << 32)


def _word(wide):
    """Return the int32 with the bits of a 64-bit number below 2³²."""
    return ops.cast(ops.where(wide >= 2**31, wide - 2**32, wide), "int32")
