"""What a network is asked in `Bits`: the learner's examples as they travel to the browser, and pictures of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from dlcourse.errors import CourseError

MOST = 500  # examples
_NUMBERS = 2_000_000  # of them all
_LONGEST = 64  # the longer side of a picture on the page, in its pixels
_SMALLEST_SIDE = 5  # of a row of numbers that is taken for a square picture


@dataclass(frozen=True, eq=False)
class Examples:
    """Examples as the model takes them, the right classes where they are known, pictures (uint8) where there are."""

    x: np.ndarray
    labels: np.ndarray | None
    pictures: np.ndarray | None
    total: int  # how many were given

    def described(self, with_numbers: bool) -> dict[str, Any]:
        """As they travel; without numbers where the browser runs no network."""
        packed, divisor = packed_numbers(self.x)
        description: dict[str, Any] = {"count": len(self.x), "total": self.total, "divisor": divisor}
        description["labels"] = None if self.labels is None else self.labels.tolist()
        description["values"] = packed.tobytes() if with_numbers else None
        if self.pictures is None:
            return description | {"pictures": None}
        pictures = np.ascontiguousarray(self.pictures)
        same = with_numbers and divisor > 0 and np.array_equal(packed.ravel(), pictures.ravel())
        shape = [*pictures.shape[1:3], pictures.shape[3]]
        return description | {"pictures": {"shape": shape, "bytes": None if same else pictures.tobytes()}}


def examples_of(x: np.ndarray, labels: np.ndarray | None, images: Any) -> Examples:
    """The first of the learner's examples.

    Args:
        x: A batch as the model takes it.
        labels: Class numbers, or None.
        images: A picture of each example; None where x holds them.

    Raises:
        CourseError: If the pictures are none, or not as many as the examples.

    Example:
        >>> examples_of(np.zeros((600, 784), "float32"), None, None).pictures.shape
        (500, 28, 28, 1)
    """
    count = max(1, min(len(x), MOST, _NUMBERS // max(1, x[0].size)))
    pictures = _pictures(images, len(x), count)
    if pictures is None:
        pictures = _seen_in(x[:count])
    return Examples(x[:count], None if labels is None else labels[:count], pictures, len(x))


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


def _pictures(images: Any, total: int, count: int) -> np.ndarray | None:
    """The pictures that were given, as bytes."""
    if images is None:
        return None
    array = np.asarray(images)
    if array.ndim not in (3, 4) or (array.ndim == 4 and array.shape[3] not in (1, 3)):
        raise CourseError(
            f"`images` has the shape {array.shape}, but a batch of pictures is n × height × width, or "
            "n × height × width × 1 or 3."
        )
    if len(array) != total:
        raise CourseError(f"`images` holds {len(array)} pictures for {total} examples: pass one for each.")
    return _small(_as_bytes(array[:count].reshape(*array[:count].shape[:3], -1)))


def _seen_in(x: np.ndarray) -> np.ndarray | None:
    """The pictures that examples are themselves; None where they are something else."""
    if x.ndim == 2:
        side = round(x.shape[1] ** 0.5)
        if side < _SMALLEST_SIDE or side**2 != x.shape[1]:
            return None
        return _small(_as_bytes(x.reshape(-1, side, side, 1)))
    if x.ndim == 3:
        return _small(_as_bytes(x[..., None]))
    return _small(_as_bytes(x)) if x.ndim == 4 and x.shape[3] in (1, 3) else None


def _as_bytes(pictures: np.ndarray) -> np.ndarray:
    """From black to white: 0 to 255 or 0 to 1 as they are, other numbers from the least to the most."""
    packed, divisor = packed_numbers(pictures)
    if divisor and packed.max() > 1:
        return packed
    values = pictures.astype("float64")
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    return np.rint((values - low) / max(high - low, 1e-12) * 255).astype(np.uint8)


def _small(pictures: np.ndarray) -> np.ndarray:
    height, width, channels = pictures.shape[1:]
    share = _LONGEST / max(height, width)
    if share >= 1:
        return pictures
    size = (max(1, round(width * share)), max(1, round(height * share)))
    resized = [
        np.asarray(Image.fromarray(picture if channels == 3 else picture[:, :, 0]).resize(size, Image.Resampling.BOX))
        for picture in pictures
    ]
    return np.stack(resized).reshape(len(pictures), size[1], size[0], channels)
