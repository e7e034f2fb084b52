"""Pieces of photographs: from which of sixteen does each come? No piece to test on overlaps one to learn from."""

import numpy as np
from PIL import Image

from dlcourse.data.dataset import Split
from dlcourse.data.photos import NAMES, photo
from dlcourse.errors import CourseError, unknown

SIDE = 96
_FIELDS = 4  # each way, like a small chessboard
_SIZES = 0.6, 1.0  # of a piece, as a share of the field's shorter side
_CONTRASTS, _LIGHTS = (0.5, 1.2), (0.5, 1.4)
_PARTS = ("train", "held", "test")


def pieces(part: str, per_class: int, seed: int = 0) -> Split:
    """Random squares out of the course's photographs, grey, some mirrored, each with a contrast and a light of its own.

    Args:
        part: Each photograph is cut into 4 × 4 fields like a chessboard. "train" for pieces of its eight black fields;
            "held" for pieces of the four white ones in the first and third row, "test" in the second and fourth.
        per_class: How many of each photograph; the first ones of a seed are the same, however many follow.
        seed: Of the random choices.

    Returns:
        x: pieces × 96 × 96 × 3, uint8, with three equal channels; y: the index of the photograph in `photos.NAMES`.

    Raises:
        CourseError: There is no such part, or `per_class` is no whole number above 0.

    Example:
        >>> pieces("train", per_class=2).x.shape
        (32, 96, 96, 3)
    """
    if part not in _PARTS:
        raise unknown("part", part, _PARTS)
    if not isinstance(per_class, int | np.integer) or per_class < 1:
        raise CourseError(f"`per_class` must be a whole number above 0, but it is {per_class!r}.")
    x = np.empty((len(NAMES), per_class, SIDE, SIDE), np.uint8)
    for label, name in enumerate(NAMES):
        fields = _fields(name, part)
        dice = np.random.default_rng([seed, label, _PARTS.index(part)])
        for number in range(per_class):
            x[label, number] = _piece(fields[number % len(fields)], dice)
    y = np.repeat(np.arange(len(NAMES)), per_class)
    return Split(np.repeat(x.reshape(-1, SIDE, SIDE, 1), 3, axis=3), y)


def _fields(name: str, part: str) -> list[np.ndarray]:
    """The fields of a photograph that belong to a part, in shades of grey."""
    grey = np.asarray(Image.fromarray(photo(name)).convert("L"))
    height, width = (length // _FIELDS for length in grey.shape)
    return [
        grey[row * height : (row + 1) * height, column * width : (column + 1) * width]
        for column in range(_FIELDS)
        for row in range(_FIELDS)
        if part == ("train" if (row + column) % 2 == 0 else "held" if row % 2 == 0 else "test")
    ]


def _piece(field: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """A random square of it."""
    side = int(min(field.shape) * dice.uniform(*_SIZES))
    top, left = (int(dice.integers(length - side + 1)) for length in field.shape)
    square = Image.fromarray(field[top : top + side, left : left + side])
    values = np.asarray(square.resize((SIDE, SIDE), Image.Resampling.BILINEAR), float)
    if dice.random() < 0.5:
        values = values[:, ::-1]
    mean = values.mean()
    values = (mean + (values - mean) * dice.uniform(*_CONTRASTS)) * dice.uniform(*_LIGHTS)
    return np.clip(values, 0, 255).round().astype(np.uint8)
