"""The command `dlseq train`, for all tasks."""

import json
import shlex
import subprocess
import sys

import pytest

from dlseq.data.dates import date_pairs
from dlseq.tasks.registry import TASKS, presets_of

NAMES = ["Anna", "Hanna", "Nana", "Johanna", "Ann", "Hans", "Johann", "Jan", "Jana", "Hannah", "Joan", "Nan"]


@pytest.fixture
def dates_file(tmp_path):
    def write(*rows, header="text,iso"):
        path = tmp_path / "mine.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def names_file(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("\n".join(NAMES), encoding="utf-8")
    return path


def test_help_lists_tasks_and_presets_and_loads_no_framework():
    program = (
        "import sys; sys.argv = ['dlseq', 'train', '--help']\nimport dlseq.cli\n"
        "try: dlseq.cli.main()\nexcept SystemExit: pass\n"
        "print(sorted({'tensorflow', 'keras', 'faker', 'babel'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    text = " ".join(run.stdout.split())
    assert text.endswith("[]")
    for task in TASKS:
        for preset in presets_of(task).values():
            assert f"{preset.name}: {preset.description}" in text
            assert f"{preset.training.epochs} epochs)" in text


def test_a_file_of_dates_trains_a_model_for_the_dates_command(dlseq_command, tmp_path, dates_file):
    rows = [f'"{pair.text}",{pair.iso}' for pair in date_pairs(400, "course", seed=1)]
    model, file = tmp_path / "mine.keras", dates_file(*dict.fromkeys(rows))
    status, out, err = dlseq_command("train", "dates", "--data", file, "--epochs", "1", "--out", model)
    assert (status, err) == (0, "")
    assert "exact match on" in out
    assert "held-out examples" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv", "mine.json", "mine.keras"]
    status, out, _ = dlseq_command("dates", "3 may 1979", "--model", model)
    assert status == 0
    assert len(out.split()[0]) == 10


def test_a_file_of_names_trains_a_model_for_the_names_command(dlseq_command, tmp_path, names_file):
    model = tmp_path / "mine.keras"
    arguments = ["train", "names", "--data", names_file, "--lower", "--epochs", 2, "--out", model]
    status, out, err = dlseq_command(*arguments)
    assert (status, err) == (0, "")
    assert "nats per character on 1 held-out examples" in out
    report = json.loads(model.with_suffix(".json").read_text())
    command = shlex.split(report["command"])
    assert command[:5] == ["dlseq", "train", "names", "--preset", "dinosaurs"]
    assert "--lower" in command
    assert command[-2:] == ["--out", "mine.keras"]
    assert report["data"]["file"] == "mine.txt"
    status, out, _ = dlseq_command("names", "--model", model, "--start", "HA", "-n", 3, "--json", "--seed", 1)
    assert all(entry["name"].startswith("ha") for entry in json.loads(out)["names"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["chess"],
            "translation, captioning, activities, genes, speech, questions. Received: chess",
        ),
        (["dates", "--preset", "mars"], "Expected one of: course, world, file, demo. Received: mars"),
        (["names", "--preset", "mars"], "Expected one of: dinosaurs, english. Received: mars"),
        (["dates", "--preset", "file"], "Give one with --data"),
        (["dates", "--data", "missing.csv", "--locale", "fr_FR"], "Received: both"),
        (["dates", "--lower"], "Received: --lower"),
        (["names", "--examples", "100"], "Received: --examples"),
        (["dates", "--preset", "world", "--locale", "fr_XX"], "Unknown locale 'fr_XX'"),
        (["names", "--locale", "klingon"], "'klingon'"),
        (["dates", "--out", "missing/model.keras"], "missing"),
        (["names", "--out", "model.h5"], ".keras"),
        (["dates", "--data", "missing.csv"], "missing.csv"),
        (["names", "--data", "missing.txt"], "missing.txt"),
    ],
)
def test_invalid_arguments_are_refused_and_nothing_written(dlseq_command, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    status, out, err = dlseq_command("train", *arguments)
    assert status == 2
    assert message in err
    assert "Traceback" not in err + out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("31 February 1999,1999-02-31", "line 3"),
        ("no date", "line 3: Expected 2 columns"),
        (
            "day 0,1999-02-11",
            "line 3: Expected one date for each text. Received: 1999-02-11 for 'day 0', which has 1999-03-01",
        ),
    ],
)
def test_an_invalid_row_is_named_and_the_earlier_model_stays(dlseq_command, tmp_path, dates_file, row, message):
    out = tmp_path / "model.keras"
    out.write_text("an earlier model")
    status, _, err = dlseq_command("train", "dates", "--data", dates_file("day 0,1999-03-01", row), "--out", out)
    assert status == 2
    assert message in err
    assert out.read_text() == "an earlier model"


def test_a_file_without_names_is_refused(dlseq_command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.txt").write_text("\n \n")
    status, _, err = dlseq_command("train", "names", "--data", "empty.txt")
    assert status == 2
    assert "empty.txt" in err
    assert [path.name for path in tmp_path.iterdir()] == ["empty.txt"]
