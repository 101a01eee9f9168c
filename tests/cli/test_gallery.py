"""`dlseq gallery`: refusals before Keras is loaded, and the pages of one model."""

import pytest


def test_a_folder_with_files_and_an_unknown_model_are_users_errors(dlseq_command, tmp_path):
    (tmp_path / "mine").write_text("")
    for arguments, words in (
        (["--out", tmp_path], "new or empty folder"),
        (["--out", tmp_path / "new", "--model", "mars"], "Expected one of: activities-drawn, "),
    ):
        status, out, error = dlseq_command("gallery", *arguments)
        assert (status, out) == (2, "") and words in error
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.slow
def test_the_files_are_printed_index_first(dlseq_command, tmp_path):
    status, out, _ = dlseq_command("gallery", "--out", tmp_path / "new", "--model", "sentiment-grammar")
    assert status == 0
    assert out.split() == [str(tmp_path / "new/index.html"), str(tmp_path / "new/sentiment-grammar.html")]
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"index.html", "sentiment-grammar.html"}
