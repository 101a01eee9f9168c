"""Network from sound to symbols by connectionist temporal classification (CTC)."""

import keras
from keras import ops

from dlseq.layers import SpeechEncoder
from dlseq.networks.network import Network
from dlseq.text.vocabulary import Vocabulary

__all__ = ["CTCNetwork"]

ENCODER_ARGUMENTS = (
    "bands",
    "strides",
    "filters",
    "units",
    "depth",
    "dropout",
    "mean_normalization",
    "frequency_masks",
    "channels",
)
NEVER = -1e9  # logit of a symbol that cannot be; finite, so that sums of it are numbers
BLANK_LOGIT = 7.0


def _blank_first(shape, dtype=None):
    """Return biases with which an untrained network writes hardly anything.

    With equal probabilities, the first hundred steps of training would teach nothing but to write less, and leave
    features that are the same for all sounds.
    """
    return ops.cast(ops.arange(shape[0]) == 0, dtype or "float32") * BLANK_LOGIT


@keras.saving.register_keras_serializable(package="dlseq")
class CTCNetwork(Network):
    """A network from frames of sound to fewer symbols, whose places nobody has marked.

    1. A `SpeechEncoder`: convolutions with strides, after which `stride` frames are one step, `S = ceil(T / stride)`,
       and LSTMs that read in both directions.
    2. Logits of all symbols at each step, `(B, S, V)`; id 0 is the blank, for steps that write nothing.

    The text of a path through the steps is what remains after repeated symbols are joined and blanks removed;
    `keras.losses.CTC` sums over all paths of the target, and `dlseq.decoding.ctc` finds texts. That loss takes all
    steps of a batch as sound. So a step of padding has the blank with probability 1, which leaves the probability of
    each text as it is without padding.

    Args:
        vocabulary: `Vocabulary.to_config()` of the symbols.
        bands: Features of a frame. Defaults to `40`.
        strides: Stride of each convolution. Defaults to `(2, 2, 2)`.
        filters: Features after each convolution. Defaults to `96`.
        units: Units of each LSTM in each direction. Defaults to `96`.
        depth: Number of layers of LSTMs. Defaults to `1`.
        dropout: Fraction of the features dropped in training. Defaults to `0.1`.
        mean_normalization: Boolean, subtracts the mean of each band over the recording. Defaults to `False`.
        frequency_masks: Runs of bands that are masked in each recording in training. Defaults to `0`.
        channels: Channels of the first convolutions, those over time and bands. Defaults to `()`.
        metadata: Plain data about the model. Defaults to `None`, which is `{}`.

    Call arguments:
        inputs: Dict of `"levels"`, loudness in decibels `(B, T', D)`, and `"frames"`, integers `(B, T)` with 1 for
            sound and 0 for padding at the end, `T` at most `T'`.

    Returns:
        Logits `(B, ceil(T / stride), V)`.

    Reference:
        Graves et al., 2006, "Connectionist temporal classification: labelling unsegmented sequence data with recurrent
        neural networks".

    Example:
        >>> words = Vocabulary(["one", "two"], level="word")
        >>> network = CTCNetwork(words.to_config(), bands=3, filters=4, units=4)
        >>> inputs = {"levels": ops.ones((2, 10, 3)), "frames": ops.ones((2, 10), "int32")}
        >>> tuple(network(inputs).shape)
        (2, 2, 5)
    """

    def __init__(
        self,
        vocabulary,
        bands=40,
        strides=(2, 2, 2),
        filters=96,
        units=96,
        depth=1,
        dropout=0.1,
        mean_normalization=False,
        frequency_masks=0,
        channels=(),
        metadata=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.vocabulary = Vocabulary.from_config(vocabulary)
        self.metadata = dict(metadata or {})
        self.encoder = SpeechEncoder(
            bands,
            strides=strides,
            filters=filters,
            units=units,
            depth=depth,
            dropout=dropout,
            mean_normalization=mean_normalization,
            frequency_masks=frequency_masks,
            channels=channels,
            name="encoder",
            dtype=self.dtype_policy,
        )
        wide = "float64" if self.compute_dtype == "float64" else "float32"
        self.logits = keras.layers.Dense(len(self.vocabulary), dtype=wide, bias_initializer=_blank_first, name="logits")
        self.encoder.build({"levels": (None, None, bands), "frames": (None, None)})
        self.logits.build((None, None, 2 * units))
        self.built = True

    def call(self, inputs, training=False):
        logits = self.logits(self.encoder(inputs, training=training))  # (B, S, V)
        ids = ops.arange(len(self.vocabulary), dtype="int32")
        never = ops.logical_or(ids == Vocabulary.unk_id, ids == Vocabulary.eos_id)
        padded = ops.logical_not(ops.expand_dims(self.encoder.compute_mask(inputs), 2))
        never = ops.logical_or(never, ops.logical_and(padded, ids != 0))
        return ops.where(never, ops.cast(NEVER, logits.dtype), logits)

    @property
    def stride(self):
        """Return the number of frames of a step."""
        return self.encoder.stride

    def input_signature(self, batch_size=None, length=None):
        """Return the specification of the input, for `export`; a size of `None` stays open."""
        return [self.encoder.input_signature(batch_size, length)]

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary": self.vocabulary.to_config(),
            "metadata": dict(self.metadata),
            **{name: getattr(self.encoder, name) for name in ENCODER_ARGUMENTS},
        }
