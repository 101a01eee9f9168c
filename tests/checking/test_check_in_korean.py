"""Output of `dlseq check` in Korean: the choice of the language, and columns of letters that are two cells wide."""

import io
import unicodedata

import pytest
from rich.console import Console
from typer.testing import CliRunner

from dlseq.checking.messages import message_translator
from dlseq.checking.progress import Progress, render_progress
from dlseq.cli import app
from dlseq.course.exercises import EXERCISES, get_exercise
from dlseq.grading.results import TestResult
from dlseq.languages import choose_language, get_translator

NAME = "recurrent_network"
MESSAGES = 'msgid "Every value is doubled."\nmsgstr "모든 값이 두 배가 됩니다."\n'


def shown(*results, width=80, **parts):
    console = Console(record=True, width=width, file=io.StringIO())
    progress = Progress(get_exercise(NAME), "rnn.py", results, **parts)
    console.print(render_progress([progress], True, get_translator("ko")))
    return console.export_text()


def failed(message, hint="", function="rnn_forward", **fields):
    return TestResult(NAME, function, "test_a", "Property.", 2.0, "failed", message, hint, **fields)


def cells_wide(text):
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def test_message_hint_points_and_next_step_are_korean():
    text = shown(failed("a has shape (3, 4), expected (4, 3) = (n_a, m)", place="line 7"), failed("x"))
    assert "4점 중 0점  RNN과 LSTM, 한 단계씩" in text
    assert "Property.  (2점)" in text
    assert "a의 형상은 (3, 4)입니다. 기대한 형상: (4, 3) = (n_a, m) (7행)" in text
    assert "다음: rnn.py의 rnn_forward" in text


@pytest.mark.parametrize("width", [60, 64, 66, 80, 85, 100])
def test_columns_of_wide_letters_are_aligned_and_nothing_is_cut(width):
    """Rich counts the last space of a line of wide letters, and cut such lines by an ellipsis."""
    hint = "The function ended with this exception before it returned anything: look at the line that raised it."
    rows = [failed("m", hint, "lstm_cell_backward"), failed("m", hint.replace("line", "place"), "f")]
    text = shown(*rows, width=width)
    assert "…" not in text
    assert " ".join(get_translator("ko")(hint).split()) in " ".join(text.split())
    scores = [line.rstrip() for line in text.splitlines() if line.rstrip().endswith("/ 2")]
    assert len(scores) == 2 and len({cells_wide(line) for line in scores}) == 1
    assert max(map(cells_wide, text.splitlines())) <= width


def test_notes_and_problems_are_korean():
    note = "line 1 failed with ModuleNotFoundError: No module named 'fastai'. "
    note += "Only the packages of the course are installed. Paste the functions that you need from it into the file."
    text = shown(failed("the file cannot be run: SyntaxError: invalid syntax"), notes=(note,), width=200)
    assert "파일을 실행할 수 없습니다: SyntaxError: invalid syntax" in text
    assert "참고: 1행 코드에서 ModuleNotFoundError 예외가 발생했습니다: No module named 'fastai'. 이 과정의" in text
    assert f"here에 {NAME}.py나" in shown(problem=f"No {NAME}.py or {NAME}.ipynb in here.")


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_korean_heading_of_an_exercise_fits_80_columns(exercise):
    translate = get_translator("ko")
    title = translate(exercise.title)
    assert title != exercise.title
    assert cells_wide(f"{exercise.name}  {translate('100 of 100 points')}  {title}") <= 80


@pytest.fixture
def korean_course(course):
    course.messages(NAME, "ko").parent.mkdir()
    course.messages(NAME, "ko").write_text(MESSAGES, "utf-8")
    return course


def test_option_hand_out_and_locale_choose_the_messages_of_the_exercise(korean_course, monkeypatch):
    english, korean = "Every value is doubled.", "모든 값이 두 배가 됩니다."

    def translated(language=None):
        return message_translator(korean_course, [get_exercise(NAME)], language)(english)

    assert translated() == english and translated("ko") == korean
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert translated() == korean and translated("en") == english
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    korean_course.language_file.write_text("ko\n")
    assert translated() == korean and translated("en") == english


@pytest.mark.parametrize("content, language", [(b"\xef\xbb\xbfko\r\n", "ko"), (b"\xff\xfe", "en")])
def test_the_language_of_a_hand_out_may_have_been_saved_by_an_editor(korean_course, content, language):
    korean_course.language_file.write_bytes(content)
    assert choose_language(None, korean_course.language, {}) == language


def test_dlseq_check_has_the_option(korean_course, monkeypatch):
    korean_course.stub(NAME).write_text("def double(x): return x\ndef double_sum(x): return x\n")
    monkeypatch.chdir(korean_course.root)
    result = CliRunner().invoke(app, ["check", "--language", "ko"])
    assert "모든 값이 두 배가 됩니다.  (20점)" in result.output and result.exit_code == 1
    assert "one of: en, ko" in str(CliRunner().invoke(app, ["check", "--language", "kr"]).exception)
