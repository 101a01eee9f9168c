"""Sanitized names and texts can do no harm where they are used, and none is lost."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlseq.grading.sanitize import (
    WINDOWS_DEVICE,
    for_csv,
    for_filename,
    for_line,
    for_message,
    printable_exhibit,
    unique_filenames,
)

NAMES = {
    "Ada Lovelace": "Ada Lovelace",
    "O'Brien, Ñandú": "O Brien Ñandú",
    "李小龙": "李小龙",
    "प्रिया": "प्रिया",
    "Zoe\u0308": "Zoë",
    "../../etc/passwd": "etc passwd",
    "..": "unnamed",
    "": "unnamed",
    ".hidden": "hidden",
    "C:\\Users\\ada": "C Users ada",
    "CON": "_CON",
    "con.tar": "_con.tar",
    "conrad": "conrad",
    "lpt1 .x": "_lpt1 .x",
    "=HYPERLINK(1)": "_HYPERLINK 1",
    "-rf": "_-rf",
    "@SUM": "_SUM",
    "+1": "_1",
    " =1": "_1",
    "<script>alert(1)</script>": "script alert 1 script",
    "ada\x1b[2K\rbob": "ada 2K bob",
    "ada\u202egpj.exe": "adagpj.exe",
    "ada\u200b\u2066": "ada",
    "a\nb\tc": "a b c",
    "\u3164\u115f": "unnamed",
    "\ud800x": "x",
    "a" + "\u0301" * 50: "á" + "\u0301" * 4,
    "ada. ": "ada",
    "\u0301ada": "ada",
    "李" * 100: "李" * 60,
}


@pytest.mark.parametrize("name", NAMES)
def test_names_become_safe_file_names(name):
    assert for_filename(name) == NAMES[name]


@given(st.text(max_size=150) | st.text(alphabet="=+-@ ./\\\u202e\u0301aA\x1bÅ\u212b\u1100\u1161\u3164", max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_name_is_safe(name):
    clean = for_filename(name)
    assert clean and len(clean) <= 80 and len(clean.encode("utf-8")) <= 180
    assert clean[0] not in "=+-@. " and clean[-1] not in ". "
    assert all(letter in "-_. " or unicodedata.category(letter)[0] in "LNM" for letter in clean)
    assert not WINDOWS_DEVICE.match(clean)
    assert unicodedata.is_normalized("NFC", clean)
    assert for_filename(clean) == clean


@given(st.lists(st.sampled_from(["ada", "Ada", "ADA-2", "ada-2", "ﬁ", "fi", "é", "e\u0301", ""]), max_size=12))
@settings(max_examples=200, deadline=None)
def test_names_become_unique_file_names(names):
    unique = unique_filenames(names)
    keys = {unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()) for name in unique}
    assert len(unique) == len(names) == len(keys)
    assert all(given.startswith(for_filename(name)) for name, given in zip(names, unique, strict=True))


def test_unique_names_stay():
    assert unique_filenames(["ada", "ada", "ada-2", "bob"]) == ["ada", "ada-3", "ada-2", "bob"]


def test_a_thousand_of_the_same_name_are_numbered():
    assert unique_filenames(["ada"] * 1000)[-1] == "ada-1000"


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_paths_in_messages_hold_no_markup_and_no_invisible_text(path):
    text = for_message(path)
    assert (
        len(text) <= 120 and not set(text) & set("<>&\"'`\n\r\x1b\u202e") and (text.isprintable() or "\u3000" in text)
    )


@given(st.text(max_size=60) | st.text(alphabet="=+-@|%\t\r\n 1a\x1b[m\u202e＝", max_size=12))
@settings(max_examples=300, deadline=None)
def test_lines_hold_no_control_characters_and_cells_no_formula(text):
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in for_line(text))
    assert for_line(for_line(text)) == for_line(text)
    cell = for_csv(text)
    assert cell.count("\n") == text.count("\n")
    if cell.lstrip()[:1] in tuple("=+-@|%＝"):
        float(cell.replace(",", "."))  # a number is no formula


def test_exhibit_that_is_huge_or_not_json_is_dropped():
    """It ended the judge process, and with it the run, instead of harming only its own submission."""
    small = {"title": "a map", "submission": [[0.5, float("nan")]]}
    assert printable_exhibit(small) == small
    assert printable_exhibit(None) is None
    assert printable_exhibit({"submission": [[0.0] * 1000] * 1000}) is None
    assert printable_exhibit({"submission": np.zeros(3)}) is None
