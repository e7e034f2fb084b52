"""Whether what a network is given now is still spread like what it was tried on.

A number that each example has (a picture's mean brightness, the largest probability of the answer) is compared in two
groups. Population stability needs of the first group only a few shares, so a service can carry them with its model;
the test of Kolmogorov and Smirnov needs all values of both.
"""

from typing import Any, NamedTuple

import numpy as np

from dlcourse.errors import CourseError

_LEAST = 1e-4  # a bin that nothing fell into counts as holding this share: the logarithm of 0 says nothing


class Distance(NamedTuple):
    """How far two groups of values are apart, and how often chance alone would bring them that far."""

    distance: float
    p_value: float


def edges(reference: Any, bins: int = 10) -> np.ndarray:
    """The inner edges that cut a group of values into bins of equal share.

    Args:
        reference: The values to compare with later, array-like.
        bins: How many bins.

    Returns:
        `bins - 1` edges, ascending. Where many values are equal, some edges are, too, and the bins between them stay
        empty.

    Raises:
        CourseError: If there is no value, one is not finite, or there are fewer than two bins.

    Example:
        >>> edges([1, 2, 3, 4, 5], bins=4)
        array([2., 3., 4.])
    """
    if bins < 2:
        raise CourseError(f"`bins` is {bins}, but shares can only be compared in two bins or more: pass 10.")
    return np.quantile(_values(reference, "reference"), np.arange(1, bins) / bins)


def shares(values: Any, edges: Any) -> np.ndarray:
    """The share of the values in each of the bins that `edges` cuts.

    Args:
        values: The values, array-like.
        edges: The inner edges, as the function `edges` finds them. A value on an edge lies in the bin above it; the
            first bin and the last have no outer edge.

    Returns:
        One share more than there are edges; together 1.

    Raises:
        CourseError: If there is no value, or one is not finite.

    Example:
        >>> shares([0, 1, 2, 9], edges=[2, 3])
        array([0.5 , 0.25, 0.25])
    """
    inner = np.asarray(edges, float)
    bins = np.searchsorted(inner, _values(values, "values"), side="right")
    return np.bincount(bins, minlength=len(inner) + 1) / len(bins)


def population_stability(expected_shares: Any, seen_shares: Any) -> float:
    """How far shares that are seen are from those expected: the sum of (seen - expected) log(seen / expected).

    Below 0.1 is usually taken for no change, above 0.25 for a change that asks for a person. Chance alone brings about
    (bins - 1) (1 / examples expected + 1 / examples seen), so ten bins need some hundreds of examples.

    Args:
        expected_shares: The share of each bin in the reference.
        seen_shares: The share of each bin now. An empty bin counts as holding 0.0001.

    Returns:
        The population stability index: 0 for equal shares, without an upper limit.

    Raises:
        CourseError: If the two do not have the same number of bins.

    Example:
        >>> round(population_stability([0.5, 0.5], [0.8, 0.2]), 4)
        0.4159
    """
    expected, seen = np.asarray(expected_shares, float), np.asarray(seen_shares, float)
    if expected.shape != seen.shape or expected.ndim != 1:
        raise CourseError(
            f"The expected shares have the shape {expected.shape}, those seen {seen.shape}: "
            "cut both groups at the same edges."
        )
    expected, seen = np.maximum(expected, _LEAST), np.maximum(seen, _LEAST)
    return float(np.sum((seen - expected) * np.log(seen / expected)))


def kolmogorov_smirnov(a: Any, b: Any) -> Distance:
    """The test of Kolmogorov and Smirnov: do two groups of values come from the same distribution?

    Args:
        a: The first group, array-like.
        b: The second group.

    Returns:
        The largest difference between the shares of both groups that lie at or below a value, and how often groups of
        this size from the same distribution differ at least as much (by Stephens' approximation, good to about 0.03
        from 30 values a group on; too large where many values are equal).

    Raises:
        CourseError: If a group is empty, or holds a value that is not finite.

    Example:
        >>> kolmogorov_smirnov([1, 2, 3, 4], [3, 4, 5, 6]).distance
        0.5
    """
    first, second = np.sort(_values(a, "a")), np.sort(_values(b, "b"))
    places = np.concatenate([first, second])
    below = [np.searchsorted(group, places, side="right") / len(group) for group in (first, second)]
    distance = float(np.abs(below[0] - below[1]).max())
    root = np.sqrt(len(first) * len(second) / (len(first) + len(second)))
    reach = (root + 0.12 + 0.11 / root) * distance
    if reach < 0.2:  # the series below converges too slowly there, and its sum is 1 to twelve digits
        return Distance(distance, 1.0)
    terms = np.arange(1, 101)
    chance = 2 * np.sum((-1.0) ** (terms - 1) * np.exp(-2 * (terms * reach) ** 2))
    return Distance(distance, float(np.clip(chance, 0, 1)))


def _values(values: Any, name: str) -> np.ndarray:
    array = np.asarray(values, float).reshape(-1)
    if len(array) == 0:
        raise CourseError(f"`{name}` holds no value: pass one number for each example.")
    if not np.isfinite(array).all():
        raise CourseError(f"`{name}` holds values that are NaN or infinite: find out where they come from.")
    return array
