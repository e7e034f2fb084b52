"""The network that is at hand without a model of the learner's: three dense layers that tell digits apart."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from dlcourse.data import load
from dlcourse.lens.activation_functions import softmax
from dlcourse.lens.precision import WeightTensor
from dlcourse.widgets.shared.browser_network import Writer

_UNITS = (784, 32, 16, 10)
_NAMES = ("hidden1", "hidden2", "digits")
_EPOCHS, _BATCH, _RATE, _MOMENTUM = 8, 250, 0.15, 0.9
_SHOWN = 400  # of the digits that it has not seen


class TinyNetwork(NamedTuple):
    """Its weights and biases, a pair for each layer, and digits that it has not learned from."""

    layers: tuple[tuple[np.ndarray, np.ndarray], ...]
    x: np.ndarray
    y: np.ndarray

    @property
    def tensors(self) -> list[WeightTensor]:
        """The weights of its layers."""
        return [WeightTensor(name, "Dense", weights) for name, (weights, _) in zip(_NAMES, self.layers, strict=True)]

    def outputs_with(self, replaced: Mapping[str, np.ndarray]) -> np.ndarray:
        """What it puts out for its digits with other weights in some of the layers."""
        values = self.x
        for name, (weights, biases) in zip(_NAMES, self.layers, strict=True):
            values = values @ replaced.get(name, weights) + biases
            values = softmax(values) if name == _NAMES[-1] else np.maximum(values, 0)
        return values

    def described(self) -> dict:
        """It as the browser runs it."""
        writer = Writer()
        number = writer.add("input", "input", [], (_UNITS[0],))
        for name, (weights, biases) in zip(_NAMES, self.layers, strict=True):
            activation = {"name": "softmax" if name == _NAMES[-1] else "relu"}
            settings = {"layer": "Dense", "activation": activation}
            number = writer.add("dense", name, [number], biases.shape, [weights, biases], **settings)
        return writer.described(number)


@cache
def tiny_network() -> TinyNetwork:
    """Trains on the course's 4,000 digits, in a second and without Keras.

    Example:
        >>> tiny_network().outputs_with({}).shape
        (400, 10)
    """
    digits = load("mnist")
    x, y = _rows(digits.train.x), np.eye(10, dtype="float32")[digits.train.y]
    generator = np.random.default_rng(0)
    layers = [
        [generator.normal(0, np.sqrt(2 / inputs), (inputs, units)).astype("float32"), np.zeros(units, "float32")]
        for inputs, units in pairwise(_UNITS)
    ]
    speeds = [[np.zeros_like(array) for array in layer] for layer in layers]
    for epoch in range(_EPOCHS):
        rate = np.float32(_RATE * (1 - epoch / _EPOCHS))
        for batch in generator.permutation(len(x)).reshape(-1, _BATCH):
            for layer, speed, gradients in zip(layers, speeds, _gradients(layers, x[batch], y[batch]), strict=True):
                for place, gradient in enumerate(gradients):
                    speed[place] = np.float32(_MOMENTUM) * speed[place] - rate * gradient
                    layer[place] = layer[place] + speed[place]
    unseen = slice(_SHOWN)
    return TinyNetwork(
        tuple((weights, biases) for weights, biases in layers), _rows(digits.test.x[unseen]), digits.test.y[unseen]
    )


def _gradients(layers: list, x: np.ndarray, y: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """The loss's gradients, a pair for each layer."""
    passed = [x]
    for weights, biases in layers[:-1]:
        passed.append(np.maximum(passed[-1] @ weights + biases, 0))
    wrong = (softmax(passed[-1] @ layers[-1][0] + layers[-1][1]) - y) / np.float32(len(x))
    gradients: list[tuple[np.ndarray, np.ndarray]] = []
    for (weights, _), values in zip(reversed(layers), reversed(passed), strict=True):
        gradients.insert(0, (values.T @ wrong, wrong.sum(0)))
        wrong = (wrong @ weights.T) * (values > 0)
    return gradients


def _rows(pictures: np.ndarray) -> np.ndarray:
    return pictures.reshape(len(pictures), -1).astype("float32") / np.float32(255)
