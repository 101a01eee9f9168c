"""Names that nobody has borne yet, each with its probability."""

import os
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from keras import ops

from dlseq.decoding import sample
from dlseq.decoding._validation import check_integer, check_number
from dlseq.errors import DataError
from dlseq.networks.language_model import LanguageModel
from dlseq.networks.lm_scoring import SequenceScorer
from dlseq.text.normalize import compose_text
from dlseq.text.vocabulary import Vocabulary
from dlseq.training.batching import even_steps, sequence_batches
from dlseq.training.checkpoint import SeedEachEpoch, resumable
from dlseq.training.fit import StopWhen, TrainingRun, adam, run
from dlseq.training.losses_metrics import MaskedCrossEntropy, NatsPerSymbol
from dlseq.training.saving import load_network, save_network

__all__ = ["GeneratedNames", "NameGenerator", "check_draw"]

MAX_LENGTH = 100  # characters of a name that is read
MAX_EAGER_NAMES = 32  # so few names are drawn faster than a graph is traced


class GeneratedNames(NamedTuple):
    """Names that a model made up, a place in each field for a name."""

    names: list[str]
    """The names, prefix included."""
    log_probs: np.ndarray
    """The model's log-probabilities, float64 `(n,)` in nats: of every character, the prefix's too, and of the end."""
    ended: np.ndarray
    """Whether the model ended them, `(n,)`. One that was cut at the greatest length has no end, nor in `log_probs`."""


class NameGenerator:
    """A language model of names, character by character: scores names and invents them.

    Args:
        network: The `LanguageModel` that does the work; `NameGenerator.build` makes a fresh one,
            `NameGenerator.load` reads one from a file.

    Example:
        >>> names = ["anna", "nana", "hanna", "ann"]
        >>> generator = NameGenerator.build(names, units=16)
        >>> before = generator.log_prob("anna")
        >>> done = generator.train(names, names, epochs=5, batch_size=2, learning_rate=0.02)
        >>> generator.log_prob("anna") > before
        True
        >>> [name[:2] for name in generator.generate(2, prefix="ha", seed=1).names]
        ['ha', 'ha']
    """

    def __init__(self, network: LanguageModel):
        self._use(network)

    def _use(self, network):
        self.network = network
        self._scorer = SequenceScorer(network)
        self._step = network.compiled_step()

    @classmethod
    def build(cls, names: Iterable[str], *, seed: int = 0, lower: bool = False, **sizes) -> "NameGenerator":
        """Makes an untrained model whose vocabulary is the characters of `names`.

        Args:
            names: what it will be trained on, at least one.
            seed: of the initial weights.
            lower: whether names and prefixes are read in small letters.
            **sizes: those of `LanguageModel`: `embedding_units`, `units`, `depth`, `embedding_dropout`, `dropout`.

        Raises:
            DataError: no names, or an empty or overlong one.
        """
        import keras

        keras.utils.set_random_seed(seed)
        read = [_read(name, lower) for name in names]
        if not any(read):
            raise DataError("expected at least one name to learn the characters from, received none")
        metadata = {"lower": lower, "longest": max(map(len, read))}
        return cls(LanguageModel(Vocabulary.from_texts(read).to_config(), metadata=metadata, **sizes))

    def train(
        self,
        names: Sequence[str],
        validation: Sequence[str],
        *,
        epochs: int = 40,
        batch_size: int = 128,
        learning_rate: float = 0.01,
        seconds: float | None = None,
        patience: int | None = None,
        seed: int = 0,
        checkpoint: str | os.PathLike | None = None,
        resume: bool = False,
        callbacks: Sequence = (),
    ) -> TrainingRun:
        """Trains, and keeps the weights of the epoch that did best on `validation`.

        What is logged of each epoch: `loss` and `nats`, with dropout, and `val_nats`, the cross-entropy of
        `validation` in nats per character, end tokens included.

        Args:
            names: what is learned, at least one.
            validation: what decides which epoch was best, at least one.
            epochs: passes over `names`, over which the learning rate falls to zero.
            batch_size: names a step.
            learning_rate: the highest rate.
            seconds: ends after so long, wherever it is.
            patience: ends after so many epochs without a better one.
            seed: of the order of the batches and of dropout.
            checkpoint: a `.keras` file that is written after each epoch, optimizer included; the best epoch so far
                stands beside it.
            resume: goes on from `checkpoint` if it is there; with the same other arguments the run then ends as it
                would have ended undisturbed.
            callbacks: Keras callbacks, a progress display for one.

        Returns:
            What was done. Ctrl-C ends the run as `seconds` does: the best epoch so far is kept.

        Raises:
            DataError: nothing to train or to validate on, or an empty name.
            ModelFileError: the checkpoint is something else.
        """
        ids, held_out = self._encode(names, "train"), self._encode(validation, "validate")
        steps, at_once = even_steps(max(len(ids) // batch_size, 1))
        state = resumable(self.network, checkpoint, resume, monitor="val_nats", mode="min")
        if state.network is self.network:
            self._compile(adam(learning_rate, epochs * steps), at_once)
        self._use(state.network)
        first_epoch = int(self.network.optimizer.iterations) // steps
        return run(
            self.network,
            sequence_batches(ids, batch_size, steps, seed, first_epoch),
            steps,
            (held_out, held_out),
            epochs=epochs,
            first_epoch=first_epoch,
            keep_best=state.keep_best,
            stop_when=StopWhen("val_nats", "min", patience=patience, seconds=seconds),
            callbacks=[*callbacks, SeedEachEpoch(seed), *state.callbacks],
        )

    def _compile(self, optimizer, at_once):
        self.network.compile(
            optimizer=optimizer,
            loss=MaskedCrossEntropy(),
            metrics=[NatsPerSymbol()],
            jit_compile=False,
            steps_per_execution=at_once,
        )

    def evaluate(self, names: Sequence[str]) -> float:
        """Gives the cross-entropy of names in nats per character, end tokens included: less is better."""
        ids = self._encode(names, "evaluate")
        return float(-self._scorer(ids).sum() / (ids != Vocabulary.pad_id).sum())

    def log_prob(self, name: str) -> float:
        """Gives the natural logarithm of the probability of a name, its end included."""
        return float(self.log_probs([name])[0])

    def log_probs(self, names: Sequence[str]) -> np.ndarray:
        """Gives the natural logarithms of the probabilities of names, their ends included.

        Over all strings, the probabilities add up to one. The empty name is a string too. A character that the
        model has never seen is the unknown one, whatever it is.

        Args:
            names: N names of at most 100 characters.

        Returns:
            float32 `(N,)`.

        Raises:
            DataError: a name is longer.
        """
        return self._scorer(self._encode(names))

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
        """Draws names from the model.

        The same arguments give the same names, and the first names of many are the names of few. The first draw makes
        a graph for its `top_k` and `max_length`; another seed, temperature, `top_p` or `n` runs in that graph.

        Args:
            n: how many, at least 1.
            prefix: what all names begin with, of characters that the model knows.
            temperature: above 0; 1 is the model's own distribution, less is more usual, more is wilder.
            top_k: draws from the k most probable characters only, at least 1; None for all.
            top_p: draws from the fewest characters that have this share of the probability, in (0, 1]; None for all.
            seed: of the draw, 0 or more.
            max_length: characters after which a name is cut, prefix included; None for twice the longest name of
                training.

        Returns:
            `n` names. The character for unknown ones is never drawn.

        Raises:
            DlseqError: an argument out of range, or a prefix with a character that the model does not know.
        """
        check_draw(n, temperature=temperature, top_k=top_k, top_p=top_p, seed=seed)
        prefix = self._checked_prefix(prefix)
        if max_length is None:
            max_length = max(2 * self.network.metadata.get("longest", MAX_LENGTH), len(prefix) + 1)
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
        """Says what the model expected at every step of a name, and what came: for `dlseq.plots.next_token_tree`.

        Args:
            name: a name of at most 100 characters.

        Returns:
            For each character and for the end, `"<eos>"`: itself and the pairs of all characters and probabilities.

        Raises:
            DataError: a name that is longer.
        """
        ids = self._encode([name])
        probabilities = ops.convert_to_numpy(ops.softmax(self.network(ids)[0], axis=-1))  # (T, V)
        symbols = ["<pad>", "<unk>", "<eos>", *self.network.vocabulary.symbols]
        steps = []
        for chosen, character, row in zip(ids[0], [*_read(name, self._lower), "<eos>"], probabilities, strict=True):
            labels = symbols if chosen != Vocabulary.unk_id else ["<pad>", character, *symbols[2:]]
            steps.append((labels[chosen], list(zip(labels[1:], row[1:].tolist(), strict=True))))
        return steps

    def save(self, path: str | os.PathLike) -> None:
        """Writes one `.keras` file with everything in it: weights, vocabulary, metadata of the training.

        Raises:
            ModelFileError: the name does not end in `.keras`.
            DlseqError: nothing can be written there.
        """
        save_network(self.network, path)

    @classmethod
    def load(cls, path: str | os.PathLike) -> "NameGenerator":
        """Reads what `save` wrote.

        Raises:
            ModelFileError: the file is missing, damaged or something else.
        """
        return cls(load_network(path, LanguageModel))

    @property
    def _lower(self):
        return self.network.metadata.get("lower", False)

    def _encode(self, names, purpose=None):
        """Ids `(N, T)` with end tokens."""
        if purpose and not len(names):
            raise DataError(f"expected at least one name to {purpose} on, received none")
        read = [_read(name, self._lower) for name in names]
        if purpose and not all(read):
            raise DataError(f"expected names to {purpose} on, received an empty one at position {read.index('')}")
        return self.network.vocabulary.encode_batch(read, eos=True)

    def _checked_prefix(self, prefix):
        vocabulary = self.network.vocabulary
        prefix = unicodedata.normalize("NFC", prefix.lower() if self._lower else prefix)
        strange = [character for character in prefix if character not in vocabulary]
        if strange:
            raise DataError(
                f"cannot begin a name with {prefix!r}: the model has never seen {strange[0]!r}; "
                f"expected characters of {''.join(vocabulary.symbols)!r:.200}"
            )
        return prefix


def check_draw(n, *, temperature=1.0, top_k=None, top_p=None, seed=0) -> None:
    """Refuses arguments of `NameGenerator.generate` that are out of range; before a long training, say.

    Raises:
        DlseqError: with a sentence about the first that is.

    Example:
        >>> check_draw(10, top_p=0.0)
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


def _read(name, lower):
    """A name as the model reads it."""
    read = compose_text(name.lower() if lower else name)
    if len(read) > MAX_LENGTH:
        raise DataError(
            f"expected a name of at most {MAX_LENGTH} characters, received {len(read)}: '{read[:40]}…'; "
            "write one name at a time"
        )
    return read
