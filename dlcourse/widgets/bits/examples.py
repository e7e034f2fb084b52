"""What a network is asked in `Bits`: the learner's examples as they travel to the browser, and pictures of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.widgets.shared.picture_batch import as_bytes, checked_pictures, packed_numbers, small

MOST = 500  # examples
_NUMBERS = 2_000_000  # of them all
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
    given = None if images is None else small(as_bytes(checked_pictures(images, len(x))[:count]))
    pictures = _seen_in(x[:count]) if given is None else given
    return Examples(x[:count], None if labels is None else labels[:count], pictures, len(x))


def _seen_in(x: np.ndarray) -> np.ndarray | None:
    """The pictures that examples are themselves; None where they are something else."""
    if x.ndim == 2:
        side = round(x.shape[1] ** 0.5)
        if side < _SMALLEST_SIDE or side**2 != x.shape[1]:
            return None
        return small(as_bytes(x.reshape(-1, side, side, 1)))
    if x.ndim == 3:
        return small(as_bytes(x[..., None]))
    return small(as_bytes(x)) if x.ndim == 4 and x.shape[3] in (1, 3) else None
