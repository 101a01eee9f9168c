"""The command `dlseq ask`, with a model that is not trained."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from dlseq.data.scenes import draw_questions
from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.questions.answering import QuestionAnswerer

QUESTIONS = draw_questions(40, seed=1)
FIRST, SECOND = QUESTIONS[0].text, QUESTIONS[1].text


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A model and a picture."""
    folder = tmp_path_factory.mktemp("ask")
    model = QuestionAnswerer.build(QUESTIONS, seed=1, filters=(4,), strides=(8,), units=6, embedding_units=6)
    model.save(folder / "model.keras")
    Image.fromarray(QUESTIONS[0].scene.image).resize((200, 100)).save(folder / "scene.jpg")
    return folder


def test_guesses_show_doubt(dlseq_command, files):
    status, out, err = dlseq_command(
        "ask",
        str(files / "scene.jpg"),
        FIRST,
        SECOND,
        "--model",
        str(files / "model.keras"),
    )
    assert (status, err) == (0, "")
    first, second = out.splitlines()
    assert FIRST in first
    assert "(a guess; " in first
    assert SECOND in second


def test_json_has_probabilities_and_both_looks(dlseq_command, files):
    arguments = ("ask", str(files / "scene.jpg"), FIRST, "--model", str(files / "model.keras"), "--json")
    fields = json.loads(dlseq_command(*arguments)[1])
    assert fields["question"] == FIRST
    assert not fields["sure"]
    assert 0 < fields["alternatives"][0]["probability"] <= fields["probability"] < 0.5
    assert [len(look) for look in fields["looks"]] == [8, 8]
    assert sum(map(sum, fields["looks"][0])) == pytest.approx(1, abs=1e-3)


def test_the_shipped_model_answers_about_scenes_that_it_has_not_seen(dlseq_command, tmp_path):
    right, asked = 0, draw_questions(60, seed=91, split="test")
    scene = asked[0].scene
    Image.fromarray(scene.image).save(tmp_path / "scene.png")
    about = [question for question in asked if question.scene is scene]
    status, out, _ = dlseq_command("ask", tmp_path / "scene.png", *(question.text for question in about), "--json")
    assert status == 0
    assert [json.loads(line)["question"] for line in out.splitlines()] == [question.text for question in about]
    model = QuestionAnswerer.load(pretrained("questions-scenes"))
    for question, answer in zip(
        asked,
        model.answer([question.scene.image for question in asked], [question.text for question in asked]),
        strict=True,
    ):
        right += answer.text == question.answer
    assert right >= 54


def test_looks_are_drawn(dlseq_command, files, tmp_path):
    arguments = ("ask", str(files / "scene.jpg"), FIRST, "--model", str(files / "model.keras"))
    assert dlseq_command(*arguments, "--plot", str(tmp_path / "looks.png"))[0] == 0
    assert Image.open(tmp_path / "looks.png").width > 300


@pytest.mark.parametrize(
    ("image", "question", "message"),
    [
        ("missing.png", FIRST, "Cannot read image"),
        ("model.keras", FIRST, "Cannot read image"),
        ("scene.jpg", "Is there a zebra?", "unknown word: 'zebra'"),
        ("scene.jpg", "", "Expected 1 to 20 words"),
    ],
)
def test_broken_images_and_unknown_words_are_sentences(dlseq_command, files, image, question, message):
    status, out, err = dlseq_command("ask", str(files / image), question, "--model", str(files / "model.keras"))
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_page_has_the_looks_of_all_questions(dlseq_command, files, tmp_path):
    page = tmp_path / "looks.html"
    arguments = ("ask", files / "scene.jpg", FIRST, SECOND, "--model", files / "model.keras")
    status, out, _ = dlseq_command(*arguments, "--json", "--plot", page)
    shown = re.findall(r'application/json">(.*?)</script>', page.read_text("utf-8"))
    for line, data in zip(out.splitlines(), shown, strict=True):
        assert np.allclose(json.loads(line)["looks"], json.loads(data)["weights"], atol=1e-4)
    status, _, err = dlseq_command(*arguments, "--plot", tmp_path / "looks.png")
    assert status == 2 and "Expected one question to draw" in err
