"""What a person would measure of a hand-written digit, to read it by rules: holes, slimness, where the ink lies."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.errors import CourseError

_INK = 100  # a byte above is ink, one below is paper
_BLOT = 3  # holes of fewer pixels are gaps that the pen left


@dataclass(frozen=True, eq=False)
class DigitShape:
    """The measures of one digit; shares are of the ink, heights go from 0 at the top to 1."""

    box: np.ndarray  # the digit cut out, True where ink is
    hole: np.ndarray  # of the same shape, True where a hole is
    holes: int
    hole_size: float  # as a share of the box
    hole_height: float  # of the holes' middle; 0.5 without holes
    slim: float  # width by height
    turned: float  # how alike it is to itself, turned upside down
    top_left: float
    top_right: float
    bottom_left: float
    top_bar: float  # how much of the uppermost fifth is ink
    bottom_bar: float


def digit_shape(picture: Any) -> DigitShape:
    """Measures a digit.

    Args:
        picture: Rows × columns of bytes, 0 for paper to 255 for ink, as in MNIST.

    Raises:
        CourseError: If there is no ink.

    Example:
        >>> from dlcourse.data import load
        >>> digits = load("mnist")
        >>> digit_shape(digits.train.x[4]).holes
        1
    """
    from skimage.measure import label

    ink = np.asarray(picture) > _INK
    if not ink.any():
        raise CourseError(f"There is no ink to measure: no pixel is above {_INK}, where 255 is black.")
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = box.shape
    hole = _holes(box)
    upper, lower = box[: height // 2], box[height // 2 :]
    fifth = max(height // 5, 1)
    return DigitShape(
        box=box,
        hole=hole,
        holes=label(hole, connectivity=1, return_num=True)[1],
        hole_size=float(hole.mean()),
        hole_height=float(np.argwhere(hole).mean(axis=0)[0] / height) if hole.any() else 0.5,
        slim=width / height,
        turned=float((box == box[::-1, ::-1]).mean()),
        top_left=float(upper[:, : width // 2].sum() / box.sum()),
        top_right=float(upper[:, width // 2 :].sum() / box.sum()),
        bottom_left=float(lower[:, : width // 2].sum() / box.sum()),
        top_bar=float(box[:fifth].mean()),
        bottom_bar=float(box[-fifth:].mean()),
    )


def _holes(box: np.ndarray) -> np.ndarray:
    """Where paper is that ink encloses."""
    from skimage.measure import label

    patches, count = label(~np.pad(box, 1), connectivity=1, return_num=True)  # connected paper; patch 1 lies outside
    sizes = np.bincount(patches.ravel())
    return np.isin(patches, [number for number in range(2, count + 1) if sizes[number] >= _BLOT])[1:-1, 1:-1]
