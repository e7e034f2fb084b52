"""What the layers of a network put out for given examples."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.checks import batch, single_input
from dlcourse.lens.forward import Forward, Of, channel_axis, forward_of
from dlcourse.lens.gradients import compiled
from dlcourse.lens.kept import kept


def activations(
    model: Any, x: Any, layers: Iterable[Any] | None = None, batch_size: int = 128, checked: bool = True
) -> dict[str, np.ndarray]:
    """The outputs of a network's layers in inference, by the names of the layers.

    Args:
        model: A built Keras model with one input: Sequential or Functional, branched or nested.
        x: Examples.
        layers: Which layers, each by name, position or itself; None for all, those of nested models as "outer/inner".
        batch_size: How many examples go through the network at a time.
        checked: Whether x is refused where it looks wrong, as bytes do for a network that does not scale them. False
            where somebody has said that this is what the network takes.

    Returns:
        Arrays with the examples along their first axis, in the order in which the layers run or were asked for. Of a
        layer with several outputs it is the first.

    Raises:
        CourseError: If an argument does not fit; the sentence names the mend.

    Example:
        >>> activations(model, images[:8], ["conv1"])["conv1"].shape
        (8, 26, 26, 32)
    """
    array = batch(model, x) if checked else np.asarray(x, "float32")
    if isinstance(layers, str):
        raise CourseError(f"`layers` must be a list of layers, but it is {layers!r}: write [{layers!r}].")
    whole = forward_of(model, array.shape)
    names = tuple(whole.steps) if layers is None else tuple(whole.name_of(model, layer) for layer in layers)
    parts = []
    for chunk in chunks(len(array), batch_size):
        forward, run = _layers(model, array[chunk].shape, names)
        parts.append([ops.convert_to_numpy(tensor) for tensor in run(forward.state(), array[chunk])])
    return {name: np.concatenate(arrays) for name, arrays in zip(names, zip(*parts, strict=True), strict=True)}


def feature_maps(model: Any, image: Any, layer: Any) -> np.ndarray:
    """The maps that one layer makes of one picture: a map for each channel.

    Args:
        model: A built Keras model with one input.
        image: One picture, with or without a batch axis of 1.
        layer: The layer, by name, position or itself.

    Returns:
        An array (channels, rows, columns); for a network over series (channels, steps).

    Raises:
        CourseError: If there are several pictures, or the layer has no places, as a dense one behind a Flatten.

    Example:
        >>> feature_maps(model, image, "conv1").shape
        (32, 26, 26)
    """
    array = np.asarray(image)
    if array.ndim == len(single_input(model).shape) - 1:
        array = array[None]
    if array.ndim > 0 and len(array) > 1 and array.ndim == len(single_input(model).shape):
        raise CourseError(f"`image` holds {len(array)} pictures, but this shows one: pass image[0].")
    ((name, maps),) = activations(model, array, [layer]).items()
    if maps.ndim < 3:
        raise CourseError(
            f"The layer {name!r} puts out {maps.shape[-1]} numbers without a place, so it has no maps: "
            "take a convolution or a pooling before it, or see activations(model, x)."
        )
    return np.moveaxis(maps[0], channel_axis(maps.shape) - 1, 0)


def depthwise_outputs(model: Any, x: Any, layer: Any, checked: bool = True) -> np.ndarray:
    """What stands between the two convolutions of a SeparableConv2D, which Keras does not put out.

    Args:
        model: A built Keras model with one input.
        x: Examples; all go through the network at once.
        layer: The SeparableConv2D, by name, position or itself.
        checked: As in `activations`.

    Returns:
        An array (examples, rows, columns, channels × depth multiplier) where channels come last.

    Raises:
        CourseError: If an argument does not fit, or the layer is another one.

    Example:
        >>> depthwise_outputs(model, images[:8], "separable").shape
        (8, 9, 9, 32)
    """
    array = batch(model, x) if checked else np.asarray(x, "float32")
    forward = forward_of(model, array.shape)
    name = forward.name_of(model, layer)
    step = forward.steps[name]
    if step.kind != "SeparableConv2D":
        raise CourseError(f"The layer {name!r} is a {step.kind}, but only a SeparableConv2D has two convolutions.")
    (input_tensor,) = step.inputs
    sources = [
        earlier.name for earlier in forward.steps.values() if any(output is input_tensor for output in earlier.outputs)
    ]
    inputs: Any = activations(model, array, sources, checked=False)[sources[0]] if sources else array
    kernel = step.operation
    settings = {"strides": kernel.strides, "padding": kernel.padding, "dilation_rate": kernel.dilation_rate}
    result = ops.depthwise_conv(inputs, kernel.depthwise_kernel, data_format=kernel.data_format, **settings)
    return ops.convert_to_numpy(result)


def outputs(model: Any, array: np.ndarray, of: Of, batch_size: int = 128) -> np.ndarray:
    """A model's outputs in inference, or the scores before a softmax or sigmoid at its end."""
    parts = []
    for chunk in chunks(len(array), batch_size):
        forward, run = _outputs(model, array[chunk].shape, of)
        parts.append(ops.convert_to_numpy(run(forward.state(), array[chunk])))
    return np.concatenate(parts)


def chunks(count: int, size: int) -> Iterator[slice]:
    """The slices that cut so many examples into batches.

    Raises:
        CourseError: If the size is not a whole number above 0.
    """
    if not isinstance(size, int | np.integer) or size < 1:
        raise CourseError(f"`batch_size` must be a whole number from 1 on, but it is {size!r}.")
    for start in range(0, count, size):
        yield slice(start, start + size)


def _layers(model: Any, shape: tuple[int, ...], names: tuple[str, ...]) -> tuple[Forward, Callable]:
    def make() -> tuple[Forward, Callable]:
        forward = forward_of(model, shape)

        @compiled
        def run(state: list, x: Any) -> list:
            passed = forward(state, x)
            return [passed.layers[name] for name in names]

        return forward, run

    return kept(model, ("layers", shape, names), make)


def _outputs(model: Any, shape: tuple[int, ...], of: Of) -> tuple[Forward, Callable]:
    forward = forward_of(model, shape, of)
    return forward, kept(model, ("outputs", shape, of), lambda: compiled(lambda state, x: forward(state, x).output))
