"""The command `dlseq music`."""

import json
import math
import re

import pytest

from dlseq.data.music import Melody, load_chorales, midi_bytes, parse_notes, wave_bytes


def test_a_melody_is_printed_and_written(dlseq_command, tmp_path):
    """The file has the notes that are printed; the same seed gives the same melody."""
    tune, sound, roll = (tmp_path / name for name in ("tune.mid", "tune.wav", "roll.png"))
    options = ("--key", "D", "--mode", "minor", "--start", "D5 D5 E5", "--seed", "3")
    status, out, err = dlseq_command("music", *options, "--out", tune, "--plot", roll)
    assert (status, err) == (0, "")
    *phrases, report = out.splitlines()
    assert phrases[0].startswith("D5:1 D5:1 E5:1 ")
    assert report.startswith("D minor, ") and report.endswith("seed 3")
    melody = Melody("x", 2, "minor", parse_notes(" ".join(phrases)))
    assert tune.read_bytes() == midi_bytes(melody)
    assert roll.read_bytes()[1:4] == b"PNG"

    _, out, _ = dlseq_command("music", *options, "--json", "--out", sound, "--tempo", "120")
    found = json.loads(out)
    assert parse_notes(" ".join(found["notes"])) == melody.notes
    assert sound.read_bytes() == wave_bytes(melody, beats_per_minute=120)
    assert found["copied_from"] in {chorale.name for chorale in load_chorales()}


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--out", "tune.mp3"], ".mid or .wav"),
        (["--out", "missing/tune.mid"], "does not exist"),
        (["--plot", "roll.bmp"], ".png"),
        (["--genre", "jazz"], "no other genre"),
        (["--key", "H"], "from A to G"),
        (["--mode", "dorian", "--out", "tune.mid"], "major or minor"),
        (["--start", "G4 X"], "Invalid note"),
        (["--start", "C1", "--out", "tune.mid"], "never seen"),
        (["--tempo", "0"], "20 to 300"),
        (["--tempo", "nan"], "20 to 300"),
        (["--temperature", "0"], "`temperature`"),
        (["--top-p", "2"], "`top_p`"),
        (["--seed", "-1"], "`seed`"),
        (["--model", "missing.keras"], "missing.keras"),
    ],
)
def test_invalid_options_get_a_message_and_write_nothing(dlseq_command, tmp_path, monkeypatch, arguments, part):
    monkeypatch.chdir(tmp_path)
    status, out, err = dlseq_command("music", *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("dlseq: ") and part in err
    assert list(tmp_path.iterdir()) == []


def test_a_page_has_the_notes_and_what_was_expected_in_their_place(dlseq_command, tmp_path):
    """F#, where the way from C and back goes up and down by six semitones: the given notes keep their octave."""
    page = tmp_path / "tune.html"
    options = ("--key", "F#", "--start", "F#4 Ab4", "--seed", 3)
    _, out, _ = dlseq_command("music", *options, "--json", "--plot", page)
    data = json.loads(re.search(r'application/json">(.*?)</script>', page.read_text("utf-8"))[1])
    found = json.loads(out)
    assert data["chosen"] == [*found["notes"], *["end"] * found["ended"]]
    log_prob = 0.0
    for chosen, choices in zip(data["chosen"], data["choices"], strict=True):
        assert sorted(choices, key=lambda pair: -pair[1]) == choices
        log_prob += math.log(dict(choices)[chosen])
    assert log_prob == pytest.approx(found["log_prob"], rel=0.01)
