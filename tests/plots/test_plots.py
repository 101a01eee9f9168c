"""Figures show the numbers that they were given, in any script, and reach the disk whole and always the same."""

import datetime
import hashlib
import io
import subprocess
import sys
import warnings

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from babel.dates import format_date
from matplotlib.colors import to_rgba
from PIL import Image

from dlseq.errors import DlseqError
from dlseq.plots import attention_heatmap, next_token_tree, save_figure, training_curves
from dlseq.plots.fonts import visible
from dlseq.plots.style import SHADES

DAY = datetime.date(2016, 8, 21)
LOCALES = "en ko ja zh ar he hi bn ta te gu pa kn ml si th lo km my ka hy am ru el bo or chr mn_Mong_MN ff_Adlm"


def softmaxed(rows: int, columns: int, *, real: int | None = None, seed: int = 0) -> np.ndarray:
    logits = 3 * np.random.default_rng(seed).normal(size=(rows, columns))
    logits[:, columns if real is None else real :] = -np.inf
    weights = np.exp(logits)
    return weights / weights.sum(axis=1, keepdims=True)


def pixels(figure) -> np.ndarray:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return np.asarray(Image.open(buffer).convert("RGBA"))


def saved(figure, tmp_path, suffix: str) -> bytes:
    path = tmp_path / f"picture{suffix}"
    save_figure(figure, path)
    return path.read_bytes()


def test_the_cells_are_the_weights_without_the_padding():
    weights = softmaxed(12, 30, real=16)
    drawn = attention_heatmap(weights, "July 20th 1969 a", "1969-07-20").axes[0].collections[0].get_array()
    np.testing.assert_array_equal(drawn, weights[:10, :16])


def test_every_cell_of_the_picture_has_the_colour_of_its_weight():
    """First row on top, first column on the left, colours from 0 to 1, read back from the PNG itself."""
    weights = softmaxed(3, 5, seed=4)
    assert weights.max() > 0.5
    figure = attention_heatmap(weights, "abcde", "123")
    image = pixels(figure)  # (height, width, 4)
    box = figure.axes[0].get_position()
    for row in range(3):
        for column in range(5):
            right = box.x0 + (column + 0.5) / 5 * box.width
            up = box.y1 - (row + 0.5) / 3 * box.height
            pixel = image[int((1 - up) * image.shape[0]), int(right * image.shape[1])]
            np.testing.assert_allclose(pixel / 255, SHADES(weights[row, column]), atol=1.5 / 255)


def test_tokens_stand_at_their_rows_and_columns_in_order():
    source, target = "2016년 8월\u200f", "2016-08"
    axes = attention_heatmap(softmaxed(7, 9), source, target).axes[0]
    texts = [(text.get_text(), text.xy) for text in axes.texts]
    for column, token in enumerate(source):
        assert (visible(token), (column + 0.5, 0)) in texts
    for row, token in enumerate(target):
        assert (visible(token), (0, row + 0.5)) in texts


def test_words_are_tokens_too():
    axes = attention_heatmap(softmaxed(2, 3), ["the", "black", "cat"], ["chat", "noir"]).axes[0]
    shown = [text.get_text() for text in axes.texts]
    assert {"the", "black", "cat", "chat", "noir", "the black cat", "→ chat noir"} <= set(shown)


@pytest.mark.parametrize(("largest", "full"), [(0.09, 0.1), (0.15, 0.2), (0.4, 0.5), (0.51, 1.0), (1.0, 1.0)])
def test_the_scale_ends_where_the_bar_says(largest, full):
    rest = 1 - largest
    weights = np.array([[largest] + [rest / 20] * 20])
    figure = attention_heatmap(weights, "x" * 21, "y")
    assert figure.axes[0].collections[0].get_clim() == (0, full)
    heights = {text.get_text(): text.xy[1] for text in figure.axes[1].texts}
    assert (heights["0"], heights[f"{full / 2:g}"], heights[f"{full:g}"]) == (0, 0.5, 1)


def test_lightness_falls_in_equal_steps_so_that_hue_is_not_needed():
    """CIE L* by its definition, for the colours that are drawn."""
    colours = SHADES(np.linspace(0, 1, 21))[:, :3]
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    lightness = 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16
    np.testing.assert_allclose(np.diff(lightness), (15 - 96) / 20, rtol=0.15)


GOOD = [[0.5, 0.5], [0.25, 0.75]]


@pytest.mark.parametrize(
    ("weights", "source", "target", "sentence"),
    [
        ([0.5, 0.5], "ab", "cd", r"shape \(Ty, Tx\), got shape \(2,\)"),
        ([GOOD], "ab", "cd", r"got shape \(1, 2, 2\); pass the softmaxed weights of one example"),
        (GOOD, "abc", "cd", r"1 to 2 source tokens .* got 2 and 3"),
        (GOOD, "ab", "cde", r"1 to 2 target tokens .* got 3 and 2"),
        (GOOD, "", "cd", "got 2 and 0"),
        (GOOD, "ab", [], "got 0 and 2"),
        ([[1.5, -0.5], [0.5, 0.5]], "ab", "cd", "one that is -0.5"),
        ([[np.nan, 0.5], [0.5, 0.5]], "ab", "cd", "not finite"),
        ([[0.5, 0.4], [0.5, 0.5]], "ab", "cd", "sum to 1, got 0.9 in row 0"),
        ([[0.5, 0.5], [0.5, 0.502]], "ab", "cd", "got 1.002 in row 1"),
        (GOOD, "a", "cd", "no weight beyond the 1 source tokens, got 0.75 in row 1"),
        ([["a", "b"]], "ab", "c", "as numbers"),
    ],
)
def test_weights_that_are_none_are_refused_in_a_sentence(weights, source, target, sentence):
    with pytest.raises(DlseqError, match=sentence):
        attention_heatmap(weights, source, target)


def test_rounding_and_rows_after_the_end_are_no_error():
    weights = np.vstack([softmaxed(2, 4), np.zeros((3, 4))]).astype("float16")
    assert attention_heatmap(weights, "abcd", "12").axes[0].collections[0].get_array().shape == (2, 4)


@pytest.mark.parametrize("probability", [-0.1, 1.5, float("nan")])
def test_a_probability_that_is_none_is_refused(probability):
    with pytest.raises(DlseqError, match="between 0 and 1"):
        attention_heatmap(GOOD, "ab", "cd", probability=probability)


def test_the_probability_and_the_title_are_shown_as_written():
    axes = attention_heatmap(GOOD, "ab", "cd", title="costs $5$ or $x_2$", probability=0.98765).axes[0]
    title = next(text for text in axes.texts if text.get_text() == "costs $5$ or $x_2$")
    assert not title.get_parse_math()
    assert "probability 0.988" in {text.get_text() for text in axes.texts}


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (10, 20), (40, 60)])
def test_everything_is_on_the_paper_and_cells_stay_large_enough(rows, columns):
    figure = attention_heatmap(np.full((rows, columns), 1 / columns), "ก" * columns, "g" * rows)
    renderer = figure.canvas.get_renderer()
    paper = figure.bbox
    for axes in figure.axes:
        for text in axes.texts:
            box = text.get_window_extent(renderer)
            assert paper.x0 <= box.x0 <= box.x1 <= paper.x1
            assert paper.y0 <= box.y0 <= box.y1 <= paper.y1
    cells = figure.axes[0].get_window_extent(renderer)
    assert cells.width / columns / figure.dpi == pytest.approx(cells.height / rows / figure.dpi)
    assert cells.width / columns / figure.dpi > 0.28  # inches


def test_labels_too_wide_for_their_column_shrink_into_it():
    wide = "ொോೋൈെை﷽"
    figure = attention_heatmap(softmaxed(1, 7), wide, "1")
    renderer = figure.canvas.get_renderer()
    labels = {text.xy[0]: text for text in figure.axes[0].texts if text.get_text() in map(visible, wide)}
    assert len(labels) == 7
    column = figure.axes[0].get_window_extent(renderer).width / 7
    assert max(label.get_window_extent(renderer).width for label in labels.values()) <= column


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_no_empty_boxes_in_any_script(tmp_path, suffix):
    """Matplotlib warns of each glyph that it lacks, while it draws."""
    dates = [format_date(DAY, "full", locale) for locale in LOCALES.split()]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = attention_heatmap(softmaxed(2, len(dates)), dates, ["\u200f\u202f", "🦕"], title="\u200f" + dates[4])
        assert len(saved(figure, tmp_path, suffix)) > 10_000


def test_a_missing_glyph_does_warn(tmp_path):
    """The guard of the test above."""
    figure = attention_heatmap(GOOD, "ab", "cd")
    figure.axes[0].texts[0].set_text("日")
    with pytest.warns(UserWarning, match=r"Glyph .* missing"):
        saved(figure, tmp_path, ".png")


def test_letters_are_outlines_in_svg_and_in_pdf(tmp_path):
    figure = attention_heatmap(GOOD, "日월", "cd")
    assert b"<text" not in saved(figure, tmp_path, ".svg")
    pdf = saved(figure, tmp_path, ".pdf")
    assert b"/Type3" in pdf
    assert b"/FontFile" not in pdf
    assert b"CreationDate" not in pdf


def all_figures():
    steps = [("a", [("a", 0.75), ("o", 0.25)]), ("<eos>", [("<eos>", 1.0)])]
    return [
        attention_heatmap(softmaxed(2, 5), "8월\u202f21", "08", probability=0.5),
        training_curves({"loss": [2.0, 1.0], "val_loss": [2.5, 1.5]}),
        next_token_tree(steps),
    ]


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_figure_gives_the_same_bytes_whatever_style_the_user_has_set(tmp_path, suffix):
    plain = [saved(figure, tmp_path, suffix) for figure in all_figures()]
    with matplotlib.style.context(["dark_background", {"font.size": 30, "savefig.bbox": "tight", "svg.hashsalt": "x"}]):
        styled = [saved(figure, tmp_path, suffix) for figure in all_figures()]
    assert plain == styled


def test_no_global_setting_is_changed(tmp_path):
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "none"}):
        before = dict(matplotlib.rcParams)
        for figure in all_figures():
            saved(figure, tmp_path, ".png")
        assert dict(matplotlib.rcParams) == before


def test_a_fresh_process_draws_the_same_without_pyplot_or_tensorflow(tmp_path):
    path = tmp_path / "fresh.svg"
    script = (
        "import sys; from dlseq.plots import attention_heatmap, save_figure\n"
        "save_figure(attention_heatmap([[0.25, 0.75]], '5월', '5'), sys.argv[1])\n"
        "print(sorted({'tensorflow', 'keras', 'matplotlib.pyplot'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "[]", "")
    here = saved(attention_heatmap([[0.25, 0.75]], "5월", "5"), tmp_path, ".svg")
    assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(here).digest()


@pytest.mark.parametrize("name", ["map.jpg", "map", "map.svgz"])
def test_other_endings_are_refused(tmp_path, name):
    with pytest.raises(DlseqError, match=r"expected .png, .svg or .pdf"):
        save_figure(attention_heatmap(GOOD, "ab", "cd"), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_capital_endings_are_fine(tmp_path):
    assert saved(attention_heatmap(GOOD, "ab", "cd"), tmp_path, ".PNG")[1:4] == b"PNG"


def test_a_missing_folder_is_named_and_nothing_is_made(tmp_path):
    with pytest.raises(DlseqError, match=r"the folder .*nowhere does not exist"):
        save_figure(attention_heatmap(GOOD, "ab", "cd"), tmp_path / "nowhere" / "map.png")
    assert list(tmp_path.iterdir()) == []


def test_a_drawing_that_fails_leaves_the_old_picture(tmp_path, monkeypatch):
    figure = attention_heatmap(GOOD, "ab", "cd")
    old = saved(figure, tmp_path, ".png")

    def broken(partial, **_):
        partial.write_bytes(b"half")
        raise RuntimeError

    monkeypatch.setattr(figure, "savefig", broken)
    with pytest.raises(RuntimeError):
        save_figure(figure, tmp_path / "picture.png")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [old]


def test_curves_show_every_epoch_and_pair_validation_with_training():
    history = {"loss": [3.0, 2.0, 1.5], "val_loss": [3.5, 2.5, 2.0], "val_exact_match": [0.0, 0.5, 0.75]}
    figure = training_curves(history, title="Dates")
    loss, match = figure.axes
    assert [line.get_ydata().tolist() for line in loss.lines] == [history["loss"], history["val_loss"]]
    assert loss.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert match.lines[0].get_ydata().tolist() == history["val_exact_match"]
    assert {"training 1.5", "validation 2", "loss", "Dates"} <= {text.get_text() for text in loss.texts}
    assert {"validation 0.75", "exact match"} <= {text.get_text() for text in match.texts}
    assert to_rgba(loss.lines[1].get_color()) == to_rgba(match.lines[0].get_color())


def test_labels_of_curves_that_end_together_do_not_overlap():
    figure = training_curves({"loss": [3.0, 1.0], "val_loss": [3.0, 1.0]})
    renderer = figure.canvas.get_renderer()
    first, second = (t.get_window_extent(renderer) for t in figure.axes[0].texts if t.get_text().endswith(" 1"))
    assert not first.overlaps(second)


def test_one_epoch_is_a_dot_and_missing_values_are_gaps():
    assert training_curves({"loss": [1.0]}).axes[0].lines[0].get_marker() == "o"
    assert np.isnan(training_curves({"loss": [1.0, np.nan, 2.0]}).axes[0].lines[0].get_ydata()[1])


@pytest.mark.parametrize(
    ("history", "sentence"),
    [
        ({}, "at least one series"),
        ({"loss": []}, "one number an epoch for 'loss'"),
        ({"loss": [1, float("inf")]}, "'loss', got"),
        ({"loss": [[1, 2]]}, "one number an epoch"),
        ({"loss": ["a"]}, "one number an epoch"),
    ],
)
def test_histories_without_numbers_are_refused(history, sentence):
    with pytest.raises(DlseqError, match=sentence):
        training_curves(history)


def test_a_curve_that_ends_in_nan_is_labelled_where_it_was_last_a_number():
    texts = training_curves({"loss": [3.0, 2.0, np.nan]}).axes[0].texts
    assert next(text for text in texts if text.get_text() == "2").xy == (2, 2.0)
