"""The page of measured figures, generated from the files that benchmark scripts wrote."""

import ast
import importlib
import json
import re
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


def reports():
    """Return the reports in `benchmarks/results/` by their commands."""
    found = [json.loads(path.read_text("utf-8")) for path in ROOT.glob("benchmarks/results/*.json")]
    return {report["command"]: report for report in found}


def rows_of(text):
    """Return the command in the last cell of each table row of a page, and the cells before it."""
    rows = re.findall(r"^\|(.*)\| `(python benchmarks/[^`]+)`.*\|$", text, re.MULTILINE)
    return [(command, [cell.strip() for cell in cells.split("|")]) for cells, command in rows]


def test_no_figure_of_a_measured_script_is_typed_by_hand_as_well():
    page = (ROOT / "docs/benchmarks.md").read_text("utf-8")
    assert len(rows_of(page)) > 10
    assert [command for command, _ in rows_of(page) if command in reports()] == []


def test_headline_figures_of_the_readme_are_those_of_their_scripts():
    """From the JSON of the command; else from the row of the same command on the page of benchmarks."""
    headlines = {
        "python benchmarks/accuracy.py world": lambda report: (
            f"{100 * report['world']['exact_match']:.3f} % of {report['world']['strings']:,}"
        ),
        "python benchmarks/decoding_speed.py --rounds 3": lambda report: (
            f"{report['methods']['ours, normalize']['per CPU second']:,.0f}"
        ),
    }
    measured, typed = reports(), {}
    for command, cells in rows_of((ROOT / "docs/benchmarks.md").read_text("utf-8")):
        typed[command] = typed.get(command, "") + " ".join(cells)
    rows = rows_of((ROOT / "README.md").read_text("utf-8"))
    assert len(rows) >= 5
    for command, (figure, ours, baseline) in rows:
        if command in measured:
            assert ours == headlines[command](measured[command]), figure
        else:
            missing = set(re.findall(r"\d[\d,.]*", f"{ours} {baseline}")) - set(
                re.findall(r"\d[\d,.]*\b", typed[command])
            )
            assert missing == set(), figure


def section_of(benchmark, folder, report):
    report |= {"command": "python benchmarks/genes.py", "machine": "1 core"}
    (folder / "made_up.json").write_text(json.dumps(report), "utf-8")
    return benchmark("results_page").results_page(folder).partition("## ")[2]


def test_section_has_the_figures_the_command_and_the_machine(benchmark, tmp_path):
    report = {"seconds": [1.5, 2], "all": {"right": 0.99998}, "none": None, "long": list(range(20)), "bar|s": "a\nb"}
    section = section_of(benchmark, tmp_path, report)
    page = benchmark("results_page").results_page(tmp_path)
    assert "\n- [Made up](#made-up): Genes in DNA: " in page.partition("\n## ")[0]
    assert section.startswith("Made up\n\nGenes in DNA: ") and section.endswith("\n1 core\n")
    assert section.count("python benchmarks/genes.py") == 1 and "\n\n`python benchmarks/genes.py`\n\n" in section
    assert "\n\nMade sequences: " in section  # the paragraph below the command of the docstring
    rows = section.partition("| figure | value |\n| --- | --- |\n")[2].partition("\n\n")[0].splitlines()
    assert rows == [
        "| seconds | 1.5, 2 |",
        "| all, right | 0.99998 |",
        "| long | 0 to 19, 20 values |",
        "| bar\\|s | a b |",
    ]


def test_equal_entries_are_a_table_and_a_single_run_has_no_number(benchmark, tmp_path):
    locales = {name: {"right": 1.0, "wrong_dates": 0} for name in ("ar", "de_DE")}
    bands = [{"from": 0.0, "right": 0.25}, {"from": 0.5, "right": None}]
    section = section_of(benchmark, tmp_path, {"runs": [{"seed": 0, "all": {"locales": locales}}], "bands": bands})
    assert section.count("| --- |\n") == 3
    assert (
        "| runs, all, locales | right | wrong dates |\n| --- | --- | --- |\n| ar | 1 | 0 |\n| de DE | 1 | 0 |"
        in section
    )
    assert "| bands: from | right |\n| --- | --- |\n| 0 | 0.25 |\n| 0.5 |  |" in section
    assert "| figure | value |\n| --- | --- |\n| runs, seed | 0 |\n\n" in section


def test_each_script_writes_its_figures_by_the_same_function():
    """Two of them had no `--json`, so that their figures could only be typed in."""
    for path in sorted(ROOT.glob("benchmarks/*.py")):
        text = path.read_text("utf-8")
        if '__name__ == "__main__"' in text and path.name != "results_page.py":
            calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
            first = {ast.unparse(call.func): [ast.unparse(value) for value in call.args[:1]] for call in calls}
            assert "argument_parser" in first and first.get("write_json") == ["arguments.json"], path.name


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
