"""How rough a picture is: what dreams and style transfer hold against noise."""

from typing import Any

from keras import ops

from dlcourse.lens.forward import channel_axis


def total_variation(pictures: Any) -> Any:
    """The mean square of the steps from pixel to pixel, along rows and columns.

    Args:
        pictures: A batch; or series, where it is along the steps.

    Returns:
        A scalar; 0 for a picture of one colour, and for inputs without places.

    Example:
        >>> float(total_variation(np.array([0.0, 1.0, 0.0], "float32").reshape(1, 3, 1)))
        1.0
    """
    axis = channel_axis(pictures.shape)
    places = [place for place in range(1, len(pictures.shape)) if place != axis and pictures.shape[place] > 1]
    total = ops.zeros((), "float32")
    for place in places:
        ahead = ops.take(pictures, ops.arange(1, pictures.shape[place]), axis=place)
        behind = ops.take(pictures, ops.arange(0, pictures.shape[place] - 1), axis=place)
        total = total + ops.mean((ahead - behind) ** 2)
    return total
