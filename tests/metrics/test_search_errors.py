"""Search errors against model errors, by hand and on the beam search of the library."""

import numpy as np
import pytest

from dlseq.errors import DlseqError
from dlseq.metrics import SearchErrors, search_errors


def test_the_part_with_the_lower_score_is_at_fault():
    report = search_errors(
        ["a", "b", "c", "d", "e"],
        ["a", "x", "x", "x", "x"],
        human_scores=[-1.0, -1.0, -3.0, -2.0, -np.inf],
        found_scores=[-1.0, -2.0, -2.0, -2.0, -5.0],
    )
    assert report.faults == ("none", "search", "model", "model", "model")
    assert (report.search_fraction, report.model_fraction) == (1 / 4, 3 / 4)


def test_scores_that_differ_by_rounding_are_a_model_error():
    report = search_errors(["a", "b"], ["x", "x"], human_scores=[-2.0, -1.99], found_scores=[-2.0000002, -2.0])
    assert report.faults == ("model", "search")


def test_ids_are_compared_whole():
    human, found = np.array([[1, 2, 0], [1, 2, 3]]), np.array([[1, 2, 0], [1, 3, 3]])
    assert search_errors(human, found, human_scores=[-1, -1], found_scores=[-1, -2]).faults == ("none", "search")
    assert search_errors([[1, 2]], [[1, 2, 3]], human_scores=[-2], found_scores=[-1]).faults == ("model",)


def test_outputs_that_are_all_right_have_no_fractions():
    report = search_errors(["a"], ["a"], human_scores=[-1], found_scores=[-1])
    assert report.search_fraction == report.model_fraction == 0
    assert str(report) == "1 outputs: 1 right, 0 search errors (0.0 % of the wrong ones), 0 model errors (0.0 %)"


def test_a_wider_beam_turns_search_errors_of_the_library_into_none():
    """Token 1 is the better first step, token 2 leads to the better whole: 0.55 · 0.6 against 0.45 · 1."""
    from keras import ops

    from dlseq.decoding import beam_search

    table = np.array([[0, 0.55, 0.45, 0], [0, 0.4, 0, 0.6], [0, 0, 0, 1], [1, 0, 0, 0]], "float32")
    reports = []
    for width in (1, 2):
        decoded = beam_search(
            lambda tokens, state: (ops.log(ops.take(table, tokens, axis=0)), state),
            None,
            [0],
            max_length=3,
            end_id=3,
            beam_width=width,
        )
        ids = [np.asarray(decoded.ids)[0][: int(decoded.lengths[0])]]
        scores = np.asarray(decoded.hypotheses.scores)[:, 0]
        reports.append(search_errors([[2, 3]], ids, human_scores=[np.log(0.45)], found_scores=scores))
    assert [report.faults for report in reports] == [("search",), ("none",)]


@pytest.mark.parametrize(
    ("human", "found", "human_scores", "found_scores", "message"),
    [
        ([], [], [], [], "0 and 0 outputs"),
        (["a"], ["a", "b"], [-1], [-1, -1], "1 and 2 outputs"),
        (["a"], ["b"], [-1, -2], [-1], r"scores \(2,\) and \(1,\)"),
        (["a"], ["b"], [np.nan], [-1], "Received: NaN"),
    ],
)
def test_other_arguments_are_refused(human, found, human_scores, found_scores, message):
    with pytest.raises(DlseqError, match=message):
        search_errors(human, found, human_scores=human_scores, found_scores=found_scores)


def test_reports_compare_by_value():
    assert SearchErrors(("none",)) == SearchErrors(("none",)) != SearchErrors(("model",))
