"""Two networks that are at hand without a model of the learner's: trained on upright digits, and on turned ones."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from dlcourse.data import load
from dlcourse.data.cache import keep_arrays
from dlcourse.lens.activation_functions import softmax
from dlcourse.lens.transforming import transformed
from dlcourse.widgets.shared.browser_network import Writer

_HIDDEN, _EPOCHS, _BATCH, _RATE, _MOMENTUM = 32, 12, 50, 0.1, 0.9
_ANGLES = {"plain": (0,), "augmented": tuple(range(-45, 46, 9))}  # of the training digits, in turns
_KEY = "orbit-example"  # of the weights; change it with the training

Weights = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class DigitNetwork:
    """A network with one hidden layer that tells digits of 28 × 28 apart.

    Attributes:
        name: "plain" or "augmented".
        weights: Kernel and bias of the hidden layer, and of the classes.
    """

    name: str
    weights: tuple[np.ndarray, ...]

    @property
    def described(self) -> dict[str, Any]:
        """All of it for the browser, as `describe` gives it."""
        writer = Writer()
        digit = writer.add("input", "input", [], (784,))
        relu, finish = ({"layer": "Dense", "activation": {"name": kind}} for kind in ("relu", "softmax"))
        hidden = writer.add("dense", "hidden", [digit], (_HIDDEN,), self.weights[:2], **relu)
        return writer.described(writer.add("dense", "classes", [hidden], (10,), self.weights[2:], **finish))

    @property
    def multiplications(self) -> int:
        """What a picture costs, but for the few of the classes."""
        return 784 * _HIDDEN

    def answers(self, pictures: np.ndarray) -> np.ndarray:
        """Its probabilities, n × 10, for pictures n × 28 × 28 × 1 from 0 to 1."""
        first, second, third, fourth = self.weights
        rows = pictures.reshape(len(pictures), -1).astype("float32")
        return softmax(np.maximum(rows @ first + second, 0) @ third + fourth)

    def to_keras(self) -> Any:
        """The same as a Keras model."""
        import keras
        from keras import layers

        steps = [layers.Flatten(), layers.Dense(_HIDDEN, "relu", name="hidden")]
        steps.append(layers.Dense(10, "softmax", name="classes"))
        model = keras.Sequential([keras.Input((28, 28, 1)), *steps], name=self.name)
        model.set_weights(self.weights)
        return model


@cache
def digit_networks() -> list[DigitNetwork]:
    """Both, trained in NumPy on the course's 4,000 digits within some seconds; then kept.

    Example:
        >>> [network.name for network in digit_networks()]
        ['plain', 'augmented']
    """
    kept = keep_arrays(_KEY, _trained)
    return [DigitNetwork(name, tuple(kept[f"{name} {part}"] for part in range(4))) for name in _ANGLES]


def _trained() -> dict[str, np.ndarray]:
    train = load("mnist").train
    weights = {name: _fit(train.x, train.y, angles) for name, angles in _ANGLES.items()}
    return {f"{name} {part}": array for name, arrays in weights.items() for part, array in enumerate(arrays)}


def _fit(pictures: np.ndarray, labels: np.ndarray, angles: tuple[int, ...]) -> Weights:
    """Stochastic gradient descent with momentum; in each epoch every digit is turned by the next of the angles."""
    random = np.random.default_rng(0)
    shapes = ((784, _HIDDEN), (_HIDDEN,), (_HIDDEN, 10), (10,))
    weights = [random.normal(0, np.sqrt(2 / shape[0]) if len(shape) == 2 else 0, shape) for shape in shapes]
    weights = [array.astype("float32") for array in weights]
    speeds = [np.zeros_like(array) for array in weights]
    targets = np.eye(10, dtype="float32")[labels]
    for epoch in range(_EPOCHS):
        x = np.empty((len(pictures), 784), "float32")
        for place, angle in enumerate(angles):
            part = slice((place + epoch) % len(angles), None, len(angles))
            turned = transformed(pictures[part][..., None], turn=angle)
            x[part] = turned.reshape(len(turned), -1) / np.float32(255)
        rate = np.float32(_RATE * (1 - epoch / _EPOCHS))
        for some in random.permutation(len(x)).reshape(-1, _BATCH):
            for array, speed, gradient in zip(
                weights, speeds, _gradients(weights, x[some], targets[some]), strict=True
            ):
                speed *= np.float32(_MOMENTUM)
                speed -= rate * gradient
                array += speed
    first, second, third, fourth = weights
    return first, second, third, fourth


def _gradients(weights: list[np.ndarray], x: np.ndarray, targets: np.ndarray) -> list[np.ndarray]:
    hidden = np.maximum(x @ weights[0] + weights[1], 0)
    wrong = (softmax(hidden @ weights[2] + weights[3]) - targets) / len(x)
    back = (wrong @ weights[2].T) * (hidden > 0)
    return [x.T @ back, back.sum(0), hidden.T @ wrong, wrong.sum(0)]
