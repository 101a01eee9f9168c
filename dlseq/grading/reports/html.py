"""HTML report: `report.html`, one file without network access."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from dlseq.grading.reports.attention_svg import CELL, attention_map
from dlseq.grading.reports.comparison import ALIKE_DISTANCE, class_maps, equal_mistakes, map_anchor
from dlseq.grading.reports.formatting import format_points
from dlseq.grading.reports.grouped_tests import group_by_function
from dlseq.grading.reports.names import name_key
from dlseq.grading.reports.overview import overview, title_of
from dlseq.grading.results import SubmissionResult
from dlseq.grading.sanitize import for_line

__all__ = ["html_report"]

LINE_BREAKS = re.compile(r"\n\s*")
MAX_OPEN_MAPS = 6  # of a class; the other ones are folded
STATUS_LABELS = {"failed": "failed", "error": "error", "timeout": "out of time", "not started": "not started"}


def html_report(results: Sequence[SubmissionResult]) -> str:
    """Format a class as one page: statistics, equal mistakes, attention maps, a table and a section for each student.

    Names and messages are untrusted: each is sanitized and escaped, and the page's Content-Security-Policy allows its
    own style and script alone, and no network access.

    Args:
        results: of submissions, at least one.

    Returns:
        The text of the file.

    Example:
        >>> page = html_report([SubmissionResult("<script>ada", "ada.py", "sandbox", ())])
        >>> "&lt;script&gt;ada" in page, "<script>ada" in page
        (True, False)
    """
    students = sorted(results, key=lambda result: (name_key(result.student), result.student))
    style, script = _resource("report.css"), _resource("report.js")
    policy = f"default-src 'none'; style-src {_hash(style)}; img-src data:; script-src {_hash(script)}"
    page = _template().render(
        policy=f"{policy}; base-uri 'none'; form-action 'none'",
        style=Markup(style),
        script=Markup(script),
        overview=overview(students),
        students=students,
        mistakes=equal_mistakes(students),
        maps=class_maps(students),
        single=len(students) == 1,
        unconfined=any(result.isolation != "sandbox" for result in students),
        versions=_versions(students),
    )
    return LINE_BREAKS.sub("\n", page)


def _resource(name):
    return resources.files(__package__).joinpath(name).read_text("utf-8").strip()


def _hash(text):
    """Return the hash of a script or style for the policy, without the indentation that is removed from the page."""
    digest = hashlib.sha256(LINE_BREAKS.sub("\n", text).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _template():
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_finalize
    )
    environment.filters |= {"zip": zip, "points": format_points, "share": _share, "percent": _percent}
    environment.globals |= {
        "attention_map": attention_map,
        "by_name": lambda result: {exercise.exercise: exercise for exercise in result.exercises},
        "alike_distance": ALIKE_DISTANCE,
        "cell": CELL,
        "group_by_function": group_by_function,
        "map_anchor": map_anchor,
        "max_open_maps": MAX_OPEN_MAPS,
        "status_labels": STATUS_LABELS,
        "title_of": title_of,
    }
    return environment.from_string(_resource("report.html.jinja"))


def _finalize(value):
    """Sanitize a value of the template before it is escaped."""
    return for_line(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _share(part, whole):
    """Return a share in percent as an integer, which is 0 or 100 for none or all alone."""
    share = 100 * part / whole if whole else 0.0
    return int(min(99, max(1, round(share)))) if 1e-9 < share < 100 - 1e-9 else round(share)


def _percent(part, whole):
    return f"{_share(part, whole)} %"


def _versions(results):
    """Return the versions of the libraries that the submissions ran with."""
    by_name = {}
    for result in results:
        for name, version in result.versions.items():
            by_name.setdefault(name, {})[str(version)] = None
    return ", ".join(f"{name} {' and '.join(versions)}" for name, versions in by_name.items())
