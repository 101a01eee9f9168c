"""Genes in DNA: the shipped models on held-out sequences, against open reading frames and models of codon usage.

    python benchmarks/genes.py

Made sequences: the hidden Markov model with the generator's own parameters is the ceiling. The genome: a hidden Markov
model of codon usage with parameters counted in the training region.
"""

import dataclasses
import time
from collections import Counter

import numpy as np
from gene_hmm import GeneModel, made_model
from report import Table, argument_parser, write_json

from dlseq.startup import import_keras

MIN_FRAMES = (90, 150, 210, 300, 450, 600)  # bases of the shortest open reading frame; the best one is shown
BINS = (0.5, 0.9)  # bounds of probabilities, for calibration


def main() -> None:
    """Print the scores of models and baselines."""
    parser = argument_parser("Genes: shipped models against open reading frames and codon usage.")
    parser.add_argument("--sequences", type=int, default=400, help="number of made sequences")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    import_keras()
    from dlseq.data.dna import BACTERIAL_STARTS, draw_dna, load_genome, longest_reading_frames, split_sequence
    from dlseq.tasks.genes.finding import GeneFinder
    from dlseq.tasks.pretrained import pretrained

    made = draw_dna(arguments.sequences, arguments.seed, "test")
    train, _, region = split_sequence(load_genome())
    figures = {}
    for name, examples, starts, other, label in (
        ("made", made, ("ATG",), made_model(), "hidden Markov model, the generator's own"),
        ("bacteria", [region], BACTERIAL_STARTS, codon_model(train), "hidden Markov model of codon usage"),
    ):
        finder = GeneFinder.load(pretrained(f"genes-{name}"))
        clock = time.process_time()
        found = finder.find(examples)
        seconds = time.process_time() - clock
        rows = {f"shipped model genes-{name}": scores([each.sequence for each in found], examples)}
        rows[label] = scores([other.find(sequence) for sequence in examples], examples)
        frames = {
            size: scores(
                [
                    dataclasses.replace(each, genes=tuple(longest_reading_frames(each.bases, size, starts)))
                    for each in examples
                ],
                examples,
            )
            for size in MIN_FRAMES
        }
        best = max(frames, key=lambda size: frames[size]["coding F1"])
        rows[f"open reading frames of {best} bases and more"] = frames[best]
        rows["no genes"] = scores([dataclasses.replace(each, genes=()) for each in examples], examples)
        bases = sum(len(each.bases) for each in examples)
        table = Table(f"Genes, {name}", ["", *next(iter(rows.values()))])
        for row, values in rows.items():
            table.add(row, *(f"{value:.1%}" for value in values.values()))
        count = sum(len(each.genes) for each in examples)
        table.print(f"{bases:,} bases, {count} genes; the network and its search took {seconds:.1f} CPU seconds.")
        figures[name] = {"scores": rows, "calibration": calibration(found, examples)}
        for text, value in figures[name]["calibration"].items():
            print(f"genes of probability {text}: {value['exact']:.1%} of {value['genes']} exact")
    write_json(arguments.json, figures)


def scores(found, expected) -> dict[str, float]:
    """Return the scores of sequences with found genes."""
    from dlseq.data.dna import labels_of, strands_of, turned_classes
    from dlseq.metrics import coding_f1, exact_genes

    labels, truth = ([labels_of(sequence) for sequence in side] for side in (found, expected))
    recall, precision = exact_genes(
        *([[(gene.exons, gene.strand) for gene in each.genes] for each in side] for side in (found, expected))
    )
    pairs = list(zip(labels, truth, strict=True))
    classes = [np.concatenate([turned_classes(pair[side], pair[1]) for pair in pairs]) for side in (0, 1)]
    ends = [stop_places(side) for side in (found, expected)]
    return {
        "coding F1": coding_f1(*(list(map(strands_of, side)) for side in (labels, truth))),
        "exact genes": recall,
        "of those found": precision,
        "right stop": len(ends[0] & ends[1]) / len(ends[1]),
        "five classes": float((classes[0] == classes[1]).mean()),
    }


def stop_places(sequences) -> set:
    """Return the sequence, strand and last base of each gene."""
    return {
        (index, gene.strand, gene.end if gene.strand == "+" else gene.start)
        for index, sequence in enumerate(sequences)
        for gene in sequence.genes
    }


def calibration(found, expected) -> dict[str, dict]:
    """Return the number of genes and the share of exact ones, by their probability."""
    pairs = [
        (each.probability, (each.gene.exons, each.gene.strand) in {(gene.exons, gene.strand) for gene in true.genes})
        for reading, true in zip(found, expected, strict=True)
        for each in reading.genes
    ]
    shares = {}
    for low, high in zip((0, *BINS), (*BINS, 1.01), strict=True):
        exact = [is_exact for probability, is_exact in pairs if low <= probability < high]
        if exact:
            shares[f"{low} to {min(high, 1)}"] = {"genes": len(exact), "exact": float(np.mean(exact))}
    return shares


def codon_model(train) -> GeneModel:
    """Return a model of codon usage whose parameters are counted in a sequence with genes."""
    from dlseq.data.dna import BACTERIAL_STARTS, coding_sequence, labels_of
    from dlseq.data.dna.sequences import BASES
    from dlseq.data.dna.signals import CODONS
    from dlseq.tasks.genes.grammar import GeneGrammar

    codons, starts = Counter(), Counter()
    for gene in train.genes:
        text = coding_sequence(train.bases, gene)
        starts[text[:3]] += text[:3] in BACTERIAL_STARTS
        codons.update(text[place : place + 3] for place in range(3, len(text) - 3, 3))
    between = np.frombuffer(train.bases.encode(), np.uint8)[labels_of(train) == 0]
    background = np.array([(between == ord(letter)).mean() for letter in BASES])
    return GeneModel(
        GeneGrammar(BACTERIAL_STARTS, introns=False, overlaps=True),
        np.array([codons[codon] for codon in CODONS]) / codons.total(),
        background,
        {codon: count / starts.total() for codon, count in starts.items() if count},
        gene_rate=len(train.genes) / len(between),
        end_rate=len(train.genes) / codons.total(),
    )


if __name__ == "__main__":
    main()
