"""How well a query fits a key: the four scores of `AttentionLayer`.

A score makes its weights on the layer that owns it, so that they are saved under that layer's name. It turns a value
`(B, Tv, Dv)` into keys `(B, Tv, width)` once, and query `(B, Tq, Dq)` and keys into energies `(B, Tq, Tv)`.
"""

import keras
from keras import ops

__all__ = ["SCORES"]


class _Dot:
    """`(q Wq) . (k Wk) / sqrt(units)`."""

    def __init__(self, layer, query_width, key_width):
        self.width = layer.units
        self.scale = layer.units**-0.5
        self.query_kernel = _kernel(layer, "query_kernel", query_width, layer.units)
        self.key_kernel = _kernel(layer, "key_kernel", key_width, layer.units)

    def keys(self, value):
        return _project(value, self.key_kernel)

    def energies(self, query, keys):
        return _inner(_project(query, self.query_kernel) * self.scale, keys)


class _General:
    """`q . (k W)`."""

    def __init__(self, layer, query_width, key_width):
        self.width = query_width
        self.key_kernel = _kernel(layer, "key_kernel", key_width, query_width)

    def keys(self, value):
        return _project(value, self.key_kernel)

    def energies(self, query, keys):
        return _inner(query, keys)


class _Additive:
    """`v . tanh(q Wq + k Wk)`."""

    def __init__(self, layer, query_width, key_width):
        self.width = layer.units
        self.query_kernel = _kernel(layer, "query_kernel", query_width, layer.units)
        self.key_kernel = _kernel(layer, "key_kernel", key_width, layer.units)
        self.energy_kernel = _kernel(layer, "energy_kernel", layer.units, 1)

    def keys(self, value):
        return _project(value, self.key_kernel)

    def energies(self, query, keys):
        query = _project(query, self.query_kernel)
        met = ops.tanh(ops.expand_dims(query, 2) + ops.expand_dims(keys, 1))  # (B, Tq, Tv, units)
        return ops.squeeze(_project(met, self.energy_kernel), axis=-1)


class _Concat(_Additive):
    """`v . tanh([q; k] W + b) + c`: W stands as its two halves, the key's half and b are applied once."""

    def __init__(self, layer, query_width, key_width):
        super().__init__(layer, query_width, key_width)
        self.bias = layer.add_weight(name="bias", shape=(layer.units,), initializer="zeros")
        self.energy_bias = layer.add_weight(name="energy_bias", shape=(1,), initializer="zeros")

    def keys(self, value):
        return super().keys(value) + ops.cast(self.bias, value.dtype)

    def energies(self, query, keys):
        return super().energies(query, keys) + ops.cast(self.energy_bias, query.dtype)


SCORES = {"additive": _Additive, "concat": _Concat, "dot": _Dot, "general": _General}


def _kernel(layer, name, rows, columns):
    initializer = layer.kernel_initializer
    if isinstance(initializer, keras.initializers.Initializer):
        initializer = initializer.clone()  # an instance draws the same numbers for every kernel of the same shape
    return layer.add_weight(name=name, shape=(rows, columns), initializer=initializer)


def _project(inputs, kernel):
    return ops.matmul(inputs, ops.cast(kernel, inputs.dtype))


def _inner(query, keys):
    return ops.matmul(query, ops.swapaxes(keys, -2, -1))  # (B, Tq, Tv)
