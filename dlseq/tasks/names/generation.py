"""Task of name generation: names that resemble those of a corpus, each with its probability."""

import html
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.names import NameSplit, repeat_by_counts, split_names
from dlseq.decoding import sample
from dlseq.decoding._validation import check_integer, check_number
from dlseq.errors import DataError
from dlseq.networks.language_model import LanguageModel
from dlseq.networks.lm_scoring import SequenceScorer
from dlseq.tasks.base import Task
from dlseq.tasks.names.presets import NameData
from dlseq.tasks.preset import Splits
from dlseq.text.normalize import compose_text
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.losses_metrics import MaskedCrossEntropy, NatsPerSymbol

__all__ = ["GeneratedNames", "NameGenerator", "check_sampling_arguments"]

MIN_NAMES = 10  # different ones in a corpus
MAX_NAME_LENGTH = 100  # characters of a name that is scored or learned
MAX_EAGER_NAMES = 32  # up to so many names are drawn faster than a graph is traced


class GeneratedNames(NamedTuple):
    """Names drawn from a model, with their log-probabilities."""

    names: list[str]
    """The names, prefix included."""
    log_probs: np.ndarray
    """Log-probabilities under the model, float64 `(n,)` in nats: of all characters, the prefix included, and of the
    end token."""
    ended: np.ndarray
    """Booleans `(n,)`: the end token was drawn. The log-probability of a name that was cut at the maximal length has no
    end token in it."""

    def _repr_html_(self) -> str:
        """Show the names with their log-probabilities as a table in the output of a notebook cell."""
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td>{log_prob:.2f}</td></tr>"
            for name, log_prob in zip(self.names, self.log_probs, strict=True)
        )
        return f"<table><thead><tr><th>name</th><th>log-probability</th></tr></thead><tbody>{rows}</tbody></table>"


class NameGenerator(Task):
    """Character-level language model that scores names and generates new ones.

    `NameGenerator.build` takes the arguments of `LanguageModel` as sizes: `embedding_units`, `units`, `depth`,
    `embedding_dropout`, `dropout`; and `lower`, whether names and prefixes are converted to lower case.

    Args:
        network: A `LanguageModel`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.training.config import TrainingConfig
        >>> names = ["anna", "nana", "hanna", "ann"]
        >>> generator = NameGenerator.build(names, units=16)
        >>> before = generator.log_prob("anna")
        >>> run = generator.fit(names, names, TrainingConfig(epochs=5, batch_size=2, learning_rate=0.02))
        >>> generator.log_prob("anna") > before
        True
        >>> [name[:2] for name in generator.generate(2, prefix="ha", seed=1).names]
        ['ha', 'ha']
    """

    network_class = LanguageModel
    monitor, mode, monitor_label = "val_nats", "min", "nats per character"

    def __init__(self, network: LanguageModel):
        super().__init__(network)
        self._scorer = SequenceScorer(network)
        self._step = network.compiled_step()

    @classmethod
    def accepts(cls, network):
        return network.vocabulary.level == "char"

    @classmethod
    def load_data(cls, data: NameData, *, seed: int) -> Splits:
        """Load and split a corpus; where a file has counts, names are repeated in proportion to them.

        Raises:
            DataError: The corpus, locale or file has no names, or too few to learn from.
        """
        counts = data.load_counts()
        if len(counts) < MIN_NAMES:
            raise DataError(
                f"Expected at least {MIN_NAMES} different names to learn from. Received: {len(counts)}, "
                f"{', '.join(counts)}. A model of fewer repeats them or writes nonsense; add names."
            )
        return Splits(*(repeat_by_counts(part, counts) for part in split_names(counts, seed=seed)))

    @classmethod
    def build_arguments(cls, data: NameData) -> dict:
        return {"lower": data.lower}

    @classmethod
    def build_network(cls, examples: Sequence[str], *, lower: bool = False, **sizes) -> LanguageModel:
        names = [_network_text(name, lower) for name in examples]
        if not any(names):
            raise DataError("Expected at least one name to build the vocabulary from. Received: empty texts only.")
        metadata = {"lower": lower, "longest": max(map(len, names))}
        return LanguageModel(Vocabulary.from_texts(names).to_config(), metadata=metadata, **sizes)

    def encode(self, examples: Sequence[str]) -> tuple:
        """Return ids with end tokens `(N, T)`, and the same ids as targets."""
        names = [_network_text(name, self._lower) for name in examples]
        if not all(names):
            raise DataError(f"Expected a name at position {names.index('')}. Received: an empty text.")
        ids = self.network.vocabulary.encode_batch(names, eos=True)
        return ids, ids

    def compile_arguments(self) -> dict:
        return {"loss": MaskedCrossEntropy(), "metrics": [NatsPerSymbol()]}

    def score(self, examples: Sequence[str]) -> dict[str, float]:
        """Return `nats_per_character`, the cross-entropy of names, end tokens included: less is better."""
        ids, _ = self.encode(examples)
        lengths = (ids != Vocabulary.pad_id).sum(axis=1)
        return {"nats_per_character": metrics.nats_per_symbol(self._scorer(ids), lengths)}

    def metadata(self, splits: Splits) -> dict:
        """Return the names of the corpus, so that generated names can be looked up in it."""
        return {"names": {part: list(dict.fromkeys(names)) for part, names in splits._asdict().items()}}

    @property
    def corpus(self) -> NameSplit | None:
        """Corpus that `dlseq.tasks.training.train` has saved in the model, or `None` for another model."""
        names = self.network.metadata.get("names")
        return None if names is None else NameSplit(**names)

    def log_prob(self, name: str) -> float:
        """Return the log-probability of a name, end token included, in nats."""
        return float(self.log_probs([name])[0])

    def log_probs(self, names: Sequence[str]) -> np.ndarray:
        """Return the log-probabilities of names, end tokens included, in nats.

        The probabilities of all strings, the empty one included, sum to one. All characters outside of the vocabulary
        are one unknown symbol.

        Args:
            names: N names of at most 100 characters.

        Returns:
            float32 `(N,)`.

        Raises:
            DataError: A name is longer.
        """
        return self._scorer(self._ids(names))

    def generate(
        self,
        n: int,
        prefix: str = "",
        *,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        seed: int = 0,
        max_length: int | None = None,
    ) -> GeneratedNames:
        """Draw names from the model.

        The same arguments give the same names, and a smaller `n` gives the first of them. The first call traces a
        graph for its `top_k` and `max_length`; other seeds, temperatures, `top_p` and `n` reuse it.

        Args:
            n: Number of names, at least 1.
            prefix: Beginning of all names, of characters in the vocabulary.
            temperature: Divisor of the logits, above 0: below 1 for more probable names, above 1 for rarer ones.
            top_k: Number of the most probable characters to draw from, at least 1. Defaults to `None`, all.
            top_p: Probability mass of the most probable characters to draw from, in (0, 1]. Defaults to `None`, all.
            seed: Seed of the draw, 0 or more.
            max_length: Characters after which a name is cut, prefix included. Defaults to `None`, twice the longest
                name of the training set.

        Returns:
            `n` names, none of them empty: without a prefix, names are drawn from the distribution of the model given
            that the first symbol is no end token. The unknown symbol is never drawn. The log-probabilities are those
            of the model itself, as `log_probs` returns them, so for all strings they still sum to one.

        Raises:
            DlseqError: An argument is out of range, or `prefix` has a character outside of the vocabulary.
        """
        check_sampling_arguments(n, temperature=temperature, top_k=top_k, top_p=top_p, seed=seed)
        prefix = self._normal_prefix(prefix)
        if max_length is None:
            max_length = max(2 * self.network.metadata.get("longest", MAX_NAME_LENGTH), len(prefix) + 1)
        token, state, prefix_log_prob = self.network.prefill(self.network.vocabulary.encode(prefix))
        drawn = sample(
            self._step if n > MAX_EAGER_NAMES else self.network.step,
            state,
            [token],
            num_samples=n,
            max_length=check_integer("max_length", max_length, len(prefix) + 1) - len(prefix),
            end_id=Vocabulary.eos_id,
            pad_id=Vocabulary.pad_id,
            suppress_ids=(Vocabulary.pad_id, Vocabulary.unk_id),
            min_length=0 if prefix else 1,
            temperature=temperature,
            top_k=None if top_k is None else min(top_k, len(self.network.vocabulary)),
            top_p=top_p,
            seed=seed,
        )
        names = self.network.vocabulary.decode_batch(drawn.ids)
        names = [prefix + rest for rest in names] if prefix else names
        ended = (drawn.ids == Vocabulary.eos_id).any(axis=1)
        return GeneratedNames(names, drawn.log_probs + np.float64(prefix_log_prob), ended)

    def expectations(self, name: str) -> list[tuple[str, list[tuple[str, float]]]]:
        """Return the distribution of the next character at each step of a name, for `dlseq.plots.next_token_tree`.

        Args:
            name: Name of at most 100 characters.

        Returns:
            For each character of the name and for its end, `"<eos>"`: the character, and pairs of all characters and
            their probabilities.

        Raises:
            DataError: The name is longer.
        """
        ids = self._ids([name])
        probabilities = ops.convert_to_numpy(ops.softmax(self.network(ids)[0], axis=-1))  # (T, V)
        symbols = ["<pad>", "<unk>", "<eos>", *self.network.vocabulary.symbols]
        characters = [*_network_text(name, self._lower), "<eos>"]
        steps = []
        for symbol_id, character, row in zip(ids[0], characters, probabilities, strict=True):
            labels = symbols if symbol_id != Vocabulary.unk_id else ["<pad>", character, *symbols[2:]]
            steps.append((labels[symbol_id], list(zip(labels[1:], row[1:].tolist(), strict=True))))
        return steps

    @property
    def _lower(self):
        return self.network.metadata.get("lower", False)

    def _ids(self, names):
        """Return ids with end tokens `(N, T)` of names that may be empty."""
        return self.network.vocabulary.encode_batch([_network_text(name, self._lower) for name in names], eos=True)

    def _normal_prefix(self, prefix):
        """Return a prefix as the network reads it; refuse characters outside of the vocabulary."""
        vocabulary = self.network.vocabulary
        prefix = unicodedata.normalize("NFC", prefix.lower() if self._lower else prefix)
        unknown = [character for character in prefix if character not in vocabulary]
        if unknown:
            raise DataError(
                f"Invalid value for argument `prefix`. Expected characters of {''.join(vocabulary.symbols)!r:.200}. "
                f"Received: prefix={prefix!r}, in which {unknown[0]!r} is unknown."
            )
        return prefix


def check_sampling_arguments(n, *, temperature=1.0, top_k=None, top_p=None, seed=0) -> None:
    """Raise an error if an argument of `NameGenerator.generate` is out of range, before a model is trained for it.

    Raises:
        DlseqError: With a message about the first such argument.

    Example:
        >>> check_sampling_arguments(10, top_p=0.0)
        Traceback (most recent call last):
        ...
        dlseq.errors.DlseqError: Invalid value for argument `top_p`. Expected a finite number above 0 ...
    """
    check_integer("n", n, 1)
    check_integer("seed", seed, 0)
    check_number("temperature", temperature, above=0)
    if top_k is not None:
        check_integer("top_k", top_k, 1)
    if top_p is not None:
        check_number("top_p", top_p, above=0, at_most=1)


def _network_text(name, lower):
    """Return a name in the normal form that the network reads; refuse an overlong one."""
    normal = compose_text(name.lower() if lower else name)
    if len(normal) > MAX_NAME_LENGTH:
        raise DataError(
            f"Expected a name of at most {MAX_NAME_LENGTH} characters. Received: {len(normal)} characters, "
            f"'{normal[:40]}…'. Write one name at a time."
        )
    return normal
