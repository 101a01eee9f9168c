"""The layout that docs/architecture.md describes: every import points down, and a submission sees one folder."""

import ast
import configparser
from pathlib import Path

import pytest

import dlseq
from dlseq.grading.sandbox.bubblewrap import VISIBLE_FILES

PACKAGE = Path(dlseq.__file__).parent
TESTS = Path(__file__).parent
MOST_MODULES = 13  # about a dozen in a folder, `__init__.py` not counted

# Each room is a folder or a module and imports from rooms below it only. A folder within another is a room of its own.
ROOMS = (
    "cli",
    "authoring",
    "checking",
    "grading/run",
    "grading/plan",
    "grading/reports",
    "grading/judge",
    "grading/plugin",
    "grading/sandbox",
    "grading/submissions",
    "testing",
    "grading/sanitize",
    "grading/results",
    "tasks",
    "tasks/pretrained",
    "baselines",
    "networks",
    "training",
    "plots",
    "plots/fonts",
    "decoding",
    "layers",
    "course",
    "grading/worker",
    "course/given",
    "data",
    "data/dates/typed",
    "data/dates",
    "data/dates/reading",
    "data/names",
    "data/translations",
    "data/hangul",
    "text",
    "metrics",
    "languages",
    "kernels",
    "startup",
    "extras",
    "files",
    "errors",
)
LAZY = ("", "grading")  # packages whose `__init__` names what others hold, and loads it on first use


def modules():
    return sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def room_of(path):
    """The innermost room that holds a module, such as "grading/judge" for grading/judge/pool.py."""
    parts = path.with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    rooms = ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return next((room for room in rooms if room in ROOMS), None)


def imports_of(path):
    """The modules of dlseq that a module imports, as paths, with the lines on which it does."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute here"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {(resolved, node.lineno) for name in names if (resolved := resolve(name))}
    return found


def resolve(name):
    """The file of the longest prefix of a dotted name that is a module of dlseq."""
    if name.split(".")[0] != "dlseq":
        return None
    parts = name.split(".")[1:]
    while parts:
        stem = Path(*parts)
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if (PACKAGE / path).is_file():
                return path
        parts = parts[:-1]
    return Path("__init__.py")


def is_lazy(path):
    return path.name == "__init__.py" and path.parent.as_posix().strip(".") in LAZY


def test_each_module_stands_in_a_room():
    homeless = [str(path) for path in modules() if room_of(path) is None and not is_lazy(path)]
    assert homeless == []


@pytest.mark.parametrize("path", modules(), ids=str)
def test_imports_point_down(path):
    room = room_of(path)
    if room is None:
        return
    level = ROOMS.index(room)
    upward = [
        f"{path}:{line} imports {other}"
        for other, line in sorted(imports_of(path))
        if not is_lazy(other) and room_of(other) != room and ROOMS.index(room_of(other)) < level
    ]
    assert upward == []


def test_modules_of_a_room_do_not_import_in_a_circle():
    graph = {path: {other for other, _ in imports_of(path) if other != path} for path in modules()}
    done, circles = set(), []

    def visit(path, trail):
        if path in trail:
            circles.append(" -> ".join(map(str, [*trail[trail.index(path) :], path])))
            return
        if path not in done:
            for other in sorted(graph[path]):
                visit(other, [*trail, path])
            done.add(path)

    for path in modules():
        visit(path, [])
    assert circles == []


def test_a_submission_sees_only_modules_that_import_what_it_sees():
    visible = {file.relative_to(PACKAGE) for pattern in VISIBLE_FILES for file in PACKAGE.glob(pattern)}
    hidden = [
        f"{path}:{line} imports {other}"
        for path in sorted(visible)
        if path.suffix == ".py" and not is_lazy(path)
        for other, line in sorted(imports_of(path))
        if other not in visible
    ]
    assert hidden == []


def test_a_submission_sees_the_worker_folder_and_no_other_part_of_the_grader():
    visible = {file.relative_to(PACKAGE).as_posix() for pattern in VISIBLE_FILES for file in PACKAGE.glob(pattern)}
    assert {path for path in visible if path.startswith("grading/")} == {
        "grading/__init__.py",
        *(path.as_posix() for path in modules() if path.as_posix().startswith("grading/worker/")),
    }


def test_folders_have_at_most_about_a_dozen_modules():
    counts = {}
    for path in modules():
        if path.name != "__init__.py":
            counts[path.parent.as_posix()] = counts.get(path.parent.as_posix(), 0) + 1
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES} == {}


def test_tests_are_laid_out_like_the_package():
    """`graded`, `mistakes` and `attacks` are not tests of a folder of the package."""
    own = {"graded", "mistakes", "attacks"}
    folders = {
        path.parent.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("test_*.py")
        if path.parent != TESTS and path.relative_to(TESTS).parts[0] not in own
    }
    assert {folder for folder in folders if not (PACKAGE / folder).is_dir()} == set()


def test_each_folder_of_tests_is_collected():
    """A folder that setup.cfg does not list would never run, and nobody would notice. CI proves with `graded`."""
    settings = configparser.ConfigParser()
    settings.read(TESTS.parent / "setup.cfg", encoding="utf-8")
    listed = {Path(path).name for path in settings["tool:pytest"]["testpaths"].split()}
    folders = {path.relative_to(TESTS).parts[0] for path in TESTS.rglob("test_*.py") if path.parent != TESTS}
    assert folders - listed - {"graded", "mistakes", "attacks"} == set()
    assert "dlseq prove" in (TESTS.parent / ".ci" / "run").read_text("utf-8")
