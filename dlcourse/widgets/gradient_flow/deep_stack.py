"""A deep stack of dense layers and its training, in NumPy: number for number what deep_stack.js does.

The stack begins the same in both places, because both have the same random numbers (random_numbers.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np

from dlcourse.lens.activation_functions import ACTIVATION_FUNCTIONS, logistic
from dlcourse.lens.decades import LayerSizes, sizes
from dlcourse.widgets.shared.random_numbers import evens, normals

_NARROW = 1e-3  # what batch normalisation adds to a variance, as in Keras
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "gelu", "linear")  # as they are offered
EDGE = 0.02  # a unit is saturated within this share of its range from a limit, for more than half of the examples


@dataclass(frozen=True)
class Settings:
    """What a stack is and how it is trained; the names are those of the widget's traits."""

    depth: int
    width: int
    activation: str
    initialization: str
    batch_norm: bool
    residual: bool
    learning_rate: float
    batch: int
    seed: int


@dataclass
class Dense:
    """The weights of a layer, or their gradients; `gain` and `shift` are those of batch normalisation, if any."""

    kernel: np.ndarray
    bias: np.ndarray
    gain: np.ndarray
    shift: np.ndarray

    def arrays(self) -> tuple[np.ndarray, ...]:
        """All weights."""
        return self.kernel, self.bias, self.gain, self.shift


@dataclass
class Pass:
    """What one batch shows: an array for each layer, the output layer last."""

    loss: float
    outputs: list[np.ndarray]
    back: list[np.ndarray]  # the loss' gradient by the outputs
    slopes: list[Dense]  # and by the weights


def two_spirals(count: int = 256, noise: float = 0.03) -> tuple[np.ndarray, np.ndarray]:
    """Two arms of points around each other, as the examples of one class and of the other."""
    share = np.arange(count) // 2 / (count / 2)
    label = np.arange(count) % 2
    angle = 2 * np.pi * (0.1 + 0.9 * share) + np.pi * label
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (0.2 + 1.3 * share)[:, None]
    x += np.random.default_rng(0).normal(scale=noise, size=x.shape)
    return x.astype("float32"), label.astype("float32")


def spread_of(initialization: str, inputs: int, units: int) -> float:
    """The standard deviation of a layer's first weights."""
    return {
        "small": 0.01,
        "large": 1.0,
        "glorot": sqrt(2 / (inputs + units)),
        "he": sqrt(2 / inputs),
        "lecun": sqrt(1 / inputs),
    }[initialization]


def new_stack(settings: Settings, features: int) -> list[Dense]:
    """The layers as they begin, the output layer last."""
    lengths = [features, *[settings.width] * settings.depth, 1]
    shapes = list(pairwise(lengths))
    draws = normals(settings.seed, sum(inputs * units for inputs, units in shapes))
    stack, at = [], 0
    for number, (inputs, units) in enumerate(shapes):
        kernel = draws[at : at + inputs * units].reshape(inputs, units)
        at += inputs * units
        normed = settings.batch_norm and number < settings.depth
        kernel = kernel * spread_of(settings.initialization, inputs, units)
        length = units if normed else 0
        stack.append(Dense(kernel, np.zeros(0 if normed else units), np.ones(length), np.zeros(length)))
    return stack


def run(stack: list[Dense], x: np.ndarray, y: np.ndarray, settings: Settings) -> Pass:
    """A batch forward and back; the loss is the mean of the binary cross-entropy of logits."""
    activation = ACTIVATION_FUNCTIONS[settings.activation]
    at, inputs, inner, outputs = np.asarray(x, float), [], [], []
    normed: list[Any] = []  # the whitened sums and their scales
    for number, layer in enumerate(stack):
        inputs.append(at)
        sums = at @ layer.kernel
        normed.append(None)
        if layer.gain.size:
            scale = 1 / np.sqrt(sums.var(axis=0) + _NARROW)
            white = (sums - sums.mean(axis=0)) * scale
            normed[-1] = (white, scale)
            sums = white * layer.gain + layer.shift
        else:
            sums = sums + layer.bias
        inner.append(sums)
        last = number == len(stack) - 1
        outputs.append(sums if last else activation.value(sums))
        at = outputs[-1] + at if settings.residual and number and not last else outputs[-1]
    logits, answers = outputs[-1][:, 0], np.asarray(y, float)
    losses = np.maximum(logits, 0) - logits * answers + np.log1p(np.exp(-np.abs(logits)))
    gradient = ((logistic(logits) - answers) / len(answers))[:, None]
    gradients, slopes = [gradient], []
    for number in range(len(stack) - 1, -1, -1):
        layer = stack[number]
        last = number == len(stack) - 1
        through = gradient if last else gradient * activation.slope(inner[number], outputs[number])
        none = np.zeros(0)
        if layer.gain.size:
            white, scale = normed[number]
            gain, shift = (through * white).sum(axis=0), through.sum(axis=0)
            through = layer.gain * scale * (through - shift / len(x) - white * gain / len(x))
            slope = Dense(inputs[number].T @ through, none, gain, shift)
        else:
            slope = Dense(inputs[number].T @ through, through.sum(axis=0), none, none)
        slopes.append(slope)
        if number:
            before = through @ layer.kernel.T
            gradient = before + gradient if settings.residual and not last else before
            gradients.append(gradient)
    return Pass(float(losses.mean()), outputs, gradients[::-1], slopes[::-1])


def trained(stack: list[Dense], x: np.ndarray, y: np.ndarray, settings: Settings, steps: range) -> list[Dense]:
    """The stack after these steps of gradient descent, counted from 0."""
    stack = [replace(layer) for layer in stack]
    with np.errstate(all="ignore"):  # a training that explodes is a thing to be seen
        for step in steps:
            rows = batch_of(step, len(x), settings)
            for layer, slope in zip(stack, run(stack, x[rows], y[rows], settings).slopes, strict=True):
                rate = settings.learning_rate
                layer.kernel = layer.kernel - rate * slope.kernel
                layer.bias = layer.bias - rate * slope.bias
                layer.gain = layer.gain - rate * slope.gain
                layer.shift = layer.shift - rate * slope.shift
    return stack


def batch_of(step: int, count: int, settings: Settings) -> np.ndarray:
    """Which examples a step sees: each epoch goes through all of them in an order of its own."""
    per_epoch = max(1, count // settings.batch)
    epoch, at = divmod(step, per_epoch)
    draws = evens((settings.seed * 7919 + epoch + 1) % 2**32, count)
    order = np.argsort(draws, kind="stable")
    return order[at * settings.batch : (at + 1) * settings.batch]


def weights_in_line(stack: list[Dense]) -> Iterator[np.ndarray]:
    """All weights, layer by layer, in the order in which they travel."""
    for layer in stack:
        yield from layer.arrays()


def from_line(numbers: np.ndarray, like: list[Dense]) -> list[Dense]:
    """The layers from their weights in a row."""
    stack, at = [], 0
    for layer in like:
        parts = []
        for array in layer.arrays():
            parts.append(np.asarray(numbers[at : at + array.size], float).reshape(array.shape))
            at += array.size
        stack.append(Dense(*parts))
    return stack


def dead_units(outputs: np.ndarray) -> float:
    """The share of units that are 0 for the whole batch."""
    return float((outputs == 0).all(axis=0).mean())


def saturated_units(outputs: np.ndarray, activation: str) -> float:
    """The share of units that stand at a limit for more than half of the batch; NaN where there is no limit."""
    limits = {"sigmoid": (0, 1), "tanh": (-1, 1)}.get(activation)
    if limits is None:
        return float("nan")
    near = EDGE * (limits[1] - limits[0])
    at_limit = (outputs < limits[0] + near) | (outputs > limits[1] - near)
    return float((at_limit.mean(axis=0) > 0.5).mean())


def layer_sizes(stack: list[Dense], passed: Pass, settings: Settings) -> list[LayerSizes]:
    """What passes through each layer, as a lens tells it of a Keras model."""
    rows = []
    for number, (layer, outputs, back) in enumerate(zip(passed.slopes, passed.outputs, passed.back, strict=True)):
        last = number == len(stack) - 1
        saturated = float("nan") if last else saturated_units(outputs, settings.activation)
        rows.append(
            LayerSizes(
                name="output" if last else f"layer{number + 1}",
                kind="Dense",
                outputs=sizes(outputs),
                back=sizes(back),
                weights=sizes(np.concatenate([layer.kernel.ravel(), layer.bias])),
                dead=dead_units(outputs),
                saturated=None if np.isnan(saturated) else saturated,
            )
        )
    return rows
