"""An encoder-decoder network with attention, over any encoder."""

import keras
from keras import ops

from dlseq.decoding import average_variants
from dlseq.layers import AlignedDecoder, AttentionDecoder, InputFeedingDecoder
from dlseq.networks.network import Network
from dlseq.text.vocabulary import Vocabulary

__all__ = ["EncoderDecoder", "alignment_nats"]

DECODERS = {
    None: AttentionDecoder,
    "aligned": AlignedDecoder,
    "bahdanau": InputFeedingDecoder,
    "luong": InputFeedingDecoder,
}
"""Decoders by `feeding`."""

MIN_WEIGHT = 1e-9


@keras.saving.register_keras_serializable(package="dlseq")
class EncoderDecoder(Network):
    """An encoder and a decoder with attention, with the vocabularies of both sides.

    It computes with ids and arrays; a task adds the preprocessing. The encoder, the vocabularies, the sizes and the
    metadata are in its configuration, so one `.keras` file is enough.

    The decoder reads the end token first, as a language model does; so no symbol is needed that is never predicted.

    Args:
        encoder: A Keras layer that maps its input to a memory `(B, Tx, D)`, such as `TextEncoder`. Its `compute_mask`
            gives the mask of the memory, `(B, Tx)`, or `None`. A layer of your own must be registered with Keras. If
            it is built, so is the network; otherwise the first call builds both, the encoder by its `build`. One whose
            input is a dict of tensors, such as `SpeechEncoder`, has an `input_signature(batch_size, length)`.
        target: `Vocabulary.to_config()` of the output symbols.
        source: `Vocabulary.to_config()` of the input symbols, or `None` for an encoder of other data. Defaults to
            `None`.
        decoder_units: Width of the decoder's state. Defaults to `48`.
        score: Score of the attention. Defaults to `"general"`.
        feeding: `None` for an `AttentionDecoder`; "luong" or "bahdanau" for an `InputFeedingDecoder`, whose state reads
            the context; "aligned" for an `AlignedDecoder`, which is trained with `positions`. Defaults to `None`.
        location_size: Offsets of the location score of an `InputFeedingDecoder`, or 0 for none. Defaults to `0`.
        reach: The largest distance with an energy of its own in an `AlignedDecoder`. Defaults to `12`.
        guidance: Weight of the loss of attention in training, see `positions`. Defaults to `0.0`.
        dropout: Dropout before the logits. Defaults to `0.0`.
        metadata: Plain data about the model, such as its training and its scores. Defaults to `None`, which is `{}`.

    Call arguments:
        inputs: Dict of `source`, the input of the encoder, and `target`, integers `(B, Ty)`: the symbols to predict.
            `memory`, `(B, Tx, D)`, may stand in the place of `source`: the output of an encoder without a mask that
            is not trained any more, computed once. In training also `positions`, integers `(B, Ty)`, if `guidance` or
            `feeding="aligned"` asks for them: 1 plus the position of the memory that a symbol is aligned with, 0 for
            none. The mean cross-entropy of the attention against them is added to the loss (Chen et al., 2016,
            arXiv:1607.01628).
        return_attention_scores: Whether the weights `(B, Ty, Tx)` are returned too. Defaults to `False`.

    Returns:
        Logits `(B, Ty, V)`; `logits[:, t]` has read `target[:, :t]` only.

    Example:
        >>> from dlseq.layers import TextEncoder
        >>> letters, digits = Vocabulary("abc"), Vocabulary("0123456789")
        >>> encoder = TextEncoder(len(letters), units=8)
        >>> network = EncoderDecoder(encoder, digits.to_config(), source=letters.to_config(), decoder_units=8)
        >>> source, target = letters.encode_batch(["abc", "b"]), digits.encode_batch(["12", "34"])
        >>> tuple(network({"source": source, "target": target}).shape)
        (2, 2, 13)
    """

    def __init__(
        self,
        encoder,
        target,
        *,
        source=None,
        decoder_units=48,
        score="general",
        feeding=None,
        location_size=0,
        reach=12,
        guidance=0.0,
        dropout=0.0,
        metadata=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.source_vocabulary = None if source is None else Vocabulary.from_config(source)
        self.target_vocabulary = Vocabulary.from_config(target)
        self.decoder_units = decoder_units
        self.score = score
        self.feeding = feeding
        self.location_size = location_size
        self.reach = reach
        self.guidance = guidance
        self.dropout = dropout
        self.metadata = dict(metadata or {})
        if feeding not in DECODERS:
            raise ValueError(
                f"Invalid value for argument `feeding`. Expected one of {list(DECODERS)}. Received: feeding={feeding!r}"
            )
        decoder_class = DECODERS[feeding]
        has_loop = decoder_class is InputFeedingDecoder
        if guidance < 0:
            raise ValueError(
                f"Invalid value for argument `guidance`. Expected 0 or more. Received: guidance={guidance}"
            )
        if location_size and not has_loop:
            raise ValueError(
                "Invalid value for argument `location_size`. Expected 0 without the `feeding` of an "
                f"InputFeedingDecoder, as the decoder then computes all steps at once. Received: {location_size}"
            )
        options = {"feeding": feeding, "location_size": location_size} if has_loop else {}
        if decoder_class is AlignedDecoder:
            options = {"reach": reach}
        self.decoder = decoder_class(
            len(self.target_vocabulary),
            decoder_units,
            score=score,
            dropout=dropout,
            start_id=Vocabulary.eos_id,
            name="decoder",
            dtype=self.dtype_policy,
            **options,
        )
        source_shape = (encoder.get_build_config() or {}).get("input_shape") if encoder.built else None
        if source_shape is not None:
            self.build({"source": source_shape, "target": (None, None)})

    def build(self, input_shape):
        if not self.encoder.built:
            self.encoder.build(input_shape["source"])
        if not self.encoder.trainable:  # one from a configuration has sublayers that are trainable
            self.encoder.trainable = True  # Keras passes on a change only
            self.encoder.trainable = False
        memory_shape = self.encoder.compute_output_shape(input_shape["source"])  # (B, Tx, D)
        self.decoder.build([input_shape["target"], memory_shape])
        self._source_shape = input_shape["source"]
        self.built = True

    @property
    def needs_positions(self):
        """Boolean: training needs `positions` among the inputs."""
        return self.feeding == "aligned" or self.guidance > 0

    def call(self, inputs, training=False, return_attention_scores=False):
        if "memory" in inputs:
            memory, mask = inputs["memory"], None
        else:
            memory, mask = self._encode(inputs["source"], training=training)
        options = {"mask": [None, mask], "training": training}
        if not training or not self.needs_positions:
            pair = [inputs["target"], memory]
            return self.decoder(pair, return_attention_scores=return_attention_scores, **options)
        if "positions" not in inputs:
            raise ValueError(
                "EncoderDecoder expected `positions` among the inputs in training, because of its arguments `guidance` "
                f"or `feeding`. Received: {', '.join(inputs)}"
            )
        if self.feeding == "aligned":
            options["positions"] = inputs["positions"]
        logits, weights = self.decoder([inputs["target"], memory], return_attention_scores=True, **options)
        self.add_loss(self.guidance * alignment_nats(weights, inputs["positions"]))
        return (logits, weights) if return_attention_scores else logits

    def decode(self, source, search, max_length, variants=1):
        """Decode the target with a search of `dlseq.decoding`.

        Args:
            source: The input of the encoder, `(B, ...)`.
            search: `search(step, state, start_tokens, max_length=…)`, for example `greedy_search` with its other
                arguments filled in by `functools.partial`.
            max_length: Integer, the largest number of output symbols.
            variants: Integer. `source` has so many variants of each input next to each other, whose predictions are
                averaged, see `dlseq.decoding.average_variants`. Defaults to `1`.

        Returns:
            The result of the search, a `Decoded`; its `attention` has the weights `(B, max_length, Tx)`. With
            `variants`, it has `B / variants` rows.

        Raises:
            ValueError: `source` is symbolic (`keras.Input`). Decode in the `call` of a layer or model.
            DlseqError: `variants` is not positive, or does not divide the rows of `source`.
        """
        if any(isinstance(leaf, keras.KerasTensor) for leaf in keras.tree.flatten(source)):
            raise ValueError(
                "EncoderDecoder.decode expected a source of numbers. Received: a symbolic tensor (keras.Input). "
                "Decode in the `call` of a layer or model."
            )
        memory, mask = self._encode(source)
        step, state = self.decoder.prepared_step(memory, mask)
        if variants != 1:
            step, state = average_variants(step, state, variants)
        start = ops.full((ops.shape(memory)[0] // variants,), self.decoder.start_id, dtype="int32")
        return search(step, state, start, max_length=max_length)

    def input_signature(self, batch_size=None, source_length=None, target_length=None):
        """Return the specifications of the inputs, for `export`.

        Args:
            batch_size, source_length, target_length: Fixed sizes, or `None` for open ones. The length of a source with
                more than one axis of positions, such as an image, is that of the first call.

        Returns:
            A list with the dict of `keras.InputSpec` of `source` and `target`.
        """
        target = keras.InputSpec(shape=(batch_size, target_length), dtype="int32", name="target")
        if isinstance(self._source_shape, dict):
            return [{"source": self.encoder.input_signature(batch_size, source_length), "target": target}]
        shape = [batch_size, *self._source_shape[1:]]
        if len(shape) < 4:
            shape[1] = source_length
        dtype = self.encoder.compute_dtype if self.source_vocabulary is None else "int32"
        return [{"source": keras.InputSpec(shape=tuple(shape), dtype=dtype, name="source"), "target": target}]

    def get_config(self):
        return {
            **super().get_config(),
            "encoder": keras.saving.serialize_keras_object(self.encoder),
            "target": self.target_vocabulary.to_config(),
            "source": None if self.source_vocabulary is None else self.source_vocabulary.to_config(),
            "decoder_units": self.decoder_units,
            "score": self.score,
            "feeding": self.feeding,
            "location_size": self.location_size,
            "reach": self.reach,
            "guidance": self.guidance,
            "dropout": self.dropout,
            "metadata": dict(self.metadata),
        }

    @classmethod
    def from_arguments(cls, arguments):
        return cls(**{**arguments, "encoder": keras.saving.deserialize_keras_object(arguments["encoder"])})

    def _encode(self, source, training=False):
        """Return the memory `(B, Tx, D)` and its mask `(B, Tx)` or `None`."""
        return self.encoder(source, training=training), self.encoder.compute_mask(source, None)


def alignment_nats(weights, positions):
    """Return the mean cross-entropy in nats of attention weights against known positions.

    Args:
        weights: `(B, Ty, Tx)`, each row a distribution.
        positions: Integers `(B, Ty)`, 1 plus the known position of a step; a step with 0 is left out.

    Example:
        >>> weights = [[[0.5, 0.5], [0.9, 0.1], [0.0, 1.0]]]
        >>> round(float(alignment_nats(weights, [[1, 0, 2]])), 4)  # of 0.5 and 1
        0.3466
    """
    weights = ops.convert_to_tensor(weights)
    known = ops.one_hot(ops.cast(positions, "int32") - 1, ops.shape(weights)[2], dtype=weights.dtype)  # (B, Ty, Tx)
    nats = -ops.log(ops.maximum(ops.sum(weights * known, axis=2), MIN_WEIGHT))  # (B, Ty)
    counts = ops.cast(ops.not_equal(positions, 0), nats.dtype)
    return ops.sum(nats * counts) / ops.maximum(ops.sum(counts), 1)
