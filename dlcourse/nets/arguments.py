"""What every builder asks of its arguments, told in one sentence before any layer is made."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import keras

from dlcourse.errors import CourseError

Shape = Sequence[int | None]
Activation = str | Callable[[Any], Any] | None


def whole(network: str, name: str, value: object, minimum: int = 1) -> None:
    """Refuse what is not a whole number of at least `minimum`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
        raise CourseError(f"{network} needs {name} to be a whole number of at least {minimum}; received {value!r}.")


def whole_numbers(network: str, name: str, values: object, fewest: int = 0) -> None:
    """Refuse what is not a tuple or list of at least `fewest` positive whole numbers."""
    right = isinstance(values, tuple | list) and len(values) >= fewest
    if not right or any(isinstance(v, bool) or not isinstance(v, int) or v < 1 for v in values):  # type: ignore[attr-defined]
        kind = f"at least {fewest} positive whole numbers" if fewest else "positive whole numbers"
        raise CourseError(f"{network} needs {name} to be a tuple of {kind}, like (64, 32); received {values!r}.")


def between(network: str, name: str, value: object, low: float, high: float) -> None:
    """Refuse what is not a number with low <= number < high."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value < high:
        raise CourseError(f"{network} needs {name} of at least {low:g} and below {high:g}; received {value!r}.")


def switch(network: str, name: str, value: object) -> None:
    """Refuse what is neither True nor False."""
    if not isinstance(value, bool):
        raise CourseError(f"{network} needs {name} to be True or False; received {value!r}.")


def choice(network: str, name: str, value: object, known: Iterable[object]) -> None:
    """Refuse what is not one of the known values."""
    known = tuple(known)
    if value not in known or isinstance(value, bool):
        names = ", ".join(repr(k) for k in known)
        raise CourseError(f"{network} needs {name} to be one of {names}; received {value!r}.")


def activation(network: str, name: str, value: Activation) -> None:
    """Refuse what Keras does not know as an activation."""
    try:
        keras.activations.get(value)
    except (ValueError, TypeError) as error:
        raise CourseError(
            f"{network} needs {name} to be an activation that Keras knows, like 'relu', 'tanh' or 'softmax', "
            f"or a function; received {value!r}."
        ) from error


def answer(network: str, classes: object, classifier_activation: Activation, name: str = "classes") -> None:
    """Refuse a number of answers that is no number, and a softmax over a single one."""
    whole(network, name, classes)
    activation(network, "classifier_activation", classifier_activation)
    if classes == 1 and classifier_activation in ("softmax", keras.activations.softmax):
        raise CourseError(
            f"{network} with {name}=1 and a softmax answers 1 whatever it sees; "
            f"use {name}=2, or classifier_activation='sigmoid'."
        )


def shape(network: str, input_shape: object, axes: str, open_axes: int = 0) -> tuple[int | None, ...]:
    """The input shape as a tuple, refused unless it has these axes in positive whole numbers.

    Args:
        network: The builder that asks.
        input_shape: What the caller gave, without the batch.
        axes: The names of the axes, like "height, width, channels".
        open_axes: How many of the first axes may be None, for any size.
    """
    wanted = f"({axes})"
    if not isinstance(input_shape, tuple | list) or len(input_shape) != len(axes.split(", ")):
        raise CourseError(f"{network} needs input_shape={wanted}, without the batch; received {input_shape!r}.")
    for place, size in enumerate(input_shape):
        if size is None and place < open_axes:
            continue
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            unless = ", None where any size may come" if open_axes else ""
            raise CourseError(
                f"{network} needs input_shape={wanted} in positive whole numbers{unless}; "
                f"received {tuple(input_shape)!r}."
            )
    return tuple(input_shape)


def picture(
    network: str, input_shape: object, smallest: int = 1, multiple: int = 1, any_size: bool = False
) -> tuple[int | None, ...]:
    """The shape of a picture as a tuple, refused where the network cannot take it.

    Args:
        network: The builder that asks.
        input_shape: What the caller gave: (height, width, channels).
        smallest: The least height and width that leave something after every pooling.
        multiple: What height and width must be divisible by.
        any_size: Whether height and width may be None.
    """
    sizes = shape(network, input_shape, "height, width, channels", open_axes=2 if any_size else 0)
    for size in sizes[:2]:
        if size is not None and size < smallest:
            raise CourseError(
                f"{network} needs pictures of at least {smallest} x {smallest}, because its strides and poolings "
                f"shrink them; received input_shape={sizes}."
            )
        if size is not None and size % multiple:
            raise CourseError(
                f"{network} needs a height and a width divisible by {multiple}, because it halves them "
                f"{multiple.bit_length() - 1} times; received input_shape={sizes}: pad or crop the pictures."
            )
    return sizes
