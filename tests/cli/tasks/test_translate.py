"""The command `dlseq translate`."""

import json

import numpy as np
import pytest

from dlseq.tasks.pretrained import pretrained
from dlseq.tasks.translation.translator import Translator

FRENCH, KOREAN = "Jane visite l'Afrique en septembre.", "제인은 9월에 아프리카를 방문하고 있어요."
ENGLISH = "Jane is visiting Africa in September."


def test_both_languages_are_recognized_by_their_script(dlseq_command):
    for text in (FRENCH, KOREAN):
        status, out, err = dlseq_command("translate", text)
        assert (status, err) == (0, "")
        assert ENGLISH in out


def test_json_has_the_translation_of_the_library(dlseq_command):
    status, out, _ = dlseq_command(
        "translate", "--json", "--alternatives", 2, "--from", "fr", stdin=f"{FRENCH}\nMartine aime Zanzibar.\n"
    )
    first, second = map(json.loads, out.splitlines())
    translations = Translator.load(pretrained("translation-fr-en")).translate(
        [FRENCH, "Martine aime Zanzibar."], beam_width=4
    )
    assert status == 0
    for found, expected in zip((first, second), translations, strict=True):
        assert found["target"] == expected.target
        assert found["probability"] == pytest.approx(expected.probability, abs=1e-5)
        assert [translation["target"] for translation in found["alternatives"]] == [
            text for text, _ in expected.alternatives[:2]
        ]
        assert np.shape(found["attention"]) == (len(found["target_words"]), len(found["source_words"]))
    assert "Martine" in second["unknown"]


def test_unknown_words_and_guesses_are_named(dlseq_command):
    _, out, _ = dlseq_command("translate", "Gwendoline visite l'Afrique.")
    assert "unknown: Gwendoline" in out


@pytest.mark.parametrize("name", ["map.html", "map.png", "map.svg"])
def test_the_attention_is_drawn(dlseq_command, tmp_path, name):
    path = tmp_path / name
    assert dlseq_command("translate", FRENCH, "--plot", path)[0] == 0
    assert path.stat().st_size > 5_000
    if name == "map.html":
        assert all(word in path.read_text("utf-8") for word in ("visiting", "Afrique"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--from", "de", FRENCH], "Invalid option --from. Expected one of: fr, ko. Received: de."),
        ([FRENCH, KOREAN], "Expected texts of one language."),
        ([FRENCH, "--from", "fr", "--model", "x.keras"], "Expected --from or --model"),
        ([FRENCH, "--alternatives", "4"], "Add --beam-width 5."),
        ([" "], "Received: an empty text"),
        ([FRENCH, FRENCH, "--plot", "map.png"], "Expected one text to draw"),
        ([FRENCH, "--model", "missing.keras"], "no such file"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(dlseq_command, arguments, message):
    status, out, err = dlseq_command("translate", *arguments)
    assert (status, out) == (2, "")
    assert message in err.replace("\n", " ")
