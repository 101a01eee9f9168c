"""The site builds from docs/ without a warning, with every page and every public name; the check of outside links."""

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import dlseq
from dlseq.course.exercises import EXERCISES

DOCS = Path(__file__).parents[1] / "docs"
LINKS = DOCS.parent / ".ci/links"
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


@pytest.fixture
def site_of_another(tmp_path):
    """The address of a local server with one page, `there.html`."""
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "there.html").write_text("")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("links", [["there.html"], ["there.html", "gone.html"], []])
def test_links_to_other_sites_are_followed(tmp_path, site_of_another, links):
    pytest.importorskip("myst_parser", reason="needs myst_parser: pip install 'dlseq[docs]'")
    pages = tmp_path / "pages"
    (pages / "docs").mkdir(parents=True)
    (pages / "README.md").write_text("# A\n\n[B](docs/b.md) `http://127.0.0.1:1/code` [none](none.md)\n")
    (pages / "docs/b.md").write_text("# B\n\n" + " ".join(f"[x]({site_of_another}/{link})" for link in links))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command, environment = [LINKS, pages], {**os.environ, "PATH": path, "NO_PROXY": "127.0.0.1"}
    check = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    broken = [f"docs/b.md:3: {site_of_another}/gone.html: 404"] if "gone.html" in links else []
    *lines, last = check.stdout.splitlines()
    assert [line.partition(" Client")[0] for line in lines] == broken
    assert last == f"{len(links)} links to other sites, {len(broken)} of them broken"
    assert (check.returncode, check.stderr) == (len(broken), "")
    assert {file.name for file in pages.iterdir()} == {"README.md", "docs"}  # nothing is left behind


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path_factory):
    """With a gallery beside it, whose pages are linked from those of their tasks."""
    tmp_path, extra = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("extra")
    (extra / "gallery").mkdir()
    for name in ("index", "dates-world", "genes-made", "genes-bacteria"):
        (extra / "gallery" / f"{name}.html").write_text("<p>A page.", "utf-8")
    for package in ("sphinx", "latex2mathml"):
        pytest.importorskip(package, reason=f"needs {package}: pip install 'dlseq[docs]'")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(DOCS), str(tmp_path)]
    command += ["-D", f"html_extra_path={extra}"]
    build = subprocess.run(command, env={**os.environ, "TZ": "UTC"}, capture_output=True, text=True, check=False)
    assert (build.returncode, build.stderr) == (0, "")
    pages = {path.relative_to(tmp_path).with_suffix("").as_posix() for path in pages_of(tmp_path)}
    lessons = {f"lessons/{exercise.name}" for exercise in EXERCISES} | {"lessons/index"}
    pages = {page for page in pages if not page.startswith("gallery/")}
    assert pages - {"genindex", "py-modindex", "search"} == {path.stem for path in DOCS.glob("*.md")} | lessons
    assert broken_links(tmp_path) == []
    assert from_network(tmp_path) == []
    linked = {page.stem: re.findall('href="(gallery/[^"]+)"', page.read_text("utf-8")) for page in pages_of(tmp_path)}
    assert {page: links for page, links in linked.items() if links} == {
        "models": ["gallery/index.html"],
        "dates": ["gallery/dates-world.html"],
        "genes": ["gallery/genes-bacteria.html", "gallery/genes-made.html"],
    }
    reference = (tmp_path / "reference.html").read_text("utf-8")
    documented = [name for name in dlseq.__all__ if f".{name}" in reference]
    assert set(dlseq.__all__) - set(documented) <= {"check"}
