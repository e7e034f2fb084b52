"""The random changes of `Augmenter` in NumPy, throw for throw those of augment.js, for its still picture."""

from functools import cache
from typing import Any

import numpy as np

from dlcourse.lens.transforming import warped
from dlcourse.widgets.shared.random_numbers import evens


def copies(pixels: np.ndarray, settings: Any, row: int, count: int) -> list[np.ndarray]:
    """The copies of one picture that the browser shows.

    Args:
        pixels: height × width × channels, uint8.
        settings: What has the traits of `Augmenter`.
        row: The picture's number in the gallery.
        count: How many copies.

    Returns:
        As many pictures, uint8.

    Example:
        >>> copies(widget.images[0].pixels, widget, 0, 7)[0].shape
        (48, 48, 3)
    """
    values = pixels.astype("float32") / 255
    arrays = [_copy(values, settings, settings.seed * 1009 + row * 101 + number) for number in range(count)]
    return [np.floor(255 * array + 0.5).astype(np.uint8) for array in arrays]


@cache
def _normal_table() -> np.ndarray:
    first, second = evens(1, 2 * 8192).reshape(-1, 2).T
    return (np.sqrt(-2 * np.log(1 - first)) * np.cos(2 * np.pi * second)).astype("float32")


def _copy(values: np.ndarray, s: Any, seed: int) -> np.ndarray:
    throws = evens(seed, 16)[4:]
    mirrored, upside = throws[0] < 0.5 and s.flip_horizontal, throws[1] < 0.5 and s.flip_vertical
    amounts = np.array([s.rotation, s.shift_x, s.shift_y, s.zoom, s.shear, s.brightness, s.contrast])
    angle, right, down, zoom, shear, brightness, contrast = (2 * throws[2:9] - 1) * amounts * s.strength
    copy = values[:: -1 if upside else 1, :: -1 if mirrored else 1]
    for matrix in _matrices(values.shape, angle, right, down, 1 + zoom, shear):
        copy = warped(copy, matrix, s.fill)
    copy = np.clip(copy + brightness, 0, 1)
    mean = copy.mean((0, 1), dtype=float)
    copy = np.clip((copy - mean) * (1 + contrast) + mean, 0, 1)
    if s.noise * s.strength:
        table = _normal_table()
        entries = (evens(int(throws[11] * 2**32), copy.size) * len(table)).astype(int)
        copy = np.clip(copy + s.noise * s.strength * table[entries].reshape(copy.shape), 0, 1)
    side = np.sqrt(s.cutout * s.strength)
    height, width = copy.shape[:2]
    left, top = throws[9] * width * (1 - side), throws[10] * height * (1 - side)
    rows, columns = (
        slice(int(np.ceil(start)), int(np.ceil(start + side * length)))
        for start, length in ((top, height), (left, width))
    )
    copy = np.array(copy)
    copy[rows, columns] = 0
    return copy


def _matrices(
    shape: tuple[int, ...], angle: float, right: float, down: float, zoom: float, shear: float
) -> list[np.ndarray]:
    """For each geometric layer, the matrix from a pixel of its output to a place in its input."""
    height, width = shape[:2]
    x, y = (width - 1) / 2, (height - 1) / 2
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turned = [[cos, -sin, x - x * cos + y * sin], [sin, cos, y - x * sin - y * cos]]
    shifted = [[1, 0, -right * width], [0, 1, -down * height]]
    zoomed = [[zoom, 0, x * (1 - zoom)], [0, zoom, y * (1 - zoom)]]
    sheared = [[1, shear, 0], [0, 1, 0]]
    matrices = [np.array(matrix, float) for matrix in (turned, shifted, zoomed, sheared)]
    return [matrix for matrix in matrices if not np.array_equal(matrix, np.eye(2, 3))]
