"""Keras's own LSTM layers on the fused kernel of `dlseq.kernels.lstm`, for processes that run other people's models."""

import functools

import keras

__all__ = ["speed_up_keras_lstm"]


def speed_up_keras_lstm() -> bool:
    """Gives Keras's TensorFlow backend a CPU implementation of the LSTM loop, where Keras lets a backend have one.

    Keras asks its backend for an optimised loop and takes its own, one step at a time, where there is none, as there is
    none for the CPU. Results are the same up to rounding. What the kernel cannot do goes the old way.

    Returns:
        Whether it was done: False with another backend, or where Keras does not ask as it used to.

    Example:
        >>> speed_up_keras_lstm()
        True
    """
    if keras.backend.backend() != "tensorflow":
        return False
    from keras.src import backend

    if not callable(getattr(backend, "lstm", None)):
        return False
    if not hasattr(backend.lstm, "ours"):
        backend.lstm = _with_fallback(backend.lstm)
    return True


def _with_fallback(theirs):
    @functools.wraps(theirs)
    def lstm(
        inputs, hidden, cell, mask, *, kernel, recurrent_kernel, bias, activation, recurrent_activation, **options
    ):
        usual = activation is keras.activations.tanh and recurrent_activation is keras.activations.sigmoid
        fits = inputs.dtype in ("float32", "float16") and bias is not None and (mask is None or len(mask.shape) == 2)
        if not (usual and fits) or options.get("unroll") or options.get("time_major"):
            return theirs(
                *(inputs, hidden, cell, mask),
                **{"kernel": kernel, "recurrent_kernel": recurrent_kernel, "bias": bias, "activation": activation},
                recurrent_activation=recurrent_activation,
                **options,
            )
        from dlseq.kernels.lstm import fused_lstm

        weights = (keras.ops.cast(weight, inputs.dtype) for weight in (kernel, recurrent_kernel, bias))
        outputs, hidden, cell = fused_lstm(
            *(inputs, hidden, cell, *weights), mask=mask, backwards=options.get("go_backwards", False)
        )
        return (hidden if mask is None else outputs[:, -1]), outputs, [hidden, cell]

    lstm.ours = True
    return lstm
