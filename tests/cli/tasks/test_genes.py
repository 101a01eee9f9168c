"""Tests of `dlseq genes` and `dlseq dna`."""

import json
import re

import pytest
from PIL import Image

from dlseq.data.dna import BACTERIAL_STARTS, draw_dna, gene_fault, read_annotated, read_fasta, read_gff, write_fasta


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dna")
    write_fasta(folder / "mine.fasta", draw_dna(3, seed=7, split="test"))
    write_fasta(folder / "one.fasta", draw_dna(1, seed=7, split="test"))
    return folder


@pytest.fixture(scope="module")
def model(folder):
    """A model that has learned nothing: what it finds is legal and improbable."""
    from dlseq.tasks.genes.finding import GeneFinder

    finder = GeneFinder.build(draw_dna(5, seed=1), filters=4, units=4, word_bases=2, seed=1)
    bias = finder.network.between.bias
    bias.assign(bias - 3)  # between genes is improbable
    finder.save(folder / "mine.keras")
    return "--model", folder / "mine.keras"


def test_dna_is_drawn_into_a_folder(dlseq_command, tmp_path):
    _, out, _ = dlseq_command("dna", "-n", "4", "--seed", "2", "--out", str(tmp_path / "new"))
    assert "Wrote 4 sequences to" in out
    assert read_annotated(tmp_path / "new" / "dna.fasta") == draw_dna(4, seed=2)


def test_gff_is_printed_and_every_gene_is_legal(dlseq_command, folder, model, tmp_path):
    _, out, _ = dlseq_command("genes", folder / "mine.fasta", *model)
    (tmp_path / "found.gff3").write_text(out)
    found = read_gff(tmp_path / "found.gff3")
    bases = {sequence.name: sequence.bases for sequence in read_fasta(folder / "mine.fasta")}
    assert {gene_fault(bases[name], gene) for name, genes in found.items() for gene in genes} == {""}
    assert out.count("##gff-version 3") == 1 and out.count("##sequence-region") == 3
    _, message, _ = dlseq_command("genes", folder / "mine.fasta", *model, "--out", tmp_path / "out.gff3")
    assert (tmp_path / "out.gff3").read_text() == out
    assert re.search(r"Wrote \d+ genes? to", message)


def test_json_has_the_exons_and_probabilities(dlseq_command, folder, model):
    _, out, _ = dlseq_command("genes", folder / "mine.fasta", *model, "--json")
    objects = [json.loads(line) for line in out.splitlines()]
    assert [each["sequence"] for each in objects] == ["made-1", "made-2", "made-3"]
    for each in objects:
        for gene in each["genes"]:
            assert gene["start"] == gene["exons"][0][0] and gene["end"] == gene["exons"][-1][1]
            assert gene["sure"] == (gene["probability"] >= 0.5) and gene["strand"] in "+-"


def test_genes_are_drawn_and_marked(dlseq_command, folder, model, tmp_path):
    dlseq_command("genes", folder / "mine.fasta", *model, "--plot", tmp_path / "genes.png", "--region", "1-600")
    assert Image.open(tmp_path / "genes.png").width > 800
    dlseq_command("genes", folder / "mine.fasta", *model, "--plot", tmp_path / "genes.html")
    page = (tmp_path / "genes.html").read_text("utf-8")
    assert page.count("<article>") == 3 and "made-2: " in page


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--bacteria"]])
def test_the_shipped_models_find_legal_genes(dlseq_command, folder, tmp_path, options):
    status, out, _ = dlseq_command("genes", folder / "mine.fasta", *options)
    (tmp_path / "found.gff3").write_text(out)
    [first, *_] = read_fasta(folder / "mine.fasta")
    for gene in read_gff(tmp_path / "found.gff3").get(first.name, ()) if "CDS" in out else ():
        assert gene_fault(first.bases, gene, BACTERIAL_STARTS) == ""
    assert status == 0 and ("CDS" in out or options)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.fasta"], "no such file"),
        (["protein.fasta"], "line 2: Expected bases"),
        (["one.fasta", "--out", "missing/x.gff3"], "does not exist"),
        (["one.fasta", "--plot", "x.txt"], "expected a name that ends in"),
        (["one.fasta", "--plot", "x.png", "--region", "9-3"], "Expected the first and the last base"),
        (["one.fasta", "--region", "1-9999999"], "Invalid option --region. Expected the first and the last base"),
        (["one.fasta", "--region", "1-9"], "Invalid option --region. Expected it together with --plot"),
        (["one.fasta", "--json", "--out", "x.gff3"], "Invalid option --out. Expected it without --json"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(dlseq_command, folder, monkeypatch, arguments, message):
    monkeypatch.chdir(folder)
    (folder / "protein.fasta").write_text(">p\nMKVLQ\n")
    status, _, err = dlseq_command("genes", *arguments)
    assert status == 2 and message in " ".join(err.split())


def test_a_wrong_split_and_a_full_folder_are_refused(dlseq_command, folder, tmp_path):
    status, _, err = dlseq_command("dna", "--split", "names", "--out", str(tmp_path / "new"))
    assert (
        status == 2
        and "Expected one of: train, validation, test. Received: names" in err
        and not (tmp_path / "new").exists()
    )
    status, _, err = dlseq_command("dna", "--out", str(folder))
    assert status == 2 and "new or empty folder" in err
