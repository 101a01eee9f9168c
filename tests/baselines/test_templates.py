"""Recognition by templates against all sequences of words and warpings."""

import itertools

import numpy as np
import pytest

from dlseq.baselines.templates import TemplateRecognizer

PENALTY = 30.0


def warped_cost(template, rows):
    """Return the least sum of distances of a template whose first and last frames are those of the rows."""
    best = np.inf
    for steps in itertools.product((0, 1, 2), repeat=len(rows) - 1):
        places = np.cumsum([0, *steps])
        if places[-1] == len(template) - 1:
            best = min(best, np.square(template[places] - rows).mean(axis=1).sum())
    return best


def cheapest(templates, rows):
    """Return the cheapest words by trying all ways to cut the rows into words and pauses."""
    pauses = np.square(rows - np.quantile(rows, 0.1, axis=0)).mean(axis=1)
    best = [(0.0, ())]
    for end in range(1, len(rows) + 1):
        options = [(best[end - 1][0] + pauses[end - 1], best[end - 1][1])]
        for start, (index, template) in itertools.product(range(end), enumerate(templates)):
            cost = best[start][0] + PENALTY + warped_cost(template, rows[start:end])
            options.append((cost, (*best[start][1], str(index))))
        best.append(min(options))
    return " ".join(best[-1][1])


@pytest.mark.parametrize("seed", range(8))
def test_it_finds_the_cheapest_of_all_words_and_warpings(seed):
    random = np.random.default_rng(seed)
    templates = [random.uniform(0, 20, (length, 2)) for length in (1, 2, 3)]
    rows = random.uniform(0, 20, (7, 2))
    recognizer = TemplateRecognizer(templates, ["0", "1", "2"], PENALTY, floor=0.0)
    assert recognizer.recognize(rows) == cheapest(templates, rows)


def test_a_costly_word_is_left_out():
    word, rows = np.full((2, 2), 70), np.concatenate([np.zeros((4, 2)), np.full((2, 2), 70)])
    assert TemplateRecognizer([word], ["word"], penalty=1.0).recognize(rows) == "word"
    assert TemplateRecognizer([word], ["word"], penalty=1e6).recognize(rows) == ""
