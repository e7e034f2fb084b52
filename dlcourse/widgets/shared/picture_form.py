"""A picture in the form of a model's input: cut to its proportions, in its size and with its channels."""

from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.widgets.shared.picture_input import Picture
from dlcourse.widgets.shared.resample import central, resampled

_ANY_SIZE = 128  # the longest side that a model for pictures of any size is given

Size = tuple[int, int, int]  # rows, columns, channels


def picture_form(model: Any, picture_size: tuple[int, int]) -> tuple[int, ...]:
    """The shape of a model's input; one of any size is given the picture's.

    Raises:
        CourseError: If the model takes no pictures.

    Example:
        >>> picture_form(model, (160, 240))
        (28, 28, 1)
    """
    from dlcourse.lens.checks import single_input

    takes = tuple(single_input(model).shape[1:])
    share = min(1.0, _ANY_SIZE / max(picture_size))
    free = [max(1, round(length * share)) for length in picture_size]
    form = tuple(free[axis] if want is None and axis < 2 else want for axis, want in enumerate(takes))
    side = round((form[0] or 0) ** 0.5)
    fits = len(form) == 2 or (len(form) == 3 and form[2] in (1, 3)) or (len(form) == 1 and side**2 == takes[0])
    if fits and all(form):
        return tuple(int(length or 0) for length in form)
    raise CourseError(
        f"The model {model.name!r} takes inputs of the shape {takes}, which are no pictures: those are rows × columns, "
        "with 1 or 3 channels or without, or a square number of pixels."
    )


def size_of(form: tuple[int, ...]) -> Size:
    """Rows, columns and channels of the picture that an input of this form is.

    Example:
        >>> size_of((784,))
        (28, 28, 1)
    """
    if len(form) == 1:
        side = round(form[0] ** 0.5)
        return side, side, 1
    return (form[0], form[1], 1) if len(form) == 2 else (form[0], form[1], form[2])


def fitted(image: Picture, size: Size) -> np.ndarray:
    """The middle of a picture in that size, rows × columns × channels, 0 to 1.

    Example:
        >>> fitted(Picture(np.zeros((40, 60, 3), np.uint8), "black"), (28, 28, 1)).shape
        (28, 28, 1)
    """
    rows, columns, channels = size
    pixels = image.pixels
    region = central(pixels.shape[0], pixels.shape[1], (rows, columns))
    if channels == 1:
        planes = [image.plane()]
    else:
        planes = [image.values[:, :, min(channel, pixels.shape[2] - 1)] for channel in range(3)]
    return np.stack([resampled(plane, rows, columns, region) for plane in planes], -1)
