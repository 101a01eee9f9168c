"""Sampling with temperature, top-k and top-p truncation."""

import functools

import keras
import numpy as np
from keras import ops

from dlseq.decoding._validation import check_integer, check_number
from dlseq.decoding.compiled import compiled
from dlseq.decoding.constraint import Automaton
from dlseq.decoding.draws.categorical import categorical, clipped_temperature, draw
from dlseq.decoding.draws.counter_rng import key_from_seed, uniform
from dlseq.decoding.draws.prefix_sharing import sample_shared_prefixes
from dlseq.decoding.loop import decode_loop
from dlseq.decoding.protocol import Decoded, prepare

__all__ = ["sample"]

MAX_EAGER_ROWS = 32  # up to here eager draws are faster than tracing a graph


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
    values = {"temperature": None if _is_one(temperature) else clipped_temperature(temperature)}
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


def _numbers(key, rows, steps):
    """Return the numbers of all rows and steps, `(T, B)`, at once: the generator has over a hundred operations."""
    ids = ops.broadcast_to(ops.arange(rows, dtype="int32"), (steps, rows))
    return uniform(key, ids, ops.arange(steps, dtype="int32")[:, None])


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
