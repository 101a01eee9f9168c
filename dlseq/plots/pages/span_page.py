"""Pages of texts with marked spans, such as names and dates that a tagger has found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dlseq.errors import DlseqError
from dlseq.plots.pages.html_page import escaped, html_page, percent
from dlseq.plots.pages.page import Page

__all__ = ["MarkedText", "Span", "marked_paragraph", "span_page"]

COLORS = 8  # of kinds in page.css; the ninth kind has the first color again


@dataclass(frozen=True)
class Span:
    """A marked part of a text.

    Args:
        start, end: half-open range of characters.
        label: its kind, such as "person".
        probability: probability of the span, between 0 and 1.
    """

    start: int
    end: int
    label: str
    probability: float


@dataclass(frozen=True)
class MarkedText:
    """A text with its spans.

    Args:
        text: the text.
        spans: the spans in order, without overlaps.
        note: a sentence below the text. Defaults to none.
    """

    text: str
    spans: Sequence[Span]
    note: str = ""


def span_page(
    texts: Iterable[MarkedText], title: str, help: str = "Marked parts have their kind and probability."
) -> Page:
    """Return a page of texts with marked spans, each with its kind and probability.

    Args:
        texts: the texts, at least one.
        title: heading of the page.
        help: sentence below the heading.

    Returns:
        The page: `save(path)` writes it to a file, and a notebook shows it.

    Raises:
        DlseqError: no text, spans that overlap or reach beyond the text.

    Example:
        >>> page = span_page([MarkedText("Ada was here.", [Span(0, 3, "person", 0.97)])], "Names")
        >>> "<mark" in page.html and "97.0 %" in page.html
        True
    """
    texts = list(texts)
    if not texts:
        raise DlseqError("Invalid value for argument `texts`. Expected at least one text. Received: none.")
    labels = list(dict.fromkeys(span.label for text in texts for span in text.spans))
    return html_page(title, help, articles="\n".join(_article(text, labels) for text in texts))


def marked_paragraph(text: MarkedText, labels: Sequence[str] = ()) -> str:
    """Return HTML of one paragraph with marked spans, for a page of `html_page`.

    Args:
        text: the text.
        labels: labels in the order of their colors. Defaults to those of the text.

    Raises:
        DlseqError: spans that overlap or reach beyond the text.
    """
    labels = list(labels or dict.fromkeys(span.label for span in text.spans))
    parts, end = [], 0
    for span in text.spans:
        if not end <= span.start < span.end <= len(text.text):
            raise DlseqError(
                f"Invalid spans of {text.text!r}. Expected ranges in order within {len(text.text)} characters. "
                f"Received: {span.start} to {span.end} after {end}."
            )
        parts.append(escaped(text.text[end : span.start]))
        color = labels.index(span.label) % COLORS
        facts = f"{escaped(span.label)} {percent(span.probability)}"
        parts.append(
            f'<mark class="kind-{color}"><bdi>{escaped(text.text[span.start : span.end])}</bdi>'
            f'<span class="kind"> {facts}</span></mark>'
        )
        end = span.end
    parts.append(escaped(text.text[end:]))
    return f'<p class="marked" dir="auto">{"".join(parts)}</p>'


def _article(text: MarkedText, labels: list[str]) -> str:
    note = f'\n<p class="facts">{escaped(text.note)}</p>' if text.note else ""
    return f"<article>\n{marked_paragraph(text, labels)}{note}\n</article>"
