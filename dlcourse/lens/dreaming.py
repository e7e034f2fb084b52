"""Pictures that a layer likes: gradient ascent on the input, with and without a prior for what pictures look like."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.checks import batch, single_input
from dlcourse.lens.forward import Forward, channel_axis, forward_of
from dlcourse.lens.gradients import compiled, differentiable, value_and_gradient
from dlcourse.lens.kept import kept
from dlcourse.lens.smoothness import total_variation


@dataclass(frozen=True)
class Prior:
    """What is believed of pictures before the network is asked: that they are smooth, mild, and may be shifted.

    Without it the ascent ends in a high-pitched noise that pleases the network and shows nothing.
    """

    smoothness: float = 0.5  # weight of the gradient against steps from pixel to pixel, the layer's own being 1
    mildness: float = 0.05  # weight of the gradient towards the middle of the range
    shift: int = 2  # pixels by which the picture is rolled before each step, at most


NATURAL = Prior()


@dataclass(frozen=True, eq=False)
class Dream:
    """A picture and how the activation rose."""

    picture: np.ndarray
    activations: np.ndarray  # of the picture before each step, and after the last


def dream(
    model: Any,
    layer: Any,
    unit: int | None = None,
    start: Any = None,
    steps: int = 60,
    rate: float = 0.05,
    prior: Prior | None = NATURAL,
    bounds: tuple[float, float] = (0.0, 1.0),
    seed: int = 0,
    progress: Callable[[int, np.ndarray], None] | None = None,
) -> Dream:
    """Change a picture step by step so that a unit, a channel or a whole layer answers more strongly.

    A step goes along the gradient, scaled to a length of `rate` for each pixel in the mean (root mean square), and
    stays in bounds. Simonyan, Vedaldi and Zisserman 2013; Mordvintsev, Olah and Tyka, "Inceptionism", 2015.

    Args:
        model: A built Keras model with one input. At its end it is the score before a softmax or sigmoid that counts.
        layer: The layer, by name, position or itself.
        unit: The unit, or the channel, whose mean over the places shall rise; None for the mean square of all.
        start: A picture to begin with, without or with a batch axis of 1; None for grey with a little noise.
        steps: Steps to take.
        rate: The size of a step, in the picture's units.
        prior: What pictures look like; None to follow the network alone.
        bounds: The least and the greatest value of a pixel.
        seed: Where the noise and the shifts start.
        progress: Called after each step with its number, from 1 on, and the picture.

    Returns:
        The picture, without a batch axis, and the activations.

    Raises:
        CourseError: If an argument does not fit; the sentence names the mend.

    Example:
        >>> dream(model, "conv3", unit=5, steps=40).activations[[0, -1]]
        array([0.03, 4.81])
    """
    low, high = checked_range(bounds)
    checked_steps(steps, rate)
    draws = np.random.default_rng(seed)
    picture = first_picture(model, start, (low, high), draws)
    forward = forward_of(model, picture.shape, "score")
    name = forward.name_of(model, layer)
    _check_unit(forward, name, unit)
    look = _ascent(model, forward, name, unit)
    strength, mild = (0.0, 0.0) if prior is None else (prior.smoothness, prior.mildness)
    values = []
    for step in range(1, steps + 1):
        shifts = _shifts(picture, 0 if prior is None else prior.shift, draws)
        axes = tuple(range(1, 1 + len(shifts)))
        rolled = np.roll(picture, shifts, axes)
        value, slope, roughness = (ops.convert_to_numpy(tensor) for tensor in look(forward.state(), rolled, picture))
        values.append(float(value))
        if step == 1 and not slope.any():
            raise CourseError(
                f"The layer {name!r} does not answer to the picture to begin with, so no way leads up: "
                "take another unit, or pass another picture, as in start=np.random.uniform(size=...)."
            )
        back = tuple(-shift for shift in shifts)
        direction = unit_length(np.roll(slope, back, axes)) - strength * unit_length(roughness)
        direction = direction - mild * unit_length(picture - (low + high) / 2)
        picture = np.clip(picture + rate * direction, low, high).astype("float32")
        if progress is not None:
            progress(step, picture[0])
    values.append(float(look(forward.state(), picture, picture)[0]))
    return Dream(picture[0], np.array(values))


def first_picture(model: Any, start: Any, bounds: tuple[float, float], draws: np.random.Generator) -> np.ndarray:
    """A batch of one picture to begin with: the given one, or grey with a little noise.

    Raises:
        CourseError: If the given one does not fit, or none is given and the model leaves its size open.
    """
    low, high = bounds
    shape = single_input(model).shape[1:]
    if start is None:
        if None in shape:
            raise CourseError(
                f"The model {model.name!r} takes pictures of any size, {shape}: pass one to begin with, "
                "as in start=np.full((96, 96, 3), 0.5)."
            )
        noise = draws.uniform(-0.05, 0.05, (1, *shape))
        return batch(model, (low + high) / 2 + (high - low) * noise).astype("float32")
    picture = np.asarray(start)
    picture = picture[None] if picture.ndim == len(shape) else picture
    array = differentiable(model, batch(model, picture))
    if len(array) != 1:
        raise CourseError(f"This takes one picture at a time, but it got {len(array)}: pass pictures[0].")
    if array.min() < low or array.max() > high:
        raise CourseError(
            f"The picture goes from {array.min():g} to {array.max():g}, but bounds are {low:g} and {high:g}: "
            "scale it, or pass bounds=(least, greatest)."
        )
    return array


def checked_range(bounds: Any) -> tuple[float, float]:
    """The bounds, if they are two numbers in order.

    Raises:
        CourseError: If they are not.
    """
    try:
        low, high = map(float, bounds)
    except (TypeError, ValueError) as error:
        raise CourseError(f"`bounds` must be two numbers such as (0, 1), but they are {bounds!r}.") from error
    if not -np.inf < low < high < np.inf:
        raise CourseError(f"`bounds` must be the least and the greatest value of a pixel, but they are {bounds!r}.")
    return low, high


def checked_steps(steps: Any, rate: Any) -> None:
    """Refuse numbers of steps below 1, and rates that are not above 0.

    Raises:
        CourseError: If one is out of its range.
    """
    if not isinstance(steps, int | np.integer) or steps < 1:
        raise CourseError(f"`steps` must be a whole number from 1 on, but it is {steps!r}.")
    if not 0 < rate < np.inf:
        raise CourseError(f"`rate` must be a number above 0, but it is {rate!r}.")


def unit_length(slope: np.ndarray) -> np.ndarray:
    """A direction with a root mean square of 1; zeros stay zeros."""
    length = float(np.sqrt(np.mean(np.square(slope, dtype=float))))
    return slope / length if length > 0 else slope


def _ascent(model: Any, forward: Forward, name: str, unit: int | None) -> Callable:
    def make() -> Callable:
        @compiled
        def look(state: list, rolled: Any, picture: Any) -> Any:
            def of(x: Any) -> tuple[Any, None]:
                output = ops.cast(forward(state, x).layers[name], "float32")
                if unit is None:
                    return ops.mean(output**2), None
                return ops.mean(ops.take(output, unit, axis=channel_axis(output.shape))), None

            value, _, slope = value_and_gradient(of, rolled)
            roughness = value_and_gradient(lambda x: (total_variation(x), None), picture)[2]
            return value, slope, roughness

        return look

    return kept(model, ("dream", forward.input_shape, name, unit), make)


def _check_unit(forward: Forward, name: str, unit: Any) -> None:
    shape = forward.steps[name].outputs[0].shape
    count = shape[channel_axis(shape)]
    if unit is None:
        return
    if not isinstance(unit, int | np.integer) or not 0 <= unit < count:
        raise CourseError(
            f"There is no unit {unit!r} in the layer {name!r}: it has {count}, counted from 0 to {count - 1}."
        )


def _shifts(picture: np.ndarray, most: int, draws: np.random.Generator) -> tuple[int, ...]:
    """By how much to roll along each axis with places, nothing along that of the channels."""
    axis = channel_axis(picture.shape)
    return tuple(0 if a == axis else int(draws.integers(-most, most + 1)) for a in range(1, picture.ndim))
