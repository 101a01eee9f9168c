"""Files: atomic writes, and output paths that are checked before any work."""

import stat

import pytest

from dlseq.errors import DlseqError
from dlseq.files import atomic_folder, atomic_write, check_new_folder, check_writable


def test_a_failed_write_keeps_the_old_file(tmp_path):
    path = tmp_path / "marks.json"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="half way"), atomic_write(path) as partial:
        partial.write_text("ne")
        raise RuntimeError("half way")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["marks.json"]


def test_the_file_appears_only_when_it_is_complete(tmp_path):
    path = tmp_path / "marks.json"
    with atomic_write(path) as partial:
        partial.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"


def test_the_temporary_file_has_the_suffix_and_folder(tmp_path):
    with atomic_write(tmp_path / "map.png") as partial:
        assert (partial.suffix, partial.parent) == (".png", tmp_path)


def test_the_file_has_the_permissions_of_a_new_file(tmp_path):
    (tmp_path / "plain").write_text("")
    with atomic_write(tmp_path / "ours") as partial:
        partial.write_text("")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "ours")]
    assert modes[0] == modes[1]


@pytest.mark.parametrize(
    ("name", "suffix", "message"),
    [
        ("missing/model.keras", ".keras", r"the folder .*missing does not exist"),
        ("folder", None, "Received: a folder"),
        ("model.h5", ".keras", r"ends in \.keras"),
    ],
)
def test_unwritable_paths_are_refused(tmp_path, name, suffix, message):
    (tmp_path / "folder").mkdir()
    with pytest.raises(DlseqError, match=message):
        check_writable(tmp_path / name, suffix)
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_new_and_empty_folders_are_accepted(tmp_path):
    assert check_new_folder(tmp_path / "new") == tmp_path / "new" and not (tmp_path / "new").exists()
    assert check_new_folder(tmp_path) == tmp_path
    (tmp_path / "run.json").write_text("")
    assert check_new_folder(tmp_path, {"run.json", "results"}) == tmp_path


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "full",
            r"Cannot create .*full: expected it to be a new or empty folder, so that nothing is lost\. Name another",
        ),
        ("full/file", "file: expected it to be a new or empty folder"),
        ("missing/new", r"Cannot create .*new: the folder .*missing does not exist\. Create it first"),
        ("full/file/new", r"the folder .*file does not exist"),
        ("n" * 300, r"Cannot create folder .*\. Name another"),
    ],
)
def test_folders_with_contents_or_without_parent_are_refused(tmp_path, name, message):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").write_text("mine")
    with pytest.raises(DlseqError, match=message):
        check_new_folder(tmp_path / name, {"run.json"})
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == ["full", "full/file"]


@pytest.mark.parametrize("is_there", [True, False])
def test_a_new_folder_is_complete_or_as_it_was(tmp_path, is_there):
    folder, before = tmp_path / "new", ["new"] if is_there else []
    if is_there:
        folder.mkdir()
        number = folder.stat().st_ino
    with pytest.raises(RuntimeError, match="half way"), atomic_folder(folder) as partial:
        (partial / "a.txt").write_text("1")
        raise RuntimeError("half way")
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == before
    with atomic_folder(folder) as partial:
        (partial / "sub").mkdir()
        (partial / "sub/a.txt").write_text("2")
        assert not (folder / "sub").exists()
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        "new",
        "new/sub",
        "new/sub/a.txt",
    ]
    assert not is_there or folder.stat().st_ino == number  # an empty folder is filled, not replaced
    with pytest.raises(DlseqError, match="new or empty folder"), atomic_folder(folder):
        pass


def test_an_empty_working_folder_is_filled(tmp_path, monkeypatch):
    """Its parent is not written to, and a shell in it stays where it is."""
    monkeypatch.chdir(tmp_path)
    with atomic_folder(".") as partial:
        (partial / "a.txt").write_text("1")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_that_cannot_be_created_is_refused():
    with pytest.raises(DlseqError, match=r"Cannot create /proc/new: .*Name a folder"), atomic_folder("/proc/new"):
        pass
