"""Description of a figure: values, edges, labels and limits as plain data."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from dlseq.grading.worker.figures import describe_figure
from dlseq.testing.submission import SubmissionError

VALUES = np.array([[0.1, 0.2, 0.7], [0.5, 0.4, 0.1]])
DRAWN = """
import matplotlib.pyplot as plt

def draw(weights):
    figure, axes = plt.subplots()
    figure.colorbar(axes.imshow(weights))
    return figure

def still_open():
    return len(plt.get_fignums())
"""


def middles(edges):
    return ((edges[1:] + edges[:-1]) / 2).tolist()


@pytest.mark.parametrize("draw", ["imshow", "matshow", "pcolormesh", "pcolor"])
def test_all_ways_to_draw_a_map_give_one_description(draw):
    figure = Figure()
    axes = figure.subplots()
    getattr(axes, draw)(VALUES, vmin=0, vmax=1)
    (drawn,) = describe_figure(figure)["panels"][0]["maps"]
    assert np.array_equal(drawn["values"], VALUES) and drawn["limits"] == (0, 1) and not drawn["colorbar"]
    middle = 0 if draw.endswith("show") else 0.5
    assert middles(drawn["xedges"]) == [middle, middle + 1, middle + 2] and middles(drawn["yedges"])[0] == middle


def test_row_edges_follow_the_origin():
    figure = Figure()
    figure.subplots().imshow(VALUES, origin="lower", extent=(0, 3, 10, 14))
    panel = describe_figure(figure)["panels"][0]
    assert panel["maps"][0]["yedges"].tolist() == [10, 12, 14] and panel["ylim"] == (10, 14)


def test_the_size_is_in_inches_width_first():
    assert describe_figure(Figure(figsize=(3, 2)))["size"] == (3, 2)


def test_masked_values_are_nan():
    figure = Figure()
    figure.subplots().imshow(np.ma.masked_less(VALUES, 0.15))
    assert np.isnan(describe_figure(figure)["panels"][0]["maps"][0]["values"][0, 0])


def test_tick_labels_are_found_on_either_side_and_in_view():
    figure = Figure()
    axes = figure.subplots()
    axes.imshow(VALUES)
    axes.xaxis.tick_top()
    axes.set_xticks([0, 1, 2, 9], ["a", "b", "", "z"])
    axes.set(xlim=(-0.5, 2.5), xlabel="read", title="map")
    panel = describe_figure(figure)["panels"][0]
    assert panel["xticks"] == [(0, "a"), (1, "b")] and panel["xlabel"] == "read" and panel["title"] == "map"


def test_a_figure_is_a_remote_and_is_closed_in_pyplot(submit):
    submission = submit(DRAWN)
    figure = submission.call("draw", VALUES)
    (panel,) = figure.describe()["panels"]  # the colorbar is no panel
    assert figure.kind == "figure" and panel["maps"][0]["colorbar"]
    assert np.array_equal(panel["maps"][0]["values"], VALUES)
    assert submission.call("still_open") == 0
    with pytest.raises(SubmissionError, match="may not call savefig of a figure"):
        figure.invoke("savefig", "x.png")
