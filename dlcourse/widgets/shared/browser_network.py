"""A learner's own network, for the browser: `describe` writes it down, and js/browser_network.js runs it there.

A description is what JSON and one buffer can hold: the nodes in an order in which they can run, each with its kind, its
inputs, its settings and the places of its weights in the buffer. The input is node 0. All sums are worked out here that
need no data: padding as a number of zeros, batch normalisation as a factor and an offset.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.lens.convolution import padding_amounts
from dlcourse.widgets.shared.model_input import PixelScale
from dlcourse.widgets.shared.resting import rests

MOST = 4_000_000  # weights: more would take the browser too long, and a notebook that keeps them too much room
FULL = 1_000_000  # weights: from here on they travel with 16 bits
AS_IT_IS = PixelScale()
SCALED = "scaled input"  # what the model gets, where that is more than the picture times a number

# what changes nothing in inference
_PASSING = frozenset(
    """Dropout SpatialDropout1D SpatialDropout2D GaussianDropout GaussianNoise AlphaDropout ActivityRegularization
    Identity RandomFlip RandomRotation RandomTranslation RandomZoom RandomShear RandomPerspective RandomContrast
    RandomBrightness RandomErasing""".split()
)
_MERGING = frozenset("Add Subtract Multiply Average Maximum Minimum".split())
_ACTIVATIONS = tuple("linear sigmoid tanh relu relu6 leaky_relu elu selu softplus silu gelu softmax".split())
_LARGEST_HALF = float(np.finfo(np.float16).max)

Node = dict[str, Any]


def describe(
    model: Any, input_shape: tuple[int, ...] | None = None, most: int = MOST, scale: PixelScale = AS_IT_IS
) -> dict[str, Any]:
    """What the browser needs to run a network.

    Args:
        model: A built Keras model with one input: Sequential or Functional, branched or nested.
        input_shape: The input's shape without the batch; None for the model's own.
        most: How many weights may travel.
        scale: What is done to pixels before the model gets them. What is more than a factor becomes node 1.

    Returns:
        `nodes`, `output` (the number of the node that is the model's output), `weights` (a buffer) and `half` (whether
        they travel with 16 bits, as more than a million do).

    Raises:
        CourseError: If the browser cannot run it; the sentence names the layer.

    Example:
        >>> describe(model)["nodes"][1]["kind"]
        'conv'
    """
    from dlcourse.lens.checks import single_input
    from dlcourse.lens.graph import graph_of

    shape = tuple(input_shape or single_input(model).shape[1:])
    if None in shape:
        raise CourseError(
            f"The model {model.name!r} takes pictures of any size: "
            "give its keras.Input a full shape, as in (28, 28, 1)."
        )
    count = int(sum(np.prod(weight.shape) for weight in model.weights))
    if count > most:
        raise CourseError(
            f"The model {model.name!r} has {count / 1e6:.1f} million weights, and the browser takes {most / 1e6:.0f}."
        )
    if scale.function is not None:
        raise _cannot("the function that scales its pixels")
    graph = graph_of(model, [(1, *shape)])
    writer = Writer()
    first = writer.add("input", "input", [], shape, layer="InputLayer")
    if scale.affine is not None:
        weights = [np.broadcast_to(numbers, shape[-1]) for numbers in scale.affine]
        first = writer.add("affine", SCALED, [first], shape, weights, layer="Scale", activation=None)
    numbers = {id(graph.inputs[0]): first}
    for step in graph.steps:
        numbers[id(step.outputs[0])] = _write(writer, step, [numbers[id(tensor)] for tensor in step.inputs])
    return writer.described(numbers[id(graph.outputs[0])])


class Writer:
    """Nodes and weights, as they are written down one after the other."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.nodes: list[Node] = []
        self._weights: list[np.ndarray] = []
        self._length = 0

    def add(
        self,
        kind: str,
        name: str,
        inputs: Sequence[int],
        shape: Sequence[int],
        weights: Sequence[np.ndarray] = (),
        **settings: Any,
    ) -> int:
        """One node more.

        Args:
            kind: How js/browser_network.js calls what it does.
            name: How the learner calls it.
            inputs: The numbers of the nodes it takes.
            shape: Of its output, without the batch.
            weights: Its weights, in the order in which the browser takes them.
            settings: What else the browser must know.

        Returns:
            The number of the node.
        """
        places = []
        for array in weights:
            flat = np.asarray(array, "float32").ravel()
            places.append([self._length, flat.size])
            self._weights.append(flat)
            self._length += flat.size
        node = {"kind": kind, "name": name, "inputs": list(inputs), "shape": [int(length) for length in shape]}
        self.nodes.append({**node, "weights": places, **settings})
        return len(self.nodes) - 1

    def described(self, output: int) -> dict[str, Any]:
        """The description, with that node's output as the network's."""
        weights = np.concatenate([*self._weights, np.zeros(0, "float32")])
        half = weights.size > FULL and float(np.abs(weights).max()) < _LARGEST_HALF
        packed = weights.astype("float16" if half else "float32")
        return {"nodes": self.nodes, "output": output, "half": half, "weights": packed.tobytes()}


def _write(writer: Writer, step: Any, inputs: list[int]) -> int:
    """Writes a step of a graph down as a node or as several, and returns the number of the last one."""
    import keras

    layer = step.operation
    if not isinstance(layer, keras.Layer):
        raise _cannot(f"the operation {step.kind} ({step.name!r})", "put it into a layer of Keras")
    named = f"the layer {step.name!r} ({step.kind})"
    write = _KINDS.get(step.kind)
    if write is None or not type(layer).__module__.startswith("keras.src.layers."):
        if not rests(step):
            raise _cannot(named)
        write = _passing
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise _cannot(f"{named} with the channels first")
    shapes = [tuple(tensor.shape[1:]) for tensor in step.inputs]
    return write(writer, _Step(layer, step.name, named, inputs, shapes, tuple(step.outputs[0].shape[1:])))


class _Step:
    """A step of a network: a layer, with what it takes and what it gives."""

    def __init__(
        self,
        layer: Any,
        name: str,
        named: str,
        inputs: list[int],
        takes: list[tuple[int, ...]],
        gives: tuple[int, ...],
    ) -> None:
        self.layer, self.name, self.named = layer, name, named
        self.inputs, self.takes, self.gives = inputs, takes, gives

    def add(self, writer: Writer, kind: str, weights: Sequence[np.ndarray] = (), **settings: Any) -> int:
        """Its node."""
        title = {"layer": type(self.layer).__name__, "activation": None}
        return writer.add(kind, self.name, self.inputs, self.gives, weights, **(title | settings))


def _passing(writer: Writer, step: _Step) -> int:
    return step.add(writer, "pass")


def _conv(writer: Writer, step: _Step) -> int:
    kernel = _array(step.layer.kernel)
    return step.add(
        writer,
        "conv",
        [kernel, _bias(step.layer, kernel.shape[3])],
        groups=step.layer.groups,
        activation=_activation(step),
        **_sliding(step, step.layer.kernel_size, step.layer.strides, step.layer.dilation_rate),
    )


def _depthwise(writer: Writer, step: _Step) -> int:
    kernel = _array(step.layer.kernel)  # rows, columns, channels, multiplier
    channels = kernel.shape[2] * kernel.shape[3]
    return step.add(
        writer,
        "conv",
        [kernel, _bias(step.layer, channels)],
        groups=kernel.shape[2],
        activation=_activation(step),
        **_sliding(step, step.layer.kernel_size, step.layer.strides, step.layer.dilation_rate),
    )


def _separable(writer: Writer, step: _Step) -> int:
    """Two nodes, because the maps between its two convolutions are worth seeing."""
    layer = step.layer
    kernel, pointwise = _array(layer.depthwise_kernel), _array(layer.pointwise_kernel)
    channels = kernel.shape[2] * kernel.shape[3]
    between = (*step.gives[:2], channels)
    sliding = _sliding(step, layer.kernel_size, layer.strides, layer.dilation_rate)
    settings = {"layer": "SeparableConv2D", "groups": kernel.shape[2], "activation": None, **sliding}
    name = f"{step.name}: depthwise"
    number = writer.add("conv", name, step.inputs, between, [kernel, np.zeros(channels)], **settings)
    still = {"size": [1, 1], "stride": [1, 1], "dilation": [1, 1], "before": [0, 0]}
    weights = [pointwise, _bias(layer, pointwise.shape[3])]
    settings = {"layer": "SeparableConv2D", "groups": 1, "activation": _activation(step), **still}
    return writer.add("conv", step.name, [number], step.gives, weights, **settings)


def _dense(writer: Writer, step: _Step) -> int:
    kernel = _array(step.layer.kernel)
    return step.add(writer, "dense", [kernel, _bias(step.layer, kernel.shape[1])], activation=_activation(step))


def _reshaped(writer: Writer, step: _Step) -> int:
    return step.add(writer, "reshape")


def _pool(kind: str) -> Callable[[Writer, _Step], int]:
    def write(writer: Writer, step: _Step) -> int:
        sliding = _sliding(step, step.layer.pool_size, step.layer.strides, (1, 1))
        return step.add(writer, "pool", mode=kind, **sliding)

    return write


def _global_pool(kind: str) -> Callable[[Writer, _Step], int]:
    return lambda writer, step: step.add(writer, "globalPool", mode=kind)


def _batch_normalisation(writer: Writer, step: _Step) -> int:
    layer, channels = step.layer, step.gives[-1]
    axis = layer.axis if isinstance(layer.axis, int) else layer.axis[0]
    if axis not in (-1, len(step.gives)):
        raise _cannot(f"{step.named} along axis {axis}")
    gamma = _array(layer.gamma) if layer.scale else np.ones(channels)
    beta = _array(layer.beta) if layer.center else np.zeros(channels)
    factor = gamma / np.sqrt(_array(layer.moving_variance).astype(float) + layer.epsilon)
    return step.add(writer, "affine", [factor, beta - _array(layer.moving_mean) * factor])


def _rescaling(writer: Writer, step: _Step) -> int:
    factor, offset = (np.ravel(np.asarray(number, float)) for number in (step.layer.scale, step.layer.offset))
    return _affine(writer, step, factor, offset)


def _normalisation(writer: Writer, step: _Step) -> int:
    mean, variance = (np.ravel(_array(number)).astype(float) for number in (step.layer.mean, step.layer.variance))
    if step.layer.invert:
        raise _cannot(f"{step.named} that undoes a normalisation")
    factor = 1 / np.maximum(np.sqrt(variance), 1e-7)  # keras.backend.epsilon()
    return _affine(writer, step, factor, -mean * factor)


def _affine(writer: Writer, step: _Step, factor: np.ndarray, offset: np.ndarray) -> int:
    channels = step.gives[-1]
    if any(numbers.size not in (1, channels) for numbers in (factor, offset)):
        raise _cannot(f"{step.named} with other numbers for every place")
    return step.add(writer, "affine", [np.broadcast_to(numbers, channels) for numbers in (factor, offset)])


def _activation_layer(writer: Writer, step: _Step) -> int:
    """A layer that is an activation: Activation, ReLU, LeakyReLU, ELU, Softmax."""
    activation = _activation(step) if hasattr(step.layer, "activation") else _activation_of(step.layer, step)
    return step.add(writer, "pass" if activation is None else "activation", activation=activation)


def _padding(writer: Writer, step: _Step) -> int:
    (above, _), (left, _) = step.layer.padding
    return step.add(writer, "place", offset=[int(above), int(left)])


def _cropping(writer: Writer, step: _Step) -> int:
    (above, _), (left, _) = step.layer.cropping
    return step.add(writer, "place", offset=[-int(above), -int(left)])


def _upsampling(writer: Writer, step: _Step) -> int:
    if step.layer.interpolation != "nearest":
        raise _cannot(f"{step.named} with interpolation {step.layer.interpolation!r}")
    return step.add(writer, "repeat", size=[int(length) for length in step.layer.size])


def _merging(writer: Writer, step: _Step) -> int:
    if len({len(shape) for shape in step.takes}) > 1:
        raise _cannot(f"{step.named} of inputs with different numbers of axes")
    return step.add(writer, "merge", mode=type(step.layer).__name__.lower())


def _concatenate(writer: Writer, step: _Step) -> int:
    if step.layer.axis not in (-1, len(step.gives)):
        raise _cannot(f"{step.named} along axis {step.layer.axis}")
    return step.add(writer, "concatenate")


_KINDS: dict[str, Callable[[Writer, _Step], int]] = {
    "InputLayer": _passing,
    "Conv2D": _conv,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv2D": _separable,
    "Dense": _dense,
    "Flatten": _reshaped,
    "Reshape": _reshaped,
    "MaxPooling2D": _pool("max"),
    "AveragePooling2D": _pool("average"),
    "GlobalMaxPooling2D": _global_pool("max"),
    "GlobalAveragePooling2D": _global_pool("average"),
    "BatchNormalization": _batch_normalisation,
    "Rescaling": _rescaling,
    "Normalization": _normalisation,
    **dict.fromkeys(("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax"), _activation_layer),
    "ZeroPadding2D": _padding,
    "Cropping2D": _cropping,
    "UpSampling2D": _upsampling,
    "Concatenate": _concatenate,
    **dict.fromkeys(_MERGING, _merging),
    **dict.fromkeys(_PASSING, _passing),
}


def _sliding(step: _Step, size: Any, stride: Any, dilation: Any) -> dict[str, Any]:
    """The settings of a window that slides: its size, its steps, and the zeros before the input."""
    size, stride, dilation = tuple(size), tuple(stride), tuple(dilation)
    zeros = padding_amounts(step.takes[0][:2], size, stride, step.layer.padding, dilation)
    settings = {"size": size, "stride": stride, "dilation": dilation, "before": [before for before, _ in zeros]}
    return {name: [int(number) for number in numbers] for name, numbers in settings.items()}


def _bias(layer: Any, count: int) -> np.ndarray:
    return np.zeros(count) if layer.bias is None else _array(layer.bias)


def _array(variable: Any) -> np.ndarray:
    import keras

    return keras.ops.convert_to_numpy(variable).astype("float32")


def _activation(step: _Step) -> Node | None:
    """What a layer's own activation does to each number; None for nothing."""
    return _activation_of(step.layer.activation, step)


def _activation_of(activation: Any, step: _Step) -> Node | None:
    import keras

    if activation is None or activation is keras.activations.linear:
        return None
    if isinstance(activation, keras.layers.ReLU):
        most = activation.max_value
        settings = {"most": None if most is None else float(most), "from": float(activation.threshold)}
        return {"name": "rectify", "slope": float(activation.negative_slope), **settings}
    if isinstance(activation, keras.layers.LeakyReLU):
        return {"name": "rectify", "slope": float(activation.negative_slope), "most": None, "from": 0.0}
    if isinstance(activation, keras.layers.ELU) and activation.alpha == 1:
        return {"name": "elu"}
    if isinstance(activation, keras.layers.Softmax) and activation.axis in (-1, len(step.gives)):
        return {"name": "softmax"}
    if isinstance(activation, keras.layers.Activation):
        return _activation_of(activation.activation, step)
    for name in _ACTIVATIONS:
        if activation is keras.activations.get(name):
            return {"name": name}
    called = getattr(activation, "__name__", type(activation).__name__)
    raise _cannot(f"{step.named} with the activation {called!r}")


def _cannot(what: str, mend: str = "") -> CourseError:
    return CourseError(f"The browser cannot run {what}{f': {mend}' if mend else ''}.")
