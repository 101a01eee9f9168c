"""Name corpora: first names of many languages, dinosaur genera, or a text file.

A corpus is a list of distinct names, sorted by code points, so that it does not depend on the order of its source.
There are three kinds:

- `"dinosaurs"`: the genera of `dinosaurs.txt`, non-avian and described in the literature. A genus name is a fact of
  taxonomy; the list was written for this project from general knowledge and is no copy of a compilation.
- a Faker locale such as `"fr_FR"` or `"ko_KR"`; `"english"` is an alias of Faker's `"en"`.
- a text file in UTF-8 with one name a line, or a table such as `Mary,F,7065`; see `dlseq.data.names.name_file`.
"""

import difflib
import os
from collections import Counter
from importlib import resources
from pathlib import Path

from dlseq.data.names.locales import SCRIPTS, first_names, locale_names, locale_provider, locales
from dlseq.data.names.name_file import read_name_file
from dlseq.data.names.spelling import compose_name
from dlseq.errors import DataError

__all__ = ["corpora", "load_name_counts", "load_names"]


def load_names(corpus: str | os.PathLike, *, lower: bool = False) -> list[str]:
    """Return the distinct names of a corpus, sorted.

    Names are composed (Unicode NFC), in their own script, with single spaces inside and none at the ends. A locale has
    its first names; if there are fewer than 200, it has full names in the order of its format, an even selection of
    about 10,000. `load_name_counts` returns the counts of a file as well.

    Args:
        corpus: `"dinosaurs"`, `"english"`, a Faker locale, or the path of a text file with one name a line, or with
            columns such as `Mary,F,7065`. In a locale, case is ignored and `-` is the same as `_`. A locale may have a
            script: `"ja_JP@kana"`. To read a file with the name of a corpus, write `./dinosaurs`.
        lower: convert names to lower case; names that become equal are one.

    Returns:
        A sorted list of distinct names, at least one.

    Raises:
        DataError: the corpus is unknown or has no names, or the file is missing, is not UTF-8, has no names, or has an
            invalid line (the message has its number).

    Example:
        >>> names = load_names("dinosaurs")
        >>> names[0], "Triceratops" in names
        ('Aardonyx', True)
        >>> "김영수" in load_names("ko_KR"), "サトウ アケミ" in load_names("ja_JP@kana")
        (True, True)
        >>> load_names("dinosars")
        Traceback (most recent call last):
        ...
        dlseq.errors.DataError: Unknown corpus 'dinosars'. Expected 'dinosaurs', ... Did you mean dinosaurs?
    """
    return [*load_name_counts(corpus, lower=lower)]


def load_name_counts(corpus: str | os.PathLike, *, lower: bool = False) -> dict[str, int]:
    """Return the names of a corpus with their counts, sorted by name.

    Args:
        corpus: see `load_names`.
        lower: convert names to lower case; the counts of names that become equal are added up.

    Returns:
        The count of each distinct name: from the file's column of counts, else the number of its lines. Each name of
        another corpus counts once.

    Raises:
        DataError: see `load_names`.

    Example:
        >>> load_name_counts("dinosaurs")["Triceratops"]
        1
    """
    counts = Counter()
    for name, count in _raw_counts(corpus).items():
        counts[compose_name(name.lower() if lower else name)] += count
    del counts[""]
    return dict(sorted(counts.items()))


def corpora() -> list[str]:
    """Return all corpus names of `load_names` besides files: our own first, then Faker's, sorted.

    Example:
        >>> corpora()[:4]
        ['dinosaurs', 'english', 'ar_AA', 'ar_DZ']
    """
    names = []
    for locale in locales():
        provider = locale_provider(locale)
        names += [locale] if first_names(provider) else []
        names += [f"{locale}@{script}" for script in SCRIPTS if first_names(provider, script)]
    return ["dinosaurs", "english", *names]


def _raw_counts(corpus: str | os.PathLike) -> Counter:
    """Read a corpus of any kind, without normalization."""
    if isinstance(corpus, os.PathLike):
        return read_name_file(Path(corpus))
    word, _, script = corpus.strip().replace("-", "_").lower().partition("@")
    locale = {name.lower(): name for name in locales()}.get("en" if word == "english" else word)
    if word == "dinosaurs" and not script:
        return Counter(resources.files("dlseq.data").joinpath("dinosaurs.txt").read_text("ascii").split("\n"))
    if locale:
        return Counter(set(map(compose_name, locale_names(locale, script))))
    if word and (Path(corpus).suffix or Path(corpus).name != corpus or Path(corpus).exists()):
        return read_name_file(Path(corpus))
    raise DataError(_unknown_corpus_message(corpus, word))


def _unknown_corpus_message(corpus: str, word: str) -> str:
    known = ["dinosaurs", "english", *locales()]
    same_language = [name for name in known if name.split("_")[0] == word.split("_")[0]]
    by_lower = {name.lower(): name for name in known}
    similar = same_language or [by_lower[name] for name in difflib.get_close_matches(word, by_lower, n=3)]
    hint = f"Did you mean {', '.join(similar)}?" if similar else "`corpora()` lists all."
    return (
        f"Unknown corpus {corpus!r}. Expected 'dinosaurs', 'english', a Faker locale that has names, or the path of a "
        f"text file. {hint}"
    )
