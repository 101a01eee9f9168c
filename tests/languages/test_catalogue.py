"""Translated messages: fields that are filled, sentences one after the other, and the choice of a language."""

import pytest

from dlseq.errors import DataError, DlseqError
from dlseq.languages import Translator, choose_language, get_translator, read_messages

MESSAGES = {
    "{} has shape {}": "{1}: 형상({0})",
    "{} has shape {}, expected {}": "{}: {}. 기대: {}",
    "{} points": "{}점",
    "{} of {} points": "{1}점 중 {0}점",
    "line {} failed.": "{}행 실패.",
    "Look at the line. Then run it.": "그 줄을 보세요. 그다음 실행하세요.",
    "the cache": "캐시",
    "{name} and {other}, {name}": "{other}/{name}",
}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("the cache", "캐시"),
        ("a has shape (3, 4)", "(3, 4): 형상(a)"),
        ("a has shape (3, 4), expected (4, 3)", "a: (3, 4). 기대: (4, 3)"),
        ("3 of 10 points", "10점 중 3점"),
        ("the cache has shape (1,)", "(1,): 형상(캐시)"),
        ("line 3 failed. Look at the line. Then run it.", "3행 실패. 그 줄을 보세요. 그다음 실행하세요."),
        ("a and b, a", "b/a"),
        ("a and b, c", "a and b, c"),
        ("a has shape {x}\n{}", "{x}\n{}: 형상(a)"),
        ("nothing known. Look at the line. Then run it.", "nothing known. Look at the line. Then run it."),
        ("", ""),
        (f"a has shape {' 1.' * 60} 1", f"{' 1.' * 60} 1: 형상(a)"),  # numbers of NumPy look like ends of sentences
    ],
)
def test_a_text_gets_the_translation_of_the_message_that_it_fits(text, expected):
    assert Translator(MESSAGES)(text) == expected


def test_english_stays_as_it_is():
    assert get_translator("en")("hint:") == "hint:"


def test_the_first_catalogue_with_a_message_translates_it(tmp_path):
    """Those of exercises come before that of the package."""
    paths = [tmp_path / name for name in ("missing.po", "first.po", "second.po")]
    for path, text in zip(paths[1:], ("하나", "둘"), strict=True):
        path.write_text(f'msgid "hint:"\nmsgstr "{text}"\n', "utf-8")
    assert [get_translator("ko", found)("hint:") for found in (paths, paths[2:], ())] == ["하나", "둘", "힌트:"]


def test_fuzzy_and_empty_translations_are_left_out(tmp_path):
    path = tmp_path / "ko.po"
    path.write_text(
        'msgid "one"\nmsgstr "하나"\n\n#, fuzzy\nmsgid "two"\nmsgstr "둘"\n\nmsgid "three"\nmsgstr ""\n', "utf-8"
    )
    assert read_messages(path) == {"one": "하나"}


@pytest.mark.parametrize("content", [b'one = "two"\n', b'msgid "\xff"\nmsgstr "x"\n', None])
def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path, content):
    path = tmp_path / "ko.po"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"ko\.po.* choose the language en"):
        read_messages(path)


@pytest.mark.parametrize(
    "message, translation",
    [("{x of y", "{x"), ("{} points", "{}점 {}"), ("{} points", "{n}점"), ("{} points", "{0.n}점"), ("{a b}", "x")],
)
def test_fields_that_cannot_be_filled_are_refused_with_the_file(message, translation, tmp_path):
    """They ended `dlseq check` with a traceback."""
    path = tmp_path / "ko.po"
    path.write_text(f'msgid "{message}"\nmsgstr "{translation}"\n', "utf-8")
    with pytest.raises(DataError, match=r"ko\.po\. Expected the fields of .* Received: .* choose the language en"):
        read_messages(path)


@pytest.mark.parametrize(
    "requested, of_course, environ, expected",
    [
        ("ko", None, {"LANG": "en_US.UTF-8"}, "ko"),
        ("en", "ko", {"LANG": "ko_KR.UTF-8"}, "en"),
        (None, "ko", {"LANG": "en_US.UTF-8"}, "ko"),
        (None, None, {"LC_ALL": "ko_KR.UTF-8", "LANG": "en_US.UTF-8"}, "ko"),
        (None, None, {"LC_ALL": "", "LC_MESSAGES": "ko", "LANG": "en_US.UTF-8"}, "ko"),
        (None, None, {"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}, "en"),
        (None, None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, "xx", {}, "en"),
        (None, None, {}, "en"),
    ],
)
def test_option_then_hand_out_then_locale_choose_the_language(requested, of_course, environ, expected):
    assert choose_language(requested, of_course, environ) == expected


def test_an_unknown_language_is_refused_with_those_that_exist():
    with pytest.raises(DlseqError, match=r"one of: en, ko\. Received: kr\."):
        choose_language("kr")
