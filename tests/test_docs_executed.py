"""Code blocks of the pages are executed: Python, and the commands of consoles, in the order of their page.

A comment above a block says that it is not executed, `<!-- parsed only: reason -->`, or which of its commands are not,
by parts of them: `<!-- parsed only (dlseq train, --model): reason -->`. Then tests/test_docs.py alone looks at it.
README.md has no line left for comments: `README_LEFT_OUT`.
"""

import contextlib
import io
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")])
ELSEWHERE = ("export.md",)  # executed by tests/networks/test_export.py
BLOCK = re.compile(
    r"^(?:<!-- parsed only(?: \((.*?)\))?: (.+?) -->\n)?```(python|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
MARKER = re.compile(r"^<!-- parsed only", re.MULTILINE)
SHARE = re.compile(r" *>?\d+\.\d%")  # of a model, which changes with the processor
CSV_OF_DATES = "name,born\nAda,10 December 1815\n"
TEXTS = {
    "letters.txt": "Maria Rossi lives in Boston.\nAda met Bob in Paris.\n",
    "reviews.txt": "I liked it.\nThere is nothing to like.\n",
    "sentences.txt": "Jane dort.\n",
    "people.csv": CSV_OF_DATES,
}


def blocks_of(text):
    """Return the blocks that are executed, at least in part: (language, code, parts of commands that are left out)."""
    found = []
    for parts, reason, language, code in BLOCK.findall(text):
        if parts or not reason:
            found.append((language, code, [part.strip() for part in parts.split(",") if part]))
    return found


def steps_of(code, left_out):
    """Return the commands of a console, each with the lines that it prints."""
    steps = []
    for line in code.splitlines():
        if line.startswith("$ "):
            words = shlex.split(line[2:], comments=True)
            steps.append((words, [], any(part in line for part in left_out)))
        elif steps and line:
            steps[-1][1].append(line)
    return [(words, printed) for words, printed, is_left_out in steps if not is_left_out]


README_LEFT_OUT = ("pip install", "dlseq train", "dlseq tour", "; dlseq", "dlseq release", "dlseq check", "dlseq grade")
EXECUTED = [path for path in PAGES if path.name not in ELSEWHERE and blocks_of(path.read_text("utf-8"))]
NOT_IN_A_TEST = ("train", "prove", "demo", "release", "check", "grade", "gallery", "tour", "translations")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_block_is_executed_or_marked(path):
    """Training, grading and installation take too long for a test; a marker on the page says so."""
    text = path.read_text("utf-8")
    readme = README_LEFT_OUT if path.name == "README.md" else ()
    assert len(MARKER.findall(text)) == sum(bool(reason) for _, reason, _, _ in BLOCK.findall(text))
    for language, code, left_out in blocks_of(text):
        assert all(part in code for part in left_out)
        if language == "console":
            steps = steps_of(code, [*left_out, *readme])
            assert [words[:2] for words, _ in steps if words[0] != "dlseq" or words[1] in NOT_IN_A_TEST] == []
            assert steps or readme


def test_markers_are_read():
    page = """
<!-- parsed only (dlseq train, --model): takes minutes -->
```console
$ dlseq a   # note
1
$ dlseq train b
$ dlseq c --model d
```
<!-- parsed only: needs a file -->
```python
x
```
```python
y
```
"""
    (_, code, left_out), (_, other, _) = blocks_of(page)
    assert steps_of(code, left_out) == [(["dlseq", "a"], ["1"])]
    assert other == "y\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the files that the pages name."""
    from dlseq.data.clips import draw_clips, write_clips
    from dlseq.data.scenes import draw_scenes, write_scenes

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for name, text in TEXTS.items():
        Path(name).write_text(text, "utf-8")
    write_scenes("scene", draw_scenes(1, seed=3))
    write_clips("clip", draw_clips(1, seed=3))
    shutil.copytree(ROOT / "docs/sounds", "docs/sounds")
    shutil.copy("scene/scene-1.png", "scene.png")
    shutil.copy("clip/clip-1.gif", "clip.gif")
    for part in ("solutions", "tests"):  # of a course, for dlseq.grading.grade
        Path(part).symlink_to(ROOT / part)
    Path("class").mkdir()
    for student in ("ada", "bob"):
        shutil.copy(ROOT / "solutions/language_model.py", f"class/{student}_language_model.py")
    shutil.make_archive("class", "zip", "class")
    return tmp_path


def run_command(words, monkeypatch):
    """Run `dlseq ...` in this process; return its exit status and standard output."""
    import dlseq.cli

    at = words.index("<") if "<" in words else len(words)
    words, stdin = words[:at], words[at + 1 :]
    words = [name for word in words for name in (sorted(map(str, Path().glob(word))) if "*" in word else [word])]
    monkeypatch.setattr(sys, "argv", words)
    if stdin:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path(stdin[0]).read_bytes()), encoding="utf-8"))
    printed, status = io.StringIO(), 0
    with contextlib.redirect_stdout(printed):
        try:
            dlseq.cli.main()
        except SystemExit as leaving:
            status = leaving.code or 0
    return status, printed.getvalue()


def run_python(code, namespace):
    """Run a block; compare what it prints with the comments behind its calls of print."""
    expected = re.findall(r"^print\(.*\)  # (.*)$", code, re.MULTILINE)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "block", "exec"), namespace)  # noqa: S102  (our own page)
    if expected and all(re.match(r"[\[(\dTF']", line) for line in expected):
        assert printed.getvalue().splitlines() == expected


@pytest.mark.slow
@pytest.mark.parametrize("path", EXECUTED, ids=lambda path: path.name)
def test_code_of_a_page_runs(path, folder, monkeypatch):
    if path.name == "grading.md" and not shutil.which("bwrap"):
        pytest.skip("needs bubblewrap: apt-get install bubblewrap")
    namespace, readme = {}, README_LEFT_OUT if path.name == "README.md" else ()
    for language, code, left_out in blocks_of(path.read_text("utf-8")):
        if language == "python":
            run_python(code, namespace)
        elif language == "console":
            for words, printed in steps_of(code, [*left_out, *readme]):
                status, out = run_command(words, monkeypatch)
                assert status == (2 if "--min-confidence" in words else 0), words
                assert [SHARE.sub("%", line) for line in printed] == [
                    SHARE.sub("%", line.rstrip()) for line in out.splitlines()[: len(printed)]
                ]
