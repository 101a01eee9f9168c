"""Figure files: glyphs of all scripts, equal bytes whatever the user's settings are, atomic writes."""

import datetime
import hashlib
import subprocess
import sys
import warnings

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from babel.dates import format_date

from dlseq.errors import DlseqError
from dlseq.plots import attention_heatmap, next_token_tree, save_figure, training_curves

DAY = datetime.date(2016, 8, 21)
LOCALES = "en ko ja zh ar he hi bn ta te gu pa kn ml si th lo km my ka hy am ru el bo or chr mn_Mong_MN ff_Adlm"
GOOD = [[0.5, 0.5], [0.25, 0.75]]


def save_bytes(figure, tmp_path, suffix: str) -> bytes:
    path = tmp_path / f"picture{suffix}"
    save_figure(figure, path)
    return path.read_bytes()


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_every_script_has_glyphs(tmp_path, suffix):
    """Matplotlib warns of each missing glyph while it draws."""
    dates = [format_date(DAY, "full", locale) for locale in LOCALES.split()]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = attention_heatmap(
            np.full((2, len(dates)), 1 / len(dates)), dates, ["\u200f\u202f", "🦕"], title="\u200f" + dates[4]
        )
        assert len(save_bytes(figure, tmp_path, suffix)) > 10_000


def test_a_missing_glyph_warns(tmp_path):
    """The guard of the test above."""
    figure = attention_heatmap(GOOD, "ab", "cd")
    figure.axes[0].texts[0].set_text("日")
    with pytest.warns(UserWarning, match=r"Glyph .* missing"):
        save_bytes(figure, tmp_path, ".png")


def test_glyphs_are_outlines_in_svg_and_pdf(tmp_path):
    figure = attention_heatmap(GOOD, "日월", "cd")
    assert b"<text" not in save_bytes(figure, tmp_path, ".svg")
    pdf = save_bytes(figure, tmp_path, ".pdf")
    assert b"/Type3" in pdf
    assert b"/FontFile" not in pdf
    assert b"CreationDate" not in pdf


def all_figures():
    steps = [("a", [("a", 0.75), ("o", 0.25)]), ("<eos>", [("<eos>", 1.0)])]
    return [
        attention_heatmap(np.full((2, 5), 0.2), "8월\u202f21", "08", probability=0.5),
        training_curves({"loss": [2.0, 1.0], "val_loss": [2.5, 1.5]}),
        next_token_tree(steps),
    ]


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_files_do_not_depend_on_user_settings(tmp_path, suffix):
    plain = [save_bytes(figure, tmp_path, suffix) for figure in all_figures()]
    with matplotlib.style.context(["dark_background", {"font.size": 30, "savefig.bbox": "tight", "svg.hashsalt": "x"}]):
        styled = [save_bytes(figure, tmp_path, suffix) for figure in all_figures()]
    assert plain == styled


def test_user_settings_are_not_changed(tmp_path):
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "none"}):
        before = dict(matplotlib.rcParams)
        for figure in all_figures():
            save_bytes(figure, tmp_path, ".png")
        assert dict(matplotlib.rcParams) == before


def test_a_fresh_process_needs_no_pyplot_and_no_tensorflow(tmp_path):
    path = tmp_path / "fresh.svg"
    script = (
        "import sys; from dlseq.plots import attention_heatmap, save_figure\n"
        "save_figure(attention_heatmap([[0.25, 0.75]], '5월', '5'), sys.argv[1])\n"
        "print(sorted({'tensorflow', 'keras', 'matplotlib.pyplot'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "[]", "")
    here = save_bytes(attention_heatmap([[0.25, 0.75]], "5월", "5"), tmp_path, ".svg")
    assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(here).digest()


@pytest.mark.parametrize("name", ["map.jpg", "map", "map.svgz"])
def test_other_suffixes_are_refused(tmp_path, name):
    with pytest.raises(DlseqError, match=r"ends in \.png, \.svg or \.pdf"):
        save_figure(attention_heatmap(GOOD, "ab", "cd"), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_suffixes_may_be_in_upper_case(tmp_path):
    assert save_bytes(attention_heatmap(GOOD, "ab", "cd"), tmp_path, ".PNG")[1:4] == b"PNG"


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(DlseqError, match=r"folder .*nowhere does not exist"):
        save_figure(attention_heatmap(GOOD, "ab", "cd"), tmp_path / "nowhere" / "map.png")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_save_keeps_the_old_file(tmp_path, monkeypatch):
    figure = attention_heatmap(GOOD, "ab", "cd")
    old = save_bytes(figure, tmp_path, ".png")

    def broken(partial, **_):
        partial.write_bytes(b"half")
        raise RuntimeError

    monkeypatch.setattr(figure, "savefig", broken)
    with pytest.raises(RuntimeError):
        save_figure(figure, tmp_path / "picture.png")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [old]
