"""Tagger of DNA: labels of bases from both strands and their six reading frames."""

import keras
import numpy as np
from keras import ops

from dlseq.layers import LSTM
from dlseq.networks.network import Network

__all__ = ["GeneTagger"]

BASES, PAD, UNKNOWN = 4, 0, 5
"""Number of bases; ids of padding and of a base that is not known. The bases are 1 to 4, complements sum to 5."""
NEVER = -1e9  # logit of padding; finite, so that a masked loss is a number
CODON = 3


@keras.saving.register_keras_serializable(package="dlseq")
class GeneTagger(Network):
    """A network from bases to labels, many-to-many, that reads both strands with the same weights.

    1. The sequence and its reverse complement become two rows.
    2. Each base: an embedding of the word of `word_bases` bases that begins there, beside a convolution of
       `signal_bases` bases around it, for signals such as splice sites; a second convolution over both.
    3. Each row is folded into its three reading frames, one step a codon, which a bidirectional LSTM reads: six
       frames, each with the same weights. A stop codon ends a frame, so its state knows how long one is open.
    4. Unfolded again, a last convolution joins the frames of a strand.
    5. The logits of a strand's labels see the features of this strand beside those of the other one, with the same
       weights for both strands; the logit of label 0, "between genes", their sum.

    So the logits of the reverse complement are those of the sequence, reversed, with the labels of the strands
    exchanged.

    Args:
        parts: Integer, the number of labels of each strand.
        word_bases: Integer, the length of a word. Defaults to `6`.
        word_units: Integer, the width of its embedding. Defaults to `24`.
        signal_bases: Integer, the width of the first convolution. Defaults to `19`.
        filters: Integer, the features of each convolution. Defaults to `48`.
        units: Integer, the units of the LSTM in each direction. Defaults to `32`.
        dropout: Float, the fraction of the features dropped in training. Defaults to `0.1`.
        grammar: Dict of the arguments of the grammar that decodes its labels. Defaults to `None`, which is `{}`.
        metadata: Plain data about the model. Defaults to `None`, which is `{}`.

    Call arguments:
        inputs: Integers `(B, T)`: 1 to 4 for A, C, G and T, 5 for an unknown base, 0 for padding at the end.

    Returns:
        Logits `(B, T, 2 + 2 * parts)`: padding, label 0, labels of the forward strand, labels of the reverse strand.

    Example:
        >>> network = GeneTagger(8, filters=4, units=4, word_units=4)
        >>> tuple(network(np.array([[1, 4, 3, 2, 5], [4, 4, 4, 0, 0]])).shape)
        (2, 5, 18)
    """

    def __init__(
        self,
        parts,
        word_bases=6,
        word_units=24,
        signal_bases=19,
        filters=48,
        units=32,
        dropout=0.1,
        grammar=None,
        metadata=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.parts = parts
        self.sizes = {
            "word_bases": word_bases,
            "word_units": word_units,
            "signal_bases": signal_bases,
            "filters": filters,
            "units": units,
            "dropout": dropout,
        }
        self.grammar, self.metadata = dict(grammar or {}), dict(metadata or {})
        options = {"dtype": self.dtype_policy}
        self.words = keras.layers.Embedding(BASES**word_bases + 1, word_units, name="words", **options)
        self.signals = keras.layers.Conv1D(filters, signal_bases, padding="same", name="signals", **options)
        self.bases = keras.layers.Conv1D(filters, 7, padding="same", activation="relu", name="bases", **options)
        recurrent = LSTM(units, return_sequences=True, name="lstm", **options)
        self.frames = keras.layers.Bidirectional(recurrent, name="frames", **options)
        self.joined = keras.layers.Conv1D(filters, 5, padding="same", activation="relu", name="joined", **options)
        self.dropping = keras.layers.SpatialDropout1D(dropout, name="dropping", **options)
        wide = "float64" if self.compute_dtype == "float64" else "float32"
        self.between = keras.layers.Dense(1, dtype=wide, name="between")
        self.labels = keras.layers.Dense(parts, dtype=wide, name="labels")
        self.words.build((None, None))
        self.signals.build((None, None, BASES))
        self.bases.build((None, None, filters + word_units))
        self.frames.build((None, None, filters))
        self.joined.build((None, None, filters + 2 * units))
        self.between.build((None, None, filters))
        self.labels.build((None, None, 2 * filters))
        self.built = True

    def call(self, inputs, training=False):
        ids = ops.cast(inputs, "int32")
        is_base = ops.logical_and(ids != PAD, ids != UNKNOWN)
        order = self._reverse_order(ids)
        complement = ops.take_along_axis(ops.where(is_base, UNKNOWN - ids, ids), order, axis=1)
        features = self._strand_features(ops.concatenate([ids, complement], axis=0), training)
        forward, reverse = ops.split(features, 2, axis=0)  # (B, T, F) each
        reverse = ops.take_along_axis(reverse, ops.expand_dims(order, 2), axis=1)
        between = self.between(forward + reverse)
        logits = [
            ops.full_like(between, NEVER),
            between,
            self.labels(ops.concatenate([forward, reverse], axis=-1)),
            self.labels(ops.concatenate([reverse, forward], axis=-1)),
        ]
        return ops.concatenate(logits, axis=-1)

    @staticmethod
    def _reverse_order(ids):
        """Return positions `(B, T)` that turn the bases of each row around and leave its padding at the end."""
        positions = ops.arange(ops.shape(ids)[1], dtype="int32")
        lengths = ops.sum(ops.cast(ids != PAD, "int32"), axis=1, keepdims=True)
        return ops.where(positions < lengths, lengths - 1 - positions, positions)

    def _strand_features(self, ids, training):
        """Return the features `(2B, T, F)` of rows that are read from left to right; 0 in padding."""
        length = ops.shape(ids)[1]
        ids = ops.pad(ids, ((0, 0), (0, -length % CODON)))
        mask = ids != PAD
        kept = ops.expand_dims(ops.cast(mask, self.compute_dtype), 2)
        one_hot = ops.cast(ops.expand_dims(ids, 2) == np.arange(1, BASES + 1), self.compute_dtype)
        found = ops.concatenate([ops.relu(self.signals(one_hot)), self.words(self._word_ids(ids))], axis=-1) * kept
        found = self.bases(found) * kept  # (2B, T', F)
        read = self._read_frames(found, mask) * kept  # (2B, T', 2U)
        joined = self.joined(self.dropping(ops.concatenate([found, read], axis=-1), training=training))
        return joined[:, :length]

    def _read_frames(self, found, mask):
        """Return the outputs of the LSTM `(2B, T', 2U)`, which reads each of the three frames codon by codon."""
        codons, width = ops.shape(found)[1] // CODON, found.shape[-1]

        def fold(array, shape):
            folded = ops.transpose(
                ops.reshape(array, (-1, codons, CODON, *shape)), (0, 2, 1, *range(3, 3 + len(shape)))
            )
            return ops.reshape(folded, (-1, codons, *shape))

        read = self.frames(fold(found, (width,)), mask=fold(mask, ()))  # (6B, T' / 3, 2U)
        read = ops.transpose(ops.reshape(read, (-1, CODON, codons, read.shape[-1])), (0, 2, 1, 3))
        return ops.reshape(read, (-1, codons * CODON, read.shape[-1]))

    def _word_ids(self, ids):
        """Return the number of the word that begins at each base, 0 if one of its bases is not known."""
        count = self.sizes["word_bases"]
        padded = ops.pad(ids, ((0, 0), (0, count - 1)))
        length = ops.shape(ids)[1]
        numbers, known = ops.zeros_like(ids), ops.ones_like(ids, dtype="bool")
        for place in range(count):
            letters = padded[:, place : place + length]
            known = ops.logical_and(known, ops.logical_and(letters != PAD, letters != UNKNOWN))
            numbers = BASES * numbers + letters - 1
        return ops.where(known, numbers + 1, 0)

    def input_signature(self, batch_size=None, length=None):
        """Return the specification of the input, for `export`; a size of `None` stays open."""
        return [keras.InputSpec(shape=(batch_size, length), dtype="int32", name="bases")]

    def get_config(self):
        return {
            **super().get_config(),
            "parts": self.parts,
            "grammar": dict(self.grammar),
            "metadata": dict(self.metadata),
            **self.sizes,
        }
