"""Pictures turned, shifted, made larger or darker by a known amount, to ask how much of it a network bears.

The browser does the same (widgets/shared/js/warp.js, widgets/orbit/transform.js).
"""

from typing import Any

import numpy as np

from dlcourse.errors import CourseError, unknown

FILLS = ("nearest", "reflect", "constant")


def transformed(
    pictures: Any,
    turn: float = 0.0,
    shift_x: float = 0.0,
    shift_y: float = 0.0,
    size: float = 1.0,
    light: float = 1.0,
    fill: str = "nearest",
) -> np.ndarray:
    """Pictures changed by exactly so much, all alike.

    They are made larger, turned and shifted in one step, so that they are interpolated (bilinearly) but once. Angles
    and shifts count as in Keras' RandomRotation and RandomTranslation.

    Args:
        pictures: One, height × width or height × width × channels, or several, n × height × width × channels; values
            from 0 to 1, or bytes.
        turn: Degrees, counter-clockwise, around the middle.
        shift_x: To the right, as a share of the width.
        shift_y: Down, as a share of the height.
        size: 2 shows things twice as large.
        light: What every value is multiplied by; what exceeds white is cut off.
        fill: What comes in from beyond the edge: "nearest" (the last pixel goes on), "reflect" or "constant" (black).

    Returns:
        As many pictures, in the shape given: float32, or bytes where bytes were given.

    Raises:
        CourseError: If something cannot be used, with the mend.

    Example:
        >>> transformed(np.eye(3), turn=90).round()
        array([[0., 0., 1.],
               [0., 1., 0.],
               [1., 0., 0.]], dtype=float32)
    """
    array = _checked(pictures)
    amounts = {"turn": turn, "shift_x": shift_x, "shift_y": shift_y, "size": size, "light": light}
    for name, amount in amounts.items():
        if not np.isscalar(amount) or not np.isreal(amount) or not np.isfinite(amount):
            raise CourseError(f"`{name}` must be a finite number, but it is {amount!r}.")
    if size <= 0 or light < 0:
        name, least = ("size", "above 0") if size <= 0 else ("light", "0 or more")
        raise CourseError(f"`{name}` must be {least}, but it is {amounts[name]!r}.")
    if fill not in FILLS:
        raise unknown("fill", fill, FILLS)
    bytes_given = array.dtype == np.uint8
    values = array / np.float32(255) if bytes_given else array.astype("float32")
    values = values if values.ndim > 2 else values[..., None]
    height, width = values.shape[-3:-1]
    values = warped(values, matrix_of((height, width), turn, shift_x, shift_y, size), fill)
    values = np.clip(values * np.float32(light), 0, 1).reshape(array.shape)
    return np.rint(255 * values).astype(np.uint8) if bytes_given else values


def matrix_of(shape: tuple[int, int], turn: float, shift_x: float, shift_y: float, size: float) -> np.ndarray:
    """The matrix, 2 × 3, that leads from a pixel (column, row, 1) of the changed picture to its place in the old one.

    Example:
        >>> matrix_of((28, 28), turn=0, shift_x=0.5, shift_y=0, size=1)
        array([[  1.,   0., -14.],
               [  0.,   1.,   0.]])
    """
    height, width = shape
    x, y = (width - 1) / 2, (height - 1) / 2
    cos, sin = np.cos(np.radians(turn)) / size, np.sin(np.radians(turn)) / size
    right, down = x + shift_x * width, y + shift_y * height
    return np.array([[cos, -sin, x - cos * right + sin * down], [sin, cos, y - sin * right - cos * down]]) + 0.0


def warped(values: np.ndarray, matrix: np.ndarray, fill: str) -> np.ndarray:
    """Pictures each of whose pixels comes from the four around its place in the old one.

    Args:
        values: Any number of leading axes, then height × width × channels.
        matrix: 2 × 3, from a pixel (column, row, 1) of the result to a place in `values`.
        fill: What lies beyond the edge: "nearest", "reflect" or "constant", which is 0.

    Returns:
        The shape of `values`, float32.

    Example:
        >>> warped(np.ones((1, 4, 1)), np.array([[1, 0, -1.5], [0, 1, 0]]), "constant").ravel()
        array([0. , 0.5, 1. , 1. ], dtype=float32)
    """
    if np.array_equal(matrix, np.eye(2, 3)):
        return values.astype("float32")
    height, width = values.shape[-3:-1]
    rows, columns = np.mgrid[:height, :width]
    x, y = np.einsum("ij,jrc->irc", matrix, np.stack([columns, rows, np.ones_like(rows)]))
    if fill != "constant":
        x, y = (_inside(at, length, fill) for at, length in ((x, width), (y, height)))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    flat = values.astype("float32").reshape(*values.shape[:-3], height * width, values.shape[-1])
    result = np.zeros_like(flat)
    for below in (0, 1):
        for right in (0, 1):
            weight = (y - top if below else 1 + top - y) * (x - left if right else 1 + left - x)
            i, j = top + below, left + right
            inside = (i >= 0) & (j >= 0) & (i < height) & (j < width)
            places = np.clip(i, 0, height - 1) * width + np.clip(j, 0, width - 1)
            share = np.where(inside, weight, 0).astype("float32")
            result += share.reshape(-1, 1) * np.take(flat, places.ravel(), axis=-2)
    return result.reshape(values.shape)


def _inside(at: np.ndarray, length: int, fill: str) -> np.ndarray:
    if fill == "reflect":  # dcba|abcd|dcba
        at = np.where(at < 0, -at - 1, at) % (2 * length)
        at = np.where(at >= length, 2 * length - at - 1, at)
    return np.clip(at, 0, length - 1)


def _checked(pictures: Any) -> np.ndarray:
    array = np.asarray(pictures)
    if array.dtype != bool and not np.issubdtype(array.dtype, np.number):
        raise CourseError(f"`pictures` must hold numbers, but its values are of type {array.dtype}.")
    if array.ndim not in (2, 3, 4) or 0 in array.shape:
        raise CourseError(
            f"`pictures` has the shape {array.shape}, but one picture is height × width or height × width × channels, "
            "and several are n × height × width × channels."
        )
    if array.dtype == np.uint8:
        return array
    low, high = array.min(), array.max()
    if not (low >= 0 and high <= 1):
        raise CourseError(
            f"`pictures` holds values from {low:g} to {high:g}, but light and dark are known only of values from 0 to "
            "1 and of bytes (uint8): divide by 255, or change the pictures before they are standardised."
        )
    return array
