"""A course of one small exercise, and a way to change it."""

import pytest


@pytest.fixture
def course(small_course):
    return small_course


@pytest.fixture
def change():
    """Replaces text in a file, which must contain it."""

    def replace(path, old, new):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return replace
