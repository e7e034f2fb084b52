"""What a brush does to a picture: which pixels a stroke covers, what it puts there, and what comes of both.

Pixels have their middles at whole rows and columns. All is worked out in float64 and rounded once, at the end, so that
the browser paints the same bytes.
"""

from typing import Any

import numpy as np

from dlcourse.errors import CourseError

_PASSES = 3  # means of a square, one after the other, come close to a Gaussian


def brush_mask(rows: int, columns: int, points: Any, radius: float) -> np.ndarray:
    """How much of each pixel a stroke covers.

    Args:
        rows: Of the picture.
        columns: Of the picture.
        points: Where the middle of the brush goes, n × 2: row and column, one after the other. One point is a dot.
        radius: Of the brush, in pixels. Its rim is one pixel soft.

    Returns:
        rows × columns, float64, from 0 to 1.

    Raises:
        CourseError: If an argument does not fit.

    Example:
        >>> brush_mask(1, 5, [(0, 1)], radius=1)
        array([[0.5, 1. , 0.5, 0. , 0. ]])
    """
    path = np.asarray(points, float)
    if path.ndim != 2 or path.shape[1:] != (2,) or not len(path) or not np.isfinite(path).all():
        raise CourseError(f"`points` must be rows and columns, as in [(10, 12), (14, 20)], but it is {points!r:.80}.")
    if not np.isfinite(radius) or radius <= 0:
        raise CourseError(f"`radius` must be a number of pixels above 0, but it is {radius!r}.")
    row, column = np.mgrid[:rows, :columns].astype(float)
    mask = np.zeros((rows, columns))
    for (top, left), (bottom, right) in zip(path[: max(1, len(path) - 1)], path[min(1, len(path) - 1) :], strict=True):
        down, across = bottom - top, right - left
        length = down * down + across * across
        along = 0.0 if length == 0 else np.clip(((row - top) * down + (column - left) * across) / length, 0, 1)
        distance = np.sqrt((row - top - along * down) ** 2 + (column - left - along * across) ** 2)
        mask = np.maximum(mask, np.clip(radius + 0.5 - distance, 0, 1))
    return mask


def painted_over(picture: np.ndarray, content: Any, mask: np.ndarray) -> np.ndarray:
    """A picture in which something else stands where a mask is above 0.

    Args:
        picture: rows × columns × channels, uint8.
        content: What is put there, as the picture from 0 to 255: an array of its shape, or a number.
        mask: How much of it, rows × columns, from 0 to 1.

    Returns:
        The new picture, uint8.

    Example:
        >>> painted_over(np.full((1, 2, 1), 200, np.uint8), 100, np.array([[0.0, 0.5]])).ravel()
        array([200, 150], dtype=uint8)
    """
    share = mask[:, :, None]
    return np.floor(picture * (1 - share) + np.asarray(content, float) * share + 0.5).astype(np.uint8)


def blurred(picture: np.ndarray, reach: int) -> np.ndarray:
    """A picture without its details: three times the mean of the square that reaches so many pixels around each pixel.

    At the edge the mean is of what lies inside.

    Args:
        picture: rows × columns × channels.
        reach: Pixels from the middle of the square to its side.

    Returns:
        The same shape, float64.

    Example:
        >>> blurred(np.array([0.0, 0, 90, 0, 0]).reshape(1, 5, 1), reach=1).ravel().round(1)
        array([17.5, 21.7, 23.3, 21.7, 17.5])
    """
    if not isinstance(reach, int | np.integer) or reach < 0:
        raise CourseError(f"`reach` must be a whole number of pixels, 0 or more, but it is {reach!r}.")
    soft = np.asarray(picture, float)
    for axis in (0, 1):
        for _ in range(_PASSES):
            soft = _means(soft, int(reach), axis)
    return soft


def blur_reach(rows: int, columns: int) -> int:
    """How far the blur of a picture reaches, so that what is under the brush cannot be told any more.

    Example:
        >>> blur_reach(224, 224)
        19
    """
    return max(1, max(rows, columns) // 12 + 1)


def moved_part(source: np.ndarray, offset: tuple[int, int], rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Another place of a picture, laid over this one.

    Args:
        source: Where it comes from, rows × columns × channels.
        offset: How many rows and columns lie from a pixel here to the one there that is put in its place.
        rows: Of what it is laid over.
        columns: Of what it is laid over.

    Returns:
        What is put on each pixel, rows × columns × channels, float64, and where there is something: a mask of 0 and 1.

    Example:
        >>> moved_part(np.array([1.0, 2, 3]).reshape(1, 3, 1), (0, 1), 1, 3)[0].ravel()
        array([2., 3., 3.])
    """
    places = [np.arange(length) + step for length, step in zip((rows, columns), offset, strict=True)]
    kept = [np.clip(place, 0, length - 1) for place, length in zip(places, source.shape[:2], strict=True)]
    there = [(place == inside).astype(float) for place, inside in zip(places, kept, strict=True)]
    return source[np.ix_(*kept)].astype(float), np.outer(*there)


def _means(values: np.ndarray, reach: int, axis: int) -> np.ndarray:
    length = values.shape[axis]
    sums = np.concatenate([np.zeros_like(values.take([0], axis)), np.cumsum(values, axis)], axis)
    at = np.arange(length)
    first, last = np.maximum(at - reach, 0), np.minimum(at + reach + 1, length)
    count = (last - first).reshape([-1 if number == axis else 1 for number in range(values.ndim)])
    return (sums.take(last, axis) - sums.take(first, axis)) / count
