"""Examples about which `Threshold` decides: their probabilities, their classes, and pictures of them."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.widgets.shared.classifier import class_names
from dlcourse.widgets.shared.picture_batch import as_bytes, checked_pictures, small
from dlcourse.widgets.shared.tiny_network import tiny_network

MOST = 2000  # examples
_LONGEST, _SHORTEST = 48, 16  # the longer side of a picture on the page, and the least that still shows something
_BYTES = 1_500_000  # of all pictures
_WARMTH = 2.5  # of the example: its softmax is less sure, so that a threshold has something to decide


@dataclass(frozen=True, eq=False)
class Decided:
    """What a model has answered, n × k; of two classes with one output the first is what is left of 1."""

    probabilities: np.ndarray
    labels: np.ndarray
    classes: list[str]
    pictures: np.ndarray | None  # uint8, n × height × width × channels
    name: str  # of the example; "" for what a learner has given

    def asked(self, positive: int) -> tuple[np.ndarray, np.ndarray]:
        """How probable each example is of one class, and whether it is."""
        return self.probabilities[:, positive], self.labels == positive

    def described(self) -> dict[str, Any]:
        """As it travels to the browser."""
        pictures = None
        if self.pictures is not None:
            pictures = {"shape": list(self.pictures.shape[1:]), "bytes": self.pictures.tobytes()}
        return {
            "probabilities": np.ascontiguousarray(self.probabilities.T).tobytes(),  # class by class
            "labels": self.labels.tolist(),
            "classes": self.classes,
            "pictures": pictures,
            "name": self.name,
        }


def decided(probabilities: Any, labels: Any, images: Any = None, classes: Any = None) -> Decided:
    """A learner's examples.

    Raises:
        CourseError: If they cannot be used, with the mend.

    Example:
        >>> decided([0.9, 0.2], [1, 0], classes=["dog", "cat"]).probabilities
        array([[0.1, 0.9],
               [0.8, 0.2]])
    """
    values = _probabilities(probabilities)
    if labels is None:
        raise CourseError("Which answers were right? Pass them as well: Threshold(probabilities, labels).")
    count, units = values.shape
    right = np.asarray(labels)
    right = right[:, 0] if right.shape == (count, 1) else right
    if right.shape != (count,) or right.dtype.kind not in "biu":
        raise CourseError(
            f"`labels` must be {count} whole numbers, a class for each example, but they have the shape {right.shape} "
            f"and the type {right.dtype}: of one-hot rows take labels.argmax(axis=1)."
        )
    if right.min() < 0 or right.max() >= units:
        raise CourseError(f"`labels` go from {right.min()} to {right.max()}, but there are only {units} classes.")
    return Decided(values, right.astype(int), class_names(classes, units), _pictures(images, count), "")


@cache
def example() -> Decided:
    """Four hundred digits that a small network has read, none of which it had learned from."""
    network = tiny_network()
    softened = np.log(np.maximum(network.outputs_with({}).astype(float), 1e-12)) / _WARMTH
    shares = np.exp(softened - softened.max(axis=1, keepdims=True))
    pictures = np.rint(255 * network.x.reshape(-1, 28, 28, 1)).astype(np.uint8)
    return Decided(
        shares / shares.sum(axis=1, keepdims=True),
        network.y.astype(int),
        [str(d) for d in range(10)],
        pictures,
        "digits",
    )


def _probabilities(given: Any) -> np.ndarray:
    values = np.asarray(given, float)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim == 1:
        values = np.stack([1 - values, values], axis=1)
    if values.ndim != 2 or not values.size:
        raise CourseError(
            f"`probabilities` must be n numbers, or n rows of one for each class, but their shape is {values.shape}."
        )
    if len(values) > MOST:
        raise CourseError(f"There is room for {MOST:,} examples, but these are {len(values):,}: pass the first ones.")
    if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1):
        raise CourseError(
            f"`probabilities` lie between 0 and 1, but these go from {np.nanmin(values):g} to {np.nanmax(values):g}: "
            "logits need a sigmoid or a softmax first."
        )
    return values


def _pictures(images: Any, count: int) -> np.ndarray | None:
    if images is None:
        return None
    pictures = as_bytes(checked_pictures(images, count))
    fits = int((_BYTES / (count * pictures.shape[-1])) ** 0.5)
    return small(pictures, max(_SHORTEST, min(_LONGEST, fits)))
