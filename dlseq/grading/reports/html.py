"""A page for people: `report.html`, one file that asks the network for nothing."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from dlseq.grading.reports.attention_svg import CELL, attention_map
from dlseq.grading.reports.grouped_tests import functions
from dlseq.grading.reports.overview import overview, title_of
from dlseq.grading.reports.roster import name_key
from dlseq.grading.reports.words import clean, points
from dlseq.grading.results import SubmissionResult

__all__ = ["report"]

LINES = re.compile(r"\n\s*")
SAID = {"failed": "failed", "error": "error", "timeout": "out of time", "not started": "not started"}


def report(results: Sequence[SubmissionResult]) -> str:
    """A class as one page: an overview, a table of students, and a page for each of them.

    Names and messages are data of strangers: each is cleaned and escaped, and the page's own policy lets no style run
    and no script but the two that are in it, and no address be asked.

    Args:
        results: of submissions, at least one.

    Returns:
        The text of the file.

    Example:
        >>> page = report([SubmissionResult("<script>ada", "ada.py", "sandbox", ())])
        >>> "&lt;script&gt;ada" in page, "<script>ada" in page
        (True, False)
    """
    students = sorted(results, key=lambda one: (name_key(one.student), one.student))
    style, script = _own("report.css"), _own("report.js")
    policy = f"default-src 'none'; style-src {_hash(style)}; img-src data:; script-src {_hash(script)}"
    page = _template().render(
        policy=f"{policy}; base-uri 'none'; form-action 'none'",
        style=Markup(style),
        script=Markup(script),
        whole=overview(students),
        students=students,
        single=len(students) == 1,
        unconfined=any(one.isolation != "sandbox" for one in students),
        versions=_versions(students),
    )
    return LINES.sub("\n", page)


def _own(name):
    return resources.files(__package__).joinpath(name).read_text("utf-8").strip()


def _hash(text):
    """As the policy names a text that may run; indentation and empty lines leave the page, and so leave this."""
    digest = hashlib.sha256(LINES.sub("\n", text).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _template():
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_finalize
    )
    environment.filters |= {"points": points, "share": _share, "percent": _percent}
    environment.globals |= {
        "attention_map": attention_map,
        "by_name": lambda result: {one.exercise: one for one in result.exercises},
        "cell": CELL,
        "functions": functions,
        "said": SAID,
        "title_of": title_of,
    }
    return environment.from_string(_own("report.html.jinja"))


def _finalize(value):
    """What a template writes of a value; escaping follows."""
    return clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _share(part, whole):
    """A share of 100, as an integer that is 0 or 100 only where it is all or nothing."""
    share = 100 * part / whole if whole else 0.0
    return int(min(99, max(1, round(share)))) if 1e-9 < share < 100 - 1e-9 else round(share)


def _percent(part, whole):
    return f"{_share(part, whole)} %"


def _versions(results):
    """What the submissions ran with, each version that occurs."""
    seen = {}
    for result in results:
        for name, version in result.versions.items():
            seen.setdefault(name, dict.fromkeys([]))[str(version)] = None
    return ", ".join(f"{name} {' and '.join(versions)}" for name, versions in seen.items())
