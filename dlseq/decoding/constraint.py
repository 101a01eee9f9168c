"""Constraint of a search to the sequences of a finite automaton."""

from collections.abc import Iterable, Sequence

import numpy as np
from keras import ops

from dlseq.decoding.nested_state import gather_rows
from dlseq.errors import DlseqError

__all__ = ["Automaton", "check_constraint"]


class Automaton:
    """A finite automaton over token ids: the tokens that a search may choose, given those it has chosen.

    Decoders take it as `constraint`. At each step they mask the tokens without a transition and then follow the
    transition of the token they choose. The log-probabilities that they report stay those of the unconstrained model,
    so the mass that the model puts on other sequences is seen as doubt. The automaton is a constant table, which works
    compiled and on each backend.

    A path whose state has no transition at all cannot go on; its log-probability is -inf.

    Args:
        transitions: Integers `(S, V)`: the next state after a token in a state, or -1 where the token is not allowed.
        start: The state before the first token. Defaults to `0`.

    Raises:
        DlseqError: the table is not of that shape, or names a state that does not exist.

    Example:
        >>> from dlseq.decoding import greedy_search
        >>> step = lambda tokens, state: (np.log([[0.1, 0.6, 0.3]]).astype("float32"), state)
        >>> no_repeats = Automaton([[0, 1, 2], [0, -1, 2], [0, 1, -1]])
        >>> decoded = greedy_search(step, None, [0], max_length=4, end_id=None, constraint=no_repeats)
        >>> np.asarray(decoded.ids).tolist(), np.exp(decoded.log_probs).round(4).tolist()
        ([[1, 2, 1, 2]], [0.0324...])
    """

    def __init__(self, transitions: Sequence, start: int = 0):
        table = np.asarray(transitions)
        is_table = table.ndim == 2 and np.issubdtype(table.dtype, np.integer) and table.size
        if not is_table or table.min() < -1 or table.max() >= len(table):
            received = f"{table.dtype} {table.shape}" + (f", {table.min()} to {table.max()}" if is_table else "")
            raise DlseqError(
                "Invalid value for argument `transitions`. Expected integers (S, V) from -1 to S - 1. "
                f"Received: {received}"
            )
        if not 0 <= start < len(table):
            raise DlseqError(
                f"Invalid value for argument `start`. Expected a state from 0 to {len(table) - 1}. Received: {start}"
            )
        self.transitions = table.astype(np.int32)  # (S, V)
        self.start = int(start)

    @classmethod
    def of_sequences(cls, sequences: Iterable[Sequence[int]], vocabulary_size: int) -> "Automaton":
        """Return the automaton of a finite set of sequences, such as the names of a list.

        Args:
            sequences: The allowed sequences of ids, with their end token if the search has one.
            vocabulary_size: The number of ids, `V`.

        Example:
            >>> Automaton.of_sequences([[1, 2], [1, 0]], 3).transitions.tolist()
            [[-1, 1, -1], [2, -1, 2], [-1, -1, -1]]
        """
        tree: dict = {}
        for sequence in sequences:
            node = tree
            for token in sequence:
                node = node.setdefault(int(token), {})
        rows: dict[tuple, int] = {}

        def number(node) -> int:
            """Return the state of a subtree; equal subtrees share one."""
            row = [-1] * vocabulary_size
            for token, child in node.items():
                row[token] = number(child)
            return rows.setdefault(tuple(row), len(rows))

        start = number(tree)
        last = len(rows) - 1  # the states are numbered from the leaves; the start comes first in the table
        table = np.array(list(rows), np.int32).reshape(len(rows), vocabulary_size)
        return cls(np.where(table < 0, -1, last - table)[::-1], last - start)

    def __len__(self) -> int:
        return len(self.transitions)

    def initial_states(self, tokens):
        """Return the start state of each row, int32 like `tokens`."""
        return ops.zeros_like(tokens) + self.start

    def mask(self, log_probs, states):
        """Return log-probabilities `(B, V)` with -inf for the tokens that the states `(B,)` do not allow."""
        allowed = ops.take(ops.convert_to_tensor(self.transitions >= 0), states, axis=0)  # (B, V)
        return ops.where(allowed, log_probs, -float("inf"))

    def next_states(self, states, tokens):
        """Return the states after one more token each, `(B,)`; any state after a token that is not allowed."""
        rows = ops.take(ops.convert_to_tensor(np.maximum(self.transitions, 0)), states, axis=0)  # (B, V)
        return gather_rows(rows, tokens[:, None])[:, 0]


def check_constraint(constraint: Automaton | None, vocabulary_size: int) -> None:
    """Check that a constraint has a column for each logit.

    Raises:
        DlseqError: it has more or fewer.

    Example:
        >>> check_constraint(Automaton([[0, 0]]), 3)
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: Invalid value for argument `constraint`. Expected an Automaton with V = 3 tokens, ...
    """
    if constraint is not None and constraint.transitions.shape[1] != vocabulary_size:
        raise DlseqError(
            f"Invalid value for argument `constraint`. Expected an Automaton with V = {vocabulary_size} tokens, as "
            f"`step` returns that many logits a row. Received: V = {constraint.transitions.shape[1]}"
        )
