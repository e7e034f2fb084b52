"""A small network whose kernels are set by hand: edges first, and corners, lines and spots made of them.

It is what `FeatureMaps` shows without a model. Nothing in it is learned, so that each map can be foretold.
"""

from typing import Any

import numpy as np

from dlcourse.lens.convolution import convolve
from dlcourse.lens.kernels import named_kernel
from dlcourse.widgets.shared.browser_network import Writer

SHAPE = (120, 180, 1)  # of its input
EDGES = tuple("left border,right border,upper border,lower border,falling edge,rising edge,blur,outline".split(","))
_CORNERS = ("upper left corner", "upper right corner", "lower left corner", "lower right corner")
PARTS = (*_CORNERS, "two upright borders", "two level borders")
# what each filter is called, by its layer
NAMES = {"edges": EDGES, "edges_pooled": EDGES, "parts": PARTS, "parts_pooled": PARTS, "strongest": PARTS}

CODE = """import keras
from keras import layers

from dlcourse.widgets.feature_maps.handmade import weights

model = keras.Sequential([
    keras.Input((120, 180, 1)),
    layers.Conv2D(8, 3, activation="relu", name="edges"),
    layers.MaxPooling2D(2, name="edges_pooled"),
    layers.Conv2D(6, 3, activation="relu", name="parts"),
    layers.MaxPooling2D(2, name="parts_pooled"),
    layers.GlobalMaxPooling2D(name="strongest"),
])
model.set_weights(weights())  # set by hand, nothing is learned"""


def weights() -> list[np.ndarray]:
    """Kernel and bias of both convolutions, as `model.set_weights` takes them.

    Example:
        >>> [array.shape for array in weights()]
        [(3, 3, 1, 8), (8,), (3, 3, 8, 6), (6,)]
    """
    across, down = named_kernel("Sobel x") / 4, named_kernel("Sobel y") / 4
    falling, rising = named_kernel("edges falling") / 3, named_kernel("edges rising") / 3
    blur, outline = named_kernel("blur, Gaussian"), -named_kernel("Laplace") / 2
    first = [across, -across, down, -down, falling, rising, blur, outline]
    edges = np.stack(first, -1)[:, :, None, :]
    parts = np.zeros((3, 3, 8, 6))
    left, right, above, below = range(4)
    # a bright thing's corner: one edge runs away from it upwards or downwards, the other one to a side
    for filter_, (upright, lying) in enumerate([(left, above), (right, above), (left, below), (right, below)]):
        rows, columns = slice(1, 3) if lying == above else slice(0, 2), slice(1, 3) if upright == left else slice(0, 2)
        parts[rows, 1, upright, filter_] = 0.5
        parts[1, columns, lying, filter_] = 0.5
        parts[:, :, upright ^ 1, filter_] = parts[:, :, lying ^ 1, filter_] = -0.15  # the opposite edges speak against
    for filter_, (first_edge, second_edge) in ((4, (left, right)), (5, (above, below))):
        line = np.zeros((3, 3, 2))
        line[:, 0, 0] = line[:, 2, 1] = 1 / 3
        parts[:, :, [first_edge, second_edge], filter_] = line if filter_ == 4 else line.transpose(1, 0, 2)
    biases = np.array([-0.25] * 4 + [-0.15] * 2)
    return [array.astype("float32") for array in (edges, np.zeros(8), parts, biases)]


def description() -> dict[str, Any]:
    """The network as the browser takes it."""
    edges, no_bias, parts, bias = weights()
    writer, (rows, columns, _) = Writer(), SHAPE
    window: dict[str, Any] = {"size": [3, 3], "stride": [1, 1], "dilation": [1, 1], "before": [0, 0], "groups": 1}
    conv: dict[str, Any] = {**window, "layer": "Conv2D", "activation": {"name": "relu"}}
    pooling: dict[str, Any] = {"size": [2, 2], "stride": [2, 2], "dilation": [1, 1], "before": [0, 0], "mode": "max"}
    pool: dict[str, Any] = {**pooling, "layer": "MaxPooling2D", "activation": None}
    writer.add("input", "input", [], SHAPE, layer="InputLayer")
    rows, columns = rows - 2, columns - 2
    writer.add("conv", "edges", [0], (rows, columns, 8), [edges, no_bias], **conv)
    rows, columns = rows // 2, columns // 2
    writer.add("pool", "edges_pooled", [1], (rows, columns, 8), **pool)
    rows, columns = rows - 2, columns - 2
    writer.add("conv", "parts", [2], (rows, columns, 6), [parts, bias], **conv)
    writer.add("pool", "parts_pooled", [3], (rows // 2, columns // 2, 6), **pool)
    settings: dict[str, Any] = {"layer": "GlobalMaxPooling2D", "activation": None, "mode": "max"}
    last = writer.add("globalPool", "strongest", [4], (6,), **settings)
    return writer.described(last)


def outputs(x: np.ndarray) -> dict[str, np.ndarray]:
    """What every layer makes of an input of 120 × 180 × 1, by its name, in NumPy."""
    edges, no_bias, parts, bias = weights()
    layers = {"input": np.asarray(x, "float32")}
    layers["edges"] = _convolved(layers["input"], edges, no_bias)
    layers["edges_pooled"] = _pooled(layers["edges"])
    layers["parts"] = _convolved(layers["edges_pooled"], parts, bias)
    layers["parts_pooled"] = _pooled(layers["parts"])
    layers["strongest"] = layers["parts_pooled"].max((0, 1))
    return layers


def _convolved(maps: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    sums = [
        sum(convolve(maps[:, :, channel], kernel[:, :, channel, number]) for channel in range(maps.shape[2]))
        for number in range(len(bias))
    ]
    return np.maximum(np.stack(sums, -1) + bias, 0).astype("float32")


def _pooled(maps: np.ndarray) -> np.ndarray:
    rows, columns, channels = maps.shape[0] // 2, maps.shape[1] // 2, maps.shape[2]
    return maps[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2, channels).max((1, 3))
