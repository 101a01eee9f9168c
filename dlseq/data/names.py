"""Names to learn from: first names of many languages, dinosaurs, or a file of one's own.

A corpus is a list of distinct names in alphabetical order of their code points, so it does not depend on the order in
which somebody wrote them down. There are three kinds:

- `"dinosaurs"`: the genera of `dinosaurs.txt`, non-avian and described in the literature. A genus name is a fact of
  taxonomy; the list was written for this project from general knowledge and copies no compilation.
- a Faker locale such as `"fr_FR"` or `"ko_KR"`; `"english"` is another name for Faker's `"en"`.
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

FEW_FIRST_NAMES = 200
"""A locale with fewer first names than this gives full names instead."""
MAX_FULL_NAMES = 10_000
"""About how many full names to keep of all that a locale could combine."""
MAX_NAME_LENGTH = 100
"""Characters. A longer line in a file is taken for a mistake about the file."""

PERSON = "faker.providers.person"
SCRIPTS = ("kana", "romanized")
"""Other ways of writing the same names, which some locales have: `ja_JP@kana`, `zh_TW@romanized`."""
FULL_NAME = re.compile(r"\{\{(first_\w+)\}\} ?\{\{(last_\w+)\}\}|\{\{(last_\w+)\}\} ?\{\{(first_\w+)\}\}")
"""One first and one last name in either order, with nothing but a space between: no titles, no double names."""


class NameSplit(NamedTuple):
    """Three lists of names, no name in two of them."""

    train: list[str]
    validation: list[str]
    test: list[str]


class Novelty(NamedTuple):
    """How many sampled names a corpus already had, by the part that has them. The counts add up to the samples."""

    train: int
    validation: int
    test: int
    new: int


def load_names(corpus: str | os.PathLike, *, lower: bool = False) -> list[str]:
    """Returns the distinct names of a corpus, sorted.

    Names come in Unicode's composed form (NFC), in their own script, with single spaces inside and none around.
    A locale gives its first names; where it has fewer than 200, it gives full names in the order in which it
    writes them, thinned evenly to about 10,000. How common a name is plays no part.

    Args:
        corpus: `"dinosaurs"`, `"english"`, a Faker locale, or the path of a text file with one name a line. Upper and
            lower case, `-` and `_` are the same in a locale. A locale may carry a script: `"ja_JP@kana"`. To read a
            file that has the name of a corpus, write `./dinosaurs`.
        lower: write every name in small letters; names that differ by nothing else become one.

    Returns:
        A sorted list of distinct names, at least one.

    Raises:
        DataError: the corpus is unknown or has no names, or the file is missing, is not UTF-8, has no names, or has
            a line that is no name (the message gives its number).

    Example:
        >>> names = load_names("dinosaurs")
        >>> names[0], "Triceratops" in names
        ('Aardonyx', True)
        >>> "김영수" in load_names("ko_KR"), "サトウ アケミ" in load_names("ja_JP@kana")
        (True, True)
        >>> load_names("dinosars")
        Traceback (most recent call last):
        ...
        dlseq.errors.DataError: expected 'dinosaurs', 'english', ... received 'dinosars'; did you mean dinosaurs?
    """
    names = [name for name in map(_tidy, _raw_names(corpus)) if name]
    return sorted({_tidy(name.lower()) for name in names} if lower else set(names))


def corpora() -> list[str]:
    """Returns every name that `load_names` accepts besides files: our own corpora first, then Faker's, sorted.

    Example:
        >>> corpora()[:4]
        ['dinosaurs', 'english', 'ar_AA', 'ar_DZ']
    """
    named = []
    for locale in _locales():
        provider = _provider(locale)
        named += [locale] if _first_names(provider) else []
        named += [f"{locale}@{script}" for script in SCRIPTS if _first_names(provider, script)]
    return ["dinosaurs", "english", *named]


def split_names(names: Iterable[str], *, seed: int, validation: float = 0.1, test: float = 0.1) -> NameSplit:
    """Splits distinct names at random into three parts; each part is in random order.

    The split depends on the set of names and the seed alone: not on the order of `names`, nor on repetitions in it.
    A part that is asked for gets at least one name.

    Args:
        names: the corpus.
        seed: an integer that chooses the split.
        validation: the share of names in the validation part, in [0, 1).
        test: the share of names in the test part, in [0, 1).

    Returns:
        `NameSplit(train, validation, test)`.

    Raises:
        DlseqError: the shares are negative, or leave nothing to train on.
        DataError: there are too few names to give each part one.

    Example:
        >>> split = split_names(load_names("dinosaurs"), seed=0)
        >>> [len(part) for part in split]
        [762, 95, 95]
    """
    if not (validation >= 0 and test >= 0 and validation + test < 1):
        raise DlseqError(
            "expected shares for validation and test that are zero or more and together below 1, "
            f"received {validation} and {test}; choose for example 0.1 and 0.1"
        )
    distinct = sorted(set(names))
    n_validation, n_test = (max(1, round(share * len(distinct))) if share else 0 for share in (validation, test))
    if n_validation + n_test >= len(distinct):
        raise DataError(
            f"expected enough distinct names for a training part beside {n_validation} for validation and {n_test} "
            f"for test, received {len(distinct)}; add names or ask for smaller shares"
        )
    generator = random.Random(operator.index(seed))
    keyed = [(generator.random(), name) for name in distinct]
    shuffled = [name for _, name in sorted(keyed)]
    n_train = len(shuffled) - n_validation - n_test
    return NameSplit(shuffled[:n_train], shuffled[n_train : n_train + n_validation], shuffled[n_train + n_validation :])


def novelty(samples: Iterable[str], split: NameSplit) -> Novelty:
    """Counts how many sampled names stand in each part of the corpus, and how many in none.

    A name that was sampled twice counts twice. Names are compared as they are: sample in the case of the corpus.

    Args:
        samples: names from a model.
        split: the corpus, as `split_names` made it.

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
    """Finds out which kind of corpus is meant and reads it."""
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
    raise DataError(_unknown(corpus, word))


def _unknown(corpus: str, word: str) -> str:
    known = ["dinosaurs", "english", *_locales()]
    same_language = [name for name in known if name.split("_")[0] == word.split("_")[0]]
    by_lower = {name.lower(): name for name in known}
    alike = same_language or [by_lower[name] for name in difflib.get_close_matches(word, by_lower, n=3)]
    hint = f"did you mean {', '.join(alike)}?" if alike else "`corpora()` lists them all"
    return (
        "expected 'dinosaurs', 'english', a Faker locale that has names, or the path of a text file, "
        f"received {corpus!r}; {hint}"
    )


def _tidy(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))


def _file_names(path: Path) -> list[str]:
    """Reads one name a line; blank lines and a byte-order mark are skipped."""
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    except OSError as error:
        raise DataError(
            f"expected a text file with one name a line, and cannot read {path}: {error.strerror}"
        ) from error
    names = []
    for number, line in enumerate(lines, start=1):
        where = f"{path}, line {number}"
        try:
            text = line.decode("utf-8").strip()
        except UnicodeDecodeError as error:
            raise DataError(f"{where}: expected text in UTF-8, received other bytes; save the file as UTF-8") from error
        if len(text) > MAX_NAME_LENGTH:
            raise DataError(
                f"{where}: expected one name a line of at most {MAX_NAME_LENGTH} characters, received {len(text)}; "
                "put each name on a line of its own"
            )
        if any(unicodedata.category(character) == "Cc" for character in text):
            raise DataError(
                f"{where}: expected one name a line and nothing else, received a tab or another control character; "
                "keep the column of the names only"
            )
        names.append(text)
    if not any(names):
        raise DataError(f"expected one name a line in {path}, received no name at all; name another file")
    return names


def _locales() -> list[str]:
    """Faker's locales with a module about persons, found without importing the modules."""
    return sorted(module.name for module in pkgutil.iter_modules(importlib.import_module(PERSON).__path__))


def _provider(locale: str) -> type:
    return importlib.import_module(f"{PERSON}.{locale}").Provider


def _locale_names(locale: str, script: str) -> Collection[str]:
    provider = _provider(locale)
    first_names = _first_names(provider, script)
    if not first_names:
        written = [name for name in SCRIPTS if _first_names(provider, name)]
        has = f"Faker's {locale} writes names also as {', '.join(written)}" if written else "choose another locale"
        what = f"names in the script {script!r}" if script else "first names"
        raise DataError(f"expected a locale with {what}, received {locale!r}, which has none in Faker; {has}")
    if len(first_names) >= FEW_FIRST_NAMES:
        return first_names
    return set(_full_names(provider, script)) or first_names


def _first_names(provider: type, script: str = "") -> set[str]:
    """All first names of a provider, whatever gender or community it files them under."""
    stem = f"first_{script}_names" if script else "first_names"
    lists = [_list(provider, name) for name in dir(provider) if name == stem or name.startswith(f"{stem}_")]
    return {_tidy(name) for names in lists for name in names}


def _full_names(provider: type, script: str) -> Iterator[str]:
    """Yields the full names that a provider's own formats make, an even selection where they are very many."""
    pairs = {}
    for pattern in getattr(provider, f"{script}_formats" if script else "formats"):
        match = FULL_NAME.fullmatch(pattern)
        if match:
            tokens = [token for token in match.groups() if token]
            pairs[pattern] = (tokens, [sorted(set(map(_tidy, _token_list(provider, token)))) for token in tokens])
    n_pairs = sum(len(heads) * len(tails) for _, (heads, tails) in pairs.values())
    step = max(1, math.ceil(n_pairs / MAX_FULL_NAMES))
    for pattern, (tokens, (heads, tails)) in pairs.items():
        frame = pattern.replace(f"{{{{{tokens[0]}}}}}", "{}").replace(f"{{{{{tokens[1]}}}}}", "{}")
        for row, head in enumerate(heads):
            for tail in tails[-row % step :: step]:  # every step-th, one place further in every row
                yield frame.format(head, tail)


def _token_list(provider: type, token: str) -> Collection[str]:
    """The names that a token of a format stands for: `last_name_male` for `last_names_male`, and so on."""
    own = token.replace("_name", "_names", 1)
    general = own.split("_names")[0] + "_names"
    return _list(provider, own) or _list(provider, general) or _list(provider, f"unisex_{general}")  # Polish


def _list(provider: type, name: str) -> Collection[str]:
    """A provider's own list of names: not Faker's stand-in (John, Jane, Doe), which some locales inherit."""
    base = importlib.import_module(PERSON).Provider
    names = getattr(provider, name, ())
    return () if names is getattr(base, name, None) or not isinstance(names, Collection) else names
