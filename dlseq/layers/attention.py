"""Attention layer with a learned score."""

import keras
from keras import ops

from dlseq.layers._validation import (
    check_choice,
    check_fraction,
    check_integer,
    check_keys,
    check_mask,
    check_mask_pair,
    check_shapes,
)
from dlseq.layers.additive_energies import additive_energies, block_units

__all__ = ["SCORES", "AttentionLayer"]

SCORES = ("additive", "concat", "dot", "general")
FLOAT16_MAX = 65504.0


@keras.saving.register_keras_serializable(package="dlseq")
class AttentionLayer(keras.layers.Layer):
    """Attention of a query sequence over a value sequence, with a learned score.

    The layer computes:

    1. Project the value once: `keys = project(value)`, shape `(B, Tv, units)`.
    2. Score every query against every key: `energies`, shape `(B, Tq, Tv)`. Per query `q`, key `k`:
       - `"additive"`: `v . tanh(q Wq + k Wk)` (Bahdanau et al., 2015),
       - `"concat"`: `v . tanh([q; k] W + b) + c` (Luong et al., 2015; two dense layers over the concatenation),
       - `"dot"`: `(q Wq) . (k Wk) / sqrt(units)` (Vaswani et al., 2017),
       - `"general"`: `q . (k W)` (Luong et al., 2015; keys then have the width of the query, and `units` is unused).
    3. Apply `energy_activation`, mask padding and future positions, and take the softmax over `Tv`, in float32 (in
       float64 if that is the compute dtype).
    4. `context = weights @ value`, shape `(B, Tq, Dv)`.

    Padding never receives weight. A row whose value is all padding has zero weights and a zero context. The call
    returns the weights on request; the layer does not store them. The projections are the sublayers `query_dense`,
    `key_dense` and `energy_dense`; each score creates only those it needs.

    Args:
        units: Positive integer, the width of the projected queries and keys.
        score: One of `"additive"`, `"dot"`, `"general"`, `"concat"`. Defaults to `"additive"`.
        energy_activation: Activation of the energies before the softmax. Defaults to `None` (linear); with a
            ReLU, energies can become zero everywhere and the attention permanently uniform.
        dropout: Float between 0 and 1, the fraction of the weights to drop in training. Defaults to `0.0`.
        seed: Integer seed of the dropout. Defaults to `None`.
        kernel_initializer: Initializer of the projections. Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: List of these tensors:
            - `query`, shape `(B, Tq, Dq)`, or `(B, Dq)` for `Tq = 1`,
            - `value`, shape `(B, Tv, Dv)`,
            - `key`, optional, shape `(B, Tv, Dk)`, scored against the query. Defaults to `value`.
            Alternatively a dict `{"value": value}`: the call then returns the keys only, as `project` does.
        mask: List `[query_mask, value_mask]` of boolean tensors `(B, Tq)` and `(B, Tv)`, either of them `None`. The
            context is zero where `query_mask` is `False`; the weight is zero where `value_mask` is `False`. Defaults
            to the Keras masks of the inputs.
        keys: The result of `layer.project(value)`, for a decoder that projects the memory once for all steps. A
            `key` among the inputs is then ignored.
        energy_bias: Tensor `(B, Tq, Tv)` that is added to the energies before their activation, such as a
            `LocationScore`. Defaults to `None`.
        training: Boolean, applies dropout.
        return_attention_scores: Boolean, returns the weights as well. Defaults to `False`.
        use_causal_mask: Boolean, masks positions `j > i` for query `i`. Defaults to `False`.
        inputs_mask: As `mask`, which comes first. Keras gives the masks of the inputs by this name if the call has
            further tensors, such as `keys`.

    Returns:
        The context, shape `(B, Tq, Dv)`, in the layer's compute dtype. With `return_attention_scores=True` also the
        weights, shape `(B, Tq, Tv)`, in the type of the softmax.

    Raises:
        ValueError: an argument is invalid, the inputs are not such a list, or their shapes do not match.

    Example:
        >>> layer = AttentionLayer(8)
        >>> query, value = keras.random.normal((2, 3, 4), seed=1), keras.random.normal((2, 5, 6), seed=2)
        >>> context, weights = layer([query, value], return_attention_scores=True)
        >>> tuple(context.shape), tuple(weights.shape)
        ((2, 3, 6), (2, 3, 5))
        >>> again = layer([query, value], keys=layer.project(value))
        >>> bool(ops.all(ops.isclose(context, again)))
        True
    """

    def __init__(
        self,
        units,
        score="additive",
        energy_activation=None,
        dropout=0.0,
        seed=None,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = check_integer("units", units)
        self.score = check_choice("score", score, SCORES)
        self.energy_activation = keras.activations.get(energy_activation)
        self.dropout = check_fraction("dropout", dropout)
        self.seed = seed
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.supports_masking = True
        if dropout > 0:
            self.seed_generator = keras.random.SeedGenerator(seed=seed)

    def build(self, input_shape):
        query_shape, _, key_shape = check_shapes(self.__class__.__name__, input_shape)
        self._widths = {"query": query_shape[-1], "key": key_shape[-1]}
        self._key_width = query_shape[-1] if self.score == "general" else self.units
        has_bias = self.score == "concat"
        if self.score != "general":
            self.query_dense = self._dense("query_dense", self.units, query_shape)
        self.key_dense = self._dense("key_dense", self._key_width, key_shape, use_bias=has_bias)
        if self.score in ("additive", "concat"):
            self.energy_dense = self._dense("energy_dense", 1, (None, self.units), use_bias=has_bias)

    def project(self, value):
        """Project a value sequence to keys, for the call argument `keys`.

        Args:
            value: Tensor of shape `(B, Tv, Dv)`.

        Returns:
            Tensor of shape `(B, Tv, units)`, or `(B, Tv, Dq)` with the score `"general"`.

        Raises:
            ValueError: the layer is not built yet, or was built for values of another width.
        """
        if not self.built:
            raise ValueError(
                f"{self.__class__.__name__}.project needs the layer's weights, and they are made at the first call. "
                "Call the layer once, or call layer.build([query_shape, value_shape]), before layer.project(value)."
            )
        self._check_width("key", value.shape)
        # A functional model must record a call of this layer. If it recorded a call of `key_dense`, loading from a
        # file would create a second Dense layer outside this one.
        return self({"value": value}) if isinstance(value, keras.KerasTensor) else self.key_dense(value)

    def __call__(self, inputs, mask=None, keys=None, **kwargs):
        outputs = super().__call__(inputs, mask=mask, keys=keys, **kwargs)
        if isinstance(outputs, tuple) and isinstance(outputs[0], keras.KerasTensor):
            self._symbolic_outputs = outputs
        return outputs

    @property
    def output(self):
        """The symbolic outputs of a call that returned the weights too, otherwise of the first call.

        Keras's own property returns the outputs of the first call, and a functional model takes the number of outputs
        of every call from it. That number is too small (1) if the first call projected keys.
        """
        return getattr(self, "_symbolic_outputs", None) or super().output

    def call(
        self,
        inputs,
        mask=None,
        keys=None,
        training=False,
        return_attention_scores=False,
        use_causal_mask=False,
        inputs_mask=None,
        energy_bias=None,
    ):
        if isinstance(inputs, dict):
            return self.key_dense(inputs["value"])
        query_mask, value_mask = self._validate(inputs, inputs_mask if mask is None else mask, keys)
        query, value, *key = inputs
        if len(query.shape) == 2:
            query = ops.expand_dims(query, axis=1)  # (B, 1, Dq)
        if keys is None:
            keys = self.key_dense(key[0] if key else value)  # (B, Tv, units)

        energies = self._energies(query, keys)  # (B, Tq, Tv)
        if energy_bias is not None:
            energies = energies + ops.cast(energy_bias, energies.dtype)
        weights = self._softmax(energies, _attendable(energies, value_mask, use_causal_mask))
        if training and self.dropout > 0:
            weights = keras.random.dropout(weights, self.dropout, seed=self.seed_generator)
        context = ops.matmul(ops.cast(weights, value.dtype), value)  # (B, Tq, Dv)
        if query_mask is not None:
            present = ops.reshape(query_mask, (ops.shape(query_mask)[0], -1, 1))  # (B, Tq, 1)
            context = ops.where(present, context, ops.zeros_like(context))
        return (context, weights) if return_attention_scores else context

    def compute_mask(self, inputs, mask=None):
        if isinstance(inputs, dict):
            return None if mask is None else mask["value"]
        if mask is None or mask[0] is None:
            return None
        return ops.convert_to_tensor(mask[0])

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            return (*input_shape["value"][:2], self._key_width)
        query_shape, value_shape, _ = check_shapes(self.__class__.__name__, input_shape)
        return (query_shape[0], query_shape[1] if len(query_shape) == 3 else 1, value_shape[-1])

    def compute_output_spec(
        self,
        inputs,
        mask=None,
        keys=None,
        training=None,
        return_attention_scores=False,
        use_causal_mask=False,
        inputs_mask=None,
        energy_bias=None,
    ):
        if isinstance(inputs, dict):
            shape = self.compute_output_shape({"value": inputs["value"].shape})
            return keras.KerasTensor(shape, dtype=self.compute_dtype)
        self._validate(inputs, inputs_mask if mask is None else mask, keys)
        query, value, *_ = inputs
        shape = self.compute_output_shape([query.shape, value.shape])
        context = keras.KerasTensor(shape, dtype=self.compute_dtype)
        if return_attention_scores:
            return context, keras.KerasTensor((*shape[:2], value.shape[1]), dtype=self.softmax_dtype)
        return context

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "score": self.score,
            "energy_activation": keras.activations.serialize(self.energy_activation),
            "dropout": self.dropout,
            "seed": self.seed,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }

    @property
    def softmax_dtype(self):
        """Type of the softmax and of the weights: float64 if that is the compute dtype, otherwise float32."""
        return "float64" if self.compute_dtype == "float64" else "float32"

    def _dense(self, name, units, input_shape, use_bias=False):
        initializer = self.kernel_initializer
        if isinstance(initializer, keras.initializers.Initializer):
            initializer = initializer.clone()  # an instance returns the same numbers for kernels of equal shape
        dense = keras.layers.Dense(
            units, use_bias=use_bias, kernel_initializer=initializer, name=name, dtype=self.dtype_policy
        )
        dense.build(input_shape)
        return dense

    def _energies(self, query, keys):
        """Return the energies `(B, Tq, Tv)` of queries `(B, Tq, Dq)` and keys `(B, Tv, units)`."""
        if self.score != "general":
            query = self.query_dense(query)  # (B, Tq, units)
        if self.score in ("additive", "concat"):  # the kernel of "concat" is stored as its two halves
            if block_units((*query.shape[:2], keys.shape[1]), self.units) != self.units:
                return self._energies_in_blocks(query, keys)
            sums = ops.expand_dims(query, 2) + ops.expand_dims(keys, 1)  # (B, Tq, Tv, units)
            return ops.squeeze(self.energy_dense(ops.tanh(sums)), axis=-1)
        if self.score == "dot":
            query = query * self.units**-0.5
        return ops.matmul(query, ops.swapaxes(keys, -2, -1))

    def _energies_in_blocks(self, query, keys):
        # The layer is asked for its kernel: the variable of a quantized one holds integers.
        bias = self.energy_dense(ops.zeros((1, self.units), dtype=self.compute_dtype))  # (1, 1)
        vector = self.energy_dense(ops.eye(self.units, dtype=self.compute_dtype)) - bias  # (units, 1)
        return additive_energies(query, keys, vector[:, 0]) + ops.cast(bias, self.softmax_dtype)

    def _softmax(self, energies, mask):
        """Return the softmax over unmasked positions, `(B, Tq, Tv)`; zeros where all are masked."""
        energies = ops.cast(energies, self.softmax_dtype)
        if self.compute_dtype == "float16":  # an overflow of float16 is infinite, which would give NaN
            energies = ops.clip(energies, -FLOAT16_MAX, FLOAT16_MAX)
        energies = self.energy_activation(energies)
        if energies.shape[-1] == 1:  # Keras warns of a softmax over one position
            weights = ops.ones_like(energies)
            return weights if mask is None else ops.where(mask, weights, 0.0)
        if mask is None:
            return ops.softmax(energies, axis=-1)
        weights = ops.softmax(ops.where(mask, energies, -1e30), axis=-1)
        return ops.where(mask, weights, 0.0)

    def _validate(self, inputs, mask, keys):
        """Validate inputs, masks and keys; return the masks of query and value as booleans or `None`."""
        name = self.__class__.__name__
        is_list = isinstance(inputs, (list, tuple))
        query, value, key = check_shapes(name, [x.shape for x in inputs] if is_list else inputs.shape)
        self._check_width("query", query)
        if keys is None:
            self._check_width("key", key)
        else:
            check_keys(name, keys, value, self._key_width)
        masks = check_mask_pair(name, mask, ("query", "value"))
        query_mask, value_mask = (None if x is None else ops.cast(x, "bool") for x in masks)
        if len(query) == 2:  # the mask is (B, 1) or (B,)
            query = query if query_mask is not None and len(query_mask.shape) == 1 else (query[0], 1, query[1])
        check_mask(name, "query", query_mask, query[:-1])
        check_mask(name, "value", value_mask, value[:2])
        return query_mask, value_mask

    def _check_width(self, name, shape):
        if shape[-1] not in (None, self._widths[name]):
            raise ValueError(
                f"{self.__class__.__name__} was built for a {name} of width {self._widths[name]}. "
                f"Received a {name} of shape: {tuple(shape)}"
            )


def _attendable(energies, value_mask, use_causal_mask):
    """Return the mask of the energies, `(B or 1, Tq or 1, Tv)`, or `None` without masking."""
    mask = None if value_mask is None else ops.expand_dims(value_mask, axis=1)  # (B, 1, Tv)
    if use_causal_mask:
        rows, columns = ops.shape(energies)[-2:]
        queries, values = (ops.arange(size, dtype="int32") for size in (rows, columns))
        past = ops.expand_dims(queries, 1) >= ops.expand_dims(values, 0)  # (Tq, Tv)
        mask = past[None] if mask is None else ops.logical_and(mask, past[None])
    return mask
