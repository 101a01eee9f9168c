"""Fused LSTM over a whole sequence with one TensorFlow kernel.

TensorFlow only. The caller checks that the kernel supports the arguments, and provides a portable path otherwise.

TensorFlow's gradient of the kernel is the fastest one for small weights; for larger ones `lstm_gradient` replaces it.
Neither has a gradient of its own. TensorFlow's error for that is a failed look-up of `BlockLSTMGrad`; here a second
derivative raises an error with the way out.
"""

import contextlib
import functools
import os

import tensorflow as tf

from dlseq.kernels.lstm_gradient import lstm_gradient

__all__ = ["fused_lstm"]

MAX_KERNEL_GRADIENT_WEIGHTS = 24_000
"""Weights `4 * units * (D + units)` up to which TensorFlow's gradient of the kernel is used (54 units, D = 54).

In CPU time on one core, forward pass included, `lstm_gradient` takes 1.2 times as long for 32 and 48 units and 0.77 of
the time for 64 units with 8 rows, 0.97 with 128 rows; from 256 units the gradient alone takes a fourth to a sixteenth.
"""

MIN_ROWS_PER_HALF = 4
"""Batches of at least twice as many rows, or of an unknown number, run as two halves at once, on two cores or more.

The kernel spreads the matrix product of each step over the cores, which then mostly wait for each other.
Halves that run beside each other took 0.5 to 0.9 of the time on two cores, for 32 to 128 rows and 64 to 256 units. On a
single core they take longer than the whole: with gradients, 10.4 instead of 9.4 ms for 40 rows and 112 units.
"""


def fused_lstm(sequences, hidden, cell, kernel, recurrent_kernel, bias, mask=None, backwards=False):
    """Run an LSTM over a batch of sequences with `tf.raw_ops.BlockLSTM`.

    The results are those of Keras's loop, including masks: a masked step keeps the state and repeats the previous
    output (zeros before the first unmasked step). Batch and length may be 0; a sequence without steps keeps the initial
    states.

    Args:
        sequences: Tensor of shape `(B, T, D)`, float32 or float16.
        hidden: The initial hidden state, shape `(B, units)`.
        cell: The initial cell state, shape `(B, units)`.
        kernel: Tensor of shape `(D, 4 * units)`, gates in Keras's order: input, forget, candidate, output.
        recurrent_kernel: Tensor of shape `(units, 4 * units)`.
        bias: Tensor of shape `(4 * units,)`.
        mask: Boolean tensor of shape `(B, T)` or `None`.
        backwards: Boolean, runs from the last step to the first; the outputs are in the order of processing.

    Returns:
        The outputs, shape `(B, T, units)`, and the final hidden and cell states, `(B, units)` each.

    Raises:
        NotImplementedError: in the computation of a second derivative, or of a derivative in forward mode.
    """
    weights, rows = (kernel, recurrent_kernel, bias), sequences.shape[0]
    if (rows is not None and rows < 2 * MIN_ROWS_PER_HALF) or _has_single_core():
        return _fused_lstm(sequences, hidden, cell, *weights, mask, backwards)
    half = (tf.shape(sequences)[0] if rows is None else rows) // 2
    sizes = [half, (tf.shape(sequences)[0] if rows is None else rows) - half]
    per_row = [(None, None) if value is None else tf.split(value, sizes) for value in (sequences, hidden, cell, mask)]
    halves = (_fused_lstm(*states, *weights, mask, backwards) for *states, mask in zip(*per_row, strict=True))
    return tuple(tf.concat(outputs, axis=0) for outputs in zip(*halves, strict=True))


@functools.cache
def _has_single_core():
    """Return True where TensorFlow has one core for its threads."""
    is_limited = hasattr(os, "sched_getaffinity")  # not on macOS and Windows
    return (len(os.sched_getaffinity(0)) if is_limited else os.cpu_count()) == 1


def _fused_lstm(sequences, hidden, cell, kernel, recurrent_kernel, bias, mask, backwards):
    """Compute `fused_lstm` with one call of the kernel."""
    inputs = tf.transpose(sequences, (1, 0, 2))  # (T, B, D)
    if backwards:
        inputs = tf.reverse(inputs, axis=(0,))
    if mask is not None:
        unmasked = tf.transpose(tf.cast(mask, tf.bool))  # (T, B)
        if backwards:
            unmasked = tf.reverse(unmasked, axis=(0,))
        inputs = _take(inputs, tf.argsort(tf.cast(~unmasked, tf.int32), axis=0, stable=True))

    run = _run if kernel.shape[1] * (kernel.shape[0] + hidden.shape[-1]) <= MAX_KERNEL_GRADIENT_WEIGHTS else _run_wide
    outputs, cells = run(inputs, hidden, cell, kernel, recurrent_kernel, bias)  # (T, B, units)

    if mask is None:
        hidden, cell = (  # the initial states are in the place of the last ones if there are no steps
            states[-1] if inputs.shape[0] else tf.concat([initial[None], states[-1:]], axis=0)[-1]
            for initial, states in ((hidden, outputs), (cell, cells))
        )
    else:
        # Row t of `steps_run` counts the unmasked steps up to step t; state 0 is the initial state.
        steps_run = tf.cumsum(tf.cast(unmasked, tf.int32), axis=0)  # (T, B)
        hidden = _take(tf.concat([hidden[None], outputs], axis=0), steps_run[-1:])[0]
        cell = _take(tf.concat([cell[None], cells], axis=0), steps_run[-1:])[0]
        outputs = _take(tf.concat([tf.zeros_like(outputs[:1]), outputs], axis=0), steps_run)
    return tf.transpose(outputs, (1, 0, 2)), hidden, cell


def _run(inputs, hidden, cell, kernel, recurrent_kernel, bias):
    """Return hidden and cell states of all steps, with TensorFlow's gradient of the kernel."""
    if not inputs.shape[1]:  # unknown or 0: that gradient leaves those of the weights uninitialized for an empty batch
        is_empty = tf.equal(tf.shape(inputs)[1], 0)
        kernel, recurrent_kernel = (tf.where(is_empty, tf.zeros_like(w), w) for w in (kernel, recurrent_kernel))
    result = _block_lstm(inputs, hidden, cell, kernel, recurrent_kernel, bias)
    return result.h, result.cs


@tf.custom_gradient
def _run_wide(inputs, hidden, cell, kernel, recurrent_kernel, bias):
    """Return hidden and cell states of all steps, with the gradient of `lstm_gradient`."""
    result = _block_lstm(inputs, hidden, cell, kernel, recurrent_kernel, bias)
    states = (result.i, result.f, result.ci, result.o, result.co, result.cs, result.h)

    def gradient(d_hidden, d_cells):
        return _first_gradient(d_hidden, d_cells, inputs, hidden, cell, kernel, recurrent_kernel, *states)

    return (result.h, result.cs), gradient


@tf.custom_gradient
def _first_gradient(d_hidden, d_cells, inputs, hidden, cell, kernel, recurrent_kernel, *states):
    gradients = lstm_gradient(d_hidden, d_cells, inputs, hidden, cell, kernel, recurrent_kernel, states)
    for gradient, tensor in zip(gradients, (inputs, hidden, cell, kernel, recurrent_kernel), strict=False):
        gradient.set_shape(tensor.shape)  # the function above is traced for open sizes
    return gradients, _refuse_second_derivative


def _block_lstm(inputs, hidden, cell, kernel, recurrent_kernel, bias):
    unused = tf.zeros_like(bias[: hidden.shape[-1]])
    return tf.raw_ops.BlockLSTM(
        seq_len_max=tf.cast(tf.shape(inputs)[0], tf.int64),
        x=inputs,
        cs_prev=cell,
        h_prev=hidden,
        w=_reorder_gates(tf.concat([kernel, recurrent_kernel], axis=0)),
        wci=unused,
        wcf=unused,
        wco=unused,
        b=_reorder_gates(bias),
        forget_bias=0.0,
        cell_clip=-1.0,
        use_peephole=False,
    )


def _reorder_gates(weights):
    """Convert Keras's gate order (input, forget, candidate, output) to (input, candidate, forget, output)."""
    pairs = tf.reshape(weights, (-1, 2, 2, weights.shape[-1] // 4))
    return tf.reshape(tf.transpose(pairs, (0, 2, 1, 3)), weights.shape)  # a single copy


def _take(values, rows):
    """Gather `values[rows[t, b], b]` for each t and b: values (T, B, D), rows (S, B) -> (S, B, D)."""
    columns = tf.broadcast_to(tf.range(tf.shape(rows)[1]), tf.shape(rows))
    return tf.gather_nd(values, tf.stack([rows, columns], axis=-1))


def _refuse_second_derivative(operation, *gradients):
    raise NotImplementedError(
        "The fused LSTM kernel has first derivatives in reverse mode only. Expected the gradient of its outputs. "
        "Received: a second derivative, or a derivative in forward mode. Make the layer with LSTM(..., fused=False) or "
        "call it within dlseq.layers.unfused(); in forward mode with unroll=True."
    )


with contextlib.suppress(KeyError):  # a release of TensorFlow that has this gradient
    tf.RegisterGradient("BlockLSTMGrad")(_refuse_second_derivative)
