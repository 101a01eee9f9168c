"""Pages as values: the file, the frame in a notebook, and the parts of the template."""

import html
import re

import pytest

from dlseq.errors import DlseqError
from dlseq.plots import Page
from dlseq.plots.pages.html_page import html_page, link_back

PAGE = Page('Tests & <"more">', "<!doctype html>\n<title>한 & \"a\"</title>\n<script>'<'</script>")


def test_a_file_has_the_document_alone(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("an older and longer page" * 10)
    PAGE.save(path)
    assert path.read_bytes() == PAGE.html.encode("utf-8")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "message"), [("page.htm", r"ends in \.html"), ("none/page.html", "none does not exist")]
)
def test_a_name_that_is_refused_leaves_no_file(tmp_path, name, message):
    with pytest.raises(DlseqError, match=message):
        PAGE.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_page(tmp_path):
    path = tmp_path / "page.html"
    PAGE.save(path)
    with pytest.raises(UnicodeEncodeError):
        Page("", "\ud800").save(path)
    assert path.read_text("utf-8") == PAGE.html
    assert list(tmp_path.iterdir()) == [path]


def test_a_notebook_frame_holds_the_page_and_its_title():
    frame = PAGE._repr_html_()
    source, title = re.fullmatch(r'<iframe srcdoc="([^"]*)" title="([^"]*)" [^<>]*></iframe>', frame).groups()
    assert (html.unescape(title), html.unescape(source)) == (PAGE.title, PAGE.html)


def test_a_console_shows_the_title_not_the_document():
    assert repr(Page("One date", "<p>" * 1000)) == "Page(title='One date')"


def test_a_link_back_stands_above_the_heading_of_a_page_alone():
    page = html_page("Ones & twos", "", articles="<main>\n")
    linked = link_back(page, "index.html", "<All>")
    link = '<p class="back"><a href="index.html">&lt;All&gt;</a></p>\n'
    assert linked.html.count(link) == 1 and linked.html.index(link) < linked.html.index("<h1>")
    assert linked.html.replace(link, "") == page.html and linked.title == page.title == "Ones & twos"
    assert link_back(PAGE, "index.html", "All") == PAGE
