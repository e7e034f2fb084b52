"""The effective receptive field: of all that a unit could see, how much each input really moves it."""

from typing import Any

import numpy as np
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.checks import batch
from dlcourse.lens.forward import channel_axis, forward_of
from dlcourse.lens.gradients import gradient_of_input


def effective_receptive_field(model: Any, layer: Any, x: Any, unit: tuple[int, ...] | None = None) -> np.ndarray:
    """How strongly the unit at one place of a layer answers to each place of the input, on average over examples.

    The mean absolute gradient of the unit, all its channels together, by the input. Luo, Li, Urtasun and Zemel,
    "Understanding the effective receptive field in deep convolutional neural networks", NIPS 2016.

    Args:
        model: A built Keras model with one input.
        layer: A layer whose output has places, by name, position or itself.
        x: Examples to average over.
        unit: The place in the layer's output; None for its middle.

    Returns:
        An array with the input's places (for pictures height × width), not scaled; its sum is the mean length of
        the gradient in the sense of absolute values.

    Raises:
        CourseError: If an argument does not fit, or the layer has no such place.

    Example:
        >>> effective_receptive_field(model, "conv3", images[:32]).shape
        (28, 28)
    """
    array = batch(model, x)
    forward = forward_of(model, array.shape)
    name = forward.name_of(model, layer)
    shape = tuple(forward.steps[name].outputs[0].shape)
    channels = channel_axis(shape)
    sizes = tuple(size for axis, size in enumerate(shape) if axis not in (0, channels))
    if not sizes:
        raise CourseError(f"The layer {name!r} has units without a place: take a layer before the Flatten or pooling.")
    place = tuple(size // 2 for size in sizes) if unit is None else tuple(unit)
    if len(place) != len(sizes) or not all(0 <= at < size for at, size in zip(place, sizes, strict=True)):
        raise CourseError(f"There is no unit {place}: {name!r} has {' × '.join(map(str, sizes))} places, from 0 on.")
    index: list[Any] = [slice(None), *place]
    index.insert(channels, slice(None))

    def answer(output: Any) -> Any:
        return ops.sum(output[tuple(index)])

    slopes = np.abs(gradient_of_input(answer, model, array, layer))
    return slopes.mean(axis=0).sum(axis=channel_axis(array.shape) - 1)
