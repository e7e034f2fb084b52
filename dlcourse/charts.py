"""Charts of measurements that lessons show: how a training went, what several seeds gave, groups side by side."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLES = ("o-", "s--", "^:", "d-.")  # to be told apart without colours, too
_HATCHES = ("", "//", "..", "xx")


def learning_curves(histories: Mapping[str, Mapping[str, Sequence[float]]], colours: Mapping[str, str]) -> "Figure":
    """Accuracy by epoch: dashed on the training pictures, with marks on the validation set.

    Args:
        histories: For each training what `fit` kept; the validation set may have been looked at in every epoch, or in
            every second, third and so on.
        colours: One for each training.

    Example:
        >>> figure = learning_curves({"plain": {"accuracy": [0.5, 0.8], "val_accuracy": [0.6]}}, {"plain": "#0072B2"})
        >>> figure.axes[0].lines[1].get_xdata()  # looked at once, after the second epoch
        array([2])
    """
    figure, axis = _empty("epoch", "accuracy, %")
    for name, history in histories.items():
        training, validation = (100 * np.array(history[key]) for key in ("accuracy", "val_accuracy"))
        apart = len(training) // len(validation)
        epochs = np.arange(1, len(training) + 1)
        axis.plot(epochs, training, "--", color=colours[name], label=f"{name}: training")
        axis.plot(epochs[apart - 1 :: apart], validation, ".-", color=colours[name], label=f"{name}: validation")
    axis.set_ylim(0, 103)
    axis.legend(fontsize=9, loc="lower right")
    return figure


def with_spread(
    measured: Mapping[str, Mapping[float, Sequence[float]]],
    colours: Mapping[str, str],
    x: str,
    y: str,
    log: bool = False,
) -> "Figure":
    """Means of several seeds as marks, with bars from the lowest to the highest.

    Args:
        measured: For each line, by places on the horizontal axis, what the seeds gave there.
        colours: One for each line.
        x: What the horizontal axis is.
        y: What the vertical axis is.
        log: Whether the horizontal axis is logarithmic; its marks are then the places.

    Example:
        >>> figure = with_spread({"plain": {1: [3, 5], 2: [6, 6]}}, {"plain": "#0072B2"}, "pictures", "accuracy, %")
        >>> figure.axes[0].lines[0].get_ydata()
        array([4., 6.])
    """
    figure, axis = _empty(x, y)
    for style, (name, by_place) in zip(_STYLES, measured.items(), strict=False):
        means = np.array([np.mean(values) for values in by_place.values()])
        lowest, highest = ([end(values) for values in by_place.values()] for end in (min, max))
        reach = [means - lowest, highest - means]
        axis.errorbar([*by_place], means, reach, fmt=style, markersize=4, capsize=4, color=colours[name], label=name)
    if log:
        places = sorted({place for by_place in measured.values() for place in by_place})
        axis.set_xscale("log")
        axis.set_xticks(places, [f"{place:,}" for place in places])
        axis.minorticks_off()
    axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(measured))  # above, where it hides no line
    return figure


def grouped_bars(
    groups: Sequence[str], heights: Mapping[str, Sequence[float]], colours: Mapping[str, str], y: str
) -> "Figure":
    """Percentages of several things side by side, a group of bars for each of `groups`.

    Args:
        groups: Their names.
        heights: For each thing a height in each group, 0 to 100.
        colours: One for each thing.
        y: What the vertical axis is.

    Example:
        >>> figure = grouped_bars(["all"], {"plain": [80], "lit": [90]}, {"plain": "#D55E00", "lit": "#CC79A7"}, "%")
        >>> [bar.get_height() for bar in figure.axes[0].patches]
        [80, 90]
    """
    figure, axis = _empty("", y)
    width = 0.8 / len(heights)
    for number, (hatch, (name, percentages)) in enumerate(zip(_HATCHES, heights.items(), strict=False)):
        places = np.arange(len(groups)) + number * width
        bars = axis.bar(places, percentages, 0.9 * width, color=colours[name], hatch=hatch, label=name)
        axis.bar_label(bars, fmt="%.0f", color="#777777", padding=2)
    axis.set_xticks(np.arange(len(groups)) + width * (len(heights) - 1) / 2, groups)
    axis.set(ylim=(0, 135), yticks=range(0, 101, 25))  # with room for the legend
    axis.legend(ncols=len(heights))
    return figure


def _empty(x: str, y: str) -> tuple["Figure", Any]:
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(7, 3.1))
    axis.set(xlabel=x, ylabel=y)
    return figure, axis
