"""The site builds from docs/ without a warning, with every page and every public name."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dlseq
from dlseq.course.exercises import EXERCISES

DOCS = Path(__file__).parents[1] / "docs"
REFERENCE = re.compile(r'<a [^>]*href="([^"]*)"')
LOADED = re.compile(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?//[^"]*"')


def pages_of(site):
    """Return the pages, without the templates of the theme."""
    return sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)


def broken_links(site):
    """Return (page, link) for each link to a page or place that the site does not have."""
    places = {}
    for path in pages_of(site):
        places[path] = {"", *re.findall(r'\bid="([^"]+)"', path.read_text("utf-8"))}
    broken = []
    for path in places:
        for link in REFERENCE.findall(path.read_text("utf-8")):
            file, _, place = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            known = target in places and place in places[target]
            if not re.match(r"[a-z]+:", link) and not known and not (not place and target.is_file()):
                broken.append((path.name, link))
    return broken


def from_network(site):
    """Return (page, tag) for each script, style and picture that is not a file of the site."""
    return [(path.name, tag) for path in pages_of(site) for tag in LOADED.findall(path.read_text("utf-8"))]


def test_the_checks_of_a_site_find_what_is_broken(tmp_path):
    links = (
        '<a href="b.html#y"></a><a href="b.html#x"></a><a href="c.html"></a><a href="#z"></a><a href="https://x"></a>'
    )
    (tmp_path / "a.html").write_text(f'<script src="https://cdn.example/x.js"></script>{links}', "utf-8")
    (tmp_path / "b.html").write_text('<p id="x"></p><img src="x.png">', "utf-8")
    assert broken_links(tmp_path) == [("a.html", "b.html#y"), ("a.html", "c.html"), ("a.html", "#z")]
    assert from_network(tmp_path) == [("a.html", '<script src="https://cdn.example/x.js"')]


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path):
    for package in ("sphinx", "latex2mathml"):
        pytest.importorskip(package, reason=f"needs {package}: pip install 'dlseq[docs]'")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(DOCS), str(tmp_path)]
    build = subprocess.run(command, env={**os.environ, "TZ": "UTC"}, capture_output=True, text=True, check=False)
    assert (build.returncode, build.stderr) == (0, "")
    pages = {path.relative_to(tmp_path).with_suffix("").as_posix() for path in pages_of(tmp_path)}
    lessons = {f"lessons/{exercise.name}" for exercise in EXERCISES} | {"lessons/index"}
    assert pages - {"genindex", "py-modindex", "search"} == {path.stem for path in DOCS.glob("*.md")} | lessons
    assert broken_links(tmp_path) == []
    assert from_network(tmp_path) == []
    reference = (tmp_path / "reference.html").read_text("utf-8")
    documented = [name for name in dlseq.__all__ if f".{name}" in reference]
    assert set(dlseq.__all__) - set(documented) <= {"check"}
