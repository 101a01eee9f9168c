"""The network that reads one sequence and writes another."""

import keras
from keras import ops

from dlseq.layers import AttentionDecoder, TextEncoder
from dlseq.text.vocabulary import Vocabulary

__all__ = ["EncoderDecoder"]


@keras.saving.register_keras_serializable(package="dlseq")
class EncoderDecoder(keras.Model):
    """A `TextEncoder` and an `AttentionDecoder`, with the vocabularies of both sides.

    It knows ids, not texts: `DateNormalizer` puts the texts around it. What a reader of the file needs (the
    vocabularies, the sizes, metadata of the training) is in its configuration, so one `.keras` file is enough.

    Args:
        source: `Vocabulary.to_config()` of what is read.
        target: `Vocabulary.to_config()` of what is written.
        units: Width of the encoder. Defaults to `32`.
        depth: Convolutions in the encoder. Defaults to `2`.
        kernel_size: Symbols that a convolution reads. Defaults to `5`.
        recurrent_units: Width of the encoder's LSTM in each direction, or `0` for none. Defaults to `0`.
        decoder_units: Width of the decoder's state. Defaults to `48`.
        score: The attention's score. Defaults to `"general"`.
        dropout: Dropped before the logits in training. Defaults to `0.0`.
        metadata: Plain data about the model: how it was trained, what it scored. Defaults to `None`, which is `{}`.

    Call arguments:
        inputs: Dict of `source`, integers `(B, Tx)`, and `target`, integers `(B, Ty)`: what is to be written.
        return_attention_scores: Whether the weights `(B, Ty, Tx)` are returned too. Defaults to `False`.

    Returns:
        Logits `(B, Ty, V)`; `logits[:, t]` has read `target[:, :t]` only.

    Example:
        >>> letters, digits = Vocabulary("abc"), Vocabulary("0123456789")
        >>> network = EncoderDecoder(letters.to_config(), digits.to_config(), units=8, decoder_units=8)
        >>> source, target = letters.encode_batch(["abc", "b"]), digits.encode_batch(["12", "34"])
        >>> tuple(network({"source": source, "target": target}).shape)
        (2, 2, 13)
    """

    def __init__(
        self,
        source,
        target,
        units=32,
        depth=2,
        kernel_size=5,
        recurrent_units=0,
        decoder_units=48,
        score="general",
        dropout=0.0,
        metadata=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.sizes = {
            "units": units,
            "depth": depth,
            "kernel_size": kernel_size,
            "recurrent_units": recurrent_units,
            "decoder_units": decoder_units,
            "score": score,
            "dropout": dropout,
        }
        self.source_vocabulary = Vocabulary.from_config(source)
        self.target_vocabulary = Vocabulary.from_config(target)
        self.metadata = dict(metadata or {})
        self.encoder = TextEncoder(
            len(self.source_vocabulary), units, depth, kernel_size, recurrent_units, name="encoder"
        )
        self.decoder = AttentionDecoder(
            len(self.target_vocabulary), decoder_units, score=score, dropout=dropout, name="decoder"
        )
        self.encoder.build((None, None))
        self.decoder.build([(None, None), self.encoder.compute_output_shape((None, None))])
        self.built = True

    def call(self, inputs, training=False, return_attention_scores=False):
        source, target = inputs["source"], inputs["target"]
        return self.decoder(
            [target, self.encoder(source)],
            mask=[None, self.encoder.compute_mask(source)],
            training=training,
            return_attention_scores=return_attention_scores,
        )

    def decode(self, source, search, max_length):
        """Decode the target with a search of `dlseq.decoding`.

        Args:
            source: Integers `(B, Tx)`.
            search: `search(step, state, start_tokens, max_length=…)`, for example `greedy_search` with its other
                arguments filled in by `functools.partial`.
            max_length: Integer, the largest number of output symbols.

        Returns:
            The result of the search, a `Decoded`; its `attention` has the weights `(B, max_length, Tx)`.
        """
        memory, mask = self.encoder(source), self.encoder.compute_mask(source)
        step, state = self.decoder.prepared_step(memory, mask)
        start = ops.full((ops.shape(source)[0],), self.decoder.start_id, dtype="int32")
        return search(step, state, start, max_length=max_length)

    def get_config(self):
        return {
            **super().get_config(),
            "source": self.source_vocabulary.to_config(),
            "target": self.target_vocabulary.to_config(),
            **self.sizes,
            "metadata": dict(self.metadata),
        }
