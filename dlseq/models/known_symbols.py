"""Sequences without the unknown symbol, whose log-probabilities stay the model's own."""

from keras import ops

from dlseq.text import Vocabulary

__all__ = ["only_known"]

NEVER = -1e9  # as a logit


def only_known(step):
    """Makes a step that never predicts the unknown symbol, and keeps count of what that is worth.

    A model must hold an unknown symbol for possible, for it reads what others write; when it writes, there is no
    character to put there. Left out, its share `u` goes to the others, and `log p` of each grows by `-log(1 - u)`.
    The sum of `log(1 - u)` over the steps is a part of the state; added to the search's log-probability of a sequence,
    it gives the model's.

    Args:
        step: `step(tokens, state) -> (logits, state)`, see `dlseq.decoding.protocol`.

    Returns:
        A step over states `(state, correction)`, with the correction float32 `(B,)`, zeros to begin with.

    Example:
        >>> step = only_known(lambda tokens, state: (ops.zeros((1, 4)), state))
        >>> logits, (_, correction) = step(None, (None, ops.zeros(1)))
        >>> float(ops.softmax(logits)[0, 1]), round(float(ops.exp(correction[0])), 4)
        (0.0, 0.75)
    """

    def known_step(tokens, state):
        inner, correction = state
        logits, inner = step(tokens, inner)
        unknown = ops.arange(logits.shape[-1]) == Vocabulary.unk_id
        known = ops.where(unknown, NEVER, logits)
        share = ops.exp(logits[:, Vocabulary.unk_id] - ops.logsumexp(logits, axis=-1))
        return known, (inner, correction + ops.log1p(-share))

    return known_step
