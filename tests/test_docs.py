"""Links, paths, names, commands and code blocks of the documentation agree with the repository."""

import ast
import configparser
import itertools
import re
import shlex
from pathlib import Path

import pytest
import typer

from dlseq.cli import app
from dlseq.tasks.registry import TASKS, presets_of

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "benchmarks/README.md"])
MAX_README_LINES = 100
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]\[]*\]\(([^)\s]+)\)")
INLINE = re.compile(r"`([^`\n]+)`")
FOLDERS = (".ci", ".github", "benchmarks", "dlseq", "docs", "exercises", "solutions", "tests")
TOP_SUFFIXES = (".md", ".cfg", ".cff", ".toml")
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
    return first in FOLDERS if slash else word.endswith(TOP_SUFFIXES) or word == "constraints.txt"


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
    return _problem_of_preset(arguments) if path == ["dlseq", "train"] else None


def _problem_of_preset(arguments):
    """Look the task and the preset of a training command up; words in capitals stand for any."""
    task, *words = [word for word in arguments if not word.isupper()] or [None]
    if task is None or task.startswith("-"):
        return None
    if task not in TASKS:
        return f"no task {task}"
    presets = [name for option, name in itertools.pairwise(words) if option == "--preset"]
    unknown = [name for name in presets if name not in presets_of(task)]
    return f"no preset {unknown[0]} of {task}" if unknown else None


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
`dlseq/gone.py` `GONE.md` `dlseq/cli/app.py` `tests/mistakes/<exercise>.py`
`dlseq.gone` `dlseq.files.gone` `dlseq.cli.app`
```console
$ dlseq grade class.zip --out marks && dlseq grdae class.zip   # dlseq comment
printed: dlseq nonsense
```
"""


def test_the_checks_find_what_is_broken():
    assert broken_links(BROKEN, ROOT) == ["gone.md", "#no-heading"]
    assert missing_paths(BROKEN) == ["dlseq/gone.py", "GONE.md"]
    assert [name for name in modules_in(BROKEN) if not resolves(name)] == ["dlseq.gone", "dlseq.files.gone"]
    assert [problem_of(words) for words in commands_in(BROKEN)] == [None, "no command dlseq grdae"]


@pytest.mark.parametrize(
    "line",
    [
        "dlseq grade x.zip --out m --rooster r.csv",
        "dlseq grade x.zip",  # --out is required
        "dlseq train nothing",
        "dlseq train dates --preset nothing",
        "dlseq dates --min-confidence 7",
        "pytest tests/graded --dlseq-submision DIR",
        "python benchmarks/gone.py",
        "python benchmarks/accuracy.py --gone",
    ],
)
def test_a_wrong_command_is_a_problem(line):
    assert problem_of(shlex.split(line))


def test_extras_of_the_pages_exist():
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", "utf-8")
    extras = {name for path in PAGES for name in re.findall(r"\[(\w+)\]['\"]", page(path))}
    assert {"course", "grade", "dev"} <= extras <= set(settings["options.extras_require"])


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
