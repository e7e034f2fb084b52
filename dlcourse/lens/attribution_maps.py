"""The attributions of one picture in one form: a number for each place, and where in the picture the places lie."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from dlcourse.errors import unknown
from dlcourse.lens.attribution import grad_cam, integrated_gradients, saliency
from dlcourse.lens.covering import occlusion

Attribution = Literal["saliency", "integrated_gradients", "grad_cam", "occlusion"]
ATTRIBUTIONS: tuple[Attribution, ...] = get_args(Attribution)


@dataclass(frozen=True, eq=False)
class AttributionMap:
    """What speaks for a class, place by place.

    Attributes:
        values: rows × columns.
        region: What of the picture they lie over, in its pixels: top, left, height, width. It may reach beyond it.
        signed: Whether what is below 0 speaks against the class.
    """

    values: np.ndarray
    region: tuple[float, float, float, float]
    signed: bool


def attribution_map(
    model: Any, picture: np.ndarray, kind: Attribution, target: int, grey: np.ndarray, layer: Any = None
) -> AttributionMap:
    """One attribution of one picture.

    Saliency is the largest size of the gradient over the channels, integrated gradients the sum of the channels'
    contributions from a grey picture on, and occlusion what the class loses where a grey square, a sixth of the
    picture's shorter side, covers it.

    Args:
        model: A built Keras model with one picture as input and one output.
        picture: As the model takes it, without the batch axis; a square one may have its pixels in a row.
        kind: "saliency", "integrated_gradients", "grad_cam" or "occlusion".
        target: The class.
        grey: A grey picture, as the model takes it.
        layer: The layer of Grad-CAM, by name, position or itself; None for the last one whose output has places.

    Returns:
        The map.

    Raises:
        CourseError: If an argument does not fit, or the model has no such map.

    Example:
        >>> attribution_map(model, image, "grad_cam", 7, np.full_like(image, 0.5)).values.shape
        (9, 9)
    """
    x = np.asarray(picture)[None]
    rows, columns = _sides(x.shape[1:])
    whole = (0.0, 0.0, float(rows), float(columns))
    if kind == "saliency":
        slopes = np.abs(saliency(model, x, target)[0]).reshape(rows, columns, -1)
        return AttributionMap(slopes.max(axis=-1), whole, False)
    if kind == "integrated_gradients":
        parts = integrated_gradients(model, x, target, baseline=grey, steps=32)[0].reshape(rows, columns, -1)
        return AttributionMap(parts.sum(axis=-1), whole, True)
    if kind == "grad_cam":
        return AttributionMap(grad_cam(model, x, target, layer)[0], whole, False)
    if kind != "occlusion":
        raise unknown("attribution", kind, ATTRIBUTIONS)
    size, stride = (max(1, min(rows, columns) // parts) for parts in (6, 12))
    losses = occlusion(model, x, target, size, stride, value=float(np.mean(grey)))[0]
    start = (size - stride) / 2  # a number stands for the middle of its square
    return AttributionMap(
        losses, (start, start, float(losses.shape[0] * stride), float(losses.shape[1] * stride)), True
    )


def _sides(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of a picture, also of one whose pixels stand in a row."""
    if len(shape) > 1:
        return shape[0], shape[1]
    side = round(shape[0] ** 0.5)
    return side, side
