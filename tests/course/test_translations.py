"""Translated lessons: changes of the source are found; code, formulas and names are those of the source."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from dlseq.authoring.lessons import lesson_problems, lesson_text
from dlseq.course.exercises import EXERCISES
from dlseq.course.layout import find_course
from dlseq.course.translations import split_cells, stamp_cells, translate_stub, translation_problems
from dlseq.errors import DataError

HERE = find_course(Path(__file__).parent)
TRANSLATED = [exercise.name for exercise in EXERCISES if HERE.translation(exercise.name, "ko").is_file()]
SYMBOLS = {"alpha", "context", "dba", "dbf", "dxt", "indices", "logits", "looks", "many", "map", "results", "weights"}
STUB = '''# %% [markdown]
# # Doubling


# %%
def double(x):
    """Double it."""
    raise NotImplementedError("double")  # your code goes here


# %%
print(double(1))

# %% [markdown]
# ## Check
'''
KOREAN = '''# %% [markdown]
# # 두 배


# %%
def double(x):
    """두 배로 만듭니다."""
    raise NotImplementedError("double")  # 코드를 쓰는 곳


# %%

# %% [markdown]
# ## 확인
'''
STAMPED = stamp_cells(STUB, KOREAN)


def test_a_stamped_translation_fits_its_stub():
    assert translation_problems(STUB, STAMPED) == []
    assert STAMPED.count("source=") == 4 and stamp_cells(STUB, STAMPED) == STAMPED


def test_an_empty_cell_is_taken_from_the_stub_and_stamps_are_left_out():
    assert translate_stub(STUB, STAMPED) == KOREAN.replace("# %%\n\n", "# %%\nprint(double(1))\n\n")


@pytest.mark.parametrize(
    "change, expected",
    [
        (("# # Doubling", "# # Twice"), ["1: changed since its translation: Twice"]),
        (('"""Double it."""', '"""Double a number."""'), ["5: changed since its translation: def double(x):"]),
        (("print(double(1))", "print(double(2))"), ["11: changed since its translation: print(double(2))"]),
        (("# %%\nprint", "# %%\ny = 1\n\n# %%\nprint"), ["11: not translated: y = 1"]),
        (("\n# %%\nprint(double(1))\n", ""), ["11: without a source: # %%"]),
        (("# ## Check", "# ## Check\n\n# %%\nend"), ["13: not translated: end"]),
        (("\n\n# %%\ndef", "\n# %%\ndef"), []),
    ],
    ids=["heading", "docstring", "code", "new cell", "deleted cell", "new last cell", "blank lines"],
)
def test_a_change_of_the_source_shows_in_the_line_of_the_translation(change, expected):
    assert change[0] in STUB
    assert translation_problems(STUB.replace(*change), STAMPED) == expected


@pytest.mark.parametrize("change", [("double(x)", "double(y)"), ("raise", "return"), ('"double")', '"두배")')])
def test_other_code_is_a_problem_and_comments_are_none(change):
    assert change[0] in STAMPED
    assert translation_problems(STUB, STAMPED.replace(*change)) == ["5: other code: def double(x):"]
    assert translation_problems(STUB, STAMPED.replace("# 코드를 쓰는 곳", "")) == []


@pytest.mark.parametrize(
    ("own", "fits"),
    [
        ('print("두 배:", double(1))', True),
        ('print(f"{y}의 {x}")', True),
        ('print(f"{y:.1f}의 {x}")', False),
        ('print("두 배:", double(2))', False),
        ('print(f"{x}")', False),
        ('print("두 배:", double(1), end="")', False),
    ],
)
def test_printed_words_may_be_translated_and_values_may_not(own, fits):
    source = 'print(f"{x} of {y}")' if "{" in own else 'print("twice", double(1))'
    stub = STUB.replace("print(double(1))", source)
    korean = stamp_cells(
        stub, KOREAN.replace("# %%\n\n# %% [markdown]\n# ## 확", f"# %%\n{own}\n\n# %% [markdown]\n# ## 확")
    )
    assert (translation_problems(stub, korean) == []) == fits


def test_a_translation_that_does_not_fit_is_refused_with_its_line():
    with pytest.raises(DataError, match=r"ko\.py.* line 1: changed .*Run: dlseq translations"):
        translate_stub(STUB.replace("Doubling", "Twice"), STAMPED, "ko.py")
    with pytest.raises(DataError, match=r"Cannot stamp ko\.py\. Expected the cells .* 4\. Received: 3, and cell 3"):
        stamp_cells(STUB, KOREAN.replace("# %%\n\n", ""), "ko.py")


def test_text_above_the_first_cell_is_kept():
    assert translate_stub("'''Doc.'''\n" + STUB, STAMPED).startswith("'''Doc.'''\n# %% [markdown]\n# # 두 배")


def test_no_cell_of_this_checkout_has_changed_since_its_translation():
    assert lesson_problems(HERE, EXERCISES) == [], "translate the cells, then run: dlseq translations NAME --stamp"


def pairs_of_cells(name):
    return list(zip(*(split_cells(lesson_text(HERE, name, language)) for language in ("en", "ko")), strict=True))


class Prints(ast.NodeTransformer):
    """The calls of `print` in a tree, which loses their arguments and the docstrings."""

    def __init__(self, text):
        self.calls = []
        self.tree = ast.dump(self.visit(ast.parse(text)))

    def visit_Call(self, node):
        if ast.unparse(node.func) != "print":
            return self.generic_visit(node)
        self.calls.append(node)
        return ast.Call(node.func, [], node.keywords)

    def visit_FunctionDef(self, node):
        node.body = node.body[1:] if ast.get_docstring(node) else node.body
        return self.generic_visit(node)

    visit_ClassDef = visit_FunctionDef


def words_and_fields(call):
    """The strings of a call of `print`, and all else that it prints."""
    parts = [part for text in call.args for part in (text.values if isinstance(text, ast.JoinedStr) else [text])]
    words = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return words, Counter(ast.dump(part) for part in parts if not isinstance(getattr(part, "value", None), str))


@pytest.mark.parametrize("name", TRANSLATED)
def test_the_korean_stub_has_the_code_of_the_english_one(name):
    """All but the words that are printed; what is printed between them may have another order."""
    english, korean = (Prints(lesson_text(HERE, name, language)) for language in ("en", "ko"))
    assert english.tree == korean.tree
    for call, own in zip(english.calls, korean.calls, strict=True):
        (_, fields), (words, own_fields) = words_and_fields(call), words_and_fields(own)
        assert fields == own_fields, ast.unparse(own)
        without_quotes = re.sub("'[^']*'", "", " ".join(words))
        assert set(re.findall("(?<![A-Za-z_])[a-z]{3,}", without_quotes)) <= SYMBOLS, ast.unparse(own)


@pytest.mark.parametrize("name", TRANSLATED)
def test_formulas_names_and_headings_are_those_of_the_source(name):
    code = re.compile(r"(?<!`)`[^`\n]+`(?!`)|\$\$[^$]+\$\$|\$[^$\n]+\$")
    for cell, own in pairs_of_cells(name):
        if "[markdown]" in cell.marker:
            assert Counter(code.findall(cell.text)) - Counter(code.findall(own.text)) == Counter(), own.heading
            levels = [re.findall(r"^# (#+ (?:\d+\.)?)", part.text, re.MULTILINE) for part in (cell, own)]
            assert levels[0] == levels[1], own.heading


@pytest.mark.parametrize("name", TRANSLATED)
def test_arguments_in_docstrings_are_those_of_the_source(name):
    argument = re.compile(r"^ {8}\w+(?=:)|\(\w+(?:, [\w*+ ]+)+\)|\b(?:Args|Returns|Raises):", re.MULTILINE)
    for cell, own in pairs_of_cells(name):
        if "def " in cell.text:
            found, expected = (Counter(argument.findall(part.text)) for part in (own, cell))
            assert found == expected, own.heading


@pytest.mark.parametrize("name", TRANSLATED)
def test_bold_words_render_before_korean_particles(name):
    """In `**logits(로짓)**이` the closing stars are no markup: a bracket stands before them, and a letter behind."""
    markdown = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable("table")
    for cell, own in pairs_of_cells(name):
        if "[markdown]" in cell.marker:
            english, korean = (re.sub("^# ?", "", part.text, flags=re.MULTILINE) for part in (cell, own))
            html = re.sub("<code>.*?</code>", "", markdown.render(korean), flags=re.DOTALL)
            assert "**" not in html, own.heading
            assert html.count("<strong>") == markdown.render(english).count("<strong>"), own.heading
            assert html.count("<td>") == markdown.render(english).count("<td>"), own.heading


@pytest.mark.parametrize("name", TRANSLATED)
def test_each_cell_with_prose_is_in_korean(name):
    for cell, own in pairs_of_cells(name):
        if "[markdown]" in cell.marker or '"""' in cell.text:
            assert re.search("[가-힣]{2}", own.text), own.heading


@pytest.mark.parametrize("name", TRANSLATED)
def test_lines_of_a_diagram_do_not_depend_on_the_width_of_hangul(name):
    """In most browsers a letter is not two cells wide, and what stood behind one was out of place."""
    lines = lesson_text(HERE, name, "ko").splitlines()
    assert [line for line in lines if line.startswith("#  ") and re.search("[가-힣].*[─│┌┐└┘├┤┬┴┼▲▼►◄╱╲▶]", line)] == []
