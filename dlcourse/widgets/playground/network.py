"""The small network of `Playground` in NumPy: for still pictures, texts and first weights, without Keras.

network.js and planes.js compute the same in the browser.
"""

import base64
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from dlcourse.data.planes import KINDS, plane
from dlcourse.errors import CourseError
from dlcourse.lens.activation_functions import ACTIVATION_FUNCTIONS
from dlcourse.widgets.shared.random_numbers import evens

COUNT = 400  # points of a data set, training and test together
WIDEST, DEEPEST = 8, 6
OPTIMIZERS = ("sgd", "momentum", "adam")
STANDARD = {"x": [-1.7, 1.7], "y": [-1.7, 1.7], "center": [0.0, 0.0], "scale": [1.0, 1.0]}
_GOLDEN = (5**0.5 - 1) / 2
_FIRST = 0.4  # so that half of 400 are 200
_COMFORTABLE = 6.0  # coordinates within this reach need no scaling to be learned from
_SMALL = 0.5  # and neither do points spread wider than this

FEATURES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1**2,
    "x2^2": lambda x1, x2: x2**2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin(pi*x1)": lambda x1, x2: np.sin(np.pi * x1),
    "sin(pi*x2)": lambda x1, x2: np.sin(np.pi * x2),
}


# of hidden layers, in the order in which they are offered
ACTIVATIONS = ("tanh", "relu", "sigmoid", "linear", "leaky_relu", "elu", "selu", "softplus", "silu", "gelu")


@cache
def planes_sent() -> dict[str, dict[str, Any]]:
    """Every data set for the browser: its points without noise, what a noise of 1 adds to them, and their classes."""
    planes = {}
    for kind in KINDS:
        clean, noisy = plane(kind, COUNT, 0.0), plane(kind, COUNT, 1.0)
        draws = noisy.x - clean.x
        planes[kind] = {"clean": _packed(clean.x), "draws": _packed(draws), "labels": clean.y.tolist()}
    return planes


def _packed(values: np.ndarray) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")


def training_part(count: int, share: float) -> np.ndarray:
    """Which points are trained on; the others are for the test."""
    return (np.arange(count) * _GOLDEN + _FIRST) % 1 < share


def features_of(points: np.ndarray, names: Sequence[str], frame: dict[str, Any]) -> np.ndarray:
    """What the network is told of points: a row each, a column for each feature."""
    x1, x2 = ((np.asarray(points, float) - frame["center"]) / frame["scale"]).T
    return np.stack([FEATURES[name](x1, x2) for name in names], axis=1)


def frame_of(points: np.ndarray, *, scaled: bool) -> dict[str, Any]:
    """The part of the plane that holds points.

    Args:
        points: n × 2.
        scaled: Whether coordinates may be scaled to the size that networks learn well from.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    reach = 1.7
    if (low >= -reach).all() and (high <= reach).all() and (high - low).max() >= _SMALL:
        return STANDARD
    margin = np.where(high > low, 0.1 * (high - low), 1.0)
    left, right = low - margin, high + margin
    center, scale = np.zeros(2), np.ones(2)
    if scaled and (np.abs([low, high]).max() > _COMFORTABLE or (high - low).max() < _SMALL):
        center, scale = (left + right) / 2, (right - left) / (2 * reach)
    axes = np.stack([left, right], axis=1)
    return {"x": axes[0].tolist(), "y": axes[1].tolist(), "center": center.tolist(), "scale": scale.tolist()}


def first_weights(inputs: int, layers: Sequence[int], seed: int) -> list[Any]:
    """Drawn as Keras' default does, Glorot and Bengio's uniform distribution; biases are zero.

    Returns:
        Nested lists in the order of Keras' `get_weights`: kernel, bias, kernel, bias, ...
    """
    shapes = list(pairwise([inputs, *layers, 1]))
    draws = np.split(
        evens(seed, sum(map(np.prod, shapes))), np.cumsum([before * units for before, units in shapes])[:-1]
    )
    weights: list[Any] = []
    for (before, units), numbers in zip(shapes, draws, strict=True):
        limit = (6 / (before + units)) ** 0.5
        weights += [((2 * numbers - 1) * limit).reshape(before, units).tolist(), [0.0] * units]
    return weights


def shapes_of(inputs: int, layers: Sequence[int]) -> list[tuple[int, ...]]:
    """What shapes such weights have."""
    return [shape for before, units in pairwise([inputs, *layers, 1]) for shape in ((before, units), (units,))]


def outputs_of(weights: Sequence[Any], activation: str, inputs: np.ndarray) -> list[np.ndarray]:
    """Every layer's outputs; the last one's as probabilities of class 1."""
    outputs, values = [], inputs
    for index in range(0, len(weights), 2):
        sums = values @ np.asarray(weights[index], float) + np.asarray(weights[index + 1], float)
        values = ACTIVATION_FUNCTIONS["sigmoid" if index == len(weights) - 2 else activation](sums)
        outputs.append(values)
    return outputs


def read_model(model: Any) -> dict[str, Any] | str:
    """A learner's model as settings of the playground, or in half a sentence why it does not fit there.

    A softmax of two units becomes the sigmoid of their difference, a tanh at the end a sigmoid of twice the sum: the
    same answers. A linear unit at the end is taken for a logit.
    """
    import keras

    if not isinstance(model, keras.Sequential):
        return "it is no Sequential"
    widths: list[int] = []
    activations: list[str] = []
    weights: list[np.ndarray] = []
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dense):
            kernel, *bias = (np.asarray(weight, float) for weight in layer.get_weights())
            weights += [kernel, bias[0] if bias else np.zeros(kernel.shape[1])]
            widths.append(kernel.shape[1])
            activations.append(_name_of(layer.activation))
        elif isinstance(layer, keras.layers.Dropout):
            continue
        elif (name := _activation_layer(layer)) and widths and activations[-1] == "linear":
            activations[-1] = name
        else:
            return f"it has a {type(layer).__name__}"
    if not widths:
        return "it has no Dense layer"
    *hidden, last = widths
    if len(hidden) > DEEPEST or max(hidden, default=0) > WIDEST:
        return f"it has hidden layers of {', '.join(map(str, hidden))} units"
    if len(set(activations[:-1])) > 1:
        return f"it mixes {' and '.join(sorted(set(activations[:-1])))}"
    activation = activations[0] if hidden else "tanh"
    if activation not in ACTIVATIONS:
        return f"its activation is {activation}"
    ends = {(1, "sigmoid"): 1.0, (1, "linear"): 1.0, (1, "tanh"): 2.0, (2, "softmax"): 1.0}
    factor = ends.get((last, activations[-1]))
    if factor is None:
        return f"it ends in {last} units with {activations[-1]}"
    weights[-2:] = [factor * array for array in weights[-2:]]
    if last == 2:
        weights[-2:] = [array[..., 1:] - array[..., :1] for array in weights[-2:]]
    return {"layers": hidden, "activation": activation, "weights": [array.tolist() for array in weights]}


def _name_of(activation: Any) -> str:
    return getattr(activation, "__name__", type(activation).__name__)


def _activation_layer(layer: Any) -> str | None:
    """The activation that a layer is, if it is nothing else."""
    import keras

    kinds = keras.layers
    if isinstance(layer, kinds.Activation):
        return _name_of(layer.activation)
    if isinstance(layer, kinds.ReLU) and layer.max_value is None and layer.threshold == 0 and layer.negative_slope == 0:
        return "relu"
    if isinstance(layer, kinds.LeakyReLU) and abs(layer.negative_slope - 0.2) < 1e-9:
        return "leaky_relu"
    if isinstance(layer, kinds.Softmax):
        return "softmax"
    return None


def points_from(x: Any, y: Any, most: int) -> list[list[float]]:
    """A learner's arrays as points, [x1, x2, class] each; of more than `most`, so many by chance.

    Raises:
        CourseError: If they are no points of two classes.
    """
    if y is None or x is None:
        given, missing = ("x", "y") if y is None else ("y", "x")
        raise CourseError(f"`{given}` came without `{missing}`: points need both, as in Playground(x, y).")
    places, classes = _numbers("x", x), _numbers("y", y)
    if places.ndim != 2 or places.shape[1] != 2 or not len(places):
        raise CourseError(
            f"`x` must hold points of the plane, a row of two numbers each, but its shape is {places.shape}."
        )
    if classes.shape == (len(places), 2) and set(np.unique(classes)) <= {0, 1} and (classes.sum(1) == 1).all():
        classes = classes[:, 1]  # as to_categorical makes them
    if classes.size != len(places) or classes.ndim > 2:
        raise CourseError(
            f"`y` must hold a class for each of the {len(places)} points, but its shape is {classes.shape}."
        )
    classes = classes.ravel()
    labels = np.unique(classes)
    if not (set(labels) <= {0, 1} or set(labels) <= {-1, 1}):
        examples = ", ".join(f"{value:g}" for value in labels[:5]) + (", …" if len(labels) > 5 else "")
        raise CourseError(f"`y` must hold the classes 0 and 1, or −1 and 1, but it holds {examples}.")
    rows = np.column_stack([places, classes > 0])
    if len(rows) > most:
        rows = rows[np.sort(np.random.default_rng(0).permutation(len(rows))[:most])]
    return [[float(x1), float(x2), int(label)] for x1, x2, label in rows]


def _numbers(name: str, value: Any) -> np.ndarray:
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise CourseError(f"`{name}` has rows of different length: give them all the same.") from error
    if not (np.issubdtype(array.dtype, np.number) or array.dtype == bool) or np.iscomplexobj(array):
        raise CourseError(f"`{name}` must be an array of numbers, but it is of type {type(value).__name__}.")
    if not np.isfinite(array).all():
        wrong = int((~np.isfinite(array)).sum())
        raise CourseError(f"`{name}` holds {wrong} values that are NaN or infinite: leave those points out.")
    return array.astype(float)
