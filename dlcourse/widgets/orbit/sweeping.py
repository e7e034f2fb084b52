"""What networks say of a picture, and of many, along the whole orbit; sweep.js does the same in the browser."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlcourse.lens.transforming import transformed
from dlcourse.widgets.orbit.asked import Asked
from dlcourse.widgets.orbit.ways import WAYS


@dataclass(frozen=True, eq=False)
class Examples:
    """Pictures with their classes: n × rows × columns × channels, uint8, and n."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, eq=False)
class Sweep:
    """The numbers of an orbit.

    Attributes:
        values: How much the picture is changed at each place of the curves.
        shares: models × places: the probability of the picture's class.
        others: models × places: that of the strongest other one.
        rivals: models × places: which that is.
        set_values: How much the set is changed at each place of its curves.
        accuracy: models × places: the share of the set that is named rightly there; None without a set.
        pictures: How many pictures of the set that was looked at with.
    """

    values: np.ndarray
    shares: np.ndarray
    others: np.ndarray
    rivals: np.ndarray
    set_values: np.ndarray
    accuracy: np.ndarray | None
    pictures: int


def sweep(
    asked: Sequence[Asked],
    pixels: np.ndarray,
    label: int,
    change: dict[str, float],
    way: str,
    fill: str,
    examples: Examples | None,
) -> Sweep:
    """Takes a picture, and a set, around the orbit.

    Args:
        asked: The networks.
        pixels: The picture, rows × columns × channels, uint8.
        label: Its class.
        change: How much it is changed, by the names of all ways.
        way: Which of them runs through its range.
        fill: What comes in from beyond the edge.
        examples: The set, if there is one.

    Example:
        >>> widget.sweep().accuracy.shape  # models × places
        (2, 25)
    """
    values = WAYS[way].places
    whole = pixels / np.float32(255)
    along = np.stack([transformed(whole, **change | {way: value}, fill=fill) for value in values])
    probabilities = np.stack([network.answers(along) for network in asked])
    without = probabilities.copy()
    without[:, :, label] = -np.inf
    set_values = values[:: WAYS[way].of_set]
    accuracy, count = None, 0
    if examples is not None:
        x, count = examples.x / np.float32(255), len(examples.x)
        changed = (transformed(x, **change | {way: value}, fill=fill) for value in set_values)
        right = [
            [(network.answers(pictures).argmax(1) == examples.y).mean() for network in asked] for pictures in changed
        ]
        accuracy = np.transpose(right)
    return Sweep(values, probabilities[:, :, label], without.max(2), without.argmax(2), set_values, accuracy, count)
