"""Automaton of the ISO dates that exist, as a constraint of decoding."""

import calendar
import functools

import numpy as np

from dlseq.decoding import Automaton
from dlseq.text.vocabulary import Vocabulary

__all__ = ["iso_date_automaton"]


def iso_date_automaton(vocabulary: Vocabulary) -> Automaton:
    """Return the automaton of the days from 0001-01-01 to 9999-12-31, written YYYY-MM-DD.

    Args:
        vocabulary: A vocabulary of characters with the digits and "-".

    Example:
        >>> vocabulary = Vocabulary("-0123456789")
        >>> automaton = iso_date_automaton(vocabulary)
        >>> state = automaton.start
        >>> for token in vocabulary.encode("2015-02-2"):
        ...     state = automaton.transitions[state, token]
        >>> [vocabulary.decode([token]) for token in np.flatnonzero(automaton.transitions[state] >= 0)][-1]
        '8'
    """
    return _automaton(vocabulary.symbols, len(vocabulary))


@functools.lru_cache(maxsize=8)
def _automaton(symbols, size):
    ids = {symbol: size - len(symbols) + index for index, symbol in enumerate(symbols)}
    rows: dict[tuple, int] = {}

    def state(choices: dict) -> int:
        """Return the state with these next states by character; equal states are one."""
        row = [-1] * size
        for character, following in choices.items():
            row[ids[character]] = following
        return rows.setdefault(tuple(row), len(rows))

    def strings(words: tuple[str, ...], following) -> int:
        """Return the state before one of some words of equal length, followed by the state `following(word)`."""

        def after(prefix):
            ends = [word for word in words if word.startswith(prefix)]
            if ends == [prefix]:
                return following(prefix)
            nexts = dict.fromkeys(word[len(prefix)] for word in ends)
            return state({character: after(prefix + character) for character in nexts})

        return after("")

    end = state({})
    days = {
        count: state({"-": strings(tuple(f"{day:02d}" for day in range(1, count + 1)), lambda word: end)})
        for count in (28, 29, 30, 31)
    }
    months = {}
    for is_leap in (False, True):
        lengths = {f"{month:02d}": calendar.monthrange(2004 if is_leap else 2001, month)[1] for month in range(1, 13)}
        months[is_leap] = state({"-": strings(tuple(lengths), lambda word, lengths=lengths: days[lengths[word]])})

    digits = "0123456789"

    def year(prefix: str) -> int:
        if len(prefix) == 4:
            return months[calendar.isleap(int(prefix))]
        return state({digit: year(prefix + digit) for digit in digits if prefix + digit != "0000"})

    start = year("")
    return Automaton(np.array(list(rows), np.int32), start)
