"""F1 of entities, with figures by hand and of seqeval's documentation."""

import pytest

from dlseq.data.entities import spans_of_tags
from dlseq.errors import DlseqError
from dlseq.metrics import entity_f1


def of_tags(*rows):
    return [[(start, end, label) for start, end, label in spans_of_tags(row)] for row in rows]


def test_the_example_of_seqeval():
    """Its documentation gives 0.5: the first entity has another end, the second is right."""
    expected = of_tags(["O", "O", "O", "B-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"])
    predicted = of_tags(["O", "O", "B-MISC", "I-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"])
    assert entity_f1(predicted, expected) == 0.5


def test_precision_and_recall_count_alike():
    """By hand: 1 right, 3 found, 2 expected: precision 1/3, recall 1/2, F1 = 2 / 5."""
    found, true = [[(0, 1, "a"), (2, 3, "a"), (4, 5, "b")]], [[(0, 1, "a"), (2, 3, "b")]]
    assert entity_f1(found, true) == entity_f1(true, found) == pytest.approx(0.4)


def test_texts_are_not_mixed_up():
    assert entity_f1([[(0, 1, "a")], []], [[], [(0, 1, "a")]]) == 0


def test_nothing_to_find_and_nothing_found_is_right():
    assert entity_f1([[], []], [[], []]) == 1
    assert entity_f1([[(0, 1, "a")]], [[]]) == 0


@pytest.mark.parametrize(("found", "true"), [([], []), ([[]], [[], []])])
def test_unequal_or_no_texts_are_refused(found, true):
    with pytest.raises(DlseqError, match="the entities of the same texts"):
        entity_f1(found, true)
