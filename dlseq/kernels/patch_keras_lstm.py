"""Replacement of Keras's LSTM loop by the fused kernel of `dlseq.kernels.lstm`, for grading.

The one place where `dlseq` replaces a function of another library. It is used in the processes that run submissions and
the reference, where it saves a third of the grading time of recurrent models, and results name it in their versions.
Keras has no public way to replace the loop; without the private one the patch does nothing.
"""

import functools

import keras

__all__ = ["patch_keras_lstm"]


def patch_keras_lstm() -> bool:
    """Set the CPU implementation of the LSTM loop of Keras's TensorFlow backend.

    Keras asks its backend for an optimized LSTM loop, and for the CPU the TensorFlow backend has none, so Keras runs
    its own loop, step by step. Results are equal up to rounding. For arguments that the kernel does not support, the
    replacement calls the original function.

    Returns:
        True if the loop is replaced; False for another backend, or if Keras no longer has `keras.src.backend.lstm`.

    Example:
        >>> patch_keras_lstm()
        True
    """
    if keras.backend.backend() != "tensorflow":
        return False
    try:
        from keras.src import backend
    except ImportError:
        return False
    if not callable(getattr(backend, "lstm", None)):
        return False
    if not hasattr(backend.lstm, "uses_dlseq_kernel"):
        from dlseq.kernels import lstm, tracing  # noqa: F401  (now, and not in each process forked from this one)

        backend.lstm = _with_fallback(backend.lstm)
    return True


def _with_fallback(original):
    @functools.wraps(original)
    def lstm(
        inputs, hidden, cell, mask, *, kernel, recurrent_kernel, bias, activation, recurrent_activation, **options
    ):
        from dlseq.kernels.tracing import kernel_is_available

        default_activations = activation is keras.activations.tanh and recurrent_activation is keras.activations.sigmoid
        supported = (
            default_activations
            and inputs.dtype in ("float32", "float16")
            and bias is not None
            and (mask is None or len(mask.shape) == 2)
            and not options.get("unroll")
            and not options.get("time_major")
            and kernel_is_available()
        )
        if not supported:
            return original(
                inputs,
                hidden,
                cell,
                mask,
                kernel=kernel,
                recurrent_kernel=recurrent_kernel,
                bias=bias,
                activation=activation,
                recurrent_activation=recurrent_activation,
                **options,
            )
        from dlseq.kernels.lstm import fused_lstm

        kernel, recurrent_kernel, bias = (
            keras.ops.cast(weight, inputs.dtype) for weight in (kernel, recurrent_kernel, bias)
        )
        outputs, hidden, cell = fused_lstm(
            inputs,
            hidden,
            cell,
            kernel,
            recurrent_kernel,
            bias,
            mask=mask,
            backwards=options.get("go_backwards", False),
        )
        return (hidden if mask is None else outputs[:, -1]), outputs, [hidden, cell]

    lstm.uses_dlseq_kernel = True
    return lstm
