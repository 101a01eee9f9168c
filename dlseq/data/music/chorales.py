"""Soprano melodies of Bach's four-part chorales, and splits that keep variants of a tune together."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dlseq.data.music.melodies import Melody, read_melodies
from dlseq.errors import DataError

__all__ = ["load_chorales", "split_by_tune"]

TEST_SHARE, VALIDATION_SHARE = 6, 10  # one melody of so many
MIN_TUNES = 10


def load_chorales() -> list[Melody]:
    """Return the 356 different soprano melodies, in the order of their numbers in the catalog (BWV).

    Example:
        >>> melody = load_chorales()[0]
        >>> melody.name, melody.mode, str(melody.notes[0])
        ('bwv10.7', 'minor', 'D5:2')
    """
    return read_melodies(Path(__file__).with_name("chorales.tsv"))


def split_by_tune(melodies: Sequence[Melody], *, seed: int) -> tuple[list[Melody], list[Melody], list[Melody]]:
    """Split melodies for training, validation and test; variants of a tune are in the same part.

    Bach set many tunes several times. If variants of one tune were in two parts, a model that knows tunes by heart
    would score well on the test.

    Args:
        melodies: Melodies; one without the number of its tune is a tune of its own.
        seed: Seed of the split.

    Returns:
        The three parts; about a tenth of the melodies is for validation, a sixth for test.

    Raises:
        DataError: There are fewer than ten tunes.

    Example:
        >>> [len(part) for part in split_by_tune(load_chorales(), seed=0)]
        [260, 36, 60]
    """
    tunes = defaultdict(list)
    for index, melody in enumerate(melodies):
        tunes[("alone", index) if melody.tune is None else melody.tune].append(melody)
    if len(tunes) < MIN_TUNES:
        raise DataError(f"Expected at least {MIN_TUNES} different tunes to learn from. Received: {len(tunes)}.")
    groups = list(tunes.values())
    order = np.random.default_rng(seed).permutation(len(groups)).tolist()
    test, validation, train = [], [], []
    for group in (groups[index] for index in order):
        if len(test) * TEST_SHARE < len(melodies):
            test += group
        elif len(validation) * VALIDATION_SHARE < len(melodies):
            validation += group
        else:
            train += group
    return train, validation, test
