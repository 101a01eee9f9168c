"""Base class of all tasks: building, training, saving and loading, written once."""

import abc
import os
from collections.abc import Sequence
from typing import Any, ClassVar

import keras

from dlseq.errors import DataError, ModelFileError
from dlseq.tasks.preset import Splits
from dlseq.training.config import TrainingConfig, TrainingRun
from dlseq.training.fit import fit
from dlseq.training.saving import load_network, save_network

__all__ = ["Task"]


class Task(abc.ABC):
    """A network with the preprocessing of its inputs and outputs, and one verb of its own.

    A subclass defines the class attributes and abstract methods below, and its verb, such as `normalize` or
    `generate`. Its presets and its row stand in `dlseq.tasks.registry`. Everything else is here.

    Args:
        network: Instance of `network_class`; `build` makes a new one, `load` reads one from a file.
    """

    network_class: ClassVar[type[keras.Model]]
    other_network_classes: ClassVar[tuple[type[keras.Model], ...]] = ()
    """Further classes of networks of this task. Defaults to none."""
    monitor: ClassVar[str]
    """Name of the logged value that decides which epoch is best."""
    mode: ClassVar[str]
    """`"min"` or `"max"`, the direction in which `monitor` improves."""
    monitor_label: ClassVar[str]
    """Label of `monitor` in the progress display."""

    def __init__(self, network: keras.Model):
        self.network = network

    @classmethod
    @abc.abstractmethod
    def load_data(cls, data: Any, *, seed: int) -> Splits:
        """Load the examples of a preset's `data`, split for training, validation and test.

        Raises:
            DataError: The data cannot be used.
        """

    @classmethod
    @abc.abstractmethod
    def build_network(cls, examples: Sequence, **sizes) -> keras.Model:
        """Return a new network with the vocabularies of `examples`."""

    @abc.abstractmethod
    def encode(self, examples: Sequence) -> tuple:
        """Return the inputs and targets `(x, y)` of examples, arrays or dicts of arrays `(N, ...)`.

        Raises:
            DataError: An example cannot be encoded.
        """

    @abc.abstractmethod
    def compile_arguments(self) -> dict:
        """Return `loss` and `metrics` for `keras.Model.compile`."""

    @abc.abstractmethod
    def score(self, examples: Sequence) -> dict[str, float]:
        """Return the scores of the task on examples, each computed by `dlseq.metrics`, by name."""

    @classmethod
    def build_arguments(cls, data: Any) -> dict:
        """Return the arguments of `build` that follow from a preset's `data`. Defaults to none."""
        return {}

    def metadata(self, splits: Splits) -> dict:
        """Return plain data about the examples that is saved with a trained network. Defaults to none."""
        return {}

    @classmethod
    def build(cls, examples: Sequence, *, seed: int = 0, **sizes) -> "Task":
        """Return an untrained model whose vocabularies are those of `examples`.

        Args:
            examples: Examples to train on.
            seed: Seed of the initial weights.
            **sizes: Arguments of the network, and of the task's preprocessing.

        Raises:
            DataError: There are no examples, or one cannot be used.
        """
        examples = list(examples)
        if not examples:
            raise DataError("Expected at least one example to build the vocabulary from. Received: none.")
        keras.utils.set_random_seed(seed)
        return cls(cls.build_network(examples, **sizes))

    def fit(
        self,
        train: Sequence,
        validation: Sequence,
        config: TrainingConfig | None = None,
        *,
        checkpoint: str | os.PathLike | None = None,
        resume: bool = False,
        callbacks: Sequence[keras.callbacks.Callback] = (),
    ) -> TrainingRun:
        """Train the network and leave it with the weights of the epoch that is best on `validation`.

        Args:
            train: Examples to train on, at least one.
            validation: Examples that decide which epoch is best, at least one.
            config: Settings. Defaults to `TrainingConfig()`.
            checkpoint: `.keras` file that is written after each epoch, with the best epoch beside it.
            resume: Whether to continue from `checkpoint` if it exists. With the same other arguments, the run then
                ends as an uninterrupted one.
            callbacks: Further Keras callbacks, such as a progress bar.

        Returns:
            A `TrainingRun`. Ctrl-C ends the run as a time limit does: the best epoch is kept.

        Raises:
            DataError: There are no examples, or one cannot be encoded.
            ModelFileError: The checkpoint cannot be read or belongs to another network.
        """
        for examples, purpose in ((train, "train"), (validation, "validate")):
            if not len(examples):
                raise DataError(f"Expected at least one example to {purpose} on. Received: none.")
        return fit(
            self.network,
            self.encode(train),
            self.encode(validation),
            config or TrainingConfig(),
            monitor=self.monitor,
            mode=self.mode,
            compile_arguments=self.compile_arguments(),
            checkpoint=checkpoint,
            resume=resume,
            callbacks=callbacks,
        )

    def save(self, path: str | os.PathLike) -> None:
        """Save weights, vocabularies and metadata as one `.keras` file, without the optimizer.

        Raises:
            ModelFileError: The file name does not end in `.keras`.
            DlseqError: The file cannot be written.
        """
        save_network(self.network, path)

    @classmethod
    def load(cls, path: str | os.PathLike) -> "Task":
        """Load a model that `save` has written.

        Raises:
            ModelFileError: The file is missing, damaged, or of another kind.
        """
        network = load_network(path, cls.network_class, *cls.other_network_classes)
        if not cls.accepts(network):
            raise ModelFileError(
                f"Cannot use model file {path}: expected a model of {cls.__name__}. Received: one of another task."
            )
        return cls(network)

    @classmethod
    def accepts(cls, network: keras.Model) -> bool:
        """Return True if a network of this task's classes is one of this task, where several tasks have that class."""
        return True
