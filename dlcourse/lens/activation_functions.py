"""Activation functions with their slopes, as Keras defines them, in NumPy.

The browser has the same table (widgets/shared/js/activation_functions.js); a test holds both against Keras. At a kink
the slope is that on its left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import erf, pi, sqrt
from typing import Any

import numpy as np


@dataclass(frozen=True)
class ActivationFunction:
    """What a unit does with its sum, and how much of a change it lets through.

    >>> relu = ACTIVATION_FUNCTIONS["relu"]
    >>> relu(np.array([-1.0, 2.0])), relu.slopes(np.array([-1.0, 2.0]))
    (array([0., 2.]), array([0., 1.]))

    Attributes:
        value: From the sums to the outputs.
        slope: From the sums and the outputs to the slopes, so that outputs at hand need not be computed again.
    """

    value: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray, np.ndarray], np.ndarray]

    def __call__(self, x: Any) -> np.ndarray:
        """The outputs for these sums."""
        return self.value(np.asarray(x, float))

    def slopes(self, x: Any) -> np.ndarray:
        """The slopes at these sums."""
        sums = np.asarray(x, float)
        return self.slope(sums, self.value(sums))


def softmax(scores: np.ndarray) -> np.ndarray:
    """Positive numbers that sum to 1 along the last axis, in the proportions of exp(scores); safe for large ones.

    Example:
        >>> softmax(np.array([0.0, 0.0]))
        array([0.5, 0.5])
    """
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def logistic(x: np.ndarray) -> np.ndarray:
    """Any number as one from 0 to 1; safe for large ones.

    Example:
        >>> logistic(np.array([-1000.0, 0.0]))
        array([0. , 0.5])
    """
    power = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, power) / (1 + power)


_LEAK = 0.2  # Keras' activation "leaky_relu"; its layer LeakyReLU has 0.3
_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


# the share of a normal distribution that lies below
_normal_below = np.vectorize(lambda x: (1 + erf(x / sqrt(2))) / 2, otypes=[float])


def _normal_density(x: np.ndarray) -> np.ndarray:
    return np.exp(-x * x / 2) / sqrt(2 * pi)


def _elu(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


# by Keras' names; "step" is the perceptron's, which Keras does not have
ACTIVATION_FUNCTIONS = {
    "step": ActivationFunction(lambda x: np.where(x >= 0, 1.0, 0.0), lambda x, _: np.zeros_like(x)),
    "sigmoid": ActivationFunction(logistic, lambda _, y: y * (1 - y)),
    "tanh": ActivationFunction(np.tanh, lambda _, y: 1 - y * y),
    "relu": ActivationFunction(lambda x: np.maximum(x, 0), lambda x, _: np.where(x > 0, 1.0, 0.0)),
    "leaky_relu": ActivationFunction(lambda x: np.where(x > 0, x, _LEAK * x), lambda x, _: np.where(x > 0, 1.0, _LEAK)),
    "elu": ActivationFunction(_elu, lambda x, y: np.where(x > 0, 1.0, y + 1)),
    "selu": ActivationFunction(
        lambda x: _SELU_SCALE * np.where(x > 0, x, _SELU_ALPHA * _elu(x)),
        lambda x, y: np.where(x > 0, _SELU_SCALE, y + _SELU_SCALE * _SELU_ALPHA),
    ),
    "softplus": ActivationFunction(lambda x: np.logaddexp(0, x), lambda x, _: logistic(x)),
    "silu": ActivationFunction(lambda x: x * logistic(x), lambda x, y: logistic(x) * (1 - y) + y),
    "gelu": ActivationFunction(lambda x: x * _normal_below(x), lambda x, _: _normal_below(x) + x * _normal_density(x)),
    "linear": ActivationFunction(lambda x: x, lambda x, _: np.ones_like(x)),
}
