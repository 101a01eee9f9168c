"""Pages of texts with marked spans."""

import re

import pytest

from dlseq.errors import DlseqError
from dlseq.plots.pages.span_page import MarkedText, Span, span_page

TEXT = MarkedText("Ada <b> met 김민수.", [Span(0, 3, "person", 0.97), Span(12, 15, "<kind>", 0.5)], "a note")


def test_marks_stand_at_their_places_and_texts_are_escaped():
    page = span_page([TEXT], "Names").html
    (marked,) = re.findall(r'<p class="marked" dir="auto">(.*)</p>\n<p class="facts">a note</p>', page)
    assert re.sub(r'<span class="kind">.*?</span>|<.*?>', "", marked) == "Ada &lt;b&gt; met 김민수."
    assert re.findall(r'<mark class="(.*?)"><bdi>(.*?)</bdi><span class="kind"> (.*?)</span></mark>', marked) == [
        ("kind-0", "Ada", "person 97.0 %"),
        ("kind-1", "김민수", "&lt;kind&gt; 50.0 %"),
    ]
    assert page.count("@font-face") == 1  # Hangul


def test_kinds_keep_their_color_over_the_page():
    page = span_page(
        [
            TEXT,
            MarkedText(
                "x y",
                [
                    Span(2, 3, "<kind>", 1.0),
                ],
            ),
        ],
        "Names",
    ).html
    assert re.findall(r'mark class="(.*?)"', page) == ["kind-0", "kind-1", "kind-1"]


@pytest.mark.parametrize("spans", [[(0, 2), (1, 3)], [(2, 1)], [(0, 9)], [(1, 1)]])
def test_spans_that_overlap_or_leave_the_text_are_refused(spans):
    with pytest.raises(DlseqError, match=r"Expected ranges in order within 3 characters. Received"):
        span_page([MarkedText("abc", [Span(start, end, "a", 0.5) for start, end in spans])], "Names")


def test_a_page_without_texts_is_refused():
    with pytest.raises(DlseqError, match="at least one text"):
        span_page([], "Names")
