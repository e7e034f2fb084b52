"""How a picture must be given to a learner's model: what its bytes are multiplied with."""

from typing import Any

import numpy as np

from dlcourse.errors import CourseError
from dlcourse.widgets.shared.traits import is_number

BYTES, SHARES = 1.0, 1 / 255  # factors: 0 to 255 as they are, or 0 to 1


def pixel_scale(model: Any, given: Any = None) -> float:
    """The factor that turns a picture's bytes into what a model was trained on.

    Args:
        model: A built Keras model with one input.
        given: What the learner says; None to find out.

    Returns:
        `given`; without it 1 for a model that scales bytes itself, by a Rescaling or a Normalization at its front, and
        else 1/255.

    Raises:
        CourseError: If `given` is no number above 0.

    Example:
        >>> pixel_scale(keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 255)]))
        1.0
    """
    if given is not None:
        if not is_number(given) or given <= 0:
            raise CourseError(
                f"`scale` must be what bytes were multiplied with for training, as in 1/255, but it is {given!r}."
            )
        return float(given)
    from dlcourse.lens.graph import graph_of

    for step in graph_of(model).steps:
        if step.kind == "Rescaling":
            return BYTES if float(np.max(np.abs(step.operation.scale))) < 0.1 else SHARES
        if step.kind == "Normalization":
            return BYTES if float(np.max(np.asarray(step.operation.variance))) > 4 else SHARES
        if any(len(weight.shape) > 1 for weight in getattr(step.operation, "weights", ())):
            break
    return SHARES
