"""Which parts of the input an answer depends on: plain gradients, integrated gradients and Grad-CAM.

By default they take the score, which is what stands before a softmax or sigmoid at the model's end: a probability near
0 or 1 hardly moves, and pushing up one class' probability is also pushing down the others'. `of="output"` takes what
the model returns.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.checks import batch, single_input
from dlcourse.lens.forward import Forward, Of, channel_axis, forward_of, positions
from dlcourse.lens.gradients import compiled, differentiable, value_and_gradient
from dlcourse.lens.kept import kept
from dlcourse.lens.layer_outputs import chunks
from dlcourse.lens.targets import scores, target_units


def saliency(model: Any, x: Any, target: Any = None, of: Of = "score", batch_size: int = 32) -> np.ndarray:
    """The gradient of an output unit by the input: how the answer changes where the input changes a little.

    Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks", 2013.

    Args:
        model: A built Keras model with one input and one output.
        x: Examples.
        target: The output unit, one for all examples or one for each; None for the strongest of each example. Where
            units have places, as in segmentation, it is the mean over these.
        of: "score" for what stands before a softmax or sigmoid at the end, "output" for what the model returns.
        batch_size: How many examples go through the network at a time.

    Returns:
        The gradient, with its sign, in the shape of `x`.

    Raises:
        CourseError: If an argument does not fit; the sentence names the mend.

    Example:
        >>> saliency(model, images[:4], target=7).shape
        (4, 28, 28, 1)
    """
    array = differentiable(model, batch(model, x))
    units = target_units(forward_of(model, array.shape, of), target, len(array))
    return _slopes(model, array, units, of, batch_size)[0]


def integrated_gradients(
    model: Any,
    x: Any,
    target: Any = None,
    baseline: Any = 0.0,
    steps: int = 64,
    of: Of = "score",
    batch_size: int = 32,
) -> np.ndarray:
    """How much each input value adds to an output unit, from a baseline on.

    The gradient is averaged along the straight line from the baseline to the example (midpoint rule) and multiplied
    with their difference. The contributions add up to the unit at the example less the unit at the baseline, the
    better the more steps. Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks", ICML 2017.

    Args:
        model: A built Keras model with one input and one output.
        x: Examples.
        target: The output unit, one for all examples or one for each; None for the strongest of each example.
        baseline: What counts as nothing: a number (0 is black), one example, or one for each.
        steps: Points on the line.
        of: "score" for what stands before a softmax or sigmoid at the end, "output" for what the model returns.
        batch_size: How many points go through the network at a time.

    Returns:
        The contributions, in the shape of `x`.

    Raises:
        CourseError: If an argument does not fit; the sentence names the mend.

    Example:
        >>> integrated_gradients(model, images[:4], steps=128).sum(axis=(1, 2, 3))
        array([12.1, 9.7, 15.3, 11.0], dtype=float32)
    """
    array = differentiable(model, batch(model, x))
    if not isinstance(steps, int | np.integer) or steps < 1:
        raise CourseError(f"`steps` must be a whole number from 1 on, but it is {steps!r}.")
    start = np.asarray(baseline, "float32")
    if start.shape not in ((), array.shape[1:], array.shape) or not np.isfinite(start).all():
        raise CourseError(
            f"`baseline` must be a number or hold finite values in the shape {array.shape[1:]} of an example, "
            f"but its shape is {start.shape}."
        )
    units = target_units(forward_of(model, array.shape, of), target, len(array))
    if target is None:
        units = _slopes(model, array, units, of, batch_size)[1]
    start = np.broadcast_to(start, array.shape)
    fractions = (np.arange(steps, dtype="float32") + 0.5) / steps
    fractions = fractions.reshape(-1, *[1] * (array.ndim - 1))
    sums = []
    for example, begin, unit in zip(array, start, units, strict=True):
        points = begin + fractions * (example - begin)
        sums.append(_slopes(model, points, np.full(steps, unit), of, batch_size)[0].mean(axis=0))
    return np.stack(sums) * (array - start)


def grad_cam(
    model: Any, x: Any, target: Any = None, layer: Any = None, of: Of = "score", batch_size: int = 32
) -> np.ndarray:
    """Where a layer sees what speaks for an output unit.

    Each channel is weighted with the mean gradient of the unit by it; of the weighted sum what is positive stays.
    Selvaraju and others, "Grad-CAM", ICCV 2017.

    Args:
        model: A built Keras model with one input and one output.
        x: Examples.
        target: The output unit, one for all examples or one for each; None for the strongest of each example.
        layer: The layer, by name, position or itself; None for the last one whose output has places.
        of: "score" for what stands before a softmax or sigmoid at the end, "output" for what the model returns.
        batch_size: How many examples go through the network at a time.

    Returns:
        A map for each example with the layer's rows and columns, not scaled. Stretched over the picture it covers it.

    Raises:
        CourseError: If an argument does not fit, or the layer has no places.

    Example:
        >>> grad_cam(model, images[:4], target=7).shape
        (4, 9, 9)
    """
    array = batch(model, x)
    whole = forward_of(model, array.shape, of)
    units = target_units(whole, target, len(array))
    name = _last_with_places(whole, model) if layer is None else whole.name_of(model, layer)
    shape = whole.steps[name].outputs[0].shape
    if len(shape) < 3:
        raise CourseError(
            f"The layer {name!r} puts out {shape[-1]} numbers without a place, so there is no map: "
            "take a convolution or a pooling before it."
        )
    maps = []
    for chunk in chunks(len(array), batch_size):
        forward, run = _map(model, array[chunk].shape, name, of)
        maps.append(ops.convert_to_numpy(run(forward.state(), array[chunk], units[chunk])))
    return np.concatenate(maps)


def _slopes(model: Any, array: np.ndarray, units: np.ndarray, of: Of, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The gradients of the units' scores by the input, and the units where the strongest was asked for."""
    slopes, chosen_units = [], []
    for chunk in chunks(len(array), size):
        forward, run = _gradient(model, array[chunk].shape, of)
        slope, unit = run(forward.state(), array[chunk], units[chunk])
        slopes.append(ops.convert_to_numpy(slope))
        chosen_units.append(ops.convert_to_numpy(unit))
    return np.concatenate(slopes), np.concatenate(chosen_units)


def _gradient(model: Any, shape: tuple[int, ...], of: Of) -> tuple[Forward, Callable]:
    def make() -> tuple[Forward, Callable]:
        forward = forward_of(model, shape, of)

        @compiled
        def run(state: list, x: Any, units: Any) -> Any:
            def score(x: Any) -> tuple[Any, Any]:
                unit_scores, chosen = scores(forward(state, x).output, ops.convert_to_tensor(units))
                # examples do not meet in inference, so the sum's gradient is theirs
                return ops.sum(unit_scores), chosen

            _, chosen, slope = value_and_gradient(score, x)
            return slope, chosen

        return forward, run

    return kept(model, ("saliency", shape, of), make)


def _map(model: Any, shape: tuple[int, ...], name: str, of: Of) -> tuple[Forward, Callable]:
    def make() -> tuple[Forward, Callable]:
        forward = forward_of(model, shape, of)

        @compiled
        def run(state: list, x: Any, units: Any) -> Any:
            def score(offset: Any) -> tuple[Any, Any]:
                passed = forward(state, x, {name: offset})
                return ops.sum(scores(passed.output, ops.convert_to_tensor(units))[0]), passed.layers[name]

            size = forward.steps[name].outputs[0].shape
            axis = channel_axis(size)
            places = tuple(place for place in range(1, len(size)) if place != axis)
            _, maps, slope = value_and_gradient(score, ops.zeros(size, "float32"))
            weights = ops.mean(slope, axis=places, keepdims=True)
            return ops.relu(ops.sum(weights * ops.cast(maps, "float32"), axis=axis))

        return forward, run

    return kept(model, ("map", shape, name, of), make)


def _last_with_places(forward: Forward, model: Any) -> str:
    shapes = {name: step.outputs[0].shape for name, step in forward.steps.items()}
    names = [name for name, shape in shapes.items() if len(shape) == len(single_input(model).shape) > 2]
    names = [name for name in names if positions(shapes[name]) > 1]
    if not names:
        raise CourseError(
            f"The model {model.name!r} has no layer whose output has places, so there is no map: "
            "use saliency(model, x), or a model with a convolution."
        )
    return names[-1]
