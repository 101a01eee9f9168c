"""Labels of bases: a class for each base that says its part in a gene."""

import numpy as np

from dlseq.data.dna.sequences import DnaSequence

__all__ = [
    "BETWEEN",
    "CODING",
    "FIVE_CLASSES",
    "LABELS",
    "MIRRORED",
    "PARTS",
    "five_classes",
    "labels_of",
    "strands_of",
    "turned_classes",
]

PARTS = ("start", "codon-1", "codon-2", "codon-3", "stop", "donor", "intron", "acceptor")
"""Parts of a gene: first base of the start codon, other bases by their place in a codon, last base of the stop codon;
first base of an intron, its others, and its last."""
LABELS = ("between", *(f"{part}{strand}" for strand in "+-" for part in PARTS))
BETWEEN = 0
CODING = np.array([label.startswith(("start", "codon", "stop")) for label in LABELS])
MIRRORED = np.array([0, *range(9, 17), *range(1, 9)])
"""Labels of the reverse complement, in reverse order."""
FIVE_CLASSES = ("between", "codon-1", "codon-2", "codon-3", "other strand")
PLACES = {"start": 1, "codon-1": 1, "codon-2": 2, "codon-3": 3, "stop": 3}
REVERSE = np.array([label.endswith("-") for label in LABELS])
WINDOW_BASES = 200
FORWARD_CLASS = np.array([PLACES.get(label[:-1], 0) if label.endswith("+") else 0 for label in LABELS])


def labels_of(sequence: DnaSequence) -> np.ndarray:
    """Return the positions in `LABELS` of all bases, uint8 `(T,)`.

    Where genes of one strand overlap, the one that is read first counts; of two strands, the one on the forward strand.

    Example:
        >>> from dlseq.data.dna.sequences import Gene
        >>> labels = labels_of(DnaSequence("s", "CATGGGTAGC", (Gene(((1, 4), (6, 9)), "+"),)))
        >>> [LABELS[label] for label in labels][:6]
        ['between', 'start+', 'codon-2+', 'codon-3+', 'donor+', 'acceptor+']
    """
    length = len(sequence.bases)
    labels = np.zeros(length, np.uint8)
    forward = [gene for gene in sequence.genes if gene.strand == "+"]
    reverse = [gene for gene in sequence.genes if gene.strand == "-"]
    for gene in (*reverse, *reversed(forward)):
        parts = _forward_parts(gene if gene.strand == "+" else gene.mirrored(length))
        if gene.strand == "-":
            parts = parts[::-1] + len(PARTS)
        labels[gene.start : gene.end] = parts
    return labels


def _forward_parts(gene):
    """Return the labels of a gene on the forward strand, from its first base to its last."""
    labels = np.full(gene.end - gene.start, 1 + PARTS.index("intron"), np.uint8)
    read = 0
    for start, end in gene.exons:
        labels[start - gene.start : end - gene.start] = 2 + (read + np.arange(end - start)) % 3
        read += end - start
    for start, end in gene.introns:
        labels[start - gene.start] = 1 + PARTS.index("donor")
        labels[end - 1 - gene.start] = 1 + PARTS.index("acceptor")
    labels[0], labels[-1] = 1 + PARTS.index("start"), 1 + PARTS.index("stop")
    return labels


def five_classes(labels: np.ndarray, reverse: bool = False) -> np.ndarray:
    """Return the classes of a window of bases that is turned to the strand of its gene, as positions in `FIVE_CLASSES`.

    Args:
        labels: positions in `LABELS`, `(T,)`.
        reverse: whether the gene is on the reverse strand; the window is then turned.

    Example:
        >>> five_classes(np.array([LABELS.index(label) for label in ("start+", "stop-", "between")])).tolist()
        [1, 4, 0]
    """
    labels = MIRRORED[labels[::-1]] if reverse else np.asarray(labels)
    return np.where(CODING[labels] & (FORWARD_CLASS[labels] == 0), 4, FORWARD_CLASS[labels])


def strands_of(labels: np.ndarray) -> np.ndarray:
    """Return 1 for coding bases of the forward strand, 2 for those of the reverse strand, 0 for others, `(T,)`.

    Example:
        >>> strands_of(np.array([LABELS.index(label) for label in ("stop-", "intron-", "start+")])).tolist()
        [2, 0, 1]
    """
    return np.where(CODING[labels], 1 + REVERSE[labels], 0)


def turned_classes(labels: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return the five classes of bases in windows of 200 that are turned to the strand of their true gene, `(T,)`.

    A window is turned around if most of its coding bases are on the reverse strand.

    Args:
        labels: positions in `LABELS`, `(T,)`.
        expected: the true labels, which decide about turning.

    Example:
        >>> true = np.array([LABELS.index(label) for label in ("codon-1-", "codon-3-", "between")])
        >>> [FIVE_CLASSES[each] for each in turned_classes(true, true)]
        ['between', 'codon-3', 'codon-1']
    """
    classes = []
    for start in range(0, len(expected), WINDOW_BASES):
        window = slice(start, start + WINDOW_BASES)
        strands = strands_of(expected[window])
        classes.append(five_classes(labels[window], bool((strands == 2).sum() > (strands == 1).sum())))
    return np.concatenate(classes)
