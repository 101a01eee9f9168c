"""The site builds from docs/ without a warning, with every page and every public name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dlseq

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path):
    pytest.importorskip("sphinx", reason="needs Sphinx: pip install 'dlseq[docs]'")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(DOCS), str(tmp_path)]
    build = subprocess.run(command, env={**os.environ, "TZ": "UTC"}, capture_output=True, text=True, check=False)
    assert (build.returncode, build.stderr) == (0, "")
    pages = {path.stem for path in tmp_path.glob("*.html")} - {"genindex", "py-modindex", "search"}
    assert pages == {path.stem for path in DOCS.glob("*.md")}
    reference = (tmp_path / "reference.html").read_text("utf-8")
    documented = [name for name in dlseq.__all__ if f".{name}" in reference]
    assert set(dlseq.__all__) - set(documented) <= {"check"}
