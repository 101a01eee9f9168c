"""From the name of a corpus to a trained, tested and saved name generator."""

import dataclasses
import json
import os
from collections.abc import Sequence
from pathlib import Path

from dlseq.data.names import NameSplit, load_names, split_names
from dlseq.files import atomic_write, check_writable
from dlseq.tasks.name_generation import NameGenerator
from dlseq.training.checkpoint import best_path
from dlseq.training.fit import TrainingRun

__all__ = ["NameRecipe", "TrainedNames", "name_recipe", "split_of", "train_names"]

FEW = 2_000  # names; a smaller corpus gets a smaller model and smaller batches


@dataclasses.dataclass(frozen=True)
class NameRecipe:
    """How to train on a corpus.

    Args:
        epochs: Passes over the names, at the most.
        batch_size: Names a step.
        learning_rate: The highest one.
        patience: Epochs without a better one after which to stop, or `None`.
        seed: Of the split, the weights and the batches.
        sizes: Those of `LanguageModel`.
    """

    epochs: int = 40
    batch_size: int = 128
    learning_rate: float = 0.01
    patience: int | None = None
    seed: int = 0
    sizes: dict = dataclasses.field(default_factory=lambda: {"units": 128, "dropout": 0.4})


@dataclasses.dataclass(frozen=True)
class TrainedNames:
    """A trained model and what it scored.

    Args:
        generator: The model, with the weights of its best epoch.
        split: The corpus: what it learned from, what chose the epoch, and what it was tested on.
        nats: The cross-entropy of the test names in nats per character, end tokens included.
        training: What the training did.
    """

    generator: NameGenerator
    split: NameSplit
    nats: float
    training: TrainingRun


def name_recipe(count: int, *, epochs: int | None = None, seed: int = 0) -> NameRecipe:
    """Gives the recipe for a corpus of `count` names.

    Args:
        count: names in the corpus.
        epochs: passes over them, or None for the recipe's number.
        seed: of everything that is drawn.

    Example:
        >>> name_recipe(952).sizes["units"], name_recipe(6824).sizes["units"]
        (96, 128)
    """
    recipe = NameRecipe()
    if count < FEW:
        recipe = NameRecipe(epochs=50, batch_size=32, sizes={"embedding_units": 64, "units": 96, "dropout": 0.6})
    return dataclasses.replace(recipe, seed=seed, **({"epochs": epochs} if epochs else {}))


def train_names(
    corpus: str | os.PathLike,
    *,
    lower: bool = False,
    epochs: int | None = None,
    seed: int = 0,
    out: str | os.PathLike | None = None,
    seconds: float | None = None,
    resume: bool = False,
    command: str | None = None,
    callbacks: Sequence = (),
) -> TrainedNames:
    """Loads and splits a corpus, trains, tests on names that were held out, and saves.

    Args:
        corpus: what `dlseq.data.names.load_names` takes.
        lower: whether the names are made small first.
        epochs: passes over them, or None for the recipe's number.
        seed: of the split, the weights and the batches.
        out: the `.keras` file to write, or None for none; its score is written beside it, as JSON. While the run lasts,
            its checkpoint stands there.
        seconds: the time after which training ends with the best so far.
        resume: goes on from the checkpoint of a run that was cut short.
        command: how the model was made, for the JSON.
        callbacks: Keras callbacks, a progress display for one.

    Returns:
        The model and its score. Its metadata holds the split, so that what it writes can be looked up.

    Raises:
        DataError: a corpus that cannot be used.
        DlseqError: `out` cannot be written.
    """
    checkpoint = None
    if out is not None:
        checkpoint = check_writable(out, ".keras").with_suffix(".checkpoint.keras")
    names = load_names(corpus, lower=lower)
    recipe = name_recipe(len(names), epochs=epochs, seed=seed)
    split = split_names(names, seed=seed)

    generator = NameGenerator.build(split.train, seed=seed, lower=lower, **recipe.sizes)
    training = generator.train(
        split.train,
        split.validation,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
        seconds=seconds,
        patience=recipe.patience,
        seed=seed,
        checkpoint=checkpoint,
        resume=resume,
        callbacks=callbacks,
    )
    result = TrainedNames(generator, split, generator.evaluate(split.test), training)
    corpus = str(corpus) if not Path(corpus).is_file() else Path(corpus).name
    score = {"corpus": corpus, "nats_per_character": round(result.nats, 4), "tested": len(split.test)}
    generator.network.metadata |= {**score, "recipe": dataclasses.asdict(recipe), "names": split._asdict()}
    if out is not None:
        generator.save(out)
        with atomic_write(Path(out).with_suffix(".json")) as partial:
            made = {**score, "command": command, "recipe": dataclasses.asdict(recipe)}
            partial.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
        if training.stopped != "interrupted":
            checkpoint.unlink(missing_ok=True)
            best_path(checkpoint).unlink(missing_ok=True)
    return result


def split_of(generator: NameGenerator) -> NameSplit | None:
    """Gives the corpus that `train_names` recorded in a model, or None for a model that was made otherwise.

    Example:
        >>> split_of(NameGenerator.build(["anna"], units=4)) is None
        True
    """
    names = generator.network.metadata.get("names")
    return None if names is None else NameSplit(**names)
