"""What happens to an answer when a part of the picture is covered."""

from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.lens.checks import batch
from dlcourse.lens.forward import Of, channel_axis, forward_of
from dlcourse.lens.layer_outputs import chunks, outputs
from dlcourse.lens.targets import target_units


def occlusion(
    model: Any,
    x: Any,
    target: Any = None,
    size: int | None = None,
    stride: int | None = None,
    value: float = 0.5,
    of: Of = "output",
    batch_size: int = 64,
) -> np.ndarray:
    """How much an output unit loses when a square of the picture is covered, for squares all over it.

    Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014.

    Args:
        model: A built Keras model with one picture as input and one output.
        x: Pictures.
        target: The output unit, one for all pictures or one for each; None for the strongest of each picture.
        size: Side of the square in pixels; None for an eighth of the picture's shorter side.
        stride: Pixels from one square to the next; None for the half of `size`.
        value: What covers; 0.5 is grey.
        of: "output" for what the model returns, "score" for what stands before a softmax or sigmoid at its end.
        batch_size: How many covered pictures go through the network at a time.

    Returns:
        A map (rows, columns) for each picture. Entry i, j belongs to the square whose upper left corner is at
        i * stride, j * stride; it is above 0 where the covered part speaks for the unit.

    Raises:
        CourseError: If an argument does not fit; the sentence names the mend.

    Example:
        >>> occlusion(model, images[:2], target=7, size=4, stride=4).shape
        (2, 7, 7)
    """
    array = batch(model, x)
    if array.ndim != 4:
        raise CourseError(f"Only pictures can be covered, but `x` has the shape {array.shape}.")
    channels = channel_axis(array.shape)
    rows, columns = (array.shape[axis] for axis in range(1, 4) if axis != channels)
    size = max(1, min(rows, columns) // 8) if size is None else size
    stride = max(1, size // 2) if stride is None and isinstance(size, int) else stride
    for name, number in (("size", size), ("stride", stride)):
        if not isinstance(number, int | np.integer) or not 1 <= number <= max(rows, columns):
            raise CourseError(
                f"`{name}` must be a whole number of pixels from 1 to {max(rows, columns)}, but it is {number!r}."
            )
    if not np.isfinite(value):
        raise CourseError(f"`value` must be a finite number, but it is {value!r}.")
    assert stride is not None
    units = target_units(forward_of(model, array.shape, of), target, len(array))
    uncovered = _by_unit(outputs(model, array, of, batch_size))
    units = np.where(units < 0, uncovered.argmax(axis=1), units)
    corners = [(row, column) for row in range(0, rows, stride) for column in range(0, columns, stride)]
    maps = np.empty((len(array), len(corners)), "float32")
    for picture, unit, before, losses in zip(array, units, uncovered, maps, strict=True):
        for chunk in chunks(len(corners), batch_size):
            covered = np.repeat(picture[None], len(corners[chunk]), axis=0)
            for copy, (row, column) in zip(covered, corners[chunk], strict=True):
                pixels = (slice(row, row + size), slice(column, column + size))
                copy[(slice(None), *pixels) if channels == 1 else pixels] = value
            losses[chunk] = before[unit] - _by_unit(outputs(model, covered, of, batch_size))[:, unit]
    return maps.reshape(len(array), -(-rows // stride), -(-columns // stride))


def _by_unit(output: np.ndarray) -> np.ndarray:
    axis = channel_axis(output.shape)
    return output.mean(axis=tuple(place for place in range(1, output.ndim) if place != axis))
