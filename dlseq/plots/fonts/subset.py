"""Subset the Noto fonts of a Debian machine: `python dlseq/plots/fonts/subset.py` writes the fonts of this folder.

The package never imports this file. It is here so that anyone can make the fonts again, or add a script: put a line
into `SCRIPTS`, install `fonts-noto-core`, `fonts-noto-extra` and `fonts-noto-cjk`, and run it. The README beside it
gives the command line.

Each font keeps one script (so that a plot loads only what it draws), all its shaping rules, and the dotted circle
that combining marks stand on. It loses its hints, which a plot does not use. It is renamed, because a changed font
must not carry the reserved name of its source, and so that a font installed on the machine is never taken for it.
"""

from pathlib import Path

from fontTools import subset, ttLib
from fontTools.unicodedata import script, script_extension

__all__ = ["big5_level_1", "characters_of", "kanji_and_hanzi", "write_subset"]

NOTO = Path("/usr/share/fonts/truetype/noto")
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")

# font file -> (name of its source in Debian, scripts that it keeps)
SCRIPTS = {
    "Latin": ("NotoSans", ("Latn", "Grek", "Cyrl", "Zyyy", "Zinh")),
    "Adlam": ("NotoSansAdlam", ("Adlm",)),
    "Arabic": ("NotoSansArabic", ("Arab",)),
    "Armenian": ("NotoSansArmenian", ("Armn",)),
    "Bengali": ("NotoSansBengali", ("Beng",)),
    "CanadianAboriginal": ("NotoSansCanadianAboriginal", ("Cans",)),
    "Chakma": ("NotoSansChakma", ("Cakm",)),
    "Cherokee": ("NotoSansCherokee", ("Cher",)),
    "Deseret": ("NotoSansDeseret", ("Dsrt",)),
    "Devanagari": ("NotoSansDevanagari", ("Deva",)),
    "Ethiopic": ("NotoSansEthiopic", ("Ethi",)),
    "Georgian": ("NotoSansGeorgian", ("Geor",)),
    "Gujarati": ("NotoSansGujarati", ("Gujr",)),
    "Gurmukhi": ("NotoSansGurmukhi", ("Guru",)),
    "Hebrew": ("NotoSansHebrew", ("Hebr",)),
    "Hmong": ("NotoSerifNyiakengPuachueHmong", ("Hmnp",)),
    "Kannada": ("NotoSansKannada", ("Knda",)),
    "Khmer": ("NotoSansKhmer", ("Khmr",)),
    "Lao": ("NotoLoopedLao", ("Laoo",)),
    "Malayalam": ("NotoSansMalayalam", ("Mlym",)),
    "Mongolian": ("NotoSansMongolian", ("Mong",)),
    "Myanmar": ("NotoSansMyanmar", ("Mymr",)),
    "Nko": ("NotoSansNKo", ("Nkoo",)),
    "OlChiki": ("NotoSansOlChiki", ("Olck",)),
    "Oriya": ("NotoSansOriya", ("Orya",)),
    "Osage": ("NotoSansOsage", ("Osge",)),
    "Shavian": ("NotoSansShavian", ("Shaw",)),
    "Sinhala": ("NotoSansSinhala", ("Sinh",)),
    "Syriac": ("NotoSansSyriac", ("Syrc",)),
    "Tamil": ("NotoSansTamil", ("Taml",)),
    "Telugu": ("NotoSansTelugu", ("Telu",)),
    "Thai": ("NotoLoopedThai", ("Thai",)),
    "Tibetan": ("NotoSerifTibetan", ("Tibt",)),
    "Tifinagh": ("NotoSansTifinagh", ("Tfng",)),
    "Vai": ("NotoSansVai", ("Vaii",)),
    "Yi": ("NotoSansYi", ("Yiii",)),
}
ALWAYS = {0x20, 0xA0, 0x200C, 0x200D, 0x25CC}  # the spaces, the joiners and the dotted circle
HANGUL = {*range(0x1100, 0x1200), *range(0x3131, 0x318F), *range(0xAC00, 0xD7A4)}
KANA = {*range(0x3001, 0x3020), *range(0x3041, 0x3100), *range(0xFF01, 0xFFE7), *range(0x3220, 0x3244), 0x32FF}


def big5_level_1() -> set[int]:
    """Return the 5,401 hanzi in common use, level 1 of Big5.

    Returns:
        Their code points.

    Example:
        >>> len(big5_level_1())
        5401
    """
    pairs = (bytes((lead, trail)) for lead in range(0xA4, 0xC7) for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    return {ord(pair.decode("big5")) for pair in pairs if pair <= b"\xc6\x7e"}


def kanji_and_hanzi() -> set[int]:
    """Return the kanji of JIS X 0208, and the hanzi of level 1 of GB 2312 and Big5.

    Returns:
        Their code points, each once.

    Example:
        >>> {ord("曜"), ord("农"), ord("農")} <= kanji_and_hanzi()
        True
    """
    found = big5_level_1()
    for codec, rows in (("euc_jp", range(0xB0, 0xF5)), ("gb2312", range(0xB0, 0xD8))):
        for row in rows:
            for cell in range(0xA1, 0xFF):
                found.update(map(ord, bytes((row, cell)).decode(codec, errors="ignore")))
    return found


def characters_of(font: ttLib.TTFont, scripts: tuple[str, ...]) -> set[int]:
    """Return the characters of a font that belong to some scripts, or that those scripts share with others.

    Args:
        font: an open font.
        scripts: four-letter ISO 15924 codes.

    Returns:
        Their code points, with those of `ALWAYS` that the font has.
    """
    wanted = set(scripts)
    owned = {code for code in font.getBestCmap() if script(chr(code)) in wanted or script_extension(chr(code)) & wanted}
    return owned | ALWAYS


def write_subset(font: ttLib.TTFont, codes: set[int], family: str, path: Path, features: list[str]) -> None:
    """Write the subset of a font that some characters need, under a new family name.

    Args:
        font: an open font, which is changed.
        codes: the code points to keep.
        family: the new family name.
        path: the file to write.
        features: the OpenType features to keep, `["*"]` for all.
    """
    options = subset.Options(
        hinting=False, layout_features=features, name_IDs=["*"], notdef_outline=True, recalc_timestamp=False
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in {0, 5, 13, 14} and record.langID in {0, 0x409}]
    for name_id, text in ((1, family), (2, "Regular"), (4, family), (6, family.replace(" ", ""))):
        names.setName(text, name_id, 3, 1, 0x409)
    if "CFF " in font:
        top = font["CFF "].cff
        top.fontNames = [family.replace(" ", "")]
        top[0].FamilyName = top[0].FullName = family
    subset.save_font(font, path, options)


def main() -> None:
    """Write all fonts again, from the Noto fonts of the system."""
    here = Path(__file__).parent
    for name, (source, scripts) in SCRIPTS.items():
        font = ttLib.TTFont(NOTO / f"{source}-Regular.ttf", recalcTimestamp=False)
        write_subset(font, characters_of(font, scripts), f"Dlseq {name}", here / f"{name}.ttf", ["*"])
    for name, codes in (("Hangul", HANGUL), ("Han", KANA | kanji_and_hanzi())):
        font = ttLib.TTFont(CJK, fontNumber=0, recalcTimestamp=False)
        write_subset(
            font, codes | ALWAYS, f"Dlseq {name}", here / f"{name}.otf", ["mark", "ccmp", "ljmo", "vjmo", "tjmo"]
        )


if __name__ == "__main__":
    main()
