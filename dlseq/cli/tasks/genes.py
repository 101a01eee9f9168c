"""`dlseq genes` and `dlseq dna`: find genes in DNA, and draw DNA with genes."""

import sys
from pathlib import Path

import typer

from dlseq.cli.app import app
from dlseq.cli.status import bar, keras_status, status
from dlseq.cli.tasks.texts import check_plot_path, is_page, print_json
from dlseq.errors import DlseqError
from dlseq.files import atomic_write, check_new_folder, check_writable

DRAWN_BASES = 20_000


@app.command()
def genes(
    fasta: Path = typer.Argument(
        metavar="FILE", show_default=False, help="FASTA file of DNA, plain or packed (.gz, .xz)."
    ),
    out: Path = typer.Option(None, metavar="FILE", help="Write the GFF3 file here instead of printing it."),
    bacteria: bool = typer.Option(
        False, "--bacteria", help="Use the model of a bacterial genome: no introns, more start codons."
    ),
    plot: Path = typer.Option(
        None,
        metavar="FILE",
        help="Draw the genes of the first sequence (PNG, SVG or PDF), or of all (an HTML page).",
    ),
    region: str = typer.Option(
        None, metavar="FIRST-LAST", help=r"Bases to draw, such as 1-5000. \[default: the first 20,000]"
    ),
    model: Path = typer.Option(
        None, metavar="FILE", help="Your own model, made by dlseq train genes, instead of a shipped one."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object per sequence instead of GFF3."),
) -> None:
    """Find the genes in DNA: exons and introns on both strands, as GFF3 with the probability of each gene.

    Every printed gene is a legal one: a start codon, no stop codon in frame before its last codon, introns GT...AG. The
    shipped model knows genes with introns as `dlseq dna` draws them; --bacteria takes that of a bacterial genome.
    """
    from dlseq.data.dna import read_fasta

    sequences = read_fasta(fasta)  # refused before Keras is loaded
    bounds = _region(region, len(sequences[0].bases))
    if bounds is not None and plot is None:
        raise DlseqError("Invalid option --region. Expected it together with --plot.")
    if out is not None:
        if as_json:
            raise DlseqError("Invalid option --out. Expected it without --json, whose objects are printed.")
        check_writable(out)
    if plot is not None:
        check_plot_path(plot)
    with keras_status("Loading the model"):
        from dlseq.tasks.genes.finding import GeneFinder
        from dlseq.tasks.pretrained import pretrained

        finder = GeneFinder.load(model or pretrained("genes-bacteria" if bacteria else "genes-made"))
    found = _find(finder, sequences)
    if plot is not None:
        draw_genes(found, plot, bounds)
    if as_json:
        for each in found:
            print_json(json_fields(each))
        return
    text = _gff(found)
    if out is None:
        sys.stdout.write(text)
        return
    with atomic_write(out) as partial:
        partial.write_text(text, encoding="utf-8")
    count = sum(len(each.genes) for each in found)
    print(f"Wrote {count:,} gene{'s' * (count != 1)} to {out}")


def json_fields(found) -> dict:
    """Return the genes of a sequence as an object of JSON, with places counted from 0, half-open."""
    genes = [
        {
            "name": each.gene.name,
            "start": each.gene.start,
            "end": each.gene.end,
            "strand": each.gene.strand,
            "exons": each.gene.exons,
            "probability": round(each.probability, 6),
            "sure": each.sure,
        }
        for each in found.genes
    ]
    return {"sequence": found.sequence.name, "bases": len(found.sequence.bases), "genes": genes}


def draw_genes(found, path: Path, bounds: tuple[int, int] | None) -> None:
    """Draw the genes of all sequences into a page, or those of the first one into a figure."""
    from dlseq.plots import gene_tracks, save_figure

    if is_page(path):
        from dlseq.tasks.genes.page import genes_page
        from dlseq.tasks.genes.reading import PAGE_TITLE

        genes_page(found, PAGE_TITLE, bounds).save(path)
        return
    start, end = bounds or (0, min(len(found[0].sequence.bases), DRAWN_BASES))
    save_figure(gene_tracks([each.gene for each in found[0].genes], found[0].coding, start, end), path)


def _region(text, length):
    """Return a half-open range of bases of the option --region, or None."""
    if text is None:
        return None
    first, _, last = text.replace(",", "").partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) < int(last) <= length):
        raise DlseqError(
            f"Invalid option --region. Expected the first and the last base, within 1 and {length}, such as "
            f"1-{min(5000, length)}. Received: {text}."
        )
    return int(first) - 1, int(last)


def _find(finder, sequences):
    """Find genes, with a bar of the bases that are done."""
    done = 0
    with bar("Finding genes", sum(len(sequence.bases) for sequence in sequences)) as show:

        def advance(bases):
            nonlocal done
            done += bases
            show(done)

        return finder.find(sequences, advance)


def _gff(found):
    """Return one GFF3 text of all sequences."""
    header = "##gff-version 3\n"
    return header + "".join(each.gff().removeprefix(header) for each in found)


@app.command()
def dna(
    out: Path = typer.Option(..., metavar="DIR", help="Write dna.fasta and its genes, dna.gff3, into this new folder."),
    number: int = typer.Option(10, "-n", "--number", min=1, max=100_000, help="Number of sequences."),
    seed: int = typer.Option(0, min=0, help="Seed of the draw."),
    split: str = typer.Option("train", help="train, validation or test: different sequences of the same kind."),
) -> None:
    """Draw DNA with genes on both strands, with introns and the signals of real ones, as FASTA and GFF3.

    The same seed draws the same sequences on any day. The FASTA file can be given to `dlseq genes`, and to
    `dlseq train genes --data`.
    """
    check_new_folder(out)
    from dlseq.data.dna import draw_dna, write_annotated

    with status("Drawing sequences"):
        sequences = draw_dna(number, seed, split)
        path, table = write_annotated(out, sequences)
    count = sum(len(sequence.genes) for sequence in sequences)
    print(f"Wrote {number:,} sequence{'s' * (number != 1)} to {path}, {count:,} gene{'s' * (count != 1)} to {table}")
