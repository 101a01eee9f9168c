"""CoNLL files: the schemes of tags, and errors that name the line."""

import pytest

from dlseq.data.entities import TaggedText, read_conll, split_sentences
from dlseq.errors import DataError


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "mine.conll"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def entities(example):
    return [(example.text[start:end], label) for start, end, label in example.entities]


@pytest.mark.parametrize(
    "rows",
    [
        "Ada B-PER\nKing I-PER\nin O\nNew B-LOC\nYork I-LOC\n",
        "Ada I-PER\nKing I-PER\nin O\nNew I-LOC\nYork I-LOC",  # IOB1
        "Ada B-PER\nKing E-PER\nin O\nNew B-LOC\nYork E-LOC\n\n\n",  # BIOES
        "-DOCSTART- -X- O O\n\nAda NNP B-NP B-PER\nKing NNP I-NP I-PER\nin IN O O\nNew N I B-LOC\nYork N I I-LOC\n",
        "# sent_id = 1\nAda\tB-PER\r\nKing\tI-PER\r\nin\tO\r\nNew\tB-LOC\r\nYork\tI-LOC\r\n",
        "\ufeffAda B-PER\nKing I-PER\nin O\nNew B-LOC\nYork I-LOC\n",
    ],
)
def test_all_schemes_give_the_same_entities(written, rows):
    (example,) = read_conll(written(rows))
    assert example.text == "Ada King in New York"
    assert entities(example) == [("Ada King", "PER"), ("New York", "LOC")]


def test_sentences_are_separated_by_empty_lines(written):
    examples = read_conll(written("Bo B-PER\n \nran O\n\n\n# O\nYork B-LOC\n"))
    assert [example.text for example in examples] == ["Bo", "ran", "# York"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Ada B-PER\nKing\n", "line 2: Expected 2 columns, as on the first line. Received: 1"),
        ("Ada\n", "line 1: Expected a token, a space or tab, and its tag. Received: 1"),
        ("Ada B-PER\nKing x I-PER\n", "line 2: Expected 2 columns"),
        ("Ada B-PER\n\nin PREP\n", "line 3: Expected a tag in the last column, O or such as B-place. Received: 'PREP'"),
        ("Ada B-\n", "line 1: Expected a tag"),
        ("\tO\n", "line 1"),
        (b"Ada B-PER\nK\xf6ln B-LOC\n", "line 2: Expected UTF-8. Received: the byte 0xf6"),
        ("", "Expected sentences with entities. Received: 0 sentences"),
        ("a O\nb O\n", "Received: 1 sentences without one"),
        (b"\x89PNG\r\n\x1a\n\x00", "line 1: "),
    ],
)
def test_an_error_names_the_line(written, content, message):
    with pytest.raises(DataError, match=message):
        read_conll(written(content))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="No such file"):
        read_conll(tmp_path / "missing.conll")


def test_splits_are_disjoint_and_keep_the_first_of_equal_texts():
    examples = [TaggedText(f"row {index % 25}", (), str(index)) for index in range(50)]
    parts = split_sentences(examples)
    assert [len(part) for part in parts] == [21, 2, 2]
    texts = [example.text for part in parts for example in part]
    assert len(set(texts)) == 25
    assert all(int(example.locale) < 25 for part in parts for example in part)
    with pytest.raises(DataError, match="at least 10 different sentences"):
        split_sentences(examples[:9])
