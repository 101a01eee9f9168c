"""Task of finding genes in DNA: exons and introns on both strands, each gene legal and with its probability."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from keras import ops

from dlseq import metrics
from dlseq.data.dna import DnaSequence, Gene, base_ids, coding_sequence, labels_of, strands_of, turned_classes
from dlseq.data.dna.labels import CODING, LABELS, PARTS
from dlseq.decoding.batching import padded_batches
from dlseq.errors import DataError
from dlseq.networks.gene_tagger import GeneTagger
from dlseq.tasks.base import Task
from dlseq.tasks.genes.calibration import calibrated, fit_calibration
from dlseq.tasks.genes.decoding import best_paths, bounds_log_prob
from dlseq.tasks.genes.grammar import GeneGrammar
from dlseq.tasks.genes.presets import GeneData
from dlseq.tasks.genes.reading import FoundGene, SequenceGenes
from dlseq.tasks.preset import Splits
from dlseq.training.losses_metrics import MaskedCrossEntropy, NatsPerSymbol

__all__ = ["GeneFinder"]

TRAINING_WINDOW = 3_072  # bases
WINDOW, MARGIN = 6_144, 600
"""Bases that the network reads at once, and those at each end of a window that the next window reads again."""
BATCH_WINDOWS = 16
PART_BASES = 1_000_000  # of a longer sequence, genes are searched part by part
MIN_START_SHARE = 0.01  # of the genes of training that begin with a start codon
STRANDS = np.array([[label.endswith(strand) for label in LABELS] for strand in "+-"]) & CODING


class GeneFinder(Task):
    """Finder of genes: a network over the six reading frames of DNA, and a search for the best legal genes.

    `GeneFinder.build` takes the sizes of `GeneTagger`. Start codons, introns and overlaps are those of the genes in
    training.

    Args:
        network: A `GeneTagger`; `build` makes a new one, `load` reads one from a file.

    Example:
        >>> from dlseq.data.dna import draw_dna
        >>> finder = GeneFinder.build(draw_dna(20, seed=0), filters=8, units=8)  # finder.fit(…) trains it
        >>> finder.find(draw_dna(1, seed=1))[0].coding.shape[1]
        2
    """

    network_class = GeneTagger
    monitor, mode, monitor_label = "val_nats", "min", "nats per base"

    def __init__(self, network):
        super().__init__(network)
        self.grammar = GeneGrammar(**network.grammar)

    @classmethod
    def load_data(cls, data: GeneData, *, seed: int) -> Splits:
        return data.load(seed)

    @classmethod
    def build_network(cls, examples: Sequence[DnaSequence], **sizes) -> GeneTagger:
        genes = [(sequence, gene) for sequence in examples for gene in sequence.genes]
        if not genes:
            raise DataError("Expected sequences with genes. Received: no gene.")
        starts = Counter(coding_sequence(sequence.bases, gene)[:3] for sequence, gene in genes)
        kept = sorted(codon for codon, count in starts.items() if count >= MIN_START_SHARE * len(genes))
        introns = any(gene.introns for _, gene in genes)
        overlaps = not introns and any(
            left.strand == right.strand and right.start < left.end < right.end
            for sequence in examples
            for left, right in zip(sequence.genes, sequence.genes[1:], strict=False)
        )
        grammar = {"starts": [codon for codon in kept if set(codon) <= set("ACGT")], "introns": introns}
        return GeneTagger(len(PARTS), grammar=grammar | {"overlaps": overlaps}, **sizes)

    def encode(self, examples: Sequence[DnaSequence]) -> tuple:
        """Return windows of ids `(N, T)`, and of labels: 0 for padding, 1 and more for `LABELS`."""
        windows = []
        for sequence in examples:
            rows = np.stack([_ids(sequence), labels_of(sequence) + 1])
            windows += [rows[:, start : start + TRAINING_WINDOW] for start in range(0, rows.shape[1], TRAINING_WINDOW)]
        width = max(rows.shape[1] for rows in windows)
        x, y = np.zeros((2, len(windows), width), np.int32)
        for index, rows in enumerate(windows):
            x[index, : rows.shape[1]], y[index, : rows.shape[1]] = rows
        return x, y

    def compile_arguments(self) -> dict:
        return {"loss": MaskedCrossEntropy(), "metrics": [NatsPerSymbol()]}

    def score(self, examples: Sequence[DnaSequence]) -> dict[str, float]:
        """Return `coding_f1`, `exact_genes` (recall), `exact_precision`, `five_class_accuracy` and `nats_per_base`.

        See `dlseq.metrics`; of the last one, less is better.
        """
        x, y = self.encode(examples)
        nats = 0.0
        for rows, log_probs in self._batches(x):
            taken = y[rows, : log_probs.shape[1]]
            nats -= (np.take_along_axis(log_probs, taken[..., None], axis=2)[..., 0] * (taken > 0)).sum(
                dtype=np.float64
            )
        found = [genes.sequence for genes in self.find(examples)]
        labels, truth = ([labels_of(sequence) for sequence in side] for side in (found, examples))
        recall, precision = metrics.exact_genes(_bounds(found), _bounds(examples))
        classes = [
            np.concatenate([turned_classes(*pair) for pair in zip(side, truth, strict=True)])
            for side in (labels, truth)
        ]
        return {
            "coding_f1": metrics.coding_f1(*(list(map(strands_of, side)) for side in (labels, truth))),
            "exact_genes": recall,
            "exact_precision": precision,
            "five_class_accuracy": metrics.exact_match(*classes),
            "nats_per_base": float(nats) / int((y > 0).sum()),
        }

    def metadata(self, splits: Splits) -> dict:
        """Return the calibration of the probabilities, fitted on the sequences for validation."""
        ids = [_ids(sequence) for sequence in splits.validation]
        products, is_exact = [], []
        found = self._genes(ids, self._log_probs(ids))
        for true, (genes, scores, _) in zip(_bounds(splits.validation), found, strict=True):
            products += scores
            is_exact += [(gene.exons, gene.strand) in true for gene in genes]
        return {"calibration": fit_calibration(products, is_exact)} if products else {}

    def find(
        self, sequences: Sequence[DnaSequence], progress: Callable[[int], None] | None = None
    ) -> list[SequenceGenes]:
        """Find the genes of sequences of any length.

        Each gene begins with a start codon, has no stop codon in frame before its last codon, and introns GT...AG; of
        all sets of such genes, the one with the greatest product of probabilities of the bases' labels is taken.

        Args:
            sequences: the sequences; their own genes are not read.
            progress: called with the number of bases that are done since the last call. Defaults to `None`.

        Returns:
            A `SequenceGenes` for each sequence.

        Raises:
            DataError: A sequence is empty, or has a letter that is no base.
        """
        ids = [_ids(sequence) for sequence in sequences]
        short = [index for index, row in enumerate(ids) if len(row) <= PART_BASES]
        log_probs = self._log_probs([ids[index] for index in short], progress)
        found = dict(zip(short, self._genes([ids[index] for index in short], log_probs), strict=True))
        for index, row in enumerate(ids):
            if index not in found:
                found[index] = self._long_genes(row, progress)
        return [self._reading(sequence, *found[index]) for index, sequence in enumerate(sequences)]

    def _genes(self, ids, log_probs):
        """Yield for each row of ids its genes, the log-probabilities of their bounds, and those of coding `(T, 2)`."""
        paths = best_paths(log_probs, [row - 1 for row in ids], self.grammar)
        for row, path, scores in zip(ids, paths, log_probs, strict=True):
            genes = self.grammar.genes_of(path, row - 1)
            labels = self.grammar.labels[path]
            products = [bounds_log_prob(gene, labels, scores) for gene in genes]
            coding = np.stack([np.exp(scores[:, strand]).sum(axis=1) for strand in STRANDS], axis=1)
            yield genes, products, coding.astype(np.float16)

    def _long_genes(self, ids, progress):
        """Return the same for one long row, part by part: each begins with the last gene of the part before."""
        genes, products, coding = [], [], np.zeros((len(ids), 2), np.float16)
        start = 0
        while start < len(ids):
            end, context = min(start + PART_BASES, len(ids)), min(start, MARGIN)
            [log_probs] = self._log_probs([ids[start - context : end]])
            [(found, scores, coding[start:end])] = self._genes([ids[start:end]], [log_probs[context:]])
            kept, following = len(found), end
            if end < len(ids) and found and found[-1].start > PART_BASES // 2:
                kept, following = len(found) - 1, start + found[-1].start
            genes += [_moved(gene, start) for gene in found[:kept]]
            products += scores[:kept]
            if progress is not None:
                progress(following - start)
            start = following
        return genes, products, coding

    def _log_probs(self, ids, progress=None):
        """Return the log-probabilities of `LABELS` for rows of ids, `(T, 17)` each; windows overlap."""
        places, step = [], WINDOW - 2 * MARGIN
        for index, row in enumerate(ids):
            for start in range(0, max(len(row) - 2 * MARGIN, 1), step):
                end = min(start + WINDOW, len(row))
                places.append((index, start, end, MARGIN * (start > 0), end - start - MARGIN * (end < len(row))))
        windows = np.zeros((len(places), max((end - start for _, start, end, *_ in places), default=0)), np.int32)
        for window, (index, start, end, *_) in zip(windows, places, strict=True):
            window[: end - start] = ids[index][start:end]
        log_probs = [np.zeros((len(row), len(LABELS)), np.float32) for row in ids]
        for rows, found in self._batches(windows):
            for row, scores in zip(rows, found, strict=True):
                index, start, _, first, last = places[row]
                log_probs[index][start + first : start + last] = scores[first:last, 1:]
            if progress is not None:
                progress(sum(places[row][4] - places[row][3] for row in rows))
        return log_probs

    def _reading(self, sequence, genes, products, coding):
        """Return a sequence with its named genes and their calibrated probabilities."""
        named = tuple(Gene(gene.exons, gene.strand, f"gene-{number}") for number, gene in enumerate(genes, 1))
        calibration = self.network.metadata.get("calibration", (1.0, 0.0))
        chances = [calibrated(product, *calibration) for product in products]
        found = tuple(FoundGene(gene, chance) for gene, chance in zip(named, chances, strict=True))
        return SequenceGenes(DnaSequence(sequence.name, sequence.bases, named), found, coding)

    def _batches(self, windows):
        """Yield the numbers of windows `(N, T)`, and the log-probabilities of padding and `LABELS`, `(B, T, 18)`."""
        lengths = (windows != 0).sum(axis=1)
        for rows, batch in padded_batches(windows, lengths, min_rows=BATCH_WINDOWS, max_rows=BATCH_WINDOWS):
            yield rows, ops.convert_to_numpy(ops.log_softmax(self.network(batch), axis=-1))[:, : windows.shape[1]]


def _ids(sequence):
    """Return the ids of a sequence as the network reads them, `(T,)`, or raise a DataError."""
    if not sequence.bases:
        raise DataError(f"Expected the bases of {sequence.name!r:.60}. Received: an empty text.")
    try:
        return base_ids(sequence.bases).astype(np.int32) + 1
    except DataError as error:
        raise DataError(f"{sequence.name}: {error}") from error


def _bounds(sequences):
    return [[(gene.exons, gene.strand) for gene in sequence.genes] for sequence in sequences]


def _moved(gene, offset):
    return Gene(tuple((start + offset, end + offset) for start, end in gene.exons), gene.strand)
