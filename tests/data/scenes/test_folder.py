"""Folders of pictures with captions: written, read, and refused by line number."""

import numpy as np
import pytest
from PIL import Image

from dlseq.data.scenes import draw_scenes, read_caption_csv, write_scenes
from dlseq.errors import DataError, DlseqError


def test_written_scenes_are_read_again(tmp_path):
    scenes = draw_scenes(12, seed=4, language="ko")
    path = write_scenes(tmp_path / "new", scenes)
    found = read_caption_csv(path)
    assert [entry.captions for entry in found] == [(scene.text,) for scene in scenes]
    for entry, scene in zip(found, scenes, strict=True):
        assert np.array_equal(np.asarray(Image.open(entry.path)), scene.image)


def test_a_picture_may_have_several_captions(tmp_path):
    (tmp_path / "a.png").touch()
    (tmp_path / "b.jpg").touch()
    path = tmp_path / "mine.csv"
    path.write_text('file,caption\na.png,"A dog, running"\nb.jpg,a cat\n\na.png,  a   dog\na.png,a dog\n')
    assert [(entry.path.name, entry.captions) for entry in read_caption_csv(path)] == [
        ("a.png", ("A dog, running", "a dog")),
        ("b.jpg", ("a cat",)),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: Expected the header 'file,caption'. Received: an empty file"),
        ("image,caption\n", "line 1: Expected the header 'file,caption'. Received: 'image,caption'"),
        ("file,caption\n", "Expected rows below the header. Received: none"),
        ("file,caption\na.png,a dog\na.png,a dog, running\n", "line 3: Expected 2 columns .* Received: 3"),
        ("file,caption\n\na.png,  \n", "line 3: Expected a caption. Received: an empty cell"),
        ("file,caption\n,a dog\n", "line 2: Expected the name of a picture. Received: an empty cell"),
        ("file,caption\na.png,a dog\nb.png,a cat\n", "line 3: Expected a picture in the folder .*'b.png'"),
        ("file,caption\n\0,a cat\n", "line 2: Expected"),
        ('file,caption\na.png,"a dog\n', "line 2: Expected CSV"),
    ],
)
def test_wrong_rows_are_named_by_line(tmp_path, content, message):
    (tmp_path / "a.png").touch()
    (tmp_path / "captions.csv").write_text(content)
    with pytest.raises(DataError, match=message):
        read_caption_csv(tmp_path / "captions.csv")


def test_a_folder_with_other_files_is_not_overwritten(tmp_path):
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(DlseqError, match="new or empty folder"):
        write_scenes(tmp_path, draw_scenes(1, seed=0))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
