"""Task of transcribing speech: sound to words, many-to-many of different lengths."""

from collections.abc import Sequence

import numpy as np

from dlseq import metrics
from dlseq.data.speech import BANDS, FRAMES_PER_SECOND, Utterance
from dlseq.errors import DataError
from dlseq.layers import SpeechEncoder
from dlseq.networks.ctc_network import CTCNetwork
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.tasks.base import Task
from dlseq.tasks.preset import Splits
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.speech.attention_listener import AttentionListener
from dlseq.tasks.speech.ctc_listener import CTCListener
from dlseq.tasks.speech.presets import SpeechData
from dlseq.tasks.speech.transcript import Transcript
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.saving import load_network

__all__ = ["SpeechRecognizer"]

BEAM_WIDTH, MAX_ALTERNATIVES = 8, 3
DECODER_SIZES = {"decoder_units": 96, "feeding": "luong", "location_size": 7}


class SpeechRecognizer(Task):
    """Recognizer of spoken words: convolutions and bidirectional LSTMs over log-mel features, then one of two ways.

    `SpeechRecognizer.build` takes the sizes of `CTCNetwork`. With `decoder="attention"`, an `EncoderDecoder` over the
    same `SpeechEncoder` writes the words one after another, and looks at steps of the sound for each; it takes
    `decoder_units`, `feeding`, `location_size` and `score` too. With `encoder_from`, the name of a shipped model with
    CTC, the encoder is a copy of that one's, has no other sizes, and is trained on.

    Args:
        network: A `CTCNetwork`, or an `EncoderDecoder` of a `SpeechEncoder`; `build` makes a new one, `load` reads one
            from a file.

    Example:
        >>> from dlseq.data.speech import draw_utterances
        >>> utterances = draw_utterances(20, seed=0)
        >>> recognizer = SpeechRecognizer.build(utterances, filters=4, units=4)  # recognizer.fit(…) trains it
        >>> 0 <= recognizer.transcribe([utterances[0].levels])[0].probability <= 1
        True
    """

    network_class = CTCNetwork
    other_network_classes = (EncoderDecoder,)
    monitor, mode, monitor_label = "val_loss", "min", "loss"

    def __init__(self, network: CTCNetwork | EncoderDecoder):
        super().__init__(network)
        self._listener = (CTCListener if isinstance(network, CTCNetwork) else AttentionListener)(network)

    @property
    def decoder(self) -> str:
        """Return `"ctc"` or `"attention"`."""
        return "ctc" if isinstance(self._listener, CTCListener) else "attention"

    @classmethod
    def accepts(cls, network):
        return isinstance(network.encoder, SpeechEncoder)

    @classmethod
    def load_data(cls, data: SpeechData, *, seed: int) -> Splits:
        return data.load(seed)

    @classmethod
    def build_network(
        cls, examples: Sequence[Utterance], *, decoder="ctc", encoder_from=None, **sizes
    ) -> CTCNetwork | EncoderDecoder:
        words = {word for example in examples for word in example.text.split()}
        if not words:
            raise DataError("Expected at least one word in the texts. Received: none.")
        languages = {}
        for example in examples:
            languages.setdefault(example.language, set()).update(example.text.split())
        metadata = {"languages": {code: sorted(found) for code, found in sorted(languages.items()) if found}}
        vocabulary = Vocabulary(sorted(words), level="word").to_config()
        if decoder == "ctc":
            return CTCNetwork(vocabulary, BANDS, metadata=metadata, **sizes)
        own = {name: sizes.pop(name, default) for name, default in DECODER_SIZES.items()}
        own |= {name: sizes.pop(name) for name in ("score",) if name in sizes}
        own |= {name: sizes[name] for name in ("dropout",) if name in sizes}
        if encoder_from is None:
            encoder = SpeechEncoder(BANDS, **sizes, name="encoder")
            encoder.build({"levels": (None, None, BANDS), "frames": (None, None)})
        else:
            encoder = load_network(pretrained(encoder_from), CTCNetwork).encoder
        return EncoderDecoder(encoder, vocabulary, metadata=metadata, **own)

    def encode(self, examples: Sequence[Utterance]) -> tuple:
        """Return levels `(N, T, BANDS)` uint8 with the frames that are sound `(N, T)`, and ids `(N, L)`.

        With attention, the ids have an end token, and are among the inputs too, as `"target"` beside `"source"`.
        """
        rows = [example.text.split() for example in examples]
        for example, words in zip(examples, rows, strict=True):
            self._check(example, words)
        return self._listener.encode([example.levels for example in examples], rows)

    def _check(self, example, words):
        """Raise a DataError for a text that cannot be the transcript of its recording."""
        unknown = next((word for word in words if word not in self._listener.vocabulary), None)
        if unknown is not None:
            raise DataError(f"Expected words that the model knows. Received: {unknown!r} in {example.text!r:.60}.")
        if not len(example.levels):
            raise DataError("Expected recordings of at least one frame. Received: an empty one.")
        if self._listener.steps_needed(words) > self._listener.steps(example.levels):
            step, duration = (n / FRAMES_PER_SECOND for n in (self._listener.stride, len(example.levels)))
            raise DataError(
                f"Expected at most one word in {step} seconds, with a step between two that are equal. "
                f"Received: {len(words)} words in {duration:.2f} seconds: {example.text!r:.60}."
            )

    def compile_arguments(self) -> dict:
        return self._listener.compile_arguments()

    def score(self, examples: Sequence[Utterance]) -> dict[str, float]:
        """Return `word_error_rate`, `exact_match`, and `nats_per_utterance`, of the probability of the right text."""
        recordings, texts = [example.levels for example in examples], [example.text for example in examples]
        for example in examples:
            self._check(example, example.text.split())
        heard = [heard.texts[0][0] for heard in self._listener.hear(recordings, None, BEAM_WIDTH)]
        nats = self._listener.log_probs(recordings, [text.split() for text in texts])
        return {
            "word_error_rate": metrics.word_error_rate(heard, texts),
            "exact_match": metrics.exact_match(heard, texts),
            "nats_per_utterance": metrics.nats_per_symbol(nats, [1] * len(nats)),
        }

    @property
    def languages(self) -> list[str]:
        """Return the codes of the languages whose words the model knows; none if its recordings named none."""
        return [code for code in self.network.metadata["languages"] if code]

    def transcribe(
        self, recordings: Sequence[np.ndarray], *, language: str | None = None, beam_width: int = BEAM_WIDTH
    ) -> list[Transcript]:
        """Transcribe recordings, each in one language.

        1. `dlseq.decoding.ctc.ctc_beam_search` among the words of each language; with attention
           `dlseq.decoding.beam_search`, whose constraint is that all words belong to one language.
        2. The most probable of all texts found. Words of two languages can sound alike, such as French *oui* and Korean
           *위*, so a single word may be taken for one of another language if the language is not given.

        Args:
            recordings: features of each, `dlseq.data.speech.read_speech` of a file, uint8 `(T, BANDS)`.
            language: code of the language that is spoken; probabilities are those of its words alone then. Defaults to
                `None`, any that the model knows.
            beam_width: texts that the search keeps at each step. Defaults to `8`.

        Returns:
            A `Transcript` for each recording.

        Raises:
            DataError: A recording has another shape, or the model does not know the language.
        """
        if language is not None and language not in self.languages:
            known = (
                f"one of: {', '.join(self.languages)}" if self.languages else "none, as this model knows no languages"
            )
            raise DataError(f"Unknown language. Expected {known}. Received: {language}.")
        for levels in recordings:
            if levels.ndim != 2 or levels.shape[1] != BANDS or not len(levels):
                raise DataError(f"Expected features of the shape (T, {BANDS}). Received: {levels.shape}.")
        found = zip(recordings, self._listener.hear(recordings, language, beam_width), strict=True)
        return [self._transcript(levels, heard) for levels, heard in found]

    def _transcript(self, levels, heard):
        """Return the transcript of one recording."""
        (text, code, probability), *others = heard.texts
        return Transcript(
            text,
            probability,
            code,
            heard.words,
            tuple((other, chance) for other, _, chance in others[:MAX_ALTERNATIVES]),
            levels,
            heard.attention,
            self._listener.stride / FRAMES_PER_SECOND,
        )
