"""Examples of translation: drawn pairs or a parallel corpus from a file, in three parts."""

import zlib

from dlseq.data.translations import TranslationPair, translation_pairs
from dlseq.data.translations.tsv_file import read_translation_tsv
from dlseq.errors import DataError
from dlseq.tasks.preset import Splits
from dlseq.tasks.translation.presets import TranslationData

__all__ = ["load_translation_splits"]

VALIDATION, TEST = 1_000, 2_000  # pairs, of a large corpus
HELD_OUT_TARGETS = 10  # of a file: one target of so many goes to validation, one to test
MIN_PAIRS = 10


def load_translation_splits(data: TranslationData, *, seed: int) -> Splits:
    """Draw translation pairs, or read them from a file and split them by target, so that no target is in two parts.

    Raises:
        DataError: An unknown language, no language and no file, or a file that cannot be used or has too few pairs.
    """
    if data.file is not None:
        return _split_by_target(read_translation_tsv(data.file))
    if data.language is None:
        raise DataError(
            "Expected a file of tab-separated English sentences and translations for the preset file. Received: none. "
            "Give one with --data."
        )
    sizes = {
        "train": data.examples,
        "validation": max(1, min(VALIDATION, data.examples // 10)),
        "test": max(1, min(TEST, data.examples // 10)),
    }
    drawn = {"seed": seed, "max_words": data.max_words}
    return Splits(*(translation_pairs(size, data.language, split=split, **drawn) for split, size in sizes.items()))


def _split_by_target(pairs: list[TranslationPair]) -> Splits:
    splits = Splits([], [], [])
    for pair in pairs:
        part = zlib.crc32(pair.target.encode()) % HELD_OUT_TARGETS
        (splits.test if part == 0 else splits.validation if part == 1 else splits.train).append(pair)
    if len(pairs) < MIN_PAIRS or not all(splits):
        raise DataError(
            f"Expected at least {MIN_PAIRS} pairs of different sentences, to train, validate and test on. "
            f"Received: {len(pairs)}. Add pairs."
        )
    return splits
