"""Which output unit a lens asks about, and the score it gets."""

from typing import Any

import numpy as np
from keras import ops

from dlcourse.errors import CourseError
from dlcourse.lens.forward import Forward, channel_axis


def target_units(forward: Forward, target: Any, examples: int) -> np.ndarray:
    """The output unit for each example, -1 where the strongest shall be taken.

    Args:
        forward: A model's forward pass.
        target: One unit for all, one for each example, or None for the strongest of each.
        examples: How many examples there are.

    Returns:
        Whole numbers, one for each example.

    Raises:
        CourseError: If the model has no such unit.

    Example:
        >>> target_units(forward, 3, examples=2)
        array([3, 3])
    """
    if target is None:
        return np.full(examples, -1)
    units = np.asarray(target)
    if units.dtype == bool or not np.issubdtype(units.dtype, np.integer) or units.shape not in ((), (examples,)):
        raise CourseError(
            f"`target` must be the number of an output unit, or one for each of the {examples} examples, "
            f"but it is {target!r}."
        )
    shape = forward.output_shape
    count = shape[channel_axis(shape)]
    if not 0 <= units.min() <= units.max() < count:
        wrong = units.max() if units.max() >= count else units.min()
        raise CourseError(
            f"There is no output unit {wrong}: the model has {count}, counted from 0"
            + (", and target=0 means this one." if count == 1 else f" to {count - 1}.")
        )
    return np.broadcast_to(units, (examples,)).astype(int)


def scores(output: Any, units: Any) -> tuple[Any, Any]:
    """The score of each example's unit, over places their mean, and the units that were taken."""
    axis = channel_axis(output.shape)
    places = tuple(place for place in range(1, len(output.shape)) if place != axis)
    flat = ops.mean(output, axis=places) if places else output
    units = ops.where(units < 0, ops.cast(ops.argmax(flat, axis=1), units.dtype), units)
    return ops.sum(flat * ops.one_hot(units, flat.shape[1], dtype=flat.dtype), axis=1), units
