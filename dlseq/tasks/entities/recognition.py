"""Task of named entity recognition: the names, dates and amounts in a text, each with its probability."""

import dataclasses
from collections import Counter
from collections.abc import Sequence

import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.entities import TaggedText, spans_of_tags, split_tokens, tags_of
from dlseq.data.entities.features import FEATURES, token_features
from dlseq.decoding.batching import padded_batches
from dlseq.decoding.viterbi import viterbi
from dlseq.errors import DataError
from dlseq.networks.tagger import Tagger
from dlseq.tasks.base import Task
from dlseq.tasks.entities.presets import EntityData
from dlseq.tasks.preset import Splits
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.losses_metrics import MaskedCrossEntropy, NatsPerSymbol

__all__ = ["EntityRecognizer", "FoundEntity", "TextEntities"]

EMBEDDING_UNITS = {"word": 24, "prefix": 20, "suffix": 20, "shape": 12}
MIN_COUNT = 2  # of a feature in training; a rarer one is unknown
MAX_SYMBOLS = {"word": 6_000, "prefix": 4_000, "suffix": 4_000, "shape": 100}
"""Most frequent symbols of each feature that a model knows, so that its file stays small."""
MAX_TOKENS = 2_000  # of a text
SURE = 0.5
PAGE_TITLE = "Entities in texts"


@dataclasses.dataclass(frozen=True)
class FoundEntity:
    """Entity that a model has found in a text.

    Args:
        start, end: half-open range of characters.
        label: kind, such as "person".
        text: the characters.
        probability: of exactly these tokens being an entity of this kind, as the network sees each token.
    """

    start: int
    end: int
    label: str
    text: str
    probability: float

    @property
    def sure(self) -> bool:
        """Return whether the probability is at least one half."""
        return self.probability >= SURE


@dataclasses.dataclass(frozen=True)
class TextEntities:
    """Text with the entities that a model has found.

    Args:
        text: the text as given.
        entities: the entities, in order.
        known: share of the tokens of which the model knows the word, or both beginning and end.
    """

    text: str
    entities: tuple[FoundEntity, ...]
    known: float

    @property
    def sure(self) -> bool:
        """Return whether at least half of the tokens are known; otherwise the text is far from the training."""
        return self.known >= SURE

    def marked(self):
        """Return the text with its entities as a text of `dlseq.plots.pages.span_page`."""
        from dlseq.plots.pages.html_page import percent  # loads Matplotlib
        from dlseq.plots.pages.span_page import MarkedText, Span

        spans = [Span(entity.start, entity.end, entity.label, entity.probability) for entity in self.entities]
        return MarkedText(self.text, spans, f"{percent(self.known)} of the words are known to the model")

    def _repr_html_(self) -> str:
        """Show the text with its entities marked as the output of a notebook cell."""
        from dlseq.plots.pages.span_page import span_page

        return span_page([self.marked()], PAGE_TITLE)._repr_html_()


class EntityRecognizer(Task):
    """Tagger of tokens that finds entities: a bidirectional LSTM over words, affixes and shapes, with BIO tags.

    `EntityRecognizer.build` takes the sizes of `Tagger`. The tags follow a Viterbi search, so an entity never begins in
    its middle.

    Args:
        network: A `Tagger`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.data.entities import tagged_texts
        >>> texts = tagged_texts(60, locales=["en_US"])
        >>> recognizer = EntityRecognizer.build(texts, units=8)  # recognizer.fit(…) trains it
        >>> recognizer.find(["Write to ada@example.org."])[0].text
        'Write to ada@example.org.'
    """

    network_class = Tagger
    monitor, mode, monitor_label = "val_nats", "min", "nats per tag"

    @classmethod
    def load_data(cls, data: EntityData, *, seed: int) -> Splits:
        return data.load(seed)

    @classmethod
    def build_network(cls, examples: Sequence[TaggedText], **sizes) -> Tagger:
        counts = {feature: Counter() for feature in FEATURES}
        labels = set()
        for example in examples:
            labels |= {label for _, _, label in example.entities}
            for row in _features(example.text):
                for feature, symbol in zip(FEATURES, row, strict=True):
                    counts[feature][symbol] += 1
        vocabularies = {
            feature: Vocabulary(_frequent(found, MAX_SYMBOLS[feature]), level="word").to_config()
            for feature, found in counts.items()
        }
        tags = ["O", *(f"{prefix}-{label}" for label in sorted(labels) for prefix in "BI")]
        return Tagger(
            vocabularies, Vocabulary(tags, level="word").to_config(), **{"embedding_units": EMBEDDING_UNITS, **sizes}
        )

    def encode(self, examples: Sequence[TaggedText]) -> tuple:
        """Return a dict of ids `(N, T)` for each feature, and the ids of the tags `(N, T)`."""
        rows = [tags_of(example) for example in examples]
        known = {"O", *self.network.tags.symbols}
        for row in rows:
            unknown = set(row) - known
            if unknown:
                raise DataError(
                    f"Expected entities of the kinds {', '.join(self.labels)}. Received: {unknown.pop()[2:]}."
                )
        return self._inputs([example.text for example in examples]), self.network.tags.encode_rows(rows)

    def compile_arguments(self) -> dict:
        return {"loss": MaskedCrossEntropy(), "metrics": [NatsPerSymbol()]}

    def score(self, examples: Sequence[TaggedText]) -> dict[str, float]:
        """Return `entity_f1`, by the definition of CoNLL, and `nats_per_tag`, of which less is better."""
        inputs, tags = self.encode(examples)
        probabilities, lengths = self._probabilities(inputs)
        taken = np.take_along_axis(probabilities, tags[..., None], axis=2)[..., 0]
        log_probs = np.log(np.maximum(taken, 1e-30))
        found = self._find([example.text for example in examples], probabilities, lengths)
        predicted = [[(entity.start, entity.end, entity.label) for entity in text.entities] for text in found]
        return {
            "entity_f1": metrics.entity_f1(predicted, [example.entities for example in examples]),
            "nats_per_tag": metrics.nats_per_symbol(log_probs, lengths),
        }

    @property
    def labels(self) -> tuple[str, ...]:
        """Kinds of entities that the model can find."""
        return tuple(dict.fromkeys(tag[2:] for tag in self.network.tags.symbols if tag != "O"))

    def find(self, texts: Sequence[str]) -> list[TextEntities]:
        """Find the entities of texts.

        Args:
            texts: N texts of at most 2,000 tokens, none of them empty.

        Returns:
            A `TextEntities` for each text.

        Raises:
            DataError: A text is empty or longer.
        """
        return self._find(texts, *self._probabilities(self._inputs(texts)))

    def _inputs(self, texts):
        """Return the ids `(N, T)` of each feature; refuse an empty or overlong text."""
        rows = []
        for text in texts:
            row = _features(text)
            if not row:
                raise DataError("Expected a text. Received: an empty text. Write a sentence.")
            if len(row) > MAX_TOKENS:
                raise DataError(
                    f"Expected a text of at most {MAX_TOKENS:,} tokens. Received: {len(row):,}, {text[:40]!r}…. "
                    "Write a sentence or a paragraph per text."
                )
            rows.append(row)
        return {
            feature: self.network.vocabularies[feature].encode_rows([[token[index] for token in row] for row in rows])
            for index, feature in enumerate(FEATURES)
        }

    def _probabilities(self, inputs):
        """Return the probabilities of the tags `(N, T, K)`, and the lengths `(N,)`."""
        lengths = (inputs["word"] != Vocabulary.pad_id).sum(axis=1)
        probabilities = np.zeros((*inputs["word"].shape, len(self.network.tags)), np.float32)
        for rows, batch in padded_batches(inputs, lengths):
            found = ops.convert_to_numpy(ops.softmax(self.network(batch), axis=-1))
            kept = min(found.shape[1], probabilities.shape[1])
            probabilities[rows, :kept] = found[:, :kept]
        return probabilities, lengths

    def _find(self, texts, probabilities, lengths):
        tags = ["", "", "", *self.network.tags.symbols]
        with np.errstate(divide="ignore"):
            paths = viterbi(np.log(probabilities), *_bio_transitions(tags), lengths)
        found = []
        for text, path, row, length in zip(texts, paths, probabilities, lengths, strict=True):
            spans = split_tokens(text)
            entities = []
            for first, end, label in spans_of_tags([tags[tag] for tag in path[:length]]):
                inside = tags.index(f"I-{label}")
                probability = np.prod(row[range(first, end), path[first:end]], dtype=np.float64)
                probability *= 1 - row[end, inside] if end < length else 1
                start, stop = spans[first][0], spans[end - 1][1]
                entities.append(FoundEntity(start, stop, label, text[start:stop], float(probability)))
            found.append(TextEntities(text, tuple(entities), self._known_share(text)))
        return found

    def _known_share(self, text):
        vocabularies = self.network.vocabularies
        known = [
            word in vocabularies["word"] or (prefix in vocabularies["prefix"] and suffix in vocabularies["suffix"])
            for word, prefix, suffix, _ in _features(text)
        ]
        return sum(known) / len(known)


def _frequent(counts, limit):
    """Return the symbols that occur often enough, at most so many, sorted."""
    ranked = sorted((-count, symbol) for symbol, count in counts.items() if count >= MIN_COUNT)
    return sorted(symbol for _, symbol in ranked[:limit])


def _features(text):
    return [token_features(text[start:end]) for start, end in split_tokens(text)]


def _bio_transitions(tags):
    """Return scores of tag pairs `(K, K)` and of first tags `(K,)`: `I-x` follows `B-x` and `I-x` only."""
    transitions, initial = np.zeros((len(tags), len(tags))), np.zeros(len(tags))
    for column, tag in enumerate(tags):
        if tag.startswith("I-"):
            initial[column] = -np.inf
            transitions[:, column] = [0.0 if before[1:] == tag[1:] else -np.inf for before in tags]
    return transitions, initial
