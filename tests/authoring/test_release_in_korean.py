"""A hand-out in Korean: exercises, hints and README; grading is the same."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dlseq.authoring.leaks import find_leaks
from dlseq.authoring.lessons import lesson_text, stamp_lessons, untranslated_exercises
from dlseq.authoring.release import write_release
from dlseq.cli import app
from dlseq.course.exercises import EXERCISES, get_exercise
from dlseq.course.layout import Course, find_course
from dlseq.course.stubs import make_stub, solution_blocks
from dlseq.errors import DataError, DlseqError
from dlseq.grading.judge.client import run_tests
from dlseq.languages import read_messages

NAME = "recurrent_network"
HERE = find_course(Path(__file__).parent)
GRADED = (
    "recurrent_network",
    "attention_layer",
    "beam_search",
)  # test_translations.py compares the code of all
KOREAN = '''# %% [markdown]
# # 두 배로 만들기

# %%

# %%
def double(x):
    """배열을 두 배로 만듭니다."""
    raise NotImplementedError("double")


# %%
def double_sum(x):
    """두 배로 만든 배열의 합."""
    raise NotImplementedError("double_sum")
'''
MESSAGES = """
msgid "It is not a square."
msgstr "제곱이 아닙니다."

msgid "Any size will do, and x stays as it was."
msgstr "어떤 크기든 됩니다."
"""


@pytest.fixture
def korean_course(course):
    for path, text in ((course.translation(NAME, "ko"), KOREAN), (course.messages(NAME, "ko"), MESSAGES)):
        path.parent.mkdir()
        path.write_text(text, "utf-8")
    assert stamp_lessons(course, [get_exercise(NAME)]) == [f"solutions/ko/{NAME}.py"]
    return course


def test_the_korean_exercise_has_no_stamps_and_takes_empty_cells_from_the_stub(korean_course):
    text = lesson_text(korean_course, NAME, "ko")
    assert (
        text.startswith("# %% [markdown]\n# # 두 배로 만들기\n\n# %%\nimport numpy as np\n") and "source=" not in text
    )


def test_a_korean_release_holds_korean_exercises_hints_and_readme(korean_course, tmp_path):
    write_release(korean_course, tmp_path / "handed", notebooks=True, seed=3, language="ko")
    student = Course(tmp_path / "handed")
    notebook = student.stub(NAME).with_suffix(".ipynb").read_text("utf-8")
    setup, title, *_ = ("".join(cell["source"]) for cell in json.loads(notebook)["cells"])
    assert "이 셀을 먼저 실행하세요" in setup and "dlseq를 설치하는 중입니다" in setup and title == "# 두 배로 만들기"
    compile(setup, "setup", "exec")
    assert "## 시작하기" in (student.root / "README.md").read_text("utf-8")
    assert student.language == "ko" and korean_course.language is None
    assert read_messages(student.messages(NAME, "ko")) == {"It is not a square.": "제곱이 아닙니다."}
    assert find_leaks(korean_course, NAME, student.root) == []


def test_a_stale_translation_is_not_released(korean_course, tmp_path, change):
    change(korean_course.solution(NAME), "Doubles an array.", "Multiplies an array by two.")
    with pytest.raises(DataError, match=rf"solutions/ko/{NAME}\.py.* line 6: changed since its translation"):
        write_release(korean_course, tmp_path / "handed", language="ko")
    assert not (tmp_path / "handed").exists()


def test_an_exercise_without_a_translation_stays_english(course):
    assert lesson_text(course, NAME, "ko") == course.stub(NAME).read_text("utf-8")
    assert untranslated_exercises(course, EXERCISES, "ko") == [get_exercise(NAME)]
    assert untranslated_exercises(course, EXERCISES, "en") == []
    with pytest.raises(DlseqError, match=rf"Expected the file solutions/LANGUAGE/{NAME}\.py"):
        stamp_lessons(course, [get_exercise(NAME)])


def solved(stub, solution):
    """Put the blocks of a solution into a stub, in the places of its `raise NotImplementedError` lines."""
    lines, blocks = solution.split("\n"), iter(solution_blocks(solution))
    done = []
    for line in stub.split("\n"):
        if line.strip().startswith("raise NotImplementedError("):
            block = next(block for block in blocks if block.function is not None)
            done += lines[block.first : block.last - 1]
        else:
            done.append(line)
    return "\n".join(done)


@pytest.mark.slow
@pytest.mark.parametrize("name", GRADED)
def test_a_korean_stub_with_the_code_of_the_solution_has_100_points(name, tmp_path):
    solution, korean = HERE.solution(name).read_text("utf-8"), lesson_text(HERE, name, "ko")
    assert "니다." in korean and korean != make_stub(solution)
    (tmp_path / f"{name}.py").write_text(solved(korean, solution), "utf-8")
    results = run_tests(HERE, get_exercise(name), tmp_path, visible_only=False, seed=5)
    assert [result.test for result in results if result.status != "passed"] == []
    assert round(sum(result.earned for result in results), 6) == 100


def test_dlseq_translations_lists_stale_cells_and_stamps_on_request(korean_course, change, monkeypatch):
    def dlseq(*arguments):
        result = CliRunner().invoke(app, list(arguments))
        return result.exit_code, str(result.exception if isinstance(result.exception, DlseqError) else result.output)

    monkeypatch.chdir(korean_course.root)
    assert dlseq("translations") == (0, "all translations are up to date\n")
    change(korean_course.solution(NAME), "Doubles an array.", "Multiplies an array by two.")
    stale = f"solutions/ko/{NAME}.py:6: changed since its translation: def double(x):\n"
    assert dlseq("translations") == (1, stale)
    assert "the exercises to stamp" in dlseq("translations", "--stamp")[1]
    assert "Copy exercises/beam_search.py there" in dlseq("translations", NAME, "beam_search", "--stamp")[1]
    assert dlseq("translations") == (1, stale), "one of two exercises was stamped"
    assert dlseq("translations", NAME, "--stamp")[1].startswith(f"stamped: solutions/ko/{NAME}.py\nall translations")
    assert "--language need one: dlseq release DIR" in dlseq("release", "--language", "ko")[1]
