"""A model reads one form of each text, and each character of it stands for one that was typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlseq.text.normalize import compose_text, normalize_text


@given(st.text())
def test_reading_keeps_the_length_and_is_done_after_once(text):
    read = normalize_text(text)
    assert len(read) == len(compose_text(text))
    assert compose_text(read) == read or unicodedata.normalize("NFC", read) != read  # İ and the like may compose anew


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("JULY 20TH 1969", "july 20th 1969"),
        ("  3\u202fMay \t 1979\n", "3 may 1979"),
        ("aou\u0302t", "août"),
        ("ΣΕΠΤΕΜΒΡΙΟΣ", "σεπτεμβριοσ"),
        ("İ", "İ"),
        ("२१ अगस्त २०१६", "21 अगस्त 2016"),
    ],
)
def test_case_space_composition_and_digits_are_brought_into_one_form(typed, read):
    assert normalize_text(typed) == read
