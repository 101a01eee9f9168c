"""Presets of the task of finding genes in DNA."""

import dataclasses
import os

from dlseq.errors import DataError
from dlseq.tasks.preset import Preset, Splits
from dlseq.training.config import TrainingConfig

__all__ = ["PRESETS", "GeneData", "default_preset"]

HELD_OUT_SEQUENCES = 400  # for validation, and for the test
MIN_SEQUENCES = 10  # of a file that is split by sequence


@dataclasses.dataclass(frozen=True)
class GeneData:
    """Source of sequences with genes.

    Args:
        examples: Number of sequences to draw for training; `None` for the genome of Chlamydia trachomatis. Defaults
            to `5_000`.
        file: FASTA file that replaces the drawn sequences, with a GFF or BED file of the same name beside it. Defaults
            to `None`.
    """

    examples: int | None = 5_000
    file: str | os.PathLike | None = None

    def load(self, seed: int) -> Splits:
        """Return sequences for training, validation and test.

        A genome is split by region, so are the sequences of a file if they are fewer than ten; otherwise they are split
        by their position, 8 : 1 : 1.

        Raises:
            DataError: A file that cannot be used.

        Example:
            >>> [len(part) for part in GeneData(examples=20).load(seed=0)]
            [20, 20, 20]
        """
        from dlseq.data.dna import draw_dna, load_genome, read_annotated, split_sequence

        if self.file is None and self.examples is not None:
            held_out = min(HELD_OUT_SEQUENCES, self.examples)
            sizes = {"train": self.examples, "validation": held_out, "test": held_out}
            return Splits(*(draw_dna(size, seed, split) for split, size in sizes.items()))
        sequences = [load_genome()] if self.file is None else read_annotated(self.file)
        if len(sequences) >= MIN_SEQUENCES:
            train = [sequence for index, sequence in enumerate(sequences) if index % 10 < 8]
            parts = train, sequences[8::10], sequences[9::10]
        else:
            try:
                parts = [list(part) for part in zip(*map(split_sequence, sequences), strict=True)]
            except DataError as error:
                raise DataError(f"{self.file}: {error} Give ten sequences or more, or longer ones.") from error
        for part, purpose in zip(parts, ("training", "validation", "test"), strict=True):
            if not any(sequence.genes for sequence in part):
                raise DataError(f"{self.file}: Expected genes in each part. Received: none in the part for {purpose}.")
        return Splits(*parts)


SMALL = {"word_bases": 3, "word_units": 16, "filters": 32, "dropout": 0.3}
"""Sizes for a genome: with words of six bases a network knows a million bases by heart."""

PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "made",
            "drawn genes with introns on both strands",
            GeneData(),
            training=TrainingConfig(epochs=1, batch_size=4, learning_rate=0.007),
        ),
        Preset(
            "bacteria",
            "the genome of Chlamydia trachomatis, split by region",
            GeneData(examples=None),
            sizes=SMALL,
            training=TrainingConfig(epochs=7, batch_size=4, learning_rate=0.007),
        ),
        Preset(
            "file",
            "a FASTA file of your own, with a GFF or BED file beside it",
            GeneData(),
            sizes=SMALL,
            training=TrainingConfig(epochs=7, batch_size=4, learning_rate=0.007),
        ),
    )
}


def default_preset(**options) -> str:
    """Return the name of the preset for data options that are given without one.

    Example:
        >>> default_preset(), default_preset(file="mine.fasta")
        ('made', 'file')
    """
    return "file" if "file" in options else "made"
