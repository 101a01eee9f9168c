"""The command `dlseq names`."""

import json

import pytest

from dlseq.data.names import load_names, novelty
from dlseq.tasks.names.generation import NameGenerator
from dlseq.tasks.pretrained import pretrained

MINE = ["Anna", "Hanna", "Nana", "Johanna", "Ann", "Hans", "Johann", "Jan", "Jana", "Hannah", "Joan", "Nan"]


@pytest.fixture(scope="module")
def dinosaurs():
    return NameGenerator.load(pretrained("names-dinosaurs"))


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("\n".join(MINE), encoding="utf-8")
    return path


def printed(out):
    """Return names and log-probabilities of a listing, and its last line."""
    *lines, last = out.strip().splitlines()
    return [(line.split()[0], float(line.split()[1])) for line in lines], last


def test_it_generates_dinosaurs_by_default(dlseq_command, dinosaurs):
    status, out, err = dlseq_command("names", "--seed", 7)
    assert (status, err) == (0, "")
    names, last = printed(out)
    made = dinosaurs.generate(10, seed=7)
    assert names == list(zip(made.names, made.log_probs.round(2).tolist(), strict=True))
    assert last.endswith("seed 7")


def test_names_of_the_corpus_are_counted_and_marked(dlseq_command, dinosaurs):
    """Sampling at a low temperature gives names of the corpus."""
    _, out, _ = dlseq_command("names", "-n", 40, "--temperature", 0.3, "--seed", 1)
    names, last = printed(out)
    counts = novelty([name for name, _ in names], dinosaurs.corpus)
    assert last == (
        f"{counts.train} in training, {counts.validation} in validation, "
        f"{counts.test} in test, {counts.new} new, seed 1"
    )
    assert counts.train > 0
    marked = [line.split()[0] for line in out.splitlines() if line.endswith("in training")]
    assert len(marked) == counts.train
    assert set(marked) <= set(dinosaurs.corpus.train)


def test_without_a_seed_it_draws_and_prints_one(dlseq_command):
    _, out, _ = dlseq_command("names", "-n", 3)
    seed = out.split()[-1]
    assert dlseq_command("names", "-n", 3, "--seed", seed)[1] == out


def test_english_names_begin_with_the_prefix(dlseq_command):
    arguments = ["--corpus", "english", "--start", "Mar", "-n", 8, "--top-k", 5, "--top-p", 0.9, "--seed", 2, "--json"]
    status, out, _ = dlseq_command("names", *arguments)
    found = json.loads(out)
    assert status == 0
    assert len(found["names"]) == 8 == sum(found["novelty"].values())
    assert all(entry["name"].startswith("Mar") for entry in found["names"])
    assert found["seed"] == 2


def test_scores_are_those_of_the_model(dlseq_command, dinosaurs):
    known = dinosaurs.corpus.train[0]
    _, out, _ = dlseq_command("names", "--score", known, "Xyzzy", "--json")
    first, second = json.loads(out)["names"]
    assert first == {"name": known, "log_prob": pytest.approx(dinosaurs.log_prob(known), abs=1e-3), "found": "train"}
    assert second["found"] == "new"
    assert second["log_prob"] == pytest.approx(dinosaurs.log_prob("Xyzzy"), abs=1e-3)
    assert second["log_prob"] < first["log_prob"]


def test_names_to_score_come_from_standard_input_too(dlseq_command):
    _, given, _ = dlseq_command("names", "--score", "Allosaurus", "Blub")
    assert dlseq_command("names", "--score", stdin="Allosaurus\n\nBlub\n")[1] == given


@pytest.mark.parametrize("arguments", [["--score", "Allosaurus"], ["Allosaurus"], ["--seed", "1"]])
def test_plot_draws_the_tree_along_a_name(dlseq_command, tmp_path, arguments):
    path = tmp_path / "tree.svg"
    status, _, err = dlseq_command("names", *arguments, "--plot", path)
    assert (status, err) == (0, "")
    assert path.read_text().count("<path") > 30


@pytest.mark.slow
def test_a_corpus_without_a_shipped_model_is_trained_on(dlseq_command, corpus):
    status, out, err = dlseq_command("names", "--corpus", corpus, "-n", 4, "--json", "--seed", 1)
    assert status == 0
    assert len(json.loads(out)["names"]) == 4
    assert "epoch 30" in err
    assert "dlseq train names" in err


def test_options_are_checked_before_training(dlseq_command, corpus):
    status, _, err = dlseq_command("names", "--corpus", corpus, "--temperature", 0)
    assert status == 2
    assert "`temperature`" in err
    assert "epoch" not in err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--temperature", "0"], "`temperature`"),
        (["--temperature", "-1"], "`temperature`"),
        (["--temperature", "nan"], "`temperature`"),
        (["--top-k", "0"], "`top_k`"),
        (["--top-p", "0"], "`top_p`"),
        (["--top-p", "1.5"], "`top_p`"),
        (["-n", "0"], "`n`"),
        (["--seed", "-1"], "`seed`"),
        (["--start", "Pé"], "in which 'é' is unknown"),
        (["--corpus", "klingon"], "'klingon'"),
        (["--corpus", "missing.txt"], "missing.txt"),
        (["--model", "missing.keras"], "missing.keras"),
        (["--model", "x.keras", "--corpus", "english"], "Received: both"),
        (["Otto"], "--score"),
        (["--score", " "], "empty"),
        (["--score", "a" * 101], "100 characters"),
        (["--plot", "tree.bmp"], ".png"),
        (["--plot", "missing/tree.png"], "missing"),
    ],
)
def test_invalid_arguments_get_a_message_and_status_two(dlseq_command, tmp_path, monkeypatch, arguments, part):
    monkeypatch.chdir(tmp_path)
    status, out, err = dlseq_command("names", *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("dlseq: ")
    assert part in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_empty_standard_input_is_refused(dlseq_command):
    status, _, err = dlseq_command("names", "--score", stdin="")
    assert status == 2
    assert "Invalid standard input" in err


def test_a_file_without_names_is_refused_and_nothing_written(dlseq_command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.txt").write_text("\n \n")
    status, _, err = dlseq_command("names", "--corpus", "empty.txt")
    assert status == 2
    assert "Received: no names." in err
    assert [path.name for path in tmp_path.iterdir()] == ["empty.txt"]


def test_a_model_of_dates_is_refused(dlseq_command):
    status, _, err = dlseq_command("names", "--model", pretrained("dates-world"))
    assert status == 2
    assert "class LanguageModel. Received: EncoderDecoder" in err


def test_the_shipped_model_holds_its_corpus(dinosaurs):
    split = dinosaurs.corpus
    assert sorted([*split.train, *split.validation, *split.test]) == load_names("dinosaurs")


def test_a_page_has_the_expectations_along_all_names(dlseq_command, tmp_path):
    page = tmp_path / "names.html"
    assert dlseq_command("names", "--score", "Allosaurus", "Blub", "--plot", page)[0] == 0
    text = page.read_text("utf-8")
    assert "<bdi>Allosaurus</bdi></h2>" in text and "<bdi>Blub</bdi></h2>" in text
