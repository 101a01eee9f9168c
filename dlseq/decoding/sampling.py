"""Tokens drawn from the model's own distribution, or from a sharper, flatter or shorter one."""

from keras import ops

from dlseq.decoding._arguments import number, whole_number
from dlseq.decoding.categorical import cumulate, draw
from dlseq.decoding.counter_rng import key_of, uniform
from dlseq.decoding.loop import follow
from dlseq.decoding.result import Decoded

__all__ = ["sample"]


def sample(
    step,
    state,
    start_tokens,
    *,
    max_length: int,
    end_id: int | None,
    pad_id: int = 0,
    temperature=1.0,
    top_k: int | None = None,
    top_p=None,
    seed,
) -> Decoded:
    """Draws one sequence a row, token by token.

    At each step:

    1. the log-probabilities are divided by the temperature;
    2. `top_k` keeps the k most probable tokens;
    3. `top_p` keeps the fewest of these whose share of them reaches p, at least one;
    4. a token is drawn from what is left, by inversion of the cumulative sum.

    The draw of row `b` at step `t` is a function of the seed, `b`, `t` and that row's logits. It does not depend on
    other rows, on whether they have ended, on the batch size or on `max_length`: the first 10 of 1,000 rows
    are what a batch of these 10 would have been. It is the same eagerly and compiled. Rows of another order
    get other numbers, because a number belongs to a place in the batch.

    Args:
        step: `step(tokens, state) -> (logits, state)`, see `dlseq.decoding.protocol`.
        state: the nest to begin with, leaves `(B, ...)`, or None.
        start_tokens: int `(B,)`, read first and not part of the result.
        max_length: the most tokens of a row, `T`.
        end_id: the token that ends a row, or None if all rows have `T` tokens.
        pad_id: what stands after the end, and what `step` reads for a row that has ended.
        temperature: above 0; 1 is the model's own distribution, less is sharper. A number or a scalar tensor.
        top_k: an int of at least 1, or None. Of equally probable tokens those with the lowest ids are kept.
        top_p: in `(0, 1]`, a number or a scalar tensor, or None.
        seed: an int or a scalar tensor of an integer type. As a tensor it can be an argument of a compiled function,
            which then need not be compiled again for another seed.

    Returns:
        A `Decoded`. Its `log_probs` are those of the model itself, whatever temperature and truncation chose the ids.

    Raises:
        DlseqError: an argument out of range, or a `step` that breaks the protocol.

    Example:
        >>> import numpy as np
        >>> table = np.log([[0.0001, 0.5, 0.4999], [0.0001, 0.2, 0.7999], [1, 1, 1]]).astype("float32")
        >>> step = lambda tokens, state: (ops.take(table, tokens, axis=0), state)
        >>> decoded = sample(step, None, [0] * 1000, max_length=4, end_id=2, top_k=2, seed=1)
        >>> lengths = np.asarray(decoded.lengths)
        >>> bool(abs((lengths == 1).mean() - 0.5) < 0.05), bool(abs((lengths == 2).mean() - 0.4) < 0.05)
        (True, True)
    """
    temperature = number("temperature", temperature, above=0)
    top_k = None if top_k is None else whole_number("top_k", top_k, 1)
    top_p = None if top_p is None else number("top_p", top_p, above=0, most=1)
    key = key_of(seed)

    def choose(log_probs, time):
        numbers = uniform(key, ops.arange(ops.shape(log_probs)[0], dtype="int32"), time)
        return draw(cumulate(log_probs, temperature, top_k, top_p), numbers)

    return follow(step, state, start_tokens, choose, max_length=max_length, end_id=end_id, pad_id=pad_id)
