"""Sampling with temperature, top-k and top-p truncation, and categorical draws by inversion."""

import functools
from numbers import Real
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from dlseq.decoding._validation import check_integer, check_number
from dlseq.decoding.compiled import compiled
from dlseq.decoding.constraint import Automaton
from dlseq.decoding.counter_rng import key_from_seed, uniform
from dlseq.decoding.loop import decode_loop
from dlseq.decoding.nested_state import gather_rows
from dlseq.decoding.prefix_sharing import sample_shared_prefixes
from dlseq.decoding.protocol import Decoded, prepare

__all__ = ["Categorical", "categorical", "draw", "sample", "top_k_top_p"]

MAX_EAGER_ROWS = 32  # up to here eager draws are faster than tracing a graph
MAX_TRIANGLE, BLOCK = 512, 64  # sizes of the products that compute a cumulative sum faster than `ops.cumsum`
ROUNDING = 1e-6  # relative; a set reaches p if its mass equals p up to rounding
MIN_TEMPERATURE, MAX_TEMPERATURE = 1e-30, 1e30  # so that neither one nor its reciprocal is 0 or infinite in float32
NO_TOKEN = 2**31 - 1


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
    suppress_ids: tuple[int, ...] = (),
    min_length: int = 0,
    num_samples: int | None = None,
    constraint: Automaton | None = None,
    seed,
) -> Decoded:
    """Sample one sequence per row, or `num_samples` sequences, token by token.

    At each step:

    1. tokens in `suppress_ids`, those that the constraint does not allow, and before `min_length` tokens the end token
       get probability 0;
    2. the log-probabilities are divided by the temperature;
    3. `top_k` keeps the k most probable tokens;
    4. `top_p` keeps the smallest set of these whose total share reaches p, at least one token;
    5. a token is drawn from the rest, by inversion of the cumulative sum.

    The draw of row `b` at step `t` is a function of the seed, `b`, `t` and the logits of that row. It does not depend
    on other rows, on the batch size or on `max_length`: the first 10 of 1,000 rows equal those of a batch of 10. Eager
    and compiled results are equal. The random numbers belong to positions in the batch, not to sources: reordering
    the rows changes the draws.

    With `num_samples`, the model processes each distinct prefix once for all sequences that share it, and finished
    sequences leave the batch, which is three to five times as fast for many short sequences. The draws equal those of
    a batch with each row repeated `num_samples` times. This loop runs on the host with batches of varying size and
    cannot be part of a compiled function; pass a compiled `step` instead (`compiled(step, any_batch_size=True)`).

    Args:
        step: The model, `step(tokens, state) -> (logits, state)`, see `dlseq.decoding.protocol`.
        state: The initial state, leaves `(B, ...)`, or `None`.
        start_tokens: Integers `(B,)`, the first inputs; not part of the result.
        max_length: The largest number of tokens of a row, `T`.
        end_id: The end token, or `None` if all rows have `T` tokens.
        pad_id: The padding after the end, also the input of `step` for finished rows. Defaults to `0`.
        temperature: A number above 0 or a scalar tensor; 1 is the distribution of the model, less is sharper. Below
            1e-30 it counts as 1e-30, which draws from the most probable tokens only; above 1e30 it counts as 1e30,
            which draws evenly from all tokens that are possible. Defaults to `1.0`.
        top_k: Integer of at least 1, or `None`. Ties keep the lowest ids.
        top_p: In `(0, 1]`, a number or a scalar tensor, or `None`.
        suppress_ids: Tokens that are never drawn. Defaults to none.
        min_length: The smallest number of tokens before the end token. Defaults to `0`.
        num_samples: The number of sequences per row, or `None` for one sequence in a single graph.
        constraint: The `Automaton` of the allowed sequences, or `None` for all. Defaults to `None`.
        seed: Integer or a scalar tensor of an integer type. A tensor can be an argument of a compiled function, which
            is then not retraced for another seed.

    Returns:
        A `Decoded` of `B` rows, or of `B * num_samples` rows with the sequences of a row adjacent. Its `log_probs` are
        those of the model, without temperature, truncation, suppression and constraint. With `num_samples`, `state`
        and `outputs` are `None`.

    Raises:
        DlseqError: an argument out of range, or a `step` that breaks the protocol.

    Example:
        >>> table = np.log([[0.0001, 0.5, 0.4999], [0.0001, 0.2, 0.7999], [1, 1, 1]]).astype("float32")
        >>> step = lambda tokens, state: (ops.take(table, tokens, axis=0), state)
        >>> decoded = sample(step, None, [0] * 1000, max_length=4, end_id=2, top_k=2, seed=1)
        >>> lengths = np.asarray(decoded.lengths)
        >>> bool(abs((lengths == 1).mean() - 0.5) < 0.05), bool(abs((lengths == 2).mean() - 0.4) < 0.05)
        (True, True)
        >>> shared = sample(step, None, [0], num_samples=1000, max_length=4, end_id=2, top_k=2, seed=1)
        >>> bool((shared.ids == np.asarray(decoded.ids)).all())
        True
    """
    check_number("temperature", temperature, above=0)
    top_k = None if top_k is None else check_integer("top_k", top_k, at_least=1)
    if top_p is not None:
        check_number("top_p", top_p, above=0, at_most=1)
    suppressed = tuple(sorted(check_integer("suppress_ids", id_, at_least=0) for id_ in suppress_ids))
    key = key_from_seed(seed)
    values = {"temperature": None if _is_one(temperature) else _clipped(temperature)}
    values["top_p"] = None if top_p is None else ops.convert_to_tensor(top_p, "float32")
    values = {name: value for name, value in values.items() if value is not None}
    search = {"max_length": max_length, "end_id": end_id, "pad_id": pad_id, "constraint": constraint}
    minimum = (end_id, check_integer("min_length", min_length, at_least=0))

    if num_samples is None:
        tokens, _ = prepare(start_tokens, state)
        numbers = _numbers(key, ops.shape(tokens)[0], check_integer("max_length", max_length, at_least=1))

        def choose(log_probs, time):
            possible = _suppress(log_probs, suppressed, minimum, time)
            return draw(categorical(possible, top_k=top_k, **values), ops.take(numbers, time, axis=0))

        return decode_loop(step, state, tokens, choose, **search)

    num_samples = check_integer("num_samples", num_samples, at_least=1)
    is_compiled = num_samples > MAX_EAGER_ROWS and keras.backend.backend() == "tensorflow"

    def draw_rows(logits, prefixes, rows, time, states):
        make = _compiled_row_draw if is_compiled else _row_draw
        draw_tokens = make(logits.shape[-1], top_k, tuple(values), suppressed, minimum, constraint)
        prefixes, rows = ops.convert_to_tensor(prefixes), ops.convert_to_tensor(rows)
        return draw_tokens(logits, prefixes, rows, np.int32(time), states, *key, *values.values())

    return sample_shared_prefixes(step, state, start_tokens, draw_rows, num_samples=num_samples, **search)


class Categorical(NamedTuple):
    """Categorical distributions, one per row, as cumulative weights of `k` candidates."""

    cumulative: Any  # (B, k) float32, the sum of weights up to each candidate; 0 for candidates of weight 0
    ids: Any  # (B, k) int32, the tokens of the candidates, or None for 0, 1, 2, …


def categorical(log_probs, temperature=None, top_k: int | None = None, top_p=None) -> Categorical:
    """Return the distributions after temperature and truncation.

    Args:
        log_probs: float32 `(B, V)`; with a temperature they need not be normalized.
        temperature: A number above 0 or a scalar tensor, clipped to 1e-30 … 1e30. `None` is 1, with less computation.
        top_k, top_p: See `top_k_top_p`.

    Returns:
        A `Categorical`.

    Example:
        >>> found = categorical(np.log(np.array([[0.25, 0.75, 0.5]], "float32")), temperature=1.0, top_k=2)
        >>> np.asarray(found.ids).tolist(), np.asarray(found.cumulative).round(2).tolist()
        ([[1, 2]], [[1.0, 1.66...]])
    """
    log_probs = ops.convert_to_tensor(log_probs)
    if temperature is not None:
        best = ops.max(
            log_probs, axis=-1, keepdims=True, initial=-float("inf")
        )  # its weight is 1, so no weight overflows
        log_probs = (log_probs - best) / _clipped(temperature)
    weights = ops.exp(log_probs)  # (B, V)
    ids = None
    if top_k is not None or top_p is not None:
        weights, ids = top_k_top_p(weights, top_k, top_p)  # (B, k)
    return Categorical(_cumulative_sum(weights) * ops.sign(weights), ids)


def draw(distribution: Categorical, numbers, rows=None):
    """Draw a token per number by inversion: the first with a cumulative weight above that share of the total.

    Candidates of weight 0 are never drawn, even if a parallel cumulative sum is not monotonic. If all weights are 0
    (all logits -inf), the first candidate is drawn.

    Args:
        distribution: A `Categorical` of `B` rows.
        numbers: float32 `(N,)` in `[0, 1)`, multiples of 2⁻²⁴.
        rows: int32 `(N,)`, the distribution of each number. Defaults to `None`: one number per row, `N = B`.

    Returns:
        The tokens, int32 `(N,)`.

    Example:
        >>> distribution = Categorical(np.array([[1.0, 3.0, 4.0], [0.0, 0.0, 1.0]], "float32"), None)
        >>> numbers = np.array([0.0, 0.25, 0.75, 0.0], "float32")
        >>> np.asarray(draw(distribution, numbers, np.array([0, 0, 0, 1], "int32"))).tolist()
        [0, 1, 2, 2]
    """
    cumulative, ids = distribution
    cumulative, numbers = ops.convert_to_tensor(cumulative), ops.convert_to_tensor(numbers)
    if rows is not None:
        cumulative = ops.take(cumulative, rows, axis=0)  # (N, k)
        ids = None if ids is None else ops.take(ids, rows, axis=0)
    passed = cumulative > numbers[:, None] * ops.max(cumulative, axis=-1, keepdims=True, initial=0.0)
    candidates = ops.expand_dims(ops.arange(ops.shape(cumulative)[-1], dtype="int32"), 0)
    first = ops.min(ops.where(passed, candidates, NO_TOKEN), axis=-1, initial=NO_TOKEN)  # (N,)
    index = ops.where(first == NO_TOKEN, 0, first)
    return index if ids is None else gather_rows(ids, index[:, None])[:, 0]


def top_k_top_p(weights, top_k: int | None = None, top_p=None) -> tuple:
    """Sort the tokens of each row by weight and truncate them.

    1. `top_k` keeps the k tokens of largest weight; ties keep the lowest ids.
    2. `top_p` keeps the smallest set of these, in order, whose share of their total reaches p; at least one token.

    Args:
        weights: float32 `(B, V)`, at least 0. They need not sum to 1.
        top_k: The number of tokens to keep, or `None` for all. More than `V` counts as `V`.
        top_p: The share to reach, in `(0, 1]`, a number or a scalar tensor, or `None` for all.

    Returns:
        The remaining weights in descending order, `(B, k)`, and the ids of their tokens, int32 `(B, k)`.

    Example:
        >>> kept, ids = top_k_top_p(np.array([[0.1, 0.5, 0.3, 0.1]], "float32"), top_k=3, top_p=0.8)
        >>> np.asarray(kept).round(2).tolist(), np.asarray(ids).tolist()
        ([[0.5, 0.3..., 0.0]], [[1, 2, 0]])
    """
    weights = ops.convert_to_tensor(weights)
    size = weights.shape[1]
    weights, ids = ops.top_k(weights, size if top_k is None else min(top_k, size))  # (B, k)
    if top_p is not None:
        reached = ops.cumsum(weights, axis=-1)
        before = reached - weights  # the mass of the preceding tokens; 0 for the first
        share = ops.cast(top_p, "float32")
        needed = ops.where(share < 1, share * (1 - ROUNDING) * reached[:, -1:], float("inf"))
        is_first = ops.arange(weights.shape[1]) == 0  # kept even if `needed` underflows to 0
        weights = ops.where(ops.logical_or(before < needed, is_first), weights, 0.0)
    return weights, ops.cast(ids, "int32")


def _numbers(key, rows, steps):
    """Return the numbers of all rows and steps, `(T, B)`, at once: the generator has over a hundred operations."""
    ids = ops.broadcast_to(ops.arange(rows, dtype="int32"), (steps, rows))
    return uniform(key, ids, ops.arange(steps, dtype="int32")[:, None])


def _cumulative_sum(weights):
    """Return the cumulative sum of each row, `(B, k)`: products with a triangle of ones, of blocks if `k` is large."""
    size = weights.shape[-1]
    if size <= MAX_TRIANGLE:
        return ops.matmul(weights, ops.triu(ops.ones((size, size), weights.dtype)))
    blocks = -(-size // BLOCK)
    weights = ops.pad(weights, ((0, 0), (0, blocks * BLOCK - size)))
    within = ops.matmul(ops.reshape(weights, (-1, BLOCK)), ops.triu(ops.ones((BLOCK, BLOCK), weights.dtype)))
    within = ops.reshape(within, (-1, blocks, BLOCK))
    before = _cumulative_sum(ops.pad(within[:, :-1, -1], ((0, 0), (1, 0))))  # (B, blocks)
    return ops.reshape(within + before[:, :, None], (-1, blocks * BLOCK))[:, :size]


def _clipped(temperature):
    """Return the temperature as a float32 tensor by which any float32 can be divided.

    A smaller one would be flushed to 0 and a larger one would be infinite: `0 / 0` and `-inf / inf` are no weights.
    """
    if isinstance(temperature, Real):
        temperature = min(max(float(temperature), MIN_TEMPERATURE), MAX_TEMPERATURE)
    return ops.clip(ops.cast(temperature, "float32"), MIN_TEMPERATURE, MAX_TEMPERATURE)


def _suppress(log_probs, suppressed: tuple[int, ...], minimum: tuple, time):
    """Return the log-probabilities without suppressed tokens, and before the minimal length without the end token."""
    ids, (end_id, min_length) = np.arange(log_probs.shape[-1]), minimum
    if suppressed:
        log_probs = ops.where(np.isin(ids, suppressed), -float("inf"), log_probs)
    if end_id is not None and min_length:
        log_probs = ops.where(ops.logical_and(ids == end_id, time < min_length), -float("inf"), log_probs)
    return log_probs


def _row_draw(vocabulary_size, top_k, names, suppressed, minimum, constraint):
    """Return a function that draws a token for each row, where several rows share the logits of a prefix."""

    def draw_tokens(logits, prefixes, rows, time, states, lower, upper, *values):
        log_probs = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)  # (P, V)
        if constraint is not None:
            log_probs = constraint.mask(log_probs, states)
        options = dict(zip(names, values, strict=True))
        distribution = categorical(_suppress(log_probs, suppressed, minimum, time), top_k=top_k, **options)
        tokens = draw(distribution, uniform((lower, upper), rows, time), prefixes)  # (N,)
        return tokens, ops.take(ops.reshape(log_probs, (-1,)), prefixes * vocabulary_size + tokens)

    return draw_tokens


@functools.cache
def _compiled_row_draw(vocabulary_size, top_k, names, suppressed, minimum, constraint):
    return compiled(_row_draw(vocabulary_size, top_k, names, suppressed, minimum, constraint), any_batch_size=True)


def _is_one(temperature) -> bool:
    return isinstance(temperature, (int, float)) and temperature == 1
