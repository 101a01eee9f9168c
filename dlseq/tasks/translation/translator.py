"""Task of translation: sentences of one language to sentences of another, with the attention of each word."""

import functools
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.translations import TranslationPair
from dlseq.decoding import beam_search, compiled, greedy_search
from dlseq.decoding.batching import batches_by_length
from dlseq.errors import DataError
from dlseq.layers import LastStateEncoder, TextEncoder
from dlseq.networks.encoder_decoder import EncoderDecoder
from dlseq.tasks.alternatives import distinct_alternatives
from dlseq.tasks.base import Task
from dlseq.tasks.preset import Splits
from dlseq.tasks.translation.alignments import aligned_positions, copied_words
from dlseq.tasks.translation.presets import TranslationData
from dlseq.tasks.translation.result import Translation
from dlseq.tasks.translation.splits import load_translation_splits
from dlseq.tasks.translation.words import (
    GLUE,
    Speller,
    Word,
    detokenize,
    mid_sentence_words,
    shown,
    source_words,
    target_words,
    truecase,
)
from dlseq.text.vocabulary import Vocabulary, is_punctuation
from dlseq.training.losses_metrics import ExactMatch, MaskedCrossEntropy

__all__ = ["Translator"]

ENCODER_SIZES = ("units", "depth", "kernel_size", "recurrent_units", "keep_embedding")
MAX_SYMBOLS = 12_000  # of a vocabulary; rarer words are unknown
MAX_WORDS = 200  # of a sentence
MAX_LENGTHS = (64, 128, 320)  # of an output, in words: few, because each is a graph of its own
COPIED_EVERY = 8  # one training pair of so many has a name that both sides know as a word to be copied
MAX_BEAM_ROWS = 100  # of a batch of beam search: one late row holds up the others
FULL_STOP = "."
UNKNOWN = Vocabulary.unk_id
MIN_COMPILED_TEXTS = 9  # fewer are decoded before a graph would have been traced


class _Sentence(NamedTuple):
    """A sentence as the network reads it."""

    words: list[Word]
    spelled: list[str]  # as in the vocabulary, where it has the word
    has_added_stop: bool


class Translator(Task):
    """Model that translates sentences word by word, and copies words that it does not know.

    `Translator.build` takes as sizes the arguments of `TextEncoder`: `units`, `depth`, `kernel_size`,
    `recurrent_units`, `keep_embedding`; and of `EncoderDecoder`: `decoder_units`, `score`, `feeding`, `reach`,
    `dropout`. With `attention=False` the decoder reads the last state of the source alone; then the first are those of
    `LastStateEncoder`: `units` and `recurrent_units`.

    In one training pair of eight, a name is the unknown word on both sides. So the network learns to write the unknown
    word where the source has one, and the word with the largest attention is copied (Luong et al., "Addressing the rare
    word problem in neural machine translation", 2015, arXiv:1410.8206).

    Args:
        network: An `EncoderDecoder`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.data.translations import translation_pairs
        >>> pairs = translation_pairs(60, "fr", seed=1, max_words=8)
        >>> translator = Translator.build(pairs, units=16, decoder_units=16)  # translator.fit(…) trains it
        >>> [translation] = translator.translate(["Jane visite l'Afrique."])
        >>> translation.source_words
        ('Jane', 'visite', "l'", 'Afrique', '.')
    """

    network_class = EncoderDecoder
    monitor, mode, monitor_label = "val_exact_match", "max", "exact match"

    def __init__(self, network: EncoderDecoder):
        super().__init__(network)
        self._speller = Speller(network.source_vocabulary.symbols)
        self._compiled_searches = {}

    @classmethod
    def accepts(cls, network):
        return network.source_vocabulary is not None and network.source_vocabulary.level == "word"

    @classmethod
    def load_data(cls, data: TranslationData, *, seed: int) -> Splits:
        return load_translation_splits(data, seed=seed)

    @classmethod
    def build_network(cls, examples: Sequence[TranslationPair], **sizes) -> EncoderDecoder:
        sources = [[word.text for word in source_words(pair.source)] for pair in examples]
        targets = [target_words(pair.target) for pair in examples]
        source, target = (
            Vocabulary.from_texts((truecase(words, known) for words in sentences), level="word", max_size=MAX_SYMBOLS)
            for sentences, known in ((side, mid_sentence_words(side)) for side in (sources, targets))
        )
        encoder_sizes = {"units": 64} | {name: sizes.pop(name) for name in ENCODER_SIZES if name in sizes}
        encoder_class = TextEncoder if sizes.pop("attention", True) else LastStateEncoder
        encoder = encoder_class(len(source), **encoder_sizes, name="encoder")
        encoder.build((None, None))
        return EncoderDecoder(encoder, target.to_config(), source=source.to_config(), **sizes)

    def encode(self, examples: Sequence[TranslationPair]) -> tuple:
        """Return `{"source": (N, Tx), "target": (N, Ty)}` and the target again, with end tokens.

        In some pairs, a name is the unknown word on both sides.
        """
        network = self.network
        sources = network.source_vocabulary.encode_rows(
            [self._read(pair.source, f"source {row}").spelled for row, pair in enumerate(examples)]
        )
        targets = [truecase(target_words(pair.target), network.target_vocabulary) for pair in examples]
        if not all(targets):
            raise DataError(f"Expected a translation at position {targets.index([])}. Received: an empty text.")
        targets = network.target_vocabulary.encode_rows(targets, eos=True)
        for row, pair in enumerate(examples):
            if zlib.crc32(pair.source.encode()) % COPIED_EVERY == 0:
                places = copied_words(pair)
                if places:
                    chosen = zlib.crc32(pair.target.encode()) % len(places)
                    targets[row, places[chosen][0]] = sources[row, places[chosen][1]] = UNKNOWN
        inputs = {"source": sources, "target": targets}
        if network.needs_positions:
            inputs["positions"] = aligned_positions(examples, sources, targets)
        return inputs, targets

    def compile_arguments(self) -> dict:
        return {"loss": MaskedCrossEntropy(), "metrics": [ExactMatch()]}

    def score(self, examples: Sequence[TranslationPair]) -> dict[str, float]:
        """Return `exact_match`, the share of pairs that greedy search translates right in every character."""
        found = self.translate([pair.source for pair in examples])
        return {
            "exact_match": metrics.exact_match(
                [translation.target for translation in found], [pair.target for pair in examples]
            )
        }

    def translate(
        self,
        texts: Sequence[str],
        *,
        beam_width: int = 1,
        length_penalty: float = 0.0,
        penalty: str = "gnmt",
    ) -> list[Translation]:
        """Translate sentences.

        Args:
            texts: N sentences, none of them empty.
            beam_width: 1 for greedy search, more for beam search, which finds as many alternatives.
            length_penalty: The exponent of the length penalty of beam search. Defaults to `0.0`.
            penalty: Its form, "gnmt" or "length", see `dlseq.decoding.beam_search`. Defaults to `"gnmt"`.

        Returns:
            A `Translation` for each sentence.

        Raises:
            DataError: A sentence is empty or has more than 200 words.
        """
        sentences = [self._read(text, f"text {row + 1}") for row, text in enumerate(texts)]
        options = {"beam_width": beam_width, "length_penalty": length_penalty, "penalty": penalty}
        translations: list = [None] * len(texts)
        limits = {"max_rows": MAX_BEAM_ROWS} if beam_width > 1 else {}
        for rows, width in batches_by_length([len(sentence.words) for sentence in sentences], **limits):
            batch = [sentences[row] for row in rows]
            source = self.network.source_vocabulary.encode_rows([sentence.spelled for sentence in batch], length=width)
            decoded = self._search(options, width, len(texts))(source)
            if beam_width == 1:
                ids, log_probs = (ops.convert_to_numpy(x)[:, None] for x in (decoded.ids, decoded.log_probs))
            else:
                best = decoded.hypotheses
                ids, log_probs = (ops.convert_to_numpy(x) for x in (best.ids, best.log_probs))  # (B, N, T), (B, N)
            probabilities = np.exp(log_probs.astype(np.float64))
            attention = ops.convert_to_numpy(decoded.attention)  # (B, T, Tx)
            for place, (row, sentence) in enumerate(zip(rows, batch, strict=True)):
                written = [
                    self._write(sentence, source[place], row_ids, attention[place] if rank == 0 else None)
                    for rank, row_ids in enumerate(ids[place])
                    if probabilities[place, rank] > 0
                ]
                translations[row] = self._translation(
                    texts[row], sentence, source[place], written, probabilities[place], attention[place]
                )
        return translations

    def _read(self, text, name) -> _Sentence:
        words = source_words(text)
        if not words:
            raise DataError(f"Expected a sentence as {name}. Received: an empty text.")
        if len(words) > MAX_WORDS:
            raise DataError(
                f"Expected at most {MAX_WORDS} words as {name}. Received: {len(words)}. Translate one sentence at a "
                "time."
            )
        added = not is_punctuation(words[-1].text[-1]) and FULL_STOP in self._speller.known
        if added:
            words.append(Word(FULL_STOP, len(text), len(text)))
        spelled = truecase([word.text for word in words], self._speller.known)
        return _Sentence(words, [self._speller(word) or word for word in spelled], added)

    def _write(self, sentence, source, ids, attention) -> tuple[list[str], bool]:
        """Return the words of an output, and whether it has an end.

        Unknown words are copied: where there is only one, that; else the one with the largest attention, or in their
        order for an output without attention.
        """
        kept = ids.tolist()
        has_end = Vocabulary.eos_id in kept
        kept = kept[: kept.index(Vocabulary.eos_id)] if has_end else kept
        names, first = self.network.target_vocabulary.symbols, Vocabulary.eos_id + 1
        words = [names[index - first] if index >= first else "" for index in kept]
        if UNKNOWN in kept:
            self._copy(words, kept, sentence, source, attention)
        if sentence.has_added_stop and words and is_punctuation(words[-1][-1:]):
            words.pop()
        return words, has_end

    def _copy(self, words, ids, sentence, source, attention) -> None:
        """Replace the unknown words of an output by words of the source."""
        unknown = np.flatnonzero(source == UNKNOWN)
        if attention is not None and attention.shape[1] < len(sentence.words):
            attention = None  # over the last state alone
        places = unknown if len(unknown) else np.arange(len(sentence.words))
        copied: dict[int, int] = {}  # step -> place
        for rank, step in enumerate(step for step, index in enumerate(ids) if index == UNKNOWN):
            if attention is None:
                place = places[min(rank, len(places) - 1)]
            else:
                place = places[attention[step, places].argmax()]
            copied[step] = place
            word = sentence.words[place]
            is_glued = copied.get(step - 1, -2) == place - 1 and sentence.words[place - 1].end == word.start
            words[step] = (GLUE if is_glued else "") + word.text

    def _translation(self, text, sentence, source, written, probabilities, attention) -> Translation:
        (words, is_complete), *others = written
        has_attention = not isinstance(self.network.encoder, LastStateEncoder)
        attention = attention[: len(words), : len(sentence.words)] if has_attention else None
        target = detokenize(words)
        return Translation(
            source=text,
            target=target,
            probability=float(probabilities[0]),
            source_words=tuple(word.text for word in sentence.words),
            target_words=tuple(shown(word) for word in words),
            attention=attention,
            unknown_words=tuple(
                word.text for word, index in zip(sentence.words, source, strict=False) if index == UNKNOWN
            ),
            alternatives=distinct_alternatives(
                target, zip((detokenize(other) for other, _ in others), probabilities[1:], strict=False)
            ),
            is_complete=is_complete,
        )

    def _search(self, options, width, count):
        """Return a search as a function of source ids, compiled where there are enough texts to pay for tracing."""
        max_length = next(length for length in MAX_LENGTHS if length >= min(1.5 * width + 8, MAX_LENGTHS[-1]))
        key = (*options.values(), max_length)
        if key in self._compiled_searches:
            return self._compiled_searches[key]
        search = functools.partial(greedy_search, end_id=Vocabulary.eos_id)
        if options["beam_width"] > 1:
            search = functools.partial(beam_search, end_id=Vocabulary.eos_id, **options)

        def decode(source):
            return self.network.decode(source, search, max_length)

        if count < MIN_COMPILED_TEXTS:
            return decode
        return self._compiled_searches.setdefault(key, compiled(decode))
