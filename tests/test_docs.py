"""Checks of the documentation: links, paths, commands, options, signatures and tables agree with the repository."""

import ast
import contextlib
import io
import json
import re
import shlex
import sys
from pathlib import Path

import pytest
import typer

import dlseq
from dlseq.cli import app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "benchmarks/README.md"])
MAX_README_LINES = 100
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]\[]*\]\(([^)\s]+)\)")
INLINE = re.compile(r"`([^`\n]+)`")
FOLDERS = (".ci", ".github", "benchmarks", "dlseq", "docs", "exercises", "solutions", "tests")
SUFFIXES = (".py", ".md", ".cfg", ".cff", ".toml", ".txt", ".json", ".png", ".keras", ".yml", ".jinja", ".css", ".js")
WRITTEN_BY_COMMANDS = re.compile(r"^(tests/graded/expected\b|exercises/.*\.ipynb)")  # in released folders only
PLUGIN_OPTIONS = (ROOT / "dlseq/grading/plugin/options.py").read_text("utf-8")


def page(path):
    return path.read_text("utf-8")


def fences(text, *languages):
    return [block for language, block in FENCE.findall(text) if language in languages]


def broken_links(text, folder):
    """Return relative links without a target: a file that does not exist, or a heading that the file does not have."""
    found = []
    for link in LINK.findall(FENCE.sub("", text)):
        name, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        if name and not (folder / name).exists():
            found.append(link)
            continue
        if anchor and anchor not in anchors(page(folder / name) if name else text):
            found.append(link)
    return found


def anchors(text):
    """Return the anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def paths_in(text):
    """Return the words in backticks that look like a file or folder of the repository; `<name>` stands for any name."""
    words = [word for code in INLINE.findall(FENCE.sub("", text)) for word in code.split()]
    words += [word for block in fences(text, "bash", "console", "text") for word in block.split()]
    return [word.strip(".,:;()") for word in words if is_path(word.strip(".,:;()"))]


def is_path(word):
    if word.startswith("-") or "=" in word or WRITTEN_BY_COMMANDS.match(word):
        return False
    first, slash, _ = word.partition("/")
    return bool(slash and first in FOLDERS) or ("/" not in word and word in TOP_FILES)


TOP_FILES = {path.name for path in ROOT.iterdir() if path.is_file()} | {"setup.cfg", "constraints.txt"}


def missing_paths(text):
    return [word for word in paths_in(text) if not any(ROOT.glob(re.sub(r"<\w+>", "*", word).rstrip("/")))]


def modules_in(text):
    """Return the dotted names in backticks that begin with dlseq."""
    return [code for code in INLINE.findall(FENCE.sub("", text)) if re.fullmatch(r"dlseq(\.\w+)+", code)]


def resolves(dotted):
    """Return whether a dotted name is a module, or a name that the module of its longest prefix defines or imports."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        stem = ROOT.joinpath(*parts[:end])
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.is_file():
                return end == len(parts) or (end == len(parts) - 1 and parts[-1] in names_of(path))
    return False


def names_of(path):
    names = set()
    for node in ast.walk(ast.parse(page(path))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)  # public names that resolve on first use
    return names


def commands_in(text):
    """Return the commands of fenced console and bash blocks, as lists of words; prompts and output are left out."""
    lines = [
        line.removeprefix("$ ") for block in fences(text, "console") for line in block.splitlines() if line[:1] == "$"
    ]
    lines += [line for block in fences(text, "bash") for line in block.splitlines() if not line.startswith("#")]
    found = []
    for line in lines:
        words = shlex.split(line, comments=True)
        while words:
            end = next((at for at, word in enumerate(words) if word in ("&&", "||", "|", ";", ">")), len(words))
            command, words = words[:end], words[end + 1 :]
            found += [command] if command else []
    return found


def inline_commands_in(text):
    code = [code for code in INLINE.findall(FENCE.sub("", text)) if re.match(r"(dlseq|pytest|python) [\w.-]", code)]
    return [shlex.split(line) for line in code]


def problem_of(words, whole=True):
    """Return the error of a command line of dlseq, pytest or a script of this repository; None where there is none.

    Args:
        words: the command.
        whole: parse the arguments as well, rather than look for the command and the names of its options.
    """
    program, *arguments = words
    if program.endswith("dlseq"):
        return _problem_of_dlseq(arguments, whole)
    if program.endswith("pytest"):
        unknown = [
            word for word in arguments if word.startswith("--dlseq") and f'"{word.split("=")[0]}"' not in PLUGIN_OPTIONS
        ]
        return f"no option {unknown[0]}" if unknown else None
    if program.endswith("python") and arguments and arguments[0].endswith(".py"):
        script = ROOT / arguments[0]
        if not script.is_file():
            return f"no script {arguments[0]}"
        known = page(script) + page(ROOT / "benchmarks/report.py")
        unknown = [word for word in arguments if word.startswith("--") and f'"{word.split("=")[0]}"' not in known]
        return f"no option {unknown[0]}" if unknown else None
    return None


def _problem_of_dlseq(arguments, whole):
    command, path = typer.main.get_command(app), ["dlseq"]
    while hasattr(command, "get_command") and arguments and not arguments[0].startswith("-"):
        name, *arguments = arguments
        path.append(name)
        command = command.get_command(None, name)
        if command is None:
            return f"no command {' '.join(path)}"
    options = {option for parameter in command.params for option in parameter.opts} | {"-h", "--help"}
    unknown = [word for word in arguments if re.match(r"--?[a-z]", word) and word.split("=")[0] not in options]
    if unknown:
        return f"{' '.join(path)}: no option {unknown[0]}"
    if whole and "--help" not in arguments and not hasattr(command, "get_command"):
        try:
            command.make_context(path[-1], list(arguments))
        except Exception as error:
            return f"{' '.join(path)}: {error}"
    return None


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_paths_and_names_of_a_page_exist(path):
    text = page(path)
    assert broken_links(text, path.parent) == []
    assert missing_paths(text) == []
    assert [name for name in modules_in(text) if not resolves(name)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_of_a_page_and_their_options_exist(path):
    text = page(path)
    problems = [problem_of(words) for words in commands_in(text)]
    problems += [problem_of(words, whole=False) for words in inline_commands_in(text)]
    assert [problem for problem in problems if problem] == []


def test_the_pages_have_links_paths_names_and_commands():
    """The two tests above hold for empty pages too; this one does not."""
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"} <= {path.name for path in PAGES}
    texts = [page(path) for path in PAGES]
    assert sum(len(LINK.findall(text)) for text in texts) >= 40
    assert sum(len(paths_in(text)) for text in texts) >= 100
    assert sum(len(modules_in(text)) for text in texts) >= 10
    programs = [words[0].rsplit("/", 1)[-1] for text in texts for words in commands_in(text)]
    assert programs.count("dlseq") >= 25
    assert programs.count("pytest") >= 5
    assert sum(len(inline_commands_in(text)) for text in texts) >= 25


BROKEN = """
# A heading
[gone](gone.md) [here](README.md) [part](#a-heading) [no part](#no-heading) [web](https://example.org)
`dlseq/gone.py` `dlseq/cli/app.py` `tests/mistakes/<exercise>.py` `dlseq.gone` `dlseq.files.gone` `dlseq.cli.app`
```console
$ dlseq grade class.zip --out marks && dlseq grdae class.zip   # dlseq comment
printed: dlseq nonsense
```
"""


def test_the_checks_find_what_is_broken():
    assert broken_links(BROKEN, ROOT) == ["gone.md", "#no-heading"]
    assert missing_paths(BROKEN) == ["dlseq/gone.py"]
    assert [name for name in modules_in(BROKEN) if not resolves(name)] == ["dlseq.gone", "dlseq.files.gone"]
    assert [problem_of(words) for words in commands_in(BROKEN)] == [None, "no command dlseq grdae"]


@pytest.mark.parametrize(
    "line",
    [
        "dlseq grade x.zip --out m --rooster r.csv",
        "dlseq grade x.zip",  # --out is required
        "dlseq train nothing",
        "dlseq dates --min-confidence 7",
        "pytest tests/graded --dlseq-submision DIR",
        "python benchmarks/gone.py",
        "python benchmarks/accuracy.py --gone",
    ],
)
def test_a_wrong_command_is_a_problem(line):
    assert problem_of(shlex.split(line))


def test_readme_is_short_and_has_the_two_commands():
    text = page(ROOT / "README.md")
    assert len(text.splitlines()) <= MAX_README_LINES
    assert [re.search(r"(dlseq demo|pytest -n 2)$", block.strip())[1] for block in fences(text, "bash")] == [
        "dlseq demo",
        "pytest -n 2",
    ]


def test_python_code_of_the_pages_compiles():
    blocks = [block for path in PAGES for block in fences(page(path), "python")]
    imports = []
    for block in blocks:
        compile(block, "block", "exec")
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("dlseq"):
                imports += [f"{node.module}.{alias.name}" for alias in node.names]
    assert len(blocks) >= 4 and len(imports) >= 4
    assert [name for name in imports if not resolves(name)] == []


@pytest.mark.slow
def test_python_code_of_readme_prints_what_its_comment_says():
    blocks = fences(page(ROOT / "README.md"), "python")
    assert blocks
    for block in blocks:
        expected = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block, "block", "exec"), {})  # noqa: S102  (our own page)
        assert expected and printed.getvalue().splitlines() == expected


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


def test_attack_table_has_a_row_for_each_attack_and_none_pays():
    sys.path.insert(0, str(ROOT / "tests/attacks"))
    try:
        import table
        from building import all_attacks, sentences
    finally:
        sys.path.remove(str(ROOT / "tests/attacks"))
    text = page(ROOT / "docs/security.md")
    lines = text.partition(f"{table.BEGIN}\n")[2].partition(f"\n{table.END}")[0].splitlines()
    attacks = all_attacks()
    assert tuple(lines[:2]) == table.HEADER
    assert len(lines) - 2 == len(attacks) >= 25
    for line, (number, sentence) in zip(lines[2:], sentences().items(), strict=True):
        assert line.startswith(table.row_start(number, sentence, table.count_variants(attacks[number])))
        wrong, attack, honest = (cell.split(" to ") for cell in line.strip("| ").split(" | ")[3:])
        assert float(attack[-1]) <= float(wrong[-1]) < 100 and honest == ["100"]
    assert table.replace_table(text, lines) == text


def test_attack_table_is_replaced_between_its_markers_only():
    sys.path.insert(0, str(ROOT / "tests/attacks"))
    try:
        import table
    finally:
        sys.path.remove(str(ROOT / "tests/attacks"))
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
    paths = [path for path in INLINE.findall(table) if path.startswith("dlseq/")]
    listed = [path.removeprefix("dlseq/").removesuffix(".py").rstrip("/") for path in paths]
    assert listed == list(rooms)


def test_versions_agree():
    version = dlseq.__version__
    assert f"\nversion: {version}\n" in page(ROOT / "CITATION.cff")
    assert f"\nversion = {version}\n" in page(ROOT / "setup.cfg")
    assert re.search(rf"^## \[{re.escape(version)}\]", page(ROOT / "CHANGELOG.md"), re.MULTILINE)


def test_the_ci_file_of_the_forge_calls_the_ci_script():
    workflows = list(ROOT.glob(".github/workflows/*.yml"))
    assert len(workflows) == 1
    assert re.search(r"run: .*\.ci/run$", page(workflows[0]), re.MULTILINE)
