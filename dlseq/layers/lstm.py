"""LSTM layer with a fused TensorFlow kernel for CPUs."""

import contextlib
import contextvars
import functools

import keras
from keras import ops

from dlseq.layers._validation import check_mask, check_states

__all__ = ["LSTM", "unfused"]

_is_unfused = contextvars.ContextVar("unfused", default=False)


@contextlib.contextmanager
def unfused():
    """Context in which every `LSTM` uses Keras's loop, as with `fused=False`, also inside other layers.

    For second derivatives, and for graphs that are converted later for a runtime without the kernel. `Model.export` to
    ONNX and LiteRT, and compilation with XLA, need no such context.

    Example:
        >>> layer, x = LSTM(3), keras.random.normal((2, 5, 4), seed=1)
        >>> with unfused():
        ...     by_loop = layer(x)
        >>> bool(ops.all(ops.isclose(layer(x), by_loop, atol=1e-5)))
        True
    """
    token = _is_unfused.set(True)
    try:
        yield
    finally:
        _is_unfused.reset(token)


@keras.saving.register_keras_serializable(package="dlseq")
class LSTM(keras.layers.LSTM):
    """An LSTM with the arguments, weights and results of `keras.layers.LSTM`, faster on a CPU.

    On a CPU, Keras runs a `while` loop over the time steps. The TensorFlow kernel `BlockLSTM` computes a whole sequence
    at once; this layer uses it whenever the results are identical, and Keras's loop otherwise. The weights have the
    order of Keras, so each layer can load the weights of the other.

    With few rows or few units the loop costs more than its arithmetic, and the kernel saves up to three quarters of the
    time. In wide layers and large batches matrix products take most of the time: there the forward pass takes about
    as long as Keras's, and training less, because the gradients of the weights are one product over all steps. The
    figures of `benchmarks/layers.py` are in docs/measured.md.

    The fused path requires the TensorFlow backend without a GPU or TPU, `activation="tanh"`,
    `recurrent_activation="sigmoid"`, a bias, no `recurrent_dropout`, `unroll=False`, and float32 or float16 compute.
    It supports arbitrary masks, not only right padding: unmasked steps are moved to the front for the kernel, and the
    outputs are moved back.

    The kernel has first derivatives in reverse mode, Jacobians included. Second derivatives (a gradient penalty, a
    Hessian) and derivatives in forward mode raise an error: they need the loop, by `fused=False` or within `unfused()`,
    and in forward mode `unroll=True` too.

    Compilers without the kernel get the loop by themselves: XLA (`tf.function(jit_compile=True)`), and `Model.export`
    to ONNX and LiteRT. Keras's `fit` and `predict` with `jit_compile="auto"` use the kernel, which is faster than XLA's
    code; with `True`, Keras warns and does the same, unless `fused=False`.

    With a GPU, Keras's own LSTM runs, and with it cuDNN where the arguments allow it.

    Batch and length may be 0. A sequence without steps gives what a fully masked one gives: an output of zeros, and the
    initial state as its final state. (In a graph of unknown length, the loop of Keras needs at least one step.) Memory
    grows linearly with the length.

    Version 1 of the kernel is used because version 2 orders the gates `i, f, c, o` but is registered with the gradient
    of version 1 (`i, c, f, o`), so that its gradients are wrong.

    Args:
        fused: `"auto"` uses the kernel where the results are those of Keras; `False` never does. Defaults to `"auto"`.
        *args, **kwargs: The arguments of `keras.layers.LSTM`.

    Call arguments:
        sequences: Tensor of shape `(B, T, D)`.
        mask: Boolean tensor of shape `(B, T)` or `(1, T)`; a step with `False` keeps the state. Defaults to `None`.
        training: Boolean, applies dropout. Defaults to `False`.
        initial_state: List of the hidden and the cell state, each `(B, units)`. Defaults to zeros.

    Returns:
        As `keras.layers.LSTM`: `(B, units)`, or `(B, T, units)` with `return_sequences=True`; with
        `return_state=True` also the final hidden and cell states.

    Raises:
        ValueError: `fused` is neither `"auto"` nor `False`, or a mask or initial state does not fit the sequences.
        NotImplementedError: a second derivative, or one in forward mode, through the kernel.

    Reference:
        Hochreiter and Schmidhuber, 1997, "Long short-term memory".

    Example:
        >>> import numpy as np
        >>> x = np.random.default_rng(0).normal(size=(2, 7, 5)).astype("float32")
        >>> layer, keras_layer = LSTM(4, return_sequences=True), keras.layers.LSTM(4, return_sequences=True)
        >>> layer.build(x.shape), keras_layer.build(x.shape)
        (None, None)
        >>> layer.set_weights(keras_layer.get_weights())
        >>> bool(np.allclose(layer(x), keras_layer(x), atol=1e-5))
        True
    """

    def __init__(self, *args, fused="auto", **kwargs):
        super().__init__(*args, **kwargs)
        if fused not in ("auto", False):
            raise ValueError(f"Invalid value for argument `fused`. Expected 'auto' or False. Received: fused={fused!r}")
        self.fused = fused
        if self._can_fuse():
            self.supports_jit = False  # XLA has no such kernel

    def call(self, sequences, initial_state=None, mask=None, training=False):
        mask = mask[0] if isinstance(mask, (list, tuple)) else mask  # the first mask is that of the sequences
        if mask is not None and len(mask.shape) == 2:
            check_mask("LSTM", "sequences", mask, sequences.shape[:2])
            if mask.shape[0] == 1:
                mask = ops.broadcast_to(mask, ops.shape(sequences)[:2])
        if initial_state is not None:
            check_states("LSTM", initial_state, (sequences.shape[0], self.units))
        if 0 in sequences.shape[:2]:
            return self._call_without_steps(sequences, initial_state, mask, training)
        return super().call(sequences, initial_state=initial_state, mask=mask, training=training)

    def _call_without_steps(self, sequences, initial_state, mask, training):
        """Call the layer on no rows or no steps: on one more, masked step or row, which is cut off the outputs."""
        row, step = (int(size == 0) for size in sequences.shape[:2])
        sequences = ops.pad(sequences, ((0, row), (0, step), (0, 0)))
        if step or mask is not None:
            mask = ops.zeros_like(sequences[:, :, 0], dtype="bool")
        if initial_state is not None:
            initial_state = [ops.pad(state, ((0, row), (0, 0))) for state in initial_state]
        outputs = super().call(sequences, initial_state=initial_state, mask=mask, training=training)
        outputs = outputs if self.return_state else (outputs,)
        outputs = [y[:0] if row else y for y in outputs]
        if step and self.return_sequences:
            outputs[0] = outputs[0][:, :0]
        return tuple(outputs) if self.return_state else outputs[0]

    def step(self, features, hidden, cell):
        """Compute one step without dropout.

        Args:
            features: Tensor of shape `(B, D)`.
            hidden, cell: States of shape `(B, units)`.

        Returns:
            The new hidden and cell states.
        """
        if features.shape[0] == 0:  # Keras's cell cannot add its bias to no rows
            return hidden, cell
        _, (hidden, cell) = self.cell(features, [hidden, cell])
        return hidden, cell

    def step_over(self, table):
        """Return a step function for long searches whose inputs are rows of a table.

        The input projection of the table is precomputed. Each gate has a matrix product of its own, which avoids
        writing and splitting a tensor of four gates: on a CPU, a sixth to a third less time.

        Args:
            table: Tensor of shape `(V, D)`, the embeddings of symbols.

        Returns:
            A function `step(symbols, hidden, cell) -> (hidden, cell)` of integers `(B,)` and states `(B, units)`,
            equivalent to the layer's cell without dropout, with the current weights. Call this method inside the graph
            that runs the search.
        """
        table = ops.cast(table, self.compute_dtype)
        kernels, recurrent_kernels = (
            ops.split(ops.cast(weight, self.compute_dtype), 4, axis=-1)
            for weight in (self.cell.kernel, self.cell.recurrent_kernel)
        )
        tables = [ops.matmul(table, kernel) for kernel in kernels]  # (V, units) for each gate
        if self.use_bias:
            biases = ops.split(ops.cast(self.cell.bias, self.compute_dtype), 4)
            tables = [gate_table + bias for gate_table, bias in zip(tables, biases, strict=True)]

        def step(symbols, hidden, cell):
            input_, forget, candidate, output = (
                ops.take(gate_table, symbols, axis=0) + ops.matmul(hidden, recurrent_kernel)  # (B, units)
                for gate_table, recurrent_kernel in zip(tables, recurrent_kernels, strict=True)
            )
            gate, activation = self.recurrent_activation, self.activation
            cell = gate(forget) * cell + gate(input_) * activation(candidate)
            return gate(output) * activation(cell), cell

        return step

    def inner_loop(self, sequences, initial_state, mask, training=False):
        if not self._uses_kernel() or (mask is not None and len(mask.shape) != 2):
            return super().inner_loop(sequences, initial_state, mask=mask, training=training)
        from dlseq.kernels.lstm import fused_lstm

        if training and self.dropout:
            kept = self.cell.get_dropout_mask(sequences[:, 0, :])  # (B, D), the same for all steps, as in Keras
            sequences = sequences * ops.expand_dims(kept, axis=1)
        weights = (self.cell.kernel, self.cell.recurrent_kernel, self.cell.bias)
        outputs, hidden, cell = fused_lstm(
            ops.cast(sequences, self.compute_dtype),
            *initial_state,
            *(ops.cast(weight, self.compute_dtype) for weight in weights),
            mask=mask,
            backwards=self.go_backwards,
        )
        if mask is None:
            last = hidden if sequences.shape[1] else ops.where(ops.shape(sequences)[1] > 0, hidden, 0)
            return last, outputs, [hidden, cell]
        return *self._masked_outputs(hidden, outputs, ops.cast(mask, "bool")), [hidden, cell]

    def _masked_outputs(self, hidden, outputs, mask):
        """Return the last output, `(B, units)`, and all outputs, `(B, T, units)`, of a masked sequence."""
        if not self.zero_output_for_mask:  # fully masked rows output zeros, not their initial state
            return ops.where(ops.any(mask, axis=1, keepdims=True), hidden, ops.zeros_like(hidden)), outputs
        ordered = ops.flip(mask, axis=1) if self.go_backwards else mask  # (B, T), in the order of processing
        last = ops.where(ordered[:, -1:], hidden, ops.zeros_like(hidden))
        return last, ops.where(ops.expand_dims(ordered, 2), outputs, ops.zeros_like(outputs))

    def _uses_kernel(self):
        if not self._can_fuse() or _is_unfused.get():
            return False
        from dlseq.kernels.tracing import kernel_is_available

        return kernel_is_available()

    def _can_fuse(self):
        """Return whether the kernel has the results of Keras for the arguments of this layer, on this machine."""
        return (
            self.fused == "auto"
            and self.use_cudnn is not True  # Keras then uses cuDNN or raises
            and not self.unroll
            and not self.recurrent_dropout
            and self.use_bias
            and self.activation is keras.activations.tanh
            and self.recurrent_activation is keras.activations.sigmoid
            and self.compute_dtype in ("float32", "float16")
            and keras.config.backend() == "tensorflow"
            and not _has_accelerator()
        )

    def get_config(self):
        return {**super().get_config(), "fused": self.fused}


@functools.cache
def _has_accelerator():
    import tensorflow as tf

    return any(device.device_type in ("GPU", "TPU") for device in tf.config.list_logical_devices())
