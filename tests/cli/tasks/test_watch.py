"""Tests of `dlseq watch` and `dlseq clips`."""

import json
import re

import pytest
from PIL import Image

from dlseq.data.clips import ACTIVITIES


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from dlseq.data.clips import draw_clips, write_clips

    folder = tmp_path_factory.mktemp("clips") / "drawn"
    write_clips(folder, draw_clips(6, seed=1, split="test"))
    return folder


def test_clips_are_drawn_into_a_folder(dlseq_command, tmp_path):
    _, out, _ = dlseq_command("clips", "-n", "3", "--out", str(tmp_path / "new"))
    assert "Wrote 3 clips" in out
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "activities.csv", "clip-1.gif", "clip-2.gif", "clip-3.gif"
    ]  # fmt: skip
    assert Image.open(tmp_path / "new" / "clip-1.gif").n_frames == 12


def test_json_has_the_probabilities_of_all_activities(dlseq_command, folder):
    _, out, _ = dlseq_command("watch", str(folder / "clip-1.gif"), str(folder / "clip-2.gif"), "--json")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["file"] for answer in answers] == [str(folder / "clip-1.gif"), str(folder / "clip-2.gif")]
    for answer in answers:
        assert set(answer["probabilities"]) == set(ACTIVITIES)
        assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-4)
        assert answer["probability"] == max(answer["probabilities"].values())
        assert answer["sure"] == (answer["probability"] >= 0.5)


def test_an_answer_names_the_file(dlseq_command, folder):
    _, out, _ = dlseq_command("watch", str(folder / "clip-1.gif"))
    assert "clip-1.gif: " in out and any(activity in out for activity in ACTIVITIES)


def test_a_guess_shows_doubt(dlseq_command, folder):
    """A model that has learned nothing is not sure."""
    from dlseq.data.clips import draw_clips
    from dlseq.tasks.activities.recognition import ActivityRecognizer

    ActivityRecognizer.build(draw_clips(10, seed=1), seed=1, filters=[4], units=4).save(folder / "mine.keras")
    arguments = ("watch", str(folder / "clip-1.gif"), "--model", str(folder / "mine.keras"))
    assert "(a guess; or " in dlseq_command(*arguments)[1]
    assert json.loads(dlseq_command(*arguments, "--json")[1])["sure"] is False


def test_frames_and_probabilities_are_drawn(dlseq_command, folder, tmp_path):
    dlseq_command("watch", str(folder / "clip-1.gif"), "--plot", str(tmp_path / "clip.png"))
    assert Image.open(tmp_path / "clip.png").width > 400


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["picture.gif"], "Received: a picture that does not move"),
        (["none.gif"], "no such file"),
        (["text.gif"], "Expected a GIF, WebP or animated PNG file"),
        (["clip-1.gif", "clip-2.gif", "--plot", "x.png"], "Expected one clip to draw, or the name of an .html page"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(dlseq_command, folder, monkeypatch, arguments, message):
    monkeypatch.chdir(folder)
    Image.new("RGB", (4, 4)).save(folder / "picture.gif")
    (folder / "text.gif").write_text("no picture")
    status, _, err = dlseq_command("watch", *arguments)
    assert status == 2 and message in " ".join(err.split())


def test_a_page_has_the_probabilities_of_all_clips(dlseq_command, folder, tmp_path):
    page = tmp_path / "clips.html"
    _, out, _ = dlseq_command("watch", folder / "clip-1.gif", folder / "clip-2.gif", "--json", "--plot", page)
    shown = re.findall(r'application/json">(.*?)</script>', page.read_text("utf-8"))
    for line, data in zip(out.splitlines(), shown, strict=True):
        last = dict(json.loads(data)["choices"][-1])
        assert last == pytest.approx(json.loads(line)["probabilities"], abs=1e-4)
