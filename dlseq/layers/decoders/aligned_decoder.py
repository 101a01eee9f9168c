"""Recurrent decoder with attention that is trained with known places of attention."""

import keras
from keras import ops

from dlseq.layers._validation import check_integer
from dlseq.layers.decoders.attention_decoder import check_pair
from dlseq.layers.decoders.input_feeding_decoder import InputFeedingDecoder

__all__ = ["AlignedDecoder"]


@keras.saving.register_keras_serializable(package="dlseq")
class AlignedDecoder(InputFeedingDecoder):
    """A recurrent decoder that reads where it has looked, and is told so in training.

    Input feeding by one position: the state reads the value of the position with the largest weight in the step
    before, its *place*. One step is:

    1. `fed = values[place]`, zero in the first step.
    2. `hidden, cell = LSTM([embed(previous symbol); fed], hidden, cell)`.
    3. `weights = softmax(hidden . keys[j] + offsets(hidden)[j - place])`, `context = sum(weights[j] values[j])`: the
       distance from the place has an energy, the same beyond `reach` to each side. The first place is before the
       source.
    4. `logits = Dense(tanh(Dense([hidden; context])))`, and `place = argmax(weights)`.

    In training with aligned sentences the places are known as the symbols are. So nothing in a step needs the one
    before, and all steps are computed at once, as by `AttentionDecoder`. A loss of the weights (guided alignment)
    makes the decoder look there by itself; without places, `call` runs the loop. Nothing depends on the absolute
    position or on the length.

    Args:
        vocabulary_size, units, embedding_units, score, dropout, start_id, seed: As for `AttentionDecoder`.
        reach: Positive integer, the largest offset with an energy of its own. Defaults to `12`.

    Call arguments:
        inputs, mask, training, return_attention_scores: As for `AttentionDecoder`.
        positions: Integers `(B, Ty)`, 1 plus the position of the memory that each target symbol is aligned with; 0 for
            none. Defaults to `None`: the decoder looks by itself.

    Returns, raises:
        As `AttentionDecoder`.

    Reference:
        Alkhouli et al., 2016, "Alignment-based neural machine translation". Chen et al., 2016, "Guided alignment
        training for topic-aware neural machine translation", arXiv:1607.01628. Shaw et al., 2018, "Self-attention
        with relative position representations", arXiv:1803.02155.

    Example:
        >>> decoder = AlignedDecoder(vocabulary_size=11, units=8)
        >>> memory = keras.random.normal((2, 5, 6), seed=1)
        >>> targets = ops.convert_to_tensor([[3, 4, 5], [6, 7, 8]])
        >>> logits, weights = decoder([targets, memory], return_attention_scores=True)
        >>> told = decoder([targets, memory], positions=1 + ops.argmax(weights, axis=-1))
        >>> bool(ops.all(ops.isclose(logits, told, atol=1e-5)))
        True
    """

    def __init__(self, vocabulary_size, units, embedding_units=None, *, reach=12, **kwargs):
        super().__init__(vocabulary_size, units, embedding_units, **kwargs)
        self.reach = check_integer("reach", reach)
        # Small at first: a decoder finds the content before it trusts the order.
        self.offset_dense = keras.layers.Dense(
            2 * reach + 1, kernel_initializer="random_normal", name="offset_dense", dtype=self.dtype_policy
        )

    def build(self, input_shape):
        super().build(input_shape)
        self.offset_dense.build((*input_shape[0], self.units))

    def call(self, inputs, mask=None, training=False, return_attention_scores=False, positions=None):
        if positions is None:
            return super().call(inputs, mask=mask, training=training, return_attention_scores=return_attention_scores)
        targets, memory = check_pair(inputs, "inputs")
        _, memory_mask = self._masks(mask, memory.shape)
        shared = self.initial_state(memory, memory_mask)
        start = ops.full_like(targets[:, :1], self.start_id)
        previous = ops.concatenate([start, targets[:, :-1]], axis=1)  # (B, Ty)
        positions = ops.cast(positions, "int32")
        places = ops.pad(positions[:, :-1], ((0, 0), (1, 0))) - 1  # (B, Ty)
        features = ops.concatenate([self.embedding(previous), self._values_at(places, shared)], axis=-1)
        states = self.lstm(features, initial_state=[shared["hidden"], shared["cell"]])  # (B, Ty, units)
        context, weights = self._attend_from(states, places, shared)
        combined = self.combine(ops.concatenate([states, context], axis=-1))
        logits = self.logits(self.drop(combined, training=training))  # (B, Ty, V)
        return (logits, weights) if return_attention_scores else logits

    def prepared_step(self, memory, mask=None):
        """Return a `step` for a search over several paths per source, with the memory outside the state.

        As `AttentionDecoder.prepared_step`. The share of each position of the memory in the gates is computed once,
        not by each path that looks there, and the state has the place alone instead of the weights.
        """
        self._check_numbers(memory)
        shared = self.initial_state(memory, mask)
        rows, positions = ops.shape(shared["values"])[0], ops.shape(shared["values"])[1]
        # The layer is asked for its table: the variable of a quantized one holds integers.
        table = self._symbol_gates(self.embedding(ops.arange(self.vocabulary_size, dtype="int32")))  # (V, 4 units)
        fed_kernel, recurrent_kernel = ops.split(self._loop_kernel(), 2, axis=0)  # (units, 4 units) each
        fed_gates = ops.pad(ops.matmul(shared["values"], fed_kernel), ((0, 0), (1, 0), (0, 0)))  # of no place: zeros
        fed_gates = ops.reshape(fed_gates, (-1, 4 * self.units))  # (B * (1 + Tx), 4 units)
        firsts = 1 + (1 + positions) * ops.arange(rows, dtype="int32")[:, None]  # (B, 1), of position 0 in `fed_gates`

        def step(tokens, state):
            count = ops.shape(tokens)[0]
            paths = count // (max(rows, 1) if isinstance(rows, int) else ops.maximum(rows, 1))  # K
            places = ops.reshape(state["place"], (rows, paths))
            gates = ops.take(table, tokens, axis=0) + ops.take(fed_gates, ops.reshape(firsts + places, (-1,)), axis=0)
            gates = gates + ops.matmul(state["hidden"], recurrent_kernel)  # (B * K, 4 units)
            hidden, cell = self._cell_update(gates, state["cell"])
            found = self._attend_from(ops.reshape(hidden, (rows, paths, self.units)), places, shared)
            context, weights = (ops.reshape(x, (count, ops.shape(x)[-1])) for x in found)
            combined = self.combine(ops.concatenate([hidden, context], axis=-1))
            state = {"hidden": hidden, "cell": cell, "place": _largest(weights)}
            return self.logits(combined), state, {"attention": weights}

        hidden = shared["hidden"]
        nowhere = ops.full((rows,), -1, dtype="int32")
        return step, {"hidden": hidden, "cell": shared["cell"], "place": nowhere}

    def _advance(self, symbol_gates, state, shared, kernel):
        count, rows = ops.shape(symbol_gates)[0], ops.shape(shared["keys"])[0]
        paths = count // (max(rows, 1) if isinstance(rows, int) else ops.maximum(rows, 1))  # K; no rows, no paths
        places = ops.reshape(_largest(state["previous"]), (rows, paths))
        fed = ops.reshape(self._values_at(places, shared), (count, self.units))
        hidden, cell = self._update(symbol_gates, fed, state, kernel)
        found = self._attend_from(ops.reshape(hidden, (rows, paths, self.units)), places, shared)
        context, weights = (ops.reshape(x, (count, ops.shape(x)[-1])) for x in found)
        combined = self.combine(ops.concatenate([hidden, context], axis=-1))
        return {
            "hidden": hidden,
            "cell": cell,
            "fed": combined,
            "previous": weights,
            "covered": state["covered"] + weights,
        }

    def _values_at(self, places, shared):
        """Return the values `(B, K, units)` of places `(B, K)`; of place -1, zeros."""
        values = shared["values"]
        return ops.matmul(ops.one_hot(places, ops.shape(values)[1], dtype=values.dtype), values)

    def _attend_from(self, query, places, shared):
        """Return the context `(B, K, units)` and the weights `(B, K, Tx)` of queries `(B, K, units)` at places."""
        steps = ops.arange(ops.shape(shared["values"])[1], dtype="int32")  # (Tx,)
        offsets = ops.clip(steps - ops.expand_dims(places, 2), -self.reach, self.reach) + self.reach  # (B, K, Tx)
        energies = ops.reshape(self.offset_dense(query), (-1,))  # of each query and offset
        queries = ops.reshape(ops.arange(ops.size(places), dtype="int32"), ops.shape(places))  # (B, K)
        energies = ops.take(energies, ops.expand_dims(queries * (2 * self.reach + 1), 2) + offsets, axis=0)
        return self.attention(
            [query, shared["values"]],
            mask=[None, shared["mask"]],
            keys=shared["keys"],
            energy_bias=energies,
            return_attention_scores=True,
        )

    def get_config(self):
        config = super().get_config()
        for name in ("feeding", "location_size"):  # of `InputFeedingDecoder` alone
            del config[name]
        return {**config, "reach": self.reach}


def _largest(weights):
    """Return the position of the largest weight, int32 `(B,)`; -1 where all of `(B, Tx)` are zero."""
    places = ops.where(ops.any(weights > 0, axis=-1), ops.argmax(weights, axis=-1), -1)
    return ops.cast(places, "int32")
