"""Text normalization: one form for each text, character by character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlseq.text.normalize import compose_text, normalize_text


@given(st.text())
def test_characters_correspond_to_those_of_the_composed_text(text):
    normalized, composed = normalize_text(text), compose_text(text)
    assert len(normalized) == len(composed)
    assert normalize_text(composed) == normalized


@given(st.text(st.characters(exclude_categories=["M", "Cs"])))
def test_normalization_is_idempotent_without_combining_marks(text):
    """With marks it is not: T and U+0308 have no composed form, but in lower case they have one."""
    normalized = normalize_text(text)
    assert normalize_text(normalized) == normalized


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("JULY 20TH 1969", "july 20th 1969"),
        ("  3\u202fMay \t 1979\n", "3 may 1979"),
        ("aou\u0302t", "août"),
        ("ΣΕΠΤΕΜΒΡΙΟΣ", "σεπτεμβριοσ"),
        ("İ", "İ"),
        ("२१ अगस्त २०१६", "21 अगस्त 2016"),
    ],
)
def test_case_space_composition_and_digits(text, normalized):
    assert normalize_text(text) == normalized
