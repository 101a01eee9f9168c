"""The automaton of ISO dates, against `datetime`."""

import datetime

import numpy as np
import pytest

from dlseq.tasks.dates.iso_dates import iso_date_automaton
from dlseq.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary("-0123456789")
AUTOMATON = iso_date_automaton(VOCABULARY)


def accepts(text, vocabulary=VOCABULARY, automaton=AUTOMATON):
    state = automaton.start
    for token in vocabulary.encode(text):
        state = automaton.transitions[state, token]
        if state < 0:
            return False
    return (automaton.transitions[state] < 0).all()


def is_date(text):
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def test_it_has_as_many_paths_as_there_are_days():
    paths = np.zeros(len(AUTOMATON), np.int64)
    paths[AUTOMATON.start] = 1
    for _ in range(10):
        after = np.zeros_like(paths)
        for state, count in enumerate(paths):
            for following in AUTOMATON.transitions[state]:
                if following >= 0:
                    after[following] += count
        paths = after
    assert paths.sum() == datetime.date.max.toordinal()


@pytest.mark.parametrize("year", [0, 1, 4, 100, 400, 999, 1900, 2000, 2015, 2016, 2100, 9999])
def test_it_accepts_the_days_of_a_year_and_no_others(year):
    for month in range(20):
        for day in range(40):
            text = f"{year:04d}-{month:02d}-{day:02d}"
            assert accepts(text) == is_date(text)


@pytest.mark.parametrize("text", ["----------", "2016-8-21", "20160821", "2016-08-211", "2016/08/21", ""])
def test_it_accepts_no_other_strings(text):
    assert not accepts(text)


def test_the_order_of_the_symbols_does_not_matter():
    vocabulary = Vocabulary("9876543210-x")
    automaton = iso_date_automaton(vocabulary)
    assert accepts("2016-02-29", vocabulary, automaton)
    assert not accepts("2015-02-29", vocabulary, automaton)


def test_it_has_few_states():
    assert len(AUTOMATON) < 50
