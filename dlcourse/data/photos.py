"""Photographs that scikit-image and scikit-learn carry in their packages: read from there, never downloaded."""

import importlib.util
from pathlib import Path

import numpy as np
from PIL import Image

from dlcourse.data.dataset import Parts, Split
from dlcourse.errors import CourseError, unknown

# name in the course -> package and file; each is a photograph (no drawing, no synthetic pattern)
_FILES = {
    "astronaut": ("skimage", "data/astronaut.png"),
    "brick": ("skimage", "data/brick.png"),
    "camera": ("skimage", "data/camera.png"),
    "cat": ("skimage", "data/chelsea.png"),
    "china": ("sklearn", "datasets/images/china.jpg"),
    "clock": ("skimage", "data/clock_motion.png"),
    "coffee": ("skimage", "data/coffee.png"),
    "coins": ("skimage", "data/coins.png"),
    "flower": ("sklearn", "datasets/images/flower.jpg"),
    "grass": ("skimage", "data/grass.png"),
    "gravel": ("skimage", "data/gravel.png"),
    "hubble": ("skimage", "data/hubble_deep_field.jpg"),
    "moon": ("skimage", "data/moon.png"),
    "motorcycle": ("skimage", "data/motorcycle_left.png"),
    "retina": ("skimage", "data/retina.jpg"),
    "rocket": ("skimage", "data/rocket.jpg"),
}

NAMES = tuple(_FILES)


def photo(name: str) -> np.ndarray:
    """One photograph by name, height × width × 3, uint8 (grey ones have three equal channels).

    Example:
        >>> photo("cat").shape
        (300, 451, 3)
    """
    if name not in _FILES:
        raise unknown("photograph", name, _FILES)
    package, inside = _FILES[name]
    spec = importlib.util.find_spec(package)  # finds the folder without importing the package
    if spec is None or spec.origin is None:
        raise CourseError(
            f"The photograph {name!r} comes with {package}, which is not installed; pip install dlcourse again."
        )
    with Image.open(Path(spec.origin).parent / inside) as picture:
        return np.asarray(picture.convert("RGB"))


def small() -> Parts:
    """scikit-image's photographs to train on, scikit-learn's two to test; y is the index in `NAMES`."""
    by_package: dict[str, list[int]] = {"skimage": [], "sklearn": []}
    for index, name in enumerate(NAMES):
        by_package[_FILES[name][0]].append(index)
    train, test = (_pictures(indices) for indices in by_package.values())
    return train, test, NAMES


def _pictures(indices: list[int]) -> Split:
    x = np.empty(len(indices), object)  # the photographs have different sizes
    for place, index in enumerate(indices):
        x[place] = photo(NAMES[index])
    return Split(x, np.array(indices, np.int64))
