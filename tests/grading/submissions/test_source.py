"""Scripts and notebooks are decoded as by Python and Jupyter; their metadata has no effect."""

import json
import os

import pytest

from dlseq.errors import DataError, DlseqError
from dlseq.grading.submissions.limits import MAX_CODE_BYTES
from dlseq.grading.submissions.source import cells_of, find_source, read_cells


def notebook(*cells, **fields):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **fields}).encode()


def code(source, **fields):
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source, **fields}


SCRIPTS = {
    "UTF-8": ("x = 'é'\n".encode(), "x = 'é'\n"),
    "with a mark at the start": (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
    "Windows line ends": (b"x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n"),
    "old Macintosh line ends": (b"x = 1\ry = 2\r", "x = 1\ny = 2\n"),
    "Latin-1 that says so": (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n"),
    "in the second line": (
        b"#!python\n# vim: set fileencoding=cp1252 :\n'\x80'",
        "#!python\n# vim: set fileencoding=cp1252 :\n'€'",
    ),
    "Japanese": ("# coding: shift_jis\n'あ'".encode("shift_jis"), "# coding: shift_jis\n'あ'"),
    "nothing": (b"", ""),
}
NO_SCRIPTS = {
    "Latin-1 that does not say so": b"x = '\xe9'\n",
    "UTF-16": "x = 1\n".encode("utf-16"),
    "NUL": b"x = 1\0\n",
    "nothing but NUL": b"\0" * 9,
    "an encoding that there is not": b"# coding: klingon\n",
    "an encoding that is none of text": b"# coding: rot13\n",
    "an encoding that takes hours": b"# coding: punycode\n" + b"a" * 1000 + b"-" + b"a" * 1000,
    "an encoding that hides what is written": b"# coding: unicode_escape\n",
    "two encodings": b"\xef\xbb\xbf# coding: latin-1\n",
}


@pytest.mark.parametrize("case", SCRIPTS)
def test_a_script_is_decoded_as_python_does(case):
    data, text = SCRIPTS[case]
    assert cells_of("a.py", data) == [("a.py", text)]
    assert compile(data, "a.py", "exec").co_consts == compile(text, "a.py", "exec").co_consts


@pytest.mark.parametrize("case", NO_SCRIPTS)
def test_binary_scripts_are_refused_with_a_remedy(case):
    with pytest.raises(DataError, match=r"^Cannot read a.py. Expected text in UTF-8. Received: .*. Save it as UTF-8.$"):
        cells_of("a.py", NO_SCRIPTS[case])


def test_code_cells_are_numbered_as_jupyter_shows_them():
    data = notebook({"cell_type": "markdown", "source": "no"}, code(["x = 1\n", "y = 2"]), code("%who\nz = 3"))
    assert cells_of("a.ipynb", data) == [("cell 2", "x = 1\ny = 2"), ("cell 3", "%who\nz = 3")]


def test_only_the_type_of_a_cell_makes_it_code():
    claims = {"metadata": {"cell_type": "code", "tags": ["code", "solution", "graded", "test"]}}
    data = notebook(
        {"cell_type": "raw", "source": "x = 1", "outputs": [], "execution_count": 1, **claims},
        code("y = 2", metadata={"cell_type": "raw", "tags": ["test_rnn_forward", "skip", "remove-cell"]}),
        {"cell_type": "Code", "source": "z = 3"},
    )
    assert cells_of("a.ipynb", data) == [("cell 2", "y = 2")]


def test_worksheets_of_an_old_notebook_are_read():
    cells = [{"cell_type": "markdown", "source": "no"}, {"cell_type": "code", "input": ["x = 1\n", "y = 2"]}]
    data = json.dumps(
        {"nbformat": 3, "worksheets": [{"cells": cells}, {"cells": [{"cell_type": "code", "input": "z"}]}]}
    )
    assert cells_of("a.ipynb", data.encode()) == [("cell 2", "x = 1\ny = 2"), ("cell 3", "z")]


def test_worksheets_in_a_new_notebook_are_not_code():
    hidden = [{"cells": [{"cell_type": "code", "input": "x = 1", "source": "x = 1"}]}]
    assert cells_of("a.ipynb", notebook(code("y = 2"), worksheets=hidden)) == [("cell 1", "y = 2")]


def test_single_surrogates_are_replaced():
    data = notebook(code("x = '?'")).replace(b"?", b"\\ud800")
    ((_, text),) = cells_of("a.ipynb", data)
    assert compile(text, "a", "exec") and text.encode("utf-8")


NO_NOTEBOOKS = {
    "empty": (b" \n", "is empty"),
    "a script": (b"import numpy as np\nx = 1", "a script. Give it a name that ends in .py"),
    "a pointer of LFS": (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a", "Git LFS"),
    "a login page": (b"\n<!DOCTYPE html>\n<html><head>", "a web page, perhaps that of a login"),
    "a PDF": (b"%PDF-1.7", "a PDF"),
    "a zip": (b"PK\x03\x04..", "a zip archive"),
    "a merge conflict": (b'{"cells": [\n<<<<<<< HEAD\n 1\n=======\n 2\n>>>>>>> other\n]}', "a merge conflict"),
    "cut off": (notebook(code("x"))[:-3], "is cut off"),
    "cut off within a text": (notebook(code("x = 1"))[:40], "is cut off"),
    "UTF-16": (notebook(code("x")).decode().encode("utf-16"), "is in UTF-16"),
    "twice": (2 * notebook(code("x")), "a second text behind the notebook"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "cells that are none": (b'{"cells": null}', "no list of cells"),
    "a dict of cells": (b'{"cells": {"cell_type": "code"}}', "no list of cells"),
    "a list": (b"[]", "no list of cells"),
    "a number": (b"5", "no list of cells"),
    "numbers for cells": (b'{"cells": [5, [1, 2]]}', "no list of cells"),
    "no worksheets": (b'{"nbformat": 3, "cells": []}', "no list of cells"),
    "too deep": (b"[" * 200_000, "is damaged"),
    "too many values": (b"[" + b"[]," * 1_600_000 + b"[]]", "Clear its outputs"),
}


@pytest.mark.parametrize("case", NO_NOTEBOOKS)
def test_each_kind_of_file_that_is_no_notebook_has_its_sentence(case):
    data, words = NO_NOTEBOOKS[case]
    with pytest.raises(DataError, match=r"^Cannot read a.ipynb") as caught:
        cells_of("a.ipynb", data)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "odd",
    [
        code(None),
        code(5),
        code([1, 2]),
        code({"x = 1": 2}),
        code([["x"]]),
        {"cell_type": "code"},
        {"source": "x"},
        [1, 2],
        5,
    ],
)
def test_an_odd_cell_costs_that_cell(odd):
    assert cells_of("a.ipynb", notebook(code("x = 1"), odd, code("y = 2"))) == [
        ("cell 1", "x = 1"),
        ("cell 3", "y = 2"),
    ]


def test_a_cell_of_another_type_that_defines_a_function_is_kept_by_its_type():
    cells = [{"cell_type": kind, "source": "def f():\n    return 1"} for kind in ("markdown", "raw")]
    found = cells_of("a.ipynb", notebook(*cells, {"cell_type": "markdown", "source": "the def f is"}, code("x = 1")))
    assert [name for name, _ in found] == ["cell 1 (markdown)", "cell 2 (raw)", "cell 4"]


def test_a_notebook_with_the_suffix_of_a_script_is_read():
    assert cells_of("a.py", notebook(code("x = null"))) == [("cell 1", "x = null")]


def test_zero_bytes_at_the_end_are_dropped():
    assert cells_of("a.ipynb", notebook(code("x = 1")) + bytes(9)) == [("cell 1", "x = 1")]
    assert cells_of("a.py", b"x = 1\n" + bytes(9)) == [("a.py", "x = 1\n")]


def test_outputs_do_not_count_towards_the_size_of_a_notebook(tmp_path):
    shown = {"output_type": "display_data", "data": {"image/png": "A" * 6_000_000}}
    (tmp_path / "a.ipynb").write_bytes(notebook(code("x = 1", outputs=[shown])))
    assert read_cells(tmp_path / "a.ipynb") == [("cell 1", "x = 1")]
    with pytest.raises(DataError, match="more than 5,000,000 characters of code"):
        cells_of("a.ipynb", notebook(code("x" * 3_000_000), code("y" * 2_000_001)))


def test_a_pipe_raises_at_once(tmp_path):
    os.mkfifo(tmp_path / "a.py")
    with pytest.raises(DataError, match="not a regular file"):
        read_cells(tmp_path / "a.py")


def test_a_device_is_not_opened():
    with pytest.raises(DataError, match="not a regular file"):
        read_cells("/dev/zero")


def test_an_oversized_file_is_not_read(tmp_path):
    with (tmp_path / "a.py").open("wb") as file:
        file.truncate(MAX_CODE_BYTES + 1)
    with pytest.raises(DataError, match="Expected at most 5,000,000 bytes"):
        read_cells(tmp_path / "a.py")


def test_the_path_names_a_script_and_numbers_name_cells(tmp_path):
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "a.ipynb").write_bytes(notebook(code("x = 1")))
    assert read_cells(tmp_path / "a.py") == [(str(tmp_path / "a.py"), "x = 1")]
    assert read_cells(tmp_path / "a.ipynb") == [("cell 1", "x = 1")]


def test_links_are_followed_for_own_code_alone(tmp_path):
    """Plain pytest once followed a link to the solution in the folder of a submission."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.py").write_text("x = 1")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/a.py").symlink_to(tmp_path / "real/a.py")
    for folder in ("link", "linked"):
        assert read_cells(find_source(tmp_path / folder, "a")) == [(str(tmp_path / folder / "a.py"), "x = 1")]
        with pytest.raises(DlseqError, match="it is a symbolic link"):
            find_source(tmp_path / folder, "a", follow=False)
    with pytest.raises(DlseqError, match="it is a symbolic link"):
        find_source(tmp_path / "linked/a.py", "a", follow=False)
    with pytest.raises(DataError, match=r"Cannot read .*a.py"):
        read_cells(tmp_path / "linked/a.py", follow=False)
    assert read_cells(find_source(tmp_path / "real", "a", follow=False), follow=False)
