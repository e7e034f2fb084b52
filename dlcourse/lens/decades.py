"""The sizes of many numbers at once, by decades: what a histogram on a logarithmic scale shows.

Nothing here needs Keras. A bin is a quarter of a decade: bin b holds sizes from 10 ** (b / 4) to 10 ** ((b + 1) / 4).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

PER_DECADE = 4
_FLOAT32 = 3.4e38  # what Keras' numbers can hold at most
BINS = 24  # six decades, counted down from the largest size; whatever is smaller lies in the last one


@dataclass(frozen=True, eq=False)
class Sizes:
    """How large many numbers are, signs apart.

    Attributes:
        mean: The mean size; NaN where a number is not finite, or would not be in float32.
        zero: The share of numbers that are exactly 0: no logarithmic scale has a place for them.
        top: The bin of the largest size.
        shares: The share of numbers in each of 24 bins, from `top` downwards.
    """

    mean: float
    zero: float
    top: int
    shares: np.ndarray

    @classmethod
    def from_row(cls, row: np.ndarray) -> "Sizes":
        """From the numbers as `row` gives them."""
        mean, zero, top, *shares = row
        return cls(float(mean), float(zero), int(top), np.array(shares))

    def row(self) -> np.ndarray:
        """All of it in 27 numbers: mean, zero, top and the shares."""
        return np.array([self.mean, self.zero, self.top, *self.shares])


@dataclass(frozen=True, kw_only=True)
class LayerSizes:
    """How large the numbers are that pass through one layer, for one batch: histograms on a logarithmic scale.

    A unit is one column of a dense layer, one channel of a convolution. The gradients are those of the mean loss.
    """

    name: str
    kind: str
    outputs: Sizes
    back: Sizes  # of the loss' gradient by the output
    weights: Sizes | None  # of the loss' gradient by the layer's trainable weights
    dead: float  # share of units that give exactly 0 for every example and place
    saturated: float | None  # share of units at a limit of sigmoid or tanh for more than half of examples and places


def sizes(values: Any) -> Sizes:
    """The sizes of an array's numbers.

    Args:
        values: An array of numbers.

    Returns:
        Their mean and their histogram by quarters of a decade.

    Example:
        >>> found = sizes([0.0, 1.0, -0.02])
        >>> float(found.mean), found.top, found.shares[:8].round(3)
        (0.34, 0, array([0.333, 0., 0., 0., 0., 0., 0., 0.333]))
    """
    size = np.abs(np.asarray(values, float)).ravel()
    none = np.zeros(BINS)
    if not (size < _FLOAT32).all():
        return Sizes(float("nan"), 0.0, 0, none)
    positive = size[size > 0]
    zero = 1 - positive.size / max(size.size, 1)
    if not positive.size:
        return Sizes(0.0, zero, 0, none)
    places = np.floor(PER_DECADE * np.log10(positive)).astype(int)
    top = int(places.max())
    counts = np.bincount(np.minimum(top - places, BINS - 1), minlength=BINS)
    return Sizes(float(size.mean()), zero, top, counts / size.size)
