"""The network at hand without a model of the learner's: it tells digits apart, and is asked without Keras."""

from functools import cached_property
from typing import Any

import numpy as np

from dlcourse.data import load
from dlcourse.widgets.paint_out.network import Network
from dlcourse.widgets.shared.digit_networks import digit_networks
from dlcourse.widgets.shared.picture_input import Picture

_SIZE = (28, 28, 1)
_EIGHT = 4  # which of the eights among the test digits


class Example(Network):
    """A network with one hidden layer, run in the browser."""

    def __init__(self) -> None:
        """Trains it, where nobody has yet."""
        self._digits = digit_networks()[0]
        self.name, self.size, self.layer = "a small network", _SIZE, None
        self.classes, self.targets = [str(digit) for digit in range(10)], []
        self.described = {
            "name": self.name,
            "example": True,
            "network": self._digits.described,
            "why": "",
            "finish": "probabilities",
            "white": 1.0,
            "size": list(_SIZE),
            "classes": self.classes,
            "targets": [],
            "layer": "",
            "given": "pixels",
            "grey": "np.full((1, 28, 28, 1), 0.5)",
        }

    @cached_property
    def model(self) -> Any:
        """It as a Keras model."""
        return self._digits.to_keras()

    def input_of(self, pixels: np.ndarray) -> np.ndarray:
        """See above."""
        return (pixels / np.float32(255)).astype("float32")

    def probabilities(self, pixels: np.ndarray) -> np.ndarray:
        """See above."""
        return self._digits.answers(self.input_of(pixels))

    def grey(self) -> np.ndarray:
        """See above."""
        return np.full(_SIZE, 0.5, "float32")


def example_picture() -> Picture:
    """A digit that is soon another one.

    Example:
        >>> example_picture().pixels.shape
        (28, 28, 1)
    """
    test = load("mnist").test
    return Picture(test.x[test.y == 8][_EIGHT][..., None], "a test digit")
