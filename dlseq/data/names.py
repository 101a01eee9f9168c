"""Name corpora: first names of many languages, dinosaur genera, or a text file.

A corpus is a list of distinct names, sorted by code points, so that it does not depend on the order of its source.
There are three kinds:

- `"dinosaurs"`: the genera of `dinosaurs.txt`, non-avian and described in the literature. A genus name is a fact of
  taxonomy; the list was written for this project from general knowledge and is no copy of a compilation.
- a Faker locale such as `"fr_FR"` or `"ko_KR"`; `"english"` is an alias of Faker's `"en"`.
- a text file in UTF-8 with one name a line.
"""

import difflib
import importlib
import math
import operator
import os
import pkgutil
import random
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from dlseq.errors import DataError, DlseqError

__all__ = ["NameSplit", "Novelty", "corpora", "load_names", "novelty", "split_names"]

MIN_FIRST_NAMES = 200
"""A locale with fewer first names has full names instead."""
MAX_FULL_NAMES = 10_000
"""Approximate number of full names of a locale, out of all combinations."""
MAX_NAME_CHARACTERS = 100
"""A longer line in a file is an error."""

PERSON = "faker.providers.person"
SCRIPTS = ("kana", "romanized")
"""Alternative scripts of some locales: `ja_JP@kana`, `zh_TW@romanized`."""
FULL_NAME = re.compile(r"\{\{(first_\w+)\}\} ?\{\{(last_\w+)\}\}|\{\{(last_\w+)\}\} ?\{\{(first_\w+)\}\}")
"""One first and one last name in either order, separated by at most a space: no titles, no double names."""


class NameSplit(NamedTuple):
    """Three disjoint lists of names."""

    train: list[str]
    validation: list[str]
    test: list[str]


class Novelty(NamedTuple):
    """Counts of sampled names by the split that contains them; `new` are in none. They sum to the number of samples."""

    train: int
    validation: int
    test: int
    new: int


def load_names(corpus: str | os.PathLike, *, lower: bool = False) -> list[str]:
    """Return the distinct names of a corpus, sorted.

    Names are composed (Unicode NFC), in their own script, with single spaces inside and none at the ends. A locale has
    its first names; if there are fewer than 200, it has full names in the order of its format, an even selection of
    about 10,000. The frequencies of names are ignored.

    Args:
        corpus: `"dinosaurs"`, `"english"`, a Faker locale, or the path of a text file with one name a line.
            In a locale, case is ignored and `-` is the same as `_`. A locale may have a script: `"ja_JP@kana"`. To read
            a file with the name of a corpus, write `./dinosaurs`.
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
    names = [name for name in map(_compose, _raw_names(corpus)) if name]
    return sorted({_compose(name.lower()) for name in names} if lower else set(names))


def corpora() -> list[str]:
    """Return all corpus names of `load_names` besides files: our own first, then Faker's, sorted.

    Example:
        >>> corpora()[:4]
        ['dinosaurs', 'english', 'ar_AA', 'ar_DZ']
    """
    names = []
    for locale in _locales():
        provider = _provider(locale)
        names += [locale] if _first_names(provider) else []
        names += [f"{locale}@{script}" for script in SCRIPTS if _first_names(provider, script)]
    return ["dinosaurs", "english", *names]


def split_names(names: Iterable[str], *, seed: int, validation: float = 0.1, test: float = 0.1) -> NameSplit:
    """Split distinct names at random into three lists, each in random order.

    The split depends on the set of names and the seed alone: not on order or repetitions in `names`. A split with a
    share above zero has at least one name.

    Args:
        names: the corpus.
        seed: an integer.
        validation: share of the validation names, in [0, 1).
        test: share of the test names, in [0, 1).

    Returns:
        `NameSplit(train, validation, test)`.

    Raises:
        DlseqError: the shares are negative, or leave no training names.
        DataError: there are fewer names than splits.

    Example:
        >>> split = split_names(load_names("dinosaurs"), seed=0)
        >>> [len(part) for part in split]
        [762, 95, 95]
    """
    if not (validation >= 0 and test >= 0 and validation + test < 1):
        raise DlseqError(
            "Invalid values for arguments `validation` and `test`. Expected shares of zero or more, together below 1. "
            f"Received: {validation} and {test}"
        )
    distinct = sorted(set(names))
    n_validation, n_test = (max(1, round(share * len(distinct))) if share else 0 for share in (validation, test))
    if n_validation + n_test >= len(distinct):
        raise DataError(
            f"Too few distinct names. Expected more than {n_validation} for validation and {n_test} for test together. "
            f"Received: {len(distinct)}. Add names or choose smaller shares."
        )
    generator = random.Random(operator.index(seed))
    keyed = [(generator.random(), name) for name in distinct]
    shuffled = [name for _, name in sorted(keyed)]
    n_train = len(shuffled) - n_validation - n_test
    return NameSplit(shuffled[:n_train], shuffled[n_train : n_train + n_validation], shuffled[n_train + n_validation :])


def novelty(samples: Iterable[str], split: NameSplit) -> Novelty:
    """Count the sampled names in each split of a corpus, and those in none.

    A name that was sampled twice counts twice. The comparison is case-sensitive.

    Args:
        samples: names from a model.
        split: the corpus, from `split_names`.

    Returns:
        `Novelty(train, validation, test, new)`.

    Example:
        >>> split = NameSplit(train=["Anna", "Berta"], validation=["Carla"], test=["Dora"])
        >>> novelty(["Anna", "Dora", "Emma", "Anna"], split)
        Novelty(train=2, validation=0, test=1, new=1)
    """
    parts = [frozenset(part) for part in split]
    counts = [0] * len(parts)
    new = 0
    for name in samples:
        found = [index for index, part in enumerate(parts) if name in part]
        if found:
            counts[found[0]] += 1
        else:
            new += 1
    return Novelty(*counts, new)


def _raw_names(corpus: str | os.PathLike) -> Iterable[str]:
    """Read a corpus of any kind, without normalization."""
    if isinstance(corpus, os.PathLike):
        return _file_names(Path(corpus))
    word, _, script = corpus.strip().replace("-", "_").lower().partition("@")
    locale = {name.lower(): name for name in _locales()}.get("en" if word == "english" else word)
    if word == "dinosaurs" and not script:
        return resources.files("dlseq.data").joinpath("dinosaurs.txt").read_text("ascii").split("\n")
    if locale:
        return _locale_names(locale, script)
    if word and (Path(corpus).suffix or Path(corpus).name != corpus or Path(corpus).exists()):
        return _file_names(Path(corpus))
    raise DataError(_unknown_corpus_message(corpus, word))


def _unknown_corpus_message(corpus: str, word: str) -> str:
    known = ["dinosaurs", "english", *_locales()]
    same_language = [name for name in known if name.split("_")[0] == word.split("_")[0]]
    by_lower = {name.lower(): name for name in known}
    similar = same_language or [by_lower[name] for name in difflib.get_close_matches(word, by_lower, n=3)]
    hint = f"Did you mean {', '.join(similar)}?" if similar else "`corpora()` lists all."
    return (
        f"Unknown corpus {corpus!r}. Expected 'dinosaurs', 'english', a Faker locale that has names, or the path of a "
        f"text file. {hint}"
    )


def _compose(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


def _file_names(path: Path) -> list[str]:
    """Read one name a line, without blank lines and a byte-order mark."""
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    except OSError as error:
        raise DataError(f"Cannot read {path}: {error.strerror}. Expected a text file with one name a line.") from error
    names = []
    for number, line in enumerate(lines, start=1):
        where = f"{path}, line {number}"
        try:
            text = line.decode("utf-8").strip()
        except UnicodeDecodeError as error:
            raise DataError(f"{where}: Expected UTF-8. Received: other bytes. Save the file as UTF-8.") from error
        if len(text) > MAX_NAME_CHARACTERS:
            raise DataError(
                f"{where}: Expected one name of at most {MAX_NAME_CHARACTERS} characters. Received: {len(text)}. "
                "Put each name on a line of its own."
            )
        if any(unicodedata.category(character) == "Cc" for character in text):
            raise DataError(
                f"{where}: Expected one name and nothing else. Received: a tab or another control character. "
                "Keep only the column of the names."
            )
        names.append(text)
    if not any(names):
        raise DataError(f"{path}: Expected one name a line. Received: no names.")
    return names


def _locales() -> list[str]:
    """Return Faker's locales with a person module, without importing the modules."""
    return sorted(module.name for module in pkgutil.iter_modules(importlib.import_module(PERSON).__path__))


def _provider(locale: str) -> type:
    return importlib.import_module(f"{PERSON}.{locale}").Provider


def _locale_names(locale: str, script: str) -> Collection[str]:
    provider = _provider(locale)
    first_names = _first_names(provider, script)
    if not first_names:
        available = [name for name in SCRIPTS if _first_names(provider, name)]
        advice = f"Its other scripts: {', '.join(available)}." if available else "Choose another locale."
        expected = f"names in the script {script!r}" if script else "first names"
        raise DataError(f"Expected a Faker locale with {expected}. Received: {locale!r}, which has none. {advice}")
    if len(first_names) >= MIN_FIRST_NAMES:
        return first_names
    return set(_full_names(provider, script)) or first_names


def _first_names(provider: type, script: str = "") -> set[str]:
    """Return all first names of a provider, of all genders and communities."""
    stem = f"first_{script}_names" if script else "first_names"
    lists = [_list(provider, name) for name in dir(provider) if name == stem or name.startswith(f"{stem}_")]
    return {_compose(name) for names in lists for name in names}


def _full_names(provider: type, script: str) -> Iterator[str]:
    """Yield the full names of a provider's formats, an even selection if there are very many."""
    pairs = {}
    for pattern in getattr(provider, f"{script}_formats" if script else "formats"):
        match = FULL_NAME.fullmatch(pattern)
        if match:
            tokens = [token for token in match.groups() if token]
            pairs[pattern] = (tokens, [sorted(set(map(_compose, _token_list(provider, token)))) for token in tokens])
    n_pairs = sum(len(heads) * len(tails) for _, (heads, tails) in pairs.values())
    step = max(1, math.ceil(n_pairs / MAX_FULL_NAMES))
    for pattern, (tokens, (heads, tails)) in pairs.items():
        template = pattern.replace(f"{{{{{tokens[0]}}}}}", "{}").replace(f"{{{{{tokens[1]}}}}}", "{}")
        for row, head in enumerate(heads):
            for tail in tails[-row % step :: step]:  # every step-th, shifted by one in each row
                yield template.format(head, tail)


def _token_list(provider: type, token: str) -> Collection[str]:
    """Return the names of a token of a format: `last_names_male` for `last_name_male`, and so on."""
    own = token.replace("_name", "_names", 1)
    general = own.split("_names")[0] + "_names"
    return _list(provider, own) or _list(provider, general) or _list(provider, f"unisex_{general}")  # Polish


def _list(provider: type, name: str) -> Collection[str]:
    """Return a provider's own list of names, without Faker's default (John, Jane, Doe), which some locales inherit."""
    base = importlib.import_module(PERSON).Provider
    names = getattr(provider, name, ())
    return () if names is getattr(base, name, None) or not isinstance(names, Collection) else names
