"""A plane of numbers at another size, by areas: each new number is the mean of what lies under it."""

import numpy as np

Region = tuple[float, float, float, float]  # top, left, height, width; they need not be whole


def resampled(plane: np.ndarray, height: int, width: int, region: Region | None = None) -> np.ndarray:
    """A part of a plane at another size; js/resample.js does the same in the browser.

    Args:
        plane: Rows × columns.
        height: Of the result.
        width: Of the result.
        region: Which part of the plane; None for all of it.

    Returns:
        height × width, float64.

    Example:
        >>> resampled(np.array([[0.0, 1.0, 2.0, 3.0]]), 1, 2)
        array([[0.5, 2.5]])
    """
    top, left, tall, wide = region or (0, 0, *plane.shape)
    rows, columns = _shares(plane.shape[0], height, top, tall), _shares(plane.shape[1], width, left, wide)
    return rows @ plane @ columns.T


def central(height: int, width: int, like: tuple[int, int]) -> Region:
    """The largest part in the middle of a plane that has the proportions of another one.

    Example:
        >>> central(100, 300, like=(28, 28))
        (0.0, 100.0, 100.0, 100.0)
    """
    scale = min(height / like[0], width / like[1])
    tall, wide = like[0] * scale, like[1] * scale
    return (height - tall) / 2, (width - wide) / 2, tall, wide


def _shares(length: int, count: int, first: float, reach: float) -> np.ndarray:
    """What share each old number has in each new one: new ones × old ones, each row sums to 1."""
    step = reach / count
    start = first + step * np.arange(count)[:, None]
    old = np.arange(length)[None, :]
    return np.clip(np.minimum(start + step, old + 1) - np.maximum(start, old), 0, None) / step
