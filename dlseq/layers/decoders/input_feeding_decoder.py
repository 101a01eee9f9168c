"""Recurrent decoder with attention whose state reads the context of each step."""

import keras
from keras import ops

from dlseq.layers._validation import check_choice, check_integer
from dlseq.layers.decoders.attention_decoder import AttentionDecoder, check_pair
from dlseq.layers.decoders.location_score import LocationScore

__all__ = ["FEEDINGS", "InputFeedingDecoder"]

FEEDINGS = ("bahdanau", "luong")
CARRIED = ("hidden", "cell", "fed", "previous", "covered")
"""Tensors of the state that a step changes."""


@keras.saving.register_keras_serializable(package="dlseq")
class InputFeedingDecoder(AttentionDecoder):
    """A recurrent decoder with attention whose state knows where it has looked.

    The memory is projected once, to keys and to values of width `units`. One step is, with `feeding="luong"`
    (input feeding):

    1. `hidden, cell = LSTM([embed(previous symbol); fed], hidden, cell)`, where `fed` is zero at first.
    2. `context, weights = attention(hidden, memory)`.
    3. `fed = tanh(Dense([hidden; context]))`, `logits = Dense(fed)`.

    With `feeding="bahdanau"` the state before the update is the query, so that the context enters the cell at once:

    1. `context, weights = attention(hidden, memory)`.
    2. `hidden, cell = LSTM([embed(previous symbol); context], hidden, cell)`.
    3. `logits = Dense(tanh(Dense([hidden; context])))`.

    With `location_size`, the energies also depend on the weights of earlier steps, see `LocationScore`; the state
    carries these and their sum.

    Each step needs the one before. So `call` runs a loop over the steps; the projections of symbols and memory before
    it, and the logits after it, are one product for all steps.

    Args:
        vocabulary_size, units, embedding_units, score, dropout, start_id, seed: As for `AttentionDecoder`.
        feeding: `"luong"` or `"bahdanau"`. Defaults to `"luong"`.
        location_size: Odd integer, the number of offsets of the location score, or 0 for none. Defaults to `0`.

    Call arguments, returns, raises:
        As `AttentionDecoder`.

    Reference:
        Luong, Pham and Manning, 2015, "Effective approaches to attention-based neural machine translation". Bahdanau,
        Cho and Bengio, 2015, "Neural machine translation by jointly learning to align and translate".

    Example:
        >>> decoder = InputFeedingDecoder(vocabulary_size=11, units=8, location_size=3)
        >>> memory = keras.random.normal((2, 5, 6), seed=1)
        >>> targets = ops.convert_to_tensor([[3, 4, 5], [6, 7, 8]])
        >>> logits, weights = decoder([targets, memory], return_attention_scores=True)
        >>> tuple(logits.shape), tuple(weights.shape)
        ((2, 3, 11), (2, 3, 5))
        >>> state = decoder.initial_state(memory)
        >>> first, state, outputs = decoder.step(ops.convert_to_tensor([0, 0]), state)
        >>> bool(ops.all(ops.isclose(first, logits[:, 0], atol=1e-5)))
        True
    """

    def __init__(self, vocabulary_size, units, embedding_units=None, *, feeding="luong", location_size=0, **kwargs):
        super().__init__(vocabulary_size, units, embedding_units, **kwargs)
        self.feeding = check_choice("feeding", feeding, FEEDINGS)
        self.location_size = check_integer("location_size", location_size, at_least=0)
        options = {"dtype": self.dtype_policy}
        self.value_dense = keras.layers.Dense(units, use_bias=False, name="value_dense", **options)
        self.location = LocationScore(location_size, name="location", **options) if location_size else None

    def build(self, input_shape):
        targets_shape, memory_shape = check_pair(input_shape, "shapes")
        states_shape = (*targets_shape, self.units)  # (B, Ty, units)
        self.embedding.build(targets_shape)
        self.bridge.build((memory_shape[0], memory_shape[-1]))
        self.lstm.build((*targets_shape, self.embedding.output_dim + self.units))
        self.attention.build([states_shape, memory_shape])
        self.value_dense.build(memory_shape)
        if self.location is not None:
            self.location.build([states_shape, None, None])
        self.combine.build((*targets_shape, 2 * self.units))
        self.logits.build(states_shape)

    def call(self, inputs, mask=None, training=False, return_attention_scores=False):
        targets, memory = check_pair(inputs, "inputs")
        memory = ops.cast(memory, self.compute_dtype)
        _, memory_mask = self._masks(mask, memory.shape)
        shared = self.initial_state(memory, memory_mask)
        state = {name: shared.pop(name) for name in CARRIED}
        start = ops.full_like(targets[:, :1], self.start_id)
        previous = ops.concatenate([start, targets[:, :-1]], axis=1)  # (B, Ty)
        symbol_gates = ops.swapaxes(self._symbol_gates(self.embedding(previous)), 0, 1)  # (Ty, B, 4 units)
        kernel = self._loop_kernel()

        def advance(state, gates):
            state = self._advance(gates, state, shared, kernel)
            return state, state

        _, states = ops.scan(advance, state, symbol_gates)  # (Ty, B, ...)
        logits = ops.swapaxes(self._read(states, training), 0, 1)  # (B, Ty, V)
        return (logits, ops.swapaxes(states["previous"], 0, 1)) if return_attention_scores else logits

    def initial_state(self, memory, mask=None):
        """Return the initial decoder state.

        Args:
            memory, mask: As for `AttentionDecoder.initial_state`.

        Returns:
            A dict of tensors with the batch as the first axis: the projected `keys` and `values` of the memory, its
            `mask`, the `hidden` and `cell` states, `fed`, and the attention of the step before, `previous`, and of all
            steps before, `covered`, `(B, Tx)`.

        Raises:
            ValueError: the decoder is not built yet, or the mask has another shape.
        """
        state = super().initial_state(memory, mask)
        memory = state.pop("memory")
        nowhere = ops.zeros_like(memory[:, :, 0], dtype=self.attention.softmax_dtype)  # (B, Tx)
        fed = ops.zeros_like(state["hidden"])
        return {**state, "values": self.value_dense(memory), "fed": fed, "previous": nowhere, "covered": nowhere}

    def step(self, tokens, state):
        gates = self._symbol_gates(self.embedding(tokens))  # (B, 4 units)
        changed = self._advance(gates, state, state, self._loop_kernel())
        return self._read(changed), {**state, **changed}, {"attention": changed["previous"]}

    def prepared_step(self, memory, mask=None):
        self._check_numbers(memory)
        shared = self.initial_state(memory, mask)
        state = {name: shared.pop(name) for name in CARRIED}
        # The layer is asked for its table: the variable of a quantized one holds integers.
        table = self._symbol_gates(self.embedding(ops.arange(self.vocabulary_size, dtype="int32")))  # (V, 4 units)
        kernel = self._loop_kernel()

        def step(tokens, state):
            state = self._advance(ops.take(table, tokens, axis=0), state, shared, kernel)
            return self._read(state), state, {"attention": state["previous"]}

        return step, state

    def _symbol_gates(self, embedded):
        """Return the share of the symbols in the gates, `(..., 4 units)`."""
        kernel = ops.cast(self.lstm.cell.kernel, self.compute_dtype)[: self.embedding.output_dim]
        return ops.matmul(embedded, kernel) + ops.cast(self.lstm.cell.bias, self.compute_dtype)

    def _loop_kernel(self):
        """Return the weights of `[fed; hidden]` in the gates, `(2 units, 4 units)`."""
        fed = self.lstm.cell.kernel[self.embedding.output_dim :]
        return ops.cast(ops.concatenate([fed, self.lstm.cell.recurrent_kernel], axis=0), self.compute_dtype)

    def _advance(self, symbol_gates, state, shared, kernel):
        """Return the state after one step of `B * K` rows, where `K` rows share a row of the memory."""
        if self.feeding == "bahdanau":
            fed, weights = self._look(state["hidden"], state, shared)
        else:
            fed = state["fed"]
        hidden, cell = self._update(symbol_gates, fed, state, kernel)
        if self.feeding == "luong":
            context, weights = self._look(hidden, state, shared)
            fed = self.combine(ops.concatenate([hidden, context], axis=-1))
        covered = state["covered"] + weights
        return {"hidden": hidden, "cell": cell, "fed": fed, "previous": weights, "covered": covered}

    def _update(self, symbol_gates, fed, state, kernel):
        """Return the hidden and the cell state of the LSTM after one step."""
        gates = symbol_gates + ops.matmul(ops.concatenate([fed, state["hidden"]], axis=-1), kernel)
        return self._cell_update(gates, state["cell"])

    def _cell_update(self, gates, cell):
        """Return the hidden and the cell state `(B, units)` of the LSTM from its gates `(B, 4 units)`."""
        input_, forget, candidate, output = ops.split(gates, 4, axis=-1)
        cell = ops.sigmoid(forget) * cell + ops.sigmoid(input_) * ops.tanh(candidate)
        return ops.sigmoid(output) * ops.tanh(cell), cell

    def _look(self, query, state, shared):
        """Return the context `(B * K, units)` and the weights `(B * K, Tx)` of queries `(B * K, units)`."""
        count, rows = ops.shape(query)[0], ops.shape(shared["keys"])[0]
        paths = count // (max(rows, 1) if isinstance(rows, int) else ops.maximum(rows, 1))  # K; no rows, no paths

        def grouped(tensor):
            return ops.reshape(tensor, (rows, paths, ops.shape(tensor)[-1]))

        query = grouped(query)
        bias = None
        if self.location is not None:
            bias = self.location([query, grouped(state["previous"]), grouped(state["covered"])])  # (B, K, Tx)
        found = self.attention(
            [query, shared["values"]],
            mask=[None, shared["mask"]],
            keys=shared["keys"],
            energy_bias=bias,
            return_attention_scores=True,
        )
        return tuple(ops.reshape(x, (count, ops.shape(x)[-1])) for x in found)

    def _read(self, state, training=False):
        """Return the logits of states `(..., units)`."""
        combined = state["fed"]
        if self.feeding == "bahdanau":
            combined = self.combine(ops.concatenate([state["hidden"], combined], axis=-1))
        return self.logits(self.drop(combined, training=training))

    def get_config(self):
        return {**super().get_config(), "feeding": self.feeding, "location_size": self.location_size}
