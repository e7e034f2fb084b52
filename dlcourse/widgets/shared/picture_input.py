"""A picture as the widgets take it: small, in bytes, from a name or from anything that looks like one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from dlcourse.data.photos import NAMES, photo
from dlcourse.errors import CourseError, unknown

LONGEST = 240  # pixels: details can be seen, and a convolution takes a millisecond


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture in a widget.

    Attributes:
        pixels: height × width × channels (1 or 3), uint8.
        name: Which it is: a photograph's name, or words such as "your picture".
    """

    pixels: np.ndarray
    name: str

    @property
    def values(self) -> np.ndarray:
        """The pixels as a network takes them, float32 from 0 to 1."""
        return self.pixels.astype("float32") / 255

    def plane(self, channel: str = "grey") -> np.ndarray:
        """One number for each pixel: its brightness ("grey") or one of its colours, height × width, 0 to 1."""
        if self.pixels.shape[2] == 1:
            return self.values[:, :, 0]
        if channel == "grey":
            return self.values @ np.array([0.299, 0.587, 0.114], "float32")
        return self.values[:, :, ("red", "green", "blue").index(channel)]

    def __eq__(self, other: object) -> bool:
        """Whether name and pixels are the same."""
        if not isinstance(other, Picture):
            return NotImplemented
        return self.name == other.name and np.array_equal(self.pixels, other.pixels)

    __hash__ = None  # type: ignore[assignment]


def picture(image: Any) -> Picture:
    """A picture from whatever shows one, at most 240 pixels long.

    Args:
        image: The name of a photograph ("cat"; the others are in `dlcourse.data.photos.NAMES`), or an array, a tensor
            or a Pillow image: height × width, or height × width × 1 or 3, whole numbers from 0 to 255 or fractions
            from 0 to 1. Bytes are what is kept.

    Returns:
        The picture; a larger one is scaled down.

    Raises:
        CourseError: If it cannot be a picture.

    Example:
        >>> picture("cat").pixels.shape
        (160, 240, 3)
    """
    if isinstance(image, Picture):
        return image
    if isinstance(image, str):
        if image not in NAMES:
            raise unknown("photograph", image, NAMES)
        return Picture(_small(photo(image)), image)
    return Picture(_small(picture_bytes(image)), "your picture")


def picture_bytes(image: Any) -> np.ndarray:
    """The pixels of whatever shows a picture, height × width × 1 or 3, in bytes and in full size.

    Raises:
        CourseError: If it cannot be a picture.

    Example:
        >>> picture_bytes(np.ones((2, 3))).shape
        (2, 3, 1)
    """
    try:
        array = np.asarray(image)
    except ValueError as error:
        raise CourseError("`image` is no array, because its rows differ in length: give them all the same.") from error
    if not (np.issubdtype(array.dtype, np.number) or array.dtype == bool) or np.iscomplexobj(array):
        raise CourseError(
            f"`image` must be a photograph's name such as 'cat', or an array of numbers, but it is {_described(image)}."
        )
    if array.ndim == 4 and len(array) == 1:
        raise CourseError(f"`image` has the shape {array.shape}, a batch of one picture: take image[0].")
    if array.ndim == 3 and array.shape[2] == 4:
        raise CourseError(f"`image` has the shape {array.shape}, a fourth channel for opacity: take image[:, :, :3].")
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 3)) or 0 in array.shape:
        raise CourseError(
            f"`image` has the shape {array.shape}, but a picture is height × width, or height × width × 1 or 3."
        )
    if not np.isfinite(array).all():
        wrong = int((~np.isfinite(array)).sum())
        raise CourseError(f"`image` holds {wrong} values that are NaN or infinite: replace them with np.nan_to_num.")
    low, high = array.min(), array.max()
    integers = array.dtype != bool and np.issubdtype(array.dtype, np.integer)
    if low < 0 or high > (255 if integers else 1):
        hint = ": divide it by 255" if 1 < high <= 255 and low >= 0 else ": scale it to that"
        raise CourseError(
            f"`image` holds values from {low:g} to {high:g}, but a picture holds whole numbers from 0 to 255 "
            f"or fractions from 0 to 1{hint}."
        )
    scaled = array if integers else np.rint(array.astype(float) * 255)
    return scaled.astype(np.uint8).reshape(*array.shape[:2], -1)


def to_browser(image: Picture, _: object = None) -> dict[str, Any]:
    """What travels to the browser."""
    return {"name": image.name, "shape": list(image.pixels.shape), "bytes": image.pixels.tobytes()}


def from_browser(sent: dict[str, Any], _: object = None) -> Picture:
    """What comes back when a learner has drawn or uploaded a picture."""
    return Picture(np.frombuffer(sent["bytes"], np.uint8).reshape(sent["shape"]), sent["name"])


def _small(pixels: np.ndarray) -> np.ndarray:
    height, width, channels = pixels.shape
    share = LONGEST / max(height, width)
    if share >= 1:
        return pixels
    size = (max(1, round(width * share)), max(1, round(height * share)))
    photograph = Image.fromarray(pixels if channels == 3 else pixels[:, :, 0])
    return np.asarray(photograph.resize(size, Image.Resampling.LANCZOS)).reshape(size[1], size[0], channels)


def _described(image: object) -> str:
    return repr(image) if len(repr(image)) < 40 else f"of type {type(image).__name__}"
