"""Examples of date normalization: drawn pairs, doubtful texts, or a file, in three parts."""

from dlseq.data.dates import date_pairs, read_date_csv, split_by_date
from dlseq.data.dates.typed import doubtful_pairs, typed_pairs
from dlseq.errors import DataError
from dlseq.tasks.dates.presets import DateData
from dlseq.tasks.preset import Splits

__all__ = ["load_date_splits"]

MIN_HELD_OUT, MAX_HELD_OUT = 500, 5_000  # pairs each for validation and test


def load_date_splits(data: DateData, *, seed: int) -> Splits:
    """Draw date pairs, or read them from a file and split them by date, so that no date is in two parts.

    Typed pairs are for training and validation, doubtful texts for training only; the test examples are those of the
    source.

    Args:
        data: Source and numbers of examples.
        seed: Seed of what is drawn.

    Returns:
        The three parts.

    Raises:
        DataError: An unknown source or locale, no source and no file, or a file that cannot be used.
    """
    if data.file is not None:
        return Splits(*split_by_date(read_date_csv(data.file)))
    if data.source is None:
        raise DataError(
            "Expected a CSV file with the columns text,iso for the preset file. Received: none. Give one with --data."
        )
    held_out = max(MIN_HELD_OUT, min(MAX_HELD_OUT, data.examples // 5))
    sizes = {"train": data.examples, "validation": held_out, "test": held_out}
    drawn = {"seed": seed, "locales": data.locales or None}
    splits = Splits(*(date_pairs(size, data.source, split=split, **drawn) for split, size in sizes.items()))
    typed, doubtful = round(data.examples * data.typed_share), round(data.examples * data.doubtful_share)
    return splits._replace(
        train=splits.train
        + typed_pairs(typed, split="train", **drawn)
        + doubtful_pairs(doubtful, split="train", **drawn),
        validation=splits.validation + typed_pairs(min(typed, held_out), split="validation", **drawn),
    )
