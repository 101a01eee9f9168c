"""Tables and contracts of the documentation agree with solutions, attacks, models, benchmarks and the layout."""

import ast
import json
import os
import re
import sys
from pathlib import Path

import pytest

import dlseq

ROOT = Path(__file__).parents[1]


def page(path):
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def attack_modules():
    """Modules `table` and `building` of tests/attacks, which import each other by file name."""
    sys.path.insert(0, str(ROOT / "tests/attacks"))
    try:
        import building
        import table
    finally:
        sys.path.remove(str(ROOT / "tests/attacks"))
    return table, building


def signatures(path):
    """Return the graded functions and methods of a solution: name -> signature as the page writes it."""
    found = {}
    tree = ast.parse(page(path))
    functions = [("", node) for node in tree.body if isinstance(node, ast.FunctionDef)]
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            functions += [(f"{node.name}.", part) for part in node.body if isinstance(part, ast.FunctionDef)]
    for prefix, node in functions:
        arguments = re.sub(r"^self(, )?", "", ast.unparse(node.args))
        found[f"{prefix}{node.name}"] = f"{prefix}{node.name}({arguments})"
    return found


def test_exercise_contracts_have_the_signatures_of_the_solutions():
    text = page(ROOT / "docs/exercises.md")
    checked = 0
    for path in sorted(ROOT.glob("solutions/*.py")):
        stub = page(ROOT / "exercises" / path.name)
        known = signatures(path)
        graded = set(re.findall(r'NotImplementedError\("([\w.]+)"\)', stub))
        assert graded and graded <= known.keys()
        assert [known[name] for name in sorted(graded) if f"`{known[name]}`" not in text] == []
        checked += len(graded)
    assert checked >= 40


def test_attack_table_has_a_row_for_each_attack_and_none_pays(attack_modules):
    table, building = attack_modules
    text = page(ROOT / "docs/security.md")
    lines = text.partition(f"{table.BEGIN}\n")[2].partition(f"\n{table.END}")[0].splitlines()
    attacks = building.all_attacks()
    assert tuple(lines[:2]) == table.HEADER
    assert len(lines) - 2 == len(attacks) >= 25
    for line, (number, sentence) in zip(lines[2:], building.sentences().items(), strict=True):
        assert line.startswith(table.row_start(number, sentence, table.count_variants(attacks[number])))
        wrong, attack, honest = (cell.split(" to ") for cell in line.strip("| ").split(" | ")[3:])
        assert float(attack[-1]) <= float(wrong[-1]) < 100 and honest == ["100"]
    assert table.replace_table(text, lines) == text


def test_attack_table_is_replaced_between_its_markers_only(attack_modules):
    table, _ = attack_modules
    assert table.replace_table(f"a\n{table.BEGIN}\nold\n{table.END}\nb\n", ["x", "y"]) == (
        f"a\n{table.BEGIN}\nx\ny\n{table.END}\nb\n"
    )
    with pytest.raises(ValueError, match="once each"):
        table.replace_table("no markers", [])


def test_models_page_has_command_and_score_of_each_model():
    text, records = page(ROOT / "docs/models.md"), sorted(ROOT.glob("dlseq/tasks/pretrained/*.json"))
    assert records
    for path in records:
        record = json.loads(page(path))
        assert f"`{record['command']}`" in text, path.name
        score = record.get("nats_per_character")
        assert score is None or f"{score:.3f}" in text, path.name


def test_each_benchmark_is_on_the_page_of_benchmarks():
    scripts = [path for path in ROOT.glob("benchmarks/*.py") if '__name__ == "__main__"' in page(path)]
    text = page(ROOT / "docs/benchmarks.md") + page(ROOT / "benchmarks/README.md")
    assert len(scripts) >= 10
    assert [path.name for path in scripts if f"benchmarks/{path.name}" not in text] == []


def test_architecture_page_lists_the_rooms_in_their_order():
    tree = ast.parse(page(ROOT / "tests/test_architecture.py"))
    [value] = [node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "ROOMS"]
    rooms = ast.literal_eval(value)
    table = page(ROOT / "docs/architecture.md").partition("| room")[2].partition("\n\n")[0]
    paths = [path for path in re.findall(r"`([^`]+)`", table) if path.startswith("dlseq/")]
    listed = [path.removeprefix("dlseq/").removesuffix(".py").rstrip("/") for path in paths]
    assert listed == list(rooms)


def test_versions_agree():
    version = dlseq.__version__
    assert f"\nversion: {version}\n" in page(ROOT / "CITATION.cff")
    assert f"\nversion = {version}\n" in page(ROOT / "setup.cfg")
    assert re.search(rf"^## \[{re.escape(version)}\]", page(ROOT / "CHANGELOG.md"), re.MULTILINE)


def test_each_file_of_the_forge_calls_its_script():
    """One for each change, and one for links to other sites, on which no change depends."""
    scripts = {path.stem: path for path in ROOT.glob(".github/workflows/*.yml")}
    assert scripts.keys() == {"ci", "links"}
    for workflow, script in {"ci": "run", "links": "links"}.items():
        assert re.search(rf"run: \./\.ci/{script}$", page(scripts[workflow]), re.MULTILINE)
        assert os.access(ROOT / ".ci" / script, os.X_OK)
    assert "push:" not in page(scripts["links"]) and "pull_request:" not in page(scripts["links"])
