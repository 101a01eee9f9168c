"""Notes on statements that failed: from untrusted replies to sentences that their owner reads."""

import pytest

from dlseq.grading import GradingOptions, grade
from dlseq.grading.plugin.loading import LoadNote, _parse_notes, listed_notes, sentence_of

NAME = "recurrent_network"  # the small course of ../../conftest.py


@pytest.mark.parametrize(
    "kind, message, words",
    [
        ("ModuleNotFoundError", "No module named 'google.colab'", "Colab is not there"),
        ("ModuleNotFoundError", "No module named 'fastai'", "Paste the functions that you need"),
        ("EOFError", "EOF when reading a line", "input() has nobody to answer it"),
        ("SystemExit", "", "run all the same"),
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'x.csv'", "Files beside the submission"),
        ("URLError", "<urlopen error>", "no network"),
        ("NoCode", "raw", "cell 3 is a raw cell, which is not run. Change its type to Code."),
        ("TimeLimit", "5", "was interrupted after 5 seconds"),
    ],
)
def test_a_note_has_place_cause_and_remedy(kind, message, words):
    sentence = sentence_of(LoadNote(kind, message, "cell 3, line 1", frozenset()))
    assert sentence.startswith("cell 3") and words in sentence


FORGED = [
    None,
    [None, 5, "x", []],
    [{"kind": "a b", "message": "", "place": "line 1", "names": []}],
    [{"kind": "ValueError", "message": "", "place": "the inputs were 3.14", "names": []}],
    [{"kind": 5, "message": [], "place": {}, "names": 7}],
]


@pytest.mark.parametrize("notes", FORGED)
def test_forged_notes_are_dropped(notes):
    assert _parse_notes(notes) == ()


def test_text_of_a_forged_note_is_printable_and_short():
    (note,) = _parse_notes(
        [{"kind": "ValueError", "message": "\x1b[2J" + "x" * 9999, "place": "line 1", "names": ["f", "a b", 5, "*"]}]
    )
    assert note.names == {"f", "*"} and len(sentence_of(note)) < 400 and sentence_of(note).isprintable()


def test_time_comes_before_other_failures():
    exits = [LoadNote("SystemExit", "", f"cell {number}, line 1", frozenset()) for number in range(1, 8)]
    listed = listed_notes([*exits, LoadNote("TimeLimit", "5", "cell 9, line 2", frozenset())])
    assert (
        len(listed) == 6 and listed[0].startswith("cell 9, line 2 was interrupted") and listed[-1].startswith("3 more")
    )


def test_results_carry_the_notes_of_the_file(small_course, tmp_path):
    (tmp_path / f"{NAME}.py").write_text(small_course.solution(NAME).read_text() + "\nimport no_such_package\n")
    options = GradingOptions(exercises=(NAME,), seed=5, isolation="process")
    (result,) = grade([tmp_path / f"{NAME}.py"], None, options, course=small_course, jobs=1)
    assert result.earned == 100
    assert "ModuleNotFoundError: No module named 'no_such_package'" in result.exercises[0].notes[0]
    assert type(result).from_dict(result.to_dict()) == result
