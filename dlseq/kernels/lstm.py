"""Fused LSTM over a whole sequence with one TensorFlow kernel.

TensorFlow only. The caller checks that the kernel supports the arguments, and provides a portable path otherwise.

The kernel has a gradient, but its gradient has none. TensorFlow's own error for that is a failed look-up of
`BlockLSTMGrad`; this module registers a gradient that raises an error with the way out.
"""

import contextlib

import tensorflow as tf

__all__ = ["fused_lstm"]


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
    inputs = tf.transpose(sequences, (1, 0, 2))  # (T, B, D)
    steps = tf.shape(inputs)[0]
    if backwards:
        inputs = tf.reverse(inputs, axis=(0,))
    if mask is not None:
        unmasked = tf.transpose(tf.cast(mask, tf.bool))  # (T, B)
        if backwards:
            unmasked = tf.reverse(unmasked, axis=(0,))
        inputs = _take(inputs, tf.argsort(tf.cast(~unmasked, tf.int32), axis=0, stable=True))

    weights = tf.concat([_reorder_gates(kernel), _reorder_gates(recurrent_kernel)], axis=0)
    if not inputs.shape[1]:  # unknown or 0: the kernel leaves its gradient of an empty batch uninitialized
        weights = tf.where(tf.shape(inputs)[1] > 0, weights, tf.zeros_like(weights))
    unused = tf.zeros_like(bias[: hidden.shape[-1]])
    result = tf.raw_ops.BlockLSTM(
        seq_len_max=tf.cast(steps, tf.int64),
        x=inputs,
        cs_prev=cell,
        h_prev=hidden,
        w=weights,
        wci=unused,
        wcf=unused,
        wco=unused,
        b=_reorder_gates(bias),
        forget_bias=0.0,
        cell_clip=-1.0,
        use_peephole=False,
    )
    outputs, cells = result.h, result.cs  # (T, B, units)

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


def _reorder_gates(weights):
    """Convert Keras's gate order (input, forget, candidate, output) to (input, candidate, forget, output)."""
    input_, forget, candidate, output = tf.split(weights, 4, axis=-1)
    return tf.concat([input_, candidate, forget, output], axis=-1)


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
