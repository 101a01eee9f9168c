"""Lessons as pages: all of what students receive, and nothing of the solution."""

import re

import pytest

from dlseq.course.exercises import EXERCISES
from dlseq.course.layout import find_course
from dlseq.course.to_markdown import to_markdown

NAMES = [exercise.name for exercise in EXERCISES]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def code_lines(text):
    return {line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")}


@pytest.mark.parametrize("name", NAMES)
def test_page_has_the_code_of_the_stub_in_fences(name):
    stub = find_course().stub(name).read_text("utf-8")
    fences = "".join(block for language, block in FENCE.findall(to_markdown(stub)) if language == "python")
    assert code_lines(stub) == code_lines(fences)
    compile(fences, name, "exec")


@pytest.mark.parametrize("name", NAMES)
def test_page_has_no_line_of_the_solution_alone(name):
    course = find_course()
    stub, solution = (path(name).read_text("utf-8") for path in (course.stub, course.solution))
    page = {line.strip() for line in to_markdown(stub).splitlines()}
    secret = code_lines(solution) - code_lines(stub)
    assert secret and not secret & page


@pytest.mark.parametrize("name", NAMES)
def test_page_has_one_title_and_the_text_without_comment_signs(name):
    page = to_markdown(find_course().stub(name).read_text("utf-8"), "A note.")
    text = FENCE.sub("", page)
    assert re.match(r"# .+\n\nA note\.\n", page)
    assert not re.search(r"^#(?![# ])|^# %%", text, re.MULTILINE)


def test_fence_of_the_text_without_a_language_is_text():
    script = "# %% [markdown]\n# # One\n#\n# ```\n# a ──► b\n# ```\n#\n# ```python\n# x\n# ```\n"
    assert to_markdown(script) == "# One\n\n```text\na ──► b\n```\n\n```python\nx\n```\n"


def test_note_stands_on_top_of_a_page_without_a_title():
    assert to_markdown("# %%\nx = 1\n", "Note.") == "Note.\n\n```python\nx = 1\n```\n"
