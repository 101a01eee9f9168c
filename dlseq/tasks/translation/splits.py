"""Examples of translation: drawn pairs or a parallel corpus from a file, in three parts."""

import zlib

from dlseq.data.translations import TranslationPair, translation_pairs
from dlseq.data.translations.tsv_file import read_translation_tsv
from dlseq.errors import DataError
from dlseq.tasks.preset import Splits
from dlseq.tasks.translation.presets import TranslationData

__all__ = ["load_translation_splits"]

VALIDATION, TEST = 1_000, 2_000  # pairs, of a large corpus
TARGETS_PER_HELD_OUT = 10  # of a file: one target of so many goes to validation, one to test
MIN_TARGETS = 10


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

    def draw(count, split, plain_share=1.0):
        options = {"seed": seed, "max_words": data.max_words, "plain_share": plain_share}
        return translation_pairs(count, data.language, split=split, **options)

    return Splits(
        draw(data.examples, "train", data.plain_share),  # the other parts stay as the grammar draws
        draw(max(1, min(VALIDATION, data.examples // 10)), "validation"),
        draw(max(1, min(TEST, data.examples // 10)), "test"),
    )


def _split_by_target(pairs: list[TranslationPair]) -> Splits:
    targets = sorted({pair.target for pair in pairs}, key=lambda target: (zlib.crc32(target.encode()), target))
    if len(targets) < MIN_TARGETS:
        raise DataError(
            f"Expected at least {MIN_TARGETS} different English sentences, to train, validate and test on. "
            f"Received: {len(targets)}. Add pairs."
        )
    held_out = len(targets) // TARGETS_PER_HELD_OUT
    test, validation = {*targets[:held_out]}, {*targets[held_out : 2 * held_out]}
    splits = Splits([], [], [])
    for pair in pairs:
        part = splits.test if pair.target in test else splits.validation if pair.target in validation else splits.train
        part.append(pair)
    return splits
