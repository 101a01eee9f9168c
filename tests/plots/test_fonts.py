"""Fonts of the package: a glyph for every character of every date that Babel can write."""

import datetime
import functools
import unicodedata
import warnings

import pytest
from babel import localedata
from babel.dates import format_date
from fontTools.ttLib import TTFont
from matplotlib.font_manager import fontManager

from dlseq.plots.fonts import families, font_files, printable, subset, visible
from dlseq.plots.style import draw_text, new_figure

DAYS = [datetime.date(2016, month, 28) for month in range(1, 13)] + [datetime.date(2017, 5, day) for day in range(1, 8)]
MEGABYTE = 1_000_000


@functools.cache
def babel_letters() -> dict[str, str]:
    """Each character of the dates of all locales -> a locale that uses it."""
    found = {}
    for locale in localedata.locale_identifiers():
        for form, days in (("full", DAYS), ("long", DAYS[:12]), ("medium", DAYS[:12])):
            text = "".join(format_date(day, form, locale) for day in days)
            found.update(dict.fromkeys(set(text) - found.keys(), locale))
    return found


@functools.cache
def letters_of(family: str) -> set[int]:
    with TTFont(font_files()[family]) as font:
        return set(font.getBestCmap())


def widths(*texts: str) -> list[float]:
    figure, axes = new_figure(4, 4)
    renderer = figure.canvas.get_renderer()
    return [draw_text(axes, text, (0, 0), size=100).get_window_extent(renderer).width for text in texts]


def test_babel_has_more_than_forty_scripts():
    """A guard of the next test, which would pass with no locales at all."""
    assert len({subset.script(letter) for letter in babel_letters()}) > 40


def test_every_babel_letter_is_in_a_font():
    shipped = set().union(*(letters_of(family) for family in font_files() if family != "DejaVu Sans"))
    missing = {letter: locale for letter, locale in babel_letters().items() if ord(letter) not in shipped}
    assert missing == {}


def test_families_have_all_characters_of_a_label():
    for letter in babel_letters():
        label = visible(letter)
        held = set().union(*(letters_of(family) for family in families(label)))
        assert {ord(character) for character in label} <= held, (letter, label)


def test_no_babel_letter_is_drawn_with_a_missing_glyph():
    """Matplotlib chooses one font for a mark and its circle, so that having them in two fonts is not enough."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert all(width > 0 for width in widths(*map(visible, babel_letters())))


def test_families_resolve_to_fonts_of_the_package():
    for family, path in font_files().items():
        if family != "DejaVu Sans":
            assert any(family in families(letter) for letter in babel_letters())
            assert fontManager.findfont(family, fallback_to_default=False) == str(path)


def test_a_font_is_registered_once():
    families("토요일")
    before = len(fontManager.ttflist)
    families.__globals__["_register"].cache_clear()
    families("토요일")
    assert len(fontManager.ttflist) == before


@pytest.mark.parametrize(
    ("whole", "parts"),
    [("क्ष", "क्‌ष"), ("لا", "ل‌ا"), ("ကြ", "က‌ြ")],
    ids=["devanagari conjunct", "arabic ligature", "myanmar medial"],
)
def test_text_shaping(whole, parts):
    """A joiner that forbids the ligature makes the text wider; without shaping the two would be as wide."""
    joined, apart = widths(whole, parts)
    assert joined < 0.95 * apart


def test_hangul_kana_kanji_and_hanzi_coverage():
    assert set(range(0xAC00, 0xD7A4)) <= letters_of("Dlseq Hangul")
    han = letters_of("Dlseq Han")
    assert set(range(0x3041, 0x3097)) | set(range(0x30A1, 0x30FB)) <= han
    kanji = [bytes((row, cell)) for row in range(0xB0, 0xF5) for cell in range(0xA1, 0xFF)]
    jis = {ord(text) for text in (code.decode("euc_jp", errors="ignore") for code in kanji) if text}
    assert len(jis) == 6355
    assert jis <= han
    gb = {ord(bytes((row, cell)).decode("gb2312")) for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)}
    assert len(gb | han) == len(han)
    assert subset.big5_level_1() <= han


def test_fonts_are_small_licensed_and_renamed():
    folder = font_files()["Dlseq Latin"].parent
    files = [path for path in folder.iterdir() if path.suffix in {".ttf", ".otf"}]
    assert max(path.stat().st_size for path in files) < 3 * MEGABYTE
    assert sum(path.stat().st_size for path in files) < 7 * MEGABYTE
    licenses = "".join(path.read_text() for path in folder.glob("LICENSE-*.txt"))
    assert "SIL OPEN FONT LICENSE Version 1.1" in licenses
    for path in files:
        assert path.name in licenses
        with TTFont(path) as font:
            names = font["name"]
        assert {names.getDebugName(number) for number in (1, 4)} == {f"Dlseq {path.stem}"}
        assert names.getDebugName(0).removesuffix(".").partition("20")[2][:4] in licenses
        assert "Open Font License" in names.getDebugName(13)


@pytest.mark.parametrize(
    ("token", "label"),
    [
        (" ", "␣"),
        ("\u00a0", "NBSP"),
        ("\u202f", "NNBSP"),
        ("\u200f", "RLM"),
        ("\u200f\u200e", "RLM LRM"),
        ("\u2003", "U+2003"),
        ("\x07", "U+0007"),
        ("\ue000", "U+E000"),
        ("🦕", "U+1F995"),
        ("\n", "↵"),
        ("", "∅"),
        ("ি", "◌ি"),
        ("\U0001e130", "\u00a0\U0001e130"),
        ("\u3164", "HF"),
        ("\u0301", "◌\u0301"),
        ("New York", "New␣York"),
        ("\u200fيوم", "يوم"),
        ("ක්\u200dර", "ක්\u200dර"),
        ("<eos>", "<eos>"),
        ("é", "é"),
    ],
)
def test_labels_are_visible(token, label):
    assert visible(token) == label


def test_no_label_is_blank():
    unseen = {"Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "Co", "Cs"}
    for code in range(0x3100):
        assert not all(unicodedata.category(character) in unseen for character in visible(chr(code))), hex(code)


def test_printable_replaces_line_breaks():
    assert printable("5\u202fмая\n2016\u00a0г.") == "5\u202fмая 2016\u00a0г."
    assert printable("🦕\x00") == "U+1F995U+0000"
