"""One decoder step of attention over a memory."""

from keras import ops

__all__ = ["one_step_attention"]


def one_step_attention(attention, memory, state, keys=None, mask=None):
    """Compute one decoder step of attention, with the state as the query.

    Args:
        attention: An `AttentionLayer`, or any layer with the same call arguments.
        memory: Tensor of shape `(B, Tx, D)`, the encoder output.
        state: Tensor of shape `(B, n)`, the decoder's hidden state.
        keys: `attention.project(memory)`, projected once for all steps. Defaults to `None`, a new projection.
        mask: Boolean tensor of shape `(B, Tx)`, `False` where the memory is padding. Defaults to `None`.

    Returns:
        The context, shape `(B, 1, D)`, and the weights, shape `(B, Tx)`.

    Reference:
        Bahdanau, Cho and Bengio, 2015, "Neural machine translation by jointly learning to align and translate".

    Example:
        >>> import keras
        >>> from dlseq.layers import AttentionLayer
        >>> memory, state = keras.random.normal((2, 7, 6), seed=1), keras.random.normal((2, 4), seed=2)
        >>> context, weights = one_step_attention(AttentionLayer(8), memory, state)
        >>> tuple(context.shape), tuple(weights.shape)
        ((2, 1, 6), (2, 7))
    """
    options = {} if keys is None else {"keys": keys}
    context, weights = attention(
        [state, memory], mask=None if mask is None else [None, mask], return_attention_scores=True, **options
    )
    return context, ops.squeeze(weights, axis=1)
