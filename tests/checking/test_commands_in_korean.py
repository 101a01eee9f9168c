"""Errors and help of a student's commands in Korean: the choice of the language, and nothing that stays English."""

import re
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import dlseq.checking.messages
import dlseq.languages
from dlseq.checking.doctor import Finding
from dlseq.checking.messages import command_translator
from dlseq.cli import app
from dlseq.cli.doctor import print_findings
from dlseq.errors import DlseqError
from dlseq.languages import read_messages

ENGLISH, KOREAN = "Unknown exercise: 'nope'", "없는 연습 문제입니다: 'nope'"


def error_of(*arguments):
    error = CliRunner().invoke(app, list(arguments)).exception
    assert type(error) is DlseqError
    return str(error)


@pytest.fixture
def korean_locale(monkeypatch):
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")


def test_option_hand_out_and_locale_choose_the_language_of_an_error(course, monkeypatch):
    monkeypatch.chdir(course.root)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert ENGLISH in error_of("check", "nope")
    assert KOREAN in error_of("check", "nope", "--language", "ko")
    course.language_file.write_text("ko\n")
    assert KOREAN in error_of("check", "nope")
    assert ENGLISH in error_of("check", "nope", "--language", "en")


def test_the_locale_counts_outside_of_a_course(tmp_path, monkeypatch, korean_locale):
    monkeypatch.chdir(tmp_path)
    assert error_of("check").startswith("과정을 찾을 수 없습니다.")
    assert "Cannot find a course" in error_of("check", "--language", "en")


def test_an_unknown_language_is_an_error_in_that_of_the_locale(korean_locale):
    assert "없는 언어입니다: kr." in error_of("check", "--language", "kr")


def test_an_error_without_translation_stays_as_it_is(korean_locale):
    assert command_translator()("No message of the catalogue.") == "No message of the catalogue."


INSTRUCTORS = {"release", "translations", "prove", "grade", "gradescope"}  # whose options stay English
COMMANDS = get_command(app).commands


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - INSTRUCTORS))
def test_help_is_korean_as_a_whole(name, korean_locale):
    """Names of tasks and options, metavars and types stay as they are."""
    command = COMMANDS[name]
    shown = CliRunner().invoke(app, [name, "--help"]).output
    texts = [text for part in (command, *command.params) for text in (part.help or "").split("\n\n")]
    assert [text for text in texts if text.split() and " ".join(text.split()) in " ".join(shown.split())] == []
    shown = re.sub('"[^"]+"', "", shown)  # questions in English
    assert re.search("[가-힣]{2}", shown) and re.search(r" (the|of|a|is|Usage|Options) ", shown) is None
    assert "…" not in shown  # cut by Rich


def test_the_list_of_commands_loses_no_letter_at_the_end_of_a_line(korean_locale):
    """Rich counts a wide letter at the end of a line once, and cuts it. On wide lines there is nothing to cut."""
    narrow, wide = (
        re.findall("[가-힣]", CliRunner(env={"COLUMNS": width}).invoke(app, ["--help"]).stdout)
        for width in ("80", "300")
    )
    assert sorted(narrow) == sorted(wide)


def test_each_command_of_the_list_is_korean(korean_locale):
    shown = CliRunner().invoke(app, ["--help"]).output
    assert re.search(r" (the|of|a|is|and) ", shown) is None
    assert all(re.search(rf"│ {name} +.*[가-힣]{{2}}", shown) for name in COMMANDS)


def test_english_help_is_english_again_after_the_korean_one(monkeypatch):
    english = CliRunner().invoke(app, ["check", "--help"]).output
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    korean = CliRunner().invoke(app, ["check", "--help"]).output
    assert CliRunner().invoke(app, ["check", "--language", "en", "--help"]).output == english != korean
    assert CliRunner().invoke(app, ["check", "--language", "ko", "--help"]).output == korean


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["check", "--hnt"], "없는 옵션입니다: --hnt (비슷한 옵션: --hint)"),
        (["check", "--xyz"], "없는 옵션입니다: --xyz"),
        (["chek"], "없는 명령입니다: 'chek'. 혹시 이것인가요? 'check'"),
        (["check", "--seed"], "옵션 '--seed'에는 값이 필요합니다."),
        (["check", "--seed", "x"], "'--seed'의 값이 잘못되었습니다: 정수를 쓰세요"),
        (["check", "--seed", "-1"], "'--seed'의 값이 잘못되었습니다: 0 이상이어야 합니다"),
        (["dates", "--min-confidence", "2"], "'--min-confidence'의 값이 잘못되었습니다: 1 이하여야 합니다"),
        (["names", "--temperature", "x"], "'--temperature'의 값이 잘못되었습니다: 수를 쓰세요"),
        (["check", "--hint=3"], "옵션 '--hint'에는 값을 줄 수 없습니다."),
        (["demo", "x", "y"], "남는 인수가 있습니다(x y)"),
        (["train"], "빠진 인수: 'TASK'."),
        (["gallery"], "빠진 옵션: '--out'."),
    ],
    ids=" ".join,
)
def test_an_error_of_usage_is_korean(arguments, expected, korean_locale):
    result = CliRunner().invoke(app, arguments)
    shown = " ".join(result.stderr.replace("│", "").split())
    assert result.exit_code == 2 and expected in shown and "오류" in shown
    assert "사용법:" in shown or "Usage" not in shown


def test_an_english_error_of_usage_is_english_after_a_korean_one(monkeypatch):
    for locale, word in (("ko_KR.UTF-8", "오류"), ("C.UTF-8", "Error")):
        monkeypatch.setenv("LC_ALL", locale)
        assert word in CliRunner().invoke(app, ["check", "--bogus"]).stderr


@pytest.mark.parametrize("arguments", [["--language", "ko", "--bogus"], ["--bogus", "--language=ko"]], ids=" ".join)
def test_an_unknown_option_is_named_in_the_language_of_the_option(arguments, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "없는 옵션입니다: --bogus" in CliRunner().invoke(app, ["check", *arguments]).stderr
    assert "No such option: --bogus" in CliRunner().invoke(app, ["caption", *arguments]).stderr  # of the caption


def test_each_word_of_typer_is_one_that_it_shows(monkeypatch):
    """A message that Typer no longer has would stay in the catalogue, and its successor would be English."""
    messages = read_messages(Path(dlseq.languages.__file__).with_name("ko_typer.po"))
    asked, shown = [], command_translator("ko")
    recorder = lambda language=None: lambda text: asked.append(text) or shown(text)  # noqa: E731
    monkeypatch.setattr(dlseq.checking.messages, "command_translator", recorder)
    cases = test_an_error_of_usage_is_korean.pytestmark[0].args[1]
    for arguments, _ in [*cases, (["--help"], ""), (["train", "--help"], "")]:
        CliRunner().invoke(app, arguments)
    words = " ".join(asked)
    parts = {message: [part for part in re.split(r"\{\w*\}", message) if part.strip(" '(),.?")] for message in messages}
    assert {message for message, part in parts.items() if not all(text in words for text in part)} == set()


def test_findings_of_the_doctor_are_korean(korean_locale, capsys):
    missing = Finding("packages", False, "rich is not installed, typer is not installed", "everything", "pip install x")
    print_findings([missing, Finding("browser", False, "selenium is not installed", "tests of pages")], ["packages"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "rich 설치되어 있지 않음, typer 설치되어 있지 않음 모든 명령 pip install x" in shown
    assert shown.endswith("작동하지 않음: packages") and "페이지 테스트" in shown
