"""What `PictureMap` lays out: features, pictures, and where neighbours are; the learner's, or those at hand."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.lens.embedding import Nearest, agreement_by_chance, checked_features, embedded, nearest
from dlcourse.widgets.shared.classifier import class_names
from dlcourse.widgets.shared.picture_batch import as_bytes, checked_pictures, small
from dlcourse.widgets.shared.tiny_network import tiny_network

MOST, FEWEST = 500, 3  # pictures
NEIGHBOURS = 20  # that are sought, at most
_LONGEST, _BYTES = 64, 2_500_000  # the longer side of a picture on the page, and the bytes of all
_AT_HAND = 300


@dataclass(frozen=True, eq=False)
class Mapped:
    """Pictures with their features.

    Attributes:
        features: A row for each picture.
        pictures: n × height × width × channels, uint8.
        labels: Class numbers; None where nobody knows.
        classes: What the classes are called.
        neighbours: The nearest of each by their features.
        at_hand: Whether they are the widget's own.
    """

    features: np.ndarray
    pictures: np.ndarray
    labels: np.ndarray | None
    classes: list[str]
    neighbours: Nearest
    at_hand: bool
    _points: dict[str, np.ndarray] = field(default_factory=dict)

    def points(self, method: str) -> np.ndarray:
        """Where the pictures lie; computed once for each method."""
        if method not in self._points:
            self._points[method] = embedded(self.features, method)
        return self._points[method]

    def described(self) -> dict[str, Any]:
        """As it travels; the points come apart from it."""
        labels = None if self.labels is None else self.labels.tolist()
        return {
            "count": len(self.features),
            "dimensions": self.features.shape[1],
            "pictures": {"shape": list(self.pictures.shape[1:]), "bytes": self.pictures.tobytes()},
            "labels": labels,
            "classes": self.classes,
            "chance": None if self.labels is None else agreement_by_chance(self.labels),
            "sought": self.neighbours.indices.shape[1],
            "neighbours": self.neighbours.indices.astype("uint16").tobytes(),
            "distances": self.neighbours.distances.astype("float32").tobytes(),
            "at_hand": self.at_hand,
        }


def mapped(features: Any, images: Any, labels: Any = None, classes: Any = None) -> Mapped:
    """A learner's pictures.

    Args:
        features: A row of numbers for each picture.
        images: The pictures.
        labels: Class numbers, one-hot rows or names; None where nobody knows.
        classes: What the class numbers are called.

    Raises:
        CourseError: If they cannot be used, with the mend.

    Example:
        >>> mapped(np.eye(4), np.zeros((4, 8, 8)), ["cat", "dog", "dog", "cat"]).classes
        ['cat', 'dog']
    """
    rows = checked_features(features)
    count = len(rows)
    if not FEWEST <= count <= MOST:
        raise CourseError(
            f"A map has room for {FEWEST} to {MOST} pictures, but there are features of {count}: pass some of them."
        )
    if images is None:
        raise CourseError("What do the features belong to? Pass the pictures as well: PictureMap(features, images).")
    pictures = _small(checked_pictures(images, count))
    numbers, names = (None, []) if labels is None else _classes(labels, count, classes)
    return Mapped(rows, pictures, numbers, names, nearest(rows, min(NEIGHBOURS, count - 1)), at_hand=False)


@cache
def mapped_at_hand() -> Mapped:
    """Digits by what the second layer of a small network makes of them."""
    network = tiny_network()
    values = network.x[:_AT_HAND]
    for weights, biases in network.layers[:2]:
        values = np.maximum(values @ weights + biases, 0)
    pictures = np.rint(255 * network.x[:_AT_HAND].reshape(-1, 28, 28, 1)).astype(np.uint8)
    classes = [str(digit) for digit in range(10)]
    rows = checked_features(values)
    return Mapped(rows, pictures, network.y[:_AT_HAND], classes, nearest(rows, NEIGHBOURS), at_hand=True)


def _classes(labels: Any, count: int, classes: Any) -> tuple[np.ndarray, list[str]]:
    given = np.asarray(labels)
    if given.ndim == 2 and given.shape[1] > 1:
        given = given.argmax(axis=1)
    given = given.reshape(-1)
    if len(given) != count:
        raise CourseError(f"`labels` has {len(given)} classes for {count} pictures: pass one for each.")
    if given.dtype.kind in "US":
        different, places = np.unique(given, return_inverse=True)
        return places, [str(name) for name in different]
    if given.dtype.kind not in "biuf" or not (given == np.rint(given)).all() or given.min() < 0:
        raise CourseError("`labels` must be class numbers from 0 on, or names.")
    numbers = given.astype(int)
    names = class_names(classes, int(numbers.max()) + 1 if classes is None else len(classes))
    if numbers.max() >= len(names):
        raise CourseError(f"`labels` go up to {numbers.max()}, but `classes` has {len(names)} names, for 0 and so on.")
    return numbers, names


def _small(pictures: np.ndarray) -> np.ndarray:
    count, height, width, channels = pictures.shape
    longest = min(_LONGEST, max(1, int((_BYTES / (count * height * width * channels)) ** 0.5 * max(height, width))))
    if pictures.dtype == np.uint8 and pictures.max() > 1:
        return np.ascontiguousarray(small(pictures, longest))
    step = max(1, max(height, width) // (2 * _LONGEST))  # of floats `as_bytes` needs some copies
    return np.ascontiguousarray(small(as_bytes(pictures[:, ::step, ::step]), longest))
