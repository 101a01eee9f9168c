"""Token trees: branches and labels show the distribution and the path of the text."""

import math

import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch

from dlseq.errors import DlseqError
from dlseq.plots import next_token_tree, save_figure
from dlseq.plots.token_tree import CHOSEN_COLOR

STEPS = [
    ("m", [("a", 0.5), ("m", 0.25), ("s", 0.125), ("z", 0.125)]),
    ("i", [("o", 0.05), ("i", 0.8), ("e", 0.15)]),
    ("\n", [("\n", 0.5), ("a", 0.5)]),
]


def texts(figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_probability_of_the_text_is_a_product():
    figure = next_token_tree(STEPS)
    assert f"probability 0.1     −{-math.log(0.25 * 0.8 * 0.5):.3f} nats" in texts(figure)
    assert "mi" in texts(figure)


def test_candidates_are_ordered_by_probability():
    labels = {text.get_text(): text.xy for text in next_token_tree(STEPS).axes[0].texts if len(text.get_text()) == 1}
    assert [labels[token] for token in "ie"] == [(2.0, 0.0), (2.0, -1.0)]
    assert labels["o"] == (2.0, -2.0)


def test_branches_have_the_thickness_of_their_probability():
    branches = [patch for patch in next_token_tree(STEPS).axes[0].patches if isinstance(patch, PathPatch)]
    assert len(branches) == 4 + 3 + 2
    first = {tuple(branch.get_path().vertices[-1]): branch.get_linewidth() for branch in branches[:4]}
    thin, half = 0.6, first[1.0, 0.0]
    assert first[1.0, -1.0] - thin == pytest.approx((half - thin) / 2)
    assert {tuple(branch.get_path().vertices[0]) for branch in branches[4:7]} == {(1.0, -1.0)}  # "m" was second


def test_one_branch_a_step_is_the_way_taken():
    branches = [patch for patch in next_token_tree(STEPS).axes[0].patches if isinstance(patch, PathPatch)]
    taken = [branch for branch in branches if branch.get_edgecolor()[:3] == to_rgb(CHOSEN_COLOR)]
    assert [tuple(branch.get_path().vertices[-1]) for branch in taken] == [(1.0, -1.0), (2.0, 0.0), (3.0, 0.0)]


def test_a_surprising_token_is_shown_with_its_rank():
    candidates = [(letter, 0.1) for letter in "abcdefghi"] + [("z", 0.005)]
    figure = next_token_tree([("z", candidates)], width=3)
    assert "<1%  no. 10" in texts(figure)
    assert [label for label in texts(figure) if label in "abcdefghi"] == ["a", "b"]


def test_a_token_without_probability_makes_an_impossible_text():
    assert "probability 0     −inf nats" in texts(next_token_tree([("z", [("a", 1.0), ("z", 0.0)])]))


def test_the_end_has_a_name_and_is_no_letter_of_the_title():
    figure = next_token_tree([("일", [("일", 1.0)]), ("<eos>", [("<eos>", 1.0)])])
    assert "end" in texts(figure)
    assert "<eos>" not in texts(figure)
    assert texts(figure).count("일") == 2  # in its circle and in the title


def test_a_tree_is_saved_with_letters_of_any_script(tmp_path, recwarn):
    save_figure(next_token_tree([("ก", [("ก", 0.5), ("ั", 0.25), ("\u200d", 0.25)])]), tmp_path / "tree.pdf")
    assert (tmp_path / "tree.pdf").read_bytes().startswith(b"%PDF")
    assert not recwarn.list


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([], "at least one step"),
        ([("a", [("b", 1.0)])], r"step 1\. Expected the chosen token 'a' once\. Received: 0 times"),
        ([("a", [("a", 0.5), ("a", 0.5)])], "Received: 2 times"),
        ([("a", [("a", -0.5)])], r"step 1\. Expected numbers from 0 to 1"),
        ([("a", [("a", float("nan"))])], "from 0 to 1"),
        ([("a", [("a", 1.0)]), ("b", [("a", 0.6), ("b", 0.6)])], r"step 2\. .* Received: 0\.6 to 0\.6 with sum 1\.2"),
    ],
)
def test_invalid_distributions_are_refused(steps, message):
    with pytest.raises(DlseqError, match=message):
        next_token_tree(steps)


def test_a_width_of_zero_is_refused():
    with pytest.raises(DlseqError, match="at least 1"):
        next_token_tree(STEPS, width=0)
