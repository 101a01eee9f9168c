"""Errors and help of a student's commands in Korean: the choice of the language, and nothing that stays English."""

import re

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from dlseq.checking.doctor import Finding
from dlseq.checking.messages import command_translator
from dlseq.cli import app
from dlseq.cli.doctor import print_findings
from dlseq.errors import DlseqError

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


@pytest.mark.parametrize("name", ["check", "doctor"])
def test_help_is_korean_as_a_whole(name, korean_locale):
    command, translate = get_command(app).commands[name], command_translator()
    texts = [text for part in (command, *command.params) for text in (part.help or "").split("\n\n")]
    assert all(re.search("[가-힣]{2}", translate(" ".join(text.split()))) for text in texts)
    shown = CliRunner().invoke(app, [name, "--help"]).output
    assert re.search("[가-힣]{2}", shown) and " the " not in shown


def test_findings_of_the_doctor_are_korean(korean_locale, capsys):
    missing = Finding("packages", False, "rich is not installed, typer is not installed", "everything", "pip install x")
    print_findings([missing, Finding("browser", False, "selenium is not installed", "tests of pages")], ["packages"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "rich 설치되어 있지 않음, typer 설치되어 있지 않음 모든 명령 pip install x" in shown
    assert shown.endswith("작동하지 않음: packages") and "페이지 테스트" in shown
