"""Pieces of photographs: from which of sixteen does each come? No piece to test on overlaps one to learn from."""

import numpy as np
from PIL import Image

from dlcourse.data.dataset import Split
from dlcourse.data.photos import NAMES, photo
from dlcourse.errors import CourseError, unknown

SIDE = 96
# the quarters of each photograph, from the upper left to the lower right
_QUARTERS = {"train": (0, 3), "held": (1,), "test": (2,)}
_SIZES = 0.45, 0.8  # of a piece, as a share of the quarter's shorter side
_CONTRASTS, _LIGHTS = (0.5, 1.2), (0.5, 1.4)


def pieces(part: str, per_class: int, seed: int = 0) -> Split:
    """Random squares out of the course's photographs, grey, some mirrored, each with a contrast and a light of its own.

    Args:
        part: "train" for pieces of the upper left and the lower right quarter of each photograph, "held" for some of
            the upper right, "test" for some of the lower left.
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
    if part not in _QUARTERS:
        raise unknown("part", part, _QUARTERS)
    if not isinstance(per_class, int | np.integer) or per_class < 1:
        raise CourseError(f"`per_class` must be a whole number above 0, but it is {per_class!r}.")
    x = np.empty((len(NAMES), per_class, SIDE, SIDE), np.uint8)
    for label, name in enumerate(NAMES):
        quarters = _quartered(name)
        dice = np.random.default_rng([seed, label, *_QUARTERS[part]])
        for number in range(per_class):
            quarter = quarters[_QUARTERS[part][number % len(_QUARTERS[part])]]
            x[label, number] = _piece(quarter, dice)
    y = np.repeat(np.arange(len(NAMES)), per_class)
    return Split(np.repeat(x.reshape(-1, SIDE, SIDE, 1), 3, axis=3), y)


def _quartered(name: str) -> tuple[np.ndarray, ...]:
    """The four quarters of a photograph, in shades of grey."""
    grey = np.asarray(Image.fromarray(photo(name)).convert("L"))
    v, u = grey.shape[0] // 2, grey.shape[1] // 2
    return grey[:v, :u], grey[:v, u:], grey[v:, :u], grey[v:, u:]


def _piece(quarter: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """A random square of it."""
    side = int(min(quarter.shape) * dice.uniform(*_SIZES))
    top, left = (int(dice.integers(length - side + 1)) for length in quarter.shape)
    square = Image.fromarray(quarter[top : top + side, left : left + side])
    values = np.asarray(square.resize((SIDE, SIDE), Image.Resampling.BILINEAR), float)
    if dice.random() < 0.5:
        values = values[:, ::-1]
    mean = values.mean()
    values = (mean + (values - mean) * dice.uniform(*_CONTRASTS)) * dice.uniform(*_LIGHTS)
    return np.clip(values, 0, 255).round().astype(np.uint8)
