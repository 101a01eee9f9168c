"""Names of Faker locales: first names, or full names where a locale has few first names."""

import importlib
import math
import pkgutil
import re
from collections.abc import Collection, Iterator

from dlseq.data.names.spelling import compose_name
from dlseq.errors import DataError

__all__ = ["SCRIPTS", "first_names", "locale_names", "locale_provider", "locales"]

MIN_FIRST_NAMES = 200
"""A locale with fewer first names has full names instead."""
MAX_FULL_NAMES = 10_000
"""Approximate number of full names of a locale, out of all combinations."""
PERSON = "faker.providers.person"
SCRIPTS = ("kana", "romanized")
"""Alternative scripts of some locales: `ja_JP@kana`, `zh_TW@romanized`."""
FULL_NAME = re.compile(r"\{\{(first_\w+)\}\} ?\{\{(last_\w+)\}\}|\{\{(last_\w+)\}\} ?\{\{(first_\w+)\}\}")
"""One first and one last name in either order, separated by at most a space: no titles, no double names."""


def locales() -> list[str]:
    """Return Faker's locales with a person module, without importing the modules."""
    return sorted(module.name for module in pkgutil.iter_modules(importlib.import_module(PERSON).__path__))


def locale_provider(locale: str) -> type:
    """Return Faker's provider of the names of a locale."""
    return importlib.import_module(f"{PERSON}.{locale}").Provider


def locale_names(locale: str, script: str) -> Collection[str]:
    """Return the first names of a locale in a script, or its full names where it has few first names.

    Raises:
        DataError: the locale has no names in this script.
    """
    provider = locale_provider(locale)
    names = first_names(provider, script)
    if not names:
        available = [name for name in SCRIPTS if first_names(provider, name)]
        advice = f"Its other scripts: {', '.join(available)}." if available else "Choose another locale."
        expected = f"names in the script {script!r}" if script else "first names"
        raise DataError(f"Expected a Faker locale with {expected}. Received: {locale!r}, which has none. {advice}")
    if len(names) >= MIN_FIRST_NAMES:
        return names
    return set(_full_names(provider, script)) or names


def first_names(provider: type, script: str = "") -> set[str]:
    """Return all first names of a provider, of all genders and communities."""
    stem = f"first_{script}_names" if script else "first_names"
    lists = [_list(provider, name) for name in dir(provider) if name == stem or name.startswith(f"{stem}_")]
    return {compose_name(name) for names in lists for name in names}


def _full_names(provider: type, script: str) -> Iterator[str]:
    """Yield the full names of a provider's formats, an even selection if there are very many."""
    pairs = {}
    for pattern in getattr(provider, f"{script}_formats" if script else "formats"):
        match = FULL_NAME.fullmatch(pattern)
        if match:
            tokens = [token for token in match.groups() if token]
            pairs[pattern] = (
                tokens,
                [sorted(set(map(compose_name, _token_list(provider, token)))) for token in tokens],
            )
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
