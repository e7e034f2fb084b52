"""Batches of pictures as they travel to the browser: as bytes, and no larger than they are shown."""

from typing import Any

import numpy as np
from PIL import Image

from dlcourse.errors import CourseError

_LONGEST = 64  # the longer side of a picture on the page, in its pixels


def packed_numbers(x: np.ndarray) -> tuple[np.ndarray, int]:
    """Numbers as they travel: as bytes where they are bytes, or bytes divided by 255, exactly.

    Returns:
        The numbers, and what they are to be divided by; 0 where they travel as float32.

    Example:
        >>> packed_numbers(np.array([0, 51, 255], "float32") / 255)
        (array([  0,  51, 255], dtype=uint8), 255)
    """
    for divisor in (1, 255):
        whole = np.rint(x.astype("float64") * divisor)
        if whole.min() >= 0 and whole.max() <= 255 and np.array_equal((whole / divisor).astype("float32"), x):
            return whole.astype(np.uint8), divisor
    return np.ascontiguousarray(x, "float32"), 0


def checked_pictures(images: Any, total: int) -> np.ndarray:
    """The pictures that were given, n × height × width × channels.

    Raises:
        CourseError: If they are none, or not as many as the examples.

    Example:
        >>> checked_pictures(np.zeros((3, 28, 28)), 3).shape
        (3, 28, 28, 1)
    """
    array = np.asarray(images)
    if array.ndim not in (3, 4) or (array.ndim == 4 and array.shape[3] not in (1, 3)):
        raise CourseError(
            f"`images` has the shape {array.shape}, but a batch of pictures is n × height × width, or "
            "n × height × width × 1 or 3."
        )
    if len(array) != total:
        raise CourseError(f"`images` holds {len(array)} pictures for {total} examples: pass one for each.")
    return array.reshape(*array.shape[:3], -1)


def as_bytes(pictures: np.ndarray) -> np.ndarray:
    """From black to white: 0 to 255 or 0 to 1 as they are, other numbers from the least to the most.

    Example:
        >>> as_bytes(np.array([[[[0.0], [1.0]]]])).ravel()
        array([  0, 255], dtype=uint8)
    """
    packed, divisor = packed_numbers(pictures)
    if divisor and packed.max() > 1:
        return packed
    values = pictures.astype("float64")
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    return np.rint((values - low) / max(high - low, 1e-12) * 255).astype(np.uint8)


def small(pictures: np.ndarray, longest: int = _LONGEST) -> np.ndarray:
    """The same bytes with the longer side at most so many pixels.

    Example:
        >>> small(np.zeros((5, 100, 150, 3), np.uint8)).shape
        (5, 43, 64, 3)
    """
    height, width, channels = pictures.shape[1:]
    share = longest / max(height, width)
    if share >= 1:
        return pictures
    size = (max(1, round(width * share)), max(1, round(height * share)))
    resized = [
        np.asarray(Image.fromarray(picture if channels == 3 else picture[:, :, 0]).resize(size, Image.Resampling.BOX))
        for picture in pictures
    ]
    return np.stack(resized).reshape(len(pictures), size[1], size[0], channels)
