"""Template of the interactive pages, and parts that several of them have."""

import base64
import dataclasses
import functools
import html
import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from dlseq.plots.fonts import families, font_files
from dlseq.plots.pages.page import Page

__all__ = [
    "alternatives_list",
    "data_address",
    "escaped",
    "example_index",
    "figure_picture",
    "html_page",
    "link_back",
    "percent",
]

FONTS_OF_EVERY_BROWSER = {"Dlseq Latin", "DejaVu Sans"}
MARK = re.compile(r"<!--([A-Z]+)-->")
MAX_PNG_PIXELS = 128**2  # larger pictures are embedded as JPEG
FIGURE_DPI, CSS_PIXELS_PER_INCH = 192, 96
MAIN = "<main>\n"


def html_page(title: str, help_text: str, script: str = "", *, index: str = "", articles: str) -> Page:
    """Return a page in the style of all pages, with the fonts that its letters need.

    Args:
        title: heading, as plain text.
        help_text: a sentence below it, as plain text.
        script: file name of the script in `dlseq/plots/pages/assets/`. Defaults to none.
        index: HTML of links to the articles. Defaults to none.
        articles: HTML of the contents.
    """
    parts = {"TITLE": escaped(title), "HELP": escaped(help_text), "INDEX": index, "ARTICLES": articles}
    parts["FONTS"] = _font_faces("".join(parts.values()))
    text = MARK.sub(lambda mark: parts[mark[1]], _template(script))  # one pass: a text may look like a mark
    return Page(title, text)


def link_back(page: Page, href: str, text: str) -> Page:
    """Return a page of `html_page` with a link above its heading; a page of another template stays as it is.

    Args:
        page: the page.
        href: target of the link.
        text: text of the link.

    Example:
        >>> '<a href="index.html">All</a></p>' in link_back(html_page("One", "", articles=""), "index.html", "All").html
        True
    """
    link = f'{MAIN}<p class="back"><a href="{escaped(href)}">{escaped(text)}</a></p>\n'
    return dataclasses.replace(page, html=page.html.replace(MAIN, link, 1))


def example_index(headings: Sequence[str]) -> str:
    """Return links to the articles `example-0` and so on by their headings, HTML; none if there is one article."""
    if len(headings) == 1:
        return ""
    links = "".join(f'<li><a href="#example-{number}">{heading}</a></li>' for number, heading in enumerate(headings))
    return f'<nav aria-label="Examples"><ol>{links}</ol></nav>'


def alternatives_list(heading: str, alternatives: Sequence[tuple[str, float]]) -> str:
    """Return HTML of other outputs with their probabilities, below a heading; empty if there are none."""
    if not alternatives:
        return ""
    items = "".join(
        f"<li><bdi>{escaped(text)}</bdi> <span>{percent(chance)}</span></li>" for text, chance in alternatives
    )
    return f'<div class="alternatives"><h3>{escaped(heading)}</h3><ul>{items}</ul></div>'


def data_address(image: np.ndarray) -> str:
    """Return a picture as a `data:` address: PNG, or JPEG above 128 x 128 pixels.

    Args:
        image: pixels `(H, W, 3)`, uint8.
    """
    kind, options = ("png", {}) if image.shape[0] * image.shape[1] <= MAX_PNG_PIXELS else ("jpeg", {"quality": 88})
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind, **options)
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def figure_picture(figure: Figure, description: str) -> str:
    """Return an `img` element with a Matplotlib figure, as wide as the page allows.

    Args:
        figure: a figure of `dlseq.plots`.
        description: its alternative text.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=FIGURE_DPI, metadata={"Software": None})
    width = round(figure.get_size_inches()[0] * CSS_PIXELS_PER_INCH)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return (
        f'<img class="figure" style="width: {width}px" src="data:image/png;base64,{data}" alt="{escaped(description)}">'
    )


def escaped(text: str) -> str:
    """Escape a text for HTML, without control characters.

    Example:
        >>> escaped("a < b")
        'a &lt; b'
    """
    kept = "".join(sign if unicodedata.category(sign) not in ("Cc", "Cs") else "\ufffd" for sign in text)
    return html.escape(kept, quote=True)


def percent(share: float) -> str:
    """Return a share as a percentage.

    Example:
        >>> percent(0.457), percent(0.9999), percent(0.0001)
        ('45.7 %', '> 99.9 %', '< 0.1 %')
    """
    if share > 0.9995:
        return "> 99.9 %"
    return "< 0.1 %" if 0 < share < 0.0005 else f"{share:.1%}".replace("%", " %")


@functools.cache
def _template(script: str) -> str:
    folder = Path(__file__).parent / "assets"
    page = (folder / "page.html").read_text("utf-8")
    scripts = ("common.js", script) if script else ()
    for mark, names in {"/*STYLE*/": ("page.css",), "/*SCRIPT*/": scripts}.items():
        page = page.replace(mark, "".join((folder / name).read_text("utf-8") for name in names).strip())
    return page


def _font_faces(text: str) -> str:
    """Return CSS with the letters of the page that a machine may lack, as fonts of a few kilobytes.

    The browser's own fonts come first; these are its last choice.
    """
    faces, letters = [], "".join(sorted(set(text)))
    for family in families(letters):
        if family not in FONTS_OF_EVERY_BROWSER:
            data = base64.b64encode(_font_subset(family, letters)).decode("ascii")
            faces.append(f'@font-face {{ font-family: "{family}"; src: url(data:font/woff;base64,{data}); }}')
    names = "".join(f', "{family}"' for family in families(letters) if family not in FONTS_OF_EVERY_BROWSER)
    return "\n".join([*faces, f":root {{ --shipped: sans-serif{names}; }}"])


def _font_subset(family: str, letters: str) -> bytes:
    """Return a WOFF font with the glyphs of some letters, and the rules that join them."""
    from fontTools import subset, ttLib

    with ttLib.TTFont(font_files()[family], recalcTimestamp=False) as font:
        subsetter = subset.Subsetter(subset.Options(layout_features=["*"], notdef_outline=True))
        subsetter.populate(text=letters)
        subsetter.subset(font)
        font.flavor = "woff"
        buffer = io.BytesIO()
        font.save(buffer, reorderTables=False)
    return buffer.getvalue()
