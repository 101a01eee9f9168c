"""Averages of predictions: one sequence for several variants of an input."""

import math

from keras import ops

from dlseq.decoding._validation import check_integer
from dlseq.decoding.nested_state import flatten, pack
from dlseq.errors import DlseqError

__all__ = ["average_variants"]


def average_variants(step, state, count: int) -> tuple:
    """Return a step and a state that decode one sequence for each `count` neighboring rows of the state.

    The rows are variants of one input, such as an image moved by some pixels (test-time augmentation). The next token
    has the mean of their probabilities, so that all variants go on with the same token. Outputs, such as attention, are
    averaged too.

    Args:
        step: The model, `step(tokens, state) -> (logits, state, outputs)`, see `dlseq.decoding.protocol`.
        state: The initial state, leaves `(B * count, ...)`, the variants of an input next to each other.
        count: The number of variants of each input.

    Returns:
        A step and a state of the same protocol, for `B` rows: leaves `(B, count, ...)`, logits `(B, V)` that are the
        logarithms of mean probabilities, outputs `(B, ...)`. In a beam search `step` is called with the rows in the
        order input, variant, path, so it may be one that holds a memory outside of the state, such as that of
        `AttentionDecoder.prepared_step`.

    Raises:
        DlseqError: There is no state, or `count` is not positive or does not divide its rows.

    Example:
        >>> import numpy as np
        >>> from dlseq.decoding import greedy_search
        >>> step = lambda tokens, state: (state, state)
        >>> step, state = average_variants(step, ops.log([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]), 2)
        >>> decoded = greedy_search(step, state, [0], max_length=1, end_id=None)
        >>> np.asarray(decoded.ids).tolist(), round(float(ops.exp(decoded.log_probs)[0]), 3)  # the mean of 0.25 and 0.8
        ([[1]], 0.525)
    """
    count = check_integer("count", count, at_least=1)
    leaves = flatten(state)
    sizes = {leaf.shape[0] for leaf in leaves}
    if not leaves or any(size is not None and size % count for size in sizes):
        raise DlseqError(
            f"Invalid number of rows of argument `state`. Expected a multiple of count={count}, all variants of an "
            f"input next to each other. Received: {sorted(sizes, key=str) or 'a state without tensors'}"
        )
    inputs = ops.shape(leaves[0])[0] // count  # B

    def paths_last(values, paths):
        """Reorder `(B * paths, count, ...)` to `(B * count * paths, ...)`."""
        rest = ops.shape(values)[2:]
        values = ops.swapaxes(ops.reshape(values, (inputs, paths, count, *rest)), 1, 2)
        return ops.reshape(values, (inputs * count * paths, *rest))

    def variants_last(values, paths):
        """Reorder `(B * count * paths, ...)` to `(B * paths, count, ...)`."""
        rest = ops.shape(values)[1:]
        values = ops.swapaxes(ops.reshape(values, (inputs, count, paths, *rest)), 1, 2)
        return ops.reshape(values, (inputs * paths, count, *rest))

    def averaged(tokens, state):
        paths = ops.shape(tokens)[0] // (max(inputs, 1) if isinstance(inputs, int) else ops.maximum(inputs, 1))
        leaves = flatten(state)  # (B * paths, count, ...)
        rows = tuple(paths_last(leaf, paths) for leaf in leaves)
        tokens = paths_last(ops.repeat(tokens[:, None], count, axis=1), paths)  # (B * count * paths,)
        logits, after, *outputs = step(tokens, pack(state, rows))
        # A leaf that the step has not changed stays the same object, which spares the search a copy.
        changed = tuple(
            old if new is row else variants_last(new, paths)
            for old, row, new in zip(leaves, rows, flatten(after), strict=True)
        )
        log_probs = ops.log_softmax(variants_last(ops.cast(logits, "float32"), paths), axis=-1)  # (B * paths, count, V)
        mean = ops.logsumexp(log_probs, axis=1) - math.log(count)  # (B * paths, V)
        averages = (
            pack(nest, tuple(ops.mean(variants_last(leaf, paths), axis=1) for leaf in flatten(nest, "outputs")))
            for nest in outputs
        )
        return (mean, pack(state, changed), *averages)

    return averaged, pack(state, tuple(variants_last(leaf, 1) for leaf in leaves))
