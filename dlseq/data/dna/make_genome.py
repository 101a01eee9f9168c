"""Make `chlamydia.fasta.xz` and `chlamydia.bed`, a bacterial genome with its genes, from a GenBank record.

The record is in the Debian package r-cran-seqinr, which is not installed:

    apt-get download r-cran-seqinr && dpkg -x r-cran-seqinr_*.deb seqinr
    python -m dlseq.data.dna.make_genome seqinr/usr/lib/R/site-library/seqinr/sequences/ct.gbk.gz

Of the record, the sequence and place, strand and name of each coding sequence are kept; a coding sequence that is
joined of two parts which overlap by one base (a frameshift) is left out.
"""

import gzip
import lzma
import re
import sys
from pathlib import Path

from dlseq.data.dna.bed import bed_text
from dlseq.data.dna.fasta import fasta_text
from dlseq.data.dna.sequences import DnaSequence, Gene
from dlseq.files import atomic_write

__all__ = ["NAME", "main", "read_genbank"]

NAME = "chlamydia"
FEATURE = re.compile(r"^ {5}CDS +(\S+)\n((?: {21}.*\n)*)", re.MULTILINE)
PLACE = re.compile(r"(complement\()?<?(\d+)\.\.>?(\d+)\)?")


def read_genbank(text: str) -> DnaSequence:
    """Return the sequence of a GenBank record with its coding sequences.

    Example:
        >>> record = "     CDS             2..7\\n                     /gene=\\"a\\"\\nORIGIN\\n   1 catgtaag\\n//\\n"
        >>> read_genbank(record)
        DnaSequence(name='chlamydia', bases='CATGTAAG', genes=(Gene(exons=((1, 7),), strand='+', name='a'),))
    """
    features, origin = text.split("ORIGIN", 1)
    bases = re.sub("[^a-z]", "", origin.split("//", 1)[0]).upper()
    genes = []
    for place, qualifiers in FEATURE.findall(features):
        match = PLACE.fullmatch(place)
        if match is None:
            continue
        name = re.search(r'/gene="([^"]+)"', qualifiers)
        exon = int(match[2]) - 1, int(match[3])
        genes.append(Gene((exon,), "-" if match[1] else "+", name[1] if name else ""))
    return DnaSequence(NAME, bases, tuple(sorted(genes, key=lambda gene: gene.exons)))


def main(path: str) -> None:
    """Write both files beside this module."""
    with gzip.open(path, "rt", encoding="ascii") as file:
        sequence = read_genbank(file.read())
    folder = Path(__file__).parent
    packed = lzma.compress(fasta_text([sequence]).encode(), preset=9 | lzma.PRESET_EXTREME)
    for name, content in ((f"{NAME}.fasta.xz", packed), (f"{NAME}.bed", bed_text([sequence]).encode())):
        with atomic_write(folder / name) as partial:
            partial.write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1])
