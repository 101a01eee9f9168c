"""The command `dlseq scenes`."""

import csv

from PIL import Image

from dlseq.data.scenes import draw_scenes, read_caption_csv


def test_scenes_are_written_with_captions_and_questions(dlseq_command, tmp_path):
    folder = tmp_path / "scenes"
    status, out, err = dlseq_command("scenes", "-n", "10", "--out", str(folder), "--seed", "3", "--questions")
    assert (status, err) == (0, "")
    assert out.splitlines() == [f"Wrote 10 scenes and {folder / 'captions.csv'}", f"Wrote {folder / 'questions.csv'}"]
    captions = [entry.captions[0] for entry in read_caption_csv(folder / "captions.csv")]
    assert captions == [scene.text for scene in draw_scenes(10, seed=3)]
    assert Image.open(folder / "scene-01.png").size == (64, 64)
    with (folder / "questions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(row["question"].endswith("?") and row["answer"] and (folder / row["file"]).is_file() for row in rows)


def test_a_wrong_style_is_a_sentence_and_nothing_is_written(dlseq_command, tmp_path):
    status, _, err = dlseq_command("scenes", "--out", str(tmp_path / "scenes"), "--style", "oil")
    assert status == 2
    assert "Expected one of: noto, fluent. Received: oil" in err
    assert not list(tmp_path.iterdir())
