"""Recurrent decoder with attention to a memory."""

import keras
from keras import ops

from dlseq.layers._validation import check_choice, check_fraction, check_integer, check_mask, check_mask_pair
from dlseq.layers.attention import SCORES, AttentionLayer
from dlseq.layers.lstm import LSTM

__all__ = ["AttentionDecoder", "check_pair"]


@keras.saving.register_keras_serializable(package="dlseq")
class AttentionDecoder(keras.layers.Layer):
    """A recurrent decoder with attention that predicts one symbol per step.

    One step follows Luong's global attention:

    1. Update the state: `hidden, cell = LSTM(embed(previous symbol), hidden, cell)`.
    2. Attend with the state as the query: `context, weights = attention(hidden, memory)`.
    3. Predict from state and context: `logits = Dense(tanh(Dense([hidden; context])))`.

    The state does not depend on the context. With known targets, as in training, `call` therefore computes all states
    with one fused LSTM and the attention of all `Ty` steps with one matrix product. `step` computes a single step, for
    the searches of `dlseq.decoding`. Both compute the same function.

    The initial state is computed from the mean of the memory: `hidden = tanh(Dense(mean(memory)))`, `cell = 0`.

    Args:
        vocabulary_size: Positive integer, the number `V` of output symbols.
        units: Positive integer, the width of the state.
        embedding_units: Positive integer, the width of the embedding. Defaults to `None`, which is `units`.
        score: The score of the attention, as in `AttentionLayer`. Defaults to `"general"`.
        dropout: Float between 0 and 1, applied before the logits in training. Defaults to `0.0`.
        start_id: The input id of the first step. Defaults to `0`, the padding, which is never predicted; a vocabulary
            with an end token can use that.
        seed: Integer seed of the dropout. Defaults to `None`.

    Call arguments:
        inputs: List of these tensors:
            - `targets`, integers of shape `(B, Ty)`; `targets[:, t - 1]` is the input of step `t`.
            - `memory`, shape `(B, Tx, D)`.
        mask: List `[targets_mask, memory_mask]`. The first is only passed on to the loss; the second, `(B, Tx)`, is
            `False` where the memory is padding. Defaults to `None`.
        training: Boolean, applies dropout.
        return_attention_scores: Boolean, returns the weights of all steps as well. Defaults to `False`.

    Returns:
        Logits of shape `(B, Ty, V)`; with `return_attention_scores=True` also the weights, `(B, Ty, Tx)`, float32
        (float64 if that is the compute dtype).

    Raises:
        ValueError: an argument is invalid, or the inputs are not such a list.

    Reference:
        Luong, Pham and Manning, 2015, "Effective approaches to attention-based neural machine translation".

    Example:
        >>> decoder = AttentionDecoder(vocabulary_size=11, units=8)
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
        self.vocabulary_size = check_integer("vocabulary_size", vocabulary_size)
        self.units = check_integer("units", units)
        self.embedding_units = embedding_units
        if embedding_units is not None:
            check_integer("embedding_units", embedding_units)
        self.score = check_choice("score", score, SCORES)
        self.dropout = check_fraction("dropout", dropout)
        self.start_id = check_integer("start_id", start_id, at_least=0)
        if start_id >= vocabulary_size:
            raise ValueError(
                "Invalid value for argument `start_id`. Expected an id of the vocabulary, less than "
                f"vocabulary_size={vocabulary_size}. Received: start_id={start_id}"
            )
        self.seed = seed
        self.supports_masking = True
        self.autocast = False  # ids given as floats would lose digits in float16

        options = {"dtype": self.dtype_policy}
        self.embedding = keras.layers.Embedding(vocabulary_size, embedding_units or units, name="embedding", **options)
        self.bridge = keras.layers.Dense(units, activation="tanh", name="bridge", **options)
        self.lstm = LSTM(units, return_sequences=True, name="lstm", **options)
        self.attention = AttentionLayer(units, score=score, name="attention", **options)
        self.combine = keras.layers.Dense(units, activation="tanh", name="combine", **options)
        self.drop = keras.layers.Dropout(dropout, seed=seed, name="drop", **options)
        self.logits = keras.layers.Dense(vocabulary_size, name="logits", **options)

    def build(self, input_shape):
        targets_shape, memory_shape = check_pair(input_shape, "shapes")
        states_shape = (*targets_shape, self.units)  # (B, Ty, units)
        self.embedding.build(targets_shape)
        self.bridge.build((memory_shape[0], memory_shape[-1]))
        self.lstm.build((*targets_shape, self.embedding.output_dim))
        self.attention.build([states_shape, memory_shape])
        self.combine.build((*targets_shape, self.units + memory_shape[-1]))
        self.logits.build(states_shape)

    def call(self, inputs, mask=None, training=False, return_attention_scores=False):
        targets, memory = check_pair(inputs, "inputs")
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

    def initial_state(self, memory, mask=None):
        """Return the initial decoder state.

        Args:
            memory: Tensor of shape `(B, Tx, D)`.
            mask: Boolean tensor `(B, Tx)`, `False` where the memory is padding. Defaults to `None`.

        Returns:
            A dict of tensors with the batch as the first axis: `memory`, its projected `keys`, its `mask`, and the
            `hidden` and `cell` states.

        Raises:
            ValueError: the decoder is not built yet, or the mask has another shape.
        """
        if not self.built:
            raise ValueError(
                f"{self.__class__.__name__}.initial_state needs the decoder's weights, and they are made at the first "
                "call. Call the decoder once, or call decoder.build([targets_shape, memory_shape]), such as "
                "decoder.build([(None, None), memory.shape])."
            )
        memory = ops.cast(memory, self.compute_dtype)
        check_mask("AttentionDecoder", "memory", mask, memory.shape[:2])
        hidden, cell = self._first_states(memory, mask)
        return {
            "memory": memory,
            "keys": self.attention.project(memory),
            "mask": ops.ones_like(memory[:, :, 0], dtype="bool") if mask is None else ops.cast(mask, "bool"),
            "hidden": hidden,
            "cell": cell,
        }

    def step(self, tokens, state):
        """Compute one decoder step, following the step protocol of `dlseq.decoding`.

        Args:
            tokens: Integers of shape `(B,)`: the previous symbols, or `start_id` in the first step.
            state: The state returned by `initial_state` or by the previous step.

        Returns:
            Logits of shape `(B, V)`, the next state, and the outputs: `{"attention": weights}`, weights `(B, Tx)`.
        """
        hidden, cell = self.lstm.step(self.embedding(tokens), state["hidden"], state["cell"])
        context, weights = self._attend(ops.expand_dims(hidden, 1), state)  # (B, 1, D), (B, 1, Tx)
        logits = self._read_out(hidden, ops.squeeze(context, axis=1), training=False)
        return logits, {**state, "hidden": hidden, "cell": cell}, {"attention": ops.squeeze(weights, axis=1)}

    def prepared_step(self, memory, mask=None):
        """Return a `step` for a search over several paths per source, with the memory outside the state.

        The paths of a source share one memory, which is neither copied nor reordered, and one matrix product computes
        the attention of all paths. The input projection of the LSTM is precomputed.

        Args:
            memory, mask: As for `initial_state`.

        Returns:
            A function equivalent to `step` with the current weights, and the initial state: `hidden` and `cell`. The
            function accepts `B * K` rows for any `K`; each group of `K` consecutive rows belongs to one row of
            `memory`, as in `beam_search`. Call this method inside the graph that runs the search.

        Raises:
            ValueError: the decoder is not built yet, the mask has another shape, or `memory` is symbolic
                (`keras.Input`): a functional model would keep the weights of today. Put the search into the `call` of
                a layer or model.
        """
        self._check_numbers(memory)
        shared = self.initial_state(memory, mask)
        state = {name: shared.pop(name) for name in ("hidden", "cell")}
        # The layer is asked for its table: the variable of a quantized one holds integers.
        lstm_step = self.lstm.step_over(self.embedding(ops.arange(self.vocabulary_size, dtype="int32")))

        def step(tokens, state):
            hidden, cell = lstm_step(tokens, state["hidden"], state["cell"])  # (B * K, units)
            count, rows = ops.shape(hidden)[0], ops.shape(shared["memory"])[0]
            paths = count // (max(rows, 1) if isinstance(rows, int) else ops.maximum(rows, 1))  # K; no rows, no paths
            found = self._attend(ops.reshape(hidden, (rows, paths, hidden.shape[-1])), shared)
            context, weights = (ops.reshape(x, (count, ops.shape(x)[-1])) for x in found)  # (B * K, D), (B * K, Tx)
            logits = self._read_out(hidden, context, training=False)
            return logits, {"hidden": hidden, "cell": cell}, {"attention": weights}

        return step, state

    def _attend(self, query, shared):
        """Return the context `(B, K, D)` and the weights `(B, K, Tx)` of queries `(B, K, units)`."""
        return self.attention(
            [query, shared["memory"]],
            mask=[None, shared["mask"]],
            keys=shared["keys"],
            return_attention_scores=True,
        )

    def compute_mask(self, inputs, mask=None):
        return self._masks(mask)[0]

    def compute_output_shape(self, input_shape):
        targets_shape, _ = check_pair(input_shape, "shapes")
        return (*targets_shape, self.vocabulary_size)

    def compute_output_spec(self, inputs, mask=None, training=None, return_attention_scores=False):
        targets, memory = check_pair(inputs, "inputs")
        self._masks(mask, memory.shape)
        logits = keras.KerasTensor((*targets.shape, self.vocabulary_size), dtype=self.compute_dtype)
        if return_attention_scores:
            return logits, keras.KerasTensor((*targets.shape, memory.shape[1]), dtype=self.attention.softmax_dtype)
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
        targets_mask, memory_mask = check_mask_pair("AttentionDecoder", mask, ("targets", "memory"))
        if memory_shape is not None:
            check_mask("AttentionDecoder", "memory", memory_mask, tuple(memory_shape)[:2])
        return targets_mask, memory_mask

    def _check_numbers(self, memory):
        if isinstance(memory, keras.KerasTensor):
            raise ValueError(
                f"{self.__class__.__name__}.prepared_step expected a tensor of numbers. Received: a symbolic tensor "
                "(keras.Input). Search in the `call` of a layer or model, or over `step` and `initial_state`."
            )

    def _first_states(self, memory, mask):
        if mask is None and memory.shape[1]:
            mean = ops.mean(memory, axis=1)  # (B, D)
        else:
            wide = self.attention.softmax_dtype  # bfloat16 cannot count past 256
            present = ops.ones_like(memory[:, :, :1], dtype=wide) if mask is None else ops.expand_dims(mask, 2)
            present = ops.cast(present, wide)  # (B, Tx, 1)
            total = ops.sum(ops.cast(memory, wide) * present, axis=1)  # (B, D)
            mean = ops.cast(total / ops.maximum(ops.sum(present, axis=1), 1), memory.dtype)  # of nothing: zeros
        hidden = self.bridge(mean)
        return [hidden, ops.zeros_like(hidden)]

    def _read_out(self, states, context, training):
        combined = self.combine(ops.concatenate([states, context], axis=-1))
        return self.logits(self.drop(combined, training=training))


def check_pair(pair, kind):
    """Return a list `[targets, memory]`, or of their shapes.

    Raises:
        ValueError: `pair` is no such list.

    Example:
        >>> check_pair([(2, 3), (2, 5, 6)], "shapes")
        [(2, 3), (2, 5, 6)]
    """
    if not isinstance(pair, (list, tuple)) or len(pair) != 2 or any(x is None or isinstance(x, int) for x in pair):
        raise ValueError(f"AttentionDecoder expected the {kind} of a list [targets, memory]. Received: {pair}")
    return pair
