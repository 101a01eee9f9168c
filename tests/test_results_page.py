"""The page of measured figures, generated from the files that benchmark scripts wrote."""

import importlib
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def benchmark():
    """Imports a script of `benchmarks/` as it sees itself when it runs: its own folder comes first."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    yield importlib.import_module
    sys.path.remove(str(ROOT / "benchmarks"))


def test_page_is_up_to_date(benchmark):
    """A figure that somebody typed in differs from the file of its run."""
    assert (ROOT / "docs/measured.md").read_text("utf-8") == benchmark("results_page").results_page()


def test_each_result_has_a_command_of_its_script():
    paths = sorted(ROOT.glob("benchmarks/results/*.json"))
    assert len(paths) >= 3
    for path in paths:
        report = json.loads(path.read_text("utf-8"))
        assert (ROOT / report["command"].split()[1]).is_file() and report["machine"], path.name


def test_section_has_the_figures_the_command_and_tables_of_equal_entries(benchmark, tmp_path):
    locales = {name: {"right": 1.0, "wrong_dates": 0} for name in ("ar", "de_DE", "fr", "ko")}
    report = {"seconds": [1.5, 2], "all": {"right": 0.99998, "locales": locales}, "none": None, "long": list(range(20))}
    report |= {"command": "python benchmarks/made_up.py", "machine": "1 core"}
    (tmp_path / "made_up.json").write_text(json.dumps(report), "utf-8")
    section = benchmark("results_page").results_page(tmp_path).partition("## ")[2]
    assert section.splitlines()[:3] == ["Made up", "", "`python benchmarks/made_up.py`"]
    for row in ("seconds | 1.5, 2", "all, right | 0.99998", "none | none", "long | 0 to 19, 20 values"):
        assert f"| {row} |\n" in section
    assert "| all, locales | right | wrong dates |\n| --- | --- | --- |\n| ar | 1 | 0 |\n| de DE | 1 | 0 |" in section
    assert section.endswith("\n1 core\n")


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["/x/benchmarks/a.py", "world", "--json", "f.json"], "python benchmarks/a.py world"),
        (["a.py", "--json=f.json", "--seeds", "1"], "python benchmarks/a.py --seeds 1"),
        (["a.py", "--json", "f.json", "b c"], "python benchmarks/a.py 'b c'"),
    ],
)
def test_written_file_has_the_command_without_its_own_name(benchmark, tmp_path, monkeypatch, arguments, command):
    monkeypatch.setattr(sys, "argv", arguments)
    benchmark("report").write_json(tmp_path / "f.json", {"x": 1})
    report = json.loads((tmp_path / "f.json").read_text("utf-8"))
    assert (report["command"], report["x"]) == (command, 1)
