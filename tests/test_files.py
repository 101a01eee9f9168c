"""A file is written whole or not at all, and a folder with something in it is left alone."""

import stat

import pytest

from dlseq.errors import DlseqError
from dlseq.files import atomic_write, check_new_folder, check_writable


def test_the_old_file_stays_when_writing_fails(tmp_path):
    path = tmp_path / "marks.json"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="half way"), atomic_write(path) as partial:
        partial.write_text("ne")
        raise RuntimeError("half way")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["marks.json"]


def test_nothing_can_be_seen_at_the_path_before_the_end(tmp_path):
    path = tmp_path / "marks.json"
    with atomic_write(path) as partial:
        partial.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"


def test_the_temporary_file_keeps_the_ending_and_the_folder(tmp_path):
    with atomic_write(tmp_path / "map.png") as partial:
        assert (partial.suffix, partial.parent) == (".png", tmp_path)


def test_the_file_gets_the_rights_that_a_new_file_would_get(tmp_path):
    (tmp_path / "plain").write_text("")
    with atomic_write(tmp_path / "ours") as partial:
        partial.write_text("")
    rights = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "ours")]
    assert rights[0] == rights[1]


@pytest.mark.parametrize(
    ("name", "suffix", "says"),
    [
        ("missing/model.keras", ".keras", r"the folder .*missing does not exist"),
        ("folder", None, "this is a folder"),
        ("model.h5", ".keras", r"ends in \.keras"),
    ],
)
def test_places_that_cannot_be_written_to_are_named_before_any_work(tmp_path, name, suffix, says):
    (tmp_path / "folder").mkdir()
    with pytest.raises(DlseqError, match=says):
        check_writable(tmp_path / name, suffix)
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_a_folder_is_taken_where_nothing_would_be_lost(tmp_path):
    assert check_new_folder(tmp_path / "new") == tmp_path / "new" and not (tmp_path / "new").exists()
    assert check_new_folder(tmp_path) == tmp_path
    (tmp_path / "run.json").write_text("")
    assert check_new_folder(tmp_path, {"run.json", "results"}) == tmp_path


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("full", "expected .*full to be a new or empty folder, so that nothing in it is lost; name another"),
        ("full/file", "expected .*file to be a new or empty folder"),
        ("missing/new", r"cannot make .*new: the folder .*missing does not exist; make it first"),
        ("full/file/new", r"the folder .*file does not exist"),
        ("n" * 300, "cannot make the folder .*; name another"),
    ],
)
def test_a_folder_in_which_something_would_be_lost_or_that_cannot_be_made_is_named(tmp_path, name, says):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").write_text("mine")
    with pytest.raises(DlseqError, match=says):
        check_new_folder(tmp_path / name, {"run.json"})
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == ["full", "full/file"]
