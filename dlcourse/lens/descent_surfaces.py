"""Surfaces to walk down on, with their slopes.

The browser has the same (widgets/optimizers/surfaces.js), and a test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class DescentSurface:
    """A landscape over the plane.

    >>> DESCENT_SURFACES["bowl"].height(1.0, 2.0), DESCENT_SURFACES["bowl"].slope(1.0, 2.0)
    (5.0, (2.0, 4.0))

    Attributes:
        height: At places x and y, numbers or arrays.
        slope: There, along x and along y.
    """

    height: Callable[[Any, Any], Any]
    slope: Callable[[Any, Any], tuple[Any, Any]]


DESCENT_SURFACES = {
    "bowl": DescentSurface(lambda x, y: x**2 + y**2, lambda x, y: (2 * x, 2 * y)),
    "long valley": DescentSurface(lambda x, y: 0.1 * x**2 + 4 * y**2, lambda x, y: (0.2 * x, 8 * y)),
    "narrow valley": DescentSurface(lambda x, y: 0.01 * x**2 + 4 * y**2, lambda x, y: (0.02 * x, 8 * y)),
    "banana": DescentSurface(
        lambda x, y: 0.3 * (1 - x) ** 2 + 2 * (y - 0.5 * x**2) ** 2,
        lambda x, y: (-0.6 * (1 - x) - 4 * x * (y - 0.5 * x**2), 4 * (y - 0.5 * x**2)),
    ),
    "saddle": DescentSurface(lambda x, y: x**2 - y**2 + 0.15 * y**4 + 2, lambda x, y: (2 * x, -2 * y + 0.6 * y**3)),
    "two basins": DescentSurface(
        lambda x, y: 0.25 * x**4 - x**2 + 0.4 * x + 0.8 * y**2 + 1.8,
        lambda x, y: (x**3 - 2 * x + 0.4, 1.6 * y),
    ),
    "bumps": DescentSurface(
        lambda x, y: 0.4 * (x**2 + y**2) + 1 - np.cos(3 * x) * np.cos(3 * y),
        lambda x, y: (0.8 * x + 3 * np.sin(3 * x) * np.cos(3 * y), 0.8 * y + 3 * np.cos(3 * x) * np.sin(3 * y)),
    ),
    "plateau": DescentSurface(
        lambda x, y: 1 - np.exp(-(x**2 + y**2) / 1.2) + 0.005 * (x**2 + y**2),
        lambda x, y: tuple(w * (np.exp(-(x**2 + y**2) / 1.2) / 0.6 + 0.01) for w in (x, y)),
    ),
}


def line_fit_surface(x: Any, y: Any) -> DescentSurface:
    """The mean squared error of the line w x + b at some points, over w (across) and b (up).

    It is a bowl that five means describe, however many points there are.

    Args:
        x: Where the points lie.
        y: Their heights.

    Example:
        >>> float(line_fit_surface([0, 1], [1, 3]).height(2, 1))
        0.0
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    mean_x, mean_y, xx, xy, yy = (float(np.mean(values)) for values in (x, y, x * x, x * y, y * y))

    def height(w: Any, b: Any) -> Any:
        return w * w * xx + 2 * w * b * mean_x + b * b - 2 * w * xy - 2 * b * mean_y + yy

    def slope(w: Any, b: Any) -> tuple[Any, Any]:
        return 2 * (w * xx + b * mean_x - xy), 2 * (w * mean_x + b - mean_y)

    return DescentSurface(height, slope)


def gridded_surface(heights: Any, reach: float) -> DescentSurface:
    """A surface between the points of a square grid; beyond its rim as at the rim.

    Args:
        heights: points × points, the first row at the bottom.
        reach: The grid goes from minus to plus this along both axes.

    Example:
        >>> float(gridded_surface([[0, 0], [1, 1]], reach=1).height(0.5, 0.5))
        0.75
    """
    grid = np.asarray(heights, float)
    points = len(grid)
    width = 2 * reach / (points - 1)

    def cell(x: Any, y: Any) -> tuple:
        """Heights at the four corners around a place, and its distances from the first of them."""
        across, up = ((np.clip(at, -reach, reach) + reach) / width for at in (x, y))
        column, row = (np.minimum(at.astype(int), points - 2) for at in (across, up))
        corners = (grid[row, column], grid[row, column + 1], grid[row + 1, column], grid[row + 1, column + 1])
        return *corners, across - column, up - row

    def height(x: Any, y: Any) -> Any:
        a, b, c, d, u, v = cell(x, y)
        return a * (1 - u) * (1 - v) + b * u * (1 - v) + c * (1 - u) * v + d * u * v

    def slope(x: Any, y: Any) -> tuple[Any, Any]:
        a, b, c, d, u, v = cell(x, y)
        return ((b - a) * (1 - v) + (d - c) * v) / width, ((c - a) * (1 - u) + (d - b) * u) / width

    return DescentSurface(height, slope)
