"""Gradient of the fused LSTM for wide layers, where TensorFlow's own `BlockLSTMGrad` is slow.

`BlockLSTMGrad` multiplies with the transposed weights and updates the whole gradient of the weights at each step. Here
the weights are transposed once, the loop has one matrix product per step, and the gradients of weights and inputs are
one product each over all steps. TensorFlow only.
"""

import tensorflow as tf

__all__ = ["lstm_gradient"]


@tf.function(autograph=False, reduce_retracing=True)
def lstm_gradient(d_hidden, d_cells, inputs, hidden, cell, kernel, recurrent_kernel, states):
    """Compute the gradient of an LSTM over a batch of sequences from the gates of its forward pass.

    From the last step to the first, with elementwise products, `d` for a derivative of the loss, `z` for the sums
    before the activations, and gates `i`, `f`, `g` (candidate), `o`:

    1. `dh[t] = d_hidden[t] + dz[t+1] R'`
    2. `dc[t] = d_cells[t] + dc[t+1] f[t+1] + dh[t] o[t] (1 - tanh(c[t])^2)`
    3. `dz[t] = [dc[t] g i (1 - i), dc[t] c[t-1] f (1 - f), dc[t] i (1 - g^2), dh[t] tanh(c[t]) o (1 - o)]`

    and over all steps `dW = x' dz`, `dR = h' dz`, `db = sum(dz)`, `dx = dz W'`.

    Args:
        d_hidden, d_cells: Gradients of the hidden and cell states of all steps, shape `(T, B, units)`.
        inputs: Tensor of shape `(T, B, D)`.
        hidden, cell: The initial states, shape `(B, units)`.
        kernel, recurrent_kernel: The weights, gates in Keras's order, shapes `(D, 4 * units)` and `(units, 4 * units)`.
        states: The gates `i`, `f`, `g`, `o`, then `tanh(c)`, `c` and `h` of all steps, shape `(T, B, units)` each.

    Returns:
        The gradients of `inputs`, `hidden`, `cell`, `kernel`, `recurrent_kernel` and of the bias. All are computed in
        float32 and have the type of the inputs.
    """
    dtype = inputs.dtype
    shape, units = tf.shape(inputs), tf.shape(hidden)[1]
    steps, batch, width = shape[0], shape[1], shape[2]
    d_hidden, d_cells, inputs, hidden, cell, kernel, recurrent_kernel, *states = (
        tf.cast(tensor, tf.float32)
        for tensor in (d_hidden, d_cells, inputs, hidden, cell, kernel, recurrent_kernel, *states)
    )
    i, f, g, o, tanh_c, c, h = states
    previous_c, previous_h = (
        tf.concat([initial[None], all_], axis=0)[:-1] for initial, all_ in ((cell, c), (hidden, h))
    )
    sigmoid_grad, tanh_grad = tf.raw_ops.SigmoidGrad, tf.raw_ops.TanhGrad  # dy y (1 - y), dy (1 - y^2) in one pass
    factors = [
        sigmoid_grad(y=i, dy=g),
        sigmoid_grad(y=f, dy=previous_c),
        tanh_grad(y=g, dy=i),
        sigmoid_grad(y=o, dy=tanh_c),
    ]
    d_hidden, d_cells, factors, c_factors, f = map(
        _by_step, (d_hidden, d_cells, tf.concat(factors, axis=-1), tanh_grad(y=tanh_c, dy=o), f)
    )
    transposed = tf.transpose(recurrent_kernel)

    def step(t, dc, dz, written):
        dh = d_hidden.read(t) + tf.matmul(dz, transposed)
        dc = dc + d_cells.read(t) + dh * c_factors.read(t)
        dz = tf.concat([dc, dc, dc, dh], axis=-1) * factors.read(t)  # (B, 4 * units)
        return t - 1, dc * f.read(t), dz, written.write(t, dz)

    nothing = tf.zeros((batch, 4 * units))
    written = tf.TensorArray(tf.float32, size=steps + 1, element_shape=(None, None)).write(steps, nothing)
    _, d_cell, dz, written = tf.while_loop(
        lambda t, *_: t >= 0,
        step,
        (steps - 1, tf.zeros_like(cell), nothing, written),
        shape_invariants=(None, tf.TensorShape((None, None)), tf.TensorShape((None, None)), None),
    )
    d_initial_hidden = tf.matmul(dz, transposed)
    dz = tf.reshape(written.stack()[:-1], (-1, 4 * units))  # (T * B, 4 * units)
    gradients = (
        tf.reshape(tf.matmul(dz, tf.transpose(kernel)), shape),
        d_initial_hidden,
        d_cell,
        tf.matmul(tf.reshape(inputs, (-1, width)), dz, transpose_a=True),
        tf.matmul(tf.reshape(previous_h, (-1, units)), dz, transpose_a=True),
        tf.reduce_sum(dz, axis=0),
    )
    return [tf.cast(gradient, dtype) for gradient in gradients]


def _by_step(values):
    """Split values of shape (T, B, D) into an array of T elements."""
    array = tf.TensorArray(values.dtype, size=tf.shape(values)[0], element_shape=values.shape[1:])
    return array.unstack(values)
