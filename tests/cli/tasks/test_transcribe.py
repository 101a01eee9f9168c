"""Tests of `dlseq transcribe`."""

import json
import re
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

SOUNDS = Path(__file__).parents[3] / "docs" / "sounds"
TEXTS = {"en": "three five zero nine", "fr": "quatre un huit", "ko": "칠 이 육 오"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Strings of digits that voices of the test have spoken as a whole, 8,000 samples a second, by language."""
    folder = tmp_path_factory.mktemp("sounds")
    return {code: Path(shutil.copy(SOUNDS / f"digits-{code}.wav", folder)) for code in TEXTS}


def test_texts_of_recordings_in_three_languages(dlseq_command, files):
    _, out, _ = dlseq_command("transcribe", *files.values())
    for line, code in zip(out.splitlines(), TEXTS, strict=True):
        assert line.endswith(f"digits-{code}.wav: {TEXTS[code]}") and line.split()[0].endswith("%")


def test_json_has_the_words_at_their_places(dlseq_command, files):
    _, out, _ = dlseq_command("transcribe", *files.values(), "--json")
    for line, (code, path) in zip(out.splitlines(), files.items(), strict=True):
        answer = json.loads(line)
        assert answer["file"] == str(path) and answer["text"] == TEXTS[code] and answer["sure"]
        assert [word["word"] for word in answer["words"]] == TEXTS[code].split()
        places = [second for word in answer["words"] for second in (word["start"], word["end"])]
        assert places == sorted(places) and places[0] >= 0 and places[-1] <= 3
        assert all(other["probability"] <= answer["probability"] for other in answer["alternatives"])


def test_noise_is_nothing_heard(dlseq_command, tmp_path):
    sound = np.random.default_rng(0).normal(size=16_000) * 3_000
    with wave.open(str(tmp_path / "noise.wav"), "wb") as writer:
        writer.setparams((1, 2, 16_000, 0, "NONE", ""))
        writer.writeframes(sound.astype("<i2").tobytes())
    dlseq_command("transcribe", tmp_path / "noise.wav", "--plot", tmp_path / "noise.png")
    status, out, _ = dlseq_command("transcribe", tmp_path / "noise.wav")
    assert status == 0 and "noise.wav: (nothing heard)" in out
    assert json.loads(dlseq_command("transcribe", tmp_path / "noise.wav", "--json")[1])["sure"] is False
    assert Image.open(tmp_path / "noise.png").width > 400


def test_a_guess_shows_doubt(dlseq_command, files, tmp_path):
    """A model that has learned for a moment is not sure."""
    from dlseq.data.speech import draw_utterances
    from dlseq.tasks.speech.recognition import SpeechRecognizer

    model = SpeechRecognizer.build(draw_utterances(20, seed=1), filters=4, units=4)
    bias = model.network.logits.bias
    bias.assign(0 * bias)
    model.save(tmp_path / "mine.keras")
    _, out, _ = dlseq_command("transcribe", files["en"], "--model", tmp_path / "mine.keras")
    assert "(a guess; or " in out


def test_figure_and_page(dlseq_command, files, tmp_path):
    dlseq_command("transcribe", files["ko"], "--plot", tmp_path / "a.png")
    assert Image.open(tmp_path / "a.png").width > 600
    dlseq_command("transcribe", *files.values(), "--plot", tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    shown = re.findall(r'application/json">(.*?)</script>', page)
    assert [" ".join(json.loads(data)["chosen"]) for data in shown] == list(TEXTS.values())
    assert page.count("<rect data-step=") == sum(len(text.split()) for text in TEXTS.values())


def test_decoder_with_attention_writes_the_texts_and_draws_where_it_looked(dlseq_command, files, tmp_path):
    _, out, _ = dlseq_command("transcribe", *files.values(), "--decoder", "attention", "--json")
    for line, code in zip(out.splitlines(), TEXTS, strict=True):
        answer = json.loads(line)
        assert answer["text"] == TEXTS[code] and answer["language"] == code and answer["probability"] > 0.5
        assert [word["word"] for word in answer["words"]] == TEXTS[code].split()
    heights = {}
    for decoder in ("ctc", "attention"):
        dlseq_command("transcribe", files["ko"], "--decoder", decoder, "--plot", tmp_path / "a.png")
        heights[decoder] = Image.open(tmp_path / "a.png").height
    assert heights["attention"] > heights["ctc"] + 100  # a row for each word
    dlseq_command("transcribe", files["ko"], "--decoder", "attention", "--plot", tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text("utf-8").count("<rect data-step=") > 2 * len(TEXTS["ko"].split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["digits-en.wav", "--decoder", "hmm"], "Expected one of: ctc, attention. Received: hmm."),
        (["digits-en.wav", "--decoder", "ctc", "--model", "text.wav"], "Received: both."),
        (["none.wav"], "No such file"),
        (["text.wav"], "another kind of file"),
        (["cut.wav"], "The file is cut off"),
        (["digits-en.wav", "digits-fr.wav", "--plot", "x.png"], "Expected one recording to draw"),
        (["digits-en.wav", "--plot", "x.txt"], "x.txt"),
        (["digits-en.wav", "--model", "text.wav"], "expected a .keras file"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(dlseq_command, files, monkeypatch, arguments, message):
    folder = files["en"].parent
    monkeypatch.chdir(folder)
    (folder / "text.wav").write_text("no sound")
    (folder / "cut.wav").write_bytes(files["en"].read_bytes()[:-2_000])
    status, out, err = dlseq_command("transcribe", *arguments)
    assert status == 2 and message in " ".join(err.split()) and out == ""
