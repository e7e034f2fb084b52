"""What the lessons' charts draw, read from the figures."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest

from dlcourse.charts import grouped_bars, learning_curves, with_spread

COLOURS = {"plain": "#D55E00", "augmented": "#0072B2"}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.parametrize(("looked_at", "epochs"), [(6, [1, 2, 3, 4, 5, 6]), (3, [2, 4, 6]), (2, [3, 6]), (1, [6])])
def test_validation_stands_at_the_epochs_after_which_it_was_looked_at(looked_at, epochs):
    history = {"accuracy": np.linspace(0.4, 1, 6), "val_accuracy": np.linspace(0.4, 0.8, looked_at)}
    training, validation = learning_curves({"plain": history}, COLOURS).axes[0].lines
    np.testing.assert_allclose(training.get_ydata(), 100 * history["accuracy"])
    assert list(validation.get_xdata()) == epochs
    np.testing.assert_allclose(validation.get_ydata(), 100 * history["val_accuracy"])
    assert training.get_linestyle() != validation.get_linestyle()


@pytest.mark.parametrize("log", [False, True])
def test_a_mark_is_the_mean_and_its_bar_reaches_from_the_lowest_to_the_highest(log):
    measured = {"augmented": {250: [70, 74, 81]}, "plain": {250: [60], 1000: [90, 94]}}
    axis = with_spread(measured, COLOURS, "pictures", "accuracy, %", log=log).axes[0]
    (_, _, (bars,)), (line, _, _) = axis.containers
    assert bars.get_segments()[0].tolist() == [[250, 70], [250, 81]]
    assert line.get_ydata().tolist() == [60, 92]
    assert axis.get_xscale() == ("log" if log else "linear")
    if log:
        assert [label.get_text() for label in axis.get_xticklabels()] == ["250", "1,000"]


def test_bars_of_a_group_stand_side_by_side_in_the_colours_of_their_things():
    heights = {"augmented": [90, 80], "plain": [50, 70]}
    axis = grouped_bars(["arrows", "all"], heights, COLOURS, "accuracy, %").axes[0]
    bars = sorted(axis.patches, key=lambda bar: bar.get_x())
    assert [bar.get_height() for bar in bars] == [90, 50, 80, 70]
    edges = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
    assert all(left[1] < right[0] for left, right in pairwise(edges))
    assert {bar.get_hatch() for bar in bars} == {"", "//"}
    assert [label.get_text() for label in axis.get_xticklabels()] == ["arrows", "all"]
