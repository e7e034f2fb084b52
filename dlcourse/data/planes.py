"""Points in the plane: small two-class (or more) problems that a network's work can be drawn on."""

from collections.abc import Callable

import numpy as np

from dlcourse.data.dataset import Parts, Split
from dlcourse.errors import CourseError, unknown


def _moons(rng: np.random.Generator, y: np.ndarray) -> np.ndarray:
    angle = rng.uniform(0, np.pi, len(y))
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    return np.where(y[:, None] == 0, upper, lower) - [0.5, 0.25]


def _circles(rng: np.random.Generator, y: np.ndarray) -> np.ndarray:
    angle = rng.uniform(0, 2 * np.pi, len(y))
    radius = np.where(y == 0, 1.0, 0.45)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _spiral(rng: np.random.Generator, y: np.ndarray) -> np.ndarray:
    radius = np.sqrt(rng.uniform(0.01, 1, len(y)))  # the root spreads the points evenly along the arm
    angle = 3.5 * np.pi * radius + np.pi * y
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _xor(rng: np.random.Generator, y: np.ndarray) -> np.ndarray:
    side = rng.choice([-1.0, 1.0], len(y))
    x = rng.uniform(0.05, 1, (len(y), 2))
    return x * np.stack([side, np.where(y == 0, side, -side)], axis=1)


def _gaussians(rng: np.random.Generator, y: np.ndarray) -> np.ndarray:
    centre = np.where(y[:, None] == 0, [-0.5, -0.5], [0.5, 0.5])
    return centre + 0.25 * rng.normal(size=(len(y), 2))


_KINDS: dict[str, Callable[[np.random.Generator, np.ndarray], np.ndarray]] = {
    "moons": _moons,
    "circles": _circles,
    "spiral": _spiral,
    "xor": _xor,
    "gaussians": _gaussians,
}

KINDS = tuple(_KINDS)
CLASSES = ("first", "second")


def plane(kind: str = "moons", count: int = 400, noise: float = 0.1, seed: int = 0) -> Split:
    """Points of two classes in the plane, within about -1.5 … 1.5.

    Args:
        kind: "moons", "circles", "spiral", "xor" or "gaussians".
        count: how many points; the classes differ by one at most.
        noise: standard deviation of what is added to each coordinate.
        seed: the same seed, the same points.

    Returns:
        x of shape (count, 2), float32, and y of 0 and 1, int64, shuffled.

    Raises:
        CourseError: an unknown kind, a count below 2 or a negative noise.
    """
    if kind not in _KINDS:
        raise unknown("kind of plane", kind, _KINDS)
    if count < 2:
        raise CourseError(f"A plane needs at least 2 points, one a class; count is {count}.")
    if noise < 0:
        raise CourseError(f"noise is a standard deviation, 0 or more; it is {noise}.")
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(count) % 2)
    x = _KINDS[kind](rng, y) + noise * rng.normal(size=(count, 2))
    return Split(x.astype(np.float32), y)


def small(kind: str = "moons", count: int = 400, noise: float = 0.1, seed: int = 0) -> Parts:
    """`count` points to train on and as many to test, drawn from one distribution."""
    points = plane(kind, 2 * count, noise, seed)
    return Split(points.x[:count], points.y[:count]), Split(points.x[count:], points.y[count:]), CLASSES
