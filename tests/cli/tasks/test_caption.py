"""The command `dlseq caption`."""

import json

import numpy as np
import pytest
from PIL import Image

from dlseq.data.scenes import draw_scenes
from dlseq.tasks.captioning.captioner import Captioner

SCENES = draw_scenes(3, seed=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three pictures, a file that is none, and a model that is not trained."""
    folder = tmp_path_factory.mktemp("pictures")
    for number, scene in enumerate(SCENES):
        Image.fromarray(scene.image).save(folder / f"{number}.png")
    (folder / "notes.png").write_text("my notes")
    sizes = {"filters": (4, 8), "strides": (8, 1), "units": 8, "decoder_units": 8}
    Captioner.build(SCENES, language="en", seed=1, **sizes).save(folder / "tiny.keras")
    return folder


def test_json_has_the_captions_of_the_library(dlseq_command, folder):
    files = [folder / f"{number}.png" for number in range(3)]
    arguments = ("--model", folder / "tiny.keras", "--beam-width", 3, "--alternatives", 1, "--json")
    status, out, err = dlseq_command("caption", *files, *arguments)
    assert (status, err) == (0, "")
    captioner = Captioner.load(folder / "tiny.keras")
    captions = captioner.caption([scene.image for scene in SCENES], beam_width=3)
    for line, file, caption in zip(out.splitlines(), files, captions, strict=True):
        found = json.loads(line)
        assert (found["file"], found["caption"]) == (str(file), caption.text)
        assert found["probability"] == pytest.approx(caption.probability, abs=1e-6)
        assert not found["sure"]
        assert np.shape(found["attention"]) == (len(found["words"]), 8, 8)
        assert [other["caption"] for other in found["alternatives"]] == [caption.alternatives[0][0]]


def test_a_caption_that_is_not_sure_is_a_guess(dlseq_command, folder):
    status, out, _ = dlseq_command("caption", folder / "0.png", "--model", folder / "tiny.keras")
    assert status == 0 and "a guess" in out and "0.png" in out


@pytest.mark.parametrize("name", ["map.html", "map.png", "map.svg"])
def test_the_attention_is_drawn(dlseq_command, folder, tmp_path, name):
    path = tmp_path / name
    assert dlseq_command("caption", folder / "0.png", "--model", folder / "tiny.keras", "--plot", path)[0] == 0
    assert path.stat().st_size > 5_000


def test_several_pictures_make_one_page(dlseq_command, folder, tmp_path):
    files = [folder / "0.png", folder / "1.png"]
    arguments = ("--model", folder / "tiny.keras", "--plot", tmp_path / "map.html")
    assert dlseq_command("caption", *files, *arguments)[0] == 0
    assert (tmp_path / "map.html").read_text("utf-8").count("<article") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["0.png", "--language", "fr"], "Invalid option --language. Expected one of: en, ko. Received: fr."),
        (["0.png", "--alternatives", "2", "--model", "tiny.keras"], "Add --beam-width 3."),
        (["0.png", "1.png", "--plot", "map.png", "--model", "tiny.keras"], "Expected one image to draw"),
        (["0.png", "--plot", "map.gif", "--model", "tiny.keras"], "ends in .png, .svg, .pdf or .html"),
        (["0.png", "--plot", "missing/map.html", "--model", "tiny.keras"], "does not exist"),
        (["0.png", "--model", "missing.keras"], "no such file"),
        (
            ["missing.png", "--model", "tiny.keras"],
            "Cannot read image missing.png. Expected a PNG, JPEG or WebP file. Received: no such file.",
        ),
        (["0.png", "notes.png", "--model", "tiny.keras"], "Cannot read image notes.png."),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(dlseq_command, folder, monkeypatch, arguments, message):
    monkeypatch.chdir(folder)
    before = sorted(folder.iterdir())
    status, out, err = dlseq_command("caption", *arguments)
    assert (status, out) == (2, "")
    assert message in err.replace("\n", " ")
    assert sorted(folder.iterdir()) == before
