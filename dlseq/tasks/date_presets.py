"""From the name of a preset to a trained, tested and saved date normaliser."""

import dataclasses
import os
from collections.abc import Sequence

from dlseq.data.dates import DatePair, ambiguous_pairs, date_pairs, split_by_date
from dlseq.errors import DataError
from dlseq.tasks.date_normalization import DateNormalizer
from dlseq.training.artifacts import checkpoint_path, deliver
from dlseq.training.fit import TrainingRun

__all__ = ["DateRecipe", "TrainedDates", "recipe_for", "train_dates"]


@dataclasses.dataclass(frozen=True)
class DateRecipe:
    """What to train on, and how.

    Args:
        preset: The preset of `dlseq.data.dates.generator` that is drawn, or `"csv"` for pairs that are given.
        locales: The locales to write in, or `()` for the preset's own.
        examples: Pairs to train on.
        doubtful: Texts besides that leave a date open, see `dlseq.data.dates.ambiguous_texts`.
        epochs: Passes over them, at the most.
        batch_size: Pairs a step.
        learning_rate: The highest one.
        patience: Epochs without a better one after which to stop, or `None`.
        reached: Share of exact matches at which to stop, or `None`.
        seed: Of the data, the weights and the batches.
        sizes: Those of `EncoderDecoder`.
    """

    preset: str
    locales: tuple[str, ...] = ()
    examples: int = 10_000
    doubtful: int = 0
    epochs: int = 10
    batch_size: int = 50
    learning_rate: float = 0.01
    patience: int | None = None
    reached: float | None = None
    seed: int = 0
    sizes: dict = dataclasses.field(default_factory=dict)


RECIPES = {
    "course": DateRecipe("course", epochs=10),
    "world": DateRecipe(
        "world",
        examples=300_000,
        doubtful=30_000,
        epochs=3,
        batch_size=100,
        learning_rate=0.005,
        sizes={"units": 96, "depth": 3, "recurrent_units": 64, "decoder_units": 128},
    ),
    "csv": DateRecipe("csv", epochs=40, batch_size=32, learning_rate=0.005, patience=8),
    "demo": DateRecipe(
        "world",
        ("en_US",),
        examples=24_000,
        doubtful=1_500,
        epochs=5,
        sizes={"units": 64, "decoder_units": 64},
    ),
}


@dataclasses.dataclass(frozen=True)
class TrainedDates:
    """A trained model and what it scored.

    Args:
        normalizer: The model, with the weights of its best epoch.
        exact_match: The share of held-out texts that it reads right, every character; no date of them was trained on.
        tested: The number of those texts.
        training: What the training did.
    """

    normalizer: DateNormalizer
    exact_match: float
    tested: int
    training: TrainingRun


def recipe_for(
    name: str,
    *,
    locales: tuple[str, ...] = (),
    examples: int | None = None,
    epochs: int | None = None,
    seed: int = 0,
) -> DateRecipe:
    """Gives the recipe of a preset, with what the caller wants otherwise.

    Args:
        name: "course", "world", "csv" or "demo".
        locales: the locales to write in, or () for the preset's own.
        examples: pairs to train on, or None for the recipe's number.
        epochs: passes over them, or None for the recipe's number.
        seed: of everything that is drawn.

    Raises:
        DataError: no such recipe.

    Example:
        >>> recipe_for("course", examples=500).examples
        500
    """
    if name not in RECIPES:
        raise DataError(f"unknown preset {name!r}: expected course or world")
    wanted = {"locales": locales, "examples": examples, "epochs": epochs}
    changes = {field: value for field, value in wanted.items() if value}
    recipe = dataclasses.replace(RECIPES[name], seed=seed, **changes)
    if examples:  # the share of doubtful texts stays what it is
        recipe = dataclasses.replace(recipe, doubtful=RECIPES[name].doubtful * examples // RECIPES[name].examples)
    return recipe


def train_dates(
    recipe: DateRecipe,
    pairs: Sequence[DatePair] | None = None,
    *,
    out: str | os.PathLike | None = None,
    seconds: float | None = None,
    resume: bool = False,
    command: str | None = None,
    callbacks: Sequence = (),
) -> TrainedDates:
    """Draws or deals the data, trains, tests on dates that were held out, and saves.

    Args:
        recipe: what to train on, and how.
        pairs: the pairs of the recipe "csv"; they are dealt by date, so that no date is in two splits.
        out: the `.keras` file to write, or None for none; its score goes into a `.json` of the same name. While the run
            lasts, its checkpoint stands beside it.
        seconds: the time after which training ends with the best so far.
        resume: goes on from the checkpoint of a run that was cut short.
        command: how the model was made, for the JSON beside it.
        callbacks: Keras callbacks, a progress display for one.

    Returns:
        The model and its score.

    Raises:
        DataError: data that cannot be used.
        DlseqError: `out` cannot be written.
    """
    if pairs is None:
        train, validation, test = (drawn(recipe, split) for split in ("train", "validation", "test"))
    else:
        train, validation, test = split_by_date(pairs)
    learned = [*train, *ambiguous_pairs(recipe.doubtful, seed=recipe.seed, split="train")]

    normalizer = DateNormalizer.build(learned, seed=recipe.seed, **recipe.sizes)
    training = normalizer.train(
        learned,
        validation,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
        seconds=seconds,
        reached=recipe.reached,
        patience=recipe.patience,
        seed=recipe.seed,
        checkpoint=None if out is None else checkpoint_path(out),
        resume=resume,
        callbacks=callbacks,
    )
    result = TrainedDates(normalizer, normalizer.evaluate(test), len(test), training)
    if out is not None:
        score = {"preset": recipe.preset, "exact_match": result.exact_match, "tested": result.tested}
        made = {**score, "command": command, "recipe": dataclasses.asdict(recipe)}
        deliver(normalizer, out, made, training)
    return result


def drawn(recipe: DateRecipe, split: str) -> list[DatePair]:
    """Draws the pairs of one split."""
    held_out = max(500, min(5_000, recipe.examples // 5))
    return date_pairs(
        recipe.examples if split == "train" else held_out,
        recipe.preset,
        split=split,
        seed=recipe.seed,
        locales=recipe.locales or None,
    )
