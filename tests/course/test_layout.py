"""The digest of a course."""

from dlseq.course.layout import course_digest

NAME = "recurrent_network"  # the small course of conftest.py has an exercise of this name


def test_digest_depends_on_tests_and_solutions_alone(small_course):
    before = course_digest(small_course)
    (small_course.root / "README.md").write_text("other")
    assert course_digest(small_course) == before
    for path in (small_course.tests(NAME), small_course.solution(NAME)):
        path.write_text(path.read_text() + "\n# more\n")
        assert course_digest(small_course) != before
        before = course_digest(small_course)
