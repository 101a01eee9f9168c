"""Alternatives of a beam search: each text once, with its own probability."""

from hypothesis import given
from hypothesis import strategies as st

from dlseq.tasks.alternatives import distinct_alternatives


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.0, 1.0)), max_size=6))
def test_each_text_has_the_largest_of_its_probabilities(others):
    others = sorted(others, key=lambda pair: -pair[1])
    expected = {}
    for text, probability in others:
        expected[text] = max(probability, expected.get(text, 0.0))
    expected.pop("a", None)  # the best hypothesis
    found = distinct_alternatives("a", others)
    assert dict(found) == expected and len(found) == len(expected)
    assert [probability for _, probability in found] == sorted(expected.values(), reverse=True)
