"""A recurrent decoder that looks at a memory at every step."""

import keras
from keras import ops

from dlseq.layers._arguments import fraction, one_of, whole_number
from dlseq.layers._shapes import check_mask, pair_of_masks
from dlseq.layers.attention import AttentionLayer
from dlseq.layers.attention_scores import SCORES
from dlseq.layers.lstm import LSTM

__all__ = ["AttentionDecoder"]

SHARED = ("memory", "keys", "mask")  # of the state: what no step changes


@keras.saving.register_keras_serializable(package="dlseq")
class AttentionDecoder(keras.layers.Layer):
    """Writes a sequence symbol by symbol, looking at a memory before each one.

    One step follows Luong's global attention:

    1. The state moves on: `hidden, cell = LSTM(embed(previous symbol), hidden, cell)`.
    2. The state is the query: `context, weights = attention(hidden, memory)`.
    3. What was seen and the state give the symbol: `logits = Dense(tanh(Dense([hidden; context])))`.

    The state does not depend on the context. So, when the output is known, as it is in training, the steps of 1 run in
    one fused LSTM and the queries of all `Ty` steps are answered in one matrix product: `call`. When the decoder
    reads its own output, `step` takes one step, for the searches of `dlseq.decoding`. Both compute the same function.

    The state starts from what the memory holds on average: `hidden = tanh(Dense(mean(memory)))`, `cell = 0`.

    Args:
        vocabulary_size: Positive integer, the number `V` of output symbols.
        units: Positive integer, the width of the state.
        embedding_units: Positive integer, the width of a symbol's embedding. Defaults to `None`, which is `units`.
        score: The score of the attention, as in `AttentionLayer`. Defaults to `"general"`.
        dropout: Float between 0 and 1, applied before the logits in training. Defaults to `0.0`.
        start_id: The id that stands for "nothing written yet". Defaults to `0`.
        seed: Integer seed of the dropout. Defaults to `None`.

    Call arguments:
        inputs: List of these tensors:
            - `targets`, integers of shape `(B, Ty)`: what is to be written. Step `t` reads `targets[:, t - 1]`.
            - `memory`, shape `(B, Tx, D)`.
        mask: List `[targets_mask, memory_mask]`; the first is not used, the second is `(B, Tx)`, `False` where the
            memory is padding. Defaults to `None`.
        training: Whether dropout is applied.
        return_attention_scores: Whether the weights of every step are returned too. Defaults to `False`.

    Returns:
        Logits of shape `(B, Ty, V)`; with `return_attention_scores=True` also the weights, `(B, Ty, Tx)`, float32.

    Raises:
        ValueError: an argument is not one of those above, or the inputs are not such a list.

    Reference:
        Luong, Pham and Manning, 2015, "Effective approaches to attention-based neural machine translation".

    Example:
        >>> decoder = AttentionDecoder(vocabulary_size=11, units=8)
        >>> memory = keras.random.normal((2, 5, 6), seed=1)
        >>> targets = ops.convert_to_tensor([[3, 4, 5], [6, 7, 8]])
        >>> logits, weights = decoder([targets, memory], return_attention_scores=True)
        >>> tuple(logits.shape), tuple(weights.shape)
        ((2, 3, 11), (2, 3, 5))
        >>> state = decoder.initial_state(memory, max_length=3)
        >>> first, state = decoder.step(ops.convert_to_tensor([0, 0]), state)
        >>> bool(ops.all(ops.isclose(first, logits[:, 0], atol=1e-5)))
        True
    """

    def __init__(
        self,
        vocabulary_size,
        units,
        embedding_units=None,
        score="general",
        dropout=0.0,
        start_id=0,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.vocabulary_size = whole_number("vocabulary_size", vocabulary_size)
        self.units = whole_number("units", units)
        self.embedding_units = embedding_units
        if embedding_units is not None:
            whole_number("embedding_units", embedding_units)
        self.score = one_of("score", score, SCORES)
        self.dropout = fraction("dropout", dropout)
        self.start_id = whole_number("start_id", start_id, at_least=0)
        if start_id >= vocabulary_size:
            raise ValueError(
                "Invalid value for argument `start_id`. Expected an id of the vocabulary, less than "
                f"vocabulary_size={vocabulary_size}. Received: start_id={start_id}"
            )
        self.seed = seed
        self.supports_masking = True
        self.autocast = False  # ids that arrive as floats must not lose digits to float16

        part = {"dtype": self.dtype_policy}
        self.embedding = keras.layers.Embedding(vocabulary_size, embedding_units or units, name="embedding", **part)
        self.bridge = keras.layers.Dense(units, activation="tanh", name="bridge", **part)
        self.lstm = LSTM(units, return_sequences=True, name="lstm", **part)
        self.attention = AttentionLayer(units, score=score, name="attention", **part)
        self.combine = keras.layers.Dense(units, activation="tanh", name="combine", **part)
        self.drop = keras.layers.Dropout(dropout, seed=seed, name="drop", **part)
        self.logits = keras.layers.Dense(vocabulary_size, name="logits", **part)

    def build(self, input_shape):
        targets_shape, memory_shape = _checked_pair(input_shape, "shapes")
        states_shape = (*targets_shape, self.units)  # (B, Ty, units)
        self.embedding.build(targets_shape)
        self.bridge.build((memory_shape[0], memory_shape[-1]))
        self.lstm.build((*targets_shape, self.embedding.output_dim))
        self.attention.build([states_shape, memory_shape])
        self.combine.build((*targets_shape, self.units + memory_shape[-1]))
        self.logits.build(states_shape)

    def call(self, inputs, mask=None, training=False, return_attention_scores=False):
        targets, memory = _checked_pair(inputs, "inputs")
        memory = ops.cast(memory, self.compute_dtype)
        _, memory_mask = self._masks(mask, memory.shape)
        start = ops.full_like(targets[:, :1], self.start_id)
        previous = ops.concatenate([start, targets[:, :-1]], axis=1)  # (B, Ty)

        states = self.lstm(self.embedding(previous), initial_state=self._first_states(memory, memory_mask))
        context, weights = self.attention(  # (B, Ty, D), (B, Ty, Tx)
            [states, memory], mask=None if memory_mask is None else [None, memory_mask], return_attention_scores=True
        )
        logits = self._read_out(states, context, training)  # (B, Ty, V)
        return (logits, weights) if return_attention_scores else logits

    def initial_state(self, memory, mask=None, max_length=1):
        """Gives the state in which nothing has been written.

        Args:
            memory: Tensor of shape `(B, Tx, D)`.
            mask: Boolean tensor `(B, Tx)`, `False` where the memory is padding. Defaults to `None`.
            max_length: How many steps at most the decoder will take: room for the weights of that many is made.

        Returns:
            A dict of tensors whose first axis is the batch: `memory`, its projected `keys`, its `mask`, the `hidden`
            and the `cell` state, `position`, the number of steps taken, and `attention`, the weights
            `(B, max_length, Tx)` of those steps.
        """
        memory = ops.cast(memory, self.compute_dtype)
        check_mask("AttentionDecoder", "memory", mask, memory.shape[:2])
        rows, length = ops.shape(memory)[:2]
        hidden, cell = self._first_states(memory, mask)
        return {
            "memory": memory,
            "keys": self.attention.project(memory),
            "mask": ops.ones((rows, length), dtype="bool") if mask is None else ops.cast(mask, "bool"),
            "hidden": hidden,
            "cell": cell,
            "position": ops.zeros((rows,), dtype="int32"),
            "attention": ops.zeros((rows, max_length, length), dtype="float32"),
        }

    def step(self, tokens, state):
        """Reads one symbol and gives the logits of the next: the protocol of `dlseq.decoding`.

        Args:
            tokens: Integers of shape `(B,)`: the symbols written last, `start_id` at the start.
            state: What `initial_state` or the step before returned.

        Returns:
            Logits of shape `(B, V)` and the next state.
        """
        _, (hidden, cell) = self.lstm.cell(self.embedding(tokens), [state["hidden"], state["cell"]])
        return self._look_and_write(hidden, cell, state, {name: state[name] for name in SHARED})

    def prepared_step(self, memory, mask=None, max_length=1):
        """Makes a `step` for a search along several paths, with what does not change kept out of the state.

        The paths of a source look at one memory, so it is neither copied for each of them nor reordered, and their
        queries are answered in one product. What the LSTM makes of a symbol is worked out beforehand.

        Args:
            memory, mask, max_length: As for `initial_state`.

        Returns:
            A function that computes what `step` computes, on the weights of this moment, and the state to begin with:
            that of `initial_state` without `memory`, `keys` and `mask`. The function takes `B * K` rows for any `K`, of
            which each `K` in succession belong to one row of `memory`: so `beam_search` lays them out. Call this method
            inside of the graph that runs the search.
        """
        state = self.initial_state(memory, mask, max_length)
        shared = {name: state.pop(name) for name in SHARED}
        move_on = self.lstm.step_over(self.embedding.embeddings)

        def step(tokens, state):
            hidden, cell = move_on(tokens, state["hidden"], state["cell"])
            return self._look_and_write(hidden, cell, state, shared)

        return step, state

    def _look_and_write(self, hidden, cell, state, shared):
        """The logits and the next state, once the LSTM has moved on to `hidden` and `cell`."""
        rows, width = ops.shape(shared["memory"])[0], hidden.shape[-1]
        context, weights = self.attention(  # (B, K, D), (B, K, Tx)
            [ops.reshape(hidden, (rows, -1, width)), shared["memory"]],
            mask=[None, shared["mask"]],
            keys=shared["keys"],
            return_attention_scores=True,
        )
        context, weights = (ops.reshape(x, (-1, ops.shape(x)[-1])) for x in (context, weights))
        logits = self._read_out(hidden, context, training=False)  # (B * K, V)

        room = ops.shape(state["attention"])[1]
        here = ops.expand_dims(ops.arange(room), 0) == ops.expand_dims(state["position"], 1)  # (B * K, max_length)
        seen = ops.where(ops.expand_dims(here, 2), ops.expand_dims(weights, 1), state["attention"])
        return logits, {
            **state,
            "hidden": hidden,
            "cell": cell,
            "position": state["position"] + 1,
            "attention": seen,
        }

    def compute_mask(self, inputs, mask=None):
        return self._masks(mask)[0]

    def compute_output_shape(self, input_shape):
        targets_shape, _ = _checked_pair(input_shape, "shapes")
        return (*targets_shape, self.vocabulary_size)

    def compute_output_spec(self, inputs, mask=None, training=None, return_attention_scores=False):
        targets, memory = _checked_pair(inputs, "inputs")
        self._masks(mask, memory.shape)
        logits = keras.KerasTensor((*targets.shape, self.vocabulary_size), dtype=self.compute_dtype)
        if return_attention_scores:
            return logits, keras.KerasTensor((*targets.shape, memory.shape[1]), dtype="float32")
        return logits

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "units": self.units,
            "embedding_units": self.embedding_units,
            "score": self.score,
            "dropout": self.dropout,
            "start_id": self.start_id,
            "seed": self.seed,
        }

    def _masks(self, mask, memory_shape=None):
        targets_mask, memory_mask = pair_of_masks("AttentionDecoder", mask, ("targets", "memory"))
        if memory_shape is not None:
            check_mask("AttentionDecoder", "memory", memory_mask, tuple(memory_shape)[:2])
        return targets_mask, memory_mask

    def _first_states(self, memory, mask):
        if mask is None:
            mean = ops.mean(memory, axis=1)  # (B, D)
        else:
            counts = ops.expand_dims(ops.cast(mask, "float32"), 2)  # (B, Tx, 1)
            total = ops.sum(memory * ops.cast(counts, memory.dtype), axis=1)  # (B, D)
            length = ops.maximum(ops.sum(counts, axis=1), 1)  # (B, 1), exact: bfloat16 cannot count past 256
            mean = ops.cast(ops.cast(total, "float32") / length, memory.dtype)
        hidden = self.bridge(mean)
        return [hidden, ops.zeros_like(hidden)]

    def _read_out(self, states, context, training):
        combined = self.combine(ops.concatenate([states, context], axis=-1))
        return self.logits(self.drop(combined, training=training))


def _checked_pair(pair, what):
    if not isinstance(pair, (list, tuple)) or len(pair) != 2 or any(x is None or isinstance(x, int) for x in pair):
        raise ValueError(f"AttentionDecoder expected the {what} of a list [targets, memory]. Received: {pair}")
    return pair
